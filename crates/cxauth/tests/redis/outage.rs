//! Servers that are away, come back, and forget.

use crate::{
    fleet::{keys, round, world},
    late::{connection, snapshot, soon},
    server::{Server, eventually},
    support::World,
    worker::{Impatient, Process, same_token, shared_runtime},
};
use cxauth::{
    Client, ErrorCode, EventKind,
    store::{Locked, Redis, RedisStore, Store, StoreError, StoreKeys},
};
use cxauth_sim::{Platform, Simulator};
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::TcpListener,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const DURABLE: &[&str] = &["--appendonly", "yes", "--appendfsync", "always"];

pub(crate) fn alone() {
    let mut server = Server::start(DURABLE);
    // Every process may ask for a token: there is no refresh token that two could spend.
    let (world, mut plan) = world("cloudlx", server.url());
    plan.alone_after = Some(Duration::from_millis(100));
    let mut processes = Process::start_all(2, &plan);
    let requests = || world.counters(Platform::CloudLx).token_requests;
    let first = same_token(&round(&mut processes, &world, || {}));
    assert_eq!(requests(), 1);

    server.kill();
    world.pass(60);
    assert_eq!(same_token(&round(&mut processes, &world, || {})), first, "a valid token keeps working");
    assert_eq!(requests(), 1);
    world.pass(7200);
    let rounds = round(&mut processes, &world, || {});
    for round in &rounds {
        // One request a process, not one a worker: its turn is local.
        same_token(std::slice::from_ref(round));
        assert!(round.degraded.iter().any(|why| why.contains("unreachable")), "{round:?}");
    }
    assert_eq!(requests(), 3);

    server.restart();
    let second = format!("{:020}", 2);
    eventually("a set made alone is brought there", || (server.stored()?.0 == second).then_some(()));
    // Each worker finds it again by itself, and from then on one renews for all, three times in a row: until the last one has
    // found it, a round may look like that by chance.
    eventually("all use it again", || {
        (0..3)
            .all(|_| {
                let before = requests();
                world.pass(7200);
                let rounds = round(&mut processes, &world, || {});
                let tokens: BTreeSet<_> = rounds.iter().flat_map(|round| &round.tokens).collect();
                tokens.len() == 1 && requests() == before + 1
            })
            .then_some(())
    });
    world.assert_no_violations();
}

pub(crate) fn never_alone() {
    let mut server = Server::start(DURABLE);
    let (world, mut plan) = world("generic/password", server.url());
    plan.workers = 2;
    let mut processes = Process::start_all(2, &plan);
    let first = same_token(&round(&mut processes, &world, || {}));
    server.kill();
    world.pass(60);
    assert_eq!(same_token(&round(&mut processes, &world, || {})), first);
    // It comes back while they wait for it.
    world.pass(7200);
    let rounds = round(&mut processes, &world, || {
        let counters = world.counters(Platform::Generic);
        assert_eq!(counters.token_requests, 1);
        server.restart();
    });
    same_token(&rounds);
    let counters = world.counters(Platform::Generic);
    assert_eq!((counters.token_requests, counters.reuse_detections), (2, 0));
    world.assert_no_violations();

    // And it does not: the error says which server and what is done about it, and nothing was sent.
    server.kill();
    world.pass(7200);
    let runtime = shared_runtime();
    let store =
        builder(&server.url()).never_alone().build().unwrap().store(&world.connection("generic/password"));
    let client =
        world.builder("generic/password").store(Impatient(Arc::new(store), Duration::from_millis(200)));
    let error = runtime.block_on(client.build().unwrap().token()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::StoreUnavailable);
    let text = error.to_string();
    assert!(text.contains(&server.url()) && text.contains("tried again"), "{text}");
    assert_eq!(world.counters(Platform::Generic).token_requests, 2);
}

