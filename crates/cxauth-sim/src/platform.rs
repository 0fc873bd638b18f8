//! The servers that the simulator plays, and what their paths mean.

use serde::{Deserialize, Serialize};

/// A server that the simulator plays, on a port of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Platform {
    /// A plain OAuth 2.0 server (RFC 6749).
    Generic,
    /// CloudCX by CloudFon.
    #[serde(rename = "cloudcx")]
    CloudCx,
    /// Cisco CX Cloud.
    CiscoCxCloud,
    /// Sangoma CX.
    SangomaCx,
    /// CloudLX by Epsilon.
    #[serde(rename = "cloudlx")]
    CloudLx,
    /// No platform: a foreign host. Redirects across hosts lead here, and whatever secret arrives is a
    /// violation.
    Elsewhere,
}

impl Platform {
    /// All of them, in a fixed order.
    pub const ALL: [Platform; 6] = [
        Platform::Generic,
        Platform::CloudCx,
        Platform::CiscoCxCloud,
        Platform::SangomaCx,
        Platform::CloudLx,
        Platform::Elsewhere,
    ];

    /// The name in connections, in the control API and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Platform::Generic => "generic",
            Platform::CloudCx => "cloudcx",
            Platform::CiscoCxCloud => "cisco-cx-cloud",
            Platform::SangomaCx => "sangoma-cx",
            Platform::CloudLx => "cloudlx",
            Platform::Elsewhere => "elsewhere",
        }
    }

    /// The platform with this name.
    pub fn from_id(id: &str) -> Option<Platform> {
        Platform::ALL.into_iter().find(|platform| platform.id() == id)
    }

    /// The path of the token endpoint.
    pub fn token_path(self) -> &'static str {
        match self {
            Platform::Generic => "/token",
            Platform::CloudCx | Platform::SangomaCx => "/oauth/token",
            Platform::CiscoCxCloud => "/oauth2/default/v1/token",
            Platform::CloudLx => "/api/oauth2/access-token",
            Platform::Elsewhere => "/redirected/token",
        }
    }

    /// The path of a separate endpoint for refresh tokens. RFC 6749 knows none; CloudLX has one.
    pub fn refresh_path(self) -> Option<&'static str> {
        (self == Platform::CloudLx).then_some("/api/oauth2/refresh-token")
    }

    /// The path below which the API lives.
    pub fn api_path(self) -> &'static str {
        match self {
            Platform::Generic | Platform::CloudLx => "/api/",
            Platform::CloudCx => "/openapi/v2/",
            Platform::CiscoCxCloud => "/cs/api/v2/",
            Platform::SangomaCx => "/cx/",
            Platform::Elsewhere => "/redirected/api/",
        }
    }
}

/// What kind of question a request asks. Faults are aimed at these, and counters are kept by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Endpoint {
    /// A token request with any grant but `refresh_token`.
    Token,
    /// A token request with a refresh token, wherever it is sent.
    Refresh,
    /// A request to the protected API.
    Api,
    /// A question for the document in which a server describes itself (RFC 8414).
    Metadata,
    /// A browser at the authorization endpoint (RFC 6749 §3.1) or on its page.
    Authorization,
    /// An authorization request that is pushed first (RFC 9126).
    PushedAuthorization,
    /// A device that asks for a code (RFC 8628 §3.1). Its polls are token requests.
    DeviceAuthorization,
    /// A browser at the page where a device's code is typed (RFC 8628 §3.3).
    Verification,
    /// A revocation (RFC 7009).
    Revocation,
    /// A question about a token (RFC 7662).
    Introspection,
    /// A path where nothing is.
    Other,
}

/// Where a redirect within one host leads: judged apart, because a token request must never get here.
pub(crate) const REDIRECTED_TOKEN_PATH: &str = "/redirected/token";
/// The same for API requests, which may follow a redirect within their host.
pub(crate) const REDIRECTED_API_PATH: &str = "/redirected/api";
/// The same for a server's description of itself, which is not secret: a redirect may be followed.
pub(crate) const REDIRECTED_METADATA_PATH: &str = "/redirected/metadata";

/// The same for browsers, which follow redirects: nothing is there.
pub(crate) const REDIRECTED_PAGE_PATH: &str = "/redirected/page";

/// The plain server's endpoints beside the token endpoint.
pub(crate) const AUTHORIZATION_PATH: &str = "/authorize";
pub(crate) const SIGN_IN_PATH: &str = "/sign-in";
pub(crate) const PUSHED_AUTHORIZATION_PATH: &str = "/par";
pub(crate) const DEVICE_AUTHORIZATION_PATH: &str = "/device_authorization";
pub(crate) const VERIFICATION_PATH: &str = "/device";
pub(crate) const REVOCATION_PATH: &str = "/revoke";
pub(crate) const INTROSPECTION_PATH: &str = "/introspect";
pub(crate) const KEYS_PATH: &str = "/keys";

pub(crate) fn plain_endpoint(path: &str) -> Endpoint {
    match path {
        AUTHORIZATION_PATH | SIGN_IN_PATH => Endpoint::Authorization,
        PUSHED_AUTHORIZATION_PATH => Endpoint::PushedAuthorization,
        DEVICE_AUTHORIZATION_PATH => Endpoint::DeviceAuthorization,
        VERIFICATION_PATH => Endpoint::Verification,
        REVOCATION_PATH => Endpoint::Revocation,
        INTROSPECTION_PATH => Endpoint::Introspection,
        REDIRECTED_METADATA_PATH | KEYS_PATH => Endpoint::Metadata,
        path if path.split('/').any(|part| part == ".well-known") => Endpoint::Metadata,
        _ => Endpoint::Other,
    }
}
