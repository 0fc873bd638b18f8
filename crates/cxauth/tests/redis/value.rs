//! What lies there: values that do not open, keys that change, and who has which place.

use crate::{
    fleet::keys,
    late::{connection, snapshot, soon},
    server::Server,
    support::{World, changes_identity},
    worker::shared_runtime,
};
use cxauth::{
    Connection, ErrorCode, Secret, Snapshot, State,
    store::{Redis, Store, StoreError, StoreKeys},
};
use cxauth_sim::{Platform, Simulator};
use serde_json::json;
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

fn redis(server: &Server, text: &str) -> Redis {
    let keys = StoreKeys::from_text(&Secret::new(text)).unwrap();
    Redis::builder(&server.url(), keys).build().unwrap()
}

pub(crate) fn what_does_not_open() {
    let server = Server::start(&[]);
    let world = World::with(Simulator::start_blocking().unwrap());
    let runtime = shared_runtime();
    let text = keys().expose().to_owned();
    let connection = world.connection("generic/password");
    let client = |text: &str| {
        let store = redis(&server, text).store(&connection);
        world.of(connection.clone()).store(store).build().unwrap()
    };
    let first = {
        let client = client(&text);
        let token = runtime.block_on(client.token()).unwrap();
        runtime.block_on(client.settle());
        token.secret().clone()
    };
    let (generation, sealed) = server.stored().unwrap();

    // The sealing key has another value, or another name; the naming key is the same.
    let names = text.lines().find(|line| line.starts_with("names:")).unwrap();
    let other = keys().expose().to_owned();
    let other_seal = other.lines().find(|line| line.starts_with("test:")).unwrap();
    let wrong_value = format!("{names}\n{other_seal}");
    let wrong_name = wrong_value.replace("test:", "another:");
    let flipped = |byte: usize| {
        let mut sealed = sealed.clone();
        sealed[byte] ^= 1;
        sealed
    };
    let cases = [
        ("does not open", &wrong_value, sealed.clone()),
        ("missing here", &wrong_name, sealed.clone()),
        ("does not open", &text, flipped(sealed.len() - 1)),
        ("does not open", &text, flipped(sealed.len() / 2)),
        ("not sealed", &text, b"plain".to_vec()),
        ("Update cxauth", &text, [b"cxs\x02", &sealed[4..]].concat()),
    ];
    for (word, text, sealed) in cases {
        server.store("sealed", &sealed);
        let client = client(text);
        let error = runtime.block_on(client.token()).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert_eq!(error.code(), ErrorCode::StoreUnavailable, "{shown}");
        assert!(shown.contains(word) && shown.contains("cxauth:v1:{"), "{word}: {shown}");
        assert!(!shown.contains("canary"), "{shown}");
        assert_ne!(client.status().state, State::Denied, "no sign-out: {shown}");
        runtime.block_on(client.settle());
        assert_eq!(server.stored().unwrap(), (generation.clone(), sealed), "it stays as it is");
        // Nor is it overwritten by one who did not look.
        let store = redis(&server, text).store(&connection);
        let mut locked = Store::lock(&store, soon()).unwrap();
        locked.save(&snapshot(9, "x")).unwrap_err();
        drop(locked);
        assert_eq!(server.stored().unwrap().0, generation);
    }
    // A row with another number beside it is no row of ours either.
    server.store("sealed", &sealed);
    server.store("generation", format!("{:020}", 7).as_bytes());
    assert!(matches!(redis(&server, &text).store(&connection).load(), Err(StoreError::Sealed { .. })));
    server.store("generation", generation.as_bytes());

    let client = client(&text);
    assert_eq!(runtime.block_on(client.token()).unwrap().secret(), &first);
    assert_eq!(world.counters(Platform::Generic).token_requests, 1);
}

pub(crate) fn a_key_is_replaced() {
    let server = Server::start(&[]);
    let old = keys().expose().to_owned();
    let other = StoreKeys::generate("new").unwrap();
    let new = other.expose().lines().find(|line| line.starts_with("new:")).unwrap();
    let (names, seal) = old.split_once('\n').unwrap();
    let (both, turned) = (format!("{old}{new}"), format!("{names}\n{new}\n{seal}"));
    let stores = [&old, &both, &turned, &format!("{names}\n{new}")]
        .map(|text| redis(&server, text).store(&connection()));
    for (generation, store) in (1..).zip(&stores) {
        let mut locked = Store::lock(store, soon()).unwrap();
        assert_eq!(locked.load().unwrap().map_or(0, |set| set.generation()), generation - 1);
        locked.save(&snapshot(generation, "x")).unwrap();
    }
    // Who was never told of the new key cannot open it, and says which one is missing.
    let error = stores[0].load().unwrap_err();
    assert!(error.to_string().contains("\"new\", which is missing"), "{error}");
}

