//! Swift 6: the machine's own, or that of Debian 13 in a folder of ours, which Debian's debootstrap fills.

use std::{
    ffi::OsStr,
    fs,
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

const SUITE: &str = "trixie";
const PACKAGES: &str =
    "swiftlang,libc6-dev,libstdc++-14-dev,libcurl4-openssl-dev,libxml2-dev,ca-certificates";
const WANTED: &str = "install Swift 6 and put `swift` on PATH (swift.org tells how), or run this as root on Debian 12 or \
    later, where it fetches one into the cache";

/// Where Swift is.
pub(crate) struct Swift {
    /// The folder with a Debian in it, when the machine itself has no Swift.
    root: Option<PathBuf>,
}

impl Swift {
    /// The Swift that there is.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn find(workspace: &Workspace) -> Result<Self> {
        let on_path = Self { root: None };
        if on_path.works(workspace) {
            return Ok(on_path);
        }
        let fetched = Self { root: Some(root()?) };
        if fetched.works(workspace) {
            return Ok(fetched);
        }
        bail!("there is no Swift 6: run `cargo xtask setup`")
    }

    /// A program in this folder of the workspace, or of one of the others, which it sees at their own places.
    pub(crate) fn command(
        &self,
        workspace: &Workspace,
        folder: &Path,
        others: &[&Path],
        program: impl AsRef<OsStr>,
    ) -> Command {
        let Some(root) = &self.root else {
            let mut command = Command::new(program);
            command.current_dir(folder);
            return command;
        };
        let mut command = isolated();
        command.arg("sh").arg(workspace.path("crates/xtask/src/setup/enter.sh")).arg(root).arg(folder);
        command.args([workspace.root.as_path(), workspace.target().as_path()]).args(others);
        command.arg("--").arg(program);
        // Libraries of this machine are none of that one's.
        command.env_remove("LD_LIBRARY_PATH").env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    }

    fn works(&self, workspace: &Workspace) -> bool {
        if self.root.as_ref().is_some_and(|root| !root.is_dir()) {
            return false;
        }
        let mut command = self.command(workspace, &workspace.root, &[], "swift");
        let output = command.arg("--version").stdin(std::process::Stdio::null()).output();
        output.is_ok_and(|output| {
            output.status.success() && is_new_enough(&String::from_utf8_lossy(&output.stdout))
        })
    }
}

/// Fetches a Debian with Swift, unless there is a Swift already. What is half done lies under another name, and is thrown
/// away at the next attempt.
pub(super) fn install(workspace: &Workspace) -> Result<Done> {
    if Swift::find(workspace).is_ok() {
        println!("Swift 6 is there already");
        return Ok(Done::Passed);
    }
    if !Path::new("/etc/debian_version").exists()
        || process::output(Command::new("id").arg("-u"))?.trim() != "0"
    {
        bail!("{WANTED}");
    }
    install_debootstrap()?;
    let root = root()?;
    let partial = root.with_extension("partial");
    for folder in [&root, &partial] {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
    }
    fetch(&partial)?;
    // They are unpacked.
    fs::remove_dir_all(partial.join("var/cache/apt/archives"))?;
    if !(Swift { root: Some(partial.clone()) }).works(workspace) {
        bail!("the Swift in {} does not run", partial.display());
    }
    fs::rename(&partial, &root)?;
    Ok(Done::Passed)
}

fn fetch(folder: &Path) -> Result<()> {
    let mut failures = Vec::new();
    for mirror in apt::mirrors()? {
        // debootstrap mounts things while it works: those are gone with its process, however that ends.
        let result = process::run(
            isolated()
                .args(["debootstrap", "--variant=minbase", "--force-check-gpg"])
                .arg(format!("--include={PACKAGES}"))
                .arg(format!("--keyring={}", mirror.keyring.display()))
                .arg(SUITE)
                .arg(folder)
                .arg(&mirror.address),
        );
        match result {
            Ok(()) => return Ok(()),
            Err(error) => failures.push(format!("{}: {error:#}", mirror.address)),
        }
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    bail!(
        "no Debian archive of this machine's apt sources gave a Debian 13: {}; {WANTED}",
        failures.join("; ")
    )
}

fn install_debootstrap() -> Result<()> {
    if process::succeeds(Command::new("debootstrap").arg("--version")) {
        return Ok(());
    }
    let install = || {
        process::run(
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends", "debootstrap"])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    install().or_else(|_| {
        process::run(Command::new("apt-get").arg("update"))?;
        install()
    })
}

/// A command of its own mounts, which nobody else sees and which end with it.
fn isolated() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private"]);
    command
}

fn root() -> Result<PathBuf> {
    Ok(cache()?.join(format!("swift-{SUITE}")))
}

fn is_new_enough(version: &str) -> bool {
    let number = version.split("Swift version ").nth(1).and_then(|rest| rest.split('.').next());
    number.and_then(|number| number.trim().parse::<u32>().ok()).is_some_and(|number| number >= 6)
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn swift_6_and_later_are_new_enough() {
        assert!(is_new_enough("Swift version 6.0.3 (swift-6.0.3-RELEASE)\nTarget: x86_64-pc-linux-gnu\n"));
        assert!(is_new_enough("swift-driver version: 1.115 Apple Swift version 6.1 (swiftlang-6.1.0)\n"));
        assert!(is_new_enough("Swift version 10.0\n"));
        assert!(!is_new_enough("Swift version 5.10.1 (swift-5.10.1-RELEASE)\n"));
        assert!(!is_new_enough("swift 9.0: another program\n"));
    }
}
