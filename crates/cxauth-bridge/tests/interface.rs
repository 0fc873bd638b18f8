//! The interface as every other language sees it: a flight from end to end, what fails and how, and that nothing prints a
//! secret.

#![allow(clippy::unwrap_used, missing_docs)]

use cxauth_bridge::{
    AcquiredKind, AuthError, Connection, FailureKind, Refusal, SecretSourceKind, Session, SessionEventKind,
    SessionState, Step, StepKind, error_codes, open_connection, open_session, parse_challenges,
    restore_session, snapshot_generation,
};
use std::{fmt::Debug, fs, path::Path};

const NOW: f64 = 1_700_000_000_000.0;
const CONNECTION: &str = r#"{ "platform": "generic", "token_endpoint": "https://as.example/token", "client_id": "id",
    "client_secret": { "file": "/run/secrets/client" }, "api_base": "https://api.example/v1/", "grant": "password",
    "username": "user", "password": "canary-password" }"#;
const ANSWER: &str =
    r#"{ "access_token": "canary-access", "refresh_token": "canary-refresh", "expires_in": 3600 }"#;

#[test]
fn a_flight_with_a_store_from_end_to_end() {
    let session = open_session(&connection(), NOW, vec![7; 16], true);
    let acquired = session.acquire(NOW);
    assert_eq!((acquired.kind(), acquired.flight()), (AcquiredKind::Lead, 1));
    assert_eq!(acquired.deadline_ms(), Some(NOW + 60_000.0));
    let follower = session.acquire(NOW);
    assert_eq!((follower.kind(), follower.flight(), follower.has_token()), (AcquiredKind::Follow, 1, false));
    assert_eq!(code(follower.token()), "absent");

    assert_eq!(step(&session, StepKind::Lock).secret_name(), None);
    session.done(NOW, 1);
    step(&session, StepKind::Load);
    session.done_loaded(NOW, 1, None).unwrap();
    let read = step(&session, StepKind::ReadSecret);
    assert_eq!(read.secret_name().as_deref(), Some("client_secret"));
    assert_eq!(read.secret_source_kind(), SecretSourceKind::File);
    assert_eq!(read.secret_source_values(), ["/run/secrets/client"]);
    session.done_secret(NOW, 1, "canary-secret".to_owned());
    let send = step(&session, StepKind::Send);
    let request = send.request().unwrap();
    assert_eq!((request.method(), request.url()), ("POST".to_owned(), "https://as.example/token".to_owned()));
    assert_eq!(request.header_names().len(), request.header_values().len());
    assert!(String::from_utf8(request.body()).unwrap().contains("client_secret=canary-secret"));
    answer(&session, 1, 200, ANSWER);
    let save = step(&session, StepKind::Save);
    let snapshot = save.snapshot().unwrap();
    assert_eq!(session.acquire(NOW).kind(), AcquiredKind::Follow, "nobody uses it before it is durable");
    session.done(NOW, 1);
    step(&session, StepKind::Unlock);
    session.done(NOW, 1);
    let done = step(&session, StepKind::Done);
    assert!(!done.has_error());
    assert_eq!(code(done.error()), "absent");

    let ready = session.bearer(NOW);
    assert_eq!(ready.kind(), AcquiredKind::Ready);
    let token = ready.token().unwrap();
    assert_eq!(
        (token.header_name(), token.header_value()),
        ("authorization".into(), "Bearer canary-access".into())
    );
    assert_eq!((token.value(), token.generation()), ("canary-access".into(), 1.0));
    assert_eq!(token.expires_at_ms(), Some(NOW + 3_600_000.0));
    assert_eq!(session.poll_event().kind(), SessionEventKind::Renewed);
    assert_eq!(session.poll_event().kind(), SessionEventKind::Nothing);

    assert_eq!(snapshot_generation(snapshot.clone()), Ok(1.0));
    let restored = restore_session(&connection(), NOW, vec![8; 16], true, snapshot.clone()).unwrap();
    assert_eq!(restored.acquire(NOW).token().unwrap().value(), "canary-access");
    assert_eq!(session.adopt(NOW, snapshot), Ok(false));

    assert_eq!(session.refused(NOW, 1.0, 401, vec![], vec![]), Refusal::Retry);
    assert_eq!(session.refused(NOW, 1.0, 404, vec![], vec![]), Refusal::Leave);
    assert!(session.next_wakeup_ms().is_some_and(|at| at <= NOW));
    assert_eq!(session.wake(NOW).kind(), AcquiredKind::Lead);
    session.abandon(NOW, 2);
    assert_eq!(session.state(NOW), SessionState::Empty);
    session.sign_out(NOW);
    assert_eq!(session.usable(NOW).kind(), AcquiredKind::Nothing);
    assert_eq!(session.bearer(NOW).kind(), AcquiredKind::Nothing);
}

