//! Telling the program what happens.

use crate::{
    functions::{Functions, notify},
    runtime::{self, Shared},
};
use cxauth::Event;
use cxauth_bridge::SessionEvent;
use pyo3::prelude::*;
use std::sync::Arc;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task,
};

/// The functions that hear of events have names that begin so.
pub(crate) const PREFIX: &str = "event:";

/// Tells the function of this name, one event after the other, until it is removed or the client ends.
pub(crate) fn listen(shared: &Shared, mut events: Receiver<Event>, functions: Arc<Functions>, name: String) {
    shared.handle.spawn(async move {
        loop {
            let event = match events.recv().await {
                Ok(event) => event,
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            };
            let (functions, name) = (Arc::clone(&functions), name.clone());
            // In a thread that may wait as long as the function does.
            let told = task::spawn_blocking(move || {
                runtime::enter(|py| {
                    let _owner = functions.owner(py)?;
                    let function = functions.get(py, &name)?;
                    let event = Bound::new(py, SessionEvent::from(event)).ok()?;
                    notify(function.bind(py), event.as_any());
                    Some(())
                })
            });
            if told.await.ok().flatten().flatten().is_none() {
                return;
            }
        }
    });
}
