//! The client as a layer of `reqwest-middleware`.

use crate::{Client, Refusal};
use http::Extensions;
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
    /// to be built with [`Client::redirect_policy`].
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
        let spare = request.try_clone();
        let token = self.client.authorize(&mut request).await.map_err(Error::middleware)?;
        let response = next.clone().run(request, extensions).await?;
        if !self.client.allows(response.url().as_str()) {
            // A redirect led away: what is said there is not about the token.
            return Ok(response);
        }
        let (refusal, response) = self.client.judge(&token, response).await;
        match spare {
            Some(mut again) if refusal == Refusal::Retry => {
                let token = self.client.authorize(&mut again).await.map_err(Error::middleware)?;
                let response = next.run(again, extensions).await?;
                Ok(self.client.judge(&token, response).await.1)
            }
            _ => Ok(response),
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
