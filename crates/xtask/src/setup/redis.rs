//! A Redis and a Valkey for the tests of the fleet's store, which start their own on free ports and stop it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::apt;
use crate::{
    part::Done,
    process,
    workspace::{Workspace, cache},
};

const WANTED_REDIS: &str = "install Redis 6.2 or later (on Debian, as root: `apt-get install redis-server`)";
const WANTED_VALKEY: &str = "install Valkey and put `valkey-server` on PATH";
/// Of Debian 13, and of Debian 12's backports.
const VALKEY: &str = "8.";
/// What the program of Debian's package leans on: libraries, none of which is a service.
const LIBRARIES: &[&str] = &["libatomic1", "libjemalloc2", "liblzf1", "libssl3", "libsystemd0"];

/// Where the tests look for Valkey.
pub(crate) const VALKEY_VARIABLE: &str = "CXAUTH_VALKEY_SERVER";

pub(super) fn install(_: &Workspace) -> Result<Done> {
    if is_redis_there() {
        println!("redis-server is there already");
    } else {
        apt::install(&["redis-server"], WANTED_REDIS)?;
        if !is_redis_there() {
            bail!("{WANTED_REDIS}");
        }
    }
    match find_valkey()? {
        Some(program) => println!("{} is there already", program.display()),
        None => fetch_valkey().context(WANTED_VALKEY)?,
    }
    Ok(Done::Passed)
}

/// The program, for [`VALKEY_VARIABLE`].
///
/// # Errors
/// When there is none.
pub(crate) fn valkey() -> Result<PathBuf> {
    match find_valkey()? {
        Some(program) => Ok(program),
        None => bail!("there is no valkey-server: run `cargo xtask setup`"),
    }
}

fn is_redis_there() -> bool {
    runs(Path::new("redis-server"))
}

fn find_valkey() -> Result<Option<PathBuf>> {
    let named = env::var_os(VALKEY_VARIABLE).map(PathBuf::from);
    let places = [named, Some("valkey-server".into()), Some(fetched()?)];
    Ok(places.into_iter().flatten().find(|program| runs(program)))
}

fn runs(program: &Path) -> bool {
    process::succeeds(Command::new(program).arg("--version"))
}

fn fetched() -> Result<PathBuf> {
    Ok(cache()?.join("valkey/valkey-server"))
}

/// Debian 12 has Valkey in its backports only, which this machine need not name among its sources. So the package is unpacked
/// in our cache; nothing is installed, and no service is started.
fn fetch_valkey() -> Result<()> {
    let program = fetched()?;
    let folder = cache()?.join("valkey");
    fs::create_dir_all(&folder)?;
    let release = codename()?;
    let suites = [format!("{release}-backports"), release];
    let suites: Vec<_> = suites.iter().map(String::as_str).collect();
    let package = apt::download("valkey-tools", VALKEY, &suites, &folder)?;
    let unpacked = folder.join("unpacked");
    process::run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&unpacked))?;
    fs::remove_file(package)?;
    // The package's one program is a server under this name.
    link(&unpacked.join("usr/bin/valkey-check-rdb"), &program)?;
    if !runs(&program) {
        apt::install(LIBRARIES, "its libraries are missing")?;
    }
    if !runs(&program) {
        bail!("the Valkey in {} does not run", folder.display());
    }
    Ok(())
}

/// Debian's name of the release that runs here (os-release(5)).
fn codename() -> Result<String> {
    let text = fs::read_to_string("/etc/os-release").context("cannot tell which Debian this is")?;
    let name = text.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    name.map(|name| name.trim_matches('"').to_owned()).context("/etc/os-release names no VERSION_CODENAME")
}

#[cfg(unix)]
fn link(source: &Path, link: &Path) -> Result<()> {
    if link.is_symlink() {
        fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(source, link).with_context(|| format!("cannot make {}", link.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    bail!("Debian's package wants a Unix system")
}
