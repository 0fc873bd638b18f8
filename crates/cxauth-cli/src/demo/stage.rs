//! The simulator and the client's clock, which show the same time.

use cxauth::{Client, ManualClock, Timestamp};
use cxauth_sim::{Counters, Platform, Simulator};
use std::{
    cell::{Ref, RefCell},
    io,
    time::Duration,
};

pub(super) struct Stage {
    pub(super) simulator: Simulator,
    pub(super) clock: ManualClock,
    began: Timestamp,
    totals: RefCell<Totals>,
}

/// What all steps together came to.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) token_requests: u64,
    pub(super) api_requests: u64,
    /// Rules that the client broke, in words.
    pub(super) violations: Vec<String>,
}

impl Stage {
    pub(super) async fn start() -> io::Result<Self> {
        let simulator = Simulator::start().await?;
        simulator.freeze();
        let began = Timestamp::from_unix_millis(simulator.clock().now_ms);
        Ok(Self { simulator, clock: ManualClock::new(began), began, totals: RefCell::default() })
    }

    /// A client of the simulator's connection of this name.
    pub(super) fn client(&self, connection: &str) -> Result<Client, String> {
        let connections = self.simulator.connections();
        let settings = connections.get(connection).ok_or("the simulator has no such connection")?;
        let connection =
            cxauth::Connection::from_json(&settings.to_string()).map_err(|error| error.to_string())?;
        Client::builder(connection).clock(self.clock.clone()).build().map_err(|error| error.to_string())
    }

    /// Time passes, for both.
    pub(super) fn advance(&self, by: Duration) {
        self.simulator.advance(by);
        self.clock.advance(by);
    }

    pub(super) fn now(&self) -> Timestamp {
        use cxauth::Clock;
        self.clock.now()
    }

    /// What the simulator counted since the last [`Stage::count`].
    pub(super) fn counters(&self, platform: Platform) -> Counters {
        self.simulator.journal(platform).counters
    }

    /// Adds the counts of a step to the totals, and begins anew.
    pub(super) fn count(&self) {
        let mut totals = self.totals.borrow_mut();
        self.simulator.clear_faults();
        for (platform, journal) in self.simulator.snapshot().platforms {
            totals.token_requests += journal.counters.token_requests;
            totals.api_requests += journal.counters.api_requests;
            let broken =
                journal.violations.into_iter().map(|broken| format!("{}: {}", platform.id(), broken.detail));
            totals.violations.extend(broken);
        }
        self.simulator.reset_journals();
    }

    pub(super) fn totals(&self) -> Ref<'_, Totals> {
        self.totals.borrow()
    }

    /// How much time has passed here.
    pub(super) fn days(&self) -> i64 {
        self.now().millis_since(self.began) / 86_400_000
    }
}
