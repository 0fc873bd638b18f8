//! The Kotlin package: its tests, its jars, and an empty project that installs them.

mod examples;
mod pack;
mod project;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

pub(crate) use self::pack::pack;
use self::project::Project;
use crate::{
    maven,
    native::{self, Profile},
    part::Done,
    python,
    workspace::Workspace,
};

/// The tests against the simulator, the style, and the comparison with what Android has.
pub(crate) fn test(workspace: &Workspace) -> Result<Done> {
    let folder = maven::folder(workspace);
    let library = native::build(workspace, Profile::Debug)?.dynamic;
    maven::run(
        maven::maven(&folder)
            // What sources that are gone left behind would be tested as well.
            .args(["clean", "verify"])
            .arg(format!("-Dcxauth.library={}", library.display()))
            .arg(format!("-Dcxauth.simulator={}", python::simulator(workspace)?.display())),
    )?;
    let mut reports = files(&folder.join("target/surefire-reports"))?;
    reports.retain(|file| file.extension().is_some_and(|ending| ending == "xml"));
    for report in &reports {
        if fs::read_to_string(report)?.contains("<skipped") {
            bail!("a test was skipped: see {}", report.display());
        }
    }
    // Maven is content with a class that it does not take for one of tests.
    let written = workspace.files("Test.kt")?.iter().filter(|file| file.starts_with(&folder)).count();
    if reports.len() != written {
        bail!("{written} classes of tests are written, and {} were run", reports.len());
    }
    println!("{written} classes of tests passed");
    Ok(Done::Passed)
}

/// The client against the OAuth servers in this folder.
pub(crate) fn interop(workspace: &Workspace, servers: &Path) -> Result<()> {
    let library = native::build(workspace, Profile::Debug)?.dynamic;
    maven::run(
        maven::maven(&maven::folder(workspace))
            .args(["test", "-Dtest=Interop"])
            .arg(format!("-Dcxauth.library={}", library.display()))
            .env("CXAUTH_INTEROP_DIR", servers),
    )
}

/// The jar in a project that has nothing else, outside of the checkout: the programs of the documentation are compiled word
/// for word and run, with the native library out of the jar; and once more as on Android, after ProGuard shrank all of it.
pub(crate) fn test_package(workspace: &Workspace) -> Result<Done> {
    pack::check_entries(&pack(workspace)?)?;
    let simulator = python::simulator(workspace)?;
    let project = Project::new(workspace)?;
    let programs = project.write_programs(workspace)?;
    let class_path = project.compile(workspace)?;
    project.compile_pieces(workspace)?;
    project.run(&simulator, &programs, &[&project.options()])?;
    let portable: Vec<_> = programs.into_iter().filter(|program| !program.needs_java_http).collect();
    let shrunk = project.shrink(&class_path, &portable)?;
    // Of a JVM's modules only those whose classes Android has.
    let android = ["-cp", &shrunk, "--limit-modules", "java.base,java.logging,jdk.unsupported"];
    project.run(&simulator, &portable, &android)?;
    Ok(Done::Passed)
}

/// The JDK's own tool.
fn jar() -> Command {
    let java = maven::java();
    Command::new(Path::new(java.get_program()).with_file_name("jar"))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let all = fs::read_dir(folder).with_context(|| format!("there is no {}", folder.display()))?;
    all.map(|entry| Ok(entry?.path())).collect()
}
