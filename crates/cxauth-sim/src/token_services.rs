//! Revocation (RFC 7009) and introspection (RFC 7662): what a client does with a token beside using it.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::Verdict;
use crate::authorization::listed;
use crate::journal::Rule;
use crate::judge::{Judge, bad_request, invalid_client};
use crate::reply::Reply;
use crate::request::Received;
use crate::server::Server;

/// Judges a revocation.
pub(crate) fn judge_revocation(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    if !server.settings.revocation {
        return not_served();
    }
    Judge::new(server, request, now_ms).revocation().unwrap_or_else(|refusal| refusal)
}

/// Judges a question about a token.
pub(crate) fn judge_introspection(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    if !server.settings.introspection {
        return not_served();
    }
    Judge::new(server, request, now_ms).introspection().unwrap_or_else(|refusal| refusal)
}

fn not_served() -> Reply {
    let verdict = Verdict::Refused("not_found".into());
    Reply::json(StatusCode::NOT_FOUND, &json!({ "error": "not_found" }), verdict)
}

impl Judge<'_> {
    /// RFC 7009 §2.
    fn revocation(&mut self) -> Result<Reply, Reply> {
        self.check_shape(&[])?;
        let client = self.authenticate()?;
        let token = self.required("token")?;
        let owner = self.server.tokens.find(&token, self.now_ms).map(|known| known.holder.client.clone());
        if owner.as_ref().is_some_and(|owner| *owner != client.id) {
            self.server.violated(Rule::TokenOfAnotherClient, "a revocation of another client's token");
            return Err(bad_request("unauthorized_client", "The token belongs to another client"));
        }
        // §2.2: a token that is unknown is as good as revoked.
        self.server.tokens.revoke_either(&token);
        Ok(Reply { status: 200, headers: Vec::new(), body: Vec::new(), verdict: Verdict::Accepted }
            .uncached())
    }

    /// RFC 7662 §2.
    fn introspection(&mut self) -> Result<Reply, Reply> {
        self.check_shape(&[])?;
        let client = self.authenticate()?;
        if !client.is_confidential() {
            return Err(invalid_client("Only confidential clients may ask about tokens"));
        }
        let token = self.required("token")?;
        let body = self.told(&token).unwrap_or_else(|| json!({ "active": false }));
        Ok(Reply::json(StatusCode::OK, &body, Verdict::Accepted).uncached())
    }

    /// §2.2: about a token that does not work nothing is told but that.
    fn told(&self, token: &str) -> Option<Value> {
        let known = self.server.tokens.find(token, self.now_ms).filter(|known| known.active)?;
        let holder = known.holder;
        let mut body = Map::new();
        let mut set = |name: &str, value: Value| {
            body.insert(name.into(), value);
        };
        set("active", true.into());
        set("client_id", holder.client.clone().into());
        set("sub", holder.user.as_ref().unwrap_or(&holder.client).clone().into());
        set("iss", self.server.issuer().into());
        set("iat", known.issued_at_ms.div_euclid(1000).into());
        if let Some(user) = &holder.user {
            set("username", user.clone().into());
        }
        if let Some(expires_at_ms) = known.expires_at_ms {
            set("exp", expires_at_ms.div_euclid(1000).into());
        }
        if !holder.scopes.is_empty() {
            set("scope", listed(&holder.scopes).into());
        }
        if !holder.audience.is_empty() {
            set("aud", json!(holder.audience));
        }
        if let Some(actor) = &holder.actor {
            set("act", actor.clone());
        }
        if !known.is_refresh_token {
            let token_type = match &holder.key {
                Some(_) => "DPoP",
                None => &self.server.settings.token_type,
            };
            set("token_type", token_type.into());
            // RFC 9449 §6.2.
            if let Some(key) = &holder.key {
                set("cnf", json!({ "jkt": key }));
            }
        }
        Some(Value::Object(body))
    }
}
