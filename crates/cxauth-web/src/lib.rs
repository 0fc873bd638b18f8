//! The WebAssembly module of the npm package: `cxauth-bridge`, and nothing of its own. TypeScript performs the steps and
//! sends the requests.
//!
//! What was measured and left out, when the module had 110 KB of brotli: a connection read by serde-wasm-bindgen instead of
//! by `JSON.stringify` costs 12 KB. gloo-net costs 6 KB, and it drops an error's `cause`, which alone says that nothing was
//! sent: an unreachable server would then spend a refresh token.
//!
//! Signing people in, metadata, keys and bound tokens cost 23 KB of brotli, all of it the core's. What other languages call and
//! this package does not is taken out again (3 KB). SHA-256 stays in here: WebCrypto's is asynchronous, and the core is not.

pub use cxauth_bridge::*;
