//! Every rule that a client can break is refused and recorded, and nothing secret is.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth_sim::{Platform, Rule, Verdict};
use reqwest::RequestBuilder;
use support::{Bench, credentials, send};

const GENERIC: Platform = Platform::Generic;

/// Sends what `request` builds from the plain server's `(client_id, client_secret)` pairs.
async fn breaks(rule: Rule, request: impl FnOnce(&Bench, [(&str, &str); 2]) -> RequestBuilder) {
    let bench = Bench::new().await;
    let connection = bench.simulator.connection(GENERIC);
    let answer = send(request(&bench, credentials(&connection))).await;
    assert!((400..500).contains(&answer.status), "{rule:?}: {answer:?}");
    assert!(answer.json.get("access_token").is_none());
    let journal = bench.simulator.journal(GENERIC);
    assert_eq!(journal.rules_broken(), [rule]);
    assert_eq!(journal.counters.violations, 1);
    assert!(matches!(journal.log[0].verdict, Verdict::Refused(_)));
    assert_eq!(journal.violations[0].request, journal.log[0].number);
    assert_no_secret(&bench);
}

fn assert_no_secret(bench: &Bench) {
    let journal = serde_json::to_string(&bench.simulator.snapshot()).unwrap();
    for secret in bench.simulator.secrets() {
        let quoted = serde_json::to_string(&secret).unwrap();
        assert!(!journal.contains(quoted.trim_matches('"')), "the journal has a secret");
    }
}

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn the_method_is_post() {
    breaks(Rule::MethodNotPost, |bench, _| bench.client.get(bench.simulator.token_endpoint(GENERIC))).await;
    breaks(Rule::MethodNotPost, |bench, [id, secret]| {
        bench.client.put(bench.simulator.token_endpoint(GENERIC)).form(&[GRANT, id, secret])
    })
    .await;
}

#[tokio::test]
async fn no_parameter_comes_twice() {
    breaks(Rule::DuplicateParameter, |bench, [id, secret]| {
        bench.post(GENERIC, &[GRANT, id, secret, ("scope", "a"), ("scope", "a")])
    })
    .await;
    breaks(Rule::DuplicateParameter, |bench, [id, secret]| bench.post(GENERIC, &[GRANT, GRANT, id, secret]))
        .await;
}

#[tokio::test]
async fn json_members_come_once_too() {
    let bench = Bench::new().await;
    let body = r#"{"grant_type":"client_credentials","grant_type":"client_credentials"}"#;
    let request = bench
        .client
        .post(bench.simulator.token_endpoint(Platform::CloudLx))
        .header("accept", "application/vnd.cloudlx.v1+json")
        .header("content-type", "application/json")
        .body(body);
    assert_eq!(send(request).await.error(), "invalid_request");
    assert_eq!(bench.simulator.journal(Platform::CloudLx).rules_broken(), [Rule::DuplicateParameter]);
}

#[tokio::test]
async fn the_client_authenticates_in_one_way() {
    breaks(Rule::SeveralClientAuthentications, |bench, [id, secret]| {
        bench.post(GENERIC, &[GRANT, id, secret]).basic_auth(id.1, Some(secret.1))
    })
    .await;
    breaks(Rule::SeveralClientAuthentications, |bench, [id, secret]| {
        bench.post(GENERIC, &[GRANT, id, secret, ("client_assertion", "x")])
    })
    .await;
    breaks(Rule::SeveralAuthorizationHeaders, |bench, [id, secret]| {
        bench.post(GENERIC, &[GRANT]).basic_auth(id.1, Some(secret.1)).bearer_auth("x")
    })
    .await;
    breaks(Rule::MalformedAuthorization, |bench, _| {
        bench.post(GENERIC, &[GRANT]).header("authorization", "Basic ?")
    })
    .await;
    breaks(Rule::MissingParameter, |bench, _| bench.post(GENERIC, &[GRANT])).await;
}

#[tokio::test]
async fn an_identifier_beside_basic_is_the_same_one() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| {
        settings.clients = vec![cxauth_sim::Client::confidential("one", "cxauth-canary-one")];
    });
    let ask = |id: &'static str| {
        bench.post(GENERIC, &[GRANT, ("client_id", id)]).basic_auth("one", Some("cxauth-canary-one"))
    };
    assert!(send(ask("one")).await.is_ok());
    bench.assert_no_violations();
    assert_eq!(send(ask("another")).await.error(), "invalid_request");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::ContradictoryParameters]);
}

#[tokio::test]
async fn the_body_is_form_encoded() {
    let with_body = |content_type: &'static str, body: &'static str| {
        move |bench: &Bench, _: [(&str, &str); 2]| {
            let request = bench.client.post(bench.simulator.token_endpoint(GENERIC)).body(body);
            request.header("content-type", content_type)
        }
    };
    let form = "application/x-www-form-urlencoded";
    breaks(Rule::WrongContentType, with_body("text/plain", "grant_type=client_credentials")).await;
    breaks(Rule::WrongContentType, with_body("application/json", "{}")).await;
    breaks(Rule::MalformedBody, with_body(form, "grant_type=client credentials")).await;
    breaks(Rule::MalformedBody, with_body(form, "grant_type=%zz")).await;
    breaks(Rule::MalformedBody, with_body(form, "grant_type=%ff")).await;
    breaks(Rule::WrongContentType, |bench, _| bench.client.post(bench.simulator.token_endpoint(GENERIC)))
        .await;
}

