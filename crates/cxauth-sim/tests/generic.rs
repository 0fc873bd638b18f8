//! The plain server: grants, client authentication, rotation, reuse, grace, challenges.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use base64::Engine;
use cxauth_sim::{ClientAuthentication, Platform, Rotation, Settings, Simulator};
use serde_json::json;
use support::{Answer, Bench, send};

const GENERIC: Platform = Platform::Generic;

#[tokio::test]
async fn client_credentials_bring_a_token_that_opens_the_api() {
    let bench = Bench::new().await;
    let answer = bench.grant(&[("scope", "b a")]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json["token_type"], "Bearer");
    assert_eq!(answer.json["expires_in"], 3600);
    assert_eq!(answer.json["scope"], "a b");
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let who = bench.whoami(&answer.text_of("access_token")).await;
    assert_eq!(who.json["client_id"], "cxauth-canary-generic-client");
    assert_eq!(who.json["scopes"], json!(["a", "b"]));

    let counters = bench.simulator.journal(GENERIC).counters;
    assert_eq!(counters.token_requests_by_grant["client_credentials"], 1);
    assert_eq!((counters.api_requests_accepted, counters.access_tokens_issued), (1, 1));
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_password_brings_a_token_of_that_user() {
    let bench = Bench::new().await;
    let connection = bench.simulator.connections().remove("generic/password").unwrap();
    let fields: Vec<(&str, &str)> = ["client_id", "client_secret", "username", "password"]
        .map(|name| (name, connection[name].as_str().unwrap()))
        .into_iter()
        .chain([("grant_type", "password")])
        .collect();
    let answer = send(bench.post(GENERIC, &fields)).await;
    let who = bench.whoami(&answer.text_of("access_token")).await;
    assert_eq!(who.json["username"], connection["username"]);

    let wrong: Vec<(&str, &str)> = fields
        .iter()
        .map(|&(name, value)| (name, if name == "password" { "wrong" } else { value }))
        .collect();
    let refused = send(bench.post(GENERIC, &wrong)).await;
    assert_eq!((refused.status, refused.error()), (400, "invalid_grant"));
    bench.assert_no_violations();
}

#[tokio::test]
async fn each_client_authentication_is_taken_only_where_it_is_set() {
    let special = Settings::of(GENERIC).clients[0].clone();
    let secret = special.secret.unwrap();
    let encoded = |text: &str| -> String {
        let pair = [("", text)];
        let mut serializer = form_urlencoded::Serializer::new(String::new());
        serializer.extend_pairs(pair);
        serializer.finish()[1..].to_owned()
    };
    let basic = |id: &str, secret: &str| {
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}")))
    };
    let as_encoded = basic(&encoded(&special.id), &encoded(secret.reveal()));
    let as_raw = basic(&special.id, secret.reveal());
    let cases = [
        (ClientAuthentication::ClientSecretBasic, as_encoded, as_raw.clone()),
        (
            ClientAuthentication::ClientSecretBasicRaw,
            as_raw,
            basic(&encoded(&special.id), &encoded(secret.reveal())),
        ),
    ];
    for (method, right, wrong) in cases {
        let bench = Bench::new().await;
        bench.simulator.configure(GENERIC, |settings| settings.client_authentication = vec![method]);
        let ask = |header: String| {
            bench.post(GENERIC, &[("grant_type", "client_credentials")]).header("authorization", header)
        };
        assert!(send(ask(right)).await.is_ok(), "{method:?}");
        let refused = send(ask(wrong)).await;
        assert_eq!((refused.status, refused.error()), (401, "invalid_client"), "{method:?}");
        assert!(refused.header("www-authenticate").unwrap().starts_with("Basic"));
        bench.assert_no_violations();
        let in_body = bench.grant(&[]).await;
        assert_eq!(in_body.error(), "invalid_client");
        assert_eq!(bench.simulator.violations().len(), 1);
    }
}

#[tokio::test]
async fn a_public_client_has_no_secret_and_no_client_credentials() {
    let bench = Bench::new().await;
    let user = &bench.simulator.settings(GENERIC).users[0];
    let fields = [
        ("grant_type", "password"),
        ("client_id", "cxauth-canary-generic-public-client"),
        ("username", &user.name),
        ("password", user.password.reveal()),
    ];
    assert!(send(bench.post(GENERIC, &fields)).await.is_ok());
    let alone = [("grant_type", "client_credentials"), fields[1]];
    assert_eq!(send(bench.post(GENERIC, &alone)).await.error(), "unauthorized_client");
}

