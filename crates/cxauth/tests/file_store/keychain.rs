//! The Secret Service: gnome-keyring in a D-Bus session of its own.

use crate::process::{Home, Process, does_with, other, other_under};
use serde_json::{Value, json};
use std::{fs, process::Command};

/// Starts a keychain that is open, and the other process in its session.
const SESSION: &str = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 97; exec \"$@\"";

/// The other process beside a keychain that keeps its things in this home.
fn beside(home: &Home) -> Command {
    let mut command = other_under("dbus-run-session", &["--", "sh", "-c", SESSION, "sh"]);
    environment(&mut command, home);
    command
}

fn environment(command: &mut Command, home: &Home) {
    command
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("DBUS_SESSION_BUS_ADDRESS");
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
}

fn setup(home: &Home, store: &str) -> Value {
    json!({ "store": home.path().join("store").join(store), "keychain": "the store's key" })
}

pub(crate) fn keeps_the_key() {
    let home = Home::new();
    let mut process = Process::start(beside(&home), &setup(&home, "tokens"));
    assert_eq!(process.ask("save 1"), "saved");
    assert_eq!(process.ask("load"), "generation 1");
    process.end();
    let sealed = fs::read(home.path().join("store/tokens")).unwrap();
    assert!(sealed.starts_with(b"cxs"));
    assert!(!String::from_utf8_lossy(&sealed).contains("canary"));

    // The next process, in another session on the same keyring, finds the key.
    let mut process = Process::start(beside(&home), &setup(&home, "tokens"));
    assert_eq!(process.ask("look"), "generation 1");
    assert_eq!(process.ask("save 2"), "saved");
    // The key has a name that no other key has: what does not open is damaged.
    let mut turned = fs::read(home.path().join("store/tokens")).unwrap();
    let last = turned.len() - 20;
    turned[last] ^= 1;
    fs::write(home.path().join("store/tokens"), &turned).unwrap();
    let answer = process.ask("load");
    assert!(answer.starts_with("Damaged: ") && answer.contains("damaged-1"), "{answer}");
    assert_eq!(fs::read(home.path().join("store/tokens.damaged-1")).unwrap(), turned);
    process.end();

    // A file of before, without a key: it is read, and sealed when it is next written.
    assert_eq!(does_with(other(), json!({ "store": home.path().join("store/plain") }), "save 1"), "saved");
    let mut process = Process::start(beside(&home), &setup(&home, "plain"));
    assert_eq!(process.ask("load"), "generation 1");
    assert_eq!(process.ask("save 2"), "saved");
    process.end();
    assert!(fs::read(home.path().join("store/plain")).unwrap().starts_with(b"cxs"));
}

/// Eight processes in one session, each with a file of its own, find no key at the same time.
pub(crate) fn one_key() {
    let home = Home::new();
    let script = format!("{SESSION_OF_MANY} exec \"$@\"");
    let mut command = other_under("dbus-run-session", &["--", "sh", "-c", &script, "sh"]);
    environment(&mut command, &home);
    let mut first = Process::start(command, &setup(&home, "tokens-0"));
    // The session's address, for the others.
    let address = loop {
        match fs::read_to_string(home.path().join("address")) {
            Ok(address) if address.ends_with('\n') => break address.trim().to_owned(),
            _ => std::thread::yield_now(),
        }
    };
    let others = (1..8).map(|number| {
        let mut command = other();
        environment(&mut command, &home);
        command.env("DBUS_SESSION_BUS_ADDRESS", &address);
        Process::start(command, &setup(&home, &format!("tokens-{number}")))
    });
    let mut others: Vec<_> = others.collect();
    others.iter_mut().for_each(|process| process.say("save 1"));
    assert_eq!(first.ask("save 1"), "saved");
    others.iter().for_each(|process| assert_eq!(process.hear(), "saved"));
    others.into_iter().for_each(Process::end);
    let mut keys: Vec<_> = (0..8)
        .map(|number| {
            let sealed = fs::read(home.path().join(format!("store/tokens-{number}"))).unwrap();
            let length = usize::from(sealed[4]);
            String::from_utf8(sealed[5..5 + length].to_vec()).unwrap()
        })
        .collect();
    keys.dedup();
    assert_eq!(keys.len(), 1, "{keys:?}");
    first.end();
}

/// The same, and it says where the session is.
const SESSION_OF_MANY: &str = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 97; \
                               echo \"$DBUS_SESSION_BUS_ADDRESS\" > \"$HOME/address\";";

pub(crate) fn gone() {
    let home = Home::new();
    let mut headless = other();
    environment(&mut headless, &home);
    let answer = does_with(headless, setup(&home, "tokens"), "save 1");
    assert!(answer.starts_with("Keychain: ") && answer.contains("cxauth-test/the store's key"), "{answer}");
    assert!(!home.path().join("store/tokens").exists(), "never in the clear instead");

    assert_eq!(does_with(beside(&home), setup(&home, "tokens"), "save 1"), "saved");
    let sealed = fs::read(home.path().join("store/tokens")).unwrap();
    // Without its keychain, without any key, and with a keychain that was made anew.
    let mut headless = other();
    environment(&mut headless, &home);
    let answer = does_with(headless, setup(&home, "tokens"), "load");
    assert!(answer.starts_with("Keychain: "), "{answer}");
    let answer = does_with(other(), json!({ "store": home.path().join("store/tokens") }), "load");
    assert!(answer.starts_with("Sealed: ") && answer.contains("keychain-"), "{answer}");
    fs::remove_dir_all(home.path().join(".local")).unwrap();
    for what in ["load", "save 2"] {
        let answer = does_with(beside(&home), setup(&home, "tokens"), what);
        assert!(answer.starts_with("Sealed: ") && answer.contains("keychain-"), "{what}: {answer}");
    }
    assert_eq!(fs::read(home.path().join("store/tokens")).unwrap(), sealed, "it stays where it is");
}
