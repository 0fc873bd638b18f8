//! A project that has nothing but the package, with the programs of the documentation.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{
    examples, files, jar,
    pack::{repository, url, version},
};
use crate::{maven, process, workspace::Workspace};

/// Where the programs stand.
const PAGES: &[&str] = &["README.md", "bindings/kotlin/README.md", "docs/kotlin.md"];

/// What it is made of, besides.
const FILES: &[&str] = &[
    "pom.xml",
    "src/main/kotlin/Check.kt",
    "pieces/pom.xml",
    "pieces/src/main/kotlin/Given.kt",
    "shrink/pom.xml",
    "shrink/android.pro",
];

/// The file with the class path, which is too long to be shown.
const OPTIONS: &str = "java-options";

/// A folder among the system's temporary ones, removed at the end.
pub(super) struct Project(PathBuf);

/// A program of the documentation.
pub(super) struct Program {
    main_class: String,
    /// Which Android has not.
    pub(super) needs_java_http: bool,
}

impl Project {
    pub(super) fn new(workspace: &Workspace) -> Result<Self> {
        let project = Self(env::temp_dir().join(format!("cxauth-kotlin-{}", std::process::id())));
        for file in FILES {
            let target = project.path(file);
            fs::create_dir_all(target.parent().unwrap_or(&project.0))?;
            fs::copy(workspace.path("crates/xtask/smoke/kotlin").join(file), target)?;
        }
        Ok(project)
    }

    /// Writes each program into a package of its own.
    pub(super) fn write_programs(&self, workspace: &Workspace) -> Result<Vec<Program>> {
        let mut programs = Vec::new();
        for text in in_pages(workspace, examples::programs)? {
            let package = write_package(&self.path("src/main/kotlin"), programs.len() + 1, &text)?;
            let needs_java_http = text.contains("java.net.http");
            programs.push(Program { main_class: format!("{package}.ExampleKt"), needs_java_http });
        }
        if programs.iter().all(|program| program.needs_java_http) {
            bail!("the documentation has no program for Android");
        }
        Ok(programs)
    }

    /// Compiles the programs and returns their class path.
    pub(super) fn compile(&self, workspace: &Workspace) -> Result<Vec<PathBuf>> {
        maven::run(maven_with_package(&self.0, workspace)?.args([
            "dependency:purge-local-repository",
            "compile",
            "dependency:build-classpath",
        ]))?;
        let packages = fs::read_to_string(self.path("target/class-path"))?;
        let class_path: Vec<_> =
            [self.path("target/classes")].into_iter().chain(env::split_paths(packages.trim())).collect();
        fs::write(self.path(OPTIONS), class_path_option(&class_path)?)?;
        Ok(class_path)
    }

    /// Compiles the pieces of programs, each in a package of its own.
    pub(super) fn compile_pieces(&self, workspace: &Workspace) -> Result<()> {
        let folder = self.path("pieces");
        let pieces = in_pages(workspace, examples::pieces)?;
        for (index, text) in pieces.iter().enumerate() {
            write_package(&folder.join("src/main/kotlin"), index + 1, text)?;
        }
        println!("{} pieces of programs", pieces.len());
        maven::run(maven_with_package(&folder, workspace)?.arg("compile"))
    }

    /// The option of Java's for what was compiled.
    pub(super) fn options(&self) -> String {
        format!("@{}", self.path(OPTIONS).display())
    }

    /// Runs the programs, each in a process of its own with these options.
    pub(super) fn run(&self, simulator: &Path, programs: &[Program], options: &[&str]) -> Result<()> {
        let names: Vec<_> = programs.iter().map(|program| &*program.main_class).collect();
        process::run(
            maven::java()
                .args([&*self.options(), "CheckKt"])
                .arg(simulator)
                .arg(names.join(","))
                .args(options),
        )
    }

    /// One jar with what the programs need of all the others, by the rules that the jars bring.
    pub(super) fn shrink(&self, class_path: &[PathBuf], programs: &[Program]) -> Result<String> {
        let folder = self.path("shrink");
        maven::run(maven::maven(&folder).arg("dependency:build-classpath"))?;
        let proguard = fs::read_to_string(folder.join("target/class-path"))?;
        let proguard: Vec<_> = env::split_paths(proguard.trim()).collect();
        fs::write(folder.join(OPTIONS), class_path_option(&proguard)?)?;
        let mut rules = String::new();
        for input in class_path {
            rules += &format!("-injars '{}'(!META-INF/versions/**,!META-INF/MANIFEST.MF)\n", input.display());
            for file in rules_in(input, &folder)? {
                rules += &format!("-include '{}'\n", file.display());
            }
        }
        for Program { main_class, .. } in programs {
            rules +=
                &format!("-keep class {main_class} {{ public static void main(java.lang.String[]); }}\n");
        }
        rules += "-include android.pro\n";
        fs::write(folder.join("rules.pro"), rules)?;
        let options = format!("@{OPTIONS}");
        process::run(maven::java().current_dir(&folder).args([&options, "proguard.ProGuard", "@rules.pro"]))?;
        Ok(folder.join("shrunk.jar").display().to_string())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // At worst a temporary folder stays.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the documentation holds of a kind.
fn in_pages(workspace: &Workspace, take: fn(&str) -> Vec<String>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for page in PAGES {
        let text = fs::read_to_string(workspace.path(page)).with_context(|| format!("there is no {page}"))?;
        found.extend(take(&text));
    }
    Ok(found)
}

fn write_package(sources: &Path, number: usize, text: &str) -> Result<String> {
    let package = format!("example{number}");
    let folder = sources.join(&package);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("Example.kt"), format!("package {package}\n\n{text}"))?;
    Ok(package)
}

/// Maven in a project that depends on what was packed.
fn maven_with_package(folder: &Path, workspace: &Workspace) -> Result<Command> {
    let mut command = maven::maven(folder);
    command
        .arg(format!("-Dcxauth.version={}", version(workspace)?))
        .arg(format!("-Dcxauth.repository={}", url(&repository(workspace))));
    Ok(command)
}

/// The files of rules in a jar, unpacked.
fn rules_in(input: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let Some(name) = input.file_name().filter(|_| input.is_file()) else { return Ok(Vec::new()) };
    let unpacked = folder.join("rules").join(name);
    fs::create_dir_all(&unpacked)?;
    process::run(
        jar().current_dir(&unpacked).args(["--extract", "--file"]).arg(input).arg("META-INF/proguard"),
    )?;
    let found = unpacked.join("META-INF/proguard");
    if found.is_dir() { files(&found) } else { Ok(Vec::new()) }
}

/// As a file of options has it: in quotes, in which a backslash stands twice.
fn class_path_option(class_path: &[PathBuf]) -> Result<String> {
    let class_path =
        env::join_paths(class_path)?.into_string().ok().context("a folder's name is not in UTF-8")?;
    Ok(format!("-cp \"{}\"\n", class_path.replace('\\', "\\\\")))
}
