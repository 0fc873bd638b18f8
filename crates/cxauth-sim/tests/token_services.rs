//! Revocation (RFC 7009) and introspection (RFC 7662).

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use cxauth_sim::{Effect, Endpoint, Fault, Platform, Rule};
use reqwest::RequestBuilder;
use serde_json::json;
use support::{Answer, Bench, credentials, send};

const GENERIC: Platform = Platform::Generic;

fn asking(bench: &Bench, path: &str, token: &str) -> RequestBuilder {
    let connection = bench.simulator.connection(GENERIC);
    let [id, secret] = credentials(&connection);
    bench.client.post(bench.simulator.base(GENERIC) + path).form(&[("token", token), id, secret])
}

async fn revoke(bench: &Bench, token: &str) -> Answer {
    send(asking(bench, "/revoke", token)).await
}

async fn introspect(bench: &Bench, token: &str) -> Answer {
    send(asking(bench, "/introspect", token)).await
}

#[tokio::test]
async fn a_refresh_token_takes_its_family_with_it() {
    let bench = Bench::new().await;
    let tokens = bench.grant(&[]).await;
    let bystander = bench.grant(&[]).await;
    let answer = revoke(&bench, &tokens.text_of("refresh_token")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!(bench.whoami(&tokens.text_of("access_token")).await.status, 401);
    assert_eq!(bench.refresh(&tokens.text_of("refresh_token"), &[]).await.error(), "invalid_grant");
    assert!(bench.whoami(&bystander.text_of("access_token")).await.is_ok());
    assert_eq!(bench.simulator.journal(GENERIC).counters.revocation_requests, 1);
    bench.assert_no_violations();
}

#[tokio::test]
async fn an_access_token_goes_alone_and_an_unknown_one_is_as_good_as_revoked() {
    let bench = Bench::new().await;
    let tokens = bench.grant(&[]).await;
    assert_eq!(revoke(&bench, &tokens.text_of("access_token")).await.status, 200);
    assert_eq!(bench.whoami(&tokens.text_of("access_token")).await.status, 401);
    assert!(bench.refresh(&tokens.text_of("refresh_token"), &[]).await.is_ok());
    assert_eq!(revoke(&bench, "unknown").await.status, 200);
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_client_revokes_its_own_tokens_only() {
    let bench = Bench::new().await;
    let tokens = bench.grant(&[]).await;
    let access_token = tokens.text_of("access_token");
    let fields = [("token", access_token.as_str()), ("client_id", "cxauth-canary-generic-public-client")];
    let url = bench.simulator.base(GENERIC) + "/revoke";
    assert_eq!(send(bench.client.post(&url).form(&fields)).await.error(), "unauthorized_client");
    assert!(bench.whoami(&access_token).await.is_ok());
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::TokenOfAnotherClient]);
    bench.simulator.reset_journals();
    let wrong = [fields[0], ("client_id", "cxauth-canary-generic-client"), ("client_secret", "wrong")];
    assert_eq!(send(bench.client.post(&url).form(&wrong)).await.status, 401);
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_living_token_is_told_about_and_a_dead_one_is_not() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    let code = bench.code(&[("scope", "b a"), ("resource", "https://api.example/")]);
    let tokens = bench.redeem(&code, &[]).await;
    let access_token = tokens.text_of("access_token");
    let now = bench.simulator.clock().now_ms / 1000;
    let told = introspect(&bench, &access_token).await;
    assert_eq!(
        told.json,
        json!({
            "active": true,
            "client_id": "cxauth-canary-generic-client",
            "sub": "cxauth-canary-generic-user",
            "username": "cxauth-canary-generic-user",
            "iss": bench.simulator.base(GENERIC),
            "iat": now,
            "exp": now + 3600,
            "scope": "a b",
            "aud": ["https://api.example/"],
            "token_type": "Bearer",
        })
    );
    assert_eq!(told.header("cache-control"), Some("no-store"));
    let refresh_token = introspect(&bench, &tokens.text_of("refresh_token")).await;
    assert_eq!(refresh_token.json["active"], true);
    assert!(refresh_token.json.get("exp").is_none() && refresh_token.json.get("token_type").is_none());

    bench.simulator.advance(Duration::from_secs(3600));
    assert_eq!(introspect(&bench, &access_token).await.json, json!({ "active": false }));
    assert_eq!(introspect(&bench, "unknown").await.json, json!({ "active": false }));
    bench.assert_no_violations();
}

#[tokio::test]
async fn only_confidential_clients_may_ask() {
    let bench = Bench::new().await;
    let url = bench.simulator.base(GENERIC) + "/introspect";
    let fields = [("token", "x"), ("client_id", "cxauth-canary-generic-public-client")];
    let refused = send(bench.client.post(&url).form(&fields)).await;
    assert_eq!((refused.status, refused.error()), (401, "invalid_client"));
}

#[tokio::test]
async fn requests_have_the_shape_of_token_requests() {
    let bench = Bench::new().await;
    for path in ["/revoke", "/introspect"] {
        let url = bench.simulator.base(GENERIC) + path;
        assert_eq!(send(bench.client.get(format!("{url}?token=x"))).await.status, 405);
        let in_uri = asking(&bench, &format!("{path}?token=x"), "x");
        assert_eq!(send(in_uri).await.status, 400);
        assert_eq!(send(asking(&bench, path, "")).await.error(), "invalid_request");
        assert_eq!(
            bench.simulator.journal(GENERIC).rules_broken(),
            [Rule::MethodNotPost, Rule::CredentialsInUri, Rule::MissingParameter],
            "{path}"
        );
        bench.simulator.reset_journals();
    }
}

#[tokio::test]
async fn both_can_be_switched_off_and_fail() {
    let bench = Bench::new().await;
    let down = || Effect::Status { status: 503, headers: vec![], body: String::new() };
    bench.simulator.arm(Fault::new(down()).at(Endpoint::Revocation).times(1));
    bench.simulator.arm(Fault::new(down()).at(Endpoint::Introspection).times(1));
    let token = bench.grant(&[]).await.text_of("access_token");
    assert_eq!((revoke(&bench, &token).await.status, introspect(&bench, &token).await.status), (503, 503));
    assert!(bench.whoami(&token).await.is_ok());
    bench.simulator.configure(GENERIC, |settings| {
        settings.revocation = false;
        settings.introspection = false;
    });
    assert_eq!((revoke(&bench, &token).await.status, introspect(&bench, &token).await.status), (404, 404));
}
