//! Who may look, and what they see.

use crate::{
    fleet::{keys, round, world},
    late::{connection, snapshot, soon},
    server::{Server, eventually},
    support::World,
    worker::{Process, same_token, shared_runtime},
};
use cxauth::{
    ErrorCode, Secret,
    store::{Redis, RedisBuilder, Store, StoreError, StoreKeys},
};
use cxauth_sim::{Platform, Simulator};
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

pub(crate) fn builder(url: &str) -> RedisBuilder {
    Redis::builder(url, StoreKeys::from_text(&keys()).unwrap())
}

pub(crate) fn nothing_in_the_clear() {
    let server = Server::start(&["--requirepass", "cxauth-canary-redis"]);
    let mut monitor = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    monitor.write_all(b"AUTH cxauth-canary-redis\r\nMONITOR\r\n").unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let mut reader = monitor.try_clone().unwrap();
    let sink = Arc::clone(&seen);
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = reader.read(&mut bytes) {
            sink.lock().unwrap().extend_from_slice(&bytes[..length]);
        }
    });
    let text = || String::from_utf8_lossy(&seen.lock().unwrap()).into_owned();
    eventually("the monitor watches", || (text().matches("+OK").count() == 2).then_some(()));

    let url = format!("redis://:cxauth-canary-redis@127.0.0.1:{}", server.port);
    let (world, mut plan) = world("generic/password", url.clone());
    plan.workers = 4;
    let mut processes = Process::start_all(2, &plan);
    for _ in 0..5 {
        same_token(&round(&mut processes, &world, || {}));
        world.pass(7200);
    }
    let marker = "the end of what is watched";
    let mut connection = redis::Client::open(url).unwrap().get_connection().unwrap();
    let () = redis::cmd("PING").arg(marker).query(&mut connection).unwrap();
    eventually("the monitor has seen it all", || text().contains(marker).then_some(()));
    let watched = text();
    assert!(watched.contains("HSET") && watched.contains("cxauth:v1:{"), "{watched}");
    assert!(!watched.contains("canary"), "{watched}");

    // All that is there, names included.
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut connection).unwrap();
    assert_eq!(keys.len(), 1, "{keys:?}");
    let fields: Vec<Vec<u8>> = redis::cmd("HGETALL").arg(&keys[0]).query(&mut connection).unwrap();
    let all = [keys[0].as_bytes().to_vec(), fields.concat()].concat();
    assert!(!String::from_utf8_lossy(&all).contains("canary"));
    let secrets = world.secrets();
    assert!(!secrets.is_empty() && secrets.iter().all(|secret| !watched.contains(secret)));
}

/// The user whom docs/stores.md wants, with this password.
pub(crate) fn documented_user(password: &str) -> redis::Cmd {
    let page = include_str!("../../../../docs/stores.md");
    let line = page
        .lines()
        .find(|line| line.contains("ACL SETUSER cxauth"))
        .expect("docs/stores.md shows the rights");
    let line = line.replace("PASSWORD", password);
    let mut words = line.split_whitespace();
    let mut command = redis::cmd(words.next().unwrap());
    words.for_each(|word| {
        command.arg(word);
    });
    command
}

pub(crate) fn rights() {
    let server = Server::start(&[]);
    let () = server.ask(&mut documented_user("cxauth-canary-acl"));
    let redis = builder(&server.url()).username("cxauth").password("cxauth-canary-acl").build().unwrap();
    let store = redis.store(&connection());
    let mut locked = Store::lock(&store, soon()).unwrap();
    locked.save(&snapshot(1, "x")).unwrap();
    assert_eq!(locked.load().unwrap().unwrap().generation(), 1);
    drop(locked);
    assert!(server.key(":lease").is_none());
    // What the scripts do is asked of the user too.
    let () = server.ask(redis::cmd("ACL").arg("SETUSER").arg("cxauth").arg("-persist"));
    let refused = Store::lock(&store, soon()).unwrap().save(&snapshot(2, "x")).unwrap_err();
    assert!(matches!(&refused, StoreError::Refused { why, .. } if why.contains("NOPERM")), "{refused}");
    // Another prefix is none of its business.
    let redis =
        builder(&server.url()).username("cxauth").password("cxauth-canary-acl").prefix("other").build();
    let refused = Store::lock(&redis.unwrap().store(&connection()), soon()).map(drop).unwrap_err();
    assert!(matches!(&refused, StoreError::Refused { why, .. } if why.contains("NOPERM")), "{refused}");
}

