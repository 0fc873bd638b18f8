//! What can go wrong, what to do about it, and when to try again.

use crate::{Timestamp, text};
use alloc::{boxed::Box, string::String};
use core::fmt;

/// What the person or the program does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Wait until [`Error::retry_at`]; the session tries again by itself when it is asked then.
    Retry,
    /// A person has to sign in again: what the session had is used up or withdrawn.
    SignIn,
    /// Something in the connection, or in the client's registration at the server, is wrong.
    FixConfiguration,
    /// Nothing that the user can mend: tell the developers, of cxauth or of the server.
    Report,
}

impl Action {
    /// The stable name: `retry`, `sign_in`, `fix_configuration` or `report`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::SignIn => "sign_in",
            Self::FixConfiguration => "fix_configuration",
            Self::Report => "report",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $variant:ident $code:literal $action:ident $advice:literal)+) => {
        /// The kinds of error. Each has a code that never changes its meaning, and one thing to do next.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode { $($(#[doc = $meaning])+ $variant,)+ }

        impl ErrorCode {
            /// Every code, in the order of the glossary.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code, such as `invalid_client`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What to do next.
            #[must_use]
            pub const fn action(self) -> Action {
                match self { $(Self::$variant => Action::$action,)+ }
            }

            /// What happened, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($meaning),+),)+ }
            }

            /// What to do about it, in a sentence.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)+ }
            }
        }
    };
}

codes! {
    /// The settings are not a JSON object, or a name stands in it twice.
    SettingsUnreadable "settings_unreadable" FixConfiguration
        "Write the connection as one JSON object (or one TOML table) with each setting once."
    /// The platform is none that cxauth knows.
    UnknownPlatform "unknown_platform" FixConfiguration
        "Use cloudcx, cisco-cx-cloud, sangoma-cx, cloudlx, or generic with a token_endpoint of your own."
    /// A setting has a name that cxauth does not know.
    UnknownSetting "unknown_setting" FixConfiguration
        "Correct the name, or remove the setting."
    /// A setting that this connection needs is not there.
    MissingSetting "missing_setting" FixConfiguration
        "Add the setting."
    /// A setting has a value that cannot be used.
    InvalidSetting "invalid_setting" FixConfiguration
        "Correct the value."
    /// A configured address is not https, or carries user information.
    InsecureUrl "insecure_url" FixConfiguration
        "Use an https address without user information; http is for loopback only."
    /// An extra parameter or header has a name that cxauth sends itself.
    ReservedParameter "reserved_parameter" FixConfiguration
        "Remove it, and use the setting of its own where there is one."

/// A secret could not be read from its source.
    SecretUnreadable "secret_unreadable" FixConfiguration
        "Check the environment variable, file, command, keychain entry or function that the connection names; cxauth reads it again by itself."

    /// The server does not accept the client's identity or secret (RFC 6749 §5.2).
    InvalidClient "invalid_client" FixConfiguration
        "Check client_id, client_secret and client_authentication against the client's registration."
    /// The server refused the request with 401 and named no reason that RFC 6749 knows.
    Unauthorized "unauthorized" FixConfiguration
        "Check client_id, client_secret and client_authentication, and that the token endpoint is the right one."
    /// The client may not use this grant (RFC 6749 §5.2).
    UnauthorizedClient "unauthorized_client" FixConfiguration
        "Allow the grant in the client's registration, or set another grant."
    /// The server does not know this grant (RFC 6749 §5.2).
    UnsupportedGrantType "unsupported_grant_type" FixConfiguration
        "Set a grant that the server supports."
    /// The server does not accept the scopes that were asked for (RFC 6749 §5.2).
    InvalidScope "invalid_scope" FixConfiguration
        "Correct scopes: ask for what the client is registered for."
    /// The server refused the grant itself, and no person's sign-in is behind it (RFC 6749 §5.2).
    GrantRefused "grant_refused" FixConfiguration
        "Check the client's registration and the connection's grant."
    /// The server refused the user's password, code or refresh token (RFC 6749 §5.2).
    InvalidGrant "invalid_grant" SignIn
        "Sign in again: the password is wrong, or the sign-in ended or was withdrawn."
    /// The server calls the request itself wrong (RFC 6749 §5.2).
    InvalidRequest "invalid_request" Report
        "Report it with the server's description: the server wants something that this connection does not send."
    /// There is no refresh token left, and no other way to a token.
    SignInRequired "sign_in_required" SignIn
        "Sign in again."
    /// The only refresh token was sent and its answer got lost; a server that rotates has ended it.
    RefreshTokenSpent "refresh_token_spent" SignIn
        "Sign in again."
    /// The only refresh token is past its lifetime.
    RefreshTokenExpired "refresh_token_expired" SignIn
        "Sign in again."
    /// The person or the server refused the sign-in (RFC 6749 §4.1.2.1, RFC 8628 §3.5).
    AuthorizationRefused "authorization_refused" SignIn
        "Sign in again, and agree to what the server asks; if it stays so, look at the server's error and description."
    /// What came back to the redirect address does not answer this sign-in: another state, issuer or address, or it was used before.
    RedirectRefused "redirect_refused" SignIn
        "Begin a new sign-in. If it happens again, check redirect_uri and issuer: somebody else's answer may have been slipped in."
    /// The sign-in took longer than it may.
    SignInExpired "sign_in_expired" SignIn
        "Begin a new sign-in."
    /// The server's metadata is not what RFC 8414 describes, or is another server's.
    MetadataRefused "metadata_refused" FixConfiguration
        "Check the issuer, exactly as the server writes it, or set the endpoints yourself."

    /// No connection to the token endpoint came about; nothing was sent.
    ServerUnreachable "server_unreachable" Retry
        "Check the network, the proxy and the token endpoint's host; cxauth tries again."
    /// The token endpoint did not answer in time; it may have processed the request.
    TimedOut "timed_out" Retry
        "Wait; cxauth tries again."
    /// The connection broke before the answer was complete; the server may have processed the request.
    Interrupted "interrupted" Retry
        "Wait; cxauth tries again."
    /// The token endpoint answered with a redirect, which is never followed: it would carry secrets elsewhere.
    Redirected "redirected" Retry
        "If it stays so, set token_endpoint to the address that the server really uses."
    /// The token endpoint is not there (404).
    EndpointNotFound "endpoint_not_found" Retry
        "If it stays so, correct token_endpoint."
    /// The token endpoint asks for fewer requests (429).
    RateLimited "rate_limited" Retry
        "Wait; cxauth honours Retry-After."
    /// The token endpoint is out of order for now (408, 425, 5xx, or temporarily_unavailable).
    ServerUnavailable "server_unavailable" Retry
        "Wait; cxauth tries again."
    /// The token endpoint refused the request for a reason that cannot be known to be permanent.
    RequestRefused "request_refused" Retry
        "Wait; if it stays so, look at the server's error and description."
    /// The answer is not what RFC 6749 §5.1 describes.
    AnswerMalformed "answer_malformed" Retry
        "Wait; if it stays so, check that token_endpoint is a token endpoint and that no proxy answers in its place."
    /// The answer is longer than 64 KiB and was not read.
    AnswerTooLarge "answer_too_large" Retry
        "Wait; if it stays so, check that token_endpoint is a token endpoint and that no proxy answers in its place."
    /// The API refused a new token as it had refused the one before.
    TokenRefused "token_refused" Retry
        "Wait: a fresh token may need time to be known everywhere. If it stays so, check the API's address and the client's permissions."
    /// A renewal brought the token that was there before.
    NoProgress "no_progress" Retry
        "Wait: the server gives a new token only later."
    /// The store could not be locked or read.
    StoreUnavailable "store_unavailable" Retry
        "Check the store: its place, its permissions, and who holds its lock."

    /// A snapshot cannot be read.
    SnapshotDamaged "snapshot_damaged" Report
        "Put the damaged snapshot aside (do not delete it), start without it, and report how it came about."
    /// A snapshot was written by a newer cxauth.
    SnapshotFromNewerVersion "snapshot_from_newer_version" FixConfiguration
        "Update cxauth to the version that wrote the snapshot, or start without it."
    /// In a language without sum types: what was asked for is not in the object.
    Absent "absent" Report
        "Look at the object's kind before you ask for its parts."
    /// The destination is not one that may see the token.
    DestinationRefused "destination_refused" FixConfiguration
        "Use an https address on a host of api_base or hosts, or add the host to hosts."
}

