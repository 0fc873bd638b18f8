//! Where tokens outlive a process, and where processes agree on who renews them.
//!
//! A store is one place with one lock. A flight takes the lock, reads what is there, renews only when that is needed, makes
//! the new set durable and gives the lock back; so of many processes one renews and the others find its result.
//!
//! The functions block. The client calls them away from its async threads.
//!
//! ```
//! use cxauth::store::FileStore;
//! use std::time::{Duration, Instant};
//!
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("tokens");
//! let store = FileStore::new(path);
//! let mut locked = store.lock(Instant::now() + Duration::from_secs(10))?;
//! if let Some(snapshot) = locked.load()? {
//!     println!("generation {} is there", snapshot.generation());
//! }
//! locked.unlock();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod file;
mod memory;
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "a place of one's own needs no name"))]
mod name;
#[cfg(feature = "redis")]
mod redis;
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "a place of one's own needs no name"))]
mod seal;

pub use file::{FileLock, FileStore};
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::{Redis, RedisBuilder, RedisStore};
pub use seal::{SealError, StoreKeys};

use crate::{Connection, ErrorCode, Snapshot};
use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

/// A place that keeps the tokens of one session.
pub trait Store: Send + Sync + 'static {
    /// Takes the lock, or waits for it until `deadline`. A lock must end with its holder: one that outlives a dead process
    /// stops every other one.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when somebody else holds it at the deadline; other errors when the place cannot be used.
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError>;

    /// What the store holds, without waiting for the lock: for a look, and for who cannot get the lock and can do with what is
    /// there. Another one may be writing.
    ///
    /// # Errors
    /// As [`Locked::load`]; what cannot be understood stays where it is.
    fn look(&self) -> Result<Option<Snapshot>, StoreError> {
        self.lock(Instant::now())?.load()
    }

    /// The place for the tokens of a connection that [`Client::change`](crate::Client::change) made another one: with another
    /// client, user, server or scopes. Without one this place stays, and what it held is written over.
    fn for_connection(&self, connection: &Connection) -> Option<Arc<dyn Store>> {
        let _ = connection;
        None
    }

    /// The place for the tokens of another set of scopes of the same connection. Without one these live in memory only.
    fn for_scopes(&self, scopes: &[String]) -> Option<Arc<dyn Store>> {
        let _ = scopes;
        None
    }
}

/// A store that was chosen at run time.
impl<S: Store + ?Sized> Store for Arc<S> {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        (**self).lock(deadline)
    }

    fn look(&self) -> Result<Option<Snapshot>, StoreError> {
        (**self).look()
    }

    fn for_connection(&self, connection: &Connection) -> Option<Arc<dyn Store>> {
        (**self).for_connection(connection)
    }

    fn for_scopes(&self, scopes: &[String]) -> Option<Arc<dyn Store>> {
        (**self).for_scopes(scopes)
    }
}

/// A store whose lock is held. Dropping it gives the lock back.
pub trait Locked: Send {
    /// What the store holds; none when it is empty.
    ///
    /// # Errors
    /// When it cannot be read. What cannot be understood is never deleted and never counts as empty.
    fn load(&mut self) -> Result<Option<Snapshot>, StoreError>;

    /// Makes the set durable: after a crash at any moment the store holds the old set or the new one. An equal generation is
    /// written too: it says what a failed renewal taught, that the refresh token may be spent and until when to wait.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when the store holds a later generation; other errors when it cannot be written.
    fn save(&mut self, snapshot: &Snapshot) -> Result<(), StoreError>;
}

/// Why a store could not be used. It never holds a secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else held the lock until the deadline.
    Locked {
        /// The lock.
        path: PathBuf,
    },
    /// What was there cannot be understood.
    Damaged {
        /// Where it was.
        path: PathBuf,
        /// Where it was put aside; none when that was not possible without the lock.
        aside: Option<PathBuf>,
    },
    /// It was written by a newer cxauth and stays where it is.
    NewerFormat {
        /// Where it is.
        path: PathBuf,
    },
    /// The store holds a later generation than the one to be saved.
    Newer,
    /// Others could read or replace what is there.
    Exposed {
        /// Where it is.
        path: PathBuf,
    },
    /// Others could put files into the directory, or it is somebody else's.
    ExposedDirectory {
        /// Where it is.
        path: PathBuf,
    },
    /// The system's keychain does not give the key.
    Keychain {
        /// The entry.
        entry: String,
        /// What the keychain said.
        why: String,
    },
    /// The operating system refused.
    Io {
        /// What was tried.
        what: &'static str,
        /// With which file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What is there cannot be sealed or opened; it stays where it is.
    Sealed {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        source: SealError,
    },
    /// The server of the store does not answer, or cannot work; what would have needed it is tried again later.
    Unreachable {
        /// Which server.
        path: PathBuf,
        /// What happened.
        why: String,
    },
    /// The server of the store answers and refuses; a person has to do something.
    Refused {
        /// Which server.
        path: PathBuf,
        /// What it refuses, and what to do.
        why: String,
    },
    /// Anything else; for stores of one's own. The text must hold no secret.
    Other(String),
}

impl StoreError {
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { what, path: path.to_path_buf(), source }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked { path } => {
                write!(formatter, "{}: another process holds the lock; wait for it or end it", path.display())
            }
            Self::Damaged { path, aside: Some(aside) } => write!(
                formatter,
                "{}: damaged, put aside as {}; the next attempt starts without it",
                path.display(),
                aside.display()
            ),
            Self::Damaged { path, aside: None } => {
                write!(formatter, "{}: damaged; move it away to start without it", path.display())
            }
            Self::NewerFormat { path } => {
                write!(formatter, "{}: {}", path.display(), ErrorCode::SnapshotFromNewerVersion.advice())
            }
            Self::Newer => formatter.write_str("the store holds a later set of tokens; acquire again"),
            Self::Exposed { path } => write!(
                formatter,
                "{}: not a file that only its owner, who runs this process, may read and write; set its mode to 600",
                path.display()
            ),
            Self::ExposedDirectory { path } => write!(
                formatter,
                "{}: not a directory of the user who runs this process, or others may write into it; take one of your own, \
                 with mode 700",
                path.display()
            ),
            Self::Keychain { entry, why } => write!(
                formatter,
                "the keychain entry {entry}, which encrypts the store: {why}; unlock the keychain, or choose to keep tokens \
                 without it"
            ),
            Self::Io { what, path, source } => {
                write!(formatter, "cannot {what} {}: {source}", path.display())
            }
            Self::Sealed { path, source } => write!(formatter, "{}: {source}", path.display()),
            Self::Unreachable { path, why } => {
                write!(formatter, "{}: unreachable ({why}); it is tried again", path.display())
            }
            Self::Refused { path, why } => write!(formatter, "{}: {why}", path.display()),
            Self::Other(text) => formatter.write_str(text),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Sealed { source, .. } => Some(source),
            _ => None,
        }
    }
}
