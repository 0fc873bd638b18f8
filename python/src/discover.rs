//! Asking a server what it says about itself.

use crate::{functions::Functions, options::Options, runtime};
use cxauth_bridge::AuthError;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDict};

/// What the issuer's metadata says (RFC 8414, OpenID Connect Discovery 1.0): settings of a connection, as the text of a JSON
/// object. The options are those of a client's that say how to get there.
#[pyfunction]
#[pyo3(signature = (issuer, **options))]
pub(crate) fn discover(
    py: Python<'_>,
    issuer: String,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<String> {
    let keywords = options.map_or_else(|| Ok(PyDict::new(py)), |options| options.copy())?;
    let options = Options::take(&keywords, &Functions::new(false))?;
    if let Some((name, _)) = keywords.iter().next() {
        return Err(PyTypeError::new_err(format!("{name}: finding a server out takes no such option")));
    }
    let http = options.http()?;
    let found = runtime::wait(py, async move { cxauth::discover_with(&http, &issuer).await })?;
    Ok(found.map_err(AuthError::from)?.to_json())
}
