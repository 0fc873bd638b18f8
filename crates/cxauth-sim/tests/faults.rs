//! Each fault does what it says, where and as often as it is aimed.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::sync::Arc;

use cxauth_sim::{
    Effect, Endpoint, ExpiresIn, Fault, Malformation, Platform, RedirectTarget, RetryAfter, Rule, Verdict,
};
use serde_json::json;
use support::{Answer, Bench, credentials, send};

const GENERIC: Platform = Platform::Generic;

fn status(status: u16) -> Effect {
    Effect::Status { status, headers: vec![("x-fault".into(), "yes".into())], body: "a body".into() }
}

/// The plain server's answer to a token request under one fault.
async fn granted_under(effect: Effect) -> Answer {
    let bench = Bench::new().await;
    bench.simulator.arm(Fault::new(effect).times(1));
    let answer = bench.grant(&[]).await;
    assert!(bench.grant(&[]).await.is_ok(), "it goes on after its time");
    bench.assert_no_violations();
    answer
}

#[tokio::test]
async fn a_status_has_body_and_headers_and_nothing_is_processed() {
    let bench = Bench::new().await;
    bench.simulator.arm(Fault::new(status(503)).on(GENERIC).times(2));
    for _ in 0..2 {
        let answer = bench.grant(&[]).await;
        assert_eq!((answer.status, answer.text.as_str()), (503, "a body"));
        assert_eq!(answer.header("x-fault"), Some("yes"));
    }
    assert!(bench.grant(&[]).await.is_ok());
    let journal = bench.simulator.journal(GENERIC);
    assert_eq!((journal.counters.requests_not_processed, journal.counters.access_tokens_issued), (2, 1));
    assert_eq!((&journal.log[0].verdict, &journal.log[0].faults), (&Verdict::NotProcessed, &vec![1]));
}

#[tokio::test]
async fn a_fault_hits_what_it_is_aimed_at() {
    let bench = Bench::new().await;
    bench.simulator.arm(Fault::new(status(500)).on(Platform::CloudLx));
    let number = bench.simulator.arm(Fault::new(status(500)).on(GENERIC).at(Endpoint::Refresh));
    let tokens = bench.grant(&[]).await;
    assert!(bench.whoami(&tokens.text_of("access_token")).await.is_ok());
    assert_eq!(bench.refresh(&tokens.text_of("refresh_token"), &[]).await.status, 500);
    bench.simulator.clear_fault(number);
    assert!(bench.refresh(&tokens.text_of("refresh_token"), &[]).await.is_ok());
    assert_eq!(bench.simulator.faults().len(), 1);
    bench.simulator.clear_faults();
    assert_eq!(bench.simulator.faults(), []);
}

#[tokio::test]
async fn some_requests_are_let_through_first() {
    let bench = Bench::new().await;
    bench.simulator.arm(Fault::new(Effect::RevokeToken).at(Endpoint::Api).skip(2).times(1));
    let token = bench.grant(&[]).await.text_of("access_token");
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(bench.whoami(&token).await.status);
    }
    assert_eq!(statuses, [200, 200, 401, 401]);
}

#[tokio::test]
async fn false_401s_come_in_a_fraction() {
    let bench = Bench::new().await;
    let effect = Effect::Unauthorized { challenge: None };
    bench.simulator.arm(Fault::new(effect).at(Endpoint::Api).fraction(0.1));
    let token = bench.grant(&[]).await.text_of("access_token");
    let mut refused = 0;
    for _ in 0..100 {
        let answer = bench.whoami(&token).await;
        if answer.status == 401 {
            refused += 1;
            assert!(answer.header("www-authenticate").unwrap().contains("invalid_token"));
        }
    }
    assert_eq!(refused, 10);
    bench.simulator.clear_faults();
    for (challenge, expected) in [("", None), ("Basic", Some("Basic"))] {
        bench.simulator.arm(Fault::new(Effect::Unauthorized { challenge: Some(challenge.into()) }).times(1));
        assert_eq!(bench.whoami(&token).await.header("www-authenticate"), expected);
    }
}

