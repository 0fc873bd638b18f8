//! The four platforms and a plain OAuth 2.0 server on loopback, with faults on demand.
//!
//! A [`Simulator`] plays CloudCX, Cisco CX Cloud, Sangoma CX, CloudLX and a plain server ([`Platform`]) over
//! real HTTP, each on a port of its own, as their own pages describe them. It judges every request strictly
//! and with code of its own: it shares nothing with the client that is put to the test.
//!
//! ```
//! use std::time::Duration;
//! use cxauth_sim::{Effect, Endpoint, Fault, Platform, Simulator};
//!
//! # fn main() -> std::io::Result<()> {
//! let simulator = Simulator::start_blocking()?;
//! let connection = simulator.connection(Platform::SangomaCx);
//! assert_eq!(connection["platform"], "sangoma-cx");
//!
//! // Two token requests are processed and their answers lost; then a week passes in no time.
//! simulator.arm(Fault::new(Effect::Drop).on(Platform::CloudLx).at(Endpoint::Token).times(2).processed());
//! simulator.advance(Duration::from_secs(604_800));
//!
//! // ... here the client under test does its work ...
//!
//! assert_eq!(simulator.journal(Platform::CloudLx).counters.token_requests, 0);
//! assert!(simulator.violations().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # How to use it
//! - [`Simulator::start`] runs in the caller's runtime, [`Simulator::start_blocking`] in one of its own;
//!   [`Simulator::builder`] chooses ports and settings first. Dropping the simulator closes everything.
//! - [`Controls::connection`] tells a client how to connect: the platform's own settings with only the
//!   addresses replaced, and credentials that are recognisable (`cxauth-canary-...`).
//! - [`Settings`] is how one server behaves: lifetimes, rotation, grace, reuse detection, client
//!   authentication. [`Fault`] is what goes wrong, where, and how often.
//! - [`Journal`] counts and lists what was asked; [`Controls::violations`] lists the rules that the client
//!   broke, and stays empty with a correct one. Neither holds a secret.
//! - Time is the simulator's own: [`Controls::advance`], [`Controls::freeze`]. A test never sleeps; it waits
//!   with [`Controls::wait_until`], and holds answers back with [`Effect::Hold`].
//!
//! # The control API
//! The same for other languages, as JSON, at [`Controls::control_base`]; the binary `cxauth-sim` prints its
//! address.
//!
//! | request | does |
//! |---|---|
//! | `GET /_sim/addresses` | [`Controls::addresses`] |
//! | `GET /_sim/connections` | [`Controls::connections`] |
//! | `GET`, `PATCH /_sim/settings/{platform}` | [`Settings`]; the members of the body replace those that are there |
//! | `POST /_sim/secret/{platform}` | [`Controls::change_secret`]: `client_secret`, `overlap_seconds` |
//! | `POST /_sim/associate/{platform}` | [`Controls::associate`] |
//! | `POST /_sim/revoke/{platform}` | `access_tokens: true`, `refresh_tokens: true`, `token: "..."` |
//! | `GET /_sim/secrets` | [`Controls::secrets`] |
//! | `GET`, `POST`, `DELETE /_sim/faults`, `DELETE /_sim/faults/{number}` | lists, arms ([`Fault`]), clears |
//! | `POST /_sim/release` | [`Controls::release`] |
//! | `GET`, `POST /_sim/clock` | `advance_seconds` (below zero: back), `frozen` |
//! | `GET`, `DELETE /_sim/journal`, `GET /_sim/journal/{platform}` | [`Snapshot`], [`Journal`]; empties them |
//! | `GET /_sim/violations` | [`Controls::violations`] |
//! | `POST /_sim/wait` | answers once `counter` of `platform` is `at_least`; 408 after `timeout_seconds` |
//!
//! # In scope
//! The token endpoints and enough of the APIs to walk through pages of data; what RFC 6749 and RFC 6750 ask
//! of a client; rotation, reuse detection and grace of refresh tokens (RFC 9700 §4.14.2); browsers (CORS).
//!
//! # Out of scope
//! TLS, the authorization endpoint and its code grant, other addresses than 127.0.0.1, tokens that survive a
//! restart, and the platforms' APIs beyond the few paths that show whether a token works. Where a platform's
//! page shows no answer, the simulator's is made up.

pub use clock::ClockReading;
pub use fault::{ArmedFault, Effect, ExpiresIn, Fault, Malformation, RedirectTarget, RetryAfter};
pub use journal::{Counters, Journal, LOG_LIMIT, LogEntry, Rule, VIOLATION_LIMIT, Verdict, Violation};
pub use jwt::public_key;
pub use platform::{Endpoint, Platform};
pub use settings::{
    BodyEncoding, Client, ClientAuthentication, Grant, PreviousSecret, Rotation, Secret, Settings,
    TokenFormat, User,
};
pub use simulator::{Builder, Controls, Simulator, Snapshot};

mod api;
mod clock;
mod connection;
mod control;
mod fault;
mod journal;
mod jwt;
mod listen;
mod platform;
mod reply;
mod request;
mod resources;
mod server;
mod settings;
mod simulator;
mod token_endpoint;
mod tokens;
mod wire;
