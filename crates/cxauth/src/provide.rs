//! Tokens that a function of the user's own brings.

use crate::{Answer, Secret, secret};
use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

/// What a function of the user's own brings for the grant `external`.
///
/// ```
/// use cxauth::Provided;
/// use std::time::Duration;
/// let provided = Provided::new("token").expires_in(Duration::from_secs(3600));
/// ```
#[derive(Clone, Debug)]
pub struct Provided {
    pub(crate) token: Secret,
    pub(crate) expires_in: Option<Duration>,
    pub(crate) scopes: Vec<String>,
}

impl Provided {
    /// A token whose end is not known: it is used until an API refuses it.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self { token: token.into(), expires_in: None, scopes: Vec::new() }
    }

    /// How long it still lives.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime);
        self
    }

    /// What it is good for.
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }
}

type Call = Pin<Box<dyn Future<Output = Result<Answer, String>> + Send>>;

/// The function.
#[derive(Clone)]
pub(crate) struct Provider(Arc<dyn Fn() -> Call + Send + Sync>);

impl Provider {
    pub(crate) fn new<F, R, E>(function: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Provided, E>> + Send + 'static,
        E: fmt::Display,
    {
        Self(Arc::new(move || {
            let call = function();
            Box::pin(async move { call.await.map(secret::answer).map_err(|error| error.to_string()) })
        }))
    }

    pub(crate) fn call(&self) -> Call {
        (self.0)()
    }
}
