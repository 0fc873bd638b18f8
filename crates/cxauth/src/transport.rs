//! Token requests over reqwest.

use crate::{Answer, Failure, TokenRequest, error::reason, secret};
use http::{HeaderMap, HeaderName, Method};
use reqwest::{Body, Request, Response};
use url::Url;
use zeroize::Zeroizing;

/// A request that failed, and why in words.
pub(crate) type Failed = (Failure, String);

/// Sends the request exactly as it is and reads the answer, as much of it as anybody needs.
pub(crate) async fn send(http: &reqwest::Client, request: &TokenRequest) -> Result<Answer, Failed> {
    let request = translate(request).ok_or((Failure::Connect, "the request cannot be built".to_owned()))?;
    let url = request.url().clone();
    let response = http.execute(request).await.map_err(failed)?;
    if *response.url() != url {
        // Only a client of the user's own follows redirects; what it brought back is nobody's answer.
        return Ok(Answer::new(302, response_headers(&response), Vec::new()));
    }
    let (status, headers) = (response.status().as_u16(), response_headers(&response));
    let body = read(response).await.map_err(failed)?;
    Ok(Answer::new(status, headers, body))
}

fn translate(request: &TokenRequest) -> Option<Request> {
    let method = Method::from_bytes(request.method().as_bytes()).ok()?;
    let mut translated = Request::new(method, Url::parse(request.url()).ok()?);
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers() {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.insert(name, secret::sensitive(value)?);
    }
    *translated.headers_mut() = headers;
    *translated.body_mut() = Some(Body::from(secret::wiped(request.body())));
    Some(translated)
}

fn response_headers(response: &Response) -> Vec<(String, String)> {
    let fields = response.headers().iter();
    fields.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect()
}

/// At most one byte more than is allowed, whatever length the peer claims; the core then knows that it was too much.
async fn read(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let most = Answer::MAX_BODY + 1;
    let mut body = Zeroizing::new(Vec::with_capacity(most));
    while let Some(chunk) = response.chunk().await? {
        let rest = most - body.len();
        body.extend(chunk.iter().take(rest));
        if body.len() == most {
            break;
        }
    }
    Ok(std::mem::take(&mut *body))
}

fn failed(error: reqwest::Error) -> Failed {
    let error = error.without_url();
    let failure = match () {
        // The connection itself did not come about: nothing of the request was sent.
        () if error.is_connect() => Failure::Connect,
        () if error.is_timeout() => Failure::Timeout,
        () => Failure::Interrupted,
    };
    (failure, reason(&error))
}
