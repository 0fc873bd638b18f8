//! The machine: one session for one connection, one renewal in flight. See the README beside this file for its states.

pub(crate) mod back_off;
mod flight;
pub(crate) mod holdings;
mod introspection;
mod refusal;
mod sign_in;
mod sign_out;
mod signing;

pub use flight::{Failure, FlightId, Step, StepResult};
pub use introspection::Introspection;
pub use refusal::Refusal;
pub use sign_in::{Authorization, DevicePrompt, SignIn};

use crate::{
    AccessToken, Action, Connection, Error, ErrorCode, Event, EventKind, Grant, Renewal, Secret, SecretName,
    Settings, Snapshot, Timestamp, entropy::Entropy, secret::SecretSource,
};
use alloc::{collections::VecDeque, string::String, vec::Vec};
use back_off::BackOff;
use core::fmt;
use flight::{Flight, Pending};
use holdings::{Access, Ending, Holdings, Refresh, Sending};

/// A token younger than this that is refused as the one before was is not the reason of the refusal: milliseconds.
const YOUNG: i64 = 60_000;
/// A step back of the clock up to this is noise between threads: milliseconds.
const CLOCK_NOISE: i64 = 1000;
/// After how long background work stops when nobody asks and no lifetime is known: milliseconds.
const USUAL_LIFETIME: i64 = 3_600_000;
/// The most events that wait to be polled; the oldest go first.
const MOST_EVENTS: usize = 64;
/// A store in which nobody's sign-in was is looked into again after so long: milliseconds.
const LOOK_AGAIN: i64 = 1000;

/// The token lifecycle of one connection and one set of scopes.
///
/// It is a machine without a clock, without I/O and without waiting: every call takes the moment `now`, and what has to
/// be done comes out as the steps of a flight, which a driver performs. A driver keeps its waiting callers itself, and
/// when a flight ends each of them calls [`Session::acquire`] again.
///
/// ```
/// use cxauth_core::{Acquire, Answer, Connection, Session, Step, StepResult, Timestamp};
///
/// let connection = Connection::from_json(
///     r#"{ "platform": "cisco-cx-cloud", "client_id": "key", "client_secret": "secret" }"#,
/// )?;
/// let now = Timestamp::from_unix_millis(1_700_000_000_000);
/// let mut session = Session::open(connection, now, b"entropy of the caller's");
///
/// let Acquire::Lead { flight, .. } = session.acquire(now) else { panic!("a new session has no token") };
/// loop {
///     match session.next(now, flight) {
///         Step::Send { request } => {
///             assert_eq!(request.url(), "https://id.cisco.com/oauth2/default/v1/token");
///             let body = br#"{ "access_token": "AT", "token_type": "Bearer", "expires_in": 3600 }"#;
///             session.done(now, flight, StepResult::Answer(Answer::new(200, [("a", "b")], &body[..])));
///         }
///         Step::Done { .. } => break,
///         _ => unreachable!("without a store or a readable secret there are no other steps"),
///     }
/// }
/// let Acquire::Ready { token } = session.acquire(now) else { panic!("the flight brought a token") };
/// assert_eq!(token.header_value().expose(), "Bearer AT");
/// # Ok::<(), cxauth_core::Error>(())
/// ```
pub struct Session {
    connection: Connection,
    entropy: Entropy,
    /// The latest moment that was seen.
    clock: Timestamp,
    holdings: Holdings,
    back_off: BackOff,
    verdict: Option<Verdict>,
    /// The newest last; older ones may still bring a late answer.
    flights: Vec<Flight>,
    next_flight: u64,
    has_store: bool,
    /// The tokens in service are newer than what the store holds.
    unsaved: bool,
    /// What a flight brought whose leader was gone before it was saved.
    rescued: Option<Pending>,
    /// The connection's own refresh token was not read yet.
    start_from: bool,
    /// Counts the settings of secrets, so that a verdict on an old one is told from a verdict on the present one.
    secret_epoch: u32,
    /// Of sign-ins that were answered, so that none is used twice (RFC 9700 §4.2.4).
    used_states: VecDeque<Secret>,
    /// What the server said about tokens, until somebody takes it; the oldest first.
    introspections: VecDeque<(FlightId, Introspection)>,
    /// What the token endpoint wants to see in the next proof (RFC 9449 §8).
    nonce: Option<String>,
    /// The same of APIs, by their origins (RFC 9449 §9); the oldest first.
    api_nonces: VecDeque<(String, String)>,
    /// When a caller last asked; from the opening on.
    asked_at: Timestamp,
    /// A caller asked since the session began or was signed out.
    wanted: bool,
    /// Background work stopped because nobody asked for a lifetime.
    dormant: bool,
    /// When the store was last asked whether somebody signed in meanwhile.
    looked_at: Option<Timestamp>,
    events: VecDeque<Event>,
}

