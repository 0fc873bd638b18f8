//! One API request over the Rust client's own HTTP, for the command. Programs have an HTTP library of their own.

use crate::{
    client::{ClientBase, SyncClientBase},
    functions::closed,
    runtime,
};
use cxauth::RequestError;
use cxauth_bridge::AuthError;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use pyo3::{
    exceptions::{PyConnectionError, PyValueError},
    prelude::*,
    types::PyBytes,
};
use reqwest::Response;
use std::sync::{Mutex, PoisonError};

/// Sends a request with the token on it. A relative address starts at `api_base`. What refuses the token is sent once more with
/// another one, and redirects are followed without carrying the token away.
#[pyfunction]
#[pyo3(signature = (client, method, url, headers, body))]
pub(crate) fn send(
    client: &Bound<'_, SyncClientBase>,
    method: &str,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
) -> PyResult<Answer> {
    let py = client.py();
    let client = ClientBase::of_this_process(client.as_super())?;
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| PyValueError::new_err("method"))?;
    let mut fields = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|_| PyValueError::new_err("headers"))?;
        let value = HeaderValue::try_from(value).map_err(|_| PyValueError::new_err("headers"))?;
        fields.append(name, value);
    }
    let response = runtime::wait(py, async move {
        let mut request = client.request(method, url).headers(fields);
        if let Some(body) = body {
            request = request.body(body);
        }
        request.send().await
    })?;
    Ok(Answer::new(response.map_err(failed)?))
}

/// An API's answer. Its body is read bit by bit.
#[pyclass(module = "cxauth._native", frozen)]
pub(crate) struct Answer {
    /// The status code.
    #[pyo3(get)]
    status: u16,
    /// What the status code means.
    #[pyo3(get)]
    reason: &'static str,
    /// The version of HTTP, such as `HTTP/1.1`.
    #[pyo3(get)]
    version: String,
    headers: Vec<(String, Vec<u8>)>,
    response: Mutex<Option<Response>>,
}

#[pymethods]
impl Answer {
    /// The header fields, names in lower case, each as often as it came.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> Vec<(&str, Bound<'py, PyBytes>)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), PyBytes::new(py, value))).collect()
    }

    /// The next part of the body; none at its end.
    fn read<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let mut response = self.take().ok_or_else(closed)?;
        let (response, chunk) = runtime::wait(py, async move {
            let chunk = response.chunk().await;
            (response, chunk)
        })?;
        *self.response.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
        let chunk = chunk.map_err(|error| failed(error.into()))?;
        Ok(chunk.map(|chunk| PyBytes::new(py, &chunk)))
    }
}

impl Answer {
    fn new(response: Response) -> Self {
        let fields = response.headers().iter();
        Self {
            status: response.status().as_u16(),
            reason: response.status().canonical_reason().unwrap_or_default(),
            version: format!("{:?}", response.version()),
            headers: fields.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect(),
            response: Mutex::new(Some(response)),
        }
    }

    fn take(&self) -> Option<Response> {
        self.response.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn failed(error: RequestError) -> PyErr {
    match error {
        RequestError::Token(error) => AuthError::from(error).into(),
        RequestError::Http(_) => PyConnectionError::new_err(error.to_string()),
    }
}
