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
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

fn builder(url: &str) -> RedisBuilder {
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

/// As docs/stores.md has it.
fn documented_rights() -> String {
    let page = include_str!("../../../../docs/stores.md");
    let line = page
        .lines()
        .find(|line| line.contains("ACL SETUSER cxauth"))
        .expect("docs/stores.md shows the rights");
    line.trim().to_owned()
}

pub(crate) fn rights() {
    let server = Server::start(&[]);
    let mut words = documented_rights();
    words = words.replace("PASSWORD", "cxauth-canary-acl");
    let mut words = words.split(' ');
    let mut command = redis::cmd(words.next().unwrap());
    words.for_each(|word| {
        command.arg(word);
    });
    let () = server.ask(&mut command);
    let redis = builder(&server.url()).username("cxauth").password("cxauth-canary-acl").build().unwrap();
    let store = redis.store(&connection());
    let mut locked = Store::lock(&store, soon()).unwrap();
    locked.save(&snapshot(1, "x")).unwrap();
    assert_eq!(locked.load().unwrap().unwrap().generation(), 1);
    drop(locked);
    assert!(server.key(":lease").is_none());
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

fn openssl(folder: &Path, arguments: &str) {
    let mut command = Command::new("openssl");
    command
        .current_dir(folder)
        .args(arguments.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    assert!(command.status().unwrap().success(), "openssl {arguments}");
}

/// An authority, and certificates of it for both sides.
fn certificates(folder: &Path) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(folder, &format!("req -x509 {key} -days 30 -subj /CN=authority -keyout ca.key -out ca.pem"));
    for (name, extension) in
        [("server", "subjectAltName=IP:127.0.0.1"), ("client", "subjectAltName=DNS:client")]
    {
        std::fs::write(folder.join(format!("{name}.ext")), extension).unwrap();
        openssl(folder, &format!("req {key} -subj /CN={name} -keyout {name}.key -out {name}.csr"));
        openssl(
            folder,
            &format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile {name}.ext \
                 -out {name}.pem"
            ),
        );
    }
}

pub(crate) fn over_tls() {
    let server = Server::start_with(|folder| {
        certificates(folder);
        let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let options = [
            ("--port", "0".to_owned()),
            ("--tls-port", "PORT".to_owned()),
            ("--tls-cert-file", file("server.pem")),
            ("--tls-key-file", file("server.key")),
            ("--tls-ca-cert-file", file("ca.pem")),
            ("--tls-auth-clients", "yes".to_owned()),
            ("--requirepass", "cxauth-canary-tls".to_owned()),
        ];
        options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
    });
    let url = format!("rediss://127.0.0.1:{}", server.port);
    let trusting = || builder(&url).password("cxauth-canary-tls").root_certificate(server.file("ca.pem"));
    let key = || Secret::new(String::from_utf8(server.file("client.key")).unwrap());
    let redis = trusting().client_certificate(server.file("client.pem"), key()).build().unwrap();
    let store = redis.store(&connection());
    let mut locked = Store::lock(&store, soon()).unwrap();
    locked.save(&snapshot(1, "x")).unwrap();
    assert_eq!(locked.load().unwrap().unwrap().generation(), 1);
    drop(locked);

    // An authority that nobody named, a name that the certificate does not have, a client that shows none, no TLS at all.
    let unknown = builder(&url).client_certificate(server.file("client.pem"), key());
    let another_name =
        Redis::builder(&url.replace("127.0.0.1", "localhost"), StoreKeys::from_text(&keys()).unwrap())
            .root_certificate(server.file("ca.pem"))
            .client_certificate(server.file("client.pem"), key());
    let in_the_clear = builder(&url.replace("rediss", "redis"));
    for builder in [unknown, another_name, trusting(), in_the_clear] {
        let redis = builder.password("cxauth-canary-tls").never_alone().build().unwrap();
        let error = Store::lock(&redis.store(&connection()), Instant::now()).map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
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
