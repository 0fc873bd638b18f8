//! The WebAssembly module of the npm package: `cxauth-bridge`, and nothing of its own. TypeScript performs the steps and
//! sends the requests.
//!
//! What was measured and left out, when the module had 110 KB of brotli: a connection read by serde-wasm-bindgen instead of
//! by `JSON.stringify` costs 12 KB. gloo-net costs 6 KB, and it drops an error's `cause`, which alone says that nothing was
//! sent: an unreachable server would then spend a refresh token.

pub use cxauth_bridge::*;
