//! What cxauth takes of the crate `url`, done by JavaScript's `URL`: the same standard (<https://url.spec.whatwg.org>),
//! already there wherever the module runs, where the crate is a seventh of the module.

#![no_std]

extern crate alloc;

use alloc::string::String;
use core::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    type Parsed;

    #[wasm_bindgen(constructor, catch, js_class = URL)]
    fn new(text: &str) -> Result<Parsed, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn href(this: &Parsed) -> String;
}

/// An absolute address, as it is serialized: its parts are slices of that, which is unambiguous.
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    href: String,
}

/// The text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError;

/// The host of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host<Domain> {
    /// A name.
    Domain(Domain),
    /// An address of IP version 4.
    Ipv4(Ipv4Addr),
    /// An address of IP version 6.
    Ipv6(Ipv6Addr),
}

impl Url {
    /// Reads an absolute address.
    ///
    /// # Errors
    /// When the text is none.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Parsed::new(text).map(|url| Self { href: url.href() }).map_err(|_| ParseError)
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.href
    }

    /// What stands before the first colon.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.split().0
    }

    /// The user's name, as it is written; empty without one.
    #[must_use]
    pub fn username(&self) -> &str {
        self.user().map_or("", |user| user.split_once(':').map_or(user, |(name, _)| name))
    }

    /// The user's password, as it is written.
    #[must_use]
    pub fn password(&self) -> Option<&str> {
        self.user()?.split_once(':').map(|(_, password)| password)
    }

    /// The host, an address of IP version 6 in its brackets.
    #[must_use]
    pub fn host_str(&self) -> Option<&str> {
        Some(self.host_and_port()?.0).filter(|host| !host.is_empty())
    }

    /// The host by its kind.
    #[must_use]
    pub fn host(&self) -> Option<Host<&str>> {
        let host = self.host_str()?;
        let version_6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')?.parse().ok());
        Some(match (version_6, host.parse()) {
            (Some(address), _) => Host::Ipv6(address),
            (None, Ok(address)) => Host::Ipv4(address),
            (None, Err(_)) => Host::Domain(host),
        })
    }

    /// The port that is written: none where it is the scheme's usual one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.host_and_port()?.1.parse().ok()
    }

    /// The port that is written, or else the scheme's.
    #[must_use]
    pub fn port_or_known_default(&self) -> Option<u16> {
        self.port().or(match self.scheme() {
            "http" | "ws" => Some(80),
            "https" | "wss" => Some(443),
            "ftp" => Some(21),
            _ => None,
        })
    }

    /// The path, from its slash on.
    #[must_use]
    pub fn path(&self) -> &str {
        let (_, authority, rest) = self.split();
        let path = rest.get(authority.map_or(0, str::len)..).unwrap_or_default();
        path.split(['?', '#']).next().unwrap_or_default()
    }

    /// What stands behind the question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        let (before, _) = self.href.split_once('#').unwrap_or((&self.href, ""));
        before.split_once('?').map(|(_, query)| query)
    }

    /// What stands behind the number sign.
    #[must_use]
    pub fn fragment(&self) -> Option<&str> {
        self.href.split_once('#').map(|(_, fragment)| fragment)
    }

    /// The scheme, the authority (user, host and port) if there is one, and all that stands behind the scheme and the
    /// slashes.
    fn split(&self) -> (&str, Option<&str>, &str) {
        let (scheme, rest) = self.href.split_once(':').unwrap_or((&self.href, ""));
        match rest.strip_prefix("//") {
            Some(rest) => (scheme, rest.split(['/', '?', '#']).next(), rest),
            None => (scheme, None, rest),
        }
    }

    fn user(&self) -> Option<&str> {
        self.split().1?.rsplit_once('@').map(|(user, _)| user)
    }

    fn host_and_port(&self) -> Option<(&str, &str)> {
        let authority = self.split().1?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        // The colons of an IP address stand in brackets.
        Some(match host.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (host, ""),
        })
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.href)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.href)
    }
}

impl From<Url> for String {
    fn from(url: Url) -> Self {
        url.href
    }
}
