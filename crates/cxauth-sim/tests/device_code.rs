//! The device grant (RFC 8628).

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use cxauth_sim::{DeviceDecision, Effect, Endpoint, Fault, Platform, Rule};
use serde_json::{Value, json};
use support::{Answer, Bench, credentials, send};

const GENERIC: Platform = Platform::Generic;
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn begin(bench: &Bench, more: &[(&str, &str)]) -> Answer {
    let connection = bench.simulator.connection(GENERIC);
    let fields: Vec<_> = credentials(&connection).into_iter().chain(more.iter().copied()).collect();
    send(bench.client.post(bench.simulator.base(GENERIC) + "/device_authorization").form(&fields)).await
}

async fn poll(bench: &Bench, device: &Answer) -> Answer {
    let connection = bench.simulator.connection(GENERIC);
    let device_code = device.text_of("device_code");
    let mut fields = vec![("grant_type", DEVICE_CODE), ("device_code", device_code.as_str())];
    fields.extend(credentials(&connection));
    send(bench.post(GENERIC, &fields)).await
}

async fn error(bench: &Bench, device: &Answer) -> String {
    let answer = poll(bench, device).await;
    assert_eq!(answer.status, 400);
    answer.error().to_owned()
}

async fn frozen() -> Bench {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    bench
}

#[tokio::test]
async fn a_person_types_the_code_at_the_page() {
    let bench = frozen().await;
    let device = begin(&bench, &[("scope", "b a")]).await;
    assert_eq!(
        (device.status, &device.json["interval"], &device.json["expires_in"]),
        (200, &json!(5), &json!(600))
    );
    assert_eq!(device.header("cache-control"), Some("no-store"));
    let user_code = device.text_of("user_code");
    assert!(user_code.len() == 9 && user_code.as_bytes()[4] == b'-');
    assert_eq!(
        device.text_of("verification_uri_complete"),
        format!("{}?user_code={user_code}", device.text_of("verification_uri"))
    );
    assert_eq!(error(&bench, &device).await, "authorization_pending");

    let page = send(bench.client.get(device.text_of("verification_uri_complete"))).await;
    assert!(page.status == 200 && page.text.contains(&format!("value=\"{user_code}\"")));
    let user = &bench.simulator.settings(GENERIC).users[0];
    let typed = async |code: &str, password: &str| {
        let form =
            [("user_code", code), ("username", &user.name), ("password", password), ("decision", "approve")];
        send(bench.client.post(device.text_of("verification_uri")).form(&form)).await
    };
    assert_eq!(typed(&user_code, "wrong").await.status, 403);
    assert_eq!(typed("WRONG", user.password.reveal()).await.status, 403);
    // §6.1: people write codes as they like.
    let sloppy = user_code.to_lowercase().replace('-', " ");
    let done = typed(&sloppy, user.password.reveal()).await;
    assert!(done.status == 200 && done.text.contains("The device is connected"));
    assert_eq!(typed(&sloppy, user.password.reveal()).await.status, 403, "a code is used once");

    bench.simulator.advance(Duration::from_secs(5));
    let tokens = poll(&bench, &device).await;
    assert_eq!((tokens.status, &tokens.json["scope"]), (200, &json!("a b")));
    assert_eq!(bench.whoami(&tokens.text_of("access_token")).await.json["username"], user.name);
    assert!(bench.refresh(&tokens.text_of("refresh_token"), &[]).await.is_ok());
    assert_eq!(error(&bench, &device).await, "invalid_grant");
    let counters = bench.simulator.journal(GENERIC).counters;
    assert_eq!((counters.device_authorization_requests, counters.verification_requests), (1, 5));
    assert_eq!(counters.token_requests_by_grant["device_code"], 3);
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_refusal_is_told_by_the_page_and_to_the_device() {
    let bench = frozen().await;
    let device = begin(&bench, &[]).await;
    let user = &bench.simulator.settings(GENERIC).users[0];
    let form = [
        ("user_code", device.text_of("user_code")),
        ("username", user.name.clone()),
        ("password", user.password.reveal().to_owned()),
        ("decision", "deny".to_owned()),
    ];
    let done = send(bench.client.post(device.text_of("verification_uri")).form(&form)).await;
    assert!(done.text.contains("The device is refused"));
    assert_eq!(error(&bench, &device).await, "access_denied");
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_poll_before_its_time_is_a_violation_and_slows_down() {
    let bench = frozen().await;
    let device = begin(&bench, &[]).await;
    assert_eq!(error(&bench, &device).await, "authorization_pending");
    bench.simulator.advance(Duration::from_millis(4_899));
    assert_eq!(error(&bench, &device).await, "slow_down");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::PolledTooEarly]);
    // Ten seconds from now on.
    bench.simulator.advance(Duration::from_secs(5));
    assert_eq!(error(&bench, &device).await, "slow_down");
    bench.simulator.advance(Duration::from_secs(15));
    assert_eq!(error(&bench, &device).await, "authorization_pending");
    assert_eq!(bench.simulator.journal(GENERIC).counters.violations, 2);
}

#[tokio::test]
async fn a_patient_device_may_be_slowed_down_too() {
    let bench = frozen().await;
    let device = begin(&bench, &[]).await;
    bench.simulator.decide_device(None, DeviceDecision::SlowDown).unwrap();
    assert_eq!(error(&bench, &device).await, "slow_down");
    bench.simulator.advance(Duration::from_secs(10));
    assert_eq!(error(&bench, &device).await, "authorization_pending");
    bench.assert_no_violations();
    bench.simulator.advance(Duration::from_secs(5));
    assert_eq!(error(&bench, &device).await, "slow_down");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::PolledTooEarly]);
}

