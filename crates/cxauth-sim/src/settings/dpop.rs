//! Proofs of possession.

use serde::{Deserialize, Serialize};

/// How the plain server treats DPoP proofs (RFC 9449), see [`crate::Settings::dpop`]. A proof that comes is
/// always judged, and binds the tokens that it brings; the algorithms are those of
/// [`crate::Assertions::algorithms`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dpop {
    /// Whether proofs are served at all, and the metadata speaks of them. Without this they are ignored.
    pub served: bool,
    /// Whether a token request must have one.
    pub required: bool,
    /// How many seconds `iat` may be off, in either direction.
    pub window: u64,
    /// What the token endpoint (and that for pushed requests) wants as nonce (§8).
    pub token_nonce: DpopNonce,
    /// What the API wants as nonce (§9). Each has nonces of its own.
    pub api_nonce: DpopNonce,
    /// How many seconds a nonce works.
    pub nonce_lifetime: u64,
}

impl Default for Dpop {
    fn default() -> Self {
        Dpop {
            served: true,
            required: false,
            window: 60,
            token_nonce: DpopNonce::Off,
            api_nonce: DpopNonce::Off,
            nonce_lifetime: 300,
        }
    }
}

/// Whether proofs need a nonce that the server gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DpopNonce {
    /// No.
    Off,
    /// Yes: one that was given within the lifetime.
    Required,
    /// Yes: each works once, and every answer to a proof brings a new one.
    Rotated,
    /// No nonce is ever good enough, and every refusal brings a new one: a client must give up (CVE-2026-40155
    /// was in this place).
    NeverContent,
}
