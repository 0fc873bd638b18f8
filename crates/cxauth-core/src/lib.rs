//! The OAuth 2.0 token lifecycle without I/O.
//!
//! **In scope:** grants and client authentication as token requests, reading answers, when a token is renewed, what a
//! failure means and how long to wait, what an API's refusal means, where a token may be sent, the profiles of four
//! customer-experience platforms, snapshots for stores.
//!
//! **Out of scope:** a clock, randomness, the environment, files, the network, threads, async. Time, entropy and answers
//! are arguments; steps, deadlines and events are results. The crate `cxauth` is a driver over reqwest.
//!
//! A [`Connection`] says which server and who you are, a [`Session`] is the machine that keeps its token alive, and a
//! flight is one attempt at a new token: its leader performs [`Step`]s until it is done. [`Session`] shows the whole loop.
//!
//! # One connection a platform
//!
//! ```
//! use cxauth_core::{Connection, Settings};
//!
//! let cloudcx = Connection::new(
//!     Settings::new("cloudcx").domain("cx.example.net:9001").client_id("id").username("si").password("secret"),
//! )?;
//! assert_eq!(cloudcx.token_endpoint(), Some("https://cx.example.net:9001/oauth/token"));
//!
//! let cisco = Connection::new(Settings::new("cisco-cx-cloud").client_id("key").client_secret("secret"))?;
//! assert_eq!(cisco.token_endpoint(), Some("https://id.cisco.com/oauth2/default/v1/token"));
//!
//! let sangoma = Connection::new(
//!     Settings::new("sangoma-cx").client_id("id").client_secret("secret").scopes(["cx.agent-calls"]),
//! )?;
//! assert_eq!(sangoma.api_url("api/v1/agents/call/")?, "https://cpaas.sangoma.com/cx/api/v1/agents/call/");
//!
//! let cloudlx = Connection::new(Settings::new("cloudlx").client_id("id").client_secret("secret"))?;
//! assert!(cloudlx.allows("https://cloudlx.epsilontel.com/api/services"));
//!
//! let any_other = Connection::new(
//!     Settings::new("generic")
//!         .token_endpoint("https://as.example/token")
//!         .client_id("id")
//!         .client_secret("secret")
//!         .api_base("https://api.example/v1/"),
//! )?;
//! assert!(any_other.allows("https://api.example/v1/items"));
//! # Ok::<(), cxauth_core::Error>(())
//! ```

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod answer;
mod challenge;
mod connection;
mod destination;
mod dpop;
mod entropy;
mod error;
mod event;
mod json;
mod metadata;
mod platforms;
mod request;
mod retry_after;
mod secret;
mod session;
mod settings;
mod signing_key;
mod snapshot;
mod text;
mod time;
mod token;

pub use answer::Answer;
pub use challenge::Challenge;
pub use connection::Connection;
pub use dpop::{DpopKey, Proof};
pub use error::{Action, Error, ErrorCode};
pub use event::{Event, EventKind};
pub use metadata::Metadata;
pub use platforms::{PLATFORMS, profile};
pub use request::TokenRequest;
pub use secret::{Secret, SecretName, SecretSource};
pub use session::{
    Acquire, Authorization, DevicePrompt, Failure, FlightId, Introspection, Refusal, Session, SignIn, State,
    Step, StepResult,
};
pub use settings::{BodyEncoding, ClientAuthentication, Grant, Renewal, Settings};
pub use signing_key::{SignatureAlgorithm, SigningKey};
pub use snapshot::{Held, Snapshot};
pub use time::Timestamp;
pub use token::AccessToken;
