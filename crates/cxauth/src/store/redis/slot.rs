//! What this process knows of one place: whose turn it is here, and the newest set that was seen.

use crate::Snapshot;
use arc_swap::ArcSwap;
use std::{
    collections::HashMap,
    process,
    sync::{
        Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

/// A process has one slot for a place, whoever opens it. No mutex: a child of the process would inherit it locked.
static SLOTS: LazyLock<ArcSwap<HashMap<Id, Weak<Slot>>>> = LazyLock::new(ArcSwap::default);

/// The process is part of it, because a turn that somebody had when the process forked ends nowhere in the child.
type Id = (u32, String);

#[derive(Default)]
pub(super) struct Slot {
    taken: Mutex<bool>,
    free: Condvar,
    newest: Mutex<Option<Snapshot>>,
    /// Whether somebody sees to it already that the newest set gets to the server.
    delivering: AtomicBool,
}

/// The one who may do something with the place in this process, until it is dropped.
pub(super) struct Turn(Arc<Slot>);

impl Slot {
    pub(super) fn of(place: String) -> Arc<Self> {
        let id = (process::id(), place);
        let new = Arc::new(Self::default());
        let mut slot = Arc::clone(&new);
        SLOTS.rcu(|slots| {
            let mut slots = HashMap::clone(slots);
            slots.retain(|_, slot| slot.strong_count() > 0);
            slot = slots.get(&id).and_then(Weak::upgrade).unwrap_or_else(|| Arc::clone(&new));
            slots.insert(id.clone(), Arc::downgrade(&slot));
            slots
        });
        slot
    }

    /// None when somebody else of this process has it at the deadline.
    pub(super) fn take_turn(self: &Arc<Self>, deadline: Instant) -> Option<Turn> {
        let left = deadline.saturating_duration_since(Instant::now());
        let (mut taken, _) = self
            .free
            .wait_timeout_while(lock(&self.taken), left, |taken| *taken)
            .unwrap_or_else(PoisonError::into_inner);
        let is_mine = !*taken;
        *taken = true;
        is_mine.then(|| Turn(Arc::clone(self)))
    }

    /// The newest set that this process has seen, here or on the server.
    pub(super) fn newest(&self) -> Option<Snapshot> {
        lock(&self.newest).clone()
    }

    pub(super) fn see(&self, snapshot: &Snapshot) {
        let mut newest = lock(&self.newest);
        if newest.as_ref().is_none_or(|newest| newest.generation() <= snapshot.generation()) {
            *newest = Some(snapshot.clone());
        }
    }

    /// True for the one who is to deliver; `delivered` ends it.
    pub(super) fn start_delivering(&self) -> bool {
        !self.delivering.swap(true, Ordering::AcqRel)
    }

    pub(super) fn delivered(&self) {
        self.delivering.store(false, Ordering::Release);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *lock(&self.0.taken) = false;
        self.0.free.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::{thread, time::Duration};

    #[test]
    fn a_process_has_one_turn_for_a_place() {
        let (one, other) = (Slot::of("a".into()), Slot::of("a".into()));
        let elsewhere = Slot::of("b".into());
        let turn = one.take_turn(Instant::now()).unwrap();
        assert!(other.take_turn(Instant::now()).is_none());
        drop(elsewhere.take_turn(Instant::now()).unwrap());
        let waiter =
            thread::spawn(move || other.take_turn(Instant::now() + Duration::from_secs(60)).is_some());
        drop(turn);
        assert!(waiter.join().unwrap());
        drop(one.take_turn(Instant::now()).unwrap());
    }

    #[test]
    fn the_newest_set_stays() {
        let slot = Slot::of("newest".into());
        let set = |generation: u64| {
            let text = format!(r#"{{"cxauth":1,"generation":{generation},"identity":"x","saved_at":1}}"#);
            Snapshot::from_text(&text).unwrap()
        };
        assert!(slot.newest().is_none());
        slot.see(&set(2));
        slot.see(&set(1));
        assert_eq!(slot.newest().unwrap().generation(), 2);
        drop(slot);
        assert!(Slot::of("newest".into()).newest().is_none(), "nobody uses it any more");
    }
}
