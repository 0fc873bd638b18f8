//! The token lifecycle of one connection.

use crate::{
    Acquired, AuthError, Connection, FailureKind, Introspection, Proof, SessionEvent, Step, Token, acquired,
    secret, trouble::Trouble,
};
use cxauth_core::{Acquire, Answer, ErrorCode, FlightId, Secret, State, StepResult, Timestamp};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A session without tokens. `entropy` (16 bytes or more of the operating system's) spreads renewals and retries over
/// time. With `store` each flight locks the store, reads it before it sends, and saves what it brought.
#[must_use]
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn open_session(connection: &Connection, now_ms: f64, entropy: Vec<u8>, store: bool) -> Session {
    Session::new(cxauth_core::Session::open(connection.0.clone(), moment(now_ms), &entropy), store)
}

/// A session that goes on from a snapshot. A snapshot of another client, user or server gives no tokens.
///
/// # Errors
/// `snapshot_damaged` and `snapshot_from_newer_version`.
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn restore_session(
    connection: &Connection,
    now_ms: f64,
    entropy: Vec<u8>,
    store: bool,
    snapshot: String,
) -> Result<Session, AuthError> {
    let snapshot = secret::snapshot(snapshot)?;
    let session = cxauth_core::Session::restore(connection.0.clone(), moment(now_ms), &entropy, snapshot);
    Ok(Session::new(session, store))
}

/// The generation of a snapshot: a store never replaces one by an older one.
///
/// # Errors
/// `snapshot_damaged` and `snapshot_from_newer_version`.
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn snapshot_generation(snapshot: String) -> Result<f64, AuthError> {
    Ok(secret::snapshot(snapshot)?.generation() as f64)
}

/// Whether the redirect carries the state of this sign-in, so that a program with several under way finds the right one.
///
/// # Errors
/// `redirect_refused` when what was kept cannot be read.
#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub fn sign_in_is_answered_by(sign_in: String, redirect: String) -> Result<bool, AuthError> {
    Ok(secret::sign_in(sign_in)?.is_answered_by(&redirect))
}

/// What to do with an API's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(
    feature = "python",
    pyo3::pyclass(eq, eq_int, hash, frozen, from_py_object, module = "cxauth._native")
)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub enum Refusal {
    /// Acquire a token again and send the request once more, once.
    Retry,
    /// The answer is the caller's: another token would not change it.
    Leave,
}

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(
    feature = "python",
    pyo3::pyclass(eq, eq_int, hash, frozen, from_py_object, module = "cxauth._native")
)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub enum SessionState {
    /// No usable token; the next caller leads a flight.
    Empty,
    /// No usable token; a flight is under way.
    Renewing,
    /// A token serves, and nothing is due.
    Fresh,
    /// A token serves; the next caller leads a flight.
    Due,
    /// A token serves; a flight is under way.
    RenewingEarly,
    /// A token serves; its renewal failed and is held back.
    Degraded,
    /// No usable token; the renewal is held back.
    Waiting,
    /// No usable token; nothing will come before something is changed.
    Denied,
}

impl From<State> for SessionState {
    fn from(state: State) -> Self {
        match state {
            State::Empty => Self::Empty,
            State::Renewing => Self::Renewing,
            State::Fresh => Self::Fresh,
            State::Due => Self::Due,
            State::RenewingEarly => Self::RenewingEarly,
            State::Degraded => Self::Degraded,
            State::Waiting => Self::Waiting,
            State::Denied => Self::Denied,
        }
    }
}

/// The token lifecycle of one connection and one set of scopes: a machine without a clock, I/O or waiting. Any thread may
/// call it.
///
/// A flight's leader calls [`Session::next`], performs the step, says how it went with one of the `done` methods, and
/// goes on until the step is `Done`.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Session(Mutex<Guarded>);