pub(crate) fn places() {
    let server = Server::start(&[]);
    let world = World::with(Simulator::start_blocking().unwrap());
    let runtime = shared_runtime();
    let text = keys().expose().to_owned();
    let redis = redis(&server, &text);
    let connection = world.connection("sangoma-cx/one-scope");
    let client = || world.of(connection.clone()).store(redis.store(&connection)).build().unwrap();
    let ask = |scopes: &[&str]| {
        let client = client();
        let token = match scopes {
            [] => runtime.block_on(client.token()),
            scopes => runtime.block_on(client.token_for(scopes.iter().copied())),
        };
        token.unwrap().secret().clone()
    };
    let (one, two) = (ask(&[]), ask(&["cx.queue-calls"]));
    assert_ne!(one, two);
    assert_eq!((ask(&[]), ask(&["cx.queue-calls"])), (one, two));
    assert_eq!(world.counters(Platform::SangomaCx).token_requests, 2);
    let keys: Vec<String> = server.ask(redis::cmd("KEYS").arg("*:set"));
    assert_eq!(keys.len(), 2, "{keys:?}");
    // Signing out empties the place, and the generation stays: a late set is no way back.
    let client = client();
    runtime.block_on(client.restore()).unwrap();
    runtime.block_on(client.sign_out()).unwrap();
    let stored = redis.store(&connection).load().unwrap().unwrap();
    assert!(stored.generation() >= 1 && !stored.to_text().expose().contains("\"access\""));
}

const DAY: u64 = 24 * 60 * 60;

/// How long the one set stays yet, in seconds; none: for ever.
fn stays(server: &Server) -> Option<u64> {
    let left: i64 = server.ask(redis::cmd("PTTL").arg(server.key(":set").unwrap()));
    assert_ne!(left, -2, "it is gone");
    u64::try_from(left).ok().map(|left| left.div_ceil(1000))
}

pub(crate) fn sets_that_leave() {
    let server = Server::start(&[]);
    let keys = StoreKeys::from_text(&keys()).unwrap();
    let builder = || Redis::builder(&server.url(), keys.clone());
    let keeping = |days: u64| builder().keep(Duration::from_secs(days * DAY)).build();
    let save = |redis: Redis, snapshot: &Snapshot| {
        Store::lock(&redis.store(&connection()), soon()).unwrap().save(snapshot).unwrap();
    };
    let about = |days: u64| {
        let left = stays(&server).expect("an end");
        assert!(left <= days * DAY && left > days * DAY - 600, "{left} s are not {days} days");
    };
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let set = |generation: u64, access: Option<u64>, refresh: Option<u64>| {
        let end = |days: Option<u64>| days.map(|days| (now + days * DAY) * 1000);
        let (access, refresh) = (end(access), end(refresh));
        let text = json!({
            "cxauth": 1, "generation": generation, "identity": "x", "saved_at": now * 1000,
            "access": { "token": "cxauth-canary-a", "scopes": null, "issued_at": now * 1000, "expires_at": access },
            "refresh": { "token": "cxauth-canary-r", "expires_at": refresh },
        });
        Snapshot::from_text(&text.to_string()).unwrap()
    };

    save(builder().build().unwrap(), &set(1, Some(1), Some(1)));
    assert_eq!(stays(&server), None, "for ever by default");
    // A token whose end is known is never left behind, whichever of the two ends last.
    save(keeping(30).unwrap(), &set(2, Some(1), Some(90)));
    about(120);
    save(keeping(30).unwrap(), &set(3, Some(365), Some(90)));
    about(395);
    save(keeping(30).unwrap(), &set(4, None, None));
    about(30);
    // Each save starts anew, and the last one says how long; ends of old count for nothing.
    let () = server.ask(redis::cmd("PEXPIRE").arg(server.key(":set").unwrap()).arg(600_000));
    let old = Duration::from_secs(60 * 60 * 24);
    save(builder().keep(old).build().unwrap(), &snapshot(4, "old"));
    about(1);
    save(builder().keep(Duration::MAX).build().unwrap(), &set(5, Some(1), None));
    assert!(stays(&server).unwrap() > 900 * 365 * DAY);
    save(builder().build().unwrap(), &set(6, Some(1), None));
    assert_eq!(stays(&server), None);

    // Less than a day, and a process that sleeps over night would bring back what was signed out.
    let error = builder().keep(old - Duration::from_secs(1)).build().unwrap_err();
    assert!(error.code() == ErrorCode::InvalidSetting && error.to_string().contains("keep"), "{error}");
}

pub(crate) fn a_changed_identity() {
    let server = Server::start(&[]);
    let world = World::with(Simulator::start_blocking().unwrap());
    let redis = redis(&server, keys().expose());
    let store = |connection: &Connection| Arc::new(redis.store(connection)) as Arc<dyn Store>;
    shared_runtime().block_on(changes_identity(&world, store));
    // Two connections, and other scopes of the first.
    let sets: Vec<String> = server.ask(redis::cmd("KEYS").arg("*:set"));
    assert_eq!(sets.len(), 3, "{sets:?}");
}
