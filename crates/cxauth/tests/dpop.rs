//! Tokens that are bound to a key, and the proofs that go with them to the API (RFC 9449).
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::RsaKeyPair,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use cxauth::{
    Action, Builder, Client, Connection, DpopKey, ErrorCode, Refusal, Secret, SecretSource, Settings,
    SignatureAlgorithm, SigningKey, blocking, sign_with_pem,
    store::{FileStore, MemoryStore},
};
use cxauth_sim::{
    Decision, DpopNonce, Effect, Endpoint, Fault, Platform, RedirectTarget, Rule, Simulator, signing_keys,
};
use http::Method;
use reqwest::Body;
use serde_json::{Value, json};
use std::{
    fs, io,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use support::{World, soon};

const GENERIC: Platform = Platform::Generic;
const SIGNER: &str = "cxauth-sim-es256";

/// What the key of a program's own did.
#[derive(Clone, Default)]
struct Key {
    signatures: Arc<AtomicU64>,
    fails: Arc<AtomicBool>,
}

impl Key {
    fn signatures(&self) -> u64 {
        self.signatures.load(Ordering::SeqCst)
    }
}

impl World {
    fn further(&self, way: &str, key: &Key) -> Builder {
        let connection = self.simulator.further_connections()[&format!("generic/{way}")].to_string();
        self.of(Connection::from_json(&connection).unwrap()).key(key)
    }

    fn bound(&self) -> Client {
        self.further("dpop", &Key::default()).build().unwrap()
    }

    /// With the key in a PEM instead of a function.
    fn with_key(&self, key: DpopKey) -> Builder {
        let mut connection = self.simulator.further_connections()["generic/dpop"].clone();
        connection.as_object_mut().unwrap().remove("dpop_key");
        let connection = Connection::from_json(&connection.to_string()).unwrap();
        self.of(connection.with(Settings::default().dpop_key(key)).unwrap())
    }

    fn nonces(&self, mode: DpopNonce) {
        self.configure(GENERIC, |settings| {
            settings.dpop.token_nonce = mode;
            settings.dpop.api_nonce = mode;
        });
    }

    fn url(&self, path: &str) -> String {
        self.api_base(GENERIC) + path
    }

    fn redirects_once(&self, status: u16, to: RedirectTarget) {
        self.arm(Fault::new(Effect::Redirect { status, to }).at(Endpoint::Api).times(1));
    }
}

trait WithKey {
    fn key(self, key: &Key) -> Self;
}

impl WithKey for Builder {
    fn key(self, key: &Key) -> Self {
        let key = key.clone();
        self.signer(SIGNER, move |bytes, algorithm| {
            key.signatures.fetch_add(1, Ordering::SeqCst);
            let signed = sign_with_pem(&pem(0), algorithm, &bytes);
            let fails = key.fails.load(Ordering::SeqCst);
            async move { if fails { Err("the key is out of reach".to_owned()) } else { signed } }
        })
    }
}

fn pem(index: usize) -> Secret {
    Secret::new(signing_keys()[index].pem.reveal())
}

fn in_file(file: &Path, algorithm: SignatureAlgorithm) -> SigningKey {
    SigningKey::new(SecretSource::File(file.display().to_string()), algorithm)
}

fn plain() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn stream() -> Body {
    let parts = ["a", "b"].map(Ok::<_, io::Error>);
    Body::wrap_stream(futures_util::stream::iter(parts))
}

#[tokio::test]
async fn each_request_proves_the_key_and_the_token_is_renewed() {
    let world = World::new().await;
    let key = Key::default();
    let client = world.further("dpop", &key).build().unwrap();
    let token = client.token().await.unwrap();
    assert!(token.is_bound() && token.header_value().expose().starts_with("DPoP "));
    for _ in 0..3 {
        assert_eq!(client.get("items?page=2").await.unwrap().status(), 200);
    }
    assert_eq!(client.request(Method::POST, "whoami").body("x").send().await.unwrap().status(), 200);
    assert_eq!(key.signatures(), 5, "the token's request and four more, each with its own");
    world.pass(3600);
    assert_eq!(client.get("items").await.unwrap().status(), 200);
    assert!(client.token().await.unwrap().generation() > token.generation());
    assert_eq!(world.counters(GENERIC).token_requests_accepted, 2);
    world.assert_no_violations();
}

#[tokio::test]
async fn a_pem_of_every_algorithm_proves() {
    let directory = tempfile::tempdir().unwrap();
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let der = STANDARD.encode(der.as_ref());
    let rsa = Secret::new(format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n"));
    for (pem, algorithm) in [
        (&pem(0), SignatureAlgorithm::Es256),
        (&pem(1), SignatureAlgorithm::EdDsa),
        (&rsa, SignatureAlgorithm::Rs256),
        (&rsa, SignatureAlgorithm::Ps256),
    ] {
        let world = World::new().await;
        let file = directory.path().join(algorithm.as_str());
        fs::write(&file, pem.expose()).unwrap();
        let key = in_file(&file, algorithm);
        let client = world.with_key(cxauth::dpop_key(key, pem).unwrap()).build().unwrap();
        assert_eq!(client.get("items").await.unwrap().status(), 200, "{algorithm:?}");
        assert!(client.token().await.unwrap().is_bound());
        world.assert_no_violations();

        fs::remove_file(&file).unwrap();
        let before = world.counters(GENERIC).api_requests;
        let error = client.get("items").await.unwrap_err();
        let error = error.token().unwrap();
        assert_eq!((error.code(), error.action()), (ErrorCode::SecretUnreadable, Action::FixConfiguration));
        assert!(error.detail().unwrap().contains(file.to_str().unwrap()), "{error}");
        assert_eq!(world.counters(GENERIC).api_requests, before);
    }
    let told = public_jwk();
    let key = || SigningKey::new(SecretSource::Function("key".into()), SignatureAlgorithm::Es256);
    assert_eq!(cxauth::dpop_key(key(), &pem(0)).unwrap(), DpopKey::new(key(), &told.to_string()).unwrap());
    for wrong in [Secret::new("cxauth-canary-key"), pem(1)] {
        let error = cxauth::dpop_key(key(), &wrong).unwrap_err();
        assert_eq!(error.code(), ErrorCode::SecretUnreadable);
        let detail = error.detail().unwrap();
        assert!(detail.starts_with("dpop_key: ") && !detail.contains("canary"), "{detail}");
    }
}

fn public_jwk() -> Value {
    let jwk = &signing_keys()[0].public_jwk;
    json!({ "kty": jwk["kty"], "crv": jwk["crv"], "x": jwk["x"], "y": jwk["y"] })
}

/// R88: both servers want one, and each answer may bring the next.
#[tokio::test]
async fn a_nonce_of_either_server_is_taken_from_its_last_answer() {
    for mode in [DpopNonce::Required, DpopNonce::Rotated] {
        let world = World::new().await;
        world.nonces(mode);
        let client = world.bound();
        for _ in 0..5 {
            assert_eq!(client.get("items").await.unwrap().status(), 200, "{mode:?}");
        }
        let counters = world.counters(GENERIC);
        assert_eq!((counters.token_requests, counters.api_requests), (2, 6), "{mode:?}");
        assert_eq!(counters.dpop_nonce_challenges, 2, "one of each, at the beginning");
        world.pass(3600);
        assert_eq!(client.get("items").await.unwrap().status(), 200);
        world.assert_no_violations();
    }
}

#[tokio::test]
async fn i16_a_server_that_is_never_content_is_asked_twice() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| settings.dpop.api_nonce = DpopNonce::NeverContent);
    let client = world.bound();
    let answer = client.get("items").await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.text().await.unwrap().contains("use_dpop_nonce"), "the answer is the caller's");
    let counters = world.counters(GENERIC);
    assert_eq!((counters.token_requests, counters.api_requests), (1, 2));
    assert!(client.with_header(|_, _| ()).is_some(), "the token is as good as before");
    world.assert_no_violations();
}

