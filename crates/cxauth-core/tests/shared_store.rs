//! Sessions of several processes on one store: what one learns of the server and of the refresh token, the others learn.
#![allow(clippy::unwrap_used, missing_docs)]

use cxauth_core::{
    Acquire, Answer, Connection, ErrorCode, Failure, FlightId, Grant, Session, Settings, Snapshot, Step,
    StepResult, Timestamp,
};

const SET: &str = r#"{"access_token":"A","token_type":"Bearer","expires_in":3600,"refresh_token":"R"}"#;
const OTHER: &str = r#"{"access_token":"B","token_type":"Bearer","expires_in":3600,"refresh_token":"S"}"#;

#[test]
fn i05_a_refresh_token_that_one_process_may_have_spent_no_other_one_sends() {
    let mut store = None;
    let mut processes = [open(settings(), b"one"), open(settings(), b"two")];
    assert!(renew(&mut processes[0], at(0), &mut store, Ok(SET)).0.contains("client_credentials"));
    renew(&mut processes[1], at(0), &mut store, Err(Failure::Connect));

    let (sent, steps) = renew(&mut processes[0], at(3600), &mut store, Err(Failure::Timeout));
    assert!(sent.contains("refresh_token=R"));
    assert_eq!(steps, ["Lock", "Load", "Send", "Save", "Unlock"]);
    let (sent, steps) = renew(&mut processes[1], at(3600), &mut store, Ok(OTHER));
    assert_eq!(
        (sent.as_str(), steps.as_slice()),
        ("", ["Lock", "Load", "Unlock"].as_slice()),
        "I13: it waits"
    );
    let Acquire::Wait { until, why } = processes[1].acquire(at(3600)) else { panic!("it waits") };
    assert_eq!((why.code(), processes[1].next_wakeup()), (ErrorCode::TimedOut, Some(until)));

    // It had the same set before, and now it knows more of it; a third one starts with that.
    assert!(renew(&mut processes[1], until, &mut store, Ok(OTHER)).0.contains("client_credentials"));
    assert_eq!(renew(&mut processes[0], until, &mut store, Ok(SET)).0, "");
    let mut third = open(settings(), b"three");
    assert_eq!(renew(&mut third, until, &mut store, Ok(SET)).0, "");
    let Acquire::Ready { token } = third.acquire(until) else { panic!("there is a token") };
    assert_eq!((token.generation(), token.secret().expose()), (2, "B"));
}

#[test]
fn i05_a_lone_refresh_token_is_sent_once_more_by_all_processes_together() {
    let lone = || settings().grant(Grant::RefreshToken).refresh_token("R0");
    let mut store = None;
    let mut processes = [open(lone(), b"one"), open(lone(), b"two")];
    renew(&mut processes[0], at(0), &mut store, Ok(SET));
    renew(&mut processes[0], at(3600), &mut store, Err(Failure::Timeout));
    for process in &mut processes {
        assert_eq!(renew(process, at(3605), &mut store, Ok(OTHER)).0, "", "until the flight's deadline");
    }
    assert!(
        renew(&mut processes[1], at(3661), &mut store, Err(Failure::Timeout)).0.contains("refresh_token=R")
    );
    for process in &mut processes {
        assert_eq!(renew(process, at(9000), &mut store, Ok(OTHER)).0, "");
        let Acquire::Denied { why } = process.acquire(at(9000)) else { panic!("it is denied") };
        assert_eq!(why.code(), ErrorCode::RefreshTokenSpent);
    }
}

#[test]
fn i14_processes_ask_a_server_in_trouble_as_often_as_one_would() {
    let mut store = None;
    let mut processes = [open(settings(), b"one"), open(settings(), b"two"), open(settings(), b"three")];
    let mut requests = 0;
    for second in 0..300 {
        for process in &mut processes {
            let (sent, _) = renew(process, at(second), &mut store, Err(Failure::Interrupted));
            requests += usize::from(!sent.is_empty());
        }
    }
    assert!((7..=9).contains(&requests), "{requests} requests in five minutes");
}

