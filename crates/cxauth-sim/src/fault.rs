//! Faults on demand: what goes wrong, where, and how often.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Endpoint, Platform};

/// Something that goes wrong.
///
/// ```
/// use cxauth_sim::{Effect, Endpoint, Fault, Platform, RetryAfter};
///
/// let limited = Effect::RateLimit { status: 429, retry_after: RetryAfter::Seconds(30) };
/// let fault = Fault::new(limited).on(Platform::CloudLx).at(Endpoint::Refresh).times(2);
/// # let _ = fault;
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The server that it hits; none: all of them.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// The kinds of request that it hits; empty: all of them.
    #[serde(default)]
    pub endpoints: Vec<Endpoint>,
    /// How many matching requests it lets through first.
    #[serde(default)]
    pub skip: u64,
    /// How many requests it hits; none: until it is cleared.
    #[serde(default)]
    pub times: Option<u64>,
    /// The part of the matching requests that it hits, from 0 to 1, evenly spread; none: each.
    #[serde(default)]
    pub fraction: Option<f64>,
    /// Whether the server processes the request first: a token may be issued, and the answer lost.
    #[serde(default)]
    pub processed: bool,
    /// What happens.
    pub effect: Effect,
}

impl Fault {
    /// A fault that hits every request until it is cleared, before anything is processed.
    pub fn new(effect: Effect) -> Self {
        Fault {
            platform: None,
            endpoints: Vec::new(),
            skip: 0,
            times: None,
            fraction: None,
            processed: false,
            effect,
        }
    }

    /// Only at this server.
    pub fn on(mut self, platform: Platform) -> Self {
        self.platform = Some(platform);
        self
    }

    /// Only requests of this kind; may be said again for another kind.
    pub fn at(mut self, endpoint: Endpoint) -> Self {
        self.endpoints.push(endpoint);
        self
    }

    /// Lets so many matching requests through first.
    pub fn skip(mut self, count: u64) -> Self {
        self.skip = count;
        self
    }

    /// Hits so many requests, then never again.
    pub fn times(mut self, count: u64) -> Self {
        self.times = Some(count);
        self
    }

    /// Hits this part of the requests, evenly spread.
    pub fn fraction(mut self, fraction: f64) -> Self {
        self.fraction = Some(fraction);
        self
    }

    /// Hits after the server has processed the request.
    pub fn processed(mut self) -> Self {
        self.processed = true;
        self
    }

    fn matches(&self, platform: Platform, endpoint: Endpoint) -> bool {
        self.platform.is_none_or(|aimed| aimed == platform)
            && (self.endpoints.is_empty() || self.endpoints.contains(&endpoint))
    }
}

/// What happens to a request or to its answer.
///
/// `Delay`, `Hold`, `RevokeToken` and the effects that edit an answer (`Truncate`, `Huge`, `Members`,
/// `ExpiresIn`, `Headers`) combine; of the others the first one that was armed takes the request. Editing
/// always means that the request was processed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// An answer of one's own.
    Status {
        /// The status code.
        status: u16,
        /// Header fields.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// An error of a token endpoint (RFC 6749 §5.2).
    OauthError {
        /// The status code.
        #[serde(default = "bad_request")]
        status: u16,
        /// The code.
        error: String,
        /// The description.
        #[serde(default)]
        description: String,
    },
    /// A 401 although the token is fine.
    Unauthorized {
        /// The whole `WWW-Authenticate` value; none: a Bearer challenge with `invalid_token`. An empty
        /// text: no such header.
        #[serde(default)]
        challenge: Option<String>,
    },
    /// Cisco's gateway: a 403 with this code, such as `ERR_403_DEVELOPER_OVER_QPS`.
    Gateway {
        /// The code.
        code: String,
    },
    /// Too many requests.
    RateLimit {
        /// The status code.
        #[serde(default = "too_many")]
        status: u16,
        /// When to come again.
        retry_after: RetryAfter,
    },
    /// A redirect.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// Where to.
        to: RedirectTarget,
    },
    /// The answer takes so long, in real time. With `processed` the waiting comes after the processing.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The answer waits for [`crate::Controls::release`]: what a test takes in place of a delay.
    Hold,
    /// The connection is dropped without an answer.
    Drop,
    /// The connection is dropped after so many bytes of the body, though the length promised all of it.
    Truncate {
        /// How many bytes come.
        keep: usize,
    },
    /// The answer's JSON grows by this many bytes in a member that nobody knows.
    Huge {
        /// How many bytes to add.
        bytes: usize,
    },
    /// A chunked body without an end: JSON that never closes.
    Endless {
        /// Bytes a chunk.
        #[serde(default = "kibibyte")]
        chunk: usize,
        /// Milliseconds between chunks; with `chunk` 1 this is the slow drip.
        #[serde(default)]
        pause_ms: u64,
        /// The simulator's own bound: it drops the connection after so many bytes.
        #[serde(default = "mebibytes")]
        limit: usize,
    },
    /// A body that is not what it should be, with status 200.
    Malformed {
        /// In which way.
        form: Malformation,
    },
    /// Members of the answer's JSON are set or removed.
    Members {
        /// What to set.
        #[serde(default)]
        set: Map<String, Value>,
        /// What to remove.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// `expires_in` comes in another form, with its value kept where the form has one.
    ExpiresIn {
        /// The form.
        form: ExpiresIn,
    },
    /// Header fields of the answer are set: a `Date` that is hours off, a cookie.
    Headers {
        /// Names and values.
        set: Vec<(String, String)>,
    },
    /// The access token that the request carries is revoked first.
    RevokeToken,
}

