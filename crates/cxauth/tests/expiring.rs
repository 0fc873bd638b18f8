//! A token of a year that nothing renews before it ends: somebody must learn of it in time.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::EventKind;
use cxauth_sim::Platform;
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use support::World;

const DAY: u64 = 86_400;

/// The numbers by their names.
#[derive(Clone, Default)]
struct Numbers(Arc<Mutex<HashMap<String, Arc<AtomicU64>>>>);

impl Numbers {
    fn of(&self, name: &str) -> Arc<AtomicU64> {
        Arc::clone(self.0.lock().unwrap().entry(name.to_owned()).or_default())
    }

    fn count(&self, name: &str) -> u64 {
        self.of(name).load(Ordering::SeqCst)
    }

    fn level(&self, name: &str) -> f64 {
        f64::from_bits(self.count(name))
    }
}

impl Recorder for Numbers {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.of(key.name()))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.of(key.name()))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// The program does nothing but put the header into requests, from the cached token, once a day.
#[tokio::test]
async fn i35_the_end_of_a_year_is_told_30_14_7_and_1_days_before() {
    let numbers = Numbers::default();
    let _recording = metrics::set_default_local_recorder(&numbers);
    let world = World::new().await;
    world.configure(Platform::SangomaCx, |settings| settings.access_token_lifetime = 365 * DAY);
    let client = world.client("sangoma-cx/one-scope");
    let mut events = client.subscribe();
    let end = client.token().await.unwrap().expires_at().unwrap();
    client.settle().await;
    let mut told = Vec::new();
    for day in 1..365 {
        world.pass(DAY);
        assert!(client.with_header(|_, _| ()).is_some());
        while let Ok(event) = events.try_recv() {
            if event.kind == EventKind::Expiring {
                assert_eq!(event.until, Some(end));
                told.push(365 - day);
            }
        }
    }
    assert_eq!(told, [30, 14, 7, 1]);
    assert_eq!(numbers.count("cxauth_expiring_total"), 4);
    assert_eq!(numbers.level("cxauth_expiry_timestamp_seconds"), end.unix_millis() as f64 / 1000.0);
    assert_eq!(world.counters(Platform::SangomaCx).token_requests, 1);
}

#[tokio::test]
async fn what_renews_itself_in_time_is_no_news() {
    let world = World::new().await;
    let client = world.client("generic");
    let mut events = client.subscribe();
    for _ in 0..60 {
        client.token().await.unwrap();
        client.settle().await;
        world.pass(DAY);
    }
    let told = std::iter::from_fn(|| events.try_recv().ok());
    assert!(told.into_iter().all(|event| event.kind != EventKind::Expiring));
}
