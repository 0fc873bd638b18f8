//! The invariants that one sequence of calls shows best, each by its name.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use cxauth_core::{
    AccessToken, Acquire, Action, Answer, Connection, ErrorCode, EventKind, Failure, FlightId, Refusal,
    Secret, Session, Settings, Step, StepResult, Timestamp,
};

const START: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);

fn at(seconds: i64) -> Timestamp {
    START.plus_seconds(seconds)
}

fn generic() -> Settings {
    Settings::new("generic")
        .token_endpoint("https://as.example/token")
        .client_id("id")
        .client_secret("secret")
}

fn open(settings: Settings) -> Session {
    Session::open(Connection::new(settings).unwrap(), START, b"seed")
}

fn leads(session: &mut Session, now: Timestamp) -> FlightId {
    match session.acquire(now) {
        Acquire::Lead { flight, .. } => flight,
        other => panic!("nobody leads: {other:?}"),
    }
}

/// The flight's request as text: its body.
fn sends(session: &mut Session, now: Timestamp, flight: FlightId) -> String {
    match session.next(now, flight) {
        Step::Send { request } => String::from_utf8(request.body().to_vec()).unwrap(),
        other => panic!("nothing is sent: {other:?}"),
    }
}

fn answers(session: &mut Session, now: Timestamp, flight: FlightId, status: u16, body: &str) {
    let answer = Answer::new(status, [("content-type", "application/json")], body.as_bytes());
    session.done(now, flight, StepResult::Answer(answer));
}

/// Acquires, sends and gets this answer; returns what was sent.
fn round(session: &mut Session, now: Timestamp, status: u16, body: &str) -> String {
    let flight = leads(session, now);
    let sent = sends(session, now, flight);
    answers(session, now, flight, status, body);
    sent
}

/// The steps before anything is sent.
fn finds_the_store_empty(session: &mut Session, now: Timestamp, flight: FlightId) {
    assert!(matches!(session.next(now, flight), Step::Lock));
    session.done(now, flight, StepResult::Done);
    assert!(matches!(session.next(now, flight), Step::Load));
    session.done(now, flight, StepResult::Loaded(None));
}

fn token(session: &mut Session, now: Timestamp) -> AccessToken {
    match session.acquire(now) {
        Acquire::Ready { token } | Acquire::Lead { token: Some(token), .. } => token,
        other => panic!("no token: {other:?}"),
    }
}

