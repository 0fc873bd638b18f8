//! The authorization endpoint (RFC 6749 §3.1): code with PKCE, and nothing else (RFC 9700 §2.1).

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};

use crate::journal::Rule;
use crate::judge::{Judge, bad_request};
use crate::platform::SIGN_IN_PATH;
use crate::reply::Reply;
use crate::request::{Received, duplicate, values};
use crate::server::Server;
use crate::settings::{AnswerParameter, Client, Grant, Pkce, Relay, SignInAnswer};
use crate::sign_ins::{Back, CODE_PREFIX, Code, Wanted};
use crate::tokens::{Holder, Issued, seconds};
use crate::{Verdict, hash, page};

/// Parameters that have no business in a browser's address.
const SECRET: [&str; 9] = [
    "client_secret",
    "client_assertion",
    "password",
    "code",
    "code_verifier",
    "access_token",
    "refresh_token",
    "assertion",
    "subject_token",
];

/// Judges what a browser brings to the authorization endpoint, or sends from its page.
pub(crate) fn judge(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    let mut judge = Judge::new(server, request, now_ms);
    let reply = match request.path.as_str() {
        SIGN_IN_PATH => judge.page_answered(),
        _ => judge.authorization(),
    };
    reply.unwrap_or_else(|refusal| refusal)
}

/// Why an authorization request is refused (RFC 6749 §4.1.2.1).
pub(crate) struct Problem {
    /// None when the client or its redirect URI is not known to be right: then nobody is redirected.
    pub(crate) back: Option<Back>,
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
}

type Parameters = [(String, String)];

