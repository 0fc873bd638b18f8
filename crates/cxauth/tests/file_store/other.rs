//! The other process: does with a store what each line says, and answers with one.

use cxauth::{
    Acquire, Answer, Client, Connection, ManualClock, Session, Settings, Snapshot, Step, StepResult,
    Timestamp,
    store::{FileLock, FileStore, StoreError},
};
use serde_json::Value;
use std::{
    io::{self, BufRead},
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

pub(crate) fn run() {
    // What the store does about modes must not depend on what the user chose.
    rustix::process::umask(rustix::fs::Mode::empty());
    let mut lines = io::stdin().lock().lines().map_while(Result::ok);
    let setup: Value = serde_json::from_str(&lines.next().unwrap()).unwrap();
    let mut other = Other::of(&setup);
    for line in lines {
        println!("{}", other.does(&line).replace('\n', " "));
    }
}

struct Other {
    store: FileStore,
    lock: Option<FileLock>,
    client: Option<(Client, ManualClock, Runtime)>,
}

impl Other {
    fn of(setup: &Value) -> Self {
        let mut store = FileStore::new(setup["store"].as_str().unwrap());
        if let Some(account) = setup["keychain"].as_str() {
            store = store.sealed_by_keychain("cxauth-test", account);
        }
        let client = setup["connection"].is_object().then(|| {
            let connection = Connection::from_json(&setup["connection"].to_string()).unwrap();
            let clock = ManualClock::new(Timestamp::from_unix_millis(setup["now"].as_i64().unwrap()));
            let client = Client::builder(connection)
                .no_proxy()
                .clock(clock.clone())
                .lock_patience(Duration::from_millis(setup["lock_patience"].as_u64().unwrap_or(20_000)))
                .store(store.clone());
            (client.build().unwrap(), clock, Runtime::new().unwrap())
        });
        Self { store, lock: None, client }
    }

    fn does(&mut self, line: &str) -> String {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        let result = match verb {
            "lock" => self.lock(),
            "save" => self.save(argument.parse().unwrap()),
            "load" => self.load(),
            "look" => self.store.load().map(said),
            "token" => return self.token(argument.parse().unwrap()),
            _ => panic!("{line}"),
        };
        result.unwrap_or_else(|error| format!("{}: {error}", kind(&error)))
    }

    fn lock(&mut self) -> Result<String, StoreError> {
        self.lock = Some(self.store.lock(Instant::now())?);
        Ok("locked".to_owned())
    }

    fn save(&mut self, generation: u64) -> Result<String, StoreError> {
        self.locked(|lock| lock.save(&snapshot(generation)))?;
        Ok("saved".to_owned())
    }

    fn load(&mut self) -> Result<String, StoreError> {
        self.locked(FileLock::load).map(said)
    }

    fn locked<T>(
        &mut self,
        act: impl FnOnce(&mut FileLock) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match &mut self.lock {
            Some(lock) => act(lock),
            None => act(&mut self.store.lock(Instant::now() + Duration::from_secs(60))?),
        }
    }

    /// A client's token at this moment, with what is left to do done.
    fn token(&mut self, now: i64) -> String {
        let (client, clock, runtime) = self.client.as_ref().unwrap();
        clock.set(Timestamp::from_unix_millis(now));
        runtime.block_on(async {
            let answer = match client.token().await {
                Ok(token) => format!("token {} {}", token.generation(), token.secret().expose()),
                Err(error) => format!("error {}: {error}", error.code()),
            };
            client.settle().await;
            answer
        })
    }
}

fn said(snapshot: Option<Snapshot>) -> String {
    snapshot.map_or("empty".to_owned(), |snapshot| format!("generation {}", snapshot.generation()))
}

fn kind(error: &StoreError) -> &'static str {
    match error {
        StoreError::Locked { .. } => "Locked",
        StoreError::Damaged { .. } => "Damaged",
        StoreError::NewerFormat { .. } => "NewerFormat",
        StoreError::Newer => "Newer",
        StoreError::Exposed { .. } => "Exposed",
        StoreError::ExposedDirectory { .. } => "ExposedDirectory",
        StoreError::Keychain { .. } => "Keychain",
        StoreError::Sealed { .. } => "Sealed",
        StoreError::Io { .. } => "Io",
        _ => "another",
    }
}

/// A snapshot of this generation, as a session makes it.
pub(crate) fn snapshot(generation: u64) -> Snapshot {
    let connection = Connection::new(
        Settings::new("generic")
            .token_endpoint("https://as.example/token")
            .client_id("id")
            .client_secret("secret"),
    )
    .unwrap();
    let now = Timestamp::from_unix_millis(1_700_000_000_000);
    let mut session = Session::open(connection, now, &[7; 16]);
    for turn in 0..generation {
        let now = now.plus_seconds(i64::try_from(turn).unwrap() * 7200);
        let Acquire::Lead { flight, .. } = session.acquire(now) else { panic!("renewal is due") };
        while let Step::Send { .. } = session.next(now, flight) {
            let body = format!(
                r#"{{"access_token":"cxauth-canary-a{turn}","refresh_token":"cxauth-canary-r{turn}","expires_in":3600}}"#
            );
            session.done(now, flight, StepResult::Answer(Answer::new(200, [("a", "b")], body)));
        }
    }
    assert_eq!(session.snapshot().generation(), generation);
    session.snapshot()
}
