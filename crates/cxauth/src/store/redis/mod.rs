//! Redis or Valkey, for a fleet.

mod address;
mod lease;
mod script;
mod server;
mod slot;

use self::{
    address::Address,
    lease::Lease,
    server::{Server, Trouble},
    slot::{Slot, Turn},
};
use super::{
    Locked, Store, StoreError,
    name::Identity,
    seal::{SealError, StoreKeys},
};
use crate::{Connection, Error, ErrorCode, Secret, Snapshot, secret};
use ::redis as redis_rs;
use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Weak},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// How often a waiter looks whether the lease is free, at first and at last. A renewal takes about as long as the latter.
const POLL: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(128));
/// How often an unreachable server is tried by one who waits for it, at first and at last.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// How long a set is tried to be read or written. A set that is new is worth waiting for: the server has ended the one
/// before, and a replica takes a while to become the master.
const LOAD_PATIENCE: Duration = Duration::from_secs(3);
const SAVE_PATIENCE: Duration = Duration::from_secs(10);
/// How often a set that was made alone is brought to the server, at first and at last.
const DELIVER: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(5));
/// Sets that nobody uses stay for this time at least, where they do not stay for ever.
const SHORTEST_KEEP: Duration = Duration::from_hours(24);
/// Longer than anything: the server counts milliseconds in 63 bits from 1970 on.
const LONGEST_KEEP: Duration = Duration::from_hours(24 * 365 * 1000);

/// A Redis or a Valkey, alone or a cluster, that keeps the tokens of many connections for many processes. Clones share its
/// connections.
///
/// ```no_run
/// use cxauth::{Client, Connection, Secret, Settings, store::{Redis, StoreKeys}};
///
/// let keys = StoreKeys::from_text(&Secret::new(std::env::var("CXAUTH_STORE_KEYS")?))?;
/// let redis = Redis::builder("rediss://cxauth@redis.example:6380", keys)
///     .password(Secret::new(std::env::var("REDIS_PASSWORD")?))
///     .build()?;
/// let connection = Connection::new(Settings::new("cisco-cx-cloud").client_id("key").client_secret("secret"))?;
/// let client = Client::builder(connection.clone()).store(redis.store(&connection)).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Redis(Arc<Parts>);

struct Parts {
    server: Server,
    keys: StoreKeys,
    prefix: String,
    database: i64,
    lease: Duration,
    replicas: u32,
    /// None: for ever.
    keep: Option<Duration>,
    timeout: Duration,
    /// None: never.
    alone_after: Option<Duration>,
}

/// Chooses how a [`Redis`] is used; [`Redis::builder`] starts one.
#[must_use = "a builder makes nothing before `build`"]
pub struct RedisBuilder {
    address: Result<Address, &'static str>,
    keys: StoreKeys,
    prefix: String,
    username: Option<String>,
    password: Option<Secret>,
    root_certificate: Option<Vec<u8>>,
    client_certificate: Option<(Vec<u8>, Secret)>,
    plain: bool,
    timeout: Duration,
    lease: Duration,
    replicas: u32,
    keep: Option<Duration>,
    alone_after: Option<Duration>,
}

impl Redis {
    /// Starts with an address: `redis://HOST:PORT/DATABASE`, `rediss://` for TLS, `redis+cluster://HOST:PORT,HOST:PORT` and
    /// `rediss+cluster://` for a cluster (one node is enough, more are safer), `redis+unix:///PATH`. A user and a password may
    /// stand before the host (`USER:PASSWORD@`); [`RedisBuilder::password`] keeps them out of it. `keys` needs a key `names`.
    pub fn builder(url: &str, keys: StoreKeys) -> RedisBuilder {
        RedisBuilder {
            address: Address::parse(url),
            keys,
            prefix: "cxauth".to_owned(),
            username: None,
            password: None,
            root_certificate: None,
            client_certificate: None,
            plain: false,
            timeout: Duration::from_secs(2),
            lease: Duration::from_secs(15),
            replicas: 0,
            keep: None,
            alone_after: Some(Duration::from_secs(10)),
        }
    }

    /// The store for this connection's tokens, for [`Builder::store`](crate::Builder::store). Nothing is connected yet.
    #[must_use]
    pub fn store(&self, connection: &Connection) -> RedisStore {
        self.at(Identity::of(connection))
    }

