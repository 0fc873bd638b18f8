//! A session's tokens as text, for a store, another process or another tab.
//!
//! The text is JSON with a format number. A reader takes every format up to its own and ignores members that it does not
//! know; a newer format is an error, never a sign-out.

use crate::{
    AccessToken, Connection, Error, ErrorCode, Secret, Timestamp,
    entropy::Entropy,
    json::{Malformed, Object, Value, Writer},
    secret::wire,
    session::{
        back_off::BackOff,
        holdings::{self, Access, Holdings, Refresh, Spent},
    },
};
use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

const FORMAT: u64 = 1;

/// A session's tokens and back-off at one moment. It prints no secret; [`Snapshot::to_text`] is all secret.
#[derive(Clone)]
pub struct Snapshot(Box<Record>);

#[derive(Clone)]
struct Record {
    generation: u64,
    note: u64,
    identity: String,
    saved_at: i64,
    access: Option<AccessRecord>,
    refresh: Option<RefreshRecord>,
    back_off: Option<BackOffRecord>,
}

#[derive(Clone)]
struct AccessRecord {
    token: Secret,
    is_bound: bool,
    scopes: Option<Vec<String>>,
    issued_at: i64,
    expires_at: Option<i64>,
    refused: bool,
    doubted: bool,
    from_refusal: bool,
    unproductive: bool,
    warned: Option<i64>,
}

#[derive(Clone)]
struct RefreshRecord {
    token: Secret,
    expires_at: Option<i64>,
    spent: Option<SpentRecord>,
    stays: bool,
    warned: Option<i64>,
}

#[derive(Clone)]
struct SpentRecord {
    first_at: i64,
    deadline: i64,
    exhausted: bool,
    times: u32,
}

#[derive(Clone)]
struct BackOffRecord {
    failures: u32,
    until: Option<i64>,
    code: Option<String>,
    server_error: Option<String>,
}

