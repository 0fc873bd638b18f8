//! One attempt at a new token: what its leader does, one step after the other.

use super::{
    Hold, Session, Verdict, Way,
    back_off::BackOff,
    holdings::{self, Access, Holdings, Refresh, Sending, Spent},
    introspection::Introspecting,
    sign_in::{Authorization, DevicePrompt, SigningIn},
    sign_out::Leaving,
    signing::Unsigned,
};
use crate::{
    AccessToken, Acquire, Answer, Error, ErrorCode, EventKind, Grant, Secret, SecretName, Snapshot,
    Timestamp,
    answer::Granted,
    request::{self, Purpose, TokenRequest},
    secret::{SecretSource, wire},
    signing_key::SigningKey,
};
use alloc::{format, vec::Vec};

/// After this a flight's leader is taken for gone: milliseconds.
pub(super) const DEADLINE: i64 = 60_000;
/// So long a gone leader's refresh token is left to a late answer when nothing else can renew: milliseconds.
const LEFT_ALONE: i64 = 10_000;
/// Two renewals that bring nothing new are at least so far apart: milliseconds.
const NO_PROGRESS: i64 = 1000;
/// How many flights without a result are remembered for a late answer.
const MOST_FLIGHTS: usize = 8;

/// The name of a flight within its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlightId(u64);

impl FlightId {
    /// The flight of this number, as [`FlightId::number`] gave it.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The number, for languages that cannot carry the type.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// What a flight's leader does next. After each step it calls [`Session::done`] with the result, and then
/// [`Session::next`] again. Without a store and readable secrets there are only `Send` (or `Provide`) and `Done`.
#[derive(Debug)]
#[must_use = "a step that nobody performs holds up the flight"]
pub enum Step {
    /// Lock the store; answer [`StepResult::Done`] or [`StepResult::Failed`].
    Lock,
    /// Read the store under the lock; answer [`StepResult::Loaded`] or [`StepResult::Failed`].
    Load,
    /// Read this secret from its source; answer [`StepResult::Secret`] or [`StepResult::Failed`].
    ReadSecret {
        /// Which secret.
        name: SecretName,
        /// Where it is read.
        source: SecretSource,
    },
    /// Sign these bytes with this key; answer [`StepResult::Signature`] or [`StepResult::Failed`].
    Sign {
        /// Which key, and how it signs.
        key: SigningKey,
        /// What to sign.
        bytes: Vec<u8>,
    },
    /// Send this request; answer [`StepResult::Answer`] or [`StepResult::Failed`].
    Send {
        /// The request.
        request: TokenRequest,
    },
    /// Ask the user's own function for a token (grant `external`); answer [`StepResult::Answer`] with a body as of a token
    /// endpoint, or [`StepResult::Failed`].
    Provide,
    /// Send the person here in the system's browser, and keep what it says until the browser is back; answer
    /// [`StepResult::Done`]. See [`Session::lead_authorization`].
    Authorize {
        /// Where, and what to keep.
        authorization: Authorization,
    },
    /// Show this to the person; answer [`StepResult::Done`] at once. See [`Session::lead_device_sign_in`].
    Prompt {
        /// What to show.
        prompt: DevicePrompt,
    },
    /// Do nothing until this moment; answer [`StepResult::Done`] then.
    Pause {
        /// Until when.
        until: Timestamp,
    },
    /// Make the set durable; nobody uses it before. Answer [`StepResult::Done`] or [`StepResult::Failed`].
    Save {
        /// What to save.
        snapshot: Snapshot,
    },
    /// Unlock the store; answer [`StepResult::Done`].
    Unlock,
    /// The flight is over. Every caller that waited for it acquires again.
    Done {
        /// Why it brought nothing, if it did not.
        why: Option<Error>,
    },
}

/// How a step went.
#[derive(Debug)]
pub enum StepResult {
    /// It is done.
    Done,
    /// What the store holds; none when it is empty.
    Loaded(Option<Snapshot>),
    /// The secret.
    Secret(Secret),
    /// The signature, as the algorithm's RFC has it.
    Signature(Vec<u8>),
    /// The token endpoint's answer, or what the user's function brought in that form.
    Answer(Answer),
    /// It could not be done.
    Failed(Failure),
}

/// How a step failed. For a request the difference matters: what may have been processed may have spent a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Nothing was sent.
    Connect,
    /// No answer in time; it may have been processed.
    Timeout,
    /// Broken off; it may have been processed.
    Interrupted,
}

/// Where a flight stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Lock,
    Load,
    ReadSecret(SecretName),
    /// The store learns that the refresh token is about to be sent.
    Mark,
    Sign,
    Send,
    Authorize,
    Prompt,
    Pause,
    Save,
    Unlock,
    Done,
}

pub(super) struct Flight {
    pub(super) id: FlightId,
    pub(super) deadline: Timestamp,
    pub(super) phase: Phase,
    /// The generation that the flight set out to renew.
    pub(super) base: u64,
    secret_epoch: u32,
    pub(super) secrets: Vec<(SecretName, Secret)>,
    /// What the client's key has to sign for the next request.
    pub(super) unsigned: Option<Unsigned>,
    /// What it signed.
    pub(super) assertion: Option<Secret>,
    pub(super) proof: Option<Secret>,
    /// The request went out once more with the nonce that the server wanted.
    pub(super) nonce_answered: bool,
    pub(super) sent: Option<Sent>,
    /// What came and is not durable yet.
    pending: Option<Pending>,
    pub(super) locked: bool,
    /// Its leader said that it is gone.
    left: bool,
    /// Its result is known: nobody follows it any more.
    pub(super) settled: bool,
    pub(super) save_failed: bool,
    /// The refresh token that the store holds as spent because this flight is about to send it, and why it may.
    mark: Option<(Secret, Sending)>,
    /// The mark that is being saved.
    marking: Option<(Secret, Sending)>,
    /// The store took no mark: the refresh token is not sent.
    spares_refresh: bool,
    /// What the flight learnt of the set that the store has is not written there yet.
    lesson: bool,
    /// How the note is called that is being saved.
    note: Option<u64>,
    /// It signs out, and brings no token.
    pub(super) leaving: Option<Leaving>,
    /// A person is signing in, or what came of it is not in service yet.
    pub(super) sign_in: Option<SigningIn>,
    /// What it brings is of a sign-in.
    pub(super) signed_in: bool,
    /// It only looks whether another process signed in.
    looks: bool,
    /// It asks about a token.
    pub(super) introspecting: Option<Introspecting>,
    /// The client secret was read once more after a refusal.
    read_again: bool,
    /// The step that its leader has in hand: a result counts for this one only.
    in_hand: Option<Phase>,
    /// A refusal of the refresh token, held until the store was read again.
    refused_refresh: Option<Error>,
    /// A refusal of the client, and the secret that it was about, held until the secret was read again.
    refused_client: Option<(Error, Secret)>,
    pub(super) why: Option<Error>,
}

