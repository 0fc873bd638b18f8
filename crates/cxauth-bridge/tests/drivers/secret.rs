//! The client's secret changes while refresh tokens are out: no family is lost by it.

use crate::{
    process::{Kind, Process, TRACED, USUAL},
    world::{LIFETIME, World},
};
use cxauth_sim::Grant;

/// The old secret was read already when the new one comes: it is read once more, and the same flight goes on.
pub(crate) fn changes_under_a_flight() {
    for kind in Kind::ALL {
        let mut world = World::new(Grant::ClientCredentials);
        Process::start(kind, &world, USUAL).up().ask_for_token(&world);
        world.pass(LIFETIME);
        let mut process = Process::start(kind, &world, TRACED).up();
        process.ask(&world);
        process.go_on_to("after ReadSecret");
        world.change_secret_at_the_server("another-secret");
        world.change_secret_in_the_file("another-secret");
        assert_eq!(process.go_on().generation, 2);
        let counters = world.counters();
        assert_eq!((counters.token_requests, counters.token_requests_refused), (3, 1), "{kind:?}");
        assert_eq!((counters.reuse_detections, counters.families_revoked), (0, 0), "{kind:?}");
        assert_eq!(counters.refresh_tokens_issued, 2, "the family lives on");
    }
}

/// The file follows too late: the client is refused, and asks with the new secret an hour later.
pub(crate) fn changes_at_the_server_first() {
    for kind in Kind::ALL {
        let mut world = World::new(Grant::ClientCredentials);
        let mut process = Process::start(kind, &world, USUAL).up();
        process.ask_for_token(&world);
        world.pass(LIFETIME);
        world.change_secret_at_the_server("another-secret");
        process.ask(&world);
        assert_eq!(process.hear(), "error invalid_client");
        world.change_secret_in_the_file("another-secret");
        world.pass(3600);
        assert_eq!(process.ask_for_token(&world).generation, 2);
        let counters = world.counters();
        assert_eq!((counters.token_requests, counters.token_requests_refused), (3, 1), "{kind:?}");
        assert_eq!(counters.refresh_requests, 2, "by the refresh token that was there");
        assert_eq!((counters.reuse_detections, counters.families_revoked), (0, 0), "{kind:?}");
    }
}