#[derive(Debug)]
struct Guarded {
    core: cxauth_core::Session,
    trouble: Trouble,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Session {
    /// The token, if one is usable: `Ready` or `Nothing`. It starts nothing: the hot path.
    #[must_use]
    pub fn bearer(&self, now_ms: f64) -> Acquired {
        let token = self.lock().core.bearer(moment(now_ms)).cloned();
        Acquired(token.map(|token| Acquire::Ready { token }))
    }

    /// The same without asking for it: whoever only looks keeps no background renewal alive.
    #[must_use]
    pub fn usable(&self, now_ms: f64) -> Acquired {
        let token = self.lock().core.usable(moment(now_ms)).cloned();
        Acquired(token.map(|token| Acquire::Ready { token }))
    }

    /// A caller wants a token. A usable token always wins: while there is one, nobody waits or is denied.
    #[must_use]
    pub fn acquire(&self, now_ms: f64) -> Acquired {
        let mut guarded = self.lock();
        let acquired = guarded.core.acquire(moment(now_ms));
        Acquired(Some(guarded.trouble.explain_acquired(acquired)))
    }

    /// What [`Session::acquire`] would say, without asking for anything; `Nothing` where it would lead.
    #[must_use]
    pub fn look(&self, now_ms: f64) -> Acquired {
        let mut guarded = self.lock();
        let acquired = guarded.core.look(moment(now_ms));
        Acquired(acquired.map(|acquired| guarded.trouble.explain_acquired(acquired)))
    }

    /// How the session stands.
    #[must_use]
    pub fn state(&self, now_ms: f64) -> SessionState {
        self.lock().core.state(moment(now_ms)).into()
    }

    /// The background's turn, at [`Session::next_wakeup_ms`] or earlier: `Lead`, `Follow` or `Nothing`. It does not count
    /// as asking, and after one lifetime in which nobody asked it stops.
    #[must_use]
    pub fn wake(&self, now_ms: f64) -> Acquired {
        let mut guarded = self.lock();
        let acquired = guarded.core.wake(moment(now_ms));
        Acquired(acquired.map(|acquired| guarded.trouble.explain_acquired(acquired)))
    }

    /// When background work is next due; absent for never, or not before somebody asks.
    #[must_use]
    pub fn next_wakeup_ms(&self) -> Option<f64> {
        self.lock().core.next_wakeup().map(|moment| moment.unix_millis() as f64)
    }

    /// What the flight's leader does next. It says the same until it is told how that went.
    #[must_use]
    pub fn next(&self, now_ms: f64, flight: u32) -> Step {
        let mut guarded = self.lock();
        let step = guarded.core.next(moment(now_ms), id(flight));
        guarded.trouble.explain_step(step).into()
    }

    /// The step is done: `Lock`, `Save`, `Unlock`.
    pub fn done(&self, now_ms: f64, flight: u32) {
        self.tell(now_ms, flight, StepResult::Done);
    }

    /// What the store holds, absent when it is empty: `Load`.
    ///
    /// # Errors
    /// `snapshot_damaged` and `snapshot_from_newer_version`. The step is still to be done then: put what is damaged aside,
    /// never delete it, and say [`Session::done_failed`].
    pub fn done_loaded(&self, now_ms: f64, flight: u32, snapshot: Option<String>) -> Result<(), AuthError> {
        let snapshot = snapshot.map(secret::snapshot).transpose()?;
        self.tell(now_ms, flight, StepResult::Loaded(snapshot));
        Ok(())
    }

    /// The secret: `ReadSecret`.
    pub fn done_secret(&self, now_ms: f64, flight: u32, secret: String) {
        self.tell(now_ms, flight, StepResult::Secret(Secret::new(secret)));
    }

    /// The signature, as the algorithm's RFC has it: `Sign`.
    pub fn done_signature(&self, now_ms: f64, flight: u32, signature: Vec<u8>) {
        self.tell(now_ms, flight, StepResult::Signature(signature));
    }

    /// The token endpoint's answer, its body decoded and at most one byte longer than [`crate::max_answer_bytes`]: `Send`
    /// and `Provide`.
    pub fn done_answer(
        &self,
        now_ms: f64,
        flight: u32,
        status: u32,
        header_names: Vec<String>,
        header_values: Vec<String>,
        body: Vec<u8>,
    ) {
        let answer = Answer::new(short(status), header_names.into_iter().zip(header_values), body);
        self.tell(now_ms, flight, StepResult::Answer(answer));
    }

    /// The step could not be done: any of them.
    pub fn done_failed(&self, now_ms: f64, flight: u32, failure: FailureKind) {
        self.tell(now_ms, flight, StepResult::Failed(failure.into()));
    }

    /// The same with the reason in words, for the error that comes of it. There must be no secret in them.
    pub fn done_failed_because(&self, now_ms: f64, flight: u32, failure: FailureKind, why: String) {
        let mut guarded = self.lock();
        let (now, flight, failure) = (moment(now_ms), id(flight), failure.into());
        let step = guarded.core.next(now, flight);
        guarded.trouble.note(&step, failure, why);
        guarded.core.done(now, flight, StepResult::Failed(failure));
    }

    /// The flight's leader is gone. The next acquire leads another one; an answer that comes all the same is taken.
    pub fn abandon(&self, now_ms: f64, flight: u32) {
        self.lock().core.abandon(moment(now_ms), id(flight));
    }

    /// An API refused the token of this generation. `www_authenticate` are the values of that field, `body_start` is as
    /// much of the body as the driver has at hand. Nothing is started here: the next acquire renews.
    #[must_use]
    pub fn refused(
        &self,
        now_ms: f64,
        generation: f64,
        status: u32,
        www_authenticate: Vec<String>,
        body_start: Vec<u8>,
    ) -> Refusal {
        let fields: Vec<&str> = www_authenticate.iter().map(String::as_str).collect();
        match self.lock().core.refused(moment(now_ms), generation as u64, short(status), &fields, &body_start)
        {
            cxauth_core::Refusal::Retry => Refusal::Retry,
            cxauth_core::Refusal::Leave => Refusal::Leave,
        }
    }

    /// What the client's key has to sign before the token may go to this address with this method (RFC 9449 §7.1).
    ///
    /// # Errors
    /// `destination_refused` when the address may not see the token.
    pub fn prove(&self, now_ms: f64, token: &Token, method: String, url: String) -> Result<Proof, AuthError> {
        let proof = self.lock().core.prove(moment(now_ms), token.as_ref(), &method, &url)?;
        Ok(Proof(proof))
    }

    /// An API's answer carried this in the field `dpop-nonce`: say so for each one that does, before anything else
    /// (RFC 9449 §9).
    pub fn note_nonce(&self, url: String, nonce: String) {
        self.lock().core.note_nonce(&url, &nonce);
    }

    /// Whether the token may be sent to this address.
    #[must_use]
    pub fn allows(&self, url: String) -> bool {
        self.lock().core.allows(&url)
    }

    /// The connection as it stands, changes included.
    #[must_use]
    pub fn connection(&self) -> Connection {
        Connection(self.lock().core.connection().clone())
    }

    /// The oldest event that was not polled yet; of the kind `Nothing` when there is none.
    #[must_use]
    pub fn poll_event(&self) -> SessionEvent {
        let mut guarded = self.lock();
        let event = guarded.core.poll_event();
        SessionEvent(event.map(|event| guarded.trouble.explain_event(event)))
    }

    /// The tokens and the back-off as text that is all secret, for a store, another process or another tab.
    #[must_use]
    pub fn snapshot(&self) -> String {
        secret::open(&self.lock().core.snapshot().to_text())
    }

    /// Takes the tokens of a snapshot over when it is newer, and says whether it was.
    ///
    /// # Errors
    /// `snapshot_damaged` and `snapshot_from_newer_version`.
    pub fn adopt(&self, now_ms: f64, snapshot: String) -> Result<bool, AuthError> {
        let snapshot = secret::snapshot(snapshot)?;
        Ok(self.lock().core.adopt(moment(now_ms), snapshot))
    }

    /// Gives the settings that the JSON object names new values. A secret that is set anew, even to the same value, lifts
    /// a verdict; another identity forgets the tokens.
    ///
    /// # Errors
    /// As [`crate::open_connection`]; nothing is changed then.
    pub fn change(&self, now_ms: f64, json: String) -> Result<(), AuthError> {
        let changes = secret::settings(json)?;
        Ok(self.lock().core.change(moment(now_ms), changes)?)
    }

    /// Forgets the tokens and ends every flight; a late answer is dropped.
    pub fn sign_out(&self, now_ms: f64) {
        self.lock().core.sign_out(moment(now_ms));
    }

    /// The same, and the number of a flight that tells who must know: it locks the store, revokes the tokens at the server
    /// where the connection has a `revocation_endpoint` (RFC 7009), and saves an empty set, so that every process that shares
    /// the store drops its own. Nobody follows it; its `Done` says what did not work, and the tokens are forgotten in any case.
    pub fn lead_sign_out(&self, now_ms: f64) -> u32 {
        acquired::number(self.lock().core.lead_sign_out(moment(now_ms)))
    }

    /// The number of a flight that prepares a sign-in in a browser: its step `Authorize` says where the person goes and what to
    /// keep meanwhile (RFC 6749 §4.1, RFC 7636, RFC 9126). `entropy` is 64 bytes of the operating system's, new each time.
    /// `redirect_uri` takes the place of the connection's, for a listener on loopback whose port nobody knows before.
    ///
    /// # Errors
    /// `missing_setting` and `invalid_setting`.
    pub fn lead_authorization(
        &self,
        now_ms: f64,
        entropy: Vec<u8>,
        redirect_uri: Option<String>,
    ) -> Result<u32, AuthError> {
        let entropy = <[u8; 64]>::try_from(entropy).map_err(|_| {
            cxauth_core::Error::new(ErrorCode::InvalidSetting).with_detail("entropy: 64 bytes are wanted")
        })?;
        let mut guarded = self.lock();
        let flight = guarded.core.lead_authorization(moment(now_ms), &entropy, redirect_uri.as_deref())?;
        Ok(acquired::number(flight))
    }

    /// The number of the flight that ends a sign-in: `sign_in` is what the step `Authorize` said to keep, `redirect` the whole
    /// address that the browser came back to. A sign-in is used once, whatever comes of it: forget it.
    ///
    /// # Errors
    /// `redirect_refused` when it is not the answer to this sign-in, `authorization_refused` and others when it says that the
    /// person or the server refused, `sign_in_expired` after an hour.
    pub fn lead_code(&self, now_ms: f64, sign_in: String, redirect: String) -> Result<u32, AuthError> {
        let sign_in = secret::sign_in(sign_in)?;
        Ok(acquired::number(self.lock().core.lead_code(moment(now_ms), sign_in, &redirect)?))
    }

    /// The number of a flight that asks the server what a token is worth (RFC 7662). Nobody follows it.
    ///
    /// # Errors
    /// `missing_setting` without an `introspection_endpoint`, `invalid_setting` when the text can be no token.
    pub fn lead_introspection(&self, now_ms: f64, token: String) -> Result<u32, AuthError> {
        Ok(acquired::number(self.lock().core.lead_introspection(moment(now_ms), Secret::new(token))?))
    }

    /// What the server said to that flight, once; for one whose `Done` came without an error.
    ///
    /// # Errors
    /// `absent` otherwise.
    pub fn take_introspection(&self, flight: u32) -> Result<Introspection, AuthError> {
        let told = self.lock().core.take_introspection(id(flight));
        told.map(Introspection).ok_or_else(|| AuthError::absent("introspection"))
    }

    /// The number of a flight that signs in on another device (RFC 8628): its steps `Prompt` and `Pause` say what to show and
    /// how long to wait.
    ///
    /// # Errors
    /// `missing_setting`.
    pub fn lead_device_sign_in(&self, now_ms: f64) -> Result<u32, AuthError> {
        Ok(acquired::number(self.lock().core.lead_device_sign_in(moment(now_ms))?))
    }
}

/// For leaf crates, in Rust.
impl Session {
    /// See [`cxauth_core::Session::fork`]. A session that somebody is in at this very moment, and after a fork for ever, is
    /// not waited for: then the new one has no tokens.
    #[must_use]
    pub fn fork(&self, connection: &Connection, now_ms: f64, entropy: &[u8], store: bool) -> Self {
        let (connection, now) = (connection.0.clone(), moment(now_ms));
        match self.0.try_lock() {
            Ok(guarded) => Self::new(guarded.core.fork(connection, now, entropy), store),
            Err(_) => Self::new(cxauth_core::Session::open(connection, now, entropy), store),
        }
    }
}

impl Session {
    fn new(session: cxauth_core::Session, store: bool) -> Self {
        let core = if store { session.with_store() } else { session };
        Self(Mutex::new(Guarded { core, trouble: Trouble::default() }))
    }

    /// Held for one call of the core, which calls nothing back. Code that panicked under it would have been the core's.
    fn lock(&self) -> MutexGuard<'_, Guarded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, now_ms: f64, flight: u32, result: StepResult) {
        self.lock().core.done(moment(now_ms), id(flight), result);
    }
}

fn moment(now_ms: f64) -> Timestamp {
    Timestamp::from_unix_millis_f64(now_ms)
}

fn id(flight: u32) -> FlightId {
    FlightId::from_number(u64::from(flight))
}

/// A status that no protocol has is none.
fn short(status: u32) -> u16 {
    u16::try_from(status).unwrap_or(0)
}
