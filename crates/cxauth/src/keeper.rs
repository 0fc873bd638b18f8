//! One session, shared by everybody who needs its token.
//!
//! The machine stands behind a mutex that is never held over an await. Beside it lies the token in service, which the hot
//! path reads without that mutex, and a signal that wakes whoever waits when a flight has ended.

use crate::{
    AccessToken, Acquire, Connection, Error, ErrorCode, Event, FlightId, Refusal, Session, Settings, State,
    Timestamp,
    background::{self, Background},
    builder::Drivers,
    current::Current,
    flight,
    observe::observe,
    store::Store,
};
use arc_swap::{ArcSwapOption, Guard};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{broadcast, watch};

/// The hot path notes the time once in so many milliseconds, so that threads do not fight for one cache line.
const NOTED: i64 = 1000;
/// Events that a slow subscriber may be behind.
const EVENTS: usize = 64;

pub(crate) struct Keeper {
    guarded: Mutex<Guarded>,
    current: ArcSwapOption<Current>,
    /// The latest moment at which the hot path gave the token out, about a second exact: it counts as asking, and shows that
    /// the clock was set back.
    noted: AtomicI64,
    changed: watch::Sender<u64>,
    /// Flights that are under way.
    flying: AtomicUsize,
    events: broadcast::Sender<Event>,
    platform: String,
    pub(crate) drivers: Arc<Drivers>,
    /// Another one when the connection became another one. No mutex: a child of the process would inherit it locked.
    store: ArcSwapOption<Arc<dyn Store>>,
    pub(crate) background: Background,
}

struct Guarded {
    session: Session,
    /// Up to here the session knows what the hot path noted.
    told: i64,
    /// Why a step failed, in words, for the error of this code.
    trouble: Option<(ErrorCode, String)>,
}

impl Keeper {
    pub(crate) fn new(connection: Connection, drivers: Arc<Drivers>, store: Option<Arc<dyn Store>>) -> Self {
        let now = drivers.clock.now();
        let session = Session::open(connection, now, &entropy(now));
        Self::of(session, drivers, store)
    }

    /// For a session that there is already.
    pub(crate) fn of(mut session: Session, drivers: Arc<Drivers>, store: Option<Arc<dyn Store>>) -> Self {
        let now = drivers.clock.now();
        let platform = session.connection().platform().to_owned();
        if store.is_some() {
            session = session.with_store();
        }
        Self {
            guarded: Mutex::new(Guarded { session, told: now.unix_millis(), trouble: None }),
            current: ArcSwapOption::empty(),
            noted: AtomicI64::new(now.unix_millis()),
            changed: watch::Sender::new(0),
            flying: AtomicUsize::new(0),
            events: broadcast::Sender::new(EVENTS),
            platform,
            drivers,
            store: ArcSwapOption::new(store.map(Arc::new)),
            background: Background::default(),
        }
    }

    pub(crate) fn store(&self) -> Option<Arc<dyn Store>> {
        self.store.load().as_deref().cloned()
    }

    /// Gives settings new values. Where the identity changes, flights from then on use the place of the new one, as `place` says.
    pub(crate) fn change(
        &self,
        settings: Settings,
        place: impl FnOnce(&Connection) -> Option<Arc<dyn Store>>,
    ) -> Result<(), Error> {
        self.with(|session, now| {
            let before = session.snapshot();
            session.change(now, settings)?;
            // Nobody can begin a flight meanwhile.
            if !before.is_of(session.connection())
                && let Some(place) = place(session.connection())
            {
                self.store.store(Some(Arc::new(place)));
            }
            Ok(())
        })
    }

