//! Memory: for many clients of one process, and for tests.

use super::{Locked, Store, StoreError};
use crate::Snapshot;
use std::{
    collections::HashMap,
    fmt,
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// Keeps the tokens in this process's memory. Clones are the same store: clients that are made apart share one token and one
/// renewal by it. Nothing outlives the process; a client without any store keeps its tokens in memory as well, for itself.
///
/// ```
/// use cxauth::store::{Locked, MemoryStore, Store};
/// use std::time::{Duration, Instant};
///
/// let store = MemoryStore::new();
/// let mut locked = store.clone().lock(Instant::now() + Duration::from_secs(1))?;
/// assert!(locked.load()?.is_none());
/// assert!(store.lock(Instant::now()).is_err(), "one holder at a time");
/// # Ok::<(), cxauth::store::StoreError>(())
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Shared>);

#[derive(Default)]
struct Shared {
    place: Mutex<Place>,
    freed: Condvar,
    /// For other scopes.
    others: Mutex<HashMap<Vec<String>, MemoryStore>>,
}

#[derive(Default)]
struct Place {
    held: bool,
    snapshot: Option<Snapshot>,
}

impl MemoryStore {
    /// A store with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.0.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        let patience = deadline.saturating_duration_since(Instant::now());
        let (mut place, _) = self
            .0
            .freed
            .wait_timeout_while(self.place(), patience, |place| place.held)
            .unwrap_or_else(PoisonError::into_inner);
        if place.held {
            return Err(StoreError::Locked { path: PathBuf::from("memory") });
        }
        place.held = true;
        drop(place);
        Ok(Box::new(Lock(self.clone())))
    }

    fn look(&self) -> Result<Option<Snapshot>, StoreError> {
        Ok(self.place().snapshot.clone())
    }

    fn for_scopes(&self, scopes: &[String]) -> Option<Arc<dyn Store>> {
        let mut others = self.0.others.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::new(others.entry(scopes.to_vec()).or_default().clone()))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MemoryStore")
            .field("snapshot", &self.place().snapshot)
            .finish_non_exhaustive()
    }
}

struct Lock(MemoryStore);

impl Locked for Lock {
    fn load(&mut self) -> Result<Option<Snapshot>, StoreError> {
        Ok(self.0.place().snapshot.clone())
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let mut place = self.0.place();
        if place.snapshot.as_ref().is_some_and(|stored| stored.generation() > snapshot.generation()) {
            return Err(StoreError::Newer);
        }
        place.snapshot = Some(snapshot.clone());
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.place().held = false;
        self.0.0.freed.notify_one();
    }
}
