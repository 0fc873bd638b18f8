//! What a server was asked, and what it made of it. Never a secret value.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Platform};

/// How many requests a log keeps; older ones are dropped and counted.
pub const LOG_LIMIT: usize = 10_000;
/// How many violations are kept; all are counted.
pub const VIOLATION_LIMIT: usize = 1_000;

/// A rule that a client broke. None of these ever happens with a correct client, whatever the weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// A token request must be a POST (RFC 6749 §3.2).
    MethodNotPost,
    /// No parameter may come twice (RFC 6749 §3.2).
    DuplicateParameter,
    /// One way of client authentication a request (RFC 6749 §2.3).
    SeveralClientAuthentications,
    /// A way of client authentication that this server does not take.
    WrongClientAuthentication,
    /// The body's media type is not one that the server reads.
    WrongContentType,
    /// The body is not what its media type says.
    MalformedBody,
    /// A header that must be there is missing or has the wrong value.
    MissingHeader,
    /// A parameter that must be there is missing or empty.
    MissingParameter,
    /// Two names of the user at once, or two identifiers of the client that differ.
    ContradictoryParameters,
    /// Parameters of a token request in the URI (RFC 6749 §2.3.1), or an access token in it (RFC 6750 §2.3).
    CredentialsInUri,
    /// More than one `Authorization` header.
    SeveralAuthorizationHeaders,
    /// An `Authorization` header that is neither well-formed Basic nor well-formed Bearer.
    MalformedAuthorization,
    /// Client credentials were sent to the API.
    CredentialsAtApi,
    /// An access token was sent in a body (RFC 6750 §2.2), where this API takes none.
    TokenInBody,
    /// A token or a secret of one server was sent to another one.
    TokenAtWrongHost,
    /// A token was sent where it has no business: a token endpoint, or a path where nothing is.
    TokenAtWrongPath,
    /// A refresh asked for more than was granted (RFC 6749 §6).
    ScopeWidened,
    /// A redirected token request was sent again.
    FollowedRedirect,
    /// The endpoint takes another method.
    WrongMethod,
    /// A parameter breaks its own grammar.
    MalformedParameter,
    /// Another response type than `code` (RFC 9700 §2.1.2).
    NotTheCodeFlow,
    /// An authorization request without `code_challenge` (RFC 7636 §4.3).
    PkceMissing,
    /// A `code_challenge_method` other than `S256`, or none, which means `plain` (RFC 7636 §4.2).
    PkceNotS256,
    /// A redirect URI that is not registered (RFC 9700 §4.1.3).
    UnknownRedirectUri,
    /// The redirect URI of a token request is not the one of the authorization request (RFC 6749 §4.1.3).
    RedirectUriDiffers,
    /// An authorization code came a second time (RFC 6749 §4.1.2).
    CodeReused,
    /// An authorization request that was not pushed, where they must be (RFC 9126 §5).
    NotPushed,
    /// A device polled before its interval was over (RFC 8628 §3.5).
    PolledTooEarly,
    /// An assertion that is not what RFC 7523 §3 asks for.
    BadAssertion,
    /// An assertion came a second time (RFC 7523 §3).
    ReplayedAssertion,
    /// A DPoP proof that is not what RFC 9449 §4.3 asks for.
    BadProof,
    /// A DPoP proof came a second time (RFC 9449 §11.1).
    ReplayedProof,
    /// There is no DPoP proof where there must be one: with a bound token, or at a refresh of what began with one.
    ProofMissing,
    /// The proof is of another key than the token, the refresh token or the code is bound to.
    WrongKey,
    /// A bound token came as a bearer token (RFC 9449 §7.2).
    BoundTokenAsBearer,
    /// A bearer token came with the scheme `DPoP` (RFC 9449 §7.1).
    BearerTokenAsBound,
    /// A token request asks for a resource that was not authorized (RFC 8707 §2.2).
    ResourceWidened,
    /// A token of another client (RFC 7009 §2.1).
    TokenOfAnotherClient,
}