#[tokio::test]
async fn a_stream_is_not_sent_again_for_a_nonce_and_the_next_one_has_it() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| settings.dpop.api_nonce = DpopNonce::Rotated);
    let client = world.bound();
    let send = |body: Body| client.request(Method::POST, "whoami").body(body).send();
    assert_eq!(send(stream()).await.unwrap().status(), 401);
    assert_eq!(world.counters(GENERIC).api_requests, 1);
    assert_eq!(send(stream()).await.unwrap().status(), 200);
    assert_eq!(send(Body::from("ab")).await.unwrap().status(), 200);
    let counters = world.counters(GENERIC);
    assert_eq!((counters.token_requests, counters.api_requests), (1, 3));
    world.assert_no_violations();
}

#[tokio::test]
async fn each_hop_has_a_proof_of_its_own_and_another_host_has_none() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| settings.dpop.api_nonce = DpopNonce::Rotated);
    let client = world.bound();
    for status in [301, 302, 303, 307, 308] {
        world.redirects_once(status, RedirectTarget::SameHost);
        let answer = client.request(Method::POST, "whoami").json(&["x"]).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{status}");
        let journal = world.journal(GENERIC);
        let last = journal.log.back().unwrap();
        assert_eq!(last.path, "/redirected/api");
        assert_eq!(last.method, if status < 304 { "GET" } else { "POST" });

        world.redirects_once(status, RedirectTarget::CrossHost);
        let request = client.request(Method::GET, "items").header("dpop", "cxauth-canary-of-the-caller");
        assert_eq!(request.send().await.unwrap().status(), 200, "{status}");
        let journal = world.journal(Platform::Elsewhere);
        let names = &journal.log.back().unwrap().header_names;
        assert!(!names.iter().any(|name| name == "dpop" || name == "authorization"), "{status}: {names:?}");
    }
    assert_eq!(world.counters(GENERIC).token_requests, 1);
    world.assert_no_violations();
}

