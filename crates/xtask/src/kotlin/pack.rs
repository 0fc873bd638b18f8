//! The package as it is published.

use std::{
    env::consts,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::jar;
use crate::{
    maven,
    native::{self, Profile},
    process,
    workspace::Workspace,
};

/// Makes the jar with the native library of this machine, the sources, the documentation and the POM, in the layout of a
/// Maven repository. Libraries that other machines built go in as well, when they lie in `target/native/PLATFORM`.
pub(crate) fn pack(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let libraries = workspace.target().join("native");
    let own = libraries.join(platform());
    fs::create_dir_all(&own)?;
    let built = native::build(workspace, Profile::Release)?.dynamic;
    let library = own.join(built.file_name().context("the library has no name")?);
    fs::copy(&built, &library)?;
    strip(&library)?;
    let repository = repository(workspace);
    if repository.exists() {
        fs::remove_dir_all(&repository)?;
    }
    maven::run(
        maven::maven(&maven::folder(workspace))
            .args(["deploy", "-Dmaven.install.skip"])
            // The part `kotlin` tests and checks.
            .args(["-Dmaven.test.skip", "-Dktlint.skip", "-Danimal.sniffer.skip", "-Dmdep.skip"])
            // A folder of its own: what is there of the tests goes into no jar.
            .arg(format!("-Dcxauth.target={}", workspace.scratch("kotlin-package")?.display()))
            .arg(format!("-Dcxauth.libraries={}", libraries.display()))
            .arg(format!("-DaltDeploymentRepository=packages::{}", url(&repository))),
    )?;
    let version = &*version(workspace)?;
    let folder = repository.join("io/github/cxauth/cxauth").join(version);
    let names = ["", "-sources", "-javadoc"].map(|kind| format!("cxauth-{version}{kind}.jar"));
    let files: Vec<_> =
        names.into_iter().chain([format!("cxauth-{version}.pom")]).map(|name| folder.join(name)).collect();
    match files.iter().find(|file| !file.is_file()) {
        Some(missing) => bail!("Maven made no {}", missing.display()),
        None => Ok(files),
    }
}

/// What must lie in the jars, and what must not.
pub(super) fn check_entries(jars: &[PathBuf]) -> Result<()> {
    let list = |file: &Path| process::output(jar().args(["--list", "--file"]).arg(file));
    let [main, sources, documentation, ..] = jars else { bail!("there are not all of the jars") };
    let entries = list(main)?;
    let library = format!("{}/{}cxauth_ffi{}", platform(), consts::DLL_PREFIX, consts::DLL_SUFFIX);
    for entry in [
        &*library,
        "META-INF/LICENSE-APACHE",
        "META-INF/LICENSE-MIT",
        "META-INF/proguard/cxauth.pro",
        "io/github/cxauth/CxClient.class",
    ] {
        if !entries.lines().any(|line| line == entry) {
            bail!("{} has no {entry}", main.display());
        }
    }
    if let Some(stray) = entries.lines().find(|line| line.ends_with("Test.class")) {
        bail!("{} has {stray}", main.display());
    }
    for (file, entry) in
        [(sources, "io/github/cxauth/CxClient.kt"), (documentation, "io/github/cxauth/CxClient.html")]
    {
        if !list(file)?.lines().any(|line| line == entry) {
            bail!("{} has no {entry}", file.display());
        }
    }
    Ok(())
}

pub(super) fn repository(workspace: &Workspace) -> PathBuf {
    workspace.target().join("packages/kotlin")
}

/// The package's version, as its POM has it.
pub(super) fn version(workspace: &Workspace) -> Result<String> {
    let pom = fs::read_to_string(maven::folder(workspace).join("pom.xml"))?;
    let version =
        pom.lines().find_map(|line| line.trim().strip_prefix("<version>")?.strip_suffix("</version>"));
    version.map(String::from).context("bindings/kotlin/pom.xml has no version")
}

pub(super) fn url(folder: &Path) -> String {
    let path = folder.display().to_string().replace('\\', "/");
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}

/// Takes out what only a debugger reads; what is exported stays.
fn strip(library: &Path) -> Result<()> {
    let option = match consts::OS {
        "macos" => "-x",
        // Its symbols are in a file of their own.
        "windows" => return Ok(()),
        _ => "--strip-unneeded",
    };
    process::run(Command::new("strip").arg(option).arg(library)).context("strip comes with a C compiler")
}

/// JNA's name for the folder of this machine's libraries.
fn platform() -> String {
    let system = match consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    format!("{system}-{processor}")
}
