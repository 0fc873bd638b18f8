//! The backend route of `docs/backend.md`, word for word.
#![allow(clippy::unwrap_used, missing_docs)]

#[allow(unreachable_pub)]
mod route;
#[path = "../support/mod.rs"]
mod support;

use axum::http::HeaderMap;
use cxauth_sim::{Effect, Endpoint, Fault, Platform};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use std::{fs, path::Path};
use support::World;

const PLATFORM: Platform = Platform::CiscoCxCloud;
const ORIGIN: &str = "https://app.example";

/// Serves the route and returns its address.
async fn serve(world: &World) -> String {
    let is_signed_in =
        |headers: &HeaderMap| headers.get("cookie").is_some_and(|cookie| cookie == "session=1");
    let routes = route::routes(world.client("cisco-cx-cloud"), is_signed_in);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/token", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn ask(address: &str, origin: &str, cookie: &str) -> Response {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.post(address).header("origin", origin).header("cookie", cookie).send().await.unwrap()
}

/// R77.
#[tokio::test]
async fn a_signed_in_page_gets_the_token_and_nothing_more() {
    let world = World::new().await;
    let address = serve(&world).await;
    for _ in 0..2 {
        let answer = ask(&address, ORIGIN, "session=1").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
        let expires_in = answer["expiresIn"].as_i64().unwrap();
        assert!((1..=3600).contains(&expires_in), "{expires_in}");
        let devices = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = world.base(PLATFORM) + "/cs/api/v2/inventory/hardware?customerId=1";
        let devices = devices.get(url).bearer_auth(answer["accessToken"].as_str().unwrap());
        assert_eq!(devices.send().await.unwrap().status(), StatusCode::OK);
    }
    assert_eq!(world.counters(PLATFORM).token_requests, 1);
    world.assert_no_violations();
}

/// R77.
#[tokio::test]
async fn nobody_else_gets_it() {
    let world = World::new().await;
    let address = serve(&world).await;
    for (origin, cookie, status) in [
        ("https://evil.example", "session=1", StatusCode::FORBIDDEN),
        ("null", "session=1", StatusCode::FORBIDDEN),
        (ORIGIN, "session=2", StatusCode::UNAUTHORIZED),
    ] {
        let answer = ask(&address, origin, cookie).await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.text().await.unwrap(), "");
    }
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.get(&address).send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(world.counters(PLATFORM).token_requests, 0);
}

#[tokio::test]
async fn why_there_is_no_token_stays_in_the_backend() {
    let world = World::new().await;
    let refused =
        Effect::OauthError { status: 401, error: "invalid_client".into(), description: "why".into() };
    world.arm(Fault::new(refused).at(Endpoint::Token));
    let answer = ask(&serve(&world).await, ORIGIN, "session=1").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.text().await.unwrap(), "");
}

#[test]
fn the_page_shows_this_route() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/backend.md");
    let page = fs::read_to_string(page).unwrap();
    let shown = page.split("```rust\n").nth(1).and_then(|rest| rest.split("```\n").next());
    assert_eq!(shown, Some(include_str!("route.rs")));
}
