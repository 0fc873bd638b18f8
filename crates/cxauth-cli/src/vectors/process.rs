//! One process of a scenario: the core's session, its flights and tokens by name, and the driving of flights.

use super::{
    outcome::{self, Clock},
    scenario::{AnswerText, Do, FailureName, Step},
    sign_in::{self, SignIns},
    store::{Holder, Locking, Store},
};
use crate::secret;
use cxauth_core::{
    AccessToken, Acquire, Authorization, Connection, DevicePrompt, Error, Failure, FlightId, Refusal,
    Session, Settings, Snapshot, StepResult, Timestamp,
};
use serde_json::{Map, Value, json};
use std::{collections::HashMap, ops::Range};

/// More steps at the store than any flight has between two requests.
const MOST_STEPS: usize = 64;
/// What the client's key makes of whatever it signs.
const SIGNATURE: [u8; 3] = [1, 2, 3];

pub(super) struct Process {
    /// Which opening of a process of this scenario it was.
    number: u8,
    clock: Clock,
    entropy: [u8; 16],
    has_store: bool,
    settings: Result<Settings, Error>,
    /// The error of a connection that is wrong in itself.
    session: Result<Session, Error>,
    /// The latest last.
    flights: Vec<Flight>,
    tokens: HashMap<String, u64>,
    /// The generation of the token last handed out.
    handed_out: Option<u64>,
    /// Whether the client's key can sign in this step.
    signs: bool,
    /// How many sign-ins began here: each has entropy of its own.
    begun: u8,
}

/// What belongs to the scenario and not to one process.
pub(super) struct Shared<'world> {
    pub(super) store: &'world mut Store,
    pub(super) snapshots: &'world mut HashMap<String, String>,
    pub(super) sign_ins: &'world mut SignIns,
}

/// Where a flight stands when its driver can do no more by itself.
enum Halt {
    /// It sends this, null for the grant `external`; with the state of a sign-in, if that is in it.
    Send(Value, Option<String>),
    /// Somebody else holds the store's lock.
    Locked,
    /// The person goes to the browser.
    Authorize(Authorization),
    /// A device has shown something, if it has, and waits until then.
    Pause(Option<DevicePrompt>, Timestamp),
    /// It is over, and why it brought nothing, if it did not.
    Over(Option<Error>),
}

/// A flight of which the scenario may speak.
struct Flight {
    name: Option<String>,
    /// None for a flight of which nothing can come.
    id: Option<FlightId>,
    waits_for: Option<Wanted>,
    errand: Option<Errand>,
    /// The state of the sign-in that went out with its request.
    state: Option<String>,
}

/// What a flight waits for that no answer brings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The store's lock.
    Lock,
    /// The moment when a device may ask again.
    Time,
}

/// What a flight does that nobody follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Errand {
    SignOut,
    SignIn,
}

impl Shared<'_> {
    fn snapshot(&self, of: &str) -> Result<String, String> {
        self.snapshots.get(of).cloned().ok_or_else(|| format!("`of`: there is no snapshot {of}"))
    }
}

impl Flight {
    /// The session knows nothing of it any more, or nothing can come of it.
    fn forget(&mut self) {
        self.id = None;
        self.waits_for = None;
    }
}

impl Process {
    pub(super) fn open(
        number: u8,
        settings: Result<Settings, Error>,
        clock: Clock,
        at: f64,
        entropy: [u8; 16],
        has_store: bool,
    ) -> Self {
        let connection = settings.clone().and_then(Connection::new);
        let session = connection.map(|connection| {
            let session = Session::open(connection, clock.moment(at), &entropy);
            if has_store { session.with_store() } else { session }
        });
        Self {
            number,
            clock,
            entropy,
            has_store,
            settings,
            session,
            flights: Vec::new(),
            tokens: HashMap::new(),
            handed_out: None,
            signs: true,
            begun: 0,
        }
    }

    pub(super) fn number(&self) -> u8 {
        self.number
    }

