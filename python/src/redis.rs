//! Tokens that a fleet shares, in a Redis, a Valkey or a cluster of either.

use crate::{
    fork, secret,
    store::{StoreLock, deadline, invalid, parse_keys, unavailable},
};
use cxauth::{
    Connection, Secret,
    store::{self, Store, StoreKeys},
};
use cxauth_bridge::AuthError;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyString},
};
use std::{
    fs, mem,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// A Redis, a Valkey or a cluster of either, for the tokens of a fleet.
///
/// All processes of all machines that name the same server and have the same keys share one token and one renewal, whatever
/// languages they are written in. One object serves any number of connections. It connects to nothing before the first
/// renewal, and a child that was forked makes connections of its own.
///
/// - `url`: `redis://HOST:PORT/DATABASE`, `rediss://` for TLS, `redis+cluster://HOST:PORT,HOST:PORT` and
///   `rediss+cluster://` for a cluster, `redis+unix:///PATH`;
/// - `keys`: a text with a line for each key that seals what is stored, `NAME:32 bytes in base64`, and one of the name
///   `names`; the same in every process;
/// - `username` and `password`: whom it lets in;
/// - `prefix`: what the names of all keys begin with;
/// - `root_certificate`: trusts this certificate authority instead of the system's (PEM, as bytes or in a file);
/// - `client_certificate` and `client_key`: shows this certificate (PEM, as bytes or in files);
/// - `plain`: sends the password without TLS, where the network itself is safe;
/// - `timeout`: how long connecting and each answer may take, in seconds;
/// - `lease`: how long the lock of a process that died keeps the others out, in seconds;
/// - `replicas`: a set counts as saved when so many replicas have it;
/// - `keep`: how long a set stays after it was saved, and after the end of the last token in it where that is known, in
///   seconds, one day at least; None: for ever. Take longer than any refresh token is good for unused;
/// - `alone_after`: how long the server may be unreachable, in seconds, before this process renews on its own; None: it never
///   does.
#[pyclass(module = "cxauth.stores", frozen)]
pub(crate) struct Redis(Arc<Place>);

/// The tokens of one connection there.
#[pyclass(module = "cxauth._native", frozen)]
pub(crate) struct RedisStore {
    place: Arc<Place>,
    connection: Connection,
    /// As long as there is one, this process knows the newest set that it saw.
    here: Mutex<(u64, store::RedisStore)>,
}

/// How to get there, and what this process has of it.
pub(crate) struct Place {
    settings: Settings,
    here: Mutex<(u64, store::Redis)>,
}

struct Settings {
    url: Secret,
    keys: StoreKeys,
    username: Option<String>,
    password: Option<Secret>,
    prefix: String,
    root_certificate: Option<Vec<u8>>,
    client_certificate: Option<(Vec<u8>, Secret)>,
    plain: bool,
    timeout: Duration,
    lease: Duration,
    replicas: u32,
    keep: Option<Duration>,
    alone_after: Option<Duration>,
}

#[pymethods]
impl Redis {
    #[new]
    #[pyo3(signature = (
        url, keys, *, username = None, password = None, prefix = "cxauth", root_certificate = None,
        client_certificate = None, client_key = None, plain = false, timeout = 2.0, lease = 15.0, replicas = 0,
        keep = None, alone_after = Some(10.0)
    ), text_signature = "(url, keys, *, username=None, password=None, prefix='cxauth', root_certificate=None, \
        client_certificate=None, client_key=None, plain=False, timeout=2.0, lease=15.0, replicas=0, keep=None, alone_after=10.0)")]
    #[allow(clippy::too_many_arguments, reason = "keywords, as Python has them")]
    fn new(
        url: &Bound<'_, PyAny>,
        keys: &Bound<'_, PyAny>,
        username: Option<String>,
        password: Option<&Bound<'_, PyAny>>,
        prefix: &str,
        root_certificate: Option<&Bound<'_, PyAny>>,
        client_certificate: Option<&Bound<'_, PyAny>>,
        client_key: Option<&Bound<'_, PyAny>>,
        plain: bool,
        timeout: f64,
        lease: f64,
        replicas: u32,
        keep: Option<f64>,
        alone_after: Option<f64>,
    ) -> PyResult<Self> {
        let client_certificate = match (client_certificate, client_key) {
            (Some(certificate), Some(key)) => Some((pem(certificate)?, private_key(key)?)),
            (None, None) => None,
            _ => return Err(invalid("client_certificate and client_key go together")),
        };
        let settings = Settings {
            url: text("url", url)?,
            keys: parse_keys(keys, "keys: text is wanted")?,
            username,
            password: password.map(|password| text("password", password)).transpose()?,
            prefix: prefix.to_owned(),
            root_certificate: root_certificate.map(pem).transpose()?,
            client_certificate,
            plain,
            timeout: seconds("timeout", timeout)?,
            lease: seconds("lease", lease)?,
            replicas,
            keep: keep.map(|time| seconds("keep", time)).transpose()?,
            alone_after: alone_after.map(|time| seconds("alone_after", time)).transpose()?,
        };
        let redis = settings.open()?;
        Ok(Self(Arc::new(Place { settings, here: Mutex::new((fork::generation(), redis)) })))
    }

    /// The store for this connection's tokens.
    fn _of(&self, connection: &cxauth_bridge::Connection) -> PyResult<RedisStore> {
        RedisStore::at(&self.0, connection)
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("<cxauth.stores.{:?}>", self.0.here()?))
    }
}