/// What the server said for good, and when it is asked again all the same.
#[derive(Clone)]
struct Verdict {
    error: Error,
    ask_again: Option<Timestamp>,
}

/// What a caller of [`Session::acquire`] does.
#[derive(Debug)]
#[must_use = "a flight that nobody leads holds up every other caller until its deadline"]
pub enum Acquire {
    /// Use the token.
    Ready {
        /// The token.
        token: AccessToken,
    },
    /// Lead this flight: perform its steps. With a token the caller itself can go on meanwhile.
    Lead {
        /// The flight.
        flight: FlightId,
        /// From then on somebody else may lead another one.
        deadline: Timestamp,
        /// What may be used meanwhile.
        token: Option<AccessToken>,
    },
    /// Somebody else is on it: go on with the token, or wait for the flight's end (at most until its deadline) and
    /// acquire again.
    Follow {
        /// The flight.
        flight: FlightId,
        /// From then on somebody else may lead another one.
        deadline: Timestamp,
        /// What may be used meanwhile.
        token: Option<AccessToken>,
    },
    /// Nothing is sent before `until`.
    Wait {
        /// When to acquire again.
        until: Timestamp,
        /// Why.
        why: Error,
    },
    /// Nothing will come before something is changed.
    Denied {
        /// What, and why.
        why: Error,
    },
}

/// How a session stands, see the graph in the README beside the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
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

impl State {
    /// The name as it stands in the graph.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Renewing => "Renewing",
            Self::Fresh => "Fresh",
            Self::Due => "Due",
            Self::RenewingEarly => "RenewingEarly",
            Self::Degraded => "Degraded",
            Self::Waiting => "Waiting",
            Self::Denied => "Denied",
        }
    }
}

/// The way to a new token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Grant,
    Refresh(Sending),
}

/// Why no request is sent now.
enum Hold {
    Wait(Timestamp, Error),
    Denied(Error),
}

impl Session {
    /// A session without tokens. `entropy` (16 bytes or more of the operating system's) spreads renewals and retries over
    /// time.
    #[must_use]
    pub fn open(connection: Connection, now: Timestamp, entropy: &[u8]) -> Self {
        let mut session = Self {
            connection,
            entropy: Entropy::new(entropy),
            clock: now,
            holdings: Holdings::default(),
            back_off: BackOff::default(),
            verdict: None,
            flights: Vec::new(),
            next_flight: 1,
            has_store: false,
            unsaved: false,
            rescued: None,
            start_from: false,
            secret_epoch: 0,
            used_states: VecDeque::new(),
            introspections: VecDeque::new(),
            nonce: None,
            api_nonces: VecDeque::new(),
            asked_at: now,
            wanted: false,
            dormant: false,
            looked_at: None,
            events: VecDeque::new(),
        };
        session.start_from_configured(now);
        session
    }

    /// A session that goes on from a snapshot. A snapshot of another client, user or server gives no tokens.
    #[must_use]
    pub fn restore(connection: Connection, now: Timestamp, entropy: &[u8], snapshot: Snapshot) -> Self {
        let mut session = Self::open(connection, now, entropy);
        session.take(now, snapshot);
        session
    }

    /// The session of a process that goes on beside this one, such as the child of a fork, with its own entropy and no
    /// flight. `connection` is the one that this session was opened with, later changes included: what the session dropped
    /// once it was used, the password, is in it again.
    ///
    /// The access token serves both. A refresh token that ends when it is used stays here alone (RFC 9700 §4.14.2: used by
    /// two, it ends for both), unless a store keeps the two in step or `connection` has no other way to a token.
    #[must_use]
    pub fn fork(&self, connection: Connection, now: Timestamp, entropy: &[u8]) -> Self {
        let mut fork = Self::open(connection, now, entropy);
        fork.has_store = self.has_store;
        let mut snapshot = self.snapshot();
        let shares = self.has_store || !self.connection.rotates || !fork.grant_available();
        if !shares || self.connection.has_forgotten(SecretName::RefreshToken) {
            fork.connection.forget(SecretName::RefreshToken);
            fork.holdings.refresh = None;
            fork.start_from = false;
        }
        if !shares {
            snapshot = snapshot.without_refresh_token();
        }
        fork.take(now, snapshot);
        fork
    }

