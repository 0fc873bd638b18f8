//! How the command ends: a status, and one line on standard error that says what to do.

use cxauth::{Action, Error};
use std::{
    io::{self, Write},
    time::{SystemTime, UNIX_EPOCH},
};

/// The exit statuses. `docs/command.md` and `--help` list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    /// Everything is as it should be.
    Success = 0,
    /// A scenario or a part of the demonstration failed, or input or output did.
    NotAsItShouldBe = 1,
    /// The command line, the configuration or the client's registration is wrong.
    FixConfiguration = 2,
    /// A person has to sign in again.
    SignIn = 3,
    /// The same again later may work.
    Retry = 4,
    /// Nothing that the user can mend.
    Report = 5,
    /// The API answered 3xx or 4xx.
    ApiRefused = 6,
    /// The API answered 5xx.
    ApiFailed = 7,
}

impl From<Action> for Status {
    fn from(action: Action) -> Self {
        match action {
            Action::Retry => Self::Retry,
            Action::SignIn => Self::SignIn,
            Action::FixConfiguration => Self::FixConfiguration,
            Action::Report => Self::Report,
        }
    }
}

/// Why the command ends, and with which status.
#[derive(Debug)]
pub(crate) struct Failure {
    status: Status,
    /// None when nobody is there to read it.
    message: Option<String>,
}

impl Failure {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: Some(message.into()) }
    }

    /// Something that the user has to mend before the command can work.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Status::FixConfiguration, message)
    }

    /// The error, and further words on what to do.
    pub(crate) fn with_hint(error: &Error, hint: &str) -> Self {
        Self::new(error.action().into(), format!("{error} {hint}"))
    }

    /// The error, and where the cause of it stands.
    pub(crate) fn at(place: &str, error: &Error) -> Self {
        Self::new(error.action().into(), format!("{place}: {error}"))
    }

    /// An end without a word, because everything is said.
    pub(crate) const fn silent(status: Status) -> Self {
        Self { status, message: None }
    }

    /// Says it, and returns the status.
    pub(crate) fn report(self) -> Status {
        if let Some(message) = self.message {
            complain(&message);
        }
        self.status
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let wait = error.retry_at().map(|at| at.unix_millis().saturating_sub(now_millis()));
        match wait {
            Some(millis) if millis > 0 => Self::with_hint(
                &error,
                &format!("It may be asked again in {} s.", millis.div_euclid(1000) + 1),
            ),
            _ => Self::new(error.action().into(), error.to_string()),
        }
    }
}

/// Writing standard output failed. A reader that has seen enough, such as `head`, is no failure.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::silent(Status::Success),
            _ => Self::new(Status::NotAsItShouldBe, format!("cannot write the output: {error}")),
        }
    }
}

/// One line for the user, whatever is in the text. With standard error closed there is nobody to tell.
pub(crate) fn complain(message: &str) {
    let line: String =
        message.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let _ = writeln!(io::stderr(), "cxauth: {line}");
}

pub(crate) fn now_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
