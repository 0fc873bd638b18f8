//! DPoP proofs (RFC 9449): judged where they come, and the nonces that they need.

use std::collections::HashMap;

use axum::http::{HeaderName, StatusCode};
use serde_json::json;

use crate::Verdict;
use crate::hash::base64url_sha256;
use crate::jose::{Jwt, is_private, thumbprint};
use crate::journal::Rule;
use crate::judge::{Judge, bad_request};
use crate::reply::Reply;
use crate::server::Server;
use crate::settings::DpopNonce;
use crate::tokens::{random_hex, seconds};

const HEADER: HeaderName = HeaderName::from_static("dpop");

/// Which of the two servers judges (§8, §9).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    /// The authorization server.
    Token,
    /// The resource server, with the token that was presented.
    Api,
}

/// The nonces that were given, and when.
#[derive(Default)]
pub(crate) struct Nonces {
    given: HashMap<(Side, String), i64>,
}

impl Nonces {
    fn give(&mut self, side: Side, now_ms: i64) -> String {
        let nonce = format!("cxauth-nonce-{}", random_hex());
        self.given.insert((side, nonce.clone()), now_ms);
        nonce
    }

    fn is_good(&mut self, side: Side, nonce: &str, mode: DpopNonce, oldest_ms: i64) -> bool {
        let key = (side, nonce.to_owned());
        let given_at = match mode {
            DpopNonce::Off => return true,
            DpopNonce::NeverContent => return false,
            DpopNonce::Required => self.given.get(&key).copied(),
            DpopNonce::Rotated => self.given.remove(&key),
        };
        given_at.is_some_and(|given_at| given_at > oldest_ms)
    }
}

/// Why a proof is refused.
pub(crate) struct ProofProblem {
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
    nonce: Option<String>,
}

impl ProofProblem {
    fn invalid(description: &'static str) -> Self {
        ProofProblem { code: "invalid_dpop_proof", description, nonce: None }
    }

    /// §5, §8: at the token endpoint.
    pub(crate) fn at_token_endpoint(self) -> Reply {
        with_nonce(bad_request(self.code, self.description), self.nonce.as_deref())
    }

    /// §7.1, §9: at the API.
    pub(crate) fn at_api(self, server: &Server) -> Reply {
        with_nonce(challenge(server, self.code, self.description), self.nonce.as_deref())
    }
}

