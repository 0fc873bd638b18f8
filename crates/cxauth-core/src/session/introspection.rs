//! Asking the server what a token is worth (RFC 7662).

use super::{
    FlightId, Session, StepResult,
    flight::{Failure, Flight, Phase},
};
use crate::{
    Answer, Error, ErrorCode, Secret, SecretName, SecretSource, Timestamp, TokenRequest, answer::Told,
    request,
};
use alloc::{string::String, vec::Vec};
use core::fmt;

/// So many answers wait to be taken; the oldest go first.
const MOST_ANSWERS: usize = 8;

/// What the server says about a token (RFC 7662 §2.2).
#[derive(Clone, PartialEq, Eq)]
pub struct Introspection {
    told: Told,
    now: Timestamp,
}

impl Introspection {
    /// Whether the token is good at this server. Everything else is known of a good one only.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.told.active
    }

    /// What it is good for.
    #[must_use]
    pub fn scopes(&self) -> Option<&[String]> {
        self.told.scopes.as_deref()
    }

    /// Whose client got it.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.told.client_id.as_deref()
    }

    /// Who it stands for, as a person reads it.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        self.told.username.as_deref()
    }

    /// Who it stands for, as the server knows them.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.told.subject.as_deref()
    }

    /// When it ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.told.expires_at.map(|seconds| Timestamp::default().plus_seconds(seconds))
    }

    /// When the server said so: it may be otherwise a moment later.
    #[must_use]
    pub fn asked_at(&self) -> Timestamp {
        self.now
    }

    /// The whole answer, a JSON object: what RFC 7662 does not know stands there as well. Where a server repeats the token or
    /// another secret in it there is only `active`.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.told.text
    }
}

impl fmt::Debug for Introspection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Introspection")
            .field("active", &self.is_active())
            .field("expires_at", &self.expires_at())
            .finish_non_exhaustive()
    }
}

/// What a flight asks about.
pub(super) struct Introspecting {
    token: Secret,
    hint: Option<&'static str>,
}

impl Session {
    /// Leads a flight that asks the server what a token is worth, any token that it knows: this session's own, or one that
    /// somebody brought to an API of the program's. Nobody follows it. What the server said is there when its `Done` came without
    /// an error: [`Session::take_introspection`].
    ///
    /// # Errors
    /// `missing_setting` without an `introspection_endpoint`, `invalid_setting` when the text can be no token.
    pub fn lead_introspection(&mut self, now: Timestamp, token: Secret) -> Result<FlightId, Error> {
        if self.connection.introspection_endpoint.is_none() {
            return Err(Error::new(ErrorCode::MissingSetting).with_detail("introspection_endpoint"));
        }
        if !token.is_token() {
            let detail = "token: visible ASCII characters without blanks are wanted";
            return Err(Error::new(ErrorCode::InvalidSetting).with_detail(detail));
        }
        let now = self.tick(now);
        let held = self.holdings.refresh.as_ref().is_some_and(|refresh| refresh.value == token);
        let mut flight = self.new_flight(now);
        flight.settled = true;
        flight.introspecting = Some(Introspecting { token, hint: held.then_some("refresh_token") });
        flight.phase = Phase::Send;
        self.ask_for_secret(&mut flight);
        let id = flight.id;
        self.put_flight(flight);
        Ok(id)
    }

    /// What the server said to that flight, once.
    pub fn take_introspection(&mut self, flight: FlightId) -> Option<Introspection> {
        let index = self.introspections.iter().position(|(of, _)| *of == flight)?;
        self.introspections.remove(index).map(|(_, introspection)| introspection)
    }

    /// Where a flight that asks about a token stands, and how its step went.
    pub(super) fn introspecting(&mut self, now: Timestamp, flight: &mut Flight, result: StepResult) {
        let why = match (flight.phase, result) {
            (Phase::ReadSecret(name), StepResult::Secret(secret)) if !secret.is_empty() => {
                flight.secrets.push((name, secret));
                flight.phase = Phase::Send;
                return;
            }
            (Phase::ReadSecret(name), _) => {
                Some(Error::new(ErrorCode::SecretUnreadable).with_detail(name.as_str()))
            }
            (Phase::Send, StepResult::Answer(answer)) => self.introspected(now, flight, &answer).err(),
            (Phase::Send, StepResult::Failed(failure)) => Some(Error::new(failure.code())),
            _ => return,
        };
        self.end_introspection(flight, why);
    }

    pub(super) fn end_introspection(&mut self, flight: &mut Flight, why: Option<Error>) {
        flight.secrets.clear();
        flight.why = why;
        flight.phase = Phase::Done;
    }

    pub(super) fn introspection_request(&self, flight: &Flight) -> Option<TokenRequest> {
        let asked = flight.introspecting.as_ref()?;
        request::introspection(&self.connection, &asked.token, asked.hint, flight.credential())
    }

    fn introspected(&mut self, now: Timestamp, flight: &Flight, answer: &Answer) -> Result<(), Error> {
        let mut secrets: Vec<Secret> = self.secrets_of(flight);
        secrets.extend(flight.introspecting.as_ref().map(|asked| asked.token.clone()));
        let told = answer.read_introspection(&secrets)?;
        if self.introspections.len() >= MOST_ANSWERS {
            self.introspections.pop_front();
        }
        self.introspections.push_back((flight.id, Introspection { told, now }));
        Ok(())
    }

    /// The client secret, for a flight whose request needs nothing else.
    pub(super) fn ask_for_secret(&self, flight: &mut Flight) {
        let name = SecretName::ClientSecret;
        if !self.connection.proves_by_secret() {
            return;
        }
        match self.connection.source(name).map(SecretSource::value) {
            Some(Some(secret)) => flight.secrets.push((name, secret.clone())),
            Some(None) => flight.phase = Phase::ReadSecret(name),
            None => {}
        }
    }
}

impl Failure {
    pub(super) const fn code(self) -> ErrorCode {
        match self {
            Self::Connect => ErrorCode::ServerUnreachable,
            Self::Timeout => ErrorCode::TimedOut,
            Self::Interrupted => ErrorCode::Interrupted,
        }
    }
}