#[tokio::test]
async fn no_credential_is_in_the_uri() {
    breaks(Rule::CredentialsInUri, |bench, pairs| bench.post(GENERIC, &[GRANT]).query(&pairs)).await;
    breaks(Rule::CredentialsInUri, |bench, _| {
        bench.client.get(bench.simulator.api_base(GENERIC) + "whoami?access_token=x")
    })
    .await;
    breaks(Rule::CredentialsInUri, |bench, _| {
        bench.client.get(bench.simulator.api_base(GENERIC) + "cxauth-canary-x").bearer_auth("x")
    })
    .await;
}

#[tokio::test]
async fn what_a_grant_needs_is_there() {
    breaks(Rule::MissingParameter, |bench, [id, secret]| bench.post(GENERIC, &[id, secret])).await;
    for missing in ["username", "password"] {
        breaks(Rule::MissingParameter, |bench, [id, secret]| {
            let mut fields = vec![("grant_type", "password"), id, secret];
            fields.extend([("username", "u"), ("password", "p")].iter().filter(|(name, _)| *name != missing));
            bench.post(GENERIC, &fields)
        })
        .await;
    }
    breaks(Rule::MissingParameter, |bench, [id, secret]| {
        bench.post(GENERIC, &[("grant_type", "refresh_token"), id, secret])
    })
    .await;
}

#[tokio::test]
async fn a_refresh_asks_for_no_more() {
    let bench = Bench::new().await;
    let first = bench.grant(&[("scope", "a")]).await;
    bench.refresh(&first.text_of("refresh_token"), &[("scope", "a b")]).await;
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::ScopeWidened]);
}

#[tokio::test]
async fn api_requests_carry_one_bearer_token_in_one_place() {
    let whoami = |bench: &Bench| bench.client.get(bench.simulator.api_base(GENERIC) + "whoami");
    breaks(Rule::SeveralAuthorizationHeaders, |bench, _| whoami(bench).bearer_auth("a").bearer_auth("a"))
        .await;
    breaks(Rule::CredentialsAtApi, |bench, [id, secret]| whoami(bench).basic_auth(id.1, Some(secret.1)))
        .await;
    breaks(Rule::MalformedAuthorization, |bench, _| whoami(bench).header("authorization", "Bearer  a")).await;
    breaks(Rule::MalformedAuthorization, |bench, _| whoami(bench).header("authorization", "a")).await;
    breaks(Rule::TokenInBody, |bench, _| {
        bench.client.post(bench.simulator.api_base(GENERIC) + "whoami").form(&[("access_token", "a")])
    })
    .await;
}

#[tokio::test]
async fn a_token_stays_at_its_server_and_below_its_path() {
    let bench = Bench::new().await;
    let token = bench.grant(&[]).await.text_of("access_token");
    send(bench.api(Platform::CiscoCxCloud, "contracts/coverage", &token)).await;
    assert_eq!(bench.simulator.journal(Platform::CiscoCxCloud).rules_broken(), [Rule::TokenAtWrongHost]);
    send(bench.client.get(bench.simulator.base(Platform::Elsewhere)).header("x-key", &token)).await;
    assert_eq!(bench.simulator.journal(Platform::Elsewhere).rules_broken(), [Rule::TokenAtWrongHost]);
    send(bench.client.get(bench.simulator.base(GENERIC) + "/other").bearer_auth(&token)).await;
    send(bench.post(GENERIC, &[GRANT]).bearer_auth(&token)).await;
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::TokenAtWrongPath; 2]);
    assert_no_secret(&bench);
}

#[tokio::test]
async fn the_log_has_names_and_no_values() {
    let bench = Bench::new().await;
    let token = bench.grant(&[("scope", "a")]).await.text_of("access_token");
    send(bench.api(GENERIC, "items?page=2", &token)).await;
    let journal = bench.simulator.journal(GENERIC);
    let [asked, used] = [&journal.log[0], &journal.log[1]];
    assert_eq!(asked.field_names, ["grant_type", "client_id", "client_secret", "scope"]);
    assert_eq!((asked.grant.as_deref(), asked.status), (Some("client_credentials"), Some(200)));
    assert!(asked.header_names.contains(&"content-type".to_owned()));
    assert_eq!((used.path.as_str(), used.query_names.as_slice()), ("/api/items", &["page".to_owned()][..]));
    assert_eq!(used.verdict, Verdict::Accepted);
    assert_no_secret(&bench);
    bench.simulator.reset_journals();
    assert_eq!(bench.simulator.journal(GENERIC).counters.requests, 0);
}

#[tokio::test]
async fn browsers_may_ask() {
    let bench = Bench::new().await;
    let preflight = bench
        .client
        .request(reqwest::Method::OPTIONS, bench.simulator.api_base(GENERIC) + "whoami")
        .header("origin", "http://page.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization");
    let answer = send(preflight).await;
    assert_eq!((answer.status, answer.header("access-control-allow-headers")), (204, Some("authorization")));
    let asked = bench.api(GENERIC, "whoami", "x").header("origin", "http://page.example");
    assert_eq!(send(asked).await.header("access-control-allow-origin"), Some("*"));
    assert_eq!(bench.simulator.journal(GENERIC).counters.preflights, 1);
    bench.assert_no_violations();
}
