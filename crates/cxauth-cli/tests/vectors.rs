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

/// The same of what several processes and a store have.
fn shared() -> Value {
    json!({
        "id": "a/b", "kind": "session", "store": true,
        "steps": [
            { "at": 0, "session": "a", "do": "acquire", "as": "one", "expect": { "lead": { "token": null } } },
            { "at": 0, "session": "b", "do": "acquire", "as": "two", "expect": { "locked": { "token": null } } },
            { "at": 1, "session": "b", "do": "go_on", "of": "two", "as": "three", "expect": { "locked": {} } },
            { "at": 2, "do": "store", "fails": ["save"], "loses_lock": true, "held": true, "snapshot": null },
            { "at": 2, "do": "store", "fails": [], "held": false },
            { "at": 3, "session": "b", "do": "go_on", "expect": { "lead": {} } },
            { "at": 3, "do": "acquire", "expect": { "locked": {} } },
            { "at": 3, "do": "give_up", "expect": { "wait": { "error": { "code": "store_unavailable" } } }, "events": ["waiting"] },
            { "at": 4, "session": "b", "do": "end", "expect": null, "wakeup": null, "events": [] },
            { "at": 5, "session": "a", "do": "sign_out", "as": "out", "expect": null, "events": ["signed_out"] }
        ]
    })
}

/// The same of what people sign in with.
fn signing_in() -> Value {
    let device = json!({ "device_code": "D", "user_code": "U", "verification_uri": "https://as.example/go", "expires_in": 900 });
    json!({
        "id": "a/b", "kind": "session",
        "connection": { "platform": "generic", "grant": "authorization_code", "client_id": "app",
            "client_key": { "function": "sign" }, "token_endpoint": "https://as.example/token",
            "authorization_endpoint": "https://as.example/authorize", "redirect_uri": "https://app.example/cb",
            "device_authorization_endpoint": "https://as.example/device" },
        "steps": [
            { "at": 0, "do": "sign_in", "as": "one", "redirect_uri": "https://app.example/other", "expect": { "authorize": {
                "url": "https://as.example/authorize", "parameters": { "response_type": "code", "client_id": "app",
                    "redirect_uri": "https://app.example/other", "state": "{state}",
                    "code_challenge": "{code_challenge}", "code_challenge_method": "S256" } } } },
            { "at": 1, "do": "redirect", "of": "one", "url": "https://app.example/other?code=C&state={state}", "expect": { "lead": {
                "request": { "form": { "grant_type": "authorization_code", "client_id": "app", "code": "C",
                    "redirect_uri": "https://app.example/other", "code_verifier": "{code_verifier}",
                    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                    "client_assertion": "{client_assertion}" } } } } },
            { "at": 2, "do": "sign_in", "device": true, "signs": true, "as": "two", "expect": { "lead": {} } },
            { "at": 2, "do": "answer", "answer": { "status": 200, "body": device.to_string() }, "expect": { "prompt": {
                "user_code": "U", "verification_uri": "https://as.example/go", "verification_uri_complete": null,
                "expires_at": 902, "ask_at": 7 } } },
            { "at": 3, "do": "go_on", "of": "two", "expect": { "pause": { "until": [7, 7] } } },
            { "at": 7, "do": "go_on", "signs": false, "expect": { "error": { "code": "secret_unreadable" } } }
        ]
    })
}