#[tokio::test]
async fn the_proof_of_a_caller_is_replaced() {
    let world = World::new().await;
    let client = world.bound();
    let request = || client.request(Method::GET, "items").header("dpop", "a").header("dpop", "b");
    assert_eq!(request().send().await.unwrap().status(), 200);
    let mut request = request().build().unwrap();
    client.authorize(&mut request).await.unwrap();
    let proofs: Vec<_> = request.headers().get_all("dpop").iter().collect();
    assert!(proofs.len() == 1 && proofs[0].is_sensitive() && proofs[0].len() > 100);
    assert_eq!(plain().execute(request).await.unwrap().status(), 200);
    world.assert_no_violations();
}

/// R21, R39.
#[tokio::test]
async fn i16_a_refused_token_is_renewed_and_proved_anew() {
    let world = World::new().await;
    world.nonces(DpopNonce::Rotated);
    let client = world.bound();
    assert_eq!(client.get("items").await.unwrap().status(), 200);
    let before = world.counters(GENERIC);
    world.revoke_access_tokens(GENERIC);
    assert_eq!(client.get("items").await.unwrap().status(), 200);
    let counters = world.counters(GENERIC);
    assert_eq!(counters.api_requests, before.api_requests + 2);
    assert_eq!(counters.token_requests_accepted, 2);
    assert!(client.token().await.unwrap().is_bound());
    world.assert_no_violations();
}

/// R13, R52: RFC 9449 §5, a public client's refresh token is bound too.
#[tokio::test]
async fn a_public_client_signs_a_person_in_and_renews() {
    for mode in [DpopNonce::Off, DpopNonce::Rotated] {
        let world = World::new().await;
        world.nonces(mode);
        let client = world.further("dpop-authorization-code", &Key::default()).build().unwrap();
        let authorization = client.begin_sign_in(Some("http://127.0.0.1:5000/callback")).await.unwrap();
        let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
        client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap();
        let token = client.token().await.unwrap();
        assert!(token.is_bound());
        assert_eq!(client.get("items").await.unwrap().status(), 200, "{mode:?}");
        world.pass(3600);
        assert_eq!(client.get("items").await.unwrap().status(), 200);
        assert!(client.token().await.unwrap().generation() > token.generation());
        let counters = world.counters(GENERIC).token_requests_by_grant;
        assert!(counters.contains_key("refresh_token"), "{counters:?}");
        world.assert_no_violations();
    }
}

