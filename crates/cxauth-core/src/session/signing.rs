//! What the client's keys sign: the assertion by which it proves who it is (RFC 7523 §2.2), and the proofs that it has the key
//! that its tokens are bound to (RFC 9449).

use super::{
    Session,
    flight::{Flight, Phase, Step},
};
use crate::{
    AccessToken, Answer, ClientAuthentication, Error, ErrorCode, Proof, Secret, SecretName, SigningKey,
    Timestamp, destination,
    dpop::{self, Request},
    json::Writer,
    secret::wire,
};
use alloc::string::{String, ToString};
use url::Url;

/// How long an assertion is good for: seconds.
const LIFETIME: i64 = 60;
/// So many APIs' nonces are remembered.
const MOST_NONCES: usize = 32;

/// What is to be signed next for a request.
pub(super) struct Unsigned {
    kind: Kind,
    key: SigningKey,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Assertion,
    Proof,
}

impl Session {
    /// What the client's key has to sign before a bound token may go to this address, `none` for a token that needs no proof.
    /// Each request needs one of its own, also when it is sent again (RFC 9449 §7.1).
    ///
    /// # Errors
    /// `destination_refused` when the address may not see the token.
    pub fn prove(
        &mut self,
        now: Timestamp,
        token: &AccessToken,
        method: &str,
        url: &str,
    ) -> Result<Option<Proof>, Error> {
        let now = self.tick(now);
        let refused = || Error::new(ErrorCode::DestinationRefused);
        if !self.connection.allows(url) {
            return Err(refused());
        }
        let url = destination::secure(url).ok_or_else(refused)?;
        let name = self.entropy.name();
        let Some(key) = self.connection.dpop_key.as_ref().filter(|_| token.is_bound()) else {
            return Ok(None);
        };
        let origin = origin(&url);
        let nonce =
            self.api_nonces.iter().find(|(other, _)| *other == origin).map(|(_, nonce)| nonce.as_str());
        Ok(Some(Proof::new(key, token, (method, &url), nonce, &name, now)))
    }

    /// An API's answer carried this in the field `dpop-nonce`: the next proof for it says so (RFC 9449 §9).
    pub fn note_nonce(&mut self, url: &str, nonce: &str) {
        let (Some(url), Some(nonce)) = (destination::secure(url), dpop::nonce(nonce)) else { return };
        if self.connection.dpop_key.is_none() || !self.connection.allows(url.as_str()) {
            return;
        }
        let origin = origin(&url);
        self.api_nonces.retain(|(other, _)| *other != origin);
        if self.api_nonces.len() >= MOST_NONCES {
            self.api_nonces.pop_front();
        }
        self.api_nonces.push_back((origin, nonce));
    }

    /// The signature that the request which is due still needs. Each request gets an assertion and a proof of its own, made when
    /// the request is (RFC 7523 §3, RFC 9449 §11.1: a server may take each `jti` once).
    pub(super) fn signature_due(&mut self, now: Timestamp, flight: &mut Flight) -> Option<Step> {
        // No server is asked for the token of the grants `external` and `api_key`.
        let asks =
            self.connection.token_endpoint.is_some() && matches!(flight.phase, Phase::Send | Phase::Sign);
        if !asks {
            return None;
        }
        if flight.unsigned.is_none() {
            flight.unsigned = Some(self.unsigned(now, flight)?);
        }
        flight.phase = Phase::Sign;
        let unsigned = flight.unsigned.as_ref()?;
        Some(Step::Sign { key: unsigned.key.clone(), bytes: unsigned.text.as_bytes().into() })
    }

    /// Takes the signature; false when there is none in it.
    pub(super) fn signed(&mut self, flight: &mut Flight, signature: &[u8]) -> bool {
        let Some(unsigned) = flight.unsigned.take().filter(|_| !signature.is_empty()) else { return false };
        let signed = Some(wire::signed(&unsigned.text, signature));
        match unsigned.kind {
            Kind::Assertion => flight.assertion = signed,
            Kind::Proof => flight.proof = signed,
        }
        flight.phase = Phase::Send;
        true
    }

