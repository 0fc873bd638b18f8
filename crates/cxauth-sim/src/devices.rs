//! Device codes that wait for a person (RFC 8628).

use std::collections::{BTreeSet, HashMap};

use crate::tokens::{opaque, seconds};

/// What a poll that comes too early adds to the interval (§3.5).
const SLOWER_BY_SECONDS: u64 = 5;

/// How much earlier a poll may come: requests do not travel at one speed.
const LEEWAY_MS: i64 = 100;

/// What every device code starts with, at every server.
pub(crate) const DEVICE_CODE_PREFIX: &str = "cxauth-canary-dc-";

pub(crate) struct Waiting {
    pub(crate) client: String,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) resources: BTreeSet<String>,
    pub(crate) user_code: String,
    pub(crate) state: State,
    pub(crate) expires_at_ms: i64,
    /// What the client must keep; grows with every `slow_down`.
    interval_ms: i64,
    polled_at_ms: Option<i64>,
    polls: u64,
    slow_down: bool,
    number: u64,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Approved {
        user: String,
    },
    Denied,
    /// The tokens were given out.
    Redeemed,
}

/// Whether a poll came at its time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    Fine,
    /// The server asks for patience although the client was patient.
    ToldToSlowDown,
    TooEarly,
}

impl Waiting {
    /// Counts a poll.
    pub(crate) fn poll(&mut self, at_ms: i64) -> Pace {
        self.polls += 1;
        let earliest = self.polled_at_ms.map(|last| last.saturating_add(self.interval_ms - LEEWAY_MS));
        // One that was held up on its way may come after a later one.
        let overtaken = self.polled_at_ms.is_some_and(|last| at_ms < last);
        self.polled_at_ms = self.polled_at_ms.max(Some(at_ms));
        let pace = if !overtaken && earliest.is_some_and(|earliest| at_ms < earliest) {
            Pace::TooEarly
        } else if std::mem::take(&mut self.slow_down) {
            Pace::ToldToSlowDown
        } else {
            Pace::Fine
        };
        if pace != Pace::Fine {
            self.interval_ms = self.interval_ms.saturating_add(seconds(SLOWER_BY_SECONDS));
        }
        pace
    }

    pub(crate) fn polls(&self) -> u64 {
        self.polls
    }

    pub(crate) fn slow_down(&mut self) {
        self.slow_down = true;
    }
}

#[derive(Default)]
pub(crate) struct Devices {
    waiting: HashMap<String, Waiting>,
}

impl Devices {
    /// A new device code and its user code.
    pub(crate) fn begin(
        &mut self,
        client: String,
        scopes: BTreeSet<String>,
        resources: BTreeSet<String>,
        interval: u64,
        expires_at_ms: i64,
    ) -> (String, String) {
        let number = u64::try_from(self.waiting.len()).unwrap_or(u64::MAX).saturating_add(1);
        let device_code = opaque("dc", "generic", number);
        let user_code = user_code();
        let waiting = Waiting {
            client,
            scopes,
            resources,
            user_code: user_code.clone(),
            state: State::Pending,
            expires_at_ms,
            interval_ms: seconds(interval),
            polled_at_ms: None,
            polls: 0,
            slow_down: false,
            number,
        };
        self.waiting.insert(device_code.clone(), waiting);
        (device_code, user_code)
    }

    pub(crate) fn find(&mut self, device_code: &str) -> Option<&mut Waiting> {
        self.waiting.get_mut(device_code)
    }

    /// The one with this user code, or the latest one. What people type is read generously (§6.1).
    pub(crate) fn by_user_code(&mut self, typed: Option<&str>) -> Option<&mut Waiting> {
        let plain = |code: &str| -> String {
            code.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|letter| letter.to_ascii_uppercase())
                .collect()
        };
        let typed = typed.map(plain);
        let fitting = self.waiting.values_mut();
        fitting
            .filter(|waiting| typed.as_ref().is_none_or(|typed| *typed == plain(&waiting.user_code)))
            .max_by_key(|waiting| waiting.number)
    }

    pub(crate) fn knows(&self, value: &str) -> bool {
        self.waiting.contains_key(value)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &String> {
        self.waiting.keys()
    }
}

/// Eight of the letters that make no words (§6.1).
fn user_code() -> String {
    const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
    let mut bytes = [0_u8; 8];
    let _ = getrandom::fill(&mut bytes);
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let letters: String = bytes.iter().map(letter).collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}
