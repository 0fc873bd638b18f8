//! Signing in on another device.

use crate::{
    nothing,
    support::{World, soon},
};
use cxauth::{Action, Client, Clock, DevicePrompt, Error, ErrorCode, ManualClock, Sleep, Timestamp};
use cxauth_sim::{DeviceDecision, Effect, Endpoint, Fault, Platform, RetryAfter};
use std::sync::Arc;
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
};

/// The world's clock, which counts the sleepers: a poll was dealt with when the next pause has begun.
struct Watched(ManualClock, Arc<watch::Sender<u64>>);

impl Clock for Watched {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep {
        self.1.send_modify(|sleepers| *sleepers += 1);
        self.0.sleep_until(moment)
    }
}

struct Signing {
    world: Arc<World>,
    client: Client,
    prompt: DevicePrompt,
    task: JoinHandle<Result<(), Error>>,
    sleepers: watch::Receiver<u64>,
}

impl Signing {
    async fn begin(way: &str, world: World) -> Self {
        let (count, sleepers) = watch::channel(0);
        let clock = Watched(world.clock.clone(), Arc::new(count));
        let client = world.further(way, &nothing()).clock(clock).build().unwrap();
        let (show, shown) = oneshot::channel();
        let signing = client.clone();
        let task = tokio::spawn(async move {
            signing.sign_in_on_device(|prompt| show.send(prompt.clone()).unwrap()).await
        });
        let prompt = soon(shown).await.unwrap();
        let signing = Self { world: Arc::new(world), client, prompt, task, sleepers };
        signing.paused(1).await;
        signing
    }

    /// Waits until it pauses for the n-th time.
    async fn paused(&self, nth: u64) {
        let mut sleepers = self.sleepers.clone();
        soon(sleepers.wait_for(|sleepers| *sleepers >= nth)).await.unwrap();
    }

    /// Lets time pass, and waits until the server has been asked for the n-th time.
    async fn polled(&self, seconds: u64, times: u64) {
        self.paused(times).await;
        self.world.pass(seconds);
        let polled = self.world.wait_until(Platform::Generic, |journal| {
            journal.counters.token_requests_by_grant.values().sum::<u64>() >= times
        });
        soon(polled).await;
    }

    fn polls(&self) -> u64 {
        self.world.counters(Platform::Generic).token_requests
    }

    fn decide(&self, decision: DeviceDecision) {
        self.world.decide_device(Some(self.prompt.user_code()), decision).unwrap();
    }
}

/// R85: no poll comes too early, and `slow_down` adds 5 s.
#[tokio::test]
async fn the_server_is_asked_as_often_as_it_says() {
    for way in ["device-code", "public-device-code"] {
        let signing = Signing::begin(way, World::new().await).await;
        assert!(signing.prompt.verification_uri().starts_with("http"));
        assert!(signing.prompt.verification_uri_complete().unwrap().contains(signing.prompt.user_code()));
        signing.world.pass(4);
        assert_eq!(signing.polls(), 0);
        signing.polled(1, 1).await;
        signing.decide(DeviceDecision::SlowDown);
        signing.polled(5, 2).await;
        signing.paused(3).await;
        signing.world.pass(9);
        assert_eq!(signing.polls(), 2);
        signing.decide(DeviceDecision::Approve);
        signing.polled(1, 3).await;
        soon(signing.task).await.unwrap().unwrap();
        assert_eq!(signing.client.get("items?page=1").await.unwrap().status(), 200);
        signing.world.assert_no_violations();
    }
}

#[tokio::test]
async fn a_person_who_says_no_ends_it() {
    let signing = Signing::begin("device-code", World::new().await).await;
    signing.decide(DeviceDecision::Deny);
    signing.polled(5, 1).await;
    let error = soon(signing.task).await.unwrap().unwrap_err();
    assert_eq!((error.code(), error.action()), (ErrorCode::AuthorizationRefused, Action::SignIn));
    assert_eq!(signing.client.token().await.unwrap_err().action(), Action::SignIn);
}

#[tokio::test]
async fn a_code_that_ended_ends_it() {
    let signing = Signing::begin("device-code", World::new().await).await;
    signing.decide(DeviceDecision::Expire);
    signing.polled(5, 1).await;
    let error = soon(signing.task).await.unwrap().unwrap_err();
    assert_eq!((error.code(), error.action()), (ErrorCode::SignInExpired, Action::SignIn));

    // The same by the clock, without asking once more.
    let signing = Signing::begin("device-code", World::new().await).await;
    signing.world.pass(601);
    let error = soon(signing.task).await.unwrap().unwrap_err();
    assert_eq!(
        (error.code(), signing.world.counters(Platform::Generic).token_requests),
        (ErrorCode::SignInExpired, 0)
    );
}

/// R85, R86: failures stretch the interval, and `Retry-After` does.
#[tokio::test]
async fn a_server_in_trouble_is_asked_less_often() {
    let signing = Signing::begin("device-code", World::new().await).await;
    signing.world.arm(Fault::new(Effect::Drop).at(Endpoint::Token).times(1));
    signing.polled(5, 1).await;
    signing.paused(2).await;
    signing.world.pass(9);
    assert_eq!(signing.polls(), 1, "10 s now");
    let limit = Effect::RateLimit { status: 429, retry_after: RetryAfter::Seconds(60) };
    signing.world.arm(Fault::new(limit).at(Endpoint::Token).times(1));
    signing.polled(1, 2).await;
    signing.paused(3).await;
    signing.world.pass(59);
    assert_eq!(signing.polls(), 2);
    signing.decide(DeviceDecision::Approve);
    signing.polled(1, 3).await;
    soon(signing.task).await.unwrap().unwrap();
    signing.world.assert_no_violations();
}

/// Whoever stops waiting stops the asking; another sign-in begins anew.
#[tokio::test]
async fn a_caller_that_leaves_ends_it() {
    let signing = Signing::begin("device-code", World::new().await).await;
    signing.task.abort();
    assert!(signing.task.await.unwrap_err().is_cancelled());
    signing.world.decide_device(None, DeviceDecision::Approve).unwrap();
    signing.world.pass(60);
    soon(signing.client.settle()).await;
    assert_eq!(signing.client.token().await.unwrap_err().action(), Action::SignIn);
    assert_eq!(signing.world.counters(Platform::Generic).token_requests, 0);
}

#[tokio::test]
async fn a_server_that_has_no_such_endpoint_is_named() {
    let world = World::new().await;
    let client = world.further("authorization-code", &nothing()).build().unwrap();
    let error = client.sign_in_on_device(|_| {}).await.unwrap_err();
    assert_eq!(error.detail(), Some("device_authorization_endpoint"));
}