    /// Performs one step. The error is a mistake in the scenario, or a step of the core that no scenario has.
    pub(super) fn perform(&mut self, step: &Step, mut shared: Shared<'_>) -> Result<Value, String> {
        let now = self.clock.moment(step.at);
        let shared = &mut shared;
        self.signs = step.signs.unwrap_or(true);
        match &step.action {
            Do::Acquire { r#as } => self.acquire(now, shared, r#as.as_deref()),
            Do::Wake { r#as } => {
                let Ok(session) = &mut self.session else { return Ok(Value::Null) };
                match session.wake(now) {
                    Some(acquired) => self.acquired(now, shared, acquired, r#as.as_deref()),
                    None => Ok(Value::Null),
                }
            }
            Do::Peek {} => {
                let Ok(session) = &mut self.session else { return Ok(Value::Null) };
                let token = session.bearer(now).cloned();
                Ok(token.map_or(Value::Null, |token| json!({ "token": self.hand_out(&token, None) })))
            }
            Do::Answer { answer, of, r#as } => {
                let result = StepResult::Answer(answer.to_answer()?);
                self.result(now, shared, of.as_deref(), result, r#as.as_deref())
            }
            Do::Fail { failure, of, r#as } => {
                let result = StepResult::Failed((*failure).into());
                self.result(now, shared, of.as_deref(), result, r#as.as_deref())
            }
            Do::GoOn { of, r#as } => {
                let (flight, wanted) = self.waiting_flight(of.as_deref())?;
                match wanted {
                    Wanted::Lock => self.go_on(now, shared, flight, r#as.as_deref()),
                    Wanted::Time => self.done(now, shared, flight, StepResult::Done, r#as.as_deref()),
                }
            }
            Do::SignIn { redirect_uri, device, r#as } => {
                let began = match (&mut self.session, *device) {
                    (Err(error), _) => Err(error.clone()),
                    (Ok(session), true) => session.lead_device_sign_in(now),
                    (Ok(session), false) => {
                        let drawn = drawn(self.entropy, self.begun);
                        self.begun = self.begun.wrapping_add(1);
                        session.lead_authorization(now, &drawn, redirect_uri.as_deref())
                    }
                };
                self.signing_in(now, shared, began, r#as.as_deref())
            }
            Do::Redirect { url, of, r#as } => {
                let (sign_in, url) = shared.sign_ins.answered(of.as_deref(), url)?;
                let began = match &mut self.session {
                    Err(error) => Err(error.clone()),
                    Ok(session) => sign_in.and_then(|sign_in| session.lead_code(now, sign_in, &url)),
                };
                self.signing_in(now, shared, began, r#as.as_deref())
            }
            Do::GiveUp { of, r#as } => self.give_up(now, shared, of.as_deref(), r#as.as_deref()),
            Do::Abandon { of } => {
                let &Flight { id, waits_for, .. } = self.flight(of.as_deref())?;
                if let (Ok(session), Some(id)) = (&mut self.session, id) {
                    session.abandon(now, id);
                    shared.store.unlock(self.holder(id));
                    // Who waits has sent nothing, and no answer will come.
                    self.flights_of(id).filter(|_| waits_for.is_some()).for_each(Flight::forget);
                }
                Ok(Value::Null)
            }
            Do::Refuse { status, www_authenticate, body, of } => {
                let generation = self.generation(of.as_deref())?;
                let Ok(session) = &mut self.session else { return Err("there is no session".into()) };
                let values = www_authenticate.values();
                Ok(match session.refused(now, generation, *status, &values, body.as_bytes()) {
                    Refusal::Retry => "retry".into(),
                    Refusal::Leave => "leave".into(),
                })
            }
            Do::Outage { until, every, answer, failure } => {
                self.outage(shared, step.at..*until, *every, answer.as_ref(), *failure)
            }
            Do::ChangeSecret { connection } => self.change(now, connection),
            Do::Save { r#as } => {
                if let Ok(session) = &self.session {
                    shared.snapshots.insert(r#as.clone(), secret::snapshot_text(&session.snapshot()));
                }
                Ok(Value::Null)
            }
            Do::Restart { of, snapshot: text } => {
                let text = match of {
                    Some(of) => shared.snapshot(of)?,
                    None => text.clone().unwrap_or_default(),
                };
                Ok(self.restart(now, shared, &text))
            }
            Do::Adopt { of } => {
                let snapshot =
                    Snapshot::from_text(&shared.snapshot(of)?).map_err(|error| error.to_string())?;
                if let Ok(session) = &mut self.session {
                    session.adopt(now, snapshot);
                }
                Ok(Value::Null)
            }
            Do::SignOut { r#as } => self.sign_out(now, shared, r#as.as_deref()),
            Do::Store { .. } | Do::End {} => Err("this is no step of a process".to_string()),
        }
    }

    /// The names of the events since this was last called.
    pub(super) fn events(&mut self) -> Value {
        let Ok(session) = &mut self.session else { return json!([]) };
        std::iter::from_fn(|| session.poll_event()).map(|event| event.kind.as_str()).collect()
    }

    /// When background work is next due.
    pub(super) fn wakeup(&self) -> Value {
        let wakeup = self.session.as_ref().ok().and_then(Session::next_wakeup);
        wakeup.map_or(Value::Null, |wakeup| self.clock.seconds(wakeup))
    }

    fn acquire(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        name: Option<&str>,
    ) -> Result<Value, String> {
        match &mut self.session {
            Ok(session) => {
                let acquired = session.acquire(now);
                self.acquired(now, shared, acquired, name)
            }
            Err(error) => Ok(outcome::error(error)),
        }
    }

    fn acquired(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        acquired: Acquire,
        name: Option<&str>,
    ) -> Result<Value, String> {
        match acquired {
            Acquire::Lead { flight, .. } => self.go_on(now, shared, flight, name),
            other => Ok(self.found(other, name)),
        }
    }

    /// What somebody hears who does not lead.
    fn found(&mut self, acquired: Acquire, name: Option<&str>) -> Value {
        match acquired {
            Acquire::Ready { token } => json!({ "token": self.hand_out(&token, name) }),
            Acquire::Lead { token, .. } | Acquire::Follow { token, .. } => {
                json!({ "follow": { "token": self.hand_out_or_null(token.as_ref(), name) } })
            }
            Acquire::Wait { until, why } => self.clock.wait(Some(until), &why),
            Acquire::Denied { why } => outcome::error(&why),
        }
    }

    /// Performs a flight's steps up to the one that the scenario answers.
    fn go_on(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        flight: FlightId,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let before = self.newest()?;
        match self.drive(now, shared, flight)? {
            Halt::Over(why) if self.errand(flight).is_none() => {
                self.over(flight, before)?;
                self.settled(now, why.as_ref(), name)
            }
            Halt::Over(why) => self.errand_over(now, flight, before, why.as_ref(), name),
            halt => self.halted(now, shared, flight, halt, name),
        }
    }

    /// Performs a flight's steps at the store, up to one that the scenario answers or to its end.
    fn drive(&mut self, now: Timestamp, shared: &mut Shared<'_>, flight: FlightId) -> Result<Halt, String> {
        use cxauth_core::Step;
        let holder = self.holder(flight);
        let done_or_failed = |is_done| match is_done {
            true => StepResult::Done,
            false => StepResult::Failed(Failure::Interrupted),
        };
        let signs = self.signs;
        let mut shown = None;
        for _ in 0..MOST_STEPS {
            let session = self.session()?;
            let result = match session.next(now, flight) {
                Step::Lock => match shared.store.lock(holder) {
                    Locking::Taken => StepResult::Done,
                    Locking::Held => return Ok(Halt::Locked),
                    Locking::Failed => done_or_failed(false),
                },
                Step::Load => match shared.store.load() {
                    Ok(snapshot) => StepResult::Loaded(snapshot),
                    Err(_) => done_or_failed(false),
                },
                Step::Save { snapshot } => done_or_failed(shared.store.save(holder, &snapshot).is_ok()),
                Step::Unlock => {
                    shared.store.unlock(holder);
                    StepResult::Done
                }
                Step::Sign { .. } if signs => StepResult::Signature(SIGNATURE.to_vec()),
                Step::Sign { .. } => StepResult::Failed(Failure::Connect),
                Step::Send { request } => {
                    let (request, state) = outcome::request(&request);
                    return Ok(Halt::Send(request, state));
                }
                Step::Provide => return Ok(Halt::Send(Value::Null, None)),
                Step::Authorize { authorization } => {
                    session.done(now, flight, StepResult::Done);
                    return match session.next(now, flight) {
                        Step::Done { why: None } => Ok(Halt::Authorize(authorization)),
                        step => Err(format!("a step that no scenario has: {step:?}")),
                    };
                }
                Step::Prompt { prompt } => {
                    shown = Some(prompt);
                    StepResult::Done
                }
                Step::Pause { until } => return Ok(Halt::Pause(shown, until)),
                Step::Done { why } => {
                    // Who signed out while this one waited for the lock ended it.
                    shared.store.unlock(holder);
                    return Ok(Halt::Over(why));
                }
                step => {
                    return Err(format!("a step that no scenario has: {step:?}"));
                }
            };
            session.done(now, flight, result);
        }
        Err("the flight comes to no end".to_string())
    }

    /// A flight that stands at a step of the scenario is the latest one now. Every name that it ever had stays good.
    fn halted(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        id: FlightId,
        halt: Halt,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let token = self.session()?.usable(now).cloned();
        let (waits_for, state, outcome) = match halt {
            Halt::Authorize(authorization) => return self.authorized(shared, id, &authorization, name),
            Halt::Pause(None, until) => (Some(Wanted::Time), None, self.clock.pause(until)),
            Halt::Pause(Some(prompt), until) => (Some(Wanted::Time), None, self.clock.prompt(&prompt, until)),
            Halt::Send(request, state) => {
                let token = self.hand_out_or_null(token.as_ref(), None);
                (None, state, json!({ "lead": { "token": token, "request": request } }))
            }
            Halt::Locked | Halt::Over(_) => {
                let token = self.hand_out_or_null(token.as_ref(), None);
                (Some(Wanted::Lock), None, json!({ "locked": { "token": token } }))
            }
        };
        let errand = self.errand(id);
        self.flights.retain(|flight| flight.name.is_some() || flight.id != Some(id));
        self.flights.push(Flight { name: name.map(str::to_string), id: Some(id), waits_for, errand, state });
        self.flights_of(id).for_each(|flight| flight.waits_for = waits_for);
        Ok(outcome)
    }

    /// The flight is over, and what is kept of its sign-in goes by its names.
    fn authorized(
        &mut self,
        shared: &mut Shared<'_>,
        id: FlightId,
        authorization: &Authorization,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let (outcome, state) = sign_in::authorize(authorization)?;
        let mut names: Vec<_> = name.map(str::to_string).into_iter().collect();
        let mut pushed = None;
        for flight in self.flights_of(id) {
            names.extend(flight.name.clone());
            pushed = pushed.or_else(|| flight.state.clone());
        }
        let state = state.or(pushed).ok_or("no state went out with the sign-in")?;
        shared.sign_ins.keep(names, state, authorization.sign_in())?;
        Ok(outcome)
    }

    /// Leads a flight of a sign-in, if one began.
    fn signing_in(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        began: Result<FlightId, Error>,
        name: Option<&str>,
    ) -> Result<Value, String> {
        match began {
            Ok(id) => self.errand_begins(now, shared, id, Errand::SignIn, name),
            Err(error) => Ok(outcome::error(&error)),
        }
    }

    /// A flight that nobody follows. One that is over at once was never there for the scenario.
    fn errand_begins(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        id: FlightId,
        errand: Errand,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let name = name.map(str::to_string);
        let flight = Flight { name, id: Some(id), waits_for: None, errand: Some(errand), state: None };
        self.flights.push(flight);
        let outcome = self.go_on(now, shared, id, None)?;
        let stands = ["lead", "locked", "prompt", "pause"].iter().any(|key| outcome.get(key).is_some());
        if errand == Errand::SignIn && !stands {
            self.flights.retain(|flight| flight.id != Some(id));
        }
        Ok(outcome)
    }

    /// What comes of a flight that nobody followed.
    fn errand_over(
        &mut self,
        now: Timestamp,
        flight: FlightId,
        before: u64,
        why: Option<&Error>,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let brought = match self.errand(flight) {
            Some(Errand::SignIn) => self.over(flight, before)?,
            _ => {
                self.flights_of(flight).for_each(|flight| flight.waits_for = None);
                false
            }
        };
        match why {
            Some(why) => Ok(outcome::error(why)),
            None if brought => self.settled(now, None, name),
            None => Ok(Value::Null),
        }
    }

    fn give_up(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        of: Option<&str>,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let (flight, Wanted::Lock) = self.waiting_flight(of)? else {
            return Err("the flight pauses: it does not wait for the lock".to_string());
        };
        self.done(now, shared, flight, StepResult::Failed(Failure::Timeout), name)
    }

    fn result(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        of: Option<&str>,
        result: StepResult,
        name: Option<&str>,
    ) -> Result<Value, String> {
        match *self.flight(of)? {
            Flight { waits_for: Some(Wanted::Lock), .. } => {
                Err("the flight waits for the lock: it sent nothing".to_string())
            }
            Flight { waits_for: Some(Wanted::Time), .. } => {
                Err("the flight pauses: it sent nothing".to_string())
            }
            Flight { id: Some(flight), .. } => self.done(now, shared, flight, result, name),
            Flight { id: None, .. } => Ok(Value::Null),
        }
    }

    /// How the step went at which the flight stood, and what comes of it.
    fn done(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        flight: FlightId,
        result: StepResult,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let before = self.newest()?;
        self.session()?.done(now, flight, result);
        match self.drive(now, shared, flight)? {
            Halt::Over(why) if self.errand(flight).is_none() => match (self.over(flight, before)?, why) {
                // Dropped: neither a token nor an error came of it.
                (false, None) => Ok(Value::Null),
                (_, why) => self.settled(now, why.as_ref(), name),
            },
            Halt::Over(why) => self.errand_over(now, flight, before, why.as_ref(), name),
            halt => self.halted(now, shared, flight, halt, name),
        }
    }

    /// Names the token that the flight brought. Returns whether it brought one.
    fn over(&mut self, flight: FlightId, before: u64) -> Result<bool, String> {
        let after = self.newest()?;
        let names = self.flights_of(flight).filter_map(|flight| {
            flight.waits_for = None;
            flight.name.clone()
        });
        let names: Vec<_> = names.collect();
        if after > before {
            self.tokens.extend(names.into_iter().map(|name| (name, after)));
        }
        Ok(after > before)
    }

    /// What the leader finds when its flight is over.
    fn settled(&mut self, now: Timestamp, why: Option<&Error>, name: Option<&str>) -> Result<Value, String> {
        let session = self.session()?;
        let token = session.usable(now).cloned();
        let found = session.look(now);
        // Where nothing holds back the next attempt, the flight's own error is what its leader hears.
        Ok(match (token, found, why) {
            (Some(token), _, _) => json!({ "token": self.hand_out(&token, name) }),
            (None, Some(found), _) => self.found(found, name),
            (None, None, Some(why)) if why.action() == cxauth_core::Action::Retry => {
                self.clock.wait(why.retry_at(), why)
            }
            (None, None, Some(why)) => outcome::error(why),
            (None, None, None) => Value::Null,
        })
    }

    /// Without a store nobody is told: the server is none of what such a scenario shows.
    fn sign_out(
        &mut self,
        now: Timestamp,
        shared: &mut Shared<'_>,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let has_store = self.has_store;
        match &mut self.session {
            Err(_) => Ok(Value::Null),
            Ok(session) if !has_store => {
                session.sign_out(now);
                Ok(Value::Null)
            }
            Ok(session) => {
                let id = session.lead_sign_out(now);
                self.errand_begins(now, shared, id, Errand::SignOut, name)
            }
        }
    }

    fn outage(
        &mut self,
        shared: &mut Shared<'_>,
        time: Range<f64>,
        every: f64,
        answer: Option<&AnswerText>,
        failure: Option<FailureName>,
    ) -> Result<Value, String> {
        let mut requests = 0;
        for turn in 0_u32.. {
            let at = time.start + f64::from(turn) * every;
            if at >= time.end {
                break;
            }
            let now = self.clock.moment(at);
            let mut outcome = self.acquire(now, shared, None)?;
            while outcome.get("lead").is_some() {
                requests += 1;
                let result = match (answer, failure) {
                    (Some(answer), _) => StepResult::Answer(answer.to_answer()?),
                    (None, Some(failure)) => StepResult::Failed(failure.into()),
                    (None, None) => return Err("an outage without an answer".to_string()),
                };
                outcome = self.result(now, shared, None, result, None)?;
            }
        }
        Ok(json!({ "requests": requests }))
    }

    fn change(&mut self, now: Timestamp, connection: &Map<String, Value>) -> Result<Value, String> {
        let changes = super::scenario::settings(connection)?.map_err(|error| error.to_string())?;
        self.settings = match &self.settings {
            Ok(settings) => Ok(changes.clone().or(settings.clone())),
            Err(_) => Ok(changes.clone()),
        };
        match &mut self.session {
            Ok(session) => session.change(now, changes).map_err(|error| error.to_string())?,
            Err(_) => {
                let connection = self.settings.clone().and_then(Connection::new);
                let session = connection.map(|connection| Session::open(connection, now, &self.entropy));
                self.session = session.map(|session| self.sharing(session));
            }
        }
        Ok(Value::Null)
    }

    fn restart(&mut self, now: Timestamp, shared: &mut Shared<'_>, text: &str) -> Value {
        let connection = self.settings.clone().and_then(Connection::new);
        match connection.and_then(|connection| Ok((connection, Snapshot::from_text(text)?))) {
            Ok((connection, snapshot)) => {
                let session = Session::restore(connection, now, &self.entropy, snapshot);
                self.session = Ok(self.sharing(session));
                self.flights.iter_mut().for_each(Flight::forget);
                shared.store.free(self.number);
                Value::Null
            }
            Err(error) => outcome::error(&error),
        }
    }

    fn sharing(&self, session: Session) -> Session {
        if self.has_store { session.with_store() } else { session }
    }

    fn session(&mut self) -> Result<&mut Session, String> {
        self.session.as_mut().map_err(|error| format!("there is no session: {error}"))
    }

    /// The generation of what the session holds.
    fn newest(&mut self) -> Result<u64, String> {
        Ok(self.session()?.snapshot().generation())
    }

    fn holder(&self, flight: FlightId) -> Holder {
        Holder::Flight { process: self.number, flight }
    }

    fn flight(&self, of: Option<&str>) -> Result<&Flight, String> {
        let found = match of {
            Some(name) => self.flights.iter().rev().find(|flight| flight.name.as_deref() == Some(name)),
            None => self.flights.last(),
        };
        found.ok_or_else(|| match of {
            Some(name) => format!("`of`: there is no flight {name}"),
            None => "there is no flight".to_string(),
        })
    }

    fn waiting_flight(&self, of: Option<&str>) -> Result<(FlightId, Wanted), String> {
        let flight = self.flight(of)?;
        let waiting = flight.id.zip(flight.waits_for);
        waiting.ok_or_else(|| "the flight does not wait for the lock, and does not pause".to_string())
    }

    /// The flight under each of its names.
    fn flights_of(&mut self, id: FlightId) -> impl Iterator<Item = &mut Flight> {
        self.flights.iter_mut().filter(move |flight| flight.id == Some(id))
    }

    fn errand(&self, id: FlightId) -> Option<Errand> {
        self.flights.iter().find(|flight| flight.id == Some(id)).and_then(|flight| flight.errand)
    }

    fn generation(&self, of: Option<&str>) -> Result<u64, String> {
        match of {
            Some(name) => {
                self.tokens.get(name).copied().ok_or_else(|| format!("`of`: there is no token {name}"))
            }
            None => self.handed_out.ok_or_else(|| "no token was handed out yet".to_string()),
        }
    }

    fn hand_out_or_null(&mut self, token: Option<&AccessToken>, name: Option<&str>) -> Value {
        token.map_or(Value::Null, |token| self.hand_out(token, name))
    }

    fn hand_out(&mut self, token: &AccessToken, name: Option<&str>) -> Value {
        self.handed_out = Some(token.generation());
        if let Some(name) = name {
            self.tokens.insert(name.to_string(), token.generation());
        }
        self.clock.token(token)
    }
}

/// The operating system's entropy of one sign-in: any bytes are as good as others, as long as they are not the same twice.
fn drawn(entropy: [u8; 16], number: u8) -> [u8; 64] {
    std::array::from_fn(|index| {
        let byte = entropy.get(index % 16).copied().unwrap_or_default();
        byte.wrapping_add((index as u8).wrapping_mul(29)) ^ number.wrapping_mul(83)
    })
}
