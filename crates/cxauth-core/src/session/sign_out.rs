//! Signing out where others must learn of it: the server, and whoever shares the store.

use super::{
    FlightId, Session, StepResult,
    flight::{Flight, Phase, Step},
    holdings::Holdings,
};
use crate::{
    Answer, Error, ErrorCode, Secret, SecretName, Snapshot, Timestamp, TokenRequest, request,
    secret::SecretSource,
};
use alloc::vec::Vec;

/// What a flight that signs out still has to do.
#[derive(Default)]
pub(super) struct Leaving {
    /// To be revoked, the next one last.
    tokens: Vec<Token>,
    /// What the store holds is not what was signed out.
    spares_store: bool,
}

struct Token {
    value: Secret,
    hint: &'static str,
}

impl Session {
    /// Forgets the tokens as [`Session::sign_out`] does, and leads a flight that tells who must know: it locks the store,
    /// revokes the tokens at the server where the connection has a `revocation_endpoint` (RFC 7009), and leaves an empty set
    /// with a later note in the store, so that every process that shares it drops its own. Nobody follows it, and its `Done`
    /// says what did not work; the tokens are forgotten here in any case.
    pub fn lead_sign_out(&mut self, now: Timestamp) -> FlightId {
        let base = self.holdings.generation;
        let tokens = Leaving::of(&self.holdings);
        self.sign_out(now);
        let mut flight = self.new_flight(now);
        flight.base = base;
        flight.settled = true;
        flight.leaving = Some(tokens);
        if !self.uses_store() {
            self.revoke(&mut flight);
        }
        let id = flight.id;
        self.put_flight(flight);
        id
    }

    /// Where a flight that signs out stands, and how its step went.
    pub(super) fn leaving(&mut self, now: Timestamp, flight: &mut Flight, result: StepResult) {
        let unavailable = || Error::new(ErrorCode::StoreUnavailable);
        match (flight.phase, result) {
            (Phase::Lock, StepResult::Done) => {
                flight.locked = true;
                flight.phase = Phase::Load;
            }
            (Phase::Lock, StepResult::Failed(_)) => {
                flight.why = Some(unavailable());
                self.revoke(flight);
            }
            (Phase::Load, StepResult::Loaded(snapshot)) => self.empty(now, flight, snapshot),
            (Phase::Load, StepResult::Failed(_)) => {
                flight.why = Some(unavailable());
                flight.leaving.get_or_insert_default().spares_store = true;
                self.revoke(flight);
            }
            (Phase::ReadSecret(name), StepResult::Secret(secret)) => {
                flight.secrets.push((name, secret));
                flight.phase = Phase::Send;
            }
            (Phase::ReadSecret(name), StepResult::Failed(_)) => {
                flight.why = Some(Error::new(ErrorCode::SecretUnreadable).with_detail(name.as_str()));
                self.stop_revoking(flight);
            }
            (Phase::Send, StepResult::Answer(answer)) => {
                if let Some(error) = self.refusal_to_revoke(flight, &answer) {
                    flight.why.get_or_insert(error);
                }
                flight.leaving.iter_mut().for_each(Leaving::next);
                self.revoke(flight);
            }
            (Phase::Send, StepResult::Failed(_)) => {
                flight.why.get_or_insert(Error::new(ErrorCode::ServerUnreachable));
                self.stop_revoking(flight);
            }
            (Phase::Save, StepResult::Failed(_)) if !flight.save_failed => flight.save_failed = true,
            (Phase::Save, result) => {
                match result {
                    StepResult::Done => self.note_saved(flight),
                    _ => flight.why = Some(unavailable()),
                }
                flight.phase = Phase::Unlock;
            }
            (Phase::Unlock, _) => {
                flight.locked = false;
                flight.phase = Phase::Done;
            }
            _ => {}
        }
    }

