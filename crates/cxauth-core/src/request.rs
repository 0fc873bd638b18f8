//! Building token requests (RFC 6749 §4, §6).

use crate::{BodyEncoding, ClientAuthentication, Connection, Secret, secret::wire};
use alloc::{
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

/// A request to a token endpoint. Send it as it is: method, address, header fields and body, nothing added; follow no
/// redirect. It carries secrets and prints none.
pub struct TokenRequest {
    url: Url,
    headers: Vec<(String, String)>,
    authorization: Option<Secret>,
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
        plain.chain(self.authorization.iter().map(wire::authorization))
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
}

/// The request that ends a token (RFC 7009 §2.1): always a form, with the client's authentication and nothing else.
pub(crate) fn revocation(
    connection: &Connection,
    token: &Secret,
    hint: &'static str,
    client_secret: Option<&Secret>,
) -> Option<TokenRequest> {
    let url = connection.revocation_endpoint.clone()?;
    let mut fields = Vec::from([("token", token.clone()), ("token_type_hint", hint.into())]);
    let authorization = authenticate(connection, client_secret, &mut fields)?;
    let headers = headers(connection, "application/x-www-form-urlencoded");
    Some(TokenRequest { url, headers, authorization, body: wire::form(&fields) })
}

/// The request, when the connection has the endpoint and the secrets that it needs.
pub(crate) fn build(
    connection: &Connection,
    purpose: &Purpose<'_>,
    client_secret: Option<&Secret>,
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
    }
    let authorization = authenticate(connection, client_secret, &mut fields)?;
    // A refresh asks for what was granted: no scope (RFC 6749 §6).
    if !refresh && !connection.scopes.is_empty() {
        fields.push(("scope", connection.scopes.join(" ").into()));
    }
    for resource in &connection.resource {
        fields.push(("resource", resource.as_str().into()));
    }
    if let Some(audience) = &connection.audience {
        fields.push(("audience", audience.as_str().into()));
    }
    for (name, value) in &connection.parameters {
        fields.push((name, value.as_str().into()));
    }
    let (content_type, body) = match connection.body {
        BodyEncoding::Form => ("application/x-www-form-urlencoded", wire::form(&fields)),
        BodyEncoding::Json => ("application/json", wire::json(&fields)),
    };
    let headers = headers(connection, content_type);
    Some(TokenRequest { url, headers, authorization, body })
}

/// Puts the client's authentication into the fields, or returns the value of `authorization` (RFC 6749 §2.3).
fn authenticate(
    connection: &Connection,
    client_secret: Option<&Secret>,
    fields: &mut Vec<(&str, Secret)>,
) -> Option<Option<Secret>> {
    let client_id = connection.client_id.as_deref()?;
    let mut authorization = None;
    match connection.client_authentication {
        ClientAuthentication::None => fields.push(("client_id", client_id.into())),
        ClientAuthentication::ClientSecretPost => {
            fields.push(("client_id", client_id.into()));
            fields.push(("client_secret", client_secret?.clone()));
        }
        ClientAuthentication::ClientSecretBasic => {
            authorization = Some(wire::basic(client_id, client_secret?));
        }
        ClientAuthentication::ClientSecretBasicRaw => {
            authorization = Some(wire::basic_raw(client_id, client_secret?));
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
