//! A connection's settings from Python to JSON, in which form they cross into the core. No frame of Python's sees the text.

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PySequence, PyString, PyTuple},
};
use serde_json::{Map, Value};

use crate::source;

/// The settings that are secrets.
pub(crate) const SECRETS: [&str; 7] =
    ["client_secret", "password", "api_key", "refresh_token", "subject_token", "actor_token", "assertion"];
/// The function that brings tokens: no setting, but given beside them.
const PROVIDE: &str = "provide";
/// The functions that sign, by names of the program's own: likewise.
const SIGNERS: &str = "signers";
/// Among the other functions they have names that begin so.
pub(crate) const SIGNER: &str = "signer:";

/// Settings as JSON, and what JSON cannot say: functions.
pub(crate) struct Given<'py> {
    pub(crate) json: String,
    /// Functions that read secrets, by the setting's name, and those that sign, by [`SIGNER`] and their own.
    pub(crate) functions: Bound<'py, PyDict>,
    /// The function that brings tokens from elsewhere.
    pub(crate) provide: Option<Bound<'py, PyAny>>,
}

impl<'py> Given<'py> {
    /// Reads keyword arguments. `None` says nothing.
    pub(crate) fn read(
        py: Python<'py>,
        platform: Option<&str>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        let (functions, mut provide) = (PyDict::new(py), None);
        let mut members = Map::new();
        for (name, value) in settings.into_iter().flatten() {
            let name: String = name.extract()?;
            if value.is_none() {
                continue;
            }
            if name == PROVIDE {
                provide = Some(callable(&name, value)?);
                continue;
            }
            if name == SIGNERS {
                for (signer, function) in as_dict(&value).map_err(|_| wrong(&name, &value))? {
                    let signer: String = signer.extract().map_err(|_| wrong(&name, &value))?;
                    functions.set_item(format!("{SIGNER}{signer}"), callable(&name, function)?)?;
                }
                continue;
            }
            let is_secret = SECRETS.contains(&name.as_str());
            let setting = match source::as_setting(&value) {
                Some(source) if is_secret => source,
                Some(_) => return Err(wrong(&name, &value)),
                None if is_secret && value.is_callable() => {
                    functions.set_item(&name, &value)?;
                    Value::from_iter([("function", name.as_str())])
                }
                None => json(&name, &value)?,
            };
            members.insert(name, setting);
        }
        if let Some(platform) = platform {
            members.insert("platform".to_owned(), platform.into());
        }
        if provide.is_some() {
            members.entry("grant").or_insert_with(|| "external".into());
        }
        Ok(Self { json: Value::Object(members).to_string(), functions, provide })
    }
}

/// A mapping as a dict of its own.
pub(crate) fn as_dict<'py>(mapping: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    if let Ok(dict) = mapping.cast::<PyDict>() {
        return dict.copy();
    }
    let dict = PyDict::new(mapping.py());
    dict.update(mapping.cast::<PyMapping>()?)?;
    Ok(dict)
}

fn callable<'py>(name: &str, value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if value.is_callable() { Ok(value) } else { Err(wrong(name, &value)) }
}

fn json(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(text.to_cow()?.into());
    }
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(truth.is_true().into());
    }
    if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
        // What is beyond every number is a mistake too: JSON would say null, and null says nothing.
        let number =
            value.extract::<i64>().map(Value::from).or_else(|_| value.extract::<f64>().map(Value::from));
        return number.ok().filter(|number| !number.is_null()).ok_or_else(|| wrong(name, value));
    }
    // The usual kinds first: to know any other one takes Python's module `collections`.
    if let Ok(list) = value.cast::<PyList>() {
        return list.iter().map(|item| json(name, &item)).collect();
    }
    if let Ok(tuple) = value.cast::<PyTuple>() {
        return tuple.iter().map(|item| json(name, &item)).collect();
    }
    if let Ok(mapping) = as_dict(value) {
        let mut members = Map::new();
        for (key, value) in mapping {
            let key: String = key.extract().map_err(|_| wrong(name, &value))?;
            members.insert(key, json(name, &value)?);
        }
        return Ok(members.into());
    }
    if let Ok(sequence) = value.cast::<PySequence>() {
        let items = (0..sequence.len()?).map(|index| json(name, &sequence.get_item(index)?));
        return items.collect();
    }
    match value.call_method0("__fspath__") {
        Ok(path) => Ok(path.extract::<String>()?.into()),
        Err(_) => Err(wrong(name, value)),
    }
}

/// Names the setting and the type, never the value.
fn wrong(name: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let kind = value.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{name} cannot be a {kind}"))
}
