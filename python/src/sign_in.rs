//! What is kept of a sign-in while somebody is in the browser. It is native, so that no frame of Python's holds its text.

use crate::secret;
use cxauth_bridge::{AuthError, Step};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyString, PyType},
};

/// A sign-in whose answer the browser will bring. It is bound to one browser: keep it where only that one comes back to, such as
/// in a server's session, use it once, and show it to nobody. It prints nothing of itself and is not pickled: `to_text` is what
/// is kept.
#[pyclass(module = "cxauth", frozen)]
pub(crate) struct SignIn(cxauth::SignIn);

#[pymethods]
impl SignIn {
    /// Reads what `to_text` gave. Raises `cxauth.AuthError` with the code `redirect_refused` for anything else.
    #[classmethod]
    fn from_text(_cls: &Bound<'_, PyType>, text: String) -> PyResult<Self> {
        Ok(Self(secret::sign_in(text).map_err(AuthError::from)?))
    }

    /// The text to keep until the browser is back: all of it is secret.
    fn to_text<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        secret::sign_in_text(py, &self.0)
    }

    /// Where the browser comes back to.
    #[getter]
    fn redirect_uri(&self) -> &str {
        self.0.redirect_uri()
    }

    /// Whether this address carries the state of this sign-in, so that a program with several under way finds the right one.
    fn is_answered_by(&self, redirect_url: &str) -> bool {
        self.0.is_answered_by(redirect_url)
    }

    fn __repr__(&self) -> String {
        format!("<cxauth.SignIn that comes back to {}>", self.0.redirect_uri())
    }

    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a sign-in is not pickled: keep the text of to_text() where its browser comes back to",
        ))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

impl SignIn {
    pub(crate) fn as_native(&self) -> cxauth::SignIn {
        self.0.clone()
    }
}

/// Where somebody signs in, and what the answer is checked with.
#[pyclass(module = "cxauth", frozen)]
pub(crate) struct Authorization {
    /// The address to open in the system's browser, or to send the browser to. Never show it in a view of the program's own (RFC
    /// 8252 §8.12).
    #[pyo3(get)]
    url: String,
    /// What to keep until the browser is back.
    #[pyo3(get)]
    sign_in: Py<SignIn>,
}

#[pymethods]
impl Authorization {
    fn __repr__(&self) -> String {
        format!("<cxauth.Authorization that comes back to {}>", self.sign_in.get().redirect_uri())
    }

    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err("an authorization is not pickled: keep the text of its sign_in.to_text()"))
    }
}

impl Authorization {
    pub(crate) fn new(py: Python<'_>, authorization: &cxauth::Authorization) -> PyResult<Self> {
        Self::of(py, authorization.url().to_owned(), authorization.sign_in().clone())
    }

    fn of(py: Python<'_>, url: String, sign_in: cxauth::SignIn) -> PyResult<Self> {
        Ok(Self { url, sign_in: Py::new(py, SignIn(sign_in))? })
    }
}

/// What the step `Authorize` says.
#[pyfunction]
pub(crate) fn authorization_of(py: Python<'_>, step: &Step) -> PyResult<Authorization> {
    let url = step.authorization_url().ok_or_else(|| PyValueError::new_err("this step is another one"))?;
    let sign_in = secret::sign_in(step.sign_in()?).map_err(AuthError::from)?;
    Authorization::of(py, url, sign_in)
}

/// What a person is shown: the code, where it is entered, the same with the code in it, and until when, in Unix milliseconds.
pub(crate) fn prompt(prompt: &cxauth::DevicePrompt) -> (&str, &str, Option<&str>, f64) {
    let expires_at = prompt.expires_at().unix_millis() as f64;
    (prompt.user_code(), prompt.verification_uri(), prompt.verification_uri_complete(), expires_at)
}
