//! What a client is made of.

use crate::{
    Client, Clock, Connection, Error, ErrorCode, Provided, Secret, SignatureAlgorithm, SystemClock,
    keeper::Keeper,
    provide::Provider,
    secret::{SecretFunctions, Signers},
    store::Store,
};
use std::{
    fmt,
    future::Future,
    sync::{Arc, LazyLock},
    time::Duration,
};

/// How long connecting may take, unless the whole request may take less.
const CONNECT: Duration = Duration::from_secs(10);
/// The longest time limit of a token request: with the store's lock it stays below a flight's deadline of 60 s.
const LONGEST: Duration = Duration::from_secs(35);

/// How long a flight waits for the store's lock. With the time limit of a request it stays below the flight's deadline.
const LOCK_PATIENCE: Duration = Duration::from_secs(20);

/// What all sessions of one client use.
pub(crate) struct Drivers {
    pub(crate) token_http: reqwest::Client,
    /// Made when it is first used: who only wants tokens has no API, and reading the system's certificates takes its time.
    pub(crate) api_http: LazyLock<reqwest::Client, Box<dyn FnOnce() -> reqwest::Client + Send>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) provider: Option<Provider>,
    pub(crate) functions: SecretFunctions,
    pub(crate) signers: Signers,
    pub(crate) patience: Duration,
    pub(crate) lock_patience: Duration,
    pub(crate) background: bool,
}

/// Chooses what a [`Client`] is made of; [`Client::builder`] starts one.
#[must_use = "a builder makes nothing before `build`"]
pub struct Builder {
    connection: Connection,
    http: Option<reqwest::Client>,
    proxies: Vec<reqwest::Proxy>,
    no_proxy: bool,
    certificates: Vec<reqwest::Certificate>,
    timeout: Duration,
    api_timeout: Duration,
    clock: Arc<dyn Clock>,
    store: Option<Arc<dyn Store>>,
    provider: Option<Provider>,
    functions: SecretFunctions,
    signers: Signers,
    patience: Duration,
    lock_patience: Duration,
    background: bool,
    parent: Option<Client>,
}

