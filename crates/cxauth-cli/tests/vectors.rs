#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

#[allow(dead_code)]
#[path = "../src/secret.rs"]
mod secret;
#[path = "../src/vectors/mod.rs"]
mod vectors;

use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use vectors::Summary;

fn run(dir: &Path) -> (Summary, String) {
    let mut out = Vec::new();
    let summary = vectors::run(dir, &mut out).unwrap();
    (summary, String::from_utf8(out).unwrap())
}

fn run_text(text: &str) -> (Summary, String) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.json"), text).unwrap();
    run(dir.path())
}

fn run_one(scenario: &Value) -> (Summary, String) {
    run_text(&json!([scenario]).to_string())
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// One session scenario that holds and uses every kind of place where a key can stand.
fn right() -> Value {
    json!({
        "id": "a/b", "kind": "session", "why": "an example", "epoch": 1_700_000_000,
        "connection": { "platform": "cisco-cx-cloud", "client_id": "k", "client_secret": "s" },
        "steps": [
            { "at": 0, "do": "acquire", "as": "one", "expect": { "lead": { "token": null, "request": {
                "method": "POST", "form": { "grant_type": "client_credentials", "client_id": "k", "client_secret": "s" } } } } },
            { "at": 0, "do": "answer", "of": "one", "answer": { "status": 503, "headers": [], "body": "" },
              "expect": { "wait": { "until": [1, 1.5], "error": { "action": "retry" } } }, "wakeup": [1, 1.5], "events": ["waiting"] },
            { "at": 2, "do": "acquire" },
            { "at": 2, "do": "answer", "answer": { "status": 200, "body": "{\"access_token\":\"A\",\"expires_in\":3600}" },
              "expect": { "token": { "headers": { "authorization": "Bearer A" }, "expires_at": 3602 } } },
            { "at": 3, "do": "outage", "until": 10, "every": 1, "failure": "connect", "expect": { "requests": 0 } },
            { "at": 11, "do": "refuse", "status": 401, "www_authenticate": "Bearer error=\"invalid_token\"", "body": "", "expect": "retry" },
            { "at": 12, "do": "change_secret", "connection": { "client_secret": "t" } }
        ]
    })
}

#[test]
fn every_scenario_holds() {
    let (summary, out) = run(&here("../../tests/vectors"));
    let failures: Vec<_> = out.lines().filter(|line| line.starts_with("FAIL")).collect();
    assert!(summary.is_success(), "{}", failures.join("\n"));
    assert!(summary.passed > 0);
}

/// Each of them is wrong in one key, which the end of its id names.
#[test]
fn a_wrong_value_of_any_key_fails_and_is_named() {
    let (summary, out) = run(&here("tests/wrong"));
    assert_eq!(summary.passed, 0, "{out}");
    assert!(!summary.is_success());
    let mut seen = 0;
    for line in out.lines().filter(|line| !line.ends_with("failed")) {
        let (id, why) = line.strip_prefix("FAIL ").unwrap().split_once(": ").unwrap();
        let key = id.rsplit('/').next().unwrap();
        assert!(why.contains(key), "{line}");
        assert!(
            !why.contains("; expect") && !why.contains("unknown key"),
            "more than one key differs: {line}"
        );
        seen += 1;
    }
    assert_eq!(seen, summary.failed);
    assert!(seen > 60, "only {seen} were run");
}

#[test]
fn the_output_is_one_line_a_scenario_and_a_sum() {
    let mut wrong = right();
    wrong["id"] = "a/wrong".into();
    wrong["steps"][1]["wakeup"] = 7.into();
    let (summary, out) = run_text(&json!([right(), wrong]).to_string());
    assert_eq!(summary, Summary { passed: 1, failed: 1 });
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0], "pass a/b");
    assert!(lines[1].starts_with("FAIL a/wrong: step 1 (answer at 0): wakeup: 7 was expected, "), "{out}");
    assert_eq!(lines[2], "1 passed, 1 failed");
}

