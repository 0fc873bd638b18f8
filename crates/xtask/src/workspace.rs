//! The checkout: its folders, its packages, and where tools are kept between runs.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// The crates that are one language's library. Each turns a feature of the bridge on, so it is built by itself: what one
/// language needs another must not lend it.
pub(crate) const LEAVES: &[&str] = &["cxauth-ffi", "cxauth-python"];

/// The checkout that this program was built from.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
}

impl Workspace {
    pub(crate) fn here() -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: package.ancestors().nth(2).unwrap_or(package).to_owned() }
    }

    /// `cargo` at the root.
    pub(crate) fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = process::cargo();
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// The same for every crate of the workspace but the leaves.
    pub(crate) fn cargo_for_all<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = self.cargo(arguments);
        command.args(["--locked", "--workspace"]);
        for leaf in LEAVES {
            command.args(["--exclude", leaf]);
        }
        command
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |folder| self.root.join(folder))
    }

    /// A folder of this run's own in the target folder, empty.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target().join("xtask").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// The packages of the workspace, as `cargo metadata` describes them.
    pub(crate) fn packages(&self) -> Result<Vec<Value>> {
        let text =
            process::output(&mut self.cargo(["metadata", "--no-deps", "--format-version=1", "--locked"]))?;
        let mut metadata: Value = serde_json::from_str(&text).context("cargo metadata is no JSON")?;
        match metadata["packages"].take() {
            Value::Array(packages) => Ok(packages),
            _ => anyhow::bail!("cargo metadata names no packages"),
        }
    }

    /// The project's files with this name ending, none of them installed or generated.
    pub(crate) fn files(&self, ending: &str) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        collect(&self.root, ending, &mut found)?;
        found.sort();
        Ok(found)
    }
}

/// A folder of ours that outlives the checkout: tools that take minutes to compile are kept there.
pub(crate) fn cache() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .context("there is no home folder: set XDG_CACHE_HOME to a folder for caches")?;
    Ok(base.join("cxauth"))
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if !["target", "node_modules", ".git"].contains(&name.as_str()) {
                collect(&entry.path(), ending, found)?;
            }
        } else if name.ends_with(ending) {
            found.push(entry.path());
        }
    }
    Ok(())
}
