//! Authorization requests that are pushed first (RFC 9126).

use axum::http::StatusCode;
use serde_json::json;

use crate::Verdict;
use crate::authorization::Problem;
use crate::dpop::{ProofProblem, Side};
use crate::journal::Rule;
use crate::judge::{Judge, bad_request};
use crate::reply::Reply;
use crate::request::{Received, values};
use crate::server::Server;
use crate::sign_ins::Wanted;
use crate::tokens::seconds;

/// Judges a pushed authorization request.
pub(crate) fn judge(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    let mut judge = Judge::new(server, request, now_ms);
    let reply = judge.push().unwrap_or_else(|refusal| refusal);
    judge.renew_nonce(Side::Token, reply)
}

impl Judge<'_> {
    /// §2.1: the client authenticates as at the token endpoint, and sends what it would send by the browser.
    fn push(&mut self) -> Result<Reply, Reply> {
        self.check_shape(&["resource"])?;
        let client = self.authenticate()?;
        self.key = self.proof(Side::Token, None).map_err(ProofProblem::at_token_endpoint)?;
        self.required("client_id")?;
        if self.request.field("request_uri").is_some() {
            return self.broken(
                Rule::ContradictoryParameters,
                "request_uri",
                "A request_uri has no place here",
            );
        }
        let fields = self.request.fields.as_ref().map_or(Vec::new(), |fields| fields.pairs.clone());
        let wanted = self
            .authorization_request(&fields)
            .map_err(|Problem { code, description, .. }| bad_request(code, description))?;
        if wanted.client != client.id {
            return self.broken(Rule::ContradictoryParameters, "client_id", "Two clients are named");
        }
        let lifetime = self.server.settings.sign_in.request_uri_lifetime;
        let expires_at_ms = self.now_ms.saturating_add(seconds(lifetime));
        let request_uri = self.server.sign_ins.push(wanted, expires_at_ms);
        let body = json!({ "request_uri": request_uri, "expires_in": lifetime });
        Ok(Reply::json(StatusCode::CREATED, &body, Verdict::Accepted).uncached())
    }

    /// §4: the browser brings the reference, once, and in time.
    pub(crate) fn pulled(&mut self, request_uri: &str) -> Result<Wanted, Problem> {
        let refuse = |description| Problem { back: None, code: "invalid_request_uri", description };
        let client = values(&self.request.query, "client_id").first().map(|id| (*id).to_owned());
        if client.is_none() {
            self.server.violated(Rule::MissingParameter, "client_id");
            return Err(refuse("The client is not named"));
        }
        let now_ms = self.now_ms;
        let pushed = self.server.sign_ins.pull(request_uri);
        let (wanted, expires_at_ms) =
            pushed.ok_or_else(|| refuse("The request_uri is unknown or was used before"))?;
        if Some(&wanted.client) != client.as_ref() {
            self.server.violated(Rule::ContradictoryParameters, "client_id differs from the pushed one");
            return Err(refuse("The request_uri belongs to another client"));
        }
        if now_ms >= expires_at_ms {
            return Err(refuse("The request_uri has expired"));
        }
        Ok(wanted)
    }
}
