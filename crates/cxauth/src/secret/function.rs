//! Functions of the program's own that read secrets.

use crate::Secret;
use std::{collections::HashMap, fmt, future::Future, pin::Pin, sync::Arc};

type Call = Pin<Box<dyn Future<Output = Result<Secret, String>> + Send>>;

/// By the names that the connection's sources have.
#[derive(Clone, Default)]
pub(crate) struct SecretFunctions(HashMap<String, Arc<dyn Fn() -> Call + Send + Sync>>);

impl SecretFunctions {
    pub(crate) fn add<F, R, E>(&mut self, name: String, function: F)
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Secret, E>> + Send + 'static,
        E: fmt::Display,
    {
        let function = move || -> Call {
            let call = function();
            Box::pin(async move { call.await.map_err(|error| error.to_string()) })
        };
        self.0.insert(name, Arc::new(function));
    }

    /// In a task of its own, so that a panic of the function is a failure of it and of nothing else.
    pub(crate) async fn call(&self, name: &str) -> Result<Secret, String> {
        let function = self.0.get(name).map(Arc::clone).ok_or("the program gave no function of this name")?;
        let call = tokio::spawn(async move { function().await });
        call.await.unwrap_or_else(|_| Err("it panicked".into()))
    }
}
