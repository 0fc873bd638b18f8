//! The Python package: its lints, its tests, its wheel.

use std::{
    env::{self, consts::EXE_SUFFIX},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{bridge, part::Done, process, setup, workspace::Workspace};

/// What carries types, below `python/`. The benchmarks call libraries that have none.
const TYPED: &[&str] = &["cxauth", "tests"];

/// Ruff, mypy, pyright, and stubtest: the stub says what the module has.
pub(crate) fn lint(workspace: &Workspace) -> Result<Done> {
    let module = bridge::python_module(workspace)?;
    process::run(tool(workspace, "ruff").args(["check", "."]))?;
    process::run(tool(workspace, "ruff").args(["format", "--check", "."]))?;
    process::run(tool(workspace, "mypy").args(TYPED))?;
    process::run(
        tool(workspace, "basedpyright")
            .args(["--warnings"])
            .arg("--pythonpath")
            .arg(setup::python(workspace)),
    )?;
    process::run(
        tool(workspace, "stubtest")
            .arg("cxauth._native")
            .env("MYPYPATH", workspace.path("python"))
            .env("PYTHONPATH", module),
    )?;
    Ok(Done::Passed)
}

/// The tests, against the package as it stands in the checkout and the simulator.
pub(crate) fn test(workspace: &Workspace) -> Result<Done> {
    let module = bridge::python_module(workspace)?;
    process::run(
        // The program, not `python -m`: that would import the package as it stands here, without its native half.
        tool(workspace, "pytest")
            .args(["--quiet", "tests"])
            .env("PYTHONPATH", module)
            .env("CXAUTH_SIM", simulator(workspace)?)
            .env("CXAUTH_COMMAND", program(workspace, "cxauth-cli", "cxauth")?),
    )?;
    Ok(Done::Passed)
}

/// The wheel and the source distribution of one build, in `target/packages/python`.
pub(crate) struct Packages {
    pub(crate) wheel: PathBuf,
    pub(crate) source: PathBuf,
}

/// Builds both. The wheel is made from the source distribution, so that nothing is missing from that.
pub(crate) fn pack(workspace: &Workspace) -> Result<Packages> {
    let folder = workspace.target().join("packages/python");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    process::run(
        tool(workspace, "maturin").args(["sdist", "--manifest-path", "Cargo.toml", "--out"]).arg(&folder),
    )?;
    let source = only_file(&folder, ".tar.gz")?;
    let unpacked = workspace.scratch("python-source")?;
    process::run(Command::new("tar").arg("-xzf").arg(&source).arg("-C").arg(&unpacked))?;
    let project = only_folder(&unpacked)?;
    process::run(
        tool(workspace, "maturin")
            .current_dir(&project)
            // Not `--locked`: the lock's versions count, but it also names the crates that are not in here.
            .args(["build", "--profile", "wheel", "--interpreter"])
            .arg(setup::python(workspace))
            .arg("--out")
            .arg(&folder)
            .env("CARGO_ENCODED_RUSTFLAGS", without_folders_of_this_machine(&project)?)
            // What was compiled before is compiled no second time.
            .env("CARGO_TARGET_DIR", workspace.target()),
    )?;
    Ok(Packages { wheel: only_file(&folder, ".whl")?, source })
}

/// Flags that keep the names of this machine's folders out of what is compiled: panics name their place in the source.
fn without_folders_of_this_machine(project: &Path) -> Result<String> {
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let folders = [
        (project.to_owned(), "cxauth"),
        (cargo.context("there is no home folder: set CARGO_HOME")?.join("registry/src"), "crates"),
        (PathBuf::from(sysroot.trim()), "rust"),
    ];
    let flags = folders.map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()));
    Ok(flags.join("\x1f"))
}

/// The wheel in empty environments: it imports, also where Python is as old as may be, and the examples of the documentation
/// run word for word.
pub(crate) fn test_package(workspace: &Workspace) -> Result<Done> {
    let wheel = pack(workspace)?.wheel;
    if let Some(oldest) = oldest_python() {
        install_alone(workspace, &wheel, "python-oldest", &oldest)?;
    }
    let python = install_alone(workspace, &wheel, "python-empty", &setup::python(workspace))?;
    process::run(
        tool(workspace, "pytest")
            .args(["--quiet", "tests/test_documentation.py"])
            .env("CXAUTH_PYTHON", python)
            .env("CXAUTH_SIM", simulator(workspace)?),
    )?;
    Ok(Done::Passed)
}

/// Installs the wheel into an environment of its own, without any index, and looks at it there. Returns its interpreter.
fn install_alone(workspace: &Workspace, wheel: &Path, name: &str, interpreter: &Path) -> Result<PathBuf> {
    let environment = workspace.scratch(name)?;
    process::run(Command::new(interpreter).args(["-m", "venv", "--clear"]).arg(&environment))?;
    let python = setup::python_in(&environment);
    process::run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"])
            .arg(wheel),
    )?;
    process::run(
        Command::new(&python)
            .arg(workspace.path("python/tests/package.py"))
            .arg(&workspace.root)
            .env_remove("PYTHONPATH"),
    )?;
    Ok(python)
}

/// The oldest Python on this machine that the package is for, beside the one of the tests: by its name, or among pyenv's.
fn oldest_python() -> Option<PathBuf> {
    const OLDEST: u32 = 10;
    const NEWEST: u32 = 20;
    let versions = env::home_dir().map(|home| home.join(".pyenv/versions"));
    let kept = versions.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let kept: Vec<PathBuf> = kept.map(|version| version.path().join("bin")).collect();
    (OLDEST..NEWEST)
        .map(|minor| format!("python3.{minor}{EXE_SUFFIX}"))
        .flat_map(|name| {
            [PathBuf::from(&name)].into_iter().chain(kept.iter().map(move |folder| folder.join(&name)))
        })
        .find(|python| process::succeeds(Command::new(python).args(["-c", "import venv, ensurepip"])))
}

/// Builds the simulator and returns its program.
pub(crate) fn simulator(workspace: &Workspace) -> Result<PathBuf> {
    program(workspace, "cxauth-sim", "cxauth-sim")
}

/// Builds a program of ours.
fn program(workspace: &Workspace, package: &str, name: &str) -> Result<PathBuf> {
    process::run(&mut workspace.cargo(["build", "--locked", "--package", package, "--bin", name]))?;
    Ok(workspace.target().join("debug").join(format!("{name}{EXE_SUFFIX}")))
}

/// A program of the virtual environment, run in `python/`.
fn tool(workspace: &Workspace, name: &str) -> Command {
    let interpreter = setup::python(workspace);
    let programs = interpreter.parent().unwrap_or(Path::new("")).to_owned();
    let mut command = Command::new(programs.join(format!("{name}{EXE_SUFFIX}")));
    command.current_dir(workspace.path("python"));
    command
}

fn only_file(folder: &Path, ending: &str) -> Result<PathBuf> {
    let all = fs::read_dir(folder).with_context(|| format!("nothing was made in {}", folder.display()))?;
    let found: Vec<_> = all
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    match <[PathBuf; 1]>::try_from(found) {
        Ok([file]) => Ok(file),
        Err(found) => bail!("{} files end in {ending} in {}, not one", found.len(), folder.display()),
    }
}

fn only_folder(folder: &Path) -> Result<PathBuf> {
    only_file(folder, "")
}
