//! What a caller of `acquire` does.

use crate::{AuthError, ErrorDetails, Token};
use cxauth_core::{Acquire, FlightId, Timestamp};

/// What a caller does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(
    feature = "python",
    pyo3::pyclass(eq, eq_int, hash, frozen, from_py_object, module = "cxauth._native")
)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub enum AcquiredKind {
    /// Use the token.
    Ready,
    /// Lead the flight: perform its steps. With a token the caller itself can go on meanwhile.
    Lead,
    /// Somebody else is on it: go on with the token, or wait for the flight's end (at most until its deadline) and
    /// acquire again.
    Follow,
    /// Nothing is sent before `until_ms`.
    Wait,
    /// Nothing will come before something is changed.
    Denied,
    /// Nothing is to be done; only where nobody asked to do something.
    Nothing,
}

/// What a caller does, and with what.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Acquired(pub(crate) Option<Acquire>);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Acquired {
    /// What the caller does.
    #[must_use]
    pub fn kind(&self) -> AcquiredKind {
        match &self.0 {
            Some(Acquire::Ready { .. }) => AcquiredKind::Ready,
            Some(Acquire::Lead { .. }) => AcquiredKind::Lead,
            Some(Acquire::Follow { .. }) => AcquiredKind::Follow,
            Some(Acquire::Wait { .. }) => AcquiredKind::Wait,
            Some(Acquire::Denied { .. }) => AcquiredKind::Denied,
            None => AcquiredKind::Nothing,
        }
    }

    /// Whether a token is there: always when `Ready`, maybe when `Lead` or `Follow`.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.present_token().is_some()
    }

    /// The token.
    ///
    /// # Errors
    /// With the reason when the kind is `Wait` or `Denied`, else `absent`.
    pub fn token(&self) -> Result<Token, AuthError> {
        match (self.present_token(), self.reason()) {
            (Some(token), _) => Ok(token),
            (None, Some(ErrorDetails(why))) => Err(why.into()),
            (None, None) => Err(AuthError::absent("token")),
        }
    }

    /// The flight to lead or to follow; 0 for none.
    #[must_use]
    pub fn flight(&self) -> u32 {
        match &self.0 {
            Some(Acquire::Lead { flight, .. } | Acquire::Follow { flight, .. }) => number(*flight),
            _ => 0,
        }
    }

    /// From when on somebody else may lead another flight; for `Lead` and `Follow`.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<f64> {
        match &self.0 {
            Some(Acquire::Lead { deadline, .. } | Acquire::Follow { deadline, .. }) => {
                Some(millis(*deadline))
            }
            _ => None,
        }
    }

    /// When to acquire again; for `Wait`.
    #[must_use]
    pub fn until_ms(&self) -> Option<f64> {
        match &self.0 {
            Some(Acquire::Wait { until, .. }) => Some(millis(*until)),
            _ => None,
        }
    }

    /// Why; for `Wait` and `Denied`.
    ///
    /// # Errors
    /// `absent` for the other kinds.
    pub fn error(&self) -> Result<ErrorDetails, AuthError> {
        self.reason().ok_or_else(|| AuthError::absent("error"))
    }
}

impl Acquired {
    fn present_token(&self) -> Option<Token> {
        match &self.0 {
            Some(Acquire::Ready { token }) => Some(Token(token.clone())),
            Some(Acquire::Lead { token, .. } | Acquire::Follow { token, .. }) => token.clone().map(Token),
            _ => None,
        }
    }

    fn reason(&self) -> Option<ErrorDetails> {
        match &self.0 {
            Some(Acquire::Wait { why, .. } | Acquire::Denied { why }) => Some(ErrorDetails(why.clone())),
            _ => None,
        }
    }
}

/// No session lives to see its flight 2^32: one a second takes 136 years.
pub(crate) fn number(flight: FlightId) -> u32 {
    u32::try_from(flight.number()).unwrap_or(u32::MAX)
}

fn millis(moment: Timestamp) -> f64 {
    moment.unix_millis() as f64
}
