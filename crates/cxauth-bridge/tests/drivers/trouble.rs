//! The server in trouble: what one process learns of it, the others know from the store.

use crate::{
    process::{Kind, Process, USUAL},
    world::{LIFETIME, World},
};
use cxauth_sim::{Effect, Endpoint, Fault, Grant, Platform};

/// The server rotated, and its answer got lost: nobody sends the spent refresh token again, the other grant takes over.
pub(crate) fn an_answer_is_lost(kinds: [Kind; 8]) {
    let mut world = World::new(Grant::ClientCredentials);
    let mut processes = Process::start_all(kinds, &world, USUAL);
    ask(&mut processes, &world);
    world.pass(LIFETIME);
    let lost = Fault::new(Effect::Drop).on(Platform::Generic).at(Endpoint::Refresh).times(1).processed();
    world.simulator.arm(lost);
    for answer in ask(&mut processes, &world) {
        assert_eq!(answer, "error interrupted");
    }
    assert_eq!(world.counters().token_requests, 2, "one process asked, and all of them wait");
    world.pass(2);
    let answers = ask(&mut processes, &world);
    assert!(answers.iter().all(|answer| answer.starts_with("token 2 ")), "{answers:?}");
    let counters = world.counters();
    assert_eq!((counters.token_requests, counters.refresh_requests), (3, 1));
    assert_eq!((counters.reuse_detections, counters.families_revoked), (0, 0));
}

/// The server is out of order for five minutes: the processes together ask as often as one would.
pub(crate) fn an_outage(kinds: [Kind; 8]) {
    let mut world = World::new(Grant::ClientCredentials);
    let mut processes = Process::start_all(kinds, &world, USUAL);
    ask(&mut processes, &world);
    world.pass(LIFETIME);
    let gateway = Effect::Status { status: 503, headers: Vec::new(), body: String::new() };
    world.simulator.arm(Fault::new(gateway).on(Platform::Generic));
    for _ in 0..300 {
        for answer in ask(&mut processes, &world) {
            assert_eq!(answer, "error server_unavailable");
        }
        world.pass(1);
    }
    // One second, doubled, and up to half of it more.
    let requests = world.counters().token_requests - 1;
    assert!((7..=9).contains(&requests), "{requests} requests in five minutes");
    world.simulator.clear_faults();
    // The ninth failure is waited out for 256 s and up to half as long again.
    world.pass(400);
    let answers = ask(&mut processes, &world);
    assert!(answers.iter().all(|answer| answer.starts_with("token 2 ")), "{answers:?}");
    assert_eq!(world.counters().token_requests, requests + 2);
}

/// The server has ended the refresh token: one process learns it and takes the other grant, for all of them.
pub(crate) fn the_refresh_token_is_revoked(kinds: [Kind; 8]) {
    let mut world = World::new(Grant::Password);
    let mut processes = Process::start_all(kinds, &world, USUAL);
    ask(&mut processes, &world);
    world.pass(LIFETIME);
    world.simulator.revoke_refresh_tokens(Platform::Generic);
    let answers = ask(&mut processes, &world);
    assert!(answers.iter().all(|answer| answer.starts_with("token 2 ")), "{answers:?}");
    let counters = world.counters();
    assert_eq!((counters.token_requests, counters.refresh_requests), (3, 1));
    assert_eq!(counters.reuse_detections, 0);
}

fn ask(processes: &mut [Process; 8], world: &World) -> [String; 8] {
    for process in &mut *processes {
        process.ask(world);
    }
    processes.each_ref().map(Process::hear)
}
