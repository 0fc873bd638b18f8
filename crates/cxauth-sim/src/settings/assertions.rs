//! Who may sign for whom.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What signed assertions must be (RFC 7523), see [`crate::Settings::assertions`]. They authenticate clients
/// (`private_key_jwt`, with the keys of [`crate::Client`]) and are a grant of their own (`jwt_bearer`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assertions {
    /// Whose assertions are taken beside those of clients.
    pub issuers: Vec<TrustedIssuer>,
    /// The algorithms that are taken, for DPoP proofs too.
    pub algorithms: Vec<SigningAlgorithm>,
    /// The `aud` that is taken; it must be the only one.
    pub audience: AssertionAudience,
    /// Whether there must be a `jti`. Where there is one it works once.
    pub jti_required: bool,
    /// How many seconds an assertion may live.
    pub max_lifetime: u64,
}

impl Default for Assertions {
    fn default() -> Self {
        Assertions {
            issuers: Vec::new(),
            algorithms: vec![
                SigningAlgorithm::Es256,
                SigningAlgorithm::Rs256,
                SigningAlgorithm::Ps256,
                SigningAlgorithm::EdDsa,
            ],
            audience: AssertionAudience::Either,
            jti_required: true,
            max_lifetime: 600,
        }
    }
}

/// Somebody whose word counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedIssuer {
    /// The `iss` of its assertions.
    pub issuer: String,
    /// Its public keys, each a JWK (RFC 7517).
    pub keys: Vec<Value>,
}

/// A signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits and more.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes, 2048 bits and more.
    #[serde(rename = "PS256")]
    Ps256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlgorithm {
    /// The value of `alg`.
    pub fn name(self) -> &'static str {
        match self {
            SigningAlgorithm::Es256 => "ES256",
            SigningAlgorithm::Rs256 => "RS256",
            SigningAlgorithm::Ps256 => "PS256",
            SigningAlgorithm::EdDsa => "EdDSA",
        }
    }
}

/// What an assertion may name as its audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AssertionAudience {
    /// The issuer or the token endpoint.
    Either,
    /// The issuer, as the revision of RFC 7523 asks for.
    Issuer,
    /// The token endpoint.
    TokenEndpoint,
}

/// What may be exchanged (RFC 8693), see [`crate::Settings::token_exchange`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenExchange {
    /// The values of `audience` that are known; empty: any.
    pub audiences: Vec<String>,
    /// Whether a client may go on as the subject, without an actor (§1.1).
    pub impersonation: bool,
    /// Whether an actor may act for the subject (§1.1).
    pub delegation: bool,
}

impl Default for TokenExchange {
    fn default() -> Self {
        TokenExchange { audiences: Vec::new(), impersonation: true, delegation: true }
    }
}