    fn at(&self, identity: Identity) -> RedisStore {
        // `build` saw to it that there is a key.
        let name = self.0.keys.names().map_or_else(String::new, |names| names.name(&identity));
        // A cluster keeps together what has the same text in braces (Redis Cluster specification, "Hash tags").
        let key = format!("{}:v1:{{{name}}}", self.0.prefix);
        let label = format!("{} {key}", self.0.server.label());
        let slot = Slot::of(format!("{} {label}", self.0.database));
        RedisStore {
            redis: self.clone(),
            place: Arc::new(Place { key, label: label.into(), slot }),
            identity,
        }
    }

    fn server(&self) -> &Server {
        &self.0.server
    }

    /// In milliseconds.
    fn lease(&self) -> u64 {
        u64::try_from(self.0.lease.as_millis()).unwrap_or(u64::MAX)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Redis").field(&self.0.server.label()).finish()
    }
}

impl RedisBuilder {
    /// What the names of all keys begin with: `cxauth` by default. Letters, digits and `.:_-` of ASCII. Connections of the grant
    /// `external` cannot be told apart by anything else.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The user (Redis 6 and later).
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// The password.
    pub fn password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Trusts this certificate authority (PEM) instead of the system's.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificate = Some(pem.into());
        self
    }

    /// Shows this certificate, with its chain, and proves it with this key (both PEM).
    pub fn client_certificate(mut self, pem: impl Into<Vec<u8>>, key: impl Into<Secret>) -> Self {
        self.client_certificate = Some((pem.into(), key.into()));
        self
    }

    /// Sends the password without TLS, to a host other than this machine: where the network itself is safe. Tokens are sealed
    /// either way.
    pub fn plain(mut self, plain: bool) -> Self {
        self.plain = plain;
        self
    }

    /// How long connecting and each answer may take: 2 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.max(Duration::from_millis(1));
        self
    }

    /// How long the lock of a process that died, or stands still, keeps the others out: 15 s by default. A process that lives
    /// makes it longer while it renews. It should be shorter than the 20 s that a renewal waits for the lock.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_millis(1));
        self
    }

    /// A set counts as saved when so many replicas have it: none by default. With fewer, one that was just saved is lost when
    /// its master dies at that moment.
    pub fn replicas(mut self, replicas: u32) -> Self {
        self.replicas = replicas;
        self
    }

    /// How long a set stays after it was saved, and after the end of the last token in it where that is known: for ever by
    /// default, one day at least. So the sets of connections that nobody uses any more leave by themselves. Most refresh
    /// tokens do not say when they end, and one that leaves may be the only one there is: take a time that is longer than any
    /// that a refresh token of your servers is good for unused, such as a year.
    pub fn keep(mut self, time: Duration) -> Self {
        self.keep = Some(time);
        self
    }

    /// How long Redis may be unreachable before this process renews on its own: 10 s by default. Until then renewals wait,
    /// so that a replica can take over. A refresh token that is good for one use is spared then, because others could use it
    /// too: where no other grant gets a token, its renewal waits for Redis.
    pub fn alone_after(mut self, time: Duration) -> Self {
        self.alone_after = Some(time);
        self
    }

    /// Without Redis nothing is renewed; tokens that are valid serve to their end. For servers that keep few tokens of one
    /// client alive, where every process with a token of its own would end another's.
    pub fn never_alone(mut self) -> Self {
        self.alone_after = None;
        self
    }

    /// The Redis. It connects to nothing yet.
    ///
    /// # Errors
    /// `invalid_setting`: an address, a prefix or certificates that cannot be used, keys without a key `names`, a password that would
    /// travel in the clear, sets that would leave within a day.
    pub fn build(self) -> Result<Redis, Error> {
        let invalid = |why: &str| Error::new(ErrorCode::InvalidSetting).with_detail(&format!("store: {why}"));
        let mut address = self.address.map_err(|why| invalid(&format!("the address of the Redis: {why}")))?;
        // Braces would say to a cluster what belongs together.
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".:_-".contains(&byte);
        if self.prefix.is_empty() || !self.prefix.bytes().all(is_name) {
            return Err(invalid("a prefix is made of letters, digits and .:_- of ASCII"));
        }
        if self.keys.names().is_none() {
            return Err(invalid("a Redis is shared: its keys need one of the name \"names\""));
        }
        if self.keep.is_some_and(|time| time < SHORTEST_KEEP) {
            return Err(invalid("sets are kept for one day at least, or for ever: `keep` is too short"));
        }
        for node in &mut address.nodes {
            let mut login = node.redis_settings().clone();
            if let Some(username) = &self.username {
                login = login.set_username(username);
            }
            if let Some(password) = &self.password {
                login = secret::redis_login(login, password);
            }
            *node = node.clone().set_redis_settings(login);
        }
        if address.has_password() && address.is_open() && !self.plain {
            return Err(invalid(
                "the Redis's password would travel in the clear: use rediss://, or `plain` where the network is safe",
            ));
        }
        let wants_certificates = self.root_certificate.is_some() || self.client_certificate.is_some();
        if wants_certificates && !address.has_tls() {
            return Err(invalid("certificates are for rediss:// and rediss+cluster://"));
        }
        if address.has_tls() {
            // Two providers in one program leave rustls without a default; reqwest has chosen this one already.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
        let certificates = wants_certificates.then(|| redis_rs::TlsCertificates {
            client_tls: self.client_certificate.map(|(pem, key)| secret::redis_client_certificate(pem, &key)),
            root_cert: self.root_certificate,
        });
        let database = address.database();
        let server = Server::new(address, certificates, self.timeout)
            .map_err(|_| invalid("the certificates for the Redis cannot be used: PEM is wanted"))?;
        Ok(Redis(Arc::new(Parts {
            server,
            keys: self.keys,
            prefix: self.prefix,
            database,
            lease: self.lease,
            replicas: self.replicas,
            keep: self.keep,
            timeout: self.timeout,
            alone_after: self.alone_after,
        })))
    }
}