#[pymethods]
impl RedisStore {
    /// What lies there, without the lock: text that is all secret; absent when there is nothing.
    fn look<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        let store = self.here()?;
        let stored = py.detach(|| store.load()).map_err(|error| unavailable(&error))?;
        Ok(stored.map(|snapshot| secret::text(py, &snapshot)))
    }

    /// Takes the lock, or waits for it so many seconds at most. It ends with its holder.
    fn lock(&self, py: Python<'_>, timeout: f64) -> PyResult<StoreLock> {
        let (store, deadline) = (self.here()?, deadline(timeout)?);
        let lock = py.detach(|| Store::lock(&store, deadline)).map_err(|error| unavailable(&error))?;
        Ok(StoreLock::of_a_server(lock))
    }

    /// The store for this connection's tokens.
    fn _of(&self, connection: &cxauth_bridge::Connection) -> PyResult<Self> {
        Self::at(&self.place, connection)
    }
}

impl Redis {
    pub(crate) fn place(&self) -> Arc<Place> {
        Arc::clone(&self.0)
    }
}

impl RedisStore {
    fn at(place: &Arc<Place>, connection: &cxauth_bridge::Connection) -> PyResult<Self> {
        let (place, connection) = (Arc::clone(place), connection.as_ref().clone());
        let here = Mutex::new((fork::generation(), place.here()?.store(&connection)));
        Ok(Self { place, connection, here })
    }

    fn here(&self) -> PyResult<store::RedisStore> {
        of_this_process(&self.here, || Ok(self.place.here()?.store(&self.connection)))
    }
}

impl Place {
    pub(crate) fn here(&self) -> PyResult<store::Redis> {
        of_this_process(&self.here, || self.settings.open())
    }
}

/// What this process has. A child must neither speak into its parent's connections nor wait for its locks: it makes its own.
fn of_this_process<T: Clone>(held: &Mutex<(u64, T)>, make: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
    if held.0 != fork::generation() {
        let parents = mem::replace(&mut *held, (fork::generation(), make()?));
        mem::forget(parents);
    }
    Ok(held.1.clone())
}

impl Settings {
    fn open(&self) -> PyResult<store::Redis> {
        let mut builder = secret::redis(&self.url, self.keys.clone())
            .prefix(self.prefix.clone())
            .plain(self.plain)
            .timeout(self.timeout)
            .lease(self.lease)
            .replicas(self.replicas);
        builder = match self.alone_after {
            Some(time) => builder.alone_after(time),
            None => builder.never_alone(),
        };
        if let Some(time) = self.keep {
            builder = builder.keep(time);
        }
        if let Some(username) = &self.username {
            builder = builder.username(username);
        }
        if let Some(password) = &self.password {
            builder = builder.password(password.clone());
        }
        if let Some(certificate) = &self.root_certificate {
            builder = builder.root_certificate(certificate.clone());
        }
        if let Some((certificate, key)) = &self.client_certificate {
            builder = builder.client_certificate(certificate.clone(), key.clone());
        }
        Ok(builder.build().map_err(AuthError::from)?)
    }
}

/// What is no text is not shown: it may be a secret all the same.
fn text(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Secret> {
    let text: String =
        value.extract().map_err(|_| PyTypeError::new_err(format!("{name}: text is wanted")))?;
    Ok(Secret::new(text))
}

fn seconds(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| PyValueError::new_err(format!("{name}: seconds, 0 or more, are wanted")))
}

/// PEM, as bytes or in a file.
fn pem(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    match value.cast::<PyBytes>() {
        Ok(bytes) => Ok(bytes.as_bytes().to_vec()),
        Err(_) => Ok(fs::read(value.extract::<PathBuf>()?)?),
    }
}

fn private_key(value: &Bound<'_, PyAny>) -> PyResult<Secret> {
    let key = String::from_utf8(pem(value)?);
    key.map(Secret::new).map_err(|_| invalid("client_key: PEM is wanted"))
}
