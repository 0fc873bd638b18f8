//! The place that the processes of a scenario share: one set, as text, and one lock.

use crate::secret;
use cxauth_core::{FlightId, Snapshot};
use serde::Deserialize;

#[derive(Default)]
pub(super) struct Store {
    /// What lies there; a scenario may have put a text there that is no set.
    set: Option<String>,
    lock: Option<Holder>,
    failing: Vec<Operation>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Operation {
    Lock,
    Load,
    Save,
}

/// Who holds the lock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    Flight {
        /// Which opening of a process it was.
        process: u8,
        flight: FlightId,
    },
    /// Somebody whom the scenario does not show.
    Outside,
}

/// How an attempt to take the lock came out.
pub(super) enum Locking {
    Taken,
    Held,
    Failed,
}

/// The store did not do it.
pub(super) struct Refused;

impl Store {
    pub(super) fn lock(&mut self, who: Holder) -> Locking {
        if self.failing.contains(&Operation::Lock) {
            return Locking::Failed;
        }
        match self.lock {
            Some(holder) if holder != who => Locking::Held,
            _ => {
                self.lock = Some(who);
                Locking::Taken
            }
        }
    }

    /// Nothing happens when somebody else has it by now.
    pub(super) fn unlock(&mut self, who: Holder) {
        self.lock.take_if(|holder| *holder == who);
    }

    /// Frees the lock that any flight of this process holds: the process is gone.
    pub(super) fn free(&mut self, process: u8) {
        self.lock.take_if(
            |holder| matches!(holder, Holder::Flight { process: held_by, .. } if *held_by == process),
        );
    }

    pub(super) fn load(&self) -> Result<Option<Snapshot>, Refused> {
        if self.failing.contains(&Operation::Load) {
            return Err(Refused);
        }
        self.read()
    }

    pub(super) fn save(&mut self, who: Holder, snapshot: &Snapshot) -> Result<(), Refused> {
        let stored = self.read()?.map_or(0, |stored| stored.generation());
        let is_late = self.lock != Some(who) && self.set.is_some() && stored == snapshot.generation();
        if self.failing.contains(&Operation::Save) || stored > snapshot.generation() || is_late {
            return Err(Refused);
        }
        self.set = Some(secret::snapshot_text(snapshot));
        Ok(())
    }

    pub(super) fn fail(&mut self, operations: &[Operation]) {
        self.failing = operations.to_vec();
    }

    /// Somebody outside takes the lock or gives it back. The error is a mistake in the scenario.
    pub(super) fn hold(&mut self, held: bool) -> Result<(), String> {
        match (held, self.lock) {
            (true, None) => self.lock = Some(Holder::Outside),
            (false, Some(Holder::Outside)) => self.lock = None,
            (true, Some(_)) => return Err("`held`: somebody holds the lock already".to_string()),
            (false, _) => return Err("`held`: nobody outside holds the lock".to_string()),
        }
        Ok(())
    }

    /// The error is a mistake in the scenario.
    pub(super) fn lose_lock(&mut self) -> Result<(), String> {
        match self.lock.take_if(|holder| matches!(holder, Holder::Flight { .. })) {
            Some(_) => Ok(()),
            None => Err("`loses_lock`: no process holds the lock".to_string()),
        }
    }

    pub(super) fn put(&mut self, set: Option<&str>) {
        self.set = set.map(str::to_string);
    }

    fn read(&self) -> Result<Option<Snapshot>, Refused> {
        self.set.as_deref().map(Snapshot::from_text).transpose().map_err(|_| Refused)
    }
}
