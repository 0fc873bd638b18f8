//! A session's tokens as text, for a store, another process or another tab.
//!
//! The text is JSON with a format number. A reader takes every format up to its own and ignores members that it does not
//! know; a newer format is an error, never a sign-out.

use crate::{
    AccessToken, Connection, Error, ErrorCode, Secret, Timestamp,
    entropy::Entropy,
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
use serde::{Deserialize, Serialize};

const FORMAT: u64 = 1;

/// A session's tokens and back-off at one moment. It prints no secret; [`Snapshot::to_text`] is all secret.
#[derive(Clone)]
pub struct Snapshot(Box<Record>);

#[derive(Clone, Serialize, Deserialize)]
struct Record {
    cxauth: u64,
    generation: u64,
    #[serde(default)]
    note: u64,
    identity: String,
    saved_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<AccessRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<RefreshRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    back_off: Option<BackOffRecord>,
}

#[derive(Clone, Serialize, Deserialize)]
struct AccessRecord {
    token: Secret,
    scopes: Option<Vec<String>>,
    issued_at: i64,
    expires_at: Option<i64>,
    #[serde(default)]
    refused: bool,
    #[serde(default)]
    doubted: bool,
    #[serde(default)]
    from_refusal: bool,
    #[serde(default)]
    unproductive: bool,
    #[serde(default)]
    warned: Option<i64>,
}

#[derive(Clone, Serialize, Deserialize)]
struct RefreshRecord {
    token: Secret,
    expires_at: Option<i64>,
    #[serde(default)]
    spent: Option<SpentRecord>,
    #[serde(default)]
    stays: bool,
    #[serde(default)]
    warned: Option<i64>,
}

#[derive(Clone, Serialize, Deserialize)]
struct SpentRecord {
    first_at: i64,
    deadline: i64,
    exhausted: bool,
    #[serde(default)]
    times: u32,
}

#[derive(Clone, Serialize, Deserialize)]
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
        #[derive(Deserialize)]
        struct Format {
            cxauth: u64,
        }
        let damaged = |_| Error::new(ErrorCode::SnapshotDamaged);
        let format: Format = serde_json::from_str(text).map_err(damaged)?;
        if format.cxauth > FORMAT {
            return Err(Error::new(ErrorCode::SnapshotFromNewerVersion));
        }
        let record: Record = serde_json::from_str(text).map_err(damaged)?;
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
        Secret::new(serde_json::to_string(&*self.0).unwrap_or_default())
    }

    /// Later sets have higher numbers; a store never goes back.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation
    }

    pub(crate) fn without_refresh_token(mut self) -> Self {
        self.0.refresh = None;
        self
    }

    pub(crate) fn take(now: Timestamp, identity: &str, holdings: &Holdings, back_off: &BackOff) -> Self {
        Self(Box::new(Record {
            cxauth: FORMAT,
            generation: holdings.generation,
            note: holdings.note,
            identity: identity.to_string(),
            saved_at: now.unix_millis(),
            access: holdings.access.as_ref().map(|access| AccessRecord {
                token: access.token.secret().clone(),
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

    /// Whether it is of the same client, user and server.
    pub(crate) fn is_of(&self, connection: &Connection) -> bool {
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
                token: AccessToken::new(connection, access.token, access.scopes, record.generation, life),
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

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snapshot").field("generation", &self.generation()).finish_non_exhaustive()
    }
}