#[tokio::test]
async fn a_connection_drops_before_or_after_the_processing() {
    let bench = Bench::new().await;
    let connection = bench.simulator.connection(GENERIC);
    let [id, secret] = credentials(&connection);
    let first = bench.grant(&[]).await.text_of("refresh_token");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", &first), id, secret];

    bench.simulator.arm(Fault::new(Effect::Drop).times(1));
    assert!(bench.post(GENERIC, &fields).send().await.is_err());
    assert_eq!(bench.simulator.journal(GENERIC).counters.refresh_tokens_issued, 1);

    bench.simulator.arm(Fault::new(Effect::Drop).times(1).processed());
    assert!(bench.post(GENERIC, &fields).send().await.is_err());
    let journal = bench.simulator.journal(GENERIC);
    assert_eq!(journal.counters.refresh_tokens_issued, 2);
    let lost = journal.log.back().unwrap();
    assert_eq!((&lost.verdict, lost.status), (&Verdict::Accepted, None));

    // The answer is lost and the token spent: what a rotating server does to a lossy network.
    assert_eq!(bench.refresh(&first, &[]).await.error(), "invalid_grant");
}

#[tokio::test]
async fn a_held_answer_waits_for_its_release() {
    let bench = Arc::new(Bench::new().await);
    for processed in [false, true] {
        bench.simulator.reset_journals();
        let fault = Fault::new(Effect::Hold).at(Endpoint::Token).times(1);
        bench.simulator.arm(if processed { fault.processed() } else { fault });
        let asking = tokio::spawn({
            let bench = Arc::clone(&bench);
            async move { bench.grant(&[]).await }
        });
        bench
            .simulator
            .wait_until(GENERIC, |journal| {
                let expected = if processed { Verdict::Accepted } else { Verdict::Pending };
                journal.log.back().is_some_and(|entry| entry.verdict == expected)
            })
            .await;
        assert!(!asking.is_finished());
        bench.simulator.release();
        assert!(asking.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn a_delay_is_real() {
    let bench = Bench::new().await;
    bench.simulator.arm(Fault::new(Effect::Delay { ms: 50 }).times(1));
    let before = std::time::Instant::now();
    assert!(bench.grant(&[]).await.is_ok());
    assert!(before.elapsed().as_millis() >= 50);
}

#[tokio::test]
async fn bodies_break_off_and_never_end() {
    let bench = Bench::new().await;
    let connection = bench.simulator.connection(GENERIC);
    let [id, secret] = credentials(&connection);
    let ask = || bench.post(GENERIC, &[("grant_type", "client_credentials"), id, secret]);

    bench.simulator.arm(Fault::new(Effect::Truncate { keep: 10 }).times(1));
    let mut response = ask().send().await.unwrap();
    assert!(response.content_length().unwrap() > 10);
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 10);
    assert!(response.chunk().await.is_err());

    bench.simulator.arm(Fault::new(Effect::Endless { chunk: 1024, pause_ms: 0, limit: 1 << 20 }).times(1));
    let mut response = ask().send().await.unwrap();
    assert_eq!(response.content_length(), None);
    let mut received = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        received += chunk.len();
    }
    assert!((1 << 16..=(1 << 20) + 1024).contains(&received), "{received}");

    bench.simulator.arm(Fault::new(Effect::Endless { chunk: 1, pause_ms: 1, limit: 30 }).times(1));
    let mut response = ask().send().await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 1);
    assert!(response.text().await.is_err());
}

#[tokio::test]
async fn bodies_are_huge() {
    let answer = granted_under(Effect::Huge { bytes: 65_536 }).await;
    assert!(answer.text.len() > 65_536 && answer.json["access_token"].is_string());
}

#[tokio::test]
async fn bodies_are_malformed() {
    use Malformation::*;
    for form in [BadJson, Empty, TrailingGarbage, DeepNesting, Html] {
        let answer = granted_under(Effect::Malformed { form }).await;
        assert_eq!((answer.status, &answer.json), (200, &serde_json::Value::Null), "{form:?}");
    }
    assert!(
        granted_under(Effect::Malformed { form: Html })
            .await
            .header("content-type")
            .unwrap()
            .contains("html")
    );
    let twice = granted_under(Effect::Malformed { form: DuplicateMembers }).await;
    assert_eq!(twice.text.matches("\"access_token\"").count(), 2);
    assert!(granted_under(Effect::Malformed { form: WrongTypes }).await.json["access_token"].is_array());
    let error = granted_under(Effect::Malformed { form: ErrorInSuccess }).await;
    assert_eq!((error.status, error.error()), (200, "temporarily_unavailable"));
    assert!(
        granted_under(Effect::Malformed { form: HeaderInjection })
            .await
            .text_of("access_token")
            .contains('\n')
    );
    assert!(granted_under(Effect::Malformed { form: InvalidUtf8 }).await.text.contains('\u{fffd}'));
}

