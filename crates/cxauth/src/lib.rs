//! OAuth 2.0 tokens that stay alive: a native client.

mod secret;
pub mod store;

pub use cxauth_core::*;
