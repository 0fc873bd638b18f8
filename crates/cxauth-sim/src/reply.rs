//! An answer before it becomes HTTP.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::Verdict;

/// An answer, and what it means for the journal.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) verdict: Verdict,
}

impl Reply {
    pub(crate) fn json(status: StatusCode, body: &Value, verdict: Verdict) -> Reply {
        Reply {
            status: status.as_u16(),
            headers: vec![("content-type".into(), "application/json;charset=UTF-8".into())],
            body: body.to_string().into_bytes(),
            verdict,
        }
    }

    /// An error answer of a token endpoint (RFC 6749 §5.2).
    pub(crate) fn oauth_error(status: StatusCode, code: &str, description: &str) -> Reply {
        let body = json!({ "error": code, "error_description": description });
        Reply::json(status, &body, Verdict::Refused(code.into())).uncached()
    }

    /// An API's refusal with a challenge (RFC 6750 §3).
    pub(crate) fn challenge(
        status: StatusCode,
        code: Option<&str>,
        description: &str,
        scope: Option<&str>,
    ) -> Reply {
        let mut challenge = String::from("Bearer realm=\"cxauth-sim\"");
        let mut body = Map::new();
        if let Some(code) = code {
            challenge += &format!(", error=\"{code}\", error_description=\"{description}\"");
            body.insert("error".into(), code.into());
            body.insert("error_description".into(), description.into());
        }
        if let Some(scope) = scope {
            challenge += &format!(", scope=\"{scope}\"");
        }
        let verdict = Verdict::Refused(code.unwrap_or("no_token").into());
        Reply::json(status, &Value::Object(body), verdict).with_header("www-authenticate", &challenge)
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// RFC 6749 §5.1: what holds tokens is not cached.
    pub(crate) fn uncached(self) -> Reply {
        self.with_header("cache-control", "no-store").with_header("pragma", "no-cache")
    }
}
