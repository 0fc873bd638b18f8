//! The token in service as Python's objects, made once for all requests.

use crate::secret;
use cxauth::AccessToken;
use cxauth_bridge::Token;
use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};

/// A token and the header fields that carry it.
pub(crate) struct Current {
    pub(crate) token: AccessToken,
    object: Py<Token>,
    headers: Vec<(Py<PyString>, Py<PyString>)>,
}

impl Current {
    pub(crate) fn new(py: Python<'_>, token: AccessToken) -> PyResult<Self> {
        let credential = (PyString::intern(py, token.header_name()), secret::credential(py, &token));
        let others = token.api_headers().filter(|(name, _)| *name != token.header_name());
        let others = others.map(|(name, value)| (PyString::intern(py, name), PyString::new(py, value)));
        let headers = [credential].into_iter().chain(others);
        Ok(Self {
            headers: headers.map(|(name, value)| (name.unbind(), value.unbind())).collect(),
            object: present(py, token.clone())?,
            token,
        })
    }

    /// A new dict of the fields: it is the caller's.
    pub(crate) fn headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let headers = PyDict::new(py);
        for (name, value) in &self.headers {
            headers.set_item(name, value)?;
        }
        Ok(headers)
    }

    pub(crate) fn object(&self, py: Python<'_>) -> Py<Token> {
        self.object.clone_ref(py)
    }
}

/// The bridge's object.
pub(crate) fn present(py: Python<'_>, token: AccessToken) -> PyResult<Py<Token>> {
    Py::new(py, Token::from(token))
}