#[derive(Clone)]
pub(super) struct Sent {
    pub(super) at: Timestamp,
    way: Way,
    refresh: Option<Secret>,
    /// What the flight changed about the refresh token when it counted as spent: before and after.
    spent: Option<(Option<Spent>, Option<Spent>)>,
}

impl Sent {
    pub(super) const fn of_sign_in(at: Timestamp) -> Self {
        Self { at, way: Way::Grant, refresh: None, spent: None }
    }
}

/// A set that is not in service yet.
pub(super) struct Pending {
    pub(super) holdings: Holdings,
    refresh_came: bool,
    unproductive: bool,
}

impl Flight {
    /// Whether others wait for it.
    pub(super) fn is_live(&self, now: Timestamp) -> bool {
        !self.settled && !self.left && now < self.deadline
    }

    pub(super) fn shift(&mut self, step: i64) {
        self.deadline = self.deadline.plus_millis(step);
        if let Some(sent) = &mut self.sent {
            sent.at = sent.at.plus_millis(step);
            for spent in sent.spent.iter_mut().flat_map(|(before, after)| [before, after]).flatten() {
                spent.shift(step);
            }
        }
        if let Some(pending) = &mut self.pending {
            pending.holdings.shift(step);
        }
        if let Some(sign_in) = &mut self.sign_in {
            sign_in.shift(step);
        }
    }

    /// What it brought is not durable yet.
    pub(super) fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Nobody waits for it: a person is signing in, or has not; or it asks about a token.
    fn stands_apart(&self) -> bool {
        self.settled && (self.sign_in.is_some() || self.introspecting.is_some())
    }

    /// Its token is a sign-in's, or would be; or it brings none.
    fn is_no_renewal(&self) -> bool {
        self.sign_in.is_some() || self.signed_in || self.introspecting.is_some()
    }

    /// It does something else than renew.
    fn is_errand(&self) -> bool {
        self.leaving.is_some() || self.sign_in.is_some() || self.introspecting.is_some()
    }

    pub(super) fn secret(&self, name: SecretName) -> Option<&Secret> {
        self.secrets.iter().find(|(read, _)| *read == name).map(|(_, secret)| secret)
    }
}

impl Session {
    /// What the flight's leader does next. It says the same until [`Session::done`] was called.
    pub fn next(&mut self, now: Timestamp, flight: FlightId) -> Step {
        let now = self.tick(now);
        let Some(mut flight) = self.take_flight(flight) else { return Step::Done { why: None } };
        if flight.phase == Phase::Send && flight.sent.is_none() && !flight.is_errand() {
            // Time went by since the way was chosen: it is chosen again, so that a request is never built early.
            self.prepare(now, &mut flight);
        }
        if let Some(step) = self.signature_due(now, &mut flight) {
            flight.in_hand = Some(flight.phase);
            self.put_flight(flight);
            return step;
        }
        let step = match flight.phase {
            Phase::Lock => Step::Lock,
            Phase::Load => Step::Load,
            Phase::ReadSecret(name) => match self.connection.source(name) {
                Some(source) => Step::ReadSecret { name, source: source.clone() },
                None => self.give_up(now, &mut flight, Error::new(ErrorCode::SecretUnreadable)),
            },
            Phase::Send if flight.leaving.is_some() => match self.revocation(&flight) {
                Some(request) => Step::Send { request },
                None => self.stay_away(&mut flight),
            },
            Phase::Send if flight.introspecting.is_some() => match self.introspection_request(&flight) {
                Some(request) => Step::Send { request },
                None => {
                    let why = Error::new(ErrorCode::SecretUnreadable);
                    self.end_introspection(&mut flight, Some(why.clone()));
                    Step::Done { why: Some(why) }
                }
            },
            Phase::Send if flight.sign_in.is_some() => match self.sign_in_request(now, &mut flight) {
                Some(request) => Step::Send { request },
                None => self.cannot_sign_in(&mut flight),
            },
            Phase::Authorize => match self.authorization(&flight) {
                Some(authorization) => Step::Authorize { authorization },
                None => self.cannot_sign_in(&mut flight),
            },
            Phase::Prompt => match flight.sign_in.as_ref().and_then(SigningIn::prompt) {
                Some(prompt) => Step::Prompt { prompt: prompt.clone() },
                None => self.cannot_sign_in(&mut flight),
            },
            Phase::Pause => match flight.sign_in.as_ref().and_then(SigningIn::ask_at) {
                Some(until) => Step::Pause { until },
                None => self.cannot_sign_in(&mut flight),
            },
            Phase::Send if self.connection.grant == Grant::External => {
                self.hand_out(now, &mut flight);
                Step::Provide
            }
            Phase::Send => match self.request(&flight) {
                Some(request) => {
                    self.hand_out(now, &mut flight);
                    Step::Send { request }
                }
                None => self.give_up(now, &mut flight, Error::new(ErrorCode::SecretUnreadable)),
            },
            Phase::Mark => Step::Save { snapshot: self.marked(now, &mut flight) },
            Phase::Save => match &flight.pending {
                Some(pending) => Step::Save { snapshot: self.snapshot_of(&pending.holdings) },
                None => Step::Save { snapshot: self.noted(&mut flight, self.holdings.clone()) },
            },
            Phase::Unlock => Step::Unlock,
            // Without a key that a changed connection lost.
            Phase::Sign => self.give_up(now, &mut flight, Error::new(ErrorCode::SecretUnreadable)),
            Phase::Done => Step::Done { why: flight.why.clone() },
        };
        flight.in_hand = Some(flight.phase);
        self.put_flight(flight);
        step
    }