impl Snapshot {
    /// Reads the text that [`Snapshot::to_text`] gave, in this process or another.
    ///
    /// # Errors
    /// `snapshot_damaged` and `snapshot_from_newer_version`.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let damaged = |Malformed| Error::new(ErrorCode::SnapshotDamaged);
        let members = Object::parse(text).map_err(damaged)?;
        if required(&members, "cxauth").and_then(Value::integer::<u64>).map_err(damaged)? > FORMAT {
            return Err(Error::new(ErrorCode::SnapshotFromNewerVersion));
        }
        let record = Record::read(&members).map_err(damaged)?;
        let tokens = record.access.iter().map(|access| &access.token);
        let mut secrets = tokens.chain(record.refresh.iter().map(|refresh| &refresh.token));
        if !secrets.all(Secret::is_token) {
            return Err(Error::new(ErrorCode::SnapshotDamaged));
        }
        Ok(Self(Box::new(record)))
    }

    /// The text for a store. It holds the tokens.
    #[must_use]
    pub fn to_text(&self) -> Secret {
        self.0.write()
    }

    /// Later sets have higher numbers; a store never goes back.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation
    }

    /// What it holds, for a list; none when it holds no token, because somebody signed out.
    ///
    /// ```
    /// # let text = r#"{"cxauth":1,"generation":1,"identity":"generic\nhttps://as.example/token\nid\n\na b\n\n","saved_at":0,
    /// #   "access":{"token":"AT","scopes":null,"issued_at":0,"expires_at":3600000}}"#;
    /// let snapshot = cxauth_core::Snapshot::from_text(text)?;
    /// let held = snapshot.held().expect("it holds a token");
    /// assert_eq!((held.platform, held.client_id), ("generic", Some("id")));
    /// assert_eq!(held.scopes, ["a", "b"]);
    /// # Ok::<(), cxauth_core::Error>(())
    /// ```
    #[must_use]
    pub fn held(&self) -> Option<Held<'_>> {
        let record = &self.0;
        if record.access.is_none() && record.refresh.is_none() {
            return None;
        }
        let mut parts = record.identity.split('\n');
        let mut part = || parts.next().filter(|part| !part.is_empty());
        let (platform, token_endpoint, client_id, user) = (part(), part(), part(), part());
        let asked = part().unwrap_or_default();
        let granted = record.access.as_ref().and_then(|access| access.scopes.as_ref());
        let expires_at = record.access.as_ref().and_then(|access| access.expires_at);
        let refresh_expires_at = record.refresh.as_ref().and_then(|refresh| refresh.expires_at);
        Some(Held {
            platform: platform.unwrap_or("generic"),
            token_endpoint,
            client_id,
            user,
            scopes: match granted {
                Some(scopes) => scopes.iter().map(String::as_str).collect(),
                None => asked.split_ascii_whitespace().collect(),
            },
            has_token: record.access.as_ref().is_some_and(|access| !access.refused),
            expires_at: expires_at.map(Timestamp::from_unix_millis),
            refreshes: record.refresh.is_some(),
            refresh_expires_at: refresh_expires_at.map(Timestamp::from_unix_millis),
        })
    }

    pub(crate) fn without_refresh_token(mut self) -> Self {
        self.0.refresh = None;
        self
    }

    pub(crate) fn take(now: Timestamp, identity: &str, holdings: &Holdings, back_off: &BackOff) -> Self {
        Self(Box::new(Record {
            generation: holdings.generation,
            note: holdings.note,
            identity: identity.to_string(),
            saved_at: now.unix_millis(),
            access: holdings.access.as_ref().map(|access| AccessRecord {
                token: access.token.secret().clone(),
                is_bound: access.token.is_bound(),
                scopes: access.token.scopes().map(<[String]>::to_vec),
                issued_at: access.issued_at.unix_millis(),
                expires_at: access.token.expires_at().map(Timestamp::unix_millis),
                refused: access.refused,
                doubted: access.doubted,
                from_refusal: access.from_refusal,
                unproductive: access.unproductive,
                warned: access.warned,
            }),
            refresh: holdings.refresh.as_ref().map(|refresh| RefreshRecord {
                token: refresh.value.clone(),
                expires_at: refresh.expires_at.map(Timestamp::unix_millis),
                spent: refresh.spent.map(|spent| SpentRecord {
                    first_at: spent.first_at.unix_millis(),
                    deadline: spent.deadline.unix_millis(),
                    exhausted: spent.exhausted,
                    times: spent.times,
                }),
                stays: refresh.stays,
                warned: refresh.warned,
            }),
            back_off: (back_off.failures > 0 || back_off.wait.is_some()).then(|| BackOffRecord {
                failures: back_off.failures,
                until: back_off.wait.as_ref().map(|(until, _)| until.unix_millis()),
                code: back_off.wait.as_ref().map(|(_, error)| error.code().to_string()),
                server_error: back_off
                    .wait
                    .as_ref()
                    .and_then(|(_, error)| error.server_error().map(ToString::to_string)),
            }),
        }))
    }

    /// Whether it holds tokens of this connection: of the same client, user, scopes and server.
    #[must_use]
    pub fn is_of(&self, connection: &Connection) -> bool {
        self.0.identity == connection.identity()
    }

    /// The clock was set back since it was taken.
    pub(crate) fn is_from_the_future(&self, now: Timestamp) -> bool {
        now.millis_since(Timestamp::from_unix_millis(self.0.saved_at)) < -1000
    }

    /// What the snapshot holds for this connection: nothing but the generation when it is another client's, user's or
    /// server's. A clock that was set back since it was taken lengthens no life.
    pub(crate) fn open(
        self,
        now: Timestamp,
        connection: &Connection,
        entropy: &mut Entropy,
    ) -> (Holdings, BackOff) {
        let from_the_future = self.is_from_the_future(now);
        let record = *self.0;
        let at = Timestamp::from_unix_millis;
        let mut holdings = Holdings { generation: record.generation, ..Holdings::default() };
        let mut back_off = BackOff::default();
        if record.identity != connection.identity() {
            return (holdings, back_off);
        }
        holdings.note = record.note;
        holdings.access = record.access.map(|access| {
            let (issued_at, expires_at) = (at(access.issued_at), access.expires_at.map(at));
            let life = holdings::life(connection, issued_at, expires_at, access.unproductive, entropy);
            Access {
                token: AccessToken::new(
                    connection,
                    access.token,
                    access.is_bound,
                    access.scopes,
                    record.generation,
                    life,
                ),
                issued_at,
                refused: access.refused,
                doubted: access.doubted,
                from_refusal: access.from_refusal,
                unproductive: access.unproductive,
                warned: access.warned,
            }
        });
        holdings.refresh = record.refresh.map(|refresh| Refresh {
            value: refresh.token,
            expires_at: refresh.expires_at.map(at),
            spent: refresh.spent.map(|spent| Spent {
                first_at: at(spent.first_at),
                deadline: at(spent.deadline),
                exhausted: spent.exhausted,
                times: spent.times,
            }),
            stays: refresh.stays,
            warned: refresh.warned,
        });
        if let Some(waiting) = record.back_off {
            back_off.failures = waiting.failures;
            if let Some(until) = waiting.until {
                let code = waiting.code.as_deref().and_then(ErrorCode::from_name);
                let error = Error::new(code.unwrap_or(ErrorCode::ServerUnavailable))
                    .with_server_text(waiting.server_error.as_deref(), None);
                back_off.hold(at(until), error);
            }
        }
        if from_the_future {
            let step = now.millis_since(at(record.saved_at));
            holdings.shift(step);
            back_off.shift(step);
        }
        (holdings, back_off)
    }
}

