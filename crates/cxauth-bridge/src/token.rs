//! A token in service.

use crate::secret;
use cxauth_core::AccessToken;

/// An access token with what a request needs to carry it. It prints nothing secret.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Token(pub(crate) AccessToken);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Token {
    /// The token's text: a secret.
    #[must_use]
    pub fn value(&self) -> String {
        secret::open(self.0.secret())
    }

    /// Whether it is bound to the client's key: each request needs a proof beside it, see [`crate::Session::prove`].
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.0.is_bound()
    }

    /// The name of the header field that carries it, in lower case.
    #[must_use]
    pub fn header_name(&self) -> String {
        self.0.header_name().to_owned()
    }

    /// That field's value, such as `Bearer …`: a secret.
    #[must_use]
    pub fn header_value(&self) -> String {
        secret::open(self.0.header_value())
    }

    /// The names of the other fields that every API request carries, in lower case.
    #[must_use]
    pub fn api_header_names(&self) -> Vec<String> {
        self.0.api_headers().map(|(name, _)| name.to_owned()).collect()
    }

    /// Their values, in the same order. None of them is secret.
    #[must_use]
    pub fn api_header_values(&self) -> Vec<String> {
        self.0.api_headers().map(|(_, value)| value.to_owned()).collect()
    }

    /// What was granted; absent when neither the answer nor the connection names any scope (RFC 6749 §3.3).
    #[must_use]
    pub fn scopes(&self) -> Option<Vec<String>> {
        self.0.scopes().map(<[String]>::to_vec)
    }

    /// Which token of its session it is, for [`crate::Session::refused`]. Later ones have higher numbers.
    #[must_use]
    pub fn generation(&self) -> f64 {
        self.0.generation() as f64
    }

    /// When the server ends it; absent when that is unknown.
    #[must_use]
    pub fn expires_at_ms(&self) -> Option<f64> {
        self.0.expires_at().map(|moment| moment.unix_millis() as f64)
    }

    /// Until when a session hands it out: a little before its end.
    #[must_use]
    pub fn usable_until_ms(&self) -> Option<f64> {
        self.0.usable_until().map(|moment| moment.unix_millis() as f64)
    }

    /// Until when it can be used without asking the session: from then on a renewal is due.
    #[must_use]
    pub fn fresh_until_ms(&self) -> Option<f64> {
        self.0.fresh_until().map(|moment| moment.unix_millis() as f64)
    }
}

/// For the leaf crate that has a client of its own besides.
impl From<AccessToken> for Token {
    fn from(token: AccessToken) -> Self {
        Self(token)
    }
}

/// The same.
impl AsRef<AccessToken> for Token {
    fn as_ref(&self) -> &AccessToken {
        &self.0
    }
}
