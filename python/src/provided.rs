//! What a function of the program's own brings for the grant `external`.

use crate::secret;
use cxauth::Secret;
use pyo3::{exceptions::PyValueError, prelude::*, types::PyBytes};
use std::time::Duration;

/// A token that came from elsewhere: from your backend, for instance.
///
/// `expires_in` is how many seconds it still lives; without it the token is used until an API refuses it. `scopes` are what it
/// is good for, where that is known.
#[pyclass(module = "cxauth", frozen)]
pub(crate) struct Provided {
    token: Secret,
    expires_in: Option<Duration>,
    scopes: Vec<String>,
}

#[pymethods]
impl Provided {
    #[new]
    #[pyo3(signature = (token, expires_in = None, scopes = None))]
    fn new(token: String, expires_in: Option<f64>, scopes: Option<Vec<String>>) -> PyResult<Self> {
        let lifetime = expires_in.map(Duration::try_from_secs_f64).transpose();
        let expires_in =
            lifetime.map_err(|_| PyValueError::new_err("expires_in: seconds, 0 or more, are wanted"))?;
        Ok(Self { token: Secret::new(token), expires_in, scopes: scopes.unwrap_or_default() })
    }

    /// What a token endpoint would have answered: JSON that is all secret.
    fn _answer<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        secret::answer(py, &self.token, self.expires_in.map(|lifetime| lifetime.as_secs()), &self.scopes)
    }

    fn __repr__(&self) -> String {
        match self.expires_in {
            Some(lifetime) => format!("<cxauth.Provided for {} s>", lifetime.as_secs()),
            None => "<cxauth.Provided>".to_owned(),
        }
    }
}

impl Provided {
    pub(crate) fn as_native(&self) -> cxauth::Provided {
        let provided = cxauth::Provided::new(self.token.clone()).scopes(&self.scopes);
        match self.expires_in {
            Some(lifetime) => provided.expires_in(lifetime),
            None => provided,
        }
    }
}
