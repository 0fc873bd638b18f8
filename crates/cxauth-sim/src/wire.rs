//! Answers as bytes on a connection, faults included.

use std::io;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, Uri};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::api::{gateway_refusal, invalid_token};
use crate::fault::{Effect, ExpiresIn, Malformation, RedirectTarget, RetryAfter};
use crate::platform::{
    REDIRECTED_API_PATH, REDIRECTED_METADATA_PATH, REDIRECTED_PAGE_PATH, REDIRECTED_TOKEN_PATH,
};
use crate::reply::Reply;
use crate::{Endpoint, Verdict};

/// The connection is dropped instead of an answer.
#[derive(Debug)]
pub(crate) struct Dropped;

/// What a fault's answer depends on.
pub(crate) struct Context<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) uri: &'a Uri,
    /// `http://127.0.0.1:PORT` of the foreign host.
    pub(crate) elsewhere: &'a str,
    pub(crate) now_ms: i64,
}

/// The answer of an effect that takes the request.
pub(crate) fn taken(effect: &Effect, context: &Context<'_>) -> Result<Response<Body>, Dropped> {
    match effect {
        Effect::Drop => Err(Dropped),
        Effect::Endless { chunk, pause_ms, limit } => Ok(endless(*chunk, *pause_ms, *limit)),
        effect => Ok(whole(reply(effect, context))),
    }
}

fn reply(effect: &Effect, context: &Context<'_>) -> Reply {
    match effect {
        Effect::Status { status, headers, body } => bare(*status, headers.clone(), body.clone().into_bytes()),
        Effect::OauthError { status, error, description } => {
            let body = json!({ "error": error, "error_description": description });
            json_text(*status, &body.to_string())
        }
        Effect::Unauthorized { challenge } => match challenge.as_deref() {
            None => invalid_token(),
            Some("") => bare(401, Vec::new(), Vec::new()),
            Some(challenge) => bare(401, vec![("www-authenticate".into(), challenge.into())], Vec::new()),
        },
        Effect::Gateway { code } => gateway_refusal(code),
        Effect::RateLimit { status, retry_after } => {
            let headers = retry_after.value(context.now_ms).map(|value| ("retry-after".into(), value));
            bare(*status, headers.into_iter().collect(), b"Too many requests".to_vec())
        }
        Effect::Redirect { status, to } => {
            bare(*status, vec![("location".into(), location(to, context))], Vec::new())
        }
        Effect::Malformed { form } => malformed(*form),
        // The rest never takes a request, or has no reply.
        _ => bare(500, Vec::new(), Vec::new()),
    }
}

