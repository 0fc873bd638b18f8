//! What happened to a session, for logs, metrics and pages. No event carries a secret.

use crate::{Error, Timestamp};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// The generation of the token that the event is about; 0 when there is none.
    pub generation: u64,
    /// When what the event is about ends: the token's or the sign-in's end for `renewed` and `expiring`, the end of the
    /// wait for `waiting` and `degraded`. Absent when it is unknown or never.
    pub until: Option<Timestamp>,
    /// Why, for `waiting`, `degraded` and `signed_out`.
    pub error: Option<Error>,
}

/// The kinds of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A new set of tokens is in service.
    Renewed,
    /// A renewal failed, and there is nothing usable.
    Waiting,
    /// A renewal or a save failed, and a token still serves.
    Degraded,
    /// An API refused the token.
    Refused,
    /// The session has no way to a token any more before somebody signs in.
    SignedOut,
    /// What cannot be renewed before it ends will end in 30, 14, 7 or 1 days.
    Expiring,
}

impl EventKind {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Renewed => "renewed",
            Self::Waiting => "waiting",
            Self::Degraded => "degraded",
            Self::Refused => "refused",
            Self::SignedOut => "signed_out",
            Self::Expiring => "expiring",
        }
    }
}
