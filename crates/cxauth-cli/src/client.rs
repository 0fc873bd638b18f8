//! A client for the length of one command.

use crate::{
    arguments::Who,
    failure::{self, Failure, Status},
};
use cxauth::{Client, Connection, Grant, store::FileStore};
use tokio::runtime::{Builder, Runtime};

/// The client of a connection, with a store where one is named.
pub(crate) fn of(connection: Connection, who: &Who) -> Result<Client, Failure> {
    let lone_refresh_token = connection.grant() == Grant::RefreshToken;
    let builder = Client::builder(connection);
    let builder = match &who.store {
        Some(path) => builder.store(FileStore::new(path)),
        None => builder,
    };
    if lone_refresh_token && who.store.is_none() {
        // RFC 6749 §6: the server may give a new refresh token and end the old one.
        failure::complain(
            "warning: the server may replace the refresh token, and the new one ends with this run: \
             keep it with --store PATH",
        );
    }
    Ok(builder.build()?)
}

pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Status::NotAsItShouldBe, format!("cannot start: {error}")))
}
