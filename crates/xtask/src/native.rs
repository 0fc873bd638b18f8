//! The library that the Kotlin and Swift packages load, built for this machine.

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    path::PathBuf,
};

use anyhow::{Result, bail};

use crate::{process, workspace::Workspace};

/// How it is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build: for tests.
    Debug,
    /// As it ships.
    #[allow(dead_code)]
    Release,
}

/// Where it lies after a build.
pub(crate) struct Library {
    /// `libcxauth_ffi.so`, `libcxauth_ffi.dylib` or `cxauth_ffi.dll`.
    pub(crate) dynamic: PathBuf,
    /// `libcxauth_ffi.a` or `cxauth_ffi.lib`.
    pub(crate) archive: PathBuf,
}

/// Builds `cxauth-ffi`. The files stay until the next build of this profile: copy what is to last.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<Library> {
    let mut command = workspace.cargo(["build", "--locked", "--package", "cxauth-ffi"]);
    let folder = match profile {
        Profile::Debug => "debug",
        Profile::Release => {
            command.arg("--release");
            "release"
        }
    };
    process::run(&mut command)?;
    let folder = workspace.target().join(folder);
    let archive = if cfg!(windows) { "cxauth_ffi.lib" } else { "libcxauth_ffi.a" };
    let library = Library {
        dynamic: folder.join(format!("{DLL_PREFIX}cxauth_ffi{DLL_SUFFIX}")),
        archive: folder.join(archive),
    };
    for file in [&library.dynamic, &library.archive] {
        if !file.is_file() {
            bail!("cargo built no {}", file.display());
        }
    }
    Ok(library)
}
