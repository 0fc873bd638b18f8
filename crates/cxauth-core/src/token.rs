//! A token in service.

use crate::{Connection, Secret, Timestamp, secret::wire};
use alloc::{string::String, sync::Arc, vec::Vec};
use core::fmt;

/// An access token with what a request needs to carry it. Cheap to clone; prints no secret.
#[derive(Clone)]
pub struct AccessToken(Arc<Inner>);

struct Inner {
    value: Secret,
    is_bound: bool,
    /// The field's value, prefix included.
    credential: Secret,
    header: String,
    api_headers: Vec<(String, String)>,
    scopes: Option<Vec<String>>,
    generation: u64,
    life: Life,
}

/// The moments of a token's life.
#[derive(Clone, Copy)]
pub(crate) struct Life {
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) usable_until: Option<Timestamp>,
    pub(crate) renew_at: Option<Timestamp>,
}

impl AccessToken {
    pub(crate) fn new(
        connection: &Connection,
        value: Secret,
        is_bound: bool,
        scopes: Option<Vec<String>>,
        generation: u64,
        life: Life,
    ) -> Self {
        Self(Arc::new(Inner {
            credential: wire::credential(if is_bound { "DPoP" } else { &connection.prefix }, &value),
            is_bound,
            value,
            header: connection.header.clone(),
            api_headers: connection.api_headers.clone(),
            scopes,
            generation,
            life,
        }))
    }

    /// The token's text.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0.value
    }

    /// Whether it is bound to the client's key: each request needs a proof beside it, see [`crate::Session::prove`]
    /// (RFC 9449 §7).
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.0.is_bound
    }

    /// The name of the field that carries it, in lower case: `authorization` unless the connection says otherwise.
    #[must_use]
    pub fn header_name(&self) -> &str {
        &self.0.header
    }

    /// That field's value, such as `Bearer …`.
    #[must_use]
    pub fn header_value(&self) -> &Secret {
        &self.0.credential
    }

    /// The other fields that every API request carries, names in lower case. None of them is secret.
    pub fn api_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.api_headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What was granted: the answer's scopes, else those that were asked for; absent when neither names any
    /// (RFC 6749 §3.3).
    #[must_use]
    pub fn scopes(&self) -> Option<&[String]> {
        self.0.scopes.as_deref()
    }

    /// Which token of this session it is. Later tokens have higher numbers; say it in [`crate::Session::refused`].
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation
    }

    /// When the server ends it; absent when that is unknown.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.0.life.expires_at
    }

    /// Until when a session hands it out: a little before its end.
    #[must_use]
    pub fn usable_until(&self) -> Option<Timestamp> {
        self.0.life.usable_until
    }

    /// Until when it can be used without asking the session: from then on a renewal is due.
    #[must_use]
    pub fn fresh_until(&self) -> Option<Timestamp> {
        match (self.0.life.renew_at, self.0.life.usable_until) {
            (Some(renew_at), Some(usable_until)) => Some(renew_at.min(usable_until)),
            (renew_at, usable_until) => renew_at.or(usable_until),
        }
    }

    pub(crate) fn life(&self) -> Life {
        self.0.life
    }

    pub(crate) fn with_life(&self, life: Life) -> Self {
        Self(Arc::new(Inner {
            value: self.0.value.clone(),
            is_bound: self.0.is_bound,
            credential: self.0.credential.clone(),
            header: self.0.header.clone(),
            api_headers: self.0.api_headers.clone(),
            scopes: self.0.scopes.clone(),
            generation: self.0.generation,
            life,
        }))
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccessToken")
            .field("generation", &self.generation())
            .field("expires_at", &self.expires_at())
            .field("scopes", &self.scopes())
            .finish_non_exhaustive()
    }
}
