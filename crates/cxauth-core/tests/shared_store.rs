//! Sessions of several processes on one store: what one learns of the server and of the refresh token, the others learn.
#![allow(clippy::unwrap_used, missing_docs)]

use cxauth_core::{
    Acquire, Answer, Connection, ErrorCode, EventKind, Failure, FlightId, Grant, Session, Settings, Snapshot,
    Step, StepResult, Timestamp,
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
    assert_eq!(steps, ["Lock", "Load", "Save", "Send", "Save", "Unlock"]);
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

/// The store knows that the refresh token is on its way before it is: who died with the answer leaves that behind.
#[test]
fn i05_the_heir_of_a_dead_process_does_not_send_its_refresh_token_blindly() {
    let mut store = None;
    renew(&mut open(settings(), b"one"), at(0), &mut store, Ok(SET));
    die_in_send(&mut open(settings(), b"two"), at(3600), &mut store);
    let mut heir = open(settings(), b"three");
    assert!(renew(&mut heir, at(3601), &mut store, Ok(OTHER)).0.contains("client_credentials"));

    let lone = || settings().grant(Grant::RefreshToken).refresh_token("R0");
    for first in ["a configured one", "one of a set"] {
        let mut store = None;
        if first == "one of a set" {
            renew(&mut open(lone(), b"one"), at(0), &mut store, Ok(SET));
        }
        die_in_send(&mut open(lone(), b"two"), at(3600), &mut store);
        let mut heir = open(lone(), b"three");
        assert_eq!(renew(&mut heir, at(3601), &mut store, Ok(OTHER)).0, "", "{first}");
        let kinds: Vec<_> = core::iter::from_fn(|| heir.poll_event()).map(|event| event.kind).collect();
        assert!(kinds.contains(&EventKind::Waiting), "nobody is left guessing: {kinds:?}");
        let Acquire::Wait { until, .. } = heir.acquire(at(3601)) else { panic!("it waits") };
        assert_eq!(until, at(3660), "{first}: the dead flight's deadline");
        assert!(renew(&mut heir, until, &mut store, Ok(OTHER)).0.contains("refresh_token=R"), "{first}");
        assert!(heir.usable(until).is_some());
    }
}

#[test]
fn what_was_not_sent_or_not_processed_is_not_spent() {
    type Fails = fn(&mut Session, FlightId, &mut Option<Snapshot>);
    let fails: [Fails; 3] = [
        |session, flight, store| finish(session, at(3600), flight, store, Err(Failure::Connect)),
        |session, flight, store| {
            // Signed out by nobody, but the time to send is over before the request is built.
            while let Some((name, result)) =
                perform(session, at(3600), flight, store, Ok(SET), &mut String::new())
            {
                let later = if name == "Save" { at(4200) } else { at(3600) };
                session.done(
                    later,
                    flight,
                    if name == "Send" { StepResult::Failed(Failure::Connect) } else { result },
                );
            }
        },
        |session, flight, store| {
            while let Some((name, result)) =
                perform(session, at(3600), flight, store, Ok(SET), &mut String::new())
            {
                let denied = || Answer::new(401, [("a", "b")], &br#"{"error":"invalid_client"}"#[..]);
                session.done(
                    at(3600),
                    flight,
                    if name == "Send" { StepResult::Answer(denied()) } else { result },
                );
            }
        },
    ];
    for fail in fails {
        let mut store = None;
        let mut first = open(settings(), b"one");
        renew(&mut first, at(0), &mut store, Ok(SET));
        let Acquire::Lead { flight, .. } = first.acquire(at(3600)) else { panic!("it leads") };
        fail(&mut first, flight, &mut store);
        let mut other = open(settings(), b"two");
        assert!(renew(&mut other, at(9000), &mut store, Ok(OTHER)).0.contains("refresh_token=R"));
    }
}

/// Its successor could not be saved either, and every other process would send it again.
#[test]
fn a_refresh_token_is_not_sent_where_the_store_takes_no_mark() {
    let mut store = None;
    let mut session = open(settings(), b"one");
    renew(&mut session, at(0), &mut store, Ok(SET));
    let sent = renew_on_a_full_disk(&mut session, at(3600), &store);
    assert!(sent.contains("client_credentials"), "{sent}");

    let lone = || settings().grant(Grant::RefreshToken).refresh_token("R0");
    let mut store = None;
    let mut session = open(lone(), b"one");
    renew(&mut session, at(0), &mut store, Ok(SET));
    assert_eq!(renew_on_a_full_disk(&mut session, at(3000), &store), "");
    assert!(matches!(session.acquire(at(3000)), Acquire::Ready { .. }), "the token serves to its end");
    let Acquire::Ready { .. } = session.acquire(at(3000)) else { panic!("it serves") };
    assert!(renew(&mut session, at(3500), &mut store, Ok(OTHER)).0.contains("refresh_token=R"));
}

#[test]
fn i18_one_process_learns_that_the_refresh_token_is_refused_and_all_know() {
    let lone = || settings().grant(Grant::RefreshToken).refresh_token("R0");
    let mut store = None;
    let mut processes = [open(lone(), b"one"), open(lone(), b"two")];
    for process in &mut processes {
        renew(process, at(0), &mut store, Ok(SET));
    }
    let Acquire::Lead { flight, .. } = processes[0].acquire(at(3600)) else { panic!("it leads") };
    let mut steps = Vec::new();
    while let Some((name, result)) =
        perform(&mut processes[0], at(3600), flight, &mut store, Ok(SET), &mut String::new())
    {
        steps.push(name);
        let refused = Answer::new(400, [("a", "b")], &br#"{"error":"invalid_grant"}"#[..]);
        let result = if name == "Send" { StepResult::Answer(refused) } else { result };
        processes[0].done(at(3600), flight, result);
    }
    assert_eq!(
        steps,
        ["Lock", "Load", "Save", "Send", "Load", "Save", "Unlock"],
        "I18: the store is read again"
    );
    let mut third = open(lone(), b"three");
    for process in processes.iter_mut().chain([&mut third]) {
        assert_eq!(renew(process, at(3601), &mut store, Ok(OTHER)).0, "");
        let Acquire::Denied { why } = process.acquire(at(3601)) else { panic!("it is denied") };
        assert_eq!(why.action().as_str(), "sign_in");
    }
}

/// The lock was lost meanwhile, and the set that another one brought has ended as well.
#[test]
fn i18_what_is_sent_after_a_refusal_is_what_the_store_has_by_then() {
    let mut store = None;
    let [mut one, mut two] = [open(settings(), b"one"), open(settings(), b"two")];
    renew(&mut one, at(0), &mut store, Ok(SET));
    let mut later = store.clone();
    renew(&mut two, at(3600), &mut later, Ok(OTHER));

    let now = at(9000);
    let Acquire::Lead { flight, .. } = one.acquire(now) else { panic!("it leads") };
    let mut sent = Vec::new();
    while let Some((name, result)) = {
        let mut body = String::new();
        let step = perform(&mut one, now, flight, &mut store, Ok(SET), &mut body);
        sent.extend(Some(body).filter(|body| !body.is_empty()));
        step
    } {
        let refused = name == "Send" && sent.len() == 1;
        let refusal = r#"{"error":"invalid_grant"}"#;
        let json = [("content-type", "application/json")];
        let result = if refused { StepResult::Answer(Answer::new(400, json, refusal)) } else { result };
        if refused {
            store = later.clone();
        }
        one.done(now, flight, result);
    }
    let [first, second] = sent.as_slice() else { panic!("two requests: {sent:?}") };
    assert!(first.contains("refresh_token=R") && second.contains("refresh_token=S"), "{sent:?}");
    assert_eq!(one.usable(now).map(|token| token.generation()), Some(3));
}

#[test]
fn who_signs_out_signs_every_process_out() {
    let lone = || settings().grant(Grant::RefreshToken).refresh_token("R0");
    let mut store = None;
    let mut processes = [open(lone(), b"one"), open(lone(), b"two")];
    for process in &mut processes {
        renew(process, at(0), &mut store, Ok(SET));
    }
    let flight = processes[0].lead_sign_out(at(10));
    assert!(processes[0].usable(at(10)).is_none());
    let mut steps = Vec::new();
    while let Some((name, result)) =
        perform(&mut processes[0], at(10), flight, &mut store, Ok(SET), &mut String::new())
    {
        steps.push(name);
        processes[0].done(at(10), flight, result);
    }
    assert_eq!(steps, ["Lock", "Load", "Save", "Unlock"]);
    let text = store.as_ref().unwrap().to_text();
    assert!(!text.expose().contains("access\":{"), "{}", text.expose());
    assert_eq!(renew(&mut processes[1], at(3600), &mut store, Ok(OTHER)).0, "", "not even with its own copy");
    assert!(matches!(processes[1].acquire(at(3600)), Acquire::Denied { .. }));
}

/// R87.
#[test]
fn signing_out_ends_the_tokens_at_the_server() {
    let settings = settings().revocation_endpoint("https://as.example/revoke");
    let mut store = None;
    let mut session = open(settings.clone(), b"one");
    renew(&mut session, at(0), &mut store, Ok(SET));
    // Another process has renewed since: its set is the one that counts.
    renew(&mut open(settings, b"two"), at(3600), &mut store, Ok(OTHER));
    let flight = session.lead_sign_out(at(3601));
    let mut sent = Vec::new();
    loop {
        let result = match session.next(at(3601), flight) {
            Step::Load => StepResult::Loaded(store.clone()),
            Step::Send { request } => {
                assert_eq!(request.url(), "https://as.example/revoke");
                let form = String::from_utf8(request.body().to_vec()).unwrap();
                sent.push(form.replace("&client_id=id&client_secret=secret", ""));
                StepResult::Answer(Answer::new(200, [("a", "b")], ""))
            }
            Step::Save { snapshot } => {
                assert_eq!((sent.len(), snapshot.generation()), (4, 2));
                StepResult::Done
            }
            Step::Lock | Step::Unlock => StepResult::Done,
            Step::Done { why } => break assert!(why.is_none()),
            other => panic!("{other:?}"),
        };
        session.done(at(3601), flight, result);
    }
    assert_eq!(
        sent,
        [
            "token=S&token_type_hint=refresh_token",
            "token=B&token_type_hint=access_token",
            "token=R&token_type_hint=refresh_token",
            "token=A&token_type_hint=access_token"
        ]
    );
}

#[test]
fn a_server_that_revokes_nothing_keeps_nobody_signed_in() {
    let mut store = None;
    let mut session = open(settings().revocation_endpoint("https://as.example/revoke"), b"one");
    renew(&mut session, at(0), &mut store, Ok(SET));
    let flight = session.lead_sign_out(at(1));
    let why = loop {
        let result = match session.next(at(1), flight) {
            Step::Load => StepResult::Loaded(store.clone()),
            Step::Send { .. } => StepResult::Failed(Failure::Connect),
            Step::Save { snapshot } => {
                store = Some(snapshot);
                StepResult::Done
            }
            Step::Done { why } => break why.unwrap(),
            _ => StepResult::Done,
        };
        session.done(at(1), flight, result);
    };
    assert_eq!(why.code(), ErrorCode::ServerUnreachable);
    assert!(!store.unwrap().to_text().expose().contains("\"R\""));
}

#[test]
fn another_clients_set_in_the_store_takes_nobodys_tokens() {
    let mut store = None;
    let mut mine = open(settings(), b"one");
    renew(&mut mine, at(0), &mut store, Ok(SET));
    let mut theirs = open(settings().client_id("other"), b"two");
    assert!(renew(&mut theirs, at(1), &mut store, Ok(OTHER)).0.contains("client_id=other"));

    while mine.poll_event().is_some() {}
    let (sent, _) = renew(&mut mine, at(3000), &mut store, Err(Failure::Timeout));
    assert!(sent.contains("refresh_token=R"), "{sent}");
    assert_eq!(mine.usable(at(3000)).unwrap().secret().expose(), "A");
    let kinds: Vec<_> = core::iter::from_fn(|| mine.poll_event()).map(|event| event.kind).collect();
    assert!(!kinds.contains(&EventKind::Renewed), "nothing was renewed here: {kinds:?}");
    assert!(renew(&mut mine, at(3003), &mut store, Ok(SET)).0.contains("client_credentials"));
    assert_eq!(store.unwrap().generation(), 3, "it is later than theirs");
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

fn finish(
    session: &mut Session,
    now: Timestamp,
    flight: FlightId,
    store: &mut Option<Snapshot>,
    answer: Result<&str, Failure>,
) {
    while let Some((_, result)) = perform(session, now, flight, store, answer, &mut String::new()) {
        session.done(now, flight, result);
    }
}

/// Up to the moment when the request is on its way.
fn die_in_send(session: &mut Session, now: Timestamp, store: &mut Option<Snapshot>) {
    let Acquire::Lead { flight, .. } = session.acquire(now) else { panic!("it leads") };
    while let Some((name, result)) = perform(session, now, flight, store, Ok(OTHER), &mut String::new()) {
        if name == "Send" {
            return;
        }
        session.done(now, flight, result);
    }
    panic!("nothing is sent");
}

/// The store can be read and not written. Returns what was sent.
fn renew_on_a_full_disk(session: &mut Session, now: Timestamp, store: &Option<Snapshot>) -> String {
    let mut sent = String::new();
    let Acquire::Lead { flight, .. } = session.acquire(now) else { return sent };
    while let Some((name, result)) = perform(session, now, flight, &mut store.clone(), Ok(OTHER), &mut sent) {
        let result = if name == "Save" { StepResult::Failed(Failure::Interrupted) } else { result };
        session.done(now, flight, result);
    }
    sent
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
        _ => return None,
    })
}
