//! Plays a session scenario's steps: the processes by name, the store that they share, what was kept.

use super::{
    outcome::Clock,
    process::{Process, Shared},
    scenario::{Do, Step},
    sign_in::SignIns,
    store::Store,
};
use cxauth_core::{Error, Settings};
use serde_json::{Value, json};
use std::collections::{HashMap, hash_map::Entry};

pub(super) struct World {
    clock: Clock,
    /// When the process without a name begins, whatever its first step is.
    start: Option<f64>,
    settings: Result<Settings, Error>,
    entropy: [u8; 16],
    has_store: bool,
    store: Store,
    snapshots: HashMap<String, String>,
    sign_ins: SignIns,
    /// By the name that the steps say, none for those that say none.
    processes: HashMap<Option<String>, Process>,
    /// How many processes were opened so far.
    opened: u8,
}

impl World {
    pub(super) fn new(
        settings: Result<Settings, Error>,
        clock: Clock,
        start: f64,
        has_store: bool,
        entropy: [u8; 16],
    ) -> Self {
        Self {
            clock,
            start: Some(start),
            settings,
            entropy,
            has_store,
            store: Store::default(),
            snapshots: HashMap::new(),
            sign_ins: SignIns::default(),
            processes: HashMap::new(),
            opened: 0,
        }
    }

    /// Performs one step. The error is a mistake in the scenario, or a step of the core that no scenario has.
    pub(super) fn perform(&mut self, step: &Step) -> Result<Value, String> {
        match &step.action {
            Do::Store { fails, held, loses_lock, snapshot } => {
                if let Some(fails) = fails {
                    self.store.fail(fails);
                }
                if *loses_lock {
                    self.store.lose_lock()?;
                }
                if let Some(held) = held {
                    self.store.hold(*held)?;
                }
                if let Some(snapshot) = snapshot {
                    self.store.put(snapshot.as_deref());
                }
                Ok(Value::Null)
            }
            Do::End {} => match self.processes.remove(&step.session) {
                Some(process) => {
                    self.store.free(process.number());
                    Ok(Value::Null)
                }
                None => Err("there is no such process".to_string()),
            },
            _ => {
                let process = match self.processes.entry(step.session.clone()) {
                    Entry::Occupied(process) => process.into_mut(),
                    Entry::Vacant(place) => {
                        let start = if step.session.is_none() { self.start.take() } else { None };
                        let at = start.unwrap_or(step.at);
                        let mut entropy = self.entropy;
                        entropy[0] ^= self.opened;
                        let number = self.opened;
                        self.opened = self.opened.wrapping_add(1);
                        let settings = self.settings.clone();
                        place.insert(Process::open(number, settings, self.clock, at, entropy, self.has_store))
                    }
                };
                let shared = Shared {
                    store: &mut self.store,
                    snapshots: &mut self.snapshots,
                    sign_ins: &mut self.sign_ins,
                };
                process.perform(step, shared)
            }
        }
    }

    /// The names of the process's events since this was last called.
    pub(super) fn events(&mut self, name: &Option<String>) -> Value {
        self.processes.get_mut(name).map_or_else(|| json!([]), Process::events)
    }

    /// When the process's background work is next due.
    pub(super) fn wakeup(&self, name: &Option<String>) -> Value {
        self.processes.get(name).map_or(Value::Null, Process::wakeup)
    }
}
