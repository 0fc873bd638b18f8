//! How long a session waits after a renewal that failed.

use crate::{Error, Timestamp, entropy::Entropy};

const FIRST: i64 = 1000;
const LONGEST: i64 = 300_000;

/// 1 s, doubling to 300 s, plus up to half; a success resets it.
#[derive(Clone, Debug, Default)]
pub(crate) struct BackOff {
    pub(crate) failures: u32,
    /// Until when nothing is sent, and why.
    pub(crate) wait: Option<(Timestamp, Error)>,
}

impl BackOff {
    /// Counts a failure. `retry_after` (milliseconds) makes the wait longer, never shorter.
    pub(crate) fn fail(
        &mut self,
        now: Timestamp,
        error: Error,
        retry_after: Option<i64>,
        entropy: &mut Entropy,
    ) -> Error {
        let doubled = FIRST.saturating_mul(1_i64.checked_shl(self.failures.min(30)).unwrap_or(i64::MAX));
        let base = doubled.min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let wait = base + entropy.up_to(base / 2);
        self.hold(now.plus_millis(wait.max(retry_after.unwrap_or(0))), error)
    }

    /// Waits without counting a failure.
    pub(crate) fn hold(&mut self, until: Timestamp, error: Error) -> Error {
        let error = error.with_retry_at(Some(until));
        self.wait = Some((until, error.clone()));
        error
    }

    /// Another process met a later failure.
    pub(crate) fn learn(&mut self, other: Self) {
        let until = |back_off: &Self| back_off.wait.as_ref().map(|(until, _)| *until);
        if until(&other) > until(self) {
            *self = other;
        }
    }

    pub(crate) fn holding(&self, now: Timestamp) -> Option<(Timestamp, &Error)> {
        self.wait.as_ref().filter(|(until, _)| now < *until).map(|(until, error)| (*until, error))
    }

    pub(crate) fn shift(&mut self, step: i64) {
        if let Some((until, error)) = self.wait.take() {
            self.hold(until.plus_millis(step), error);
        }
    }
}
