//! Secrets: nothing prints them (I02), and they do not stay in memory (I33).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use cxauth_core::{
    Acquire, Answer, Connection, Failure, FlightId, PLATFORMS, Secret, SecretSource, Session, Settings,
    Snapshot, Step, StepResult, Timestamp,
};
use std::fmt::Write as _;

const NOW: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);

/// Put together at run time, so that the program's own text does not hold it; told apart by its end.
fn canary(end: &str) -> String {
    ["cxauth", "canary", end].join("-")
}

fn settings() -> Settings {
    Settings::new("cloudcx")
        .domain("cx.example")
        .client_id("id")
        .client_secret(canary("secret"))
        .username("si")
        .password(canary("password"))
        .api_base("https://cx.example/openapi/v2/")
}

fn lead(session: &mut Session) -> FlightId {
    let Acquire::Lead { flight, .. } = session.acquire(NOW) else { panic!("nothing is led") };
    flight
}

/// A server may repeat what it got: the body, a part of it, the header field.
#[test]
fn i31_what_a_server_says_is_not_shown_where_it_repeats_a_secret() {
    for (authentication, odd) in [
        ("client_secret_post", "/+%3A &=:~é\"\\"),
        ("client_secret_basic", "/+%3A &=:~é\"\\"),
        ("client_secret_basic_raw", ""),
        ("client_secret_post", ""),
    ] {
        for body in ["form", "json"] {
            let secret = |end: &str| canary(end) + odd;
            let connection = serde_json::json!({
                "token_endpoint": "https://as.example/token",
                "client_id": "id", "client_secret": secret("secret"), "grant": "password",
                "username": "si", "password": secret("password"),
                "client_authentication": authentication, "body": body,
            });
            let connection = Connection::new(Settings::from_json(&connection.to_string()).unwrap()).unwrap();
            for part in 0..3 {
                let mut session = Session::open(connection.clone(), NOW, b"seed");
                let flight = lead(&mut session);
                let Step::Send { request } = session.next(NOW, flight) else { panic!("nothing is sent") };
                let whole = String::from_utf8(request.body().to_vec()).unwrap();
                let field = request.headers().find(|(name, _)| *name == "authorization");
                let told = match (part, field) {
                    (0, _) => whole,
                    (1, Some((_, value))) => value.to_owned(),
                    _ => secret("password"),
                };
                let answer = serde_json::json!({ "error": "invalid_scope", "error_description": told });
                let answer = Answer::new(400, [("x", "y")], answer.to_string());
                session.done(NOW, flight, StepResult::Answer(answer));
                let Acquire::Denied { why } = session.acquire(NOW) else { panic!("no verdict") };
                let description = why.server_description().unwrap();
                assert_eq!(description, "(withheld, because it repeats a secret)", "{authentication} {part}");
            }
        }
    }
    let of_short = |secret: &str| {
        let connection = Connection::new(settings().client_secret(secret)).unwrap();
        let mut session = Session::open(connection, NOW, b"seed");
        let flight = lead(&mut session);
        let _ = session.next(NOW, flight);
        let answer = r#"{"error":"secret_expired","error_description":"so it is"}"#;
        session.done(NOW, flight, StepResult::Answer(Answer::new(400, [("x", "y")], answer)));
        let Acquire::Wait { why, .. } = session.acquire(NOW) else { panic!("no error") };
        (why.server_error().unwrap().to_owned(), why.server_description().unwrap().to_owned())
    };
    for secret in ["s", "so", "secret"] {
        assert_eq!(of_short(secret), ("secret_expired".to_owned(), "so it is".to_owned()), "by chance");
    }
    assert_eq!(of_short("secret_expired").0, "(withheld, because it repeats a secret)");
    let mut session = Session::open(Connection::new(settings()).unwrap(), NOW, b"seed");
    let flight = lead(&mut session);
    let _ = session.next(NOW, flight);
    let answer = r#"{"error":"invalid_scope","error_description":"no scope 'id' for si"}"#;
    session.done(NOW, flight, StepResult::Answer(Answer::new(400, [("x", "y")], answer)));
    let Acquire::Denied { why } = session.acquire(NOW) else { panic!("no verdict") };
    assert_eq!(why.server_description(), Some("no scope 'id' for si"));
}