impl Judge<'_> {
    fn authorization(&mut self) -> Result<Reply, Reply> {
        if let Some(relay) = self.server.settings.sign_in.relay.clone() {
            return Ok(relayed(self.request, &relay));
        }
        if self.request.method != Method::GET {
            self.server.violated(Rule::WrongMethod, "the authorization endpoint takes GET");
            return Err(page::problem(StatusCode::METHOD_NOT_ALLOWED, "This address takes GET")
                .with_header("allow", "GET"));
        }
        let query = &self.request.query;
        if let Some((name, _)) = query.iter().find(|(name, _)| SECRET.contains(&name.as_str())) {
            self.server.violated(Rule::CredentialsInUri, format!("{name} in the query"));
            return Err(page::problem(StatusCode::BAD_REQUEST, "There is a secret in the address"));
        }
        let pushed = values(query, "request_uri").first().map(|uri| (*uri).to_owned());
        let wanted = match pushed {
            Some(request_uri) => self.pulled(&request_uri),
            None => self.authorization_request(query).and_then(|wanted| self.unpushed(wanted)),
        };
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(Problem { back: None, description, .. }) => {
                return Err(page::problem(StatusCode::BAD_REQUEST, description));
            }
            Err(Problem { back: Some(back), code, description }) => {
                return Err(self.error_redirect(&back, code, description));
            }
        };
        match self.server.settings.sign_in.answer.clone() {
            SignInAnswer::Page => {
                let hint = wanted.login_hint.clone();
                let name = self.server.sign_ins.show(wanted.clone());
                Ok(page::sign_in(&self.server.settings, &wanted, &name, hint.as_deref(), None))
            }
            SignInAnswer::Approve => match self.server.settings.users.first() {
                Some(user) => {
                    let user = user.name.clone();
                    Ok(self.code_redirect(wanted, user))
                }
                None => Err(self.error_redirect(&wanted.back, "server_error", "There is no user")),
            },
            SignInAnswer::Deny => Err(self.denied(&wanted.back)),
            SignInAnswer::Error(code) => Err(self.error_redirect(&wanted.back, &code, "As the settings say")),
        }
    }

    /// RFC 9126 §5: a server may take pushed requests only.
    fn unpushed(&mut self, wanted: Wanted) -> Result<Wanted, Problem> {
        if !self.server.settings.sign_in.require_pushed {
            return Ok(wanted);
        }
        self.server.violated(Rule::NotPushed, "an authorization request that was not pushed");
        let description = "Authorization requests are pushed here";
        Err(Problem { back: Some(wanted.back), code: "invalid_request", description })
    }

    /// Judges the parameters of an authorization request, wherever they were sent.
    pub(crate) fn authorization_request(&mut self, parameters: &Parameters) -> Result<Wanted, Problem> {
        let (client, mut back) = self.asker(parameters)?;
        let one = |name: &str| values(parameters, name).first().map(|value| (*value).to_owned());
        back.state = one("state");
        let refuse = |code, description| Problem { back: Some(back.clone()), code, description };

        match one("response_type").as_deref() {
            Some("code") => {}
            Some(_) => {
                self.server.violated(Rule::NotTheCodeFlow, "response_type is not code");
                return Err(refuse("unsupported_response_type", "Only code is served"));
            }
            None => {
                self.server.violated(Rule::MissingParameter, "response_type");
                return Err(refuse("invalid_request", "There is no response_type"));
            }
        }
        if !self.server.settings.grants.contains(&Grant::AuthorizationCode) {
            return Err(refuse("unauthorized_client", "The code grant is not served here"));
        }
        if one("response_mode").is_some_and(|mode| mode != "query") {
            return Err(refuse("invalid_request", "Only the response mode query is served"));
        }
        if one("request").is_some() {
            return Err(refuse("request_not_supported", "Request objects are not served"));
        }
        if back.state.is_none() && self.server.settings.sign_in.state_required {
            self.server.violated(Rule::MissingParameter, "state");
            return Err(refuse("invalid_request", "There is no state"));
        }
        let challenge = self.challenge(parameters).map_err(|what| refuse("invalid_request", what))?;
        let scopes = match one("scope") {
            Some(text) => self
                .scopes(&text)
                .ok_or_else(|| refuse("invalid_scope", "The scope is unknown or malformed"))?,
            None if self.server.settings.scope_required => {
                self.server.violated(Rule::MissingParameter, "scope");
                return Err(refuse("invalid_scope", "At least one scope is needed"));
            }
            None => self.default_scopes(),
        };
        let named: Vec<String> = values(parameters, "resource").into_iter().map(str::to_owned).collect();
        let resources = self.resources(&named).map_err(|what| refuse("invalid_target", what))?;
        let key = self.bound_to(one("dpop_jkt")).map_err(|what| refuse("invalid_request", what))?;
        let login_hint = one("login_hint");
        Ok(Wanted { client: client.id, back, scopes, resources, challenge, key, login_hint })
    }

    /// Who asks, and where answers go: until both are right nobody is redirected.
    fn asker(&mut self, parameters: &Parameters) -> Result<(Client, Back), Problem> {
        let refuse = |description| Problem { back: None, code: "invalid_request", description };
        if duplicate(parameters, &["resource"]).is_some() {
            self.server.violated(Rule::DuplicateParameter, "a parameter came twice");
            return Err(refuse("A parameter came twice"));
        }
        let one = |name: &str| values(parameters, name).first().map(|value| (*value).to_owned());
        let Some(id) = one("client_id") else {
            self.server.violated(Rule::MissingParameter, "client_id");
            return Err(refuse("The client is not named"));
        };
        let Some(client) = self.server.client(&id).cloned() else {
            return Err(Problem { code: "unauthorized_client", ..refuse("The client is unknown") });
        };
        let Some(redirect_uri) = one("redirect_uri") else {
            self.server.violated(Rule::MissingParameter, "redirect_uri");
            return Err(refuse("There is no redirect_uri"));
        };
        let registered = &self.server.settings.sign_in.redirect_uris;
        if !registered.iter().any(|known| is_redirect_uri(known, &redirect_uri)) {
            self.server.violated(Rule::UnknownRedirectUri, "redirect_uri");
            return Err(refuse("The redirect_uri is not registered"));
        }
        Ok((client, Back { redirect_uri, state: None }))
    }

    /// RFC 9449 §10: the thumbprint that is named, or that of the proof beside a pushed request (§10.1).
    fn bound_to(&mut self, named: Option<String>) -> Result<Option<String>, &'static str> {
        let proved = self.key.clone();
        let Some(named) = named else { return Ok(proved) };
        if !is_base64url_sha256(&named) {
            self.server.violated(Rule::MalformedParameter, "dpop_jkt");
            return Err("The dpop_jkt is malformed");
        }
        if proved.is_some_and(|proved| proved != named) {
            self.server.violated(Rule::ContradictoryParameters, "dpop_jkt differs from the proof");
            return Err("Two keys are named");
        }
        Ok(Some(named))
    }

    /// RFC 7636 §4.3.
    fn challenge(&mut self, parameters: &Parameters) -> Result<Option<String>, &'static str> {
        let one = |name: &str| values(parameters, name).first().copied();
        let (challenge, method) = (one("code_challenge"), one("code_challenge_method"));
        if self.server.settings.sign_in.pkce == Pkce::Ignored {
            return Ok(None);
        }
        let Some(challenge) = challenge else {
            self.server.violated(Rule::PkceMissing, "code_challenge");
            return Err("There is no code_challenge");
        };
        if method != Some("S256") {
            self.server.violated(Rule::PkceNotS256, "code_challenge_method is not S256");
            return Err("Only the code_challenge_method S256 is served");
        }
        if self.server.settings.sign_in.pkce == Pkce::Refused {
            return Err("transform algorithm not supported");
        }
        if !is_base64url_sha256(challenge) {
            self.server.violated(Rule::MalformedParameter, "code_challenge");
            return Err("The code_challenge is malformed");
        }
        Ok(Some(challenge.to_owned()))
    }

    /// The form on the page. What is wrong with it is a person's mistake, not the client's.
    fn page_answered(&mut self) -> Result<Reply, Reply> {
        let gone = || page::problem(StatusCode::BAD_REQUEST, "This page is out of date. Start again");
        if self.request.method != Method::POST {
            return Err(page::problem(StatusCode::METHOD_NOT_ALLOWED, "This address takes POST"));
        }
        let name = self.request.field("request").ok_or_else(gone)?;
        let wanted = self.server.sign_ins.shown(name).cloned().ok_or_else(gone)?;
        if self.request.field("decision") != Some("approve") {
            self.server.sign_ins.close(name);
            return Err(self.denied(&wanted.back));
        }
        let user = self.request.field("username").unwrap_or_default();
        let password = self.request.field("password").unwrap_or_default();
        let users = &self.server.settings.users;
        if !users.iter().any(|known| known.name == user && known.password.reveal() == password) {
            let problem = Some("The user or the password is wrong");
            return Err(page::sign_in(&self.server.settings, &wanted, name, Some(user), problem));
        }
        self.server.sign_ins.close(name);
        Ok(self.code_redirect(wanted, user.to_owned()))
    }

    fn code_redirect(&mut self, mut wanted: Wanted, user: String) -> Reply {
        if let Some(given) = &self.server.settings.sign_in.granted_scopes {
            wanted.scopes.retain(|scope| given.contains(scope));
        }
        let back = wanted.back.clone();
        let expires_at_ms = self.now_ms.saturating_add(seconds(self.server.settings.sign_in.code_lifetime));
        let code = self.server.sign_ins.issue(wanted, user, expires_at_ms);
        self.server.journal.counters.codes_issued += 1;
        self.redirect(&back, vec![("code", code)], Verdict::Accepted)
    }

    fn denied(&self, back: &Back) -> Reply {
        self.error_redirect(back, "access_denied", "The user said no")
    }

    fn error_redirect(&self, back: &Back, code: &str, description: &str) -> Reply {
        let parameters = vec![("error", code.to_owned()), ("error_description", description.to_owned())];
        self.redirect(back, parameters, Verdict::Refused(code.to_owned()))
    }

    /// RFC 6749 §4.1.2 and RFC 9207 §2. A form's answer must not become a POST (RFC 9700 §4.12).
    fn redirect(&self, back: &Back, parameters: Vec<(&str, String)>, verdict: Verdict) -> Reply {
        let sign_in = &self.server.settings.sign_in;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        let state = back.state.as_deref().map_or(Vec::new(), |state| sign_in.state.of(state));
        query.extend_pairs(state.into_iter().map(|value| ("state", value)));
        let iss = sign_in.iss.of(&self.server.issuer());
        query.extend_pairs(iss.into_iter().map(|value| ("iss", value)));
        let joint = if back.redirect_uri.contains('?') { '&' } else { '?' };
        let location = format!("{}{joint}{}", back.redirect_uri, query.finish());
        let status =
            if self.request.method == Method::POST { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
        page::redirect(status, &location, verdict)
    }

    /// The token request with a code (RFC 6749 §4.1.3).
    pub(crate) fn redeem(&mut self, client: &Client) -> Result<Issued, Reply> {
        let value = self.required("code")?;
        let redirect_uri = self.required("redirect_uri")?;
        let resources = self.asked()?.resources;
        let refuse = |description| bad_request("invalid_grant", description);
        let now_ms = self.now_ms;
        let Some(code) = self.server.sign_ins.code(&value).filter(|code| code.wanted.client == client.id)
        else {
            if value.starts_with(CODE_PREFIX) && !self.server.sign_ins.knows(&value) {
                self.server.violated(Rule::TokenAtWrongHost, "an authorization code of another server");
            }
            return Err(refuse("The code is unknown"));
        };
        if code.used {
            let family = code.family;
            if let Some(family) = family {
                self.server.tokens.revoke_family(family);
                self.server.journal.counters.families_revoked += 1;
            }
            self.server.violated(Rule::CodeReused, "a code came a second time");
            return Err(refuse("The code was used before"));
        }
        code.used = true;
        if now_ms >= code.expires_at_ms {
            return Err(refuse("The code has expired"));
        }
        let Code { wanted, user, .. } = &*code;
        let (wanted, user) = (wanted.clone(), user.clone());
        self.verify(wanted.challenge.as_deref())?;
        if redirect_uri != wanted.back.redirect_uri {
            self.server.violated(Rule::RedirectUriDiffers, "redirect_uri");
            return Err(refuse("The redirect_uri is not the one of the authorization request"));
        }
        if wanted.key.is_some() && wanted.key != self.key {
            let rule = if self.key.is_some() { Rule::WrongKey } else { Rule::ProofMissing };
            self.server.violated(rule, "a code that is bound to a key");
            return Err(refuse("The code is bound to another key"));
        }
        if !wanted.resources.is_empty() && !resources.is_subset(&wanted.resources) {
            self.server.violated(Rule::ResourceWidened, "a resource that was not authorized");
            return Err(bad_request("invalid_target", "The resource was not authorized"));
        }
        let audience = if resources.is_empty() { wanted.resources } else { resources };
        let holder = Holder {
            client: wanted.client,
            user: Some(user),
            scopes: wanted.scopes,
            audience,
            ..Holder::default()
        };
        let issued = self.tokens_for(holder, Grant::AuthorizationCode);
        if let Some(code) = self.server.sign_ins.code(&value) {
            code.family = Some(issued.family);
        }
        Ok(issued)
    }

    /// RFC 7636 §4.6. A verifier that does not match is no client's mistake: the code was injected.
    fn verify(&mut self, challenge: Option<&str>) -> Result<(), Reply> {
        let Some(challenge) = challenge else { return Ok(()) };
        let verifier = self.required("code_verifier")?;
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
            return self.broken(Rule::MalformedParameter, "code_verifier", "The code_verifier is malformed");
        }
        if hash::base64url_sha256(verifier.as_bytes()) != challenge {
            self.server.journal.counters.pkce_mismatches += 1;
            return Err(bad_request("invalid_grant", "The code_verifier does not match"));
        }
        Ok(())
    }
}

