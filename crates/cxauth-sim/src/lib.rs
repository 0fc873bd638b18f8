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
//! | `GET /_sim/further-connections` | [`Controls::further_connections`] |
//! | `GET`, `PATCH /_sim/settings/{platform}` | [`Settings`]; the members of the body replace those that are there, within objects one by one |
//! | `POST /_sim/sign-in` | [`Controls::sign_in`]: `url`, `decision` (`approve`, `deny`); answers `redirect` |
//! | `POST /_sim/secret/{platform}` | [`Controls::change_secret`]: `client_secret`, `overlap_seconds` |
//! | `POST /_sim/associate/{platform}` | [`Controls::associate`] |
//! | `POST /_sim/revoke/{platform}` | `access_tokens: true`, `refresh_tokens: true`, `token: "..."` |
//! | `GET /_sim/secrets` | [`Controls::secrets`] |
//! | `GET /_sim/signing-keys` | [`signing_keys`]: key pairs whose public halves are registered |
//! | `POST /_sim/device` | [`Controls::decide_device`]: `decision` (`approve`, `deny`, `slow_down`, `expire`), `user_code` (the latest one without) |
//! | `GET`, `POST`, `DELETE /_sim/faults`, `DELETE /_sim/faults/{number}` | lists, arms ([`Fault`]), clears |
//! | `POST /_sim/release` | [`Controls::release`] |
//! | `GET`, `POST /_sim/clock` | `advance_seconds` (below zero: back), `frozen` |
//! | `GET`, `DELETE /_sim/journal`, `GET /_sim/journal/{platform}` | [`Snapshot`], [`Journal`]; empties them |
//! | `GET /_sim/violations` | [`Controls::violations`] |
//! | `POST /_sim/wait` | answers once `counter` of `platform` is `at_least`; 408 after `timeout_seconds` |
//!
//! # The plain server
//! [`Platform::Generic`] has more than a token endpoint. What each of these does is set in [`Settings`].
//!
//! | address | what it is | settings |
//! |---|---|---|
//! | `/.well-known/oauth-authorization-server`, `/.well-known/openid-configuration` | its description of itself (RFC 8414) | [`Discovery`] |
//! | `/authorize` | the authorization endpoint: code with PKCE by S256, `iss` (RFC 9207), resources (RFC 8707) | [`SignIn`] |
//! | `/par` | authorization requests that are pushed first (RFC 9126) | `require_pushed`, `request_uri_lifetime` of [`SignIn`] |
//! | `/device_authorization` | sign-in on another device (RFC 8628) | [`Device`] |
//! | `/device` | the page where its code is typed | |
//! | `/token` | beside the grants of RFC 6749: token exchange (RFC 8693), JWT bearer and `private_key_jwt` (RFC 7523) | [`TokenExchange`], [`Assertions`], [`Client::keys`] |
//! | `/token`, `/par`, `/api/` | DPoP (RFC 9449): proofs, nonces, bound tokens | [`Dpop`] |
//! | `/revoke` | revocation (RFC 7009) | `revocation` |
//! | `/introspect` | introspection (RFC 7662) | `introspection` |
//! | `/keys` | the public key of its JWTs | |
//!
//! Known from the start: the client `cxauth-canary-generic-client` with a secret,
//! `cxauth-canary-generic-public-client` without one, `cxauth-canary-generic-key-client` that signs, the issuer
//! `https://issuer.example` whose word counts ([`signing_keys`] has the keys of both), the user
//! `cxauth-canary-generic-user`, and redirect URIs with the path `/callback` on every port of `127.0.0.1` and
//! `[::1]`. [`Controls::further_connections`] puts them together.
//!
//! A person signs in at a page without script; a test does it with [`Controls::sign_in`]:
//!
//! ```
//! use cxauth_sim::{Decision, Platform, Simulator};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::start_blocking()?;
//! let url = format!(
//!     "{}/authorize?response_type=code&client_id=cxauth-canary-generic-client&state=s\
//!      &redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fcallback\
//!      &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
//!     simulator.base(Platform::Generic),
//! );
//! let redirected = simulator.sign_in(&url, Decision::Approve)?;
//! assert!(redirected.starts_with("http://127.0.0.1:5000/callback?code="));
//! # Ok(())
//! # }
//! ```
//!
//! The same from another language, and a server that promises an `iss` and does not send it:
//!
//! ```text
//! curl --json '{"url":"http://127.0.0.1:PORT/authorize?...","decision":"deny"}' $CONTROL/sign-in
//! curl --json '{"decision":"approve","user_code":"BCDF-GHJK"}' $CONTROL/device
//! curl -X PATCH --json '{"clients":[{"id":"mine","keys":[{"kty":"EC","crv":"P-256","x":"...","y":"..."}]}]}' $CONTROL/settings/generic
//! curl -X PATCH --json '{"assertions":{"audience":"issuer"},"token_exchange":{"delegation":false}}' $CONTROL/settings/generic
//! curl -X PATCH --json '{"dpop":{"token_nonce":"required","api_nonce":"rotated"}}' $CONTROL/settings/generic
//! curl -X PATCH --json '{"device":{"interval":null,"approved_after_polls":2}}' $CONTROL/settings/generic
//! curl -X PATCH --json '{"sign_in":{"iss":"missing"}}' $CONTROL/settings/generic
//! curl -X PATCH --json '{"discovery":{"issuer_path":"/tenant/one","flaw":"other_issuer"}}' $CONTROL/settings/generic
//! curl -X PATCH --json '{"sign_in":{"redirect_uris":["http://127.0.0.1/","app.example:/back"]}}' $CONTROL/settings/generic
//! ```
//!
//! Two simulators in one test make the attack that mixes servers up (RFC 9700 §4.4): [`Relay`] sends the
//! browser of the one on to the other, [`Discovery::issuer`] lets the one claim to be the other, and a fault
//! puts any endpoint of the one into the metadata of the other. The code of the honest server at the
//! dishonest one is the violation [`Rule::TokenAtWrongHost`]:
//!
//! ```text
//! curl -X PATCH --json '{"sign_in":{"relay":{"authorization_endpoint":"http://127.0.0.1:HONEST/authorize"}}}' $CONTROL/settings/generic
//! curl --json '{"endpoints":["metadata"],"effect":{"kind":"members","set":{"authorization_endpoint":"http://127.0.0.1:HONEST/authorize"}}}' $CONTROL/faults
//! ```
//!
//! # In scope
//! The token endpoints and enough of the APIs to walk through pages of data; what RFC 6749 and RFC 6750 ask
//! of a client; rotation, reuse detection and grace of refresh tokens (RFC 9700 §4.14.2); browsers (CORS); the
//! plain server's other endpoints.
//!
//! # Out of scope
//! TLS, other addresses than 127.0.0.1, the implicit grant, `plain` PKCE, request objects (RFC 9101), ID
//! tokens, tokens that survive a restart, and the platforms' APIs beyond the few paths that show whether a
//! token works. Where a platform's page shows no answer, the simulator's is made up.