#[test]
fn what_fails_says_why() {
    let error = open_connection(r#"{ "platform": "generic", "colour": "red" }"#.to_owned()).map(|_| ());
    let Err(AuthError::Failed { code: failed, action, explanation, .. }) = error else { panic!("no error") };
    assert_eq!((failed.as_str(), action.as_str()), ("unknown_setting", "fix_configuration"));
    assert!(explanation.contains("colour"));

    let session = open_session(&without_store(), NOW, vec![7; 16], false);
    assert_eq!(session.look(NOW).kind(), AcquiredKind::Nothing);
    let flight = session.acquire(NOW).flight();
    answer(&session, flight, 503, "");
    let done = session.next(NOW, flight);
    assert_eq!(done.error().unwrap().code(), "server_unavailable");
    let waiting = session.acquire(NOW);
    assert_eq!(
        (waiting.kind(), code(waiting.token())),
        (AcquiredKind::Wait, "server_unavailable".to_owned())
    );
    let why = waiting.error().unwrap();
    assert_eq!((why.action().as_str(), why.status()), ("retry", Some(503)));
    assert!(
        waiting.until_ms().is_some_and(|until| until >= NOW + 1000.0)
            && why.retry_at_ms() == waiting.until_ms()
    );
    let event = session.poll_event();
    assert_eq!(
        (event.kind(), event.error().unwrap().code().as_str()),
        (SessionEventKind::Waiting, "server_unavailable")
    );

    let later = waiting.until_ms().unwrap();
    let flight = session.acquire(later).flight();
    let _ = session.next(later, flight);
    session.done_answer(later, flight, 401, vec![], vec![], br#"{ "error": "invalid_client" }"#.to_vec());
    assert_eq!(session.acquire(later).kind(), AcquiredKind::Denied);
    session.change(later, r#"{ "client_secret": "canary-other" }"#.to_owned()).unwrap();
    let flight = session.acquire(later).flight();
    let _ = session.next(later, flight);
    session.done_failed(later, flight, FailureKind::Connect);
    assert_eq!(session.acquire(later).error().unwrap().code(), "server_unreachable");

    for text in ["", "{}", "no json"] {
        assert_eq!(code(session.adopt(NOW, text.to_owned())), "snapshot_damaged");
    }
    let codes = error_codes();
    assert!(
        ["absent", "invalid_client", "snapshot_damaged"]
            .iter()
            .all(|name| codes.iter().any(|code| code == name))
    );
}

#[test]
fn a_drivers_reason_stands_in_the_error_that_comes_of_it() {
    let function = CONNECTION.replace(r#"{ "file": "/run/secrets/client" }"#, r#"{ "function": "vault" }"#);
    let session = open_session(&open_connection(function).unwrap(), NOW, vec![7; 16], false);
    let flight = session.acquire(NOW).flight();
    let read = session.next(NOW, flight);
    assert_eq!(
        (read.secret_source_kind(), read.secret_source_values()),
        (SecretSourceKind::Function, vec!["vault".to_owned()])
    );
    session.done_failed_because(NOW, flight, FailureKind::Connect, "the vault is sealed".to_owned());
    let said = session.next(NOW, flight).error().unwrap();
    assert_eq!(said.code(), "secret_unreadable");
    assert!(said.explanation().contains("the vault is sealed"));
    let waiting = session.acquire(NOW);
    assert!(waiting.error().unwrap().explanation().contains("the vault is sealed"));

    let flight = session.acquire(waiting.until_ms().unwrap()).flight();
    assert_ne!(flight, 0);
    session.abandon(NOW, flight);
    let without_reason = session.acquire(NOW).error();
    assert!(without_reason.is_err() || !without_reason.unwrap().explanation().contains("sealed"));
}

#[test]
fn a_damaged_store_leaves_the_step_to_be_done() {
    let session = open_session(&connection(), NOW, vec![7; 16], true);
    let flight = session.acquire(NOW).flight();
    step(&session, StepKind::Lock);
    session.done(NOW, flight);
    step(&session, StepKind::Load);
    assert_eq!(code(session.done_loaded(NOW, flight, Some("torn".to_owned()))), "snapshot_damaged");
    step(&session, StepKind::Load);
    session.done_failed(NOW, flight, FailureKind::Connect);
    step(&session, StepKind::Unlock);
}

#[test]
fn destinations_and_challenges() {
    let connection = connection();
    assert!(connection.allows("https://api.example/v1/x".to_owned()));
    assert!(!connection.allows("https://api.example.evil/".to_owned()));
    assert_eq!(connection.api_url("/x".to_owned()), Ok("https://api.example/v1/x".to_owned()));
    let challenges = parse_challenges(r#"Basic realm="a", Bearer error="invalid_token""#.to_owned());
    assert_eq!(challenges.count(), 2);
    let bearer = challenges.at(1).unwrap();
    assert_eq!(
        (bearer.scheme(), bearer.parameter_names(), bearer.parameter_values()),
        ("bearer".to_owned(), vec!["error".to_owned()], vec!["invalid_token".to_owned()])
    );
    assert_eq!(code(challenges.at(2)), "absent");
    assert_eq!(parse_challenges("Bearer error=\"".to_owned()).count(), 0);
}

/// Every object, each in a state in which it holds a secret.
#[test]
fn nothing_prints_a_secret() {
    let connection = connection();
    let session = open_session(&connection, NOW, vec![7; 16], true);
    let mut printed = String::new();
    let mut print = |object: &dyn Debug| printed += &format!("{object:?} {object:#?}\n");
    print(&session.acquire(NOW));
    let _ = session.next(NOW, 1);
    session.done(NOW, 1);
    let _ = session.next(NOW, 1);
    session.done_loaded(NOW, 1, None).unwrap();
    print(&session.next(NOW, 1));
    session.done_secret(NOW, 1, "canary-secret".to_owned());
    let send = session.next(NOW, 1);
    print(&send);
    print(&send.request().unwrap());
    answer(&session, 1, 200, ANSWER);
    print(&session.next(NOW, 1));
    session.done(NOW, 1);
    let ready = session.acquire(NOW);
    print(&ready);
    print(&ready.token().unwrap());
    print(&session);
    print(&session.poll_event());
    print(&session.connection());
    print(&connection);
    print(&open_connection(CONNECTION.replace("password\"", "pass\"")).map(|_| ()));
    print(&session.adopt(NOW, ANSWER.to_owned()));
    print(&session.change(NOW, r#"{ "password": ["canary-password"] }"#.to_owned()));
    assert!(!printed.contains("canary"), "{printed}");
    assert!(printed.contains("Session"));
}

/// The crate allows unsafe code for what the generators' macros expand to.
#[test]
fn nothing_written_here_is_unsafe() {
    let mut read = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut words = source.split(|character: char| !character.is_alphanumeric() && character != '_');
        assert!(words.all(|word| word != "unsafe"));
        read += 1;
    }
    assert!(read > 5);
}

fn connection() -> Connection {
    open_connection(CONNECTION.to_owned()).unwrap()
}

fn without_store() -> Connection {
    let json = CONNECTION.replace(r#"{ "file": "/run/secrets/client" }"#, "\"canary-secret\"");
    open_connection(json.replace("\"password\", ", "\"client_credentials\", ")).unwrap()
}

fn step(session: &Session, kind: StepKind) -> Step {
    let step = session.next(NOW, 1);
    assert_eq!(step.kind(), kind);
    step
}

fn answer(session: &Session, flight: u32, status: u32, body: &str) {
    let _ = session.next(NOW, flight);
    let (names, values) = (vec!["content-type".to_owned()], vec!["application/json".to_owned()]);
    session.done_answer(NOW, flight, status, names, values, body.as_bytes().to_vec());
}

fn code<T: Debug>(result: Result<T, AuthError>) -> String {
    let AuthError::Failed { code, .. } = result.unwrap_err();
    code
}