/// R26.
#[test]
fn i02_nothing_prints_a_secret() {
    let mut printed = String::new();
    let bodies = [
        format!(
            r#"{{"access_token":"{}","refresh_token":"{}","expires_in":3600}}"#,
            canary("at"),
            canary("rt")
        ),
        format!(r#"{{"access_token":"{}","token_type":"mac"}}"#, canary("at")),
        format!(r#"{{"access_token":"{}","expires_in":"{}"}}"#, canary("at"), canary("rt")),
        format!(r#"{{"access_token":"{}" "#, canary("at")),
        format!(r#"{{"error":"invalid_client","access_token":"{}"}}"#, canary("at")),
        canary("whole-body"),
    ];
    for body in &bodies {
        for status in [200, 302, 400, 401, 503] {
            let settings = settings();
            write!(printed, "{settings:?} ").unwrap();
            let connection = Connection::new(settings).unwrap();
            write!(printed, "{connection:?} ").unwrap();
            let mut session = Session::open(connection, NOW, b"seed").with_store();
            let flight = lead(&mut session);
            loop {
                let step = session.next(NOW, flight);
                write!(printed, "{step:?} {session:?} ").unwrap();
                let result = match step {
                    Step::Lock | Step::Save { .. } | Step::Unlock => StepResult::Done,
                    Step::Load => StepResult::Loaded(None),
                    Step::Send { request } => {
                        assert!(String::from_utf8_lossy(request.body()).contains("canary"));
                        StepResult::Answer(Answer::new(status, [("x", "y")], body.as_bytes()))
                    }
                    _ => break,
                };
                write!(printed, "{result:?} ").unwrap();
                session.done(NOW, flight, result);
            }
            let acquired = session.acquire(NOW);
            write!(printed, "{acquired:?} {:?} ", session.snapshot()).unwrap();
            if let Acquire::Wait { why, .. } | Acquire::Denied { why } = acquired {
                write!(printed, "{why} {why:?} ").unwrap();
            }
            while let Some(event) = session.poll_event() {
                write!(printed, "{event:?} ").unwrap();
            }
        }
    }
    let secret = Secret::new(canary("secret"));
    write!(printed, "{secret:?} {:?} ", SecretSource::Value(secret.clone())).unwrap();
    for platform in PLATFORMS {
        // A wrong setting is named, and its value is not repeated.
        for name in
            ["client_secret", "password", "api_key", "refresh_token", "token_endpoint", "grant", "scopes"]
        {
            for value in [format!(r#"["{}"]"#, canary("x")), format!(r#""{}\n""#, canary("x")), "7".into()] {
                let text = format!(r#"{{ "platform": "{platform}", "{name}": {value} }}"#);
                if let Err(error) = Connection::from_json(&text) {
                    write!(printed, "{error} {error:?} ").unwrap();
                }
            }
        }
    }
    let damaged =
        Snapshot::from_text(&format!(r#"{{ "cxauth": 1, "access": "{}" }}"#, canary("at"))).unwrap_err();
    write!(printed, "{damaged} {damaged:?}").unwrap();
    assert!(!printed.contains("canary"), "{}", &printed[printed.find("canary").unwrap() - 200..]);
    assert!(printed.contains("Session") && printed.contains("redacted"));
}

/// How often a text that ends so stands in this process's writable memory.
#[cfg(target_os = "linux")]
fn found_in_memory(end: &str) -> usize {
    use std::io::{Read as _, Seek as _, SeekFrom};
    // Searched for in pieces, so that the search itself does not plant what it looks for.
    let (head, tail) = ("cxauth-canary", end.as_bytes());
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    for line in maps.lines().filter(|line| line.contains(" rw-p ")) {
        let (from, to) = line.split_whitespace().next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        let mut block = vec![0; usize::try_from(to - from).unwrap()];
        memory.seek(SeekFrom::Start(from)).unwrap();
        if memory.read_exact(&mut block).is_err() {
            continue;
        }
        let whole = head.len() + 1 + tail.len();
        found += block
            .windows(whole)
            .filter(|window| window.starts_with(head.as_bytes()) && window.ends_with(tail))
            .count();
        // The copy of the memory is itself memory that later blocks would show.
        block.fill(0);
    }
    found
}

/// R14.
#[test]
#[cfg(target_os = "linux")]
fn i33_a_dropped_session_leaves_no_token_in_memory() {
    use zeroize::Zeroize as _;
    let tokens = ["access-token-of-i33", "refresh-token-of-i33"];
    let mut body = Vec::with_capacity(4096);
    body.extend_from_slice(br#"{"token_type":"Bearer","expires_in":3600,"access_token":""#);
    body.extend_from_slice(b"cxauth-canary-");
    body.extend_from_slice(tokens[0].as_bytes());
    body.extend_from_slice(br#"","refresh_token":""#);
    body.extend_from_slice(b"cxauth-canary-");
    body.extend_from_slice(tokens[1].as_bytes());
    body.extend_from_slice(br#""}"#);

    let mut session = Session::open(Connection::new(settings()).unwrap(), NOW, b"seed");
    let flight = lead(&mut session);
    let Step::Send { request } = session.next(NOW, flight) else { panic!("nothing is sent") };
    drop(request);
    session.done(NOW, flight, StepResult::Answer(Answer::new(200, [("x", "y")], body.clone())));
    body.zeroize();
    assert!(found_in_memory(tokens[0]) > 0 && found_in_memory(tokens[1]) > 0, "the scan finds what is there");
    let snapshot = session.snapshot();
    drop(snapshot.to_text());
    drop(snapshot);
    // A refresh puts the refresh token into a request's body.
    let Acquire::Lead { flight, token, .. } = session.acquire(NOW.plus_seconds(3000)) else {
        panic!("it is due")
    };
    drop(token);
    let Step::Send { request } = session.next(NOW.plus_seconds(3000), flight) else {
        panic!("nothing is sent")
    };
    drop(request);
    session.done(NOW.plus_seconds(3000), flight, StepResult::Failed(Failure::Connect));
    drop(session);
    assert_eq!(found_in_memory(tokens[0]), 0, "the access token is still in memory");
    assert_eq!(found_in_memory(tokens[1]), 0, "the refresh token is still in memory");
}
