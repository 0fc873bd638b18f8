//! The compiler in use: its exact version and where its files are.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::process;

/// What `rustc` says of itself.
pub(super) struct Compiler {
    /// `1.95.0`, or `1.97.0-nightly`
    pub(super) release: String,
    pub(super) sysroot: PathBuf,
}

impl Compiler {
    pub(super) fn in_use() -> Result<Self> {
        let version = process::output(rustc().args(["--version", "--verbose"]))?;
        let release = release(&version).context("`rustc --version --verbose` names no release")?.to_owned();
        let sysroot = process::output(rustc().args(["--print", "sysroot"]))?;
        Ok(Self { release, sysroot: PathBuf::from(sysroot.trim()) })
    }

    /// Whether it can compile for this target: what is installed there is complete and of its own version.
    pub(super) fn compiles_for(&self, target: &str, scratch: &std::path::Path) -> Result<bool> {
        let source = scratch.join("empty.rs");
        std::fs::write(&source, "")?;
        let metadata = scratch.join("empty.rmeta");
        Ok(process::succeeds(
            rustc()
                .args(["--crate-type=lib", "--emit=metadata", "--target", target, "-o"])
                .arg(metadata)
                .arg(source),
        ))
    }
}

pub(super) fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

fn release(version: &str) -> Option<&str> {
    version.lines().find_map(|line| line.strip_prefix("release: ")).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn the_release_is_read_from_the_verbose_version() {
        let version = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\n\
                       release: 1.95.0\nLLVM version: 22.1.2\n";
        assert_eq!(release(version), Some("1.95.0"));
        assert_eq!(release("release: 1.97.0-nightly\n"), Some("1.97.0-nightly"));
        assert_eq!(release("rustc 1.95.0 (Debian)\n"), None);
    }
}
