//! Where the command keeps tokens between runs.

use crate::{
    arguments::{Keep, Keychain},
    failure::{self, Failure},
};
use cxauth::{
    Connection, Grant, Snapshot,
    store::{FileStore, Store, StoreError},
};
use std::{
    env, fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A place for tokens.
pub(crate) enum Place {
    /// Nothing is kept.
    Nowhere,
    /// A file for each connection.
    Directory(PathBuf),
    /// A file for one connection.
    File(PathBuf),
    /// A server that others share.
    #[cfg(feature = "redis")]
    Redis {
        redis: cxauth::store::Redis,
        /// The address without user and password.
        label: String,
    },
}

impl Place {
    /// What the flag or the variable names, else the usual directory.
    pub(crate) fn of(keep: &Keep) -> Result<Self, Failure> {
        let Some(named) = keep.store.as_deref().filter(|named| !named.is_empty()) else {
            return usual_place().map(Self::Directory).ok_or_else(|| {
                Failure::configuration(
                    "the system names no home where tokens could be kept: name a place with --store, or --store none",
                )
            });
        };
        if named == "none" {
            return Ok(Self::Nowhere);
        }
        if named.contains("://") {
            return shared(named);
        }
        let path = PathBuf::from(named);
        Ok(if named.ends_with(std::path::is_separator) || path.is_dir() {
            Self::Directory(path)
        } else {
            Self::File(path)
        })
    }

    /// The store of a connection's tokens. Says once when they are kept in the clear because there is no keychain.
    pub(crate) fn store(
        &self,
        connection: &Connection,
        keychain: Keychain,
    ) -> Result<Option<Arc<dyn Store>>, Failure> {
        // A key that never ends is its own token.
        if connection.grant() == Grant::ApiKey {
            return Ok(None);
        }
        let file = match self {
            Self::Nowhere => return Ok(None),
            Self::Directory(directory) => FileStore::in_directory(directory, connection),
            Self::File(path) => FileStore::new(path),
            #[cfg(feature = "redis")]
            Self::Redis { redis, .. } => return Ok(Some(Arc::new(redis.store(connection)))),
        };
        Ok(Some(Arc::new(closed(file, keychain)?)))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => formatter.write_str("no place (--store none)"),
            Self::Directory(path) | Self::File(path) => path.display().fmt(formatter),
            #[cfg(feature = "redis")]
            Self::Redis { label, .. } => formatter.write_str(label),
        }
    }
}

/// A file of tokens, to look into; the keychain is asked only if the file is encrypted.
pub(crate) fn to_look_into(file: FileStore, keychain: Keychain) -> FileStore {
    if keychain == Keychain::Never { file } else { with_keychain(file) }
}

/// What a store holds, without waiting for anybody.
pub(crate) fn look(store: &dyn Store) -> Result<Option<Snapshot>, StoreError> {
    store.look()
}

/// The file with its tokens encrypted, where that is wanted and possible.
fn closed(file: FileStore, keychain: Keychain) -> Result<FileStore, Failure> {
    if keychain == Keychain::Never {
        return Ok(file);
    }
    let directory = directory(file.path());
    let is_first = !directory.exists();
    let sealed = with_keychain(file.clone());
    let why = match prepared(&sealed) {
        Ok(()) => return Ok(sealed),
        Err(why) => why,
    };
    if keychain == Keychain::Always {
        return Err(Failure::configuration(format!(
            "{why}; unlock it, or keep tokens without it: --keychain never"
        )));
    }
    // Encrypted before: what is there says more than a warning.
    if matches!(file.load(), Err(StoreError::Sealed { .. })) {
        return Ok(sealed);
    }
    if is_first {
        failure::complain(&format!(
            "warning: tokens are kept in {} for you alone, but not encrypted, because {why}; \
             say --keychain never if that is how you want it, or --store none",
            directory.display()
        ));
    }
    Ok(file)
}

#[cfg(feature = "keychain")]
fn with_keychain(file: FileStore) -> FileStore {
    let account = format!("tokens in {}", directory(file.path()).display());
    file.sealed_by_keychain("cxauth", account)
}

