//! DPoP (RFC 9449): proofs, bound tokens, nonces of both servers.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cxauth_sim::{ClientAuthentication, DpopNonce, Effect, Endpoint, Fault, Platform, Rule, TokenFormat};
use reqwest::{RequestBuilder, Url};
use serde_json::{Value, json};
use support::code::{REDIRECT_URI, VERIFIER, parameter};
use support::jwt::{Key, fresh_id, with};
use support::{Answer, Bench, credentials, send};

const GENERIC: Platform = Platform::Generic;
const PUBLIC: &str = "cxauth-canary-generic-public-client";

fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// RFC 7638 §3, written anew.
fn thumbprint(key: &Key) -> String {
    let jwk = key.jwk();
    let part = |name: &str| jwk[name].as_str().unwrap().to_owned();
    hash(&match key {
        Key::P256(_) | Key::Der(_) => {
            format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, part("x"), part("y"))
        }
        Key::Ed25519(_) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, part("x")),
        Key::Rsa(_) | Key::RsaPss(_) => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, part("e"), part("n")),
    })
}

/// A right proof, changed.
fn proof(bench: &Bench, key: &Key, method: &str, url: &str, changes: [Value; 2]) -> String {
    let [header, claims] = changes;
    let now = bench.simulator.clock().now_ms / 1000;
    let right = json!({ "jti": fresh_id(), "htm": method, "htu": url, "iat": now });
    let usual = json!({ "typ": "dpop+jwt", "jwk": key.jwk() });
    key.sign(with(usual, header), &with(right, claims))
}

/// A token request of the confidential client with a proof.
async fn grant(bench: &Bench, proof: &str) -> Answer {
    let connection = bench.simulator.connection(GENERIC);
    let [id, secret] = credentials(&connection);
    let fields = [("grant_type", "client_credentials"), id, secret];
    send(bench.post(GENERIC, &fields).header("dpop", proof)).await
}

fn at_token_endpoint(bench: &Bench, key: &Key, claims: Value) -> String {
    let url = bench.simulator.token_endpoint(GENERIC);
    proof(bench, key, "POST", &url, [json!({}), claims])
}

async fn bound_token(bench: &Bench, key: &Key) -> Answer {
    let answer = grant(bench, &at_token_endpoint(bench, key, json!({}))).await;
    assert!(answer.is_ok(), "{answer:?}");
    answer
}

fn at_api(bench: &Bench, key: &Key, token: &str, claims: Value) -> String {
    let url = bench.simulator.api_base(GENERIC) + "whoami";
    let claims = with(json!({ "ath": hash(token) }), claims);
    proof(bench, key, "GET", &url, [json!({}), claims])
}

fn calling(bench: &Bench, token: &str, proof: &str) -> RequestBuilder {
    let url = bench.simulator.api_base(GENERIC) + "whoami";
    bench.client.get(url).header("authorization", format!("DPoP {token}")).header("dpop", proof)
}

async fn whoami(bench: &Bench, key: &Key, token: &str, claims: Value) -> Answer {
    send(calling(bench, token, &at_api(bench, key, token, claims))).await
}

fn nonce(answer: &Answer) -> Value {
    json!({ "nonce": answer.header("dpop-nonce").unwrap() })
}

#[tokio::test]
async fn a_proof_binds_the_token_to_its_key() {
    for key in [Key::new_p256(), Key::new_ed25519(), Key::new_rsa(), Key::new_rsa_pss()] {
        let bench = Bench::new().await;
        let answer = bound_token(&bench, &key).await;
        assert_eq!(answer.json["token_type"], "DPoP");
        let token = answer.text_of("access_token");
        let who = whoami(&bench, &key, &token, json!({})).await;
        assert_eq!(who.json["key"], thumbprint(&key), "{}", key.algorithm());

        let connection = bench.simulator.connection(GENERIC);
        let [id, secret] = credentials(&connection);
        let url = bench.simulator.base(GENERIC) + "/introspect";
        let told = send(bench.client.post(&url).form(&[("token", token.as_str()), id, secret])).await;
        assert_eq!(told.json["token_type"], "DPoP");
        assert_eq!(told.json["cnf"], json!({ "jkt": thumbprint(&key) }));
        bench.assert_no_violations();
    }
}

#[tokio::test]
async fn a_signed_token_names_its_key() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.token_format = TokenFormat::Jwt);
    let key = Key::new_p256();
    let token = bound_token(&bench, &key).await.text_of("access_token");
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["cnf"]["jkt"], thumbprint(&key));
}

