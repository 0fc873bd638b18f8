//! Signing people in, and clients that sign, against the simulator.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "browser")]
mod browser;
mod client_keys;
mod code;
mod device;
mod discovery;
mod other_grants;
mod secrecy;

use cxauth::{Builder, Connection};
use cxauth_sim::Platform;
use serde_json::{Value, json};
use support::World;

impl World {
    /// One of the connections that ask for more than settings, with other settings on top.
    fn further(&self, way: &str, changes: &Value) -> Builder {
        let mut connection = self.simulator.further_connections()[&format!("generic/{way}")].clone();
        for (name, value) in changes.as_object().unwrap() {
            connection[name] = value.clone();
        }
        connection.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        self.of(Connection::from_json(&connection.to_string()).unwrap())
    }

    fn requests_with(&self, grant: &str) -> u64 {
        let counters = self.counters(Platform::Generic);
        counters.token_requests_by_grant.get(grant).copied().unwrap_or(0)
    }

    /// The codes that no correct client ever makes the simulator name.
    fn broken_rules(&self) -> Vec<String> {
        self.simulator.violations().into_iter().map(|(_, broken)| format!("{broken:?}")).collect()
    }
}

fn nothing() -> Value {
    json!({})
}
