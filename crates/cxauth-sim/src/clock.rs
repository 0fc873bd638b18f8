//! The simulator's clock: real time plus an offset, or a time that stands still.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What the simulator's clock shows, in milliseconds of Unix time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClockReading {
    /// The simulator's time now.
    pub now_ms: i64,
    /// How far it is ahead of the machine's clock; negative when behind.
    pub offset_ms: i64,
    /// Whether it stands still.
    pub frozen: bool,
}

/// Every lifetime in the simulator is judged by this clock, so a test moves it instead of sleeping.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: i64,
    frozen_at: Option<i64>,
}

impl Clock {
    pub(crate) fn now_ms(&self) -> i64 {
        self.frozen_at.unwrap_or_else(|| real_now_ms().saturating_add(self.offset_ms))
    }

    pub(crate) fn reading(&self) -> ClockReading {
        let now_ms = self.now_ms();
        ClockReading {
            now_ms,
            offset_ms: now_ms.saturating_sub(real_now_ms()),
            frozen: self.frozen_at.is_some(),
        }
    }

    pub(crate) fn advance_ms(&mut self, by: i64) {
        match &mut self.frozen_at {
            Some(at) => *at = at.saturating_add(by),
            None => self.offset_ms = self.offset_ms.saturating_add(by),
        }
    }

    pub(crate) fn freeze(&mut self) {
        self.frozen_at = Some(self.now_ms());
    }

    /// Goes on from where it stood, not from where real time has got to meanwhile.
    pub(crate) fn resume(&mut self) {
        if let Some(at) = self.frozen_at.take() {
            self.offset_ms = at.saturating_sub(real_now_ms());
        }
    }
}

fn real_now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A duration in whole milliseconds, at most what the clock can count.
pub(crate) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
