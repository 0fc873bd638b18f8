//! SHA-256 as the standards write it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `BASE64URL(SHA256(bytes))`, without padding (RFC 7636 §4.2, RFC 7638 §3, RFC 9449 §4.2).
pub(crate) fn base64url_sha256(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}
