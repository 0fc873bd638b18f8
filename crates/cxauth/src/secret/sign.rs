//! Signing with the client's keys.

use super::{SecretFunctions, read};
use crate::{Secret, SecretSource, SignatureAlgorithm, SigningKey};
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
        RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde_json::json;
use std::{collections::HashMap, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};
use tokio::{task, time};

/// A signer that asks a person or a network has to be done by then.
const TIME_LIMIT: Duration = Duration::from_secs(20);

type Call = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send>>;
type Signer = Arc<dyn Fn(Vec<u8>, SignatureAlgorithm) -> Call + Send + Sync>;

/// Functions of the program's own that sign, by the names that the connection's keys have.
#[derive(Clone, Default)]
pub(crate) struct Signers(HashMap<String, Signer>);

impl Signers {
    pub(crate) fn add<F, R, E>(&mut self, name: String, function: F)
    where
        F: Fn(Vec<u8>, SignatureAlgorithm) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<u8>, E>> + Send + 'static,
        E: fmt::Display,
    {
        let function = move |bytes, algorithm| -> Call {
            let call = function(bytes, algorithm);
            Box::pin(async move { call.await.map_err(|error| error.to_string()) })
        };
        self.0.insert(name, Arc::new(function));
    }

    /// In a task of its own, so that a panic of the function is a failure of it and of nothing else.
    async fn call(
        &self,
        name: &str,
        bytes: Vec<u8>,
        algorithm: SignatureAlgorithm,
    ) -> Result<Vec<u8>, String> {
        let signer = self.0.get(name).map(Arc::clone);
        let signer = signer.ok_or("the program gave no signer of this name: give one with `signer`")?;
        let call = time::timeout(TIME_LIMIT, tokio::spawn(async move { signer(bytes, algorithm).await }));
        match call.await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err("it panicked".into()),
            Err(_) => Err("nothing came within 20 seconds".into()),
        }
    }
}

/// The signature as RFC 7518 §3 has it, or why there is none. The text names the key's setting and place, and nothing of the key.
pub(crate) async fn sign(
    setting: &str,
    key: SigningKey,
    bytes: Vec<u8>,
    signers: &Signers,
) -> Result<Vec<u8>, String> {
    let algorithm = key.algorithm();
    let signed = match key.source() {
        SecretSource::Function(name) => {
            let signed = signers.call(name, bytes, algorithm).await;
            signed.map_err(|why| format!("signer {name}: {why}"))
        }
        source => match read(source.clone(), &SecretFunctions::default()).await {
            Ok(pem) => {
                // RSA takes its time.
                let signed = task::spawn_blocking(move || sign_with_pem(&pem, algorithm, &bytes)).await;
                signed.unwrap_or_else(|_| Err("signing broke off".into()))
            }
            Err(why) => Err(why),
        },
    };
    signed.map_err(|why| format!("{setting}: {why}"))
}

/// Signs with a PEM key as a client does with its `client_key`, for drivers in other languages, whose own libraries may not be
/// able to. The signature is as RFC 7518 §3 has it.
///
/// # Errors
/// Why there is none, in words that say nothing of the key.
pub fn sign_with_pem(pem: &Secret, algorithm: SignatureAlgorithm, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let random = SystemRandom::new();
    let refused = |_| format!("the key does not sign with {}", algorithm.as_str());
    match Pair::read(pem, algorithm)? {
        Pair::P256(pair) => Ok(pair.sign(&random, bytes).map_err(refused)?.as_ref().to_vec()),
        Pair::Ed25519(pair) => Ok(pair.sign(bytes).as_ref().to_vec()),
        Pair::Rsa(pair) => {
            let encoding: &'static dyn RsaEncoding =
                if algorithm == SignatureAlgorithm::Rs256 { &RSA_PKCS1_SHA256 } else { &RSA_PSS_SHA256 };
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(encoding, &random, bytes, &mut signature).map_err(refused)?;
            Ok(signature)
        }
    }
}