#[tokio::test]
async fn a_bound_token_is_nothing_without_its_key() {
    let bench = Bench::new().await;
    let key = Key::new_p256();
    let token = bound_token(&bench, &key).await.text_of("access_token");
    let broken = |answer: &Answer| {
        assert_eq!(answer.status, 401, "{answer:?}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("DPoP "));
        assert!(answer.header("www-authenticate").unwrap().contains("algs=\"ES256 RS256 PS256 EdDSA\""));
        let rules = bench.simulator.journal(GENERIC).rules_broken();
        bench.simulator.reset_journals();
        (answer.error().to_owned(), rules)
    };
    let invalid = |rule| ("invalid_token".to_owned(), vec![rule]);
    assert_eq!(broken(&bench.whoami(&token).await), invalid(Rule::BoundTokenAsBearer));
    let other = whoami(&bench, &Key::new_p256(), &token, json!({})).await;
    assert_eq!(broken(&other), invalid(Rule::WrongKey));
    let url = bench.simulator.api_base(GENERIC) + "whoami";
    let bare = bench.client.get(&url).header("authorization", format!("DPoP {token}"));
    assert_eq!(broken(&send(bare).await), invalid(Rule::ProofMissing));

    let bearer = bench.grant(&[]).await.text_of("access_token");
    let as_bound = whoami(&bench, &key, &bearer, json!({})).await;
    assert_eq!(broken(&as_bound), invalid(Rule::BearerTokenAsBound));
    bench.simulator.revoke_token(GENERIC, &token);
    let revoked = whoami(&bench, &key, &token, json!({})).await;
    assert_eq!(broken(&revoked), ("invalid_token".to_owned(), vec![]));
}

#[tokio::test]
async fn a_proof_is_judged_by_every_rule() {
    let bench = Bench::new().await;
    let key = Key::new_p256();
    let token_endpoint = bench.simulator.token_endpoint(GENERIC);
    let private = with(key.jwk(), json!({ "d": "AAAA" }));
    let cases = [
        [json!({ "typ": "JWT" }), json!({})],
        [json!({ "typ": null }), json!({})],
        [json!({ "alg": "none" }), json!({})],
        [json!({ "alg": "HS256" }), json!({})],
        [json!({ "jwk": null }), json!({})],
        [json!({ "jwk": { "kty": "oct", "k": "AAAA" } }), json!({})],
        [json!({ "jwk": private }), json!({})],
        [json!({ "jwk": Key::new_p256().jwk() }), json!({})],
        [json!({}), json!({ "htm": "GET" })],
        [json!({}), json!({ "htm": "post" })],
        [json!({}), json!({ "htu": bench.simulator.api_base(GENERIC) })],
        [json!({}), json!({ "htu": format!("{token_endpoint}?x=1") })],
        [json!({}), json!({ "htu": null })],
        [json!({}), json!({ "jti": null })],
        [json!({}), json!({ "iat": null })],
        [json!({}), json!({ "iat": "now" })],
    ];
    for changes in cases {
        bench.simulator.reset_journals();
        let text = format!("{changes:?}");
        let answer = grant(&bench, &proof(&bench, &key, "POST", &token_endpoint, changes)).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_dpop_proof"), "{text}");
        assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::BadProof], "{text}");
    }
    let token = bound_token(&bench, &key).await.text_of("access_token");
    for claims in [json!({ "ath": null }), json!({ "ath": hash("another") }), json!({ "htm": "POST" })] {
        bench.simulator.reset_journals();
        let answer = whoami(&bench, &key, &token, claims).await;
        assert_eq!((answer.status, answer.error()), (401, "invalid_dpop_proof"));
        assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::BadProof]);
    }
    bench.simulator.reset_journals();
    let one = at_api(&bench, &key, &token, json!({}));
    assert_eq!(send(calling(&bench, &token, &one).header("dpop", &one)).await.status, 401);
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::BadProof]);
    assert_eq!(grant(&bench, "no proof").await.error(), "invalid_dpop_proof");
}

