//! Requests to the API: where the token goes, where it does not, and what follows a refusal.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::{ErrorCode, Refusal, RequestError, Settings};
use cxauth_sim::{Effect, Endpoint, Fault, Platform, RedirectTarget};
use http::{HeaderMap, Method};
use reqwest::Body;
use support::{World, soon};

const GENERIC: Platform = Platform::Generic;

fn api(effect: Effect) -> Fault {
    Fault::new(effect).at(Endpoint::Api)
}

fn unauthorized(challenge: &str) -> Effect {
    Effect::Unauthorized { challenge: Some(challenge.into()) }
}

fn status(status: u16, body: &str) -> Effect {
    let headers = vec![("content-type".into(), "application/json".into())];
    Effect::Status { status, headers, body: body.into() }
}

fn redirect(status: u16, to: RedirectTarget) -> Effect {
    Effect::Redirect { status, to }
}

#[tokio::test]
async fn a_path_is_enough_on_every_platform() {
    let world = World::new().await;
    for (name, path) in [
        ("generic", "items"),
        ("cloudcx", "user/page?pageIndex=1"),
        ("cloudcx/api-key", "/user/page"),
        ("cisco-cx-cloud", "inventory/hardware"),
        ("cloudlx", "services"),
    ] {
        let answer = world.client(name).get(path).await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
    }
    world.assert_no_violations();
}

/// R42.
#[tokio::test]
async fn i01_a_refused_destination_gets_nothing_at_all() {
    let world = World::new().await;
    let client = world.client("generic");
    for url in [
        world.base(Platform::Elsewhere) + "/api",
        "http://api.example/".into(),
        world.base(GENERIC).replace("http://", "http://user@") + "/api/items",
    ] {
        let request = || reqwest::Request::new(Method::GET, url.parse().unwrap());
        let error = client.execute(request()).await.unwrap_err();
        assert_eq!(error.token().unwrap().code(), ErrorCode::DestinationRefused, "{url}");
        let error = client.authorize(&mut request()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::DestinationRefused);
        let error = client.request(Method::GET, &url).send().await.unwrap_err();
        assert_eq!(error.token().unwrap().code(), ErrorCode::DestinationRefused);
    }
    assert_eq!(world.counters(GENERIC).requests, 0);
    assert_eq!(world.counters(Platform::Elsewhere).requests, 0);
}

/// R34, R35.
#[tokio::test]
async fn a_request_carries_one_credential_that_nothing_prints() {
    let world = World::new().await;
    let client = world.client("generic");
    let mut request =
        reqwest::Request::new(Method::GET, (world.api_base(GENERIC) + "items").parse().unwrap());
    request.headers_mut().insert("authorization", "Basic bW9yZQ==".parse().unwrap());
    request.headers_mut().append("authorization", "Bearer second".parse().unwrap());
    let token = client.authorize(&mut request).await.unwrap();
    assert_eq!(request.headers().get_all("authorization").iter().count(), 1);
    assert!(request.headers()["authorization"].is_sensitive());
    let printed = format!("{request:?} {token:?} {client:?}");
    assert!(!printed.contains(token.secret().expose()), "{printed}");
    assert_eq!(client.execute(request).await.unwrap().status(), 200);
    world.assert_no_violations();
}

/// R21, R39.
#[tokio::test]
async fn i16_a_refused_token_is_renewed_once_and_the_request_sent_once_more() {
    let world = World::new().await;
    let client = world.client("generic");
    client.token().await.unwrap();
    world.revoke_access_tokens(GENERIC);
    assert_eq!(client.get("items").await.unwrap().status(), 200);
    let counters = world.counters(GENERIC);
    assert_eq!((counters.token_requests, counters.api_requests), (2, 2));

    world.arm(api(Effect::Unauthorized { challenge: None }));
    let answer = client.get("items").await.unwrap();
    assert_eq!(answer.status(), 401);
    let counters = world.counters(GENERIC);
    assert_eq!(counters.api_requests, 3, "a young token that came from a refusal is not doubted again");
    assert_eq!(counters.token_requests, 2);
    world.assert_no_violations();
}

/// R39.
#[tokio::test]
async fn i16_a_request_is_sent_twice_at_most() {
    let world = World::new().await;
    let client = world.client("generic");
    world.arm(api(Effect::Unauthorized { challenge: None }).times(3));
    world.arm(api(Effect::Hold).skip(1).times(1));
    let calling = tokio::spawn({
        let client = client.clone();
        async move { client.get("items").await.unwrap().status() }
    });
    world.wait_until(GENERIC, |journal| journal.counters.api_requests == 2).await;
    // By now the second token is old enough for its refusal to be believed.
    world.pass(100);
    world.release();
    assert_eq!(soon(calling).await.unwrap(), 401);
    assert_eq!(world.counters(GENERIC).api_requests, 2);
}

