//! The token endpoint (RFC 6749 §3.2), as strict as the RFC allows.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Map, json};

use crate::dpop::{ProofProblem, Side};
use crate::journal::Rule;
use crate::judge::{Judge, bad_request, invalid_client};
use crate::reply::Reply;
use crate::request::{Authorization, Received};
use crate::server::Server;
use crate::settings::{Client, Grant};
use crate::tokens::{Asked, Binding, Holder, Issued, RefreshRefusal};
use crate::{Platform, Verdict, exchange};

/// Judges a token request, and grants it when it is right.
pub(crate) fn judge(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    let mut judge = Judge::new(server, request, now_ms);
    let reply = judge.judge().unwrap_or_else(|refusal| refusal);
    if judge.server.platform == Platform::Generic { judge.renew_nonce(Side::Token, reply) } else { reply }
}

impl Judge<'_> {
    fn judge(&mut self) -> Result<Reply, Reply> {
        self.check_shape(if self.server.platform == Platform::Generic {
            &["resource", "audience"]
        } else {
            &[]
        })?;
        self.check_accept()?;
        if self.request.field("grant_type") == Some(Grant::JwtBearer.name()) && self.is_anonymous() {
            self.check_proof()?;
            let grant = self.grant()?;
            let issued = self.bear(None)?;
            return Ok(self.granted(issued, grant));
        }
        let client = self.authenticate()?;
        if self.server.is_activating(self.now_ms) {
            return Err(invalid_client("The client is not active yet"));
        }
        self.check_proof()?;
        let grant = self.grant()?;
        let issued = match grant {
            Grant::ClientCredentials if !client.is_confidential() => {
                return Err(bad_request("unauthorized_client", "The grant is for confidential clients only"));
            }
            Grant::ClientCredentials => self.issue(&client, None, grant)?,
            Grant::Password => {
                let user = self.user()?;
                self.issue(&client, Some(user), grant)?
            }
            Grant::RefreshToken => self.refresh(&client)?,
            Grant::AuthorizationCode => self.redeem(&client)?,
            Grant::DeviceCode => self.poll(&client)?,
            Grant::TokenExchange => self.exchange(&client)?,
            Grant::JwtBearer => self.bear(Some(&client))?,
        };
        Ok(self.granted(issued, grant))
    }

    /// RFC 9449 §5.
    fn check_proof(&mut self) -> Result<(), Reply> {
        if self.server.platform != Platform::Generic {
            return Ok(());
        }
        self.key = self.proof(Side::Token, None).map_err(ProofProblem::at_token_endpoint)?;
        let settings = &self.server.settings.dpop;
        if settings.served && settings.required && self.key.is_none() {
            return Err(bad_request("invalid_dpop_proof", "A proof is needed here"));
        }
        Ok(())
    }

    /// Whether the request does not say who the client is.
    fn is_anonymous(&self) -> bool {
        let named = ["client_id", "client_secret", "client_assertion"];
        matches!(Authorization::of(self.request), Authorization::Absent)
            && named.iter().all(|name| self.request.field(name).is_none())
    }

    fn grant(&mut self) -> Result<Grant, Reply> {
        let Some(name) = self.request.field("grant_type") else {
            return self.broken(Rule::MissingParameter, "grant_type", "There is no grant_type");
        };
        let served = Grant::from_name(name).filter(|grant| self.server.settings.grants.contains(grant));
        let fits = |grant: &Grant| match self.server.platform.refresh_path() {
            Some(path) => (*grant == Grant::RefreshToken) == (self.request.path == path),
            None => true,
        };
        served
            .filter(fits)
            .ok_or_else(|| bad_request("unsupported_grant_type", "This grant is not served here"))
    }

    /// RFC 6749 §4.3.2.
    fn user(&mut self) -> Result<String, Reply> {
        let names: Vec<&str> =
            self.server.settings.user_fields.iter().filter_map(|field| self.request.field(field)).collect();
        let name = match names[..] {
            [name] => name,
            [] => return self.broken(Rule::MissingParameter, "the user's name", "There is no user's name"),
            _ => {
                return self.broken(
                    Rule::ContradictoryParameters,
                    "several fields for the user's name",
                    "The user is named twice",
                );
            }
        };
        let Some(password) = self.request.field("password") else {
            return self.broken(Rule::MissingParameter, "password", "There is no password");
        };
        let users = &self.server.settings.users;
        let known = users.iter().any(|user| user.name == name && user.password.reveal() == password);
        if known {
            Ok(name.to_owned())
        } else {
            Err(bad_request("invalid_grant", "The user or the password is wrong"))
        }
    }

    fn issue(&mut self, client: &Client, user: Option<String>, grant: Grant) -> Result<Issued, Reply> {
        let asked = self.asked()?;
        if asked.scopes.is_none() && self.server.settings.scope_required {
            self.server.violated(Rule::MissingParameter, "scope");
            return Err(bad_request("invalid_scope", "At least one scope is needed"));
        }
        let scopes = asked.scopes.unwrap_or_else(|| self.default_scopes());
        let holder = Holder {
            client: client.id.clone(),
            user,
            scopes,
            audience: asked.resources,
            ..Holder::default()
        };
        Ok(self.tokens_for(holder, grant))
    }

    /// A new family of tokens, bound to the key that was proved.
    pub(crate) fn tokens_for(&mut self, holder: Holder, grant: Grant) -> Issued {
        let confidential = self.server.client(&holder.client).is_some_and(Client::is_confidential);
        let binding = match &self.key {
            None => Binding::Free,
            Some(_) if confidential => Binding::AnyKey,
            Some(key) => Binding::Key(key.clone()),
        };
        let holder = Holder { key: self.key.clone(), ..holder };
        let settings = &self.server.settings;
        let with_refresh_token = settings.refresh_tokens && settings.refresh_tokens_for.contains(&grant);
        let origin = self.server.origin();
        let refresh_token = with_refresh_token.then_some(binding);
        self.server.tokens.grant(settings, holder, refresh_token, &origin, self.now_ms)
    }

    /// The scopes that a client gets that asked for none (RFC 6749 §3.3).
    pub(crate) fn default_scopes(&self) -> BTreeSet<String> {
        self.server.settings.default_scope.iter().cloned().collect()
    }

    /// RFC 6749 §3.3, RFC 8707 §2.2.
    pub(crate) fn asked(&mut self) -> Result<Asked, Reply> {
        let scopes = match self.request.field("scope") {
            Some(text) => {
                let refusal = bad_request("invalid_scope", "The scope is unknown or malformed");
                Some(self.scopes(text).ok_or(refusal)?)
            }
            None => None,
        };
        let resources = if self.server.platform == Platform::Generic {
            let named: Vec<String> = self.request.fields("resource").into_iter().map(str::to_owned).collect();
            let refusal = |what| bad_request("invalid_target", what);
            self.resources(&named).map_err(refusal)?
        } else {
            BTreeSet::new()
        };
        Ok(Asked { scopes, resources, key: self.key.clone() })
    }

    fn refresh(&mut self, client: &Client) -> Result<Issued, Reply> {
        let Some(value) = self.request.field("refresh_token") else {
            return self.broken(Rule::MissingParameter, "refresh_token", "There is no refresh token");
        };
        let asked = self.asked()?;
        let origin = self.server.origin();
        let outcome =
            self.server.tokens.refresh(&self.server.settings, value, &client.id, asked, &origin, self.now_ms);
        let counters = &mut self.server.journal.counters;
        match outcome {
            Ok(issued) => Ok(issued),
            Err(RefreshRefusal::ScopeWidened) => {
                self.server.violated(Rule::ScopeWidened, "a refresh asked for more than was granted");
                Err(bad_request("invalid_scope", "The scope exceeds what was granted"))
            }
            Err(refusal @ (RefreshRefusal::ProofMissing | RefreshRefusal::WrongKey)) => {
                let rule = match refusal {
                    RefreshRefusal::WrongKey => Rule::WrongKey,
                    _ => Rule::ProofMissing,
                };
                self.server.violated(rule, "a refresh of what is bound to a key");
                Err(bad_request("invalid_grant", refusal.description()))
            }
            Err(RefreshRefusal::ResourceWidened) => {
                self.server.violated(Rule::ResourceWidened, "a refresh asked for another resource");
                Err(bad_request("invalid_target", "The resource exceeds what was granted"))
            }
            Err(refusal) => {
                if let RefreshRefusal::Reused { family_revoked } = refusal {
                    counters.reuse_detections += 1;
                    counters.families_revoked += u64::from(family_revoked);
                }
                Err(bad_request("invalid_grant", refusal.description()))
            }
        }
    }

    /// The scopes that a text names; none when one of them is unknown or malformed.
    pub(crate) fn scopes(&self, text: &str) -> Option<BTreeSet<String>> {
        let allowed = &self.server.settings.scopes;
        let known = |scope: &str| {
            is_scope_token(scope) && (allowed.is_empty() || allowed.iter().any(|known| known == scope))
        };
        text.split(' ').all(known).then(|| text.split(' ').map(str::to_owned).collect())
    }

    /// RFC 8707 §2: absolute URIs without a fragment, each known to the server.
    pub(crate) fn resources(&mut self, named: &[String]) -> Result<BTreeSet<String>, &'static str> {
        for resource in named {
            let well_formed =
                !resource.contains('#') && url::Url::parse(resource).is_ok_and(|url| url.has_host());
            if !well_formed {
                self.server.violated(Rule::MalformedParameter, "resource");
                return Err("A resource is no absolute URI");
            }
            let known = &self.server.settings.resources;
            if !known.is_empty() && !known.contains(resource) {
                return Err("A resource is unknown");
            }
        }
        Ok(named.iter().cloned().collect())
    }

    /// RFC 6749 §5.1.
    fn granted(&mut self, issued: Issued, grant: Grant) -> Reply {
        let counters = &mut self.server.journal.counters;
        counters.access_tokens_issued += u64::from(!issued.same_again);
        counters.same_token_again += u64::from(issued.same_again);
        counters.refresh_tokens_issued += u64::from(issued.refresh_token_is_new);
        counters.grace_uses += u64::from(issued.within_grace);
        let mut body = Map::new();
        body.insert("access_token".into(), issued.access_token.into());
        let token_type = if issued.bound { "DPoP" } else { &self.server.settings.token_type };
        body.insert("token_type".into(), token_type.into());
        body.insert("expires_in".into(), issued.expires_in.into());
        if grant == Grant::TokenExchange {
            body.insert("issued_token_type".into(), exchange::ACCESS_TOKEN.into());
        }
        if let Some(refresh_token) = issued.refresh_token {
            body.insert("refresh_token".into(), refresh_token.into());
        }
        if !issued.scopes.is_empty() {
            let scopes: Vec<String> = issued.scopes.into_iter().collect();
            body.insert("scope".into(), scopes.join(" ").into());
        }
        Reply::json(StatusCode::OK, &body.into(), Verdict::Accepted).uncached()
    }
}

