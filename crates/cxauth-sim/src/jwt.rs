//! RS256-signed access tokens (RFC 7519, RFC 7518 §3.3), shaped like the one in CloudCX's own example.

use std::sync::OnceLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::tokens::Holder;

/// The public key that verifies the simulator's JWTs: the DER form of RSAPublicKey (RFC 8017 §A.1.1).
pub fn public_key() -> Vec<u8> {
    key().map(|key| key.public_key().as_ref().to_vec()).unwrap_or_default()
}

/// The same as a JWK (RFC 7517).
pub(crate) fn jwk() -> Value {
    let der = public_key();
    // A 2048-bit modulus and the usual exponent: both lie where they always do.
    let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(der.get(range).unwrap_or_default());
    json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "cxauth-canary-key",
        "n": part(9..265), "e": part(267..270),
    })
}

pub(crate) fn sign(issuer: &str, holder: &Holder, number: u64, now_ms: i64, expires_at_ms: i64) -> String {
    let header = json!({ "kid": "cxauth-canary-key", "alg": "RS256" });
    let mut claims = json!({
        "sub": holder.client,
        "aud": holder.client,
        "nbf": now_ms.div_euclid(1000),
        "user-id": holder.user,
        "iss": issuer,
        "exp": expires_at_ms.div_euclid(1000),
        "iat": now_ms.div_euclid(1000),
        "jti": number.to_string(),
    });
    // RFC 9449 §6.1.
    if let Some(key) = &holder.key {
        claims["cnf"] = json!({ "jkt": key });
    }
    let text = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature = key().and_then(|key| signature(key, text.as_bytes())).unwrap_or_default();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signature(key: &KeyPair, text: &[u8]) -> Option<Vec<u8>> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).ok()?;
    Some(signature)
}

/// One key a process, made when the first JWT is: a committed one would only trip secret scanners.
fn key() -> Option<&'static KeyPair> {
    static KEY: OnceLock<Option<KeyPair>> = OnceLock::new();
    KEY.get_or_init(|| KeyPair::generate(KeySize::Rsa2048).ok()).as_ref()
}