/// Each look at the store would move the end of the wait on with the clock.
#[test]
fn i25_a_wait_from_before_the_clock_was_set_back_holds_nobody() {
    let mut store = None;
    renew(&mut open(settings(), b"one"), at(0), &mut store, Err(Failure::Timeout));
    let mut other = Session::open(Connection::new(settings()).unwrap(), at(-4000), b"two").with_store();
    assert!(renew(&mut other, at(-4000), &mut store, Ok(SET)).0.contains("client_credentials"));
}

/// A failure that no request brought says nothing about the server: the others are not held back by it.
#[test]
fn what_one_process_cannot_read_holds_nobody_else_back() {
    let file = settings().client_secret(cxauth_core::SecretSource::File("secret".into()));
    let mut store = None;
    let mut blind = open(file, b"one");
    assert_eq!(renew(&mut blind, at(0), &mut store, Ok(SET)).1, ["Lock", "Load", "ReadSecret", "Unlock"]);
    assert!(store.is_none());
}

#[test]
fn a_store_that_cannot_be_written_does_not_hold_up_the_end_of_a_flight() {
    let mut session = open(settings(), b"one");
    let Acquire::Lead { flight, .. } = session.acquire(at(0)) else { panic!("it leads") };
    for result in [StepResult::Done, StepResult::Loaded(None), StepResult::Failed(Failure::Timeout)] {
        let _ = session.next(at(0), flight);
        session.done(at(0), flight, result);
    }
    assert!(matches!(session.next(at(0), flight), Step::Save { .. }));
    assert!(matches!(session.acquire(at(0)), Acquire::Wait { .. }), "nobody waits for that");
    session.done(at(0), flight, StepResult::Failed(Failure::Interrupted));
    assert!(matches!(session.next(at(0), flight), Step::Unlock));
    session.done(at(0), flight, StepResult::Done);
    let Step::Done { why: Some(why) } = session.next(at(0), flight) else { panic!("it is over") };
    assert_eq!(why.code(), ErrorCode::TimedOut);
}

fn settings() -> Settings {
    Settings::new("generic")
        .token_endpoint("https://as.example/token")
        .client_id("id")
        .client_secret("secret")
}

fn open(settings: Settings, entropy: &[u8]) -> Session {
    Session::open(Connection::new(settings).unwrap(), at(0), entropy).with_store()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_millis(1_700_000_000_000).plus_seconds(seconds)
}

/// Acquires, and leads a flight to its end; returns the body that was sent and the steps.
fn renew(
    session: &mut Session,
    now: Timestamp,
    store: &mut Option<Snapshot>,
    answer: Result<&str, Failure>,
) -> (String, Vec<&'static str>) {
    let (mut sent, mut steps) = (String::new(), Vec::new());
    let Acquire::Lead { flight, .. } = session.acquire(now) else { return (sent, steps) };
    while let Some((name, result)) = perform(session, now, flight, store, answer, &mut sent) {
        steps.push(name);
        session.done(now, flight, result);
    }
    (sent, steps)
}

fn perform(
    session: &mut Session,
    now: Timestamp,
    flight: FlightId,
    store: &mut Option<Snapshot>,
    answer: Result<&str, Failure>,
    sent: &mut String,
) -> Option<(&'static str, StepResult)> {
    Some(match session.next(now, flight) {
        Step::Lock => ("Lock", StepResult::Done),
        Step::Load => ("Load", StepResult::Loaded(store.clone())),
        Step::ReadSecret { .. } => ("ReadSecret", StepResult::Failed(Failure::Connect)),
        Step::Send { request } => {
            *sent = String::from_utf8(request.body().to_vec()).unwrap();
            let answer = answer.map(|body| Answer::new(200, [("content-type", "application/json")], body));
            ("Send", answer.map_or_else(StepResult::Failed, StepResult::Answer))
        }
        Step::Save { snapshot } => {
            *store = Some(snapshot);
            ("Save", StepResult::Done)
        }
        Step::Unlock => ("Unlock", StepResult::Done),
        Step::Provide | Step::Done { .. } => return None,
    })
}
