//! The directory of a store where there are no modes: a user's own directories are closed to others by their access lists.

use crate::store::StoreError;
use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
}

impl Place {
    pub(super) fn make(path: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(path).map_err(StoreError::io("create the directory", path))?;
        Ok(Self { path: path.to_path_buf() })
    }

    pub(super) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        Ok(path.is_dir().then(|| Self { path: path.to_path_buf() }))
    }

    pub(super) fn lock_file(&self, name: &OsStr) -> Result<File, StoreError> {
        let path = self.path.join(name);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        options.open(&path).map_err(StoreError::io("open the lock", &path))
    }

    /// An open file cannot be removed here.
    pub(super) fn holds(&self, _name: &OsStr, _file: &File) -> Result<bool, StoreError> {
        Ok(true)
    }

    pub(super) fn file(&self, name: &OsStr) -> Result<Option<File>, StoreError> {
        let path = self.path.join(name);
        match File::open(&path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("open", &path)(error)),
        }
    }

    pub(super) fn create(&self, name: &OsStr) -> Result<File, StoreError> {
        let path = self.path.join(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        file.map_err(StoreError::io("create", &path))
    }

    pub(super) fn remove(&self, name: &OsStr) -> Result<(), StoreError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::io("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), StoreError> {
        let path = self.path.join(to);
        fs::rename(self.path.join(from), &path).map_err(StoreError::io("replace", &path))
    }

    /// The system writes directories by itself.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn has(&self, name: &OsStr) -> io::Result<bool> {
        self.path.join(name).try_exists()
    }

    pub(super) fn put_aside(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }
}
