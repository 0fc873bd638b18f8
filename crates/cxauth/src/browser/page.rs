//! What the browser shows when it came back. Fixed: nothing of a request stands in it, and it fetches nothing.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use http_body_util::Full;
use std::sync::LazyLock;

/// The browser brought the answer.
pub(super) fn arrived() -> Response<Full<Bytes>> {
    page(
        StatusCode::OK,
        "Back to your program",
        "The answer to your sign-in has arrived. The program that you came from takes it from here, and says whether it worked.",
        "You can close this window.",
    )
}

/// It came here without the answer to this sign-in.
pub(super) fn not_the_answer() -> Response<Full<Bytes>> {
    page(
        StatusCode::BAD_REQUEST,
        "Not the answer to this sign-in",
        "Your program is waiting for the answer to another sign-in. It goes on waiting.",
        "Go on in the window that the program opened.",
    )
}

pub(super) fn not_found() -> Response<Full<Bytes>> {
    page(StatusCode::NOT_FOUND, "Nothing here", "Your program waits for a sign-in at another address.", "")
}

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;min-height:100vh;display:grid;place-items:center;font:1rem/1.6 system-ui,sans-serif;\
color:#1c2430;background:#f4f6f9}\
main{box-sizing:border-box;width:min(32rem,92vw);padding:2.5rem;border-radius:1rem;background:#fff;\
border-top:.3rem solid #2563eb;box-shadow:0 1px 2px #0002,0 .5rem 2rem #0001}\
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}p{margin:.5rem 0 0}p:empty{display:none}\
p:last-child{opacity:.7}\
@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#11151c}main{background:#1b212b}}";

/// No script, no frame, no form, and no style but the one above.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

fn page(status: StatusCode, title: &str, text: &str, advice: &str) -> Response<Full<Bytes>> {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p><p>{advice}</p></main></body></html>\n"
    );
    let mut response = Response::new(Full::new(Bytes::from(html)));
    *response.status_mut() = status;
    for (name, value) in [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        // The address carries the code: it goes nowhere from here (RFC 9700 §4.2.4).
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_SECURITY_POLICY, POLICY.clone()),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ] {
        response.headers_mut().insert(name, value);
    }
    response
}