#[tokio::test]
async fn whoever_shares_the_store_and_the_key_shares_the_token() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let store = || FileStore::new(directory.path().join("tokens"));
    let first = world.further("dpop", &Key::default()).store(store()).build().unwrap();
    assert_eq!(first.get("items").await.unwrap().status(), 200);
    first.settle().await;
    let second = world.further("dpop", &Key::default()).store(store()).build().unwrap();
    assert_eq!(second.get("items").await.unwrap().status(), 200);
    assert_eq!(world.counters(GENERIC).token_requests, 1);
    let (one, two) = (first.token().await.unwrap(), second.token().await.unwrap());
    assert!(two.is_bound() && one.secret() == two.secret());

    // Another key cannot do anything with it, and does not try.
    let file = directory.path().join("another.pem");
    fs::write(&file, pem(1).expose()).unwrap();
    let key = in_file(&file, SignatureAlgorithm::EdDsa);
    let other = world.with_key(cxauth::dpop_key(key, &pem(1)).unwrap()).store(store()).build().unwrap();
    assert_eq!(other.get("items").await.unwrap().status(), 200);
    assert_eq!(world.counters(GENERIC).token_requests, 2);
    world.assert_no_violations();
}

#[tokio::test]
async fn a_stolen_token_is_worth_nothing() {
    let world = World::new().await;
    let client = world.bound();
    let token = client.token().await.unwrap();
    let url = world.url("items");
    let send = async |scheme: &str, proof: Option<&http::HeaderValue>| {
        let value = format!("{scheme} {}", token.secret().expose());
        let request = plain().get(&url).header("authorization", value);
        let request = proof.into_iter().fold(request, |request, proof| request.header("dpop", proof));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send("Bearer", None).await, 401);
    assert_eq!(send("DPoP", None).await, 401);
    let proof = client.proof(&token, &Method::GET, &url).await.unwrap();
    assert_eq!(send("DPoP", proof.as_ref()).await, 200);
    assert_eq!(send("DPoP", proof.as_ref()).await, 401, "a proof is good for one request");
    let of_another = client.proof(&token, &Method::GET, &world.url("whoami")).await.unwrap();
    assert_eq!(send("DPoP", of_another.as_ref()).await, 401);
    let rules: Vec<_> = world.violations().into_iter().map(|(_, broken)| broken.rule).collect();
    let expected = [Rule::BoundTokenAsBearer, Rule::ProofMissing, Rule::ReplayedProof, Rule::BadProof];
    assert_eq!(rules, expected);
    assert_eq!(client.get("items").await.unwrap().status(), 200, "its owner is not disturbed");
}

#[tokio::test]
async fn a_program_proves_requests_of_its_own() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| settings.dpop.api_nonce = DpopNonce::Rotated);
    let client = world.bound();
    let url = world.url("items?page=1");
    let mut answers = Vec::new();
    for _ in 0..4 {
        let token = client.token().await.unwrap();
        let header = client.with_header(|_, value| value.clone()).unwrap();
        let proof = client.proof(&token, &Method::GET, &url).await.unwrap().unwrap();
        let request = plain().get(&url).header("authorization", header).header("dpop", proof);
        let answer = request.send().await.unwrap();
        client.note_nonce(&url, answer.headers());
        let refusal = client.refused(&token, answer.status().as_u16(), answer.headers(), b"");
        answers.push((answer.status().as_u16(), refusal));
    }
    let good = (200, Refusal::Leave);
    assert_eq!(answers, [(401, Refusal::Retry), good, good, good]);
    let token = client.token().await.unwrap();
    let error = client.proof(&token, &Method::GET, "https://elsewhere.example/").await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::DestinationRefused);
    assert_eq!(world.counters(GENERIC).token_requests, 1);
    world.assert_no_violations();
}

