//! OAuth 2.0 tokens that stay alive: a native client over reqwest for four customer-experience platforms and any other
//! server.
//!
//! **In scope:** getting, sharing, renewing and keeping tokens; putting them on the right requests only; doing that for many
//! callers at once and, by a store, for many processes.
//!
//! **Out of scope:** the rules themselves. They are in `cxauth-core`, whose types are all here too; this crate performs what
//! they say, with [`reqwest`] and Tokio.
//!
//! A [`Client`] is made from a [`Connection`] (which server, who you are) and is all that a program needs:
//!
//! ```
//! use cxauth::{Client, Connection, Settings};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let connection = Connection::new(
//!     Settings::new("generic")
//!         .token_endpoint("https://as.example/token")
//!         .client_id("id")
//!         .client_secret("secret")
//!         .api_base("https://api.example/v1/"),
//! )?;
//! let client = Client::new(connection)?;
//! let answer = client.get("items").await?;
//! # Ok(())
//! # }
//! ```
//!
//! | wanted | is |
//! |---|---|
//! | a platform in one line | [`Client::cloudcx`], [`Client::cisco_cx_cloud`], [`Client::sangoma_cx`], [`Client::cloudlx`] |
//! | an API call | [`Client::get`], [`Client::request`], [`Client::execute`] |
//! | a person's sign-in: in a browser, on another device | [`Client::begin_sign_in`], [`Client::sign_in_on_device`], and with the feature `browser` `Client::sign_in_in_browser` |
//! | a server's endpoints, from the server | [`discover`] |
//! | a key that signs elsewhere | [`Builder::signer`] |
//! | the token for a request of one's own | [`Client::authorize`], [`Client::with_header`], [`Client::token`] |
//! | tokens that are worth nothing without a key (DPoP) | [`dpop_key`], [`Settings::dpop_key`], [`Client::proof`] for a request of one's own |
//! | a layer of `reqwest-middleware` | [`Client::middleware`] |
//! | tokens that outlive the process | [`Builder::store`], [`store::FileStore`] |
//! | one token for clients that are made apart | [`store::MemoryStore`] |
//! | tokens that a fleet shares | `store::Redis` (with the feature `redis`) |
//! | renewal before anybody needs it | [`Builder::background`] |
//! | a new secret at run time | [`Client::change`], or a [`SecretSource`] that is read anew |
//! | no async | [`blocking::Client`] |
//! | to see what happens | [`Client::subscribe`], [`Client::status`], `tracing`, and the [metrics](#metrics) |
//!
//! # Secrets
//! A secret is given as a value or as the place where it is read whenever it is needed ([`SecretSource`]): an environment
//! variable, a file, a program's output, an entry of the system's keychain (with the feature `keychain`). Neither a secret nor
//! a token is in anything that this crate prints, logs or counts.
//!
//! # Metrics
#![doc = include_str!("metrics.md")]

mod api;
mod background;
pub mod blocking;
#[cfg(feature = "browser")]
pub mod browser;
mod builder;
mod client;
mod clock;
mod current;
mod discover;
mod error;
mod flight;
mod keeper;
mod middleware;
mod observe;
mod proof;
mod provide;
mod redirect;
mod request;
mod secret;
mod sign_in;
pub mod store;
mod transport;

pub use builder::Builder;
pub use client::{Client, Status};
pub use clock::{Clock, ManualClock, Sleep, SystemClock};
pub use cxauth_core::*;
pub use discover::{discover, discover_with};
pub use error::RequestError;
pub use middleware::TokenMiddleware;
pub use proof::dpop_key;
pub use provide::Provided;
pub use request::RequestBuilder;
pub use secret::sign_with_pem;

/// The project's README, so that its example keeps compiling.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// So that the examples of the page about stores keep compiling.
#[cfg(all(doctest, feature = "redis", feature = "keychain"))]
#[doc = include_str!("../../../docs/stores.md")]
struct Stores;
