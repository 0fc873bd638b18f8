//! Signed assertions (RFC 7523): `private_key_jwt`, and the JWT bearer grant.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use cxauth_sim::{
    AssertionAudience, Client, ClientAuthentication, Platform, Rule, SigningAlgorithm, TrustedIssuer,
    signing_keys,
};
use serde_json::{Value, json};
use support::jwt::{Key, fresh_id, with};
use support::{Answer, Bench, credentials, send};

const GENERIC: Platform = Platform::Generic;
const CLIENT: &str = "cxauth-canary-generic-key-client";
const ISSUER: &str = "https://issuer.example";
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn claims(bench: &Bench, party: &str) -> Value {
    let now = bench.simulator.clock().now_ms / 1000;
    json!({
        "iss": party, "sub": party, "aud": bench.simulator.token_endpoint(GENERIC),
        "iat": now, "exp": now + 60, "jti": fresh_id(),
    })
}

fn key() -> Key {
    Key::of(&signing_keys()[0])
}

async fn by_assertion(bench: &Bench, assertion: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    fields.extend(more);
    send(bench.post(GENERIC, &fields)).await
}

async fn bear(bench: &Bench, assertion: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("grant_type", JWT_BEARER), ("assertion", assertion)];
    fields.extend(more);
    send(bench.post(GENERIC, &fields)).await
}

#[tokio::test]
async fn every_algorithm_authenticates_a_client() {
    let bench = Bench::new().await;
    let (rsa, pss) = (Key::new_rsa(), Key::new_rsa_pss());
    bench.simulator.configure(GENERIC, |settings| {
        settings.clients.push(Client::with_keys("rsa-client", vec![rsa.jwk()]));
        settings.clients.push(Client::with_keys("pss-client", vec![pss.jwk()]));
    });
    let cases = [
        (key(), CLIENT, json!({})),
        (key(), CLIENT, json!({ "kid": "cxauth-sim-es256", "typ": "JWT" })),
        (Key::of(&signing_keys()[1]), CLIENT, json!({})),
        (rsa, "rsa-client", json!({})),
        (pss, "pss-client", json!({})),
    ];
    for (key, client, header) in cases {
        let answer = by_assertion(&bench, &key.sign(header, &claims(&bench, client)), &[]).await;
        let who = bench.whoami(&answer.text_of("access_token")).await;
        assert_eq!(who.json["client_id"], client, "{}", key.algorithm());
    }
    let named = [("client_id", CLIENT)];
    assert!(by_assertion(&bench, &key().sign(json!({}), &claims(&bench, CLIENT)), &named).await.is_ok());
    bench.assert_no_violations();
}

#[tokio::test]
async fn the_audience_is_the_issuer_or_the_token_endpoint() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.discovery.issuer_path = "/tenant".into());
    let issuer = bench.simulator.base(GENERIC) + "/tenant";
    let token_endpoint = bench.simulator.token_endpoint(GENERIC);
    let taken = async |audience: Value| {
        let claims = with(claims(&bench, CLIENT), json!({ "aud": audience }));
        by_assertion(&bench, &key().sign(json!({}), &claims), &[]).await.is_ok()
    };
    let audience = |taken| {
        bench.simulator.configure(GENERIC, |settings| settings.assertions.audience = taken);
    };
    assert!(taken(json!(issuer)).await && taken(json!([issuer])).await && taken(json!(token_endpoint)).await);
    audience(AssertionAudience::Issuer);
    assert!(taken(json!(issuer)).await);
    bench.assert_no_violations();
    assert!(!taken(json!(token_endpoint)).await);
    audience(AssertionAudience::TokenEndpoint);
    assert!(taken(json!(token_endpoint)).await && !taken(json!(issuer)).await);
    for wrong in [json!([issuer, token_endpoint]), json!("https://other.example"), json!(null), json!([])] {
        assert!(!taken(wrong).await);
    }
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::BadAssertion; 6]);
}

#[tokio::test]
async fn an_assertion_works_once() {
    let bench = Bench::new().await;
    let assertion = key().sign(json!({}), &claims(&bench, CLIENT));
    assert!(by_assertion(&bench, &assertion, &[]).await.is_ok());
    let again = by_assertion(&bench, &assertion, &[]).await;
    assert_eq!((again.status, again.error()), (401, "invalid_client"));
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::ReplayedAssertion]);
}

