//! Many callers, one renewal.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::{Action, Clock, ErrorCode, EventKind, Settings, State, Timestamp};
use cxauth_sim::{Effect, Endpoint, Fault, Platform, RetryAfter};
use std::{collections::HashSet, time::Duration};
use support::{World, soon};
use tokio::task::JoinSet;

const GENERIC: Platform = Platform::Generic;

/// All token requests wait until they are released.
fn hold(world: &World) {
    world.arm(Fault::new(Effect::Hold).at(Endpoint::Token).at(Endpoint::Refresh));
}

async fn token_requests(world: &World, count: u64) {
    world.wait_until(GENERIC, |journal| journal.counters.token_requests == count).await;
}

/// A thousand tasks ask while the answer is held back; all get the token that one request brought.
async fn a_thousand_ask(world: &World, client: &cxauth::Client) -> u64 {
    hold(world);
    let before = world.counters(GENERIC).token_requests;
    let mut tasks = JoinSet::new();
    for _ in 0..1000 {
        let client = client.clone();
        tasks.spawn(async move { client.token().await.unwrap().generation() });
    }
    token_requests(world, before + 1).await;
    world.clear_faults();
    let generations: HashSet<u64> = soon(tasks.join_all()).await.into_iter().collect();
    assert_eq!(generations.len(), 1);
    assert_eq!(world.counters(GENERIC).token_requests, before + 1);
    generations.into_iter().next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_a_thousand_callers_make_one_request() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| settings.refresh_tokens = false);
    let client = world.client("generic");
    assert_eq!(a_thousand_ask(&world, &client).await, 1);
    world.pass(7200);
    assert_eq!(a_thousand_ask(&world, &client).await, 2);
    world.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn i03_i05_a_thousand_callers_use_a_rotating_refresh_token_once() {
    let world = World::new().await;
    let client = world.client("generic/password");
    for round in 1..=5 {
        assert_eq!(a_thousand_ask(&world, &client).await, round);
        world.pass(7200);
    }
    let counters = world.counters(GENERIC);
    assert_eq!((counters.refresh_requests, counters.reuse_detections), (4, 0));
    world.assert_no_violations();
}

#[tokio::test]
async fn i24_a_cancelled_caller_cancels_nothing() {
    let world = World::new().await;
    let client = world.client("generic");
    hold(&world);
    let leader = tokio::spawn({
        let client = client.clone();
        async move { client.token().await }
    });
    token_requests(&world, 1).await;
    let follower = tokio::spawn({
        let client = client.clone();
        async move { client.token().await }
    });
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    world.clear_faults();
    assert_eq!(soon(follower).await.unwrap().unwrap().generation(), 1);
    assert_eq!(world.counters(GENERIC).token_requests, 1);
}

#[tokio::test]
async fn i24_when_the_last_caller_is_gone_the_result_is_kept() {
    let world = World::new().await;
    let client = world.client("generic");
    hold(&world);
    let caller = tokio::spawn({
        let client = client.clone();
        async move { client.token().await }
    });
    token_requests(&world, 1).await;
    caller.abort();
    world.clear_faults();
    soon(client.settle()).await;
    assert_eq!(client.with_token(|token| token.generation()), Some(1));
    assert_eq!(client.token().await.unwrap().generation(), 1);
    assert_eq!(world.counters(GENERIC).token_requests, 1);
}

#[test]
fn i24_a_runtime_that_ends_leaves_the_renewal_to_others() {
    let world = World::with(cxauth_sim::Simulator::start_blocking().unwrap());
    let client = world.client("generic");
    hold(&world);
    let first = tokio::runtime::Runtime::new().unwrap();
    let caller = client.clone();
    first.spawn(async move { caller.token().await });
    first.block_on(token_requests(&world, 1));
    first.shutdown_timeout(Duration::from_secs(10));
    world.clear_faults();
    // Which of its tasks a runtime ends first is its own affair: the renewal may have seen its connection end before it ended
    // itself, and then it waits for the back-off.
    world.pass(2);
    let second = tokio::runtime::Runtime::new().unwrap();
    assert_eq!(second.block_on(soon(client.token())).unwrap().generation(), 1);
    assert_eq!(world.counters(GENERIC).token_requests, 2);
}

