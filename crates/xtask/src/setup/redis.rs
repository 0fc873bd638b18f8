//! A Redis for the tests of the fleet's store, which start their own on free ports and stop it.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{part::Done, process, workspace::Workspace};

/// Those that the tests take too: the first one on PATH.
const NAMES: &[&str] = &["redis-server", "valkey-server"];
const WANTED: &str =
    "install Redis 6.2 or later, or Valkey (on Debian, as root: `apt-get install redis-server openssl`)";

pub(super) fn install(_: &Workspace) -> Result<Done> {
    if let Some(name) = find() {
        println!("{name} is there already");
        return Ok(Done::Passed);
    }
    let install = || {
        process::run(
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends", "redis-server", "openssl"])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    if install().is_err() {
        // The machine's lists may be older than the mirror.
        process::run(Command::new("apt-get").arg("update")).context(WANTED)?;
        install().context(WANTED)?;
    }
    if find().is_none() {
        bail!("{WANTED}");
    }
    Ok(Done::Passed)
}

/// Openssl makes the certificates for the tests over TLS.
fn find() -> Option<&'static str> {
    let runs = |name: &str, argument: &str| process::succeeds(Command::new(name).arg(argument));
    let server = NAMES.iter().find(|name| runs(name, "--version"))?;
    runs("openssl", "version").then_some(*server)
}
