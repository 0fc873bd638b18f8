//! The client as a layer of `reqwest-middleware`.

use crate::{Client, Refusal, redirect};
use http::{Extensions, HeaderName};
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};
use std::{future::Future, pin::Pin};

/// Puts the token on every request of a `reqwest_middleware` client, and sends a refused one once more; by the rules of
/// [`Client::execute`]. [`Client::middleware`] makes one.
#[derive(Clone, Debug)]
pub struct TokenMiddleware {
    client: Client,
}

impl Client {
    /// This client as a layer of `reqwest-middleware`. Redirects are followed by the reqwest client below it, so that one has
    /// to be built with [`Client::redirect_policy`]; where tokens are bound to a key the layer follows them, to addresses that may
    /// see the token, with a proof for each.
    ///
    /// ```
    /// # use cxauth::Client;
    /// # let client = Client::cisco_cx_cloud("key", "secret")?;
    /// let http = reqwest::Client::builder().redirect(client.redirect_policy()).build()?;
    /// let http = reqwest_middleware::ClientBuilder::new(http).with(client.middleware()).build();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn middleware(&self) -> TokenMiddleware {
        TokenMiddleware { client: self.clone() }
    }
}

impl TokenMiddleware {
    async fn run(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let mut hops = 0;
        let mut may_retry = true;
        loop {
            let spare = request.try_clone();
            let token = self.client.authorize(&mut request).await.map_err(Error::middleware)?;
            let bare = token.is_bound().then(|| redirect::Bare::of(&request));
            let response = next.clone().run(request, extensions).await?;
            if !self.client.allows(response.url().as_str()) {
                // A redirect led away: what is said there is not about the token.
                return Ok(response);
            }
            let (refusal, response) = self.client.judge(&token, response).await;
            if refusal == Refusal::Retry
                && let Some(again) = spare.as_ref().filter(|_| may_retry).and_then(Request::try_clone)
            {
                may_retry = false;
                request = again;
                continue;
            }
            // Each hop needs a proof of its own, so the client below follows none with a bound token.
            let hop = bare.and_then(|bare| {
                let credential = HeaderName::from_bytes(token.header_name().as_bytes()).ok();
                bare.redirected(&response, spare, credential.as_ref())
            });
            match hop {
                Some(hop) if hops < redirect::MOST && self.client.allows(hop.url().as_str()) => {
                    hops += 1;
                    request = hop;
                }
                _ => return Ok(response),
            }
        }
    }
}

impl Middleware for TokenMiddleware {
    /// What `async_trait` makes of an async function.
    fn handle<'this, 'extensions, 'next, 'future>(
        &'this self,
        request: Request,
        extensions: &'extensions mut Extensions,
        next: Next<'next>,
    ) -> Pin<Box<dyn Future<Output = Result<Response>> + Send + 'future>>
    where
        'this: 'future,
        'extensions: 'future,
        'next: 'future,
    {
        Box::pin(self.run(request, extensions, next))
    }
}
