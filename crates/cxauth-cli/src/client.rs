//! A client for the length of one command.

use crate::{
    arguments::Who,
    failure::{self, Failure, Status},
    store::Place,
};
use cxauth::{Client, Connection, Grant};
use tokio::runtime::{Builder, Runtime};

/// The client of a connection, with what its store holds already.
pub(crate) async fn of(connection: Connection, who: &Who) -> Result<Client, Failure> {
    let place = Place::of(&who.keep)?;
    let store = place.store(&connection, who.keep.keychain)?;
    let lone_refresh_token = connection.grant() == Grant::RefreshToken;
    if lone_refresh_token && store.is_none() {
        // RFC 6749 §6: the server may give a new refresh token and end the old one.
        failure::complain(
            "warning: the server may replace the refresh token, and the new one ends with this run: \
             keep it with --store PATH",
        );
    }
    let builder = Client::builder(connection);
    let builder = match store {
        Some(store) => builder.store(store),
        None => builder,
    };
    let client = builder.build()?;
    // What is wrong with the store is said when a token is wanted of it.
    let _ = client.restore().await;
    Ok(client)
}

pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Status::NotAsItShouldBe, format!("cannot start: {error}")))
}
