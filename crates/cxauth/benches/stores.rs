//! What a store costs: a look at it, a save in it, and a round in which a whole fleet's token has ended at once: how many token
//! requests that takes, and how long those wait who do not ask the server themselves.
//!
//! Numbers for people; `cargo xtask bench stores` prints them. Real processes, real servers, and a simulated token
//! endpoint that takes 50 ms to answer.

// A program of its own: the same binary is the fleet's worker.
#![allow(clippy::print_stdout, clippy::unwrap_used, dead_code, missing_docs)]

#[path = "../tests/redis/fleet.rs"]
mod fleet;
#[path = "../tests/redis/server.rs"]
mod server;
#[path = "../tests/support/mod.rs"]
mod support;
#[path = "../tests/redis/worker.rs"]
mod worker;

use cxauth::Connection;
use cxauth_sim::{Effect, Endpoint, Fault, Platform};
use fleet::{keys, world};
use server::{Cluster, Kind, PATIENCE, Server};
use std::{
    env,
    time::{Duration, Instant},
};
use worker::{Place, Process, same_token};

const ROUNDS: u64 = 20;
const LOOKS: usize = 2000;
const ANSWER_MS: u64 = 50;

fn main() {
    if env::args().nth(1).as_deref() == Some(worker::ARGUMENT) {
        return worker::run();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| format!("file:{}", folder.path().join(name).display());
    let (server, cluster) = (Server::start(&[]), Cluster::start());
    let durable = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]);
    Kind::Valkey.choose();
    let (valkey, valkey_cluster) = (Server::start(&[]), Cluster::start());
    println!(
        "look: without the lock; locked: lock, load, unlock; saved: the same with a save (medians)\n\
         {ROUNDS} rounds of processes × workers whose token has ended; the token endpoint answers after {ANSWER_MS} ms\n"
    );
    println!(
        "{:<26}{:>10}{:>12}{:>12}{:>14}{:>16}{:>12}{:>12}",
        "store", "look µs", "locked µs", "saved µs", "workers", "requests/round", "wait ms", "95 % ms"
    );
    for (name, url, processes) in [
        ("memory", "memory:".to_owned(), 1),
        ("file", file("plain"), 8),
        ("file, sealed", file("sealed").replace("file:", "sealed:"), 8),
        ("Redis", server.url(), 8),
        ("Redis, fsync each write", durable.url(), 8),
        ("Redis Cluster", cluster.url(), 8),
        ("Valkey", valkey.url(), 8),
        ("Valkey cluster", valkey_cluster.url(), 8),
    ] {
        let [look, load, save] = single(&url);
        let fleet = fleet_of(processes, url);
        println!(
            "{name:<26}{:>10.1}{:>12.1}{:>12.1}{:>14}{:>16.2}{:>12.1}{:>12.1}",
            micros(look),
            micros(load),
            micros(save),
            format!("{processes} × 8"),
            fleet.requests,
            micros(fleet.median) / 1000.0,
            micros(fleet.most) / 1000.0,
        );
    }
}

/// The medians of a look, of lock, load and unlock, and of the same with a save.
fn single(url: &str) -> [Duration; 3] {
    let (world, plan) = world("generic/password", url.to_owned());
    let connection = Connection::from_json(&plan.connection.to_string()).unwrap();
    let keys = keys();
    let place = Place::of(url, keys.expose());
    let store = place.store(&connection, &plan);
    let client = world.of(connection.clone()).store(place.store(&connection, &plan)).build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(client.token()).unwrap();
    runtime.block_on(client.settle());
    let set = store.look().unwrap().unwrap();
    let deadline = || Instant::now() + PATIENCE;
    let look = median((0..LOOKS).map(|_| timed(|| drop(store.look().unwrap()))));
    let load =
        median((0..LOOKS / 4).map(|_| timed(|| drop(store.lock(deadline()).unwrap().load().unwrap()))));
    let save = median((0..LOOKS / 10).map(|_| {
        timed(|| {
            let mut locked = store.lock(deadline()).unwrap();
            locked.load().unwrap();
            locked.save(&set).unwrap();
        })
    }));
    [look, load, save]
}

struct Fleet {
    requests: f64,
    median: Duration,
    most: Duration,
}

fn fleet_of(processes: usize, url: String) -> Fleet {
    // Another server's tokens are in the place of `single`.
    let (world, plan) = world("generic/password", url);
    world.arm(Fault::new(Effect::Delay { ms: ANSWER_MS }).at(Endpoint::Token).at(Endpoint::Refresh));
    let mut processes = Process::start_all(processes, &plan);
    let mut waits = Vec::new();
    for _ in 0..ROUNDS {
        let rounds = fleet::round(&mut processes, &world, || {});
        same_token(&rounds);
        waits.extend(rounds.iter().flat_map(|round| round.waits.iter().copied()));
        world.pass(7200);
    }
    waits.sort_unstable();
    Fleet {
        requests: world.counters(Platform::Generic).token_requests as f64 / ROUNDS as f64,
        median: waits[waits.len() / 2],
        most: waits[waits.len() * 95 / 100],
    }
}

fn timed(act: impl FnOnce()) -> Duration {
    let start = Instant::now();
    act();
    start.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000_000.0
}
