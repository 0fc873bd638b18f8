//! `cxauth._native`: the bridge, and the Rust client for programs without an HTTP library of their own.

mod api;
mod client;
mod clock;
mod connection;
mod delivery;
mod discover;
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
mod sign_in;
mod signing;
mod source;
mod store;
mod token;
mod toml;

/// The module that `cxauth` is built on. Everything in it is private to the package.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use cxauth_bridge::{
        Acquired, AcquiredKind, Challenge, Challenges, Connection, ErrorDetails, FailureKind, Introspection,
        Proof, Refusal, SecretSourceKind, Session, SessionEvent, SessionEventKind, SessionState, Step,
        StepKind, Token, TokenRequest, error_codes, max_answer_bytes, max_metadata_bytes, metadata_addresses,
        open_connection, open_session, parse_challenges, platforms, read_metadata, restore_session,
        sign_in_is_answered_by, snapshot_generation,
    };

    #[pymodule_export]
    use crate::{
        api::{Answer, send},
        client::{AsyncClientBase, ClientBase, SyncClientBase},
        clock::ManualClock,
        connection::ConnectionBase,
        discover::discover,
        fork::{fork_session, forked},
        plugin::{change_session, redirect_uri},
        provided::Provided,
        redis::{Redis, RedisStore},
        runtime::{after_fork_in_parent, before_fork},
        sign_in::{Authorization, SignIn, authorization_of},
        signing::sign_with_pem,
        source::{Command, Environment, File, Keychain},
        store::{FileStore, StoreLock, generate_keys},
        toml::read_toml,
    };
}
