//! `kill -9` at every step of a flight: another process goes on from the store.

use crate::{
    process::{Kind, Process, TRACED, USUAL},
    world::{LIFETIME, World},
};
use cxauth_sim::{Effect, Fault, Grant, Platform};
use std::time::Duration;

/// What a kill at a place leaves behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    /// Nothing was sent: the refresh token is as good as before.
    Nothing,
    /// The server has rotated, and the new refresh token died with the process. Nobody can know: the next process sends
    /// the old one, the server revokes the family, and the connection's other grant brings a new one.
    Lost,
    /// The new set is in the store.
    Saved,
}

/// In the order of a flight by refresh token.
const PLACES: [(&str, Left); 15] = [
    ("before Lock", Left::Nothing),
    ("after Lock", Left::Nothing),
    ("before Load", Left::Nothing),
    ("after Load", Left::Nothing),
    ("before ReadSecret", Left::Nothing),
    ("after ReadSecret", Left::Nothing),
    ("before Send", Left::Nothing),
    (IN_SEND, Left::Lost),
    ("after Send", Left::Lost),
    ("before Save", Left::Lost),
    (IN_SAVE, Left::Lost),
    ("after Save", Left::Saved),
    ("before Unlock", Left::Saved),
    ("after Unlock", Left::Saved),
    (AFTERWARDS, Left::Saved),
];

/// The request is at the server, the answer is not back.
const IN_SEND: &str = "in Send";
const AFTERWARDS: &str = "after the flight";
/// The new file is written, the old one is still in its place.
const IN_SAVE: &str = "written but not in place";

/// Who goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heir {
    /// A process that starts after the kill.
    Fresh,
    /// One that asked before the kill: it waits for the lock that the victim holds.
    Waiting,
}

pub(crate) fn at_every_step() {
    for kind in Kind::ALL {
        for (place, left) in PLACES {
            // The store of the Rust driver is the library's own: nothing stops it halfway.
            if kind == Kind::Rust && place == IN_SAVE {
                continue;
            }
            at(kind, place, left, Heir::Fresh, Grant::ClientCredentials);
            at(kind, place, left, Heir::Waiting, Grant::ClientCredentials);
            if left == Left::Lost {
                at(kind, place, left, Heir::Fresh, Grant::Password);
            }
        }
    }
}

fn at(kind: Kind, place: &str, left: Left, heir: Heir, grant: Grant) {
    let mut world = World::new(grant);
    // Another kind goes on: each reads what the others wrote.
    let start_heir = |world: &World| Process::start(kind.other(), world, USUAL).up();
    let mut waiting = (heir == Heir::Waiting).then(|| start_heir(&world));
    let first = Process::start(kind, &world, USUAL).up().ask_for_token(&world);
    assert_eq!(first.generation, 1);
    world.pass(LIFETIME);

    let mut victim = Process::start(kind, &world, TRACED).up();
    victim.ask(&world);
    match place {
        IN_SEND => {
            world.simulator.arm(Fault::new(Effect::Hold).on(Platform::Generic).times(1).processed());
            victim.go_on_to("before Send");
            victim.say("go");
            let processed =
                world.simulator.wait_until_blocking(Platform::Generic, Duration::from_secs(60), |journal| {
                    journal.counters.refresh_tokens_issued == 2
                });
            assert!(processed);
        }
        AFTERWARDS => {
            victim.go_on_to("after Unlock");
            assert_eq!(victim.go_on().generation, 2);
        }
        place => victim.go_on_to(place),
    }
    if let Some(heir) = &mut waiting {
        heir.ask(&world);
    }
    victim.kill();
    world.simulator.release();

    let mut heir_process = waiting.unwrap_or_else(|| {
        let mut heir = start_heir(&world);
        heir.ask(&world);
        heir
    });
    let generation = heir_process.token().generation;
    let counters = world.counters();
    let requests = match left {
        Left::Nothing | Left::Saved => 2,
        // The first, the victim's, the one with the spent refresh token, and the one by the other grant.
        Left::Lost => 4,
    };
    let lost = u64::from(left == Left::Lost);
    let case = format!("{kind:?} killed {place}, heir {heir:?}, {grant:?}");
    assert_eq!(generation, 2, "{case}");
    assert_eq!(counters.token_requests, requests, "{case}");
    assert_eq!((counters.reuse_detections, counters.families_revoked), (lost, lost), "{case}");

    // And the next renewal is one request by refresh token.
    world.pass(LIFETIME);
    assert_eq!(heir_process.ask_for_token(&world).generation, 3, "{case}");
    let after = world.counters();
    assert_eq!(after.token_requests, requests + 1, "{case}");
    assert_eq!(after.refresh_requests, counters.refresh_requests + 1, "{case}");
    assert_eq!(after.families_revoked, lost, "{case}");
}