#[tokio::test]
async fn a_proof_works_once_and_for_a_minute() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    let key = Key::new_p256();
    let once = at_token_endpoint(&bench, &key, json!({}));
    assert!(grant(&bench, &once).await.is_ok());
    for off in [60, -60] {
        let now = bench.simulator.clock().now_ms / 1000;
        assert!(grant(&bench, &at_token_endpoint(&bench, &key, json!({ "iat": now + off }))).await.is_ok());
    }
    let late = at_token_endpoint(&bench, &key, json!({}));
    bench.simulator.advance(Duration::from_secs(62));
    assert_eq!(grant(&bench, &late).await.error(), "invalid_dpop_proof");
    // Clocks go wrong; that is nobody's violation.
    bench.assert_no_violations();
    bench.simulator.step_back(Duration::from_secs(62));
    assert_eq!(grant(&bench, &once).await.error(), "invalid_dpop_proof");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::ReplayedProof]);
}

#[tokio::test]
async fn each_server_wants_a_nonce_of_its_own() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| {
        settings.dpop.token_nonce = DpopNonce::Required;
        settings.dpop.api_nonce = DpopNonce::Required;
    });
    let key = Key::new_p256();
    let refused = grant(&bench, &at_token_endpoint(&bench, &key, json!({}))).await;
    assert_eq!((refused.status, refused.error()), (400, "use_dpop_nonce"));
    let token_nonce = nonce(&refused);
    let answer = grant(&bench, &at_token_endpoint(&bench, &key, token_nonce.clone())).await;
    let token = answer.text_of("access_token");
    assert_eq!(answer.header("dpop-nonce"), None);
    // It may be used again.
    assert!(grant(&bench, &at_token_endpoint(&bench, &key, token_nonce.clone())).await.is_ok());

    let at_api = whoami(&bench, &key, &token, token_nonce.clone()).await;
    assert_eq!((at_api.status, at_api.error()), (401, "use_dpop_nonce"));
    assert!(at_api.header("www-authenticate").unwrap().contains("error=\"use_dpop_nonce\""));
    assert!(whoami(&bench, &key, &token, nonce(&at_api)).await.is_ok());
    assert_eq!(bench.simulator.journal(GENERIC).counters.dpop_nonce_challenges, 2);

    bench.simulator.advance(Duration::from_secs(301));
    let old = grant(&bench, &at_token_endpoint(&bench, &key, token_nonce)).await;
    assert_eq!(old.error(), "use_dpop_nonce");
    bench.assert_no_violations();
}

#[tokio::test]
async fn nonces_may_change_with_every_answer_or_never_do() {
    let bench = Bench::new().await;
    let mode = |mode| {
        bench.simulator.configure(GENERIC, |settings| {
            settings.dpop.token_nonce = mode;
            settings.dpop.api_nonce = mode;
        });
    };
    mode(DpopNonce::Rotated);
    let key = Key::new_p256();
    let first = grant(&bench, &at_token_endpoint(&bench, &key, json!({}))).await;
    let second = grant(&bench, &at_token_endpoint(&bench, &key, nonce(&first))).await;
    assert!(second.is_ok());
    assert_eq!(
        grant(&bench, &at_token_endpoint(&bench, &key, nonce(&first))).await.error(),
        "use_dpop_nonce"
    );
    assert!(grant(&bench, &at_token_endpoint(&bench, &key, nonce(&second))).await.is_ok());
    let token = second.text_of("access_token");
    let challenge = whoami(&bench, &key, &token, json!({})).await;
    let granted = whoami(&bench, &key, &token, nonce(&challenge)).await;
    assert!(whoami(&bench, &key, &token, nonce(&granted)).await.is_ok());

    mode(DpopNonce::NeverContent);
    let mut last = grant(&bench, &at_token_endpoint(&bench, &key, json!({}))).await;
    for _ in 0..3 {
        last = grant(&bench, &at_token_endpoint(&bench, &key, nonce(&last))).await;
        assert_eq!(last.error(), "use_dpop_nonce");
    }
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_nonce_is_asked_for_before_a_code_is_spent() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.dpop.token_nonce = DpopNonce::Required);
    let key = Key::new_p256();
    let code = bench.code(&[]);
    let redeem = |proof: String| send(bench.redeeming(&code, &[]).header("dpop", proof));
    let challenge = redeem(at_token_endpoint(&bench, &key, json!({}))).await;
    assert_eq!(challenge.error(), "use_dpop_nonce");
    let tokens = redeem(at_token_endpoint(&bench, &key, nonce(&challenge))).await;
    assert_eq!(tokens.json["token_type"], "DPoP");
    bench.assert_no_violations();
}

async fn public_refresh(bench: &Bench, refresh_token: &str, proof: Option<&str>) -> Answer {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("client_id", PUBLIC)];
    let request = bench.post(GENERIC, &fields);
    send(proof.into_iter().fold(request, |request, proof| request.header("dpop", proof))).await
}