#[tokio::test]
async fn rotation_spends_a_refresh_token_and_reuse_revokes_the_family() {
    let bench = Bench::new().await;
    let first = bench.grant(&[]).await;
    let second = bench.refresh(&first.text_of("refresh_token"), &[]).await;
    assert_ne!(first.json["refresh_token"], second.json["refresh_token"]);
    assert!(bench.whoami(&first.text_of("access_token")).await.is_ok());
    let bystander = bench.grant(&[]).await;

    let reused = bench.refresh(&first.text_of("refresh_token"), &[]).await;
    assert_eq!((reused.status, reused.error()), (400, "invalid_grant"));
    for token in [&first, &second] {
        assert_eq!(bench.whoami(&token.text_of("access_token")).await.status, 401);
    }
    assert_eq!(bench.refresh(&second.text_of("refresh_token"), &[]).await.error(), "invalid_grant");
    assert!(bench.whoami(&bystander.text_of("access_token")).await.is_ok());

    let counters = bench.simulator.journal(GENERIC).counters;
    assert_eq!((counters.reuse_detections, counters.families_revoked), (1, 1));
    bench.assert_no_violations();
}

#[tokio::test]
async fn without_reuse_detection_only_the_spent_token_is_refused() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.reuse_detection = false);
    let first = bench.grant(&[]).await;
    let second = bench.refresh(&first.text_of("refresh_token"), &[]).await;
    assert_eq!(bench.refresh(&first.text_of("refresh_token"), &[]).await.error(), "invalid_grant");
    assert!(bench.refresh(&second.text_of("refresh_token"), &[]).await.is_ok());
    let counters = bench.simulator.journal(GENERIC).counters;
    assert_eq!((counters.reuse_detections, counters.families_revoked), (1, 0));
}

#[tokio::test]
async fn a_spent_token_works_within_the_grace_and_not_after_it() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    bench.simulator.configure(GENERIC, |settings| settings.grace = 10);
    let first = bench.grant(&[]).await;
    let spent = first.text_of("refresh_token");
    assert!(bench.refresh(&spent, &[]).await.is_ok());
    bench.simulator.advance(Duration::from_secs(10));
    assert!(bench.refresh(&spent, &[]).await.is_ok());
    bench.simulator.advance(Duration::from_millis(1));
    assert_eq!(bench.refresh(&spent, &[]).await.error(), "invalid_grant");
    let counters = bench.simulator.journal(GENERIC).counters;
    assert_eq!((counters.grace_uses, counters.reuse_detections), (1, 1));
}

#[tokio::test]
async fn a_refresh_token_that_does_not_rotate_is_kept_or_repeated() {
    let bench = Bench::new().await;
    for (rotation, told) in [(Rotation::Keep, false), (Rotation::Repeat, true)] {
        bench.simulator.configure(GENERIC, |settings| settings.rotation = rotation);
        let first = bench.grant(&[]).await;
        let refresh_token = first.text_of("refresh_token");
        for _ in 0..2 {
            let again = bench.refresh(&refresh_token, &[]).await;
            assert!(again.is_ok());
            assert_eq!(again.json.get("refresh_token").is_some(), told);
        }
    }
}

#[tokio::test]
async fn the_old_access_token_dies_at_refresh_where_that_is_set() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.old_access_token_dies = true);
    let first = bench.grant(&[]).await;
    let second = bench.refresh(&first.text_of("refresh_token"), &[]).await;
    assert_eq!(bench.whoami(&first.text_of("access_token")).await.status, 401);
    assert!(bench.whoami(&second.text_of("access_token")).await.is_ok());
}

#[tokio::test]
async fn a_refresh_may_narrow_the_scope_and_never_widen_it() {
    let bench = Bench::new().await;
    let first = bench.grant(&[("scope", "a b")]).await;
    let narrowed = bench.refresh(&first.text_of("refresh_token"), &[("scope", "a")]).await;
    assert_eq!(narrowed.json["scope"], "a");
    let widened = bench.refresh(&narrowed.text_of("refresh_token"), &[("scope", "a c")]).await;
    assert_eq!(widened.error(), "invalid_scope");
    // The refresh token kept the whole grant, and the refused request did not spend it.
    assert_eq!(bench.refresh(&narrowed.text_of("refresh_token"), &[]).await.json["scope"], "a b");
}

