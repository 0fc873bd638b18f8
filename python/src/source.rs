//! Where a secret is read, as a value of Python's.

use pyo3::{prelude::*, types::PyTuple};
use serde_json::{Value, json};

/// A secret that stands in an environment variable.
///
/// It is read each time a renewal needs it, never earlier.
#[pyclass(module = "cxauth", frozen, eq, hash)]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Environment {
    /// The variable's name.
    #[pyo3(get)]
    name: String,
}

#[pymethods]
impl Environment {
    #[new]
    fn new(name: String) -> Self {
        Self { name }
    }

    fn __repr__(&self) -> String {
        format!("Environment({:?})", self.name)
    }

    fn __getnewargs__(&self) -> (&str,) {
        (&self.name,)
    }
}

/// A secret that stands in a file. One line break at its end is not part of it.
///
/// It is read each time a renewal needs it, never earlier, so that a secret that was replaced is seen.
#[pyclass(module = "cxauth", frozen, eq, hash)]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct File {
    /// The file's path.
    #[pyo3(get)]
    path: String,
}

#[pymethods]
impl File {
    #[new]
    fn new(py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self { path: py.import("os")?.call_method1("fspath", (path,))?.extract()? })
    }

    fn __repr__(&self) -> String {
        format!("File({:?})", self.path)
    }

    fn __getnewargs__(&self) -> (&str,) {
        (&self.path,)
    }
}

/// A secret that a program prints. One line break at its end is not part of it.
///
/// No shell runs the program: the first word is its name, the others are its arguments. It runs each time a renewal needs
/// the secret, for 20 seconds at most.
#[pyclass(module = "cxauth", frozen, eq, hash)]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Command {
    words: Vec<String>,
}

#[pymethods]
impl Command {
    #[new]
    fn new(words: Vec<String>) -> Self {
        Self { words }
    }

    /// The program and its arguments.
    #[getter]
    fn words<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.words)
    }

    /// The arguments may say more than a log should know.
    fn __repr__(&self) -> String {
        match self.words.as_slice() {
            [] => "Command([])".to_owned(),
            [program] => format!("Command([{program:?}])"),
            [program, ..] => format!("Command([{program:?}, ...])"),
        }
    }

    fn __getnewargs__(&self) -> (Vec<String>,) {
        (self.words.clone(),)
    }
}

/// A secret that stands in the system's keychain, as `service/account`.
#[pyclass(module = "cxauth", frozen, eq, hash)]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Keychain {
    /// Service and account, with a slash between them.
    #[pyo3(get)]
    entry: String,
}

#[pymethods]
impl Keychain {
    #[new]
    fn new(entry: String) -> Self {
        Self { entry }
    }

    fn __repr__(&self) -> String {
        format!("Keychain({:?})", self.entry)
    }

    fn __getnewargs__(&self) -> (&str,) {
        (&self.entry,)
    }
}

impl Keychain {
    pub(crate) fn entry(&self) -> &str {
        &self.entry
    }
}

/// The source as it stands in a connection's settings; none for a value of another kind.
pub(crate) fn as_setting(value: &Bound<'_, PyAny>) -> Option<Value> {
    if let Ok(source) = value.cast::<Environment>() {
        return Some(json!({ "env": source.get().name }));
    }
    if let Ok(source) = value.cast::<File>() {
        return Some(json!({ "file": source.get().path }));
    }
    if let Ok(source) = value.cast::<Command>() {
        return Some(json!({ "command": source.get().words }));
    }
    let source = value.cast::<Keychain>().ok()?;
    Some(json!({ "keychain": source.get().entry }))
}
