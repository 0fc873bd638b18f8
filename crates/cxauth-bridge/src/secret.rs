//! The one module that opens secrets: another language cannot hold a closed one.

use crate::AuthError;
use cxauth_core::{Connection, Secret, Settings, SignIn, Snapshot};

/// The value itself.
pub(crate) fn open(secret: &Secret) -> String {
    secret.expose().to_owned()
}

/// A connection's settings may hold secrets: this copy of their text is overwritten.
pub(crate) fn connection(json: String) -> Result<Connection, AuthError> {
    Ok(Connection::new(settings(json)?)?)
}

/// The same for settings that are to change.
pub(crate) fn settings(json: String) -> Result<Settings, AuthError> {
    Ok(Settings::from_json(Secret::new(json).expose())?)
}

/// What is kept of a sign-in is all secret.
pub(crate) fn sign_in(text: String) -> Result<SignIn, AuthError> {
    Ok(SignIn::from_text(Secret::new(text).expose())?)
}

/// A snapshot is all secret.
pub(crate) fn snapshot(text: String) -> Result<Snapshot, AuthError> {
    Ok(Snapshot::from_text(Secret::new(text).expose())?)
}