/// What a [`Snapshot`] holds. No secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Held<'a> {
    /// The platform's id.
    pub platform: &'a str,
    /// Where the tokens came from.
    pub token_endpoint: Option<&'a str>,
    /// Who got them.
    pub client_id: Option<&'a str>,
    /// For which user.
    pub user: Option<&'a str>,
    /// What was granted, else what was asked for.
    pub scopes: Vec<&'a str>,
    /// Whether there is an access token that no API refused.
    pub has_token: bool,
    /// When the access token ends; absent when that is unknown.
    pub expires_at: Option<Timestamp>,
    /// Whether there is a refresh token.
    pub refreshes: bool,
    /// When the refresh token ends; absent when that is unknown.
    pub refresh_expires_at: Option<Timestamp>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snapshot").field("generation", &self.generation()).finish_non_exhaustive()
    }
}

impl Record {
    fn read(members: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            generation: required(members, "generation")?.integer()?,
            note: members.member("note").map_or(Ok(0), Value::integer)?,
            identity: required(members, "identity")?.text()?,
            saved_at: required(members, "saved_at")?.integer()?,
            access: record(members, "access", AccessRecord::read)?,
            refresh: record(members, "refresh", RefreshRecord::read)?,
            back_off: record(members, "back_off", BackOffRecord::read)?,
        })
    }

    fn write(&self) -> Secret {
        let access = self.access.as_ref().map_or(0, |access| {
            wire::longest(&access.token)
                + access.scopes.iter().flatten().map(|scope| Writer::longest(scope.len())).sum::<usize>()
        });
        let refresh = self.refresh.as_ref().map_or(0, |refresh| wire::longest(&refresh.token));
        let error =
            self.back_off.as_ref().and_then(|back_off| back_off.server_error.as_ref()).map_or(0, String::len);
        // The rest is names and numbers.
        let mut text = Writer::new(1024 + Writer::longest(self.identity.len() + error) + access + refresh);
        text.plain("cxauth", FORMAT);
        text.plain("generation", self.generation);
        text.plain("note", self.note);
        text.text("identity", &self.identity);
        text.plain("saved_at", self.saved_at);
        if let Some(access) = &self.access {
            text.object("access", |text| access.write(text));
        }
        if let Some(refresh) = &self.refresh {
            text.object("refresh", |text| refresh.write(text));
        }
        if let Some(back_off) = &self.back_off {
            text.object("back_off", |text| back_off.write(text));
        }
        Secret::from(text.finish())
    }
}

