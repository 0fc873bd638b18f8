//! A process that goes on beside another one with a copy of what it had.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use cxauth_core::{Acquire, Answer, Connection, Grant, Session, Settings, Step, StepResult, Timestamp};

const SET: &str = r#"{"access_token":"A","token_type":"Bearer","expires_in":3600,"refresh_token":"R1"}"#;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_millis(1_700_000_000_000).plus_seconds(seconds)
}

fn client() -> Settings {
    Settings::new("generic")
        .token_endpoint("https://as.example/token")
        .client_id("id")
        .client_secret("secret")
}

fn open(settings: &Settings) -> Session {
    Session::open(Connection::new(settings.clone()).unwrap(), at(0), b"parent")
}

fn fork(session: &Session, settings: &Settings, now: Timestamp) -> Session {
    session.fork(Connection::new(settings.clone()).unwrap(), now, b"child")
}

/// Acquires and answers with a set; returns the request's body.
fn renew(session: &mut Session, now: Timestamp) -> String {
    let Acquire::Lead { flight, .. } = session.acquire(now) else { panic!("nobody leads") };
    let Step::Send { request } = session.next(now, flight) else { panic!("nothing is sent") };
    let answer = Answer::new(200, [("content-type", "application/json")], SET.as_bytes());
    session.done(now, flight, StepResult::Answer(answer));
    String::from_utf8(request.body().to_vec()).unwrap()
}

fn token(session: &mut Session, now: Timestamp) -> String {
    match session.acquire(now) {
        Acquire::Ready { token } => token.secret().expose().to_owned(),
        other => panic!("no token: {other:?}"),
    }
}

#[test]
fn the_access_token_serves_both_and_a_rotating_refresh_token_only_the_first() {
    let settings = client();
    let mut parent = open(&settings);
    renew(&mut parent, at(0));
    let mut child = fork(&parent, &settings, at(10));
    assert_eq!(token(&mut child, at(10)), "A");
    assert!(renew(&mut child, at(3600)).contains("grant_type=client_credentials"));
    assert!(renew(&mut parent, at(3600)).contains("refresh_token=R1"));
}

#[test]
fn the_password_that_the_first_one_dropped_signs_the_second_one_in() {
    let settings = client().grant(Grant::Password).username("user").password("hunter2");
    let mut parent = open(&settings);
    renew(&mut parent, at(0));
    let mut child = fork(&parent, &settings, at(10));
    assert_eq!(token(&mut child, at(10)), "A");
    assert!(renew(&mut child, at(3600)).contains("password=hunter2"));
}

#[test]
fn a_configured_refresh_token_is_used_once() {
    let settings = client().grant(Grant::ClientCredentials).refresh_token("R0");
    let mut parent = open(&settings);
    let mut early = fork(&parent, &settings, at(0));
    assert!(renew(&mut early, at(0)).contains("grant_type=client_credentials"));
    assert!(renew(&mut parent, at(0)).contains("refresh_token=R0"));
    let mut late = fork(&parent, &settings, at(3600));
    assert!(renew(&mut late, at(3600)).contains("grant_type=client_credentials"));
}

#[test]
fn without_another_way_without_rotation_or_with_a_store_the_refresh_token_goes_along() {
    let lone = client().grant(Grant::RefreshToken).refresh_token("R0");
    let mut parent = open(&lone);
    renew(&mut parent, at(0));
    assert!(renew(&mut fork(&parent, &lone, at(10)), at(3600)).contains("refresh_token=R1"));

    let steady = client().rotates(false);
    let mut parent = open(&steady);
    renew(&mut parent, at(0));
    assert!(renew(&mut fork(&parent, &steady, at(10)), at(3600)).contains("refresh_token=R1"));

    let stored = client();
    let mut parent = open(&stored);
    renew(&mut parent, at(0));
    let mut child = fork(&parent.with_store(), &stored, at(10));
    let Acquire::Lead { flight, .. } = child.acquire(at(3600)) else { panic!("nobody leads") };
    for result in [StepResult::Done, StepResult::Loaded(None), StepResult::Done] {
        assert!(!matches!(child.next(at(3600), flight), Step::Send { .. }));
        child.done(at(3600), flight, result);
    }
    let Step::Send { request } = child.next(at(3600), flight) else { panic!("nothing is sent") };
    assert!(String::from_utf8_lossy(request.body()).contains("refresh_token=R1"));
}

#[test]
fn who_signed_out_is_signed_out_in_both() {
    let settings = client().grant(Grant::RefreshToken).refresh_token("R0");
    let mut parent = open(&settings);
    renew(&mut parent, at(0));
    parent.sign_out(at(5));
    let mut child = fork(&parent, &settings, at(10));
    assert!(matches!(child.acquire(at(10)), Acquire::Denied { .. }));
}