/// RFC 9449 §5.
#[tokio::test]
async fn a_public_clients_refresh_token_is_bound_to_its_key() {
    let bench = Bench::new().await;
    let key = Key::new_p256();
    let code = bench.code(&[("client_id", PUBLIC)]);
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", PUBLIC),
        ("code", &code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    let own = |bench: &Bench| at_token_endpoint(bench, &key, json!({}));
    let first = send(bench.post(GENERIC, &fields).header("dpop", own(&bench))).await;
    let second = public_refresh(&bench, &first.text_of("refresh_token"), Some(&own(&bench))).await;
    assert_eq!(second.json["token_type"], "DPoP");
    assert!(whoami(&bench, &key, &second.text_of("access_token"), json!({})).await.is_ok());
    bench.assert_no_violations();

    let spent_by_nobody = second.text_of("refresh_token");
    let stolen = at_token_endpoint(&bench, &Key::new_p256(), json!({}));
    assert_eq!(public_refresh(&bench, &spent_by_nobody, Some(&stolen)).await.error(), "invalid_grant");
    assert_eq!(public_refresh(&bench, &spent_by_nobody, None).await.error(), "invalid_grant");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::WrongKey, Rule::ProofMissing]);
    let third = public_refresh(&bench, &spent_by_nobody, Some(&own(&bench))).await;
    // Rotation and reuse detection hold here too.
    assert_eq!(public_refresh(&bench, &spent_by_nobody, Some(&own(&bench))).await.error(), "invalid_grant");
    assert_eq!(whoami(&bench, &key, &third.text_of("access_token"), json!({})).await.status, 401);
    assert_eq!(bench.simulator.journal(GENERIC).counters.families_revoked, 1);
}

#[tokio::test]
async fn a_confidential_client_may_change_its_key_at_a_refresh() {
    let bench = Bench::new().await;
    let first = bound_token(&bench, &Key::new_p256()).await;
    let connection = bench.simulator.connection(GENERIC);
    let refresh_token = first.text_of("refresh_token");
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    fields.extend(credentials(&connection));
    assert_eq!(send(bench.post(GENERIC, &fields)).await.error(), "invalid_grant");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::ProofMissing]);
    let key = Key::new_ed25519();
    let proof = at_token_endpoint(&bench, &key, json!({}));
    let second = send(bench.post(GENERIC, &fields).header("dpop", proof)).await;
    assert!(whoami(&bench, &key, &second.text_of("access_token"), json!({})).await.is_ok());
}

/// RFC 9449 §10.
#[tokio::test]
async fn a_code_may_be_bound_to_a_key() {
    let bench = Bench::new().await;
    let key = Key::new_p256();
    let thumb = thumbprint(&key);
    let redeem = async |proof: Option<String>| {
        bench.simulator.reset_journals();
        let code = bench.code(&[("dpop_jkt", &thumb)]);
        let request = bench.redeeming(&code, &[]);
        let answer =
            send(proof.into_iter().fold(request, |request, proof| request.header("dpop", proof))).await;
        (answer.status, bench.simulator.journal(GENERIC).rules_broken())
    };
    assert_eq!(redeem(Some(at_token_endpoint(&bench, &key, json!({})))).await, (200, vec![]));
    assert_eq!(redeem(None).await, (400, vec![Rule::ProofMissing]));
    let other = at_token_endpoint(&bench, &Key::new_p256(), json!({}));
    assert_eq!(redeem(Some(other)).await, (400, vec![Rule::WrongKey]));
    bench.simulator.reset_journals();
    let url = bench.authorization_url(&[("dpop_jkt", "short")]);
    assert_eq!(send(bench.client.get(url)).await.status, 302);
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::MalformedParameter]);
}

