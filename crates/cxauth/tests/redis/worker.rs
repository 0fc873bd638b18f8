//! One process of a fleet: this program again, told by lines what to do. Each worker in it has a client of its own.

use crate::server::PATIENCE;
use cxauth::{
    Client, Connection, EventKind, ManualClock, Secret, Snapshot, Timestamp,
    store::{FileStore, Locked, MemoryStore, Redis, Store, StoreError, StoreKeys},
};
use serde_json::{Value, json};
use std::{
    env,
    io::{BufRead, BufReader, Write, stdin},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

pub(crate) const ARGUMENT: &str = "worker";

/// What a process is made of.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) connection: Value,
    /// See [`Place::of`].
    pub(crate) url: String,
    pub(crate) keys: String,
    pub(crate) workers: usize,
    pub(crate) lease: Duration,
    /// None: never.
    pub(crate) alone_after: Option<Duration>,
    pub(crate) now: i64,
}

impl Plan {
    fn to_json(&self) -> Value {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap();
        json!({
            "connection": self.connection,
            "url": self.url,
            "keys": self.keys,
            "workers": self.workers,
            "lease": millis(self.lease),
            "alone_after": self.alone_after.map(millis),
            "now": self.now,
        })
    }

    fn from_json(text: &str) -> Self {
        let plan: Value = serde_json::from_str(text).unwrap();
        let millis = |name: &str| plan[name].as_u64().map(Duration::from_millis);
        let text = |name: &str| plan[name].as_str().unwrap().to_owned();
        Self {
            connection: plan["connection"].clone(),
            url: text("url"),
            keys: text("keys"),
            workers: usize::try_from(plan["workers"].as_u64().unwrap()).unwrap(),
            lease: millis("lease").unwrap(),
            alone_after: millis("alone_after"),
            now: plan["now"].as_i64().unwrap(),
        }
    }
}

/// A store whose lock is waited for no longer than this.
pub(crate) struct Impatient(pub(crate) Arc<dyn Store>, pub(crate) Duration);

impl Store for Impatient {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        self.0.lock(deadline.min(Instant::now() + self.1))
    }

    fn look(&self) -> Result<Option<Snapshot>, StoreError> {
        self.0.look()
    }
}

/// Where the tokens are.
pub(crate) enum Place {
    Memory(MemoryStore),
    File(PathBuf, Option<StoreKeys>),
    Redis(String, StoreKeys),
}

impl Place {
    /// `memory:`, `file:FOLDER`, `sealed:FOLDER` or the address of a Redis.
    pub(crate) fn of(url: &str, keys: &str) -> Self {
        let keys = StoreKeys::from_text(&Secret::new(keys)).unwrap();
        match url.split_once(':') {
            Some(("memory", _)) => Self::Memory(MemoryStore::new()),
            Some(("file", folder)) => Self::File(folder.into(), None),
            Some(("sealed", folder)) => Self::File(folder.into(), Some(keys)),
            _ => Self::Redis(url.to_owned(), keys),
        }
    }

    /// One worker's store, as a process of its own would open it.
    pub(crate) fn store(&self, connection: &Connection, plan: &Plan) -> Arc<dyn Store> {
        match self {
            Self::Memory(store) => Arc::new(store.clone()),
            Self::File(folder, None) => Arc::new(FileStore::in_directory(folder, connection)),
            Self::File(folder, Some(keys)) => {
                Arc::new(FileStore::in_directory(folder, connection).sealed(keys.clone()))
            }
            Self::Redis(url, keys) => {
                let builder = Redis::builder(url, keys.clone()).lease(plan.lease);
                let builder = match plan.alone_after {
                    Some(time) => builder.alone_after(time),
                    None => builder.never_alone(),
                };
                Arc::new(builder.build().unwrap().store(connection))
            }
        }
    }
}

