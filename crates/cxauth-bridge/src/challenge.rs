//! `WWW-Authenticate` (RFC 9110 §11.6.1).

use crate::AuthError;

/// Reads one value of the field, strictly: what is malformed holds no challenge.
#[must_use]
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn parse_challenges(field: String) -> Challenges {
    Challenges(cxauth_core::Challenge::parse(&field).unwrap_or_default())
}

/// The challenges of one field value.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Challenges(Vec<cxauth_core::Challenge>);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Challenges {
    /// How many there are; 0 when the field is malformed.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// One of them, from 0.
    ///
    /// # Errors
    /// `absent` when there are not so many.
    pub fn at(&self, index: u32) -> Result<Challenge, AuthError> {
        let challenge = usize::try_from(index).ok().and_then(|index| self.0.get(index));
        challenge.cloned().map(Challenge).ok_or_else(|| AuthError::absent("challenge of this number"))
    }
}

/// One challenge.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Challenge(cxauth_core::Challenge);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Challenge {
    /// The scheme in lower case, such as `bearer`.
    #[must_use]
    pub fn scheme(&self) -> String {
        self.0.scheme().to_owned()
    }

    /// The one value of schemes like `Negotiate`.
    #[must_use]
    pub fn token68(&self) -> Option<String> {
        self.0.token68().map(String::from)
    }

    /// The names of the parameters, in lower case, each once.
    #[must_use]
    pub fn parameter_names(&self) -> Vec<String> {
        self.0.parameters().map(|(name, _)| name.to_owned()).collect()
    }

    /// Their values, in the same order.
    #[must_use]
    pub fn parameter_values(&self) -> Vec<String> {
        self.0.parameters().map(|(_, value)| value.to_owned()).collect()
    }
}
