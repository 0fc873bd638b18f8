//! The one error.

use cxauth_core::{Error, ErrorCode};
use std::fmt;

/// Every code that an error may carry, in the order of the glossary.
#[must_use]
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn error_codes() -> Vec<String> {
    ErrorCode::ALL.iter().map(ToString::to_string).collect()
}

/// What a call fails with.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Error))]
pub enum AuthError {
    /// It failed.
    Failed {
        /// The stable code, such as `invalid_setting`; see [`error_codes`].
        code: String,
        /// What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
        action: String,
        /// What happened and what to do about it, in sentences.
        explanation: String,
        /// When the session asks the server again, if it does so by itself.
        retry_at_ms: Option<f64>,
        /// The status of the answer that brought the error.
        status: Option<u32>,
        /// The server's `error` (RFC 6749 §5.2), escaped and cut.
        server_error: Option<String>,
        /// The server's `error_description`, escaped and cut.
        server_description: Option<String>,
    },
}

impl AuthError {
    /// For an accessor that has nothing to give: the caller did not look at the kind first.
    pub(crate) fn absent(what: &str) -> Self {
        Error::new(ErrorCode::Absent).with_detail(what).into()
    }
}

impl From<Error> for AuthError {
    fn from(error: Error) -> Self {
        let details = ErrorDetails(error);
        Self::Failed {
            code: details.code(),
            action: details.action(),
            explanation: details.explanation(),
            retry_at_ms: details.retry_at_ms(),
            status: details.status(),
            server_error: details.server_error(),
            server_description: details.server_description(),
        }
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Failed { explanation, .. } = self;
        formatter.write_str(explanation)
    }
}

impl std::error::Error for AuthError {}

/// The same as a value: why somebody waits, is denied, or a flight brought nothing.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct ErrorDetails(pub(crate) Error);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl ErrorDetails {
    /// The stable code, such as `invalid_client`; see [`error_codes`].
    #[must_use]
    pub fn code(&self) -> String {
        self.0.code().to_string()
    }

    /// What to do next: `retry`, `sign_in`, `fix_configuration` or `report`.
    #[must_use]
    pub fn action(&self) -> String {
        self.0.action().to_string()
    }

    /// What happened and what to do about it, in sentences.
    #[must_use]
    pub fn explanation(&self) -> String {
        self.0.to_string()
    }

    /// When the session asks the server again, if it does so by itself.
    #[must_use]
    pub fn retry_at_ms(&self) -> Option<f64> {
        self.0.retry_at().map(|moment| moment.unix_millis() as f64)
    }

    /// The status of the answer that brought the error.
    #[must_use]
    pub fn status(&self) -> Option<u32> {
        self.0.status().map(u32::from)
    }

    /// The server's `error` (RFC 6749 §5.2), escaped and cut.
    #[must_use]
    pub fn server_error(&self) -> Option<String> {
        self.0.server_error().map(String::from)
    }

    /// The server's `error_description`, escaped and cut.
    #[must_use]
    pub fn server_description(&self) -> Option<String> {
        self.0.server_description().map(String::from)
    }
}

/// The exception, which is defined in Python.
#[cfg(feature = "python")]
mod python {
    use pyo3::PyErr;

    pyo3::import_exception!(cxauth, AuthError);

    impl From<super::AuthError> for PyErr {
        fn from(error: super::AuthError) -> Self {
            let super::AuthError::Failed {
                code,
                action,
                explanation,
                retry_at_ms,
                status,
                server_error,
                server_description,
            } = error;
            AuthError::new_err((
                explanation,
                code,
                action,
                retry_at_ms,
                status,
                server_error,
                server_description,
            ))
        }
    }
}

/// A JavaScript `Error`, with the error's parts as properties.
#[cfg(feature = "wasm")]
impl From<AuthError> for wasm_bindgen::JsValue {
    fn from(error: AuthError) -> Self {
        let AuthError::Failed {
            code,
            action,
            explanation,
            retry_at_ms,
            status,
            server_error,
            server_description,
        } = error;
        let error = js_sys::Error::new(&explanation);
        error.set_name("AuthError");
        let properties: [(&str, Self); 6] = [
            ("code", code.into()),
            ("action", action.into()),
            ("retry_at_ms", retry_at_ms.into()),
            ("status", status.into()),
            ("server_error", server_error.into()),
            ("server_description", server_description.into()),
        ];
        for (name, value) in properties {
            // It fails on frozen objects only, and this one is new.
            let _ = js_sys::Reflect::set(&error, &name.into(), &value);
        }
        error.into()
    }
}
