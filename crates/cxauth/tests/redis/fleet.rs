//! Many workers, one token request a round (faults-and-invariants: at most one refresh in flight for a fleet).

use crate::{
    server::{Cluster, Kind, PATIENCE, Server},
    support::World,
    worker::{Plan, Process, Round, same_token},
};
use cxauth::{Secret, store::StoreKeys};
use cxauth_sim::{Effect, Endpoint, Fault, Platform, Simulator};
use std::time::Duration;

const PROCESSES: usize = 8;
const WORKERS: usize = 8;

/// A simulator whose refresh tokens are good for one use, and a plan for processes that share them.
pub(crate) fn world(name: &str, url: String) -> (World, Plan) {
    let world = World::with(Simulator::start_blocking().unwrap());
    let plan = Plan {
        connection: world.simulator.connections()[name].clone(),
        url,
        keys: keys().expose().to_owned(),
        workers: WORKERS,
        lease: Duration::from_secs(15),
        alone_after: None,
        now: now(&world),
    };
    (world, plan)
}

pub(crate) fn keys() -> Secret {
    StoreKeys::generate("test").unwrap()
}

pub(crate) fn now(world: &World) -> i64 {
    world.simulator.clock().now_ms
}

/// Everybody asks; `meanwhile` happens before anybody is listened to.
pub(crate) fn round(processes: &mut [Process], world: &World, meanwhile: impl FnOnce()) -> Vec<Round> {
    for process in &mut *processes {
        process.ask(now(world));
    }
    meanwhile();
    processes.iter().map(Process::round).collect()
}

fn assert_family(world: &World, requests: u64) {
    let counters = world.counters(Platform::Generic);
    assert_eq!(counters.token_requests, requests, "one request a round");
    assert_eq!((counters.reuse_detections, counters.families_revoked), (0, 0));
    world.assert_no_violations();
}

pub(crate) fn on_one_server() {
    let server = Server::start(&[]);
    let (world, plan) = world("generic/password", server.url());
    let mut processes = Process::start_all(PROCESSES, &plan);
    for number in 1..=20 {
        let rounds = round(&mut processes, &world, || {});
        same_token(&rounds);
        assert_family(&world, number);
        world.pass(7200);
    }
}

pub(crate) fn on_a_cluster() {
    let mut cluster = Cluster::start();
    let (world, plan) = world("generic/password", cluster.url());
    let mut processes = Process::start_all(PROCESSES, &plan);
    let mut before = String::new();
    let mut masters = Vec::new();
    // The other one is the same thing again.
    let last = if Kind::chosen() == Kind::Redis { 50 } else { 20 };
    let (handed_over, killed) = (last * 3 / 10, last * 6 / 10);
    for number in 1..=last {
        let rounds = match number {
            number if number == handed_over => round(&mut processes, &world, || cluster.hand_over()),
            // The holder of the lease waits for the token endpoint while its master dies, and has a new set afterwards.
            number if number == killed => {
                world.arm(Fault::new(Effect::Hold).at(Endpoint::Refresh).times(1));
                let rounds = round(&mut processes, &world, || {
                    let is_held = world.wait_until_blocking(Platform::Generic, PATIENCE, |journal| {
                        journal.counters.token_requests == number
                    });
                    assert!(is_held);
                    cluster.kill_master();
                    world.release();
                });
                world.clear_faults();
                rounds
            }
            _ => round(&mut processes, &world, || {}),
        };
        let longest = rounds.iter().flat_map(|round| &round.waits).max().unwrap();
        assert!(*longest < Duration::from_secs(15), "somebody was left to wait: {longest:?}");
        let token = same_token(&rounds);
        assert_ne!(token, before, "a new one");
        before = token;
        if [handed_over - 1, handed_over, killed].contains(&number) {
            masters.push(cluster.master());
        }
        assert_family(&world, number);
        world.pass(7200);
    }
    masters.dedup();
    assert_eq!(masters.len(), 3, "two others took over: {masters:?}");
}
