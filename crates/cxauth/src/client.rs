//! The client: tokens for whoever asks.

use crate::{
    AccessToken, Acquire, Connection, Error, ErrorCode, Event, Refusal, SecretSource, Settings, State,
    Timestamp, background,
    builder::Builder,
    current::Current,
    flight,
    keeper::{Fresh, Keeper},
    store::StoreError,
};
use http::{HeaderMap, HeaderName, HeaderValue, header::WWW_AUTHENTICATE};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::broadcast;

/// Tokens of one connection, kept alive, and requests that carry them. Clones are the same client.
///
/// The async functions run in a Tokio runtime. However many callers ask at once, one token request is sent; a caller that is
/// dropped while it waits changes nothing for the others.
///
/// ```
/// use cxauth::{Client, Connection};
/// # use cxauth_sim::{Platform, Simulator};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// # let simulator = Simulator::start().await?;
/// # let settings = simulator.connection(Platform::Generic).to_string();
/// let client = Client::new(Connection::from_json(&settings)?)?;
/// let items = client.get("items?page=2").await?;
/// assert_eq!(items.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) keeper: Arc<Keeper>,
    family: Arc<Family>,
}

/// The sessions of one client: one for each set of scopes that was asked for.
struct Family {
    root: Arc<Keeper>,
    scoped: Mutex<HashMap<Vec<String>, Arc<Keeper>>>,
}

/// How a session stands, without having asked for anything.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Status {
    /// The token that may be used.
    pub token: Option<AccessToken>,
    /// How it stands.
    pub state: State,
    /// Why there is no token and none is on its way, when it was tried.
    pub why: Option<Error>,
    /// When background renewal would next do something; none for never, or not before somebody asks.
    pub next_wakeup: Option<Timestamp>,
}

/// Making one.
impl Client {
    /// A client with the usual parts: the system's clock and proxies, no store, no background renewal.
    ///
    /// # Errors
    /// As [`Builder::build`].
    pub fn new(connection: Connection) -> Result<Self, Error> {
        Self::builder(connection).build()
    }

    /// Chooses the parts first.
    pub fn builder(connection: Connection) -> Builder {
        Builder::new(connection)
    }

