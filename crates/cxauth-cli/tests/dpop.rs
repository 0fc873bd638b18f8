//! `cxauth call` with tokens that are bound to a key (RFC 9449).

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth_sim::{DpopNonce, Effect, Endpoint, Fault, Platform, RedirectTarget, Simulator, signing_keys};
use serde_json::json;
use std::fs;
use support::World;

#[test]
fn a_call_proves_the_key_that_is_in_a_file() {
    let simulator = Simulator::start_blocking().unwrap();
    simulator.configure(Platform::Generic, |settings| {
        settings.dpop.token_nonce = DpopNonce::Rotated;
        settings.dpop.api_nonce = DpopNonce::Rotated;
    });
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("dpop.pem");
    fs::write(&file, signing_keys()[0].pem.reveal()).unwrap();
    let mut bound = simulator.further_connections()["generic/dpop"].clone();
    let jwk = bound["dpop_key"]["jwk"].clone();
    bound["dpop_key"] = json!({ "file": file, "algorithm": "ES256", "jwk": jwk });
    let connections = json!({ "connections": { "bound": bound } });
    let world = World::with_configuration(&toml::to_string(&connections).unwrap());

    for _ in 0..2 {
        let ended = world.run_keeping(&["call", "bound", "GET", "items?page=1"]);
        assert!(ended.succeeded().contains("items"), "{ended:?}");
    }
    let accepted = simulator.journal(Platform::Generic).counters.token_requests_accepted;
    assert_eq!(accepted, 1, "the second run had the first one's token");
    let hop = Effect::Redirect { status: 307, to: RedirectTarget::SameHost };
    simulator.arm(Fault::new(hop).at(Endpoint::Api).times(1));
    world.run_keeping(&["call", "bound", "POST", "whoami", "--data", "{}"]).succeeded();
    assert_eq!(simulator.violations(), []);

    fs::remove_file(&file).unwrap();
    let ended = world.run_keeping(&["call", "bound", "GET", "items"]);
    ended.says(2, &["secret_unreadable", "dpop_key: ", "dpop.pem"]);
    for secret in simulator.secrets() {
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains(&secret), "{ended:?}");
    }
}
