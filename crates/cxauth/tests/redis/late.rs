//! Holders that lose their lease, and holders that do not.

use crate::{
    fleet::{keys, now, round, world},
    server::{PATIENCE, Server, eventually},
    worker::{Process, same_token},
};
use cxauth::{
    Acquire, Answer, Connection, Session, Settings, Snapshot, Step, StepResult, Timestamp,
    store::{Redis, RedisStore, Store, StoreError, StoreKeys},
};
use cxauth_sim::{Effect, Endpoint, Fault, Platform};
use rustix::process::Signal;
use std::time::{Duration, Instant};

pub(crate) fn connection() -> Connection {
    let settings = Settings::new("generic").token_endpoint("https://as.example/token");
    Connection::new(settings.client_id("id").client_secret("secret")).unwrap()
}

pub(crate) fn snapshot(generation: u64, token: &str) -> Snapshot {
    let now = Timestamp::from_unix_millis(1_700_000_000_000);
    let mut session = Session::open(connection(), now, &[7; 16]);
    for turn in 0..generation {
        let now = now.plus_seconds(turn as i64 * 7200);
        let Acquire::Lead { flight, .. } = session.acquire(now) else { panic!("renewal is due") };
        while let Step::Send { .. } = session.next(now, flight) {
            let body = format!(r#"{{"access_token":"cxauth-canary-{token}","expires_in":3600}}"#);
            session.done(now, flight, StepResult::Answer(Answer::new(200, [("a", "b")], body)));
        }
    }
    assert_eq!(session.snapshot().generation(), generation);
    session.snapshot()
}

pub(crate) fn soon() -> Instant {
    Instant::now() + PATIENCE
}

fn store(server: &Server, lease: Duration) -> RedisStore {
    let keys = StoreKeys::from_text(&keys()).unwrap();
    Redis::builder(&server.url(), keys).lease(lease).build().unwrap().store(&connection())
}

fn lock(store: &RedisStore) -> Box<dyn cxauth::store::Locked> {
    Store::lock(store, soon()).unwrap()
}

fn lose(server: &Server) {
    let lease = server.key(":lease").unwrap();
    let deleted: u32 = server.ask(redis::cmd("DEL").arg(lease));
    assert_eq!(deleted, 1);
}

pub(crate) fn a_paused_holder() {
    let server = Server::start(&[]);
    // No refresh token: two requests are what this is about, and not what the server makes of them.
    let (world, mut plan) = world("cloudlx", server.url());
    plan.workers = 1;
    plan.lease = Duration::from_secs(1);
    let mut late = Process::start_all(1, &plan).remove(0);
    let mut other = Process::start_all(1, &plan).remove(0);
    let requests = |number: u64| {
        let is = world.wait_until_blocking(Platform::CloudLx, PATIENCE, |journal| {
            journal.counters.token_requests == number
        });
        assert!(is, "{number} token requests");
    };

    world.arm(Fault::new(Effect::Hold).at(Endpoint::Token).times(1));
    late.ask(now(&world));
    requests(1);
    late.signal(Signal::STOP);
    world.clear_faults();
    world.release();
    eventually("the lease ends", || server.key(":lease").is_none().then_some(()));

    other.ask(now(&world));
    let token = same_token(&[other.round()]);
    requests(2);
    let stored = server.stored().unwrap();
    assert_eq!(stored.0, format!("{:020}", 1));

    late.signal(Signal::CONT);
    let round_of_late = late.round();
    assert_eq!(server.stored().unwrap(), stored, "nothing was written over");
    assert!(round_of_late.degraded.iter().any(|why| why.contains("later set")), "{round_of_late:?}");
    // Its own token serves, because it is good; the next set is one for both.
    assert_ne!(same_token(&[round_of_late]), token);
    world.pass(7200);
    let mut both = [late, other];
    let rounds = round(&mut both, &world, || {});
    same_token(&rounds);
    requests(3);
    assert_eq!(server.stored().unwrap().0, format!("{:020}", 2));
    world.assert_no_violations();
}

pub(crate) fn a_lost_lease() {
    let server = Server::start(&[]);
    let store = store(&server, Duration::from_secs(15));
    lock(&store).save(&snapshot(1, "first")).unwrap();

    // Nobody else saved: a set that is newer is better there than lost.
    let mut late = lock(&store);
    late.load().unwrap();
    lose(&server);
    late.save(&snapshot(2, "late")).unwrap();
    // Whoever lost the lease does not start from what it reads.
    assert!(matches!(late.load(), Err(StoreError::Locked { .. })));
    drop(late);

    // Somebody else saved the same generation, or a later one.
    for (generation, theirs) in [(3, 3), (4, 5)] {
        let mut late = lock(&store);
        late.load().unwrap();
        lose(&server);
        save_elsewhere(&server, theirs);
        let before = server.stored().unwrap();
        let refused = late.save(&snapshot(generation, "late")).unwrap_err();
        assert!(matches!(refused, StoreError::Newer), "{refused}");
        assert_eq!(server.stored().unwrap(), before);
        drop(late);
        // What lies there is not ours to open: it is taken away again.
        let () = server.ask(redis::cmd("DEL").arg(server.key(":set").unwrap()));
    }

    // Giving back a lease that somebody else has by now leaves it to them.
    let late = lock(&store);
    let lease = server.key(":lease").unwrap();
    let () = server.ask(redis::cmd("SET").arg(&lease).arg("somebody else"));
    drop(late);
    assert_eq!(server.ask::<String>(redis::cmd("GET").arg(&lease)), "somebody else");
}

/// As another process does that took the lease meanwhile.
fn save_elsewhere(server: &Server, generation: u64) {
    server.store("generation", format!("{generation:020}").as_bytes());
    server.store("sealed", b"another process's set");
}

pub(crate) fn a_long_renewal() {
    let server = Server::start(&[]);
    let store = store(&server, Duration::from_millis(1500));
    let mut locked = lock(&store);
    let lease = server.key(":lease").unwrap();
    let token: String = server.ask(redis::cmd("GET").arg(&lease));
    // Each beat makes it whole again, so it never gets near its end.
    let mut left = i64::MAX;
    for _ in 0..3 {
        left = eventually("a beat", || {
            let now: i64 = server.ask(redis::cmd("PTTL").arg(&lease));
            assert!(now > 0, "it ended");
            let has_grown = now > left;
            left = now;
            has_grown.then_some(now)
        });
    }
    assert_eq!(server.ask::<String>(redis::cmd("GET").arg(&lease)), token);
    locked.save(&snapshot(1, "x")).unwrap();
    drop(locked);
    assert!(server.key(":lease").is_none());
}

pub(crate) fn a_killed_holder() {
    let server = Server::start(&[]);
    let (world, mut plan) = world("generic/password", server.url());
    plan.workers = 1;
    plan.lease = Duration::from_secs(1);
    let mut killed = Process::start_all(1, &plan).remove(0);
    world.arm(Fault::new(Effect::Hold).at(Endpoint::Token).times(1));
    killed.ask(now(&world));
    let is_held = world
        .wait_until_blocking(Platform::Generic, PATIENCE, |journal| journal.counters.token_requests == 1);
    assert!(is_held && server.key(":lease").is_some());
    // `kill -9`
    drop(killed);
    world.clear_faults();
    world.release();
    let mut other = Process::start_all(1, &plan).remove(0);
    other.ask(now(&world));
    same_token(&[other.round()]);
    assert_eq!(world.counters(Platform::Generic).token_requests, 2);
}
