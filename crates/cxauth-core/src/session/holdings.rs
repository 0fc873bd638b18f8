//! What a session holds: the tokens in service and what renews them.

use crate::{AccessToken, Connection, Renewal, Secret, Timestamp, entropy::Entropy, token::Life};

const DAY: i64 = 86_400_000;
/// How many days before its end something is warned of that cannot be renewed before.
const DAYS: [i64; 4] = [1, 7, 14, 30];

/// The tokens of one generation.
#[derive(Clone, Default)]
pub(crate) struct Holdings {
    /// Only grows, also over a sign-out: two sets never have the same number.
    pub(crate) generation: u64,
    /// Which note on this set was read from the store or written there last: another one there was written by somebody else.
    pub(crate) note: u64,
    pub(crate) access: Option<Access>,
    pub(crate) refresh: Option<Refresh>,
}

/// The access token and its history.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) token: AccessToken,
    /// When the request that brought it was handed out (RFC 6749 §5.1: the server's clock started later).
    pub(crate) issued_at: Timestamp,
    /// An API refused it.
    pub(crate) refused: bool,
    /// An API refused it at once, as it had refused the one before; it stays in service.
    pub(crate) doubted: bool,
    /// The renewal that brought it was caused by a refusal.
    pub(crate) from_refusal: bool,
    /// The renewal brought the token that was there already: it is not renewed early any more.
    pub(crate) unproductive: bool,
    /// How many days before its end was last warned of.
    pub(crate) warned: Option<i64>,
}

impl Access {
    pub(crate) fn new(token: AccessToken, issued_at: Timestamp) -> Self {
        Self {
            token,
            issued_at,
            refused: false,
            doubted: false,
            from_refusal: false,
            unproductive: false,
            warned: None,
        }
    }

    pub(crate) fn usable(&self, now: Timestamp) -> Option<&AccessToken> {
        let ended = self.token.usable_until().is_some_and(|until| now >= until);
        (!self.refused && !ended).then_some(&self.token)
    }

    /// Milliseconds, when the end is known.
    pub(crate) fn lifetime(&self) -> Option<i64> {
        self.token.expires_at().map(|expires_at| expires_at.millis_since(self.issued_at))
    }

    pub(crate) fn renew_at(&mut self, renew_at: Timestamp) {
        let life = self.token.life();
        self.token = self.token.with_life(Life { renew_at: Some(renew_at), ..life });
    }

    fn shift(&mut self, step: i64) {
        let move_ = |moment: Option<Timestamp>| moment.map(|moment| moment.plus_millis(step));
        let life = self.token.life();
        self.issued_at = self.issued_at.plus_millis(step);
        self.token = self.token.with_life(Life {
            expires_at: move_(life.expires_at),
            usable_until: move_(life.usable_until),
            renew_at: move_(life.renew_at),
        });
    }
}

/// The moments of a token's life: handed out until a little before its end, renewed somewhere between 60 % and 80 %, so
/// that a fleet that started in one second does not come back in one second.
pub(crate) fn life(
    connection: &Connection,
    issued_at: Timestamp,
    expires_at: Option<Timestamp>,
    unproductive: bool,
    entropy: &mut Entropy,
) -> Life {
    let Some(expires_at) = expires_at else {
        return Life { expires_at: None, usable_until: None, renew_at: None };
    };
    let lifetime = expires_at.millis_since(issued_at);
    let only_after_expiry = connection.renewal == Renewal::OnlyAfterExpiry;
    let margin = if only_after_expiry { 0 } else { (lifetime / 10).clamp(0, 10_000) };
    let early = || issued_at.plus_millis(lifetime / 10 * 6 + entropy.up_to(lifetime / 5));
    Life {
        expires_at: Some(expires_at),
        usable_until: Some(expires_at.plus_millis(-margin)),
        renew_at: (!only_after_expiry && !unproductive).then(early),
    }
}

/// The refresh token (RFC 6749 §6).
#[derive(Clone)]
pub(crate) struct Refresh {
    pub(crate) value: Secret,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) spent: Option<Spent>,
    /// The server gave this value back at a renewal: its end does not move.
    pub(crate) stays: bool,
    pub(crate) warned: Option<i64>,
}

/// The refresh token was sent, and its answer brought nothing: a server that rotates may have ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spent {
    /// When it was first handed out: from here a grace period counts.
    pub(crate) first_at: Timestamp,
    /// When the flight that spent it ends for good.
    pub(crate) deadline: Timestamp,
    /// It was sent once more after that, in vain.
    pub(crate) exhausted: bool,
    /// How often it was.
    pub(crate) times: u32,
}

impl Spent {
    pub(crate) fn shift(&mut self, step: i64) {
        self.first_at = self.first_at.plus_millis(step);
        self.deadline = self.deadline.plus_millis(step);
    }
}

impl Refresh {
    pub(crate) fn new(value: Secret, expires_at: Option<Timestamp>) -> Self {
        Self { value, expires_at, spent: None, stays: false, warned: None }
    }

