//! What came out of a step, as the values that an expectation is compared with.

use super::sign_in;
use crate::secret;
use cxauth_core::{AccessToken, DevicePrompt, Error, Timestamp, TokenRequest};
use serde_json::{Map, Value, json};

/// The scenario's time: seconds since its epoch.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    epoch: Timestamp,
}

impl Clock {
    /// `epoch` in Unix seconds.
    pub(super) fn new(epoch: f64) -> Self {
        Self { epoch: Timestamp::default().plus_millis(millis(epoch)) }
    }

    pub(super) fn moment(self, at: f64) -> Timestamp {
        self.epoch.plus_millis(millis(at))
    }

    pub(super) fn seconds(self, moment: Timestamp) -> Value {
        (moment.millis_since(self.epoch) as f64 / 1000.0).into()
    }

    pub(super) fn token(self, token: &AccessToken) -> Value {
        let mut headers: Map<String, Value> =
            token.api_headers().map(|(name, value)| (name.to_string(), value.into())).collect();
        headers.insert(token.header_name().to_string(), secret::header_value_as_json(token));
        let expires_at = token.expires_at().map_or(Value::Null, |moment| self.seconds(moment));
        json!({ "headers": headers, "expires_at": expires_at, "scopes": token.scopes() })
    }

    pub(super) fn wait(self, until: Option<Timestamp>, why: &Error) -> Value {
        let until = until.map_or(Value::Null, |until| self.seconds(until));
        json!({ "wait": { "until": until, "error": error_value(why) }, "no_token": no_token(why) })
    }

    /// What is shown, and when the server is asked next.
    pub(super) fn prompt(self, prompt: &DevicePrompt, ask_at: Timestamp) -> Value {
        json!({ "prompt": {
            "user_code": prompt.user_code(),
            "verification_uri": prompt.verification_uri(),
            "verification_uri_complete": prompt.verification_uri_complete(),
            "expires_at": self.seconds(prompt.expires_at()),
            "ask_at": self.seconds(ask_at),
        } })
    }

    pub(super) fn pause(self, until: Timestamp) -> Value {
        json!({ "pause": { "until": self.seconds(until) } })
    }
}

fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

pub(super) fn error(error: &Error) -> Value {
    json!({ "error": error_value(error), "no_token": no_token(error) })
}

fn error_value(error: &Error) -> Value {
    json!({
        "action": error.action().as_str(),
        "code": error.code().as_str(),
        "server_error": error.server_error(),
    })
}

fn no_token(error: &Error) -> Value {
    json!({ "server_error": error.server_error() })
}

/// The request, with names for what was drawn from the entropy; and the state, if it carries one.
pub(super) fn request(request: &TokenRequest) -> (Value, Option<String>) {
    let headers: Map<String, Value> =
        request.headers().map(|(name, value)| (name.to_string(), value.into())).collect();
    let mut value = json!({
        "method": request.method(),
        "url": request.url(),
        "body": String::from_utf8_lossy(request.body()),
    });
    let (key, mut fields) = match headers.get("content-type").and_then(Value::as_str) {
        Some("application/x-www-form-urlencoded") => ("form", form(request.body())),
        Some("application/json") => ("json", serde_json::from_slice(request.body()).unwrap_or_default()),
        _ => ("", Value::Null),
    };
    let state = sign_in::name_drawn(&mut fields);
    if !key.is_empty() {
        value[key] = fields;
    }
    value["headers"] = headers.into();
    (value, state)
}

/// A field that stands twice comes out as an array, which no expectation of one text equals.
pub(super) fn form(body: &[u8]) -> Value {
    let mut form = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let value = Value::from(value);
        match form.get_mut(&*name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
            None => {
                form.insert(name.into_owned(), value);
            }
        }
    }
    form.into()
}