impl AnswerParameter {
    /// What is sent in place of the right value, each as a parameter of its own.
    fn of(self, right: &str) -> Vec<String> {
        match self {
            AnswerParameter::Right => vec![right.to_owned()],
            AnswerParameter::Missing => Vec::new(),
            AnswerParameter::Empty => vec![String::new()],
            AnswerParameter::Wrong => vec!["https://another.example".to_owned()],
            AnswerParameter::TrailingSlash => vec![format!("{right}/")],
            AnswerParameter::Doubled => vec![right.to_owned(), "https://another.example".to_owned()],
        }
    }
}

/// The attack of RFC 9700 §4.4.1: the browser goes on to the honest server, and its code comes back to a
/// client that waits for one of this server.
fn relayed(request: &Received, relay: &Relay) -> Reply {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in &request.query {
        let replaced = relay.client_id.as_deref().filter(|_| name == "client_id");
        query.append_pair(name, replaced.unwrap_or(value));
    }
    let location = format!("{}?{}", relay.authorization_endpoint, query.finish());
    page::redirect(StatusCode::FOUND, &location, Verdict::Accepted)
}

/// BASE64URL of 32 bytes (RFC 7636 §4.2, RFC 9449 §10).
fn is_base64url_sha256(text: &str) -> bool {
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.len() == 43 && text.bytes().all(url_safe)
}

/// Exact comparison, but for the port of a loopback literal that is registered without one (RFC 8252 §7.3).
fn is_redirect_uri(registered: &str, presented: &str) -> bool {
    if registered == presented {
        return true;
    }
    ["http://127.0.0.1", "http://[::1]"].into_iter().any(|origin| {
        let known_rest = registered.strip_prefix(origin).filter(|rest| !rest.starts_with(':'));
        let presented_rest = presented.strip_prefix(origin).and_then(|rest| rest.strip_prefix(':'));
        let without_port =
            presented_rest.map(|rest| (rest, rest.trim_start_matches(|digit: char| digit.is_ascii_digit())));
        match (known_rest, without_port) {
            (Some(known), Some((whole, rest))) => {
                (1..=5).contains(&(whole.len() - rest.len())) && known == rest
            }
            _ => false,
        }
    })
}

/// Scopes as people read them.
pub(crate) fn listed(scopes: &BTreeSet<String>) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
