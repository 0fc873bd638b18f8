//! The grants that need nobody: a token exchange, an assertion of somebody's.

use crate::{nothing, support::World};
use cxauth::{ErrorCode, SecretSource, Settings};
use cxauth_sim::Platform;
use serde_json::json;

#[tokio::test]
async fn a_token_is_exchanged() {
    let world = World::new().await;
    let client = world.further("token-exchange", &nothing()).build().unwrap();
    assert_eq!(client.get("items?page=1").await.unwrap().status(), 200);
    assert_eq!(world.requests_with("token_exchange"), 1);
    world.assert_no_violations();
}

#[tokio::test]
async fn an_assertion_is_a_grant() {
    let world = World::new().await;
    let client = world.further("jwt-bearer", &nothing()).build().unwrap();
    assert_eq!(client.get("items?page=1").await.unwrap().status(), 200);
    assert_eq!(world.requests_with("jwt_bearer"), 1);
    world.assert_no_violations();
}

/// It works once and not for long: a function brings a new one for each request.
#[tokio::test]
async fn a_new_assertion_is_read_for_each_request() {
    let world = World::new().await;
    let assertion = json!({ "assertion": { "function": "issuer" } });
    let simulator = world.simulator.further_connections();
    assert!(simulator["generic/jwt-bearer"]["assertion"].is_string());
    let control = std::sync::Arc::new(world);
    let asked = control.clone();
    let client = control
        .further("jwt-bearer", &assertion)
        .secret_function("issuer", move || {
            let connection = asked.simulator.further_connections()["generic/jwt-bearer"].clone();
            let assertion = connection["assertion"].as_str().map(cxauth::Secret::new);
            async move { assertion.ok_or("none") }
        })
        .build()
        .unwrap();
    for round in 1..=3 {
        assert_eq!(client.get("items?page=1").await.unwrap().status(), 200);
        assert_eq!(control.counters(Platform::Generic).token_requests_accepted, round);
        control.pass(3600);
    }
    control.assert_no_violations();
}

#[tokio::test]
async fn an_assertion_that_is_refused_says_so() {
    let world = World::new().await;
    let client =
        world.further("jwt-bearer", &json!({ "assertion": "cxauth-canary-assertion" })).build().unwrap();
    let error = client.token().await.unwrap_err();
    assert!(matches!(error.code(), ErrorCode::GrantRefused | ErrorCode::InvalidGrant), "{error}");
    assert!(!error.to_string().contains("canary"));
    client.change(Settings::default().assertion(SecretSource::Environment("CXAUTH_NOT_SET".into()))).unwrap();
    assert_eq!(client.token().await.unwrap_err().code(), ErrorCode::SecretUnreadable);
}