pub(crate) fn refresh_tokens_are_spared() {
    let mut server = Server::start(DURABLE);
    let (world, mut plan) = world("generic/password", server.url());
    plan.workers = 2;
    plan.alone_after = Some(Duration::from_millis(100));
    let mut processes = Process::start_all(4, &plan);
    same_token(&round(&mut processes, &world, || {}));
    server.kill();
    // Two processes that cannot see each other would send the same one.
    for _ in 0..3 {
        world.pass(7200);
        for round in round(&mut processes, &world, || {}) {
            assert!(round.tokens.iter().all(|token| token.contains("unreachable")), "{round:?}");
        }
    }
    assert_eq!(world.counters(Platform::Generic).token_requests, 1);
    server.restart();
    let rounds = eventually("the fleet works again", || {
        world.pass(7200);
        let rounds = round(&mut processes, &world, || {});
        rounds.iter().all(|round| !round.tokens[0].starts_with('!')).then_some(rounds)
    });
    same_token(&rounds);
    let counters = world.counters(Platform::Generic);
    assert_eq!((counters.reuse_detections, counters.families_revoked), (0, 0));
    world.assert_no_violations();
}

fn builder(url: &str) -> cxauth::store::RedisBuilder {
    Redis::builder(url, StoreKeys::from_text(&keys()).unwrap())
}

/// Something listens, and hangs up at once.
fn hangs_up() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counter.fetch_add(1, Ordering::SeqCst);
            drop(stream);
        }
    });
    (port, calls)
}

pub(crate) fn is_not_hammered() {
    let (port, calls) = hangs_up();
    let world = World::with(Simulator::start_blocking().unwrap());
    let runtime = shared_runtime();
    let url = format!("redis://127.0.0.1:{port}");
    let redis = builder(&url).alone_after(Duration::ZERO).build().unwrap();
    let clients: Vec<Client> = (0..4)
        .map(|_| {
            let store = redis.store(&world.connection("cloudlx"));
            world.builder("cloudlx").store(store).build().unwrap()
        })
        .collect();
    let start = Instant::now();
    for _ in 0..50 {
        for client in &clients {
            runtime.block_on(client.token()).unwrap();
            runtime.block_on(client.settle());
        }
        world.pass(7200);
    }
    // The pauses grow to two seconds, whatever is asked meanwhile; a try may take two connections, and giving
    // back and bringing a set there are tries as well.
    let tries = 4 + start.elapsed().as_secs() as usize;
    let calls = calls.load(Ordering::SeqCst);
    assert!(calls >= 1 && calls <= 4 * tries, "{calls} connections in {:?}", start.elapsed());
    assert_eq!(
        world.counters(Platform::CloudLx).token_requests,
        50,
        "and one renewal a lifetime, not one a client"
    );
}

fn lock(store: &RedisStore) -> Box<dyn Locked> {
    Store::lock(store, soon()).unwrap()
}

pub(crate) fn a_lost_write() {
    let server = Server::start(&[]);
    let store = builder(&server.url()).build().unwrap().store(&connection());
    lock(&store).save(&snapshot(1, "one")).unwrap();
    let old = server.stored().unwrap();
    lock(&store).save(&snapshot(2, "two")).unwrap();
    // A replica took over that did not have the last write.
    server.store("generation", old.0.as_bytes());
    server.store("sealed", &old.1);
    assert_eq!(store.load().unwrap().unwrap().generation(), 1);
    assert_eq!(lock(&store).load().unwrap().unwrap().generation(), 2);
    assert_eq!(store.load().unwrap().unwrap().generation(), 2);
}

pub(crate) fn a_server_that_dies_before_the_save() {
    let mut server = Server::start(DURABLE);
    let store = builder(&server.url()).build().unwrap().store(&connection());
    let mut locked = lock(&store);
    locked.save(&snapshot(1, "one")).unwrap();
    server.kill();
    // It is tried for a while, and then it is late but not lost.
    let away = locked.save(&snapshot(2, "two")).unwrap_err();
    assert!(matches!(away, StoreError::Unreachable { .. }), "{away}");
    drop(locked);
    server.restart();
    eventually("the set is brought there", || (server.stored()?.0 == format!("{:020}", 2)).then_some(()));
}

