//! One scenario: reading it, and running it by its kind.

use super::{
    expectation::{self, Shape},
    outcome::{self, Clock},
    store::Operation,
    world::World,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use cxauth_core::{Answer, Challenge, Connection, Error, ErrorCode, Failure, Metadata, Settings};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A session scenario must hold for every entropy; it is repeated with this many.
const ENTROPIES: u8 = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    #[serde(rename = "id")]
    _id: String,
    kind: Kind,
    #[serde(default, rename = "why")]
    _why: Option<String>,
    #[serde(default = "default_epoch")]
    epoch: f64,
    #[serde(default = "default_connection")]
    connection: Map<String, Value>,
    #[serde(default, deserialize_with = "present")]
    store: Option<bool>,
    answer: Option<AnswerText>,
    header: Option<String>,
    url: Option<String>,
    issuer: Option<String>,
    #[serde(default, deserialize_with = "present")]
    addresses: Option<bool>,
    steps: Option<Vec<Map<String, Value>>>,
    #[serde(default, deserialize_with = "present")]
    expect: Option<Value>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Answer,
    Session,
    Challenge,
    Destination,
    Metadata,
}

/// What a session is given next, and what must come out.
pub(super) struct Step {
    pub(super) at: f64,
    /// The process whose step it is, by its name.
    pub(super) session: Option<String>,
    /// Whether the client's key can sign, where the step says it.
    pub(super) signs: Option<bool>,
    pub(super) action: Do,
    /// Where it stands, for the reader of a difference.
    place: String,
    expect: Option<Value>,
    wakeup: Option<Value>,
    events: Option<Value>,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Do {
    Acquire {
        r#as: Option<String>,
    },
    Peek {},
    Answer {
        answer: AnswerText,
        of: Option<String>,
        r#as: Option<String>,
    },
    Fail {
        failure: FailureName,
        of: Option<String>,
        r#as: Option<String>,
    },
    Abandon {
        of: Option<String>,
    },
    Refuse {
        status: u16,
        #[serde(default)]
        www_authenticate: Fields,
        #[serde(default)]
        body: String,
        of: Option<String>,
    },
    Wake {
        r#as: Option<String>,
    },
    Outage {
        until: f64,
        every: f64,
        answer: Option<AnswerText>,
        failure: Option<FailureName>,
    },
    ChangeSecret {
        connection: Map<String, Value>,
    },
    Save {
        r#as: String,
    },
    Restart {
        of: Option<String>,
        snapshot: Option<String>,
    },
    Adopt {
        of: String,
    },
    SignOut {
        r#as: Option<String>,
    },
    SignIn {
        redirect_uri: Option<String>,
        #[serde(default)]
        device: bool,
        r#as: Option<String>,
    },
    Redirect {
        url: String,
        of: Option<String>,
        r#as: Option<String>,
    },
    GoOn {
        of: Option<String>,
        r#as: Option<String>,
    },
    GiveUp {
        of: Option<String>,
        r#as: Option<String>,
    },
    Store {
        #[serde(default, deserialize_with = "present")]
        fails: Option<Vec<Operation>>,
        #[serde(default, deserialize_with = "present")]
        held: Option<bool>,
        #[serde(default)]
        loses_lock: bool,
        /// Null for nothing.
        #[serde(default, deserialize_with = "present")]
        snapshot: Option<Option<String>>,
    },
    End {},
}

/// The values of a header field: none, one, or more.
#[derive(Default, Deserialize)]
#[serde(untagged)]
pub(super) enum Fields {
    #[default]
    None,
    One(String),
    More(Vec<String>),
}

impl Fields {
    pub(super) fn values(&self) -> Vec<&str> {
        match self {
            Self::None => Vec::new(),
            Self::One(value) => vec![value],
            Self::More(values) => values.iter().map(String::as_str).collect(),
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FailureName {
    Connect,
    Timeout,
    Interrupted,
}

impl From<FailureName> for Failure {
    fn from(name: FailureName) -> Self {
        match name {
            FailureName::Connect => Self::Connect,
            FailureName::Timeout => Self::Timeout,
            FailureName::Interrupted => Self::Interrupted,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerText {
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    body_base64: Option<String>,
}

impl AnswerText {
    pub(super) fn to_answer(&self) -> Result<Answer, String> {
        Ok(Answer::new(self.status, self.headers.iter().cloned(), self.bytes()?))
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        match &self.body_base64 {
            Some(text) => BASE64_STANDARD.decode(text).map_err(|error| format!("body_base64: {error}")),
            None => Ok(self.body.clone().into_bytes()),
        }
    }
}

impl Scenario {
    /// Reads it; the error names what is wrong.
    pub(super) fn from_value(value: Value) -> Result<Self, String> {
        Self::deserialize(value).map_err(|error| error.to_string())
    }

    /// Runs it; the error says what differed.
    pub(super) fn run(mut self) -> Result<(), String> {
        self.only_the_keys_of_its_kind()?;
        match self.kind {
            Kind::Challenge => self.run_challenge(),
            Kind::Destination => self.run_destination(),
            Kind::Metadata => self.run_metadata(),
            Kind::Session => {
                let steps = self.steps.take().ok_or("the key `steps` is missing")?;
                let has_store = self.store.unwrap_or_default();
                let steps = steps.into_iter().enumerate();
                let steps = steps.map(|(index, step)| Step::read(index, step, has_store));
                self.run_steps(&steps.collect::<Result<Vec<_>, _>>()?)
            }
            Kind::Answer => {
                let answer = self.answer.take().ok_or("the key `answer` is missing")?;
                let expect = Some(self.expectation()?.clone());
                self.run_steps(&Step::of_answer(answer, expect)?)
            }
        }
    }

    fn only_the_keys_of_its_kind(&self) -> Result<(), String> {
        use Kind::{Answer, Challenge, Destination, Metadata, Session};
        let keys = [
            ("store", self.store.is_some(), &[Session][..]),
            ("answer", self.answer.is_some(), &[Answer, Metadata]),
            ("header", self.header.is_some(), &[Challenge]),
            ("url", self.url.is_some(), &[Destination]),
            ("issuer", self.issuer.is_some(), &[Metadata]),
            ("addresses", self.addresses.is_some(), &[Metadata]),
            ("steps", self.steps.is_some(), &[Session]),
            ("expect", self.expect.is_some(), &[Answer, Challenge, Destination, Metadata]),
        ];
        match keys.iter().find(|(_, is_there, kinds)| *is_there && !kinds.contains(&self.kind)) {
            Some((key, _, _)) => Err(format!("unknown key `{key}` for this kind")),
            None => settings(&self.connection).map(|_| ()),
        }
    }

    fn expectation(&self) -> Result<&Value, String> {
        self.expect.as_ref().ok_or_else(|| "the key `expect` is missing".to_string())
    }

    fn run_challenge(&self) -> Result<(), String> {
        let header = self.header.as_deref().ok_or("the key `header` is missing")?;
        let challenges = Challenge::parse(header).filter(|challenges| !challenges.is_empty());
        let actual = challenges.map_or(Value::Null, |challenges| challenges.iter().map(challenge).collect());
        self.hold(&Shape::Challenges, &actual)
    }

    fn run_destination(&self) -> Result<(), String> {
        let url = self.url.as_deref().ok_or("the key `url` is missing")?;
        let allows = settings(&self.connection)?.and_then(Connection::new).is_ok_and(|it| it.allows(url));
        self.hold(&Shape::Exact, &Value::Bool(allows))
    }

    fn run_metadata(&self) -> Result<(), String> {
        let issuer = self.issuer.as_deref().ok_or("the key `issuer` is missing")?;
        match (&self.answer, self.addresses) {
            (Some(answer), None | Some(false)) => {
                let read = Metadata::read(issuer, answer.status, &answer.bytes()?);
                let read = read.map(|metadata| serde_json::from_str::<Value>(&metadata.to_json()));
                let actual = match read {
                    Ok(settings) => json!({ "settings": settings.map_err(|error| error.to_string())? }),
                    Err(error) => outcome::error(&error),
                };
                self.hold(&expectation::METADATA, &actual)
            }
            (None, Some(true)) => {
                let actual =
                    Metadata::addresses(issuer).map_or_else(|error| outcome::error(&error), Value::from);
                self.hold(&expectation::ADDRESSES, &actual)
            }
            _ => Err("one of the keys `answer` and `addresses` is wanted".to_string()),
        }
    }

    fn hold(&self, shape: &Shape, actual: &Value) -> Result<(), String> {
        let expected = self.expectation()?;
        expectation::check(shape, expected, "expect")?;
        let differences = expectation::compare(shape, expected, actual, "expect");
        if differences.is_empty() { Ok(()) } else { Err(differences.join("; ")) }
    }

    fn run_steps(&self, steps: &[Step]) -> Result<(), String> {
        let start = steps.first().map_or(0.0, |step| step.at.min(0.0));
        for number in 0..ENTROPIES {
            // Any bytes are as good as others, as long as they are not the same twice.
            let entropy = [number.wrapping_mul(151).wrapping_add(7); 16];
            let settings = settings(&self.connection)?;
            let has_store = self.store.unwrap_or_default();
            let mut world = World::new(settings, Clock::new(self.epoch), start, has_store, entropy);
            for step in steps {
                step.play(&mut world).map_err(|why| format!("{}: {why} (entropy {number})", step.place))?;
            }
        }
        Ok(())
    }
}

impl Step {
    fn read(index: usize, mut step: Map<String, Value>, has_store: bool) -> Result<Self, String> {
        let name = step.get("do").and_then(Value::as_str).unwrap_or_default().to_string();
        let at = step.remove("at").and_then(|at| at.as_f64());
        let at = at.ok_or_else(|| format!("step {index}: the key `at` is missing"))?;
        let place = format!("step {index} ({name} at {at})");
        let (expect, wakeup, events) = (step.remove("expect"), step.remove("wakeup"), step.remove("events"));
        let session = match step.remove("session") {
            None => None,
            Some(Value::String(name)) => Some(name),
            Some(other) => return Err(format!("{place}: session: a name is wanted, {other} stands there")),
        };
        let signs = match step.remove("signs") {
            None => None,
            Some(Value::Bool(signs)) => Some(signs),
            Some(other) => {
                return Err(format!("{place}: signs: true or false is wanted, {other} stands there"));
            }
        };
        let action = Do::deserialize(Value::Object(step)).map_err(|error| format!("{place}: {error}"))?;
        let step = Self { at, session, signs, action, place, expect, wakeup, events };
        let checked = step.check().and_then(|()| step.check_store(has_store));
        checked.map_err(|why| format!("{}: {why}", step.place))?;
        Ok(step)
    }

    /// The two steps of an answer scenario.
    fn of_answer(answer: AnswerText, expect: Option<Value>) -> Result<[Self; 2], String> {
        let step = |action, expect| Self {
            at: 0.0,
            session: None,
            signs: None,
            action,
            place: "answer".to_string(),
            expect,
            wakeup: None,
            events: None,
        };
        let answer = step(Do::Answer { answer, of: None, r#as: None }, expect);
        answer.check()?;
        Ok([step(Do::Acquire { r#as: None }, None), answer])
    }

    fn check(&self) -> Result<(), String> {
        let shapes = [
            (self.shape(), &self.expect, "expect"),
            (&Shape::Number, &self.wakeup, "wakeup"),
            (&Shape::Among, &self.events, "events"),
        ];
        for (shape, expected, key) in shapes {
            if let Some(expected) = expected {
                expectation::check(shape, expected, key)?;
            }
        }
        match &self.action {
            Do::Outage { answer, failure, .. } if answer.is_some() == failure.is_some() => {
                Err("one of the keys `answer` and `failure` is wanted".to_string())
            }
            Do::Outage { every, .. } if *every <= 0.0 => Err("`every` must be more than 0".to_string()),
            Do::Restart { of, snapshot } if of.is_some() == snapshot.is_some() => {
                Err("one of the keys `of` and `snapshot` is wanted".to_string())
            }
            Do::SignIn { redirect_uri: Some(_), device: true, .. } => {
                Err("no browser comes back from a `device`: `redirect_uri` is not wanted".to_string())
            }
            Do::ChangeSecret { connection } => settings(connection).map(|_| ()),
            _ => Ok(()),
        }
    }

    fn check_store(&self, has_store: bool) -> Result<(), String> {
        let needs_store = match &self.action {
            Do::SignOut { r#as } => r#as.is_some(),
            action => matches!(action, Do::GiveUp { .. } | Do::Store { .. }),
        };
        if needs_store && !has_store {
            return Err("this needs the scenario's key `store`".to_string());
        }
        let keys = [
            ("session", self.session.is_some()),
            ("signs", self.signs.is_some()),
            ("expect", self.expect.is_some()),
            ("wakeup", self.wakeup.is_some()),
            ("events", self.events.is_some()),
        ];
        match keys.iter().find(|(_, is_there)| *is_there && matches!(self.action, Do::Store { .. })) {
            Some((key, _)) => Err(format!("unknown key `{key}` for a step that is nobody's")),
            None => Ok(()),
        }
    }

    fn shape(&self) -> &'static Shape {
        match self.action {
            Do::Outage { .. } => &expectation::OUTAGE,
            Do::Refuse { .. } => &Shape::Exact,
            _ => &expectation::OUTCOME,
        }
    }

    fn play(&self, world: &mut World) -> Result<(), String> {
        let outcome = world.perform(self)?;
        let events = world.events(&self.session);
        let wakeup = world.wakeup(&self.session);
        let pairs = [
            (self.shape(), &self.expect, &outcome, "expect"),
            (&Shape::Number, &self.wakeup, &wakeup, "wakeup"),
            (&Shape::Among, &self.events, &events, "events"),
        ];
        let differences: Vec<_> = pairs
            .into_iter()
            .filter_map(|(shape, expected, actual, key)| {
                expected.as_ref().map(|expected| expectation::compare(shape, expected, actual, key))
            })
            .flatten()
            .collect();
        if differences.is_empty() { Ok(()) } else { Err(differences.join("; ")) }
    }
}

/// The settings, or the error that the first acquire comes out as. A name that no connection has is a mistake in the
/// scenario, not in the connection.
pub(super) fn settings(connection: &Map<String, Value>) -> Result<Result<Settings, Error>, String> {
    match Settings::from_json(&Value::from(connection.clone()).to_string()) {
        Err(error) if error.code() == ErrorCode::UnknownSetting => {
            Err(format!("unknown key in `connection`: {error}"))
        }
        settings => Ok(settings),
    }
}

fn challenge(challenge: &Challenge) -> Value {
    let parameters: Map<_, _> =
        challenge.parameters().map(|(name, value)| (name.to_string(), value.into())).collect();
    let mut object = json!({ "scheme": challenge.scheme(), "parameters": parameters });
    if let Some(token68) = challenge.token68() {
        object["token68"] = token68.into();
    }
    object
}

fn default_epoch() -> f64 {
    1_700_000_000.0
}

fn default_connection() -> Map<String, Value> {
    let mut connection = Map::new();
    for (name, value) in [
        ("platform", "generic"),
        ("token_endpoint", "https://as.example/token"),
        ("grant", "client_credentials"),
        ("client_authentication", "client_secret_post"),
        ("client_id", "id"),
        ("client_secret", "secret"),
    ] {
        connection.insert(name.to_string(), value.into());
    }
    connection
}

/// A key with the value null is there.
fn present<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