#[test]
fn an_unknown_key_fails_wherever_it_stands() {
    for place in [
        "",
        "/connection",
        "/steps/0",
        "/steps/0/expect",
        "/steps/0/expect/lead",
        "/steps/0/expect/lead/request",
        "/steps/1/answer",
        "/steps/1/expect/wait",
        "/steps/1/expect/wait/error",
        "/steps/3/expect/token",
        "/steps/4",
        "/steps/4/expect",
        "/steps/5",
        "/steps/6",
        "/steps/6/connection",
    ] {
        let mut scenario = right();
        scenario.pointer_mut(place).unwrap()["surprise"] = 1.into();
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success(), "at {place}: {out}");
        assert!(out.contains("surprise"), "at {place}: {out}");
    }
    let (summary, out) = run_one(&right());
    assert!(summary.is_success(), "{out}");
}

#[test]
fn an_unknown_key_inside_any_of_and_not_fails() {
    for expect in [
        json!({ "any_of": [{ "lead": {} }, { "surprise": {} }] }),
        json!({ "not": { "token": { "surprise": 1 } } }),
        json!({ "lead": { "token": { "any_of": [null, { "surprise": 1 }] } } }),
    ] {
        let mut scenario = right();
        scenario["steps"][0]["expect"] = expect;
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains("surprise"), "{out}");
    }
}

#[test]
fn a_key_of_another_step_or_kind_fails() {
    for (step, key) in [(0, "answer"), (1, "until"), (2, "of"), (5, "as"), (6, "failure")] {
        let mut scenario = right();
        scenario["steps"][step][key] = "x".into();
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains(key), "{out}");
    }
    for key in ["header", "url", "expect"] {
        let mut scenario = right();
        scenario[key] = "x".into();
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains(key), "{out}");
    }
}

#[test]
fn what_is_missing_or_of_a_wrong_kind_fails() {
    for (place, value) in [
        ("/kind", json!("sessions")),
        ("/steps/0/do", json!("aquire")),
        ("/steps/0/at", json!("now")),
        ("/steps/1/of", json!("nobody")),
        ("/steps/1/expect/wait/until", json!("later")),
        ("/steps/1/events", json!("waiting")),
        ("/steps/3/answer/status", json!("200")),
        ("/steps/4/failure", json!("dns")),
        ("/steps/4/every", json!(0)),
        ("/steps", Value::Null),
    ] {
        let mut scenario = right();
        *scenario.pointer_mut(place).unwrap() = value;
        let (summary, out) = run_one(&scenario);
        assert_eq!(summary, Summary { passed: 0, failed: 1 }, "at {place}: {out}");
    }
    for (kind, key) in
        [("answer", "answer"), ("challenge", "header"), ("destination", "url"), ("session", "steps")]
    {
        let (summary, out) = run_one(&json!({ "id": "a/b", "kind": kind }));
        assert!(!summary.is_success() && out.contains(key), "{out}");
    }
    let (summary, out) = run_one(&json!({ "kind": "challenge", "header": "Bearer", "expect": null }));
    assert!(!summary.is_success() && out.contains("id"), "{out}");
}

#[test]
fn a_folder_without_scenarios_fails() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("README.md"), "[]").unwrap();
    let (summary, out) = run(dir.path());
    assert!(!summary.is_success());
    assert!(out.ends_with("0 passed, 1 failed\n"), "{out}");
    assert!(!run_text("[]").0.is_success());
    assert!(!run(&dir.path().join("nowhere")).0.is_success());
}

#[test]
fn an_id_that_comes_twice_fails() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a.json", "b.json"] {
        fs::write(dir.path().join(name), json!([right()]).to_string()).unwrap();
    }
    let (summary, out) = run(dir.path());
    assert_eq!(summary, Summary { passed: 1, failed: 1 });
    assert!(out.contains("FAIL a/b: the id stands twice; here in b.json"), "{out}");
}

#[test]
fn a_damaged_file_fails_and_the_others_run() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("damaged.json"), "[{ \"id\": ").unwrap();
    fs::write(dir.path().join("object.json"), "{}").unwrap();
    fs::create_dir(dir.path().join("deeper")).unwrap();
    fs::write(dir.path().join("deeper/right.json"), json!([right()]).to_string()).unwrap();
    let (summary, out) = run(dir.path());
    assert_eq!(summary, Summary { passed: 1, failed: 2 });
    assert!(out.contains("FAIL damaged.json: is no JSON: "), "{out}");
    assert!(out.contains("FAIL object.json: is no array of scenarios"), "{out}");
}