/// A broken rule, and the request that broke it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// The number of the request, see [`LogEntry::number`].
    pub request: u64,
    /// The rule.
    pub rule: Rule,
    /// What was wrong, in words; names, never values.
    pub detail: String,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// It waits: for a delay to pass or for a held answer to be released.
    Pending,
    /// It was granted.
    Accepted,
    /// It was refused, with this code.
    Refused(String),
    /// A fault took it before it was looked at: nothing was processed.
    NotProcessed,
    /// A browser's preflight was answered.
    Preflight,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogEntry {
    /// The request's number at this server, from 1.
    pub number: u64,
    /// When it came, in milliseconds of the simulator's time.
    pub at_ms: i64,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// What it asked.
    pub endpoint: Endpoint,
    /// The names of the header fields, as often as they came.
    pub header_names: Vec<String>,
    /// The names of the query's parameters.
    pub query_names: Vec<String>,
    /// The names of the body's fields.
    pub field_names: Vec<String>,
    /// The grant type, when it is a known one.
    pub grant: Option<String>,
    /// How it ended.
    pub verdict: Verdict,
    /// The status that was sent; none while pending and for a dropped connection.
    pub status: Option<u16>,
    /// The faults that touched it, by their numbers.
    pub faults: Vec<u64>,
}

/// What was counted since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Counters {
    /// All requests but preflights.
    pub requests: u64,
    /// Token requests of every grant, refreshes included.
    pub token_requests: u64,
    /// The same by grant; `other` for none and for unknown ones.
    pub token_requests_by_grant: BTreeMap<String, u64>,
    /// Token requests with a refresh token.
    pub refresh_requests: u64,
    /// Token requests that were granted.
    pub token_requests_accepted: u64,
    /// Token requests that were refused.
    pub token_requests_refused: u64,
    /// Access tokens that were made.
    pub access_tokens_issued: u64,
    /// Refresh tokens that were made.
    pub refresh_tokens_issued: u64,
    /// Times when a token request brought the same token again.
    pub same_token_again: u64,
    /// API requests.
    pub api_requests: u64,
    /// API requests that were granted.
    pub api_requests_accepted: u64,
    /// API requests that were refused.
    pub api_requests_refused: u64,
    /// Spent refresh tokens that came again, outside the grace.
    pub reuse_detections: u64,
    /// Spent refresh tokens that were taken again, within the grace.
    pub grace_uses: u64,
    /// Families of tokens that were revoked because of reuse.
    pub families_revoked: u64,
    /// Requests that met a fault.
    pub requests_faulted: u64,
    /// Requests that a fault took before they were processed.
    pub requests_not_processed: u64,
    /// Browsers' preflights.
    pub preflights: u64,
    /// Questions for a document in which the server describes itself.
    pub metadata_requests: u64,
    /// Browsers at the authorization endpoint and on its page.
    pub authorization_requests: u64,
    /// Authorization requests that were pushed.
    pub pushed_authorization_requests: u64,
    /// Devices that asked for a code; their polls count as token requests.
    pub device_authorization_requests: u64,
    /// Browsers at the page where a device's code is typed.
    pub verification_requests: u64,
    /// Revocations.
    pub revocation_requests: u64,
    /// Questions about a token.
    pub introspection_requests: u64,
    /// Proofs that were sent back for a nonce of the server.
    pub dpop_nonce_challenges: u64,
    /// Authorization codes that were made.
    pub codes_issued: u64,
    /// Authorization codes that came with another `code_verifier` than their own: somebody injected them.
    pub pkce_mismatches: u64,
    /// Broken rules.
    pub violations: u64,
}

/// What one server was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Journal {
    /// Which server.
    pub platform: Platform,
    /// The counts.
    pub counters: Counters,
    /// The first broken rules, at most [`VIOLATION_LIMIT`].
    pub violations: Vec<Violation>,
    /// The latest requests, at most [`LOG_LIMIT`].
    pub log: VecDeque<LogEntry>,
    /// How many older requests the log has dropped.
    pub log_dropped: u64,
}

impl Journal {
    pub(crate) fn new(platform: Platform) -> Self {
        Journal {
            platform,
            counters: Counters::default(),
            violations: Vec::new(),
            log: VecDeque::new(),
            log_dropped: 0,
        }
    }

    /// The rules that were broken, in order of appearance.
    pub fn rules_broken(&self) -> Vec<Rule> {
        self.violations.iter().map(|violation| violation.rule).collect()
    }

    pub(crate) fn push(&mut self, entry: LogEntry) {
        if self.log.len() >= LOG_LIMIT {
            self.log.pop_front();
            self.log_dropped += 1;
        }
        self.log.push_back(entry);
    }

    pub(crate) fn entry(&mut self, number: u64) -> Option<&mut LogEntry> {
        let first = self.log.front()?.number;
        self.log.get_mut(usize::try_from(number.checked_sub(first)?).ok()?)
    }

    pub(crate) fn violated(&mut self, request: u64, rule: Rule, detail: impl Into<String>) {
        self.counters.violations += 1;
        if self.violations.len() < VIOLATION_LIMIT {
            self.violations.push(Violation { request, rule, detail: detail.into() });
        }
    }
}