#[tokio::test]
async fn challenges_follow_the_standard() {
    let bench = Bench::new().await;
    let url = bench.simulator.api_base(GENERIC) + "whoami";
    let without = send(bench.client.get(&url)).await;
    assert_eq!(
        (without.status, without.header("www-authenticate")),
        (401, Some("Bearer realm=\"cxauth-sim\""))
    );
    let unknown = bench.whoami("unknown").await;
    assert_eq!(unknown.status, 401);
    assert!(unknown.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_token_dies_at_its_time_lags_and_can_be_revoked() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    bench.simulator.configure(GENERIC, |settings| {
        settings.access_token_lifetime = 60;
        settings.access_token_lag = 5;
    });
    let token = bench.grant(&[]).await.text_of("access_token");
    assert_eq!(bench.whoami(&token).await.status, 401);
    bench.simulator.advance(Duration::from_secs(5));
    assert!(bench.whoami(&token).await.is_ok());
    bench.simulator.advance(Duration::from_millis(54_999));
    assert!(bench.whoami(&token).await.is_ok());
    bench.simulator.advance(Duration::from_millis(1));
    assert_eq!(bench.whoami(&token).await.status, 401);
    bench.simulator.step_back(Duration::from_secs(1));
    assert!(bench.whoami(&token).await.is_ok());
    bench.simulator.revoke_access_tokens(GENERIC);
    assert_eq!(bench.whoami(&token).await.status, 401);
}

#[tokio::test]
async fn the_oldest_token_dies_where_their_number_is_limited() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.max_access_tokens = Some(2));
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(bench.grant(&[]).await.text_of("access_token"));
    }
    let mut statuses = Vec::new();
    for token in &tokens {
        statuses.push(bench.whoami(token).await.status);
    }
    assert_eq!(statuses, [401, 200, 200]);
}

#[tokio::test]
async fn a_changed_secret_overlaps_with_the_old_one() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    let old = bench.simulator.connection(GENERIC);
    bench.simulator.change_secret(GENERIC, "cxauth-canary-new-secret", Duration::from_secs(60));
    let ask = async |connection: &serde_json::Value| -> Answer {
        let [id, secret] = support::credentials(connection);
        send(bench.post(GENERIC, &[("grant_type", "client_credentials"), id, secret])).await
    };
    assert!(ask(&old).await.is_ok());
    assert!(ask(&bench.simulator.connection(GENERIC)).await.is_ok());
    bench.simulator.advance(Duration::from_secs(60));
    assert_eq!(ask(&old).await.error(), "invalid_client");
    assert!(ask(&bench.simulator.connection(GENERIC)).await.is_ok());
}

#[tokio::test]
async fn items_come_in_pages() {
    let bench = Bench::new().await;
    let token = bench.grant(&[]).await.text_of("access_token");
    let mut page = json!(1);
    let mut ids = Vec::new();
    while !page.is_null() {
        let answer = send(bench.api(GENERIC, &format!("items?page={page}"), &token)).await;
        ids.extend(answer.json["items"].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()));
        page = answer.json["next"].clone();
    }
    assert_eq!(ids, (1..=60).collect::<Vec<_>>());
}

#[test]
fn it_runs_without_an_async_runtime() {
    let simulator = Simulator::start_blocking().unwrap();
    let controls = simulator.controls().clone();
    let asking = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let address = controls.base(GENERIC).strip_prefix("http://").unwrap().to_owned();
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /api/whoami HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let limit = Duration::from_secs(10);
    assert!(simulator.wait_until_blocking(GENERIC, limit, |journal| journal.counters.api_requests == 1));
    assert!(asking.join().unwrap().starts_with("HTTP/1.1 401"));
}

#[tokio::test]
async fn dropping_it_closes_the_ports() {
    let simulator = Simulator::start_blocking().unwrap();
    let url = simulator.api_base(GENERIC);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(client.get(&url).send().await.is_ok());
    drop(simulator);
    let error = loop {
        // The listener's task ends soon after; a connection made until then is cut.
        if let Err(error) = client.get(&url).send().await {
            break error;
        }
        tokio::task::yield_now().await;
    };
    assert!(error.is_connect() || error.is_request());
}
