//! `cxauth token`: a token for a pipe, and for a person what there is to know about it.

use crate::{
    arguments, client, connection,
    failure::{Failure, Status, now_millis},
    secret, sign_in,
    terminal::Paint,
};
use cxauth::{AccessToken, Connection};
use serde_json::{Value, json};
use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, UNIX_EPOCH},
};

/// Gets the token and prints what may be seen.
pub(crate) fn run(arguments: &arguments::Token) -> Result<Status, Failure> {
    let connection = connection::find(arguments.name.as_deref(), &arguments.who)?;
    let (facts, grant) = (Facts::of(&connection), connection.grant());
    let token = client::runtime()?.block_on(async {
        let client = client::of(connection, &arguments.who).await?;
        let token =
            client.token().await.map_err(|error| sign_in::hint(error, grant, arguments.name.as_deref()))?;
        client.settle().await;
        Ok::<_, Failure>(token)
    })?;
    let mut out = io::stdout().lock();
    // A person at a terminal wants to know that it works; a screen, its history and whoever looks on need no token.
    let revealed = arguments.reveal || !out.is_terminal();
    if arguments.output.json {
        writeln!(out, "{}", facts.to_json(&token, revealed))?;
    } else if revealed {
        secret::write_token(&token, &mut out)?;
        writeln!(out)?;
    } else {
        facts.write(&token, &mut out, Paint::of_stdout())?;
    }
    Ok(Status::Success)
}

/// What the connection says about the token.
struct Facts {
    platform: String,
    title: String,
}

impl Facts {
    fn of(connection: &Connection) -> Self {
        Self { platform: connection.platform().to_owned(), title: connection.title() }
    }

    fn to_json(&self, token: &AccessToken, revealed: bool) -> Value {
        let mut facts = json!({
            "platform": self.platform,
            "header": token.header_name(),
            "scopes": token.scopes(),
            "expires_at": token.expires_at().map(|at| at.unix_millis().div_euclid(1000)),
            "expires_in": seconds_left(token),
        });
        if revealed {
            facts["access_token"] = secret::token_as_json(token);
        }
        facts
    }

    fn write(&self, token: &AccessToken, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        let scopes = token.scopes().map_or_else(|| "none named".to_owned(), |scopes| scopes.join(" "));
        let expires = match (seconds_left(token), token.expires_at()) {
            (Some(left), Some(at)) => {
                let at = UNIX_EPOCH + Duration::from_millis(at.unix_millis().try_into().unwrap_or(0));
                format!("in {left} s, on {}", httpdate::fmt_http_date(at))
            }
            _ => "not known; it is used until the API refuses it".to_owned(),
        };
        writeln!(out, "{}", paint.strong(&self.title))?;
        for (name, text) in [
            ("token", "hidden; --reveal prints it, and so does a pipe"),
            ("header", token.header_name()),
            ("scopes", &scopes),
            ("expires", &expires),
        ] {
            writeln!(out, "  {}{text}", paint.faint(&format!("{name:10}")))?;
        }
        Ok(())
    }
}

fn seconds_left(token: &AccessToken) -> Option<i64> {
    token.expires_at().map(|at| at.unix_millis().saturating_sub(now_millis()).div_euclid(1000).max(0))
}
