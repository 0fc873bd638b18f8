//! The client against OAuth servers that are not ours, see `tests/interop/README.md`.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::{
    Action, Client, Clock, Connection, ErrorCode, ManualClock, Settings, SystemClock, store::FileStore,
};
use http::Method;
use serde_json::Value;
use std::{
    env,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};
use support::soon;

/// A server in a process of its own, which ends when its standard input closes.
struct Server {
    facts: Value,
    input: Option<ChildStdin>,
    process: Child,
    http: reqwest::Client,
}

impl Server {
    fn start(program: &str, access_lifetime: u32) -> Self {
        let directory = env::var_os("CXAUTH_INTEROP_DIR").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop"),
            PathBuf::from,
        );
        let mut process = Command::new("node")
            .arg(program)
            .current_dir(&directory)
            .env("CXAUTH_INTEROP_ACCESS_LIFETIME", access_lifetime.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("Node.js 20 or later is needed as `node`: {error}"));
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let facts = serde_json::from_str(&line).unwrap_or_else(|_| {
            panic!("{program} in {} did not start: run `cargo xtask setup`", directory.display())
        });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { facts, input: process.stdin.take(), process, http }
    }

    fn text(&self, name: &str) -> &str {
        self.facts[name].as_str().unwrap()
    }

    fn settings(&self, credentials: &Value) -> Settings {
        let text = |name: &str| credentials[name].as_str().unwrap().to_owned();
        Settings::new("generic")
            .token_endpoint(self.text("token_endpoint"))
            .api_base(self.text("base"))
            .client_id(text("client_id"))
            .client_secret(text("client_secret"))
    }

    fn password(&self) -> Settings {
        let user = self.settings(&self.facts).username(self.text("username")).password(self.text("password"));
        user.client_authentication(cxauth::ClientAuthentication::ClientSecretPost)
    }

    async fn token_requests(&self) -> u64 {
        let url = format!("{}/count", self.text("base"));
        let count: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        count["token_requests"].as_u64().unwrap()
    }

    /// Has the API refuse the token from now on (RFC 7009).
    async fn revoke(&self, token: &str, credentials: &Value) {
        let mut form = vec![("token", token)];
        for name in ["client_id", "client_secret"] {
            form.extend(credentials[name].as_str().map(|value| (name, value)));
        }
        let answer = self.http.post(self.text("revocation_endpoint")).form(&form).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

fn clock() -> ManualClock {
    ManualClock::new(SystemClock.now())
}

fn client(settings: Settings, clock: &ManualClock) -> Client {
    let connection = Connection::new(settings).unwrap();
    Client::builder(connection).no_proxy().clock(clock.clone()).build().unwrap()
}

#[tokio::test]
async fn oidc_provider_client_credentials_in_both_ways() {
    let server = Server::start("oidc-provider.mjs", 60);
    for (name, authentication) in [
        ("basic", cxauth::ClientAuthentication::ClientSecretBasic),
        ("post", cxauth::ClientAuthentication::ClientSecretPost),
    ] {
        let clock = clock();
        let credentials = &server.facts[name];
        let settings = server.settings(credentials).client_authentication(authentication).scopes(["read"]);
        let client = client(settings, &clock);
        let before = server.token_requests().await;
        for round in 1..=3 {
            let answer: Value = client.get("api").await.unwrap().json().await.unwrap();
            assert_eq!(answer["client"], credentials["client_id"]);
            assert_eq!(client.token().await.unwrap().scopes(), Some(&["read".to_owned()][..]));
            assert_eq!(server.token_requests().await, before + round);
            clock.advance(Duration::from_secs(60));
        }
        let token = client.token().await.unwrap();
        server.revoke(token.secret().expose(), credentials).await;
        assert_eq!(client.get("api").await.unwrap().status(), 200, "refused, renewed and sent again");
        assert_eq!(server.token_requests().await, before + 5);
    }
}

#[tokio::test]
async fn oidc_provider_says_what_is_wrong() {
    let server = Server::start("oidc-provider.mjs", 60);
    let clock = clock();
    let settings = || {
        let settings = server.settings(&server.facts["basic"]);
        settings.client_authentication(cxauth::ClientAuthentication::ClientSecretBasic)
    };
    for (settings, code) in [
        (settings().client_secret("cxauth-canary-wrong"), ErrorCode::InvalidClient),
        (settings().scopes(["admin"]), ErrorCode::InvalidScope),
    ] {
        let client = client(settings, &clock);
        let before = server.token_requests().await;
        for _ in 0..2 {
            let error = client.token().await.unwrap_err();
            assert_eq!((error.code(), error.action()), (code, Action::FixConfiguration), "{error}");
        }
        assert_eq!(server.token_requests().await, before + 1, "a verdict is not asked again");
    }
    let narrowed = client(settings().scopes(["read", "unknown"]), &clock);
    assert_eq!(narrowed.token().await.unwrap().scopes(), Some(&["read".to_owned()][..]));

    let without = client(settings(), &clock);
    assert_eq!(without.get("api").await.unwrap().status(), 403, "insufficient_scope is the caller's");
    assert_eq!(without.token().await.unwrap().generation(), 1);
}

#[tokio::test]
async fn oidc_provider_with_lifetimes_of_a_second_in_real_time() {
    let server = Server::start("oidc-provider.mjs", 1);
    let settings = server.settings(&server.facts["post"]).scopes(["read"]);
    let client = Client::builder(Connection::new(settings).unwrap()).no_proxy().build().unwrap();
    while server.token_requests().await < 4 {
        assert_eq!(soon(client.get("api")).await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn express_oauth_server_password_and_rotation() {
    let server = Server::start("express-oauth-server.mjs", 60);
    let clock = clock();
    let client = client(server.password(), &clock);
    for round in 1..=4 {
        let answer: Value = client.get("api").await.unwrap().json().await.unwrap();
        assert_eq!(answer["username"], server.facts["username"]);
        assert_eq!(server.token_requests().await, round);
        clock.advance(Duration::from_secs(60));
    }
    // A refusal without a challenge, named in the body only.
    let token = client.token().await.unwrap();
    server.revoke(token.secret().expose(), &Value::Null).await;
    assert_eq!(client.request(Method::POST, "api").send().await.unwrap().status(), 200);
    assert_eq!(server.token_requests().await, 6);
}

#[tokio::test]
async fn express_oauth_server_refuses_a_refresh_token_that_comes_again() {
    let server = Server::start("express-oauth-server.mjs", 60);
    let clock = clock();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tokens");
    let open = || {
        let connection = Connection::new(server.password()).unwrap();
        Client::builder(connection)
            .no_proxy()
            .clock(clock.clone())
            .store(FileStore::new(&path))
            .build()
            .unwrap()
    };
    let client = open();
    client.token().await.unwrap();
    client.settle().await;
    let backup = std::fs::read(&path).unwrap();
    clock.advance(Duration::from_secs(60));
    let second = client.token().await.unwrap();
    client.settle().await;
    // A backup is played back: its refresh token was used already.
    std::fs::write(&path, backup).unwrap();
    clock.advance(Duration::from_secs(60));
    let from_backup = open();
    assert!(from_backup.restore().await.unwrap());
    let error = from_backup.get("api").await.unwrap_err();
    assert_eq!(error.token().unwrap().code(), ErrorCode::InvalidGrant);
    assert_eq!(error.token().unwrap().action(), Action::SignIn);
    // The server has ended the whole sign-in.
    let mut request = reqwest::Request::new(Method::GET, server.text("api").parse().unwrap());
    let value = format!("Bearer {}", second.secret().expose());
    request.headers_mut().insert("authorization", value.parse().unwrap());
    assert_eq!(server.http.execute(request).await.unwrap().status(), 401);
}

#[tokio::test]
async fn express_oauth_server_scopes() {
    let server = Server::start("express-oauth-server.mjs", 60);
    let clock = clock();
    let read = client(server.password().scopes(["read"]), &clock);
    assert_eq!(read.get("api").await.unwrap().status(), 200);
    assert_eq!(read.request(Method::POST, "api").send().await.unwrap().status(), 403);
    assert_eq!(read.token().await.unwrap().generation(), 1);
    assert_eq!(server.token_requests().await, 1);
    let error = client(server.password().scopes(["unknown"]), &clock).token().await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidScope);
    let wrong = client(server.password().password("cxauth-canary-wrong"), &clock);
    let error = wrong.token().await.unwrap_err();
    assert_eq!((error.code(), error.action()), (ErrorCode::InvalidGrant, Action::SignIn), "{error}");
}
