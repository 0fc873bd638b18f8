//! Signing in: the code grant with PKCE (RFC 6749 §4.1, RFC 7636, RFC 9126, RFC 9207) and devices (RFC 8628).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use cxauth_core::{
    Acquire, Action, Answer, Authorization, Connection, Error, ErrorCode, Failure, FlightId, Session, SignIn,
    Snapshot, Step, StepResult, Timestamp, TokenRequest,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

const START: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);
const REDIRECT_URI: &str = "https://app.example/callback";

fn settings() -> Value {
    json!({
        "platform": "generic",
        "grant": "authorization_code",
        "issuer": "https://as.example",
        "authorization_endpoint": "https://as.example/authorize?tenant=7",
        "token_endpoint": "https://as.example/token",
        "device_authorization_endpoint": "https://as.example/device",
        "client_id": "app",
        "redirect_uri": REDIRECT_URI,
        "scopes": ["read", "write"],
        "resource": ["https://api.example/"],
    })
}

fn with(more: Value) -> Value {
    let mut settings = settings();
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}

fn open(settings: &Value) -> Session {
    Session::open(Connection::from_json(&settings.to_string()).unwrap(), START, &[7; 16])
}

fn begin(session: &mut Session, seed: u8) -> Authorization {
    let mut entropy = [seed; 64];
    entropy[32..].fill(seed.wrapping_add(100));
    let flight = session.lead_authorization(START, &entropy, None).unwrap();
    let Step::Authorize { authorization } = session.next(START, flight) else { panic!("no address") };
    session.done(START, flight, StepResult::Done);
    assert!(matches!(session.next(START, flight), Step::Done { why: None }));
    authorization
}

fn parameters(url: &str) -> BTreeMap<String, String> {
    let url = Url::parse(url).unwrap();
    let all: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let by_name: BTreeMap<_, _> = all.iter().cloned().collect();
    assert_eq!(by_name.len(), all.len(), "a parameter stands twice");
    by_name
}

fn form(request: &TokenRequest) -> BTreeMap<String, String> {
    parameters(&format!("https://form.example/?{}", std::str::from_utf8(request.body()).unwrap()))
}

fn answer(status: u16, body: &Value) -> StepResult {
    StepResult::Answer(Answer::new(status, [("content-type", "application/json")], body.to_string()))
}

fn tokens(access: &str, refresh: Option<&str>) -> StepResult {
    answer(
        200,
        &json!({ "access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": refresh }),
    )
}

fn redirect(authorization: &Authorization, more: &str) -> String {
    format!("{REDIRECT_URI}?state={}&{more}", parameters(authorization.url())["state"])
}

fn send(session: &mut Session, now: Timestamp, flight: FlightId) -> TokenRequest {
    match session.next(now, flight) {
        Step::Send { request } => request,
        step => panic!("{step:?}"),
    }
}

fn bearer(session: &mut Session, now: Timestamp) -> Option<String> {
    session.bearer(now).map(|token| token.header_value().expose().to_string())
}

