//! Leading a flight: the core says what to do next, this does it.

use crate::{
    Answer, Authorization, DevicePrompt, Error, ErrorCode, Failure, FlightId, Snapshot, Step, StepResult,
    keeper::Keeper,
    provide::Provider,
    secret,
    store::{Locked, Store, StoreError},
    transport,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task;
use tracing::Instrument;

/// How long signing in and out wait for the store's lock: longer than a renewal that is under way may take.
const A_PERSON_WAITS: Duration = Duration::from_secs(40);

/// Leads the flight in a task of its own: no caller's end is its end.
pub(crate) fn spawn(keeper: Arc<Keeper>, flight: FlightId) {
    let span = tracing::debug_span!(target: "cxauth", "renewal", platform = keeper.platform(), flight = flight.number());
    tokio::spawn(Leader::of(keeper, flight, Purpose::Renewal).lead().instrument(span));
}

/// The same for a flight that signs out; the task ends with what did not work.
pub(crate) fn spawn_sign_out(keeper: Arc<Keeper>, flight: FlightId) -> task::JoinHandle<Option<Error>> {
    let span = tracing::debug_span!(target: "cxauth", "sign-out", platform = keeper.platform(), flight = flight.number());
    tokio::spawn(Leader::of(keeper, flight, Purpose::SignOut).lead().instrument(span))
}

/// The same for a flight that ends a sign-in: the code is good for one request, so whoever waits may leave.
pub(crate) fn spawn_sign_in(keeper: Arc<Keeper>, flight: FlightId) -> task::JoinHandle<Option<Error>> {
    let span = tracing::debug_span!(target: "cxauth", "sign-in", platform = keeper.platform(), flight = flight.number());
    tokio::spawn(Leader::of(keeper, flight, Purpose::SignIn).lead().instrument(span))
}

/// Leads a flight in which a person takes part, as long as the caller waits for it: dropped, it is abandoned. Returns why it
/// brought nothing, if it did not.
pub(crate) async fn lead_with_person(
    keeper: Arc<Keeper>,
    flight: FlightId,
    show: impl FnMut(Shown),
) -> Option<Error> {
    let span = tracing::debug_span!(target: "cxauth", "sign-in", platform = keeper.platform(), flight = flight.number());
    Leader::of(keeper, flight, Purpose::SignIn).lead_showing(show).instrument(span).await
}

/// What a flight has a person see.
pub(crate) enum Shown {
    Authorization(Authorization),
    Prompt(DevicePrompt),
}

/// Whoever drops it before it is over (an ended runtime) leaves the flight to others.
struct Leader {
    keeper: Arc<Keeper>,
    flight: FlightId,
    lock: Option<Box<dyn Locked>>,
    purpose: Purpose,
    over: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Renewal,
    SignOut,
    SignIn,
}

type Failed = (ErrorCode, Failure, String);

impl Leader {
    fn of(keeper: Arc<Keeper>, flight: FlightId, purpose: Purpose) -> Self {
        Self { keeper, flight, lock: None, purpose, over: false }
    }

    /// Returns why the flight brought nothing, if it did not.
    async fn lead(self) -> Option<Error> {
        self.lead_showing(|_| {}).await
    }

    async fn lead_showing(mut self, mut show: impl FnMut(Shown)) -> Option<Error> {
        let why = loop {
            let flight = self.flight;
            let step = self.keeper.with(|session, now| session.next(now, flight));
            let result = match step {
                Step::Lock => self.lock().await,
                Step::Load => self.load().await,
                Step::ReadSecret { source, .. } => {
                    match secret::read(source, &self.keeper.drivers.functions).await {
                        Ok(secret) => Ok(StepResult::Secret(secret)),
                        Err(why) => Err((ErrorCode::SecretUnreadable, Failure::Connect, why)),
                    }
                }
                Step::Sign { key, bytes } => {
                    let setting = self.keeper.setting_of(&key);
                    match secret::sign(setting, key, bytes, &self.keeper.drivers.signers).await {
                        Ok(signature) => Ok(StepResult::Signature(signature)),
                        Err(why) => Err((ErrorCode::SecretUnreadable, Failure::Connect, why)),
                    }
                }
                Step::Send { request } => {
                    answered(transport::send(&self.keeper.drivers.token_http, &request).await)
                }
                Step::Provide => answered(provide(self.keeper.drivers.provider.clone()).await),
                Step::Save { snapshot } => self.save(snapshot).await,
                Step::Unlock => self.unlock().await,
                Step::Authorize { authorization } => {
                    show(Shown::Authorization(authorization));
                    Ok(StepResult::Done)
                }
                Step::Prompt { prompt } => {
                    show(Shown::Prompt(prompt));
                    Ok(StepResult::Done)
                }
                Step::Pause { until } => {
                    self.keeper.drivers.clock.sleep_until(until).await;
                    Ok(StepResult::Done)
                }
                Step::Done { why } => break why,
            };
            let result = result.unwrap_or_else(|(code, failure, why)| {
                self.keeper.note_trouble(code, &why);
                StepResult::Failed(failure)
            });
            let settled = self.keeper.with(|session, now| {
                session.done(now, flight, result);
                // Whoever waits need not wait for the lock to be given back.
                matches!(session.look(now), Some(crate::Acquire::Ready { .. }))
            });
            if settled {
                self.keeper.wake();
            }
        };
        self.over = true;
        why.map(|why| self.keeper.explain(why))
    }

    async fn lock(&mut self) -> Result<StepResult, Failed> {
        let Some(store) = self.keeper.store() else { return Ok(StepResult::Failed(Failure::Connect)) };
        let renews = self.purpose == Purpose::Renewal;
        if renews {
            look(&self.keeper, &store).await;
        }
        let patience = if renews { self.keeper.drivers.lock_patience } else { A_PERSON_WAITS };
        let (waiting, deadline) = (Arc::clone(&store), Instant::now() + patience);
        let lock = away(move || waiting.lock(deadline)).await;
        if renews && lock.is_err() {
            look(&self.keeper, &store).await;
        }
        self.lock = Some(lock?);
        Ok(StepResult::Done)
    }

    async fn load(&mut self) -> Result<StepResult, Failed> {
        self.under_lock(|lock| lock.load().map(StepResult::Loaded)).await
    }

    async fn save(&mut self, snapshot: Snapshot) -> Result<StepResult, Failed> {
        self.under_lock(move |lock| lock.save(&snapshot).map(|()| StepResult::Done)).await
    }

    /// Gives the lock back before anybody is told so: the next flight may want it at once.
    async fn unlock(&mut self) -> Result<StepResult, Failed> {
        let lock = self.lock.take();
        away(move || {
            drop(lock);
            Ok(StepResult::Done)
        })
        .await
    }

    async fn under_lock(
        &mut self,
        act: impl FnOnce(&mut dyn Locked) -> Result<StepResult, StoreError> + Send + 'static,
    ) -> Result<StepResult, Failed> {
        let Some(mut lock) = self.lock.take() else { return Ok(StepResult::Failed(Failure::Connect)) };
        let (lock, result) = away(move || {
            let result = act(&mut *lock);
            Ok((lock, result))
        })
        .await?;
        self.lock = Some(lock);
        result.map_err(unavailable)
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        self.lock = None;
        let flight = self.flight;
        if !self.over {
            self.keeper.with(|session, now| session.abandon(now, flight));
        }
        self.keeper.landed();
    }
}

/// Who has nothing to hand out does with what the store holds, whoever has its lock and for how long. Returns whether there was
/// something.
pub(crate) async fn look(keeper: &Keeper, store: &Arc<dyn Store>) -> bool {
    if keeper.with(|session, now| session.usable(now).is_some()) {
        return false;
    }
    let store = Arc::clone(store);
    // What cannot be read now is read again under the lock, and said there.
    let found = match away(move || store.look()).await {
        Ok(Some(stored)) => keeper.with(|session, now| session.adopt(now, stored)),
        _ => false,
    };
    if found {
        keeper.wake();
    }
    found
}

/// In a task of its own, so that a panic of the user's function is a failure of it and of nothing else.
async fn provide(provider: Option<Provider>) -> Result<Answer, transport::Failed> {
    let Some(provider) = provider else {
        let why = "the grant external takes a function: give one with `provide`";
        return Err((Failure::Connect, why.to_owned()));
    };
    let call = AbortOnDrop(tokio::spawn(async move { provider.call().await }));
    match call.join().await {
        Ok(result) => result.map_err(|why| (Failure::Interrupted, why)),
        Err(_) => Err((Failure::Interrupted, "the function that provides tokens panicked".to_owned())),
    }
}

fn answered(result: Result<Answer, transport::Failed>) -> Result<StepResult, Failed> {
    match result {
        Ok(answer) => Ok(StepResult::Answer(answer)),
        Err((failure, why)) => {
            let code = match failure {
                Failure::Connect => ErrorCode::ServerUnreachable,
                Failure::Timeout => ErrorCode::TimedOut,
                Failure::Interrupted => ErrorCode::Interrupted,
            };
            Err((code, failure, why))
        }
    }
}

/// Does what blocks away from the async threads.
pub(crate) async fn away<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Failed> {
    let result = task::spawn_blocking(act).await;
    result.unwrap_or_else(|_| Err(StoreError::Other("the store broke off".into()))).map_err(unavailable)
}

fn unavailable(error: StoreError) -> Failed {
    (ErrorCode::StoreUnavailable, Failure::Connect, error.to_string())
}

/// A task that ends with whoever waits for it.
struct AbortOnDrop<T>(task::JoinHandle<T>);

impl<T> AbortOnDrop<T> {
    async fn join(mut self) -> Result<T, task::JoinError> {
        (&mut self.0).await
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
