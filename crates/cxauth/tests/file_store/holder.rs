//! Who holds the lock, and does not go on.

use crate::{
    fleet::{LIFETIME, World},
    process::{Home, PATIENCE, Process, other},
};
use cxauth_sim::{Effect, Endpoint, Fault, Platform};
use rustix::process::Signal;
use serde_json::json;
use std::fs;

/// Stopped in the middle of its request; others serve what is usable, say so when nothing is, and go on with its result.
pub(crate) fn stands_still() {
    let mut world = World::new("generic/password");
    let mut first = world.start();
    let token = first.ask(&world.question());
    assert!(token.starts_with("token 1 "));
    // Renewal is due, and the token is good for a while.
    world.pass(LIFETIME * 9 / 10);
    let hold = Fault::new(Effect::Hold).on(Platform::Generic).at(Endpoint::Refresh).times(1).processed();
    world.simulator.arm(hold);
    first.say(&world.question());
    let asked = world.simulator.wait_until_blocking(Platform::Generic, PATIENCE, |journal| {
        journal.counters.refresh_tokens_issued == 2
    });
    assert!(asked);
    first.signal(Signal::STOP);
    world.simulator.release();

    let mut setup = world.setup();
    setup["lock_patience"] = json!(200);
    let mut others = [Process::start(other(), &setup), Process::start(other(), &setup)];
    assert_eq!(others[0].ask(&world.question()), token, "the store has a token that serves");
    world.pass(LIFETIME / 5);
    for other in &mut others {
        let answer = other.ask(&world.question());
        assert!(
            answer.starts_with("error store_unavailable: ") && answer.contains("tokens.lock"),
            "{answer}"
        );
    }
    assert_eq!(world.counters().refresh_requests, 1, "nobody asks without the lock");

    first.signal(Signal::CONT);
    // Its early renewal was in the background: it had a token to go on with.
    assert_eq!(first.hear(), token);
    world.pass(5);
    let answers =
        [first.ask(&world.question()), others[0].ask(&world.question()), others[1].ask(&world.question())];
    assert!(
        answers[0].starts_with("token 2 ") && answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    let counters = world.counters();
    assert_eq!((counters.refresh_requests, counters.reuse_detections), (1, 0));
}

pub(crate) fn removed_lock_file() {
    let home = Home::new();
    let lock = home.path().join("tokens.lock");
    let mut holder = Process::start(other(), &json!({ "store": home.tokens() }));
    assert_eq!(holder.ask("lock"), "locked");
    // Whoever opens the lock now and gets it later must see that it is not the lock any more.
    let mut waiting = Process::start(other(), &json!({ "store": home.tokens() }));
    waiting.say("load");
    let open = format!("/proc/{}/fd", waiting.id());
    let has_opened = || {
        let files = fs::read_dir(&open).into_iter().flatten().flatten();
        files.filter_map(|file| fs::read_link(file.path()).ok()).any(|file| file == lock)
    };
    while !has_opened() {
        std::thread::yield_now();
    }
    fs::remove_file(&lock).unwrap();
    let mut third = Process::start(other(), &json!({ "store": home.tokens() }));
    assert_eq!(third.ask("lock"), "locked", "of a new file");
    holder.end();
    // The old lock is free, and worth nothing.
    assert!(waiting.stays_silent(), "two hold the lock");
    third.end();
    assert_eq!(waiting.hear(), "empty");
}
