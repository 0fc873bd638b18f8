//! Token requests against a token endpoint that misbehaves.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::{Action, Client, Connection, ErrorCode, Settings};
use cxauth_sim::{Effect, Endpoint, Fault, Malformation, Platform, RedirectTarget};
use std::time::{Duration, Instant};
use support::{World, soon};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const GENERIC: Platform = Platform::Generic;

fn token(effect: Effect) -> Fault {
    Fault::new(effect).at(Endpoint::Token).at(Endpoint::Refresh)
}

async fn code(client: &Client) -> ErrorCode {
    soon(client.token()).await.unwrap_err().code()
}

#[tokio::test]
async fn i26_a_redirect_of_a_token_request_is_not_followed() {
    let world = World::new().await;
    for name in ["generic", "generic/password"] {
        for status in [301, 302, 303, 307, 308] {
            for to in [RedirectTarget::SameHost, RedirectTarget::CrossHost, RedirectTarget::Loop] {
                world.arm(token(Effect::Redirect { status, to }).times(1));
                let client = world.client(name);
                let before = world.counters(GENERIC).requests;
                let error = client.token().await.unwrap_err();
                assert_eq!((error.code(), error.action()), (ErrorCode::Redirected, Action::Retry));
                assert_eq!(world.counters(GENERIC).requests, before + 1);
                world.pass(2);
                assert!(client.token().await.is_ok(), "{name} {status}");
            }
        }
    }
    assert_eq!(world.counters(Platform::Elsewhere).requests, 0);
    world.assert_no_violations();
}

#[tokio::test]
async fn what_a_client_that_follows_redirects_brings_back_is_no_answer() {
    let world = World::new().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = world.builder("generic").http(http).build().unwrap();
    assert!(client.token().await.is_ok());
    world.pass(7200);
    world.arm(token(Effect::Redirect { status: 302, to: RedirectTarget::CrossHost }).times(1));
    assert_eq!(code(&client).await, ErrorCode::Redirected);
}

#[tokio::test]
async fn i27_huge_and_endless_answers_are_cut_off() {
    let world = World::new().await;
    for effect in [
        Effect::Huge { bytes: 64 << 20 },
        Effect::Huge { bytes: 70_000 },
        Effect::Endless { chunk: 65_536, pause_ms: 0, limit: 1 << 30 },
        Effect::Endless { chunk: 1, pause_ms: 0, limit: 1 << 30 },
    ] {
        let client = world.client("generic");
        world.arm(token(effect.clone()).times(1));
        let error = soon(client.token()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::AnswerTooLarge, "{effect:?}");
        world.pass(2);
        assert!(client.token().await.is_ok());
    }
    let client = world.client("generic");
    world.arm(token(Effect::Huge { bytes: 60_000 }).times(1));
    assert!(client.token().await.is_ok(), "what is below the limit is read");
}

#[tokio::test]
async fn i27_a_drip_ends_at_the_time_limit() {
    let world = World::new().await;
    let client = world.builder("generic").timeout(Duration::from_millis(200)).build().unwrap();
    world.arm(token(Effect::Endless { chunk: 1, pause_ms: 20, limit: 1 << 30 }).times(1));
    assert_eq!(code(&client).await, ErrorCode::TimedOut);
    world.pass(2);
    world.arm(token(Effect::Hold).times(1));
    assert_eq!(code(&client).await, ErrorCode::TimedOut);
    world.pass(4);
    assert!(client.token().await.is_ok());
}

#[tokio::test]
async fn a_claimed_length_allocates_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert_ne!(stream.read(&mut [0; 4096]).await.unwrap(), 0);
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551614\r\n\r\n{\"access";
        stream.write_all(head).await.unwrap();
        stream.read(&mut [0; 1]).await.unwrap_or_default()
    });
    let client = direct(&format!("http://{address}/token"))
        .no_proxy()
        .timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let error = code(&client).await;
    assert!(matches!(error, ErrorCode::TimedOut | ErrorCode::Interrupted), "{error}");
    drop(client);
    assert_eq!(server.await.unwrap(), 0);
}

#[tokio::test]
async fn i28_what_is_malformed_is_not_taken_for_absent() {
    let world = World::new().await;
    for form in [
        Malformation::BadJson,
        Malformation::DuplicateMembers,
        Malformation::WrongTypes,
        Malformation::Html,
        Malformation::Empty,
        Malformation::InvalidUtf8,
        Malformation::TrailingGarbage,
        Malformation::HeaderInjection,
    ] {
        let client = world.client("generic");
        world.arm(token(Effect::Malformed { form }).times(1));
        assert_eq!(code(&client).await, ErrorCode::AnswerMalformed, "{form:?}");
    }
    world.arm(token(Effect::Malformed { form: Malformation::DeepNesting }).times(1));
    assert_eq!(code(&world.client("generic")).await, ErrorCode::AnswerTooLarge);
}

