//! Plays a session scenario's steps on the core's session.

use super::scenario::{AnswerText, Do, FailureName, Step};
use crate::secret;
use cxauth_core::{
    AccessToken, Acquire, Connection, Error, FlightId, Refusal, Session, Settings, Snapshot, StepResult,
    Timestamp, TokenRequest,
};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

pub(super) struct Player {
    epoch: Timestamp,
    entropy: [u8; 16],
    settings: Result<Settings, Error>,
    /// The error of a connection that is wrong in itself.
    session: Result<Session, Error>,
    /// The latest last.
    flights: Vec<Flight>,
    tokens: HashMap<String, u64>,
    /// The generation of the token last handed out.
    handed_out: Option<u64>,
    snapshots: HashMap<String, String>,
}

struct Flight {
    name: Option<String>,
    /// None for a flight of a session that is gone.
    id: Option<FlightId>,
}

impl Player {
    pub(super) fn open(settings: Result<Settings, Error>, epoch: f64, start: f64, entropy: [u8; 16]) -> Self {
        let epoch = Timestamp::default().plus_millis(millis(epoch));
        let now = epoch.plus_millis(millis(start));
        let connection = settings.clone().and_then(Connection::new);
        let session = connection.map(|connection| Session::open(connection, now, &entropy));
        Self {
            epoch,
            entropy,
            settings,
            session,
            flights: Vec::new(),
            tokens: HashMap::new(),
            handed_out: None,
            snapshots: HashMap::new(),
        }
    }

