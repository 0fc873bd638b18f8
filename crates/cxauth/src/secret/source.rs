//! Reading secrets from where the connection says that they are.

use super::SecretFunctions;
use crate::{Secret, SecretSource};
use std::{env, fs::File, io::Read, process::Stdio, time::Duration};
use tokio::{io::AsyncReadExt, process::Command, task, time};
use zeroize::Zeroizing;

/// More than any secret needs, in bytes.
const LONGEST: usize = 64 * 1024;
/// A program that asks a person or a network has to be done by then.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The secret, or why there is none. The text names the place and never the value.
pub(crate) async fn read(source: SecretSource, functions: &SecretFunctions) -> Result<Secret, String> {
    let place = place(&source);
    let reading = time::timeout(TIME_LIMIT, read_unlimited(source, functions));
    let result = reading.await.unwrap_or_else(|_| Err("nothing came within 20 seconds".into()));
    result.map_err(|why| format!("{place}: {why}"))
}

async fn read_unlimited(source: SecretSource, functions: &SecretFunctions) -> Result<Secret, String> {
    let bytes = match source {
        SecretSource::Value(secret) => return Ok(secret),
        SecretSource::Environment(name) => {
            let value = env::var_os(name).ok_or("it is not set")?;
            Zeroizing::new(value.into_string().map_err(|_| "it is not UTF-8")?.into_bytes())
        }
        SecretSource::File(path) => away(move || read_file(&path)).await?,
        SecretSource::Command(words) => run(&words).await?,
        SecretSource::Keychain(entry) => away(move || keychain(&entry)).await?,
        SecretSource::Function(name) => return functions.call(&name).await,
        _ => return Err("this version of cxauth cannot read it".into()),
    };
    if bytes.len() > LONGEST {
        return Err("it is longer than 64 KiB".into());
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| "it is not UTF-8")?;
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    if text.is_empty() {
        return Err("it is empty".into());
    }
    Ok(Secret::new(text))
}

fn read_file(path: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// No shell: what stands in the configuration is the program and its arguments, nothing is expanded. Its standard error is
/// the user's; its standard input is empty.
async fn run(words: &[String]) -> Result<Zeroizing<Vec<u8>>, String> {
    let (program, arguments) = words.split_first().ok_or("no program is named")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| error.to_string())?;
    let output = child.stdout.take().ok_or("it has no output")?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    output.take(LONGEST as u64 + 1).read_to_end(&mut bytes).await.map_err(|error| error.to_string())?;
    if bytes.len() > LONGEST {
        return Ok(bytes);
    }
    let status = child.wait().await.map_err(|error| error.to_string())?;
    if status.success() { Ok(bytes) } else { Err(format!("it ended with {status}")) }
}

#[cfg(feature = "keychain")]
fn keychain(entry: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let (service, account) = entry.split_once('/').ok_or("service/account is wanted")?;
    let entry = super::keychain::Entry { service: service.into(), account: account.into() };
    entry.bytes()?.ok_or_else(|| "there is no such entry".into())
}

#[cfg(not(feature = "keychain"))]
fn keychain(_: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    Err("this program was built without the feature `keychain` of the crate cxauth; build it with that, or use a command that prints the secret".into())
}

/// Runs what blocks away from the async threads.
async fn away<T: Send + 'static>(
    reading: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    task::spawn_blocking(reading).await.unwrap_or_else(|_| Err("reading it broke off".into()))
}

fn place(source: &SecretSource) -> String {
    match source {
        SecretSource::Environment(name) => format!("environment variable {name}"),
        SecretSource::File(path) => format!("file {path}"),
        // Its arguments may say more than a log should know.
        SecretSource::Command(words) => format!("command {}", words.first().map_or("", String::as_str)),
        SecretSource::Keychain(entry) => format!("keychain entry {entry}"),
        SecretSource::Function(name) => format!("function {name}"),
        _ => "value".into(),
    }
}