    /// The key that could not sign, by its setting's name.
    pub(super) fn unsigned_key<'session>(
        &'session self,
        flight: &'session Flight,
    ) -> Option<(&'static str, &'session SigningKey)> {
        match &flight.unsigned {
            Some(Unsigned { kind: Kind::Proof, key, .. }) => Some(("dpop_key", key)),
            _ => self.connection.client_key.as_ref().map(|key| ("client_key", key)),
        }
    }

    /// RFC 9449 §8: the server wants a nonce in the proof, and said which. It is asked once more with it, and did nothing before.
    pub(super) fn answers_with_nonce(
        &mut self,
        flight: &mut Flight,
        answer: &Answer,
        error: Option<&Error>,
    ) -> bool {
        let told = answer.nonce().filter(|_| self.connection.dpop_key.is_some()).and_then(dpop::nonce);
        let is_new = told.is_some();
        if is_new {
            self.nonce = told;
        }
        let is_asked = error.is_some_and(|error| error.server_error() == Some("use_dpop_nonce"));
        is_asked && is_new && !core::mem::replace(&mut flight.nonce_answered, true)
    }

    fn unsigned(&mut self, now: Timestamp, flight: &Flight) -> Option<Unsigned> {
        let signs = self.connection.client_authentication == ClientAuthentication::PrivateKeyJwt;
        if signs && flight.assertion.is_none() {
            let key = self.connection.client_key.clone()?;
            let text = self.assertion(now)?;
            return Some(Unsigned { kind: Kind::Assertion, key, text });
        }
        if flight.proof.is_some() || !flight.asks_for_token() {
            return None;
        }
        let name = self.entropy.name();
        let key = self.connection.dpop_key.as_ref()?;
        let refreshes = flight.sends_refresh_token(self);
        let connection = &self.connection;
        let url =
            if refreshes { &connection.refresh_endpoint } else { &connection.token_endpoint }.as_ref()?;
        let request = Request { method: "POST", url, token: None, nonce: self.nonce.as_deref() };
        Some(Unsigned { kind: Kind::Proof, key: key.key().clone(), text: key.proof(&request, &name, now) })
    }

    fn assertion(&mut self, now: Timestamp) -> Option<String> {
        let client_id = self.connection.client_id.clone()?;
        let key = self.connection.client_key.as_ref()?;
        let mut header = Writer::new(Writer::longest(key.kid().map_or(0, str::len)) + 80);
        header.text("alg", key.algorithm().as_str());
        header.text("typ", "JWT");
        if let Some(key_id) = key.kid() {
            header.text("kid", key_id);
        }
        // RFC 9700 §2.5 and its errata in rfc7523bis: the issuer, where it is known, so that no other server can use it.
        let endpoint = self.connection.token_endpoint.as_ref().map(Url::as_str);
        let audience = self.connection.issuer.as_deref().or(endpoint)?.to_string();
        let issued_at = now.unix_millis().div_euclid(1000);
        let mut claims =
            Writer::new(2 * Writer::longest(client_id.len()) + Writer::longest(audience.len()) + 200);
        claims.text("iss", &client_id);
        claims.text("sub", &client_id);
        claims.text("aud", &audience);
        claims.text("jti", &self.entropy.name());
        claims.plain("iat", issued_at);
        claims.plain("exp", issued_at.saturating_add(LIFETIME));
        Some(wire::unsigned(&header.finish(), &claims.finish()))
    }
}

impl Flight {
    /// What proves who the client is: its assertion, or its secret.
    pub(super) fn credential(&self) -> Option<&Secret> {
        self.assertion.as_ref().or_else(|| self.secret(SecretName::ClientSecret))
    }
}

fn origin(url: &Url) -> String {
    url.as_str().split_inclusive('/').take(3).collect()
}
