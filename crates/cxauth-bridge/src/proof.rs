//! The proof that goes beside a bound token (RFC 9449 §7).

use crate::{SecretSourceKind, step};
use cxauth_core::SigningKey;

/// What the client's key has to sign before a token may go to an API: one proof for each request, also when it is sent again.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Proof(pub(crate) Option<cxauth_core::Proof>);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Proof {
    /// Whether there is anything to sign: a token that is not bound goes without.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.0.is_some()
    }

    /// Where the key is: its PEM (PKCS #8), or the function that signs.
    #[must_use]
    pub fn key_source_kind(&self) -> SecretSourceKind {
        step::source_kind(self.key().map(SigningKey::source))
    }

    /// The source's name, path, command with its arguments, entry, or function.
    #[must_use]
    pub fn key_source_values(&self) -> Vec<String> {
        step::source_values(self.key().map(SigningKey::source))
    }

    /// How the key signs, as of a step `Sign`.
    #[must_use]
    pub fn algorithm(&self) -> Option<String> {
        self.key().map(|key| key.algorithm().as_str().to_owned())
    }

    /// What to sign; empty when nothing is.
    #[must_use]
    pub fn signing_input(&self) -> Vec<u8> {
        self.0.as_ref().map(|proof| proof.bytes().to_vec()).unwrap_or_default()
    }

    /// The value of the field `dpop` of that one request; empty when none is needed.
    #[must_use]
    pub fn header_value(&self, signature: Vec<u8>) -> String {
        self.0.as_ref().map(|proof| crate::secret::open(&proof.header_value(&signature))).unwrap_or_default()
    }
}

impl Proof {
    fn key(&self) -> Option<&SigningKey> {
        self.0.as_ref().map(cxauth_core::Proof::key)
    }
}
