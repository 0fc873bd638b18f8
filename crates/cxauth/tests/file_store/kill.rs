//! `kill -9` at each step of a write, and between sending and saving.

use crate::{
    fleet::{LIFETIME, World},
    process::{Home, Process, does, other},
};
use cxauth_sim::{Effect, Endpoint, Fault, Platform};
use rustix::process::Signal;
use serde_json::json;
use std::fs;

/// In the order in which a write comes to them, and whether the new set is in place then.
const POINTS: [(&str, bool); 7] = [
    ("before anything", false),
    ("created", false),
    ("half written", false),
    ("written", false),
    ("durable", false),
    ("in place", true),
    ("in place for good", true),
];

pub(crate) fn at_each_step() {
    for (point, is_new) in POINTS {
        for old in [None, Some(1)] {
            let home = Home::new();
            if let Some(old) = old {
                assert_eq!(does(other(), &home.tokens(), &format!("save {old}")), "saved");
            }
            let mut command = other();
            command.env("CXAUTH_FAULT_POINT", point);
            let mut victim = Process::start(command, &json!({ "store": home.tokens() }));
            victim.say("save 2");
            assert_eq!(victim.killed(), Some(Signal::KILL.as_raw()), "{point}: it was not killed there");

            let case = format!("killed at {point:?}, {old:?} before");
            let left = match (is_new, old) {
                (true, _) => "generation 2",
                (false, Some(_)) => "generation 1",
                (false, None) => "empty",
            };
            assert_eq!(does(other(), &home.tokens(), "look"), left, "{case}: for who looks without the lock");
            assert_eq!(does(other(), &home.tokens(), "load"), left, "{case}: the lock is free");
            assert_eq!(does(other(), &home.tokens(), "save 3"), "saved", "{case}: the next one can write");
            assert_eq!(does(other(), &home.tokens(), "look"), "generation 3", "{case}");
            assert_eq!(home.names(), ["tokens", "tokens.lock"], "{case}: nothing is left behind");
        }
    }
}

/// The server has rotated, and the new refresh token died with the process. Its heir knows it and loses nothing more.
pub(crate) fn between_send_and_save() {
    let mut world = World::new("generic");
    assert!(world.start().ask(&world.question()).starts_with("token 1 "));
    world.pass(LIFETIME);
    let hold = Fault::new(Effect::Hold).on(Platform::Generic).at(Endpoint::Refresh).times(1).processed();
    world.simulator.arm(hold);
    let mut victim = world.start();
    victim.say(&world.question());
    let processed =
        world.simulator.wait_until_blocking(Platform::Generic, crate::process::PATIENCE, |journal| {
            journal.counters.refresh_tokens_issued == 2
        });
    assert!(processed);
    let text = fs::read_to_string(world.home.tokens()).unwrap();
    assert!(text.contains(r#""spent":{"#), "the store knows before the server does");
    victim.signal(Signal::KILL);
    assert_eq!(victim.killed(), Some(Signal::KILL.as_raw()));
    world.simulator.release();
    let mut heir = world.start();
    assert!(heir.ask(&world.question()).starts_with("token 2 "));
    let counters = world.counters();
    assert_eq!((counters.token_requests, counters.refresh_requests), (3, 1), "by the other grant");
    assert_eq!((counters.reuse_detections, counters.families_revoked), (0, 0));
}