#[tokio::test]
async fn the_middleware_proves_every_attempt_and_every_hop() {
    let world = World::new().await;
    world.nonces(DpopNonce::Rotated);
    let client = world.bound();
    let http = reqwest::Client::builder().no_proxy().redirect(client.redirect_policy()).build().unwrap();
    let http = reqwest_middleware::ClientBuilder::new(http).with(client.middleware()).build();
    let get = async || http.get(world.url("items")).send().await.unwrap();
    assert_eq!(get().await.status(), 200);
    assert_eq!(world.counters(GENERIC).api_requests, 2, "once more, with the nonce");
    world.revoke_access_tokens(GENERIC);
    assert_eq!(get().await.status(), 200);
    world.redirects_once(307, RedirectTarget::SameHost);
    let answer = http.post(world.url("whoami")).body("x").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.url().path()), (200, "/redirected/api"));
    world.redirects_once(302, RedirectTarget::CrossHost);
    assert_eq!(get().await.status(), 302);
    assert_eq!(world.counters(Platform::Elsewhere).requests, 0);
    world.arm(Fault::new(Effect::Redirect { status: 302, to: RedirectTarget::Loop }).at(Endpoint::Api));
    let before = world.counters(GENERIC).api_requests;
    assert_eq!(get().await.status(), 302);
    assert_eq!(world.counters(GENERIC).api_requests, before + 11);
    world.assert_no_violations();
}

/// A server that does not know of proofs gives bearer tokens, and those are sent without one.
#[tokio::test]
async fn a_bearer_token_is_not_proved() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| settings.dpop.served = false);
    let key = Key::default();
    let client = world.further("dpop", &key).build().unwrap();
    let token = client.token().await.unwrap();
    assert!(!token.is_bound() && token.header_value().expose().starts_with("Bearer "));
    world.redirects_once(307, RedirectTarget::SameHost);
    assert_eq!(client.get("items").await.unwrap().status(), 200);
    assert_eq!(client.proof(&token, &Method::GET, &world.url("items")).await.unwrap(), None);
    let http = reqwest::Client::builder().no_proxy().redirect(client.redirect_policy()).build().unwrap();
    let http = reqwest_middleware::ClientBuilder::new(http).with(client.middleware()).build();
    world.redirects_once(302, RedirectTarget::SameHost);
    assert_eq!(http.get(world.url("items")).send().await.unwrap().status(), 200);
    assert_eq!(key.signatures(), 1, "the token request alone");
    world.assert_no_violations();
}

#[tokio::test]
async fn a_key_that_does_not_sign_is_told_and_nothing_is_sent() {
    let world = World::new().await;
    let key = Key::default();
    key.fails.store(true, Ordering::SeqCst);
    let client = world.further("dpop", &key).build().unwrap();
    let told = "dpop_key: signer cxauth-sim-es256: the key is out of reach";
    let error = client.token().await.unwrap_err();
    assert_eq!((error.code(), error.detail()), (ErrorCode::SecretUnreadable, Some(told)));
    assert_eq!(world.counters(GENERIC).requests, 0);
    key.fails.store(false, Ordering::SeqCst);
    world.pass(10);
    client.token().await.unwrap();
    key.fails.store(true, Ordering::SeqCst);
    let error = client.get("items").await.unwrap_err();
    let error = error.token().unwrap();
    assert_eq!((error.code(), error.detail()), (ErrorCode::SecretUnreadable, Some(told)));
    let url = world.url("items").parse().unwrap();
    let mut request = reqwest::Request::new(Method::GET, url);
    client.authorize(&mut request).await.unwrap_err();
    assert!(request.headers().is_empty(), "nothing of it is in the request");
    assert_eq!(world.counters(GENERIC).api_requests, 0);
    key.fails.store(false, Ordering::SeqCst);
    assert_eq!(client.get("items").await.unwrap().status(), 200);
    world.assert_no_violations();
}

