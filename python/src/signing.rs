//! Signing with the client's keys, for the plug-ins, which drive a session themselves.

use cxauth::{Secret, SignatureAlgorithm};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyBytes};

/// The signature of the key in the PEM (PKCS #8), as RFC 7518 §3 has it. What it raises says nothing of the key.
#[pyfunction]
pub(crate) fn sign_with_pem<'py>(
    py: Python<'py>,
    pem: String,
    algorithm: &str,
    signing_input: Vec<u8>,
) -> PyResult<Bound<'py, PyBytes>> {
    let pem = Secret::new(pem);
    let known = SignatureAlgorithm::ALL.into_iter().find(|known| known.as_str() == algorithm);
    let known =
        known.ok_or_else(|| PyValueError::new_err("this version of cxauth does not know the algorithm"))?;
    // RSA takes its time.
    let signed = py.detach(|| cxauth::sign_with_pem(&pem, known, &signing_input));
    Ok(PyBytes::new(py, &signed.map_err(PyValueError::new_err)?))
}
