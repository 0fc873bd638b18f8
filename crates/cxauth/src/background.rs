//! Renewal before anybody needs it.

use crate::{Acquire, Timestamp, keeper::Keeper};
use std::sync::{
    Arc, Weak,
    atomic::{AtomicBool, Ordering},
};
use tokio::runtime::Handle;

/// However far away the next renewal is, the session is looked at once a day.
const DAY: i64 = 86_400_000;
/// When the session wants to be woken and then finds nothing to do, it is not asked again at once.
const PAUSE: i64 = 1000;

/// Starts the task if the client wants one and there is none: its runtime may have ended.
pub(crate) fn start(keeper: &Arc<Keeper>) {
    if !keeper.drivers.background {
        return;
    }
    if let Ok(runtime) = Handle::try_current()
        && let Some(running) = keeper.background.begin()
    {
        let keeper = Arc::downgrade(keeper);
        runtime.spawn(async move {
            let _running = running;
            run(keeper).await;
        });
    }
}

/// Ends with the last clone of the client.
async fn run(keeper: Weak<Keeper>) {
    loop {
        let Some(strong) = keeper.upgrade() else { return };
        let mut changed = strong.changes();
        let acquired = strong.with(crate::Session::wake);
        if let Some(Acquire::Lead { flight, .. }) = acquired {
            strong.fly(flight);
        }
        let clock = Arc::clone(&strong.drivers.clock);
        let now = clock.now();
        let until = strong.with(|session, _| session.next_wakeup()).map(|until| at_least(until, now));
        drop(strong);
        let sleep = clock.sleep_until(until.unwrap_or(Timestamp::MAX).min(now.plus_millis(DAY)));
        tokio::select! {
            _ = changed.changed() => {}
            () = sleep => {}
        }
    }
}

fn at_least(until: Timestamp, now: Timestamp) -> Timestamp {
    until.max(now.plus_millis(PAUSE))
}

/// Whether a task is running.
#[derive(Default)]
pub(crate) struct Background(Arc<AtomicBool>);

/// Dropped with the task, also when its runtime ends.
pub(crate) struct Running(Arc<AtomicBool>);

impl Background {
    fn begin(&self) -> Option<Running> {
        let was = self.0.swap(true, Ordering::AcqRel);
        (!was).then(|| Running(Arc::clone(&self.0)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
