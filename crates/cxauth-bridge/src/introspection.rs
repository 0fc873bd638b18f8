//! What a server says about a token (RFC 7662).

/// What a server says about a token. Of one that is not active nothing else is known.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Introspection(pub(crate) cxauth_core::Introspection);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Introspection {
    /// Whether the token is good at this server.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.0.is_active()
    }

    /// What it is good for.
    #[must_use]
    pub fn scopes(&self) -> Option<Vec<String>> {
        self.0.scopes().map(<[String]>::to_vec)
    }

    /// Whose client got it.
    #[must_use]
    pub fn client_id(&self) -> Option<String> {
        self.0.client_id().map(String::from)
    }

    /// Who it stands for, as a person reads it.
    #[must_use]
    pub fn username(&self) -> Option<String> {
        self.0.username().map(String::from)
    }

    /// Who it stands for, as the server knows them.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        self.0.subject().map(String::from)
    }

    /// When it ends.
    #[must_use]
    pub fn expires_at_ms(&self) -> Option<f64> {
        self.0.expires_at().map(|moment| moment.unix_millis() as f64)
    }

    /// The whole answer, a JSON object. Where a server repeats a secret in it there is only `active`.
    #[must_use]
    pub fn json(&self) -> String {
        self.0.as_json().to_owned()
    }
}