    /// See [`Session::fork`]; none when somebody is in the session at this very moment, and after a fork for ever.
    pub(crate) fn fork(&self, connection: Connection, now: Timestamp) -> Option<Session> {
        let guarded = match self.guarded.try_lock() {
            Ok(guarded) => guarded,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(guarded.session.fork(connection, now, &entropy(now)))
    }

    /// The hot path: the token in service while nothing is due. No mutex, no shared counter.
    pub(crate) fn fresh(&self) -> Option<Fresh> {
        let now = self.drivers.clock.now();
        let guard = self.current.load();
        let is_fresh = guard.as_ref().is_some_and(|current| current.is_fresh(now));
        (is_fresh && self.note(now)).then_some(Fresh(guard))
    }

    /// False when the clock was set back: then the session has to know.
    fn note(&self, now: Timestamp) -> bool {
        let since = now.unix_millis().saturating_sub(self.noted.load(Ordering::Relaxed));
        if since > NOTED {
            self.noted.fetch_max(now.unix_millis(), Ordering::Relaxed);
        }
        since >= -NOTED
    }

    /// Does something with the session, shows the token that is in service then, and tells what happened.
    pub(crate) fn with<R>(&self, act: impl FnOnce(&mut Session, Timestamp) -> R) -> R {
        let mut events = Vec::new();
        let result = {
            let mut guarded = self.lock();
            let now = self.tell(&mut guarded);
            let result = act(&mut guarded.session, now);
            self.show(&guarded.session, now);
            while let Some(mut event) = guarded.session.poll_event() {
                event.error = event.error.map(|error| guarded.explain(error));
                events.push(event);
            }
            result
        };
        for event in events {
            observe(&self.platform, &event);
            let _ = self.events.send(event);
        }
        result
    }

    /// Tells the session when the hot path was last used, and returns the moment.
    fn tell(&self, guarded: &mut Guarded) -> Timestamp {
        let now = self.drivers.clock.now();
        let noted = self.noted.load(Ordering::Relaxed);
        if noted > guarded.told {
            let _ = guarded.session.bearer(Timestamp::from_unix_millis(noted));
            guarded.told = noted;
        }
        if now.unix_millis() < noted {
            // Set back: from here on the new time counts.
            self.noted.store(now.unix_millis(), Ordering::Relaxed);
            guarded.told = now.unix_millis();
        }
        now
    }

    fn show(&self, session: &Session, now: Timestamp) {
        // While a renewal or a save is due, whoever asks has to find that out.
        let fresh = match session.look(now) {
            Some(Acquire::Ready { token }) if session.state(now) == State::Fresh => Some(token),
            _ => None,
        };
        let warning = session.next_warning();
        let shown = self.current.load();
        let same = match (shown.as_ref(), &fresh) {
            (Some(current), Some(token)) => current.shows(token, warning),
            (None, None) => true,
            _ => false,
        };
        if !same {
            let current = fresh.and_then(|token| Current::new(token, warning));
            self.current.store(current.map(Arc::new));
        }
    }

    /// A usable token, or why there is none. One caller leads, the others wait for the flight's end and look again.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Result<Arc<Current>, Error> {
        if let Some(current) = self.fresh().and_then(Fresh::into_arc) {
            return Ok(current);
        }
        background::start(self);
        let clock = &self.drivers.clock;
        let patient_until = clock.now().plus_millis(millis(self.drivers.patience));
        loop {
            let mut changed = self.changed.subscribe();
            let until = match self.with(Session::acquire) {
                Acquire::Ready { token } => return self.carry(token),
                Acquire::Lead { flight, deadline, token } => {
                    self.fly(flight);
                    match token {
                        Some(token) => return self.carry(token),
                        None => deadline,
                    }
                }
                Acquire::Follow { token: Some(token), .. } => return self.carry(token),
                Acquire::Follow { deadline, .. } => deadline,
                Acquire::Wait { until, .. } if until <= patient_until => until,
                Acquire::Wait { why, .. } | Acquire::Denied { why } => return Err(self.lock().explain(why)),
            };
            tokio::select! {
                _ = changed.changed() => {}
                () = clock.sleep_until(until) => {}
            }
        }
    }

    fn carry(&self, token: AccessToken) -> Result<Arc<Current>, Error> {
        if let Some(current) = self.current.load_full().filter(|current| current.is_of(&token)) {
            return Ok(current);
        }
        let current = Current::new(token, None).ok_or_else(|| Error::new(ErrorCode::InvalidSetting));
        current.map(Arc::new).map_err(|error| error.with_detail("header: a header field is wanted"))
    }