#[tokio::test]
async fn an_answer_without_an_interval_means_five_seconds() {
    let bench = frozen().await;
    bench.simulator.configure(GENERIC, |settings| {
        settings.device.interval = None;
        settings.device.complete_uri = false;
    });
    let device = begin(&bench, &[]).await;
    assert!(device.json.get("interval").is_none() && device.json.get("verification_uri_complete").is_none());
    error(&bench, &device).await;
    bench.simulator.advance(Duration::from_secs(5));
    assert_eq!(error(&bench, &device).await, "authorization_pending");
    bench.simulator.advance(Duration::from_secs(4));
    assert_eq!(error(&bench, &device).await, "slow_down");
}

#[tokio::test]
async fn a_device_code_expires() {
    let bench = frozen().await;
    let device = begin(&bench, &[]).await;
    bench.simulator.advance(Duration::from_secs(600));
    assert_eq!(error(&bench, &device).await, "expired_token");
    let second = begin(&bench, &[]).await;
    bench.simulator.decide_device(None, DeviceDecision::Expire).unwrap();
    assert_eq!(error(&bench, &second).await, "expired_token");
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_test_decides_without_a_page() {
    let bench = frozen().await;
    let (first, second) = (begin(&bench, &[("scope", "a b")]).await, begin(&bench, &[]).await);
    bench.simulator.configure(GENERIC, |settings| settings.sign_in.granted_scopes = Some(vec!["a".into()]));
    let decide = |body: Value| {
        send(bench.client.post(format!("{}/_sim/device", bench.simulator.control_base())).json(&body))
    };
    let approval = json!({ "decision": "approve", "user_code": first.text_of("user_code") });
    assert_eq!(decide(approval.clone()).await.status, 204);
    assert_eq!(decide(approval).await.status, 422);
    assert_eq!(decide(json!({ "decision": "deny" })).await.status, 204);
    assert_eq!(decide(json!({ "decision": "deny", "user_code": "?????" })).await.status, 422);
    assert_eq!(poll(&bench, &first).await.json["scope"], "a");
    assert_eq!(error(&bench, &second).await, "access_denied");

    bench.simulator.configure(GENERIC, |settings| settings.device.approved_after_polls = Some(1));
    let third = begin(&bench, &[]).await;
    assert_eq!(error(&bench, &third).await, "authorization_pending");
    bench.simulator.advance(Duration::from_secs(5));
    assert!(poll(&bench, &third).await.is_ok());
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_device_code_belongs_to_one_client_and_one_server() {
    let bench = frozen().await;
    let device = begin(&bench, &[]).await;
    let device_code = device.text_of("device_code");
    let public = ("client_id", "cxauth-canary-generic-public-client");
    let other = [("grant_type", DEVICE_CODE), ("device_code", &device_code), public];
    assert_eq!(send(bench.post(GENERIC, &other)).await.error(), "invalid_grant");
    bench.assert_no_violations();
    let foreign = [("grant_type", DEVICE_CODE), ("device_code", "cxauth-canary-dc-foreign"), public];
    assert_eq!(send(bench.post(GENERIC, &foreign)).await.error(), "invalid_grant");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::TokenAtWrongHost]);
    assert!(bench.simulator.secrets().contains(&device_code));
}

#[tokio::test]
async fn a_public_device_names_itself() {
    let bench = frozen().await;
    let url = bench.simulator.base(GENERIC) + "/device_authorization";
    let connection = bench.simulator.further_connections().remove("generic/public-device-code").unwrap();
    assert_eq!(connection["device_authorization_endpoint"], url);
    assert!(connection.get("client_secret").is_none() && connection.get("redirect_uri").is_none());
    let client = ("client_id", connection["client_id"].as_str().unwrap());
    let device = send(bench.client.post(&url).form(&[client])).await;
    bench.simulator.decide_device(Some(&device.text_of("user_code")), DeviceDecision::Approve).unwrap();
    let device_code = device.text_of("device_code");
    let fields = [("grant_type", DEVICE_CODE), ("device_code", &device_code), client];
    assert!(send(bench.post(GENERIC, &fields)).await.is_ok());
    bench.assert_no_violations();
}

#[tokio::test]
async fn faults_meet_devices_too() {
    let bench = frozen().await;
    bench.simulator.arm(Fault::new(Effect::Drop).at(Endpoint::DeviceAuthorization).times(1).processed());
    let connection = bench.simulator.connection(GENERIC);
    let url = bench.simulator.base(GENERIC) + "/device_authorization";
    assert!(bench.client.post(&url).form(&credentials(&connection)).send().await.is_err());
    let device = begin(&bench, &[]).await;
    let slow = Effect::OauthError { status: 400, error: "slow_down".into(), description: String::new() };
    bench.simulator.arm(Fault::new(slow).at(Endpoint::Token).times(1));
    assert_eq!(error(&bench, &device).await, "slow_down");
    // The server did not see that poll.
    assert_eq!(error(&bench, &device).await, "authorization_pending");
    bench.assert_no_violations();
}

#[tokio::test]
async fn the_metadata_names_the_endpoint() {
    let bench = Bench::new().await;
    let url = bench.simulator.base(GENERIC) + "/.well-known/oauth-authorization-server";
    let told = send(bench.client.get(&url)).await.json;
    assert_eq!(
        told["device_authorization_endpoint"],
        bench.simulator.base(GENERIC) + "/device_authorization"
    );
    assert!(told["grant_types_supported"].as_array().unwrap().contains(&json!(DEVICE_CODE)));
}