#[tokio::test]
async fn what_a_client_gets_wrong_is_a_violation() {
    let other = || with(json!({}), json!({ "sub": "another" }));
    let cases = [
        (json!({}), other()),
        (json!({}), json!({ "iss": null })),
        (json!({}), json!({ "jti": null })),
        (json!({}), json!({ "exp": null })),
        (json!({}), json!({ "exp": "soon" })),
        (json!({}), json!({ "exp": 9_999_999_999_u64 })),
        (json!({ "alg": "none" }), json!({})),
        (json!({ "alg": "HS256" }), json!({})),
        (json!({ "crit": ["b64"] }), json!({})),
    ];
    for (header, changes) in cases {
        let bench = Bench::new().await;
        let claims = with(claims(&bench, CLIENT), changes.clone());
        let answer = by_assertion(&bench, &key().sign(header.clone(), &claims), &[]).await;
        assert_eq!((answer.status, answer.error()), (401, "invalid_client"), "{header} {changes}");
        assert_eq!(
            bench.simulator.journal(GENERIC).rules_broken(),
            [Rule::BadAssertion],
            "{header} {changes}"
        );
    }
    let bench = Bench::new().await;
    let der = Key::der(&signing_keys()[0]).sign(json!({}), &claims(&bench, CLIENT));
    assert_eq!(by_assertion(&bench, &der, &[]).await.status, 401);
    assert_eq!(by_assertion(&bench, "no.jwt", &[]).await.status, 401);
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::BadAssertion; 2]);
}