    /// Performs one step. The error is a mistake in the scenario, or a step of the core that no scenario has.
    pub(super) fn perform(&mut self, step: &Step) -> Result<Value, String> {
        let now = self.moment(step.at);
        match &step.action {
            Do::Acquire { r#as } => self.acquire(now, r#as.as_deref()),
            Do::Wake { r#as } => {
                let Ok(session) = &mut self.session else { return Ok(Value::Null) };
                match session.wake(now) {
                    Some(acquired) => self.acquired(now, acquired, r#as.as_deref()),
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
                self.result(now, of.as_deref(), result, r#as.as_deref())
            }
            Do::Fail { failure, of, r#as } => {
                self.result(now, of.as_deref(), StepResult::Failed((*failure).into()), r#as.as_deref())
            }
            Do::Abandon { of } => {
                let flight = self.flight(of.as_deref())?;
                if let (Ok(session), Some(flight)) = (&mut self.session, flight) {
                    session.abandon(now, flight);
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
                self.outage(step.at, *until, *every, answer.as_ref(), *failure)
            }
            Do::ChangeSecret { connection } => self.change(now, connection),
            Do::Save { r#as } => {
                if let Ok(session) = &self.session {
                    self.snapshots.insert(r#as.clone(), secret::snapshot_text(&session.snapshot()));
                }
                Ok(Value::Null)
            }
            Do::Restart { of, snapshot } => {
                let text = match (of, snapshot) {
                    (Some(of), _) => self.snapshot(of)?,
                    (None, snapshot) => snapshot.clone().unwrap_or_default(),
                };
                Ok(self.restart(now, &text))
            }
            Do::Adopt { of } => {
                let text = self.snapshot(of)?;
                let snapshot = Snapshot::from_text(&text).map_err(|error| error.to_string())?;
                if let Ok(session) = &mut self.session {
                    session.adopt(now, snapshot);
                }
                Ok(Value::Null)
            }
            Do::SignOut {} => {
                if let Ok(session) = &mut self.session {
                    session.sign_out(now);
                }
                Ok(Value::Null)
            }
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
        wakeup.map_or(Value::Null, |wakeup| self.seconds(wakeup))
    }

    fn acquire(&mut self, now: Timestamp, name: Option<&str>) -> Result<Value, String> {
        match &mut self.session {
            Ok(session) => {
                let acquired = session.acquire(now);
                self.acquired(now, acquired, name)
            }
            Err(error) => Ok(json!({ "error": error_value(error), "no_token": no_token(error) })),
        }
    }

    fn acquired(&mut self, now: Timestamp, acquired: Acquire, name: Option<&str>) -> Result<Value, String> {
        Ok(match acquired {
            Acquire::Ready { token } => json!({ "token": self.hand_out(&token, name) }),
            Acquire::Lead { flight, token, .. } => {
                return self.go_on(now, flight, token.as_ref(), name);
            }
            Acquire::Follow { token, .. } => {
                json!({ "follow": { "token": self.hand_out_or_null(token.as_ref(), name) } })
            }
            Acquire::Wait { until, why } => self.wait(Some(until), &why),
            Acquire::Denied { why } => json!({ "error": error_value(&why), "no_token": no_token(&why) }),
        })
    }

    /// Performs a flight's steps up to the one that the scenario answers.
    fn go_on(
        &mut self,
        now: Timestamp,
        flight: FlightId,
        token: Option<&AccessToken>,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let request = match self.session()?.next(now, flight) {
            cxauth_core::Step::Send { request } => request_value(&request),
            cxauth_core::Step::Provide => Value::Null,
            cxauth_core::Step::Done { why } => return self.settled(now, why.as_ref(), name),
            step => return Err(format!("a step that no scenario has: {step:?}")),
        };
        self.flights.retain(|other| other.name.is_some() || other.id != Some(flight));
        self.flights.push(Flight { name: name.map(str::to_string), id: Some(flight) });
        Ok(json!({ "lead": { "token": self.hand_out_or_null(token, None), "request": request } }))
    }

    fn result(
        &mut self,
        now: Timestamp,
        of: Option<&str>,
        result: StepResult,
        name: Option<&str>,
    ) -> Result<Value, String> {
        let Some(flight) = self.flight(of)? else { return Ok(Value::Null) };
        let before = self.session()?.snapshot().generation();
        let session = self.session()?;
        session.done(now, flight, result);
        if let step @ (cxauth_core::Step::Send { .. } | cxauth_core::Step::Provide) =
            session.next(now, flight)
        {
            drop(step);
            let token = session.usable(now).cloned();
            return self.go_on(now, flight, token.as_ref(), name);
        }
        let cxauth_core::Step::Done { why } = session.next(now, flight) else {
            return Err("the flight goes on with a step that no scenario has".to_string());
        };
        let after = session.snapshot().generation();
        if after > before {
            let names = self.flights.iter().filter(|other| other.id == Some(flight));
            let names: Vec<_> = names.filter_map(|other| other.name.clone()).collect();
            self.tokens.extend(names.into_iter().map(|name| (name, after)));
        } else if why.is_none() {
            // Dropped: neither a token nor an error came of it.
            return Ok(Value::Null);
        }
        self.settled(now, why.as_ref(), name)
    }

    /// What the leader finds when its flight is over.
    fn settled(&mut self, now: Timestamp, why: Option<&Error>, name: Option<&str>) -> Result<Value, String> {
        let session = self.session()?;
        let token = session.usable(now).cloned();
        let found = session.look(now);
        // Where nothing holds back the next attempt, the flight's own error is what its leader hears.
        Ok(match (token, found, why) {
            (Some(token), _, _) => json!({ "token": self.hand_out(&token, name) }),
            (None, Some(found), _) => self.acquired(now, found, name)?,
            (None, None, Some(why)) if why.action() == cxauth_core::Action::Retry => {
                self.wait(why.retry_at(), why)
            }
            (None, None, Some(why)) => json!({ "error": error_value(why), "no_token": no_token(why) }),
            (None, None, None) => Value::Null,
        })
    }

    fn outage(
        &mut self,
        from: f64,
        until: f64,
        every: f64,
        answer: Option<&AnswerText>,
        failure: Option<FailureName>,
    ) -> Result<Value, String> {
        let mut requests = 0;
        for turn in 0_u32.. {
            let at = from + f64::from(turn) * every;
            if at >= until {
                break;
            }
            let now = self.moment(at);
            let mut outcome = self.acquire(now, None)?;
            while outcome.get("lead").is_some() {
                requests += 1;
                let result = match (answer, failure) {
                    (Some(answer), _) => StepResult::Answer(answer.to_answer()?),
                    (None, Some(failure)) => StepResult::Failed(failure.into()),
                    (None, None) => return Err("an outage without an answer".to_string()),
                };
                outcome = self.result(now, None, result, None)?;
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
                self.session = connection.map(|connection| Session::open(connection, now, &self.entropy));
            }
        }
        Ok(Value::Null)
    }

    fn restart(&mut self, now: Timestamp, text: &str) -> Value {
        let connection = self.settings.clone().and_then(Connection::new);
        match connection.and_then(|connection| Ok((connection, Snapshot::from_text(text)?))) {
            Ok((connection, snapshot)) => {
                self.session = Ok(Session::restore(connection, now, &self.entropy, snapshot));
                for flight in &mut self.flights {
                    flight.id = None;
                }
                Value::Null
            }
            Err(error) => json!({ "error": error_value(&error), "no_token": no_token(&error) }),
        }
    }

    fn session(&mut self) -> Result<&mut Session, String> {
        self.session.as_mut().map_err(|error| format!("there is no session: {error}"))
    }

    fn flight(&self, of: Option<&str>) -> Result<Option<FlightId>, String> {
        let found = match of {
            Some(name) => self.flights.iter().rev().find(|flight| flight.name.as_deref() == Some(name)),
            None => self.flights.last(),
        };
        match (found, of) {
            (Some(flight), _) => Ok(flight.id),
            (None, Some(name)) => Err(format!("`of`: there is no flight {name}")),
            (None, None) => Err("there is no flight".to_string()),
        }
    }

    fn generation(&self, of: Option<&str>) -> Result<u64, String> {
        match of {
            Some(name) => {
                self.tokens.get(name).copied().ok_or_else(|| format!("`of`: there is no token {name}"))
            }
            None => self.handed_out.ok_or_else(|| "no token was handed out yet".to_string()),
        }
    }

    fn snapshot(&self, of: &str) -> Result<String, String> {
        self.snapshots.get(of).cloned().ok_or_else(|| format!("`of`: there is no snapshot {of}"))
    }

    fn hand_out_or_null(&mut self, token: Option<&AccessToken>, name: Option<&str>) -> Value {
        token.map_or(Value::Null, |token| self.hand_out(token, name))
    }

    fn hand_out(&mut self, token: &AccessToken, name: Option<&str>) -> Value {
        self.handed_out = Some(token.generation());
        if let Some(name) = name {
            self.tokens.insert(name.to_string(), token.generation());
        }
        let mut headers: Map<String, Value> =
            token.api_headers().map(|(name, value)| (name.to_string(), value.into())).collect();
        headers.insert(token.header_name().to_string(), secret::header_value_as_json(token));
        let expires_at = token.expires_at().map_or(Value::Null, |moment| self.seconds(moment));
        json!({ "headers": headers, "expires_at": expires_at, "scopes": token.scopes() })
    }

    fn wait(&self, until: Option<Timestamp>, why: &Error) -> Value {
        let until = until.map_or(Value::Null, |until| self.seconds(until));
        json!({ "wait": { "until": until, "error": error_value(why) }, "no_token": no_token(why) })
    }

    fn seconds(&self, moment: Timestamp) -> Value {
        (moment.millis_since(self.epoch) as f64 / 1000.0).into()
    }

    fn moment(&self, at: f64) -> Timestamp {
        self.epoch.plus_millis(millis(at))
    }
}

fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

fn error_value(error: &Error) -> Value {
    json!({
        "action": error.action().as_str(),
        "code": error.code().as_str(),
        "server_error": error.server_error(),
    })
}

fn no_token(error: &Error) -> Value {
    json!({ "server_error": error.server_error() })
}

fn request_value(request: &TokenRequest) -> Value {
    let headers: Map<String, Value> =
        request.headers().map(|(name, value)| (name.to_string(), value.into())).collect();
    let mut value = json!({
        "method": request.method(),
        "url": request.url(),
        "body": String::from_utf8_lossy(request.body()),
    });
    match headers.get("content-type").and_then(Value::as_str) {
        Some("application/x-www-form-urlencoded") => value["form"] = form(request.body()),
        Some("application/json") => {
            value["json"] = serde_json::from_slice(request.body()).unwrap_or_default();
        }
        _ => {}
    }
    value["headers"] = headers.into();
    value
}

/// A field that stands twice comes out as an array, which no expectation of one text equals.
fn form(body: &[u8]) -> Value {
    let mut form = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let value = Value::from(value);
        match form.get_mut(&*name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
            None => {
                form.insert(name.into_owned(), value);
            }
        }
    }
    form.into()
}
