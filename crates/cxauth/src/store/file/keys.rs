//! The keys that seal a file: none, given ones, or one in the system's keychain.

use crate::store::{StoreError, StoreKeys};
#[cfg(feature = "keychain")]
use crate::{secret::keychain::Entry, store::SealError};
use std::{path::Path, sync::Arc};
#[cfg(feature = "keychain")]
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// How long a process waits while another one makes the key.
#[cfg(feature = "keychain")]
const MAKING: Duration = Duration::from_secs(20);

#[derive(Clone, Debug, Default)]
pub(super) enum Keys {
    #[default]
    None,
    Given(Arc<StoreKeys>),
    #[cfg(feature = "keychain")]
    Keychain {
        entry: Entry,
        /// Read once: a keychain may ask a person.
        keys: Arc<OnceLock<Arc<StoreKeys>>>,
    },
}

impl Keys {
    #[cfg(feature = "keychain")]
    pub(super) fn keychain(service: String, account: String) -> Self {
        Self::Keychain { entry: Entry { service, account }, keys: Arc::default() }
    }

    /// Whether no other key has the name of one of them.
    pub(super) fn are_unique(&self) -> bool {
        !matches!(self, Self::None | Self::Given(_))
    }

    /// None when nothing is sealed. A key in the keychain is made when there is none.
    pub(super) fn to_seal(&self, _path: &Path) -> Result<Option<Arc<StoreKeys>>, StoreError> {
        match self {
            Self::None => Ok(None),
            Self::Given(keys) => Ok(Some(Arc::clone(keys))),
            #[cfg(feature = "keychain")]
            Self::Keychain { entry, keys } => {
                if let Some(keys) = self.to_open(_path)? {
                    return Ok(Some(keys));
                }
                let made = make(entry, _path)?;
                Ok(Some(Arc::clone(keys.get_or_init(|| Arc::new(made)))))
            }
        }
    }

    /// None when there is no key.
    pub(super) fn to_open(&self, _path: &Path) -> Result<Option<Arc<StoreKeys>>, StoreError> {
        match self {
            Self::None => Ok(None),
            Self::Given(keys) => Ok(Some(Arc::clone(keys))),
            #[cfg(feature = "keychain")]
            Self::Keychain { entry, keys } => {
                if keys.get().is_none() {
                    let Some(read) = read(entry)? else { return Ok(None) };
                    let _ = keys.set(Arc::new(read));
                }
                Ok(keys.get().map(Arc::clone))
            }
        }
    }
}

#[cfg(feature = "keychain")]
fn read(entry: &Entry) -> Result<Option<StoreKeys>, StoreError> {
    let Some(text) = entry.read().map_err(|why| refused(entry, why))? else { return Ok(None) };
    StoreKeys::from_text(&text).map(Some).map_err(|error| refused(entry, error.to_string()))
}

/// Two processes that both find no key must not both make one: what the first sealed would never open again.
#[cfg(feature = "keychain")]
fn make(entry: &Entry, path: &Path) -> Result<StoreKeys, StoreError> {
    let guard = super::FileStore::new(super::directory(path).join("keychain"));
    let _guard = guard.lock(Instant::now() + MAKING)?;
    if let Some(keys) = read(entry)? {
        return Ok(keys);
    }
    let failed = |error: SealError| refused(entry, error.to_string());
    let text = StoreKeys::generate_unique().map_err(failed)?;
    entry.write(&text).map_err(|why| refused(entry, why))?;
    // What it really keeps is what counts.
    read(entry)?.ok_or_else(|| refused(entry, "it did not keep the new key".to_owned()))
}

#[cfg(feature = "keychain")]
fn refused(entry: &Entry, why: String) -> StoreError {
    StoreError::Keychain { entry: entry.to_string(), why }
}