impl Judge<'_> {
    /// The thumbprint of the key that the request proves, or none when it has no proof. At the API the token
    /// is part of what is proved (§4.3).
    pub(crate) fn proof(&mut self, side: Side, token: Option<&str>) -> Result<Option<String>, ProofProblem> {
        if !self.server.settings.dpop.served {
            return Ok(None);
        }
        let mut proofs = self.request.headers.get_all(HEADER).iter();
        let Some(proof) = proofs.next() else { return Ok(None) };
        if proofs.next().is_some() {
            return self.bad_proof("several DPoP headers");
        }
        let Ok(text) = proof.to_str() else { return self.bad_proof("a DPoP header that is no text") };
        let jwt = match Jwt::read(text, &self.server.settings.assertions.algorithms) {
            Ok(jwt) => jwt,
            Err(why) => return self.bad_proof(why),
        };
        if jwt.header.get("typ").and_then(|kind| kind.as_str()) != Some("dpop+jwt") {
            return self.bad_proof("its typ is not dpop+jwt");
        }
        let Some((key, thumb)) = jwt.header.get("jwk").and_then(|key| Some((key, thumbprint(key)?))) else {
            return self.bad_proof("it has no jwk");
        };
        if is_private(key) {
            return self.bad_proof("its jwk is a private key");
        }
        if !jwt.verifies_with(key) {
            return self.bad_proof("its signature is not of its own key");
        }
        if jwt.text("htm") != Some(self.request.method.as_str()) {
            return self.bad_proof("its htm is not the method");
        }
        // Without query and fragment (§4.2).
        if jwt.text("htu") != Some(&format!("{}{}", self.server.base, self.request.path)) {
            return self.bad_proof("its htu is not the address");
        }
        let expected = token.map(|token| base64url_sha256(token.as_bytes()));
        if expected.is_some() && jwt.text("ath").map(str::to_owned) != expected {
            return self.bad_proof("its ath is not the token's hash");
        }
        let Some(id) = jwt.text("jti") else { return self.bad_proof("it has no jti") };
        let Ok(Some(issued_at)) = jwt.date_ms("iat") else { return self.bad_proof("it has no iat") };
        // In whole seconds, as `iat` is written. A clock that is off is not the client's mistake.
        let off = self.now_ms.div_euclid(1000).abs_diff(issued_at.div_euclid(1000));
        if off > self.server.settings.dpop.window {
            return Err(ProofProblem::invalid("The proof is too old or of a time to come"));
        }
        if !self.server.replays.first_time("proof", &thumb, id) {
            self.server.violated(Rule::ReplayedProof, "a jti came a second time");
            return Err(ProofProblem::invalid("The proof was used before"));
        }
        self.check_nonce(side, jwt.text("nonce"))?;
        Ok(Some(thumb))
    }

    fn check_nonce(&mut self, side: Side, nonce: Option<&str>) -> Result<(), ProofProblem> {
        let settings = &self.server.settings.dpop;
        let (mode, lifetime) = (settings.nonce(side), settings.nonce_lifetime);
        let oldest_ms = self.now_ms.saturating_sub(seconds(lifetime));
        if mode == DpopNonce::Off
            || nonce.is_some_and(|nonce| self.server.nonces.is_good(side, nonce, mode, oldest_ms))
        {
            return Ok(());
        }
        self.server.journal.counters.dpop_nonce_challenges += 1;
        let nonce = self.server.nonces.give(side, self.now_ms);
        Err(ProofProblem {
            code: "use_dpop_nonce",
            description: "The proof needs a nonce of this server",
            nonce: Some(nonce),
        })
    }

    /// §8.2: an answer may bring the nonce for the next request.
    pub(crate) fn renew_nonce(&mut self, side: Side, reply: Reply) -> Reply {
        let settings = &self.server.settings.dpop;
        let rotated = settings.served && settings.nonce(side) == DpopNonce::Rotated;
        let has_one = reply.headers.iter().any(|(name, _)| name == "dpop-nonce");
        if !rotated || has_one || !self.request.headers.contains_key(HEADER) {
            return reply;
        }
        let nonce = self.server.nonces.give(side, self.now_ms);
        with_nonce(reply, Some(&nonce))
    }

    fn bad_proof<T>(&mut self, why: &'static str) -> Result<T, ProofProblem> {
        self.server.violated(Rule::BadProof, why);
        Err(ProofProblem::invalid("The proof is not what it should be"))
    }
}

impl crate::settings::Dpop {
    fn nonce(&self, side: Side) -> DpopNonce {
        match side {
            Side::Token => self.token_nonce,
            Side::Api => self.api_nonce,
        }
    }
}

/// §7.1: the challenge of an API that takes bound tokens.
pub(crate) fn challenge(server: &Server, code: &str, description: &str) -> Reply {
    let algorithms: Vec<&str> =
        server.settings.assertions.algorithms.iter().map(|algorithm| algorithm.name()).collect();
    let challenge = format!(
        "DPoP realm=\"cxauth-sim\", error=\"{code}\", error_description=\"{description}\", algs=\"{}\"",
        algorithms.join(" ")
    );
    let body = json!({ "error": code, "error_description": description });
    Reply::json(StatusCode::UNAUTHORIZED, &body, Verdict::Refused(code.into()))
        .with_header("www-authenticate", &challenge)
}

fn with_nonce(reply: Reply, nonce: Option<&str>) -> Reply {
    match nonce {
        Some(nonce) => reply.with_header("dpop-nonce", nonce),
        None => reply,
    }
}
