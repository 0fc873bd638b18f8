//! Clients that share a store, and stores that fail.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::{
    ErrorCode, EventKind, Snapshot, State,
    store::{FileLock, FileStore, Locked, MemoryStore, Store, StoreError},
};
use cxauth_sim::{Effect, Endpoint, Fault, Platform};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{Arc, Mutex, mpsc},
    time::Instant,
};
use support::{World, changes_identity, soon};
use tempfile::TempDir;

const GENERIC: Platform = Platform::Generic;

fn file(directory: &TempDir) -> FileStore {
    FileStore::new(directory.path().join("tokens"))
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_i04_of_many_clients_with_one_store_one_renews() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let clients: Vec<_> =
        (0..8).map(|_| world.builder("generic/password").store(file(&directory)).build().unwrap()).collect();
    for round in 1..=4 {
        let asking: Vec<_> = clients
            .iter()
            .map(|client| {
                let client = client.clone();
                tokio::spawn(async move { client.token().await.unwrap().secret().clone() })
            })
            .collect();
        let mut tokens = Vec::new();
        for task in asking {
            tokens.push(soon(task).await.unwrap());
        }
        assert!(tokens.iter().all(|token| *token == tokens[0]));
        let counters = world.counters(GENERIC);
        assert_eq!((counters.token_requests, counters.reuse_detections), (round, 0));
        world.pass(7200);
    }
    world.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_are_made_apart_share_a_token_by_memory() {
    let world = World::new().await;
    let store = MemoryStore::new();
    let build = || world.builder("generic/password").store(store.clone()).build().unwrap();
    let clients = [build(), build()];
    for round in 1..=3 {
        let (one, two) = tokio::join!(clients[0].token(), clients[1].token());
        assert_eq!(one.unwrap().secret(), two.unwrap().secret());
        assert_eq!(world.counters(GENERIC).token_requests, round);
        clients[0].settle().await;
        clients[1].settle().await;
        world.pass(7200);
    }
    assert_eq!(world.counters(GENERIC).reuse_detections, 0);
    clients[0].sign_out().await.unwrap();
    assert!(Store::look(&store).unwrap().unwrap().held().is_none());
    let other_scopes = Store::for_scopes(&store, &["a".to_owned()]).unwrap();
    drop(other_scopes.lock(Instant::now()).unwrap());
    let held = store.lock(Instant::now()).unwrap();
    assert!(matches!(store.lock(Instant::now()), Err(StoreError::Locked { .. })));
    drop(held);
    assert!(!format!("{store:?}").contains("canary"));
}

#[tokio::test]
async fn a_new_process_goes_on_with_what_is_stored() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let build = || world.builder("generic").store(file(&directory)).build().unwrap();
    let first = build().token().await.unwrap();
    let second = build();
    assert!(second.status().token.is_none());
    assert!(second.restore().await.unwrap());
    assert_eq!(second.status().token.unwrap().secret(), first.secret());
    assert_eq!(build().token().await.unwrap().secret(), first.secret());
    assert_eq!(world.counters(GENERIC).token_requests, 1);
}

#[tokio::test]
async fn signing_out_empties_the_store() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let build = || world.builder("generic").store(file(&directory)).build().unwrap();
    let client = build();
    let token = client.token().await.unwrap();
    // Another process has renewed since.
    let other = build();
    other.token().await.unwrap();
    world.pass(3500);
    other.token().await.unwrap();
    other.settle().await;
    client.sign_out().await.unwrap();
    assert!(client.with_token(|_| ()).is_none());
    let text = fs::read_to_string(file(&directory).path()).unwrap();
    assert!(!text.contains(token.secret().expose()) && !text.contains("\"access\""), "{text}");
    let third = build();
    third.restore().await.unwrap();
    assert!(third.status().token.is_none());
    assert!(client.token().await.is_ok(), "client credentials start afresh");
}

/// A store that asks the test what becomes of each save.
#[derive(Clone)]
struct Asking {
    file: FileStore,
    saves: Arc<Mutex<mpsc::Receiver<Result<(), StoreError>>>>,
    begun: tokio::sync::mpsc::UnboundedSender<()>,
}

struct AskingLock(FileLock, Asking);

impl Store for Asking {
    fn lock(&self, deadline: Instant) -> Result<Box<dyn Locked>, StoreError> {
        Ok(Box::new(AskingLock(self.file.lock(deadline)?, self.clone())))
    }
}

impl Locked for AskingLock {
    fn load(&mut self) -> Result<Option<Snapshot>, StoreError> {
        self.0.load()
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.1.begun.send(()).unwrap();
        self.1.saves.lock().unwrap().recv().unwrap()?;
        self.0.save(snapshot)
    }
}

#[tokio::test]
async fn i06_nobody_sees_a_token_that_is_not_durable() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let (begun, mut begins) = tokio::sync::mpsc::unbounded_channel();
    let (answer, answers) = mpsc::channel();
    let store = Asking { file: file(&directory), saves: Arc::new(Mutex::new(answers)), begun };
    let client = world.builder("generic").store(store).build().unwrap();
    let mut events = client.subscribe();
    let caller = tokio::spawn({
        let client = client.clone();
        async move { client.token().await }
    });
    soon(begins.recv()).await.unwrap();
    assert!(client.with_token(|_| ()).is_none());
    assert_eq!(client.status().state, State::Renewing);
    assert!(!caller.is_finished());
    answer.send(Ok(())).unwrap();
    let token = soon(caller).await.unwrap().unwrap();
    let text = fs::read_to_string(file(&directory).path()).unwrap();
    assert!(text.contains(token.secret().expose()));

    // A save that fails is tried again; then the set serves from memory, and the next flight saves it. What goes out is not
    // the refresh token: the store took no mark on it either.
    soon(client.settle()).await;
    world.pass(7200);
    for _ in 0..4 {
        answer.send(Err(StoreError::Other("no space left".into()))).unwrap();
    }
    let second = soon(client.token()).await.unwrap();
    assert_eq!(second.generation(), 2);
    soon(client.settle()).await;
    assert_eq!(file(&directory).load().unwrap().unwrap().generation(), 1);
    answer.send(Ok(())).unwrap();
    world.pass(5);
    client.token().await.unwrap();
    soon(client.settle()).await;
    assert_eq!(file(&directory).load().unwrap().unwrap().generation(), 2);
    let events: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).collect();
    let degraded = events.iter().find(|event| event.kind == EventKind::Degraded).unwrap();
    assert!(degraded.error.as_ref().unwrap().to_string().contains("no space left"));
    let counters = world.counters(GENERIC);
    assert_eq!((counters.token_requests, counters.refresh_requests), (2, 0));
    world.assert_no_violations();
}

