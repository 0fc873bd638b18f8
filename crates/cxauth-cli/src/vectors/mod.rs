//! Runs a folder of scenarios against the core. `tests/vectors/README.md` is the format's contract.

mod expectation;
mod outcome;
mod process;
mod scenario;
mod sign_in;
mod store;
mod world;

use scenario::Scenario;
use serde_json::Value;
use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// How many scenarios passed and failed. A file that cannot be read, and a folder without scenarios, count as failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Those that held.
    pub(crate) passed: usize,
    /// Those that did not.
    pub(crate) failed: usize,
}

impl Summary {
    /// Whether everything held.
    pub(crate) fn is_success(self) -> bool {
        self.failed == 0
    }
}

/// Runs every `.json` file of the folder and the folders in it, and writes `pass ID` or `FAIL ID: what differed` a line,
/// then `N passed, N failed`.
///
/// # Errors
/// Only when `out` cannot be written; what is wrong with the folder is reported as a failure.
pub(crate) fn run(dir: &Path, out: &mut dyn Write) -> io::Result<Summary> {
    let mut report = Report { out, summary: Summary::default(), seen: HashSet::new() };
    match files(dir) {
        Ok(files) => {
            for file in files {
                run_file(dir, &file, &mut report)?;
            }
            if report.summary == Summary::default() {
                report.failed(&dir.display().to_string(), "there are no scenarios in this folder")?;
            }
        }
        Err(error) => report.failed(&dir.display().to_string(), &format!("cannot be read: {error}"))?,
    }
    let Summary { passed, failed } = report.summary;
    writeln!(report.out, "{passed} passed, {failed} failed")?;
    Ok(report.summary)
}

fn run_file(dir: &Path, file: &Path, report: &mut Report<'_>) -> io::Result<()> {
    let name = file.strip_prefix(dir).unwrap_or(file).display().to_string();
    let scenarios = fs::read(file)
        .map_err(|error| format!("cannot be read: {error}"))
        .and_then(|text| serde_json::from_slice(&text).map_err(|error| format!("is no JSON: {error}")));
    let scenarios = match scenarios {
        Ok(Value::Array(scenarios)) => scenarios,
        Ok(_) => return report.failed(&name, "is no array of scenarios"),
        Err(error) => return report.failed(&name, &error),
    };
    for (index, value) in scenarios.into_iter().enumerate() {
        let id = match value.get("id").and_then(Value::as_str) {
            Some(id) if !report.seen.insert(id.to_string()) => {
                report.failed(id, &format!("the id stands twice; here in {name}"))?;
                continue;
            }
            Some(id) => id.to_string(),
            None => format!("{name}[{index}]"),
        };
        match Scenario::from_value(value).and_then(|scenario| scenario.run()) {
            Ok(()) => report.passed(&id)?,
            Err(differences) => report.failed(&id, &differences)?,
        }
    }
    Ok(())
}

/// The files in the order of their names, so that two runs print the same.
fn files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

struct Report<'out> {
    out: &'out mut dyn Write,
    summary: Summary,
    seen: HashSet<String>,
}

impl Report<'_> {
    fn passed(&mut self, id: &str) -> io::Result<()> {
        self.summary.passed += 1;
        writeln!(self.out, "pass {id}")
    }

    fn failed(&mut self, id: &str, why: &str) -> io::Result<()> {
        self.summary.failed += 1;
        writeln!(self.out, "FAIL {id}: {}", why.replace('\n', " "))
    }
}
