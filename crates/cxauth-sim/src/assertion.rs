//! Signed assertions: as client authentication and as a grant (RFC 7521, RFC 7523).

use serde_json::Value;

use crate::jose::Jwt;
use crate::journal::Rule;
use crate::judge::{Judge, bad_request, invalid_client};
use crate::reply::Reply;
use crate::settings::{AssertionAudience, Client, ClientAuthentication, Grant};
use crate::tokens::{Holder, Issued, seconds};

const CLIENT_ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far a client's clock may be ahead.
const LEEWAY_SECONDS: u64 = 60;

/// An assertion that was found to be right.
pub(crate) struct Assertion {
    pub(crate) issuer: String,
    pub(crate) subject: String,
}

/// What else an assertion must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It is for this server, and works once.
    Presented,
    /// It is a token that somebody else made for somebody else, and is exchanged here.
    Exchanged,
}

impl Judge<'_> {
    /// `private_key_jwt`: RFC 7523 §2.2, §3.
    pub(crate) fn by_assertion(&mut self, text: &str) -> Result<Client, Reply> {
        if !self.takes(ClientAuthentication::PrivateKeyJwt) {
            self.server.violated(Rule::WrongClientAuthentication, "client_assertion");
            return Err(invalid_client("The server takes no assertions of clients"));
        }
        if self.request.field("client_assertion_type") != Some(CLIENT_ASSERTION_TYPE) {
            return self.broken(
                Rule::MissingParameter,
                "client_assertion_type",
                "The client_assertion_type is missing or wrong",
            );
        }
        let assertion = self.assertion(text, Purpose::Presented).map_err(invalid_client)?;
        if assertion.issuer != assertion.subject {
            self.server.violated(Rule::BadAssertion, "iss and sub differ");
            return Err(invalid_client("The assertion is not about its issuer"));
        }
        if self.request.field("client_id").is_some_and(|id| id != assertion.subject) {
            return self.broken(
                Rule::ContradictoryParameters,
                "client_id differs from the assertion",
                "Two clients are named",
            );
        }
        self.server.client(&assertion.subject).cloned().ok_or_else(|| invalid_client("The client is unknown"))
    }

    /// The grant: RFC 7523 §2.1. The client may stay unnamed (RFC 7521 §4.1); the issuer is the client then.
    pub(crate) fn bear(&mut self, client: Option<&Client>) -> Result<Issued, Reply> {
        let text = self.required("assertion")?;
        let asked = self.asked()?;
        let assertion =
            self.assertion(&text, Purpose::Presented).map_err(|why| bad_request("invalid_grant", why))?;
        let users = &self.server.settings.users;
        let user = users.iter().find(|user| user.name == assertion.subject).map(|user| user.name.clone());
        if user.is_none() && assertion.subject != assertion.issuer {
            return Err(bad_request("invalid_grant", "The subject is unknown"));
        }
        let holder = Holder {
            client: client.map_or(assertion.issuer, |client| client.id.clone()),
            user,
            scopes: asked.scopes.unwrap_or_else(|| self.default_scopes()),
            audience: asked.resources,
            ..Holder::default()
        };
        Ok(self.tokens_for(holder, Grant::JwtBearer))
    }

    /// RFC 7523 §3. What a client got wrong is a violation; what time or a configuration did is not.
    pub(crate) fn assertion(&mut self, text: &str, purpose: Purpose) -> Result<Assertion, &'static str> {
        let settings = self.server.settings.assertions.clone();
        let jwt = match Jwt::read(text, &settings.algorithms) {
            Ok(jwt) => jwt,
            Err(why) => return self.bad_assertion(why),
        };
        let (Some(issuer), Some(subject)) = (jwt.text("iss"), jwt.text("sub")) else {
            return self.bad_assertion("it has no iss or no sub");
        };
        if !jwt.is_signed_by(&self.keys_of(issuer)) {
            return Err("The signature is not one of the issuer's keys");
        }
        let dates = ["exp", "nbf", "iat"].map(|claim| jwt.date_ms(claim));
        let [Ok(Some(expires_at)), Ok(not_before), Ok(issued_at)] = dates else {
            return self.bad_assertion("it has no exp, or a date that is no number");
        };
        let leeway_ms = seconds(LEEWAY_SECONDS);
        let latest_start = self.now_ms.saturating_add(leeway_ms);
        if self.now_ms >= expires_at {
            return Err("The assertion has expired");
        }
        if not_before.into_iter().chain(issued_at).any(|start| start > latest_start) {
            return Err("The assertion is of a time to come");
        }
        if purpose == Purpose::Presented {
            let from = issued_at.unwrap_or(self.now_ms);
            let lives = expires_at.saturating_sub(from);
            if lives > seconds(settings.max_lifetime).saturating_add(leeway_ms) {
                return self.bad_assertion("it lives too long");
            }
            if !self.is_audience(jwt.claims.get("aud"), settings.audience) {
                return self.bad_assertion("its aud is not this server alone");
            }
            match jwt.text("jti") {
                Some(id) if !self.server.replays.first_time("assertion", issuer, id) => {
                    self.server.violated(Rule::ReplayedAssertion, "a jti came a second time");
                    return Err("The assertion was used before");
                }
                None if settings.jti_required => return self.bad_assertion("it has no jti"),
                Some(_) | None => {}
            }
        }
        Ok(Assertion { issuer: issuer.to_owned(), subject: subject.to_owned() })
    }

    fn bad_assertion<T>(&mut self, why: &'static str) -> Result<T, &'static str> {
        self.server.violated(Rule::BadAssertion, why);
        Err("The assertion is not what it should be")
    }

    fn keys_of(&self, issuer: &str) -> Vec<Value> {
        let settings = &self.server.settings;
        let trusted = settings.assertions.issuers.iter().filter(|known| known.issuer == issuer);
        let clients = settings.clients.iter().filter(|client| client.id == issuer);
        trusted
            .map(|known| &known.keys)
            .chain(clients.map(|client| &client.keys))
            .flatten()
            .cloned()
            .collect()
    }

    fn is_audience(&self, named: Option<&Value>, taken: AssertionAudience) -> bool {
        let named = match named {
            Some(Value::String(one)) => Some(one.as_str()),
            Some(Value::Array(several)) => match several.as_slice() {
                [one] => one.as_str(),
                _ => None,
            },
            _ => None,
        };
        let issuer = self.server.issuer();
        let token_endpoint = format!("{}{}", self.server.base, self.server.platform.token_path());
        let is_issuer = named == Some(issuer.as_str());
        let is_token_endpoint = named == Some(token_endpoint.as_str());
        match taken {
            AssertionAudience::Either => is_issuer || is_token_endpoint,
            AssertionAudience::Issuer => is_issuer,
            AssertionAudience::TokenEndpoint => is_token_endpoint,
        }
    }
}
