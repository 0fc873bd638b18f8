//! One process of a scenario: the core's session, its flights and tokens by name, and the driving of flights.

use super::{
    outcome::{self, Clock},
    scenario::{AnswerText, Do, FailureName, Step},
    store::{Holder, Locking, Store},
};
use crate::secret;
use cxauth_core::{
    AccessToken, Acquire, Connection, Error, Failure, FlightId, Refusal, Session, Settings, Snapshot,
    StepResult, Timestamp,
};
use serde_json::{Map, Value, json};
use std::{collections::HashMap, ops::Range};

/// More steps at the store than any flight has between two requests.
const MOST_STEPS: usize = 64;

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
}

/// What belongs to the scenario and not to one process.
pub(super) struct Shared<'world> {
    pub(super) store: &'world mut Store,
    pub(super) snapshots: &'world mut HashMap<String, String>,
}

/// Where a flight stands when its driver can do no more by itself.
enum Halt {
    /// It sends this; null for the grant `external`.
    Send(Value),
    /// Somebody else holds the store's lock.
    Locked,
    /// It is over, and why it brought nothing, if it did not.
    Over(Option<Error>),
}

/// A flight of which the scenario may speak.
struct Flight {
    name: Option<String>,
    /// None for a flight of which nothing can come.
    id: Option<FlightId>,
    /// It waits for the store's lock.
    is_locked: bool,
    signs_out: bool,
}

