//! Authorization requests that are pushed first (RFC 9126).

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use cxauth_sim::{Decision, Effect, Endpoint, Fault, Platform, Rule};
use reqwest::Url;
use serde_json::json;
use support::code::{REDIRECT_URI, parameter};
use support::{Answer, Bench, credentials, send};

const GENERIC: Platform = Platform::Generic;
const CLIENT: &str = "cxauth-canary-generic-client";

async fn push(bench: &Bench, changes: &[(&str, &str)]) -> Answer {
    let connection = bench.simulator.connection(GENERIC);
    let mut fields = bench.authorization_parameters(changes);
    fields.push(credentials(&connection)[1]);
    send(bench.client.post(bench.simulator.base(GENERIC) + "/par").form(&fields)).await
}

fn url(bench: &Bench, client: &str, request_uri: &str) -> String {
    let base = bench.simulator.base(GENERIC) + "/authorize";
    let parameters = [("client_id", client), ("request_uri", request_uri)];
    Url::parse_with_params(&base, parameters).unwrap().into()
}

#[tokio::test]
async fn a_pushed_request_is_referred_to_once() {
    let bench = Bench::new().await;
    let pushed = push(&bench, &[("scope", "a")]).await;
    assert_eq!((pushed.status, &pushed.json["expires_in"]), (201, &json!(60)));
    assert_eq!(pushed.header("cache-control"), Some("no-store"));
    let request_uri = pushed.text_of("request_uri");
    assert!(request_uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    let url = url(&bench, CLIENT, &request_uri);
    let back: Url = bench.simulator.sign_in(&url, Decision::Approve).unwrap().parse().unwrap();
    assert!(back.as_str().starts_with(REDIRECT_URI));
    assert_eq!(parameter(&back, "state").as_deref(), Some("a state"));
    let tokens = bench.redeem(&parameter(&back, "code").unwrap(), &[]).await;
    assert_eq!(tokens.json["scope"], "a");
    let again = bench.simulator.sign_in(&url, Decision::Approve).unwrap_err();
    assert_eq!(again, "The request_uri is unknown or was used before.");
    assert_eq!(bench.simulator.journal(GENERIC).counters.pushed_authorization_requests, 1);
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_pushed_request_waits_for_a_minute() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    let request_uri = push(&bench, &[]).await.text_of("request_uri");
    bench.simulator.advance(Duration::from_secs(60));
    let late = bench.simulator.sign_in(&url(&bench, CLIENT, &request_uri), Decision::Approve);
    assert_eq!(late.unwrap_err(), "The request_uri has expired.");
}

#[tokio::test]
async fn a_wrong_request_is_refused_before_any_browser_sees_it() {
    let bench = Bench::new().await;
    let refused = async |changes: &[(&str, &str)]| {
        bench.simulator.reset_journals();
        let answer = push(&bench, changes).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        (answer.error().to_owned(), bench.simulator.journal(GENERIC).rules_broken())
    };
    let broken = |rule| ("invalid_request".to_owned(), vec![rule]);
    let plain = ("code_challenge_method", "plain");
    assert_eq!(refused(&[plain]).await, broken(Rule::PkceNotS256));
    assert_eq!(refused(&[("redirect_uri", "https://evil.example/")]).await, broken(Rule::UnknownRedirectUri));
    assert_eq!(refused(&[("request_uri", "urn:x")]).await, broken(Rule::ContradictoryParameters));
    assert_eq!(refused(&[("scope", "\"")]).await, ("invalid_scope".to_owned(), vec![]));

    bench.simulator.reset_journals();
    let fields = bench.authorization_parameters(&[]);
    let unauthenticated = send(bench.client.post(bench.simulator.base(GENERIC) + "/par").form(&fields)).await;
    assert_eq!((unauthenticated.status, unauthenticated.error()), (401, "invalid_client"));
}

/// RFC 9126 §2.1: `client_id` is there even when the client authenticates by HTTP Basic.
#[tokio::test]
async fn the_client_is_named_beside_basic() {
    let bench = Bench::new().await;
    let connection = bench.simulator.connection(GENERIC);
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let [id, secret] = credentials(&connection).map(|(_, value)| encoded(value));
    let ask = async |changes: &[(&str, &str)]| {
        let fields = bench.authorization_parameters(changes);
        let request = bench.client.post(bench.simulator.base(GENERIC) + "/par").form(&fields);
        send(request.basic_auth(&id, Some(&secret))).await.status
    };
    assert_eq!(ask(&[]).await, 201);
    bench.assert_no_violations();
    assert_eq!(ask(&[("client_id", "")]).await, 400);
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::MissingParameter]);
}

#[tokio::test]
async fn a_reference_belongs_to_its_client() {
    let bench = Bench::new().await;
    let request_uri = push(&bench, &[]).await.text_of("request_uri");
    let other = url(&bench, "cxauth-canary-generic-public-client", &request_uri);
    assert!(bench.simulator.sign_in(&other, Decision::Approve).is_err());
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::ContradictoryParameters]);
    bench.simulator.reset_journals();
    let unknown = url(&bench, CLIENT, "urn:ietf:params:oauth:request_uri:unknown");
    assert!(bench.simulator.sign_in(&unknown, Decision::Approve).is_err());
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_server_may_take_pushed_requests_only() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.sign_in.require_pushed = true);
    let document = bench.simulator.base(GENERIC) + "/.well-known/oauth-authorization-server";
    let told = send(bench.client.get(&document)).await.json;
    assert_eq!(told["require_pushed_authorization_requests"], true);
    assert_eq!(told["pushed_authorization_request_endpoint"], bench.simulator.base(GENERIC) + "/par");
    let back: Url =
        bench.simulator.sign_in(&bench.authorization_url(&[]), Decision::Approve).unwrap().parse().unwrap();
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::NotPushed]);
    let request_uri = push(&bench, &[]).await.text_of("request_uri");
    assert!(bench.simulator.sign_in(&url(&bench, CLIENT, &request_uri), Decision::Approve).is_ok());
}

#[tokio::test]
async fn faults_meet_pushed_requests_too() {
    let bench = Bench::new().await;
    let down = Effect::Status { status: 503, headers: vec![], body: String::new() };
    bench.simulator.arm(Fault::new(down).at(Endpoint::PushedAuthorization).times(1));
    assert_eq!(push(&bench, &[]).await.status, 503);
    assert_eq!(push(&bench, &[]).await.status, 201);
}