#[tokio::test]
async fn redirects_lead_everywhere() {
    for code in [301, 302, 303, 307, 308] {
        for (to, same) in [(RedirectTarget::SameHost, true), (RedirectTarget::CrossHost, false)] {
            let bench = Bench::new().await;
            bench.simulator.arm(Fault::new(Effect::Redirect { status: code, to }).on(GENERIC).times(1));
            let answer = bench.grant(&[]).await;
            assert_eq!(answer.status, code);
            let location = answer.header("location").unwrap().to_owned();
            assert_eq!(location.starts_with('/'), same);
            bench.assert_no_violations();

            // Whoever follows is found out.
            let base = reqwest::Url::parse(&bench.simulator.token_endpoint(GENERIC)).unwrap();
            send(bench.client.get(base.join(&location).unwrap())).await;
            let at = if same { GENERIC } else { Platform::Elsewhere };
            assert_eq!(bench.simulator.journal(at).rules_broken(), [Rule::FollowedRedirect]);
        }
    }
    let looping = granted_under(Effect::Redirect { status: 307, to: RedirectTarget::Loop }).await;
    assert_eq!(looping.header("location"), Some("/token"));
    let to = RedirectTarget::Url("http://user:password@127.0.0.1:1/".into());
    let named = granted_under(Effect::Redirect { status: 302, to }).await;
    assert_eq!(named.header("location"), Some("http://user:password@127.0.0.1:1/"));
}

#[tokio::test]
async fn an_api_request_may_follow_within_its_host() {
    let bench = Bench::new().await;
    let token = bench.grant(&[]).await.text_of("access_token");
    let effect = Effect::Redirect { status: 307, to: RedirectTarget::SameHost };
    bench.simulator.arm(Fault::new(effect).at(Endpoint::Api).times(1));
    let answer = bench.whoami(&token).await;
    let url = bench.simulator.base(GENERIC) + answer.header("location").unwrap();
    assert!(send(bench.client.get(url).bearer_auth(&token)).await.is_ok());
    bench.assert_no_violations();
}

#[tokio::test]
async fn retry_after_comes_in_every_form() {
    let limited = async |retry_after| granted_under(Effect::RateLimit { status: 429, retry_after }).await;
    let cases = [
        (RetryAfter::Seconds(30), Some("30")),
        (RetryAfter::Negative, Some("-30")),
        (RetryAfter::Garbage, Some("soon")),
        (RetryAfter::TenDigits, Some("9999999999")),
        (RetryAfter::Absent, None),
    ];
    for (form, expected) in cases {
        let answer = limited(form).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, expected));
    }

    let bench = Bench::new().await;
    bench.simulator.freeze();
    let now = bench.simulator.clock().now_ms.div_euclid(1000);
    for seconds in [60, -3600] {
        let effect = Effect::RateLimit { status: 429, retry_after: RetryAfter::Date(seconds) };
        bench.simulator.arm(Fault::new(effect).times(1));
        let answer = bench.grant(&[]).await;
        let date = httpdate::parse_http_date(answer.header("retry-after").unwrap()).unwrap();
        let unix = date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(i64::try_from(unix).unwrap(), now + seconds);
    }
}

#[tokio::test]
async fn lifetimes_come_in_every_form() {
    let cases = [
        (ExpiresIn::Text, "\"expires_in\":\"3600\""),
        (ExpiresIn::Float, "\"expires_in\":3600.0"),
        (ExpiresIn::Null, "\"expires_in\":null"),
        (ExpiresIn::Zero, "\"expires_in\":0"),
        (ExpiresIn::Negative, "\"expires_in\":-1"),
        (ExpiresIn::Boolean, "\"expires_in\":true"),
        (ExpiresIn::BeyondNumbers, "\"expires_in\":1e400"),
        (ExpiresIn::Huge, "\"expires_in\":18446744073709551616"),
        (ExpiresIn::Milliseconds, "\"expires_in\":3600000"),
    ];
    for (form, expected) in cases {
        let answer = granted_under(Effect::ExpiresIn { form }).await;
        assert!(answer.text.contains(expected), "{form:?}: {}", answer.text);
    }
    assert!(
        granted_under(Effect::ExpiresIn { form: ExpiresIn::Absent }).await.json.get("expires_in").is_none()
    );
}