fn metadata() -> Value {
    let document = json!({ "issuer": "https://as.example", "token_endpoint": "https://as.example/token" });
    json!({ "id": "a/b", "kind": "metadata", "issuer": "https://as.example",
        "answer": { "status": 200, "body": document.to_string() },
        "expect": { "settings": { "platform": "generic", "issuer": "https://as.example",
            "token_endpoint": "https://as.example/token", "client_authentication": "client_secret_basic" } } })
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
    assert!(seen > 100, "only {seen} were run");
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
fn several_processes_and_a_store_are_played() {
    let (summary, out) = run_one(&shared());
    assert!(summary.is_success(), "{out}");
}

#[test]
fn an_unknown_key_about_a_store_fails() {
    let steps = (0..10).map(|step| format!("/steps/{step}"));
    for place in steps.chain(["/steps/1/expect/locked".to_string()]) {
        let mut scenario = shared();
        scenario.pointer_mut(&place).unwrap()["surprise"] = 1.into();
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains("surprise"), "at {place}: {out}");
    }
    for (step, key, value) in [
        (3, "session", json!("a")),
        (3, "expect", Value::Null),
        (3, "wakeup", Value::Null),
        (3, "events", json!([])),
        (3, "of", json!("one")),
        (8, "of", json!("three")),
        (2, "failure", json!("timeout")),
    ] {
        let mut scenario = shared();
        scenario["steps"][step][key] = value;
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success(), "{key}: {out}");
        assert!(out.contains("unknown") && out.contains(&format!("`{key}`")), "{key}: {out}");
    }
    let challenge =
        json!({ "id": "a/b", "kind": "challenge", "header": "Bearer", "expect": null, "store": true });
    assert!(run_one(&challenge).1.contains("unknown key `store`"));
}

#[test]
fn a_wrong_value_about_a_store_fails() {
    for (place, key, value) in [
        ("", "store", json!("yes")),
        ("", "store", Value::Null),
        ("/steps/0", "session", json!(1)),
        ("/steps/0", "session", Value::Null),
        ("/steps/3", "fails", json!("save")),
        ("/steps/3", "fails", json!(["unlock"])),
        ("/steps/3", "fails", Value::Null),
        ("/steps/3", "loses_lock", json!(1)),
        ("/steps/3", "held", json!("a")),
        ("/steps/3", "held", Value::Null),
        ("/steps/3", "snapshot", json!(1)),
    ] {
        let mut scenario = shared();
        scenario.pointer_mut(place).unwrap()[key] = value;
        let (summary, out) = run_one(&scenario);
        assert_eq!(summary, Summary { passed: 0, failed: 1 }, "{key}: {out}");
    }
}

#[test]
fn a_mistake_about_processes_and_stores_fails() {
    let step = |session: &str, action: &str| json!({ "at": 2, "session": session, "do": action });
    let of = |mut step: Value, name: &str| {
        step["of"] = name.into();
        step
    };
    let (lead, wait) = (shared()["steps"][0].clone(), shared()["steps"][1].clone());
    let lose = json!({ "at": 2, "do": "store", "loses_lock": true });
    let hold = json!({ "at": 2, "do": "store", "held": true });
    let give_back = json!({ "at": 2, "do": "store", "held": false });
    let mut answer = step("b", "answer");
    answer["answer"] = json!({ "status": 503 });
    let mut fail = step("b", "fail");
    fail["failure"] = "timeout".into();
    let go_on = || step("b", "go_on");
    for (steps, why) in [
        (vec![lead.clone(), step("a", "go_on")], "does not wait"),
        (vec![lead.clone(), step("a", "give_up")], "does not wait"),
        (vec![lead.clone(), wait.clone(), step("b", "abandon"), go_on()], "does not wait"),
        (vec![lead.clone(), wait.clone(), of(step("a", "go_on"), "two")], "there is no flight two"),
        (vec![lead.clone(), wait.clone(), step("b", "end"), go_on()], "there is no flight"),
        (vec![lead.clone(), wait.clone(), answer], "waits for the lock"),
        (vec![lead.clone(), wait, fail], "waits for the lock"),
        (vec![lead.clone(), hold.clone()], "`held`: somebody holds"),
        (vec![hold.clone(), hold.clone()], "`held`: somebody holds"),
        (vec![give_back.clone()], "`held`: nobody outside"),
        (vec![lead.clone(), give_back], "`held`: nobody outside"),
        (vec![lose.clone()], "`loses_lock`: no process"),
        (vec![hold, lose], "`loses_lock`: no process"),
        (vec![lead.clone(), step("b", "end")], "no such process"),
        (vec![lead.clone(), json!({ "at": 2, "do": "end" })], "no such process"),
        (vec![lead.clone(), step("a", "end"), step("a", "end")], "no such process"),
    ] {
        let mut scenario = shared();
        scenario["steps"] = steps.into();
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains(why), "{why}: {out}");
    }
    let without = |step: Value| json!({ "id": "a/b", "kind": "session", "steps": [{ "at": 0, "do": "acquire" }, step] });
    for step in [
        json!({ "at": 2, "do": "store", "fails": [] }),
        json!({ "at": 2, "do": "give_up" }),
        json!({ "at": 2, "do": "sign_out", "as": "out" }),
    ] {
        let (summary, out) = run_one(&without(step));
        assert!(!summary.is_success() && out.contains("key `store`"), "{out}");
    }
}

