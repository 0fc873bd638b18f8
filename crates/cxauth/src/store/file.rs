//! A file, with a lock file beside it.

use super::{Locked, Store, StoreError};
use crate::{ErrorCode, Snapshot, secret};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use zeroize::Zeroizing;

/// More than any snapshot needs, in bytes.
const LONGEST: u64 = 1 << 20;
/// How often a lock is tried for: flock knows no time limit.
const PAUSE: Duration = Duration::from_millis(20);

/// Keeps the tokens in a file that only its owner can read, and its lock in a file beside it (`NAME.lock`, empty, never
/// removed). The operating system gives the lock back when its holder dies. The file must lie on a disk of this machine:
/// locks of network file systems cannot be relied on.
///
/// A file that cannot be understood is renamed to `NAME.damaged-1` (`-2`, …), never deleted.
#[derive(Clone, Debug)]
pub struct FileStore {
    path: PathBuf,
}

/// The lock of a [`FileStore`], held until it is dropped.
#[derive(Debug)]
#[must_use = "a lock that is dropped is given back at once"]
pub struct FileLock {
    path: PathBuf,
    _lock: File,
}

impl FileStore {
    /// A store in this file. Nothing is touched before it is locked; then the directory is made if it is not there.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the lock, or waits for it until `deadline`.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Io`].
    pub fn lock(&self, deadline: Instant) -> Result<FileLock, StoreError> {
        create_directory(directory(&self.path))?;
        let path = beside(&self.path, ".lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = owner_only(&mut options).open(&path).map_err(StoreError::io("open the lock", &path))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(FileLock { path: self.path.clone(), _lock: file }),
                Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", &path)(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(StoreError::Locked { path });
            }
            thread::park_timeout(left.min(PAUSE));
        }
    }

    /// What the file holds, without the lock: for a look. A whole set is seen, never half of one.
    ///
    /// # Errors
    /// As [`FileLock::load`], but a damaged file stays where it is.
    pub fn load(&self) -> Result<Option<Snapshot>, StoreError> {
        read(&self.path)
    }
}

impl Store for FileStore {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        Ok(Box::new(FileStore::lock(self, deadline)?))
    }

    fn for_scopes(&self, scopes: &[String]) -> Option<Arc<dyn Store>> {
        let name = fnv_1a(scopes.join(" ").as_bytes());
        Some(Arc::new(Self::new(beside(&self.path, &format!(".scopes-{name:016x}")))))
    }
}

impl FileLock {
    /// What the file holds; none when there is no file.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] once (the file is put aside), [`StoreError::NewerFormat`], [`StoreError::Exposed`],
    /// [`StoreError::Io`].
    pub fn load(&mut self) -> Result<Option<Snapshot>, StoreError> {
        match read(&self.path) {
            Err(StoreError::Damaged { path, .. }) => {
                let aside = put_aside(&path).map_err(StoreError::io("put aside", &path))?;
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
        // The lock is ours, so a file of this name is what a writer left that died.
        let new = beside(&self.path, ".new");
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::io("remove", &new)(error));
            }
            _ => {}
        }
        self.replace(&new, snapshot).inspect_err(|_| {
            // A full disk must not stay full because of it.
            let _ = fs::remove_file(&new);
        })
    }

    /// Gives the lock back, as dropping does.
    pub fn unlock(self) {}

    fn replace(&self, new: &Path, snapshot: &Snapshot) -> Result<(), StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = owner_only(&mut options).open(new).map_err(StoreError::io("create", new))?;
        secret::write(&snapshot.to_text(), &mut file).map_err(StoreError::io("write", new))?;
        file.sync_all().map_err(StoreError::io("write", new))?;
        drop(file);
        fs::rename(new, &self.path).map_err(StoreError::io("replace", &self.path))?;
        let directory = directory(&self.path);
        sync_directory(directory).map_err(StoreError::io("write the directory", directory))
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

fn read(path: &Path) -> Result<Option<Snapshot>, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true);
    let file = match no_follow(&mut options).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::io("open", path)(error)),
    };
    if !is_owners_alone(&file).map_err(StoreError::io("read", path))? {
        return Err(StoreError::Exposed { path: path.to_path_buf() });
    }
    let mut text = Zeroizing::new(Vec::new());
    file.take(LONGEST + 1).read_to_end(&mut text).map_err(StoreError::io("read", path))?;
    let damaged = || StoreError::Damaged { path: path.to_path_buf(), aside: None };
    if text.len() as u64 > LONGEST {
        return Err(damaged());
    }
    let text = std::str::from_utf8(&text).map_err(|_| damaged())?;
    Snapshot::from_text(text).map(Some).map_err(|error| match error.code() {
        ErrorCode::SnapshotFromNewerVersion => StoreError::NewerFormat { path: path.to_path_buf() },
        _ => damaged(),
    })
}

fn put_aside(path: &Path) -> io::Result<PathBuf> {
    let names = (1u32..).map(|number| beside(path, &format!(".damaged-{number}")));
    for aside in names {
        // Under the lock nobody else makes these names.
        if fs::symlink_metadata(&aside).is_err() {
            fs::rename(path, &aside)?;
            return Ok(aside);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
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

#[cfg(unix)]
fn create_directory(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(path).map_err(StoreError::io("create the directory", path))
}

#[cfg(unix)]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    no_follow(options).mode(0o600)
}

#[cfg(unix)]
fn is_owners_alone(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata()?;
    let mine = metadata.uid() == rustix::process::geteuid().as_raw();
    Ok(metadata.is_file() && mine && metadata.mode() & 0o077 == 0)
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn create_directory(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(StoreError::io("create the directory", path))
}

#[cfg(not(unix))]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// A user's own directories are closed to others by their access lists.
#[cfg(not(unix))]
fn is_owners_alone(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.is_file())
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
