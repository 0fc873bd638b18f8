//! Tokens that are bound to the client's key (RFC 9449).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use base64ct::{Base64UrlUnpadded, Encoding as _};
use cxauth_core::{
    Acquire, Answer, Connection, DpopKey, ErrorCode, FlightId, Refusal, SecretSource, Session,
    SignatureAlgorithm, SigningKey, Snapshot, Step, StepResult, Timestamp,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const START: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);
const API: &str = "https://api.example/items?page=2#top";

/// The key of RFC 9449 §4.1.
fn jwk() -> Value {
    json!({ "kty": "EC", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA", "crv": "P-256" })
}

fn settings() -> Value {
    json!({ "platform": "generic", "token_endpoint": "https://as.example/token?tenant=1", "client_id": "app",
        "client_secret": "secret", "api_base": "https://api.example/",
        "dpop_key": { "function": "key", "algorithm": "ES256", "jwk": jwk() } })
}

fn open(settings: &Value) -> Session {
    Session::open(Connection::from_json(&settings.to_string()).unwrap(), START, &[5; 16])
}

fn lead(session: &mut Session) -> FlightId {
    match session.acquire(START) {
        Acquire::Lead { flight, .. } => flight,
        other => panic!("{other:?}"),
    }
}

fn read(text: &[u8]) -> (Value, Value) {
    let text = std::str::from_utf8(text).unwrap();
    let (header, claims) = text.split_once('.').unwrap();
    let read = |part| serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap();
    (read(header), read(claims))
}

fn sign(session: &mut Session, flight: FlightId) -> (Value, Value) {
    let step = session.next(START, flight);
    let Step::Sign { bytes, .. } = step else { panic!("nothing to sign: {step:?}") };
    session.done(START, flight, StepResult::Signature(vec![1, 2, 3]));
    read(&bytes)
}

fn headers(session: &mut Session, flight: FlightId) -> BTreeMap<String, String> {
    let Step::Send { request } = session.next(START, flight) else { panic!("nothing to send") };
    request.headers().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn answer(status: u16, nonce: Option<&str>, body: &Value) -> StepResult {
    let headers = nonce.map(|nonce| ("DPoP-Nonce", nonce));
    StepResult::Answer(Answer::new(status, headers, body.to_string()))
}

fn bound(token: &str) -> Value {
    json!({ "access_token": token, "token_type": "DPoP", "expires_in": 3600, "refresh_token": "RT" })
}

/// A session with a bound token.
fn signed_in(token: &str) -> Session {
    let mut session = open(&settings());
    let flight = lead(&mut session);
    sign(&mut session, flight);
    drop(headers(&mut session, flight));
    session.done(START, flight, answer(200, None, &bound(token)));
    assert!(matches!(session.next(START, flight), Step::Done { why: None }));
    session
}

#[test]
fn the_token_request_proves_the_key() {
    let mut session = open(&settings());
    let flight = lead(&mut session);
    let (header, claims) = sign(&mut session, flight);
    assert_eq!(header, json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk() }));
    assert_eq!((&claims["htm"], &claims["htu"]), (&json!("POST"), &json!("https://as.example/token")));
    assert_eq!(claims["iat"], 1_700_000_000);
    assert_eq!(claims.as_object().unwrap().len(), 4, "neither a nonce nor a token: {claims}");
    assert!(headers(&mut session, flight)["dpop"].ends_with(".AQID"));
    session.done(START, flight, answer(200, None, &bound("AT")));
    let token = session.bearer(START).unwrap();
    assert_eq!((token.header_value().expose(), token.is_bound()), ("DPoP AT", true));
}

/// RFC 9449 §6.1 and §7.1, RFC 7638 §3.1.
#[test]
fn digests_are_those_of_the_rfcs() {
    let connection = |jwk: Value, algorithm: &str| {
        let mut settings = settings();
        settings["dpop_key"] = json!({ "function": "key", "algorithm": algorithm, "jwk": jwk });
        settings["grant"] = json!("authorization_code");
        settings["authorization_endpoint"] = json!("https://as.example/authorize");
        settings["redirect_uri"] = json!("https://app.example/");
        settings
    };
    let rsa = json!({ "kty": "RSA", "alg": "RS256", "kid": "2011-04-29", "e": "AQAB",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZ\
              CiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZ\
              gnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniI\
              qbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw" });
    for (settings, thumbprint) in [
        (connection(jwk(), "ES256"), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
        (connection(rsa, "PS256"), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"),
    ] {
        let mut session = open(&settings);
        let flight = session.lead_authorization(START, &[1; 64], None).unwrap();
        let Step::Authorize { authorization } = session.next(START, flight) else { panic!("no address") };
        assert!(authorization.url().contains(&format!("dpop_jkt={thumbprint}")), "{}", authorization.url());
    }
    let mut session = signed_in("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
    let token = session.bearer(START).unwrap().clone();
    let proof = session.prove(START, &token, "GET", API).unwrap().unwrap();
    assert_eq!(read(proof.bytes()).1["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
}

#[test]
fn each_request_to_an_api_has_a_proof_of_its_own() {
    let mut session = signed_in("AT");
    let token = session.bearer(START).unwrap().clone();
    let first = session.prove(START, &token, "PUT", API).unwrap().unwrap();
    let (header, claims) = read(first.bytes());
    assert_eq!((&header["typ"], &header["jwk"]), (&json!("dpop+jwt"), &jwk()));
    assert_eq!((&claims["htm"], &claims["htu"]), (&json!("PUT"), &json!("https://api.example/items")));
    let second = session.prove(START, &token, "PUT", API).unwrap().unwrap();
    assert_ne!(read(second.bytes()).1["jti"], claims["jti"]);
    assert!(first.header_value(&[1, 2, 3]).expose().ends_with(".AQID"));
    let elsewhere = session.prove(START, &token, "GET", "https://evil.example/").unwrap_err();
    assert_eq!(elsewhere.code(), ErrorCode::DestinationRefused);
}

/// R88.
#[test]
fn a_nonce_is_answered_once() {
    let mut session = open(&settings());
    let flight = lead(&mut session);
    let (_, first) = sign(&mut session, flight);
    drop(headers(&mut session, flight));
    let wanted = json!({ "error": "use_dpop_nonce" });
    session.done(START, flight, answer(400, Some("n-1"), &wanted));
    let (_, second) = sign(&mut session, flight);
    assert_eq!(second["nonce"], "n-1");
    assert_ne!(second["jti"], first["jti"]);
    drop(headers(&mut session, flight));
    session.done(START, flight, answer(400, Some("n-2"), &wanted));
    let Step::Done { why: Some(why) } = session.next(START, flight) else { panic!("it asks on and on") };
    assert_eq!(why.server_error(), Some("use_dpop_nonce"));

    // What was told last is used the next time, and a success tells it too.
    let later = START.plus_seconds(10);
    let Acquire::Lead { flight, .. } = session.acquire(later) else { panic!("nobody leads") };
    let Step::Sign { bytes, .. } = session.next(later, flight) else { panic!("nothing to sign") };
    assert_eq!(read(&bytes).1["nonce"], "n-2");
}

#[test]
fn a_nonce_that_is_wanted_spends_no_refresh_token() {
    let mut settings = settings();
    settings["grant"] = json!("refresh_token");
    settings["refresh_token"] = json!("RT0");
    let mut session = open(&settings);
    let flight = lead(&mut session);
    for nonce in [None, Some("n")] {
        assert_eq!(sign(&mut session, flight).1["nonce"].as_str(), nonce);
        let Step::Send { request } = session.next(START, flight) else { panic!("nothing to send") };
        assert!(std::str::from_utf8(request.body()).unwrap().contains("refresh_token=RT0"));
        let result = match nonce {
            None => answer(400, Some("n"), &json!({ "error": "use_dpop_nonce" })),
            Some(_) => answer(200, None, &bound("AT")),
        };
        session.done(START, flight, result);
    }
    assert!(session.bearer(START).is_some());
}

#[test]
fn an_apis_nonce_stays_with_that_api() {
    let mut session = signed_in("AT");
    let token = session.bearer(START).unwrap().clone();
    let nonce = |session: &mut Session, url: &str| {
        let proof = session.prove(START, &token, "GET", url).unwrap().unwrap();
        read(proof.bytes()).1["nonce"].as_str().map(str::to_string)
    };
    session.note_nonce(API, "api-1");
    session.note_nonce("https://evil.example/", "evil");
    for wrong in ["", "two words", "line\nbreak", "\"", &"x".repeat(2000)] {
        session.note_nonce(API, wrong);
    }
    assert_eq!(nonce(&mut session, "https://api.example/other").as_deref(), Some("api-1"));

    let challenge =
        [r#"DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof""#];
    let generation = token.generation();
    assert_eq!(session.refused(START, generation, 401, &challenge, b""), Refusal::Retry);
    assert!(session.bearer(START).is_some(), "the token is as good as before");
    let challenge = [r#"DPoP error="invalid_token""#];
    assert_eq!(session.refused(START, generation, 401, &challenge, b""), Refusal::Retry);
    assert!(session.bearer(START).is_none());
}

#[test]
fn a_token_stays_bound_in_a_store() {
    let session = signed_in("AT");
    let text = session.snapshot().to_text();
    let restore = |settings: &Value| {
        let connection = Connection::from_json(&settings.to_string()).unwrap();
        Session::restore(connection, START, &[6; 16], Snapshot::from_text(text.expose()).unwrap())
    };
    assert!(restore(&settings()).bearer(START).unwrap().is_bound());
    // With another key, or without one, it is worth nothing.
    let mut other = settings();
    other["dpop_key"]["jwk"]["x"] = json!("AAAA");
    assert!(restore(&other).bearer(START).is_none());
    other.as_object_mut().unwrap().remove("dpop_key");
    assert!(restore(&other).bearer(START).is_none());
}

#[test]
fn a_bearer_token_needs_no_proof_and_an_unasked_bound_one_is_not_used() {
    let mut session = open(&settings());
    let flight = lead(&mut session);
    sign(&mut session, flight);
    drop(headers(&mut session, flight));
    let body = json!({ "access_token": "AT", "token_type": "Bearer", "expires_in": 60 });
    session.done(START, flight, answer(200, None, &body));
    let token = session.bearer(START).unwrap().clone();
    assert_eq!(token.header_value().expose(), "Bearer AT");
    assert!(session.prove(START, &token, "GET", API).unwrap().is_none());

    let mut settings = settings();
    settings.as_object_mut().unwrap().remove("dpop_key");
    let mut session = open(&settings);
    let flight = lead(&mut session);
    assert!(!headers(&mut session, flight).contains_key("dpop"));
    session.done(START, flight, answer(200, None, &bound("AT")));
    assert!(session.bearer(START).is_none());
}

#[test]
fn only_the_public_half_of_a_fitting_key() {
    let wrong = |change: &dyn Fn(&mut Value)| {
        let mut settings = settings();
        change(&mut settings["dpop_key"]);
        Connection::from_json(&settings.to_string()).unwrap_err().code()
    };
    let changes: [&dyn Fn(&mut Value); 6] = [
        &|key| key["jwk"]["d"] = json!("private"),
        &|key| key["algorithm"] = json!("RS256"),
        &|key| key["jwk"]["crv"] = json!("P-384"),
        &|key| key["jwk"]["kty"] = json!("oct"),
        &|key| key["jwk"] = json!("key"),
        &|key| drop(key.as_object_mut().unwrap().remove("jwk")),
    ];
    for change in changes {
        assert_eq!(wrong(change), ErrorCode::InvalidSetting);
    }
}

#[test]
fn a_key_is_made_of_its_public_half() {
    let key = || SigningKey::new(SecretSource::Function("key".into()), SignatureAlgorithm::Es256);
    let made = DpopKey::new(key(), &jwk().to_string()).unwrap();
    let connection = Connection::from_json(&settings().to_string()).unwrap();
    assert_eq!(connection.dpop_key(), Some(&made));
    for wrong in ["", "{}", r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, r#"{"kty":"EC","d":"private"}"#] {
        let error = DpopKey::new(key(), wrong).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidSetting);
        assert!(error.detail().unwrap().starts_with("dpop_key: ") && !error.to_string().contains("private"));
    }
}