    /// Makes each flight lock the store, read it before it sends, and save what it brought.
    #[must_use]
    pub fn with_store(mut self) -> Self {
        self.has_store = true;
        self
    }

    /// The token, if one is usable. It starts nothing: the hot path.
    pub fn bearer(&mut self, now: Timestamp) -> Option<&AccessToken> {
        let now = self.tick(now);
        self.ask(now);
        self.holdings.usable(now)
    }

    /// The same without asking: for a look.
    #[must_use]
    pub fn usable(&self, now: Timestamp) -> Option<&AccessToken> {
        self.holdings.usable(now)
    }

    /// A caller wants a token. A usable token always wins: while there is one, nobody waits or is denied.
    pub fn acquire(&mut self, now: Timestamp) -> Acquire {
        let now = self.tick(now);
        self.ask(now);
        self.start_from_key(now);
        match self.look(now) {
            Some(Acquire::Denied { why }) if self.may_be_signed_in_elsewhere(now, &why) => {
                self.looked_at = Some(now);
                self.lead_look(now)
            }
            Some(acquire) => acquire,
            None => self.lead(now),
        }
    }

    /// What [`Session::acquire`] would say, without asking for anything; none where it would lead. `Ready` also comes while
    /// a renewal or a save is due and held back: who keeps a token to hand out by itself does so in [`State::Fresh`] only.
    #[must_use]
    pub fn look(&self, now: Timestamp) -> Option<Acquire> {
        let token = self.holdings.usable(now).cloned();
        if let Some(token) = token.clone().filter(|_| !self.due(now)) {
            return Some(Acquire::Ready { token });
        }
        if let Some(flight) = self.live(now) {
            return Some(Acquire::Follow { flight: flight.id, deadline: flight.deadline, token });
        }
        let hold = self.hold(now)?;
        Some(match (token, hold) {
            (Some(token), _) => Acquire::Ready { token },
            (None, Hold::Wait(until, why)) => Acquire::Wait { until, why },
            (None, Hold::Denied(why)) => Acquire::Denied { why },
        })
    }