pub(crate) fn replicas() {
    let master = Server::start(&[]);
    let store = builder(&master.url()).replicas(1).timeout(Duration::from_millis(500)).build().unwrap();
    let store = store.store(&connection());
    let mut locked = lock(&store);
    let alone = locked.save(&snapshot(1, "one")).unwrap_err();
    assert!(
        matches!(&alone, StoreError::Unreachable { why, .. } if why.contains("0 of 1 replicas")),
        "{alone}"
    );
    let port = master.port.to_string();
    let replica = Server::start(&["--replicaof", "127.0.0.1", &port]);
    eventually("a replica has it", || locked.save(&snapshot(1, "one")).ok());
    assert_eq!(replica.stored(), master.stored());
    drop(locked);
    // A replica that nobody told to be a master refuses writes: it is away, not wrong.
    let store = builder(&replica.url()).never_alone().build().unwrap().store(&connection());
    let refused = Store::lock(&store, Instant::now()).map(drop).unwrap_err();
    assert!(matches!(&refused, StoreError::Unreachable { why, .. } if why.contains("READONLY")), "{refused}");
}

/// The numbers that this crate counts, by their names.
#[derive(Clone, Default)]
struct Numbers(Arc<Mutex<BTreeMap<String, f64>>>);

struct Number(Numbers, String);

impl Number {
    fn change(&self, change: impl FnOnce(f64) -> f64) {
        let mut numbers = self.0.0.lock().unwrap();
        let number = numbers.entry(self.1.clone()).or_default();
        *number = change(*number);
    }
}

impl CounterFn for Number {
    fn increment(&self, value: u64) {
        self.change(|number| number + value as f64);
    }

    fn absolute(&self, value: u64) {
        self.change(|_| value as f64);
    }
}

impl GaugeFn for Number {
    fn increment(&self, value: f64) {
        self.change(|number| number + value);
    }

    fn decrement(&self, value: f64) {
        self.change(|number| number - value);
    }

    fn set(&self, value: f64) {
        self.change(|_| value);
    }
}

impl Recorder for Numbers {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::new(Number(self.clone(), name(key))))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(Arc::new(Number(self.clone(), name(key))))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

fn name(key: &Key) -> String {
    let labels: Vec<_> = key.labels().map(|label| format!(" {}={}", label.key(), label.value())).collect();
    format!("{}{}", key.name(), labels.concat())
}

pub(crate) fn is_reported() {
    // A program has one recorder.
    static NUMBERS: LazyLock<Numbers> = LazyLock::new(|| {
        let numbers = Numbers::default();
        metrics::set_global_recorder(numbers.clone()).map_err(|_| "a recorder is there").unwrap();
        numbers
    });
    let numbers = NUMBERS.clone();
    let number = |name: &str, url: &str| {
        numbers.0.lock().unwrap().get(&format!("{name} store={url}")).copied().unwrap_or(f64::NAN)
    };
    let mut server = Server::start(DURABLE);
    let url = server.url();
    let world = World::with(Simulator::start_blocking().unwrap());
    let runtime = shared_runtime();
    let store =
        builder(&url).alone_after(Duration::ZERO).build().unwrap().store(&world.connection("cloudlx"));
    let client = world.builder("cloudlx").store(store.clone()).build().unwrap();
    let mut events = client.subscribe();
    server.kill();
    runtime.block_on(client.token()).unwrap();
    runtime.block_on(client.settle());
    let events: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).collect();
    let warning = events.iter().find(|event| event.kind == EventKind::Degraded).expect("a warning");
    assert_eq!(warning.error.as_ref().unwrap().code(), ErrorCode::StoreUnavailable);
    assert_eq!(number("cxauth_store_unreachable_total", &url), 1.0, "once an outage: {:?}", numbers.0);
    assert_eq!(number("cxauth_store_up", &url), 0.0);
    server.restart();
    eventually("the set is there", || server.stored());
    eventually("and the gauge says so", || (number("cxauth_store_up", &url) == 1.0).then_some(()));
    assert_eq!(number("cxauth_store_unreachable_total", &url), 1.0);
}
