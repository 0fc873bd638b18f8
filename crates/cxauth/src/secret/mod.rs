//! The one module that opens secrets.

mod function;
#[cfg(feature = "keychain")]
pub(crate) mod keychain;
mod keys;
mod sign;
mod source;

pub(crate) use function::SecretFunctions;
pub(crate) use keys::{KEY, read_keys, write_keys};
pub use sign::sign_with_pem;
pub(crate) use sign::{Signers, public_jwk, sign};
pub(crate) use source::read;

use crate::{AccessToken, Answer, Error, ErrorCode, Proof, Provided, Secret};
use bytes::Bytes;
use http::HeaderValue;
use serde_json::json;
use zeroize::Zeroizing;

/// The value's bytes for a store, wiped when dropped.
pub(crate) fn bytes(secret: &Secret) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(secret.expose().as_bytes().to_vec())
}

/// How to log in at a Redis, with this password.
#[cfg(feature = "redis")]
pub(crate) fn redis_login(
    login: redis::RedisConnectionInfo,
    password: &Secret,
) -> redis::RedisConnectionInfo {
    login.set_password(password.expose())
}

/// A certificate and its key, for a Redis.
#[cfg(feature = "redis")]
pub(crate) fn redis_client_certificate(client_cert: Vec<u8>, key: &Secret) -> redis::ClientTlsConfig {
    redis::ClientTlsConfig { client_cert, client_key: key.expose().as_bytes().to_vec() }
}

/// The field's value that carries the token.
pub(crate) fn credential(token: &AccessToken) -> Option<HeaderValue> {
    sensitive(token.header_value().expose())
}

/// The field's value that proves the token's key.
pub(crate) fn proof(proof: &Proof, signature: &[u8]) -> Option<HeaderValue> {
    sensitive(proof.header_value(signature).expose())
}

/// A header field's value that nothing prints (`Debug` says `Sensitive`), and that is wiped when its last user drops it.
pub(crate) fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(wiped(value.as_bytes())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// What the state and the verifier of a sign-in are made of: of the system, or not at all.
pub(crate) fn sign_in_entropy() -> Result<Zeroizing<[u8; 64]>, Error> {
    let mut bytes = Zeroizing::new([0; 64]);
    let filled = getrandom::fill(&mut *bytes);
    let why = "the system gives no random numbers";
    filled.map_err(|_| Error::new(ErrorCode::SecretUnreadable).with_detail(why)).map(|()| bytes)
}

/// Bytes that are wiped when their last user drops them.
pub(crate) fn wiped(bytes: &[u8]) -> Bytes {
    Bytes::from_owner(Zeroizing::new(bytes.to_vec()))
}

/// What a token endpoint would have answered.
pub(crate) fn answer(provided: Provided) -> Answer {
    let body = json!({
        "access_token": provided.token.expose(),
        "expires_in": provided.expires_in.map(|lifetime| lifetime.as_secs()),
        "scope": provided.scopes,
    });
    Answer::new(200, [("content-type", "application/json")], body.to_string())
}
