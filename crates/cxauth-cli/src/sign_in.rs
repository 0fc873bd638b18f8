//! `cxauth sign-in`: a person signs in, and the tokens are kept for `cxauth token` and `cxauth call`.

use crate::{
    arguments, client, connection,
    failure::{Failure, Status, now_millis},
    qr,
    store::Place,
    terminal::Paint,
    time,
};
use cxauth::{Action, Client, DevicePrompt, Error, EventKind, Grant, browser};
use std::io::{self, IsTerminal, Write};

/// Signs in and says where the tokens are.
pub(crate) fn run(arguments: arguments::SignIn) -> Result<Status, Failure> {
    let arguments::SignIn { name, device, no_browser, within, who } = arguments;
    let connection = connection::find(name.as_deref(), &who)?;
    let place = Place::of(&who.keep)?;
    if matches!(place, Place::Nowhere) {
        return Err(Failure::configuration(
            "with --store none a sign-in would be forgotten at once: name a place with --store, or leave it out",
        ));
    }
    let title = name.clone().unwrap_or_else(|| connection.title());
    let has_browser_way = connection.authorization_endpoint().is_some();
    let has_device_way = connection.device_authorization_endpoint().is_some();
    let device = device || (!has_browser_way && has_device_way && !no_browser);
    let name = name.unwrap_or_default();
    let said = Words { title: title.clone(), paint: Paint::of_stdout(), has_device_way, name: name.clone() };
    let expires_at = client::runtime()?.block_on(async {
        let client = client::of(connection, &who).await?;
        let mut events = client.subscribe();
        if device {
            on_device(&client, &said).await?;
        } else {
            in_browser(&client, said, no_browser, within).await?;
        }
        client.settle().await;
        // What the store could not keep is gone with this process.
        while let Ok(event) = events.try_recv() {
            if let (EventKind::Degraded, Some(error)) = (event.kind, event.error) {
                return Err(Failure::at("the sign-in worked, but its tokens could not be kept", &error));
            }
        }
        Ok::<_, Failure>(client.status().token.and_then(|token| token.expires_at()))
    })?;
    let paint = Paint::of_stdout();
    let mut out = io::stdout().lock();
    writeln!(out, "{} {}: signed in", paint.good("✓"), title)?;
    let lasts = expires_at.map(|at| (at.unix_millis() - now_millis()).div_euclid(1000));
    let lasts =
        lasts.map_or_else(String::new, |seconds| format!("; the first lasts {}", time::shown(seconds)));
    writeln!(
        out,
        "  The tokens are kept in {place}{lasts}. `cxauth token {name}` renews them when it has to."
    )?;
    Ok(Status::Success)
}

/// An error, and the verb that mends it where a person's sign-in is what the connection lives on.
pub(crate) fn hint(error: Error, grant: Grant, name: Option<&str>) -> Failure {
    let is_by_person = matches!(grant, Grant::AuthorizationCode | Grant::DeviceCode);
    match name.filter(|_| is_by_person && error.action() == Action::SignIn) {
        Some(name) => Failure::with_hint(&error, &format!("Run `cxauth sign-in {}`.", name.escape_default())),
        None => error.into(),
    }
}

/// What is said meanwhile.
struct Words {
    title: String,
    paint: Paint,
    has_device_way: bool,
    name: String,
}

async fn in_browser(
    client: &Client,
    said: Words,
    no_browser: bool,
    within: std::time::Duration,
) -> Result<(), Failure> {
    let advice = missing(said.has_device_way, &said.name);
    let limit = time::shown(i64::try_from(within.as_secs()).unwrap_or(i64::MAX));
    let sign_in = client.sign_in_in_browser().within(within).open_with(move |url| {
        let opened = if no_browser { Ok(()) } else { browser::open(url) };
        let mut out = io::stdout().lock();
        let (title, paint) = (&said.title, said.paint);
        match opened {
            _ if no_browser => writeln!(out, "{title}: to sign in, open this address on this machine:")?,
            Ok(()) => writeln!(
                out,
                "{title}: the browser is open. If you see no page, open this address on this machine:"
            )?,
            Err(error) => {
                writeln!(
                    out,
                    "{title}: no browser could be opened ({error}). Open this address on this machine:"
                )?;
            }
        }
        writeln!(out, "\n  {}\n", paint.strong(url))?;
        if said.has_device_way {
            writeln!(out, "On another machine: `cxauth sign-in {} --device`.", said.name)?;
        }
        writeln!(out, "{}", paint.faint(&format!("Waiting for at most {limit}; Ctrl-C gives up.")))?;
        out.flush()
    });
    sign_in.await.map_err(|error| match error.detail() {
        Some("authorization_endpoint") => Failure::configuration(format!("{error} {advice}")),
        _ => error.into(),
    })
}

async fn on_device(client: &Client, said: &Words) -> Result<(), Failure> {
    let mut shown = Ok(());
    let advice = missing(false, &said.name);
    let signed_in = client.sign_in_on_device(|prompt| shown = show(prompt, said)).await;
    shown?;
    signed_in.map_err(|error| match error.detail() {
        Some("device_authorization_endpoint") => Failure::configuration(format!("{error} {advice}")),
        _ => error.into(),
    })
}

fn missing(has_device_way: bool, name: &str) -> String {
    if has_device_way {
        format!("This server signs in on another device: `cxauth sign-in {name} --device`.")
    } else {
        "`cxauth discover ISSUER` prints what the server has.".to_owned()
    }
}

fn show(prompt: &DevicePrompt, said: &Words) -> io::Result<()> {
    let paint = said.paint;
    let left = (prompt.expires_at().unix_millis() - now_millis()).div_euclid(1000);
    let mut out = io::stdout().lock();
    writeln!(out, "{}: to sign in, open this address on any device:", said.title)?;
    writeln!(out, "\n  {}\n", paint.strong(&printable(prompt.verification_uri())))?;
    writeln!(out, "and enter the code  {}\n", paint.strong(&printable(prompt.user_code())))?;
    let address = prompt.verification_uri_complete().unwrap_or(prompt.verification_uri());
    if let Some(code) = qr::lines(address, paint).filter(|_| out.is_terminal()) {
        for line in code {
            writeln!(out, "  {line}")?;
        }
        writeln!(out, "\nScanned, the page shows the same code; compare it.\n")?;
    }
    let left = time::shown(left);
    writeln!(out, "{}", paint.faint(&format!("The code is good for {left}. Waiting; Ctrl-C gives up.")))?;
    out.flush()
}

/// A server's text for a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '?' } else { character }).collect()
}