impl Flight {
    /// The session knows nothing of it any more, or nothing can come of it.
    fn forget(&mut self) {
        self.id = None;
        self.is_locked = false;
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
        }
    }

    pub(super) fn number(&self) -> u8 {
        self.number
    }

    /// Performs one step. The error is a mistake in the scenario, or a step of the core that no scenario has.
    pub(super) fn perform(&mut self, step: &Step, shared: Shared<'_>) -> Result<Value, String> {
        let now = self.clock.moment(step.at);
        let Shared { store, snapshots } = shared;
        let snapshot = |of: &String| {
            snapshots.get(of).cloned().ok_or_else(|| format!("`of`: there is no snapshot {of}"))
        };
        match &step.action {
            Do::Acquire { r#as } => self.acquire(now, store, r#as.as_deref()),
            Do::Wake { r#as } => {
                let Ok(session) = &mut self.session else { return Ok(Value::Null) };
                match session.wake(now) {
                    Some(acquired) => self.acquired(now, store, acquired, r#as.as_deref()),
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
                self.result(now, store, of.as_deref(), result, r#as.as_deref())
            }
            Do::Fail { failure, of, r#as } => {
                let result = StepResult::Failed((*failure).into());
                self.result(now, store, of.as_deref(), result, r#as.as_deref())
            }
            Do::GoOn { of, r#as } => {
                let flight = self.locked_flight(of.as_deref())?;
                self.go_on(now, store, flight, r#as.as_deref())
            }
            Do::GiveUp { of, r#as } => self.give_up(now, store, of.as_deref(), r#as.as_deref()),
            Do::Abandon { of } => {
                let &Flight { id, is_locked, .. } = self.flight(of.as_deref())?;
                if let (Ok(session), Some(id)) = (&mut self.session, id) {
                    session.abandon(now, id);
                    store.unlock(self.holder(id));
                    // Who never got the lock sent nothing, and no answer will come.
                    self.flights_of(id).filter(|_| is_locked).for_each(Flight::forget);
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
                self.outage(store, step.at..*until, *every, answer.as_ref(), *failure)
            }
            Do::ChangeSecret { connection } => self.change(now, connection),
            Do::Save { r#as } => {
                if let Ok(session) = &self.session {
                    snapshots.insert(r#as.clone(), secret::snapshot_text(&session.snapshot()));
                }
                Ok(Value::Null)
            }
            Do::Restart { of, snapshot: text } => {
                let text = match of {
                    Some(of) => snapshot(of)?,
                    None => text.clone().unwrap_or_default(),
                };
                Ok(self.restart(now, store, &text))
            }
            Do::Adopt { of } => {
                let snapshot = Snapshot::from_text(&snapshot(of)?).map_err(|error| error.to_string())?;
                if let Ok(session) = &mut self.session {
                    session.adopt(now, snapshot);
                }
                Ok(Value::Null)
            }
            Do::SignOut { r#as } => self.sign_out(now, store, r#as.as_deref()),
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

    fn acquire(&mut self, now: Timestamp, store: &mut Store, name: Option<&str>) -> Result<Value, String> {
        match &mut self.session {
            Ok(session) => {
                let acquired = session.acquire(now);
                self.acquired(now, store, acquired, name)
            }
            Err(error) => Ok(outcome::error(error)),
        }
    }

    fn acquired(
        &mut self,
        now: Timestamp,
        store: &mut Store,
        acquired: Acquire,
        name: Option<&str>,
    ) -> Result<Value, String> {
        match acquired {
            Acquire::Lead { flight, .. } => self.go_on(now, store, flight, name),
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
        store: &mut Store,
        flight: FlightId,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let before = self.newest()?;
        match self.drive(now, store, flight)? {
            Halt::Over(why) if self.signs_out(flight) => Ok(self.signed_out(flight, why.as_ref())),
            Halt::Over(why) => {
                self.over(flight, before)?;
                self.settled(now, why.as_ref(), name)
            }
            halt => self.halted(now, flight, halt, name),
        }
    }

    /// Performs a flight's steps at the store, up to one that the scenario answers or to its end.
    fn drive(&mut self, now: Timestamp, store: &mut Store, flight: FlightId) -> Result<Halt, String> {
        use cxauth_core::Step;
        let holder = self.holder(flight);
        let done_or_failed = |is_done| match is_done {
            true => StepResult::Done,
            false => StepResult::Failed(Failure::Interrupted),
        };
        for _ in 0..MOST_STEPS {
            let session = self.session()?;
            let result = match session.next(now, flight) {
                Step::Lock => match store.lock(holder) {
                    Locking::Taken => StepResult::Done,
                    Locking::Held => return Ok(Halt::Locked),
                    Locking::Failed => done_or_failed(false),
                },
                Step::Load => match store.load() {
                    Ok(snapshot) => StepResult::Loaded(snapshot),
                    Err(_) => done_or_failed(false),
                },
                Step::Save { snapshot } => done_or_failed(store.save(holder, &snapshot).is_ok()),
                Step::Unlock => {
                    store.unlock(holder);
                    StepResult::Done
                }
                Step::Send { request } => return Ok(Halt::Send(outcome::request(&request))),
                Step::Provide => return Ok(Halt::Send(Value::Null)),
                Step::Done { why } => {
                    // Who signed out while this one waited for the lock ended it.
                    store.unlock(holder);
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
        id: FlightId,
        halt: Halt,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let signs_out = self.signs_out(id);
        let is_locked = matches!(halt, Halt::Locked);
        self.flights.retain(|flight| flight.name.is_some() || flight.id != Some(id));
        self.flights.push(Flight { name: name.map(str::to_string), id: Some(id), is_locked, signs_out });
        self.flights_of(id).for_each(|flight| flight.is_locked = is_locked);
        let token = self.session()?.usable(now).cloned();
        let token = self.hand_out_or_null(token.as_ref(), None);
        Ok(match halt {
            Halt::Send(request) => json!({ "lead": { "token": token, "request": request } }),
            Halt::Locked | Halt::Over(_) => json!({ "locked": { "token": token } }),
        })
    }

    fn give_up(
        &mut self,
        now: Timestamp,
        store: &mut Store,
        of: Option<&str>,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let flight = self.locked_flight(of)?;
        self.done(now, store, flight, StepResult::Failed(Failure::Timeout), name)
    }

    fn result(
        &mut self,
        now: Timestamp,
        store: &mut Store,
        of: Option<&str>,
        result: StepResult,
        name: Option<&str>,
    ) -> Result<Value, String> {
        match *self.flight(of)? {
            Flight { is_locked: true, .. } => {
                Err("the flight waits for the lock: it sent nothing".to_string())
            }
            Flight { id: Some(flight), .. } => self.done(now, store, flight, result, name),
            Flight { id: None, .. } => Ok(Value::Null),
        }
    }

    /// How the step went at which the flight stood, and what comes of it.
    fn done(
        &mut self,
        now: Timestamp,
        store: &mut Store,
        flight: FlightId,
        result: StepResult,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let before = self.newest()?;
        self.session()?.done(now, flight, result);
        match self.drive(now, store, flight)? {
            Halt::Over(why) if self.signs_out(flight) => Ok(self.signed_out(flight, why.as_ref())),
            Halt::Over(why) => match (self.over(flight, before)?, why) {
                // Dropped: neither a token nor an error came of it.
                (false, None) => Ok(Value::Null),
                (_, why) => self.settled(now, why.as_ref(), name),
            },
            halt => self.halted(now, flight, halt, name),
        }
    }

    /// Names the token that the flight brought. Returns whether it brought one.
    fn over(&mut self, flight: FlightId, before: u64) -> Result<bool, String> {
        let after = self.newest()?;
        let names = self.flights_of(flight).filter_map(|flight| {
            flight.is_locked = false;
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
    fn sign_out(&mut self, now: Timestamp, store: &mut Store, name: Option<&str>) -> Result<Value, String> {
        let has_store = self.has_store;
        match &mut self.session {
            Err(_) => Ok(Value::Null),
            Ok(session) if !has_store => {
                session.sign_out(now);
                Ok(Value::Null)
            }
            Ok(session) => {
                let id = session.lead_sign_out(now);
                let name = name.map(str::to_string);
                self.flights.push(Flight { name, id: Some(id), is_locked: false, signs_out: true });
                self.go_on(now, store, id, None)
            }
        }
    }

    fn signed_out(&mut self, flight: FlightId, why: Option<&Error>) -> Value {
        self.flights_of(flight).for_each(|flight| flight.is_locked = false);
        why.map_or(Value::Null, outcome::error)
    }

    fn outage(
        &mut self,
        store: &mut Store,
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
            let mut outcome = self.acquire(now, store, None)?;
            while outcome.get("lead").is_some() {
                requests += 1;
                let result = match (answer, failure) {
                    (Some(answer), _) => StepResult::Answer(answer.to_answer()?),
                    (None, Some(failure)) => StepResult::Failed(failure.into()),
                    (None, None) => return Err("an outage without an answer".to_string()),
                };
                outcome = self.result(now, store, None, result, None)?;
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

    fn restart(&mut self, now: Timestamp, store: &mut Store, text: &str) -> Value {
        let connection = self.settings.clone().and_then(Connection::new);
        match connection.and_then(|connection| Ok((connection, Snapshot::from_text(text)?))) {
            Ok((connection, snapshot)) => {
                let session = Session::restore(connection, now, &self.entropy, snapshot);
                self.session = Ok(self.sharing(session));
                self.flights.iter_mut().for_each(Flight::forget);
                store.free(self.number);
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

    fn locked_flight(&self, of: Option<&str>) -> Result<FlightId, String> {
        let flight = self.flight(of)?;
        let locked = flight.id.filter(|_| flight.is_locked);
        locked.ok_or_else(|| "the flight does not wait for the lock".to_string())
    }

    /// The flight under each of its names.
    fn flights_of(&mut self, id: FlightId) -> impl Iterator<Item = &mut Flight> {
        self.flights.iter_mut().filter(move |flight| flight.id == Some(id))
    }

    fn signs_out(&self, id: FlightId) -> bool {
        self.flights.iter().any(|flight| flight.id == Some(id) && flight.signs_out)
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