    pub(crate) fn expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| now >= expires_at)
    }

    /// When it may be sent: `Ok` now, `Err(Some)` from that moment on, `Err(None)` never. `alone`: nothing else can renew.
    pub(crate) fn sendable(
        &self,
        now: Timestamp,
        connection: &Connection,
        alone: bool,
    ) -> Result<Sending, Option<Timestamp>> {
        let Some(spent) = self.spent.filter(|_| connection.rotates) else { return Ok(Sending::Fresh) };
        // Without a grace there is none, however the clock flickers.
        if connection.grace > 0 && now < spent.first_at.plus_millis(connection.grace) {
            return Ok(Sending::InGrace);
        }
        match (alone && !spent.exhausted, now >= spent.deadline) {
            (true, true) => Ok(Sending::LastChance),
            (true, false) => Err(Some(spent.deadline)),
            (false, _) => Err(None),
        }
    }

    pub(crate) fn spend(&mut self, sent_at: Timestamp, deadline: Timestamp, sending: Sending) {
        let before = self.spent;
        self.spent = Some(Spent {
            first_at: before.map_or(sent_at, |before| before.first_at),
            deadline,
            exhausted: sending == Sending::LastChance || before.is_some_and(|before| before.exhausted),
            times: before.map_or(1, |before| before.times.saturating_add(1)),
        });
    }

    fn shift(&mut self, step: i64) {
        self.expires_at = self.expires_at.map(|moment| moment.plus_millis(step));
        if let Some(spent) = &mut self.spent {
            spent.shift(step);
        }
    }
}

/// Why a refresh token may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sending {
    Fresh,
    InGrace,
    LastChance,
}

impl Holdings {
    pub(crate) fn usable(&self, now: Timestamp) -> Option<&AccessToken> {
        self.access.as_ref().and_then(|access| access.usable(now))
    }

    /// Moves every moment: the clock was set.
    pub(crate) fn shift(&mut self, step: i64) {
        if let Some(access) = &mut self.access {
            access.shift(step);
        }
        if let Some(refresh) = &mut self.refresh {
            refresh.shift(step);
        }
    }

    /// The end of what cannot be renewed before it ends, when another of the days before it has come.
    pub(crate) fn expiring(
        &mut self,
        now: Timestamp,
        connection: &Connection,
        alone: bool,
    ) -> Option<Timestamp> {
        match self.ending(connection, alone)? {
            Ending::Refresh(end) => {
                let lifetime = connection.refresh_lifetime.map(|seconds| seconds.saturating_mul(1000));
                warn(now, end, lifetime, &mut self.refresh.as_mut()?.warned)
            }
            Ending::Access(end) => {
                let access = self.access.as_mut()?;
                let lifetime = access.lifetime();
                warn(now, end, lifetime, &mut access.warned)
            }
        }
    }

    /// When the next of the days comes at which `expiring` says something.
    pub(crate) fn next_warning(&self, connection: &Connection, alone: bool) -> Option<Timestamp> {
        let (end, lifetime, warned) = match self.ending(connection, alone)? {
            Ending::Refresh(end) => {
                let lifetime = connection.refresh_lifetime.map(|seconds| seconds.saturating_mul(1000));
                (end, lifetime, self.refresh.as_ref()?.warned)
            }
            Ending::Access(end) => {
                let access = self.access.as_ref()?;
                (end, access.lifetime(), access.warned)
            }
        };
        let is_ahead = |days: &i64| {
            warned.is_none_or(|warned| *days < warned)
                && lifetime.is_none_or(|lifetime| lifetime > days * DAY)
        };
        DAYS.into_iter().rev().find(is_ahead).map(|days| end.plus_millis(-days * DAY))
    }

    /// What cannot be renewed before it ends. `alone`: nothing but the refresh token can renew.
    pub(crate) fn ending(&self, connection: &Connection, alone: bool) -> Option<Ending> {
        let only_after_expiry = connection.renewal == Renewal::OnlyAfterExpiry;
        if let Some(refresh) = self.refresh.as_ref().filter(|_| alone && !only_after_expiry) {
            // A new one comes with each renewal.
            let moves = connection.rotates && !refresh.stays;
            return refresh.expires_at.filter(|_| !moves).map(Ending::Refresh);
        }
        let end = self.access.as_ref()?.token.expires_at()?;
        (only_after_expiry || alone).then_some(Ending::Access(end))
    }
}

/// Which token it is that ends for good.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    Access(Timestamp),
    Refresh(Timestamp),
}

/// A name for a note: as good as never drawn twice, and a number that every JSON reader can hold.
pub(crate) fn new_note(entropy: &mut Entropy) -> u64 {
    u64::try_from(1 + entropy.up_to((1 << 53) - 2)).unwrap_or(1)
}

/// 30, 14, 7 and 1 days before the end, each once, and none that had passed when the life began.
fn warn(
    now: Timestamp,
    end: Timestamp,
    lifetime: Option<i64>,
    warned: &mut Option<i64>,
) -> Option<Timestamp> {
    let reached = DAYS.into_iter().find(|days| now >= end.plus_millis(-days * DAY))?;
    let began_after = lifetime.is_some_and(|lifetime| lifetime <= reached * DAY);
    if now >= end || began_after || warned.is_some_and(|days| days <= reached) {
        return None;
    }
    *warned = Some(reached);
    Some(end)
}
