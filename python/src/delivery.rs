//! Results that go from the runtime to futures of asyncio, many at a time: each way into the interpreter may have to wait for
//! the thread that is in it.

use crate::{
    runtime::{self, Shared},
    sign_in, token,
};
use cxauth::{AccessToken, Authorization, Error};
use cxauth_bridge::AuthError;
use pyo3::prelude::*;
use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::task::yield_now;

/// What a future of asyncio is completed with.
pub(crate) enum Outcome {
    Token(AccessToken),
    Authorization(Authorization),
    Nothing,
    Failed(Error),
}

impl Outcome {
    pub(crate) fn of_token(result: Result<AccessToken, Error>) -> Self {
        result.map_or_else(Self::Failed, Self::Token)
    }

    pub(crate) fn of_authorization(result: Result<Authorization, Error>) -> Self {
        result.map_or_else(Self::Failed, Self::Authorization)
    }

    pub(crate) fn of_nothing(result: Result<(), Error>) -> Self {
        result.map_or_else(Self::Failed, |()| Self::Nothing)
    }
}

/// A result, the future that waits for it, and the event loop that it belongs to.
struct Delivery {
    event_loop: Py<PyAny>,
    future: Py<PyAny>,
    outcome: Outcome,
}

/// Results that are on their way.
#[derive(Default)]
pub(crate) struct Deliveries(Mutex<Vec<Delivery>>);

impl Shared {
    /// Completes the future with the outcome, in its event loop. Runs on the runtime.
    pub(crate) fn deliver(self: &Arc<Self>, event_loop: Py<PyAny>, future: Py<PyAny>, outcome: Outcome) {
        let count = self.deliveries.add(Delivery { event_loop, future, outcome });
        if count == 1 {
            let shared = Arc::clone(self);
            self.handle.spawn(async move { shared.deliveries.run().await });
        }
    }
}

impl Deliveries {
    /// Returns how many there are now.
    fn add(&self, delivery: Delivery) -> usize {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(delivery);
        waiting.len()
    }

    /// Lets the tasks that were woken with this one add theirs, then hands over all of them.
    async fn run(&self) {
        let mut before = 0;
        while self.count() > before {
            before = self.count();
            yield_now().await;
        }
        let all = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        // An interpreter that has ended waits for nothing.
        runtime::enter(|py| hand_over(py, all));
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

fn hand_over(py: Python<'_>, mut all: Vec<Delivery>) {
    while let Some(first) = all.first() {
        let event_loop = first.event_loop.clone_ref(py);
        let (own, others) = all.into_iter().partition(|delivery| delivery.event_loop.is(&event_loop));
        all = others;
        let bundle = Bundle(Mutex::new(own));
        // A loop that was closed meanwhile has nobody who waits.
        let _ = event_loop.call_method1(py, "call_soon_threadsafe", (bundle,));
    }
}

/// What is called in the event loop.
#[pyclass(frozen)]
struct Bundle(Mutex<Vec<Delivery>>);

#[pymethods]
impl Bundle {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let all = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        all.into_iter().try_for_each(|delivery| delivery.complete(py))
    }
}

impl Delivery {
    fn complete(self, py: Python<'_>) -> PyResult<()> {
        let future = self.future.bind(py);
        if future.call_method0("done")?.is_truthy()? {
            // Whoever waited was cancelled.
            return Ok(());
        }
        match self.outcome {
            Outcome::Token(token) => future.call_method1("set_result", (token::present(py, token)?,))?,
            Outcome::Authorization(authorization) => {
                let authorization = sign_in::Authorization::new(py, &authorization)?;
                future.call_method1("set_result", (authorization,))?
            }
            Outcome::Nothing => future.call_method1("set_result", (py.None(),))?,
            Outcome::Failed(error) => {
                let error = PyErr::from(AuthError::from(error)).into_value(py);
                future.call_method1("set_exception", (error,))?
            }
        };
        Ok(())
    }
}
