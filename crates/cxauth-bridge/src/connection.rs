//! Which server, and who you are there.

use crate::{AuthError, secret};
use cxauth_core::{Answer, Grant, Metadata, PLATFORMS};

/// Reads a connection from a JSON object: a platform (or `generic`), the credentials, and any setting of the platform's
/// profile.
///
/// # Errors
/// Codes with the action `fix_configuration`; the explanation names the setting.
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn open_connection(json: String) -> Result<Connection, AuthError> {
    Ok(Connection(secret::connection(json)?))
}

/// The platforms that cxauth knows.
#[must_use]
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn platforms() -> Vec<String> {
    PLATFORMS.iter().map(ToString::to_string).collect()
}

/// The longest body of a token endpoint's answer that is read. A driver stops reading after one byte more and hands over
/// what it has.
#[must_use]
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn max_answer_bytes() -> u32 {
    const { Answer::MAX_BODY as u32 }
}

/// Where an issuer keeps its metadata (RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4). Try one after the other with `GET` and
/// `accept: application/json`, follow no redirect, and take the first answer that [`read_metadata`] takes.
///
/// # Errors
/// `invalid_setting` and `insecure_url`.
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn metadata_addresses(issuer: String) -> Result<Vec<String>, AuthError> {
    Ok(Metadata::addresses(&issuer)?)
}

/// The settings that a metadata document stands for, as the text of a JSON object.
///
/// # Errors
/// `metadata_refused`: keep nothing of it then.
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn read_metadata(issuer: String, status: u32, body: Vec<u8>) -> Result<String, AuthError> {
    Ok(Metadata::read(&issuer, u16::try_from(status).unwrap_or(0), &body)?.to_json())
}

/// The longest metadata document that is read. A driver stops reading after one byte more and hands over what it has.
#[must_use]
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn max_metadata_bytes() -> u32 {
    const { Metadata::MAX_BODY as u32 }
}

/// One client at one server, checked.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Connection(pub(crate) cxauth_core::Connection);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Connection {
    /// The platform's id.
    #[must_use]
    pub fn platform(&self) -> String {
        self.0.platform().to_owned()
    }

    /// The platform's name as its maker writes it.
    #[must_use]
    pub fn title(&self) -> String {
        self.0.title()
    }

    /// Whether it asks the user's own function for tokens, instead of a server (the step `Provide`).
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.0.grant() == Grant::External
    }

    /// The scopes that are asked for.
    #[must_use]
    pub fn scopes(&self) -> Vec<String> {
        self.0.scopes().to_vec()
    }

    /// The token endpoint, if there is one.
    #[must_use]
    pub fn token_endpoint(&self) -> Option<String> {
        self.0.token_endpoint().map(String::from)
    }

    /// Where the API lives, if it is known.
    #[must_use]
    pub fn api_base(&self) -> Option<String> {
        self.0.api_base().map(String::from)
    }

    /// The absolute address of an API path, which starts at [`Connection::api_base`] unless it is absolute itself.
    ///
    /// # Errors
    /// `missing_setting` without an `api_base`, `destination_refused` when the result may not see the token.
    pub fn api_url(&self, path: String) -> Result<String, AuthError> {
        Ok(self.0.api_url(&path)?)
    }

    /// Whether the token may be sent to this address.
    #[must_use]
    pub fn allows(&self, url: String) -> bool {
        self.0.allows(&url)
    }

    /// This connection with other values for the settings that the JSON object names, such as `scopes`.
    ///
    /// # Errors
    /// As [`open_connection`].
    pub fn with_settings(&self, json: String) -> Result<Connection, AuthError> {
        Ok(Connection(self.0.with(secret::settings(json)?)?))
    }
}

/// For the leaf crate that has a client of its own besides.
impl AsRef<cxauth_core::Connection> for Connection {
    fn as_ref(&self) -> &cxauth_core::Connection {
        &self.0
    }
}
