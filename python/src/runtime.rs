//! The process's runtime: one thread, started when it is first needed, for every client. A child that was forked makes its own
//! and leaves its parent's as it is, because that one's thread and locks are somewhere in the middle of something for ever.

use crate::{delivery::Deliveries, fork};
use cxauth::Client;
use pyo3::{
    exceptions::{PyOSError, PyRuntimeError},
    prelude::*,
};
use std::{
    collections::HashMap,
    future::Future,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::{AbortHandle, JoinError},
    time::timeout,
};

/// How often whoever waits looks for signals, such as that of Ctrl-C.
const SIGNALS: Duration = Duration::from_millis(50);
/// How long the interpreter's end waits for renewals whose result a store keeps.
const FAREWELL: Duration = Duration::from_secs(10);
/// How long a fork waits for the runtime's thread to come to a safe place.
const ARRIVAL: Duration = Duration::from_millis(100);
/// How long that thread stays there at most: something else's hook may want it before the fork is over.
const STAY: Duration = Duration::from_secs(1);

/// It is locked by threads that are attached to the interpreter only, for a moment: at a fork, which needs the interpreter, it
/// is free.
static PROCESS: Mutex<Option<Process>> = Mutex::new(None);

struct Process {
    fork: u64,
    runtime: Runtime,
    shared: Arc<Shared>,
    /// Whoever holds the runtime's thread in a safe place while a fork is under way.
    stays: Vec<mpsc::Sender<()>>,
}

/// What the clients of one process share.
pub(crate) struct Shared {
    pub(crate) handle: Handle,
    pub(crate) deliveries: Deliveries,
    /// Clients with a store, by a number of their own: their renewals are waited for when the interpreter ends.
    kept: Mutex<HashMap<u64, Client>>,
}

/// The process's runtime.
pub(crate) fn here(py: Python<'_>) -> PyResult<Arc<Shared>> {
    let mut process = lock();
    if let Some(process) = process.as_ref().filter(|process| process.fork == fork::generation()) {
        return Ok(Arc::clone(&process.shared));
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("cxauth")
        .enable_all()
        .build()
        .map_err(|error| PyOSError::new_err(format!("no thread can be started: {error}")))?;
    let shared = Arc::new(Shared {
        handle: runtime.handle().clone(),
        deliveries: Deliveries::default(),
        kept: Mutex::default(),
    });
    let new = Process { fork: fork::generation(), runtime, shared: Arc::clone(&shared), stays: Vec::new() };
    mem::forget(process.replace(new));
    drop(process);
    at_exit(py)?;
    Ok(shared)
}

/// Waits for the future, which runs on the runtime, and looks for signals meanwhile. When a signal's handler raises, the
/// future is dropped.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    future: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    let (sender, mut receiver) = mpsc::sync_channel(1);
    let task = here(py)?.handle.spawn(async move {
        let _ = sender.send(future.await);
    });
    let _task = AbortOnDrop(task.abort_handle());
    loop {
        let received = py.detach(move || {
            let received = receiver.recv_timeout(SIGNALS);
            (receiver, received)
        });
        receiver = received.0;
        match received.1 {
            Ok(value) => return Ok(value),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("the interpreter is shutting down"));
            }
        }
    }
}

/// Starts the future on the runtime. It ends when nobody waits for what this returns any more.
pub(crate) fn spawn<T: Send + 'static>(
    py: Python<'_>,
    future: impl Future<Output = T> + Send + 'static,
) -> PyResult<impl Future<Output = Result<T, JoinError>> + Send + 'static> {
    let mut task = here(py)?.handle.spawn(future);
    let guard = AbortOnDrop(task.abort_handle());
    Ok(async move {
        let _guard = guard;
        (&mut task).await
    })
}

impl Shared {
    /// Has the interpreter's end wait for this client's renewals.
    pub(crate) fn keep(&self, number: u64, client: &Client) {
        self.kept().insert(number, client.clone());
    }