#[tokio::test]
async fn a_broken_answer_may_have_spent_the_refresh_token() {
    let world = World::new().await;
    let client = world.client("generic/password");
    client.token().await.unwrap();
    world.pass(7200);
    world.arm(token(Effect::Drop).times(1).processed());
    assert_eq!(code(&client).await, ErrorCode::Interrupted);
    world.pass(100);
    // The refresh token was the only way: it is sent once more, when nothing can be lost by it any more.
    assert_eq!(code(&client).await, ErrorCode::InvalidGrant);
    assert_eq!(world.counters(GENERIC).refresh_requests, 2);
    assert_eq!(code(&client).await, ErrorCode::InvalidGrant);
    assert_eq!(world.counters(GENERIC).refresh_requests, 2);
    world.assert_no_violations();
}

#[tokio::test]
async fn a_server_that_is_not_there_has_spent_nothing() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = direct(&format!("http://{free}/token")).no_proxy().build().unwrap();
    let error = soon(client.token()).await.unwrap_err();
    assert_eq!((error.code(), error.action()), (ErrorCode::ServerUnreachable, Action::Retry));
    assert!(error.to_string().contains("refused"), "the reason is in it: {error}");
}

#[tokio::test]
async fn a_proxy_that_refuses_has_let_nothing_through() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = reqwest::Proxy::all(format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let client = direct("https://as.example/token").proxy(proxy).build().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let length = stream.read(&mut request).await.unwrap();
        stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    assert_eq!(code(&client).await, ErrorCode::ServerUnreachable);
    let request = server.await.unwrap();
    assert!(request.starts_with("CONNECT as.example:443"), "{request}");
    assert!(!request.contains("canary"));

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = reqwest::Proxy::all(format!("http://{free}")).unwrap();
    let client = direct("https://as.example/token").proxy(proxy).build().unwrap();
    assert_eq!(code(&client).await, ErrorCode::ServerUnreachable);
}

/// R28.
#[tokio::test]
async fn a_server_without_tls_gets_no_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = direct(&format!("https://{address}/token")).no_proxy().build().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 16_384];
        let length = stream.read(&mut hello).await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        hello.truncate(length);
        hello
    });
    assert_eq!(code(&client).await, ErrorCode::ServerUnreachable);
    let hello = String::from_utf8_lossy(&server.await.unwrap()).into_owned();
    assert!(!hello.contains("canary") && !hello.contains("POST"));
}

#[tokio::test]
async fn each_token_request_has_a_connection_of_its_own() {
    let world = World::new().await;
    let client = world.client("generic");
    for _ in 0..3 {
        client.token().await.unwrap();
        world.pass(7200);
    }
    // A server that closes idle connections at the wrong moment cannot break one off.
    let journal = world.journal(GENERIC);
    assert_eq!(journal.counters.token_requests_accepted, 3);
    for entry in &journal.log {
        let names: Vec<_> = entry.header_names.iter().map(String::as_str).collect();
        for foreign in ["cookie", "referer", "accept-encoding", "user-agent"] {
            assert!(!names.contains(&foreign), "{names:?}");
        }
    }
}

#[tokio::test]
async fn the_grant_external_asks_the_users_function() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let world = World::new().await;
    let connection = Connection::new(Settings::new("generic").grant(cxauth::Grant::External)).unwrap();
    let client = world
        .of(connection.clone())
        .provide(|| async {
            match CALLS.fetch_add(1, Ordering::Relaxed) {
                0 => Ok(cxauth::Provided::new("cxauth-canary-token").expires_in(Duration::from_secs(60))),
                1 => Err("the backend is asleep"),
                _ => panic!("cxauth-canary-panic"),
            }
        })
        .build()
        .unwrap();
    assert_eq!(client.token().await.unwrap().secret().expose(), "cxauth-canary-token");
    world.pass(60);
    let error = client.token().await.unwrap_err();
    assert!(error.to_string().contains("the backend is asleep"), "{error}");
    world.pass(2);
    let error = soon(client.token()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Interrupted);

    let error = world.of(connection).build().unwrap().token().await.unwrap_err();
    assert!(error.to_string().contains("provide"), "{error}");
}

#[tokio::test]
async fn real_time_works_too() {
    let world = World::new().await;
    world.resume();
    let client = Client::builder(world.connection("generic")).no_proxy().build().unwrap();
    let began = Instant::now();
    assert_eq!(client.get("items").await.unwrap().status(), 200);
    assert!(began.elapsed() < Duration::from_secs(30));
}

fn direct(token_endpoint: &str) -> cxauth::Builder {
    let settings = Settings::new("generic").token_endpoint(token_endpoint).client_id("id");
    Client::builder(Connection::new(settings.client_secret("cxauth-canary-secret")).unwrap())
}
