//! A file, with a lock file beside it.

mod content;
mod fault;
mod keys;
#[cfg_attr(unix, path = "file/place_unix.rs")]
#[cfg_attr(not(unix), path = "file/place_elsewhere.rs")]
mod place;

use super::{Locked, Store, StoreError, StoreKeys};
use crate::{Connection, Snapshot};
use keys::Keys;
use place::Place;
use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use zeroize::Zeroizing;

/// More than any snapshot needs, in bytes.
const LONGEST: u64 = 1 << 20;
/// How often a lock is tried for: flock knows no time limit.
const PAUSE: Duration = Duration::from_millis(20);
/// How the names of files end that [`FileStore::in_directory`] gives.
const ENDING: &str = ".tokens";
const LOCK: &str = ".lock";
const NEW: &str = ".new";
const DAMAGED: &str = ".damaged-";
const SCOPES: &str = ".scopes-";

/// Keeps the tokens in a file that only its owner can read, and its lock in a file beside it (`NAME.lock`, empty, never
/// removed). The operating system gives the lock back when its holder dies. The file must lie on a disk of this machine:
/// locks of network file systems cannot be relied on.
///
/// The directory is made with mode 0700 when it is not there, the files with mode 0600 from their first byte. A directory, a
/// lock or a file that belongs to somebody else or that others may write to (files: read as well) is refused, and so is a
/// symbolic link in a file's place. A file that cannot be understood is renamed to `NAME.damaged-1` (`-2`, …), never deleted.
///
/// Without a key the tokens stand in the file as text. [`FileStore::sealed`] and `FileStore::sealed_by_keychain` encrypt them;
/// a file of before is read, and sealed at the next save.
#[derive(Clone, Debug)]
pub struct FileStore {
    path: PathBuf,
    /// Where the path comes from the connection.
    directory: Option<PathBuf>,
    keys: Keys,
}

/// The lock of a [`FileStore`], held until it is dropped.
#[derive(Debug)]
#[must_use = "a lock that is dropped is given back at once"]
pub struct FileLock {
    store: FileStore,
    place: Place,
    file: File,
    /// Who took it. A child that it forks has the file open too.
    process: u32,
}

