//! The control API: everything that [`Controls`] does, over HTTP and as JSON, for tests in other languages.

use std::net::TcpListener as StdTcpListener;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use crate::journal::Counters;
use crate::{
    ArmedFault, ClockReading, Controls, Decision, DeviceDecision, Fault, Journal, Platform, Settings,
    SigningKey, Snapshot, wire,
};

/// Serves until the task is dropped.
pub(crate) async fn serve(listener: StdTcpListener, controls: Controls) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let routes = Router::new()
        .route("/_sim/addresses", get(addresses))
        .route("/_sim/connections", get(connections))
        .route("/_sim/further-connections", get(further_connections))
        .route("/_sim/sign-in", post(sign_in))
        .route("/_sim/signing-keys", get(signing_keys))
        .route("/_sim/device", post(decide_device))
        .route("/_sim/settings/{platform}", get(settings).patch(change_settings))
        .route("/_sim/secret/{platform}", post(change_secret))
        .route("/_sim/associate/{platform}", post(associate))
        .route("/_sim/revoke/{platform}", post(revoke))
        .route("/_sim/secrets", get(secrets))
        .route("/_sim/faults", get(faults).post(arm).delete(clear_faults))
        .route("/_sim/faults/{number}", delete(clear_fault))
        .route("/_sim/release", post(release))
        .route("/_sim/clock", get(clock).post(steer_clock))
        .route("/_sim/journal", get(snapshot).delete(reset_journals))
        .route("/_sim/journal/{platform}", get(journal))
        .route("/_sim/violations", get(violations))
        .route("/_sim/wait", post(wait))
        .layer(middleware::from_fn(for_browsers))
        .with_state(controls);
    let _ = axum::serve(listener, routes).await;
}

/// Test pages in browsers steer the simulator too.
async fn for_browsers(request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS {
        return wire::preflight(request.headers());
    }
    let mut response = next.run(request).await;
    wire::readable_by_browsers(&mut response);
    response
}

/// What is wrong with a request to the control API.
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

fn platform(id: &str) -> Result<Platform, Refusal> {
    let known = || Platform::ALL.map(Platform::id).join(", ");
    let unknown = || Refusal(StatusCode::NOT_FOUND, format!("no such platform; take one of: {}", known()));
    Platform::from_id(id).ok_or_else(unknown)
}

async fn addresses(State(controls): State<Controls>) -> Json<Value> {
    Json(controls.addresses())
}

async fn connections(State(controls): State<Controls>) -> Json<Value> {
    Json(json!(controls.connections()))
}