fn set(access: &str, refresh: Option<&str>) -> String {
    let refresh = refresh.map_or(String::new(), |refresh| format!(r#","refresh_token":"{refresh}""#));
    format!(r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":3600{refresh}}}"#)
}

#[test]
fn i03_many_callers_one_flight() {
    let mut session = open(generic());
    let first = leads(&mut session, at(0));
    for _ in 0..1000 {
        assert!(matches!(session.acquire(at(1)), Acquire::Follow { flight, .. } if flight == first));
    }
    sends(&mut session, at(1), first);
    answers(&mut session, at(2), first, 200, &set("A", None));
    for _ in 0..1000 {
        assert!(matches!(session.acquire(at(2)), Acquire::Ready { .. }));
    }
}

#[test]
fn i04_the_store_is_read_after_the_lock_and_before_anything_is_sent() {
    let connection = || Connection::new(generic()).unwrap();
    let mut first = Session::open(connection(), START, b"one").with_store();
    let mut second = Session::open(connection(), START, b"two").with_store();
    let (one, two) = (leads(&mut first, at(0)), leads(&mut second, at(0)));
    finds_the_store_empty(&mut first, at(0), one);
    sends(&mut first, at(0), one);
    answers(&mut first, at(1), one, 200, &set("A", None));
    assert!(first.bearer(at(1)).is_none(), "I06: nobody has it before it is durable");
    let Step::Save { snapshot } = first.next(at(1), one) else { panic!("it is saved") };
    first.done(at(1), one, StepResult::Done);
    assert!(first.bearer(at(1)).is_some());
    assert!(matches!(first.next(at(1), one), Step::Unlock));
    first.done(at(1), one, StepResult::Done);
    assert!(matches!(first.next(at(1), one), Step::Done { why: None }));

    // The second one waited for the lock, and finds that there is nothing left to do.
    assert!(matches!(second.next(at(1), two), Step::Lock));
    second.done(at(1), two, StepResult::Done);
    assert!(matches!(second.next(at(1), two), Step::Load));
    second.done(at(1), two, StepResult::Loaded(Some(snapshot)));
    assert!(matches!(second.next(at(1), two), Step::Unlock));
    second.done(at(1), two, StepResult::Done);
    assert_eq!(token(&mut second, at(1)).secret().expose(), "A");
}

/// R23, R24.
#[test]
fn i05_i08_a_refresh_token_is_replaced_kept_or_spent_as_the_answer_says() {
    let mut session = open(generic());
    round(&mut session, at(0), 200, &set("A", Some("R1")));
    // No new one: the old one stays.
    assert!(round(&mut session, at(3600), 200, &set("B", None)).contains("refresh_token=R1"));
    assert!(round(&mut session, at(7200), 200, &set("C", Some("R2"))).contains("refresh_token=R1"));
    let snapshot = session.snapshot().to_text();
    assert!(
        snapshot.expose().contains("R2") && !snapshot.expose().contains("R1"),
        "the old one is gone everywhere"
    );
    // A 503 spends nothing, a timeout does: then the other grant.
    assert!(round(&mut session, at(10_800), 503, "").contains("refresh_token=R2"));
    let flight = leads(&mut session, at(10_810));
    assert!(sends(&mut session, at(10_810), flight).contains("refresh_token=R2"));
    session.done(at(10_812), flight, StepResult::Failed(Failure::Timeout));
    assert!(round(&mut session, at(10_820), 200, &set("D", None)).contains("client_credentials"));
}

#[test]
fn i09_a_valid_token_outlives_every_failed_renewal() {
    for (status, body) in
        [(503, ""), (400, r#"{"error":"invalid_scope"}"#), (401, ""), (200, "<html>"), (429, ""), (302, "")]
    {
        let mut session = open(generic());
        round(&mut session, at(0), 200, &set("A", None));
        round(&mut session, at(2900), status, body);
        for second in 2900..3590 {
            assert!(session.bearer(at(second)).is_some(), "{status} at {second}");
            let acquired = session.acquire(at(second));
            let has = matches!(&acquired, Acquire::Ready { .. } | Acquire::Lead { token: Some(_), .. });
            assert!(has, "{status} at {second}: {acquired:?}");
            if let Acquire::Lead { flight, .. } = acquired {
                sends(&mut session, at(second), flight);
                answers(&mut session, at(second), flight, status, body);
            }
        }
        assert!(session.bearer(at(3590)).is_none(), "I10: the margin");
    }
}

#[test]
fn i13_i14_an_outage_of_an_hour_costs_few_requests_and_two_are_never_close() {
    for seed in 0..64_u8 {
        let mut session = Session::open(Connection::new(generic()).unwrap(), START, &[seed]);
        let mut sent: Vec<i64> = Vec::new();
        for tenth in 0..36_000 {
            let now = START.plus_millis(tenth * 100);
            if let Acquire::Lead { flight, .. } = session.acquire(now) {
                sends(&mut session, now, flight);
                session.done(now, flight, StepResult::Failed(Failure::Connect));
                sent.push(tenth * 100);
            }
        }
        assert!(sent.len() <= 25, "{} requests", sent.len());
        assert!(sent.windows(2).all(|pair| pair[1] - pair[0] >= 1000));
    }
}

#[test]
fn i15_retry_after_is_honoured_capped_and_never_shortens() {
    for (value, least, most) in [
        ("120", 120, 120),
        ("0", 1, 2),
        ("-5", 1, 2),
        ("soon", 1, 2),
        ("86400", 3600, 3600),
        ("Tue, 14 Nov 2023 22:15:20 GMT", 120, 120),
        ("Tue, 14 Nov 2000 22:15:20 GMT", 1, 2),
    ] {
        let mut session = open(generic());
        let flight = leads(&mut session, at(0));
        sends(&mut session, at(0), flight);
        session.done(at(0), flight, StepResult::Answer(Answer::new(429, [("Retry-After", value)], "")));
        let Acquire::Wait { until, why } = session.acquire(at(0)) else { panic!("nothing is sent now") };
        assert_eq!(why.code(), ErrorCode::RateLimited);
        let wait = until.millis_since(at(0));
        assert!((least * 1000..=most * 1000).contains(&wait), "{value}: {wait}");
    }
}

#[test]
fn i16_two_fresh_refusals_open_a_breaker() {
    let mut session = open(generic());
    round(&mut session, at(0), 200, &set("A", None));
    let first = token(&mut session, at(100));
    for _ in 0..100 {
        assert_eq!(session.refused(at(100), first.generation(), 401, &[], b""), Refusal::Retry);
    }
    round(&mut session, at(100), 200, &set("B", None));
    let second = token(&mut session, at(100));
    for _ in 0..100 {
        assert_eq!(session.refused(at(101), second.generation(), 401, &[], b""), Refusal::Leave);
    }
    assert!(matches!(session.acquire(at(101)), Acquire::Ready { .. }), "it stays in service");
    // One token a refusal, and ever slower: a storm of refusals does not become a storm of requests.
    let mut requests = 0;
    for second in 103..3703 {
        if let Acquire::Lead { flight, token: Some(token), .. } = session.acquire(at(second)) {
            let _: Refusal = session.refused(at(second), token.generation(), 401, &[], b"");
            sends(&mut session, at(second), flight);
            answers(&mut session, at(second), flight, 200, &set(&format!("C{second}"), None));
            requests += 1;
        } else if let Some(token) = session.bearer(at(second)).cloned() {
            let _: Refusal = session.refused(at(second), token.generation(), 401, &[], b"");
        }
    }
    assert!(requests <= 60, "{requests} requests in an hour");
}

#[test]
fn i17_the_same_token_again_is_no_progress() {
    let mut session = open(generic());
    round(&mut session, at(0), 200, &set("A", None));
    round(&mut session, at(2900), 200, &set("A", None));
    assert_eq!(session.next_wakeup(), Some(at(2900 + 3590)), "not early any more");
    assert!(matches!(session.acquire(at(2900 + 3589)), Acquire::Ready { .. }));
    assert!(matches!(session.acquire(at(2900 + 3590)), Acquire::Lead { token: None, .. }));
}

#[test]
fn i18_invalid_grant_reads_the_store_again_and_then_asks_once_for_a_sign_in() {
    let lone =
        || Connection::new(generic().grant(cxauth_core::Grant::RefreshToken).refresh_token("R0")).unwrap();
    let mut session = Session::open(lone(), START, b"one").with_store();
    let flight = leads(&mut session, at(0));
    finds_the_store_empty(&mut session, at(0), flight);
    assert!(matches!(session.next(at(0), flight), Step::Save { .. }));
    session.done(at(0), flight, StepResult::Done);
    sends(&mut session, at(0), flight);
    answers(&mut session, at(0), flight, 400, r#"{"error":"invalid_grant"}"#);
    // Another process wrote a newer set meanwhile.
    let mut other = Session::open(lone(), START, b"two");
    round(&mut other, at(0), 200, &set("A", Some("R1")));
    assert!(matches!(session.next(at(0), flight), Step::Load));
    session.done(at(0), flight, StepResult::Loaded(Some(other.snapshot())));
    assert_eq!(token(&mut session, at(0)).secret().expose(), "A");

    let mut session = Session::open(lone(), START, b"one");
    round(&mut session, at(0), 400, r#"{"error":"invalid_grant"}"#);
    let mut signed_out = 0;
    while let Some(event) = session.poll_event() {
        signed_out += i32::from(event.kind == EventKind::SignedOut);
    }
    assert_eq!(signed_out, 1);
    for day in 0..400 {
        let Acquire::Denied { why } = session.acquire(at(day * 86_400)) else {
            panic!("asked again on day {day}")
        };
        assert_eq!((why.action(), why.server_error()), (Action::SignIn, Some("invalid_grant")));
    }
}

#[test]
fn i19_invalid_client_reads_the_secret_once_more_and_then_asks_once_an_hour() {
    let settings = generic().client_secret(cxauth_core::SecretSource::Environment("CX_SECRET".into()));
    let mut session = open(settings);
    let flight = leads(&mut session, at(0));
    let read = |session: &mut Session, secret: &str| {
        assert!(matches!(session.next(at(0), flight), Step::ReadSecret { .. }));
        session.done(at(0), flight, StepResult::Secret(Secret::new(secret)));
    };
    read(&mut session, "old");
    assert!(sends(&mut session, at(0), flight).contains("client_secret=old"));
    answers(&mut session, at(0), flight, 401, r#"{"error":"invalid_client"}"#);
    read(&mut session, "new");
    assert!(sends(&mut session, at(0), flight).contains("client_secret=new"));
    answers(&mut session, at(0), flight, 401, r#"{"error":"invalid_client"}"#);
    assert!(matches!(session.next(at(0), flight), Step::Done { why: Some(_) }), "not a third time");

    let mut session = open(generic());
    let mut requests = 0;
    for minute in 0..24 * 60 {
        if let Acquire::Lead { flight, .. } = session.acquire(at(minute * 60)) {
            sends(&mut session, at(minute * 60), flight);
            answers(&mut session, at(minute * 60), flight, 401, r#"{"error":"invalid_client"}"#);
            requests += 1;
        }
    }
    assert_eq!(requests, 24);
}

#[test]
fn i23_a_clock_that_jumps_causes_one_renewal_at_most_and_no_use_of_a_dead_token() {
    for jump in [-315_360_000, -86_400, -3600, -10, -1, 1, 10, 3600, 86_400, 315_360_000] {
        let mut session = open(generic());
        round(&mut session, at(0), 200, &set("A", None));
        let mut requests = 0;
        for second in 0..2000 {
            let now = at(100 + second + jump);
            if let Acquire::Lead { flight, .. } = session.acquire(now) {
                sends(&mut session, now, flight);
                answers(&mut session, now, flight, 200, &set(&format!("B{requests}"), None));
                requests += 1;
            }
        }
        assert!(requests <= 1, "{requests} renewals after a jump of {jump} s");
    }
    // Suspended for a day: elapsed time, not a fresh token.
    let mut session = open(generic());
    round(&mut session, at(0), 200, &set("A", None));
    assert!(session.bearer(at(86_400)).is_none());
    // Set back: the token's end moves with the clock.
    let mut session = open(generic());
    round(&mut session, at(0), 200, &set("A", None));
    assert!(session.bearer(at(1000)).is_some());
    assert!(session.bearer(at(-9000)).is_some());
    assert!(session.bearer(at(-9000 + 2590)).is_none(), "2600 s of its life were left");
}

#[test]
fn i28_malformed_is_never_absent() {
    for body in [
        r#"{"access_token":"A","token_type":"Bearer","expires_in":true}"#,
        r#"{"access_token":"A","token_type":"Bearer","expires_in":-1}"#,
        r#"{"access_token":"A","token_type":"Bearer","expires_in":[3600]}"#,
        r#"{"access_token":"A","token_type":"Bearer","refresh_token":5}"#,
        r#"{"access_token":"A","token_type":"Bearer","refresh_token":"R\n"}"#,
        r#"{"access_token":"A","token_type":"Bearer","scope":5}"#,
        r#"{"access_token":"A","token_type":7}"#,
        r#"{"access_token":"A","token_type":"Bearer","error":{}}"#,
        r#"{"access_token":"A","access_token":"B","token_type":"Bearer"}"#,
        r#"{"access_token":"A","token_type":"Bearer"} {}"#,
        r#"{"access_token":"A\u0000","token_type":"Bearer"}"#,
        r#"{"access_token":"A B","token_type":"Bearer"}"#,
        r#"{"access_token":"é","token_type":"Bearer"}"#,
        r#"{"access_token":"A","token_type":"Bearer""#,
    ] {
        let mut session = open(generic());
        round(&mut session, at(0), 200, body);
        let Acquire::Wait { why, .. } = session.acquire(at(0)) else { panic!("taken: {body}") };
        assert_eq!(why.code(), ErrorCode::AnswerMalformed, "{body}");
    }
}

/// R10, R25.
#[test]
fn i29_the_scopes_are_what_was_granted_never_wider() {
    for (scope, expected) in [
        (r#","scope":"a""#, Some(vec!["a"])),
        (r#","scope":["a","b c"]"#, Some(vec!["a", "b", "c"])),
        (r#","scope":null"#, Some(vec!["a", "b"])),
        (r#","scope":"""#, Some(vec!["a", "b"])),
        ("", Some(vec!["a", "b"])),
    ] {
        let mut session = open(generic().scopes(["a", "b"]));
        let body = format!(r#"{{"access_token":"A","expires_in":3600,"refresh_token":"R"{scope}}}"#);
        round(&mut session, at(0), 200, &body);
        let first = token(&mut session, at(0));
        let expected: Option<Vec<String>> =
            expected.map(|scopes| scopes.into_iter().map(Into::into).collect());
        assert_eq!(first.scopes().map(<[String]>::to_vec), expected);
        // A refresh asks for nothing: what it does not tell is what was granted, not what was once asked for.
        assert!(!round(&mut session, at(3600), 200, &set("B", None)).contains("scope"));
        assert_eq!(token(&mut session, at(3600)).scopes().map(<[String]>::to_vec), expected);
    }
}

/// R22.
#[test]
fn i31_what_the_server_says_is_escaped_and_cut() {
    let mut session = open(generic());
    let description = "\\u001b[31m red\\r\\nSet-Cookie: x".to_owned() + &"x".repeat(5000);
    let body = format!(r#"{{"error":"invalid_\u0007client\u202e","error_description":"{description}"}}"#);
    round(&mut session, at(0), 400, &body);
    let Acquire::Wait { why, .. } = session.acquire(at(0)) else { panic!("an unknown code") };
    let said = format!("{why} {why:?} {:?} {:?}", why.server_error(), why.server_description());
    assert!(said.chars().all(|character| (' '..='~').contains(&character)), "{said}");
    assert!(why.server_description().unwrap().len() <= 512);
}

#[test]
fn i34_a_secret_changed_in_mid_flight_leaves_the_flight_alone_and_its_verdict_is_not_remembered() {
    let mut session = open(generic());
    let flight = leads(&mut session, at(0));
    assert!(sends(&mut session, at(0), flight).contains("client_secret=secret"));
    session.change(at(1), Settings::default().client_secret("new")).unwrap();
    answers(&mut session, at(2), flight, 401, r#"{"error":"invalid_client"}"#);
    assert!(round(&mut session, at(2), 200, &set("A", None)).contains("client_secret=new"));

    // A new secret does not orphan the token; a new identity does.
    session.change(at(3), Settings::default().client_secret("newer")).unwrap();
    assert!(session.bearer(at(3)).is_some());
    session.change(at(3), Settings::default().client_id("other")).unwrap();
    assert!(session.bearer(at(3)).is_none());
}

#[test]
fn i35_a_year_long_token_is_warned_of_30_14_7_and_1_days_before_its_end() {
    let settings =
        Settings::new("sangoma-cx").client_id("id").client_secret("secret").scopes(["cx.agent-calls"]);
    let mut session = open(settings);
    let year = 31_536_000;
    round(
        &mut session,
        at(0),
        200,
        &format!(r#"{{"access_token":"A","token_type":"bearer","expires_in":{year}}}"#),
    );
    while session.poll_event().is_some() {}
    let mut warned = Vec::new();
    for hour in 0..year / 3600 {
        session.bearer(at(hour * 3600));
        while let Some(event) = session.poll_event() {
            assert_eq!((event.kind, event.until), (EventKind::Expiring, Some(at(year))));
            warned.push((year - hour * 3600) / 86_400);
        }
    }
    assert_eq!(warned, [30, 14, 7, 1]);
}

#[test]
fn background_renewal_stops_after_one_lifetime_in_which_nobody_asked() {
    let mut session = open(generic());
    round(&mut session, at(0), 200, &set("A", None));
    let mut renewals = 0;
    for minute in 0..24 * 60 {
        if let Some(Acquire::Lead { flight, .. }) = session.wake(at(minute * 60)) {
            sends(&mut session, at(minute * 60), flight);
            answers(&mut session, at(minute * 60), flight, 200, &set(&format!("B{minute}"), None));
            renewals += 1;
        }
    }
    assert_eq!(renewals, 1);
    assert_eq!(session.next_wakeup(), None);
    assert!(matches!(session.acquire(at(86_400)), Acquire::Lead { .. }));
}

#[test]
fn a_sign_out_in_mid_flight_gives_the_lock_back_and_drops_the_answer() {
    let mut session = Session::open(Connection::new(generic()).unwrap(), START, b"seed").with_store();
    let flight = leads(&mut session, at(0));
    finds_the_store_empty(&mut session, at(0), flight);
    sends(&mut session, at(0), flight);
    session.sign_out(at(1));
    answers(&mut session, at(2), flight, 200, &set("A", None));
    assert!(matches!(session.next(at(2), flight), Step::Unlock));
    session.done(at(2), flight, StepResult::Done);
    assert!(matches!(session.next(at(2), flight), Step::Done { why: None }));
    assert!(session.bearer(at(2)).is_none());
}

#[test]
fn a_save_that_fails_twice_leaves_the_set_in_memory_and_is_made_up_for_later() {
    let mut session = Session::open(Connection::new(generic()).unwrap(), START, b"seed").with_store();
    let flight = leads(&mut session, at(0));
    finds_the_store_empty(&mut session, at(0), flight);
    sends(&mut session, at(0), flight);
    answers(&mut session, at(0), flight, 200, &set("A", Some("R")));
    for _ in 0..2 {
        assert!(matches!(session.next(at(0), flight), Step::Save { .. }));
        session.done(at(0), flight, StepResult::Failed(Failure::Interrupted));
    }
    assert!(matches!(session.next(at(0), flight), Step::Unlock));
    session.done(at(0), flight, StepResult::Done);
    assert!(session.bearer(at(0)).is_some());
    let events: Vec<_> = core::iter::from_fn(|| session.poll_event()).map(|event| event.kind).collect();
    assert!(events.contains(&EventKind::Degraded) && events.contains(&EventKind::Renewed));
    let Acquire::Lead { flight, token: Some(_), .. } = session.acquire(at(2)) else {
        panic!("it is saved later")
    };
    finds_the_store_empty(&mut session, at(2), flight);
    let Step::Save { snapshot } = session.next(at(2), flight) else { panic!("nothing is sent for it") };
    assert_eq!(snapshot.generation(), 1);
    session.done(at(2), flight, StepResult::Done);
    assert!(matches!(session.next(at(2), flight), Step::Unlock));
    session.done(at(2), flight, StepResult::Done);
    assert!(matches!(session.acquire(at(2)), Acquire::Ready { .. }));
}
