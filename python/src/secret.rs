//! The one module that opens secrets.

use cxauth::{
    AccessToken, Error, Secret, SignIn, Snapshot,
    store::{Redis, RedisBuilder, StoreKeys},
};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyString},
};
use serde_json::json;

/// The field's value that carries the token.
pub(crate) fn credential<'py>(py: Python<'py>, token: &AccessToken) -> Bound<'py, PyString> {
    PyString::new(py, token.header_value().expose())
}

/// A snapshot is all secret.
pub(crate) fn text<'py>(py: Python<'py>, snapshot: &Snapshot) -> Bound<'py, PyString> {
    PyString::new(py, snapshot.to_text().expose())
}

/// This copy of the text is overwritten.
pub(crate) fn snapshot(text: String) -> Result<Snapshot, Error> {
    Snapshot::from_text(Secret::new(text).expose())
}

/// New keys, for whoever keeps them.
pub(crate) fn keys<'py>(py: Python<'py>, text: &Secret) -> Bound<'py, PyString> {
    PyString::new(py, text.expose())
}

/// What a token endpoint would have answered.
pub(crate) fn answer<'py>(
    py: Python<'py>,
    token: &Secret,
    expires_in: Option<u64>,
    scopes: &[String],
) -> Bound<'py, PyBytes> {
    let body = json!({ "access_token": token.expose(), "expires_in": expires_in, "scope": scopes });
    PyBytes::new(py, body.to_string().as_bytes())
}

/// The address may hold a password.
pub(crate) fn redis(url: &Secret, keys: StoreKeys) -> RedisBuilder {
    Redis::builder(url.expose(), keys)
}

/// What was kept of a sign-in. This copy of the text is overwritten.
pub(crate) fn sign_in(text: String) -> Result<SignIn, Error> {
    SignIn::from_text(Secret::new(text).expose())
}

/// A sign-in is all secret.
pub(crate) fn sign_in_text<'py>(py: Python<'py>, sign_in: &SignIn) -> Bound<'py, PyString> {
    PyString::new(py, sign_in.to_text().expose())
}
