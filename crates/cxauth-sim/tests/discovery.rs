//! What the plain server says about itself (RFC 8414, OpenID Connect Discovery), and how it lies.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth_sim::{
    DocumentFlaw, Effect, Endpoint, Fault, Grant, Pkce, Platform, RedirectTarget, Rule, WellKnown,
};
use serde_json::json;
use support::{Answer, Bench, send};

const GENERIC: Platform = Platform::Generic;
const OAUTH: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";

async fn document(bench: &Bench, path: &str) -> Answer {
    send(bench.client.get(bench.simulator.base(GENERIC) + path)).await
}

#[tokio::test]
async fn both_documents_describe_the_server() {
    let bench = Bench::new().await;
    let base = bench.simulator.base(GENERIC);
    let oauth = document(&bench, OAUTH).await;
    assert_eq!((oauth.status, oauth.header("content-type")), (200, Some("application/json")));
    assert_eq!(oauth.json["issuer"], base);
    assert_eq!(oauth.json["token_endpoint"], bench.simulator.token_endpoint(GENERIC));
    for (member, path) in [
        ("authorization_endpoint", "/authorize"),
        ("revocation_endpoint", "/revoke"),
        ("introspection_endpoint", "/introspect"),
    ] {
        assert_eq!(oauth.json[member], format!("{base}{path}"));
    }
    assert_eq!(oauth.json["response_types_supported"], json!(["code"]));
    assert_eq!(oauth.json["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(oauth.json["authorization_response_iss_parameter_supported"], true);
    assert_eq!(oauth.json["grant_types_supported"][3], "authorization_code");
    assert_eq!(oauth.json["token_endpoint_auth_methods_supported"][0], "client_secret_post");
    assert!(oauth.json.get("id_token_signing_alg_values_supported").is_none());

    let openid = document(&bench, OPENID).await;
    assert_eq!(openid.json["issuer"], base);
    assert_eq!(openid.json["subject_types_supported"], json!(["public"]));

    let keys = send(bench.client.get(openid.text_of("jwks_uri"))).await;
    assert_eq!((&keys.json["keys"][0]["kty"], &keys.json["keys"][0]["e"]), (&json!("RSA"), &json!("AQAB")));
    let journal = bench.simulator.journal(GENERIC);
    assert_eq!((journal.counters.metadata_requests, journal.counters.token_requests), (3, 0));
    bench.assert_no_violations();
}

#[tokio::test]
async fn an_issuer_with_a_path_has_its_documents_where_the_standards_say() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.discovery.issuer_path = "/tenant/one".into());
    let issuer = bench.simulator.base(GENERIC) + "/tenant/one";
    assert_eq!(bench.simulator.issuer(), issuer);
    assert_eq!(bench.simulator.addresses()["platforms"]["generic"]["issuer"], issuer);
    // RFC 8414 §3.1 puts the path behind, OpenID Connect Discovery §4 in front.
    for path in [
        "/.well-known/oauth-authorization-server/tenant/one",
        "/tenant/one/.well-known/openid-configuration",
        "/.well-known/openid-configuration/tenant/one",
    ] {
        assert_eq!(document(&bench, path).await.json["issuer"], issuer, "{path}");
    }
    for path in [OAUTH, OPENID, "/tenant/one/.well-known/oauth-authorization-server"] {
        assert_eq!(document(&bench, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_document_may_be_absent() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| {
        settings.discovery.documents = vec![WellKnown::OpenidConfiguration];
    });
    assert_eq!(document(&bench, OAUTH).await.status, 404);
    assert_eq!(document(&bench, OPENID).await.status, 200);
}

#[tokio::test]
async fn the_document_says_what_the_settings_say() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| {
        settings.sign_in.pkce = Pkce::Ignored;
        settings.sign_in.iss_promised = false;
        settings.revocation = false;
        settings.introspection = false;
        settings.scopes = vec!["a".into()];
    });
    let told = document(&bench, OAUTH).await.json;
    for absent in [
        "code_challenge_methods_supported",
        "authorization_response_iss_parameter_supported",
        "revocation_endpoint",
        "introspection_endpoint",
    ] {
        assert!(told.get(absent).is_none(), "{absent}");
    }
    assert_eq!(told["scopes_supported"], json!(["a"]));
    bench.simulator.configure(GENERIC, |settings| settings.grants = vec![Grant::ClientCredentials]);
    assert!(document(&bench, OAUTH).await.json.get("authorization_endpoint").is_none());
}

#[tokio::test]
async fn each_flaw_shows() {
    let bench = Bench::new().await;
    let base = bench.simulator.base(GENERIC);
    let elsewhere = bench.simulator.base(Platform::Elsewhere);
    let cases = [
        (DocumentFlaw::OtherIssuer, "issuer", json!(elsewhere)),
        (DocumentFlaw::TrailingSlash, "issuer", json!(format!("{base}/"))),
        (DocumentFlaw::WithoutIssuer, "issuer", json!(null)),
        (DocumentFlaw::HttpEndpoint, "token_endpoint", json!("http://login.example.com/token")),
        (DocumentFlaw::ForeignEndpoint, "token_endpoint", json!(format!("{elsewhere}/redirected/token"))),
        (DocumentFlaw::EndpointIsNoUrl, "token_endpoint", json!("/token")),
        (DocumentFlaw::WithoutTokenEndpoint, "token_endpoint", json!(null)),
        (DocumentFlaw::WrongTypes, "token_endpoint", json!(443)),
    ];
    for (flaw, member, value) in cases {
        bench.simulator.configure(GENERIC, |settings| settings.discovery.flaw = Some(flaw));
        let told = document(&bench, OAUTH).await;
        assert_eq!((told.status, &told.json[member]), (200, &value), "{flaw:?}");
    }
    let told = async |flaw| {
        bench.simulator.configure(GENERIC, |settings| settings.discovery.flaw = Some(flaw));
        document(&bench, OAUTH).await
    };
    let page = told(DocumentFlaw::NotJson).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
    assert!(told(DocumentFlaw::Huge).await.text.len() > 5_000_000);
    let doubled = told(DocumentFlaw::DuplicateMembers).await;
    assert_eq!(doubled.text.matches("\"token_endpoint\":").count(), 2);
    bench.assert_no_violations();
}

#[tokio::test]
async fn faults_meet_documents_too() {
    let bench = Bench::new().await;
    let members =
        Effect::Members { set: json!({ "issuer": 1 }).as_object().unwrap().clone(), remove: vec![] };
    bench.simulator.arm(Fault::new(members).at(Endpoint::Metadata).times(1));
    assert_eq!(document(&bench, OAUTH).await.json["issuer"], 1);
    let redirect = Effect::Redirect { status: 302, to: RedirectTarget::SameHost };
    bench.simulator.arm(Fault::new(redirect).at(Endpoint::Metadata).times(1));
    let redirected = document(&bench, OAUTH).await;
    assert_eq!((redirected.status, redirected.header("location")), (302, Some("/redirected/metadata")));
    assert_eq!(document(&bench, "/redirected/metadata").await.status, 200);
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_question_carries_no_token_and_is_a_get() {
    let bench = Bench::new().await;
    let url = bench.simulator.base(GENERIC) + OAUTH;
    send(bench.client.get(&url).bearer_auth("x")).await;
    assert_eq!(send(bench.client.post(&url)).await.status, 405);
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::TokenAtWrongPath, Rule::WrongMethod]);
}