    /// Starts a flight that goes on whatever becomes of the caller.
    pub(crate) fn fly(self: &Arc<Self>, flight: FlightId) {
        self.flying.fetch_add(1, Ordering::AcqRel);
        self.lock().trouble = None;
        flight::spawn(Arc::clone(self), flight);
    }

    /// Signs out here; what comes back signs out where others must learn of it, whether anybody waits for that or not.
    pub(crate) fn sign_out(self: &Arc<Self>) -> impl Future<Output = Result<(), Error>> + use<> {
        let flight = self.with(Session::lead_sign_out);
        self.flying.fetch_add(1, Ordering::AcqRel);
        self.lock().trouble = None;
        self.wake();
        let leader = flight::spawn_sign_out(Arc::clone(self), flight);
        async move {
            match leader.await {
                Ok(Some(why)) => Err(why),
                Ok(None) => Ok(()),
                Err(_) => Err(Error::new(ErrorCode::StoreUnavailable)),
            }
        }
    }

    /// Begins a flight that somebody else leads, with what the session says.
    pub(crate) fn begin(
        &self,
        lead: impl FnOnce(&mut Session, Timestamp) -> Result<FlightId, Error>,
    ) -> Result<FlightId, Error> {
        let flight = self.with(lead)?;
        self.flying.fetch_add(1, Ordering::AcqRel);
        self.lock().trouble = None;
        Ok(flight)
    }

    pub(crate) fn landed(&self) {
        self.flying.fetch_sub(1, Ordering::AcqRel);
        self.wake();
    }

    /// Waits until no flight is under way.
    pub(crate) async fn settle(&self) {
        let mut changed = self.changed.subscribe();
        // The sender lives as long as `self`.
        let _ = changed.wait_for(|_| self.flying.load(Ordering::Acquire) == 0).await;
    }

    /// Has everybody who waits look again.
    pub(crate) fn wake(&self) {
        self.changed.send_modify(|times| *times = times.wrapping_add(1));
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub(crate) fn refused(
        &self,
        generation: u64,
        status: u16,
        www_authenticate: &[&str],
        body_start: &[u8],
    ) -> Refusal {
        let refusal =
            self.with(|session, now| session.refused(now, generation, status, www_authenticate, body_start));
        // Background renewal has something to do now.
        self.wake();
        refusal
    }

    /// The connection, looked at but not copied: it may hold secrets that the session forgets.
    pub(crate) fn connection<R>(&self, look: impl FnOnce(&Connection) -> R) -> R {
        look(self.lock().session.connection())
    }

    /// Remembers in words why a step failed.
    pub(crate) fn note_trouble(&self, code: ErrorCode, why: &str) {
        tracing::debug!(target: "cxauth", platform = self.platform, code = code.as_str(), why);
        self.lock().trouble = Some((code, why.to_owned()));
    }

    pub(crate) fn explain(&self, error: Error) -> Error {
        self.lock().explain(error)
    }

    pub(crate) fn platform(&self) -> &str {
        &self.platform
    }

    fn lock(&self) -> MutexGuard<'_, Guarded> {
        self.guarded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guarded {
    fn explain(&self, error: Error) -> Error {
        match &self.trouble {
            Some((code, why)) if *code == error.code() => error.with_detail(why),
            _ => error,
        }
    }
}

/// A token that was fresh when it was read.
pub(crate) struct Fresh(Guard<Option<Arc<Current>>>);

impl Fresh {
    pub(crate) fn current(&self) -> Option<&Current> {
        self.0.as_deref()
    }

    fn into_arc(self) -> Option<Arc<Current>> {
        Guard::into_inner(self.0)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// It spreads renewals and retries and keeps nothing secret: where the system has none, the time and the process will do.
fn entropy(now: Timestamp) -> [u8; 32] {
    let mut bytes = [0; 32];
    if getrandom::fill(&mut bytes).is_err() {
        let (time, process) = bytes.split_at_mut(16);
        time[..8].copy_from_slice(&now.unix_millis().to_le_bytes());
        process[..4].copy_from_slice(&std::process::id().to_le_bytes());
    }
    bytes
}
