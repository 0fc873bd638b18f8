//! Token exchange (RFC 8693): a token for another place, as the subject or on the subject's behalf.

use serde_json::{Value, json};

use crate::assertion::Purpose;
use crate::journal::Rule;
use crate::judge::{Judge, bad_request};
use crate::reply::Reply;
use crate::settings::{Client, Grant};
use crate::tokens::{Holder, Issued};

/// §3.
pub(crate) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const REFRESH_TOKEN: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// Whom a token is about.
struct Party {
    name: String,
    holder: Option<Holder>,
}

impl Judge<'_> {
    /// §2.1.
    pub(crate) fn exchange(&mut self, client: &Client) -> Result<Issued, Reply> {
        let subject = self.party("subject_token", "subject_token_type")?;
        let actor = match (self.request.field("actor_token"), self.request.field("actor_token_type")) {
            (None, None) => None,
            (Some(_), Some(_)) => Some(self.party("actor_token", "actor_token_type")?),
            // §2.1: the type is there if the token is, and only then.
            (Some(_), None) => {
                return self.broken(
                    Rule::MissingParameter,
                    "actor_token_type",
                    "There is no actor_token_type",
                );
            }
            (None, Some(_)) => {
                return self.broken(
                    Rule::ContradictoryParameters,
                    "actor_token_type without actor_token",
                    "There is no actor_token",
                );
            }
        };
        match self.request.field("requested_token_type") {
            None | Some(ACCESS_TOKEN) => {}
            Some(_) => return Err(bad_request("invalid_request", "Only access tokens are made here")),
        }
        let settings = &self.server.settings.token_exchange;
        let allowed = if actor.is_some() { settings.delegation } else { settings.impersonation };
        if !allowed {
            return Err(bad_request("unauthorized_client", "The server does not allow this exchange"));
        }
        let asked = self.asked()?;
        let audiences: Vec<String> = self.request.fields("audience").into_iter().map(str::to_owned).collect();
        let known = &self.server.settings.token_exchange.audiences;
        if !known.is_empty() && !audiences.iter().all(|audience| known.contains(audience)) {
            return Err(bad_request("invalid_target", "An audience is unknown"));
        }
        let held = subject.holder.as_ref().map(|holder| holder.scopes.clone());
        let scopes = match (asked.scopes, held) {
            (Some(scopes), Some(held)) if !scopes.is_subset(&held) => {
                return Err(bad_request("invalid_scope", "The scope exceeds the subject's"));
            }
            (Some(scopes), _) => scopes,
            (None, held) => held.unwrap_or_else(|| self.default_scopes()),
        };
        let before = subject.holder.as_ref().and_then(|holder| holder.actor.clone());
        let holder = Holder {
            client: client.id.clone(),
            user: Some(subject.name),
            scopes,
            audience: asked.resources.into_iter().chain(audiences).collect(),
            actor: actor.map(|actor| acting(&actor.name, before)),
            ..Holder::default()
        };
        Ok(self.tokens_for(holder, Grant::TokenExchange))
    }

    fn party(&mut self, token_field: &'static str, type_field: &'static str) -> Result<Party, Reply> {
        let token = self.required(token_field)?;
        let kind = self.required(type_field)?;
        let invalid = || bad_request("invalid_request", "A token is not valid or not of its type");
        if kind == JWT {
            let assertion = self.assertion(&token, Purpose::Exchanged).map_err(|_| invalid())?;
            return Ok(Party { name: assertion.subject, holder: None });
        }
        let is_refresh_token = match kind.as_str() {
            ACCESS_TOKEN => false,
            REFRESH_TOKEN => true,
            _ => return Err(bad_request("invalid_request", "A token type is not served")),
        };
        let known = self.server.tokens.find(&token, self.now_ms);
        let known = known.filter(|known| known.active && known.is_refresh_token == is_refresh_token);
        let holder = known.map(|known| known.holder.clone()).ok_or_else(invalid)?;
        let name = holder.user.clone().unwrap_or_else(|| holder.client.clone());
        Ok(Party { name, holder: Some(holder) })
    }
}

/// §4.1: who acts now is outermost, who acted before is inside.
fn acting(name: &str, before: Option<Value>) -> Value {
    match before {
        Some(before) => json!({ "sub": name, "act": before }),
        None => json!({ "sub": name }),
    }
}
