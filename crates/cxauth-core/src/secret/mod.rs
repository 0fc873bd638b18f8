//! Values that nothing prints, and where they come from. [`Secret::expose`] is the one way to a value.

pub(crate) mod wire;

use crate::json::{Malformed, Value};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use zeroize::Zeroizing;

/// A secret: a client secret, a password, a token. It prints nothing of itself, not even its length, and its memory
/// is overwritten when it is dropped (as far as a library can: copies made by the allocator stay).
///
/// ```
/// let secret = cxauth_core::Secret::new("hunter2");
/// assert_eq!(format!("{secret:?}"), "Secret(redacted)");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the value over.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value itself: for the wire and for a store, never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it can stand in a header field as a token: RFC 6750 §2.1 allows no blank, no control character and
    /// nothing above 0x7e, and neither does anything that must not become a second header line.
    pub(crate) fn is_token(&self) -> bool {
        is_token_text(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(redacted)")
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<Zeroizing<String>> for Secret {
    fn from(value: Zeroizing<String>) -> Self {
        Self(value)
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

/// Where a secret's value comes from. All but [`SecretSource::Value`] are read by the driver, each time a flight needs
/// the secret, so that a rotated secret is seen without a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSource {
    /// The value itself.
    Value(Secret),
    /// The name of an environment variable.
    Environment(String),
    /// The path of a file; one trailing line break is not part of the secret.
    File(String),
    /// A program and its arguments; its standard output, less one trailing line break, is the secret.
    Command(Vec<String>),
    /// An entry of the system's keychain, `service/account`.
    Keychain(String),
    /// A function of the program's own, by the name under which it was given to the driver.
    Function(String),
}

impl SecretSource {
    /// Whether the driver can read the value anew.
    #[must_use]
    pub const fn is_readable_again(&self) -> bool {
        !matches!(self, Self::Value(_))
    }

    pub(crate) const fn value(&self) -> Option<&Secret> {
        match self {
            Self::Value(secret) => Some(secret),
            _ => None,
        }
    }
}

impl From<Secret> for SecretSource {
    fn from(secret: Secret) -> Self {
        Self::Value(secret)
    }
}

impl From<&str> for SecretSource {
    fn from(value: &str) -> Self {
        Self::Value(Secret::new(value))
    }
}

impl From<String> for SecretSource {
    fn from(value: String) -> Self {
        Self::Value(Secret::new(value))
    }
}

/// The secrets that a connection may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecretName {
    /// `client_secret`
    ClientSecret,
    /// `password`
    Password,
    /// `api_key`
    ApiKey,
    /// `refresh_token`: one to start from.
    RefreshToken,
    /// `subject_token`: the one that is exchanged (RFC 8693 §2.1).
    SubjectToken,
    /// `actor_token`: that of whoever acts for the subject (RFC 8693 §2.1).
    ActorToken,
    /// `assertion` (RFC 7523 §2.1).
    Assertion,
}

impl SecretName {
    pub(crate) const ALL: [Self; 7] = [
        Self::ClientSecret,
        Self::Password,
        Self::ApiKey,
        Self::RefreshToken,
        Self::SubjectToken,
        Self::ActorToken,
        Self::Assertion,
    ];

    /// The setting's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecret => "client_secret",
            Self::Password => "password",
            Self::ApiKey => "api_key",
            Self::RefreshToken => "refresh_token",
            Self::SubjectToken => "subject_token",
            Self::ActorToken => "actor_token",
            Self::Assertion => "assertion",
        }
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Where a secret is read, as a connection says it.
pub(crate) fn read_source(kind: &str, value: Value<'_>) -> Result<SecretSource, Malformed> {
    match kind {
        "env" => value.text().map(SecretSource::Environment),
        "file" => value.text().map(SecretSource::File),
        "command" if value.is_array() => value.texts().map(SecretSource::Command),
        "command" => value.text().map(|command| {
            SecretSource::Command(command.split_ascii_whitespace().map(ToString::to_string).collect())
        }),
        "keychain" => value.text().map(SecretSource::Keychain),
        "function" => value.text().map(SecretSource::Function),
        _ => Err(Malformed),
    }
}

/// Visible ASCII characters, one at least, and no blank.
pub(crate) fn is_token_text(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
}