#[tokio::test]
async fn i25_a_renewal_that_hangs_is_led_by_another_after_its_deadline() {
    let world = World::new().await;
    let client = world.client("generic");
    world.arm(Fault::new(Effect::Hold).at(Endpoint::Token).times(1));
    let caller = tokio::spawn({
        let client = client.clone();
        async move { client.token().await }
    });
    token_requests(&world, 1).await;
    world.pass(61);
    assert!(soon(caller).await.unwrap().is_ok());
    assert_eq!(world.counters(GENERIC).token_requests, 2);
    // The late answer of the first one changes nothing.
    world.release();
    soon(client.settle()).await;
    assert!(client.token().await.is_ok());
    assert_eq!(world.counters(GENERIC).token_requests, 2);
}

#[tokio::test]
async fn who_has_a_usable_token_does_not_wait_for_the_next_one() {
    let world = World::new().await;
    let client = world.client("generic");
    client.token().await.unwrap();
    world.pass(3000);
    hold(&world);
    assert_eq!(client.token().await.unwrap().generation(), 1);
    token_requests(&world, 2).await;
    assert_eq!(client.token().await.unwrap().generation(), 1);
    assert_eq!(client.status().state, State::RenewingEarly);
    world.clear_faults();
    soon(client.settle()).await;
    assert_eq!(client.token().await.unwrap().generation(), 2);
    assert_eq!(world.counters(GENERIC).token_requests, 2);
}

#[tokio::test]
async fn i09_a_usable_token_survives_an_outage() {
    let world = World::new().await;
    let client = world.client("generic");
    let mut events = client.subscribe();
    client.token().await.unwrap();
    world.pass(3000);
    world.arm(Fault::new(Effect::Status { status: 503, headers: vec![], body: String::new() }));
    for _ in 0..100 {
        assert_eq!(client.token().await.unwrap().generation(), 1);
        client.settle().await;
        world.pass(5);
    }
    assert!(world.counters(GENERIC).token_requests < 20);
    let kinds: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).map(|event| event.kind).collect();
    assert_eq!(kinds[..2], [EventKind::Renewed, EventKind::Degraded]);
    world.clear_faults();
    world.pass(600);
    assert_eq!(soon(client.token()).await.unwrap().generation(), 2);
}

#[tokio::test]
async fn a_wait_comes_at_once_or_is_waited_for_with_patience() {
    let world = World::new().await;
    let limited = Effect::RateLimit { status: 429, retry_after: RetryAfter::Seconds(30) };
    world.arm(Fault::new(limited).times(2));
    let hasty = world.client("generic");
    let error = hasty.token().await.unwrap_err();
    assert_eq!((error.code(), error.action()), (ErrorCode::RateLimited, Action::Retry));
    assert_eq!(error.retry_at().unwrap().millis_since(world.clock.now()), 30_000);

    let patient = world.builder("generic").patience(Duration::from_secs(3600)).build().unwrap();
    let caller = tokio::spawn({
        let patient = patient.clone();
        async move { patient.token().await }
    });
    token_requests(&world, 2).await;
    soon(patient.settle()).await;
    assert!(!caller.is_finished());
    world.pass(31);
    assert_eq!(soon(caller).await.unwrap().unwrap().generation(), 1);
    assert_eq!(world.counters(GENERIC).token_requests, 3);
}

#[tokio::test]
async fn i18_a_verdict_is_not_asked_again() {
    let world = World::new().await;
    let client = world
        .with_settings("generic/password", Settings::default().password("cxauth-canary-wrong"))
        .build()
        .unwrap();
    for _ in 0..5 {
        let error = client.token().await.unwrap_err();
        assert_eq!((error.code(), error.action()), (ErrorCode::InvalidGrant, Action::SignIn));
        world.pass(86_400);
    }
    assert_eq!(world.counters(GENERIC).token_requests, 1);
    assert_eq!(client.status().why.unwrap().code(), ErrorCode::InvalidGrant);
}

#[tokio::test]
async fn i23_a_clock_that_is_set_back_lengthens_no_life() {
    let world = World::new().await;
    let client = world.client("generic");
    client.token().await.unwrap();
    for _ in 0..4 {
        world.pass(500);
        assert_eq!(client.token().await.unwrap().generation(), 1);
    }
    assert_eq!(world.counters(GENERIC).token_requests, 1);
    // Only the client's clock: the server's goes on.
    let now = world.clock.now();
    world.clock.set(Timestamp::from_unix_millis(now.unix_millis() - 1_500_000));
    assert_eq!(client.token().await.unwrap().generation(), 1);
    soon(client.settle()).await;
    assert_eq!(client.token().await.unwrap().generation(), 2);
    assert_eq!(world.counters(GENERIC).token_requests, 2);
}