/// R07, R09, R13, R30, R32, R52, R54, R57.
#[test]
fn a_person_signs_in_in_the_browser() {
    let mut session = open(&settings());
    let Acquire::Denied { why } = session.acquire(START) else { panic!("nobody signed in yet") };
    assert_eq!((why.code(), why.action()), (ErrorCode::SignInRequired, Action::SignIn));

    let authorization = begin(&mut session, 1);
    assert!(authorization.url().starts_with("https://as.example/authorize?tenant=7&"));
    let asked = parameters(authorization.url());
    let expected = [
        ("client_id", "app"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", REDIRECT_URI),
        ("resource", "https://api.example/"),
        ("response_type", "code"),
        ("scope", "read write"),
        ("tenant", "7"),
    ];
    for (name, value) in expected {
        assert_eq!(asked[name], value, "{name}");
    }
    assert_eq!((asked["state"].len(), asked["code_challenge"].len(), asked.len()), (43, 43, 9));

    // The browser is away for a while: another process goes on.
    let kept = authorization.sign_in().to_text();
    assert!(kept.expose().contains(&asked["state"]));
    assert!(!authorization.url().contains("verifier"));
    let mut session = open(&settings());
    let sign_in = SignIn::from_text(kept.expose()).unwrap();
    let came = redirect(&authorization, "code=C0DE&iss=https%3A%2F%2Fas.example");
    assert!(sign_in.is_answered_by(&came));
    let now = START.plus_seconds(600);
    let flight = session.lead_code(now, sign_in, &came).unwrap();
    let request = send(&mut session, now, flight);
    assert_eq!(request.url(), "https://as.example/token");
    let sent = form(&request);
    assert_eq!(sent["grant_type"], "authorization_code");
    assert_eq!((sent["code"].as_str(), sent["redirect_uri"].as_str()), ("C0DE", REDIRECT_URI));
    assert_eq!((sent["client_id"].as_str(), sent["code_verifier"].len()), ("app", 43));
    assert!(!sent.contains_key("scope"));
    let answered = now.plus_seconds(2);
    session.done(answered, flight, tokens("AT", Some("RT")));
    assert!(matches!(session.next(answered, flight), Step::Done { why: None }));
    let token = session.bearer(answered).unwrap().clone();
    assert_eq!(token.expires_at(), Some(now.plus_seconds(3600)), "from the handing out of the request");
    assert_eq!(token.scopes(), Some(&["read".to_string(), "write".to_string()][..]));

    let later = now.plus_seconds(3000);
    let Acquire::Lead { flight, .. } = session.acquire(later) else { panic!("a renewal is due") };
    assert_eq!(form(&send(&mut session, later, flight))["refresh_token"], "RT");
}

/// R33, R45, R49, R58, R70, R71, R75, R82, R83.
#[test]
fn a_redirect_that_is_not_the_answer_is_refused() {
    let authorization = begin(&mut open(&settings()), 2);
    let state = parameters(authorization.url())["state"].clone();
    let good = "iss=https%3A%2F%2Fas.example&code=C";
    for redirect in [
        String::new(),
        "no address".to_string(),
        REDIRECT_URI.to_string(),
        format!("{REDIRECT_URI}?{good}"),
        format!("{REDIRECT_URI}?{good}&state="),
        format!("{REDIRECT_URI}?{good}&state={state}x"),
        format!("{REDIRECT_URI}?{good}&state={}", state.to_lowercase()),
        format!("{REDIRECT_URI}?{good}&state={state}&state={state}"),
        format!("{REDIRECT_URI}?{good}&state={state}&code=D"),
        format!("{REDIRECT_URI}?{good}&state={state}&iss=https%3A%2F%2Fas.example"),
        format!("{REDIRECT_URI}?code=C&state={state}&iss=https%3A%2F%2Fas.example%2F"),
        format!("{REDIRECT_URI}?code=C&state={state}&iss=https%3A%2F%2FAS.example"),
        format!("{REDIRECT_URI}?code=C&state={state}&iss=https%3A%2F%2Fevil.example"),
        format!("{REDIRECT_URI}?code=C&state={state}&iss="),
        format!("{REDIRECT_URI}?state={state}"),
        format!("{REDIRECT_URI}?state={state}&code="),
        format!("{REDIRECT_URI}?{good}&state={state}#access_token=A"),
        format!("{REDIRECT_URI}?{good}&state={state}&access_token=A"),
        format!("{REDIRECT_URI}/other?{good}&state={state}"),
        format!("https://app.example:8443/callback?{good}&state={state}"),
        format!("http://app.example/callback?{good}&state={state}"),
        format!("https://app.example.evil.example/callback?{good}&state={state}"),
        format!("{REDIRECT_URI}#?{good}&state={state}"),
    ] {
        let mut session = open(&settings());
        let error = session.lead_code(START, authorization.sign_in().clone(), &redirect).unwrap_err();
        assert_eq!(error.code(), ErrorCode::RedirectRefused, "{redirect}");
        assert!(!error.to_string().contains(&state), "{error}");
        // Such a redirect takes nothing away from the person who is still at it.
        let came = format!("{REDIRECT_URI}?state={state}&{good}");
        assert!(session.lead_code(START, authorization.sign_in().clone(), &came).is_ok());
    }
}

/// R46.
#[test]
fn a_sign_in_is_used_once() {
    let mut session = open(&settings());
    let authorization = begin(&mut session, 3);
    let came = redirect(&authorization, "code=C");
    session.lead_code(START, authorization.sign_in().clone(), &came).unwrap();
    let again = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap_err();
    assert_eq!(again.code(), ErrorCode::RedirectRefused);

    let late = begin(&mut session, 4);
    let now = START.plus_seconds(3601);
    let error = session.lead_code(now, late.sign_in().clone(), &redirect(&late, "code=C")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::SignInExpired);
}

/// R49.
#[test]
fn a_server_that_names_its_issuer_must_do_so() {
    let advertised = with(json!({ "authorization_response_iss_parameter_supported": true }));
    let mut session = open(&advertised);
    let authorization = begin(&mut session, 5);
    let came = redirect(&authorization, "code=C");
    let error = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap_err();
    assert_eq!(error.code(), ErrorCode::RedirectRefused);
    // Without the promise its absence says nothing.
    let mut session = open(&settings());
    let authorization = begin(&mut session, 5);
    assert!(session.lead_code(START, authorization.sign_in().clone(), &came).is_ok());
}

/// R48, R51.
#[test]
fn the_endpoints_stay_what_they_were_when_it_began() {
    for changed in [
        json!({ "token_endpoint": "https://evil.example/token" }),
        json!({ "authorization_endpoint": "https://evil.example/authorize" }),
        json!({ "issuer": "https://evil.example" }),
        json!({ "client_id": "other" }),
    ] {
        let authorization = begin(&mut open(&settings()), 6);
        let mut session = open(&with(changed));
        let came = redirect(&authorization, "code=C");
        let error = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap_err();
        assert_eq!(error.code(), ErrorCode::RedirectRefused);
    }
}

/// R55.
#[test]
fn what_the_server_says_in_the_redirect_is_told() {
    for (said, code) in [
        ("access_denied", ErrorCode::AuthorizationRefused),
        ("login_required", ErrorCode::AuthorizationRefused),
        ("invalid_scope", ErrorCode::InvalidScope),
        ("unauthorized_client", ErrorCode::UnauthorizedClient),
        ("invalid_request", ErrorCode::InvalidRequest),
        ("unsupported_response_type", ErrorCode::InvalidRequest),
        ("temporarily_unavailable", ErrorCode::ServerUnavailable),
    ] {
        let mut session = open(&settings());
        let authorization = begin(&mut session, 8);
        let came = redirect(&authorization, &format!("error={said}&error_description=No%1B%5B31m!"));
        let error = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap_err();
        assert_eq!((error.code(), error.server_error()), (code, Some(said)));
        assert!(!error.to_string().contains('\u{1b}'));
    }
}

/// R11.
#[test]
fn a_code_is_sent_once() {
    for result in [
        StepResult::Failed(Failure::Timeout),
        StepResult::Failed(Failure::Connect),
        answer(503, &json!({})),
        answer(400, &json!({ "error": "invalid_grant" })),
    ] {
        let mut session = open(&settings());
        let authorization = begin(&mut session, 9);
        let came = redirect(&authorization, "code=C");
        let flight = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap();
        drop(send(&mut session, START, flight));
        session.done(START, flight, result);
        assert!(matches!(session.next(START, flight), Step::Done { why: Some(_) }));
        let Acquire::Denied { why } = session.acquire(START) else { panic!("there is nothing to send") };
        assert_eq!(why.code(), ErrorCode::SignInRequired);
    }
}

#[test]
fn the_request_is_left_at_the_server_first() {
    let settings = with(json!({
        "pushed_authorization_request_endpoint": "https://as.example/par",
        "require_pushed_authorization_requests": true,
        "client_secret": "secret",
        "authorization_parameters": { "prompt": "login" },
    }));
    let mut session = open(&settings);
    let flight = session.lead_authorization(START, &[3; 64], Some("http://127.0.0.1:4711/cb")).unwrap();
    let request = send(&mut session, START, flight);
    assert_eq!(request.url(), "https://as.example/par");
    let sent = form(&request);
    assert_eq!((sent["client_secret"].as_str(), sent["prompt"].as_str()), ("secret", "login"));
    assert_eq!((sent["response_type"].as_str(), sent["code_challenge_method"].as_str()), ("code", "S256"));
    session.done(START, flight, answer(201, &json!({ "request_uri": "urn:example:r", "expires_in": 60 })));
    let Step::Authorize { authorization } = session.next(START, flight) else { panic!("no address") };
    let asked = parameters(authorization.url());
    assert_eq!(asked["request_uri"], "urn:example:r");
    assert_eq!(asked.keys().collect::<Vec<_>>(), ["client_id", "request_uri", "tenant"]);

    let came = format!("http://127.0.0.1:4711/cb?code=C&state={}", sent["state"]);
    let flight = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap();
    assert_eq!(form(&send(&mut session, START, flight))["redirect_uri"], "http://127.0.0.1:4711/cb");

    let incomplete = json!({ "require_pushed_authorization_requests": true });
    let error = Connection::from_json(&with(incomplete).to_string()).unwrap_err();
    assert_eq!(error.detail(), Some("pushed_authorization_request_endpoint"));
}

/// R67, R74.
#[test]
fn only_addresses_that_a_browser_may_come_back_to() {
    let mut session = open(&settings());
    for fine in
        ["https://app.example/cb", "http://127.0.0.1:1/cb", "http://[::1]:1/cb", "com.example.app:/cb"]
    {
        assert!(session.lead_authorization(START, &[1; 64], Some(fine)).is_ok(), "{fine}");
    }
    for wrong in
        ["http://app.example/cb", "app:/cb", "javascript:alert(1)", "https://app.example/cb#f", "", "/cb"]
    {
        assert!(session.lead_authorization(START, &[1; 64], Some(wrong)).is_err(), "{wrong}");
    }
}

/// What other processes wrote meanwhile is not overwritten by a set that counts as older.
#[test]
fn a_set_is_saved_before_it_serves() {
    let mut session = open(&settings()).with_store();
    let authorization = begin(&mut session, 10);
    let came = redirect(&authorization, "code=C");
    let flight = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap();
    drop(send(&mut session, START, flight));
    session.done(START, flight, tokens("AT", None));
    assert!(matches!(session.next(START, flight), Step::Lock));
    assert!(matches!(session.acquire(START), Acquire::Follow { token: None, .. }));
    session.done(START, flight, StepResult::Done);
    assert!(matches!(session.next(START, flight), Step::Load));
    let stored = json!({ "cxauth": 1, "generation": 41, "identity": "", "saved_at": 0 });
    let stored = Snapshot::from_text(&stored.to_string()).unwrap();
    session.done(START, flight, StepResult::Loaded(Some(stored)));
    let Step::Save { snapshot } = session.next(START, flight) else { panic!("not saved") };
    assert_eq!(snapshot.generation(), 42);
    assert_eq!(bearer(&mut session, START), None);
    session.done(START, flight, StepResult::Done);
    assert_eq!(bearer(&mut session, START).as_deref(), Some("Bearer AT"));
    assert!(matches!(session.next(START, flight), Step::Unlock));
    session.done(START, flight, StepResult::Done);
    assert!(matches!(session.next(START, flight), Step::Done { why: None }));
}

/// Who would ask a person looks into the store first: another process may have signed in.
#[test]
fn a_sign_in_of_another_process_is_found() {
    let mut one = open(&settings());
    let authorization = begin(&mut one, 12);
    let came = redirect(&authorization, "code=C");
    let flight = one.lead_code(START, authorization.sign_in().clone(), &came).unwrap();
    drop(send(&mut one, START, flight));
    one.done(START, flight, tokens("AT", Some("RT")));

    let mut session = open(&settings()).with_store();
    let mut look = |second: i64, stored: Option<Snapshot>| {
        let now = START.plus_seconds(second);
        let Acquire::Lead { flight, token: None, .. } = session.acquire(now) else { panic!("not looked") };
        assert!(matches!(session.next(now, flight), Step::Lock));
        session.done(now, flight, StepResult::Done);
        assert!(matches!(session.next(now, flight), Step::Load));
        session.done(now, flight, StepResult::Loaded(stored));
        assert!(matches!(session.next(now, flight), Step::Unlock));
        session.done(now, flight, StepResult::Done);
        assert!(matches!(session.next(now, flight), Step::Done { .. }));
        let again = session.acquire(now);
        assert!(matches!(again, Acquire::Denied { .. } | Acquire::Ready { .. }), "no look after the other");
        (bearer(&mut session, now), session.poll_event().is_some())
    };
    assert_eq!(look(0, None), (None, false));
    assert_eq!(look(1, None), (None, false));
    assert_eq!(look(2, Some(one.snapshot())), (Some("Bearer AT".to_string()), true));
}

#[test]
fn a_store_that_fails_loses_no_sign_in() {
    for failing in ["lock", "load"] {
        let mut session = open(&settings()).with_store();
        let authorization = begin(&mut session, 11);
        let came = redirect(&authorization, "code=C");
        let flight = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap();
        drop(send(&mut session, START, flight));
        session.done(START, flight, tokens("AT", Some("RT")));
        assert!(matches!(session.next(START, flight), Step::Lock));
        if failing == "load" {
            session.done(START, flight, StepResult::Done);
            assert!(matches!(session.next(START, flight), Step::Load));
        }
        session.done(START, flight, StepResult::Failed(Failure::Connect));
        assert_eq!(bearer(&mut session, START).as_deref(), Some("Bearer AT"));
        let step = session.next(START, flight);
        assert_eq!(matches!(step, Step::Unlock), failing == "load", "{step:?}");
    }
}

/// A new sign-in is perhaps another person's.
#[test]
fn nothing_of_the_sign_in_before_stays() {
    let mut session = open(&with(json!({ "refresh_token": "OLD" })));
    let authorization = begin(&mut session, 12);
    let came = redirect(&authorization, "code=C");
    let flight = session.lead_code(START, authorization.sign_in().clone(), &came).unwrap();
    drop(send(&mut session, START, flight));
    session.done(START, flight, tokens("AT", None));
    let end = START.plus_seconds(3600);
    let Acquire::Denied { why } = session.acquire(end) else { panic!("the old refresh token is not sent") };
    assert_eq!(why.code(), ErrorCode::SignInRequired);
}

fn device_answer(more: Value) -> StepResult {
    let mut body = json!({ "device_code": "DEV", "user_code": "WDJB-MJHT", "expires_in": 900,
        "verification_uri": "https://as.example/go" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    answer(200, &body)
}

fn pause(session: &mut Session, now: Timestamp, flight: FlightId) -> i64 {
    match session.next(now, flight) {
        Step::Pause { until } => until.millis_since(START) / 1000,
        step => panic!("{step:?}"),
    }
}

fn poll(session: &mut Session, second: i64, flight: FlightId, result: StepResult) -> Result<i64, Error> {
    let early = START.plus_seconds(second - 1);
    session.done(early, flight, StepResult::Done);
    assert_eq!(pause(session, early, flight), second, "nothing is asked early");
    let now = START.plus_seconds(second);
    session.done(now, flight, StepResult::Done);
    let request = send(session, now, flight);
    let sent = form(&request);
    assert_eq!(sent["grant_type"], "urn:ietf:params:oauth:grant-type:device_code");
    assert_eq!((sent["device_code"].as_str(), sent["client_id"].as_str()), ("DEV", "app"));
    session.done(now, flight, result);
    match session.next(now, flight) {
        Step::Pause { until } => Ok(until.millis_since(START) / 1000),
        Step::Done { why: Some(why) } => Err(why),
        Step::Done { why: None } => Ok(0),
        step => panic!("{step:?}"),
    }
}

fn begin_device(session: &mut Session, more: Value) -> FlightId {
    let flight = session.lead_device_sign_in(START).unwrap();
    let request = send(session, START, flight);
    assert_eq!(request.url(), "https://as.example/device");
    assert_eq!(form(&request)["scope"], "read write");
    session.done(START, flight, device_answer(more));
    let Step::Prompt { prompt } = session.next(START, flight) else { panic!("no prompt") };
    assert_eq!((prompt.user_code(), prompt.verification_uri()), ("WDJB-MJHT", "https://as.example/go"));
    assert_eq!(prompt.expires_at(), START.plus_seconds(900));
    session.done(START, flight, StepResult::Done);
    flight
}

/// R85.
#[test]
fn a_person_signs_in_on_another_device() {
    let mut session = open(&settings());
    let flight = begin_device(&mut session, json!({}));
    let error = |code: &str| answer(400, &json!({ "error": code }));
    assert_eq!(pause(&mut session, START, flight), 5, "without an interval");
    assert_eq!(poll(&mut session, 5, flight, error("authorization_pending")), Ok(10));
    assert_eq!(poll(&mut session, 10, flight, error("slow_down")), Ok(20));
    assert_eq!(poll(&mut session, 20, flight, error("authorization_pending")), Ok(30));
    assert_eq!(poll(&mut session, 30, flight, StepResult::Failed(Failure::Timeout)), Ok(50));
    assert_eq!(poll(&mut session, 50, flight, error("authorization_pending")), Ok(70));
    assert!(matches!(session.acquire(START.plus_seconds(60)), Acquire::Denied { .. }));
    assert_eq!(poll(&mut session, 70, flight, tokens("AT", Some("RT"))), Ok(0));
    assert_eq!(bearer(&mut session, START.plus_seconds(71)).as_deref(), Some("Bearer AT"));
}

#[test]
fn a_device_stops_asking() {
    for (code, expected) in [
        ("access_denied", ErrorCode::AuthorizationRefused),
        ("expired_token", ErrorCode::SignInExpired),
        ("invalid_client", ErrorCode::InvalidClient),
        ("something_else", ErrorCode::RequestRefused),
    ] {
        let mut session = open(&settings());
        let flight = begin_device(&mut session, json!({ "interval": 3 }));
        let why = poll(&mut session, 3, flight, answer(400, &json!({ "error": code }))).unwrap_err();
        assert_eq!((why.code(), why.server_error()), (expected, Some(code)));
    }
    let mut session = open(&settings());
    let flight = begin_device(&mut session, json!({ "interval": 895 }));
    let pending = answer(400, &json!({ "error": "authorization_pending" }));
    assert_eq!(poll(&mut session, 895, flight, pending), Ok(900));
    let end = START.plus_seconds(900);
    session.done(end, flight, StepResult::Done);
    let Step::Done { why: Some(why) } = session.next(end, flight) else { panic!("it is over") };
    assert_eq!(why.code(), ErrorCode::SignInExpired);

    for wrong in [
        json!({ "verification_uri": "javascript:alert(1)" }),
        json!({ "expires_in": 0 }),
        json!({ "user_code": "" }),
    ] {
        let flight = session.lead_device_sign_in(START).unwrap();
        drop(send(&mut session, START, flight));
        session.done(START, flight, device_answer(wrong));
        let Step::Done { why: Some(why) } = session.next(START, flight) else { panic!("taken") };
        assert_eq!(why.code(), ErrorCode::AnswerMalformed);
    }
}

/// A renewal of what is there does not end the sign-in of a person who is still at it; signing out does.
#[test]
fn a_renewal_leaves_a_sign_in_alone() {
    let mut session = open(&with(json!({ "refresh_token": "OLD" })));
    let flight = begin_device(&mut session, json!({}));
    let Acquire::Lead { flight: renewal, .. } = session.acquire(START) else { panic!("a renewal is due") };
    assert_eq!(form(&send(&mut session, START, renewal))["refresh_token"], "OLD");
    session.done(START, renewal, tokens("RENEWED", Some("RT2")));
    assert_eq!(pause(&mut session, START, flight), 5);
    assert_eq!(poll(&mut session, 5, flight, tokens("SIGNED-IN", None)), Ok(0));
    assert_eq!(bearer(&mut session, START.plus_seconds(5)).as_deref(), Some("Bearer SIGNED-IN"));

    let flight = begin_device(&mut session, json!({}));
    session.sign_out(START);
    assert!(matches!(session.next(START, flight), Step::Done { .. }));
}

/// A sign-in that begins meanwhile hides no renewal: a refresh token that rotates is sent once (R23).
#[test]
fn a_sign_in_starts_no_second_renewal() {
    let mut session = open(&with(json!({ "refresh_token": "OLD" })));
    let Acquire::Lead { flight: renewal, .. } = session.acquire(START) else { panic!("a renewal is due") };
    drop(send(&mut session, START, renewal));
    for seed in 0..20 {
        drop(begin(&mut session, seed));
        let _ = begin_device(&mut session, json!({}));
        assert!(matches!(session.acquire(START), Acquire::Follow { flight, .. } if flight == renewal));
    }
    let refused = answer(400, &json!({ "error": "unauthorized_client" }));
    session.done(START, renewal, refused);
    let Acquire::Denied { why } = session.acquire(START) else { panic!("the verdict is forgotten") };
    assert_eq!(why.code(), ErrorCode::UnauthorizedClient);
}

/// What was renewed is of the sign-in before, perhaps of another person.
#[test]
fn no_renewal_takes_the_place_of_a_later_sign_in() {
    let mut session = open(&with(json!({ "refresh_token": "OLD" })));
    let flight = begin_device(&mut session, json!({}));
    let Acquire::Lead { flight: renewal, .. } = session.acquire(START) else { panic!("a renewal is due") };
    drop(send(&mut session, START, renewal));
    assert_eq!(poll(&mut session, 5, flight, tokens("SIGNED-IN", None)), Ok(0));
    let now = START.plus_seconds(6);
    session.done(now, renewal, tokens("RENEWED", Some("RT2")));
    assert_eq!(bearer(&mut session, now).as_deref(), Some("Bearer SIGNED-IN"));
}

/// A leader that is gone may have spent the refresh token, whoever began to sign in meanwhile.
#[test]
fn a_renewal_that_ran_out_of_time_beside_a_sign_in_spent_its_refresh_token() {
    let more = json!({ "refresh_token": "OLD", "grant": "client_credentials", "client_secret": "secret" });
    let mut session = open(&with(more));
    let Acquire::Lead { flight: renewal, .. } = session.acquire(START) else { panic!("a renewal is due") };
    assert_eq!(form(&send(&mut session, START, renewal))["grant_type"], "refresh_token");
    let _ = begin_device(&mut session, json!({}));
    let late = START.plus_seconds(61);
    let Acquire::Lead { flight, .. } = session.acquire(late) else { panic!("a renewal is due") };
    assert_eq!(form(&send(&mut session, late, flight))["grant_type"], "client_credentials");
}

#[test]
fn exchanges_and_assertions_are_grants() {
    let exchange = json!({ "platform": "generic", "grant": "token_exchange", "client_id": "app",
        "token_endpoint": "https://as.example/token", "subject_token": "SUB", "actor_token": "ACT",
        "actor_token_type": "urn:ietf:params:oauth:token-type:jwt", "audience": "billing",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token", "scopes": ["a"] });
    let mut session = open(&exchange);
    let Acquire::Lead { flight, .. } = session.acquire(START) else { panic!("no flight") };
    let sent = form(&send(&mut session, START, flight));
    let token_type = |name| format!("urn:ietf:params:oauth:token-type:{name}");
    assert_eq!(sent["grant_type"], "urn:ietf:params:oauth:grant-type:token-exchange");
    assert_eq!((sent["subject_token"].as_str(), sent["actor_token"].as_str()), ("SUB", "ACT"));
    assert_eq!(sent["subject_token_type"], token_type("access_token"));
    assert_eq!(sent["actor_token_type"], token_type("jwt"));
    assert_eq!((sent["audience"].as_str(), sent["scope"].as_str()), ("billing", "a"));
    let body = json!({ "access_token": "X", "token_type": "Bearer", "expires_in": 60,
        "issued_token_type": token_type("access_token") });
    session.done(START, flight, answer(200, &body));
    assert_eq!(bearer(&mut session, START).as_deref(), Some("Bearer X"));

    let assertion = json!({ "platform": "generic", "grant": "jwt_bearer", "client_id": "app",
        "token_endpoint": "https://as.example/token", "assertion": { "function": "sign" } });
    let mut session = open(&assertion);
    let Acquire::Lead { flight, .. } = session.acquire(START) else { panic!("no flight") };
    assert!(matches!(session.next(START, flight), Step::ReadSecret { .. }));
    session.done(START, flight, StepResult::Secret("a.b.c".into()));
    let sent = form(&send(&mut session, START, flight));
    assert_eq!(sent["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(sent["assertion"], "a.b.c");
}
