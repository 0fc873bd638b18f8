//! The architecture, enforced: which crate may use which, what the core never sees, where a secret is opened, and
//! what a committed lock file may say.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{part::Done, process, workspace::Workspace};

/// A crate of the workspace, the crates of the workspace that it may use, and those that its tests may use as well.
const LAYERS: &[(&str, &[&str], &[&str])] = &[
    ("cxauth-core", &[], &[]),
    ("cxauth-bridge", &["cxauth-core"], &["cxauth", "cxauth-sim"]),
    ("cxauth-ffi", &["cxauth-bridge"], &[]),
    ("cxauth", &["cxauth-core"], &["cxauth-sim"]),
    // It judges with code of its own: a simulator that shares the client's parser proves nothing.
    ("cxauth-sim", &[], &[]),
    ("cxauth-cli", &["cxauth", "cxauth-core", "cxauth-sim"], &[]),
    ("cxauth-python", &["cxauth", "cxauth-bridge"], &[]),
    ("xtask", &[], &[]),
];

/// The core takes time, randomness and answers as arguments: nothing beneath it may fetch its own.
const NOT_IN_THE_CORE: &str = "async- chrono curl fastrand futures getrandom gloo h2 http hyper instant jiff js-sys mio \
    native-tls openssl rand reqwest rustls smol socket2 time tokio tower ureq wasm-bindgen web-sys web-time";

/// The crates, by their folders, in which only the module `secret` opens a secret; everything else hands it on closed. The
/// simulator has no real ones.
const KEEP_SECRETS: &[&str] =
    &["crates/cxauth-core", "crates/cxauth-bridge", "crates/cxauth", "crates/cxauth-cli", "python"];

/// Enforces it all.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    let mut faults = Vec::new();
    for package in workspace.packages()? {
        faults.extend(misplaced_dependencies(&package));
    }
    let tree = process::output(&mut workspace.cargo([
        "tree",
        "--locked",
        "--package=cxauth-core",
        "--edges=normal",
        "--all-features",
        "--target=all",
        "--prefix=none",
    ]))?;
    faults.extend(foreign_to_the_core(&tree));
    for file in workspace.files(".rs")? {
        let name = relative(&file, &workspace.root);
        if may_not_open_secrets(&name) {
            faults.extend(opened_secrets(&read(&file)?).map(|line| {
                format!(
                    "{name}:{line} opens a secret: do it in the crate's module `secret`, or hand it on closed"
                )
            }));
        }
    }
    for file in workspace.files("package-lock.json")? {
        if names_a_host(&read(&file)?)? {
            faults.push(format!(
                "{} names a registry's host: make it anew beside an .npmrc with omit-lockfile-registry-resolved=true",
                relative(&file, &workspace.root)
            ));
        }
    }
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() { Ok(Done::Passed) } else { bail!("{} faults, named above", faults.len()) }
}

fn misplaced_dependencies(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let Some((_, uses, tests_use)) = LAYERS.iter().find(|(layer, ..)| *layer == name) else {
        return vec![format!(
            "{name} has no place among the layers: give it one in crates/xtask/src/layers.rs"
        )];
    };
    let dependencies = package["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
    dependencies
        .iter()
        .filter(|dependency| dependency["path"].is_string())
        .filter_map(|dependency| Some((dependency["name"].as_str()?, dependency["kind"] == "dev")))
        .filter(|(used, for_tests)| !(uses.contains(used) || *for_tests && tests_use.contains(used)))
        .map(|(used, _)| format!("{name} must not depend on {used}: dependencies point one way"))
        .collect()
}

fn foreign_to_the_core(tree: &str) -> Vec<String> {
    let mut found: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| NOT_IN_THE_CORE.split_whitespace().any(|foreign| is_of(name, foreign)))
        .map(|name| format!("cxauth-core depends on {name}, which does I/O or knows the time"))
        .collect();
    found.dedup();
    found
}

/// `hyper` and `hyper-util` are of `hyper`; `hyperfine` is not.
fn is_of(name: &str, family: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || family.ends_with('-') || rest.starts_with(['-', '_']))
}

/// Tests beside `src` look inside, to see that what arrived is what was given.
fn may_not_open_secrets(file: &str) -> bool {
    KEEP_SECRETS.iter().any(|folder| {
        file.strip_prefix(&format!("{folder}/src/"))
            .is_some_and(|module| module != "secret.rs" && !module.starts_with("secret/"))
    })
}

/// The lines, counted from 1, that call what opens a secret. Tests at the end of a file may.
fn opened_secrets(source: &str) -> impl Iterator<Item = usize> + use<'_> {
    source
        .lines()
        .enumerate()
        .take_while(|(_, line)| *line != "mod tests {")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| [".expose", "::expose", "expose_secret"].iter().any(|call| line.contains(call)))
        .map(|(index, _)| index + 1)
}

fn names_a_host(lock: &str) -> Result<bool> {
    let lock: Value = serde_json::from_str(lock).context("a package-lock.json is no JSON")?;
    let packages = lock["packages"].as_object();
    Ok(packages
        .into_iter()
        .flatten()
        .any(|(_, package)| package["resolved"].as_str().is_some_and(|url| url.contains("://"))))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn relative(file: &Path, root: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_dependency_against_the_direction_is_found() {
        let package = json!({ "name": "cxauth-core", "dependencies": [
            { "name": "serde", "path": null, "kind": null },
            { "name": "cxauth", "path": "/somewhere", "kind": null },
        ] });
        assert_eq!(misplaced_dependencies(&package).len(), 1);
        let tested = |kind: Value| {
            json!({ "name": "cxauth", "dependencies": [
            { "name": "cxauth-sim", "path": "/somewhere", "kind": kind },
        ] })
        };
        assert!(misplaced_dependencies(&tested(json!("dev"))).is_empty());
        assert_eq!(misplaced_dependencies(&tested(Value::Null)).len(), 1);
        assert_eq!(misplaced_dependencies(&json!({ "name": "new", "dependencies": [] })).len(), 1);
    }

    #[test]
    fn what_does_input_and_output_is_foreign_to_the_core() {
        let tree =
            "cxauth-core v0.1.0\nserde v1.0.0\nurl v2.5.0\ntokio-util v0.7.0\ntime v0.3.0\ntimer v1.0.0\n";
        assert_eq!(foreign_to_the_core(tree).len(), 2);
    }

    #[test]
    fn an_opened_secret_is_found_outside_tests_and_comments() {
        let source =
            "/// Like `.expose()`.\nlet a = secret.expose();\n#[cfg(test)]\nmod tests {\n    s.expose();\n";
        assert_eq!(opened_secrets(source).collect::<Vec<_>>(), [2]);
        assert!(may_not_open_secrets("crates/cxauth-core/src/session/mod.rs"));
        assert!(may_not_open_secrets("python/src/client.rs"));
        assert!(!may_not_open_secrets("crates/cxauth-core/src/secret/wire.rs"));
        assert!(!may_not_open_secrets("crates/cxauth-core/tests/session.rs"));
        assert!(!may_not_open_secrets("crates/cxauth-sim/src/lib.rs"));
    }

    #[test]
    fn a_lock_file_with_a_host_is_found() {
        let lock = |package: Value| json!({ "packages": { "node_modules/a": package } }).to_string();
        assert!(!names_a_host(&lock(json!({ "version": "1.0.0", "integrity": "sha512-" }))).unwrap());
        assert!(names_a_host(&lock(json!({ "resolved": "https://registry.example/a.tgz" }))).unwrap());
        assert!(names_a_host("{").is_err());
    }
}
