//! One process of a fleet: this program again, told by lines what to do. Each worker in it has a client of its own.

use crate::server::PATIENCE;
use cxauth::{
    Client, Connection, EventKind, ManualClock, Secret, Timestamp,
    store::{Locked, Redis, RedisStore, Store, StoreError, StoreKeys},
};
use serde_json::{Value, json};
use std::{
    env,
    io::{BufRead, BufReader, Write, stdin},
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
    pub(crate) url: String,
    pub(crate) keys: String,
    pub(crate) workers: usize,
    pub(crate) lease: Duration,
    /// None: never.
    pub(crate) alone_after: Option<Duration>,
    pub(crate) now: i64,
}

/// A store whose lock is waited for no longer than this.
pub(crate) struct Impatient(pub(crate) RedisStore, pub(crate) Duration);

impl Store for Impatient {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        Store::lock(&self.0, deadline.min(Instant::now() + self.1))
    }
}

/// The other side: reads the plan, then a moment a round.
pub(crate) fn run() {
    let mut lines = BufReader::new(stdin().lock()).lines().map_while(Result::ok);
    let plan: Value = serde_json::from_str(&lines.next().unwrap()).unwrap();
    let millis = |name: &str| plan[name].as_u64().map(Duration::from_millis);
    let clock = ManualClock::new(Timestamp::from_unix_millis(plan["now"].as_i64().unwrap()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let connection = Connection::from_json(&plan["connection"].to_string()).unwrap();
    let clients: Vec<_> = (0..plan["workers"].as_u64().unwrap())
        .map(|_| {
            let keys = StoreKeys::from_text(&Secret::new(plan["keys"].as_str().unwrap())).unwrap();
            let builder = Redis::builder(plan["url"].as_str().unwrap(), keys).lease(millis("lease").unwrap());
            let builder = match millis("alone_after") {
                Some(time) => builder.alone_after(time),
                None => builder.never_alone(),
            };
            let store = builder.build().unwrap().store(&connection);
            let client = Client::builder(connection.clone()).no_proxy().clock(clock.clone());
            let patience = if plan["alone_after"].is_null() { 15 } else { 5 };
            client.store(Impatient(store, Duration::from_secs(patience))).build().unwrap()
        })
        .collect();
    let mut events: Vec<_> = clients.iter().map(Client::subscribe).collect();
    println!("up");
    for line in lines {
        let moment = line.parse().unwrap();
        let answer = runtime.block_on(async {
            let mut asking = JoinSet::new();
            clock.set(Timestamp::from_unix_millis(moment));
            for client in clients.clone() {
                asking.spawn(async move {
                    let token = client.token().await;
                    // What the flight still does belongs to this round.
                    client.settle().await;
                    token
                });
            }
            let results = asking.join_all().await;
            let mut tokens: Vec<_> = results
                .into_iter()
                .map(|result| match result {
                    Ok(token) => format!("{} {}", token.generation(), token.secret().expose()),
                    Err(error) => format!("! {error}"),
                })
                .collect();
            tokens.sort_unstable();
            tokens.dedup();
            tokens
        });
        let mut degraded = Vec::new();
        for event in events.iter_mut().flat_map(|events| std::iter::from_fn(|| events.try_recv().ok())) {
            if let (EventKind::Degraded | EventKind::Waiting, Some(error)) = (event.kind, &event.error) {
                degraded.push(error.to_string());
            }
        }
        println!("{}", json!({ "tokens": answer, "degraded": degraded }));
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
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap();
        process.say(&json!({
            "connection": plan.connection,
            "url": plan.url,
            "keys": plan.keys,
            "workers": plan.workers,
            "lease": millis(plan.lease),
            "alone_after": plan.alone_after.map(millis),
            "now": plan.now,
        }));
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
        Round { tokens: texts("tokens"), degraded: texts("degraded") }
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