fn bare(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Reply {
    Reply { status, headers, body, verdict: Verdict::NotProcessed }
}

fn json_text(status: u16, body: &str) -> Reply {
    bare(status, vec![("content-type".into(), "application/json".into())], body.as_bytes().to_vec())
}

impl RetryAfter {
    fn value(&self, now_ms: i64) -> Option<String> {
        match self {
            RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
            RetryAfter::Date(seconds) => Some(http_date(now_ms.div_euclid(1000).saturating_add(*seconds))),
            RetryAfter::Negative => Some("-30".into()),
            RetryAfter::Garbage => Some("soon".into()),
            RetryAfter::TenDigits => Some("9999999999".into()),
            RetryAfter::Absent => None,
        }
    }
}

/// `httpdate` writes years up to 9999 only.
fn http_date(unix_seconds: i64) -> String {
    let seconds = u64::try_from(unix_seconds).unwrap_or(0).min(253_402_300_799);
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

fn location(to: &RedirectTarget, context: &Context<'_>) -> String {
    let path = match context.endpoint {
        Endpoint::Api => REDIRECTED_API_PATH,
        Endpoint::Metadata => REDIRECTED_METADATA_PATH,
        Endpoint::Authorization | Endpoint::Verification => REDIRECTED_PAGE_PATH,
        _ => REDIRECTED_TOKEN_PATH,
    };
    match to {
        RedirectTarget::SameHost => path.into(),
        RedirectTarget::CrossHost => format!("{}{path}", context.elsewhere),
        RedirectTarget::Loop => context.uri.to_string(),
        RedirectTarget::Url(url) => url.clone(),
    }
}

fn malformed(form: Malformation) -> Reply {
    match form {
        Malformation::BadJson => json_text(200, r#"{"access_token":"cxauth-canary-fault","expires_in":"#),
        Malformation::DuplicateMembers => json_text(
            200,
            r#"{"access_token":"cxauth-canary-fault-1","access_token":"cxauth-canary-fault-2","token_type":"Bearer","expires_in":3600}"#,
        ),
        Malformation::WrongTypes => {
            json_text(200, r#"{"access_token":["cxauth-canary-fault"],"token_type":7,"expires_in":{}}"#)
        }
        Malformation::Html => bare(
            200,
            vec![("content-type".into(), "text/html".into())],
            b"<!doctype html><title>Welcome</title><p>Sign in to this network.".to_vec(),
        ),
        Malformation::ErrorInSuccess => {
            json_text(200, r#"{"error":"temporarily_unavailable","error_description":"Come back later"}"#)
        }
        Malformation::Empty => json_text(200, ""),
        Malformation::InvalidUtf8 => Reply {
            body: b"{\"access_token\":\"cxauth-canary-\xff\xfe\",\"token_type\":\"Bearer\"}".to_vec(),
            ..json_text(200, "")
        },
        Malformation::TrailingGarbage => json_text(
            200,
            r#"{"access_token":"cxauth-canary-fault","token_type":"Bearer","expires_in":3600}{"again":true}"#,
        ),
        Malformation::DeepNesting => {
            let depth = 100_000;
            json_text(200, &format!(r#"{{"access_token":{}{}}}"#, "[".repeat(depth), "]".repeat(depth)))
        }
        Malformation::HeaderInjection => json_text(
            200,
            r#"{"access_token":"cxauth-canary-fault\r\nX-Evil: 1","token_type":"Bearer","expires_in":3600}"#,
        ),
    }
}

/// The answer after the effects that edit it.
pub(crate) fn edited(mut reply: Reply, edits: &[Effect]) -> Response<Body> {
    let mut keep = None;
    for edit in edits {
        match edit {
            Effect::Members { set, remove } => edit_json(&mut reply, |members| {
                members.extend(set.clone());
                members.retain(|name, _| !remove.contains(name));
            }),
            Effect::ExpiresIn { form } => edit_lifetime(&mut reply, *form),
            Effect::Huge { bytes } => edit_json(&mut reply, |members| {
                members.insert("padding".into(), "x".repeat(*bytes).into());
            }),
            Effect::Headers { set } => {
                reply.headers.retain(|(name, _)| !set.iter().any(|(new, _)| new.eq_ignore_ascii_case(name)));
                reply.headers.extend(set.clone());
            }
            Effect::Truncate { keep: bytes } => keep = Some(*bytes),
            _ => {}
        }
    }
    match keep {
        Some(keep) => truncated(reply, keep),
        None => whole(reply),
    }
}

fn edit_json(reply: &mut Reply, edit: impl FnOnce(&mut serde_json::Map<String, Value>)) {
    if let Ok(Value::Object(mut members)) = serde_json::from_slice(&reply.body) {
        edit(&mut members);
        reply.body = Value::Object(members).to_string().into_bytes();
    }
}

fn edit_lifetime(reply: &mut Reply, form: ExpiresIn) {
    // Some forms are beyond what a JSON value can hold, so a mark goes in first and the text after it.
    const MARK: &str = "<expires_in>";
    let mut written = String::new();
    edit_json(reply, |members| {
        let seconds = members.get("expires_in").and_then(Value::as_u64);
        written = match (form, seconds) {
            (ExpiresIn::Absent, _) | (_, None) => {
                members.remove("expires_in");
                return;
            }
            (ExpiresIn::Text, Some(seconds)) => format!("\"{seconds}\""),
            (ExpiresIn::Float, Some(seconds)) => format!("{seconds}.0"),
            (ExpiresIn::Milliseconds, Some(seconds)) => seconds.saturating_mul(1000).to_string(),
            (ExpiresIn::Null, _) => "null".into(),
            (ExpiresIn::Zero, _) => "0".into(),
            (ExpiresIn::Negative, _) => "-1".into(),
            (ExpiresIn::Boolean, _) => "true".into(),
            (ExpiresIn::BeyondNumbers, _) => "1e400".into(),
            (ExpiresIn::Huge, _) => "18446744073709551616".into(),
        };
        members.insert("expires_in".into(), MARK.into());
    });
    let text = String::from_utf8_lossy(&reply.body).replace(&format!("\"{MARK}\""), &written);
    reply.body = text.into_bytes();
}

fn whole(reply: Reply) -> Response<Body> {
    let body = Body::from(reply.body);
    response(reply.status, &reply.headers, body)
}

fn truncated(reply: Reply, keep: usize) -> Response<Body> {
    let length = reply.body.len().to_string();
    let body = Bytes::from(reply.body);
    let kept = body.slice(..keep.min(body.len()));
    let cut = io::Error::other("cut off by a fault");
    let chunks = stream::iter([Ok(kept)]).chain(broken_off(cut));
    let headers: Vec<_> = reply.headers.into_iter().chain([("content-length".into(), length)]).collect();
    response(reply.status, &headers, Body::from_stream(chunks))
}

/// Yields once first, so that the bytes before the error are flushed instead of lost with it.
fn broken_off(error: io::Error) -> impl stream::Stream<Item = io::Result<Bytes>> {
    stream::once(async move {
        tokio::task::yield_now().await;
        Err(error)
    })
}

fn endless(chunk: usize, pause_ms: u64, limit: usize) -> Response<Body> {
    let opening = br#"{"access_token":"cxauth-canary-fault","padding":""#;
    let chunk = chunk.max(1);
    let opened = stream::iter(opening.chunks(chunk).map(Bytes::from_static).collect::<Vec<_>>());
    let filling = stream::repeat(Bytes::from(vec![b'x'; chunk])).take(limit / chunk);
    let chunks = opened.chain(filling).then(move |part| async move {
        if pause_ms > 0 {
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        }
        Ok::<_, io::Error>(part)
    });
    let end = broken_off(io::Error::other("the simulator's own bound"));
    let headers = [("content-type".to_owned(), "application/json".to_owned())];
    response(200, &headers, Body::from_stream(chunks.chain(end)))
}

/// A header or a status that cannot be sent is left out: faults come from outside.
fn response(status: u16, headers: &[(String, String)], body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// The answer to a browser's question whether it may ask (the Fetch standard's CORS protocol).
pub(crate) fn preflight(asked: &axum::http::HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let copied = [
        ("access-control-request-method", "access-control-allow-methods"),
        ("access-control-request-headers", "access-control-allow-headers"),
    ];
    for (question, answer) in copied {
        if let Some(value) = asked.get(question) {
            response.headers_mut().insert(answer, value.clone());
        }
    }
    // So that a page from the public web may reach loopback at all (Private Network Access).
    response.headers_mut().insert("access-control-allow-private-network", HeaderValue::from_static("true"));
    readable_by_browsers(&mut response);
    response
}

pub(crate) fn readable_by_browsers(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    let exposed = HeaderValue::from_static("www-authenticate, retry-after, date, dpop-nonce");
    headers.insert("access-control-expose-headers", exposed);
}