#[tokio::test]
async fn background_renews_before_anybody_asks_and_stops_when_nobody_does() {
    let world = World::new().await;
    let client = world.builder("generic").background(true).build().unwrap();
    client.token().await.unwrap();
    // The hot path is asking too.
    for round in 1..=3 {
        assert!(soon(client.token()).await.is_ok());
        world.pass(2900);
        token_requests(&world, round + 1).await;
        soon(client.settle()).await;
    }
    while client.status().next_wakeup.is_some() {
        world.pass(1000);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        soon(client.settle()).await;
    }
    let quiet = world.counters(GENERIC).token_requests;
    assert!(quiet <= 7, "{quiet} requests although nobody asked");
    world.pass(100_000);
    assert!(client.with_token(|_| ()).is_none());
    assert_eq!(world.counters(GENERIC).token_requests, quiet);
    soon(client.token()).await.unwrap();
}

#[tokio::test]
async fn background_ends_with_the_client() {
    let world = World::new().await;
    let client = world.builder("generic").background(true).build().unwrap();
    client.token().await.unwrap();
    let mut events = client.subscribe();
    drop(client);
    world.pass(2900);
    // The last sender is gone: nobody keeps the session any more.
    while soon(events.recv()).await.is_ok() {}
}

#[test]
fn i24_a_caller_without_a_runtime_leaves_nothing_behind() {
    let world = World::with(cxauth_sim::Simulator::start_blocking().unwrap());
    let client = world.client("generic");
    let asking = std::thread::spawn({
        let client = client.clone();
        move || {
            let mut future = std::pin::pin!(client.token());
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let _ = future.as_mut().poll(&mut context);
        }
    });
    assert!(asking.join().is_err(), "it panics");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert!(runtime.block_on(soon(client.token())).is_ok());
    assert_eq!(world.counters(GENERIC).token_requests, 1);
}

/// R81.
#[tokio::test]
async fn each_set_of_scopes_has_a_session_of_its_own() {
    let world = World::new().await;
    let client = world.client("sangoma-cx/one-scope");
    let sangoma = |world: &World| world.counters(Platform::SangomaCx).token_requests;
    let own = client.token().await.unwrap();
    assert_eq!(own.scopes(), Some(&["cx.agent-calls".to_owned()][..]));
    let same = client.token_for(["cx.agent-calls"]).await.unwrap();
    assert_eq!(own.secret(), same.secret());
    assert_eq!(sangoma(&world), 1);
    let two = client.token_for(["cx.queue-calls", "cx.agent-calls"]).await.unwrap();
    let other_order = client.token_for(["cx.agent-calls", "cx.queue-calls"]).await.unwrap();
    assert_eq!(two.secret(), other_order.secret());
    assert_ne!(two.secret(), own.secret());
    assert_eq!(sangoma(&world), 2);
    let scoped = client.scoped(["cx.queue-calls"]).unwrap();
    let answer = scoped.request(http::Method::POST, "api/v1/queues/call/").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    world.assert_no_violations();
}

/// Callers come and go, requests fail in every way; whoever stays is answered.
#[tokio::test(flavor = "multi_thread")]
async fn i25_nobody_waits_for_ever() {
    let world = World::new().await;
    for (nth, effect) in (3_u64..).zip([
        Effect::Drop,
        Effect::Status { status: 500, headers: vec![], body: String::new() },
        Effect::Truncate { keep: 5 },
        Effect::OauthError {
            status: 400,
            error: "temporarily_unavailable".into(),
            description: String::new(),
        },
    ]) {
        world.arm(Fault::new(effect).on(GENERIC).at(Endpoint::Token).fraction(1.0 / nth as f64));
    }
    let client = world.builder("generic").build().unwrap();
    let mut tokens = 0;
    for round in 0..150_usize {
        let mut callers = Vec::new();
        for _ in 0..20 {
            let client = client.clone();
            callers.push(tokio::spawn(async move { client.token().await.is_ok() }));
        }
        callers[round % 20].abort();
        callers[(round * 7) % 20].abort();
        for caller in callers {
            tokens += usize::from(soon(caller).await.unwrap_or(false));
        }
        world.pass(400);
    }
    assert!(tokens > 1000, "{tokens}");
    world.clear_faults();
    world.pass(4000);
    assert!(soon(client.token()).await.is_ok());
    world.assert_no_violations();
}
