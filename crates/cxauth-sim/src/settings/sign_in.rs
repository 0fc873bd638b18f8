//! The authorization endpoint and its answers.

use serde::{Deserialize, Serialize};

/// How the authorization endpoint behaves, see [`crate::Settings::sign_in`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// What a browser gets that comes with a right request.
    pub answer: SignInAnswer,
    /// Where answers may go. Compared exactly; one on a loopback literal without a port takes every port (RFC
    /// 8252 §7.3).
    pub redirect_uris: Vec<String>,
    /// What the user gives at most, devices included; none: whatever was asked for.
    pub granted_scopes: Option<Vec<String>>,
    /// How long a code lives.
    pub code_lifetime: u64,
    /// Whether a request must have a `state`.
    pub state_required: bool,
    /// What becomes of `code_challenge`.
    pub pkce: Pkce,
    /// Whether requests must be pushed first (RFC 9126).
    pub require_pushed: bool,
    /// How long a pushed request waits for its browser.
    pub request_uri_lifetime: u64,
    /// The `iss` of answers (RFC 9207).
    pub iss: AnswerParameter,
    /// Whether the metadata promises an `iss`.
    pub iss_promised: bool,
    /// The `state` of answers.
    pub state: AnswerParameter,
    /// The attack that mixes servers up: requests are sent on to another server, so that its code comes back.
    pub relay: Option<Relay>,
}

impl Default for SignIn {
    fn default() -> Self {
        SignIn {
            answer: SignInAnswer::Page,
            redirect_uris: [
                "http://127.0.0.1/callback",
                "http://[::1]/callback",
                "https://client.example/callback",
                "com.example.client:/callback",
            ]
            .map(Into::into)
            .to_vec(),
            granted_scopes: None,
            code_lifetime: 60,
            state_required: true,
            pkce: Pkce::Required,
            require_pushed: false,
            request_uri_lifetime: 60,
            iss: AnswerParameter::Right,
            iss_promised: true,
            state: AnswerParameter::Right,
            relay: None,
        }
    }
}

/// What a right request gets at the authorization endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignInAnswer {
    /// A page on which a person signs in; [`crate::Controls::sign_in`] does it for a test.
    Page,
    /// A redirect with a code at once, for the first user: the browser is signed in already.
    Approve,
    /// A redirect with `access_denied` at once.
    Deny,
    /// A redirect with this error at once (RFC 6749 §4.1.2.1).
    Error(String),
}

/// What becomes of a `code_challenge` (RFC 7636).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Pkce {
    /// It must be there, with `S256`.
    Required,
    /// `S256` is refused (RFC 7636 §4.4.1), and nothing weaker may follow.
    Refused,
    /// Nobody looks at it, and the metadata does not speak of it.
    Ignored,
}

/// What becomes of a parameter of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnswerParameter {
    /// It is as it should be.
    Right,
    /// It is not there.
    Missing,
    /// It is there without a value.
    Empty,
    /// It has another value.
    Wrong,
    /// It has a slash more than it should.
    TrailingSlash,
    /// It comes twice, with the right value and then a wrong one.
    Doubled,
}

/// Where requests are sent on to (RFC 9700 §4.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    /// The honest server's authorization endpoint.
    pub authorization_endpoint: String,
    /// The client's identifier there; none: the same one.
    #[serde(default)]
    pub client_id: Option<String>,
}
