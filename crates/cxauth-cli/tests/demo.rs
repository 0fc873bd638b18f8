//! `cxauth demo`: everything is as it should be, quickly, in JSON and for a person.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use serde_json::Value;
use std::{collections::BTreeMap, time::Instant};
use support::World;

#[test]
fn every_line_of_json_is_ok() {
    let started = Instant::now();
    let ended = World::new().run(&["demo", "--json"]);
    assert!(started.elapsed().as_secs() < 20);
    let lines: Vec<Value> =
        ended.succeeded().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["ok"] == true), "{lines:?}");
    let (summary, findings) = lines.split_last().unwrap();
    assert_eq!(summary["summary"], true);
    assert_eq!(summary["failed"], serde_json::json!([]));
    assert_eq!((&summary["broken_rules"], &summary["leaked_secrets"]), (&0.into(), &0.into()));

    let mut steps: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in findings {
        steps.entry(line["way"].as_str().unwrap()).or_default().push(line["step"].as_str().unwrap());
    }
    let ways: Vec<_> = steps.keys().copied().collect();
    let expected = [
        "Cisco CX Cloud",
        "CloudCX, API key",
        "CloudCX, email",
        "CloudCX, username",
        "CloudLX",
        "Sangoma CX",
    ];
    assert_eq!(ways, expected);
    for taken in steps.values() {
        assert_eq!(taken, &["sign_in", "api_call", "renewal", "fault", "callers"]);
    }
}

#[test]
fn the_table_is_aligned_and_narrow() {
    let ended = World::new().run(&["demo"]);
    let text = ended.succeeded();
    assert!(!text.contains('\u{1b}') && !text.contains("canary") && !text.contains('✗'), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let rows: Vec<Vec<usize>> = text
        .lines()
        .filter(|line| line.matches('✓').count() == 5)
        .map(|line| line.chars().enumerate().filter(|(_, mark)| *mark == '✓').map(|(at, _)| at).collect())
        .collect();
    assert_eq!(rows.len(), 6, "{text}");
    assert!(rows.iter().all(|row| *row == rows[0]), "{text}");
    assert!(text.contains("all 32 checks passed"), "{text}");
}

#[test]
fn each_grant_is_shown_too() {
    let ended = World::new().run(&["demo", "--all"]);
    let text = ended.succeeded();
    assert!(!text.contains("canary") && !text.contains('✗'), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let rows: Vec<Vec<usize>> = text
        .lines()
        .filter(|line| line.matches('✓').count() == 4)
        .map(|line| line.chars().enumerate().filter(|(_, mark)| *mark == '✓').map(|(at, _)| at).collect())
        .collect();
    assert_eq!(rows.len(), 9, "{text}");
    assert!(rows.iter().all(|row| *row == rows[0]), "{text}");
    assert!(text.contains("all 68 checks passed"), "{text}");

    let ended = World::new().run(&["demo", "--all", "--json"]);
    let lines: Vec<Value> =
        ended.succeeded().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["ok"] == true), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line["platform"] == "generic").count(), 36);
}

#[cfg(unix)]
#[test]
fn a_terminal_sees_colours() {
    let world = World::new();
    let mut command = world.command(&["demo"]);
    command.env("TERM", "xterm");
    let ended = support::on_terminal(command);
    assert_eq!(ended.status, 0, "{ended:?}");
    assert!(ended.stdout.contains("\u{1b}[32m✓"), "{ended:?}");
}
