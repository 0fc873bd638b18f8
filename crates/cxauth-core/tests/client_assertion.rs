//! Clients that prove who they are by a signature (RFC 7523 §2.2).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use base64ct::{Base64UrlUnpadded, Encoding as _};
use cxauth_core::{
    Acquire, Answer, Connection, ErrorCode, Failure, FlightId, Session, SignatureAlgorithm, Step, StepResult,
    Timestamp,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const START: Timestamp = Timestamp::from_unix_millis(1_700_000_000_500);

fn settings() -> Value {
    json!({ "platform": "generic", "token_endpoint": "https://as.example/token", "client_id": "app",
        "client_key": { "file": "key.pem", "algorithm": "ES256", "key_id": "k1" } })
}

fn open(settings: &Value, seed: u8) -> Session {
    Session::open(Connection::from_json(&settings.to_string()).unwrap(), START, &[seed; 16])
}

fn lead(session: &mut Session) -> FlightId {
    match session.acquire(START) {
        Acquire::Lead { flight, .. } => flight,
        other => panic!("{other:?}"),
    }
}

/// Header and claims of what is to be signed.
fn sign(session: &mut Session, flight: FlightId) -> (Value, Value) {
    let step = session.next(START, flight);
    let Step::Sign { key, bytes } = step else { panic!("nothing to sign: {step:?}") };
    assert_eq!(key.algorithm(), SignatureAlgorithm::Es256);
    let text = String::from_utf8(bytes).unwrap();
    let (header, claims) = text.split_once('.').unwrap();
    let read = |part| serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap();
    session.done(START, flight, StepResult::Signature(vec![1, 2, 3]));
    (read(header), read(claims))
}

fn sent(session: &mut Session, flight: FlightId) -> BTreeMap<String, String> {
    let Step::Send { request } = session.next(START, flight) else { panic!("nothing to send") };
    assert!(request.headers().all(|(name, _)| name != "authorization"), "R01");
    url::form_urlencoded::parse(request.body()).into_owned().collect()
}

/// R01, R08.
#[test]
fn the_client_signs_each_request() {
    let mut session = open(&settings(), 1);
    let flight = lead(&mut session);
    let (header, claims) = sign(&mut session, flight);
    assert_eq!(header, json!({ "alg": "ES256", "typ": "JWT", "kid": "k1" }));
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!("app"), &json!("app")));
    assert_eq!(claims["aud"], "https://as.example/token");
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_700_000_000), &json!(1_700_000_060)));
    let form = sent(&mut session, flight);
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert!(form["client_assertion"].ends_with(".AQID"));
    assert!(!form.contains_key("client_secret"));
    let body = json!({ "access_token": "AT", "expires_in": 3600, "refresh_token": "RT" }).to_string();
    session.done(START, flight, StepResult::Answer(Answer::new(200, [("a", "b")], body)));
    assert!(matches!(session.next(START, flight), Step::Done { why: None }));
}

/// R60: the issuer is whom it is for, where it is known.
/// R60.
#[test]
fn the_assertion_is_for_the_issuer() {
    let mut settings = settings();
    settings["issuer"] = json!("https://as.example");
    let mut session = open(&settings, 1);
    let flight = lead(&mut session);
    assert_eq!(sign(&mut session, flight).1["aud"], "https://as.example");
}

#[test]
fn no_assertion_is_made_twice() {
    let mut names = BTreeSet::new();
    for seed in 0..50 {
        let mut session = open(&settings(), seed);
        for _ in 0..4 {
            let flight = lead(&mut session);
            assert!(names.insert(sign(&mut session, flight).1["jti"].to_string()));
            drop(sent(&mut session, flight));
            session.abandon(START, flight);
        }
    }
    // A second request of one flight: the refresh token is refused, and the grant goes out.
    let mut settings = settings();
    settings["refresh_token"] = json!("RT");
    let mut session = open(&settings, 99);
    let flight = lead(&mut session);
    let first = sign(&mut session, flight).1["jti"].clone();
    assert_eq!(sent(&mut session, flight)["grant_type"], "refresh_token");
    let refused = Answer::new(400, [("a", "b")], r#"{ "error": "invalid_grant" }"#);
    session.done(START, flight, StepResult::Answer(refused));
    assert_ne!(sign(&mut session, flight).1["jti"], first);
    assert_eq!(sent(&mut session, flight)["grant_type"], "client_credentials");
}

#[test]
fn without_a_signature_nothing_is_sent() {
    for result in [StepResult::Failed(Failure::Connect), StepResult::Signature(Vec::new()), StepResult::Done]
    {
        let mut session = open(&settings(), 1);
        let flight = lead(&mut session);
        assert!(matches!(session.next(START, flight), Step::Sign { .. }));
        session.done(START, flight, result);
        let Step::Done { why: Some(why) } = session.next(START, flight) else { panic!("it goes on") };
        assert_eq!(
            (why.code(), why.detail()),
            (ErrorCode::SecretUnreadable, Some("client_key: file key.pem"))
        );
    }
}

#[test]
fn a_key_is_a_place_and_an_algorithm() {
    for wrong in [
        json!("key"),
        json!({}),
        json!({ "algorithm": "ES256" }),
        json!({ "file": "a", "env": "B" }),
        json!({ "file": "a", "algorithm": "HS256" }),
        json!({ "file": "a", "algorithm": "none" }),
        json!({ "file": "a", "kid": "k" }),
    ] {
        let mut settings = settings();
        settings["client_key"] = wrong;
        let error = Connection::from_json(&settings.to_string()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidSetting);
    }
    let missing = json!({ "platform": "generic", "token_endpoint": "https://as.example/token", "client_id": "app",
        "client_authentication": "private_key_jwt" });
    assert_eq!(Connection::from_json(&missing.to_string()).unwrap_err().detail(), Some("client_key"));
}
