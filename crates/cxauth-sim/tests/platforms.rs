//! Each platform's own example, and the behaviour that its page describes.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cxauth_sim::{Platform, Rule, Simulator};
use serde_json::{Value, json};
use support::{Answer, Bench, credentials, send};

const CLOUDLX_ACCEPT: &str = "application/vnd.cloudlx.v1+json";

fn members(answer: &Answer) -> Vec<&str> {
    answer.json.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn cloudcx(bench: &Bench, connection: &Value) -> Answer {
    let names = ["client_id", "client_secret", "username", "email", "password"];
    let mut fields: Vec<(&str, &str)> =
        names.into_iter().filter_map(|name| Some((name, connection[name].as_str()?))).collect();
    fields.push(("grant_type", "password"));
    send(bench.post(Platform::CloudCx, &fields)).await
}

#[tokio::test]
async fn cloudcx_answers_as_on_its_page() {
    let bench = Bench::new().await;
    let answer = cloudcx(&bench, &bench.simulator.connection(Platform::CloudCx)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(members(&answer), ["access_token", "expires_in", "token_type"]);
    assert_eq!((&answer.json["expires_in"], &answer.json["token_type"]), (&json!(3599), &json!("Bearer")));

    let token = answer.text_of("access_token");
    let request = bench
        .api(Platform::CloudCx, "user/page?pageIndex=1&pageSize=25&keywords=si", &token)
        .header("content-type", "application/json");
    let users = send(request).await;
    assert_eq!(users.json["data"]["total"], 30);
    assert_eq!(users.json["data"]["list"].as_array().unwrap().len(), 25);
    let second =
        send(bench.api(Platform::CloudCx, "user/page?pageIndex=2&pageSize=25&keywords=si", &token)).await;
    assert_eq!(second.json["data"]["list"].as_array().unwrap().len(), 5);
    bench.assert_no_violations();
}

#[tokio::test]
async fn cloudcx_signs_its_tokens_with_rs256() {
    let bench = Bench::new().await;
    let token = cloudcx(&bench, &bench.simulator.connection(Platform::CloudCx)).await.text_of("access_token");
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let public_key = cxauth_sim::public_key();
    aws_lc_rs::signature::UnparsedPublicKey::new(
        &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256,
        &public_key,
    )
    .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
    .unwrap();
    let part = |at: usize| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split('.').nth(at).unwrap()).unwrap()).unwrap()
    };
    assert_eq!(part(0)["alg"], "RS256");
    let claims = part(1);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert_eq!(claims["iss"], bench.simulator.base(Platform::CloudCx));
}

#[tokio::test]
async fn cloudcx_takes_both_dialects_public_clients_and_an_api_key() {
    let bench = Bench::new().await;
    let connections = bench.simulator.connections();
    for way in ["cloudcx", "cloudcx/email", "cloudcx/public-client"] {
        assert!(cloudcx(&bench, &connections[way]).await.is_ok(), "{way}");
    }
    let key = connections["cloudcx/api-key"]["api_key"].as_str().unwrap();
    assert!(send(bench.api(Platform::CloudCx, "user/page", key)).await.is_ok());
    bench.assert_no_violations();

    bench.simulator.configure(Platform::CloudCx, |settings| {
        settings.api_key_header = "x-api-key".into();
        settings.api_key_prefix = String::new();
    });
    assert_eq!(send(bench.api(Platform::CloudCx, "user/page", key)).await.status, 401);
    let url = bench.simulator.api_base(Platform::CloudCx) + "user/page";
    assert!(send(bench.client.get(url).header("x-api-key", key)).await.is_ok());
}

#[tokio::test]
async fn cloudcx_refreshes_where_the_switch_is_set() {
    let bench = Bench::new().await;
    bench.simulator.configure(Platform::CloudCx, |settings| settings.refresh_tokens = true);
    let connection = bench.simulator.connection(Platform::CloudCx);
    let refresh_token = cloudcx(&bench, &connection).await.text_of("refresh_token");
    let [id, secret] = credentials(&connection);
    let fields = [("grant_type", "refresh_token"), ("refresh_token", &refresh_token), id, secret];
    assert!(send(bench.post(Platform::CloudCx, &fields)).await.is_ok());
    assert_eq!(send(bench.post(Platform::CloudCx, &fields)).await.error(), "invalid_grant");
    bench.assert_no_violations();
}