    /// CloudCX: the tenant's domain, with its port if it has one, and a user of it. A client that has a secret says so with
    /// [`Settings::client_secret`] and [`Client::new`].
    ///
    /// ```
    /// use cxauth::Client;
    /// let client = Client::cloudcx("cx.example.net:9001", "client-id", "user", "password")?;
    /// assert!(client.allows("https://cx.example.net:9001/openapi/v2/user/page"));
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::new`].
    pub fn cloudcx(
        domain: impl Into<String>,
        client_id: impl Into<String>,
        username: impl Into<String>,
        password: impl Into<SecretSource>,
    ) -> Result<Self, Error> {
        let settings = Settings::new("cloudcx").domain(domain).client_id(client_id).username(username);
        Self::new(Connection::new(settings.password(password))?)
    }

    /// Cisco CX Cloud: the key and the secret of an API profile.
    ///
    /// ```
    /// use cxauth::Client;
    /// let client = Client::cisco_cx_cloud("key", "secret")?;
    /// assert!(client.allows("https://apix.cisco.com/cs/api/v2/inventory/hardware"));
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::new`].
    pub fn cisco_cx_cloud(
        client_id: impl Into<String>,
        client_secret: impl Into<SecretSource>,
    ) -> Result<Self, Error> {
        let settings = Settings::new("cisco-cx-cloud").client_id(client_id);
        Self::new(Connection::new(settings.client_secret(client_secret))?)
    }

    /// Sangoma CX: the application's credentials, and one scope at least.
    ///
    /// ```
    /// use cxauth::Client;
    /// let client = Client::sangoma_cx("client-id", "client-secret", ["cx.agent-calls"])?;
    /// assert!(client.allows("https://cpaas.sangoma.com/cx/api/v1/agents/call/"));
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::new`].
    pub fn sangoma_cx(
        client_id: impl Into<String>,
        client_secret: impl Into<SecretSource>,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, Error> {
        let settings = Settings::new("sangoma-cx").client_id(client_id).scopes(scopes);
        Self::new(Connection::new(settings.client_secret(client_secret))?)
    }

    /// CloudLX (Infiny): the credentials of an application of the portal.
    ///
    /// ```
    /// use cxauth::Client;
    /// let client = Client::cloudlx("client-id", "client-secret")?;
    /// assert!(client.allows("https://cloudlx.epsilontel.com/api/services"));
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::new`].
    pub fn cloudlx(
        client_id: impl Into<String>,
        client_secret: impl Into<SecretSource>,
    ) -> Result<Self, Error> {
        let settings = Settings::new("cloudlx").client_id(client_id);
        Self::new(Connection::new(settings.client_secret(client_secret))?)
    }

    pub(crate) fn assemble(keeper: Keeper) -> Self {
        let keeper = Arc::new(keeper);
        let family = Family { root: Arc::clone(&keeper), scoped: Mutex::default() };
        background::start(&keeper);
        Self { keeper, family: Arc::new(family) }
    }

    /// The same client for another set of scopes: a session of its own, the same one for the same set in any order. Its
    /// tokens are kept in a place of their own where the store has one ([`for_scopes`](crate::store::Store::for_scopes)), else in memory.
    ///
    /// # Errors
    /// `invalid_setting` for scopes that cannot be asked for.
    pub fn scoped(&self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, Error> {
        let mut scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        scopes.sort();
        scopes.dedup();
        let root = &self.family.root;
        let same = root.connection(|connection| {
            let mut own = connection.scopes().to_vec();
            own.sort();
            own == scopes
        });
        if same {
            return Ok(Self { keeper: Arc::clone(root), family: Arc::clone(&self.family) });
        }
        let mut scoped = self.family.scoped.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keeper) = scoped.get(&scopes) {
            return Ok(Self { keeper: Arc::clone(keeper), family: Arc::clone(&self.family) });
        }
        let settings = Settings::default().scopes(scopes.clone());
        let connection = root.connection(|connection| connection.with(settings))?;
        let store = root.store().and_then(|store| store.for_scopes(&scopes));
        let keeper = Arc::new(Keeper::new(connection, Arc::clone(&root.drivers), store));
        background::start(&keeper);
        scoped.insert(scopes, Arc::clone(&keeper));
        Ok(Self { keeper, family: Arc::clone(&self.family) })
    }
}

/// Tokens.
impl Client {
    /// A usable token. While one is fresh this costs next to nothing; when one is due for renewal it is handed out all the
    /// same and the renewal goes on by itself; without one the caller waits for the renewal.
    ///
    /// A token that is bound to a key ([`AccessToken::is_bound`]) is worth nothing alone: each request needs a
    /// [`proof`](Client::proof) beside it.
    ///
    /// # Errors
    /// What the token endpoint, the network, the store or a secret's source said; [`Error::action`] says what to do, and
    /// [`Error::retry_at`] when to come again ([`Builder::patience`] waits for that).
    ///
    /// # Panics
    /// Outside a Tokio runtime, when a renewal is due.
    pub async fn token(&self) -> Result<AccessToken, Error> {
        Ok(self.keeper.acquire().await?.token.clone())
    }

    /// A token for these scopes, see [`Client::scoped`].
    ///
    /// # Errors
    /// As [`Client::token`] and [`Client::scoped`].
    pub async fn token_for(
        &self,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<AccessToken, Error> {
        self.scoped(scopes)?.token().await
    }

    /// Looks at the header field that carries the token, if one is usable: the quickest way, without a lock, a copy or a
    /// shared counter while the token is fresh. It starts nothing; `None` says that [`Client::token`] is needed. A bound token
    /// needs a [`proof`](Client::proof) beside it.
    ///
    /// ```
    /// # use cxauth::Client;
    /// # let client = Client::cisco_cx_cloud("key", "secret")?;
    /// let length = client.with_header(|name, value| name.as_str().len() + value.len());
    /// assert!(length.is_none(), "nobody has asked for a token yet");
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    pub fn with_header<R>(&self, look: impl FnOnce(&HeaderName, &HeaderValue) -> R) -> Option<R> {
        self.with_current(|current| look(current.header_name(), current.header_value()))
    }

    /// Looks at the token itself in the same way.
    pub fn with_token<R>(&self, look: impl FnOnce(&AccessToken) -> R) -> Option<R> {
        self.with_current(|current| look(&current.token))
    }

    /// Whether this very token is in service and nothing is due: for who keeps what was made of it, such as another
    /// language's strings. As quick as [`Client::with_header`], and it counts as asking in the same way.
    ///
    /// ```
    /// # use cxauth::{Client, Connection, Settings};
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let settings = Settings::new("generic").api_key("key");
    /// let client = Client::new(Connection::new(settings)?)?;
    /// let token = client.token().await?;
    /// assert!(client.is_fresh(&token));
    /// client.change(Settings::default().api_key("another-key"))?;
    /// assert!(!client.is_fresh(&token));
    /// # Ok::<(), cxauth::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_fresh(&self, token: &AccessToken) -> bool {
        let fresh = self.keeper.fresh();
        fresh.as_ref().and_then(Fresh::current).is_some_and(|current| current.is_of(token))
    }

    fn with_current<R>(&self, look: impl FnOnce(&Current) -> R) -> Option<R> {
        if let Some(fresh) = self.keeper.fresh() {
            return fresh.current().map(look);
        }
        let token = self.keeper.with(|session, now| session.bearer(now).cloned())?;
        Current::new(token, None).as_ref().map(look)
    }

    /// Tells that an API refused a token, for requests that were sent without [`Client::execute`]. `Retry`: get a token again
    /// and send the request once more, once. `body_start` is as much of the answer's body as is at hand. With a bound token
    /// [`Client::note_nonce`] comes before it, and the request that is sent once more needs a new proof.
    pub fn refused(
        &self,
        token: &AccessToken,
        status: u16,
        headers: &HeaderMap,
        body_start: &[u8],
    ) -> Refusal {
        let challenges = headers.get_all(WWW_AUTHENTICATE).iter();
        let challenges: Vec<_> = challenges.filter_map(|value| value.to_str().ok()).collect();
        self.keeper.refused(token.generation(), status, &challenges, body_start)
    }

    /// Whether a token may be sent to this address, see [`Connection::allows`].
    #[must_use]
    pub fn allows(&self, url: &str) -> bool {
        self.keeper.connection(|connection| connection.allows(url))
    }
}

