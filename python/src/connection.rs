//! Which server, and who you are there: what clients and plug-ins are made from.

use cxauth_bridge::{Connection, open_connection};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::PyTypeError,
    prelude::*,
    types::{PyDict, PyType},
};

use crate::{
    functions::Functions,
    settings::{Given, as_dict},
};

/// The native half of `cxauth.Connection`. What takes a secret is native throughout: a frame of Python's would show its
/// arguments in a traceback with locals.
#[pyclass(module = "cxauth._native", frozen, subclass, weakref)]
pub(crate) struct ConnectionBase {
    /// The bridge's connection.
    #[pyo3(get)]
    pub(crate) native: Py<Connection>,
    /// Functions that read secrets, by the setting's name.
    #[pyo3(get)]
    functions: Py<PyDict>,
    /// The function that brings tokens from elsewhere.
    #[pyo3(get)]
    provide: Option<Py<PyAny>>,
}

#[pymethods]
impl ConnectionBase {
    #[new]
    #[pyo3(signature = (platform = "generic", **settings))]
    fn new(py: Python<'_>, platform: &str, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let Given { json, functions, provide } = Given::read(py, Some(platform), settings)?;
        Ok(Self {
            native: Py::new(py, open_connection(json)?)?,
            functions: functions.unbind(),
            provide: provide.map(Bound::unbind),
        })
    }

    /// CloudCX: the tenant's domain, with its port if it has one, and a user of it.
    #[classmethod]
    fn cloudcx<'py>(
        cls: &Bound<'py, PyType>,
        domain: &Bound<'py, PyAny>,
        client_id: &Bound<'py, PyAny>,
        username: &Bound<'py, PyAny>,
        password: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let settings =
            [("domain", domain), ("client_id", client_id), ("username", username), ("password", password)];
        make(cls, "cloudcx", &settings, None)
    }

    /// Cisco CX Cloud: the key and the secret of an API profile.
    #[classmethod]
    fn cisco_cx_cloud<'py>(
        cls: &Bound<'py, PyType>,
        client_id: &Bound<'py, PyAny>,
        client_secret: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let settings = [("client_id", client_id), ("client_secret", client_secret)];
        make(cls, "cisco-cx-cloud", &settings, None)
    }

    /// Sangoma CX: the application's credentials, and one scope at least.
    #[classmethod]
    fn sangoma_cx<'py>(
        cls: &Bound<'py, PyType>,
        client_id: &Bound<'py, PyAny>,
        client_secret: &Bound<'py, PyAny>,
        scopes: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let settings = [("client_id", client_id), ("client_secret", client_secret), ("scopes", scopes)];
        make(cls, "sangoma-cx", &settings, None)
    }

    /// CloudLX (Infiny): the credentials of an application of the portal.
    #[classmethod]
    fn cloudlx<'py>(
        cls: &Bound<'py, PyType>,
        client_id: &Bound<'py, PyAny>,
        client_secret: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let settings = [("client_id", client_id), ("client_secret", client_secret)];
        make(cls, "cloudlx", &settings, None)
    }

    /// Settings as they stand in a configuration file: a mapping by name, in which a secret is text or a mapping that says
    /// where it is read.
    #[classmethod]
    fn from_settings<'py>(
        cls: &Bound<'py, PyType>,
        settings: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        cls.call((), Some(&as_dict(settings)?))
    }

    /// The platform's id.
    #[getter]
    fn platform(&self) -> String {
        self.native.get().platform()
    }

    /// The platform's name as its maker writes it.
    #[getter]
    fn title(&self) -> String {
        self.native.get().title()
    }

    /// The scopes that are asked for.
    #[getter]
    fn scopes(&self) -> Vec<String> {
        self.native.get().scopes()
    }

    /// The token endpoint, if there is one.
    #[getter]
    fn token_endpoint(&self) -> Option<String> {
        self.native.get().token_endpoint()
    }

    /// Where the API lives, if it is known.
    #[getter]
    fn api_base(&self) -> Option<String> {
        self.native.get().api_base()
    }

    /// The absolute address of an API path, which starts at `api_base` unless it is absolute itself.
    fn api_url(&self, path: String) -> PyResult<String> {
        Ok(self.native.get().api_url(path)?)
    }

    /// Whether the token may be sent to this address.
    fn allows(&self, url: String) -> bool {
        self.native.get().allows(url)
    }

    fn __repr__(&self) -> String {
        let connection = self.native.get();
        match connection.token_endpoint() {
            Some(endpoint) => format!("<cxauth.Connection {} at {endpoint}>", connection.platform()),
            None => format!("<cxauth.Connection {}>", connection.platform()),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.functions)?;
        self.provide.iter().try_for_each(|function| visit.call(function))
    }
}

impl ConnectionBase {
    /// The core's connection, for a client that has these functions.
    pub(crate) fn give_to(&self, py: Python<'_>, functions: &Functions) -> PyResult<cxauth::Connection> {
        let provide = self.provide.as_ref().map(|function| function.bind(py).clone());
        functions.extend(self.functions.bind(py), provide)?;
        Ok(self.native.get().as_ref().clone())
    }
}

/// An instance of the class for this platform.
pub(crate) fn make<'py>(
    cls: &Bound<'py, PyType>,
    platform: &str,
    settings: &[(&str, &Bound<'py, PyAny>)],
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let keywords = options.map_or_else(|| Ok(PyDict::new(cls.py())), |options| options.copy())?;
    for (name, value) in settings {
        keywords.set_item(name, value)?;
    }
    cls.call((platform,), Some(&keywords))
}

/// A connection is complete: settings beside it would be ignored.
pub(crate) fn no_settings(keywords: &Bound<'_, PyDict>) -> PyResult<()> {
    match keywords.iter().next() {
        Some((name, _)) => {
            Err(PyTypeError::new_err(format!("{name}: give the settings to the connection, not beside it")))
        }
        None => Ok(()),
    }
}
