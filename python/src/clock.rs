//! A clock that tests move by hand.

use cxauth::{Clock, Timestamp};
use pyo3::{exceptions::PyValueError, prelude::*};
use std::time::Duration;

/// A clock that is moved by hand, for tests: hours pass at once. It starts at the system's time.
///
/// Given to a client as `clock=`, it decides lifetimes and back-off; the time limits of single requests follow the real one.
#[pyclass(module = "cxauth", frozen)]
pub(crate) struct ManualClock(cxauth::ManualClock);

#[pymethods]
impl ManualClock {
    /// `now` is Unix time in seconds.
    #[new]
    #[pyo3(signature = (now = None))]
    fn new(now: Option<f64>) -> Self {
        let now = now
            .map_or_else(|| cxauth::SystemClock.now(), |now| Timestamp::from_unix_millis_f64(now * 1000.0));
        Self(cxauth::ManualClock::new(now))
    }

    /// The moment that it shows, as Unix time in seconds.
    fn time(&self) -> f64 {
        self.0.now().unix_millis() as f64 / 1000.0
    }

    /// Moves it forward by so many seconds; whoever slept for less wakes up.
    fn advance(&self, seconds: f64) -> PyResult<()> {
        let by = Duration::try_from_secs_f64(seconds);
        self.0.advance(by.map_err(|_| PyValueError::new_err("seconds, 0 or more, are wanted"))?);
        Ok(())
    }

    /// Sets it to a moment, also back: Unix time in seconds.
    fn set(&self, now: f64) {
        self.0.set(Timestamp::from_unix_millis_f64(now * 1000.0));
    }

    fn __repr__(&self) -> String {
        format!("ManualClock({:?})", self.time())
    }
}

impl ManualClock {
    pub(crate) fn as_native(&self) -> cxauth::ManualClock {
        self.0.clone()
    }
}
