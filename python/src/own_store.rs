//! A store of the program's own: an object whose methods take the lock, load, save and give the lock back.
//!
//! `cxauth._store` calls them, waits for what async methods return, and says in words what they raise.

use crate::{functions::Functions, runtime, secret};
use cxauth::{
    Snapshot,
    store::{Locked, Store, StoreError},
};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyString};
use std::{sync::Arc, time::Instant};

/// The store's name among the client's functions, which hold it where the garbage collector finds it.
pub(crate) const NAME: &str = "store";

/// The store, as the client uses it from threads that may block.
pub(crate) struct OwnStore(pub(crate) Arc<Functions>);

/// Its lock. It holds what it needs: the client's object may go meanwhile.
struct OwnLock(Option<Py<PyAny>>);

/// Raises `TypeError` for what is no store. What it is instead is not shown: a secret, perhaps.
pub(crate) fn check(store: &Bound<'_, PyAny>) -> PyResult<()> {
    let module = module(store.py())?;
    if module.call_method1("is_store", (store,))?.is_truthy()? {
        return Ok(());
    }
    Err(PyTypeError::new_err(module.getattr("WANTED")?.extract::<String>()?))
}

impl Store for OwnStore {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        enter(|py| {
            let store = self.adapted(py)?;
            let timeout = deadline.saturating_duration_since(Instant::now()).as_secs_f64();
            let lock = store.call_method1("lock", (timeout,)).map_err(|error| failed(py, &error))?;
            Ok(Box::new(OwnLock(Some(lock.unbind()))) as Box<dyn Locked>)
        })
    }

    fn look(&self) -> Result<Option<Snapshot>, StoreError> {
        enter(|py| read(&self.adapted(py)?, "look"))
    }
}

impl OwnStore {
    fn adapted<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, StoreError> {
        let gone = || StoreError::Other("its client is gone".to_owned());
        let _owner = self.0.owner(py).ok_or_else(gone)?;
        let store = self.0.get(py, NAME).ok_or_else(gone)?;
        let adapted = module(py).and_then(|module| {
            let run = match self.0.event_loop(py) {
                Some(event_loop) => module.call_method1("InLoop", (event_loop,))?,
                None => module.getattr("refuse")?,
            };
            module.call_method1("Adapted", (store, run))
        });
        adapted.map_err(|error| failed(py, &error))
    }
}

impl OwnLock {
    fn bind<'a, 'py>(&'a self, py: Python<'py>) -> Result<&'a Bound<'py, PyAny>, StoreError> {
        let lock = self.0.as_ref().ok_or_else(|| StoreError::Other("the lock was given back".to_owned()))?;
        Ok(lock.bind(py))
    }
}

impl Locked for OwnLock {
    fn load(&mut self) -> Result<Option<Snapshot>, StoreError> {
        enter(|py| read(self.bind(py)?, "load"))
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        enter(|py| {
            let text = secret::text(py, snapshot);
            self.bind(py)?.call_method1("save", (text,)).map(drop).map_err(|error| failed(py, &error))
        })
    }
}

impl Drop for OwnLock {
    fn drop(&mut self) {
        let lock = self.0.take();
        // It raises nothing; and an interpreter that is ending takes the lock along. What the object refers to is let go in
        // there too: outside it would stay until somebody calls into this module again.
        let _ = enter(move |py| match lock {
            Some(lock) => {
                lock.into_bound(py).call_method0("unlock").map(drop).map_err(|error| failed(py, &error))
            }
            None => Ok(()),
        });
    }
}

fn read(holder: &Bound<'_, PyAny>, method: &str) -> Result<Option<Snapshot>, StoreError> {
    let py = holder.py();
    let text = holder.call_method0(method).and_then(|held| {
        if held.is_none() {
            return Ok(None);
        }
        let text = held.cast_into::<PyString>()?;
        Ok(Some(text.to_cow()?.into_owned()))
    });
    let text = text.map_err(|error| failed(py, &error))?;
    text.map(secret::snapshot).transpose().map_err(|error| StoreError::Other(error.to_string()))
}

fn module(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import("cxauth._store")
}

fn enter<T>(act: impl FnOnce(Python<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
    runtime::enter(act)
        .unwrap_or_else(|| Err(StoreError::Other("the interpreter is shutting down".to_owned())))
}

/// `cxauth._store` has put it in words that hold no secret.
fn failed(py: Python<'_>, error: &PyErr) -> StoreError {
    StoreError::Other(error.value(py).str().map_or_else(|_| "it failed".to_owned(), |text| text.to_string()))
}