    /// The client's object is gone; a renewal under way still brings what the store keeps.
    pub(crate) fn release(self: &Arc<Self>, number: u64) {
        let Some(client) = self.kept().get(&number).cloned() else { return };
        let shared = Arc::clone(self);
        self.handle.spawn(async move {
            client.settle().await;
            shared.kept().remove(&number);
        });
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<u64, Client>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The runtime of this process, if it was needed so far.
pub(crate) fn if_here() -> Option<Arc<Shared>> {
    let process = lock();
    process
        .as_ref()
        .filter(|process| process.fork == fork::generation())
        .map(|process| Arc::clone(&process.shared))
}

/// A fork is about to happen: brings the runtime's thread to a place where it holds no lock, so that the child finds none held.
#[pyfunction]
pub(crate) fn before_fork(py: Python<'_>) {
    let Some(shared) = if_here() else { return };
    let (arrive, arrived) = mpsc::channel();
    let (stay, released) = mpsc::channel::<()>();
    shared.handle.spawn(async move {
        let _ = arrive.send(());
        let _ = released.recv_timeout(STAY);
    });
    let _ = py.detach(move || arrived.recv_timeout(ARRIVAL));
    if let Some(process) = lock().as_mut() {
        process.stays.push(stay);
    }
}

/// Calls of Python's code from threads of the runtime's.
static CALLS: AtomicUsize = AtomicUsize::new(0);
/// The interpreter is about to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Enters the interpreter from a thread of the runtime's; none when it is about to end. Its end waits for whoever is inside: a
/// thread that were to come back to an interpreter that has ended would bring the process down.
pub(crate) fn enter<T>(act: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let _call = InCall::new();
    if ENDING.load(Ordering::SeqCst) { None } else { Python::try_attach(act) }
}

struct InCall(u64);

impl InCall {
    fn new() -> Self {
        CALLS.fetch_add(1, Ordering::SeqCst);
        Self(fork::generation())
    }
}

impl Drop for InCall {
    fn drop(&mut self) {
        // A fork in the call has left the child without the others' calls.
        if self.0 == fork::generation() {
            CALLS.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// In a child: none of the parent's calls goes on here.
pub(crate) fn forget_calls() {
    CALLS.store(0, Ordering::SeqCst);
}

/// The fork is over: the runtime's thread goes on.
#[pyfunction]
pub(crate) fn after_fork_in_parent() {
    if let Some(process) = lock().as_mut() {
        process.stays.pop();
    }
}

fn lock() -> MutexGuard<'static, Option<Process>> {
    PROCESS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A forked child inherits the registration.
fn at_exit(py: Python<'_>) -> PyResult<()> {
    static REGISTERED: AtomicBool = AtomicBool::new(false);
    if REGISTERED.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(shut_down, py)?,))?;
    Ok(())
}

/// Waits for what a store would lose, and ends the thread: nothing may call into an interpreter that has ended.
#[pyfunction]
fn shut_down(py: Python<'_>) -> PyResult<()> {
    let farewell = if_here().map(|shared| {
        let clients: Vec<_> = shared.kept().values().cloned().collect();
        let settled = async move {
            for client in clients {
                client.settle().await;
            }
        };
        // Who waited so long has waited long enough.
        wait(py, async move { drop(timeout(FAREWELL, settled).await) })
    });
    ENDING.store(true, Ordering::SeqCst);
    let left = wait_for_calls(py);
    let ended = lock().take();
    match ended {
        Some(process) if process.fork == fork::generation() => process.runtime.shutdown_background(),
        process => mem::forget(process),
    }
    farewell.unwrap_or(Ok(())).and(left)
}

fn wait_for_calls(py: Python<'_>) -> PyResult<()> {
    let deadline = Instant::now() + FAREWELL;
    while CALLS.load(Ordering::SeqCst) > 0 && Instant::now() < deadline {
        // Python code waits like this for a signal too: nothing here is told when the last call ends.
        py.detach(|| thread::park_timeout(Duration::from_millis(1)));
        py.check_signals()?;
    }
    Ok(())
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