#[tokio::test]
async fn a_refusal_that_another_token_would_not_change_is_left_alone() {
    let world = World::new().await;
    let client = world.client("generic");
    client.token().await.unwrap();
    for effect in [
        unauthorized("Bearer error=\"insufficient_scope\""),
        unauthorized("Bearer error=\"invalid_request\""),
        Effect::Gateway { code: "ERR_403_DEVELOPER_OVER_QPS".into() },
        status(403, r#"{"error":"forbidden"}"#),
        status(404, "{}"),
        status(500, r#"{"error":"server_error"}"#),
        status(429, ""),
    ] {
        let number = world.arm(api(effect.clone()));
        let before = world.counters(GENERIC).api_requests;
        assert!(client.get("items").await.unwrap().status().as_u16() >= 400);
        assert_eq!(world.counters(GENERIC).api_requests, before + 1, "{effect:?}");
        world.clear_fault(number);
    }
    assert_eq!(world.counters(GENERIC).token_requests, 1);

    let sangoma = world.client("sangoma-cx/one-scope");
    let answer = sangoma.request(Method::POST, "api/v1/queues/call/").send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(world.counters(Platform::SangomaCx).token_requests, 1);
}

#[tokio::test]
async fn a_refusal_in_the_body_counts_and_the_body_stays_whole() {
    let world = World::new().await;
    let client = world.client("generic");
    world.arm(api(status(403, r#"{"error":"invalid_token"}"#)).times(1));
    assert_eq!(client.get("items").await.unwrap().status(), 200);
    assert_eq!(world.counters(GENERIC).token_requests, 2);

    let body = format!(r#"{{"error":"other","more":"{}"}}"#, "x".repeat(100_000));
    let number = world.arm(api(status(400, &body)));
    let answer = client.get("items?page=1").await.unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.url().as_str(), world.api_base(GENERIC) + "items?page=1");
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.text().await.unwrap(), body);
    world.clear_fault(number);

    world.arm(api(Effect::Truncate { keep: 10 }));
    world.pass(100);
    let answer = client.get("nowhere").await;
    assert!(answer.unwrap().text().await.is_err());
}

#[tokio::test]
async fn a_stream_is_not_sent_again() {
    let world = World::new().await;
    let client = world.client("generic");
    client.token().await.unwrap();
    world.revoke_access_tokens(GENERIC);
    let stream = || {
        let parts = ["a", "b"].map(Ok::<_, std::io::Error>);
        Body::wrap_stream(futures_util::stream::iter(parts))
    };
    let send = |body: Body| client.request(Method::POST, "whoami").body(body).send();
    assert_eq!(send(stream()).await.unwrap().status(), 401);
    assert_eq!(world.counters(GENERIC).api_requests, 1);
    assert_eq!(send(stream()).await.unwrap().status(), 200, "the next request renews");
    assert_eq!(world.counters(GENERIC).token_requests, 2);

    world.revoke_access_tokens(GENERIC);
    world.pass(100);
    assert_eq!(send(Body::from("ab")).await.unwrap().status(), 200, "bytes are sent again");
}

#[tokio::test]
async fn a_redirect_within_the_allowed_hosts_keeps_the_token() {
    let world = World::new().await;
    let client = world.client("generic");
    for status in [301, 302, 303, 307, 308] {
        world.arm(api(redirect(status, RedirectTarget::SameHost)).times(1));
        let answer = client.request(Method::POST, "whoami").json(&["x"]).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{status}");
        let journal = world.journal(GENERIC);
        let last = journal.log.back().unwrap();
        assert_eq!(last.path, "/redirected/api");
        assert_eq!(last.method, if status < 304 { "GET" } else { "POST" });
        let has_type = last.header_names.iter().any(|name| name == "content-type");
        assert_eq!(has_type, last.method == "POST");
    }
    assert_eq!(world.counters(GENERIC).token_requests, 1);
    world.assert_no_violations();
}

/// R27, R40.
#[tokio::test]
async fn i01_a_redirect_to_another_host_drops_the_credential_whatever_header_carries_it() {
    for (settings, header) in [
        (Settings::default(), "authorization"),
        (Settings::default().header("X-API-Key").prefix(""), "x-api-key"),
    ] {
        let world = World::new().await;
        world.configure(Platform::CloudCx, |settings| {
            settings.api_key_header = header.into();
            settings.api_key_prefix = if header == "authorization" { "Bearer" } else { "" }.into();
        });
        let client = world.with_settings("cloudcx/api-key", settings).build().unwrap();
        assert_eq!(client.get("user/page").await.unwrap().status(), 200);
        for status in [301, 302, 303, 307, 308] {
            world.arm(api(redirect(status, RedirectTarget::CrossHost)).times(1));
            let request = client.request(Method::GET, "user/page").header("cookie", "session=1");
            let request = request.header(header, "cxauth-canary-of-the-caller");
            let answer = request.header("x-mine", "stays").send().await.unwrap();
            assert_eq!(answer.status(), 200, "{status}");
            assert!(answer.url().as_str().starts_with(&world.base(Platform::Elsewhere)));
            let journal = world.journal(Platform::Elsewhere);
            let names = &journal.log.back().unwrap().header_names;
            for name in [header, "cookie"] {
                assert!(!names.iter().any(|there| there == name), "{status}: {names:?}");
            }
            assert!(names.iter().any(|there| there == "x-mine"));
        }
        world.assert_no_violations();
    }
}

#[tokio::test]
async fn i01_reqwest_with_the_clients_policy_stays_on_allowed_hosts() {
    let world = World::new().await;
    world.configure(Platform::CloudCx, |settings| {
        settings.api_key_header = "x-api-key".into();
        settings.api_key_prefix = String::new();
    });
    let settings = Settings::default().header("x-api-key").prefix("");
    let client = world.with_settings("cloudcx/api-key", settings).build().unwrap();
    let http = reqwest::Client::builder().no_proxy().redirect(client.redirect_policy()).build().unwrap();
    let http = reqwest_middleware::ClientBuilder::new(http).with(client.middleware()).build();
    let url = world.api_base(Platform::CloudCx) + "user/page";
    assert_eq!(http.get(&url).send().await.unwrap().status(), 200);
    world.arm(api(redirect(302, RedirectTarget::CrossHost)).times(1));
    assert_eq!(http.get(&url).send().await.unwrap().status(), 302);
    assert_eq!(world.counters(Platform::Elsewhere).requests, 0);
    world.arm(api(redirect(302, RedirectTarget::SameHost)).times(1));
    assert_eq!(http.get(&url).send().await.unwrap().status(), 200);
    world.assert_no_violations();
}

#[tokio::test]
async fn what_cannot_be_followed_is_returned() {
    let world = World::new().await;
    let client = world.client("generic");
    world.arm(api(redirect(302, RedirectTarget::Loop)));
    assert_eq!(client.get("items").await.unwrap().status(), 302);
    assert_eq!(world.counters(GENERIC).api_requests, 11);
    world.clear_faults();
    for target in ["http://user:password@127.0.0.1/", "ftp://127.0.0.1/", "http://"] {
        world.arm(api(redirect(302, RedirectTarget::Url(target.into()))).times(1));
        assert_eq!(client.get("items").await.unwrap().status(), 302, "{target}");
    }
    world.arm(api(status(304, "")).times(1));
    assert_eq!(client.get("items").await.unwrap().status(), 304);
}

#[tokio::test]
async fn the_middleware_keeps_the_same_rules() {
    let world = World::new().await;
    let client = world.client("generic");
    let http = reqwest::Client::builder().no_proxy().redirect(client.redirect_policy()).build().unwrap();
    let http = reqwest_middleware::ClientBuilder::new(http).with(client.middleware()).build();
    let url = world.api_base(GENERIC) + "items";
    assert_eq!(http.get(&url).send().await.unwrap().status(), 200);
    world.revoke_access_tokens(GENERIC);
    assert_eq!(http.get(&url).send().await.unwrap().status(), 200);
    assert_eq!(world.counters(GENERIC).token_requests, 2);
    world.arm(api(unauthorized("Bearer error=\"insufficient_scope\"")).times(1));
    assert_eq!(http.get(&url).send().await.unwrap().status(), 401);

    let elsewhere = world.base(Platform::Elsewhere) + "/api";
    let error = http.get(elsewhere).send().await.unwrap_err();
    assert!(error.to_string().contains("destination_refused"), "{error}");
    assert_eq!(world.counters(Platform::Elsewhere).requests, 0);
    world.assert_no_violations();
}

#[tokio::test]
async fn a_refusal_can_be_told_by_hand() {
    let world = World::new().await;
    let client = world.client("generic");
    let token = client.token().await.unwrap();
    assert_eq!(client.refused(&token, 200, &HeaderMap::new(), b""), Refusal::Leave);
    assert_eq!(client.refused(&token, 401, &HeaderMap::new(), b""), Refusal::Retry);
    assert!(client.with_token(|_| ()).is_none());
    assert_eq!(client.refused(&token, 401, &HeaderMap::new(), b""), Refusal::Retry);
    assert_eq!(client.token().await.unwrap().generation(), 2);
    assert_eq!(client.refused(&token, 401, &HeaderMap::new(), b""), Refusal::Retry, "an old one");
    assert_eq!(world.counters(GENERIC).token_requests, 2);
}

#[tokio::test]
async fn an_api_that_is_not_there_is_an_error_without_its_address() {
    let world = World::new().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = Settings::default().api_base(format!("http://{free}/api/"));
    let client = world.with_settings("generic", settings).build().unwrap();
    let error = client.get("items?api_key=cxauth-canary-in-the-query").await.unwrap_err();
    assert!(matches!(&error, RequestError::Http(error) if error.is_connect()));
    let printed = format!("{error} {error:?}");
    assert!(!printed.contains("canary") && printed.starts_with("cannot connect"), "{printed}");
}