/// CloudLX wants its versioned `Accept` on every request, and refuses the way its framework does.
pub(crate) fn missing_accept(server: &mut Server, request: &Received) -> Option<Reply> {
    let required = server.settings.required_accept.as_deref()?;
    if request.header("accept") == Some(required) && request.header_count(axum::http::header::ACCEPT) == 1 {
        return None;
    }
    server.violated(Rule::MissingHeader, "Accept");
    let body = json!({
        "message": "Accept header could not be properly parsed because of a strict matching process.",
        "status_code": 400,
    });
    Some(Reply::json(StatusCode::BAD_REQUEST, &body, Verdict::Refused("accept".into())))
}

impl RefreshRefusal {
    fn description(self) -> &'static str {
        match self {
            RefreshRefusal::Unknown => "The refresh token is unknown",
            RefreshRefusal::Expired => "The refresh token has expired",
            RefreshRefusal::Revoked => "The refresh token was revoked",
            RefreshRefusal::Reused { .. } => "The refresh token was used before",
            RefreshRefusal::ScopeWidened => "The scope exceeds what was granted",
            RefreshRefusal::ResourceWidened => "The resource exceeds what was granted",
            RefreshRefusal::ProofMissing => "The refresh token needs a proof",
            RefreshRefusal::WrongKey => "The refresh token is bound to another key",
        }
    }
}

/// RFC 6749 §3.3: `scope-token`.
fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}
