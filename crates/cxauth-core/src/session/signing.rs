//! What the client signs: the assertion by which it proves who it is (RFC 7523 §2.2).

use super::{
    Session,
    flight::{Flight, Phase, Step},
};
use crate::{ClientAuthentication, Secret, Timestamp, json::Writer, secret::wire};
use alloc::string::{String, ToString};
use url::Url;

/// How long an assertion is good for: seconds.
const LIFETIME: i64 = 60;

impl Session {
    /// The signature that the request which is due still needs. Each request gets an assertion of its own, made when the
    /// request is (RFC 7523 §3: a server may take each `jti` once).
    pub(super) fn signature_due(&mut self, now: Timestamp, flight: &mut Flight) -> Option<Step> {
        let signs = self.connection.client_authentication == ClientAuthentication::PrivateKeyJwt;
        if !signs || flight.assertion.is_some() || !matches!(flight.phase, Phase::Send | Phase::Sign) {
            return None;
        }
        // No server is asked for the token of the grants `external` and `api_key`.
        let key = self.connection.client_key.clone().filter(|_| self.connection.token_endpoint.is_some())?;
        if flight.unsigned.is_none() {
            flight.unsigned = Some(self.assertion(now)?);
        }
        flight.phase = Phase::Sign;
        let bytes = flight.unsigned.clone()?.into_bytes();
        Some(Step::Sign { key, bytes })
    }

    /// Takes the signature; false when there is none in it.
    pub(super) fn signed(&mut self, flight: &mut Flight, signature: &[u8]) -> bool {
        let Some(unsigned) = flight.unsigned.take().filter(|_| !signature.is_empty()) else { return false };
        flight.assertion = Some(wire::signed(&unsigned, signature));
        flight.phase = Phase::Send;
        true
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
        self.assertion.as_ref().or_else(|| self.secret(crate::SecretName::ClientSecret))
    }
}