async fn cisco(bench: &Bench) -> Answer {
    let connection = bench.simulator.connection(Platform::CiscoCxCloud);
    let [id, secret] = credentials(&connection);
    send(bench.post(Platform::CiscoCxCloud, &[("grant_type", "client_credentials"), id, secret])).await
}

#[tokio::test]
async fn cisco_answers_as_on_its_page() {
    let bench = Bench::new().await;
    let answer = cisco(&bench).await;
    let token = answer.text_of("access_token");
    let expected =
        json!({ "token_type": "Bearer", "expires_in": 3600, "access_token": token, "scope": "customscope" });
    assert_eq!(answer.json, expected);
    // "The application can also acquire a new token at any time before the current one expires."
    assert_ne!(cisco(&bench).await.text_of("access_token"), token);
    let customers = send(bench.api(Platform::CiscoCxCloud, "customer-info/customer-details", &token)).await;
    assert_eq!(customers.json["totalCount"], 60);
    bench.assert_no_violations();
}

#[tokio::test]
async fn cisco_takes_basic_too() {
    let bench = Bench::new().await;
    let connection = bench.simulator.connection(Platform::CiscoCxCloud);
    let [(_, id), (_, secret)] = credentials(&connection);
    let request = bench
        .post(Platform::CiscoCxCloud, &[("grant_type", "client_credentials")])
        .basic_auth(id, Some(secret));
    assert!(send(request).await.is_ok());
    bench.assert_no_violations();
}

#[tokio::test]
async fn cisco_pages_take_page_and_rows_together() {
    let bench = Bench::new().await;
    let token = cisco(&bench).await.text_of("access_token");
    let ask = async |query: &str| {
        send(bench.api(Platform::CiscoCxCloud, &format!("inventory/hardware?{query}"), &token)).await
    };
    assert_eq!(ask("page=1").await.status, 400);
    assert_eq!(ask("rows=10").await.status, 400);
    assert_eq!(ask("page=0&rows=10").await.status, 400);
    let mut ids = Vec::new();
    for page in 1..=6 {
        let answer = ask(&format!("page={page}&rows=10&sort=id")).await;
        ids.extend(answer.json["items"].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()));
    }
    assert_eq!(ids.len(), 60);
    let of_one = ask("customerId=2&fields=id").await;
    assert_eq!(of_one.json["totalCount"], 20);
    assert_eq!(of_one.json["items"][0].as_object().unwrap().len(), 1);
    bench.assert_no_violations();
}

#[tokio::test]
async fn cisco_refuses_until_the_key_is_active() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    bench.simulator.associate(Platform::CiscoCxCloud);
    bench.simulator.configure(Platform::CiscoCxCloud, |settings| settings.activation_delay = 600);
    let refused = cisco(&bench).await;
    assert_eq!((refused.status, refused.error()), (401, "invalid_client"));
    bench.simulator.advance(Duration::from_secs(600));
    let token = cisco(&bench).await.text_of("access_token");
    bench.simulator.associate(Platform::CiscoCxCloud);
    let at_api = send(bench.api(Platform::CiscoCxCloud, "contracts/coverage", &token)).await;
    assert_eq!(at_api.status, 403);
    bench.assert_no_violations();
}

#[tokio::test]
async fn ciscos_gateway_limits_the_rate() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    bench.simulator.configure(Platform::CiscoCxCloud, |settings| settings.max_queries_per_second = Some(2));
    let token = cisco(&bench).await.text_of("access_token");
    let ask = async || send(bench.api(Platform::CiscoCxCloud, "contracts/coverage", &token)).await;
    assert!(ask().await.is_ok() && ask().await.is_ok());
    let refused = ask().await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("x-mashery-error-code"), Some("ERR_403_DEVELOPER_OVER_QPS"));
    assert!(refused.text.contains("ERR_403_DEVELOPER_OVER_QPS"));
    bench.simulator.advance(Duration::from_secs(1));
    assert!(ask().await.is_ok());
}

async fn sangoma(bench: &Bench, scope: &str) -> Answer {
    let connection = bench.simulator.connection(Platform::SangomaCx);
    let [(_, id), (_, secret)] = credentials(&connection);
    let fields = [("grant_type", "client_credentials"), ("scope", scope)];
    send(bench.post(Platform::SangomaCx, &fields).basic_auth(id, Some(secret))).await
}