/// The other side: reads the plan, then a moment a round.
pub(crate) fn run() {
    let mut lines = BufReader::new(stdin().lock()).lines().map_while(Result::ok);
    let plan = Plan::from_json(&lines.next().unwrap());
    let clock = ManualClock::new(Timestamp::from_unix_millis(plan.now));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let connection = Connection::from_json(&plan.connection.to_string()).unwrap();
    let place = Place::of(&plan.url, &plan.keys);
    let patience = Duration::from_secs(if plan.alone_after.is_none() { 15 } else { 5 });
    let clients: Vec<_> = (0..plan.workers)
        .map(|_| {
            let client = Client::builder(connection.clone()).no_proxy().clock(clock.clone());
            client.store(Impatient(place.store(&connection, &plan), patience)).build().unwrap()
        })
        .collect();
    let mut events: Vec<_> = clients.iter().map(Client::subscribe).collect();
    println!("up");
    for line in lines {
        let moment = line.parse().unwrap();
        let (tokens, waits) = runtime.block_on(async {
            let mut asking = JoinSet::new();
            clock.set(Timestamp::from_unix_millis(moment));
            for client in clients.clone() {
                asking.spawn(async move {
                    let start = Instant::now();
                    let token = client.token().await;
                    let waited = u64::try_from(start.elapsed().as_micros()).unwrap();
                    // What the flight still does belongs to this round.
                    client.settle().await;
                    (token, waited)
                });
            }
            let (results, waits): (Vec<_>, Vec<_>) = asking.join_all().await.into_iter().unzip();
            let mut tokens: Vec<_> = results
                .into_iter()
                .map(|result| match result {
                    Ok(token) => format!("{} {}", token.generation(), token.secret().expose()),
                    Err(error) => format!("! {error}"),
                })
                .collect();
            tokens.sort_unstable();
            tokens.dedup();
            (tokens, waits)
        });
        let mut degraded = Vec::new();
        for event in events.iter_mut().flat_map(|events| std::iter::from_fn(|| events.try_recv().ok())) {
            if let (EventKind::Degraded | EventKind::Waiting, Some(error)) = (event.kind, &event.error) {
                degraded.push(error.to_string());
            }
        }
        println!("{}", json!({ "tokens": tokens, "waits": waits, "degraded": degraded }));
    }
}

pub(crate) struct Process {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
}

/// What the workers of a process got in a round.
#[derive(Debug)]
pub(crate) struct Round {
    /// Each different one once: generation and token, or `!` and an error.
    pub(crate) tokens: Vec<String>,
    /// How long each of them waited.
    pub(crate) waits: Vec<Duration>,
    /// What renewals and saves that failed said.
    pub(crate) degraded: Vec<String>,
}

impl Process {
    pub(crate) fn start(plan: &Plan) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        let mut child = command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        // It ends with the process's output.
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut process = Self { child, stdin, lines };
        process.say(&plan.to_json());
        process
    }

    /// Several, and all are there when it returns.
    pub(crate) fn start_all(number: usize, plan: &Plan) -> Vec<Self> {
        let processes: Vec<_> = (0..number).map(|_| Self::start(plan)).collect();
        for process in &processes {
            assert_eq!(process.hear(), "up");
        }
        processes
    }

    fn say(&mut self, line: &impl ToString) {
        writeln!(self.stdin, "{}", line.to_string()).unwrap();
    }

    fn hear(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a worker says something")
    }

    /// Every worker asks for a token at this moment.
    pub(crate) fn ask(&mut self, now: i64) {
        self.say(&now);
    }

    pub(crate) fn round(&self) -> Round {
        let line: Value = serde_json::from_str(&self.hear()).unwrap();
        let texts = |name: &str| -> Vec<String> { serde_json::from_value(line[name].clone()).unwrap() };
        let waits: Vec<u64> = serde_json::from_value(line["waits"].clone()).unwrap();
        let waits = waits.into_iter().map(Duration::from_micros).collect();
        Round { tokens: texts("tokens"), waits, degraded: texts("degraded") }
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The one token that everybody got.
pub(crate) fn same_token(rounds: &[Round]) -> String {
    let tokens: Vec<_> = rounds.iter().flat_map(|round| &round.tokens).collect();
    let first = tokens.first().expect("somebody asked");
    assert!(!first.starts_with('!') && tokens.iter().all(|token| token == first), "{rounds:#?}");
    (*first).clone()
}

/// For many clients of one process.
pub(crate) fn shared_runtime() -> Arc<tokio::runtime::Runtime> {
    Arc::new(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap())
}
