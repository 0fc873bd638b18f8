//! Token exchange (RFC 8693).

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth_sim::{Grant, Platform, Rule, signing_keys};
use serde_json::json;
use support::jwt::{Key, fresh_id};
use support::{Answer, Bench, credentials, send};

const GENERIC: Platform = Platform::Generic;
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const REFRESH_TOKEN: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

async fn exchange(bench: &Bench, more: &[(&str, &str)]) -> Answer {
    let connection = bench.simulator.connection(GENERIC);
    let mut fields = vec![("grant_type", EXCHANGE)];
    fields.extend(credentials(&connection));
    fields.extend(more);
    send(bench.post(GENERIC, &fields)).await
}

fn subject(token: &str) -> [(&str, &str); 2] {
    [("subject_token", token), ("subject_token_type", ACCESS_TOKEN)]
}

/// A user's tokens, with the scopes `a` and `b`.
async fn of_user(bench: &Bench) -> Answer {
    let code = bench.code(&[("scope", "a b")]);
    bench.redeem(&code, &[]).await
}

#[tokio::test]
async fn a_client_goes_on_as_the_subject() {
    let bench = Bench::new().await;
    let user = of_user(&bench).await;
    let token = user.text_of("access_token");
    let api = bench.simulator.api_base(GENERIC);
    let more = [&subject(&token)[..], &[("resource", &api), ("scope", "a")]].concat();
    let answer = exchange(&bench, &more).await;
    assert_eq!((answer.status, &answer.json["issued_token_type"]), (200, &json!(ACCESS_TOKEN)));
    assert_eq!((&answer.json["token_type"], &answer.json["scope"]), (&json!("Bearer"), &json!("a")));
    assert!(answer.json.get("refresh_token").is_none());
    let who = bench.whoami(&answer.text_of("access_token")).await.json;
    assert_eq!(who["username"], "cxauth-canary-generic-user");
    assert_eq!((&who["audience"], who.get("actor")), (&json!([api]), None));
    assert_eq!(bench.simulator.journal(GENERIC).counters.token_requests_by_grant["token_exchange"], 1);
    bench.assert_no_violations();
}

/// §4.1: the actor of now is outermost, the one before inside.
#[tokio::test]
async fn an_actor_acts_on_the_subjects_behalf() {
    let bench = Bench::new().await;
    let user = of_user(&bench).await.text_of("access_token");
    let service = bench.grant(&[]).await.text_of("access_token");
    let actor = [("actor_token", service.as_str()), ("actor_token_type", ACCESS_TOKEN)];
    let first = exchange(&bench, &[&subject(&user)[..], &actor].concat()).await.text_of("access_token");
    let client = "cxauth-canary-generic-client";
    assert_eq!(bench.whoami(&first).await.json["actor"], json!({ "sub": client }));
    let second = exchange(&bench, &[&subject(&first)[..], &actor].concat()).await.text_of("access_token");
    let expected = json!({ "sub": client, "act": { "sub": client } });
    assert_eq!(bench.whoami(&second).await.json["actor"], expected);

    let connection = bench.simulator.connection(GENERIC);
    let [id, secret] = credentials(&connection);
    let url = bench.simulator.base(GENERIC) + "/introspect";
    let told = send(bench.client.post(&url).form(&[("token", second.as_str()), id, secret])).await;
    assert_eq!(told.json["act"], expected);
    bench.assert_no_violations();
}

#[tokio::test]
async fn several_audiences_and_resources_may_be_named() {
    let bench = Bench::new().await;
    let user = of_user(&bench).await.text_of("access_token");
    let api = bench.simulator.api_base(GENERIC);
    let named = [("audience", "one"), ("audience", "two"), ("resource", &api)];
    let answer = exchange(&bench, &[&subject(&user)[..], &named].concat()).await;
    let who = bench.whoami(&answer.text_of("access_token")).await;
    assert_eq!(who.json["audience"], json!([api, "one", "two"]));
    bench.assert_no_violations();
    bench.simulator.configure(GENERIC, |settings| settings.token_exchange.audiences = vec!["one".into()]);
    let unknown = exchange(&bench, &[&subject(&user)[..], &[("audience", "two")]].concat()).await;
    assert_eq!(unknown.error(), "invalid_target");
    bench.assert_no_violations();
}

