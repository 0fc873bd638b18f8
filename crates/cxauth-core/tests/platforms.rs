//! Each platform's request, field for field as the example on the platform's own page has it.
#![allow(clippy::unwrap_used, missing_docs)]

use cxauth_core::{Acquire, Answer, Connection, Session, Step, StepResult, Timestamp, TokenRequest};

const NOW: Timestamp = Timestamp::from_unix_millis(1_700_000_000_000);

fn open(settings: &str) -> Session {
    Session::open(Connection::from_json(settings).unwrap(), NOW, b"seed")
}

/// What the session sends when it is asked, and the answer that it gets.
fn exchange(session: &mut Session, now: Timestamp, status: u16, body: &str) -> TokenRequest {
    let Acquire::Lead { flight, .. } = session.acquire(now) else { panic!("nothing is led") };
    let Step::Send { request } = session.next(now, flight) else { panic!("nothing is sent") };
    let answer = Answer::new(status, [("content-type", "application/json")], body.as_bytes());
    session.done(now, flight, StepResult::Answer(answer));
    request
}

fn request(session: &mut Session, now: Timestamp) -> TokenRequest {
    exchange(session, now, 503, "")
}

fn form(request: &TokenRequest) -> Vec<(String, String)> {
    let mut fields: Vec<_> = url::form_urlencoded::parse(request.body()).into_owned().collect();
    fields.sort();
    fields
}

fn header<'request>(request: &'request TokenRequest, name: &str) -> Option<&'request str> {
    request.headers().find(|(field, _)| *field == name).map(|(_, value)| value)
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    fields.sort();
    fields
}

#[test]
fn cloudcx_password_with_username_as_the_page_for_9_3_3_has_it() {
    let mut session = open(
        r#"{ "platform": "cloudcx", "domain": "cloudcx.example.com", "client_id": "260390634491792838148",
             "client_secret": "6d624c35-978b-4c1c-9c1a-59d727f2ea19", "username": "simon", "password": "A+b c" }"#,
    );
    let request = request(&mut session, NOW);
    assert_eq!((request.method(), request.url()), ("POST", "https://cloudcx.example.com/oauth/token"));
    assert_eq!(header(&request, "content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(header(&request, "authorization"), None);
    assert_eq!(
        form(&request),
        pairs(&[
            ("client_id", "260390634491792838148"),
            ("client_secret", "6d624c35-978b-4c1c-9c1a-59d727f2ea19"),
            ("grant_type", "password"),
            ("username", "simon"),
            ("password", "A+b c"),
        ])
    );
    assert!(
        session
            .allows("https://cloudcx.example.com/openapi/v2/user/page?pageIndex=1&pageSize=25&keywords=si")
    );
}

#[test]
fn cloudcx_password_with_email_as_a_public_client_as_the_older_page_has_it() {
    let mut session = open(
        r#"{ "platform": "cloudcx", "domain": "cx.cloudcx.net:9001", "client_id": "ID", "email": "si@example.com",
             "password": "secret" }"#,
    );
    let request = request(&mut session, NOW);
    assert_eq!(request.url(), "https://cx.cloudcx.net:9001/oauth/token");
    assert_eq!(
        form(&request),
        pairs(&[
            ("email", "si@example.com"),
            ("password", "secret"),
            ("grant_type", "password"),
            ("client_id", "ID")
        ])
    );
}

