//! The token endpoint (RFC 6749 §3.2), as strict as the RFC allows.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::{Map, json};

use crate::Verdict;
use crate::journal::Rule;
use crate::reply::Reply;
use crate::request::{Authorization, BodyProblem, Received, form_decoded};
use crate::server::Server;
use crate::settings::{Client, ClientAuthentication, Grant};
use crate::tokens::{Holder, Issued, RefreshRefusal};

/// Parameters of a token request: none of them may be in the URI.
const BODY_ONLY: [&str; 10] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "username",
    "email",
    "password",
    "refresh_token",
    "access_token",
    "grant_type",
    "code",
];

/// Judges a token request, and grants it when it is right.
pub(crate) fn judge(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    Judge { server, request, now_ms }.judge().unwrap_or_else(|refusal| refusal)
}

struct Judge<'a> {
    server: &'a mut Server,
    request: &'a Received,
    now_ms: i64,
}

impl Judge<'_> {
    fn judge(&mut self) -> Result<Reply, Reply> {
        self.check_shape()?;
        self.check_accept()?;
        let client = self.authenticate()?;
        if self.server.is_activating(self.now_ms) {
            return Err(invalid_client("The client is not active yet"));
        }
        let grant = self.grant()?;
        let issued = match grant {
            Grant::ClientCredentials if client.secret.is_none() => {
                return Err(bad_request("unauthorized_client", "The grant is for confidential clients only"));
            }
            Grant::ClientCredentials => self.issue(&client, None)?,
            Grant::Password => {
                let user = self.user()?;
                self.issue(&client, Some(user))?
            }
            Grant::RefreshToken => self.refresh(&client)?,
        };
        Ok(self.granted(issued))
    }

    /// RFC 6749 §3.2: a POST whose parameters are in the body, each of them once.
    fn check_shape(&mut self) -> Result<(), Reply> {
        if self.request.method != Method::POST {
            self.server
                .violated(Rule::MethodNotPost, format!("{} at the token endpoint", self.request.method));
            let refusal = Reply::oauth_error(
                StatusCode::METHOD_NOT_ALLOWED,
                "invalid_request",
                "The token endpoint takes POST",
            );
            return Err(refusal.with_header("allow", "POST"));
        }
        if let Some((name, _)) =
            self.request.query.iter().find(|(name, _)| BODY_ONLY.contains(&name.as_str()))
        {
            return self.broken(
                Rule::CredentialsInUri,
                format!("{name} in the query"),
                "A parameter is in the URI",
            );
        }
        let encoding = match &self.request.fields {
            Ok(fields) => fields.encoding,
            Err(BodyProblem::ContentType) => {
                return self.broken(
                    Rule::WrongContentType,
                    "no media type that is read",
                    "The content type is wrong",
                );
            }
            Err(BodyProblem::Malformed(what)) => {
                return self.broken(Rule::MalformedBody, *what, "The body is malformed");
            }
        };
        if !self.server.settings.body_encodings.contains(&encoding) {
            return self.broken(
                Rule::WrongContentType,
                format!("{encoding:?} body"),
                "The content type is wrong",
            );
        }
        if self.request.duplicate_field().is_some() {
            return self.broken(Rule::DuplicateParameter, "a parameter came twice", "A parameter came twice");
        }
        Ok(())
    }

    fn check_accept(&mut self) -> Result<(), Reply> {
        match missing_accept(self.server, self.request) {
            Some(refusal) => Err(refusal),
            None => Ok(()),
        }
    }

    /// RFC 6749 §2.3.
    fn authenticate(&mut self) -> Result<Client, Reply> {
        let in_body = self.request.field("client_secret");
        let assertion = self.request.field("client_assertion");
        let body_id = self.request.field("client_id");
        let (methods, presented) = match Authorization::of(self.request) {
            Authorization::Several => {
                return self.broken(
                    Rule::SeveralAuthorizationHeaders,
                    "several Authorization headers",
                    "There are several Authorization headers",
                );
            }
            Authorization::Malformed | Authorization::Other => {
                return self.broken(
                    Rule::MalformedAuthorization,
                    "an Authorization header that is not Basic",
                    "The Authorization header is malformed",
                );
            }
            Authorization::Bearer(_) => {
                return self.broken(
                    Rule::TokenAtWrongPath,
                    "a bearer token at the token endpoint",
                    "A token has no business here",
                );
            }
            Authorization::Basic { user, password } => (1, Some((user, password))),
            Authorization::Absent => (0, None),
        };
        let methods = methods + usize::from(in_body.is_some()) + usize::from(assertion.is_some());
        if methods > 1 {
            return self.broken(
                Rule::SeveralClientAuthentications,
                "several ways of client authentication",
                "The client authenticates in several ways",
            );
        }
        match presented {
            Some((user, password)) => {
                let client = self.by_basic(&user, &password)?;
                if body_id.is_some_and(|id| id != client.id) {
                    return self.broken(
                        Rule::ContradictoryParameters,
                        "client_id differs from HTTP Basic",
                        "Two clients are named",
                    );
                }
                Ok(client)
            }
            None => self.by_body(),
        }
    }

    fn by_basic(&mut self, user: &str, password: &str) -> Result<Client, Reply> {
        let encoded = self.takes(ClientAuthentication::ClientSecretBasic);
        let raw = self.takes(ClientAuthentication::ClientSecretBasicRaw);
        if !encoded && !raw {
            self.server.violated(Rule::WrongClientAuthentication, "HTTP Basic");
        }
        let as_encoded = || encoded.then(|| form_decoded(user).zip(form_decoded(password))).flatten();
        let as_raw = || raw.then(|| (user.to_owned(), password.to_owned()));
        let matching = [as_encoded(), as_raw()]
            .into_iter()
            .flatten()
            .find_map(|(id, secret)| self.client_with_secret(&id, &secret));
        matching.ok_or_else(|| {
            // RFC 6749 §5.2: the answer names the scheme that the client used.
            invalid_client("The client is unknown or its secret is wrong")
                .with_header("www-authenticate", "Basic realm=\"cxauth-sim\"")
        })
    }

    fn by_body(&mut self) -> Result<Client, Reply> {
        let Some(id) = self.request.field("client_id") else {
            self.server.violated(Rule::MissingParameter, "client_id");
            return Err(invalid_client("The client is not named"));
        };
        let found = match self.request.field("client_secret") {
            Some(secret) => {
                if !self.takes(ClientAuthentication::ClientSecretPost) {
                    self.server.violated(Rule::WrongClientAuthentication, "client_secret in the body");
                    return Err(invalid_client("The server takes no secret in the body"));
                }
                self.client_with_secret(id, secret)
            }
            None => {
                let public = self.server.client(id).filter(|client| client.secret.is_none()).cloned();
                public.filter(|_| self.takes(ClientAuthentication::None))
            }
        };
        found.ok_or_else(|| invalid_client("The client is unknown or its secret is wrong"))
    }

    fn takes(&self, method: ClientAuthentication) -> bool {
        self.server.settings.client_authentication.contains(&method)
    }

    fn client_with_secret(&self, id: &str, secret: &str) -> Option<Client> {
        let client = self.server.client(id)?;
        let current = client.secret.as_ref().is_some_and(|known| known.reveal() == secret);
        let previous = client
            .previous
            .iter()
            .any(|old| self.now_ms < old.valid_until_ms && old.secret.reveal() == secret);
        (current || previous).then(|| client.clone())
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

    fn issue(&mut self, client: &Client, user: Option<String>) -> Result<Issued, Reply> {
        let asked = self.scopes()?;
        if asked.is_none() && self.server.settings.scope_required {
            self.server.violated(Rule::MissingParameter, "scope");
            return Err(bad_request("invalid_scope", "At least one scope is needed"));
        }
        let scopes = asked.unwrap_or_else(|| self.server.settings.default_scope.iter().cloned().collect());
        let holder = Holder { client: client.id.clone(), user, scopes };
        let origin = self.server.origin();
        Ok(self.server.tokens.grant(&self.server.settings, holder, &origin, self.now_ms))
    }

    fn refresh(&mut self, client: &Client) -> Result<Issued, Reply> {
        let Some(value) = self.request.field("refresh_token") else {
            return self.broken(Rule::MissingParameter, "refresh_token", "There is no refresh token");
        };
        let scopes = self.scopes()?;
        let origin = self.server.origin();
        let outcome = self.server.tokens.refresh(
            &self.server.settings,
            value,
            &client.id,
            scopes,
            &origin,
            self.now_ms,
        );
        let counters = &mut self.server.journal.counters;
        match outcome {
            Ok(issued) => Ok(issued),
            Err(RefreshRefusal::ScopeWidened) => {
                self.server.violated(Rule::ScopeWidened, "a refresh asked for more than was granted");
                Err(bad_request("invalid_scope", "The scope exceeds what was granted"))
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

    /// RFC 6749 §3.3.
    fn scopes(&mut self) -> Result<Option<BTreeSet<String>>, Reply> {
        let Some(text) = self.request.field("scope") else { return Ok(None) };
        let allowed = &self.server.settings.scopes;
        let known = |scope: &str| {
            is_scope_token(scope) && (allowed.is_empty() || allowed.iter().any(|known| known == scope))
        };
        if text.split(' ').all(known) {
            Ok(Some(text.split(' ').map(str::to_owned).collect()))
        } else {
            Err(bad_request("invalid_scope", "The scope is unknown or malformed"))
        }
    }

    /// RFC 6749 §5.1.
    fn granted(&mut self, issued: Issued) -> Reply {
        let counters = &mut self.server.journal.counters;
        counters.access_tokens_issued += u64::from(!issued.same_again);
        counters.same_token_again += u64::from(issued.same_again);
        counters.refresh_tokens_issued += u64::from(issued.refresh_token_is_new);
        counters.grace_uses += u64::from(issued.within_grace);
        let mut body = Map::new();
        body.insert("access_token".into(), issued.access_token.into());
        body.insert("token_type".into(), self.server.settings.token_type.clone().into());
        body.insert("expires_in".into(), issued.expires_in.into());
        if let Some(refresh_token) = issued.refresh_token {
            body.insert("refresh_token".into(), refresh_token.into());
        }
        if !issued.scopes.is_empty() {
            let scopes: Vec<String> = issued.scopes.into_iter().collect();
            body.insert("scope".into(), scopes.join(" ").into());
        }
        Reply::json(StatusCode::OK, &body.into(), Verdict::Accepted).uncached()
    }

    fn broken<T>(&mut self, rule: Rule, detail: impl Into<String>, description: &str) -> Result<T, Reply> {
        self.server.violated(rule, detail);
        Err(bad_request("invalid_request", description))
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
        }
    }
}

fn bad_request(code: &str, description: &str) -> Reply {
    Reply::oauth_error(StatusCode::BAD_REQUEST, code, description)
}

fn invalid_client(description: &str) -> Reply {
    Reply::oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", description)
}

/// RFC 6749 §3.3: `scope-token`.
fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}