    /// The store may hold a later set than the one that was forgotten here: it is signed out as well. A set that came since,
    /// because somebody asked for a token after signing out, and another connection's stay.
    fn empty(&mut self, now: Timestamp, flight: &mut Flight, snapshot: Option<Snapshot>) {
        if let Some(snapshot) = snapshot {
            let leaving = flight.leaving.get_or_insert_default();
            let came_since =
                self.holdings.generation > flight.base && snapshot.generation() == self.holdings.generation;
            leaving.spares_store = came_since || !snapshot.is_of(&self.connection);
            if !leaving.spares_store {
                let (stored, _) = snapshot.open(now, &self.connection, &mut self.entropy);
                leaving.also(Leaving::of(&stored));
                if stored.generation > self.holdings.generation {
                    self.holdings = Holdings { generation: stored.generation, ..Holdings::default() };
                }
                flight.base = self.holdings.generation;
            }
        }
        self.revoke(flight);
    }

    /// On to the next token that is to be revoked, or to what comes after them.
    fn revoke(&mut self, flight: &mut Flight) {
        let some_left = flight.leaving.as_ref().is_some_and(|leaving| !leaving.tokens.is_empty());
        if !some_left || self.connection.revocation_endpoint.is_none() {
            return self.stop_revoking(flight);
        }
        let name = SecretName::ClientSecret;
        let proves = self.connection.proves_by_secret();
        flight.phase = match self.connection.source(name).filter(|_| proves) {
            Some(SecretSource::Value(secret)) if flight.secret(name).is_none() => {
                flight.secrets.push((name, secret.clone()));
                Phase::Send
            }
            Some(_) if flight.secret(name).is_none() => Phase::ReadSecret(name),
            _ => Phase::Send,
        };
    }

    fn stop_revoking(&mut self, flight: &mut Flight) {
        let leaving = flight.leaving.get_or_insert_default();
        leaving.tokens.clear();
        flight.phase = match flight.locked {
            true if leaving.spares_store => Phase::Unlock,
            true => Phase::Save,
            false => Phase::Done,
        };
        flight.secrets.clear();
    }

    /// The request for the next token (RFC 7009 §2.1).
    pub(super) fn revocation(&self, flight: &Flight) -> Option<TokenRequest> {
        let token = flight.leaving.as_ref()?.tokens.last()?;
        request::revocation(&self.connection, &token.value, token.hint, flight.credential())
    }

    /// No request can be made: the flight goes on without it.
    pub(super) fn stay_away(&mut self, flight: &mut Flight) -> Step {
        flight.why.get_or_insert(Error::new(ErrorCode::SecretUnreadable));
        self.stop_revoking(flight);
        match flight.phase {
            Phase::Save => Step::Save { snapshot: self.noted(flight, self.holdings.clone()) },
            Phase::Unlock => Step::Unlock,
            _ => Step::Done { why: flight.why.clone() },
        }
    }

    /// RFC 7009 §2.2: a token that the server does not know is no error, and one of a kind that it cannot revoke ends by
    /// itself.
    fn refusal_to_revoke(&self, flight: &Flight, answer: &Answer) -> Option<Error> {
        if (200..=299).contains(&answer.status()) {
            return None;
        }
        let error = answer.read(self.connection.token_types(), &self.secrets_of(flight)).err()?;
        (error.server_error() != Some("unsupported_token_type")).then_some(error)
    }
}

impl Leaving {
    fn of(holdings: &Holdings) -> Self {
        let access = holdings.access.as_ref().map(|access| access.token.secret());
        let refresh = holdings.refresh.as_ref().map(|refresh| &refresh.value);
        let tokens = [(access, "access_token"), (refresh, "refresh_token")];
        let tokens =
            tokens.into_iter().filter_map(|(value, hint)| Some(Token { value: value?.clone(), hint }));
        Self { tokens: tokens.collect(), spares_store: false }
    }

    fn also(&mut self, other: Self) {
        let is_new = |token: &Token| self.tokens.iter().all(|known| known.value != token.value);
        let new: Vec<_> = other.tokens.into_iter().filter(is_new).collect();
        self.tokens.extend(new);
    }

    fn next(&mut self) {
        self.tokens.pop();
    }
}