impl AccessRecord {
    fn read(members: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            token: required(members, "token")?.secret()?,
            is_bound: flag(members, "bound")?,
            scopes: members.member("scopes").map(Value::texts).transpose()?,
            issued_at: required(members, "issued_at")?.integer()?,
            expires_at: number(members, "expires_at")?,
            refused: flag(members, "refused")?,
            doubted: flag(members, "doubted")?,
            from_refusal: flag(members, "from_refusal")?,
            unproductive: flag(members, "unproductive")?,
            warned: number(members, "warned")?,
        })
    }

    fn write(&self, text: &mut Writer) {
        wire::member(text, "token", &self.token);
        if let Some(scopes) = &self.scopes {
            text.texts("scopes", scopes.iter().map(String::as_str));
        }
        if self.is_bound {
            text.plain("bound", true);
        }
        text.plain("issued_at", self.issued_at);
        write_number(text, "expires_at", self.expires_at);
        text.plain("refused", self.refused);
        text.plain("doubted", self.doubted);
        text.plain("from_refusal", self.from_refusal);
        text.plain("unproductive", self.unproductive);
        write_number(text, "warned", self.warned);
    }
}

impl RefreshRecord {
    fn read(members: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            token: required(members, "token")?.secret()?,
            expires_at: number(members, "expires_at")?,
            spent: record(members, "spent", SpentRecord::read)?,
            stays: flag(members, "stays")?,
            warned: number(members, "warned")?,
        })
    }

    fn write(&self, text: &mut Writer) {
        wire::member(text, "token", &self.token);
        write_number(text, "expires_at", self.expires_at);
        if let Some(spent) = &self.spent {
            text.object("spent", |text| spent.write(text));
        }
        text.plain("stays", self.stays);
        write_number(text, "warned", self.warned);
    }
}

impl SpentRecord {
    fn read(members: &Object<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            first_at: required(members, "first_at")?.integer()?,
            deadline: required(members, "deadline")?.integer()?,
            exhausted: required(members, "exhausted")?.boolean()?,
            times: members.member("times").map_or(Ok(0), Value::integer)?,
        })
    }

    fn write(&self, text: &mut Writer) {
        text.plain("first_at", self.first_at);
        text.plain("deadline", self.deadline);
        text.plain("exhausted", self.exhausted);
        text.plain("times", self.times);
    }
}

impl BackOffRecord {
    fn read(members: &Object<'_>) -> Result<Self, Malformed> {
        let text = |name| members.member(name).map(Value::text).transpose();
        Ok(Self {
            failures: required(members, "failures")?.integer()?,
            until: number(members, "until")?,
            code: text("code")?,
            server_error: text("server_error")?,
        })
    }

    fn write(&self, text: &mut Writer) {
        text.plain("failures", self.failures);
        write_number(text, "until", self.until);
        if let Some(code) = &self.code {
            text.text("code", code);
        }
        if let Some(error) = &self.server_error {
            text.text("server_error", error);
        }
    }
}

fn required<'text>(members: &Object<'text>, name: &str) -> Result<Value<'text>, Malformed> {
    members.member(name).ok_or(Malformed)
}

fn number(members: &Object<'_>, name: &str) -> Result<Option<i64>, Malformed> {
    members.member(name).map(Value::integer).transpose()
}

fn flag(members: &Object<'_>, name: &str) -> Result<bool, Malformed> {
    members.member(name).map_or(Ok(false), Value::boolean)
}

fn record<T>(
    members: &Object<'_>,
    name: &str,
    read: fn(&Object<'_>) -> Result<T, Malformed>,
) -> Result<Option<T>, Malformed> {
    members.member(name).map(|value| read(&value.object()?)).transpose()
}

fn write_number(text: &mut Writer, name: &str, value: Option<i64>) {
    if let Some(value) = value {
        text.plain(name, value);
    }
}
