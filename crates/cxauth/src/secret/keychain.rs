//! Entries of the system's keychain: Secret Service, the macOS keychain, the Windows credential manager.

use crate::Secret;
use keyring_core::{CredentialStore, Entry as Credential, Error};
use std::{
    fmt,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};
use zeroize::Zeroizing;

/// A keychain that is locked may ask a person, or nobody.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// An entry, by the names that every keychain has for it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) service: String,
    pub(crate) account: String,
}

impl Entry {
    /// The entry's value; none when there is no entry. It blocks.
    pub(super) fn bytes(&self) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
        self.ask(|credential| match credential.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// The same as text.
    pub(crate) fn read(&self) -> Result<Option<Secret>, String> {
        let Some(bytes) = self.bytes()? else { return Ok(None) };
        let text = std::str::from_utf8(&bytes).map_err(|_| "it is not UTF-8")?;
        Ok(Some(Secret::new(text)))
    }

    /// Makes the entry, or gives it another value. It blocks.
    pub(crate) fn write(&self, value: &Secret) -> Result<(), String> {
        let value = value.clone();
        self.ask(move |credential| credential.set_secret(value.expose().as_bytes()))
    }

    /// In a thread of its own, which may stay behind: nothing can call a keychain back that waits for a person.
    fn ask<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Credential) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let (service, account) = (self.service.clone(), self.account.clone());
        let (answer, answered) = mpsc::channel();
        thread::Builder::new()
            .name("cxauth keychain".into())
            .spawn(move || {
                let result = store().and_then(|store| store.build(&service, &account, None));
                // Nobody listens when it took too long.
                let _ = answer.send(result.and_then(|credential| act(&credential)));
            })
            .map_err(|error| error.to_string())?;
        let result = answered.recv_timeout(TIME_LIMIT).map_err(|_| "it did not answer; is it locked?")?;
        result.map_err(|error| error.to_string())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.service, self.account)
    }
}

/// The program may have chosen one of its own.
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    keyring_core::get_default_store().map_or_else(system_store, Ok)
}

fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    #[cfg(target_os = "linux")]
    return Ok(zbus_secret_service_keyring_store::Store::new()?);
    #[cfg(target_os = "macos")]
    return Ok(apple_native_keyring_store::keychain::Store::new()?);
    #[cfg(windows)]
    return Ok(windows_native_keyring_store::Store::new()?);
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    Err(Error::NoDefaultStore)
}
