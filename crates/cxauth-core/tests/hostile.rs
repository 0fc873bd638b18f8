//! Whatever comes from outside, nothing panics, and nothing that a peer claims is believed beyond its bytes (I27).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use cxauth_core::{
    Acquire, Answer, Challenge, Connection, ErrorCode, Refusal, Session, Settings, Snapshot, Step,
    StepResult, Timestamp,
};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);

/// The session after one answer of this kind.
fn after(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Session {
    let settings = Settings::new("generic")
        .token_endpoint("https://as.example/token")
        .client_id("id")
        .client_secret("secret");
    let mut session = Session::open(Connection::new(settings).unwrap(), NOW, b"seed");
    let Acquire::Lead { flight, .. } = session.acquire(NOW) else { panic!("nothing is led") };
    assert!(matches!(session.next(NOW, flight), Step::Send { .. }));
    session.done(NOW, flight, StepResult::Answer(Answer::new(status, headers.iter().copied(), body)));
    session
}

fn code(session: &mut Session) -> Option<ErrorCode> {
    match session.acquire(NOW) {
        Acquire::Wait { why, .. } | Acquire::Denied { why } => Some(why.code()),
        _ => None,
    }
}

#[test]
fn i27_a_body_beyond_64_kib_is_not_read() {
    let mut body = br#"{"access_token":"A","token_type":"Bearer"}"#.to_vec();
    body.resize(Answer::MAX_BODY, b' ');
    assert_eq!(code(&mut after(200, &[], &body)), None);
    body.push(b' ');
    assert_eq!(code(&mut after(200, &[], &body)), Some(ErrorCode::AnswerTooLarge));
}

#[test]
fn deep_nesting_in_a_member_that_nobody_asked_for_is_passed_over() {
    let depth = 30_000;
    let body = format!(r#"{{"access_token":"A","deep":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert_eq!(code(&mut after(200, &[], body.as_bytes())), None);
}

#[test]
fn a_truncated_answer_is_malformed_at_each_byte() {
    let body =
        r#"{"access_token":"A","token_type":"Bearer","expires_in":3600,"scope":"a b","refresh_token":"R"}"#;
    for length in 0..body.len() {
        let code = code(&mut after(200, &[], &body.as_bytes()[..length]));
        assert_eq!(code, Some(ErrorCode::AnswerMalformed), "{}", &body[..length]);
    }
}

/// R19.
#[test]
fn a_token_can_be_as_long_as_an_answer() {
    for length in [1, 1024, 32 * 1024, 60 * 1024] {
        let body = format!(r#"{{"access_token":"{}"}}"#, "A".repeat(length));
        let mut session = after(200, &[], body.as_bytes());
        let Acquire::Ready { token } = session.acquire(NOW) else {
            panic!("{length} characters are too long")
        };
        let copy = Snapshot::from_text(session.snapshot().to_text().expose()).unwrap();
        assert_eq!((token.secret().expose().len(), copy.generation()), (length, 1));
    }
}

#[test]
fn the_longest_numbers_that_a_setting_takes() {
    let longest = i64::MAX;
    let settings = format!(
        r#"{{ "platform": "generic", "token_endpoint": "https://as.example/token", "client_id": "id", "grant": "refresh_token",
             "refresh_token": "R", "rotates": false, "refresh_lifetime": {longest}, "grace": {longest}, "ask_again": {longest} }}"#
    );
    let mut session = Session::open(Connection::from_json(&settings).unwrap(), NOW, b"seed");
    assert!(matches!(session.acquire(NOW), Acquire::Lead { .. }));
    // The day before the year 9999 ends, where the lifetime is cut.
    let _ = session.acquire(Timestamp::MAX.plus_seconds(-3600));
    assert!(session.poll_event().is_some());
}

/// Pieces that make random text look like what is expected.
fn nearly(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => prop::sample::select(pieces).prop_map(String::from), 1 => any::<String>()];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "null",
    "true",
    "-1",
    "3600",
    "1e400",
    "0.5",
    "\"access_token\"",
    "\"error\"",
    "\"expires_in\"",
    "\"scope\"",
    "\"token_type\"",
    "\"refresh_token\"",
    "\"A\"",
    "\"\\u0000\"",
    "\\ud800",
    "\u{feff}",
    "access_token=A",
    "&",
    "error=",
    "%",
    "+",
    "\"cxauth\"",
    "\"generation\"",
    "\"platform\"",
    "\"hosts\"",
    "\"grant\"",
];
const CHALLENGE: &[&str] =
    &["Bearer", "Basic", " ", ",", "=", "\"", "\\", "realm", "error", "invalid_token", "abc==", "\t", "é"];
const URL: &[&str] = &[
    "https:",
    "http:",
    "//",
    "/",
    "\\",
    "@",
    ":",
    "?",
    "#",
    "[::1]",
    "127.0.0.1",
    "localhost",
    "api.example",
    "443",
    "%2f",
    " ",
    "é",
    "{domain}",
    "{base}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// R33.
    #[test]
    fn answers(status in 100_u16..600, retry_after: String, body in nearly(JSON), bytes: Vec<u8>) {
        for body in [body.as_bytes(), &bytes] {
            let mut session = after(status, &[("retry-after", &retry_after)], body);
            let _ = session.acquire(NOW);
            let _: Refusal = session.refused(NOW, 1, status, &[&retry_after], body);
        }
    }

    /// R33.
    #[test]
    fn settings_and_snapshots(text in nearly(JSON), other: String) {
        for text in [text, other] {
            let _ = Connection::from_json(&text);
            let _ = Snapshot::from_text(&text);
        }
    }

    /// R33.
    #[test]
    fn challenges(text in nearly(CHALLENGE)) {
        for challenge in Challenge::parse(&text).into_iter().flatten() {
            prop_assert!(!challenge.scheme().is_empty());
        }
    }

    /// I01: whatever the address, what is allowed is https (or http on loopback) on a host that was named.
    #[test]
    fn destinations(text in nearly(URL)) {
        let settings = Settings::new("generic").grant(cxauth_core::Grant::External);
        let connection = Connection::new(settings.hosts(["api.example", "127.0.0.1", "[::1]:443"])).unwrap();
        if connection.allows(&text) {
            let url = url::Url::parse(&text).unwrap();
            prop_assert!(["api.example", "127.0.0.1", "[::1]"].contains(&url.host_str().unwrap()));
            prop_assert!(url.username().is_empty() && url.password().is_none());
            prop_assert!(url.scheme() == "https" || (url.scheme() == "http" && url.host_str() != Some("api.example")));
        }
        let _ = Connection::new(Settings::new("cloudcx").domain(text.as_str()).client_id("x").api_key("x"));
        let _ = Connection::new(Settings::new("cloudlx").base(text.as_str()).client_id("x").client_secret("x"));
    }

    #[test]
    fn moments(now: f64, lifetime: f64) {
        let now = Timestamp::from_unix_millis_f64(now);
        let body = format!(r#"{{"access_token":"A","expires_in":{lifetime:?}}}"#);
        let mut session = after(200, &[], body.as_bytes());
        let _ = session.acquire(now);
        let _ = session.wake(now);
        let _ = session.next_wakeup();
        let snapshot = Snapshot::from_text(session.snapshot().to_text().expose()).unwrap();
        let mut copy = Session::restore(session.connection().clone(), now, b"", snapshot);
        let _ = copy.acquire(now);
    }
}