async fn further_connections(State(controls): State<Controls>) -> Json<Value> {
    Json(json!(controls.further_connections()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SigningIn {
    /// The authorization URL.
    url: String,
    #[serde(default = "approve")]
    decision: Decision,
}

fn approve() -> Decision {
    Decision::Approve
}

async fn sign_in(
    State(controls): State<Controls>,
    Json(person): Json<SigningIn>,
) -> Result<Json<Value>, Refusal> {
    match controls.sign_in(&person.url, person.decision) {
        Ok(redirect) => Ok(Json(json!({ "redirect": redirect }))),
        Err(problem) => Err(Refusal(StatusCode::UNPROCESSABLE_ENTITY, problem)),
    }
}

async fn signing_keys() -> Json<&'static [SigningKey]> {
    Json(crate::signing_keys())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecidingDevice {
    #[serde(default)]
    user_code: Option<String>,
    decision: DeviceDecision,
}

async fn decide_device(
    State(controls): State<Controls>,
    Json(person): Json<DecidingDevice>,
) -> Result<StatusCode, Refusal> {
    controls
        .decide_device(person.user_code.as_deref(), person.decision)
        .map_err(|problem| Refusal(StatusCode::UNPROCESSABLE_ENTITY, problem))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn settings(
    State(controls): State<Controls>,
    Path(id): Path<String>,
) -> Result<Json<Settings>, Refusal> {
    Ok(Json(controls.settings(platform(&id)?)))
}

/// The members of the body replace those of the settings.
async fn change_settings(
    State(controls): State<Controls>,
    Path(id): Path<String>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Json<Settings>, Refusal> {
    let platform = platform(&id)?;
    let mut merged = json!(controls.settings(platform));
    merge(&mut merged, Value::Object(changes));
    let changed: Settings = serde_json::from_value(merged)
        .map_err(|error| Refusal(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    controls.configure(platform, |settings| *settings = changed.clone());
    Ok(Json(changed))
}

/// Objects are merged member by member; everything else is replaced.
fn merge(into: &mut Value, changes: Value) {
    match (into, changes) {
        (Value::Object(members), Value::Object(changes)) => {
            for (name, change) in changes {
                merge(members.entry(name).or_insert(Value::Null), change);
            }
        }
        (into, change) => *into = change,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSecret {
    client_secret: String,
    #[serde(default)]
    overlap_seconds: f64,
}

async fn change_secret(
    State(controls): State<Controls>,
    Path(id): Path<String>,
    Json(new): Json<NewSecret>,
) -> Result<StatusCode, Refusal> {
    controls.change_secret(platform(&id)?, new.client_secret, duration(new.overlap_seconds)?);
    Ok(StatusCode::NO_CONTENT)
}

async fn associate(State(controls): State<Controls>, Path(id): Path<String>) -> Result<StatusCode, Refusal> {
    controls.associate(platform(&id)?);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    #[serde(default)]
    access_tokens: bool,
    #[serde(default)]
    refresh_tokens: bool,
    #[serde(default)]
    token: Option<String>,
}

async fn revoke(
    State(controls): State<Controls>,
    Path(id): Path<String>,
    Json(what): Json<Revocation>,
) -> Result<StatusCode, Refusal> {
    let platform = platform(&id)?;
    if what.access_tokens {
        controls.revoke_access_tokens(platform);
    }
    if what.refresh_tokens {
        controls.revoke_refresh_tokens(platform);
    }
    if let Some(token) = what.token {
        controls.revoke_token(platform, &token);
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn secrets(State(controls): State<Controls>) -> Json<Vec<String>> {
    Json(controls.secrets())
}

async fn faults(State(controls): State<Controls>) -> Json<Vec<ArmedFault>> {
    Json(controls.faults())
}

#[derive(Serialize)]
struct Armed {
    number: u64,
}

async fn arm(State(controls): State<Controls>, Json(fault): Json<Fault>) -> (StatusCode, Json<Armed>) {
    (StatusCode::CREATED, Json(Armed { number: controls.arm(fault) }))
}

async fn clear_faults(State(controls): State<Controls>) -> StatusCode {
    controls.clear_faults();
    StatusCode::NO_CONTENT
}

async fn clear_fault(State(controls): State<Controls>, Path(number): Path<u64>) -> StatusCode {
    controls.clear_fault(number);
    StatusCode::NO_CONTENT
}

async fn release(State(controls): State<Controls>) -> StatusCode {
    controls.release();
    StatusCode::NO_CONTENT
}

async fn clock(State(controls): State<Controls>) -> Json<ClockReading> {
    Json(controls.clock())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Steering {
    /// Below zero: back.
    #[serde(default)]
    advance_seconds: f64,
    #[serde(default)]
    frozen: Option<bool>,
}

async fn steer_clock(
    State(controls): State<Controls>,
    Json(steering): Json<Steering>,
) -> Result<Json<ClockReading>, Refusal> {
    let by = duration(steering.advance_seconds.abs())?;
    match steering.frozen {
        Some(true) => controls.freeze(),
        Some(false) => controls.resume(),
        None => {}
    }
    if steering.advance_seconds < 0.0 {
        controls.step_back(by);
    } else {
        controls.advance(by);
    }
    Ok(Json(controls.clock()))
}

fn duration(seconds: f64) -> Result<Duration, Refusal> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|error| Refusal(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}

async fn snapshot(State(controls): State<Controls>) -> Json<Snapshot> {
    Json(controls.snapshot())
}

async fn reset_journals(State(controls): State<Controls>) -> StatusCode {
    controls.reset_journals();
    StatusCode::NO_CONTENT
}

async fn journal(State(controls): State<Controls>, Path(id): Path<String>) -> Result<Json<Journal>, Refusal> {
    Ok(Json(controls.journal(platform(&id)?)))
}

async fn violations(State(controls): State<Controls>) -> Json<Value> {
    let listed = controls.violations().into_iter().map(|(platform, violation)| {
        json!({
            "platform": platform,
            "request": violation.request,
            "rule": violation.rule,
            "detail": violation.detail,
        })
    });
    Json(listed.collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiting {
    platform: Platform,
    /// The name of a counter.
    counter: String,
    at_least: u64,
    #[serde(default = "ten_seconds")]
    timeout_seconds: f64,
}

fn ten_seconds() -> f64 {
    10.0
}

/// Answers as soon as a counter has got so far, or 408.
async fn wait(State(controls): State<Controls>, Json(waiting): Json<Waiting>) -> Result<StatusCode, Refusal> {
    if count(&Counters::default(), &waiting.counter).is_none() {
        let unknown = format!("no counter is called {:?}", waiting.counter);
        return Err(Refusal(StatusCode::UNPROCESSABLE_ENTITY, unknown));
    }
    let reached = controls.wait_until(waiting.platform, |journal| {
        count(&journal.counters, &waiting.counter).is_some_and(|count| count >= waiting.at_least)
    });
    match tokio::time::timeout(duration(waiting.timeout_seconds)?, reached).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(_) => Err(Refusal(StatusCode::REQUEST_TIMEOUT, "the counter did not get so far".into())),
    }
}

fn count(counters: &Counters, name: &str) -> Option<u64> {
    json!(counters).get(name)?.as_u64()
}