#[test]
fn sign_ins_and_metadata_are_played() {
    let mut addresses = metadata();
    addresses.as_object_mut().unwrap().remove("answer");
    addresses["addresses"] = true.into();
    addresses["expect"] = json!([
        "https://as.example/.well-known/oauth-authorization-server",
        "https://as.example/.well-known/openid-configuration",
    ]);
    for scenario in [signing_in(), metadata(), addresses] {
        let (summary, out) = run_one(&scenario);
        assert!(summary.is_success(), "{out}");
    }
}

#[test]
fn an_unknown_key_about_a_sign_in_fails() {
    let steps = (0..6).map(|step| format!("/steps/{step}"));
    let places = ["/steps/0/expect/authorize", "/steps/3/expect/prompt", "/steps/4/expect/pause"];
    for place in steps.chain(places.map(str::to_string)) {
        let mut scenario = signing_in();
        scenario.pointer_mut(&place).unwrap()["surprise"] = 1.into();
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains("surprise"), "at {place}: {out}");
    }
    for place in ["", "/answer", "/expect"] {
        let mut scenario = metadata();
        scenario.pointer_mut(place).unwrap()["surprise"] = 1.into();
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains("surprise"), "at {place}: {out}");
    }
    for (key, value) in
        [("url", json!("x")), ("header", json!("x")), ("steps", json!([])), ("store", json!(true))]
    {
        let mut scenario = metadata();
        scenario[key] = value;
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains(&format!("unknown key `{key}`")), "{out}");
    }
    for (key, value) in [("issuer", json!("https://as.example")), ("addresses", json!(true))] {
        let mut scenario = signing_in();
        scenario[key] = value;
        let (summary, out) = run_one(&scenario);
        assert!(!summary.is_success() && out.contains(&format!("unknown key `{key}`")), "{out}");
    }
    let step = json!({ "at": 0, "do": "store", "fails": [], "signs": false });
    let store = json!({ "id": "a/b", "kind": "session", "store": true, "steps": [step] });
    assert!(run_one(&store).1.contains("unknown key `signs`"));
}

#[test]
fn a_wrong_value_about_a_sign_in_fails() {
    for (step, key, value) in [
        (0, "redirect_uri", json!(1)),
        (0, "device", json!("yes")),
        (0, "signs", json!("no")),
        (0, "signs", Value::Null),
        (1, "url", Value::Null),
        (1, "url", json!(1)),
        (1, "of", json!("nobody")),
        (2, "redirect_uri", json!("https://app.example/cb")),
        (4, "of", json!("one")),
        (5, "of", json!("nobody")),
    ] {
        let mut scenario = signing_in();
        scenario["steps"][step][key] = value;
        let (summary, out) = run_one(&scenario);
        assert_eq!(summary, Summary { passed: 0, failed: 1 }, "{step} {key}: {out}");
    }
    for (key, value) in [
        ("issuer", Value::Null),
        ("issuer", json!(1)),
        ("addresses", json!("yes")),
        ("addresses", json!(true)),
        ("answer", Value::Null),
        ("expect", json!(["https://as.example"])),
    ] {
        let mut scenario = metadata();
        scenario[key] = value;
        let (summary, out) = run_one(&scenario);
        assert_eq!(summary, Summary { passed: 0, failed: 1 }, "{key}: {out}");
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