impl FileStore {
    /// A store in this file. Nothing is touched before it is locked; then the directory is made if it is not there.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), directory: None, keys: Keys::default() }
    }

    /// A store in a file of its own for each connection, in this directory: its name comes from all that shapes the tokens
    /// (platform, token endpoint, client, user, scopes, audience), and says nothing but the platform. A new secret is no new
    /// name. A client whose connection becomes another one ([`Client::change`](crate::Client::change)) goes to that one's file.
    ///
    /// ```
    /// use cxauth::{Connection, Settings, store::FileStore};
    ///
    /// let settings = Settings::new("cloudlx").client_id("id");
    /// let one = Connection::new(settings.clone().client_secret("one"))?;
    /// let two = Connection::new(settings.client_secret("two"))?;
    /// let path = |connection| FileStore::in_directory("/var/lib/app", connection).path().to_owned();
    /// assert_eq!(path(&one), path(&two));
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    pub fn in_directory(directory: impl AsRef<Path>, connection: &Connection) -> Self {
        let directory = directory.as_ref();
        let name = super::name::file_name(connection);
        Self { directory: Some(directory.to_path_buf()), ..Self::new(directory.join(name + ENDING)) }
    }

    /// The stores in this directory that [`FileStore::in_directory`] named, and those of other scopes; none when there is no
    /// such directory.
    ///
    /// # Errors
    /// [`StoreError::Io`]
    pub fn list(directory: impl AsRef<Path>) -> Result<Vec<Self>, StoreError> {
        let directory = directory.as_ref();
        let failed = |error| StoreError::io("list", directory)(error);
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut stores = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            if name.to_str().is_some_and(is_of_a_store) {
                stores.push(Self::new(directory.join(name)));
            }
        }
        stores.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(stores)
    }

    /// Encrypts the file with these keys ([`StoreKeys::from_text`]).
    #[must_use]
    pub fn sealed(self, keys: StoreKeys) -> Self {
        Self { keys: Keys::Given(Arc::new(keys)), ..self }
    }

    /// Encrypts the file with a key of its own in the system's keychain (Secret Service, macOS, Windows), in the entry of this
    /// service and account; it is made when there is none. Nothing happens before the store is used.
    ///
    /// The keychain says who may read the key: on Linux and Windows every program that runs as this user.
    #[cfg(feature = "keychain")]
    #[must_use]
    pub fn sealed_by_keychain(self, service: impl Into<String>, account: impl Into<String>) -> Self {
        Self { keys: Keys::keychain(service.into(), account.into()), ..self }
    }

    /// Reads the key that encrypts the file, and makes it in the keychain if there is none, so that a program can find out
    /// whether that works and choose otherwise if it does not. Nothing to do without `sealed_by_keychain`.
    ///
    /// # Errors
    /// [`StoreError::Keychain`], and those of [`FileStore::lock`].
    pub fn prepare_key(&self) -> Result<(), StoreError> {
        self.keys.to_seal(&self.path).map(drop)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the lock, or waits for it until `deadline`.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Exposed`], [`StoreError::ExposedDirectory`], [`StoreError::Io`].
    pub fn lock(&self, deadline: Instant) -> Result<FileLock, StoreError> {
        let place = Place::make(directory(&self.path))?;
        let name = self.name(LOCK);
        let path = beside(&self.path, LOCK);
        loop {
            let file = place.lock_file(&name)?;
            loop {
                match file.try_lock() {
                    Ok(()) => break,
                    Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", &path)(error)),
                    Err(TryLockError::WouldBlock) => {}
                }
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(StoreError::Locked { path });
                }
                thread::park_timeout(left.min(PAUSE));
            }
            // Somebody may have removed it meanwhile; then the next one would lock another file.
            if place.holds(&name, &file)? {
                return Ok(FileLock { store: self.clone(), place, file, process: process::id() });
            }
        }
    }

    /// What the file holds, without the lock: for a look. A whole set is seen, never half of one.
    ///
    /// # Errors
    /// As [`FileLock::load`], but a damaged file stays where it is.
    pub fn load(&self) -> Result<Option<Snapshot>, StoreError> {
        match Place::open(directory(&self.path))? {
            Some(place) => self.read(&place),
            None => Ok(None),
        }
    }

    fn read(&self, place: &Place) -> Result<Option<Snapshot>, StoreError> {
        let failed = |error| StoreError::io("read", &self.path)(error);
        let Some(file) = place.file(&self.name(""))? else { return Ok(None) };
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > LONGEST {
            return Err(StoreError::Damaged { path: self.path.clone(), aside: None });
        }
        content::read(&self.path, &bytes, &self.keys).map(Some)
    }

    /// The file's name, and the names of those beside it.
    fn name(&self, suffix: &str) -> OsString {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        name
    }
}

impl Store for FileStore {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        Ok(Box::new(FileStore::lock(self, deadline)?))
    }

    fn look(&self) -> Result<Option<Snapshot>, StoreError> {
        self.load()
    }

    fn for_connection(&self, connection: &Connection) -> Option<Arc<dyn Store>> {
        let directory = self.directory.as_ref()?;
        Some(Arc::new(Self { keys: self.keys.clone(), ..Self::in_directory(directory, connection) }))
    }

    fn for_scopes(&self, scopes: &[String]) -> Option<Arc<dyn Store>> {
        let name = fnv_1a(scopes.join(" ").as_bytes());
        let path = beside(&self.path, &format!("{SCOPES}{name:016x}"));
        Some(Arc::new(Self { path, directory: None, keys: self.keys.clone() }))
    }
}

impl FileLock {
    /// What the file holds; none when there is no file.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] once (the file is put aside), [`StoreError::NewerFormat`], [`StoreError::Exposed`],
    /// [`StoreError::Sealed`] when it was sealed with another key, [`StoreError::Keychain`], [`StoreError::Io`].
    pub fn load(&mut self) -> Result<Option<Snapshot>, StoreError> {
        match self.store.read(&self.place) {
            Err(StoreError::Damaged { path, .. }) => {
                let aside = self.put_aside().map_err(StoreError::io("put aside", &path))?;
                Err(StoreError::Damaged { path, aside: Some(aside) })
            }
            result => result,
        }
    }

    /// Writes a new file and puts it in the old one's place, both made durable.
    ///
    /// # Errors
    /// [`StoreError::Newer`], and those of [`FileLock::load`].
    pub fn save(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        if self.load()?.is_some_and(|stored| stored.generation() > snapshot.generation()) {
            return Err(StoreError::Newer);
        }
        let content = content::write(&self.store.path, snapshot, &self.store.keys)?;
        let new = self.store.name(NEW);
        // The lock is ours, so a file of this name is what a writer left that died.
        self.place.remove(&new)?;
        self.replace(&new, &content).inspect_err(|_| {
            // A full disk must not stay full because of it.
            let _ = self.place.remove(&new);
        })
    }

    /// Gives the lock back, as dropping does.
    pub fn unlock(self) {}

    fn replace(&self, new: &OsString, content: &[u8]) -> Result<(), StoreError> {
        let path = beside(&self.store.path, NEW);
        let failed = |error| StoreError::io("write", &path)(error);
        fault::point("before anything");
        let mut file = self.place.create(new)?;
        fault::point("created");
        let (half, rest) = content.split_at(content.len() / 2);
        file.write_all(half).map_err(failed)?;
        fault::point("half written");
        file.write_all(rest).map_err(failed)?;
        fault::point("written");
        file.sync_all().map_err(failed)?;
        fault::point("durable");
        drop(file);
        self.place.rename(new, &self.store.name(""))?;
        fault::point("in place");
        self.place.sync()?;
        fault::point("in place for good");
        Ok(())
    }

    fn put_aside(&self) -> io::Result<PathBuf> {
        for number in 1..u32::MAX {
            let suffix = format!("{DAMAGED}{number}");
            // Under the lock nobody else makes these names.
            if !self.place.has(&self.store.name(&suffix))? {
                self.place.put_aside(&self.store.name(""), &self.store.name(&suffix))?;
                return Ok(beside(&self.store.path, &suffix));
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl Drop for FileLock {
    /// Closing the file is not enough where a child was forked meanwhile, which has it open yet; and a child that closes it gives
    /// back nothing of its parent's.
    fn drop(&mut self) {
        if self.process == process::id() {
            // Closing it does the same, if this fails.
            let _ = self.file.unlock();
        }
    }
}

impl Locked for FileLock {
    fn load(&mut self) -> Result<Option<Snapshot>, StoreError> {
        FileLock::load(self)
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        FileLock::save(self, snapshot)
    }
}

fn is_of_a_store(name: &str) -> bool {
    let Some((_, rest)) = name.split_once(ENDING) else { return false };
    let is_scopes = || {
        let digits = rest.strip_prefix(SCOPES);
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    rest.is_empty() || is_scopes()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A name that is the same in every process and of one length whatever the scopes are.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
