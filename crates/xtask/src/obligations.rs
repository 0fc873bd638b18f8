//! What the standards oblige a client to do, and the tests that show it: `docs/obligations.md` is made from
//! `tests/obligations.json` and from the tests that name an obligation (`R17`).

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{part::Done, workspace::Workspace};

const ROWS: &str = "tests/obligations.json";
const PAGE: &str = "docs/obligations.md";

/// Where tests are, and how a test begins there, by the ending of the file's name.
const TESTS: &[(&str, &str, &[&str])] = &[
    ("crates", ".rs", &["fn "]),
    ("python/tests", ".py", &["def test_"]),
    ("npm/test", ".ts", &["test(", "it("]),
    ("tests/browser", ".mjs", &["test(", "it("]),
    ("bindings/kotlin/src/test", ".kt", &["fun "]),
    ("bindings/swift/Tests", ".swift", &["func "]),
];

/// So many tests of an obligation are named on the page.
const MOST_NAMED: usize = 4;

/// Writes the page.
pub(crate) fn write(workspace: &Workspace) -> Result<Done> {
    let page = page(workspace)?;
    fs::write(workspace.root.join(PAGE), page).with_context(|| format!("cannot write {PAGE}"))?;
    println!("wrote {PAGE}");
    Ok(Done::Passed)
}

/// Fails when the page is stale, when an obligation is neither shown nor left out with a reason, and when a test names one
/// that there is not.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    let path = workspace.root.join(PAGE);
    let written = fs::read_to_string(&path).with_context(|| format!("cannot read {PAGE}"))?;
    if written != page(workspace)? {
        bail!("{PAGE} is stale: run `cargo xtask obligations`");
    }
    Ok(Done::Passed)
}

struct Obligation {
    id: String,
    source: String,
    level: String,
    obligation: String,
    left_out: Option<String>,
}

fn page(workspace: &Workspace) -> Result<String> {
    let rows = rows(&workspace.root)?;
    let tests = tests(workspace)?;
    let mut faults = Vec::new();
    for (id, named_by) in &tests {
        if !rows.iter().any(|row| row.id == *id) {
            faults.push(format!("{}: there is no obligation {id}", named_by.join(", ")));
        }
    }
    let mut table = String::new();
    let mut shown = 0;
    for row in &rows {
        let cell = match (tests.get(&row.id), &row.left_out) {
            (Some(tests), None) => {
                shown += 1;
                listed(tests)
            }
            (None, Some(why)) => format!("Left out: {why}"),
            (Some(_), Some(_)) => {
                faults.push(format!("{} is left out, and tests show it", row.id));
                continue;
            }
            (None, None) => {
                faults.push(format!("{} is neither shown by a test nor left out with a reason", row.id));
                continue;
            }
        };
        let Obligation { id, source, level, obligation, .. } = row;
        table.push_str(&format!("| {id} | {source} | {level} | {obligation} | {cell} |\n"));
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(format!(
        "# What the standards oblige a client to do\n\n\
         Each row is an obligation of a client in the standards of OAuth 2.0 (a bare number is an RFC; 2.1 is the draft of OAuth \
         2.1, with its section), in own words, and the tests that show it: {shown} of {} rows. This page is made from `{ROWS}` and \
         from the tests, which name the rows; `cargo xtask obligations` writes it anew, and a test fails when it is stale or when \
         a row has neither a test nor a reason.\n\n\
         Not built, and not in the table: request objects (JAR, RFC 9101), mutual TLS (RFC 8705), and protected resource metadata \
         (RFC 9728).\n\n\
         | id | where | level | obligation | shown by |\n|---|---|---|---|---|\n{table}",
        rows.len(),
    ))
}

fn rows(root: &Path) -> Result<Vec<Obligation>> {
    let text = fs::read_to_string(root.join(ROWS)).with_context(|| format!("cannot read {ROWS}"))?;
    let rows: Vec<Value> = serde_json::from_str(&text).with_context(|| format!("{ROWS} is no array"))?;
    rows.iter()
        .map(|row| {
            let text = |name: &str| row.get(name).and_then(Value::as_str).map(String::from);
            let wanted =
                |name: &str| text(name).with_context(|| format!("{ROWS}: {name} is missing in {row}"));
            Ok(Obligation {
                id: wanted("id")?,
                source: wanted("source")?,
                level: wanted("level")?,
                obligation: wanted("obligation")?,
                left_out: text("left_out"),
            })
        })
        .collect()
}

fn listed(tests: &[String]) -> String {
    let mut cell = tests.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("<br>");
    if tests.len() > MOST_NAMED {
        cell.push_str(&format!("<br>and {} more", tests.len() - MOST_NAMED));
    }
    cell
}

/// The tests by the obligations that they name.
fn tests(workspace: &Workspace) -> Result<BTreeMap<String, Vec<String>>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut note = |id: String, test: String| {
        let tests = found.entry(id).or_default();
        if !tests.contains(&test) {
            tests.push(test);
        }
    };
    for (folder, ending, beginnings) in TESTS {
        let folder = workspace.root.join(folder);
        let mut files = workspace.files(ending)?;
        files.retain(|file| file.starts_with(&folder) && !file.ends_with("obligations.rs"));
        files.sort();
        for file in files {
            let text =
                fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(&workspace.root).unwrap_or(&file).display().to_string();
            for (id, test) in named_in(&text, beginnings) {
                note(id, format!("`{name}`: {test}"));
            }
        }
    }
    let mut files = workspace.files(".json")?;
    files.retain(|file| file.starts_with(workspace.root.join("tests/vectors")));
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let scenarios: Vec<Value> =
            serde_json::from_str(&text).with_context(|| format!("{} is no array", file.display()))?;
        for scenario in &scenarios {
            let text = |name: &str| scenario.get(name).and_then(Value::as_str).unwrap_or_default();
            for id in ids(text("why")) {
                note(id, format!("scenario `{}`", text("id")));
            }
        }
    }
    Ok(found)
}