/// RFC 9449 §10.1.
#[tokio::test]
async fn a_pushed_request_is_bound_by_its_proof() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.dpop.token_nonce = DpopNonce::Required);
    let key = Key::new_p256();
    let connection = bench.simulator.connection(GENERIC);
    let par = bench.simulator.base(GENERIC) + "/par";
    let push = async |key: &Key, claims: Value, more: &[(&str, &str)]| {
        let mut fields = bench.authorization_parameters(more);
        fields.push(credentials(&connection)[1]);
        let proof = proof(&bench, key, "POST", &par, [json!({}), claims]);
        send(bench.client.post(&par).header("dpop", proof).form(&fields)).await
    };
    let challenge = push(&key, json!({}), &[]).await;
    assert_eq!(challenge.error(), "use_dpop_nonce");
    let pushed = push(&key, nonce(&challenge), &[]).await;
    let base = bench.simulator.base(GENERIC) + "/authorize";
    let parameters = [
        ("client_id", connection["client_id"].as_str().unwrap().to_owned()),
        ("request_uri", pushed.text_of("request_uri")),
    ];
    let url: String = Url::parse_with_params(&base, parameters).unwrap().into();
    let back: Url = bench.simulator.sign_in(&url, cxauth_sim::Decision::Approve).unwrap().parse().unwrap();
    let code = parameter(&back, "code").unwrap();
    bench.assert_no_violations();
    let wrong = push(&Key::new_p256(), nonce(&challenge), &[("dpop_jkt", &thumbprint(&key))]).await;
    assert_eq!(wrong.error(), "invalid_request");
    assert_eq!(bench.redeem(&code, &[]).await.error(), "invalid_grant");
    assert_eq!(
        bench.simulator.journal(GENERIC).rules_broken(),
        [Rule::ContradictoryParameters, Rule::ProofMissing]
    );
}

#[tokio::test]
async fn proofs_may_be_needed_or_ignored() {
    let bench = Bench::new().await;
    let document = bench.simulator.base(GENERIC) + "/.well-known/oauth-authorization-server";
    let told = send(bench.client.get(&document)).await.json;
    assert_eq!(told["dpop_signing_alg_values_supported"], json!(["ES256", "RS256", "PS256", "EdDSA"]));
    bench.simulator.configure(GENERIC, |settings| settings.dpop.required = true);
    assert_eq!(bench.grant(&[]).await.error(), "invalid_dpop_proof");
    let url = bench.simulator.api_base(GENERIC) + "whoami";
    let without = send(bench.client.get(&url)).await;
    assert!(without.status == 401 && without.header("www-authenticate").unwrap().starts_with("DPoP "));
    bench.simulator.configure(GENERIC, |settings| settings.dpop.served = false);
    let ignored = bound_token(&bench, &Key::new_p256()).await;
    assert_eq!(ignored.json["token_type"], "Bearer");
    assert!(bench.whoami(&ignored.text_of("access_token")).await.is_ok());
    let told = send(bench.client.get(&document)).await.json;
    assert!(told.get("dpop_signing_alg_values_supported").is_none());
    bench.assert_no_violations();
}

#[tokio::test]
async fn faults_meet_bound_tokens_too() {
    let bench = Bench::new().await;
    let key = Key::new_p256();
    let token = bound_token(&bench, &key).await.text_of("access_token");
    bench.simulator.arm(Fault::new(Effect::RevokeToken).at(Endpoint::Api).times(1));
    assert_eq!(whoami(&bench, &key, &token, json!({})).await.error(), "invalid_token");
    let challenge =
        Effect::OauthError { status: 400, error: "use_dpop_nonce".into(), description: String::new() };
    bench.simulator.arm(Fault::new(challenge).at(Endpoint::Token).times(1));
    // A challenge without a nonce.
    let bare = grant(&bench, &at_token_endpoint(&bench, &key, json!({}))).await;
    assert_eq!((bare.error(), bare.header("dpop-nonce")), ("use_dpop_nonce", None));
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_token_sent_as_bound_has_no_business_at_the_token_endpoint() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| {
        settings.client_authentication = vec![ClientAuthentication::ClientSecretPost];
    });
    let key = Key::new_p256();
    let token = bound_token(&bench, &key).await.text_of("access_token");
    let fields = [("grant_type", "client_credentials")];
    let request = bench.post(GENERIC, &fields).header("authorization", format!("DPoP {token}"));
    assert_eq!(send(request).await.status, 400);
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::TokenAtWrongPath]);
}

#[tokio::test]
async fn the_ready_connections_have_a_key() {
    let bench = Bench::new().await;
    let connections = bench.simulator.further_connections();
    let public = &connections["generic/dpop-authorization-code"];
    assert_eq!(public["client_id"], PUBLIC);
    let told = &connections["generic/dpop"]["dpop_key"];
    assert_eq!(told, &public["dpop_key"]);
    assert_eq!((&told["function"], &told["algorithm"]), (&json!("cxauth-sim-es256"), &json!("ES256")));
    let key = Key::of(&cxauth_sim::signing_keys()[0]);
    assert_eq!(told["jwk"], key.jwk());
    assert_eq!(bound_token(&bench, &key).await.json["token_type"], "DPoP");
}
