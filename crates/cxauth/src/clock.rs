//! Where the time comes from.

use crate::Timestamp;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::sync::watch;

/// A sleep that [`Clock::sleep_until`] gives.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Everything that a client knows of time: what time it is, and waiting. Lifetimes, back-off and deadlines follow it; the
/// time limits of single HTTP requests follow the real one.
pub trait Clock: Send + Sync + 'static {
    /// The moment. It is read on every use of a token: it must be quick.
    fn now(&self) -> Timestamp;

    /// Ends at the moment or soon after it.
    fn sleep_until(&self, moment: Timestamp) -> Sleep;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// So often a sleeper looks at the clock again: while a machine is suspended, timers stand still and the clock goes on.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis),
        };
        Timestamp::from_unix_millis(millis)
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep {
        Box::pin(async move {
            loop {
                let left = moment.millis_since(SystemClock.now());
                let Ok(left @ 1..) = u64::try_from(left) else { return };
                tokio::time::sleep(Duration::from_millis(left).min(LOOK_AGAIN)).await;
            }
        })
    }
}

/// A clock that is moved by hand: hours pass at once, and nothing depends on how fast the machine is. Clones are the same
/// clock.
///
/// ```
/// use cxauth::{Clock, ManualClock, Timestamp};
/// use std::time::Duration;
///
/// let clock = ManualClock::new(Timestamp::from_unix_millis(1_700_000_000_000));
/// clock.advance(Duration::from_secs(3600));
/// assert_eq!(clock.now().unix_millis(), 1_700_003_600_000);
/// ```
#[derive(Clone)]
pub struct ManualClock(Arc<watch::Sender<Timestamp>>);

impl ManualClock {
    /// A clock that shows this moment.
    #[must_use]
    pub fn new(moment: Timestamp) -> Self {
        Self(Arc::new(watch::Sender::new(moment)))
    }

    /// Moves the clock forward; whoever slept for less wakes up.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.send_modify(|now| *now = now.plus_millis(by));
    }

    /// Sets the clock, also back.
    pub fn set(&self, moment: Timestamp) {
        self.0.send_replace(moment);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep {
        let clock = self.clone();
        Box::pin(async move {
            // The sender lives as long as `clock`.
            let _ = clock.0.subscribe().wait_for(|now| *now >= moment).await;
        })
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}
