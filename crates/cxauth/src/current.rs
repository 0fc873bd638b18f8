//! The token in service, ready to be put into requests.

use crate::{AccessToken, Timestamp, secret};
use http::{HeaderMap, HeaderName, HeaderValue};

/// A token and the header fields that carry it, made once for all requests.
pub(crate) struct Current {
    pub(crate) token: AccessToken,
    name: HeaderName,
    value: HeaderValue,
    others: Vec<(HeaderName, HeaderValue)>,
    fresh_until: Timestamp,
}

impl Current {
    /// None when a configured header field cannot stand in a request.
    pub(crate) fn new(token: AccessToken) -> Option<Self> {
        let name = HeaderName::from_bytes(token.header_name().as_bytes()).ok()?;
        let value = secret::credential(&token)?;
        let others = token.api_headers().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_str(value).ok()?))
        });
        let others = others.collect::<Option<_>>()?;
        let fresh_until = token.fresh_until().unwrap_or(Timestamp::MAX);
        Some(Self { token, name, value, others, fresh_until })
    }

    /// Whether it can be used without asking the session.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.fresh_until
    }

    pub(crate) fn is_of(&self, token: &AccessToken) -> bool {
        self.token.generation() == token.generation()
            && self.fresh_until == token.fresh_until().unwrap_or(Timestamp::MAX)
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
