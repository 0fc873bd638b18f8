//! A browser for the tests of the npm package.

use std::{env, ffi::OsStr, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{part::Done, process, workspace::Workspace};

/// As distributions call it.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// Chromium: the one that `CXAUTH_CHROMIUM` names, or the first in the path.
pub(crate) fn chromium() -> Result<PathBuf> {
    find().context("there is no Chromium: run `cargo xtask setup`, or name one in CXAUTH_CHROMIUM")
}

pub(super) fn install(_: &Workspace) -> Result<Done> {
    if let Some(program) = find() {
        println!("{} is there already", program.display());
        return Ok(Done::Passed);
    }
    let install = || {
        process::run(
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends", "chromium"])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    let wanted = "install Chromium (on Debian, as root: `apt-get install chromium`)";
    if install().is_err() {
        // The machine's lists may be older than the mirror.
        process::run(Command::new("apt-get").arg("update")).context(wanted)?;
        install().context(wanted)?;
    }
    if find().is_none() {
        bail!("{wanted}");
    }
    Ok(Done::Passed)
}

fn find() -> Option<PathBuf> {
    let named = env::var_os("CXAUTH_CHROMIUM").map(PathBuf::from);
    named.or_else(|| first_in(&env::var_os("PATH")?, NAMES)).filter(|program| program.is_file())
}

fn first_in(path: &OsStr, names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<_> = env::split_paths(path).collect();
    let programs = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    programs.into_iter().find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_first_name_that_is_there_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().as_os_str();
        assert_eq!(first_in(path, &["one", "two"]), None);
        for name in ["two", "three"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(first_in(path, &["one", "two", "three"]), Some(folder.path().join("two")));
    }
}
