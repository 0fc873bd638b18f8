//! What an API call can fail with.

use crate::Error;
use std::fmt;

/// Why a request brought no answer: there was no token for it, or it could not be sent. It holds no secret and no address.
#[derive(Debug)]
pub enum RequestError {
    /// No token, or a destination that may not see it: the error says what to do.
    Token(Error),
    /// The request could not be built or sent, or its answer could not be read.
    Http(reqwest::Error),
}

impl RequestError {
    /// The token's error, if it is one.
    #[must_use]
    pub fn token(&self) -> Option<&Error> {
        match self {
            Self::Token(error) => Some(error),
            Self::Http(_) => None,
        }
    }
}

impl From<Error> for RequestError {
    fn from(error: Error) -> Self {
        Self::Token(error)
    }
}

/// An address can hold what is nobody's business.
impl From<reqwest::Error> for RequestError {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(error) => error.fmt(formatter),
            Self::Http(error) => formatter.write_str(&reason(error)),
        }
    }
}

impl std::error::Error for RequestError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Token(error) => Some(error),
            Self::Http(error) => Some(error),
        }
    }
}

/// What went wrong and why, without an address: reqwest says the why in its sources only.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let mut text = match () {
        () if error.is_connect() => "cannot connect",
        () if error.is_timeout() => "no answer in time",
        () if error.is_builder() => "the request cannot be built",
        () if error.is_body() || error.is_decode() => "the body cannot be read",
        () => "broken off",
    }
    .to_owned();
    let mut source = std::error::Error::source(error);
    let mut last = None;
    while let Some(error) = source {
        last = Some(error.to_string());
        source = error.source();
    }
    if let Some(last) = last {
        text.push_str(": ");
        text.push_str(&last);
    }
    text
}
