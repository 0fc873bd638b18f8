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
    /// Nothing was sent, and the store says so: the refresh token is as good as before.
    Nothing,
    /// The store says that the refresh token may be spent; it was not sent.
    Marked,
    /// The server has rotated, and the new refresh token died with the process. The store says that the old one may be spent:
    /// the next process spares it, and the connection's other grant brings a new set.
    Lost,
    /// The new set is in the store.
    Saved,
}

/// In the order of a flight by refresh token; the number says at which time of passing the place. The first `Save` is the
/// mark on the refresh token, the second one the new set.
const PLACES: [(&str, usize, Left); 18] = [
    ("before Lock", 1, Left::Nothing),
    ("after Lock", 1, Left::Nothing),
    ("before Load", 1, Left::Nothing),
    ("after Load", 1, Left::Nothing),
    ("before ReadSecret", 1, Left::Nothing),
    ("after ReadSecret", 1, Left::Nothing),
    ("before Save", 1, Left::Nothing),
    (IN_SAVE, 1, Left::Nothing),
    ("after Save", 1, Left::Marked),
    ("before Send", 1, Left::Marked),
    (IN_SEND, 1, Left::Lost),
    ("after Send", 1, Left::Lost),
    ("before Save", 2, Left::Lost),
    (IN_SAVE, 2, Left::Lost),
    ("after Save", 2, Left::Saved),
    ("before Unlock", 1, Left::Saved),
    ("after Unlock", 1, Left::Saved),
    (AFTERWARDS, 1, Left::Saved),
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
        for (place, time, left) in PLACES {
            // The store of the Rust driver is the library's own: nothing stops it halfway.
            if kind == Kind::Rust && place == IN_SAVE {
                continue;
            }
            let place = (place, time);
            at(kind, place, left, Heir::Fresh, Grant::ClientCredentials);
            at(kind, place, left, Heir::Waiting, Grant::ClientCredentials);
            if left == Left::Lost {
                at(kind, place, left, Heir::Fresh, Grant::Password);
            }
        }
    }
}

fn at(kind: Kind, (place, time): (&str, usize), left: Left, heir: Heir, grant: Grant) {
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
        place => {
            for passing in 1..=time {
                victim.go_on_to(place);
                if passing < time {
                    victim.say("go");
                }
            }
        }
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
        Left::Nothing | Left::Marked | Left::Saved => 2,
        // The first, the victim's, and the one by the other grant.
        Left::Lost => 3,
    };
    let by_refresh_token = u64::from(left != Left::Marked);
    let case = format!("{kind:?} killed {place} for the {time}. time, heir {heir:?}, {grant:?}");
    assert_eq!(generation, 2, "{case}");
    assert_eq!(counters.token_requests, requests, "{case}");
    assert_eq!(counters.refresh_requests, by_refresh_token, "{case}");
    assert_eq!((counters.reuse_detections, counters.families_revoked), (0, 0), "{case}");

    // And the next renewal is one request by refresh token.
    world.pass(LIFETIME);
    assert_eq!(heir_process.ask_for_token(&world).generation, 3, "{case}");
    let after = world.counters();
    assert_eq!(after.token_requests, requests + 1, "{case}");
    assert_eq!(after.refresh_requests, counters.refresh_requests + 1, "{case}");
    assert_eq!(after.families_revoked, 0, "{case}");
}