    /// How the step went that [`Session::next`] gave. A result that does not fit the step changes nothing.
    pub fn done(&mut self, now: Timestamp, flight: FlightId, result: StepResult) {
        let now = self.tick(now);
        let Some(mut flight) = self.take_flight(flight) else { return };
        if flight.in_hand.take() == Some(flight.phase) {
            let sent = flight.phase == Phase::Send;
            if flight.phase == Phase::Sign {
                self.sign_result(now, &mut flight, result);
            } else if flight.leaving.is_some() {
                self.leaving(now, &mut flight, result);
            } else if flight.introspecting.is_some() {
                self.introspecting(now, &mut flight, result);
            } else if flight.sign_in.is_some() && flight.phase != Phase::Unlock {
                self.signing_in(now, &mut flight, result);
            } else {
                self.transition(now, &mut flight, result);
            }
            if sent {
                flight.assertion = None;
                flight.proof = None;
            }
        }
        self.put_flight(flight);
    }

    fn sign_result(&mut self, now: Timestamp, flight: &mut Flight, result: StepResult) {
        let StepResult::Signature(signature) = result else { return self.cannot_sign(now, flight) };
        if !self.signed(flight, &signature) {
            self.cannot_sign(now, flight);
        }
    }

    fn cannot_sign(&mut self, now: Timestamp, flight: &mut Flight) {
        let source = self.unsigned_key(flight).map(|(name, key)| place(name, key.source()));
        flight.unsigned = None;
        flight.phase = Phase::Send;
        let error = Error::new(ErrorCode::SecretUnreadable).with_detail(&source.unwrap_or_default());
        if flight.leaving.is_some() {
            drop(self.stay_away(flight));
        } else if flight.sign_in.is_some() {
            self.end_sign_in(flight, Some(error));
        } else if flight.introspecting.is_some() {
            self.end_introspection(flight, Some(error));
        } else {
            self.fail(now, flight, error, None);
        }
    }

    /// The flight's leader is gone. The next acquire leads another one; an answer that comes all the same is taken.
    pub fn abandon(&mut self, now: Timestamp, flight: FlightId) {
        let now = self.tick(now);
        let Some(mut flight) = self.take_flight(flight) else { return };
        if flight.leaving.is_some() {
            flight.locked = false;
            flight.phase = Phase::Done;
        }
        if flight.introspecting.is_some() {
            flight.phase = Phase::Done;
        } else if flight.sign_in.is_some() {
            self.leave_sign_in(now, &mut flight);
        } else if !flight.settled {
            self.leave(&mut flight);
            // Another request could end a refresh token for which an answer is still on its way.
            let alone = flight.refreshes() && !self.grant_available();
            flight.left = !alone;
            if alone {
                flight.deadline = flight.deadline.min(now.plus_millis(LEFT_ALONE));
                self.spend(&mut flight);
            }
        }
        self.put_flight(flight);
    }

    /// Starts a flight and makes the caller its leader.
    pub(super) fn lead(&mut self, now: Timestamp) -> Acquire {
        let newest = self.newest_renewal();
        for mut before in core::mem::take(&mut self.flights) {
            let is_former = !before.is_no_renewal() && Some(before.id) != newest;
            if is_former || before.stands_apart() {
                self.flights.push(before);
                continue;
            }
            if !before.settled {
                self.leave(&mut before);
            }
            before.left = true;
            if !before.is_over() {
                self.flights.push(before);
            }
        }
        let token = self.holdings.usable(now).cloned();
        let mut flight = self.new_flight(now);
        if !self.uses_store() {
            self.prepare(now, &mut flight);
        }
        let acquire = Acquire::Lead { flight: flight.id, deadline: flight.deadline, token };
        self.put_flight(flight);
        acquire
    }

    /// The same for a flight that only looks into the store: it says nothing new when nothing is there.
    pub(super) fn lead_look(&mut self, now: Timestamp) -> Acquire {
        let acquire = self.lead(now);
        if let Some(flight) = self.flights.last_mut() {
            flight.looks = true;
        }
        acquire
    }

    pub(super) fn new_flight(&mut self, now: Timestamp) -> Flight {
        self.make_room();
        self.next_flight += 1;
        Flight {
            id: FlightId(self.next_flight - 1),
            deadline: now.plus_millis(DEADLINE),
            phase: Phase::Lock,
            base: self.holdings.generation,
            secret_epoch: self.secret_epoch,
            secrets: Vec::new(),
            unsigned: None,
            assertion: None,
            proof: None,
            nonce_answered: false,
            sent: None,
            pending: None,
            locked: false,
            left: false,
            settled: false,
            save_failed: false,
            mark: None,
            marking: None,
            spares_refresh: false,
            lesson: false,
            note: None,
            leaving: None,
            sign_in: None,
            signed_in: false,
            looks: false,
            introspecting: None,
            read_again: false,
            in_hand: None,
            refused_refresh: None,
            refused_client: None,
            why: None,
        }
    }

    /// The last flight that renews.
    fn newest_renewal(&self) -> Option<FlightId> {
        self.flights.iter().rfind(|flight| !flight.is_no_renewal()).map(|flight| flight.id)
    }

    /// The flight that others follow: the last one, or a sign-in to which the server has said yes.
    pub(super) fn live(&self, now: Timestamp) -> Option<&Flight> {
        let newest = self.newest_renewal();
        let may_be = |flight: &&Flight| flight.is_no_renewal() || Some(flight.id) == newest;
        self.flights.iter().filter(may_be).rfind(|flight| flight.is_live(now))
    }