#[tokio::test]
async fn members_and_headers_of_an_answer_change() {
    let set = json!({ "token_type": "mac", "extra": [1] }).as_object().unwrap().clone();
    let answer = granted_under(Effect::Members { set, remove: vec!["expires_in".into()] }).await;
    assert_eq!((&answer.json["token_type"], &answer.json["extra"]), (&json!("mac"), &json!([1])));
    assert!(answer.json.get("expires_in").is_none());

    let date = "Thu, 01 Jan 1970 00:00:00 GMT".to_owned();
    let answer = granted_under(Effect::Headers { set: vec![("date".into(), date.clone())] }).await;
    assert_eq!(answer.header("date"), Some(date.as_str()));
}

#[tokio::test]
async fn errors_and_gateways_refuse() {
    let error = Effect::OauthError { status: 400, error: "invalid_grant".into(), description: "gone".into() };
    let answer = granted_under(error).await;
    assert_eq!((answer.status, answer.error()), (400, "invalid_grant"));
    let answer = granted_under(Effect::Gateway { code: "ERR_403_DEVELOPER_OVER_QPS".into() }).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text.contains("ERR_403_DEVELOPER_OVER_QPS"));
}

#[tokio::test]
async fn effects_combine() {
    let bench = Bench::new().await;
    bench.simulator.arm(Fault::new(Effect::Delay { ms: 1 }).times(1));
    bench.simulator.arm(Fault::new(Effect::ExpiresIn { form: ExpiresIn::Text }).times(1));
    bench.simulator.arm(Fault::new(Effect::Huge { bytes: 10 }).times(1));
    bench.simulator.arm(Fault::new(status(500)).skip(1).times(1));
    let answer = bench.grant(&[]).await;
    assert_eq!((&answer.json["expires_in"], answer.status), (&json!("3600"), 200));
    assert_eq!(bench.simulator.journal(GENERIC).log[0].faults, [1, 2, 3]);
    assert_eq!(bench.grant(&[]).await.status, 500);
}

#[tokio::test]
async fn every_endpoint_of_the_plain_server_can_be_taken_by_a_fault() {
    let bench = Bench::new().await;
    let base = bench.simulator.base(GENERIC);
    let token_path = "/redirected/token";
    let cases = [
        (Endpoint::PushedAuthorization, "/par", token_path),
        (Endpoint::DeviceAuthorization, "/device_authorization", token_path),
        (Endpoint::Revocation, "/revoke", token_path),
        (Endpoint::Introspection, "/introspect", token_path),
        (Endpoint::Authorization, "/authorize", "/redirected/page"),
        (Endpoint::Authorization, "/sign-in", "/redirected/page"),
        (Endpoint::Verification, "/device", "/redirected/page"),
        (Endpoint::Metadata, "/.well-known/openid-configuration", "/redirected/metadata"),
    ];
    for (endpoint, path, target) in cases {
        bench.simulator.reset_journals();
        let ask = async || send(bench.client.post(format!("{base}{path}"))).await;
        let redirect = Effect::Redirect { status: 307, to: RedirectTarget::SameHost };
        bench.simulator.arm(Fault::new(redirect).at(endpoint).times(1));
        assert_eq!(ask().await.header("location"), Some(target), "{path}");
        bench.simulator.arm(Fault::new(status(503)).at(endpoint).times(1));
        assert_eq!(ask().await.status, 503, "{path}");
        let malformed = Effect::Malformed { form: Malformation::Html };
        bench.simulator.arm(Fault::new(malformed).at(endpoint).times(1));
        assert!(ask().await.text.starts_with("<!doctype html><title>Welcome"), "{path}");
        bench.simulator.arm(Fault::new(Effect::Drop).at(endpoint).times(1).processed());
        assert!(bench.client.post(format!("{base}{path}")).send().await.is_err(), "{path}");
        let journal = bench.simulator.journal(GENERIC);
        assert_eq!(journal.counters.requests_not_processed, 3, "{path}");
        assert!(journal.log.iter().all(|entry| entry.endpoint == endpoint), "{path}");
        assert_eq!(bench.simulator.faults(), []);
    }
    // A secret that follows a redirect is the client's mistake, a browser that does is none.
    bench.simulator.reset_journals();
    send(bench.client.post(format!("{base}{token_path}"))).await;
    send(bench.client.get(format!("{base}/redirected/page"))).await;
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::FollowedRedirect]);
}