pub(crate) fn a_wrong_password() {
    let server = Server::start(&["--requirepass", "cxauth-canary-right"]);
    let world = World::with(Simulator::start_blocking().unwrap());
    let runtime = shared_runtime();
    let given = [builder(&server.url()), builder(&server.url()).password("cxauth-canary-wrong")];
    for (builder, word) in given.into_iter().zip(["wants a password", "refuses the user or the password"]) {
        // Not even a process that may renew alone does so: this is not an outage.
        let redis = builder.alone_after(Duration::ZERO).build().unwrap();
        let client =
            world.builder("generic").store(redis.store(&world.connection("generic"))).build().unwrap();
        let error = runtime.block_on(client.token()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::StoreUnavailable);
        let text = format!("{error} {error:?} {redis:?}");
        assert!(text.contains(word) && text.contains(&server.url()), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }
    assert_eq!(world.counters(Platform::Generic).token_requests, 0);

    // The same of a cluster, whose client says it in other words; and what is taken for a cluster, or for none.
    let node = Server::start(&["--cluster-enabled", "yes", "--requirepass", "cxauth-canary-right"]);
    let (cluster, single) = (node.url().replace("redis:", "redis+cluster:"), node.url());
    let no_cluster = server.url().replace("redis:", "redis+cluster:");
    for (url, password, word) in [
        (&cluster, "cxauth-canary-wrong", "refuses the user or the password"),
        (&cluster, "", "wants a password"),
        (&no_cluster, "cxauth-canary-right", "no node of a cluster answers"),
        (&single, "cxauth-canary-right", "CLUSTERDOWN"),
    ] {
        let builder = builder(url).never_alone();
        let redis = if password.is_empty() { builder } else { builder.password(password) }.build().unwrap();
        let error =
            Store::lock(&redis.store(&connection()), Instant::now()).map(drop).unwrap_err().to_string();
        assert!(error.contains(word) && !error.contains("canary"), "{error}");
    }
    // One node serves all of it by now.
    let mut admin =
        redis::Client::open(single.replace("//", "//:cxauth-canary-right@")).unwrap().get_connection();
    let mut slots = redis::cmd("CLUSTER");
    let () = slots.arg("ADDSLOTSRANGE").arg(0).arg(16383).query(admin.as_mut().unwrap()).unwrap();
    let redis = builder(&cluster).password("cxauth-canary-right").build().unwrap();
    let store = redis.store(&connection());
    Store::lock(&store, soon()).unwrap().save(&snapshot(1, "x")).unwrap();
    assert_eq!(store.load().unwrap().unwrap().generation(), 1);

    // A password in the clear is refused before anything is sent.
    let url = "redis://:cxauth-canary-right@redis.example";
    let error = builder(url).build().unwrap_err();
    assert!(error.code() == ErrorCode::InvalidSetting && error.to_string().contains("rediss://"), "{error}");
    assert!(!format!("{error} {:?}", builder(url)).contains("canary"));
    builder(url).plain(true).build().unwrap();
    builder("rediss://:cxauth-canary-right@redis.example").build().unwrap();
    builder("redis://redis.example").build().unwrap();
}

pub(crate) fn settings() {
    let word = |builder: RedisBuilder| {
        let error = builder.build().unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidSetting);
        error.to_string()
    };
    assert!(word(builder("http://redis.example")).contains("address"));
    assert!(word(builder("redis://redis.example").prefix("a{b}")).contains("prefix"));
    assert!(word(builder("redis://redis.example").root_certificate("x")).contains("rediss://"));
    assert!(
        word(builder("rediss://redis.example").root_certificate("-----BEGIN CERTIFICATE-----"))
            .contains("PEM")
    );
    let text = keys().expose().to_owned();
    let seals: String = text.lines().filter(|line| !line.starts_with("names:")).collect();
    let unnamed = StoreKeys::from_text(&Secret::new(seals)).unwrap();
    assert!(word(Redis::builder("redis://redis.example", unnamed)).contains("names"));
}