    /// Forgets the oldest flight of which nothing is expected. A person's sign-in pushes no renewal out.
    fn make_room(&mut self) {
        let forgettable = |flight: &Flight| !flight.locked && !flight.is_errand();
        let is_over = |flight: &Flight| flight.is_errand() && flight.is_over();
        if self.flights.len() < MOST_FLIGHTS {
            return;
        }
        let renewals = self.flights.iter().filter(|flight| !flight.is_errand()).count();
        let oldest = self
            .flights
            .iter()
            .position(is_over)
            .or_else(|| self.flights.iter().position(forgettable).filter(|_| renewals >= MOST_FLIGHTS));
        if let Some(oldest) = oldest {
            self.flights.remove(oldest);
        }
    }

    /// The machine's one transition: where a flight stands, and how its step went.
    fn transition(&mut self, now: Timestamp, flight: &mut Flight, result: StepResult) {
        match (flight.phase, result) {
            (Phase::Lock, StepResult::Done) => {
                flight.locked = true;
                flight.phase = Phase::Load;
            }
            (Phase::Lock | Phase::Load, StepResult::Failed(_)) => {
                self.fail(now, flight, Error::new(ErrorCode::StoreUnavailable), None);
            }
            (Phase::Load, StepResult::Loaded(snapshot)) => self.loaded(now, flight, snapshot),

            (Phase::ReadSecret(name), StepResult::Secret(secret)) => {
                self.secret_read(now, flight, name, secret)
            }
            (Phase::ReadSecret(name), StepResult::Failed(_)) => {
                let detail = self.connection.source(name).map(|source| place(name.as_str(), source));
                let error = Error::new(ErrorCode::SecretUnreadable).with_detail(&detail.unwrap_or_default());
                self.fail(now, flight, error, None);
            }

            (Phase::Send, StepResult::Answer(answer)) if flight.sent.is_some() => {
                self.judge(now, flight, &answer)
            }
            (Phase::Send, StepResult::Failed(failure)) if flight.sent.is_some() => {
                if failure == Failure::Connect {
                    self.unspend(flight);
                } else {
                    self.spend(flight);
                }
                self.fail(now, flight, Error::new(failure.code()), None);
            }

            (Phase::Mark, StepResult::Done) => {
                self.note_saved(flight);
                flight.mark = flight.marking.take();
                flight.phase = Phase::Send;
            }
            (Phase::Mark, StepResult::Failed(_)) if !flight.save_failed => flight.save_failed = true,
            (Phase::Mark, StepResult::Failed(_)) => self.spare_refresh(now, flight),

            (Phase::Save, result @ (StepResult::Done | StepResult::Failed(_))) if flight.settled => {
                if matches!(result, StepResult::Done) {
                    self.note_saved(flight);
                }
                flight.phase = Phase::Unlock;
            }
            (Phase::Save, StepResult::Done) => {
                self.note_saved(flight);
                if flight.pending.is_none() {
                    self.back_off = BackOff::default();
                }
                self.publish(now, flight);
                self.unsaved = false;
                self.finish(flight, None);
            }
            (Phase::Save, StepResult::Failed(_)) if !flight.save_failed => flight.save_failed = true,
            (Phase::Save, StepResult::Failed(_)) => {
                // The set is better in memory than lost: the server has already ended the one before.
                self.publish(now, flight);
                self.unsaved = true;
                let error = Error::new(ErrorCode::StoreUnavailable);
                let error = self.back_off.fail(now, error, None, &mut self.entropy);
                self.emit(now, EventKind::Degraded, error.retry_at(), Some(error));
                self.finish(flight, None);
            }

            (Phase::Unlock, StepResult::Done | StepResult::Failed(_)) => {
                flight.locked = false;
                flight.phase = Phase::Done;
            }
            _ => {}
        }
    }

    fn loaded(&mut self, now: Timestamp, flight: &mut Flight, snapshot: Option<Snapshot>) {
        let stored = snapshot.as_ref().map_or(0, Snapshot::generation);
        if let Some(snapshot) = snapshot {
            if stored == self.holdings.generation {
                self.learn(now, snapshot);
            } else if self.adopt(now, snapshot) && flight.refused_refresh.take().is_some() {
                // What was refused was the set before; what may be sent now is another request.
                flight.sent = None;
            }
        }
        // What was adopted while the flight waited for the lock is what it sets out to renew.
        flight.base = self.holdings.generation;
        self.unsaved &= stored < self.holdings.generation;
        let newest = stored.max(self.holdings.generation);
        flight.pending = self.rescued.take().filter(|rescued| rescued.holdings.generation > newest);
        if self.unsaved || flight.pending.is_some() {
            flight.phase = Phase::Save;
        } else if let Some(error) = flight.refused_refresh.take() {
            self.refuse_refresh(now, flight, error);
        } else {
            self.prepare(now, flight);
        }
    }

    /// What another process learnt of the set that both have: its refresh token may be spent, the server is in trouble,
    /// somebody signed out. A note of our own says nothing new.
    fn learn(&mut self, now: Timestamp, snapshot: Snapshot) {
        if !snapshot.is_of(&self.connection) {
            return;
        }
        let is_of_now = !snapshot.is_from_the_future(now);
        let (stored, back_off) = snapshot.open(now, &self.connection, &mut self.entropy);
        if stored.note != self.holdings.note {
            self.holdings.note = stored.note;
            self.read_note(now, stored);
        }
        // The end of a wait that began in the future would move on at every look.
        if is_of_now {
            self.back_off.learn(back_off);
        }
    }

    fn read_note(&mut self, now: Timestamp, stored: Holdings) {
        let signed_out = stored.access.is_none() && stored.refresh.is_none();
        match (self.holdings.refresh.as_mut(), stored.refresh) {
            (Some(refresh), Some(stored)) if refresh.value == stored.value => refresh.spent = stored.spent,
            // The set 0 is what each process was given itself.
            (Some(_), None) if self.holdings.generation > 0 => {
                self.holdings.refresh = None;
                self.connection.forget(SecretName::RefreshToken);
            }
            _ => {}
        }
        if signed_out && self.holdings.generation > 0 && self.holdings.access.take().is_some() {
            self.emit(now, EventKind::SignedOut, None, None);
        }
    }

