//! Tokens that outlive the process, in a file.

use crate::{connection::ConnectionBase, fork, secret, source::Keychain};
use cxauth::{
    Connection, Error, ErrorCode, Secret,
    store::{self, Locked, StoreError, StoreKeys},
};
use cxauth_bridge::AuthError;
use pyo3::{
    exceptions::{PyRuntimeError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyString, PyType},
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
/// must lie on a disk of this machine. One file belongs to one connection; `in_directory` finds one for each.
///
/// - `path`: the file;
/// - `keys`: what encrypts the file: a text with a line for each key, `NAME:32 bytes in base64`, of which the first one encrypts
///   and all of them open, or a `cxauth.Keychain`: a key in that entry of the system's keychain, made when there is none.
///   Without keys the tokens stand there as text.
#[pyclass(module = "cxauth", frozen)]
pub(crate) struct FileStore {
    store: store::FileStore,
    /// Where the file's name comes from the connection.
    directory: Option<PathBuf>,
    sealing: Sealing,
}

/// What encrypts a file.
#[derive(Clone)]
enum Sealing {
    None,
    Keys(Box<StoreKeys>),
    Keychain { service: String, account: String },
}

#[pymethods]
impl FileStore {
    #[new]
    #[pyo3(signature = (path, *, keys = None))]
    fn new(path: PathBuf, keys: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let sealing = Sealing::read(keys)?;
        Ok(Self { store: sealing.of(store::FileStore::new(path)), directory: None, sealing })
    }

    /// A store in a file of its own for each connection, in this directory: its name comes from all that shapes the tokens
    /// (platform, token endpoint, client, user, scopes, audience), and says nothing but the platform. A new secret is no new
    /// name, and a client whose connection becomes another one goes to that one's file.
    #[classmethod]
    #[pyo3(signature = (directory, connection, *, keys = None))]
    fn in_directory(
        _cls: &Bound<'_, PyType>,
        directory: PathBuf,
        connection: &Bound<'_, ConnectionBase>,
        keys: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self::of(directory, connection.get().native.get().as_ref(), Sealing::read(keys)?))
    }

    /// The stores in this directory that `in_directory` named, those of other scopes among them; none when there is no such
    /// directory.
    #[classmethod]
    #[pyo3(signature = (directory, *, keys = None))]
    fn all_in_directory(
        _cls: &Bound<'_, PyType>,
        directory: PathBuf,
        keys: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<Self>> {
        let sealing = Sealing::read(keys)?;
        let found = store::FileStore::list(directory).map_err(|error| unavailable(&error))?;
        let of_this = |file| Self { store: sealing.of(file), directory: None, sealing: sealing.clone() };
        Ok(found.into_iter().map(of_this).collect())
    }

    /// The store for this connection's tokens.
    fn _of(slf: &Bound<'_, Self>, connection: &cxauth_bridge::Connection) -> PyResult<Py<Self>> {
        let own = slf.get();
        match &own.directory {
            Some(directory) => {
                Py::new(slf.py(), Self::of(directory.clone(), connection.as_ref(), own.sealing.clone()))
            }
            None => Ok(slf.clone().unbind()),
        }
    }

    /// The file.
    #[getter]
    fn path(&self) -> String {
        self.store.path().display().to_string()
    }

    /// Reads the key that encrypts the file, and makes it in the keychain if there is none: so a program finds out whether that
    /// works, and chooses otherwise if it does not.
    fn prepare_key(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.store.prepare_key()).map_err(|error| unavailable(&error))
    }

    /// What the file holds, without the lock: text that is all secret; absent when there is none. A whole set is seen, never
    /// half of one.
    fn look<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let stored = py.detach(|| self.store.load()).map_err(|error| unavailable(&error))?;
        Ok(stored.map(|snapshot| secret::text(py, &snapshot)))
    }

    /// Takes the lock, or waits for it so many seconds at most. The operating system gives it back when its holder dies.
    #[pyo3(signature = (timeout = 20.0))]
    fn lock(&self, py: Python<'_>, timeout: f64) -> PyResult<StoreLock> {
        let deadline = deadline(timeout)?;
        loop {
            let soon = deadline.min(Instant::now() + SIGNALS);
            match py.detach(|| self.store.lock(soon)) {
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
    fn of(directory: PathBuf, connection: &Connection, sealing: Sealing) -> Self {
        let store = sealing.of(store::FileStore::in_directory(&directory, connection));
        Self { store, directory: Some(directory), sealing }
    }

    pub(crate) fn as_native(&self) -> store::FileStore {
        self.store.clone()
    }
}

impl Sealing {
    fn read(keys: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(keys) = keys else { return Ok(Self::None) };
        let Ok(entry) = keys.cast::<Keychain>() else {
            return parse_keys(keys, "keys: text or a cxauth.Keychain is wanted")
                .map(|keys| Self::Keys(Box::new(keys)));
        };
        let parts = entry.get().entry().split_once('/').filter(|(service, _)| !service.is_empty());
        let (service, account) =
            parts.ok_or_else(|| invalid("keys: a Keychain is named as service/account"))?;
        Ok(Self::Keychain { service: service.to_owned(), account: account.to_owned() })
    }

    fn of(&self, store: store::FileStore) -> store::FileStore {
        match self {
            Self::None => store,
            Self::Keys(keys) => store.sealed(StoreKeys::clone(keys)),
            Self::Keychain { service, account } => store.sealed_by_keychain(service, account),
        }
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

/// The text of new keys, for `keys`: one that encrypts, under this name, and one that names places in a Redis. It is a secret:
/// keep it where you keep client secrets.
#[pyfunction]
pub(crate) fn generate_keys<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyString>> {
    let text = StoreKeys::generate(name).map_err(|error| invalid(&error.to_string()))?;
    Ok(secret::keys(py, &text))
}

/// What is no text is not shown: it may be a secret all the same.
pub(crate) fn parse_keys(keys: &Bound<'_, PyAny>, wanted: &'static str) -> PyResult<StoreKeys> {
    let text: String = keys.extract().map_err(|_| PyTypeError::new_err(wanted))?;
    StoreKeys::from_text(&Secret::new(text)).map_err(|error| invalid(&error.to_string()))
}

pub(crate) fn invalid(detail: &str) -> PyErr {
    AuthError::from(Error::new(ErrorCode::InvalidSetting).with_detail(&format!("store: {detail}"))).into()
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
