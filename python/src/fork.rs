//! What a fork leaves to the child: memory, and one thread.

use crate::runtime;
use cxauth_bridge::{Connection, Session};
use pyo3::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

static GENERATION: AtomicU64 = AtomicU64::new(0);

/// How many forks lie between the program's start and this process.
pub(crate) fn generation() -> u64 {
    GENERATION.load(Ordering::Relaxed)
}

/// This process is a child that was just forked: what other threads were at work on is out of bounds from now on.
#[pyfunction]
pub(crate) fn forked() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    runtime::forget_calls();
}

/// The session of a process that was just forked, going on from the parent's.
#[pyfunction]
pub(crate) fn fork_session(
    session: &Session,
    connection: &Connection,
    now_ms: f64,
    entropy: Vec<u8>,
    store: bool,
) -> Session {
    session.fork(connection, now_ms, &entropy, store)
}
