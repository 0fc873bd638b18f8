//! Asking the server what a token is worth (RFC 7662).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use cxauth_core::{
    Answer, Connection, ErrorCode, Failure, Introspection, Session, Step, StepResult, Timestamp,
};
use serde_json::{Value, json};

const START: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);

fn open(more: Value) -> Session {
    let mut settings = json!({ "platform": "generic", "token_endpoint": "https://as.example/token",
        "introspection_endpoint": "https://as.example/introspect", "client_id": "api", "client_secret": "s3cret",
        "client_authentication": "client_secret_basic" });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Session::open(Connection::from_json(&settings.to_string()).unwrap(), START, &[1; 16])
}

fn ask(session: &mut Session, result: StepResult) -> Result<Introspection, ErrorCode> {
    let flight = session.lead_introspection(START, "T0KEN".into()).unwrap();
    let Step::Send { request } = session.next(START, flight) else { panic!("nothing to send") };
    assert_eq!((request.method(), request.url()), ("POST", "https://as.example/introspect"));
    assert_eq!(request.body(), b"token=T0KEN");
    assert!(request.headers().any(|(name, value)| name == "authorization" && value.starts_with("Basic ")));
    session.done(START, flight, result);
    let Step::Done { why } = session.next(START, flight) else { panic!("it goes on") };
    let told = session.take_introspection(flight);
    assert!(session.take_introspection(flight).is_none(), "it is taken once");
    match (why, told) {
        (None, Some(told)) => Ok(told),
        (Some(why), None) => Err(why.code()),
        other => panic!("{other:?}"),
    }
}

fn answer(status: u16, body: &Value) -> StepResult {
    StepResult::Answer(Answer::new(status, [("content-type", "application/json")], body.to_string()))
}

/// The example of RFC 7662 §2.2.
#[test]
fn a_good_token_is_described() {
    let body = json!({ "active": true, "client_id": "l238j323ds-23ij4", "username": "jdoe",
        "scope": "read write dolphin", "sub": "Z5O3upPC88QrAjx00dis", "aud": "https://protected.example.net/resource",
        "iss": "https://server.example.com/", "exp": 1_419_356_238, "iat": 1_419_350_238, "extension_field": "twenty-seven" });
    let told = ask(&mut open(json!({})), answer(200, &body)).unwrap();
    assert!(told.is_active());
    assert_eq!(told.scopes().unwrap(), ["read", "write", "dolphin"]);
    assert_eq!((told.client_id(), told.username()), (Some("l238j323ds-23ij4"), Some("jdoe")));
    assert_eq!((told.subject(), told.asked_at()), (Some("Z5O3upPC88QrAjx00dis"), START));
    assert_eq!(told.expires_at(), Some(Timestamp::from_unix_millis(1_419_356_238_000)));
    assert!(told.as_json().contains("twenty-seven"));
    assert!(!format!("{told:?}").contains("jdoe"));
}

#[test]
fn of_a_token_that_is_not_good_nothing_is_believed() {
    let body = json!({ "active": false, "scope": "admin", "exp": 9_999_999_999_u64, "sub": "root" });
    let told = ask(&mut open(json!({})), answer(200, &body)).unwrap();
    assert!(!told.is_active());
    assert_eq!((told.scopes(), told.subject(), told.expires_at()), (None, None, None));
}

#[test]
fn what_is_no_description_is_an_error() {
    for (status, body, code) in [
        (200, json!({}), ErrorCode::AnswerMalformed),
        (200, json!({ "active": "true" }), ErrorCode::AnswerMalformed),
        (200, json!({ "active": true, "scope": 7 }), ErrorCode::AnswerMalformed),
        (401, json!({ "error": "invalid_client" }), ErrorCode::InvalidClient),
        (302, json!({ "active": true }), ErrorCode::Redirected),
        (503, json!({}), ErrorCode::ServerUnavailable),
    ] {
        assert_eq!(ask(&mut open(json!({})), answer(status, &body)).unwrap_err(), code, "{status} {body}");
    }
    let unreachable = ask(&mut open(json!({})), StepResult::Failed(Failure::Connect));
    assert_eq!(unreachable.unwrap_err(), ErrorCode::ServerUnreachable);
}

#[test]
fn a_secret_that_the_server_repeats_is_left_out() {
    for repeated in ["T0KEN", "s3cret"] {
        let body = json!({ "active": true, "jti": format!("x{repeated}x") });
        let told = ask(&mut open(json!({})), answer(200, &body)).unwrap();
        assert_eq!(told.as_json(), r#"{"active":true}"#);
    }
}

#[test]
fn it_needs_an_endpoint_and_a_token_and_leaves_the_renewal_alone() {
    let connection = Connection::from_json(
        r#"{ "platform": "generic", "token_endpoint": "https://as.example/token", "client_id": "api", "client_secret": "s" }"#,
    );
    let mut session = Session::open(connection.unwrap(), START, &[1; 16]);
    let error = session.lead_introspection(START, "T".into()).unwrap_err();
    assert_eq!(error.detail(), Some("introspection_endpoint"));
    let mut session = open(json!({}));
    assert!(session.lead_introspection(START, "two words".into()).is_err());
    let asking = session.lead_introspection(START, "T".into()).unwrap();
    assert!(matches!(session.acquire(START), cxauth_core::Acquire::Lead { .. }), "nobody follows it");
    let mut key = open(json!({ "client_secret": { "env": "SECRET" } }));
    let flight = key.lead_introspection(START, "T".into()).unwrap();
    assert!(matches!(key.next(START, flight), Step::ReadSecret { .. }));
    session.abandon(START, asking);
    assert!(matches!(session.next(START, asking), Step::Done { .. }));
}

/// A renewal that is under way stays the one that others follow.
#[test]
fn a_renewal_is_not_hidden() {
    let mut session = open(json!({}));
    let cxauth_core::Acquire::Lead { flight: renewal, .. } = session.acquire(START) else {
        panic!("no flight")
    };
    drop(session.next(START, renewal));
    for _ in 0..20 {
        session.lead_introspection(START, "T".into()).unwrap();
    }
    assert!(
        matches!(session.acquire(START), cxauth_core::Acquire::Follow { flight, .. } if flight == renewal)
    );
    let body = json!({ "access_token": "AT", "expires_in": 60 });
    session.done(START, renewal, answer(200, &body));
    assert!(session.bearer(START).is_some());
}
