//! What a flight's leader does next.

use crate::{AuthError, ErrorDetails, secret};
use cxauth_core::{
    Authorization, DevicePrompt, Error, Failure, SecretName, SecretSource, SigningKey, Snapshot, Timestamp,
};
use std::sync::Arc;

/// What a flight's leader does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(
    feature = "python",
    pyo3::pyclass(eq, eq_int, hash, frozen, from_py_object, module = "cxauth._native")
)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub enum StepKind {
    /// Lock the store, then `done`.
    Lock,
    /// Read the store under the lock, then `done_loaded`.
    Load,
    /// Read a secret from its source, then `done_secret`.
    ReadSecret,
    /// Ask the user's own function for a token, then `done_answer` with a body as of a token endpoint.
    Provide,
    /// Sign the `signing_input` with the key that the secret's source names, by the `algorithm`, then `done_signature`.
    Sign,
    /// Send the request as it is and follow no redirect, then `done_answer`.
    Send,
    /// Send the person to `authorization_url` in the system's browser, keep `sign_in` until the browser is back, then `done`.
    Authorize,
    /// Show the person `user_code` and where to enter it, then `done` at once.
    Prompt,
    /// Do nothing until `until_ms`, then `done`.
    Pause,
    /// Make the snapshot durable, then `done`.
    Save,
    /// Unlock the store, then `done`.
    Unlock,
    /// The flight is over: every caller that waited for it acquires again.
    Done,
}

/// Where a secret is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(
    feature = "python",
    pyo3::pyclass(eq, eq_int, hash, frozen, from_py_object, module = "cxauth._native")
)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub enum SecretSourceKind {
    /// An environment variable: its name.
    Environment,
    /// A file: its path. One trailing line break is not part of the secret.
    File,
    /// A program and its arguments. Its standard output, less one trailing line break, is the secret.
    Command,
    /// An entry of the system's keychain, `service/account`.
    Keychain,
    /// A function of the program's own: the name under which the driver knows it.
    Function,
    /// Nowhere: the step is not `ReadSecret`.
    Nothing,
}

/// How a step failed. For a request the difference matters: what may have been processed may have spent a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[cfg_attr(
    feature = "python",
    pyo3::pyclass(eq, eq_int, hash, frozen, from_py_object, module = "cxauth._native")
)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub enum FailureKind {
    /// Nothing was sent; also for every step that is not a request.
    Connect,
    /// No answer in time.
    Timeout,
    /// Broken off.
    Interrupted,
}

impl From<FailureKind> for Failure {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Connect => Self::Connect,
            FailureKind::Timeout => Self::Timeout,
            FailureKind::Interrupted => Self::Interrupted,
        }
    }
}

/// What a flight's leader does next, and with what.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct Step(Content);

#[derive(Debug)]
enum Content {
    Bare(StepKind),
    ReadSecret(SecretName, SecretSource),
    Sign(SigningKey, Vec<u8>),
    Send(Arc<cxauth_core::TokenRequest>),
    Authorize(Authorization),
    Prompt(DevicePrompt),
    Pause(Timestamp),
    Save(Snapshot),
    Failed(Error),
}

