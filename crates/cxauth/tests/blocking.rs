//! The client without async.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::{ErrorCode, Settings, State, blocking::Client};
use cxauth_sim::{Decision, DeviceDecision, Effect, Endpoint, Fault, Platform, Simulator};
use http::Method;
use serde_json::Value;
use std::{
    thread,
    time::{Duration, Instant},
};
use support::World;

const GENERIC: Platform = Platform::Generic;

fn world() -> World {
    World::with(Simulator::start_blocking().unwrap())
}

fn client(world: &World, name: &str) -> Client {
    Client::with_builder(world.builder(name)).unwrap()
}

#[test]
fn the_same_verbs() {
    let world = world();
    let client = client(&world, "generic");
    assert_eq!(client.status().state, State::Empty);
    let items: Value =
        client.request(Method::GET, "items").query(&[("page", "2")]).send().unwrap().json().unwrap();
    assert_eq!(items["page"], 2);
    assert!(client.get("whoami").unwrap().headers().contains_key("content-type"));
    assert_eq!(client.token().unwrap().generation(), 1);
    assert!(client.with_header(|_, value| value.is_sensitive()).unwrap());
    assert!(client.token_for(["read"]).is_ok());
    world.revoke_access_tokens(GENERIC);
    assert_eq!(client.get("items").unwrap().status(), 200);
    client.change(Settings::default().client_secret("cxauth-canary-wrong")).unwrap();
    client.sign_out().unwrap();
    assert_eq!(client.token().unwrap_err().code(), ErrorCode::InvalidClient);
    assert_eq!(client.status().state, State::Denied);
    world.assert_no_violations();
}

#[test]
fn i03_many_threads_make_one_request() {
    let world = world();
    let client = client(&world, "generic");
    world.arm(Fault::new(Effect::Hold).at(Endpoint::Token));
    let threads: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || client.token().unwrap().generation())
        })
        .collect();
    let limit = Duration::from_secs(60);
    assert!(world.wait_until_blocking(GENERIC, limit, |journal| journal.counters.token_requests == 1));
    world.clear_faults();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap() == 1));
    assert_eq!(world.counters(GENERIC).token_requests, 1);
}

#[test]
fn a_script_that_ends_does_not_lose_what_a_renewal_brings() {
    let world = world();
    let directory = tempfile::tempdir().unwrap();
    let store = || cxauth::store::FileStore::new(directory.path().join("tokens"));
    let client = Client::with_builder(world.builder("generic/password").store(store())).unwrap();
    client.token().unwrap();
    world.pass(3000);
    world.arm(Fault::new(Effect::Hold).at(Endpoint::Refresh));
    assert_eq!(client.token().unwrap().generation(), 1);
    let limit = Duration::from_secs(60);
    assert!(world.wait_until_blocking(GENERIC, limit, |journal| journal.counters.refresh_requests == 1));
    let script = thread::spawn(move || drop(client));
    world.clear_faults();
    script.join().unwrap();
    let mut locked = store().lock(Instant::now()).unwrap();
    assert_eq!(locked.load().unwrap().unwrap().generation(), 2);
}

#[test]
fn people_sign_in() {
    let world = world();
    let make = |way: &str| {
        let settings = world.further_connections()[way].to_string();
        let connection = cxauth::Connection::from_json(&settings).unwrap();
        Client::with_builder(world.of(connection)).unwrap()
    };
    let client = make("generic/authorization-code");
    let authorization = client.begin_sign_in(Some("http://127.0.0.1:5000/callback")).unwrap();
    let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
    client.finish_sign_in(authorization.sign_in().clone(), &redirect).unwrap();
    assert_eq!(client.get("items").unwrap().status(), 200);

    let client = make("generic/device-code");
    let signed_in = client.sign_in_on_device(|prompt| {
        world.decide_device(Some(prompt.user_code()), DeviceDecision::Approve).unwrap();
        world.pass(5);
    });
    signed_in.unwrap();
    assert_eq!(client.get("items").unwrap().status(), 200);
    world.assert_no_violations();
}
