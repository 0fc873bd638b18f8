//! Authorization requests that wait for a person, and the codes that came of them (RFC 6749 §4.1.2).

use std::collections::{BTreeSet, HashMap};

use crate::tokens::{opaque, random_hex};

/// A right authorization request.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) client: String,
    pub(crate) back: Back,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) resources: BTreeSet<String>,
    /// `code_challenge`, with S256; none where PKCE is ignored.
    pub(crate) challenge: Option<String>,
    /// The key that the code is bound to (RFC 9449 §10).
    pub(crate) key: Option<String>,
    pub(crate) login_hint: Option<String>,
}

/// Where an answer goes.
#[derive(Clone)]
pub(crate) struct Back {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
}

pub(crate) struct Code {
    pub(crate) wanted: Wanted,
    pub(crate) user: String,
    pub(crate) expires_at_ms: i64,
    pub(crate) used: bool,
    /// The tokens that it brought.
    pub(crate) family: Option<u64>,
}

/// What every code starts with, at every server: a foreign one is recognised by it.
pub(crate) const CODE_PREFIX: &str = "cxauth-canary-code-";

#[derive(Default)]
pub(crate) struct SignIns {
    pages: HashMap<String, Wanted>,
    codes: HashMap<String, Code>,
    pushed: HashMap<String, (Wanted, i64)>,
}

impl SignIns {
    /// Keeps a request while its page is shown; the name is what the page's form sends back.
    pub(crate) fn show(&mut self, wanted: Wanted) -> String {
        let name = random_hex();
        self.pages.insert(name.clone(), wanted);
        name
    }

    pub(crate) fn shown(&self, name: &str) -> Option<&Wanted> {
        self.pages.get(name)
    }

    /// A page is answered once.
    pub(crate) fn close(&mut self, name: &str) -> Option<Wanted> {
        self.pages.remove(name)
    }

    /// Keeps a pushed request until its time; the answer is what refers to it (RFC 9126 §2.2).
    pub(crate) fn push(&mut self, wanted: Wanted, expires_at_ms: i64) -> String {
        let request_uri = format!("urn:ietf:params:oauth:request_uri:{}", random_hex());
        self.pushed.insert(request_uri.clone(), (wanted, expires_at_ms));
        request_uri
    }

    /// A reference works once.
    pub(crate) fn pull(&mut self, request_uri: &str) -> Option<(Wanted, i64)> {
        self.pushed.remove(request_uri)
    }

    pub(crate) fn issue(&mut self, wanted: Wanted, user: String, expires_at_ms: i64) -> String {
        let number = u64::try_from(self.codes.len()).unwrap_or(u64::MAX);
        let value = opaque("code", "generic", number.saturating_add(1));
        self.codes.insert(value.clone(), Code { wanted, user, expires_at_ms, used: false, family: None });
        value
    }

    pub(crate) fn code(&mut self, value: &str) -> Option<&mut Code> {
        self.codes.get_mut(value)
    }

    pub(crate) fn knows(&self, value: &str) -> bool {
        self.codes.contains_key(value)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &String> {
        self.codes.keys()
    }
}
