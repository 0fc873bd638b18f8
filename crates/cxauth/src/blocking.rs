//! The client for scripts: the same verbs, without async.
//!
//! ```
//! use cxauth::{Connection, blocking::Client};
//! # use cxauth_sim::{Platform, Simulator};
//!
//! # let simulator = Simulator::start_blocking()?;
//! # let settings = simulator.connection(Platform::Generic).to_string();
//! let client = Client::new(Connection::from_json(&settings)?)?;
//! let items = client.get("items")?;
//! assert_eq!(items.status(), 200);
//! println!("{}", items.text()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{
    AccessToken, Authorization, Connection, DevicePrompt, Error, ErrorCode, Event, RequestError, Settings,
    SignIn, Status,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use reqwest::{Body, Request};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, future::Future, sync::Arc, time::Duration};
use tokio::{
    runtime::{Handle, Runtime},
    sync::broadcast,
};

/// How long the last clone waits for a renewal that is under way.
const FAREWELL: Duration = Duration::from_secs(10);

/// [`crate::Client`] without async: each function blocks until it is done. It has one thread of its own. Clones are the same
/// client; the last one waits, up to 10 s, for a renewal that is under way, so that its result is not lost.
///
/// Not for async code: there its functions panic.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    client: crate::Client,
    runtime: Handle,
    /// Taken when it is dropped.
    owned: Option<Runtime>,
}

impl Client {
    /// A client with the usual parts.
    ///
    /// # Errors
    /// As [`Client::with_builder`].
    pub fn new(connection: Connection) -> Result<Self, Error> {
        Self::with_builder(crate::Client::builder(connection))
    }

    /// A client of the parts that were chosen.
    ///
    /// # Errors
    /// As [`crate::Builder::build`], or `invalid_setting` when the system gives no thread.
    pub fn with_builder(builder: crate::Builder) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("cxauth")
            .enable_all()
            .build()
            .map_err(|error| Error::new(ErrorCode::InvalidSetting).with_detail(&error.to_string()))?;
        let client = {
            let _entered = runtime.enter();
            builder.build()?
        };
        let (runtime, owned) = (runtime.handle().clone(), Some(runtime));
        Ok(Self(Arc::new(Inner { client, runtime, owned })))
    }

    /// See [`crate::Client::token`].
    ///
    /// # Errors
    /// As there.
    pub fn token(&self) -> Result<AccessToken, Error> {
        self.0.wait(self.0.client.token())
    }

    /// See [`crate::Client::token_for`].
    ///
    /// # Errors
    /// As there.
    pub fn token_for(
        &self,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<AccessToken, Error> {
        let scoped = self.0.client.scoped(scopes)?;
        self.0.wait(scoped.token())
    }

    /// See [`crate::Client::with_header`].
    pub fn with_header<R>(&self, look: impl FnOnce(&HeaderName, &HeaderValue) -> R) -> Option<R> {
        self.0.client.with_header(look)
    }

    /// See [`crate::Client::proof`].
    ///
    /// # Errors
    /// As there.
    pub fn proof(
        &self,
        token: &AccessToken,
        method: &Method,
        url: &str,
    ) -> Result<Option<HeaderValue>, Error> {
        self.0.wait(self.0.client.proof(token, method, url))
    }

    /// See [`crate::Client::note_nonce`].
    pub fn note_nonce(&self, url: &str, headers: &HeaderMap) {
        self.0.client.note_nonce(url, headers);
    }

    /// See [`crate::Client::request`].
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder { client: self.clone(), builder: self.0.client.request(method, path) }
    }

    /// See [`crate::Client::get`].
    ///
    /// # Errors
    /// As there.
    pub fn get(&self, path: impl AsRef<str>) -> Result<Response, RequestError> {
        self.request(Method::GET, path).send()
    }

    /// See [`crate::Client::execute`].
    ///
    /// # Errors
    /// As there.
    pub fn execute(&self, request: Request) -> Result<Response, RequestError> {
        let response = self.0.wait(self.0.client.execute(request))?;
        Ok(Response { client: self.clone(), response })
    }

    /// See [`crate::Client::allows`].
    #[must_use]
    pub fn allows(&self, url: &str) -> bool {
        self.0.client.allows(url)
    }

    /// See [`crate::Client::restore`].
    ///
    /// # Errors
    /// As there.
    pub fn restore(&self) -> Result<bool, Error> {
        self.0.wait(self.0.client.restore())
    }

    /// See [`crate::Client::begin_sign_in`].
    ///
    /// # Errors
    /// As there.
    pub fn begin_sign_in(&self, redirect_uri: Option<&str>) -> Result<Authorization, Error> {
        self.0.wait(self.0.client.begin_sign_in(redirect_uri))
    }

    /// See [`crate::Client::finish_sign_in`].
    ///
    /// # Errors
    /// As there.
    pub fn finish_sign_in(&self, sign_in: SignIn, redirect: &str) -> Result<(), Error> {
        self.0.wait(self.0.client.finish_sign_in(sign_in, redirect))
    }

    /// See [`crate::Client::sign_in_on_device`].
    ///
    /// # Errors
    /// As there.
    pub fn sign_in_on_device(&self, show: impl FnOnce(&DevicePrompt) + Send) -> Result<(), Error> {
        self.0.wait(self.0.client.sign_in_on_device(show))
    }

    /// See [`crate::Client::sign_in_in_browser`]: it is over when this returns.
    ///
    /// # Errors
    /// As there.
    #[cfg(feature = "browser")]
    pub fn sign_in_in_browser(&self) -> Result<(), Error> {
        self.0.wait(self.0.client.sign_in_in_browser().into_future())
    }

    /// See [`crate::Client::sign_out`].
    ///
    /// # Errors
    /// As there.
    pub fn sign_out(&self) -> Result<(), Error> {
        self.0.wait(self.0.client.sign_out())
    }

    /// See [`crate::Client::change`].
    ///
    /// # Errors
    /// As there.
    pub fn change(&self, settings: Settings) -> Result<(), Error> {
        self.0.client.change(settings)
    }

    /// See [`crate::Client::subscribe`]; the receiver has a blocking way to wait.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.client.subscribe()
    }

    /// See [`crate::Client::status`].
    #[must_use]
    pub fn status(&self) -> Status {
        self.0.client.status()
    }

    /// See [`crate::Client::settle`].
    pub fn settle(&self) {
        self.0.wait(self.0.client.settle());
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.client.fmt(formatter)
    }
}

