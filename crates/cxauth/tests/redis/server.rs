//! Real servers on free ports of loopback, each with a folder of its own, stopped by whoever started them.

use redis::{Cmd, Connection, FromRedisValue, RedisResult, TlsCertificates};
use std::{
    collections::BTreeSet,
    env,
    ffi::OsString,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Far more than anything here takes; what hangs fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for a condition.
pub(crate) fn eventually<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(Instant::now() < deadline, "{what}: not after {PATIENCE:?}");
        thread::park_timeout(Duration::from_millis(5));
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// Which server is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Redis,
    Valkey,
}

static CHOSEN: Mutex<Kind> = Mutex::new(Kind::Redis);

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Redis, Self::Valkey];

    /// From now on this one is started.
    pub(crate) fn choose(self) {
        *CHOSEN.lock().unwrap_or_else(PoisonError::into_inner) = self;
    }

    pub(crate) fn chosen() -> Self {
        *CHOSEN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As `cargo xtask setup` finds or installs it.
    fn program(self) -> OsString {
        match self {
            Self::Redis => "redis-server".into(),
            Self::Valkey => env::var_os("CXAUTH_VALKEY_SERVER").unwrap_or_else(|| "valkey-server".into()),
        }
    }
}

pub(crate) fn is_what_is_meant() {
    let server = Server::start(&[]);
    let info: String = server.ask(redis::cmd("INFO").arg("server"));
    assert_eq!(info.contains("valkey_version:"), Kind::chosen() == Kind::Valkey, "{info}");
}

/// How the tests themselves get to a server: as the user that anybody is, without TLS, unless it is said otherwise.
#[derive(Clone, Default)]
pub(crate) struct Access {
    /// `USER:PASSWORD@`
    pub(crate) login: String,
    /// The authority of a server that speaks TLS.
    pub(crate) authority: Option<Vec<u8>>,
}

/// A `redis-server` or a `valkey-server`.
pub(crate) struct Server {
    pub(crate) port: u16,
    kind: Kind,
    access: Access,
    folder: TempDir,
    options: Vec<String>,
    child: Child,
}

