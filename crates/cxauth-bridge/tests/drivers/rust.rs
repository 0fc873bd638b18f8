//! The driver in Rust: the core and the library's own store, without an async runtime.

use cxauth::store::{FileLock, FileStore};
use cxauth_core::{
    AccessToken, Acquire, Answer, Connection, Error, Failure, FlightId, Secret, SecretSource, Session, Step,
    StepResult, Timestamp, TokenRequest,
};
use serde_json::Value;
use std::{
    fs,
    io::{self, Read, Write},
    net::TcpStream,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// Makes this binary the driver.
pub(crate) const ARGUMENT: &str = "rust-driver";

pub(crate) fn run() {
    let setup: Value = serde_json::from_str(&hear().unwrap()).unwrap();
    let connection = Connection::from_json(&setup["connection"].to_string()).unwrap();
    let entropy = setup["entropy"].as_u64().unwrap().to_be_bytes();
    let session = Session::open(connection, moment(setup["now"].as_i64().unwrap()), &entropy).with_store();
    let driver = Driver {
        session: Mutex::new(session),
        told: Condvar::new(),
        store: FileStore::new(setup["store"].as_str().unwrap()),
        traced: setup["traced"].as_bool().unwrap(),
    };
    let callers = setup["callers"].as_u64().unwrap();
    say("up");
    while let Some(line) = hear() {
        let now = moment(line.parse().unwrap());
        let tokens: Result<Vec<_>, _> = thread::scope(|scope| {
            let callers: Vec<_> = (0..callers).map(|_| scope.spawn(|| driver.token(now))).collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        });
        match tokens {
            Ok(tokens) => {
                let token = |token: &AccessToken| (token.generation(), token.secret().expose().to_owned());
                let (generation, value) = token(&tokens[0]);
                assert!(tokens.iter().all(|other| token(other) == (generation, value.clone())));
                say(&format!("token {generation} {value}"));
            }
            Err(error) => say(&format!("error {}", error.code())),
        }
    }
}

struct Driver {
    session: Mutex<Session>,
    /// The leader told the session how a step went.
    told: Condvar,
    store: FileStore,
    traced: bool,
}

impl Driver {
    fn token(&self, now: Timestamp) -> Result<AccessToken, Error> {
        loop {
            let acquired = self.session().acquire(now);
            match acquired {
                Acquire::Ready { token } => return Ok(token),
                Acquire::Lead { flight, .. } => self.fly(now, flight),
                Acquire::Follow { flight, .. } => self.follow(now, flight),
                Acquire::Wait { why, .. } | Acquire::Denied { why } => return Err(why),
            }
        }
    }

    fn fly(&self, now: Timestamp, flight: FlightId) {
        let mut lock = None;
        loop {
            let step = self.session().next(now, flight);
            let name = name(&step);
            if matches!(step, Step::Done { .. }) {
                return;
            }
            self.at("before", name);
            let result = self.perform(step, &mut lock);
            self.at("after", name);
            self.session().done(now, flight, result);
            self.told.notify_all();
        }
    }

    fn perform(&self, step: Step, lock: &mut Option<FileLock>) -> StepResult {
        let failed = StepResult::Failed(Failure::Connect);
        match (step, lock.as_mut()) {
            (Step::Lock, _) => match self.store.lock(Instant::now() + Duration::from_secs(60)) {
                Ok(taken) => {
                    *lock = Some(taken);
                    StepResult::Done
                }
                Err(_) => failed,
            },
            (Step::Load, Some(lock)) => lock.load().map_or(failed, StepResult::Loaded),
            (Step::Save { snapshot }, Some(lock)) => {
                lock.save(&snapshot).map_or(failed, |()| StepResult::Done)
            }
            (Step::Unlock, _) => {
                *lock = None;
                StepResult::Done
            }
            (Step::ReadSecret { source: SecretSource::File(path), .. }, _) => {
                match fs::read_to_string(path) {
                    Ok(text) => StepResult::Secret(Secret::new(text.strip_suffix('\n').unwrap_or(&text))),
                    Err(_) => failed,
                }
            }
            (Step::Send { request }, _) => send(&request).map_or_else(StepResult::Failed, StepResult::Answer),
            _ => failed,
        }
    }

    fn follow(&self, now: Timestamp, flight: FlightId) {
        let follows = |session: &mut Session| matches!(session.look(now), Some(Acquire::Follow { flight: followed, .. }) if followed == flight);
        drop(self.told.wait_while(self.session(), follows).unwrap());
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place at which the test may kill this process.
    fn at(&self, when: &str, step: &str) {
        if self.traced {
            say(&format!("at {when} {step}"));
            assert_eq!(hear().as_deref(), Some("go"));
        }
    }
}

fn name(step: &Step) -> &'static str {
    match step {
        Step::Lock => "Lock",
        Step::Load => "Load",
        Step::ReadSecret { .. } => "ReadSecret",
        Step::Provide => "Provide",
        Step::Send { .. } => "Send",
        Step::Save { .. } => "Save",
        Step::Unlock => "Unlock",
        Step::Sign { .. } => "Sign",
        Step::Authorize { .. } => "Authorize",
        Step::Prompt { .. } => "Prompt",
        Step::Pause { .. } => "Pause",
        Step::Done { .. } => "Done",
    }
}

/// HTTP/1.0: the answer ends with the connection.
fn send(request: &TokenRequest) -> Result<Answer, Failure> {
    let address = request.url().strip_prefix("http://").unwrap();
    let (host, path) = address.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).map_err(|_| Failure::Connect)?;
    let answer = exchange(&mut stream, request, host, path).map_err(|_| Failure::Interrupted)?;
    parse(&answer).ok_or(Failure::Interrupted)
}

fn exchange(stream: &mut TcpStream, request: &TokenRequest, host: &str, path: &str) -> io::Result<Vec<u8>> {
    let mut head = format!("{} /{path} HTTP/1.0\r\nhost: {host}\r\n", request.method());
    for (name, value) in request.headers() {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", request.body().len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(request.body())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn parse(answer: &[u8]) -> Option<Answer> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let mut lines = std::str::from_utf8(&answer[..end]).ok()?.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    Some(Answer::new(status, headers, &answer[end + 4..]))
}

fn hear() -> Option<String> {
    let mut line = String::new();
    let length = io::stdin().read_line(&mut line).unwrap();
    (length > 0).then(|| line.trim_end().to_owned())
}

fn say(line: &str) {
    println!("{line}");
}

fn moment(millis: i64) -> Timestamp {
    Timestamp::from_unix_millis(millis)
}