    /// Chooses the way and reads what it needs, or ends the flight when there is nothing to do any more.
    fn prepare(&mut self, now: Timestamp, flight: &mut Flight) {
        if !self.due(now) || self.is_superseded(flight) {
            return self.finish(flight, None);
        }
        let way = match self.hold(now).map_or_else(|| self.way_of(now, flight), Err) {
            Ok(way) => way,
            Err(hold) => return self.give_way(now, flight, hold),
        };
        let is_key = self.connection.grant == Grant::ApiKey;
        let mut needed = Vec::new();
        if self.connection.proves_by_secret() && self.connection.grant != Grant::External {
            needed.push(SecretName::ClientSecret);
        }
        match way {
            Way::Refresh(_) if self.start_from => needed.push(SecretName::RefreshToken),
            Way::Refresh(_) => {}
            Way::Grant if is_key => needed = Vec::from([SecretName::ApiKey]),
            Way::Grant => match self.connection.grant {
                Grant::Password => needed.push(SecretName::Password),
                Grant::TokenExchange => needed.extend([SecretName::SubjectToken, SecretName::ActorToken]),
                Grant::JwtBearer => needed.push(SecretName::Assertion),
                _ => {}
            },
        }
        for name in needed {
            if flight.secret(name).is_some() {
                continue;
            }
            match self.connection.source(name) {
                Some(SecretSource::Value(secret)) => flight.secrets.push((name, secret.clone())),
                Some(_) => {
                    flight.phase = Phase::ReadSecret(name);
                    return;
                }
                None => {}
            }
        }
        if is_key {
            return self.key_read(now, flight);
        }
        // A mark of a grace that has ended since does not say that this is the last time.
        let marked = match (way, &self.holdings.refresh, &flight.mark) {
            (Way::Refresh(sending), Some(refresh), Some((value, said))) => {
                *value == refresh.value && *said == sending
            }
            (Way::Refresh(_), ..) => false,
            (Way::Grant, ..) => true,
        };
        let marks = flight.locked && self.connection.rotates;
        flight.phase = if marks && !marked { Phase::Mark } else { Phase::Send };
    }

    fn way_of(&self, now: Timestamp, flight: &Flight) -> Result<Way, Hold> {
        match self.way(now) {
            Ok(Way::Refresh(_)) if flight.spares_refresh => Ok(Way::Grant),
            way => way,
        }
    }

    /// What another process learnt holds this one back as well.
    fn give_way(&mut self, now: Timestamp, flight: &mut Flight, hold: Hold) {
        let why = match hold {
            Hold::Wait(_, why) | Hold::Denied(why) if flight.looks => why,
            Hold::Wait(until, why) => {
                self.report(now, Some(until), &why);
                why
            }
            Hold::Denied(why) => {
                self.report(now, None, &why);
                if why.action() == crate::Action::SignIn {
                    self.emit(now, EventKind::SignedOut, None, Some(why.clone()));
                }
                why
            }
        };
        self.finish(flight, Some(why));
    }

    /// The set as the store shall know it while the refresh token is on its way: whoever finds it so, because this process
    /// died meanwhile, knows that the server may have ended that token (RFC 9700 §4.14.2).
    fn marked(&mut self, now: Timestamp, flight: &mut Flight) -> Snapshot {
        let mut holdings = self.holdings.clone();
        if let (Some(refresh), Ok(Way::Refresh(sending))) = (holdings.refresh.as_mut(), self.way(now)) {
            refresh.spend(now, flight.deadline, sending);
            flight.marking = Some((refresh.value.clone(), sending));
        }
        self.noted(flight, holdings)
    }

    /// The set that the store has, with a note that tells it from what others wrote about the same set.
    pub(super) fn noted(&mut self, flight: &mut Flight, holdings: Holdings) -> Snapshot {
        let note = *flight.note.get_or_insert_with(|| holdings::new_note(&mut self.entropy));
        self.snapshot_of(&Holdings { note, ..holdings })
    }

    pub(super) fn note_saved(&mut self, flight: &mut Flight) {
        flight.save_failed = false;
        flight.lesson = false;
        if let Some(note) = flight.note.take()
            && flight.base == self.holdings.generation
        {
            self.holdings.note = note;
        }
    }

    /// A refresh token that is sent without a mark, and whose successor cannot be saved either, is lost with this process, and
    /// every other one would send it again. So the other grant goes out; without one it is kept for a better moment.
    fn spare_refresh(&mut self, now: Timestamp, flight: &mut Flight) {
        flight.save_failed = false;
        flight.note = None;
        flight.spares_refresh = true;
        if self.grant_available() {
            self.prepare(now, flight);
        } else {
            self.fail(now, flight, Error::new(ErrorCode::StoreUnavailable), None);
        }
    }

    fn secret_read(&mut self, now: Timestamp, flight: &mut Flight, name: SecretName, secret: Secret) {
        if name == SecretName::RefreshToken && secret.is_token() {
            let expires_at = self.connection.refresh_expires_at(now, None);
            self.holdings.refresh = Some(Refresh::new(secret, expires_at));
            self.start_from = false;
        } else if secret.is_empty() || name == SecretName::RefreshToken {
            let error = Error::new(ErrorCode::SecretUnreadable).with_detail(name.as_str());
            return self.fail(now, flight, error, None);
        } else if let Some((error, refused)) =
            flight.refused_client.take_if(|_| name == SecretName::ClientSecret)
            && refused == secret
        {
            return self.deny(now, flight, error, None);
        } else {
            flight.secrets.retain(|(read, _)| *read != name);
            flight.secrets.push((name, secret));
        }
        self.prepare(now, flight);
    }

    /// An API key from a source that can be read again: the key itself is the token.
    fn key_read(&mut self, now: Timestamp, flight: &mut Flight) {
        let Some(key) = flight.secret(SecretName::ApiKey).filter(|key| key.is_token()).cloned() else {
            let error = Error::new(ErrorCode::SecretUnreadable).with_detail(
                "api_key: visible ASCII characters without blanks are wanted; is a line break in it?",
            );
            return self.fail(now, flight, error, None);
        };
        flight.pending = Some(Pending {
            holdings: self.holdings_of_key(now, key),
            refresh_came: false,
            unproductive: false,
        });
        self.publish(now, flight);
        self.finish(flight, None);
    }