#[tokio::test]
async fn what_time_or_a_configuration_does_is_none() {
    let bench = Bench::new().await;
    let refused = async |assertion: String| {
        let answer = by_assertion(&bench, &assertion, &[]).await;
        assert_eq!((answer.status, answer.error()), (401, "invalid_client"));
    };
    let late = key().sign(json!({}), &claims(&bench, CLIENT));
    bench.simulator.advance(Duration::from_secs(60));
    refused(late).await;
    let now = bench.simulator.clock().now_ms / 1000;
    let early = with(claims(&bench, CLIENT), json!({ "nbf": now + 90 }));
    refused(key().sign(json!({}), &early)).await;
    refused(Key::new_p256().sign(json!({}), &claims(&bench, CLIENT))).await;
    refused(key().sign(json!({ "kid": "cxauth-sim-eddsa" }), &claims(&bench, CLIENT))).await;
    refused(key().sign(json!({}), &claims(&bench, "nobody"))).await;
    bench.simulator.configure(GENERIC, |settings| settings.assertions.jti_required = false);
    let without = with(claims(&bench, CLIENT), json!({ "jti": null }));
    assert!(by_assertion(&bench, &key().sign(json!({}), &without), &[]).await.is_ok());
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_client_that_signs_does_nothing_else() {
    let bench = Bench::new().await;
    let broken = async |fields: Vec<(&str, &str)>| {
        let answer = send(bench.post(GENERIC, &fields)).await;
        let rules = bench.simulator.journal(GENERIC).rules_broken();
        bench.simulator.reset_journals();
        (answer.error().to_owned(), rules)
    };
    let assertion = key().sign(json!({}), &claims(&bench, CLIENT));
    let usual = vec![("grant_type", "client_credentials"), ("client_assertion", assertion.as_str())];
    let and = |more: &[(&'static str, &'static str)]| [usual.clone(), more.to_vec()].concat();
    let bad = |rule| ("invalid_request".to_owned(), vec![rule]);
    assert_eq!(broken(usual.clone()).await, bad(Rule::MissingParameter));
    assert_eq!(broken(and(&[("client_assertion_type", "jwt")])).await, bad(Rule::MissingParameter));
    let secret = ("client_secret", "x");
    assert_eq!(
        broken(and(&[("client_assertion_type", TYPE), secret])).await,
        bad(Rule::SeveralClientAuthentications)
    );
    assert_eq!(
        broken(and(&[("client_assertion_type", TYPE), ("client_id", "another")])).await,
        bad(Rule::ContradictoryParameters)
    );
    // A client with keys is not a public one.
    let unauthenticated = vec![("grant_type", "client_credentials"), ("client_id", CLIENT)];
    assert_eq!(broken(unauthenticated).await, ("invalid_client".to_owned(), vec![]));
    bench.simulator.configure(GENERIC, |settings| {
        settings.client_authentication = vec![ClientAuthentication::ClientSecretPost];
    });
    let refused = broken(and(&[("client_assertion_type", TYPE)])).await;
    assert_eq!(refused, ("invalid_client".to_owned(), vec![Rule::WrongClientAuthentication]));
}

#[tokio::test]
async fn the_ready_connection_and_the_keys_are_at_the_control_api_too() {
    let bench = Bench::new().await;
    let connection = bench.simulator.further_connections().remove("generic/private-key-jwt").unwrap();
    assert_eq!(connection["client_id"], CLIENT);
    assert_eq!(connection["client_authentication"], "private_key_jwt");
    assert!(connection.get("client_secret").is_none());
    assert_eq!(
        connection["client_key"],
        json!({ "function": "cxauth-sim-es256", "algorithm": "ES256", "key_id": "cxauth-sim-es256" })
    );
    let told = send(bench.client.get(format!("{}/_sim/signing-keys", bench.simulator.control_base()))).await;
    assert_eq!(told.json, json!(signing_keys()));
    let private: Value = serde_json::from_str(told.json[0]["private_jwk"].as_str().unwrap()).unwrap();
    assert!(private["d"].is_string());
    assert!(told.json[0]["public_jwk"].get("d").is_none());
    assert!(!format!("{:?}", signing_keys()).contains(private["d"].as_str().unwrap()));
    let document = bench.simulator.base(GENERIC) + "/.well-known/oauth-authorization-server";
    let document = send(bench.client.get(&document)).await.json;
    assert_eq!(
        document["token_endpoint_auth_signing_alg_values_supported"],
        json!(["ES256", "RS256", "PS256", "EdDSA"])
    );
    assert!(
        document["token_endpoint_auth_methods_supported"]
            .as_array()
            .unwrap()
            .contains(&json!("private_key_jwt"))
    );
}

/// RFC 7523 §2.1.
#[tokio::test]
async fn a_signed_assertion_is_a_grant() {
    let bench = Bench::new().await;
    let user = bench.simulator.settings(GENERIC).users[0].name.clone();
    let connection = bench.simulator.connection(GENERIC);
    let client = credentials(&connection);
    let about_user = || with(claims(&bench, ISSUER), json!({ "sub": user }));
    let mut more = client.to_vec();
    more.push(("scope", "a"));
    let answer = bear(&bench, &key().sign(json!({}), &about_user()), &more).await;
    assert_eq!((answer.status, &answer.json["scope"]), (200, &json!("a")));
    // RFC 7521 §4.1: a new assertion does what a refresh token would.
    assert!(answer.json.get("refresh_token").is_none());
    let who = bench.whoami(&answer.text_of("access_token")).await;
    assert_eq!((&who.json["username"], &who.json["client_id"]), (&json!(user), &connection["client_id"]));

    // Nobody needs to say who the client is.
    let anonymous = bear(&bench, &key().sign(json!({}), &about_user()), &[]).await;
    assert_eq!(bench.whoami(&anonymous.text_of("access_token")).await.json["client_id"], ISSUER);
    // An issuer may speak for itself, a client too.
    assert!(bear(&bench, &key().sign(json!({}), &claims(&bench, CLIENT)), &[]).await.is_ok());
    let counters = bench.simulator.journal(GENERIC).counters;
    assert_eq!(counters.token_requests_by_grant["jwt_bearer"], 3);
    bench.assert_no_violations();
}

#[tokio::test]
async fn the_ready_connection_brings_an_assertion() {
    let bench = Bench::new().await;
    let connection = bench.simulator.further_connections().remove("generic/jwt-bearer").unwrap();
    let assertion = connection["assertion"].as_str().unwrap();
    let answer = bear(&bench, assertion, &credentials(&connection)).await;
    let who = bench.whoami(&answer.text_of("access_token")).await;
    assert_eq!(who.json["username"], "cxauth-canary-generic-user");
    let another = bench.simulator.further_connections().remove("generic/jwt-bearer").unwrap();
    assert_ne!(another["assertion"], connection["assertion"]);
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_wrong_assertion_is_an_invalid_grant() {
    let bench = Bench::new().await;
    let refused = async |assertion: String| {
        bench.simulator.reset_journals();
        let answer = bear(&bench, &assertion, &[]).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_grant"));
        bench.simulator.journal(GENERIC).rules_broken()
    };
    let stranger = with(claims(&bench, ISSUER), json!({ "sub": "a stranger" }));
    assert_eq!(refused(key().sign(json!({}), &stranger)).await, []);
    assert_eq!(refused(key().sign(json!({}), &claims(&bench, "https://other.example"))).await, []);
    let once = key().sign(json!({}), &claims(&bench, ISSUER));
    assert!(bear(&bench, &once, &[]).await.is_ok());
    assert_eq!(refused(once).await, [Rule::ReplayedAssertion]);
    let elsewhere = with(claims(&bench, ISSUER), json!({ "aud": "https://other.example" }));
    assert_eq!(refused(key().sign(json!({}), &elsewhere)).await, [Rule::BadAssertion]);
    bench.simulator.reset_journals();
    assert_eq!(bear(&bench, "", &[]).await.error(), "invalid_request");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::MissingParameter]);
}

#[tokio::test]
async fn keys_and_algorithms_come_from_the_settings() {
    let bench = Bench::new().await;
    let key = Key::new_ed25519();
    bench.simulator.configure(GENERIC, |settings| {
        settings.assertions.issuers =
            vec![TrustedIssuer { issuer: "https://mine.example".into(), keys: vec![key.jwk()] }];
        settings.refresh_tokens_for.push(cxauth_sim::Grant::JwtBearer);
    });
    let assertion = || key.sign(json!({}), &claims(&bench, "https://mine.example"));
    let first = bear(&bench, &assertion(), &credentials(&bench.simulator.connection(GENERIC))).await;
    // Rotation and reuse detection hold for what this grant brings too.
    let spent = first.text_of("refresh_token");
    let second = bench.refresh(&spent, &[]).await;
    assert_eq!(bench.refresh(&spent, &[]).await.error(), "invalid_grant");
    assert_eq!(bench.whoami(&second.text_of("access_token")).await.status, 401);
    bench.simulator.configure(GENERIC, |settings| {
        settings.assertions.algorithms = vec![SigningAlgorithm::Es256];
    });
    assert_eq!(bear(&bench, &assertion(), &[]).await.error(), "invalid_grant");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::BadAssertion]);
}