#[tokio::test]
async fn callers_at_once_have_a_proof_each() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| settings.dpop.api_nonce = DpopNonce::Required);
    let client = world.further("dpop", &Key::default()).store(MemoryStore::new()).build().unwrap();
    let calls = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.get("items").await.unwrap().status().as_u16() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(soon(call).await.unwrap(), 200);
    }
    assert_eq!(world.counters(GENERIC).token_requests, 1);
    world.assert_no_violations();
}

#[test]
fn a_script_proves_its_requests() {
    let simulator = Simulator::start_blocking().unwrap();
    let connection = simulator.further_connections()["generic/dpop"].to_string();
    let builder = Client::builder(Connection::from_json(&connection).unwrap()).no_proxy();
    let client = blocking::Client::with_builder(builder.key(&Key::default())).unwrap();
    let api = simulator.api_base(GENERIC);
    simulator.configure(GENERIC, |settings| settings.dpop.api_nonce = DpopNonce::Required);
    let answer = client.get("items").unwrap();
    client.note_nonce(&api, answer.headers());
    assert_eq!(answer.status(), 200);
    let token = client.token().unwrap();
    assert!(client.proof(&token, &Method::GET, &api).unwrap().is_some());
    assert_eq!(simulator.violations(), []);
}

#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl io::Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// R26, I02: neither the tokens nor the key nor a proof, which is worth its request.
#[tokio::test]
async fn i02_nothing_of_a_proof_is_printed() {
    let printed = Printed::default();
    let writer = printed.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    // For flights too, which are tasks of their own.
    subscriber.with_writer(move || writer.clone()).init();
    let world = World::new().await;
    world.nonces(DpopNonce::Rotated);
    let (said, proofs) = trouble(&world).await;
    let text = String::from_utf8(printed.0.lock().unwrap().clone()).unwrap() + &said;
    assert!(text.contains("TRACE") && text.contains("event=\"renewed\""), "there is a log");
    let pem = pem(0).expose().to_owned();
    let of_key = pem.lines().filter(|line| !line.starts_with('-')).map(str::to_owned);
    let secrets: Vec<_> = world.secrets().into_iter().chain(proofs).chain(of_key).collect();
    assert!(secrets.len() > 10);
    for secret in secrets.iter().filter(|secret| secret.len() > 8) {
        assert!(!text.contains(secret.as_str()), "{secret} was printed");
    }
}

/// What a program prints of it, and the proofs' signatures.
async fn trouble(world: &World) -> (String, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key.pem");
    fs::write(&file, pem(0).expose()).unwrap();
    let key = in_file(&file, SignatureAlgorithm::Es256);
    let key = cxauth::dpop_key(key, &pem(0)).unwrap();
    let mut said = format!("{key:?}");
    let client = world.with_key(key).build().unwrap();
    let mut proofs = Vec::new();
    for _ in 0..3 {
        said += &format!("{:?}", client.get("items").await.unwrap());
        let mut request = client.request(Method::GET, "items").build().unwrap();
        let token = client.authorize(&mut request).await.unwrap();
        let url = request.url().as_str().to_owned();
        let proof = client.proof(&token, &Method::GET, &url).await.unwrap().unwrap();
        said += &format!("{token:?} {request:?} {proof:?} {client:?} {:?}", client.status());
        for proof in [&proof, &request.headers()["dpop"]] {
            proofs.extend(proof.to_str().unwrap().split('.').skip(1).map(str::to_owned));
        }
        world.revoke_access_tokens(GENERIC);
        world.pass(100);
    }
    fs::write(&file, "cxauth-canary-broken-key").unwrap();
    let error = client.get("items").await.unwrap_err();
    said += &format!("{error} {error:?}");
    assert!(!said.contains("canary-broken"));
    (said, proofs)
}
