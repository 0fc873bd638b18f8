//! Tokens that outlive the process, in a file.

use crate::secret;
use cxauth::{
    Error, ErrorCode,
    store::{self, StoreError},
};
use cxauth_bridge::AuthError;
use pyo3::{
    exceptions::{PyRuntimeError, PyValueError},
    prelude::*,
    types::PyString,
};
use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How often whoever waits for a lock looks for signals.
const SIGNALS: Duration = Duration::from_millis(50);

/// Keeps tokens in a file that only its owner can read, for other processes and for the next run.
///
/// All processes that name the same file share one token and one renewal, whatever languages they are written in. The file
/// must lie on a disk of this machine. One file belongs to one connection.
#[pyclass(module = "cxauth", frozen)]
pub(crate) struct FileStore(store::FileStore);

#[pymethods]
impl FileStore {
    #[new]
    fn new(path: PathBuf) -> Self {
        Self(store::FileStore::new(path))
    }

    /// The file.
    #[getter]
    fn path(&self) -> String {
        self.0.path().display().to_string()
    }

    /// What the file holds, without the lock: text that is all secret; absent when there is none. A whole set is seen, never
    /// half of one.
    fn look<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let stored = py.detach(|| self.0.load()).map_err(|error| unavailable(&error))?;
        Ok(stored.map(|snapshot| secret::text(py, &snapshot)))
    }

    /// Takes the lock, or waits for it so many seconds at most. The operating system gives it back when its holder dies.
    #[pyo3(signature = (timeout = 20.0))]
    fn lock(&self, py: Python<'_>, timeout: f64) -> PyResult<FileLock> {
        let timeout = Duration::try_from_secs_f64(timeout);
        let timeout =
            timeout.map_err(|_| PyValueError::new_err("timeout: seconds, 0 or more, are wanted"))?;
        let deadline = Instant::now() + timeout;
        loop {
            let soon = deadline.min(Instant::now() + SIGNALS);
            match py.detach(|| self.0.lock(soon)) {
                Ok(lock) => return Ok(FileLock(Mutex::new(Some(lock)))),
                Err(StoreError::Locked { .. }) if Instant::now() < deadline => py.check_signals()?,
                Err(error) => return Err(unavailable(&error)),
            }
        }
    }

    fn __repr__(&self) -> String {
        format!("<cxauth.FileStore {:?}>", self.path())
    }
}

impl FileStore {
    pub(crate) fn as_native(&self) -> store::FileStore {
        self.0.clone()
    }
}

/// The lock of a store, held until it is given back.
#[pyclass(module = "cxauth._native", frozen)]
pub(crate) struct FileLock(Mutex<Option<store::FileLock>>);

#[pymethods]
impl FileLock {
    /// The snapshot that the store holds: text that is all secret; absent when there is none.
    fn load<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let stored = self.hold(py, store::FileLock::load)?;
        Ok(stored.map(|snapshot| secret::text(py, &snapshot)))
    }

    /// Makes the snapshot durable.
    fn save(&self, py: Python<'_>, snapshot: String) -> PyResult<()> {
        let snapshot = secret::snapshot(snapshot).map_err(AuthError::from)?;
        self.hold(py, move |lock| lock.save(&snapshot))
    }

    /// Gives the lock back.
    fn unlock(&self) {
        let lock = self.lock().take();
        drop(lock);
    }
}

impl FileLock {
    fn hold<T: Send>(
        &self,
        py: Python<'_>,
        act: impl FnOnce(&mut store::FileLock) -> Result<T, StoreError> + Send,
    ) -> PyResult<T> {
        let mut held =
            self.lock().take().ok_or_else(|| PyRuntimeError::new_err("the lock was given back"))?;
        let (held, result) = py.detach(move || {
            let result = act(&mut held);
            (held, result)
        });
        *self.lock() = Some(held);
        result.map_err(|error| unavailable(&error))
    }

    fn lock(&self) -> MutexGuard<'_, Option<store::FileLock>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unavailable(error: &StoreError) -> PyErr {
    AuthError::from(Error::new(ErrorCode::StoreUnavailable).with_detail(&error.to_string())).into()
}