/// The obligations that a file names, each with the test that it stands in or before.
fn named_in(text: &str, beginnings: &[&str]) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| {
        let line = line.trim_start().trim_start_matches("pub ").trim_start_matches("async ");
        beginnings
            .iter()
            .find(|beginning| line.starts_with(**beginning))
            .map(|beginning| title(line, beginning))
    };
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        for id in ids(line) {
            let is_before = |line: &&&str| {
                let line = line.trim_start();
                line.is_empty()
                    || ["//", "#", "*", "/*", "@", "mark"].iter().any(|mark| line.starts_with(mark))
            };
            let after = lines.iter().skip(index).find(|line| !is_before(line)).and_then(|line| begins(line));
            let test = match after.filter(|_| is_before(&line)) {
                Some(test) => Some(test),
                None => lines.iter().take(index + 1).rev().find_map(|line| begins(line)),
            };
            if let Some(test) = test {
                found.push((id, test));
            }
        }
    }
    found
}

/// The name of the test that begins on this line.
fn title(line: &str, beginning: &str) -> String {
    let rest = line.strip_prefix(beginning).unwrap_or(line).trim_start();
    match rest.chars().next() {
        Some(quote @ ('\'' | '"' | '`')) => {
            rest.trim_start_matches(quote).split(quote).next().unwrap_or(rest).into()
        }
        _ => {
            let name = rest.split(['(', '<', ' ', ':']).next().unwrap_or(rest);
            let whole = if beginning.ends_with('_') { format!("test_{name}") } else { name.to_string() };
            whole.replace('_', " ")
        }
    }
}

/// `R01` to `R99`, as words of their own.
fn ids(text: &str) -> Vec<String> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let bytes = text.as_bytes();
    text.match_indices('R')
        .filter(|(index, _)| {
            let before = index.checked_sub(1).and_then(|before| bytes.get(before));
            let digits =
                bytes.get(index + 1..index + 3).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
            digits && !before.is_some_and(is_word) && !bytes.get(index + 3).is_some_and(is_word)
        })
        .filter_map(|(index, _)| text.get(index..index + 3).map(String::from))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ids, named_in};

    #[test]
    fn an_obligation_belongs_to_the_test_below_or_around_it() {
        let text = "
/// One and Two: R01, R02.
#[test]
fn first_of_all() {
    check();
}

#[test]
fn second() {
    assert!(true, \"R03\");
}
";
        let found = named_in(text, &["fn "]);
        let expected = [("R01", "first of all"), ("R02", "first of all"), ("R03", "second")];
        assert_eq!(found, expected.map(|(id, test)| (id.to_string(), test.to_string())));
        let script = "test('a quoted, long (name)', () => {\n  // R44\n});";
        assert_eq!(named_in(script, &["test("]), [("R44".to_string(), "a quoted, long (name)".to_string())]);
    }

    #[test]
    fn ids_are_words() {
        assert_eq!(ids("R01, (R02) R3 R044 XR05 R06_ canary-R07 R08"), ["R01", "R02", "R08"]);
    }
}
