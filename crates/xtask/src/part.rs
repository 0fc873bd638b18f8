//! A part of a run: what it does, how it ended, and the minutes that it took.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::workspace::Workspace;

/// One step that a verb runs and reports on.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    run: fn(&Workspace) -> Result<Done>,
}

/// How a part ended that did not fail.
pub(crate) enum Done {
    Passed,
    /// Could not be run, through no fault of the project's, and why.
    Unreachable(String),
}

impl Part {
    pub(crate) const fn new(
        name: &'static str,
        about: &'static str,
        run: fn(&Workspace) -> Result<Done>,
    ) -> Self {
        Self { name, about, run }
    }
}

/// Runs all parts, also after a failure, and ends with a table. True when none failed.
pub(crate) fn run_parts(workspace: &Workspace, parts: &[Part]) -> bool {
    let mut rows = Vec::new();
    for part in parts {
        println!("\n=== {}: {}", part.name, part.about);
        let start = Instant::now();
        let result = (part.run)(workspace);
        if let Err(error) = &result {
            eprintln!("error: {}: {error:#}", part.name);
        }
        rows.push((part.name, result, start.elapsed()));
    }
    report(&rows)
}

fn report(rows: &[(&str, Result<Done>, Duration)]) -> bool {
    println!("\n{:<24}{:>8}  result", "part", "minutes");
    for (name, result, took) in rows {
        let result = match result {
            Ok(Done::Passed) => "passed".to_owned(),
            Ok(Done::Unreachable(why)) => format!("SKIPPED: {why}"),
            Err(error) => format!("FAILED: {}", first_line(&format!("{error:#}"))),
        };
        println!("{name:<24}{:>8.1}  {result}", minutes(*took));
    }
    let total = rows.iter().map(|(_, _, took)| *took).sum();
    println!("{:<24}{:>8.1}", "all", minutes(total));
    let failed = rows.iter().filter(|(_, result, _)| result.is_err()).count();
    let passed = rows.iter().filter(|(_, result, _)| matches!(result, Ok(Done::Passed))).count();
    println!("\nparts: {passed} passed, {failed} failed");
    failed == 0
}

fn minutes(took: Duration) -> f64 {
    took.as_secs_f64() / 60.0
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