impl From<cxauth_core::Step> for Step {
    fn from(step: cxauth_core::Step) -> Self {
        use cxauth_core::Step as Core;
        Self(match step {
            Core::Lock => Content::Bare(StepKind::Lock),
            Core::Load => Content::Bare(StepKind::Load),
            Core::ReadSecret { name, source } => Content::ReadSecret(name, source),
            Core::Sign { key, bytes } => Content::Sign(key, bytes),
            Core::Send { request } => Content::Send(Arc::new(request)),
            Core::Provide => Content::Bare(StepKind::Provide),
            Core::Authorize { authorization } => Content::Authorize(authorization),
            Core::Prompt { prompt } => Content::Prompt(prompt),
            Core::Pause { until } => Content::Pause(until),
            Core::Save { snapshot } => Content::Save(snapshot),
            Core::Unlock => Content::Bare(StepKind::Unlock),
            Core::Done { why: Some(why) } => Content::Failed(why),
            Core::Done { why: None } => Content::Bare(StepKind::Done),
        })
    }
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl Step {
    /// What the leader does.
    #[must_use]
    pub fn kind(&self) -> StepKind {
        match &self.0 {
            Content::Bare(kind) => *kind,
            Content::ReadSecret(..) => StepKind::ReadSecret,
            Content::Sign(..) => StepKind::Sign,
            Content::Send(_) => StepKind::Send,
            Content::Authorize(_) => StepKind::Authorize,
            Content::Prompt(_) => StepKind::Prompt,
            Content::Pause(_) => StepKind::Pause,
            Content::Save(_) => StepKind::Save,
            Content::Failed(_) => StepKind::Done,
        }
    }

    /// Which secret to read, such as `client_secret`; for `ReadSecret`.
    #[must_use]
    pub fn secret_name(&self) -> Option<String> {
        match &self.0 {
            Content::ReadSecret(name, _) => Some(name.to_string()),
            _ => None,
        }
    }

    /// Where to read it; for `Sign`, where the key is: its PEM (PKCS #8), or the function that signs.
    #[must_use]
    pub fn secret_source_kind(&self) -> SecretSourceKind {
        source_kind(self.source())
    }

    /// The source's name, path, command with its arguments, entry, or function.
    #[must_use]
    pub fn secret_source_values(&self) -> Vec<String> {
        source_values(self.source())
    }

    /// How the key signs: `ES256` (64 bytes, `r` and `s`; RFC 7518 §3.4), `RS256`, `PS256` or `EdDSA`; for `Sign`.
    #[must_use]
    pub fn algorithm(&self) -> Option<String> {
        match &self.0 {
            Content::Sign(key, _) => Some(key.algorithm().as_str().to_owned()),
            _ => None,
        }
    }

    /// What to sign; for `Sign`.
    ///
    /// # Errors
    /// `absent` for the other kinds.
    pub fn signing_input(&self) -> Result<Vec<u8>, AuthError> {
        match &self.0 {
            Content::Sign(_, bytes) => Ok(bytes.clone()),
            _ => Err(AuthError::absent("signing_input")),
        }
    }

    /// What to send; for `Send`.
    ///
    /// # Errors
    /// `absent` for the other kinds.
    pub fn request(&self) -> Result<TokenRequest, AuthError> {
        match &self.0 {
            Content::Send(request) => Ok(TokenRequest(Arc::clone(request))),
            _ => Err(AuthError::absent("request")),
        }
    }

    /// Where the person signs in; for `Authorize`.
    #[must_use]
    pub fn authorization_url(&self) -> Option<String> {
        match &self.0 {
            Content::Authorize(authorization) => Some(authorization.url().to_owned()),
            _ => None,
        }
    }

    /// What to keep until the browser is back, and to give to [`crate::Session::lead_code`] then: text that is all secret; for
    /// `Authorize`.
    ///
    /// # Errors
    /// `absent` for the other kinds.
    pub fn sign_in(&self) -> Result<String, AuthError> {
        match &self.0 {
            Content::Authorize(authorization) => Ok(secret::open(&authorization.sign_in().to_text())),
            _ => Err(AuthError::absent("sign_in")),
        }
    }

    /// What the person enters on another device; for `Prompt`.
    #[must_use]
    pub fn user_code(&self) -> Option<String> {
        self.prompt().map(|prompt| prompt.user_code().to_owned())
    }

    /// Where the person enters it; for `Prompt`.
    #[must_use]
    pub fn verification_uri(&self) -> Option<String> {
        self.prompt().map(|prompt| prompt.verification_uri().to_owned())
    }

    /// The same with the code in it, for a QR code; for `Prompt`, where the server has it.
    #[must_use]
    pub fn verification_uri_complete(&self) -> Option<String> {
        self.prompt().and_then(|prompt| prompt.verification_uri_complete().map(ToOwned::to_owned))
    }

    /// Until when the code of `Prompt` works, and until when `Pause` does nothing.
    #[must_use]
    pub fn until_ms(&self) -> Option<f64> {
        let until = match &self.0 {
            Content::Pause(until) => Some(*until),
            _ => self.prompt().map(DevicePrompt::expires_at),
        };
        until.map(|until| until.unix_millis() as f64)
    }

    /// What to save: text that is all secret; for `Save`.
    ///
    /// # Errors
    /// `absent` for the other kinds.
    pub fn snapshot(&self) -> Result<String, AuthError> {
        match &self.0 {
            Content::Save(snapshot) => Ok(secret::open(&snapshot.to_text())),
            _ => Err(AuthError::absent("snapshot")),
        }
    }

    /// Whether the flight is over and brought nothing.
    #[must_use]
    pub fn has_error(&self) -> bool {
        matches!(self.0, Content::Failed(_))
    }

    /// Why it brought nothing; for `Done`, where [`Step::has_error`] says so.
    ///
    /// # Errors
    /// `absent` otherwise.
    pub fn error(&self) -> Result<ErrorDetails, AuthError> {
        match &self.0 {
            Content::Failed(why) => Ok(ErrorDetails(why.clone())),
            _ => Err(AuthError::absent("error")),
        }
    }
}

impl Step {
    fn source(&self) -> Option<&SecretSource> {
        match &self.0 {
            Content::ReadSecret(_, source) => Some(source),
            Content::Sign(key, _) => Some(key.source()),
            _ => None,
        }
    }