impl ErrorCode {
    /// The code of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What went wrong: a stable code, what to do, when to try again, and what the server said, escaped and cut to 512
/// characters. It never holds a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Clone, PartialEq, Eq)]
struct Details {
    code: ErrorCode,
    detail: Option<String>,
    status: Option<u16>,
    server_error: Option<String>,
    server_description: Option<String>,
    retry_at: Option<Timestamp>,
}

impl Error {
    /// An error without details, for drivers.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self(Box::new(Details {
            code,
            detail: None,
            status: None,
            server_error: None,
            server_description: None,
            retry_at: None,
        }))
    }

    /// The same error with a word on what exactly was wrong. The text is escaped and cut; it must hold no secret.
    #[must_use]
    pub fn with_detail(mut self, detail: &str) -> Self {
        self.0.detail = Some(text::printable(detail)).filter(|detail| !detail.is_empty());
        self
    }

    pub(crate) fn with_code(mut self, code: ErrorCode) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_server_text(mut self, error: Option<&str>, description: Option<&str>) -> Self {
        self.0.server_error = error.map(text::printable);
        self.0.server_description = description.map(text::printable);
        self
    }

    pub(crate) fn with_retry_at(mut self, retry_at: Option<Timestamp>) -> Self {
        self.0.retry_at = retry_at;
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// What to do next.
    #[must_use]
    pub fn action(&self) -> Action {
        self.0.code.action()
    }

    /// When the session asks the server again, if it does so by itself.
    #[must_use]
    pub fn retry_at(&self) -> Option<Timestamp> {
        self.0.retry_at
    }

    /// What exactly was wrong, such as the setting's name; escaped and cut.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// The status of the answer that brought the error, if one did.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The server's `error` code as it stood in the answer (RFC 6749 §5.2), escaped and cut to 512 characters.
    #[must_use]
    pub fn server_error(&self) -> Option<&str> {
        self.0.server_error.as_deref()
    }

    /// The server's `error_description`, escaped and cut to 512 characters.
    #[must_use]
    pub fn server_description(&self) -> Option<&str> {
        self.0.server_description.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &self.0;
        formatter.write_str(details.code.meaning().trim())?;
        if let Some(detail) = &details.detail {
            write!(formatter, " ({detail})")?;
        }
        match (&details.server_error, &details.server_description, details.status) {
            (Some(error), Some(description), _) => {
                write!(formatter, " The server said {error}: {description}.")?
            }
            (Some(error), None, _) => write!(formatter, " The server said {error}.")?,
            (None, _, Some(status)) => write!(formatter, " The server answered {status}.")?,
            (None, _, None) => {}
        }
        write!(formatter, " {} [{}]", details.code.advice(), details.code)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({self})")
    }
}

impl core::error::Error for Error {}