/// The public half of a PEM key as a JWK (RFC 7518 §6, RFC 8037 §2), or why there is none.
pub(crate) fn public_jwk(pem: &Secret, algorithm: SignatureAlgorithm) -> Result<String, String> {
    let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = match Pair::read(pem, algorithm)? {
        Pair::P256(pair) => {
            // Uncompressed: 4, x, y (SEC 1 §2.3.3).
            let (x, y) = pair.public_key().as_ref().get(1..).unwrap_or_default().split_at(32);
            json!({ "kty": "EC", "crv": "P-256", "x": encoded(x), "y": encoded(y) })
        }
        Pair::Ed25519(pair) => {
            json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(pair.public_key().as_ref()) })
        }
        Pair::Rsa(pair) => {
            let public = pair.public_key();
            let (n, e) = (public.modulus(), public.exponent());
            let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
            json!({ "kty": "RSA", "n": encoded(n), "e": encoded(e) })
        }
    };
    Ok(jwk.to_string())
}

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Pair {
    fn read(pem: &Secret, algorithm: SignatureAlgorithm) -> Result<Self, String> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.expose().as_bytes()).map_err(|_| {
            "no PEM of an unencrypted PKCS #8 key (`-----BEGIN PRIVATE KEY-----`): \
             make one with `openssl pkcs8 -topk8 -nocrypt -in KEY`"
                .to_owned()
        })?;
        let der = der.secret_pkcs8_der();
        let pair = match algorithm {
            SignatureAlgorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).map(Self::P256)
            }
            // What openssl writes holds no public key (RFC 5958 §2).
            SignatureAlgorithm::EdDsa => Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Self::Ed25519),
            SignatureAlgorithm::Rs256 | SignatureAlgorithm::Ps256 => {
                RsaKeyPair::from_pkcs8(der).map(Self::Rsa)
            }
            _ => return Err(format!("this version of cxauth does not sign with {}", algorithm.as_str())),
        };
        pair.map_err(|why| format!("the key does not do for {}: {why}", algorithm.as_str()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use aws_lc_rs::{
        encoding::AsDer,
        rsa::KeySize,
        signature::{
            ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
            UnparsedPublicKey, VerificationAlgorithm,
        },
    };
    use base64::engine::general_purpose::STANDARD;
    use cxauth_core::SignatureAlgorithm::{EdDsa, Es256, Ps256, Rs256};

    const MESSAGE: &[u8] = b"header.claims";

    fn pem(label: &str, der: &[u8]) -> Secret {
        Secret::new(format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der)))
    }

    fn assert_signs(
        algorithm: SignatureAlgorithm,
        pkcs8: &[u8],
        public: &[u8],
        verification: &'static dyn VerificationAlgorithm,
    ) -> Vec<u8> {
        let signature = sign_with_pem(&pem("PRIVATE KEY", pkcs8), algorithm, MESSAGE).unwrap();
        let key = UnparsedPublicKey::new(verification, public);
        key.verify(MESSAGE, &signature).unwrap();
        assert!(key.verify(b"another", &signature).is_err());
        signature
    }

    #[test]
    fn every_algorithm_signs_as_its_rfc_says() {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let (der, public) = (pair.to_pkcs8v1().unwrap(), pair.public_key());
        let signature = assert_signs(Es256, der.as_ref(), public.as_ref(), &ECDSA_P256_SHA256_FIXED);
        assert_eq!(signature.len(), 64, "r and s, no ASN.1");
        let pair = Ed25519KeyPair::generate().unwrap();
        for der in [pair.to_pkcs8v1().unwrap(), pair.to_pkcs8().unwrap()] {
            assert_signs(EdDsa, der.as_ref(), pair.public_key().as_ref(), &ED25519);
        }
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let (der, public) = (AsDer::as_der(&pair).unwrap(), pair.public_key());
        let der: &aws_lc_rs::encoding::Pkcs8V1Der<'_> = &der;
        assert_signs(Rs256, der.as_ref(), public.as_ref(), &RSA_PKCS1_2048_8192_SHA256);
        assert_signs(Ps256, der.as_ref(), public.as_ref(), &RSA_PSS_2048_8192_SHA256);
    }

    #[test]
    fn a_key_that_does_not_do_is_not_shown() {
        let pair = Ed25519KeyPair::generate().unwrap();
        let der = pair.to_pkcs8v1().unwrap();
        let another = pem("PRIVATE KEY", der.as_ref());
        let encrypted = pem("ENCRYPTED PRIVATE KEY", b"canary");
        for (pem, algorithm) in
            [(&another, Es256), (&another, Rs256), (&encrypted, Es256), (&Secret::new("canary"), EdDsa)]
        {
            let why = sign_with_pem(pem, algorithm, MESSAGE).unwrap_err();
            assert!(
                !why.contains("canary") && !why.contains(&STANDARD.encode(der.as_ref())[10..30]),
                "{why}"
            );
            assert!(why.contains("PKCS #8") || why.contains(algorithm.as_str()), "{why}");
        }
    }
}