impl Builder {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            http: None,
            proxies: Vec::new(),
            no_proxy: false,
            certificates: Vec::new(),
            timeout: Duration::from_secs(30),
            api_timeout: Duration::from_secs(60),
            clock: Arc::new(SystemClock),
            store: None,
            provider: None,
            functions: SecretFunctions::default(),
            signers: Signers::default(),
            patience: Duration::ZERO,
            lock_patience: LOCK_PATIENCE,
            background: false,
            parent: None,
        }
    }

    /// Sends token requests with this client instead of one of cxauth's own. It must follow no redirects
    /// (`redirect(reqwest::redirect::Policy::none())`), because they would carry secrets elsewhere; keep no cookies; and have
    /// a time limit below 40 s. `proxy`, `root_certificate` and `timeout` do not change it.
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Sends everything through this proxy. May be said more than once; without it the environment's proxies are used.
    pub fn proxy(mut self, proxy: reqwest::Proxy) -> Self {
        self.proxies.push(proxy);
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxies.clear();
        self.no_proxy = true;
        self
    }

    /// Trusts this certificate authority too. May be said more than once.
    pub fn root_certificate(mut self, certificate: reqwest::Certificate) -> Self {
        self.certificates.push(certificate);
        self
    }

    /// The time limit of one token request, connecting and reading included: 30 s by default, 35 s at most.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.min(LONGEST);
        self
    }

    /// How long an API may be silent while a request waits for it: 60 s by default. A request's own time limit for the whole
    /// is set with the request.
    pub fn api_timeout(mut self, timeout: Duration) -> Self {
        self.api_timeout = timeout;
        self
    }

    /// Keeps the tokens here, beyond this process, and agrees with other processes that use the same place on who renews.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// How long a renewal waits for the store's lock, which another process may hold: 20 s by default and at most. Then it
    /// fails with `store_unavailable`, and is tried again after the back-off; a usable token serves all the while, also one
    /// that only the store has.
    pub fn lock_patience(mut self, patience: Duration) -> Self {
        self.lock_patience = patience.min(LOCK_PATIENCE);
        self
    }

    /// The function that brings tokens for the grant `external`: it asks, for instance, a backend of one's own. The text of
    /// its error becomes part of cxauth's: it must hold no secret.
    ///
    /// ```
    /// use cxauth::{Client, Connection, Grant, Provided, Settings};
    /// use std::time::Duration;
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let connection = Connection::new(Settings::new("generic").grant(Grant::External))?;
    /// let client = Client::builder(connection)
    ///     .provide(|| async {
    ///         // Ask your backend here.
    ///         Ok::<_, std::io::Error>(Provided::new("token").expires_in(Duration::from_secs(600)))
    ///     })
    ///     .build()?;
    /// assert_eq!(client.token().await?.generation(), 1);
    /// # Ok::<(), cxauth::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn provide<F, R, E>(mut self, function: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Provided, E>> + Send + 'static,
        E: fmt::Display,
    {
        self.provider = Some(Provider::new(function));
        self
    }

    /// The function that reads a secret whose source is [`SecretSource::Function`](crate::SecretSource::Function) with this
    /// name, each time one is needed: from a vault, for instance. The text of its error becomes part of cxauth's: it must
    /// hold no secret.
    ///
    /// ```
    /// use cxauth::{Client, Connection, Secret, SecretSource, Settings};
    ///
    /// let settings = Settings::new("cisco-cx-cloud").client_id("key");
    /// let settings = settings.client_secret(SecretSource::Function("vault".into()));
    /// let client = Client::builder(Connection::new(settings)?)
    ///     .secret_function("vault", || async {
    ///         // Ask your vault here.
    ///         Ok::<_, std::io::Error>(Secret::new("secret"))
    ///     })
    ///     .build()?;
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    pub fn secret_function<F, R, E>(mut self, name: impl Into<String>, function: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Secret, E>> + Send + 'static,
        E: fmt::Display,
    {
        self.functions.add(name.into(), function);
        self
    }

    /// The function that signs with a key whose source is [`SecretSource::Function`](crate::SecretSource::Function) with this
    /// name: the key stays where it is, in a KMS or a token. It gets what is to be signed (not hashed yet) and how, and
    /// returns the signature as [`SignatureAlgorithm`] says. The text of its error becomes part of cxauth's: it must hold no
    /// secret.
    ///
    /// ```
    /// use cxauth::{Client, Connection, SecretSource, Settings, SignatureAlgorithm, SigningKey};
    ///
    /// let key = SigningKey::new(SecretSource::Function("kms".into()), SignatureAlgorithm::Es256).key_id("2026");
    /// let settings = Settings::new("generic").token_endpoint("https://as.example/token").client_id("id");
    /// let client = Client::builder(Connection::new(settings.client_key(key))?)
    ///     .signer("kms", |bytes, algorithm| async move {
    ///         // Ask your KMS here.
    ///         assert_eq!(algorithm, SignatureAlgorithm::Es256);
    ///         Err::<Vec<u8>, _>(format!("no signature for {} bytes", bytes.len()))
    ///     })
    ///     .build()?;
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    pub fn signer<F, R, E>(mut self, name: impl Into<String>, function: F) -> Self
    where
        F: Fn(Vec<u8>, SignatureAlgorithm) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<u8>, E>> + Send + 'static,
        E: fmt::Display,
    {
        self.signers.add(name.into(), function);
        self
    }

    /// Takes the time from this clock instead of the system's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How long [`Client::token`] waits when nothing may be sent for a while: not at all by default, and the error says when
    /// to come again. A renewal that is under way is always waited for.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Renews in the background, so that callers find a fresh token. It stops after one lifetime in which nobody asked, goes
    /// on when somebody does, and ends with the last clone of the client. Off by default.
    pub fn background(mut self, background: bool) -> Self {
        self.background = background;
        self
    }

    /// Goes on from the tokens of this client, which was made before the process forked: in the child its threads are gone, and
    /// nothing of it may be used or dropped any more. What goes along is said at [`crate::Session::fork`]; the connection
    /// is the one that `parent` was made of, with the changes that followed. Where a thread was in its session when the
    /// process forked, the new client starts without tokens.
    pub fn fork_of(mut self, parent: &Client) -> Self {
        self.parent = Some(parent.clone());
        self
    }

    /// The client. It connects to nothing yet.
    ///
    /// # Errors
    /// `invalid_setting` when no HTTP client can be made of the proxies and certificates.
    pub fn build(self) -> Result<Client, Error> {
        let token_http = match &self.http {
            Some(http) => http.clone(),
            None => self
                .http_client()
                .timeout(self.timeout)
                .connect_timeout(self.timeout.min(CONNECT))
                // A request that was lost may have spent a refresh token: no layer below sends it again, and none goes out
                // on an idle connection that the server may have closed already.
                .retry(reqwest::retry::never())
                .pool_max_idle_per_host(0)
                // What arrives is what is counted: nothing small unfolds into something large.
                .no_gzip()
                .build()
                .map_err(unusable)?,
        };
        let api_http =
            self.http_client().read_timeout(self.api_timeout).connect_timeout(self.api_timeout.min(CONNECT));
        let api_http: Box<dyn FnOnce() -> _ + Send> = match self.http {
            Some(_) => {
                let api_http = api_http.build().map_err(unusable)?;
                Box::new(move || api_http)
            }
            // With the same proxies and certificates the other one came about.
            None => {
                let otherwise = token_http.clone();
                Box::new(move || api_http.build().unwrap_or(otherwise))
            }
        };
        let drivers = Drivers {
            token_http,
            api_http: LazyLock::new(api_http),
            clock: self.clock,
            provider: self.provider,
            functions: self.functions,
            signers: self.signers,
            patience: self.patience,
            lock_patience: self.lock_patience,
            background: self.background,
        };
        let parent = self.parent;
        let session = parent
            .as_ref()
            .and_then(|parent| parent.keeper.fork(self.connection.clone(), drivers.clock.now()));
        // Dropped, it might wait for a lock that nobody gives back.
        std::mem::forget(parent);
        let (drivers, store) = (Arc::new(drivers), self.store);
        Ok(Client::assemble(match session {
            Some(session) => Keeper::of(session, drivers, store),
            None => Keeper::new(self.connection, drivers, store),
        }))
    }

    fn http_client(&self) -> reqwest::ClientBuilder {
        let mut builder = plain_http();
        if self.no_proxy {
            builder = builder.no_proxy();
        }
        for proxy in &self.proxies {
            builder = builder.proxy(proxy.clone());
        }
        for certificate in &self.certificates {
            builder = builder.add_root_certificate(certificate.clone());
        }
        builder
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Builder").field("connection", &self.connection).finish_non_exhaustive()
    }
}

/// What every client of cxauth's own is made of.
pub(crate) fn plain_http() -> reqwest::ClientBuilder {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).referer(false)
}

pub(crate) fn unusable(error: reqwest::Error) -> Error {
    let why = crate::error::reason(&error);
    Error::new(ErrorCode::InvalidSetting).with_detail(&format!("proxy or root certificate: {why}"))
}
