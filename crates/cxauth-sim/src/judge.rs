//! One request under judgement: what the endpoints share.

use axum::http::StatusCode;

use crate::journal::Rule;
use crate::reply::Reply;
use crate::request::Received;
use crate::server::Server;

/// A request, the server that it was sent to, and the time at which that happens. Each endpoint has its
/// own methods here; `Err` is the answer of a refusal.
pub(crate) struct Judge<'a> {
    pub(crate) server: &'a mut Server,
    pub(crate) request: &'a Received,
    pub(crate) now_ms: i64,
    /// The thumbprint of the key that the request has proved (RFC 9449 §6): tokens are bound to it.
    pub(crate) key: Option<String>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(server: &'a mut Server, request: &'a Received, now_ms: i64) -> Self {
        Judge { server, request, now_ms, key: None }
    }
}

impl Judge<'_> {
    /// Notes a broken rule, and refuses with `invalid_request`.
    pub(crate) fn broken<T>(
        &mut self,
        rule: Rule,
        detail: impl Into<String>,
        description: &str,
    ) -> Result<T, Reply> {
        self.server.violated(rule, detail);
        Err(bad_request("invalid_request", description))
    }

    /// A field that must be there.
    pub(crate) fn required(&mut self, name: &str) -> Result<String, Reply> {
        match self.request.field(name) {
            Some(value) => Ok(value.to_owned()),
            None => self.broken(Rule::MissingParameter, name, &format!("There is no {name}")),
        }
    }
}

pub(crate) fn bad_request(code: &str, description: &str) -> Reply {
    Reply::oauth_error(StatusCode::BAD_REQUEST, code, description)
}

pub(crate) fn invalid_client(description: &str) -> Reply {
    Reply::oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", description)
}