/// The session.
impl Client {
    /// Takes over what the store holds, without a token request and without waiting for the store's lock. Every renewal does so
    /// by itself; this is for a look at [`Client::status`] in a new process. Returns whether the store had something newer.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub async fn restore(&self) -> Result<bool, Error> {
        let Some(store) = self.keeper.store() else { return Ok(false) };
        let stored = self.stored(move || store.look()).await?;
        let newer = stored.is_some_and(|stored| self.keeper.with(|session, now| session.adopt(now, stored)));
        self.keeper.wake();
        Ok(newer)
    }

    /// Forgets the tokens of all scopes, in memory and in the store, and drops what renewals under way still bring; whoever
    /// shares the store drops them at the next look into it. Where the connection has a `revocation_endpoint` (RFC 7009) the
    /// server ends them. The next [`Client::token`] starts afresh where the connection can.
    ///
    /// # Errors
    /// The tokens are forgotten in memory in any case. `store_unavailable`: the store still has them; any other error: the
    /// server did not end them.
    pub async fn sign_out(&self) -> Result<(), Error> {
        let leaving: Vec<_> = self.family.all().iter().map(Keeper::sign_out).collect();
        let mut result = Ok(());
        for leaving in leaving {
            result = result.and(leaving.await);
        }
        result
    }

    /// Gives the named settings new values, see [`crate::Session::change`]: a rotated secret, for instance, without a token
    /// being lost. Scopes concern this client's own session only, all else those of all scopes. With another identity (client,
    /// user, scopes, server) the tokens are forgotten here, and a store that has a place for each connection is used in
    /// that of the new one ([`for_connection`](crate::store::Store::for_connection)).
    ///
    /// ```
    /// use cxauth::{Client, Settings};
    /// let client = Client::cisco_cx_cloud("key", "old secret")?;
    /// client.change(Settings::default().client_secret("new secret"))?;
    /// # Ok::<(), cxauth::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::with`].
    pub fn change(&self, settings: Settings) -> Result<(), Error> {
        let root = &self.family.root;
        for keeper in self.family.all() {
            let own = Arc::ptr_eq(&keeper, &self.keeper);
            let scopes = keeper.connection(|connection| connection.scopes().to_vec());
            let settings = if own { settings.clone() } else { settings.clone().scopes(scopes) };
            keeper.change(settings, |connection| match Arc::ptr_eq(&keeper, root) {
                true => root.store()?.for_connection(connection),
                false => root.store()?.for_scopes(connection.scopes()),
            })?;
            keeper.wake();
        }
        Ok(())
    }

    /// What happens from now on: renewals, failures, refusals, warnings. A receiver that is far behind misses some.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.keeper.subscribe()
    }

    /// How the session stands. It starts nothing and does not count as asking.
    #[must_use]
    pub fn status(&self) -> Status {
        let (state, token, look, next_wakeup) = self.keeper.with(|session, now| {
            let token = session.usable(now).cloned();
            (session.state(now), token, session.look(now), session.next_wakeup())
        });
        let why = match look {
            Some(Acquire::Wait { why, .. } | Acquire::Denied { why }) => Some(self.keeper.explain(why)),
            _ => None,
        };
        Status { state, token, why, next_wakeup }
    }

    /// Waits until no renewal is under way: before a program ends, so that it does not take the answer to a renewal with it
    /// that a server has processed already.
    pub async fn settle(&self) {
        for keeper in self.family.all() {
            keeper.settle().await;
        }
    }

    /// The platform's id, `generic` when none was named.
    #[must_use]
    pub fn platform(&self) -> &str {
        self.keeper.platform()
    }

    async fn stored<T: Send + 'static>(
        &self,
        act: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Error> {
        let result = flight::away(act).await;
        result.map_err(|(_, _, why)| Error::new(ErrorCode::StoreUnavailable).with_detail(&why))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Client");
        self.keeper.connection(|connection| debug.field("connection", connection).finish_non_exhaustive())
    }
}

impl Family {
    fn all(&self) -> Vec<Arc<Keeper>> {
        let scoped = self.scoped.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::once(&self.root).chain(scoped.values()).map(Arc::clone).collect()
    }
}
