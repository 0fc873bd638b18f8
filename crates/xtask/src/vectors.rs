//! A folder of scenarios, run in every language: each has to come out the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use anyhow::{Result, bail};

use crate::{
    bridge, maven,
    native::{self, Profile},
    npm, process, setup, swift,
    workspace::Workspace,
};

/// A language and how to make the command that runs a folder of scenarios in it. The command prints `pass ID` or
/// `FAIL ID: what differed` a line and exits with an error after any failure. A command that cannot be made or run is
/// a failure of all its scenarios.
struct Runner {
    language: &'static str,
    command: fn(&Workspace, &Path) -> Result<Command>,
    /// The command that tests the runner itself: a runner that cannot fail proves nothing. None where the tests of a
    /// crate or of the language's package do that.
    own_tests: Option<fn(&Workspace) -> Result<Command>>,
}

const RUNNERS: &[Runner] = &[
    Runner { language: "rust", command: rust, own_tests: None },
    Runner { language: "python", command: python, own_tests: Some(python_tests) },
    Runner { language: "node", command: node, own_tests: Some(node_tests) },
    Runner { language: "kotlin", command: kotlin, own_tests: None },
    Runner { language: "swift", command: swift::scenarios, own_tests: None },
];

fn rust(workspace: &Workspace, folder: &Path) -> Result<Command> {
    let mut command =
        workspace.cargo(["run", "--quiet", "--locked", "--package", "cxauth-cli", "--", "vectors"]);
    command.arg(folder);
    Ok(command)
}

fn python(workspace: &Workspace, folder: &Path) -> Result<Command> {
    let mut command = python_with_bridge(workspace)?;
    command.arg(workspace.path("python/tests/vectors/run.py")).arg(folder);
    Ok(command)
}

fn python_tests(workspace: &Workspace) -> Result<Command> {
    let mut command = python_with_bridge(workspace)?;
    command.arg(workspace.path("python/tests/vectors/test_run.py"));
    Ok(command)
}

fn python_with_bridge(workspace: &Workspace) -> Result<Command> {
    let mut command = Command::new(setup::python(workspace));
    command.env("PYTHONPATH", bridge::python_module(workspace)?);
    Ok(command)
}

fn node(workspace: &Workspace, folder: &Path) -> Result<Command> {
    npm::build(workspace)?;
    let mut command = Command::new("node");
    command.arg(workspace.path("npm/test/vectors/run.mjs")).arg(folder);
    Ok(command)
}

fn node_tests(workspace: &Workspace) -> Result<Command> {
    npm::build(workspace)?;
    let mut command = Command::new("node");
    command.arg("--test").arg(workspace.path("npm/test/vectors/runner.test.mjs"));
    Ok(command)
}

fn kotlin(workspace: &Workspace, folder: &Path) -> Result<Command> {
    let library = native::build(workspace, Profile::Debug)?.dynamic;
    let mut command = maven::java();
    command
        // Each call leaves native memory for the garbage collector to free, which costs less the less of it there is.
        .args(["-XX:+UseParallelGC", "-Xmn4m"])
        .arg(format!("-Duniffi.component.cxauth_bridge.libraryOverride={}", library.display()))
        .arg("-cp")
        .arg(maven::test_classes(workspace)?)
        .arg("io.github.cxauth.vectors.RunKt")
        .arg(folder);
    Ok(command)
}

/// Tests the runners themselves.
pub(crate) fn test_runners(workspace: &Workspace) -> Result<()> {
    for command in RUNNERS.iter().filter_map(|runner| runner.own_tests) {
        process::run(&mut command(workspace)?)?;
    }
    Ok(())
}

/// The languages that have a runner.
pub(crate) fn languages() -> Vec<&'static str> {
    RUNNERS.iter().map(|runner| runner.language).collect()
}

/// Runs the scenarios in these languages, or in every one when none is named, and prints a table. True when all passed
/// everywhere.
pub(crate) fn run_and_report(workspace: &Workspace, folder: &Path, languages: &[String]) -> bool {
    // A relative folder is the user's, who may stand elsewhere than at the workspace's root.
    let here = std::env::current_dir().unwrap_or_else(|_| workspace.root.clone());
    let folder =
        [here, workspace.root.clone()].map(|base| base.join(folder)).into_iter().find(|path| path.is_dir());
    let Some(folder) = folder else {
        eprintln!("error: there is no such folder of scenarios");
        return false;
    };
    let results: Vec<_> = RUNNERS
        .iter()
        .filter(|runner| languages.is_empty() || languages.iter().any(|name| name == runner.language))
        .map(|runner| {
            let result =
                (runner.command)(workspace, &folder).and_then(|command| run(runner.language, command));
            if let Err(error) = &result {
                eprintln!("error: {}: {error:#}", runner.language);
            }
            (runner.language, result)
        })
        .collect();
    let table = Table::new(&results);
    print!("{table}");
    println!(
        "{} passed, {} failed",
        table.count(|result| result == Some(true)),
        table.count(|result| result != Some(true))
    );
    table.all_passed() && results.iter().all(|(_, result)| result.is_ok())
}