fn bad_request() -> u16 {
    400
}
fn too_many() -> u16 {
    429
}
fn kibibyte() -> usize {
    1024
}
fn mebibytes() -> usize {
    64 << 20
}

/// The forms of `Retry-After` (RFC 9110 §10.2.3), and what is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u64),
    /// A date, so many seconds from the simulator's time; below zero: in the past.
    Date(i64),
    /// `-30`
    Negative,
    /// No number and no date.
    Garbage,
    /// `9999999999`, more than three centuries.
    TenDigits,
    /// No such header.
    Absent,
}

/// Where a redirect leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RedirectTarget {
    /// Another path of the same server.
    SameHost,
    /// [`Platform::Elsewhere`].
    CrossHost,
    /// The very same address.
    Loop,
    /// Anywhere.
    Url(String),
}

/// Bodies that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Malformation {
    /// JSON that stops in the middle.
    BadJson,
    /// `access_token` twice.
    DuplicateMembers,
    /// Members of the wrong types.
    WrongTypes,
    /// A page for people, with its own media type.
    Html,
    /// `error` in a 200.
    ErrorInSuccess,
    /// Nothing.
    Empty,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// Two JSON documents.
    TrailingGarbage,
    /// A hundred thousand arrays in each other.
    DeepNesting,
    /// A token with CR and LF in it.
    HeaderInjection,
}

/// The forms in which servers write a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExpiresIn {
    /// `"3600"`
    Text,
    /// `3600.0`
    Float,
    /// `null`
    Null,
    /// Not there.
    Absent,
    /// `0`
    Zero,
    /// `-1`
    Negative,
    /// `true`
    Boolean,
    /// `1e400`, beyond every number.
    BeyondNumbers,
    /// 2^64
    Huge,
    /// Milliseconds in place of seconds.
    Milliseconds,
}

/// A fault that waits for its requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ArmedFault {
    /// Its number, by which it can be cleared.
    pub number: u64,
    /// What it is.
    pub fault: Fault,
    /// How many requests matched.
    pub matched: u64,
    /// How many it hit.
    pub hit: u64,
    #[serde(skip)]
    due: f64,
}

/// What the armed faults do to one request.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) numbers: Vec<u64>,
    pub(crate) before: Waits,
    pub(crate) after: Waits,
    pub(crate) revoke_token: bool,
    pub(crate) edits: Vec<Effect>,
    /// What takes the request, and whether it is processed first.
    pub(crate) takes: Option<(Effect, bool)>,
}

#[derive(Default)]
pub(crate) struct Waits {
    pub(crate) delay_ms: u64,
    pub(crate) hold: bool,
}

#[derive(Default)]
pub(crate) struct Faults {
    armed: Vec<ArmedFault>,
    count: u64,
}

impl Faults {
    pub(crate) fn arm(&mut self, fault: Fault) -> u64 {
        self.count += 1;
        self.armed.push(ArmedFault { number: self.count, fault, matched: 0, hit: 0, due: 0.0 });
        self.count
    }

    pub(crate) fn list(&self) -> Vec<ArmedFault> {
        self.armed.clone()
    }

    pub(crate) fn clear(&mut self, number: Option<u64>) {
        self.armed.retain(|armed| number.is_some_and(|number| number != armed.number));
    }

    pub(crate) fn plan(&mut self, platform: Platform, endpoint: Endpoint) -> Plan {
        let mut plan = Plan::default();
        for armed in &mut self.armed {
            let takes = armed.fault.effect.takes_the_request();
            if !armed.fault.matches(platform, endpoint) || (takes && plan.takes.is_some()) || !armed.fires() {
                continue;
            }
            plan.numbers.push(armed.number);
            let processed = armed.fault.processed;
            let waits = if processed { &mut plan.after } else { &mut plan.before };
            match &armed.fault.effect {
                Effect::Delay { ms } => waits.delay_ms = waits.delay_ms.saturating_add(*ms),
                Effect::Hold => waits.hold = true,
                Effect::RevokeToken => plan.revoke_token = true,
                effect if takes => plan.takes = Some((effect.clone(), processed)),
                effect => plan.edits.push(effect.clone()),
            }
        }
        self.armed.retain(|armed| armed.fault.times.is_none_or(|times| armed.hit < times));
        plan
    }
}

impl ArmedFault {
    fn fires(&mut self) -> bool {
        self.matched += 1;
        if self.matched <= self.fault.skip || self.fault.times.is_some_and(|times| self.hit >= times) {
            return false;
        }
        self.due += self.fault.fraction.unwrap_or(1.0).clamp(0.0, 1.0);
        // Sums of tenths fall short of one by a rounding error.
        if self.due < 1.0 - 1e-9 {
            return false;
        }
        self.due -= 1.0;
        self.hit += 1;
        true
    }
}

impl Effect {
    fn takes_the_request(&self) -> bool {
        match self {
            Effect::Delay { .. }
            | Effect::Hold
            | Effect::RevokeToken
            | Effect::Truncate { .. }
            | Effect::Huge { .. }
            | Effect::Members { .. }
            | Effect::ExpiresIn { .. }
            | Effect::Headers { .. } => false,
            Effect::Status { .. }
            | Effect::OauthError { .. }
            | Effect::Unauthorized { .. }
            | Effect::Gateway { .. }
            | Effect::RateLimit { .. }
            | Effect::Redirect { .. }
            | Effect::Drop
            | Effect::Endless { .. }
            | Effect::Malformed { .. } => true,
        }
    }
}