    pub(super) fn holdings_of_key(&mut self, now: Timestamp, key: Secret) -> Holdings {
        let generation = self.holdings.generation + 1;
        let life = holdings::life(&self.connection, now, None, false, &mut self.entropy);
        let token = AccessToken::new(&self.connection, key, false, None, generation, life);
        Holdings { generation, access: Some(Access::new(token, now)), ..Holdings::default() }
    }

    fn request(&self, flight: &Flight) -> Option<TokenRequest> {
        let sent = flight.sent.as_ref();
        let way = sent.map_or_else(|| self.way_of(self.clock, flight).ok(), |sent| Some(sent.way))?;
        let purpose = match (way, self.connection.grant) {
            (Way::Refresh(_), _) => Purpose::Refresh(
                flight
                    .sent
                    .as_ref()
                    .and_then(|sent| sent.refresh.as_ref())
                    .or_else(|| self.holdings.refresh.as_ref().map(|refresh| &refresh.value))?,
            ),
            (Way::Grant, Grant::Password) => Purpose::Password(flight.secret(SecretName::Password)?),
            (Way::Grant, Grant::TokenExchange) => Purpose::Exchange {
                subject: flight.secret(SecretName::SubjectToken)?,
                actor: flight.secret(SecretName::ActorToken),
            },
            (Way::Grant, Grant::JwtBearer) => Purpose::Assertion(flight.secret(SecretName::Assertion)?),
            (Way::Grant, _) => Purpose::ClientCredentials,
        };
        let request = request::build(&self.connection, &purpose, flight.credential())?;
        Some(request.with_proof(flight.proof.as_ref()))
    }

    /// Marks the moment from which lifetimes count.
    fn hand_out(&mut self, now: Timestamp, flight: &mut Flight) {
        if flight.sent.is_none()
            && let Ok(way) = self.way_of(now, flight)
        {
            let refresh = self.holdings.refresh.as_ref().filter(|_| matches!(way, Way::Refresh(_)));
            let refresh = refresh.map(|refresh| refresh.value.clone());
            flight.sent = Some(Sent { at: now, way, refresh, spent: None });
        }
    }

    fn judge(&mut self, now: Timestamp, flight: &mut Flight, answer: &Answer) {
        let error = match answer.read(self.connection.token_types(), &self.secrets_of(flight)) {
            Ok(granted) => {
                self.answers_with_nonce(flight, answer, None);
                return self.accept(now, flight, granted);
            }
            Err(error) => error,
        };
        if self.answers_with_nonce(flight, answer, Some(&error)) && !self.is_stale(flight) {
            self.unspend(flight);
            flight.sent = None;
            flight.phase = Phase::Send;
            return;
        }
        if (200..=299).contains(&answer.status()) {
            self.spend(flight);
        } else {
            self.unspend(flight);
        }
        let retry_after = answer.retry_after(now);
        match error.code() {
            code if code.action() == crate::Action::Retry => self.fail(now, flight, error, retry_after),
            ErrorCode::InvalidGrant if flight.refreshes() => {
                // The store may hold a newer one by now: it is read again before anything is given up.
                if flight.locked && !self.is_stale(flight) {
                    flight.refused_refresh = Some(error);
                    flight.phase = Phase::Load;
                } else {
                    self.refuse_refresh(now, flight, error);
                }
            }
            ErrorCode::InvalidClient | ErrorCode::Unauthorized => {
                let source = self.connection.source(SecretName::ClientSecret);
                let readable = source.is_some_and(SecretSource::is_readable_again);
                let known = flight.secret(SecretName::ClientSecret).cloned();
                match known.filter(|_| readable && !flight.read_again) {
                    Some(secret) => {
                        flight.read_again = true;
                        flight.refused_client = Some((error, secret));
                        flight.sent = None;
                        flight.phase = Phase::ReadSecret(SecretName::ClientSecret);
                    }
                    None => self.deny(now, flight, error, retry_after),
                }
            }
            _ => self.deny(now, flight, error, retry_after),
        }
    }

    /// What may have been sent: a server that repeats it in an error must not have it shown.
    pub(super) fn secrets_of(&self, flight: &Flight) -> Vec<Secret> {
        let given = SecretName::ALL.into_iter().filter_map(|name| self.connection.source(name)?.value());
        let read = flight.secrets.iter().map(|(_, secret)| secret);
        let refresh = flight.sent.as_ref().and_then(|sent| sent.refresh.as_ref());
        let mut secrets: Vec<Secret> = given.chain(read).chain(refresh).cloned().collect();
        let client_id = self.connection.client_id.as_deref().unwrap_or_default();
        let value = self.connection.source(SecretName::ClientSecret).and_then(SecretSource::value);
        if let Some(client_secret) = flight.secret(SecretName::ClientSecret).or(value) {
            secrets.extend(wire::basic_credentials(client_id, client_secret));
        }
        secrets
    }

