//! Connections to a Redis or a cluster, and whether it is there at all.

use super::{address::Address, jittered};
use crate::observe;
use redis::{
    Client, Cmd, ConnectionLike, ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind, Value,
    cluster::{ClusterClient, ClusterConnection},
    cluster_routing::{Route, RoutingInfo, SingleNodeRoutingInfo, SlotAddr},
};
use std::{
    error::Error,
    io, process,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Connections that are kept for later. One renewal uses one, and its lease another for a moment.
const IDLE: usize = 2;
/// How soon an unreachable server is tried again, at first and at last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(2));
/// A cluster's client follows a key that moved; whatever takes longer is up to the callers here.
const REDIRECTS: u32 = 3;

pub(super) struct Server {
    target: Target,
    label: String,
    timeout: Duration,
    idle: Mutex<Vec<Link>>,
    outage: Mutex<Option<Outage>>,
}

enum Target {
    Single(Box<Client>),
    Cluster(Box<ClusterClient>),
}

/// A time without the server.
#[derive(Clone)]
pub(super) struct Outage {
    pub(super) since: Instant,
    /// When it is worth another try.
    pub(super) next: Instant,
    pub(super) why: String,
    pause: Duration,
}

/// A connection, and the process that made it: a child of that process must not speak into it.
pub(super) struct Link {
    connection: Connection,
    process: u32,
}

enum Connection {
    Single(Box<redis::Connection>),
    Cluster(Box<ClusterConnection>),
}

/// Why a server was of no use. The texts hold no argument of a command.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It is not there, or it is and cannot work; later it can.
    Away(String),
    /// It works and refuses; a person has to do something.
    Refused(String),
}

impl Server {
    pub(super) fn new(
        address: Address,
        certificates: Option<redis::TlsCertificates>,
        timeout: Duration,
    ) -> RedisResult<Self> {
        let label = address.label().to_owned();
        let target = if address.is_cluster {
            let mut builder = ClusterClient::builder(address.nodes)
                .connection_timeout(timeout)
                .response_timeout(timeout)
                .retries(REDIRECTS)
                .min_retry_wait(10)
                .max_retry_wait(100);
            if let Some(certificates) = certificates {
                builder = builder.certs(certificates);
            }
            Target::Cluster(Box::new(builder.build()?))
        } else {
            let node = address.nodes.into_iter().next();
            let node = node.ok_or((ErrorKind::InvalidClientConfig, "an address has a node"))?;
            Target::Single(Box::new(match certificates {
                Some(certificates) => Client::build_with_tls(node, certificates)?,
                None => Client::open(node)?,
            }))
        };
        Ok(Self { target, label, timeout, idle: Mutex::default(), outage: Mutex::default() })
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    pub(super) fn call<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Trouble> {
        self.with_link(|link| link.connection.as_dyn().req_command(command)?.extract_error()).and_then(typed)
    }

    /// Does something with a connection. It may be done twice: when a connection from before turns out to be closed.
    pub(super) fn with_link<T>(&self, act: impl Fn(&mut Link) -> RedisResult<T>) -> Result<T, Trouble> {
        let result = loop {
            let (mut link, was_idle) = match self.idle() {
                Some(link) => (link, true),
                None => match self.connect() {
                    Ok(link) => (link, false),
                    Err(error) => break Err(error),
                },
            };
            match act(&mut link) {
                Ok(value) => {
                    self.keep(link);
                    break Ok(value);
                }
                Err(error) if was_idle && error.is_connection_dropped() => {}
                // A new connection asks anew where everything is.
                Err(error) => break Err(error),
            }
        };
        match result {
            Ok(value) => {
                self.is_back();
                Ok(value)
            }
            Err(error) if self.is_node_of_a_cluster(&error) => {
                let why = "it is a node of a cluster; write redis+cluster:// or rediss+cluster://";
                Err(Trouble::Refused(why.to_owned()))
            }
            Err(error) => Err(trouble(&error)),
        }
    }

    /// A cluster's client goes where it is sent; a single server sends nobody anywhere.
    fn is_node_of_a_cluster(&self, error: &RedisError) -> bool {
        matches!(self.target, Target::Single(_))
            && error.is_cluster_error()
            && error.redirect_node().is_some()
    }

    fn connect(&self) -> RedisResult<Link> {
        let connection = match &self.target {
            Target::Single(client) => {
                let connection = client.get_connection_with_timeout(self.timeout)?;
                connection.set_read_timeout(Some(self.timeout))?;
                connection.set_write_timeout(Some(self.timeout))?;
                Connection::Single(Box::new(connection))
            }
            Target::Cluster(client) => Connection::Cluster(Box::new(client.get_connection()?)),
        };
        Ok(Link { connection, process: process::id() })
    }

    fn idle(&self) -> Option<Link> {
        let mut idle = lock(&self.idle);
        idle.retain(|link| link.process == process::id());
        idle.pop()
    }

    fn keep(&self, link: Link) {
        let mut idle = lock(&self.idle);
        if idle.len() < IDLE {
            idle.push(link);
        }
    }

    /// The outage that is under way, if there is one.
    pub(super) fn outage(&self) -> Option<Outage> {
        lock(&self.outage).clone()
    }

    /// It did not answer. Says since when it does not.
    pub(super) fn is_away(&self, why: &str) -> Instant {
        let mut outage = lock(&self.outage);
        let now = Instant::now();
        let outage = outage.get_or_insert_with(|| {
            observe::store_away(&self.label, why);
            Outage { since: now, next: now, why: String::new(), pause: PAUSES.0 }
        });
        outage.next = now + jittered(outage.pause);
        outage.pause = (outage.pause * 2).min(PAUSES.1);
        why.clone_into(&mut outage.why);
        outage.since
    }

    fn is_back(&self) {
        if lock(&self.outage).take().is_some() {
            observe::store_back(&self.label);
        }
    }
}

impl Link {
    pub(super) fn call<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        Ok(redis::from_redis_value(self.connection.as_dyn().req_command(command)?.extract_error()?)?)
    }