    /// How the session stands.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        match self.look(now) {
            Some(Acquire::Ready { .. }) if self.due(now) => State::Degraded,
            Some(Acquire::Ready { .. }) => State::Fresh,
            Some(Acquire::Follow { token: Some(_), .. }) => State::RenewingEarly,
            Some(Acquire::Follow { .. } | Acquire::Lead { .. }) => State::Renewing,
            Some(Acquire::Wait { .. }) => State::Waiting,
            Some(Acquire::Denied { .. }) => State::Denied,
            None if self.holdings.usable(now).is_some() => State::Due,
            None => State::Empty,
        }
    }

    /// The background's turn, at [`Session::next_wakeup`] or earlier: none when nothing is due. It does not count as
    /// asking, and after one lifetime in which nobody asked it stops.
    pub fn wake(&mut self, now: Timestamp) -> Option<Acquire> {
        let now = self.tick(now);
        self.warn(now);
        if !self.due(now) || (self.holdings.access.is_none() && !self.wanted) {
            return None;
        }
        let lifetime = self.holdings.access.as_ref().and_then(Access::lifetime).unwrap_or(USUAL_LIFETIME);
        if now.millis_since(self.asked_at) >= lifetime {
            self.dormant = true;
            return None;
        }
        match self.look(now) {
            None => Some(self.lead(now)),
            Some(follow @ Acquire::Follow { .. }) => Some(follow),
            Some(_) => None,
        }
    }

    /// When background work is next due; none for never, or not before somebody asks.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<Timestamp> {
        if self.dormant {
            return None;
        }
        if let Some(flight) = self.live(self.clock) {
            return Some(flight.deadline);
        }
        let due = match &self.holdings.access {
            Some(access) if access.refused || self.unsaved => self.clock,
            Some(access) => access.token.fresh_until()?,
            None if self.wanted => self.clock,
            None => return None,
        };
        let due = match &self.verdict {
            Some(verdict) => due.max(verdict.ask_again?),
            None => due,
        };
        let due = self.back_off.wait.as_ref().map_or(due, |(until, _)| due.max(*until));
        match self.way(due) {
            Ok(_) => Some(due),
            Err(Hold::Wait(until, _)) => Some(until),
            Err(Hold::Denied(_)) => None,
        }
    }

    /// When what cannot be renewed before it ends will end: a token that no refresh token and no grant can replace, the token
    /// of a server that gives none before, a refresh token that stays the same. The event [`EventKind::Expiring`] comes 30,
    /// 14, 7 and 1 days before it.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        match self.holdings.ending(&self.connection, self.is_alone())? {
            Ending::Access(end) | Ending::Refresh(end) => Some(end),
        }
    }

    /// When the next event [`EventKind::Expiring`] is due: who keeps a token to hand out by itself asks the session again then.
    #[must_use]
    pub fn next_warning(&self) -> Option<Timestamp> {
        self.holdings.next_warning(&self.connection, self.is_alone())
    }

    /// An API refused the token of this generation. `www_authenticate` are the values of that field, `body_start` is as
    /// much of the body as the driver has at hand. Nothing is started here: the next acquire renews.
    pub fn refused(
        &mut self,
        now: Timestamp,
        generation: u64,
        status: u16,
        www_authenticate: &[&str],
        body_start: &[u8],
    ) -> Refusal {
        let now = self.tick(now);
        if self.is_bound(generation) && refusal::wants_nonce(status, www_authenticate) {
            // RFC 9449 §9: the token is good; the proof lacked what the answer brought.
            return Refusal::Retry;
        }
        if !refusal::refuses_token(status, www_authenticate, body_start) {
            return Refusal::Leave;
        }
        let is_key = self.connection.grant == Grant::ApiKey;
        let Some(access) = self.holdings.access.as_mut() else { return Refusal::Retry };
        if generation < access.token.generation() || access.refused {
            return Refusal::Retry;
        }
        let from_refusal = access.from_refusal && now.millis_since(access.issued_at) < YOUNG;
        let first_doubt = from_refusal && !access.doubted;
        access.refused = !is_key && !from_refusal;
        access.doubted |= from_refusal;
        self.emit(now, EventKind::Refused, None, None);
        if first_doubt {
            let error = Error::new(ErrorCode::TokenRefused).with_status(status);
            let error = self.back_off.fail(now, error, None, &mut self.entropy);
            if let (Some(access), Some(until)) = (self.holdings.access.as_mut(), error.retry_at()) {
                access.renew_at(until);
            }
        }
        if is_key || from_refusal { Refusal::Leave } else { Refusal::Retry }
    }

    /// Whether the token may be sent to this address, see [`Connection::allows`].
    #[must_use]
    pub fn allows(&self, url: &str) -> bool {
        self.connection.allows(url)
    }

    /// The connection.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The oldest event that was not polled yet.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// The tokens and the back-off, for a store, another process or another tab. Verdicts are not in it.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.snapshot_of(&self.holdings)
    }

    /// Takes the tokens of a snapshot over when it is newer: another process renewed. Returns whether it did. A snapshot of
    /// another client, user or server gives no tokens and takes none.
    pub fn adopt(&mut self, now: Timestamp, snapshot: Snapshot) -> bool {
        let now = self.tick(now);
        if snapshot.generation() <= self.holdings.generation {
            return false;
        }
        if !snapshot.is_of(&self.connection) {
            // A store that holds it takes only what is later.
            self.holdings.generation = snapshot.generation();
            return false;
        }
        self.take(now, snapshot);
        self.unsaved = false;
        let until = self.holdings.access.as_ref().and_then(|access| access.token.expires_at());
        self.emit(now, EventKind::Renewed, until, None);
        true
    }

    /// Gives the named settings new values. A secret that is set anew, even to the same value, lifts a verdict: somebody
    /// said "try again". Another identity (client, user, scopes, endpoint) forgets the tokens. A flight under way with
    /// the old secret goes on; what it says about that secret is not remembered.
    ///
    /// # Errors
    /// As [`Connection::with`]; nothing is changed then.
    pub fn change(&mut self, now: Timestamp, changes: Settings) -> Result<(), Error> {
        let now = self.tick(now);
        let new_refresh = changes.secret(SecretName::RefreshToken).is_some();
        let identity = self.connection.identity();
        let mut connection = self.connection.with(changes)?;
        if connection.identity() != identity {
            if !new_refresh {
                connection.forget(SecretName::RefreshToken);
            }
            self.end_all_flights();
            self.holdings = Holdings { generation: self.holdings.generation, ..Holdings::default() };
            self.unsaved = false;
        }
        self.connection = connection;
        if new_refresh {
            self.start_from_configured(now);
        }
        if self.connection.grant == Grant::ApiKey {
            self.holdings.access = None;
            self.start_from_key(now);
        }
        self.secret_epoch = self.secret_epoch.wrapping_add(1);
        self.verdict = None;
        self.dormant = false;
        Ok(())
    }

    /// Forgets the tokens and ends every flight; a late answer is dropped. The next acquire starts afresh where the
    /// connection can.
    pub fn sign_out(&mut self, now: Timestamp) {
        let now = self.tick(now);
        self.end_all_flights();
        self.holdings = Holdings {
            generation: self.holdings.generation,
            // Whoever shares a store and holds this very set learns by it that the set is signed out.
            note: holdings::new_note(&mut self.entropy),
            ..Holdings::default()
        };
        self.connection.forget(SecretName::RefreshToken);
        self.start_from = false;
        self.unsaved = false;
        self.wanted = false;
        self.emit(now, EventKind::SignedOut, None, None);
    }

    fn is_bound(&self, generation: u64) -> bool {
        let access = self.holdings.access.as_ref().filter(|access| access.token.generation() == generation);
        access.is_some_and(|access| access.token.is_bound())
    }

    /// Sees the moment. A step back of the clock moves every deadline with it and makes a renewal due, so that no life
    /// becomes longer.
    fn tick(&mut self, now: Timestamp) -> Timestamp {
        let step = now.millis_since(self.clock);
        if step >= -CLOCK_NOISE {
            self.clock = self.clock.max(now);
            return now;
        }
        self.clock = now;
        self.holdings.shift(step);
        self.back_off.shift(step);
        if let Some(verdict) = &mut self.verdict {
            verdict.ask_again = verdict.ask_again.map(|moment| moment.plus_millis(step));
            verdict.error = verdict.error.clone().with_retry_at(verdict.ask_again);
        }
        for flight in &mut self.flights {
            flight.shift(step);
        }
        if let Some(rescued) = &mut self.rescued {
            rescued.holdings.shift(step);
        }
        self.asked_at = self.asked_at.plus_millis(step);
        if self.connection.renewal != Renewal::OnlyAfterExpiry
            && let Some(access) = self.holdings.access.as_mut()
        {
            access.renew_at(now);
        }
        now
    }

    fn ask(&mut self, now: Timestamp) {
        self.asked_at = now;
        self.wanted = true;
        self.dormant = false;
        self.warn(now);
    }

    fn due(&self, now: Timestamp) -> bool {
        match &self.holdings.access {
            None => true,
            Some(access) => {
                access.refused
                    || (self.has_store && self.unsaved)
                    || access.token.fresh_until().is_some_and(|until| now >= until)
            }
        }
    }

    fn hold(&self, now: Timestamp) -> Option<Hold> {
        if let Some(verdict) = &self.verdict
            && verdict.ask_again.is_none_or(|ask_again| now < ask_again)
        {
            return Some(Hold::Denied(verdict.error.clone()));
        }
        if let Some((until, error)) = self.back_off.holding(now) {
            let until = match self.way(until) {
                Err(Hold::Wait(later, _)) => until.max(later),
                // Nothing will be there when the wait is over: nobody has to wait for that.
                Err(denied) => return Some(denied),
                Ok(_) => until,
            };
            return Some(Hold::Wait(until, error.clone().with_retry_at(Some(until))));
        }
        self.way(now).err()
    }

    /// Before a person is asked the store is: another process may have signed in. Once a second is enough.
    fn may_be_signed_in_elsewhere(&self, now: Timestamp, why: &Error) -> bool {
        let is_recent = self.looked_at.is_some_and(|at| (0..LOOK_AGAIN).contains(&now.millis_since(at)));
        let is_of_people = matches!(self.connection.grant, Grant::AuthorizationCode | Grant::DeviceCode);
        self.uses_store() && is_of_people && why.action() == Action::SignIn && !is_recent
    }

    /// The way to a new token: by refresh token if one may be sent, else by the grant (`anytime`: the other way round).
    fn way(&self, now: Timestamp) -> Result<Way, Hold> {
        let grant = self.grant_available();
        let no_endpoint = self.connection.token_endpoint.is_none();
        if grant && (no_endpoint || self.connection.renewal == Renewal::Anytime) {
            return Ok(Way::Grant);
        }
        let refresh = match &self.holdings.refresh {
            None if self.start_from => Ok(Sending::Fresh),
            None => Err((None, ErrorCode::SignInRequired)),
            Some(refresh) if refresh.expired(now) => Err((None, ErrorCode::RefreshTokenExpired)),
            Some(refresh) => refresh
                .sendable(now, &self.connection, !grant)
                .map_err(|from| (from, ErrorCode::RefreshTokenSpent)),
        };
        match (refresh, grant) {
            (Ok(sending), _) => Ok(Way::Refresh(sending)),
            (Err(_), true) => Ok(Way::Grant),
            (Err((Some(from), _)), false) => {
                let why = self
                    .back_off
                    .wait
                    .as_ref()
                    .map_or(Error::new(ErrorCode::Interrupted), |(_, error)| error.clone());
                Err(Hold::Wait(from, why.with_retry_at(Some(from))))
            }
            (Err((None, code)), false) => Err(Hold::Denied(Error::new(code))),
        }
    }

    /// Whether the connection's grant can run: another way than the refresh token.
    fn grant_available(&self) -> bool {
        match self.connection.grant {
            Grant::ClientCredentials | Grant::External | Grant::TokenExchange | Grant::JwtBearer => true,
            Grant::Password => self.connection.has_secret(SecretName::Password),
            Grant::RefreshToken | Grant::AuthorizationCode | Grant::DeviceCode => false,
            Grant::ApiKey => self.connection.has_secret(SecretName::ApiKey),
        }
    }

    /// The connection's own refresh token, at the start.
    fn start_from_configured(&mut self, now: Timestamp) {
        match self.connection.source(SecretName::RefreshToken) {
            Some(SecretSource::Value(value)) => {
                let expires_at = self.connection.refresh_expires_at(now, None);
                self.holdings.refresh = Some(Refresh::new(value.clone(), expires_at));
                self.start_from = false;
            }
            Some(_) => self.start_from = true,
            None => {}
        }
        self.start_from_key(now);
    }

    /// An API key needs no flight when its value is at hand.
    fn start_from_key(&mut self, now: Timestamp) {
        if self.connection.grant == Grant::ApiKey
            && self.holdings.access.is_none()
            && let Some(SecretSource::Value(key)) = self.connection.source(SecretName::ApiKey)
        {
            let key = key.clone();
            self.holdings = self.holdings_of_key(now, key);
        }
    }

    fn take(&mut self, now: Timestamp, snapshot: Snapshot) {
        let (holdings, back_off) = snapshot.open(now, &self.connection, &mut self.entropy);
        // What a sign-out emptied is not filled again with what it was about.
        let own_refresh = self.holdings.refresh.take().filter(|_| self.holdings.generation == 0);
        self.holdings = holdings;
        if self.holdings.access.is_none() && self.holdings.refresh.is_none() {
            self.holdings.refresh = own_refresh;
        } else {
            self.start_from = false;
        }
        self.back_off = back_off;
        self.verdict = None;
        self.asked_at = self.asked_at.max(now);
        self.start_from_key(now);
        self.drop_password();
    }

    /// RFC 6749 §4.3.1: the password is discarded once something else can renew.
    fn drop_password(&mut self) {
        if self.holdings.refresh.is_some() && !self.connection.keep_password {
            self.connection.forget(SecretName::Password);
        }
    }

    fn snapshot_of(&self, holdings: &Holdings) -> Snapshot {
        Snapshot::take(self.clock, &self.connection.identity(), holdings, &self.back_off)
    }

    fn warn(&mut self, now: Timestamp) {
        let alone = self.is_alone();
        if let Some(end) = self.holdings.expiring(now, &self.connection, alone) {
            self.emit(now, EventKind::Expiring, Some(end), None);
        }
    }

    /// Nothing but the refresh token can renew.
    fn is_alone(&self) -> bool {
        !self.grant_available() && self.connection.grant != Grant::ApiKey
    }

    fn emit(&mut self, at: Timestamp, kind: EventKind, until: Option<Timestamp>, error: Option<Error>) {
        if self.events.len() == MOST_EVENTS {
            self.events.pop_front();
        }
        let generation = self.holdings.access.as_ref().map_or(0, |access| access.token.generation());
        self.events.push_back(Event { at, kind, generation, until, error });
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("connection", &self.connection)
            .field("generation", &self.holdings.generation)
            .finish_non_exhaustive()
    }
}
