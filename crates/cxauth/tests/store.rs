//! The file store: locks between holders, durability, what it does with files that are not as they should be.
#![allow(clippy::unwrap_used, missing_docs)]

use cxauth::{
    Acquire, Answer, Connection, Session, Settings, Snapshot, Step, StepResult, Timestamp,
    store::{FileStore, Store, StoreError},
};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

/// A snapshot of this generation.
fn snapshot(generation: u64) -> Snapshot {
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
        let now = now.plus_seconds(turn as i64 * 7200);
        let Acquire::Lead { flight, .. } = session.acquire(now) else { panic!("renewal is due") };
        while let Step::Send { .. } = session.next(now, flight) {
            let body = format!(r#"{{"access_token":"cxauth-canary-{turn}","expires_in":3600}}"#);
            session.done(now, flight, StepResult::Answer(Answer::new(200, [("a", "b")], body)));
        }
    }
    assert_eq!(session.snapshot().generation(), generation);
    session.snapshot()
}

#[test]
fn what_was_saved_is_loaded() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::new(directory.path().join("deep/er/tokens"));
    let mut locked = store.lock(soon()).unwrap();
    assert!(locked.load().unwrap().is_none());
    locked.save(&snapshot(1)).unwrap();
    locked.save(&snapshot(2)).unwrap();
    assert_eq!(locked.load().unwrap().unwrap().generation(), 2);
    locked.unlock();
    assert_eq!(store.load().unwrap().unwrap().generation(), 2);
    let names: Vec<_> = fs::read_dir(store.path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(store.path()), 0o600);
    assert_eq!(mode(store.path().parent().unwrap()), 0o700);
}

#[test]
fn one_holder_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::new(directory.path().join("tokens"));
    let held = store.lock(soon()).unwrap();
    let refused = store.lock(Instant::now()).unwrap_err();
    assert!(matches!(refused, StoreError::Locked { .. }), "{refused}");
    let (told, hears) = mpsc::channel();
    let waiter = thread::spawn({
        let store = store.clone();
        move || {
            let locked = store.lock(soon()).unwrap();
            told.send(()).unwrap();
            locked.unlock();
        }
    });
    assert!(hears.try_recv().is_err());
    drop(held);
    hears.recv().unwrap();
    waiter.join().unwrap();
}

#[test]
fn i07_a_store_never_goes_back() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::new(directory.path().join("tokens"));
    let mut locked = store.lock(soon()).unwrap();
    locked.save(&snapshot(3)).unwrap();
    assert!(matches!(locked.save(&snapshot(2)), Err(StoreError::Newer)));
    locked.save(&snapshot(3)).unwrap();
    assert_eq!(locked.load().unwrap().unwrap().generation(), 3);
}

#[test]
fn i20_what_a_dead_writer_left_is_in_nobodys_way() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::new(directory.path().join("tokens"));
    store.lock(soon()).unwrap().save(&snapshot(1)).unwrap();
    fs::write(directory.path().join("tokens.new"), "half of a s").unwrap();
    assert_eq!(store.load().unwrap().unwrap().generation(), 1);
    store.lock(soon()).unwrap().save(&snapshot(2)).unwrap();
    assert_eq!(store.load().unwrap().unwrap().generation(), 2);
    assert!(!directory.path().join("tokens.new").exists());
}

#[test]
fn i21_a_damaged_file_is_put_aside_and_kept() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::new(directory.path().join("tokens"));
    let whole = r#"{"cxauth":1,"generation":1,"identity":"x","saved_at":1,"access":null}"#;
    let damages = [&b""[..], b"{", b"\xff\xfe", &whole.as_bytes()[..20], b"[]", b"{\"cxauth\":1}"];
    for (number, damage) in (1..).zip(damages) {
        fs::write(store.path(), damage).unwrap();
        fs::set_permissions(store.path(), fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(store.load(), Err(StoreError::Damaged { aside: None, .. })));
        let mut locked = store.lock(soon()).unwrap();
        let error = locked.load().unwrap_err();
        let aside = directory.path().join(format!("tokens.damaged-{number}"));
        assert!(error.to_string().contains(aside.to_str().unwrap()), "{error}");
        assert_eq!(fs::read(aside).unwrap(), damage);
        assert!(locked.load().unwrap().is_none());
    }
}

#[test]
fn a_newer_format_stays_where_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::new(directory.path().join("tokens"));
    fs::write(store.path(), r#"{"cxauth":99}"#).unwrap();
    fs::set_permissions(store.path(), fs::Permissions::from_mode(0o600)).unwrap();
    let mut locked = store.lock(soon()).unwrap();
    assert!(matches!(locked.load(), Err(StoreError::NewerFormat { .. })));
    assert!(matches!(locked.save(&snapshot(1)), Err(StoreError::NewerFormat { .. })));
    assert_eq!(fs::read_to_string(store.path()).unwrap(), r#"{"cxauth":99}"#);
}

#[test]
fn what_others_could_read_or_swap_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::new(directory.path().join("tokens"));
    store.lock(soon()).unwrap().save(&snapshot(1)).unwrap();
    fs::set_permissions(store.path(), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(store.load(), Err(StoreError::Exposed { .. })));
    fs::rename(store.path(), directory.path().join("elsewhere")).unwrap();
    symlink(directory.path().join("elsewhere"), store.path()).unwrap();
    assert!(matches!(store.load(), Err(StoreError::Io { .. })));
}

#[test]
fn each_set_of_scopes_has_its_own_place() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::new(directory.path().join("tokens"));
    let scoped = store.for_scopes(&["a/b".into(), "c".into()]).unwrap();
    scoped.lock(soon()).unwrap().save(&snapshot(2)).unwrap();
    assert!(store.load().unwrap().is_none());
    let again = store.for_scopes(&["a/b".into(), "c".into()]).unwrap();
    assert_eq!(again.lock(soon()).unwrap().load().unwrap().unwrap().generation(), 2);
}
