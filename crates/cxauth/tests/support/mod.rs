//! What the tests share: a simulator whose clock stands still, and clients that live by the same clock.
#![allow(clippy::print_stdout, dead_code)]

use cxauth::{Builder, Client, Connection, ManualClock, Settings, Timestamp, store::Store};
use cxauth_sim::{Counters, Platform, Simulator};
use std::{
    ops::Deref,
    sync::Arc,
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

/// A client whose connection becomes another one leaves the place of the first to those who still are it. `store` gives the
/// store of a connection.
pub(crate) async fn changes_identity(world: &World, store: impl Fn(&Connection) -> Arc<dyn Store>) {
    let (one, other) = (world.connection("sangoma-cx/one-scope"), world.connection("sangoma-cx"));
    assert_ne!(one.scopes(), other.scopes());
    let client =
        |connection: &Connection| world.of(connection.clone()).store(store(connection)).build().unwrap();
    let stored = |connection: &Connection| {
        store(connection).look().unwrap().map(|set| (set.generation(), set.is_of(connection)))
    };
    let changing = client(&one);
    let scoped = changing.scoped(["cx.queue-calls"]).unwrap();
    let first = changing.token().await.unwrap();
    let of_scopes = scoped.token().await.unwrap();
    changing.settle().await;
    assert_eq!(stored(&one), Some((1, true)));

    changing.change(Settings::default().scopes(other.scopes().to_vec())).unwrap();
    let second = changing.token().await.unwrap();
    changing.settle().await;
    assert_ne!(first.secret(), second.secret());
    assert_eq!(stored(&one), Some((1, true)), "the first place is as it was");
    assert!(stored(&other).is_some_and(|(_, is_of)| is_of), "the new tokens have their own");

    // Whoever is the one or the other finds its tokens, and those of other scopes are where they were.
    let requests = || world.counters(Platform::SangomaCx).token_requests;
    let before = requests();
    assert_eq!(client(&one).token().await.unwrap().secret(), first.secret());
    assert_eq!(client(&other).token().await.unwrap().secret(), second.secret());
    assert_eq!(scoped.token().await.unwrap().secret(), of_scopes.secret());
    // A new secret is no new identity.
    changing.change(Settings::default().client_secret("another")).unwrap();
    assert_eq!(changing.token().await.unwrap().secret(), second.secret());
    assert_eq!(requests(), before);
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