/// R14.
#[test]
fn cloudcx_keeps_the_password_until_a_refresh_token_came() {
    let mut session = open(
        r#"{ "platform": "cloudcx", "domain": "cx.example", "client_id": "ID", "username": "si", "password": "pw" }"#,
    );
    // As on the page: no refresh token.
    let body = r#"{"access_token":"A","token_type":"Bearer","expires_in":3599}"#;
    let first = exchange(&mut session, NOW, 200, body);
    assert!(form(&first).contains(&("grant_type".into(), "password".into())));
    let later = NOW.plus_seconds(3600);
    let body = r#"{"access_token":"B","token_type":"Bearer","expires_in":3599,"refresh_token":"R"}"#;
    let second = exchange(&mut session, later, 200, body);
    assert!(form(&second).contains(&("password".into(), "pw".into())));
    let later = later.plus_seconds(3600);
    let third = exchange(&mut session, later, 400, r#"{"error":"invalid_grant"}"#);
    assert_eq!(
        form(&third),
        pairs(&[("client_id", "ID"), ("grant_type", "refresh_token"), ("refresh_token", "R")])
    );
    let Acquire::Denied { why } = session.acquire(later.plus_seconds(1)) else {
        panic!("the password is gone")
    };
    assert_eq!(why.action().as_str(), "sign_in");
}

#[test]
fn cloudcx_api_key() {
    for (settings, name, value) in [
        (
            r#"{ "platform": "cloudcx", "domain": "cx.example", "api_key": "KEY" }"#,
            "authorization",
            "Bearer KEY",
        ),
        (
            r#"{ "platform": "cloudcx", "domain": "cx.example", "api_key": "KEY", "header": "X-API-Key", "prefix": "" }"#,
            "x-api-key",
            "KEY",
        ),
    ] {
        let Acquire::Ready { token } = open(settings).acquire(NOW) else { panic!("a key needs no flight") };
        assert_eq!((token.header_name(), token.header_value().expose()), (name, value));
    }
}

/// R04, R06.
#[test]
fn cisco_cx_cloud_client_credentials_in_the_body() {
    let mut session =
        open(r#"{ "platform": "cisco-cx-cloud", "client_id": "redacted", "client_secret": "redacted too" }"#);
    let request = request(&mut session, NOW);
    assert_eq!(request.url(), "https://id.cisco.com/oauth2/default/v1/token");
    assert_eq!(header(&request, "content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(
        form(&request),
        pairs(&[
            ("grant_type", "client_credentials"),
            ("client_id", "redacted"),
            ("client_secret", "redacted too"),
        ])
    );
    assert!(session.allows("https://apix.cisco.com/cs/api/v2/customer-info/customer-details"));
    assert!(!session.allows("https://id.cisco.com/oauth2/default/v1/token"));
}

#[test]
fn sangoma_cx_basic_as_curl_sends_it() {
    let mut session = open(
        r#"{ "platform": "sangoma-cx", "client_id": "id", "client_secret": "s/e+c",
             "scopes": ["cx.agent-calls", "cx.queue-calls"] }"#,
    );
    let request = request(&mut session, NOW);
    assert_eq!(request.url(), "https://auth.sangoma.com/oauth/token");
    // `printf %s id:s/e+c | base64`
    assert_eq!(header(&request, "authorization"), Some("Basic aWQ6cy9lK2M="));
    assert_eq!(
        form(&request),
        pairs(&[("grant_type", "client_credentials"), ("scope", "cx.agent-calls cx.queue-calls")])
    );
    assert!(session.allows("https://cpaas.sangoma.com/cx/api/v1/agents/call/"));
    let without =
        Connection::from_json(r#"{ "platform": "sangoma-cx", "client_id": "id", "client_secret": "s" }"#);
    assert_eq!(without.unwrap_err().code().as_str(), "missing_setting");
}

#[test]
fn cloudlx_both_endpoints_with_the_versioned_accept() {
    for (body, content_type) in [("form", "application/x-www-form-urlencoded"), ("json", "application/json")]
    {
        let mut session = open(&format!(
            r#"{{ "platform": "cloudlx", "client_id": "xYrKf2x3", "client_secret": "nykSBHID", "body": "{body}" }}"#
        ));
        let read = |request: &TokenRequest| -> Vec<(String, String)> {
            if body == "form" {
                return form(request);
            }
            let fields: std::collections::BTreeMap<String, String> =
                serde_json::from_slice(request.body()).unwrap();
            fields.into_iter().collect()
        };
        let answer = r#"{ "access_token": "cxl784Nu0NNbsUhotFWNFOyC2noFs7ImlnEtNoCr", "token_type": "Bearer",
                          "expires_in": 3600, "refresh_token": "PlaIgVUTpQpGKWgRqIXjfNn3GWQzkizPraHQLhGQ" }"#;
        let first = exchange(&mut session, NOW, 200, answer);
        assert_eq!(first.url(), "https://cloudlx.epsilontel.com/api/oauth2/access-token");
        assert_eq!(header(&first, "accept"), Some("application/vnd.cloudlx.v1+json"));
        assert_eq!(header(&first, "content-type"), Some(content_type));
        assert_eq!(
            read(&first),
            pairs(&[
                ("grant_type", "client_credentials"),
                ("client_id", "xYrKf2x3"),
                ("client_secret", "nykSBHID")
            ])
        );
        let Acquire::Ready { token } = session.acquire(NOW) else { panic!("a token came") };
        assert_eq!(token.api_headers().next(), Some(("accept", "application/vnd.cloudlx.v1+json")));
        assert_eq!(token.expires_at(), Some(NOW.plus_seconds(3600)));

        let refresh = request(&mut session, NOW.plus_seconds(2900));
        assert_eq!(refresh.url(), "https://cloudlx.epsilontel.com/api/oauth2/refresh-token");
        assert_eq!(header(&refresh, "accept"), Some("application/vnd.cloudlx.v1+json"));
        assert_eq!(
            read(&refresh),
            pairs(&[
                ("refresh_token", "PlaIgVUTpQpGKWgRqIXjfNn3GWQzkizPraHQLhGQ"),
                ("grant_type", "refresh_token"),
                ("client_id", "xYrKf2x3"),
                ("client_secret", "nykSBHID"),
            ])
        );
        // The refresh token is dead after 7 days: the client credentials again.
        let week_later = request(&mut session, NOW.plus_seconds(604_800));
        assert_eq!(week_later.url(), "https://cloudlx.epsilontel.com/api/oauth2/access-token");
    }
}
