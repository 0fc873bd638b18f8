//! The directory of a store, opened once: everything goes through it, so that nobody can put another one in its place
//! meanwhile.

use crate::store::StoreError;
use rustix::{
    fs::{self, AtFlags, FileType, Mode, OFlags, Stat},
    io::Errno,
};
use std::{
    ffi::OsStr,
    fs::{DirBuilder, File},
    io,
    os::{fd::OwnedFd, unix::fs::DirBuilderExt},
    path::{Path, PathBuf},
};

/// Never through a symbolic link, never into a child process, and never held up by a pipe that somebody put there.
const SAFELY: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);
const OTHERS_WRITE: Mode = Mode::WGRP.union(Mode::WOTH);
const ANYTHING_FOR_OTHERS: Mode = Mode::RWXG.union(Mode::RWXO);

#[derive(Debug)]
pub(super) struct Place {
    directory: OwnedFd,
    path: PathBuf,
}

impl Place {
    /// Opens the directory, and makes it for its owner only when it is not there.
    pub(super) fn make(path: &Path) -> Result<Self, StoreError> {
        if let Some(place) = Self::open(path)? {
            return Ok(place);
        }
        let mut builder = DirBuilder::new();
        builder
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(StoreError::io("create the directory", path))?;
        Self::open(path)?.ok_or_else(|| StoreError::io("open", path)(io::ErrorKind::NotFound.into()))
    }

    /// Opens the directory if it is there.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        let failed = |error: Errno| StoreError::io("open", path)(error.into());
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = match fs::open(path, flags, Mode::empty()) {
            Ok(directory) => directory,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let stat = fs::fstat(&directory).map_err(failed)?;
        if !is_mine(&stat) || Mode::from_raw_mode(stat.st_mode).intersects(OTHERS_WRITE) {
            return Err(StoreError::ExposedDirectory { path: path.to_path_buf() });
        }
        Ok(Some(Self { directory, path: path.to_path_buf() }))
    }

    /// The lock file, made for its owner only when it is not there.
    pub(super) fn lock_file(&self, name: &OsStr) -> Result<File, StoreError> {
        let flags = OFlags::RDWR | OFlags::CREATE | SAFELY;
        let file = fs::openat(&self.directory, name, flags, Mode::RUSR | Mode::WUSR);
        self.checked(name, file.map_err(|error| self.failed("open the lock", name, error))?)
    }

    /// Whether this very file has this name still.
    pub(super) fn holds(&self, name: &OsStr, file: &File) -> Result<bool, StoreError> {
        let failed = |error| self.failed("look at", name, error);
        let open = fs::fstat(file).map_err(failed)?;
        match fs::statat(&self.directory, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(named) => Ok((named.st_dev, named.st_ino) == (open.st_dev, open.st_ino)),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// A file, to read it.
    pub(super) fn file(&self, name: &OsStr) -> Result<Option<File>, StoreError> {
        match fs::openat(&self.directory, name, OFlags::RDONLY | SAFELY, Mode::empty()) {
            Ok(file) => self.checked(name, file).map(Some),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(self.failed("open", name, error)),
        }
    }

    /// A new file, for its owner only from the first byte on.
    pub(super) fn create(&self, name: &OsStr) -> Result<File, StoreError> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | SAFELY;
        let file = fs::openat(&self.directory, name, flags, Mode::RUSR | Mode::WUSR);
        self.checked(name, file.map_err(|error| self.failed("create", name, error))?)
    }

    pub(super) fn remove(&self, name: &OsStr) -> Result<(), StoreError> {
        match fs::unlinkat(&self.directory, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(self.failed("remove", name, error)),
        }
    }

    /// Puts a file in another one's place; there is no moment without either.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), StoreError> {
        fs::renameat(&self.directory, from, &self.directory, to)
            .map_err(|error| self.failed("replace", to, error))
    }

    /// Makes what was renamed durable.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        fs::fsync(&self.directory)
            .map_err(|error| StoreError::io("write the directory", &self.path)(error.into()))
    }

    pub(super) fn has(&self, name: &OsStr) -> io::Result<bool> {
        match fs::statat(&self.directory, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a file another name, for good.
    pub(super) fn put_aside(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::renameat(&self.directory, from, &self.directory, to)?;
        Ok(fs::fsync(&self.directory)?)
    }

    fn checked(&self, name: &OsStr, file: OwnedFd) -> Result<File, StoreError> {
        let stat = fs::fstat(&file).map_err(|error| self.failed("look at", name, error))?;
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        let is_exposed = Mode::from_raw_mode(stat.st_mode).intersects(ANYTHING_FOR_OTHERS);
        if !is_file || is_exposed || !is_mine(&stat) {
            return Err(StoreError::Exposed { path: self.path.join(name) });
        }
        Ok(File::from(file))
    }

    fn failed(&self, what: &'static str, name: &OsStr, error: Errno) -> StoreError {
        StoreError::io(what, &self.path.join(name))(error.into())
    }
}

fn is_mine(stat: &Stat) -> bool {
    stat.st_uid == rustix::process::geteuid().as_raw()
}
