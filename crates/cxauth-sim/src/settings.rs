//! How one server behaves: plain data that a test, the command line or the control API may change.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use assertions::{AssertionAudience, Assertions, SigningAlgorithm, TokenExchange, TrustedIssuer};
pub use device::Device;
pub use discovery::{Discovery, DocumentFlaw, WellKnown};
pub use dpop::{Dpop, DpopNonce};
pub use sign_in::{AnswerParameter, Pkce, Relay, SignIn, SignInAnswer};

use crate::Platform;
use crate::signing_keys::{TRUSTED_ISSUER, public_jwks};

mod assertions;
mod device;
mod discovery;
mod dpop;
mod sign_in;

/// Text that never shows in `Debug`. It does show in JSON, because whoever plays the client needs it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(value: impl Into<String>) -> Self {
        Secret(value.into())
    }

    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

/// A registered client (RFC 6749 §2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// The `client_secret`; none for a public client (RFC 6749 §2.1).
    #[serde(default)]
    pub secret: Option<Secret>,
    /// Secrets that were replaced and still work for a while.
    #[serde(default)]
    pub previous: Vec<PreviousSecret>,
    /// Its public keys, each a JWK (RFC 7517): it signs assertions in place of sending a secret.
    #[serde(default)]
    pub keys: Vec<Value>,
}

impl Client {
    /// A client with a secret.
    pub fn confidential(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Client { id: id.into(), secret: Some(Secret::new(secret)), previous: Vec::new(), keys: Vec::new() }
    }

    /// Whether it can prove who it is (RFC 6749 §2.1).
    pub(crate) fn is_confidential(&self) -> bool {
        self.secret.is_some() || !self.keys.is_empty()
    }

    /// A client that signs assertions (`private_key_jwt`).
    pub fn with_keys(id: impl Into<String>, keys: Vec<Value>) -> Self {
        Client { keys, ..Client::public(id) }
    }

    /// A client without a secret.
    pub fn public(id: impl Into<String>) -> Self {
        Client { id: id.into(), secret: None, previous: Vec::new(), keys: Vec::new() }
    }
}

/// A secret that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviousSecret {
    /// The old secret.
    pub secret: Secret,
    /// Until when it works, in milliseconds of the simulator's time.
    pub valid_until_ms: i64,
}

/// A resource owner, for the password grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The user's name (or address).
    pub name: String,
    /// The password.
    pub password: Secret,
}

/// A way in which a client may authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// A public client: `client_id` in the body, no secret.
    None,
    /// `client_id` and `client_secret` in the body.
    ClientSecretPost,
    /// HTTP Basic, both parts form-encoded first (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// HTTP Basic with both parts as they are, the way `curl --user` sends them.
    ClientSecretBasicRaw,
    /// A signed assertion (RFC 7523 §2.2).
    PrivateKeyJwt,
}

/// A grant type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Grant {
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 6749 §4.3.
    Password,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.1, with RFC 7636.
    AuthorizationCode,
    /// RFC 8628.
    DeviceCode,
    /// RFC 8693.
    TokenExchange,
    /// RFC 7523 §2.1.
    JwtBearer,
}

impl Grant {
    const ALL: [Grant; 7] = [
        Grant::ClientCredentials,
        Grant::Password,
        Grant::RefreshToken,
        Grant::AuthorizationCode,
        Grant::DeviceCode,
        Grant::TokenExchange,
        Grant::JwtBearer,
    ];

    /// The value of `grant_type`.
    pub fn name(self) -> &'static str {
        match self {
            Grant::ClientCredentials => "client_credentials",
            Grant::Password => "password",
            Grant::RefreshToken => "refresh_token",
            Grant::AuthorizationCode => "authorization_code",
            Grant::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Grant::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
            Grant::JwtBearer => "urn:ietf:params:oauth:grant-type:jwt-bearer",
        }
    }

    /// The name in settings, connections and counters.
    pub fn id(self) -> &'static str {
        match self {
            Grant::ClientCredentials => "client_credentials",
            Grant::Password => "password",
            Grant::RefreshToken => "refresh_token",
            Grant::AuthorizationCode => "authorization_code",
            Grant::DeviceCode => "device_code",
            Grant::TokenExchange => "token_exchange",
            Grant::JwtBearer => "jwt_bearer",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Grant> {
        Grant::ALL.into_iter().find(|grant| grant.name() == name)
    }
}

/// An encoding of a token request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BodyEncoding {
    /// `application/x-www-form-urlencoded` (RFC 6749 §4).
    Form,
    /// `application/json`, an object of texts.
    Json,
}

/// What a refresh does to the refresh token that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rotation {
    /// A new one comes with every refresh and the old one is spent (RFC 9700 §4.14.2).
    Rotate,
    /// It stays, and the answer does not mention it.
    Keep,
    /// It stays, and the answer repeats it.
    Repeat,
}

