//! The interface of cxauth for other languages, written once: uniffi (Kotlin, Swift), pyo3 (Python) and wasm-bindgen
//! (JavaScript) read it, each behind the feature of its name (`uniffi`, `python`, `wasm`).
//!
//! It is the core's machine in the few shapes that all of them share: opaque objects with accessors, enums without data,
//! one error, numbers, texts, bytes and lists of texts. Nothing waits, nothing calls back, nothing panics. On top of it
//! each language has a thin layer that performs the steps with an HTTP client of its own.
//!
//! - Times are Unix time in milliseconds.
//! - An object that may be absent has a kind that says so, and an accessor that fails with the code `absent`.
//! - A list of objects is `count()` and `at(index)`; fields of a header are two lists of the same length.
//! - A secret is never a field: it comes out of an accessor, and no object prints one.
//!
//! To add a method, write it into the one `impl` block of its type: every language has it then.

mod acquired;
mod challenge;
mod connection;
mod error;
mod event;
mod introspection;
mod proof;
mod secret;
mod session;
mod step;
mod token;
mod trouble;

pub use acquired::{Acquired, AcquiredKind};
pub use challenge::{Challenge, Challenges, parse_challenges};
pub use connection::{
    Connection, max_answer_bytes, max_metadata_bytes, metadata_addresses, open_connection, platforms,
    read_metadata,
};
pub use error::{AuthError, ErrorDetails, error_codes};
pub use event::{SessionEvent, SessionEventKind};
pub use introspection::Introspection;
pub use proof::Proof;
pub use session::{
    Refusal, Session, SessionState, open_session, restore_session, sign_in_is_answered_by,
    snapshot_generation,
};
pub use step::{FailureKind, SecretSourceKind, Step, StepKind, TokenRequest};
pub use token::Token;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
