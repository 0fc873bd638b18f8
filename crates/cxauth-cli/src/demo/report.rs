//! The demonstration's output: a table for a person, or JSON.

use super::{Found, stage::Stage, steps::Step, ways::Way};
use crate::{
    failure::{Failure, Status},
    terminal::Paint,
};
use serde_json::json;
use std::{
    io::{self, Write},
    time::Duration,
};

/// A table's columns: a title, and how many characters its cells have, mark included.
pub(super) type Columns = [(&'static str, usize)];

const COLUMNS: &Columns = &[
    ("way in", 17),
    ("sign in", 15),
    ("API call", 13),
    ("renewed at", 17),
    ("fault survived", 16),
    ("100 callers", 12),
];

const GAP: &str = "  ";

const NEXT: &str = "\
The same for a real platform (`cxauth platforms` lists what each needs):
  cxauth token cisco-cx-cloud --client-id ID --secret-file client_secret=PATH
  cxauth call NAME GET PATH        by [connections.NAME] in ~/.config/cxauth/config.toml";

pub(super) struct Report {
    json: bool,
    paint: Paint,
    /// For the end: what each fault was, and everything that is not as it should be.
    faults: Vec<(&'static str, String)>,
    failures: Vec<String>,
    checks: usize,
    /// Everything that was printed, for the search for secrets.
    printed: String,
}

impl Report {
    pub(super) fn begin(json: bool) -> Result<Self, Failure> {
        let paint = Paint::of_stdout();
        let mut report =
            Self { json, paint, faults: Vec::new(), failures: Vec::new(), checks: 0, printed: String::new() };
        if !json {
            report.line("Every platform, simulated on this machine. Time is virtual; every cell is checked on both sides.")?;
        }
        report.table(COLUMNS)?;
        Ok(report)
    }

    /// Begins a table.
    pub(super) fn table(&mut self, columns: &Columns) -> Result<(), Failure> {
        if self.json {
            return Ok(());
        }
        let titles: Vec<_> = columns.iter().map(|(title, width)| format!("{title:width$}")).collect();
        let titles = titles.join(GAP);
        self.line("")?;
        self.line(&self.paint.strong(titles.trim_end()))?;
        self.line(&self.paint.faint(&"─".repeat(titles.chars().count())))
    }

    /// The findings of one way in.
    pub(super) fn way(&mut self, way: &Way, findings: &[(Step, Found)]) -> Result<(), Failure> {
        let cells: Vec<_> = findings.iter().map(|(step, found)| (step.name(), found)).collect();
        for (step, found) in findings {
            if let (Step::Fault, Ok(finding)) = (step, found) {
                self.faults.push((way.name, finding.detail.clone()));
            }
        }
        self.row(way.name, way.platform.id(), COLUMNS, &cells)
    }

    /// A row: its name, and what was found in each step.
    pub(super) fn row(
        &mut self,
        name: &str,
        platform: &str,
        columns: &Columns,
        cells: &[(&str, &Found)],
    ) -> Result<(), Failure> {
        let mut row = format!("{name:0$}", columns[0].1);
        for ((step, found), (title, width)) in cells.iter().zip(&columns[1..]) {
            self.checks += 1;
            let (short, detail) = match found {
                Ok(finding) => (finding.short.as_str(), &finding.detail),
                Err(what) => ("failed", what),
            };
            if found.is_err() {
                self.failures.push(format!("{name}, {title}: {detail}"));
            }
            if self.json {
                let line = json!({
                    "way": name,
                    "platform": platform,
                    "step": step,
                    "ok": found.is_ok(),
                    "result": short,
                    "detail": detail,
                });
                self.line(&line.to_string())?;
            } else {
                let mark = if found.is_ok() { self.paint.good("✓") } else { self.paint.bad("✗") };
                row += &format!("{GAP}{mark} {short:0$}", width - 2);
            }
        }
        if !self.json {
            self.line(row.trim_end())?;
        }
        Ok(())
    }

    /// What became of it all.
    pub(super) fn end(mut self, stage: &Stage, took: Duration) -> Result<Status, Failure> {
        let totals = stage.totals();
        self.failures.extend(totals.violations.iter().map(|broken| format!("a rule was broken at {broken}")));
        let leaks = stage.simulator.secrets().iter().filter(|secret| self.printed.contains(*secret)).count();
        if leaks > 0 {
            self.failures.push(format!("{leaks} secrets stand in this output"));
        }
        self.checks += 2;
        let ok = self.failures.is_empty();
        if self.json {
            let line = json!({
                "summary": true,
                "ok": ok,
                "checks": self.checks,
                "failed": self.failures,
                "token_requests": totals.token_requests,
                "api_requests": totals.api_requests,
                "broken_rules": totals.violations.len(),
                "leaked_secrets": leaks,
                "virtual_days": stage.days(),
                "seconds": took.as_secs_f64(),
            });
            self.line(&line.to_string())?;
        } else {
            self.explain_faults()?;
            let (days, seconds) = (stage.days(), took.as_secs_f64());
            let (tokens, calls) = (totals.token_requests, totals.api_requests);
            self.line(&format!(
                "{tokens} token requests, {calls} API requests, {days} days of virtual time in {seconds:.1} s;"
            ))?;
            self.line(&format!("{} rules broken, {leaks} secrets printed.", totals.violations.len()))?;
            self.conclude()?;
        }
        Ok(if ok { Status::Success } else { Status::NotAsItShouldBe })
    }

    fn explain_faults(&mut self) -> Result<(), Failure> {
        self.line("")?;
        self.line("How the faults were survived:")?;
        for (name, detail) in std::mem::take(&mut self.faults) {
            let name = self.paint.faint(&format!("{name:0$}", COLUMNS[0].1));
            self.line(&format!("{name}{GAP}{detail}"))?;
        }
        self.line("")
    }

    fn conclude(&mut self) -> Result<(), Failure> {
        let failures = std::mem::take(&mut self.failures);
        for failure in &failures {
            let mark = self.paint.bad("✗");
            self.line(&format!("{mark} {failure}"))?;
        }
        let verdict = if failures.is_empty() {
            self.paint.good(&format!("✓ all {} checks passed", self.checks))
        } else {
            self.paint.bad("✗ not everything is as it should be")
        };
        self.line(&verdict)?;
        self.line("")?;
        self.line(NEXT)
    }

    fn line(&mut self, line: &str) -> Result<(), Failure> {
        self.printed.push_str(line);
        self.printed.push('\n');
        let mut out = io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }
}