    /// How many replicas have by now what this connection wrote under this key.
    pub(super) fn replicas_with(&mut self, key: &str, wanted: u32, limit: Duration) -> RedisResult<u32> {
        let mut wait = redis::cmd("WAIT");
        // Zero would be no limit.
        wait.arg(wanted).arg(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX).max(1));
        let value = match &mut self.connection {
            Connection::Single(connection) => connection.req_command(&wait)?,
            Connection::Cluster(connection) => {
                let route = SingleNodeRoutingInfo::SpecificNode(Route::with_key(key, SlotAddr::Master));
                connection.route_command(&wait, RoutingInfo::SingleNode(route))?
            }
        };
        Ok(redis::from_redis_value(value.extract_error()?)?)
    }
}

impl Connection {
    fn as_dyn(&mut self) -> &mut dyn ConnectionLike {
        match self {
            Self::Single(connection) => &mut **connection,
            Self::Cluster(connection) => &mut **connection,
        }
    }
}

fn typed<T: FromRedisValue>(value: Value) -> Result<T, Trouble> {
    redis::from_redis_value(value).map_err(|_| {
        Trouble::Refused("its answer is not Redis's; is something else listening there?".to_owned())
    })
}

/// What the server says of itself can repeat what it was sent: only its codes are told on.
fn trouble(error: &RedisError) -> Trouble {
    let is_away = |why: &str| Trouble::Away(why.to_owned());
    let refused = |why: &str| Trouble::Refused(why.to_owned());
    let says = |part: &str| error.detail().is_some_and(|detail| detail.contains(part));
    let password = "it refuses the user or the password; correct them";
    let no_password = "it wants a password; give one";
    let no_permission =
        "the user may not do what is needed (NOPERM); see its rights in the documentation of the store";
    if let Some(trouble) = trouble_with_tls(error) {
        return trouble;
    }
    match error.kind() {
        ErrorKind::AuthenticationFailed => refused(password),
        // How a cluster's client says the same of each node that it tried.
        ErrorKind::Io if says("AuthenticationFailed") => refused(password),
        ErrorKind::Io if says("\"NOAUTH\"") => refused(no_password),
        ErrorKind::Io => match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
            Some(error) if is_timeout(error) => is_away("no answer in time"),
            Some(error) => Trouble::Away(error.to_string()),
            None => is_away("no node answers"),
        },
        // What names no nodes either is no cluster, or one that is being made.
        ErrorKind::ClusterConnectionNotFound | ErrorKind::Client => is_away("no node of a cluster answers"),
        ErrorKind::Server(ServerErrorKind::NoPerm) => refused(no_permission),
        ErrorKind::Server(_) | ErrorKind::Extension => match error.code().unwrap_or_default() {
            "NOAUTH" => refused(no_password),
            "WRONGPASS" => refused(password),
            "WRONGTYPE" => refused("something else lies under these keys; choose another prefix"),
            // How scripts say the same, of Redis to 7.0 and later.
            "ERR" if says("The user executing the script") || says("ACL failure in script") => {
                refused(no_permission)
            }
            "ERR" if says("max number of clients") => is_away("it has too many clients"),
            "ERR" if says("cluster support disabled") => {
                refused("it is no cluster; write redis:// or rediss://")
            }
            code => Trouble::Away(format!("it answers {}", code_only(code))),
        },
        ErrorKind::InvalidClientConfig => refused("its address or its certificates cannot be used"),
        _ => refused("its answer is not Redis's; is something else listening there?"),
    }
}

/// What rustls says, and what a person does about it. A cluster's client hands on the words only, so words are all there is to go
/// by.
fn trouble_with_tls(error: &RedisError) -> Option<Trouble> {
    if error.kind() != ErrorKind::Io {
        return None;
    }
    let text = error.to_string();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let refused = |why: &str| Some(Trouble::Refused(why.to_owned()));
    if says(&["invalid peer certificate"]) {
        // These were right, and end by themselves: nobody has to be stopped by it, as without a server.
        if says(&["certificate expired", "Expired"]) {
            return Some(Trouble::Away(
                "its certificate has ended; renew it there, or set this machine's clock".to_owned(),
            ));
        }
        if says(&["not valid for name", "NotValidForName"]) {
            return refused(
                "its certificate is for another host name; write the address with a name that the certificate has, or \
                 give the server one with this name",
            );
        }
        return refused(
            "its certificate is not of an authority that is trusted here; name that authority's certificate as \
             root_certificate, or correct it",
        );
    }
    let alerts = ["CertificateRequired", "CertificateUnknown", "BadCertificate", "UnknownCA", "DecryptError"];
    if says(&["received fatal alert"]) && says(&alerts) {
        return refused(
            "it refuses this client's certificate; give one that it trusts as client_certificate",
        );
    }
    None
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

/// A code is a word in capitals (RESP specification, "Simple errors"); anything else comes from somewhere else.
fn code_only(code: &str) -> &str {
    let is_code = !code.is_empty() && code.len() <= 20 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { code } else { "something unknown" }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
