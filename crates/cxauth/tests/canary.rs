//! I02: no secret and no token in anything that is printed, logged, counted or panicked with, whatever goes wrong.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use base64::{Engine, engine::general_purpose::STANDARD};
use cxauth::{Client, Event, Settings};
use cxauth_sim::{Effect, Endpoint, ExpiresIn, Fault, Malformation, RedirectTarget, RetryAfter, Simulator};
use http::{HeaderMap, Method};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fmt::Write,
    io, panic,
    sync::{Arc, Mutex},
    time::Duration,
};
use support::{World, soon};
use tracing_subscriber::fmt::MakeWriter;

const CANARY: &str = "cxauth-canary-";

/// Everything that anybody could read.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<String>>);

impl Seen {
    fn note(&self, text: &str) {
        self.0.lock().unwrap().push_str(text);
        self.0.lock().unwrap().push('\n');
    }
}

impl io::Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Seen {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Recorder for Seen {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.note(&format!("counter {key}"));
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.note(&format!("gauge {key}"));
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.note(&format!("histogram {key}"));
        Histogram::noop()
    }
}

fn faults() -> Vec<Fault> {
    let token = |effect| Fault::new(effect).at(Endpoint::Token).at(Endpoint::Refresh);
    let api = |effect| Fault::new(effect).at(Endpoint::Api);
    let status = |status| Effect::Status { status, headers: vec![], body: "<html>".into() };
    let error = |status, error: &str| Effect::OauthError {
        status,
        error: error.into(),
        description: "\u{1b}[31mred\r\n".into(),
    };
    let mut faults = Vec::new();
    for code in [204, 300, 304, 400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504] {
        faults.extend([token(status(code)), api(status(code))]);
    }
    for code in [
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
        "temporarily_unavailable",
        "\u{1b}[2J",
    ] {
        faults.extend([token(error(400, code)), token(error(401, code)), token(error(200, code))]);
    }
    for code in [301, 302, 303, 307, 308] {
        for to in [RedirectTarget::SameHost, RedirectTarget::CrossHost, RedirectTarget::Loop] {
            let effect = Effect::Redirect { status: code, to };
            faults.extend([token(effect.clone()), api(effect)]);
        }
    }
    for retry_after in [
        RetryAfter::Seconds(30),
        RetryAfter::Date(30),
        RetryAfter::Negative,
        RetryAfter::Garbage,
        RetryAfter::TenDigits,
        RetryAfter::Absent,
    ] {
        faults.push(token(Effect::RateLimit { status: 429, retry_after }));
    }
    for form in [
        Malformation::BadJson,
        Malformation::DuplicateMembers,
        Malformation::WrongTypes,
        Malformation::Html,
        Malformation::ErrorInSuccess,
        Malformation::Empty,
        Malformation::InvalidUtf8,
        Malformation::TrailingGarbage,
        Malformation::DeepNesting,
        Malformation::HeaderInjection,
    ] {
        faults.extend([token(Effect::Malformed { form }), token(Effect::Malformed { form }).processed()]);
    }
    for form in [
        ExpiresIn::Text,
        ExpiresIn::Float,
        ExpiresIn::Null,
        ExpiresIn::Absent,
        ExpiresIn::Zero,
        ExpiresIn::Negative,
        ExpiresIn::Boolean,
        ExpiresIn::BeyondNumbers,
        ExpiresIn::Huge,
        ExpiresIn::Milliseconds,
    ] {
        faults.push(token(Effect::ExpiresIn { form }));
    }
    for effect in [
        Effect::Drop,
        Effect::Truncate { keep: 40 },
        Effect::Huge { bytes: 100_000 },
        Effect::Endless { chunk: 4096, pause_ms: 0, limit: 1 << 20 },
        Effect::Headers { set: vec![("set-cookie".into(), "a=b".into())] },
        Effect::Unauthorized { challenge: None },
        Effect::Unauthorized { challenge: Some("\u{20}, Bearer =".into()) },
        Effect::Gateway { code: "ERR_403_DEVELOPER_OVER_QPS".into() },
    ] {
        faults.extend([token(effect.clone()), token(effect.clone()).processed(), api(effect)]);
    }
    faults.push(api(Effect::RevokeToken));
    faults
}