/// What an access token looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenFormat {
    /// Text without meaning.
    Opaque,
    /// A JWT signed with RS256.
    Jwt,
}

/// How one server behaves. Start from [`Settings::of`] and change what matters.
///
/// Lifetimes are seconds of the simulator's time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Who may ask for tokens. The first one is the one that connections name.
    pub clients: Vec<Client>,
    /// Whose password is known.
    pub users: Vec<User>,
    /// Keys that open the API without a token.
    pub api_keys: Vec<Secret>,
    /// The header field that carries an API key, in lower case.
    pub api_key_header: String,
    /// What stands before an API key, with one blank between; empty for nothing.
    pub api_key_prefix: String,
    /// The ways in which clients may authenticate.
    pub client_authentication: Vec<ClientAuthentication>,
    /// The grants that are served. The first one is the one that connections name.
    pub grants: Vec<Grant>,
    /// The names under which the password grant takes the user's name.
    pub user_fields: Vec<String>,
    /// The encodings of token requests that are understood.
    pub body_encodings: Vec<BodyEncoding>,
    /// The `Accept` value that every request must carry.
    pub required_accept: Option<String>,
    /// The scopes that may be asked for; empty: any.
    pub scopes: Vec<String>,
    /// Whether a token request must name a scope.
    pub scope_required: bool,
    /// The scope that an answer names although none was asked for.
    pub default_scope: Option<String>,
    /// What access tokens look like.
    pub token_format: TokenFormat,
    /// The value of `token_type`.
    pub token_type: String,
    /// How long an access token lives.
    pub access_token_lifetime: u64,
    /// How many seconds less than that the answer's `expires_in` says.
    pub expires_in_shortfall: u64,
    /// How long a new access token is refused before it works: replicas lag.
    pub access_token_lag: u64,
    /// How many access tokens of one client live at once; the oldest dies first.
    pub max_access_tokens: Option<usize>,
    /// While a token lives, the same client and scopes get the same one again.
    pub same_token_until_expiry: bool,
    /// Whether refresh tokens are given out.
    pub refresh_tokens: bool,
    /// The grants that bring one then.
    pub refresh_tokens_for: Vec<Grant>,
    /// How long a refresh token lives; none: for ever.
    pub refresh_token_lifetime: Option<u64>,
    /// What a refresh does to the refresh token.
    pub rotation: Rotation,
    /// Whether a spent refresh token revokes its whole family, access tokens included (RFC 9700 §4.14.2).
    pub reuse_detection: bool,
    /// How long after its first use a spent refresh token still works.
    pub grace: u64,
    /// Whether a refresh kills the family's older access tokens.
    pub old_access_token_dies: bool,
    /// How long after [`Settings::activated_from_ms`] well-formed requests are refused.
    pub activation_delay: u64,
    /// When the client was set up, in milliseconds of the simulator's time; set at start and by
    /// [`crate::Controls::associate`].
    pub activated_from_ms: i64,
    /// How many API requests one second takes before the gateway refuses.
    pub max_queries_per_second: Option<u64>,
    /// Whether browsers of any origin may read the answers.
    pub cors: bool,
    /// The resources that tokens may be asked for (RFC 8707); empty: any.
    pub resources: Vec<String>,
    /// What the plain server says about itself.
    pub discovery: Discovery,
    /// The plain server's authorization endpoint.
    pub sign_in: SignIn,
    /// The plain server's device grant.
    pub device: Device,
    /// What signed assertions must be, at the plain server.
    pub assertions: Assertions,
    /// How the plain server treats DPoP proofs.
    pub dpop: Dpop,
    /// What may be exchanged at the plain server.
    pub token_exchange: TokenExchange,
    /// Whether the plain server revokes tokens (RFC 7009).
    pub revocation: bool,
    /// Whether the plain server tells about tokens (RFC 7662).
    pub introspection: bool,
}

impl Settings {
    /// The behaviour of a platform as its own pages describe it.
    pub fn of(platform: Platform) -> Settings {
        match platform {
            Platform::Generic => generic(),
            Platform::CloudCx => cloudcx(),
            Platform::CiscoCxCloud => cisco_cx_cloud(),
            Platform::SangomaCx => sangoma_cx(),
            Platform::CloudLx => cloudlx(),
            Platform::Elsewhere => elsewhere(),
        }
    }
}

