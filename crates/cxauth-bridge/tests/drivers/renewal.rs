//! Processes that share a store renew together, at full size.

use crate::{
    process::{Kind, Process, USUAL},
    world::{LIFETIME, World},
};
use cxauth_sim::Grant;

const RENEWALS: u64 = 200;

/// Each process asks in each round, `part` of a lifetime apart, and each round brings exactly one token request. In the
/// middle the client's secret changes.
pub(crate) fn run(kinds: [Kind; 8], part: f64) {
    let mut world = World::new(Grant::ClientCredentials);
    let mut processes = Process::start_all(kinds, &world, USUAL);
    for round in 1..=RENEWALS + 1 {
        if round == RENEWALS / 2 {
            world.change_secret_at_the_server("another-secret");
            world.change_secret_in_the_file("another-secret");
        }
        for process in &mut processes {
            process.ask(&world);
        }
        let tokens = processes.each_ref().map(Process::token);
        assert!(tokens.iter().all(|token| *token == tokens[0]), "round {round}: {tokens:?}");
        assert_eq!(tokens[0].generation, round);
        let counters = world.counters();
        assert_eq!(counters.token_requests, round, "one token request a round");
        assert_eq!(counters.refresh_requests, round - 1);
        assert_eq!(counters.token_requests_refused, 0);
        assert_eq!((counters.reuse_detections, counters.families_revoked), (0, 0));
        world.pass((LIFETIME as f64 * part) as u64);
    }
}
