//! Many processes, one file, one request a round.

use crate::process::{Home, Process, other};
use cxauth_sim::{Platform, Simulator};
use serde_json::{Value, json};
use std::time::Duration;

/// How long an access token lives, in seconds.
pub(crate) const LIFETIME: u64 = 3600;

/// A strict server whose clock stands still, and a connection that has nothing but its refresh token once it was used.
pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) home: Home,
    pub(crate) connection: Value,
    /// Unix time in milliseconds.
    pub(crate) now: i64,
}

impl World {
    pub(crate) fn new(connection: &str) -> Self {
        let simulator = Simulator::builder()
            .configure(Platform::Generic, |settings| settings.access_token_lifetime = LIFETIME)
            .start_blocking()
            .unwrap();
        simulator.freeze();
        let settings = simulator.settings(Platform::Generic);
        assert!(settings.reuse_detection && settings.grace == 0, "the server is strict");
        let connection = simulator.connections()[connection].clone();
        let now = simulator.clock().now_ms;
        Self { simulator, home: Home::new(), connection, now }
    }

    pub(crate) fn setup(&self) -> Value {
        json!({ "store": self.home.tokens(), "connection": self.connection, "now": self.now })
    }

    pub(crate) fn start(&self) -> Process {
        Process::start(other(), &self.setup())
    }

    pub(crate) fn pass(&mut self, seconds: u64) {
        self.simulator.advance(Duration::from_secs(seconds));
        self.now += i64::try_from(seconds).unwrap() * 1000;
    }

    pub(crate) fn counters(&self) -> cxauth_sim::Counters {
        assert_eq!(self.simulator.violations(), []);
        self.simulator.journal(Platform::Generic).counters
    }

    pub(crate) fn question(&self) -> String {
        format!("token {}", self.now)
    }
}

pub(crate) fn renews() {
    let mut world = World::new("generic/password");
    let mut processes: Vec<_> = (0..8).map(|_| world.start()).collect();
    let ask = |world: &World, processes: &mut [Process]| {
        let question = world.question();
        processes.iter_mut().for_each(|process| process.say(&question));
        processes.iter().map(Process::hear).collect::<Vec<_>>()
    };
    for round in 1..=200 {
        let is_early = round % 3 == 1 && round > 1;
        let mut answers = ask(&world, &mut processes);
        if is_early {
            // They went on with the token that they had, and renewed in the background.
            assert!(answers.iter().all(|answer| answer.starts_with("token ")), "round {round}: {answers:?}");
            answers = ask(&world, &mut processes);
        }
        assert!(answers[0].starts_with(&format!("token {round} ")), "round {round}: {answers:?}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "round {round}: {answers:?}");
        let counters = world.counters();
        assert_eq!(
            (counters.token_requests, counters.refresh_requests, counters.reuse_detections),
            (round, round - 1, 0),
            "exactly one request a round"
        );
        world.pass(if round % 3 == 0 { LIFETIME * 9 / 10 } else { LIFETIME + 60 });
    }
    assert_eq!(world.counters().families_revoked, 0);
    processes.into_iter().for_each(Process::end);
}
