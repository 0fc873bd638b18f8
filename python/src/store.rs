//! Tokens that outlive the process, in a file.

use crate::{fork, secret};
use cxauth::{
    Error, ErrorCode,
    store::{self, Locked, StoreError},
};
use cxauth_bridge::AuthError;
use pyo3::{
    exceptions::{PyRuntimeError, PyValueError},
    prelude::*,
    types::PyString,
};
use std::{
    mem,
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
    fn lock(&self, py: Python<'_>, timeout: f64) -> PyResult<StoreLock> {
        let deadline = deadline(timeout)?;
        loop {
            let soon = deadline.min(Instant::now() + SIGNALS);
            match py.detach(|| self.0.lock(soon)) {
                Ok(lock) => return Ok(StoreLock::of_a_file(lock)),
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
pub(crate) struct StoreLock {
    held: Mutex<Option<Box<dyn Locked>>>,
    /// Set where giving it back is something that its holder says: a child of this process must not say it. A file's lock
    /// goes back when the last one closes the file, so a child closes it.
    spoken_for_at: Option<u64>,
}

#[pymethods]
impl StoreLock {
    /// The snapshot that the store holds: text that is all secret; absent when there is none.
    fn load<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let stored = self.hold(py, |lock| lock.load())?;
        Ok(stored.map(|snapshot| secret::text(py, &snapshot)))
    }

    /// Makes the snapshot durable.
    fn save(&self, py: Python<'_>, snapshot: String) -> PyResult<()> {
        let snapshot = secret::snapshot(snapshot).map_err(AuthError::from)?;
        self.hold(py, move |lock| lock.save(&snapshot))
    }

    /// Gives the lock back.
    fn unlock(&self, py: Python<'_>) {
        let lock = self.lock().take();
        py.detach(move || drop(lock));
    }
}

impl StoreLock {
    pub(crate) fn of_a_file(held: store::FileLock) -> Self {
        Self { held: Mutex::new(Some(Box::new(held))), spoken_for_at: None }
    }

    pub(crate) fn of_a_server(held: Box<dyn Locked>) -> Self {
        Self { held: Mutex::new(Some(held)), spoken_for_at: Some(fork::generation()) }
    }

    fn hold<T: Send>(
        &self,
        py: Python<'_>,
        act: impl FnOnce(&mut dyn Locked) -> Result<T, StoreError> + Send,
    ) -> PyResult<T> {
        let mut held =
            self.lock().take().ok_or_else(|| PyRuntimeError::new_err("the lock was given back"))?;
        let (held, result) = py.detach(move || {
            let result = act(&mut *held);
            (held, result)
        });
        *self.lock() = Some(held);
        result.map_err(|error| unavailable(&error))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Box<dyn Locked>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for StoreLock {
    fn drop(&mut self) {
        if self.spoken_for_at.is_some_and(|fork| fork != fork::generation()) {
            mem::forget(self.held.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

/// So many seconds from now.
pub(crate) fn deadline(seconds: f64) -> PyResult<Instant> {
    let wanted = || PyValueError::new_err("timeout: seconds, 0 or more, are wanted");
    let timeout = Duration::try_from_secs_f64(seconds).map_err(|_| wanted())?;
    Instant::now().checked_add(timeout).ok_or_else(wanted)
}

pub(crate) fn unavailable(error: &StoreError) -> PyErr {
    AuthError::from(Error::new(ErrorCode::StoreUnavailable).with_detail(&error.to_string())).into()
}
