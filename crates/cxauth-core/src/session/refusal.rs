//! What an API's answer says about the token that was sent (RFC 6750 §3).

use crate::{Challenge, json::Object};

/// What to do with an API's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "a refused request is sent once more, or its answer is the caller's"]
pub enum Refusal {
    /// Acquire a token again and send the request once more, once.
    Retry,
    /// The answer is the caller's: another token would not change it.
    Leave,
}

/// Whether the answer refuses the token. A missing or malformed challenge changes nothing.
pub(crate) fn refuses_token(status: u16, www_authenticate: &[&str], body_start: &[u8]) -> bool {
    let challenges: alloc::vec::Vec<_> =
        www_authenticate.iter().filter_map(|field| Challenge::parse(field)).flatten().collect();
    if status == 401 {
        // RFC 6750 §3.1: these two say that the token is good.
        return !challenges.iter().any(|challenge| {
            challenge.scheme() == "bearer"
                && matches!(challenge.parameter("error"), Some("insufficient_scope" | "invalid_request"))
        });
    }
    challenges.iter().any(|challenge| challenge.parameter("error") == Some("invalid_token"))
        || body_error(body_start).as_deref() == Some("invalid_token")
}

/// Whether the answer asks for a proof with the nonce that it brought (RFC 9449 §9).
pub(crate) fn wants_nonce(status: u16, www_authenticate: &[&str]) -> bool {
    let mut challenges = www_authenticate.iter().filter_map(|field| Challenge::parse(field)).flatten();
    status == 401
        && challenges.any(|challenge| {
            challenge.scheme() == "dpop" && challenge.parameter("error") == Some("use_dpop_nonce")
        })
}

fn body_error(body: &[u8]) -> Option<alloc::string::String> {
    let text = core::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}').trim_ascii();
    if text.starts_with('{') {
        return Object::parse(text).ok()?.member("error")?.text().ok();
    }
    let (_, value) = form_urlencoded::parse(text.as_bytes()).find(|(name, _)| name == "error")?;
    Some(value.into_owned())
}