/// Its successor would be lost with this process, and every other one would send it again.
#[tokio::test]
async fn a_lone_refresh_token_is_kept_for_when_the_store_can_be_written() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let (begun, _begins) = tokio::sync::mpsc::unbounded_channel();
    let (answer, answers) = mpsc::channel();
    let store = Asking { file: file(&directory), saves: Arc::new(Mutex::new(answers)), begun };
    let client = world.builder("generic/password").store(store).build().unwrap();
    answer.send(Ok(())).unwrap();
    soon(client.token()).await.unwrap();
    soon(client.settle()).await;
    world.pass(7200);
    for _ in 0..2 {
        answer.send(Err(StoreError::Other("no space left".into()))).unwrap();
    }
    let error = soon(client.token()).await.unwrap_err();
    assert!(error.to_string().contains("no space left"), "{error}");
    assert_eq!(world.counters(GENERIC).refresh_requests, 0);
    world.pass(5);
    (0..2).for_each(|_| answer.send(Ok(())).unwrap());
    assert_eq!(soon(client.token()).await.unwrap().generation(), 2);
    let counters = world.counters(GENERIC);
    assert_eq!((counters.refresh_requests, counters.reuse_detections), (1, 0));
}

#[tokio::test]
async fn a_store_that_panics_is_a_store_that_fails() {
    struct Panics;
    impl Store for Panics {
        fn lock(&self, _: Instant) -> Result<Box<dyn Locked>, StoreError> {
            panic!("a bug in somebody's store");
        }
    }
    let world = World::new().await;
    let client = world.builder("generic").store(Panics).build().unwrap();
    assert_eq!(soon(client.token()).await.unwrap_err().code(), ErrorCode::StoreUnavailable);
    assert_eq!(world.counters(GENERIC).token_requests, 0);
}

#[tokio::test]
async fn i21_a_damaged_store_is_an_error_once_and_kept() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tokens");
    write(&path, "{ half of");
    let client = world.builder("generic").store(file(&directory)).build().unwrap();
    let error = client.token().await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::StoreUnavailable);
    assert!(error.to_string().contains("tokens.damaged-1"), "{error}");
    assert_eq!(world.counters(GENERIC).token_requests, 0);
    world.pass(2);
    assert!(client.token().await.is_ok());
    assert_eq!(fs::read_to_string(directory.path().join("tokens.damaged-1")).unwrap(), "{ half of");
}

#[tokio::test]
async fn a_lock_that_another_process_holds_is_named() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    struct Impatient(FileStore);
    impl Store for Impatient {
        fn lock(&self, _: Instant) -> Result<Box<dyn Locked>, StoreError> {
            Store::lock(&self.0, Instant::now())
        }
    }
    let held = file(&directory).lock(Instant::now()).unwrap();
    let client = world.builder("generic").store(Impatient(file(&directory))).build().unwrap();
    let error = client.token().await.unwrap_err();
    assert!(error.to_string().contains("tokens.lock"), "{error}");
    drop(held);
    world.pass(2);
    assert!(client.token().await.is_ok());
}

#[tokio::test]
async fn i20_a_runtime_that_ends_while_the_lock_is_held_gives_it_back() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let client = world.builder("generic/password").store(file(&directory)).build().unwrap();
    client.token().await.unwrap();
    client.settle().await;
    world.pass(7200);
    world.arm(Fault::new(Effect::Hold).at(Endpoint::Refresh));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let caller = client.clone();
    runtime.spawn(async move { caller.token().await });
    world.wait_until(GENERIC, |journal| journal.counters.refresh_requests == 1).await;
    assert!(matches!(file(&directory).lock(Instant::now()), Err(StoreError::Locked { .. })));
    tokio::task::spawn_blocking(move || drop(runtime)).await.unwrap();
    drop(file(&directory).lock(Instant::now()).unwrap());
    world.clear_faults();
    assert_eq!(file(&directory).load().unwrap().unwrap().generation(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_becomes_another_one_leaves_the_first_ones_file_alone() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    changes_identity(&world, |connection| Arc::new(FileStore::in_directory(&directory, connection))).await;
    assert_eq!(FileStore::list(&directory).unwrap().len(), 3);
}

#[tokio::test]
async fn scopes_have_places_of_their_own() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let build = || world.builder("sangoma-cx/one-scope").store(file(&directory)).build().unwrap();
    let one = build().token().await.unwrap();
    let two = build().token_for(["cx.queue-calls"]).await.unwrap();
    assert_eq!(build().token().await.unwrap().secret(), one.secret());
    assert_eq!(build().token_for(["cx.queue-calls"]).await.unwrap().secret(), two.secret());
    assert_eq!(world.counters(Platform::SangomaCx).token_requests, 2);
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