impl fmt::Debug for RedisBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RedisBuilder").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The tokens of one connection in a [`Redis`]; [`Redis::store`] gives it.
///
/// What is there is sealed with the store's keys, and its key tells nothing of the connection. The lock is a lease that its
/// holder makes longer while it renews; whoever comes back after its lease has ended cannot overwrite what was saved
/// meanwhile. What does not open with the keys stays where it is and is an error.
#[derive(Clone, Debug)]
pub struct RedisStore {
    redis: Redis,
    place: Arc<Place>,
    identity: Identity,
}

/// Where the tokens of one identity lie.
struct Place {
    key: String,
    /// For people.
    label: PathBuf,
    slot: Arc<Slot>,
}

impl Place {
    fn lease_key(&self) -> String {
        format!("{}:lease", self.key)
    }

    fn set_key(&self) -> String {
        format!("{}:set", self.key)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.key)
    }
}

/// The lock of a [`RedisStore`], held until it is dropped.
struct RedisLock {
    store: RedisStore,
    /// Goes back before the turn does.
    held: Held,
    /// Nothing is written over what could not be read.
    is_read: bool,
    _turn: Turn,
}

enum Held {
    Lease(Lease),
    /// The server is away, for this reason: this process's own turn is all there is.
    Alone(String),
}

/// What Redis has under a set's key.
type Stored = (Option<String>, Option<Vec<u8>>);

impl RedisStore {
    /// What lies there, without the lock: for a look.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Refused`], [`StoreError::Sealed`], [`StoreError::NewerFormat`].
    pub fn load(&self) -> Result<Option<Snapshot>, StoreError> {
        if let Some(outage) = self.server().outage().filter(|outage| Instant::now() < outage.next) {
            return Err(self.error(Trouble::Away(outage.why)));
        }
        let mut command = redis_rs::cmd("HMGET");
        command.arg(self.place.set_key()).arg("generation").arg("sealed");
        let stored: Stored = self.server().call(&command).map_err(|trouble| {
            if let Trouble::Away(why) = &trouble {
                self.server().is_away(why);
            }
            self.error(trouble)
        })?;
        self.open(stored)
    }

    fn lock(&self, deadline: Instant, alone_after: Option<Duration>) -> Result<RedisLock, StoreError> {
        let turn = self.place.slot.take_turn(deadline).ok_or_else(|| self.is_locked())?;
        let held = self.hold(deadline, alone_after)?;
        Ok(RedisLock { store: self.clone(), held, is_read: false, _turn: turn })
    }

