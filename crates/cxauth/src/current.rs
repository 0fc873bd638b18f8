//! The token in service, ready to be put into requests.

use crate::{AccessToken, Timestamp, secret};
use http::{HeaderMap, HeaderName, HeaderValue};

/// A token and the header fields that carry it, made once for all requests.
pub(crate) struct Current {
    pub(crate) token: AccessToken,
    name: HeaderName,
    value: HeaderValue,
    others: Vec<(HeaderName, HeaderValue)>,
    /// From then on the session is asked: something is due, or it has something to say.
    until: Timestamp,
}

impl Current {
    /// None when a configured header field cannot stand in a request. The session has something to say at `warning`.
    pub(crate) fn new(token: AccessToken, warning: Option<Timestamp>) -> Option<Self> {
        let name = HeaderName::from_bytes(token.header_name().as_bytes()).ok()?;
        let value = secret::credential(&token)?;
        let others = token.api_headers().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_str(value).ok()?))
        });
        let others = others.collect::<Option<_>>()?;
        let until = until(&token, warning);
        Some(Self { token, name, value, others, until })
    }

    /// Whether it can be used without asking the session.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.until
    }

    pub(crate) fn is_of(&self, token: &AccessToken) -> bool {
        self.token.generation() == token.generation() && self.token.fresh_until() == token.fresh_until()
    }

    /// Whether it is that, up to that moment.
    pub(crate) fn shows(&self, token: &AccessToken, warning: Option<Timestamp>) -> bool {
        self.is_of(token) && self.until == until(token, warning)
    }

    pub(crate) fn header_name(&self) -> &HeaderName {
        &self.name
    }

    pub(crate) fn header_value(&self) -> &HeaderValue {
        &self.value
    }

    /// Puts the fields into a request. Each replaces what is there: a request has one credential (RFC 6750 §2).
    pub(crate) fn put(&self, headers: &mut HeaderMap) {
        headers.insert(self.name.clone(), self.value.clone());
        for (name, value) in &self.others {
            headers.insert(name.clone(), value.clone());
        }
    }
}

fn until(token: &AccessToken, warning: Option<Timestamp>) -> Timestamp {
    [token.fresh_until(), warning].into_iter().flatten().min().unwrap_or(Timestamp::MAX)
}
