//! What the tests share: a simulator whose clock stands still, and clients that live by the same clock.
#![allow(clippy::print_stdout, dead_code)]

use cxauth::{Builder, Client, Connection, ManualClock, Settings, Timestamp};
use cxauth_sim::{Counters, Platform, Simulator};
use std::{
    ops::Deref,
    time::{Duration, Instant},
};

pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) clock: ManualClock,
}

impl Deref for World {
    type Target = Simulator;

    fn deref(&self) -> &Simulator {
        &self.simulator
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Simulator::start().await.unwrap())
    }

    pub(crate) fn with(simulator: Simulator) -> Self {
        simulator.freeze();
        let clock = ManualClock::new(Timestamp::from_unix_millis(simulator.clock().now_ms));
        Self { simulator, clock }
    }

    /// Time passes for everybody.
    pub(crate) fn pass(&self, seconds: u64) {
        self.simulator.advance(Duration::from_secs(seconds));
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// A connection by its name, such as `generic/password`.
    pub(crate) fn connection(&self, name: &str) -> Connection {
        Connection::from_json(&self.simulator.connections()[name].to_string()).unwrap()
    }

    pub(crate) fn builder(&self, name: &str) -> Builder {
        self.of(self.connection(name))
    }

    pub(crate) fn with_settings(&self, name: &str, settings: Settings) -> Builder {
        self.of(self.connection(name).with(settings).unwrap())
    }

    pub(crate) fn of(&self, connection: Connection) -> Builder {
        Client::builder(connection).no_proxy().clock(self.clock.clone())
    }

    pub(crate) fn client(&self, name: &str) -> Client {
        self.builder(name).build().unwrap()
    }

    pub(crate) fn counters(&self, platform: Platform) -> Counters {
        self.simulator.journal(platform).counters
    }

    pub(crate) fn assert_no_violations(&self) {
        assert_eq!(self.simulator.violations(), []);
    }
}

/// Nothing in these tests takes long; what hangs is a deadlock.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, future).await.expect("a deadlock")
}

/// Runs the scenarios whose names contain a text, for a test that is a program of its own.
pub(crate) fn run_scenarios<N: AsRef<str>, S: Fn()>(
    scenarios: impl IntoIterator<Item = (N, S)>,
    containing: &str,
) {
    let mut run = 0;
    for (name, scenario) in scenarios {
        let name = name.as_ref();
        if !name.contains(containing) {
            continue;
        }
        let start = Instant::now();
        println!("{name} ...");
        scenario();
        println!("  ok ({:.1} s)", start.elapsed().as_secs_f64());
        run += 1;
    }
    assert!(run > 0, "no scenario's name contains {containing:?}");
}
