//! What the header field of a fresh token costs, beside the least that it could cost: reading a pointer and the time.
#![allow(clippy::unwrap_used, missing_docs)]

use arc_swap::ArcSwapOption;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cxauth::{Client, Connection, Grant, Provided, Settings};
use http::HeaderValue;
use std::{
    hint::black_box,
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// The least: a shared value with an end.
struct Bare(ArcSwapOption<(HeaderValue, u128)>);

impl Bare {
    fn length(&self) -> Option<usize> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let current = self.0.load();
        current.as_ref().filter(|current| now < current.1).map(|current| current.0.len())
    }
}

fn hot_path(criterion: &mut Criterion) {
    let settings = Settings::new("generic").grant(Grant::External);
    let client = Client::builder(Connection::new(settings).unwrap())
        .provide(|| async {
            Ok::<_, String>(Provided::new("t".repeat(900)).expires_in(Duration::from_secs(86_400)))
        })
        .build()
        .unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(client.token()).unwrap();
    let header = HeaderValue::from_str(&"t".repeat(907)).unwrap();
    let bare = Bare(ArcSwapOption::from_pointee((header, u128::MAX)));
    assert_eq!(client.with_header(|_, value| value.len()), bare.length());

    let mut group = criterion.benchmark_group("hot_path");
    group.throughput(Throughput::Elements(1));
    for threads in [1, 2] {
        group.bench_function(format!("bare/{threads}"), |bencher| {
            bencher.iter_custom(|turns| measure(threads, turns, || bare.length()));
        });
        group.bench_function(format!("header/{threads}"), |bencher| {
            bencher
                .iter_custom(|turns| measure(threads, turns, || client.with_header(|_, value| value.len())));
        });
    }
    group.finish();
}

/// How long so many turns take on each of the threads.
fn measure<T: Send>(threads: usize, turns: u64, turn: impl Fn() -> Option<T> + Sync) -> Duration {
    let start = Arc::new(Barrier::new(threads));
    let times = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                let (start, turn) = (Arc::clone(&start), &turn);
                scope.spawn(move || {
                    start.wait();
                    let began = Instant::now();
                    for _ in 0..turns {
                        assert!(black_box(turn()).is_some());
                    }
                    began.elapsed()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    times.into_iter().max().unwrap_or_default()
}

criterion_group!(benches, hot_path);
criterion_main!(benches);
