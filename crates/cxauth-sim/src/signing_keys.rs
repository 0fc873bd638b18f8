//! Key pairs for whoever plays the client: made when they are first needed, and registered already.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::settings::{Secret, SigningAlgorithm};

/// The issuer whose public keys the plain server trusts from the start.
pub(crate) const TRUSTED_ISSUER: &str = "https://issuer.example";

/// A key pair whose public half is registered for the client `cxauth-canary-generic-key-client` and for the
/// issuer `https://issuer.example`. Made anew in every process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SigningKey {
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// The public key, a JWK with a `kid`.
    pub public_jwk: Value,
    /// The private key as the text of a JWK (RFC 7517).
    pub private_jwk: Secret,
    /// The private key as PKCS#8 in PEM (RFC 5958, RFC 7468).
    pub pem: Secret,
}

/// One for ES256 and one for EdDSA, in this order.
pub fn signing_keys() -> &'static [SigningKey] {
    static KEYS: OnceLock<Vec<SigningKey>> = OnceLock::new();
    KEYS.get_or_init(|| [p256(), ed25519()].into_iter().flatten().collect())
}

pub(crate) fn public_jwks() -> Vec<Value> {
    signing_keys().iter().map(|key| key.public_jwk.clone()).collect()
}

/// A JWT that one of the keys signed, for connections that are ready to be used.
pub(crate) fn sign(claims: &Value) -> Option<String> {
    let key = signing_keys().iter().find(|key| key.algorithm == SigningAlgorithm::Es256)?;
    let text: String = key.pem.reveal().lines().filter(|line| !line.starts_with('-')).collect();
    let pkcs8 = STANDARD.decode(text).ok()?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8).ok()?;
    let header = json!({ "alg": key.algorithm.name(), "typ": "JWT", "kid": key.public_jwk["kid"] });
    let signed =
        format!("{}.{}", encoded(header.to_string().as_bytes()), encoded(claims.to_string().as_bytes()));
    let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
    Some(format!("{signed}.{}", encoded(signature.as_ref())))
}

fn p256() -> Option<SigningKey> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
    let point = pair.public_key().as_ref();
    let public = json!({
        "kty": "EC", "crv": "P-256", "kid": "cxauth-sim-es256", "alg": "ES256",
        "x": encoded(point.get(1..33)?), "y": encoded(point.get(33..65)?),
    });
    let private = pair.private_key().as_be_bytes().ok()?;
    let pkcs8 = pair.to_pkcs8v1().ok()?;
    Some(key(SigningAlgorithm::Es256, public, private.as_ref(), pkcs8.as_ref()))
}

fn ed25519() -> Option<SigningKey> {
    let pair = Ed25519KeyPair::generate().ok()?;
    let public = json!({
        "kty": "OKP", "crv": "Ed25519", "kid": "cxauth-sim-eddsa", "alg": "EdDSA",
        "x": encoded(pair.public_key().as_ref()),
    });
    let private = pair.seed().ok()?.as_be_bytes().ok()?;
    let pkcs8 = pair.to_pkcs8v1().ok()?;
    Some(key(SigningAlgorithm::EdDsa, public, private.as_ref(), pkcs8.as_ref()))
}

fn key(algorithm: SigningAlgorithm, public_jwk: Value, private: &[u8], pkcs8: &[u8]) -> SigningKey {
    let mut private_jwk = public_jwk.clone();
    private_jwk["d"] = encoded(private).into();
    SigningKey {
        algorithm,
        public_jwk,
        private_jwk: Secret::new(private_jwk.to_string()),
        pem: Secret::new(pem(pkcs8)),
    }
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// RFC 7468 §3: lines of 64 characters.
fn pem(der: &[u8]) -> String {
    let label = ["PRIVATE", "KEY"].join(" ");
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
