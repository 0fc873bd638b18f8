//! Building token requests (RFC 6749 §4, §6).

use crate::{BodyEncoding, ClientAuthentication, Connection, Secret, secret::wire};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use url::Url;
use zeroize::Zeroizing;

/// The parameters that cxauth sends itself, or will: an extra parameter of such a name would stand twice
/// (RFC 6749 §3.2).
pub(crate) const RESERVED: [&str; 24] = [
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "scope",
    "resource",
    "audience",
    "username",
    "email",
    "password",
    "refresh_token",
    "code",
    "code_verifier",
    "redirect_uri",
    "state",
    "assertion",
    "device_code",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "requested_token_type",
    "access_token",
];

/// The same of authorization requests, beside those above.
pub(crate) const RESERVED_IN_AUTHORIZATION: [&str; 6] =
    ["response_type", "code_challenge", "code_challenge_method", "request", "request_uri", "dpop_jkt"];

/// A request to a token endpoint. Send it as it is: method, address, header fields and body, nothing added; follow no
/// redirect. It carries secrets and prints none.
pub struct TokenRequest {
    url: Url,
    headers: Vec<(String, String)>,
    authorization: Option<Secret>,
    proof: Option<Secret>,
    body: Zeroizing<Vec<u8>>,
}

impl TokenRequest {
    /// `POST`, always (RFC 6749 §3.2).
    #[must_use]
    pub fn method(&self) -> &'static str {
        "POST"
    }

    /// The token endpoint. No secret is in it (RFC 6749 §2.3.1).
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The header fields, names in lower case. The value of `authorization` is a secret.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let plain = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        plain
            .chain(self.authorization.iter().map(wire::authorization))
            .chain(self.proof.iter().map(wire::proof))
    }

    /// The same with the proof that the client has its key (RFC 9449 §5).
    pub(crate) fn with_proof(self, proof: Option<&Secret>) -> Self {
        Self { proof: proof.cloned(), ..self }
    }

    /// The body: a secret.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenRequest").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

