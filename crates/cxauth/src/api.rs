//! Requests to the API: the token goes on, and on nothing that may not see it.

use crate::{
    AccessToken, Client, Error, ErrorCode, Refusal, RequestBuilder, RequestError, current::Current,
    proof::DPOP, redirect,
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Method, StatusCode, header::CONTENT_TYPE};
use reqwest::{Body, Request, Response, ResponseBuilderExt};
use std::sync::Arc;
use url::Url;

/// So much of a body is looked at for a refusal, in bytes.
const BODY_START: usize = 8 * 1024;

/// Requests.
impl Client {
    /// Puts the token into a request that something else sends: the credential's header field, the connection's own
    /// `api_headers`, and for a bound token the proof in the field `dpop`, each in place of what was there. Returns the token, for
    /// [`Client::refused`].
    ///
    /// Whatever sends the request must not carry it elsewhere: with reqwest, build its client with
    /// [`Client::redirect_policy`]. With a bound token it may be sent once; what follows is in [`Client::proof`] and
    /// [`Client::note_nonce`].
    ///
    /// # Errors
    /// `destination_refused` when the address may not see the token, before anything is asked for; else as
    /// [`Client::token`] and [`Client::proof`]. The request is unchanged then and must not be sent.
    pub async fn authorize(&self, request: &mut Request) -> Result<AccessToken, Error> {
        self.check(request.url())?;
        let current = self.current().await?;
        self.put(&current, request).await?;
        Ok(current.token.clone())
    }

