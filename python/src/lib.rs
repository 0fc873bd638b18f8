//! `cxauth._native`: the bridge, and the Rust client for programs without an HTTP library of their own.

mod api;
mod client;
mod clock;
mod connection;
mod delivery;
mod event;
mod fork;
mod functions;
mod options;
mod own_store;
mod plugin;
mod provided;
mod redis;
mod runtime;
mod secret;
mod settings;
mod source;
mod store;
mod token;
mod toml;

/// The module that `cxauth` is built on. Everything in it is private to the package.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use cxauth_bridge::{
        Acquired, AcquiredKind, Challenge, Challenges, Connection, ErrorDetails, FailureKind, Refusal,
        SecretSourceKind, Session, SessionEvent, SessionEventKind, SessionState, Step, StepKind, Token,
        TokenRequest, error_codes, max_answer_bytes, open_connection, open_session, parse_challenges,
        platforms, restore_session, snapshot_generation,
    };

    #[pymodule_export]
    use crate::{
        api::{Answer, send},
        client::{AsyncClientBase, ClientBase, SyncClientBase},
        clock::ManualClock,
        connection::ConnectionBase,
        fork::{fork_session, forked},
        plugin::change_session,
        provided::Provided,
        redis::{Redis, RedisStore},
        runtime::{after_fork_in_parent, before_fork},
        source::{Command, Environment, File, Keychain},
        store::{FileStore, StoreLock, generate_keys},
        toml::read_toml,
    };
}