#[tokio::test]
async fn sangoma_gives_the_same_token_until_it_expires() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    let first = sangoma(&bench, "cx.agent-calls cx.queue-calls").await;
    assert_eq!(first.json["expires_in"], 31_536_000);
    // The remaining lifetime in the page's own example answer.
    bench.simulator.advance(Duration::from_secs(31_536_000 - 24_304_413));
    let again = sangoma(&bench, "cx.queue-calls cx.agent-calls").await;
    let expected = json!({
        "access_token": first.text_of("access_token"),
        "scope": "cx.agent-calls cx.queue-calls",
        "token_type": "bearer",
        "expires_in": 24_304_413,
    });
    assert_eq!(again.json, expected);
    bench.simulator.advance(Duration::from_secs(24_304_413));
    assert_ne!(
        sangoma(&bench, "cx.agent-calls cx.queue-calls").await.json["access_token"],
        expected["access_token"]
    );
    assert_eq!(bench.simulator.journal(Platform::SangomaCx).counters.same_token_again, 1);
    bench.assert_no_violations();
}

#[tokio::test]
async fn sangomas_tokens_open_only_what_their_scopes_cover() {
    let bench = Bench::new().await;
    let agents = sangoma(&bench, "cx.agent-calls").await.text_of("access_token");
    let queues = sangoma(&bench, "cx.queue-calls").await.text_of("access_token");
    assert_ne!(agents, queues);
    let call = async |path: &str, token: &str| {
        let url = bench.simulator.api_base(Platform::SangomaCx) + path;
        send(bench.client.post(url).bearer_auth(token).json(&json!({}))).await
    };
    assert!(call("api/v1/agents/call/", &agents).await.is_ok());
    assert!(call("api/v1/queues/call/", &queues).await.is_ok());
    let refused = call("api/v1/queues/call/", &agents).await;
    assert_eq!(refused.status, 403);
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(challenge.contains("insufficient_scope") && challenge.contains("scope=\"cx.queue-calls\""));
    assert_eq!(call("api/v1/digital-interactions/agent-bot/", &queues).await.status, 403);
    assert_eq!(send(bench.api(Platform::SangomaCx, "api/v1/agents/call/", &agents)).await.status, 405);
    bench.assert_no_violations();
}

#[tokio::test]
async fn sangoma_wants_a_scope_and_http_basic() {
    let bench = Bench::new().await;
    assert_eq!(sangoma(&bench, "").await.error(), "invalid_scope");
    assert_eq!(sangoma(&bench, "cx.unknown").await.error(), "invalid_scope");
    let connection = bench.simulator.connection(Platform::SangomaCx);
    let [id, secret] = credentials(&connection);
    let fields = [("grant_type", "client_credentials"), ("scope", "cx.agent-calls"), id, secret];
    assert_eq!(send(bench.post(Platform::SangomaCx, &fields)).await.error(), "invalid_client");
    let rules = bench.simulator.journal(Platform::SangomaCx).rules_broken();
    assert_eq!(rules, [Rule::MissingParameter, Rule::WrongClientAuthentication]);
}

async fn cloudlx(bench: &Bench, as_json: bool, refresh_token: Option<&str>) -> Answer {
    let connection = bench.simulator.connection(Platform::CloudLx);
    let mut fields = std::collections::BTreeMap::from(credentials(&connection));
    let url = match refresh_token {
        Some(refresh_token) => {
            fields.extend([("grant_type", "refresh_token"), ("refresh_token", refresh_token)]);
            bench.simulator.refresh_endpoint(Platform::CloudLx).unwrap()
        }
        None => {
            fields.insert("grant_type", "client_credentials");
            bench.simulator.token_endpoint(Platform::CloudLx)
        }
    };
    let request = bench.client.post(url).header("accept", CLOUDLX_ACCEPT);
    send(if as_json { request.json(&fields) } else { request.form(&fields) }).await
}

#[tokio::test]
async fn cloudlx_answers_as_on_its_page_in_both_encodings() {
    let bench = Bench::new().await;
    for as_json in [false, true] {
        let first = cloudlx(&bench, as_json, None).await;
        assert_eq!(members(&first), ["access_token", "expires_in", "refresh_token", "token_type"]);
        assert_eq!((&first.json["expires_in"], &first.json["token_type"]), (&json!(3600), &json!("Bearer")));
        let second = cloudlx(&bench, as_json, Some(&first.text_of("refresh_token"))).await;
        assert_eq!(members(&second), members(&first));
        assert_ne!(second.json["refresh_token"], first.json["refresh_token"]);
        let spent = cloudlx(&bench, as_json, Some(&first.text_of("refresh_token"))).await;
        assert_eq!((spent.status, spent.error()), (400, "invalid_grant"));
    }
    bench.assert_no_violations();
}

