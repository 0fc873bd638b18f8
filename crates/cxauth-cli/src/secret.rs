//! The one module that opens secrets.

use cxauth_core::{AccessToken, SignIn, Snapshot};
use serde_json::Value;
use std::io::{self, Write};

/// Prints the token itself.
pub(crate) fn write_token(token: &AccessToken, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(token.secret().expose().as_bytes())
}

/// The token itself, for output as JSON.
pub(crate) fn token_as_json(token: &AccessToken) -> Value {
    token.secret().expose().into()
}

/// What an API request would carry, for a scenario's comparison.
pub(crate) fn header_value_as_json(token: &AccessToken) -> Value {
    token.header_value().expose().into()
}

/// A snapshot as the text that a store would hold, so that a scenario goes through it.
pub(crate) fn snapshot_text(snapshot: &Snapshot) -> String {
    snapshot.to_text().expose().to_string()
}

/// What is kept of a sign-in while its person is in the browser, as the text that a program would hold.
pub(crate) fn sign_in_text(sign_in: &SignIn) -> String {
    sign_in.to_text().expose().to_string()
}