impl Inner {
    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // In async code nothing may block: there the renewal is left alone.
        if Handle::try_current().is_err() {
            let client = self.client.clone();
            let _ = self.wait(async move { tokio::time::timeout(FAREWELL, client.settle()).await });
        }
        if let Some(runtime) = self.owned.take() {
            runtime.shutdown_background();
        }
    }
}

/// [`crate::RequestBuilder`] without async.
#[must_use = "a request is not sent before `send`"]
pub struct RequestBuilder {
    client: Client,
    builder: crate::RequestBuilder,
}

impl RequestBuilder {
    /// See [`crate::RequestBuilder::query`].
    pub fn query<T: Serialize + ?Sized>(self, query: &T) -> Self {
        self.map(|builder| builder.query(query))
    }

    /// See [`crate::RequestBuilder::header`].
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N>,
        <HeaderName as TryFrom<N>>::Error: Into<http::Error>,
        HeaderValue: TryFrom<V>,
        <HeaderValue as TryFrom<V>>::Error: Into<http::Error>,
    {
        self.map(|builder| builder.header(name, value))
    }

    /// See [`crate::RequestBuilder::body`].
    pub fn body(self, body: impl Into<Body>) -> Self {
        self.map(|builder| builder.body(body))
    }

    /// See [`crate::RequestBuilder::json`].
    pub fn json<T: Serialize + ?Sized>(self, json: &T) -> Self {
        self.map(|builder| builder.json(json))
    }

    /// See [`crate::RequestBuilder::form`].
    pub fn form<T: Serialize + ?Sized>(self, form: &T) -> Self {
        self.map(|builder| builder.form(form))
    }

    /// See [`crate::RequestBuilder::timeout`].
    pub fn timeout(self, timeout: Duration) -> Self {
        self.map(|builder| builder.timeout(timeout))
    }

    /// See [`crate::RequestBuilder::map`].
    pub fn map(self, change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder) -> Self {
        Self { client: self.client, builder: self.builder.map(change) }
    }

    /// See [`crate::RequestBuilder::send`].
    ///
    /// # Errors
    /// As there.
    pub fn send(self) -> Result<Response, RequestError> {
        self.client.execute(self.builder.build()?)
    }
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.builder.fmt(formatter)
    }
}

/// An API's answer, whose body is read without async.
pub struct Response {
    client: Client,
    response: reqwest::Response,
}

impl Response {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The header fields.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The body as text.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(self) -> Result<String, RequestError> {
        Ok(self.client.0.wait(self.response.text())?)
    }

    /// The body.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn bytes(self) -> Result<Bytes, RequestError> {
        Ok(self.client.0.wait(self.response.bytes())?)
    }

    /// The next part of the body; none at its end.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn chunk(&mut self) -> Result<Option<Bytes>, RequestError> {
        Ok(self.client.0.wait(self.response.chunk())?)
    }

    /// The body, which is JSON.
    ///
    /// # Errors
    /// When it cannot be read or is something else.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, RequestError> {
        Ok(self.client.0.wait(self.response.json())?)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Response").field("status", &self.status()).finish_non_exhaustive()
    }
}