    /// RFC 6749 §5.1: a new set.
    pub(super) fn accept(&mut self, now: Timestamp, flight: &mut Flight, granted: Granted) {
        let Some(sent) = flight.sent.clone() else { return self.finish(flight, None) };
        let expires_at = granted.expires_in.map(|seconds| sent.at.plus_seconds(seconds));
        let refresh_came = granted.refresh_token.is_some();
        let refreshed = matches!(sent.way, Way::Refresh(_));
        let before = self.holdings.refresh.as_ref();
        let refresh = match granted.refresh_token {
            Some(value) => match before.filter(|before| before.value == value) {
                Some(same) => Some(Refresh { spent: None, stays: true, ..same.clone() }),
                None => {
                    let expires_at = self.connection.refresh_expires_at(sent.at, granted.refresh_expires_in);
                    Some(Refresh::new(value, expires_at))
                }
            },
            // RFC 6749 §6: no new one, so the old one stays.
            None if refreshed => before.map(|before| Refresh { spent: None, ..before.clone() }),
            None => before.filter(|before| before.spent.is_none()).cloned(),
        }
        .filter(|_| self.connection.token_endpoint.is_some());
        let access = self.holdings.access.as_ref();
        let asked = Some(self.connection.scopes.clone()).filter(|scopes| !scopes.is_empty());
        let scopes = granted.scopes.or_else(|| match access.filter(|_| refreshed) {
            Some(access) => access.token.scopes().map(<[_]>::to_vec),
            None => asked,
        });
        let unproductive = access.is_some_and(|access| *access.token.secret() == granted.access_token);
        let from_refusal = access.is_some_and(|access| access.refused || access.doubted);
        let generation = self.holdings.generation + 1;
        let life = holdings::life(&self.connection, sent.at, expires_at, unproductive, &mut self.entropy);
        let token = AccessToken::new(
            &self.connection,
            granted.access_token,
            granted.is_bound,
            scopes,
            generation,
            life,
        );
        let access = Access { from_refusal, unproductive, ..Access::new(token, sent.at) };
        flight.pending = Some(Pending {
            holdings: Holdings { generation, note: 0, access: Some(access), refresh },
            refresh_came,
            unproductive,
        });
        if flight.locked {
            flight.phase = Phase::Save;
        } else {
            self.publish(now, flight);
            self.finish(flight, None);
        }
    }

    /// Puts what the flight brought into service.
    fn publish(&mut self, now: Timestamp, flight: &mut Flight) {
        let Some(pending) = flight.pending.take() else { return };
        let from_refusal = pending.holdings.access.as_ref().is_some_and(|access| access.from_refusal);
        self.holdings = pending.holdings;
        self.verdict = None;
        // A late answer of an older flight must not undo this one. To a sign-in every renewal is one of what was before.
        self.end_flights(if flight.signed_in { FlightId(u64::MAX) } else { flight.id }, true);
        self.back_off.wait = None;
        if !from_refusal {
            // A token that an API refuses at once is no success: a storm of refusals must slow down.
            self.back_off.failures = 0;
        }
        if pending.unproductive {
            self.back_off.hold(now.plus_millis(NO_PROGRESS), Error::new(ErrorCode::NoProgress));
        }
        if pending.refresh_came {
            self.drop_password();
        }
        let until = self.holdings.access.as_ref().and_then(|access| access.token.expires_at());
        self.emit(now, EventKind::Renewed, until, None);
    }

    /// The server refused the refresh token: it is dropped, and where there is another grant that goes out at once.
    fn refuse_refresh(&mut self, now: Timestamp, flight: &mut Flight, error: Error) {
        if self.is_stale(flight) {
            return self.finish(flight, Some(error));
        }
        let sent = flight.sent.take().and_then(|sent| sent.refresh);
        if self.holdings.refresh.as_ref().map(|refresh| &refresh.value) == sent.as_ref() {
            self.holdings.refresh = None;
            self.connection.forget(SecretName::RefreshToken);
            flight.lesson = true;
        }
        if self.grant_available() {
            flight.deadline = now.plus_millis(DEADLINE);
            flight.left = false;
            return self.prepare(now, flight);
        }
        self.emit(now, EventKind::SignedOut, None, Some(error.clone()));
        self.judged(now, flight, error, None);
    }

    /// A verdict: the server will say the same until somebody changes something.
    fn deny(&mut self, now: Timestamp, flight: &mut Flight, error: Error, retry_after: Option<i64>) {
        let is_user = error.code() == ErrorCode::InvalidGrant && self.connection.grant == Grant::Password;
        let error = if error.code() == ErrorCode::InvalidGrant && !is_user {
            error.with_code(ErrorCode::GrantRefused)
        } else {
            error
        };
        // An account is locked after a few wrong passwords; a client is not.
        let pause = self.connection.ask_again.max(retry_after.unwrap_or(0));
        let ask_again = (!is_user).then(|| now.plus_millis(pause));
        self.judged(now, flight, error, ask_again);
    }

    fn judged(&mut self, now: Timestamp, flight: &mut Flight, error: Error, ask_again: Option<Timestamp>) {
        let error = error.with_retry_at(ask_again);
        // What the server says about a secret that has been changed since says nothing about the present one.
        if !self.is_stale(flight) && flight.secret_epoch == self.secret_epoch {
            self.verdict = Some(Verdict { error: error.clone(), ask_again });
            self.report(now, ask_again, &error);
        }
        self.finish(flight, Some(error));
    }

    fn fail(&mut self, now: Timestamp, flight: &mut Flight, error: Error, retry_after: Option<i64>) {
        if self.is_stale(flight) {
            self.finish(flight, Some(error));
        } else {
            self.hold_back(now, flight, error, retry_after);
        }
        if flight.locked && flight.sent.is_some() && flight.base == self.holdings.generation {
            // Whoever locks the store next must not send a refresh token that may be spent, nor ask at once.
            flight.phase = Phase::Save;
        }
    }

    fn hold_back(&mut self, now: Timestamp, flight: &mut Flight, error: Error, retry_after: Option<i64>) {
        self.verdict = None;
        let error = self.back_off.fail(now, error, retry_after, &mut self.entropy);
        self.finish(flight, Some(error.clone()));
        match self.hold(now) {
            Some(Hold::Wait(until, why)) => {
                self.report(now, Some(until), &why);
                flight.why = Some(why);
            }
            Some(Hold::Denied(why)) => {
                self.report(now, None, &why);
                self.emit(now, EventKind::SignedOut, None, Some(why.clone()));
                flight.why = Some(why);
            }
            None => self.report(now, error.retry_at(), &error),
        }
    }

    fn report(&mut self, now: Timestamp, until: Option<Timestamp>, error: &Error) {
        let serves = self.holdings.usable(now).is_some();
        let kind = if serves { EventKind::Degraded } else { EventKind::Waiting };
        self.emit(now, kind, until, Some(error.clone()));
    }

