//! Building requests to the API.

use crate::{Client, Error, RequestError};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Request, Response};
use serde::Serialize;
use std::{fmt, time::Duration};

/// A request to the API that is being built; [`Client::request`] starts one. The token goes on when it is sent.
#[must_use = "a request is not sent before `send`"]
pub struct RequestBuilder {
    client: Client,
    builder: Result<reqwest::RequestBuilder, Error>,
}

impl RequestBuilder {
    pub(crate) fn new(client: Client, builder: Result<reqwest::RequestBuilder, Error>) -> Self {
        Self { client, builder }
    }

    /// Adds to the query.
    pub fn query<T: Serialize + ?Sized>(self, query: &T) -> Self {
        self.map(|builder| builder.query(query))
    }

    /// Adds a header field. The credential's own field is replaced when the request is sent.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N>,
        <HeaderName as TryFrom<N>>::Error: Into<http::Error>,
        HeaderValue: TryFrom<V>,
        <HeaderValue as TryFrom<V>>::Error: Into<http::Error>,
    {
        self.map(|builder| builder.header(name, value))
    }

    /// Adds header fields.
    pub fn headers(self, headers: HeaderMap) -> Self {
        self.map(|builder| builder.headers(headers))
    }

    /// Sets the body. A stream cannot be sent again: neither after a refusal nor along a redirect.
    pub fn body(self, body: impl Into<Body>) -> Self {
        self.map(|builder| builder.body(body))
    }

    /// Sets the body to JSON.
    pub fn json<T: Serialize + ?Sized>(self, json: &T) -> Self {
        self.map(|builder| builder.json(json))
    }

    /// Sets the body to a form.
    pub fn form<T: Serialize + ?Sized>(self, form: &T) -> Self {
        self.map(|builder| builder.form(form))
    }

    /// The time limit for the whole request, its answer's body included.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.map(|builder| builder.timeout(timeout))
    }

    /// Whatever else reqwest can do with a request.
    pub fn map(self, change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder) -> Self {
        Self { client: self.client, builder: self.builder.map(change) }
    }

    /// The request, without a token: [`Client::execute`] sends it with one.
    ///
    /// # Errors
    /// `missing_setting` and `destination_refused` of [`crate::Connection::api_url`], or what is wrong with a part.
    pub fn build(self) -> Result<Request, RequestError> {
        Ok(self.builder?.build()?)
    }

    /// Sends it, see [`Client::execute`].
    ///
    /// # Errors
    /// As [`Client::execute`] and [`RequestBuilder::build`].
    pub async fn send(self) -> Result<Response, RequestError> {
        let client = self.client.clone();
        client.execute(self.build()?).await
    }
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RequestBuilder").finish_non_exhaustive()
    }
}