/// Everything that a program might print of a client that is in trouble.
async fn exercise(world: &World, client: &Client, seen: &Seen) {
    let mut events = client.subscribe();
    for _ in 0..3 {
        let mut text = String::new();
        match soon(client.token()).await {
            Ok(token) => {
                let header = client.with_header(|name, value| format!("{name:?} {value:?}"));
                write!(text, "{token:?} {header:?} ").unwrap();
                let refusal = client.refused(&token, 403, &HeaderMap::new(), b"");
                write!(text, "{refusal:?} ").unwrap();
            }
            Err(error) => write!(text, "{error} {error:?} ").unwrap(),
        }
        let request = client.request(Method::POST, "whoami").body("x");
        write!(text, "{request:?} ").unwrap();
        match soon(request.send()).await {
            Ok(answer) => {
                write!(text, "{answer:?} ").unwrap();
                write!(text, "{:?} ", soon(answer.text()).await.is_ok()).unwrap();
            }
            Err(error) => {
                write!(text, "{error} {error:?} {:?} ", std::error::Error::source(&error)).unwrap();
            }
        }
        let url = client.request(Method::GET, "items").build().unwrap();
        let mut request = url;
        let authorized = client.authorize(&mut request).await;
        write!(text, "{request:?} {authorized:?} {client:?} {:?}", client.status()).unwrap();
        seen.note(&text);
        soon(client.settle()).await;
        world.pass(1800);
    }
    while let Ok(event) = events.try_recv() {
        let event: Event = event;
        seen.note(&format!("{event:?}"));
    }
}

/// R26.
#[tokio::test]
async fn i02_no_secret_is_printed_whatever_goes_wrong() {
    let seen = Seen::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(seen.clone()).init();
    metrics::set_global_recorder(seen.clone()).unwrap();
    let panics = seen.clone();
    panic::set_hook(Box::new(move |what| panics.note(&format!("PANIC {what}"))));

    let (mut secrets, mut names, mut basics) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut counted = 0;
    for (name, every) in [("generic", 1), ("generic/basic", 5), ("generic/password", 2), ("cloudlx", 5)] {
        let directory = tempfile::tempdir().unwrap();
        let world = World::with(Simulator::start().await.unwrap());
        for (number, fault) in faults().into_iter().enumerate().step_by(every) {
            let mut builder = world.builder(name).timeout(Duration::from_secs(5));
            if number / 2 % 2 == 0 {
                let store = directory.path().join(number.to_string());
                builder = builder.store(cxauth::store::FileStore::new(store));
            }
            let client = builder.build().unwrap();
            world.arm(fault.skip(u64::from(number % 3 == 0)).times(3));
            exercise(&world, &client, &seen).await;
            world.clear_faults();
            if number % 7 == 0 {
                client.change(Settings::default().client_secret("cxauth-canary-changed")).unwrap();
                let _ = client.token().await;
                client.sign_out().await.unwrap();
            }
            counted += 1;
        }
        secrets.extend(world.simulator.secrets());
        let connection = &world.simulator.connections()[name];
        let public = ["client_id", "username"].into_iter().filter_map(|name| connection[name].as_str());
        names.extend(public.map(str::to_owned));
        basics.push(basic(connection));
        world.assert_no_violations();
    }
    secrets.insert("cxauth-canary-changed".into());
    let _ = panic::take_hook();

    let seen = seen.0.lock().unwrap();
    assert!(!seen.contains("PANIC"), "{}", &seen[seen.find("PANIC").unwrap()..]);
    assert!(counted > 200 && secrets.len() > 400 && seen.len() > 1_000_000, "{counted} {}", secrets.len());
    for part in ["cxauth_renewed_total", "event=\"renewed\"", "event=\"waiting\"", "TRACE"] {
        assert!(seen.contains(part), "{part} should have been seen");
    }
    // Every secret and token of the simulator has the canary in it, and so have names that anybody may know.
    assert!(secrets.iter().all(|secret| secret.contains(CANARY)));
    for (at, _) in seen.match_indices(CANARY) {
        let known = names.iter().any(|name| seen[at..].starts_with(name.as_str()));
        assert!(known, "a secret was printed: {}", line(&seen, at));
    }
    for basic in basics {
        assert_eq!(seen.find(&basic).map(|at| line(&seen, at)), None);
    }
}

fn line(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |start| start + 1);
    &text[start..text[at..].find('\n').map_or(text.len(), |end| at + end)]
}

/// What HTTP Basic makes of a client's name and secret.
fn basic(connection: &Value) -> String {
    let encode = |name: &str| -> String {
        let text = connection[name].as_str().unwrap();
        form_urlencoded::byte_serialize(text.as_bytes()).collect()
    };
    STANDARD.encode(format!("{}:{}", encode("client_id"), encode("client_secret")))
}