    fn hold(&self, deadline: Instant, alone_after: Option<Duration>) -> Result<Held, StoreError> {
        let is_alone = |since: Instant| alone_after.is_some_and(|patience| since.elapsed() >= patience);
        if let Some(outage) = self.server().outage()
            && is_alone(outage.since)
            && Instant::now() < outage.next
        {
            return Ok(Held::Alone(outage.why));
        }
        let token = token()?;
        let (mut poll, mut retry) = (POLL.0, RETRY.0);
        loop {
            let pause = match Lease::take(&self.redis, &self.place, &token) {
                Ok(Some(lease)) => return Ok(Held::Lease(lease)),
                Ok(None) if Instant::now() >= deadline => return Err(self.is_locked()),
                Ok(None) => grow(&mut poll, POLL.1),
                Err(Trouble::Away(why)) => {
                    let since = self.server().is_away(&why);
                    if is_alone(since) {
                        return Ok(Held::Alone(why));
                    }
                    if Instant::now() >= deadline {
                        return Err(self.error(Trouble::Away(why)));
                    }
                    grow(&mut retry, RETRY.1)
                }
                Err(trouble) => return Err(self.error(trouble)),
            };
            wait(jittered(pause).min(deadline.saturating_duration_since(Instant::now())));
        }
    }

    /// What was stored, opened. What does not open stays where it is.
    fn open(&self, (generation, sealed): Stored) -> Result<Option<Snapshot>, StoreError> {
        let Some(sealed) = sealed else { return Ok(None) };
        let opened = self.redis.0.keys.open(&self.place.key, &sealed);
        // The number beside it is what a script compares: a row that was given another one is no row of ours.
        let opened = opened.and_then(|set| match generation {
            Some(generation) if generation == digits(set.generation()) => Ok(set),
            _ => Err(SealError::Damaged),
        });
        opened.map(Some).map_err(|source| match source {
            SealError::NewerFormat => StoreError::NewerFormat { path: self.place.label.clone() },
            source => StoreError::Sealed { path: self.place.label.clone(), source },
        })
    }

    fn is_locked(&self) -> StoreError {
        StoreError::Locked { path: self.place.label.clone() }
    }

    fn error(&self, trouble: Trouble) -> StoreError {
        let path = self.server().label().into();
        match trouble {
            Trouble::Away(why) => StoreError::Unreachable { path, why },
            Trouble::Refused(why) => StoreError::Refused { path, why },
        }
    }

    fn server(&self) -> &Server {
        self.redis.server()
    }

    /// Brings the newest set, which was made alone, to the server when that is there again.
    fn deliver_later(&self) {
        if !self.place.slot.start_delivering() {
            return;
        }
        let (redis, place) = (Arc::downgrade(&self.redis.0), Arc::downgrade(&self.place));
        let identity = self.identity.clone();
        let run = move || deliver(&redis, &place, &identity);
        if thread::Builder::new().name("cxauth-store".to_owned()).spawn(run).is_err() {
            // The next renewal does it.
            self.place.slot.delivered();
        }
    }
}

/// Ends when it is done, or when nobody uses the store any more.
fn deliver(redis: &Weak<Parts>, place: &Weak<Place>, identity: &Identity) {
    let mut pause = DELIVER.0;
    loop {
        wait(jittered(grow(&mut pause, DELIVER.1)));
        let Some((redis, place)) = redis.upgrade().zip(place.upgrade()) else { return };
        let deadline = Instant::now() + redis.timeout;
        let store = RedisStore { redis: Redis(redis), place, identity: identity.clone() };
        // Whoever reads the set there brings a newer one along.
        if store.lock(deadline, None).and_then(|mut lock| lock.load()).is_ok() {
            return store.place.slot.delivered();
        }
    }
}

impl Store for RedisStore {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        Ok(Box::new(self.lock(deadline, self.redis.0.alone_after)?))
    }

    fn look(&self) -> Result<Option<Snapshot>, StoreError> {
        self.load()
    }

    fn for_connection(&self, connection: &Connection) -> Option<Arc<dyn Store>> {
        Some(Arc::new(self.redis.store(connection)))
    }

    fn for_scopes(&self, scopes: &[String]) -> Option<Arc<dyn Store>> {
        Some(Arc::new(self.redis.at(self.identity.with_scopes(scopes))))
    }
}