pub use clock::ClockReading;
pub use fault::{ArmedFault, Effect, ExpiresIn, Fault, Malformation, RedirectTarget, RetryAfter};
pub use journal::{Counters, Journal, LOG_LIMIT, LogEntry, Rule, VIOLATION_LIMIT, Verdict, Violation};
pub use jwt::public_key;
pub use platform::{Endpoint, Platform};
pub use settings::{
    AnswerParameter, AssertionAudience, Assertions, BodyEncoding, Client, ClientAuthentication, Device,
    Discovery, DocumentFlaw, Dpop, DpopNonce, Grant, Pkce, PreviousSecret, Relay, Rotation, Secret, Settings,
    SignIn, SignInAnswer, SigningAlgorithm, TokenExchange, TokenFormat, TrustedIssuer, User, WellKnown,
};
pub use signing_keys::{SigningKey, signing_keys};
pub use simulator::{Builder, Controls, Decision, DeviceDecision, Simulator, Snapshot};

mod api;
mod assertion;
mod authorization;
mod client_authentication;
mod clock;
mod connection;
mod control;
mod device_authorization;
mod devices;
mod dpop;
mod exchange;
mod fault;
mod hash;
mod jose;
mod journal;
mod judge;
mod jwt;
mod listen;
mod metadata;
mod page;
mod person;
mod platform;
mod pushed;
mod replays;
mod reply;
mod request;
mod resources;
mod server;
mod settings;
mod sign_ins;
mod signing_keys;
mod simulator;
mod token_endpoint;
mod token_services;
mod tokens;
mod wire;