#[tokio::test]
async fn refresh_tokens_and_signed_assertions_are_subjects_too() {
    let bench = Bench::new().await;
    let user = of_user(&bench).await;
    let refresh_token = user.text_of("refresh_token");
    let by_refresh_token =
        exchange(&bench, &[("subject_token", &refresh_token), ("subject_token_type", REFRESH_TOKEN)]).await;
    assert!(by_refresh_token.is_ok());
    let now = bench.simulator.clock().now_ms / 1000;
    let claims = json!({
        "iss": "https://issuer.example", "sub": "somebody", "aud": "https://elsewhere.example",
        "exp": now + 60, "jti": fresh_id(),
    });
    let jwt = Key::of(&signing_keys()[0]).sign(json!({}), &claims);
    // It is a token, not a one-time assertion.
    for _ in 0..2 {
        let answer = exchange(&bench, &[("subject_token", &jwt), ("subject_token_type", JWT)]).await;
        let who = bench.whoami(&answer.text_of("access_token")).await;
        assert_eq!(who.json["username"], "somebody");
    }
    bench.assert_no_violations();
}

#[tokio::test]
async fn the_ready_connection_brings_a_token_to_exchange() {
    let bench = Bench::new().await;
    let connection = bench.simulator.further_connections().remove("generic/token-exchange").unwrap();
    let mut fields = vec![("grant_type", EXCHANGE)];
    for name in ["client_id", "client_secret", "subject_token", "subject_token_type"] {
        fields.push((name, connection[name].as_str().unwrap()));
    }
    let answer = send(bench.post(GENERIC, &fields)).await;
    let who = bench.whoami(&answer.text_of("access_token")).await;
    assert_eq!(who.json["username"], "cxauth-canary-generic-user");
    bench.assert_no_violations();
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_refused() {
    let bench = Bench::new().await;
    let user = of_user(&bench).await;
    let token = user.text_of("access_token");
    let refused = async |fields: &[(&str, &str)]| {
        bench.simulator.reset_journals();
        let answer = exchange(&bench, fields).await;
        assert_eq!(answer.status, 400);
        (answer.error().to_owned(), bench.simulator.journal(GENERIC).rules_broken())
    };
    let bad = |rules: &[Rule]| ("invalid_request".to_owned(), rules.to_vec());
    let [subject_token, subject_type] = subject(&token);
    assert_eq!(refused(&[subject_type]).await, bad(&[Rule::MissingParameter]));
    assert_eq!(refused(&[subject_token]).await, bad(&[Rule::MissingParameter]));
    let actor = ("actor_token", token.as_str());
    assert_eq!(refused(&[subject_token, subject_type, actor]).await, bad(&[Rule::MissingParameter]));
    let lonely = ("actor_token_type", ACCESS_TOKEN);
    assert_eq!(refused(&[subject_token, subject_type, lonely]).await, bad(&[Rule::ContradictoryParameters]));
    assert_eq!(refused(&[subject_token, ("subject_token_type", REFRESH_TOKEN)]).await, bad(&[]));
    assert_eq!(refused(&[subject_token, ("subject_token_type", "saml")]).await, bad(&[]));
    assert_eq!(refused(&[("subject_token", "unknown"), subject_type]).await, bad(&[]));
    let wanted = ("requested_token_type", JWT);
    assert_eq!(refused(&[subject_token, subject_type, wanted]).await, bad(&[]));
    let wider = refused(&[subject_token, subject_type, ("scope", "a c")]).await;
    assert_eq!(wider, ("invalid_scope".to_owned(), vec![]));
    bench.simulator.revoke_token(GENERIC, &token);
    assert_eq!(refused(&subject(&token)).await, bad(&[]));
}

#[tokio::test]
async fn impersonation_and_delegation_can_be_switched_off() {
    let bench = Bench::new().await;
    let token = of_user(&bench).await.text_of("access_token");
    let actor = [("actor_token", token.as_str()), ("actor_token_type", ACCESS_TOKEN)];
    let delegated = [&subject(&token)[..], &actor].concat();
    bench.simulator.configure(GENERIC, |settings| settings.token_exchange.impersonation = false);
    assert_eq!(exchange(&bench, &subject(&token)).await.error(), "unauthorized_client");
    assert!(exchange(&bench, &delegated).await.is_ok());
    bench.simulator.configure(GENERIC, |settings| settings.token_exchange.delegation = false);
    assert_eq!(exchange(&bench, &delegated).await.error(), "unauthorized_client");
}

#[tokio::test]
async fn an_exchange_may_bring_a_refresh_token_that_rotates() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.refresh_tokens_for.push(Grant::TokenExchange));
    let token = of_user(&bench).await.text_of("access_token");
    let first = exchange(&bench, &subject(&token)).await;
    let spent = first.text_of("refresh_token");
    let second = bench.refresh(&spent, &[]).await;
    assert_eq!(bench.refresh(&spent, &[]).await.error(), "invalid_grant");
    assert_eq!(bench.whoami(&second.text_of("access_token")).await.status, 401);
    assert_eq!(bench.simulator.journal(GENERIC).counters.families_revoked, 1);
}