#[cfg(not(feature = "keychain"))]
fn with_keychain(file: FileStore) -> FileStore {
    file
}

#[cfg(feature = "keychain")]
fn prepared(sealed: &FileStore) -> Result<(), String> {
    sealed.prepare_key().map_err(|error| match error {
        StoreError::Keychain { why, .. } => format!("the system's keychain does not answer ({why})"),
        error => error.to_string(),
    })
}

#[cfg(not(feature = "keychain"))]
fn prepared(_: &FileStore) -> Result<(), String> {
    Err("this cxauth was built without the feature `keychain`, which looks for one".to_owned())
}

#[cfg(feature = "redis")]
fn shared(url: &str) -> Result<Place, Failure> {
    use cxauth::{
        Secret,
        store::{Redis, StoreKeys},
    };
    const KEYS: &str = "CXAUTH_STORE_KEYS";
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (login, hosts) = rest.rsplit_once('@').unwrap_or(("", rest));
    if login.contains(':') && env::args().any(|argument| argument.contains(url)) {
        return Err(Failure::configuration(
            "a password stands on the command line, which other users of the machine can read: \
             set the variable CXAUTH_STORE_PASSWORD, or CXAUTH_STORE to the whole address",
        ));
    }
    let keys = env::var(KEYS).ok().filter(|keys| !keys.is_empty()).ok_or_else(|| {
        Failure::configuration(format!(
            "the keys that encrypt a shared store are missing: set the variable {KEYS} to `names:KEY,2026-11:KEY`, \
             each KEY from `openssl rand -base64 32`, the same on every machine"
        ))
    })?;
    let keys = StoreKeys::from_text(&Secret::new(keys))
        .map_err(|error| Failure::configuration(format!("{error}; correct the variable {KEYS}")))?;
    let mut builder = Redis::builder(url, keys);
    if let Some(password) = env::var("CXAUTH_STORE_PASSWORD").ok().filter(|password| !password.is_empty()) {
        builder = builder.password(Secret::new(password));
    }
    if let Some(authority) = named_file("CXAUTH_STORE_ROOT_CERTIFICATE")? {
        builder = builder.root_certificate(authority);
    }
    let certificate = named_file("CXAUTH_STORE_CLIENT_CERTIFICATE")?;
    match (certificate, named_file("CXAUTH_STORE_CLIENT_KEY")?) {
        (Some(certificate), Some(key)) => {
            let key = String::from_utf8(key).map_err(|_| {
                Failure::configuration("the file that CXAUTH_STORE_CLIENT_KEY names is no key in PEM")
            })?;
            builder = builder.client_certificate(certificate, Secret::new(key));
        }
        (None, None) => {}
        _ => {
            return Err(Failure::configuration(
                "CXAUTH_STORE_CLIENT_CERTIFICATE and CXAUTH_STORE_CLIENT_KEY go together: set both, or neither",
            ));
        }
    }
    Ok(Place::Redis { redis: builder.build()?, label: format!("{scheme}://{hosts}") })
}

/// The content of the file that a variable names, if it names one.
#[cfg(feature = "redis")]
fn named_file(variable: &str) -> Result<Option<Vec<u8>>, Failure> {
    let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(None);
    };
    std::fs::read(&path).map(Some).map_err(|error| {
        let path = path.display();
        Failure::configuration(format!("cannot read {path}: {error}; correct the variable {variable}"))
    })
}

#[cfg(not(feature = "redis"))]
fn shared(_: &str) -> Result<Place, Failure> {
    Err(Failure::configuration(
        "this cxauth was built without the feature `redis`: build it with that, or name a directory with --store",
    ))
}

/// `$XDG_STATE_HOME/cxauth`, as other programs that keep something between runs.
fn usual_place() -> Option<PathBuf> {
    let variable = if cfg!(windows) { "LOCALAPPDATA" } else { "XDG_STATE_HOME" };
    let named = env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = named.or_else(|| env::home_dir().map(|home| home.join(".local/state")))?;
    Some(folder.join("cxauth"))
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