fn elsewhere() -> Settings {
    Settings {
        clients: Vec::new(),
        users: Vec::new(),
        api_keys: Vec::new(),
        api_key_header: "authorization".into(),
        api_key_prefix: "Bearer".into(),
        client_authentication: Vec::new(),
        grants: Vec::new(),
        user_fields: vec!["username".into()],
        body_encodings: vec![BodyEncoding::Form],
        required_accept: None,
        scopes: Vec::new(),
        scope_required: false,
        default_scope: None,
        token_format: TokenFormat::Opaque,
        token_type: "Bearer".into(),
        access_token_lifetime: 3600,
        expires_in_shortfall: 0,
        access_token_lag: 0,
        max_access_tokens: None,
        same_token_until_expiry: false,
        refresh_tokens: false,
        refresh_token_lifetime: None,
        rotation: Rotation::Rotate,
        reuse_detection: true,
        grace: 0,
        old_access_token_dies: false,
        activation_delay: 0,
        activated_from_ms: 0,
        max_queries_per_second: None,
        cors: true,
        refresh_tokens_for: vec![
            Grant::ClientCredentials,
            Grant::Password,
            Grant::AuthorizationCode,
            Grant::DeviceCode,
        ],
        resources: Vec::new(),
        discovery: Discovery::default(),
        sign_in: SignIn::default(),
        device: Device::default(),
        assertions: Assertions::default(),
        dpop: Dpop::default(),
        token_exchange: TokenExchange::default(),
        revocation: true,
        introspection: true,
    }
}

/// The secret holds characters that form encoding changes, so that the two kinds of HTTP Basic differ.
fn generic() -> Settings {
    Settings {
        clients: vec![
            Client::confidential("cxauth-canary-generic-client", "cxauth-canary-generic-secret/+%3A &=:~"),
            Client::public("cxauth-canary-generic-public-client"),
            Client::with_keys("cxauth-canary-generic-key-client", public_jwks()),
        ],
        users: vec![User {
            name: "cxauth-canary-generic-user".into(),
            password: Secret::new("cxauth-canary-generic-password/+%20 &=:~"),
        }],
        client_authentication: vec![
            ClientAuthentication::ClientSecretPost,
            ClientAuthentication::ClientSecretBasic,
            ClientAuthentication::None,
            ClientAuthentication::PrivateKeyJwt,
        ],
        grants: vec![
            Grant::ClientCredentials,
            Grant::Password,
            Grant::RefreshToken,
            Grant::AuthorizationCode,
            Grant::DeviceCode,
            Grant::TokenExchange,
            Grant::JwtBearer,
        ],
        assertions: Assertions {
            issuers: vec![TrustedIssuer { issuer: TRUSTED_ISSUER.into(), keys: public_jwks() }],
            ..Assertions::default()
        },
        refresh_tokens: true,
        ..elsewhere()
    }
}

/// The page's example answer has no refresh token although its text speaks of one: `refresh_tokens` is
/// the switch. `expires_in` is one second short of the token's own `exp` in that example.
fn cloudcx() -> Settings {
    Settings {
        clients: vec![
            Client::confidential("cxauth-canary-cloudcx-client", "cxauth-canary-cloudcx-secret"),
            Client::public("cxauth-canary-cloudcx-public-client"),
        ],
        users: vec![User {
            name: "cxauth-canary-cloudcx-user@example.com".into(),
            password: Secret::new("cxauth-canary-cloudcx-password"),
        }],
        api_keys: vec![Secret::new("cxauth-canary-cloudcx-api-key")],
        client_authentication: vec![ClientAuthentication::ClientSecretPost, ClientAuthentication::None],
        grants: vec![Grant::Password, Grant::RefreshToken],
        user_fields: vec!["username".into(), "email".into()],
        token_format: TokenFormat::Jwt,
        expires_in_shortfall: 1,
        ..elsewhere()
    }
}

fn cisco_cx_cloud() -> Settings {
    Settings {
        clients: vec![Client::confidential("cxauth-canary-cisco-client", "cxauth-canary-cisco-secret")],
        client_authentication: vec![
            ClientAuthentication::ClientSecretPost,
            ClientAuthentication::ClientSecretBasic,
            ClientAuthentication::ClientSecretBasicRaw,
        ],
        grants: vec![Grant::ClientCredentials],
        default_scope: Some("customscope".into()),
        ..elsewhere()
    }
}

fn sangoma_cx() -> Settings {
    Settings {
        clients: vec![Client::confidential("cxauth-canary-sangoma-client", "cxauth-canary-sangoma-secret")],
        client_authentication: vec![ClientAuthentication::ClientSecretBasicRaw],
        grants: vec![Grant::ClientCredentials],
        scopes: ["cx.agent-calls", "cx.queue-calls", "cx.digital-interactions"].map(Into::into).to_vec(),
        scope_required: true,
        token_type: "bearer".into(),
        access_token_lifetime: 365 * 24 * 3600,
        same_token_until_expiry: true,
        ..elsewhere()
    }
}

fn cloudlx() -> Settings {
    Settings {
        clients: vec![Client::confidential("cxauth-canary-cloudlx-client", "cxauth-canary-cloudlx-secret")],
        client_authentication: vec![ClientAuthentication::ClientSecretPost],
        grants: vec![Grant::ClientCredentials, Grant::RefreshToken],
        body_encodings: vec![BodyEncoding::Form, BodyEncoding::Json],
        required_accept: Some("application/vnd.cloudlx.v1+json".into()),
        refresh_tokens: true,
        refresh_token_lifetime: Some(604_800),
        ..elsewhere()
    }
}
