//! A client for the length of one command.

use crate::{
    arguments::Who,
    failure::{Failure, Status},
};
use cxauth::{Client, Connection, store::FileStore};
use tokio::runtime::{Builder, Runtime};

/// The client of a connection, with a store where one is named.
pub(crate) fn of(connection: Connection, who: &Who) -> Result<Client, Failure> {
    let builder = Client::builder(connection);
    let builder = match &who.store {
        Some(path) => builder.store(FileStore::new(path)),
        None => builder,
    };
    Ok(builder.build()?)
}

pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Status::NotAsItShouldBe, format!("cannot start: {error}")))
}
