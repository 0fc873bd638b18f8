//! Which addresses may be configured, and which may see the token.

use crate::{Error, ErrorCode, settings::invalid};
use alloc::{
    format,
    string::{String, ToString},
};
use url::{Host, Url};

/// The host and the port of a destination that may see the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    host: String,
    /// Absent: the usual port of whatever scheme the address has.
    port: Option<u16>,
}

impl Destination {
    /// From an address that may be configured.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        Some(Self { host: url.host_str()?.to_string(), port: url.port_or_known_default() })
    }

    /// From `host` or `host:port`.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let wanted = || invalid("hosts", "host or host:port, nothing more");
        let url = authority(text).ok_or_else(wanted)?;
        // The parser drops a port that is the scheme's usual one: under another scheme it stays.
        let written = Url::parse(&format!("http://{text}/")).ok().and_then(|other| other.port());
        Ok(Self { host: url.host_str().ok_or_else(wanted)?.to_string(), port: url.port().or(written) })
    }

    /// Whether this destination is where the address leads.
    pub(crate) fn is_of(&self, url: &Url) -> bool {
        let same_port = match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            None => url.port().is_none(),
        };
        same_port && url.host_str() == Some(&self.host)
    }
}

/// An address `https://host[:port]/` of this host and port, when the text is nothing more than these.
pub(crate) fn authority(text: &str) -> Option<Url> {
    if text.is_empty()
        || text.contains(['/', '\\', '?', '#', '@', '*', '%'])
        || text.contains(char::is_whitespace)
    {
        return None;
    }
    Url::parse(&format!("https://{text}/")).ok().filter(|url| url.path() == "/")
}

/// An address that the token or a secret may travel to: https, or http on loopback, without user information
/// (RFC 6749 §10.3; `http://example.com:@evil.example/` shows why).
pub(crate) fn secure(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let secure = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(&url),
        _ => false,
    };
    let has_user = !url.username().is_empty() || url.password().is_some() || names_user(address);
    (secure && !has_user).then_some(url)
}

/// A setting's address, secure and without a fragment (RFC 6749 §3.2).
pub(crate) fn endpoint(setting: &str, address: &str) -> Result<Url, Error> {
    if Url::parse(address).is_err() {
        return Err(invalid(setting, "an address such as https://host/path"));
    }
    let url = secure(address).ok_or_else(|| Error::new(ErrorCode::InsecureUrl).with_detail(setting))?;
    if url.fragment().is_some() {
        return Err(invalid(setting, "an address without a fragment (#)"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An empty user (`https://@host/`) is dropped by the parser; it is refused all the same.
fn names_user(address: &str) -> bool {
    let behind_scheme = address.split_once(':').map_or("", |(_, rest)| rest);
    let authority = behind_scheme.trim_start_matches(['/', '\\', '\t', '\n', '\r']);
    authority.split(['/', '\\', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}