    /// A request to the API. A relative path starts at `api_base`.
    ///
    /// ```
    /// # use cxauth::Client;
    /// # async fn example(client: Client) -> Result<(), cxauth::RequestError> {
    /// let call = client
    ///     .request(http::Method::POST, "api/v1/agents/call/")
    ///     .json(&serde_json::json!({ "agent": "100", "number": "5551234" }))
    ///     .send()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> RequestBuilder {
        let url = self.keeper.connection(|connection| connection.api_url(path.as_ref()));
        RequestBuilder::new(self.clone(), url.map(|url| self.http().request(method, url)))
    }

    /// `GET` of an API path, sent.
    ///
    /// # Errors
    /// As [`Client::execute`].
    pub async fn get(&self, path: impl AsRef<str>) -> Result<Response, RequestError> {
        self.request(Method::GET, path).send().await
    }

    /// Sends a request with the token on it and returns the API's answer, whatever its status.
    ///
    /// - An answer that refuses the token ([`crate::Session::refused`]) has it renewed once and the request sent once more. A
    ///   body that cannot be sent again (a stream) is not: then the refusal is the caller's, and the next request renews.
    /// - At most 10 redirects are followed, by the rules of RFC 9110 §15.4: 303 and a redirected POST become GET. Each hop is
    ///   asked for anew: where [`Client::allows`] says no, the credential stays behind, whatever header carries it, and with
    ///   it `Authorization`, `Cookie` and `Proxy-Authorization` of the request's own. What cannot be followed (a stream to be
    ///   sent again, from https down to http, an address with user information, an eleventh) is returned as it is.
    /// - A bound token goes with a proof of its key (RFC 9449), a new one each time and for each hop, in place of a field `dpop` of
    ///   the request's own. An API that wants a nonce in it gets it with the one request more.
    ///
    /// # Errors
    /// `destination_refused` when the first address may not see the token: the request is not sent without it either. Else as
    /// [`Client::token`], or why the request could not be sent.
    pub async fn execute(&self, request: Request) -> Result<Response, RequestError> {
        self.check(request.url())?;
        let mut request = request;
        let mut hops = 0;
        let mut may_retry = true;
        loop {
            let spare = request.try_clone();
            let bare = redirect::Bare::of(&request);
            let sent_with = match self.allows(request.url().as_str()) {
                true => Some(self.current().await?),
                false => None,
            };
            if let Some(current) = &sent_with {
                self.put(current, &mut request).await?;
            }
            let mut response = self.http().execute(request).await?;
            if let Some(current) = &sent_with {
                let (refusal, answer) = self.judge(&current.token, response).await;
                response = answer;
                if refusal == Refusal::Retry
                    && let Some(again) = spare.as_ref().filter(|_| may_retry).and_then(Request::try_clone)
                {
                    may_retry = false;
                    request = again;
                    continue;
                }
            }
            let credential = sent_with.as_ref().map(|current| current.header_name());
            match bare.redirected(&response, spare, credential) {
                Some(next) if hops < redirect::MOST => {
                    hops += 1;
                    request = next;
                }
                _ => return Ok(response),
            }
        }
    }

    /// A redirect policy for a reqwest client of one's own: it follows to addresses that may see the token and hands every
    /// other redirect to the caller. reqwest's own policy would carry a credential in a header such as `X-API-Key` to
    /// whatever host it is sent. Where tokens are bound to a key it follows none, because the proof is for one address: the layer
    /// [`Client::middleware`] does then.
    #[must_use]
    pub fn redirect_policy(&self) -> reqwest::redirect::Policy {
        let client = self.clone();
        reqwest::redirect::Policy::custom(move |attempt| {
            let is_allowed = client.allows(attempt.url().as_str());
            if attempt.previous().len() <= redirect::MOST && is_allowed && !client.proves() {
                attempt.follow()
            } else {
                attempt.stop()
            }
        })
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.keeper.drivers.api_http
    }

    pub(crate) async fn current(&self) -> Result<Arc<Current>, Error> {
        self.keeper.acquire().await
    }

    pub(crate) fn check(&self, url: &Url) -> Result<(), Error> {
        if self.allows(url.as_str()) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::DestinationRefused).with_detail(url.host_str().unwrap_or("no host")))
    }

    /// Puts everything into a request that goes with the token; on failure nothing.
    async fn put(&self, current: &Current, request: &mut Request) -> Result<(), Error> {
        let proof = self.prove(&current.token, request).await?;
        current.put(request.headers_mut());
        if let Some(proof) = proof {
            request.headers_mut().insert(DPOP, proof);
        }
        Ok(())
    }

    /// Whether the answer refuses the token that was sent, and the answer, whole.
    pub(crate) async fn judge(&self, token: &AccessToken, response: Response) -> (Refusal, Response) {
        if token.is_bound() {
            self.note_nonce(response.url().as_str(), response.headers());
        }
        let status = response.status();
        if !(status.is_client_error() || status.is_server_error()) {
            return (Refusal::Leave, response);
        }
        let (start, response) = match status {
            StatusCode::UNAUTHORIZED => (Bytes::new(), response),
            _ if may_name_an_error(&response) => peek(response).await,
            _ => (Bytes::new(), response),
        };
        (self.refused(token, status.as_u16(), response.headers(), &start), response)
    }
}

/// A page or a file is not read before its caller does.
fn may_name_an_error(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_none_or(|content_type| {
        let content_type = content_type.to_ascii_lowercase();
        content_type.contains("json") || content_type.contains("form-urlencoded")
    })
}

/// The start of the body, and the answer as if nobody had looked.
async fn peek(mut response: Response) -> (Bytes, Response) {
    let mut chunks = Vec::new();
    let mut length = 0;
    while length < BODY_START {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                length += chunk.len();
                chunks.push(Ok(chunk));
            }
            Ok(None) => break,
            Err(error) => {
                chunks.push(Err(error));
                break;
            }
        }
    }
    let start: Vec<u8> = chunks.iter().flatten().flatten().copied().collect();
    let (url, status, version) = (response.url().clone(), response.status(), response.version());
    let (headers, mut extensions) = (response.headers().clone(), response.extensions().clone());
    if let Some(address) = http::Response::builder().url(url).extensions_mut() {
        extensions.extend(std::mem::take(address));
    }
    let body = stream::iter(chunks).chain(response.bytes_stream());
    let mut whole = http::Response::new(Body::wrap_stream(body));
    (*whole.status_mut(), *whole.version_mut()) = (status, version);
    (*whole.headers_mut(), *whole.extensions_mut()) = (headers, extensions);
    (Bytes::from(start), whole.into())
}
