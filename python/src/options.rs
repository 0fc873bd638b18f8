//! What a client is made of besides its connection.

use crate::{
    clock::ManualClock,
    functions::Functions,
    own_store::{self, OwnStore},
    redis::{Place, Redis},
    store::FileStore,
};
use cxauth::{Builder, Connection, Error, ErrorCode};
use cxauth_bridge::AuthError;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyDict},
};
use reqwest::{Certificate, Proxy, redirect::Policy};
use std::{fs, path::PathBuf, sync::Arc, time::Duration};

#[derive(Default)]
pub(crate) struct Options {
    timeout: Option<Duration>,
    patience: Duration,
    pub(crate) background: bool,
    proxy: Option<Proxy>,
    no_proxy: bool,
    certificates: Vec<Certificate>,
    store: Option<Store>,
    clock: Option<cxauth::ManualClock>,
}

enum Store {
    File(cxauth::store::FileStore),
    Redis(Arc<Place>),
    /// One of the program's own, which the client's functions hold.
    Own,
}

impl Options {
    /// Takes what is an option out of the keyword arguments; what is left are settings.
    pub(crate) fn take(keywords: &Bound<'_, PyDict>, functions: &Functions) -> PyResult<Self> {
        let mut options = Self::default();
        if let Some(value) = pop(keywords, "timeout")? {
            options.timeout = Some(seconds("timeout", &value)?);
        }
        if let Some(value) = pop(keywords, "patience")? {
            options.patience = seconds("patience", &value)?;
        }
        if let Some(value) = pop(keywords, "background")? {
            options.background = value.is_truthy()?;
        }
        if let Some(value) = pop(keywords, "proxy")? {
            let address: String = value.extract().map_err(|_| wrong("proxy", "the text of an address"))?;
            // The address may hold a password: what is wrong with it is not repeated.
            options.proxy = Some(Proxy::all(address).map_err(|_| invalid("proxy: an address is wanted"))?);
        }
        if let Some(value) = pop(keywords, "trust_env")? {
            options.no_proxy = !value.is_truthy()?;
        }
        if let Some(value) = pop(keywords, "root_certificates")? {
            options.certificates = certificates(&value)?;
        }
        if let Some(value) = pop(keywords, "store")? {
            options.store = Some(match (value.cast::<FileStore>(), value.cast::<Redis>()) {
                (Ok(store), _) => Store::File(store.get().as_native()),
                (_, Ok(redis)) => Store::Redis(redis.get().place()),
                _ => {
                    own_store::check(&value)?;
                    functions.set(own_store::NAME.to_owned(), value.unbind());
                    Store::Own
                }
            });
        }
        if let Some(value) = pop(keywords, "clock")? {
            let clock = value.cast::<ManualClock>().map_err(|_| wrong("clock", "a cxauth.ManualClock"))?;
            options.clock = Some(clock.get().as_native());
        }
        Ok(options)
    }

    /// An HTTP client of its own that goes the same way and follows no redirect.
    pub(crate) fn http(&self) -> PyResult<reqwest::Client> {
        let mut builder = reqwest::Client::builder().redirect(Policy::none());
        builder = builder.timeout(self.timeout.unwrap_or(Duration::from_secs(30)));
        if self.no_proxy {
            builder = builder.no_proxy();
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.clone());
        }
        for certificate in &self.certificates {
            builder = builder.add_root_certificate(certificate.clone());
        }
        builder.build().map_err(|_| invalid("no HTTP client can be made of that"))
    }

    pub(crate) fn has_store(&self) -> bool {
        self.store.is_some()
    }

    pub(crate) fn give_to(
        &self,
        mut builder: Builder,
        connection: &Connection,
        functions: &Arc<Functions>,
    ) -> PyResult<Builder> {
        builder = builder.patience(self.patience).background(self.background);
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        if self.no_proxy {
            builder = builder.no_proxy();
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.clone());
        }
        for certificate in &self.certificates {
            builder = builder.root_certificate(certificate.clone());
        }
        match &self.store {
            // A connection that became another one has another file.
            Some(Store::File(store)) => {
                builder = match cxauth::store::Store::for_connection(store, connection) {
                    Some(store) => builder.store(store),
                    None => builder.store(store.clone()),
                };
            }
            Some(Store::Redis(place)) => builder = builder.store(place.here()?.store(connection)),
            Some(Store::Own) => builder = builder.store(OwnStore(Arc::clone(functions))),
            None => {}
        }
        Ok(match &self.clock {
            Some(clock) => builder.clock(clock.clone()),
            None => builder,
        })
    }
}

/// None says nothing, as everywhere.
fn pop<'py>(keywords: &Bound<'py, PyDict>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let value = keywords.get_item(name)?;
    if value.is_some() {
        keywords.del_item(name)?;
    }
    Ok(value.filter(|value| !value.is_none()))
}

fn seconds(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let wanted = || format!("{name}: seconds, 0 or more, are wanted");
    let seconds: f64 = value.extract().map_err(|_| PyTypeError::new_err(wanted()))?;
    Duration::try_from_secs_f64(seconds).map_err(|_| PyValueError::new_err(wanted()))
}

/// PEM, as bytes or in a file.
fn certificates(value: &Bound<'_, PyAny>) -> PyResult<Vec<Certificate>> {
    let bytes = match value.cast::<PyBytes>() {
        Ok(bytes) => bytes.as_bytes().to_vec(),
        Err(_) => fs::read(value.extract::<PathBuf>()?)?,
    };
    match Certificate::from_pem_bundle(&bytes) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(invalid("root_certificates: certificates in PEM form are wanted")),
    }
}

fn invalid(detail: &str) -> PyErr {
    AuthError::from(Error::new(ErrorCode::InvalidSetting).with_detail(detail)).into()
}

fn wrong(name: &str, wanted: &str) -> PyErr {
    PyTypeError::new_err(format!("{name}: {wanted} is wanted"))
}