#[tokio::test]
async fn cloudlxs_refresh_tokens_die_after_seven_days() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    let first = cloudlx(&bench, false, None).await;
    bench.simulator.advance(Duration::from_secs(604_799));
    let second = cloudlx(&bench, false, Some(&first.text_of("refresh_token"))).await;
    assert!(second.is_ok());
    bench.simulator.advance(Duration::from_secs(604_800));
    let dead = cloudlx(&bench, false, Some(&second.text_of("refresh_token"))).await;
    assert_eq!((dead.status, dead.error()), (400, "invalid_grant"));
    assert!(cloudlx(&bench, false, None).await.is_ok());
    bench.assert_no_violations();
}

#[tokio::test]
async fn cloudlxs_endpoints_are_not_to_be_confused() {
    let bench = Bench::new().await;
    let connection = bench.simulator.connection(Platform::CloudLx);
    let [id, secret] = credentials(&connection);
    let wrong = bench
        .client
        .post(bench.simulator.refresh_endpoint(Platform::CloudLx).unwrap())
        .header("accept", CLOUDLX_ACCEPT)
        .form(&[("grant_type", "client_credentials"), id, secret]);
    assert_eq!(send(wrong).await.error(), "unsupported_grant_type");
}

#[tokio::test]
async fn cloudlx_wants_its_accept_everywhere() {
    let bench = Bench::new().await;
    let token = cloudlx(&bench, false, None).await.text_of("access_token");
    let page = async |page: u64| {
        let request = bench.api(Platform::CloudLx, &format!("services?page={page}"), &token);
        send(request.header("accept", CLOUDLX_ACCEPT)).await
    };
    let mut ids = Vec::new();
    for number in 1..=page(1).await.json["meta"]["pagination"]["total_pages"].as_u64().unwrap() {
        let answer = page(number).await;
        ids.extend(answer.json["data"].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()));
    }
    assert_eq!(ids, (1..=60).collect::<Vec<_>>());
    let one = bench.api(Platform::CloudLx, "services/7/service", &token).header("accept", CLOUDLX_ACCEPT);
    assert_eq!(send(one).await.json["data"]["id"], 7);
    bench.assert_no_violations();

    assert_eq!(send(bench.api(Platform::CloudLx, "services", &token)).await.status, 400);
    let unknown = bench.api(Platform::CloudLx, "services", &token);
    let unknown = send(unknown.header("accept", "application/vnd.cloudlx.v2+json")).await;
    assert_eq!(unknown.status, 400);
    let connection = bench.simulator.connection(Platform::CloudLx);
    let [id, secret] = credentials(&connection);
    let bare = send(bench.post(Platform::CloudLx, &[("grant_type", "client_credentials"), id, secret])).await;
    assert_eq!(bare.status, 400);
    assert_eq!(bench.simulator.journal(Platform::CloudLx).rules_broken(), [Rule::MissingHeader; 3]);
}

#[tokio::test]
async fn a_builder_chooses_port_and_settings() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let simulator = Simulator::builder()
        .port(Platform::CloudCx, free)
        .configure(Platform::CloudCx, |settings| settings.access_token_lifetime = 2)
        .start()
        .await
        .unwrap();
    let bench = Bench::with(simulator);
    assert_eq!(
        bench.simulator.token_endpoint(Platform::CloudCx),
        format!("http://127.0.0.1:{free}/oauth/token")
    );
    let answer = cloudcx(&bench, &bench.simulator.connection(Platform::CloudCx)).await;
    assert_eq!(answer.json["expires_in"], 1);
}

#[tokio::test]
async fn each_platform_has_its_own_server() {
    let bench = Bench::new().await;
    for platform in Platform::ALL {
        assert_eq!(bench.simulator.journal(platform).platform, platform);
        assert_eq!(Platform::from_id(platform.id()), Some(platform));
        assert_eq!(serde_json::to_value(platform).unwrap(), platform.id());
    }
}
