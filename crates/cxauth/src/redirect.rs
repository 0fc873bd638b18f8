//! Following redirects of API requests (RFC 9110 §15.4) without carrying anything secret along.

use crate::proof::DPOP;
use http::{
    HeaderMap, HeaderName, Method, StatusCode, Version,
    header::{
        AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE,
        COOKIE, LOCATION, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
    },
};
use reqwest::{Request, Response};
use std::time::Duration;
use url::Url;

/// How many are followed.
pub(crate) const MOST: usize = 10;

/// A request without its body and without the credential.
pub(crate) struct Bare {
    method: Method,
    url: Url,
    headers: HeaderMap,
    version: Version,
    timeout: Option<Duration>,
}

impl Bare {
    pub(crate) fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            url: request.url().clone(),
            headers: request.headers().clone(),
            version: request.version(),
            timeout: request.timeout().copied(),
        }
    }

    /// The request that the answer redirects to, without credential and proof; none when it redirects nowhere or cannot be followed. `spare` is the same
    /// request with its body, where that can be sent again.
    pub(crate) fn redirected(
        self,
        response: &Response,
        spare: Option<Request>,
        credential: Option<&HeaderName>,
    ) -> Option<Request> {
        let url = target(response)?;
        let becomes_get = match response.status() {
            StatusCode::SEE_OTHER => self.method != Method::HEAD,
            // RFC 9110 §15.4.2 and §15.4.3: what every client does.
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => false,
            _ => return None,
        };
        let elsewhere = url.origin() != self.url.origin();
        let mut next = if becomes_get { self.without_body() } else { spare? };
        *next.url_mut() = url;
        // RFC 9449 §4.2: it proves one method and one address.
        next.headers_mut().remove(DPOP);
        if let Some(credential) = credential {
            next.headers_mut().remove(credential);
        }
        if elsewhere {
            for name in [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION] {
                next.headers_mut().remove(name);
            }
        }
        Some(next)
    }

    fn without_body(self) -> Request {
        let mut request = Request::new(Method::GET, self.url);
        *request.headers_mut() = self.headers;
        *request.version_mut() = self.version;
        *request.timeout_mut() = self.timeout;
        for name in [
            CONTENT_TYPE,
            CONTENT_LENGTH,
            CONTENT_ENCODING,
            CONTENT_LANGUAGE,
            CONTENT_LOCATION,
            TRANSFER_ENCODING,
        ] {
            request.headers_mut().remove(name);
        }
        request
    }
}

/// Where the answer leads, when it may be followed.
fn target(response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let url = response.url().join(location).ok()?;
    let secure = match url.scheme() {
        "https" => true,
        "http" => response.url().scheme() == "http",
        _ => false,
    };
    let names_user = !url.username().is_empty() || url.password().is_some();
    (secure && !names_user).then_some(url)
}
