//! What the plug-ins for Python's HTTP libraries, which drive a session themselves, leave to the native module.

use crate::settings::Given;
use cxauth_bridge::{Connection, Session};
use pyo3::{prelude::*, types::PyDict};

/// Gives the settings of a session new values. Returns the connection with which another session would be opened then, and
/// the functions among the values: those that read secrets and sign, by their names, and the one that brings tokens.
#[pyfunction]
pub(crate) fn change_session<'py>(
    py: Python<'py>,
    session: &Session,
    connection: &Connection,
    now_ms: f64,
    settings: &Bound<'py, PyDict>,
) -> PyResult<(Connection, Bound<'py, PyDict>, Option<Bound<'py, PyAny>>)> {
    let Given { json, functions, provide } = Given::read(py, None, Some(settings))?;
    let changed = connection.with_settings(json.clone())?;
    session.change(now_ms, json)?;
    Ok((changed, functions, provide))
}

/// Where the connection has the browser come back to.
#[pyfunction]
pub(crate) fn redirect_uri(connection: &Connection) -> Option<String> {
    connection.as_ref().redirect_uri().map(str::to_owned)
}
