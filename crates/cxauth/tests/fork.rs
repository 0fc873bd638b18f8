//! A client that goes on from another one's tokens, as in the child of a fork. The real forks are among Python's tests.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::Client;
use cxauth_sim::{Effect, Endpoint, Fault, Platform};
use support::World;

const GENERIC: Platform = Platform::Generic;

fn fork(world: &World, parent: &Client) -> Client {
    world.builder("generic").fork_of(parent).build().unwrap()
}

#[tokio::test]
async fn the_token_in_service_serves_the_child_too() {
    let world = World::new().await;
    let parent = world.client("generic");
    let token = parent.token().await.unwrap();
    let child = fork(&world, &parent);
    assert_eq!(child.token().await.unwrap().secret(), token.secret());
    assert_eq!(world.counters(GENERIC).token_requests, 1);

    world.pass(3600);
    child.token().await.unwrap();
    parent.token().await.unwrap();
    let counters = world.counters(GENERIC);
    assert_eq!((counters.token_requests, counters.refresh_requests, counters.reuse_detections), (3, 1, 0));
    world.assert_no_violations();
}

#[tokio::test]
async fn a_flight_stays_with_the_parent() {
    let world = World::new().await;
    let parent = world.client("generic");
    world.arm(Fault::new(Effect::Hold).at(Endpoint::Token).times(1));
    let waiting = tokio::spawn({
        let parent = parent.clone();
        async move { parent.token().await }
    });
    world.wait_until(GENERIC, |journal| journal.counters.token_requests == 1).await;
    let child = fork(&world, &parent);
    child.token().await.unwrap();
    assert_eq!(world.counters(GENERIC).token_requests, 2);
    world.release();
    waiting.await.unwrap().unwrap();
}
