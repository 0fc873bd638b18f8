//! Clients that prove who they are by a signature.

use crate::support::World;
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::{KeyPair, RsaKeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use cxauth::{Action, ErrorCode};
use cxauth_sim::{Client as Registered, Platform, SigningAlgorithm, signing_keys};
use serde_json::{Value, json};
use std::fs;

/// A key as its owner has it, and the simulator's name of the algorithm.
fn keys() -> Vec<(String, Value, &'static str)> {
    let mut keys: Vec<_> = signing_keys()
        .iter()
        .map(|key| {
            let name = if key.algorithm == SigningAlgorithm::Es256 { "ES256" } else { "EdDSA" };
            (key.pem.reveal().to_owned(), key.public_jwk.clone(), name)
        })
        .collect();
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der.as_ref())
    );
    // SEQUENCE { INTEGER n, INTEGER e }, always of the same lengths (RFC 8017 A.1.1).
    let public = pair.public_key().as_ref();
    let (n, e) = (&public[9..265], &public[267..270]);
    let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    for name in ["RS256", "PS256"] {
        let jwk = json!({ "kty": "RSA", "kid": name, "alg": name, "n": encoded(n), "e": encoded(e) });
        keys.push((pem.clone(), jwk, name));
    }
    keys
}

fn register(world: &World, jwk: &Value) {
    world.configure(Platform::Generic, |settings| {
        settings.clients = vec![Registered::with_keys("cxauth-canary-generic-key-client", vec![jwk.clone()])];
    });
}

/// R01, R08, R60: each algorithm, from a file, for the grant and for what follows from it.
#[tokio::test]
async fn a_key_in_a_file_signs_in_every_algorithm() {
    let directory = tempfile::tempdir().unwrap();
    for (pem, jwk, algorithm) in keys() {
        let world = World::new().await;
        register(&world, &jwk);
        let file = directory.path().join(algorithm);
        fs::write(&file, pem).unwrap();
        let key = json!({ "file": file, "algorithm": algorithm, "key_id": jwk["kid"] });
        let client = world.further("private-key-jwt", &json!({ "client_key": key })).build().unwrap();
        for _ in 0..2 {
            assert_eq!(client.get("items?page=1").await.unwrap().status(), 200, "{algorithm}");
            world.pass(3600);
        }
        assert_eq!(world.counters(Platform::Generic).token_requests_accepted, 2);
        world.assert_no_violations();
    }
}

/// The key never comes here: a function of the program's own signs.
#[tokio::test]
async fn a_signer_of_the_program_signs() {
    let world = World::new().await;
    let key = &signing_keys()[0];
    register(&world, &key.public_jwk);
    let pem = key.pem.reveal().to_owned();
    let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(der).unwrap();
    let client = world
        .further("private-key-jwt", &json!({}))
        .signer(key.public_jwk["kid"].as_str().unwrap(), move |bytes, algorithm| {
            assert_eq!(algorithm.as_str(), "ES256");
            let kind = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
            let pair = aws_lc_rs::signature::EcdsaKeyPair::from_pkcs8(kind, &der).unwrap();
            let signed = pair.sign(&aws_lc_rs::rand::SystemRandom::new(), &bytes);
            async move { signed.map(|signature| signature.as_ref().to_vec()) }
        })
        .build()
        .unwrap();
    assert_eq!(client.get("items?page=1").await.unwrap().status(), 200);
    world.assert_no_violations();
}

#[tokio::test]
async fn a_key_that_does_not_sign_says_why() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key.pem");
    let key = json!({ "file": file, "algorithm": "ES256" });
    let asked = |changes: Value, wanted: &'static str| {
        let client = world.further("private-key-jwt", &changes).build().unwrap();
        async move {
            let error = client.token().await.unwrap_err();
            assert_eq!(
                (error.code(), error.action()),
                (ErrorCode::SecretUnreadable, Action::FixConfiguration)
            );
            let detail = error.detail().unwrap();
            assert!(detail.contains(wanted) && !detail.contains("canary"), "{detail}");
        }
    };
    asked(json!({ "client_key": key }), "No such file").await;
    fs::write(&file, "cxauth-canary-key").unwrap();
    asked(json!({ "client_key": key }), "PKCS #8").await;
    fs::write(&file, signing_keys()[1].pem.reveal()).unwrap();
    asked(json!({ "client_key": key }), "does not do for ES256").await;
    asked(json!({}), "no signer of this name").await;
    let panics = world.further("private-key-jwt", &json!({ "client_key": { "function": "kms" } }));
    let client =
        panics.signer("kms", |_, _| async { None::<Vec<u8>>.ok_or("cxauth says no") }).build().unwrap();
    assert!(client.token().await.unwrap_err().detail().unwrap().contains("signer kms: cxauth says no"));
    assert_eq!(world.counters(Platform::Generic).token_requests, 0);
}
