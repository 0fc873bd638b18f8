//! What the tests of the file store look through and lean on: strace, and a Secret Service in a D-Bus session of its own.

use std::process::Command;

use anyhow::{Result, bail};

use super::apt;
use crate::{part::Done, process, workspace::Workspace};

/// The program, what makes it say its version, and Debian's package.
const TOOLS: &[(&str, &str, &str)] = &[
    ("strace", "--version", "strace"),
    ("dbus-run-session", "--version", "dbus-daemon"),
    ("gnome-keyring-daemon", "--version", "gnome-keyring"),
    ("setpriv", "--version", "util-linux"),
];

pub(super) fn install(_: &Workspace) -> Result<Done> {
    let missing = missing();
    if missing.is_empty() {
        println!("strace, D-Bus and gnome-keyring are there already");
        return Ok(Done::Passed);
    }
    let wanted = format!("on Debian, as root: `apt-get install {}`", missing.join(" "));
    apt::install(&missing, &wanted)?;
    if !self::missing().is_empty() {
        bail!("{wanted}");
    }
    Ok(Done::Passed)
}

fn missing() -> Vec<&'static str> {
    let is_missing =
        |(name, argument, _): &&(&str, &str, &str)| !process::succeeds(Command::new(name).arg(argument));
    TOOLS.iter().filter(is_missing).map(|(_, _, package)| *package).collect()
}