    fn prompt(&self) -> Option<&DevicePrompt> {
        match &self.0 {
            Content::Prompt(prompt) => Some(prompt),
            _ => None,
        }
    }
}

/// A request to a token endpoint. It carries secrets and prints none.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
#[cfg_attr(feature = "python", pyo3::pyclass(frozen, module = "cxauth._native"))]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
pub struct TokenRequest(Arc<cxauth_core::TokenRequest>);

#[cfg_attr(feature = "uniffi", uniffi::export)]
#[cfg_attr(feature = "python", pyo3::pymethods)]
#[cfg_attr(feature = "wasm", wasm_bindgen::prelude::wasm_bindgen)]
impl TokenRequest {
    /// `POST`, always (RFC 6749 §3.2).
    #[must_use]
    pub fn method(&self) -> String {
        self.0.method().to_owned()
    }

    /// The token endpoint. No secret is in it (RFC 6749 §2.3.1).
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url().to_owned()
    }

    /// The names of the header fields, in lower case.
    #[must_use]
    pub fn header_names(&self) -> Vec<String> {
        self.0.headers().map(|(name, _)| name.to_owned()).collect()
    }

    /// Their values, in the same order. That of `authorization` is a secret.
    #[must_use]
    pub fn header_values(&self) -> Vec<String> {
        self.0.headers().map(|(_, value)| value.to_owned()).collect()
    }

    /// The body: a secret.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        self.0.body().to_vec()
    }
}

pub(crate) fn source_kind(source: Option<&SecretSource>) -> SecretSourceKind {
    match source {
        Some(SecretSource::Environment(_)) => SecretSourceKind::Environment,
        Some(SecretSource::File(_)) => SecretSourceKind::File,
        Some(SecretSource::Command(_)) => SecretSourceKind::Command,
        Some(SecretSource::Keychain(_)) => SecretSourceKind::Keychain,
        Some(SecretSource::Function(_)) => SecretSourceKind::Function,
        _ => SecretSourceKind::Nothing,
    }
}

pub(crate) fn source_values(source: Option<&SecretSource>) -> Vec<String> {
    match source {
        Some(
            SecretSource::Environment(name) | SecretSource::Function(name) | SecretSource::Keychain(name),
        ) => {
            vec![name.clone()]
        }
        Some(SecretSource::File(path)) => vec![path.clone()],
        Some(SecretSource::Command(command)) => command.clone(),
        _ => Vec::new(),
    }
}