/// What a request is for, with the secrets that it needs.
pub(crate) enum Purpose<'secret> {
    ClientCredentials,
    Password(&'secret Secret),
    Refresh(&'secret Secret),
    /// RFC 6749 §4.1.3, RFC 7636 §4.5.
    Code {
        code: &'secret Secret,
        verifier: &'secret Secret,
        redirect_uri: &'secret str,
    },
    /// RFC 8628 §3.4.
    Device(&'secret Secret),
    /// RFC 8693 §2.1.
    Exchange {
        subject: &'secret Secret,
        actor: Option<&'secret Secret>,
    },
    /// RFC 7523 §2.1.
    Assertion(&'secret Secret),
}

/// RFC 7523 §2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// RFC 8693 §3: what most exchanges are about.
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The request that ends a token (RFC 7009 §2.1): always a form, with the client's authentication and nothing else.
pub(crate) fn revocation(
    connection: &Connection,
    token: &Secret,
    hint: &'static str,
    credential: Option<&Secret>,
) -> Option<TokenRequest> {
    let url = connection.revocation_endpoint.clone()?;
    let fields = Vec::from([("token", token.clone()), ("token_type_hint", hint.into())]);
    form_request(connection, url, fields, credential)
}

/// The request that asks what a token is worth (RFC 7662 §2.1).
pub(crate) fn introspection(
    connection: &Connection,
    token: &Secret,
    hint: Option<&'static str>,
    credential: Option<&Secret>,
) -> Option<TokenRequest> {
    let url = connection.introspection_endpoint.clone()?;
    let mut fields = Vec::from([("token", token.clone())]);
    fields.extend(hint.map(|hint| ("token_type_hint", hint.into())));
    form_request(connection, url, fields, credential)
}

/// The request, when the connection has the endpoint and the secrets that it needs.
pub(crate) fn build(
    connection: &Connection,
    purpose: &Purpose<'_>,
    credential: Option<&Secret>,
) -> Option<TokenRequest> {
    let refresh = matches!(purpose, Purpose::Refresh(_));
    let url = if refresh { &connection.refresh_endpoint } else { &connection.token_endpoint }.clone()?;
    let mut fields: Vec<(&str, Secret)> = Vec::new();
    match purpose {
        Purpose::ClientCredentials => fields.push(("grant_type", "client_credentials".into())),
        Purpose::Password(password) => {
            fields.push(("grant_type", "password".into()));
            let user = connection.user.as_ref()?;
            fields.push((user.field, user.name.as_str().into()));
            fields.push(("password", (*password).clone()));
        }
        Purpose::Refresh(token) => {
            fields.push(("grant_type", "refresh_token".into()));
            fields.push(("refresh_token", (*token).clone()));
        }
        Purpose::Code { code, verifier, redirect_uri } => {
            fields.push(("grant_type", "authorization_code".into()));
            fields.push(("code", (*code).clone()));
            fields.push(("redirect_uri", (*redirect_uri).into()));
            fields.push(("code_verifier", (*verifier).clone()));
        }
        Purpose::Device(device_code) => {
            fields.push(("grant_type", "urn:ietf:params:oauth:grant-type:device_code".into()));
            fields.push(("device_code", (*device_code).clone()));
        }
        Purpose::Exchange { subject, actor } => {
            let kind = |kind: &Option<String>| kind.as_deref().unwrap_or(ACCESS_TOKEN).into();
            fields.push(("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange".into()));
            fields.push(("subject_token", (*subject).clone()));
            fields.push(("subject_token_type", kind(&connection.subject_token_type)));
            if let Some(actor) = actor {
                fields.push(("actor_token", (*actor).clone()));
                fields.push(("actor_token_type", kind(&connection.actor_token_type)));
            }
            if let Some(wanted) = &connection.requested_token_type {
                fields.push(("requested_token_type", wanted.as_str().into()));
            }
        }
        Purpose::Assertion(assertion) => {
            fields.push(("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer".into()));
            fields.push(("assertion", (*assertion).clone()));
        }
    }
    let authorization = authenticate(connection, credential, &mut fields)?;
    // A refresh asks for what was granted, and so does what a person agreed to: no scope (RFC 6749 §4.1.3, §6; RFC 8628 §3.4).
    let was_asked = matches!(purpose, Purpose::Refresh(_) | Purpose::Code { .. } | Purpose::Device(_));
    wanted(connection, !was_asked, &mut fields);
    for (name, value) in &connection.parameters {
        fields.push((name, value.as_str().into()));
    }
    let (content_type, body) = match connection.body {
        BodyEncoding::Form => ("application/x-www-form-urlencoded", wire::form(&fields)),
        BodyEncoding::Json => ("application/json", wire::json(&fields)),
    };
    let headers = headers(connection, content_type);
    Some(TokenRequest { url, headers, authorization, proof: None, body })
}

/// What the token is wanted for (RFC 6749 §3.3, RFC 8707 §2).
fn wanted(connection: &Connection, with_scopes: bool, fields: &mut Vec<(&str, Secret)>) {
    if with_scopes && !connection.scopes.is_empty() {
        fields.push(("scope", connection.scopes.join(" ").into()));
    }
    for resource in &connection.resource {
        fields.push(("resource", resource.as_str().into()));
    }
    if let Some(audience) = &connection.audience {
        fields.push(("audience", audience.as_str().into()));
    }
}

/// What an authorization request asks, whichever way it goes (RFC 6749 §4.1.1, RFC 7636 §4.3).
fn authorization_fields(
    connection: &Connection,
    redirect_uri: &str,
    state: &Secret,
    challenge: &str,
) -> Vec<(&'static str, Secret)> {
    let mut fields = Vec::from([
        ("response_type", "code".into()),
        ("redirect_uri", redirect_uri.into()),
        ("state", state.clone()),
        ("code_challenge", challenge.into()),
        ("code_challenge_method", "S256".into()),
    ]);
    wanted(connection, true, &mut fields);
    if let Some(key) = &connection.dpop_key {
        // RFC 9449 §10: the code is bound to the key as well.
        fields.push(("dpop_jkt", key.thumbprint().into()));
    }
    fields
}

/// The address that the browser goes to (RFC 6749 §4.1.1); with a request that was left at the server, that alone
/// (RFC 9126 §4).
pub(crate) fn authorization_url(
    connection: &Connection,
    redirect_uri: &str,
    state: &Secret,
    challenge: &str,
    request_uri: Option<&str>,
) -> Option<String> {
    let endpoint = connection.authorization_endpoint.as_ref()?;
    let client_id = connection.client_id.as_deref()?;
    let mut fields = match request_uri {
        Some(request_uri) => Vec::from([("request_uri", request_uri.into())]),
        None => authorization_fields(connection, redirect_uri, state, challenge),
    };
    fields.push(("client_id", client_id.into()));
    if request_uri.is_none() {
        let own = connection.authorization_parameters.iter();
        fields.extend(own.map(|(name, value)| (name.as_str(), value.as_str().into())));
    }
    // RFC 6749 §3.1: the endpoint's own query stays.
    let separator = if endpoint.query().is_some() { '&' } else { '?' };
    Some(format!("{}{separator}{}", endpoint.as_str(), wire::query(&fields)))
}

/// The same, left at the server first (RFC 9126 §2.1).
pub(crate) fn pushed_authorization(
    connection: &Connection,
    redirect_uri: &str,
    state: &Secret,
    challenge: &str,
    credential: Option<&Secret>,
) -> Option<TokenRequest> {
    let url = connection.pushed_authorization_request_endpoint.clone()?;
    let mut fields = authorization_fields(connection, redirect_uri, state, challenge);
    let own = connection.authorization_parameters.iter();
    fields.extend(own.map(|(name, value)| (name.as_str(), value.as_str().into())));
    form_request(connection, url, fields, credential)
}

/// What a device asks before a person is asked (RFC 8628 §3.1).
pub(crate) fn device_authorization(
    connection: &Connection,
    credential: Option<&Secret>,
) -> Option<TokenRequest> {
    let url = connection.device_authorization_endpoint.clone()?;
    let mut fields = Vec::new();
    wanted(connection, true, &mut fields);
    let own = connection.authorization_parameters.iter();
    fields.extend(own.map(|(name, value)| (name.as_str(), value.as_str().into())));
    form_request(connection, url, fields, credential)
}

/// A form with the client's authentication: whatever the token endpoint takes, the other endpoints take forms.
fn form_request(
    connection: &Connection,
    url: Url,
    mut fields: Vec<(&str, Secret)>,
    credential: Option<&Secret>,
) -> Option<TokenRequest> {
    let authorization = authenticate(connection, credential, &mut fields)?;
    let headers = headers(connection, "application/x-www-form-urlencoded");
    Some(TokenRequest { url, headers, authorization, proof: None, body: wire::form(&fields) })
}

/// Puts the client's authentication into the fields, or returns the value of `authorization` (RFC 6749 §2.3).
fn authenticate(
    connection: &Connection,
    credential: Option<&Secret>,
    fields: &mut Vec<(&str, Secret)>,
) -> Option<Option<Secret>> {
    let client_id = connection.client_id.as_deref()?;
    let mut authorization = None;
    match connection.client_authentication {
        ClientAuthentication::None => fields.push(("client_id", client_id.into())),
        ClientAuthentication::ClientSecretPost => {
            fields.push(("client_id", client_id.into()));
            fields.push(("client_secret", credential?.clone()));
        }
        ClientAuthentication::ClientSecretBasic => {
            authorization = Some(wire::basic(client_id, credential?));
        }
        ClientAuthentication::ClientSecretBasicRaw => {
            authorization = Some(wire::basic_raw(client_id, credential?));
        }
        ClientAuthentication::PrivateKeyJwt => {
            fields.push(("client_id", client_id.into()));
            fields.push(("client_assertion_type", ASSERTION_TYPE.into()));
            fields.push(("client_assertion", credential?.clone()));
        }
    }
    Some(authorization)
}

fn headers(connection: &Connection, content_type: &str) -> Vec<(String, String)> {
    let mut headers = Vec::from([("content-type".to_string(), content_type.to_string())]);
    if !connection.headers.iter().any(|(name, _)| name == "accept") {
        headers.push(("accept".to_string(), "application/json".to_string()));
    }
    headers.extend(connection.headers.iter().cloned());
    headers
}