impl Locked for RedisLock {
    fn load(&mut self) -> Result<Option<Snapshot>, StoreError> {
        let newest = self.store.place.slot.newest();
        let Held::Lease(lease) = &self.held else {
            self.is_read = true;
            return Ok(newest);
        };
        let mut command = lease.command(script::LOAD);
        command.arg(self.store.redis.lease());
        let stored: Option<Stored> = self.patiently(LOAD_PATIENCE, || self.store.server().call(&command))?;
        let stored = self.store.open(stored.ok_or_else(|| self.store.is_locked())?)?;
        self.is_read = true;
        // A server that was away, or whose replica took over, may not have what this process saved or made alone.
        let there = stored.as_ref().map_or(0, Snapshot::generation);
        if let Some(newest) = newest.filter(|newest| newest.generation() > there) {
            self.write(lease, &newest)?;
            return Ok(Some(newest));
        }
        if let Some(stored) = &stored {
            self.store.place.slot.see(stored);
        }
        Ok(stored)
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        if !self.is_read {
            self.load()?;
        }
        let result = match &self.held {
            Held::Lease(lease) => self.write(lease, snapshot),
            Held::Alone(why) => Err(self.store.error(Trouble::Away(why.clone()))),
        };
        let slot = &self.store.place.slot;
        let is_new = slot.newest().is_none_or(|newest| newest.generation() < snapshot.generation());
        match &result {
            Ok(()) => slot.see(snapshot),
            // A new set is brought there as soon as it can be. What else there is to tell of the one before would come too late:
            // above all a mark, which the server has or the refresh token is not sent.
            Err(StoreError::Unreachable { .. }) if is_new => {
                slot.see(snapshot);
                self.store.deliver_later();
            }
            Err(_) => {}
        }
        result
    }
}

impl RedisLock {
    fn write(&self, lease: &Lease, snapshot: &Snapshot) -> Result<(), StoreError> {
        let (parts, place) = (&self.store.redis.0, &self.store.place);
        let sealed = parts.keys.seal(&place.key, snapshot);
        let sealed = sealed.map_err(|source| StoreError::Sealed { path: place.label.clone(), source })?;
        let mut command = lease.command(script::SAVE);
        command.arg(digits(snapshot.generation())).arg(sealed).arg(parts.keep(snapshot));
        let (is_written, replicas) = self.patiently(SAVE_PATIENCE, || {
            parts.server.with_link(|link| {
                let is_written: bool = link.call(&command)?;
                let replicas = match parts.replicas {
                    0 => 0,
                    wanted => link.replicas_with(&place.key, wanted, parts.timeout / 2)?,
                };
                Ok((is_written, replicas))
            })
        })?;
        if !is_written {
            return Err(StoreError::Newer);
        }
        if replicas < parts.replicas {
            let why = format!("only {replicas} of {} replicas have the new set", parts.replicas);
            return Err(self.store.error(Trouble::Away(why)));
        }
        Ok(())
    }

    /// Again and again while the server is away.
    fn patiently<T>(
        &self,
        patience: Duration,
        act: impl Fn() -> Result<T, Trouble>,
    ) -> Result<T, StoreError> {
        let deadline = Instant::now() + patience;
        let mut pause = RETRY.0;
        loop {
            match act() {
                Err(Trouble::Away(why)) if Instant::now() < deadline => {
                    self.store.server().is_away(&why);
                }
                result => return result.map_err(|trouble| self.store.error(trouble)),
            }
            wait(jittered(grow(&mut pause, RETRY.1)));
        }
    }
}

impl Parts {
    /// In how many milliseconds the set leaves; 0 for never.
    fn keep(&self, snapshot: &Snapshot) -> u64 {
        let Some(keep) = self.keep else { return 0 };
        let held = snapshot.held();
        let ends = held.iter().flat_map(|held| [held.expires_at, held.refresh_expires_at]).flatten();
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let left = ends
            .filter_map(|end| u64::try_from(end.unix_millis()).ok())
            .map(|end| Duration::from_millis(end).saturating_sub(now))
            .max();
        let keep = keep.saturating_add(left.unwrap_or_default()).min(LONGEST_KEEP);
        u64::try_from(keep.as_millis()).unwrap_or(u64::MAX)
    }
}

/// A lease's holder, whom nobody can guess.
fn token() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::Other(SealError::Unavailable.to_string()))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

fn digits(generation: u64) -> String {
    format!("{generation:020}")
}

/// The pause, and twice as much for the next time.
fn grow(pause: &mut Duration, longest: Duration) -> Duration {
    let now = *pause;
    *pause = (now * 2).min(longest);
    now
}

/// Half of it to all of it, so that those who began together do not go on together.
fn jittered(pause: Duration) -> Duration {
    let mut bytes = [0; 4];
    // It spreads and hides nothing: without random numbers the whole pause will do.
    let share = match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    };
    pause.mul_f64(0.5 + share / 2.0)
}

/// May end early, which does no harm here.
fn wait(pause: Duration) {
    thread::park_timeout(pause);
}
