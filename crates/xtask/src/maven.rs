//! Maven, which builds and tests the Kotlin package.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{process, workspace::Workspace};

/// The folder of the Kotlin package.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.path("bindings/kotlin")
}

/// `mvn` in a project's folder, silent about what goes well.
pub(crate) fn maven(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "mvn.cmd" } else { "mvn" });
    command.args(["--batch-mode", "--quiet"]).current_dir(folder);
    command
}

/// Runs Maven, and says what to install where there is none.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let result = process::run(command);
    if result.is_err() && !process::succeeds(Command::new(command.get_program()).arg("--version")) {
        return result.context("the Kotlin package needs a JDK 17 or later and Maven 3.8 or later");
    }
    result
}

/// The Java that Maven uses too.
pub(crate) fn java() -> Command {
    Command::new(
        env::var_os("JAVA_HOME").map_or_else(|| "java".into(), |home| Path::new(&home).join("bin/java")),
    )
}

/// Compiles the Kotlin package with its tests and returns the class path of both.
pub(crate) fn test_classes(workspace: &Workspace) -> Result<String> {
    let folder = folder(workspace);
    run(maven(&folder).arg("process-test-classes"))?;
    let target = folder.join("target");
    let packages = fs::read_to_string(target.join("test-class-path")).context(
        "Maven wrote no class path: see the plugin maven-dependency-plugin in bindings/kotlin/pom.xml",
    )?;
    let own = ["test-classes", "classes"].map(|name| target.join(name));
    let all = own.into_iter().chain(env::split_paths(packages.trim()));
    env::join_paths(all)?.into_string().ok().context("a folder's name is not in UTF-8")
}
