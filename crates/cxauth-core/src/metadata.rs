//! What a server says about itself (RFC 8414, OpenID Connect Discovery 1.0).

use crate::{
    ClientAuthentication, Error, ErrorCode, Settings, destination,
    json::{Malformed, Object, Value, Writer},
    settings::invalid,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use url::Url;

/// What an authorization server says about itself, checked, as settings for a connection.
///
/// ```
/// use cxauth_core::{Connection, Metadata, Settings};
///
/// let issuer = "https://as.example";
/// assert_eq!(
///     Metadata::addresses(issuer)?,
///     [
///         "https://as.example/.well-known/oauth-authorization-server",
///         "https://as.example/.well-known/openid-configuration",
///     ],
/// );
/// let body = br#"{ "issuer": "https://as.example", "token_endpoint": "https://as.example/token" }"#;
/// let metadata = Metadata::read(issuer, 200, body)?;
/// let settings = Settings::new("generic").client_id("id").client_secret("secret");
/// let connection = Connection::new(settings.or(metadata.settings()))?;
/// assert_eq!(connection.token_endpoint(), Some("https://as.example/token"));
/// # Ok::<(), cxauth_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Metadata {
    /// In the order of [`ADDRESSES`].
    addresses: [Option<String>; ADDRESSES.len()],
    /// In the order of [`FLAGS`].
    flags: [bool; FLAGS.len()],
    /// `client_secret_basic` where the server takes a secret in no other way.
    client_authentication: Option<ClientAuthentication>,
    scopes: Vec<String>,
}

/// The members that are addresses; each is a setting of that name. The first two must be there.
const ADDRESSES: [&str; 7] = [
    "issuer",
    "token_endpoint",
    "authorization_endpoint",
    "pushed_authorization_request_endpoint",
    "device_authorization_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
];

/// The members that are true or false, likewise.
const FLAGS: [&str; 2] =
    ["require_pushed_authorization_requests", "authorization_response_iss_parameter_supported"];

impl Metadata {
    /// The longest document that is read, in bytes. A driver stops after one byte more.
    pub const MAX_BODY: usize = 256 * 1024;

    /// Where an issuer keeps its metadata: try one after the other, with `GET`, `accept: application/json`, and no redirect
    /// followed, and take the first answer that [`Metadata::read`] takes.
    ///
    /// # Errors
    /// `invalid_setting` and `insecure_url`.
    pub fn addresses(issuer: &str) -> Result<Vec<String>, Error> {
        let url = self::issuer(issuer)?;
        let path = url.path().trim_end_matches('/');
        let origin = url.as_str().strip_suffix(url.path()).unwrap_or(url.as_str());
        // RFC 8414 §3.1 puts it between host and path, OpenID Connect Discovery 1.0 §4 behind both.
        Ok(Vec::from([
            format!("{origin}/.well-known/oauth-authorization-server{path}"),
            format!("{origin}{path}/.well-known/openid-configuration"),
        ]))
    }

    /// Reads what came from one of the addresses.
    ///
    /// # Errors
    /// `metadata_refused`: no success, no metadata, another issuer's (RFC 8414 §3.3), or an endpoint that is no https address.
    /// Keep nothing of it then.
    pub fn read(issuer: &str, status: u16, body: &[u8]) -> Result<Self, Error> {
        self::issuer(issuer)?;
        let refused = |detail: &str| Error::new(ErrorCode::MetadataRefused).with_detail(detail);
        if status != 200 {
            return Err(refused("the answer is no success").with_status(status));
        }
        if body.len() > Self::MAX_BODY {
            return Err(refused("the document is longer than 256 KiB"));
        }
        let text = core::str::from_utf8(body).map_err(|_| refused("the document is no text"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let members = Object::parse(text).map_err(|Malformed| refused("the document is no JSON object"))?;
        let told = |name: &str| members.member(name).filter(|value| !value.is_null());
        let mut addresses = [const { None }; ADDRESSES.len()];
        for (name, address) in ADDRESSES.iter().zip(&mut addresses) {
            *address = told(name).map(Value::text).transpose().map_err(|Malformed| refused(name))?;
        }
        if addresses[0].as_deref() != Some(issuer) {
            return Err(refused("issuer: it is another one's document"));
        }
        if addresses[1].is_none() {
            return Err(refused("token_endpoint: it is missing"));
        }
        for (name, address) in ADDRESSES.iter().zip(&addresses).skip(1) {
            if let Some(address) = address {
                destination::endpoint(name, address).map_err(|_| refused(name))?;
            }
        }
        let mut flags = [false; FLAGS.len()];
        for (name, flag) in FLAGS.iter().zip(&mut flags) {
            *flag = told(name).map_or(Ok(false), Value::boolean).map_err(|Malformed| refused(name))?;
        }
        let texts =
            |name: &str| told(name).map_or(Ok(Vec::new()), Value::texts).map_err(|Malformed| refused(name));
        let methods = texts("token_endpoint_auth_methods_supported")?;
        let takes = |method: &str| methods.iter().any(|taken| taken == method);
        // RFC 8414 §2: without the member it is client_secret_basic.
        let basic_only = methods.is_empty() || (takes("client_secret_basic") && !takes("client_secret_post"));
        Ok(Self {
            addresses,
            flags,
            client_authentication: basic_only.then_some(ClientAuthentication::ClientSecretBasic),
            scopes: texts("scopes_supported")?,
        })
    }

    /// The settings that it stands for: put them under your own with [`Settings::or`]. A public client says
    /// `client_authentication: none` above them.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::from_json(&self.to_json()).unwrap_or_default();
        settings.platform = None;
        settings
    }

    /// The same as the text of a JSON object: a profile to keep.
    #[must_use]
    pub fn to_json(&self) -> String {
        let texts = self.addresses.iter().flatten();
        let longest = texts.map(|address| Writer::longest(address.len()) + 60).sum::<usize>() + 300;
        let mut text = Writer::new(longest);
        text.text("platform", "generic");
        for (name, address) in ADDRESSES.iter().zip(&self.addresses) {
            if let Some(address) = address {
                text.text(name, address);
            }
        }
        if self.client_authentication.is_some() {
            text.text("client_authentication", "client_secret_basic");
        }
        for (name, flag) in FLAGS.iter().zip(self.flags) {
            if flag {
                text.plain(name, flag);
            }
        }
        text.finish().to_string()
    }

    /// The scopes that the server names; it may know more.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Metadata").field(&self.to_json()).finish()
    }
}

/// An issuer's identifier: an address without query and fragment (RFC 8414 §2).
pub(crate) fn issuer(address: &str) -> Result<Url, Error> {
    let url = destination::endpoint("issuer", address)?;
    if url.query().is_some() {
        return Err(invalid("issuer", "an address without a query"));
    }
    Ok(url)
}