    fn finish(&mut self, flight: &mut Flight, why: Option<Error>) {
        flight.settled = true;
        flight.why = why;
        flight.secrets.clear();
        // A mark that came true in another way than by a new set must not stand in the store as it is.
        let untold = (flight.lesson || flight.mark.is_some()) && flight.base == self.holdings.generation;
        flight.phase = match flight.locked {
            true if untold => Phase::Save,
            true => Phase::Unlock,
            false => Phase::Done,
        };
    }

    fn give_up(&mut self, now: Timestamp, flight: &mut Flight, error: Error) -> Step {
        self.fail(now, flight, error, None);
        match flight.phase {
            Phase::Save => Step::Save { snapshot: self.noted(flight, self.holdings.clone()) },
            Phase::Unlock => Step::Unlock,
            _ => Step::Done { why: flight.why.clone() },
        }
    }

    fn cannot_sign_in(&mut self, flight: &mut Flight) -> Step {
        self.end_sign_in(flight, Some(Error::new(ErrorCode::SecretUnreadable)));
        match flight.phase {
            Phase::Unlock => Step::Unlock,
            _ => Step::Done { why: flight.why.clone() },
        }
    }

    /// What the flight says is about tokens or a flight that have been replaced since.
    fn is_stale(&self, flight: &Flight) -> bool {
        flight.base != self.holdings.generation || self.is_superseded(flight)
    }

    fn is_superseded(&self, flight: &Flight) -> bool {
        self.flights.iter().any(|other| other.id > flight.id && !other.stands_apart())
    }

    /// The flight's leader is gone: what it sent may have been processed, and what it did not save the next flight saves.
    fn leave(&mut self, flight: &mut Flight) {
        match flight.pending.take() {
            Some(pending) => {
                // Until the set is saved the store must not hold the one before as unspent.
                self.spend(flight);
                self.rescued = Some(pending);
                self.finish(flight, None);
            }
            None => self.spend(flight),
        }
    }

    /// The refresh token that the flight sent may have been used up (RFC 6749 §6, RFC 9700 §4.14.2).
    fn spend(&mut self, flight: &mut Flight) {
        let deadline = flight.deadline;
        if let Some(sent) = &mut flight.sent
            && let Way::Refresh(sending) = sent.way
            && let Some(refresh) = self.holdings.refresh.as_mut()
            && Some(&refresh.value) == sent.refresh.as_ref()
        {
            let before = match sent.spent {
                Some((before, after)) if refresh.spent == after => before,
                Some(_) => return,
                None => refresh.spent,
            };
            refresh.spent = before;
            refresh.spend(sent.at, deadline, sending);
            sent.spent = Some((before, refresh.spent));
        }
    }

    /// A late answer says that it was not, unless another flight has sent it since.
    fn unspend(&mut self, flight: &mut Flight) {
        if let Some(sent) = &mut flight.sent
            && let Some((before, after)) = sent.spent.take()
            && let Some(refresh) = self.holdings.refresh.as_mut()
            && Some(&refresh.value) == sent.refresh.as_ref()
            && refresh.spent == after
        {
            refresh.spent = before;
        }
    }

    /// Ends every flight: what still comes of them is dropped.
    pub(super) fn end_all_flights(&mut self) {
        self.rescued = None;
        self.end_flights(FlightId(u64::MAX), false);
    }

    /// Ends the flights before this one. One that holds the store's lock still has to give it back.
    fn end_flights(&mut self, before: FlightId, spares_sign_ins: bool) {
        for mut flight in core::mem::take(&mut self.flights) {
            // A person may still be at a sign-in while another flight renews what is there.
            let is_apart = flight.sign_in.is_some() || flight.introspecting.is_some();
            let stays = is_apart && spares_sign_ins;
            if flight.id < before && !flight.is_over() && flight.leaving.is_none() && !stays {
                flight.pending = None;
                // Its mark stays in the store: nobody will know how it came out.
                flight.mark = None;
                flight.lesson = false;
                flight.sign_in = None;
                self.finish(&mut flight, None);
            }
            if flight.id > before || flight.locked || stays || (flight.leaving.is_some() && !flight.is_over())
            {
                self.flights.push(flight);
            }
        }
    }

    pub(super) fn uses_store(&self) -> bool {
        self.has_store && self.connection.grant != Grant::ApiKey
    }

    fn take_flight(&mut self, id: FlightId) -> Option<Flight> {
        let index = self.flights.iter().position(|flight| flight.id == id)?;
        Some(self.flights.remove(index))
    }

    pub(super) fn put_flight(&mut self, flight: Flight) {
        let index = self.flights.iter().position(|other| other.id > flight.id).unwrap_or(self.flights.len());
        self.flights.insert(index, flight);
    }
}

impl Flight {
    /// Whether what is sent next goes to the token endpoint.
    pub(super) fn asks_for_token(&self) -> bool {
        self.leaving.is_none()
            && self.introspecting.is_none()
            && self.sign_in.as_ref().is_none_or(SigningIn::asks_for_token)
    }

    /// Whether the request that is due is a refresh.
    pub(super) fn sends_refresh_token(&self, session: &Session) -> bool {
        self.sign_in.is_none() && matches!(session.way_of(session.clock, self), Ok(super::Way::Refresh(_)))
    }

    fn refreshes(&self) -> bool {
        self.sent.as_ref().is_some_and(|sent| matches!(sent.way, Way::Refresh(_)))
    }

    pub(super) fn is_over(&self) -> bool {
        self.settled && self.phase == Phase::Done
    }
}

/// Where a secret should have been, for the error that says that it was not there.
fn place(name: &str, source: &SecretSource) -> alloc::string::String {
    match source {
        SecretSource::Value(_) => name.into(),
        SecretSource::Environment(variable) => format!("{name}: environment variable {variable}"),
        SecretSource::File(path) => format!("{name}: file {path}"),
        SecretSource::Command(command) => {
            format!("{name}: command {}", command.first().map_or("", |word| word))
        }
        SecretSource::Keychain(entry) => format!("{name}: keychain entry {entry}"),
        SecretSource::Function(function) => format!("{name}: function {function}"),
    }
}
