//! What a server says about itself.

use serde::{Deserialize, Serialize};

/// The documents in which a server describes itself, see [`crate::Settings::discovery`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discovery {
    /// The documents that are served; where the other one is looked for, nothing is.
    pub documents: Vec<WellKnown>,
    /// The path of the issuer: empty, or such as `/tenant/one`. The documents move with it (RFC 8414 §3.1);
    /// the endpoints stay where they are.
    pub issuer_path: String,
    /// Who the server says it is, in its documents and in `iss`; none: its own address and `issuer_path`.
    /// With the issuer of another server this one is an impostor.
    pub issuer: Option<String>,
    /// What is wrong with the documents.
    pub flaw: Option<DocumentFlaw>,
}

impl Default for Discovery {
    fn default() -> Self {
        Discovery {
            documents: vec![WellKnown::OauthAuthorizationServer, WellKnown::OpenidConfiguration],
            issuer_path: String::new(),
            issuer: None,
            flaw: None,
        }
    }
}

/// A document that describes a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WellKnown {
    /// RFC 8414: `/.well-known/oauth-authorization-server`, the issuer's path after it.
    OauthAuthorizationServer,
    /// OpenID Connect Discovery 1.0 §4: `/.well-known/openid-configuration`, the issuer's path before it (or
    /// after it, RFC 8414 §5).
    OpenidConfiguration,
}

/// A way in which a server's description of itself is bad. For others there is [`crate::Effect::Members`] at
/// [`crate::Endpoint::Metadata`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentFlaw {
    /// `issuer` is another host.
    OtherIssuer,
    /// `issuer` has a slash more than it should: the same address to a browser, another issuer (RFC 8414 §3.3).
    TrailingSlash,
    /// There is no `issuer`.
    WithoutIssuer,
    /// The token endpoint is plain `http` on a host that is not loopback.
    HttpEndpoint,
    /// The token endpoint is on another host: [`crate::Platform::Elsewhere`].
    ForeignEndpoint,
    /// The token endpoint is no URL.
    EndpointIsNoUrl,
    /// There is no token endpoint.
    WithoutTokenEndpoint,
    /// The token endpoint is a number.
    WrongTypes,
    /// `token_endpoint` comes twice, the second one elsewhere.
    DuplicateMembers,
    /// A page for people, with status 200.
    NotJson,
    /// Five megabytes of members that nobody knows.
    Huge,
}
