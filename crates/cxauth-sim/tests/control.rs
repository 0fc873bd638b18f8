//! The control API and the binary: the same from outside.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use cxauth_sim::{Platform, Snapshot};
use serde_json::{Value, json};
use support::{Answer, Bench, send};

const GENERIC: Platform = Platform::Generic;

async fn control(bench: &Bench, method: &str, path: &str, body: Value) -> Answer {
    let url = format!("{}/_sim/{path}", bench.simulator.control_base());
    let request = bench.client.request(method.parse().unwrap(), url);
    send(if body.is_null() { request } else { request.json(&body) }).await
}

#[tokio::test]
async fn it_tells_addresses_and_connections() {
    let bench = Bench::new().await;
    let addresses = control(&bench, "GET", "addresses", Value::Null).await.json;
    assert_eq!(addresses["platforms"]["generic"]["token_endpoint"], bench.simulator.token_endpoint(GENERIC));
    let connections = control(&bench, "GET", "connections", Value::Null).await.json;
    for platform in Platform::ALL.into_iter().filter(|platform| *platform != Platform::Elsewhere) {
        assert_eq!(connections[platform.id()], bench.simulator.connection(platform));
    }
}

#[tokio::test]
async fn it_arms_and_clears_faults() {
    let bench = Bench::new().await;
    let fault = json!({
        "platform": "generic", "endpoints": ["token"], "times": 5,
        "effect": { "kind": "rate_limit", "retry_after": { "seconds": 3 } },
    });
    let armed = control(&bench, "POST", "faults", fault).await;
    assert_eq!((armed.status, &armed.json["number"]), (201, &json!(1)));
    assert_eq!(bench.grant(&[]).await.header("retry-after"), Some("3"));
    let listed = control(&bench, "GET", "faults", Value::Null).await.json;
    assert_eq!((&listed[0]["hit"], &listed[0]["fault"]["effect"]["kind"]), (&json!(1), &json!("rate_limit")));
    control(&bench, "DELETE", "faults/1", Value::Null).await;
    assert!(bench.grant(&[]).await.is_ok());
    let unknown = json!({ "effect": { "kind": "drop" }, "time": 1 });
    assert_eq!(control(&bench, "POST", "faults", unknown).await.status, 422);
    control(&bench, "POST", "faults", json!({ "effect": { "kind": "status", "status": 500 } })).await;
    control(&bench, "DELETE", "faults", Value::Null).await;
    assert!(bench.grant(&[]).await.is_ok());
}

#[tokio::test]
async fn it_changes_settings_secrets_and_time() {
    let bench = Bench::new().await;
    let changed = json!({ "access_token_lifetime": 60, "rotation": "keep" });
    assert_eq!(control(&bench, "PATCH", "settings/generic", changed).await.json["rotation"], "keep");
    let answer = bench.grant(&[]).await;
    assert_eq!(answer.json["expires_in"], 60);
    let token = answer.text_of("access_token");
    let steered = control(&bench, "POST", "clock", json!({ "advance_seconds": 60, "frozen": true })).await;
    assert_eq!(steered.json["frozen"], true);
    assert_eq!(bench.whoami(&token).await.status, 401);
    control(&bench, "POST", "clock", json!({ "advance_seconds": -60, "frozen": false })).await;
    assert!(bench.whoami(&token).await.is_ok());
    control(&bench, "POST", "revoke/generic", json!({ "token": token })).await;
    assert_eq!(bench.whoami(&token).await.status, 401);

    let old = bench.simulator.connection(GENERIC);
    let new = json!({ "client_secret": "cxauth-canary-new", "overlap_seconds": 0 });
    assert_eq!(control(&bench, "POST", "secret/generic", new).await.status, 204);
    let [id, secret] = support::credentials(&old);
    let fields = [("grant_type", "client_credentials"), id, secret];
    assert_eq!(send(bench.post(GENERIC, &fields)).await.error(), "invalid_client");
    assert!(bench.grant(&[]).await.is_ok());

    let wrong = control(&bench, "PATCH", "settings/generic", json!({ "lifetime": 1 })).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(control(&bench, "GET", "settings/nowhere", Value::Null).await.status, 404);
    let never = json!({ "advance_seconds": 1e300 });
    assert_eq!(control(&bench, "POST", "clock", never).await.status, 422);
}

#[tokio::test]
async fn it_changes_a_part_of_a_group_of_settings() {
    let bench = Bench::new().await;
    let before = control(&bench, "GET", "settings/generic", Value::Null).await.json;
    let changes =
        json!({ "sign_in": { "iss": "missing", "granted_scopes": ["a"] }, "dpop": { "window": 5 } });
    let after = control(&bench, "PATCH", "settings/generic", changes).await.json;
    let mut expected = before.clone();
    expected["sign_in"]["iss"] = json!("missing");
    expected["sign_in"]["granted_scopes"] = json!(["a"]);
    expected["dpop"]["window"] = json!(5);
    assert_eq!(after, expected);
    let back = json!({ "sign_in": before["sign_in"], "dpop": before["dpop"] });
    assert_eq!(control(&bench, "PATCH", "settings/generic", back).await.json, before);
    let unknown = json!({ "sign_in": { "isss": "missing" } });
    assert_eq!(control(&bench, "PATCH", "settings/generic", unknown).await.status, 422);
}

#[tokio::test]
async fn it_tells_what_was_asked() {
    let bench = Bench::new().await;
    bench.grant(&[]).await;
    send(bench.client.get(bench.simulator.token_endpoint(GENERIC))).await;
    let journal = control(&bench, "GET", "journal/generic", Value::Null).await.json;
    assert_eq!(journal["counters"]["token_requests_by_grant"]["client_credentials"], 1);
    assert_eq!(journal["log"][0]["verdict"], "accepted");
    assert_eq!(journal["log"][1]["verdict"], json!({ "refused": "invalid_request" }));
    let whole = control(&bench, "GET", "journal", Value::Null).await;
    let snapshot: Snapshot = serde_json::from_str(&whole.text).unwrap();
    assert_eq!(snapshot.platforms[&GENERIC].counters.token_requests, 2);
    let violations = control(&bench, "GET", "violations", Value::Null).await.json;
    assert_eq!(violations[0]["rule"], "method_not_post");
    let secrets = control(&bench, "GET", "secrets", Value::Null).await;
    assert!(secrets.json.as_array().unwrap().len() > 8);
    assert!(!whole.text.contains("cxauth-canary-at-"));
    control(&bench, "DELETE", "journal", Value::Null).await;
    bench.assert_no_violations();
}

#[tokio::test]
async fn it_waits_for_a_counter() {
    let bench = Bench::new().await;
    let waiting = |counter: &str, timeout: f64| json!({ "platform": "generic", "counter": counter, "at_least": 1, "timeout_seconds": timeout });
    assert_eq!(control(&bench, "POST", "wait", waiting("token_requests", 0.0)).await.status, 408);
    assert_eq!(control(&bench, "POST", "wait", waiting("nothing", 0.0)).await.status, 422);
    let (waited, _) =
        tokio::join!(control(&bench, "POST", "wait", waiting("token_requests", 10.0)), bench.grant(&[]));
    assert_eq!(waited.status, 204);
}

#[tokio::test]
async fn the_binary_serves_until_its_input_ends() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cxauth-sim"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: Value = serde_json::from_str(&line).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let control = addresses["control"].as_str().unwrap();
    let connections = send(client.get(format!("{control}/connections"))).await.json;
    assert_eq!(
        connections["sangoma-cx"]["token_endpoint"],
        addresses["platforms"]["sangoma-cx"]["token_endpoint"]
    );
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}
