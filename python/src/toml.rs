//! TOML for the command's configuration file: Python 3.10 has no reader of its own.

use pyo3::{exceptions::PyValueError, prelude::*, types::PyDict};
use toml::{Table, Value};

/// The document as dicts and lists. The error names the line and repeats nothing of it.
#[pyfunction]
pub(crate) fn read_toml<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyDict>> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or_default());
        PyValueError::new_err(format!(
            "line {}, is not TOML: {}",
            before.matches('\n').count() + 1,
            error.message()
        ))
    })?;
    as_dict(py, table)
}

fn as_dict(py: Python<'_>, table: Table) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in table {
        dict.set_item(name, as_object(py, value)?)?;
    }
    Ok(dict)
}

fn as_object(py: Python<'_>, value: Value) -> PyResult<Bound<'_, PyAny>> {
    Ok(match value {
        Value::String(text) => text.into_pyobject(py)?.into_any(),
        Value::Integer(number) => number.into_pyobject(py)?.into_any(),
        Value::Float(number) => number.into_pyobject(py)?.into_any(),
        Value::Boolean(truth) => truth.into_pyobject(py)?.to_owned().into_any(),
        Value::Datetime(moment) => moment.to_string().into_pyobject(py)?.into_any(),
        Value::Array(items) => {
            let items = items.into_iter().map(|item| as_object(py, item)).collect::<PyResult<Vec<_>>>()?;
            items.into_pyobject(py)?
        }
        Value::Table(table) => as_dict(py, table)?.into_any(),
    })
}
