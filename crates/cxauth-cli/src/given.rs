//! The secrets that the command is given: where they come from, and what is wrong with them.

use crate::failure::Failure;
use serde_json::Value;
use std::{
    env,
    io::{self, IsTerminal, Read},
};

/// The settings that are secrets.
pub(crate) const SECRETS: [&str; 7] =
    ["client_secret", "password", "api_key", "refresh_token", "subject_token", "actor_token", "assertion"];

/// How a secret reaches the command, for a person who tried it another way.
pub(crate) fn ways_in(name: &str) -> String {
    format!(
        "set the variable {}, or give --secret-file {name}=PATH, --secret-command {name}=COMMAND or --secret-stdin {name}",
        variable(name)
    )
}

/// The environment variable that carries a setting.
pub(crate) fn variable(setting: &str) -> String {
    format!("CXAUTH_{}", setting.to_ascii_uppercase())
}

/// The name of a secret from the command line.
pub(crate) fn named(name: &str) -> Result<&str, Failure> {
    SECRETS.into_iter().find(|known| *known == name).ok_or_else(|| {
        Failure::configuration(format!("no secret has this name; the names are {}", SECRETS.join(", ")))
    })
}

/// A secret from the environment, as a source that is read again when it is needed; none when the variable is unset
/// or empty.
pub(crate) fn from_environment(name: &str) -> Result<Option<Value>, Failure> {
    let variable = variable(name);
    let Some(value) = env::var_os(&variable).filter(|value| !value.is_empty()) else { return Ok(None) };
    let value = value
        .to_str()
        .ok_or_else(|| Failure::configuration(format!("the variable {variable} is no UTF-8 text")))?;
    check(without_line_break(value), &format!("the variable {variable}"))?;
    Ok(Some(serde_json::json!({ "env": variable })))
}

/// A secret from standard input, less one line break at its end.
pub(crate) fn from_stdin(name: &str) -> Result<Value, Failure> {
    if io::stdin().is_terminal() {
        return Err(Failure::configuration(format!(
            "standard input is a terminal, which would show {name}: pipe it into the command, or {}",
            ways_in(name)
        )));
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| {
        Failure::configuration(format!("cannot read {name} from standard input: {error}"))
    })?;
    let value = without_line_break(&text);
    if value.is_empty() {
        return Err(Failure::configuration(format!(
            "standard input is empty where --secret-stdin expects {name}; pipe the secret into the command"
        )));
    }
    check(value, "standard input")?;
    Ok(Value::from(value))
}

/// Refuses a secret with a line break: it came along by accident, and the server's refusal would not say so.
pub(crate) fn check(value: &str, place: &str) -> Result<(), Failure> {
    if value.contains(['\n', '\r']) {
        return Err(Failure::configuration(format!(
            "the secret from {place} has a line break in it; remove the line break and try again"
        )));
    }
    Ok(())
}

/// Less one line break at its end, as every source of secrets is read.
fn without_line_break(text: &str) -> &str {
    text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line))
}
