//! What happened to a session.

use crate::{AuthError, ErrorDetails};
use cxauth_core::{Event, EventKind};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(
    feature = "python",
    pyo3::pyclass(eq, eq_int, hash, frozen, from_py_object, module = "cxauth._native")
)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub enum SessionEventKind {
    /// A new set of tokens is in service.
    Renewed,
    /// A renewal failed, and there is nothing usable.
    Waiting,
    /// A renewal or a save failed, and a token still serves.
    Degraded,
    /// An API refused the token.
    Refused,
    /// There is no way to a token any more before somebody signs in.
    SignedOut,
    /// What cannot be renewed before it ends will end in 30, 14, 7 or 1 days.
    Expiring,
    /// Something that this version of the interface has no word for.
    Other,
    /// Nothing more happened.
    Nothing,
}

/// One thing that happened, for logs, metrics and pages. It carries no secret.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct SessionEvent(pub(crate) Option<Event>);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl SessionEvent {
    /// What happened.
    #[must_use]
    pub fn kind(&self) -> SessionEventKind {
        match self.0.as_ref().map(|event| event.kind) {
            Some(EventKind::Renewed) => SessionEventKind::Renewed,
            Some(EventKind::Waiting) => SessionEventKind::Waiting,
            Some(EventKind::Degraded) => SessionEventKind::Degraded,
            Some(EventKind::Refused) => SessionEventKind::Refused,
            Some(EventKind::SignedOut) => SessionEventKind::SignedOut,
            Some(EventKind::Expiring) => SessionEventKind::Expiring,
            Some(_) => SessionEventKind::Other,
            None => SessionEventKind::Nothing,
        }
    }

    /// When.
    #[must_use]
    pub fn at_ms(&self) -> Option<f64> {
        self.0.as_ref().map(|event| event.at.unix_millis() as f64)
    }

    /// The generation of the token that it is about; 0 when there is none.
    #[must_use]
    pub fn generation(&self) -> f64 {
        self.0.as_ref().map_or(0.0, |event| event.generation as f64)
    }

    /// When what it is about ends; absent when that is unknown or never.
    #[must_use]
    pub fn until_ms(&self) -> Option<f64> {
        self.0.as_ref()?.until.map(|until| until.unix_millis() as f64)
    }

    /// Whether it says why.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.0.as_ref().is_some_and(|event| event.error.is_some())
    }

    /// Why.
    ///
    /// # Errors
    /// `absent` where [`SessionEvent::has_error`] says so.
    pub fn error(&self) -> Result<ErrorDetails, AuthError> {
        let error = self.0.as_ref().and_then(|event| event.error.clone());
        error.map(ErrorDetails).ok_or_else(|| AuthError::absent("error"))
    }
}

/// For the leaf crate that has a client of its own besides.
impl From<Event> for SessionEvent {
    fn from(event: Event) -> Self {
        Self(Some(event))
    }
}
