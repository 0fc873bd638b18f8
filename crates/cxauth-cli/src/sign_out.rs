//! `cxauth sign-out`: a connection's tokens end.

use crate::{
    arguments, client, connection,
    failure::{Failure, Status, now_millis},
    store::{self, Place},
    time,
};
use cxauth::{Client, ErrorCode};
use std::io::{self, Write};

/// Ends what is held and says what became of it.
pub(crate) fn run(arguments: &arguments::SignOut) -> Result<Status, Failure> {
    let who = &arguments.who;
    let connection = connection::find(arguments.name.as_deref(), who)?;
    let place = Place::of(&who.keep)?;
    let title = connection.title();
    let Some(store) = place.store(&connection, who.keep.keychain)? else {
        return Err(Failure::configuration(format!(
            "nothing is kept for {title}, so there is nothing to end"
        )));
    };
    let ends_at_server = connection.revocation_endpoint().is_some();
    // What cannot be read is for the sign-out to say.
    let held = store::look(&*store).ok().flatten();
    let left = held.as_ref().and_then(|snapshot| snapshot.held()).map(|held| held.expires_at);
    client::runtime()?.block_on(async {
        let client = Client::builder(connection).store(store).build()?;
        client.sign_out().await.map_err(|error| match error.code() {
            ErrorCode::StoreUnavailable => Failure::from(error),
            _ => Failure::at(
                &format!("the tokens are removed from {place}, but the server did not end them"),
                &error,
            ),
        })
    })?;
    let mut out = io::stdout().lock();
    match left {
        None => writeln!(out, "{title}: no tokens were held in {place}")?,
        Some(_) if ends_at_server => {
            writeln!(out, "{title}: the tokens are ended at the server and removed from {place}")?;
        }
        Some(expires_at) => {
            writeln!(out, "{title}: the tokens are removed from {place}")?;
            let until = expires_at.map(|at| (at.unix_millis() - now_millis()).div_euclid(1000));
            match until {
                Some(..=0) => {}
                Some(seconds) => writeln!(
                    out,
                    "Its server ends no tokens (there is no revocation_endpoint): whoever has a copy can use it for {}.",
                    time::shown(seconds)
                )?,
                None => writeln!(
                    out,
                    "Its server ends no tokens (there is no revocation_endpoint): whoever has a copy can go on using it."
                )?,
            }
        }
    }
    Ok(Status::Success)
}