fn run(language: &str, mut command: Command) -> Result<BTreeMap<String, bool>> {
    let (text, succeeded) = process::output_and_status(&mut command)?;
    let results = read_results(&text);
    for line in text.lines().filter(|line| line.starts_with("FAIL ")) {
        println!("{language}: {line}");
    }
    if results.is_empty() {
        bail!("the runner reported no scenario");
    }
    if !succeeded && results.values().all(|passed| *passed) {
        bail!("the runner failed, although each scenario that it reported passed");
    }
    Ok(results)
}

fn read_results(text: &str) -> BTreeMap<String, bool> {
    text.lines()
        .filter_map(|line| {
            let (verdict, rest) = line.split_once(' ')?;
            match verdict {
                "pass" => Some((rest.trim().to_owned(), true)),
                "FAIL" => Some((rest.split(": ").next().unwrap_or(rest).trim().to_owned(), false)),
                _ => None,
            }
        })
        .collect()
}

/// Scenario by language: passed, failed, or not reported.
struct Table {
    languages: Vec<&'static str>,
    rows: Vec<(String, Vec<Option<bool>>)>,
}

impl Table {
    fn new(results: &[(&'static str, Result<BTreeMap<String, bool>>)]) -> Self {
        let reported = |result: &Result<BTreeMap<String, bool>>| {
            result.as_ref().map_or_else(|_| BTreeMap::new(), Clone::clone)
        };
        let by_language: Vec<_> = results.iter().map(|(_, result)| reported(result)).collect();
        let scenarios: BTreeSet<_> = by_language.iter().flat_map(BTreeMap::keys).cloned().collect();
        let row = |id: String| {
            let cells = by_language.iter().map(|results| results.get(&id).copied()).collect();
            (id, cells)
        };
        Self {
            languages: results.iter().map(|(language, _)| *language).collect(),
            rows: scenarios.into_iter().map(row).collect(),
        }
    }

    fn count(&self, counts: impl Fn(Option<bool>) -> bool) -> usize {
        self.rows.iter().flat_map(|(_, cells)| cells).filter(|cell| counts(**cell)).count()
    }

    fn all_passed(&self) -> bool {
        !self.rows.is_empty() && self.count(|result| result != Some(true)) == 0
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = self.rows.iter().map(|(id, _)| id.len()).max().unwrap_or_default() + 2;
        write!(formatter, "{:width$}", "scenario")?;
        self.languages.iter().try_for_each(|language| write!(formatter, "{language:<10}"))?;
        writeln!(formatter)?;
        for (id, cells) in &self.rows {
            write!(formatter, "{id:width$}")?;
            for cell in cells {
                let text = match cell {
                    Some(true) => "pass",
                    Some(false) => "FAIL",
                    None => "MISSING",
                };
                write!(formatter, "{text:<10}")?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_runners_lines_become_results() {
        let results = read_results("pass a/one\nFAIL a/two: wakeup: 5 is not null\n\n1 passed, 1 failed\n");
        assert_eq!(results, BTreeMap::from([("a/one".to_owned(), true), ("a/two".to_owned(), false)]));
    }

    #[test]
    fn a_scenario_that_a_language_left_out_fails() {
        let one = BTreeMap::from([("a".to_owned(), true), ("b".to_owned(), true)]);
        let other = BTreeMap::from([("a".to_owned(), true)]);
        assert!(Table::new(&[("one", Ok(one.clone()))]).all_passed());
        let table = Table::new(&[("one", Ok(one.clone())), ("other", Ok(other))]);
        assert!(!table.all_passed());
        assert!(table.to_string().lines().any(|line| line.split_whitespace().eq(["b", "pass", "MISSING"])));
        let failed = Table::new(&[("one", Ok(one)), ("other", Err(anyhow::anyhow!("no runner")))]);
        assert_eq!(failed.count(|result| result.is_none()), 2);
    }

    #[test]
    fn no_scenario_is_no_success() {
        assert!(!Table::new(&[("one", Ok(BTreeMap::new()))]).all_passed());
    }

    #[test]
    fn a_runner_that_fails_silently_is_an_error() {
        let command = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        assert!(run("sh", command("echo pass a; exit 1")).is_err());
        assert!(run("sh", command("exit 0")).is_err());
        assert!(run("sh", command("echo pass a")).is_ok());
    }
}