impl Server {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_with(Access::default(), |_| options.iter().map(|option| (*option).to_owned()).collect())
    }

    /// The options may name files that are made in the server's folder first.
    pub(crate) fn start_with(access: Access, options: impl FnOnce(&Path) -> Vec<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = options(folder.path());
        let (port, kind) = (free_port(), Kind::chosen());
        let child = spawn(kind, port, folder.path(), &options);
        let server = Self { port, kind, access, folder, options, child };
        server.wait_until_up();
        server
    }

    /// Waits for an answer, if only that a password is wanted.
    fn wait_until_up(&self) {
        eventually("the Redis answers", || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
            stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
            // Over TLS it is the connection that counts.
            if self.access.authority.is_some() {
                return Some(());
            }
            stream.write_all(b"PING\r\n").ok()?;
            let mut answer = [0; 5];
            stream.read_exact(&mut answer).ok()?;
            (answer == *b"+PONG" || answer == *b"-NOAU").then_some(())
        });
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.access.authority.is_some() { "rediss" } else { "redis" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// On the same port, with the same data.
    pub(crate) fn restart(&mut self) {
        self.child = spawn(self.kind, self.port, self.folder.path(), &self.options);
        self.wait_until_up();
    }

    pub(crate) fn connect(&self) -> Connection {
        self.try_connect().unwrap()
    }

    fn try_connect(&self) -> RedisResult<Connection> {
        let url = self.url().replace("//", &format!("//{}", self.access.login));
        let client = match &self.access.authority {
            Some(root) => {
                let certificates = TlsCertificates { client_tls: None, root_cert: Some(root.clone()) };
                redis::Client::build_with_tls(url, certificates)?
            }
            None => redis::Client::open(url)?,
        };
        client.get_connection()
    }

    pub(crate) fn ask<T: FromRedisValue>(&self, command: &mut Cmd) -> T {
        command.query(&mut self.connect()).unwrap()
    }

    /// The one key that ends in this.
    pub(crate) fn key(&self, end: &str) -> Option<String> {
        let keys: Vec<String> = self.ask(redis::cmd("KEYS").arg(format!("*{end}")));
        assert!(keys.len() <= 1, "{keys:?}");
        keys.into_iter().next()
    }

    /// What lies there for one connection: generation and sealed set.
    pub(crate) fn stored(&self) -> Option<(String, Vec<u8>)> {
        let key = self.key(":set")?;
        Some(self.ask(redis::cmd("HMGET").arg(key).arg("generation").arg("sealed")))
    }

    pub(crate) fn store(&self, field: &str, value: &[u8]) {
        let key = self.key(":set").unwrap();
        let () = self.ask(redis::cmd("HSET").arg(key).arg(field).arg(value));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(kind: Kind, port: u16, folder: &Path, options: &[String]) -> Child {
    let mut command = Command::new(kind.program());
    command
        .args(["--bind", "127.0.0.1", "--daemonize", "no", "--save", "", "--logfile", "log", "--dir"])
        .arg(folder);
    if !options.iter().any(|option| option == "--port") {
        command.arg("--port").arg(port.to_string());
    }
    // A replica that comes gets its copy at once.
    command.args(["--repl-diskless-sync-delay", "0"]);
    let port = port.to_string();
    command.args(options.iter().map(|option| option.replace("PORT", &port)));
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    child.unwrap_or_else(|error| panic!("{kind:?}: {error}; run `cargo xtask test --only stores`"))
}

/// Three masters, and perhaps a replica of each.
pub(crate) struct Cluster(Vec<Server>);

const MASTERS: usize = 3;

impl Cluster {
    /// With a replica of each.
    pub(crate) fn start() -> Self {
        Self::start_with(2 * MASTERS, &Access::default(), |_| Vec::new())
    }

    pub(crate) fn start_with(nodes: usize, access: &Access, options: impl Fn(&Path) -> Vec<String>) -> Self {
        let node = |_| {
            Server::start_with(access.clone(), |folder| {
                let bus = free_port().to_string();
                let cluster =
                    ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", &bus];
                [options(folder), cluster.map(str::to_owned).to_vec()].concat()
            })
        };
        let cluster = Self((0..nodes).map(node).collect());
        cluster.form();
        cluster
    }

    fn form(&self) {
        let ids: Vec<String> =
            self.0.iter().map(|server| server.ask(redis::cmd("CLUSTER").arg("MYID"))).collect();
        for (index, server) in self.0.iter().take(MASTERS).enumerate() {
            let (first, last) = (index * 16384 / MASTERS, (index + 1) * 16384 / MASTERS - 1);
            let () = server.ask(redis::cmd("CLUSTER").arg("ADDSLOTSRANGE").arg(first).arg(last));
            let () = server.ask(redis::cmd("CLUSTER").arg("SET-CONFIG-EPOCH").arg(index + 1));
        }
        for server in &self.0[1..] {
            let bus = &server.options[server.options.len() - 1];
            let meet = redis::cmd("CLUSTER").arg("MEET").arg("127.0.0.1").arg(server.port).arg(bus).clone();
            let () = self.0[0].ask(&mut meet.clone());
        }
        for (index, server) in self.0.iter().enumerate().skip(MASTERS) {
            let mut follow = redis::cmd("CLUSTER");
            follow.arg("REPLICATE").arg(&ids[index - MASTERS]);
            eventually("the nodes know each other", || follow.query::<()>(&mut server.connect()).ok());
        }
        eventually("the cluster is whole", || {
            let is_ok = |server: &Server| {
                let info: String = server.ask(redis::cmd("CLUSTER").arg("INFO"));
                info.contains("cluster_state:ok")
                    && info.contains(&format!("cluster_known_nodes:{}", self.0.len()))
            };
            let follows = |server: &Server| {
                let info: String = server.ask(redis::cmd("INFO").arg("replication"));
                info.contains("master_link_status:up")
            };
            (self.0.iter().all(is_ok) && self.0[MASTERS..].iter().all(follows)).then_some(())
        });
    }

    pub(crate) fn url(&self) -> String {
        let first = self.0[0].url();
        let (scheme, _) = first.split_once("://").unwrap();
        let nodes: Vec<_> = self.0.iter().map(|server| format!("127.0.0.1:{}", server.port)).collect();
        format!("{scheme}+cluster://{}", nodes.join(","))
    }

    pub(crate) fn servers(&self) -> &[Server] {
        &self.0
    }

    /// The node that has the one set that is there, as its master.
    pub(crate) fn master(&self) -> usize {
        eventually("a master has the set", || {
            let masters = (0..self.0.len()).filter(|index| self.is_master(*index));
            masters.into_iter().find(|index| self.0[*index].key(":set").is_some())
        })
    }

    fn is_master(&self, index: usize) -> bool {
        let server = &self.0[index];
        let Ok(mut connection) = server.try_connect() else {
            return false;
        };
        let role = redis::cmd("INFO").arg("replication").query::<String>(&mut connection);
        role.is_ok_and(|role| role.contains("role:master"))
    }

    /// A replica takes over the master that has the set, in peace.
    pub(crate) fn hand_over(&self) {
        let master = self.master();
        let replica = self.replica_of(master);
        let () = self.0[replica].ask(redis::cmd("CLUSTER").arg("FAILOVER"));
        eventually("the replica takes over", || self.is_master(replica).then_some(()));
    }

    /// The master that has the set dies. What it had so far its replica has too.
    pub(crate) fn kill_master(&mut self) {
        let master = self.master();
        let replicas: u32 = {
            let mut connection = self.0[master].connect();
            // WAIT counts what came on its own connection: this is the last of all.
            let mut last = redis::cmd("SET");
            last.arg(format!("{}:marker", self.0[master].key(":set").unwrap())).arg(1);
            let () = last.query(&mut connection).unwrap();
            redis::cmd("WAIT").arg(1).arg(10_000).query(&mut connection).unwrap()
        };
        assert_eq!(replicas, 1);
        self.0[master].kill();
    }

    fn replica_of(&self, master: usize) -> usize {
        let id: String = self.0[master].ask(redis::cmd("CLUSTER").arg("MYID"));
        let replicas: Vec<String> = self.0[master].ask(redis::cmd("CLUSTER").arg("REPLICAS").arg(id));
        let ports: BTreeSet<_> =
            replicas.iter().filter_map(|line| line.split([' ', ':', '@']).nth(2)).collect();
        let found = self.0.iter().position(|server| ports.contains(server.port.to_string().as_str()));
        found.unwrap_or_else(|| panic!("no replica: {replicas:?}"))
    }
}
