//! The code grant with PKCE: the page, the redirect, the token request, and what is refused on the way.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::time::Duration;

use cxauth_sim::{
    AnswerParameter, Decision, Effect, Endpoint, Fault, Pkce, Platform, Relay, Rule, SignInAnswer, Simulator,
};
use reqwest::Url;
use serde_json::{Value, json};
use support::code::{CHALLENGE, REDIRECT_URI, VERIFIER, parameter, values};
use support::{Answer, Bench, send};

const GENERIC: Platform = Platform::Generic;

#[tokio::test]
async fn a_person_signs_in_at_the_page() {
    let bench = Bench::new().await;
    let page = send(bench.client.get(bench.authorization_url(&[("scope", "b a")]))).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("cxauth-canary-generic-client"));
    assert!(page.text.contains("<code>a b</code>"));
    assert!(!page.text.contains("<script"));
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    let request = page.text.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap();

    let user = &bench.simulator.settings(GENERIC).users[0];
    let answered = async |password: &str| {
        let form =
            [("request", request), ("username", &user.name), ("password", password), ("decision", "approve")];
        send(bench.client.post(bench.simulator.base(GENERIC) + "/sign-in").form(&form)).await
    };
    let wrong = answered("wrong").await;
    assert_eq!(wrong.status, 403);
    assert!(wrong.text.contains("The user or the password is wrong"));
    let right = answered(user.password.reveal()).await;
    assert_eq!(right.status, 303);
    let redirected: Url = right.header("location").unwrap().parse().unwrap();
    assert!(redirected.as_str().starts_with(REDIRECT_URI));
    assert_eq!(parameter(&redirected, "state").as_deref(), Some("a state"));
    assert_eq!(parameter(&redirected, "iss"), Some(bench.simulator.base(GENERIC)));
    assert_eq!(answered(user.password.reveal()).await.status, 400, "a page is answered once");

    let tokens = bench.redeem(&parameter(&redirected, "code").unwrap(), &[]).await;
    assert_eq!((tokens.status, &tokens.json["scope"]), (200, &json!("a b")));
    let who = bench.whoami(&tokens.text_of("access_token")).await;
    assert_eq!(who.json["username"], user.name);
    assert!(bench.refresh(&tokens.text_of("refresh_token"), &[]).await.is_ok());
    let counters = bench.simulator.journal(GENERIC).counters;
    assert_eq!((counters.codes_issued, counters.authorization_requests), (1, 4));
    assert_eq!(counters.token_requests_by_grant["authorization_code"], 1);
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_test_signs_in_without_a_browser() {
    let bench = Bench::new().await;
    let url = bench.authorization_url(&[]);
    let redirected = bench.simulator.sign_in(&url, Decision::Approve).unwrap();
    assert!(redirected.starts_with("http://127.0.0.1:5000/callback?code=cxauth-canary-code-"));
    let denied: Url = bench.simulator.sign_in(&url, Decision::Deny).unwrap().parse().unwrap();
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&denied, "state").as_deref(), Some("a state"));
    assert_eq!(parameter(&denied, "iss"), Some(bench.simulator.base(GENERIC)));

    let control = |body: Value| {
        bench.client.post(format!("{}/_sim/sign-in", bench.simulator.control_base())).json(&body)
    };
    let told = send(control(json!({ "url": url, "decision": "approve" }))).await;
    assert!(told.text_of("redirect").contains("code="));
    let wrong = send(control(json!({ "url": url.replace("127.0.0.1%3A5000", "evil.example") }))).await;
    assert_eq!((wrong.status, wrong.error()), (422, "The redirect_uri is not registered."));
    assert_eq!(send(control(json!({ "url": "http://127.0.0.1:1/authorize" }))).await.status, 422);
}

#[tokio::test]
async fn a_browser_that_is_signed_in_sees_no_page() {
    let bench = Bench::new().await;
    let answered = async |answer: SignInAnswer| -> Url {
        bench.simulator.configure(GENERIC, |settings| settings.sign_in.answer = answer);
        let answer = send(bench.client.get(bench.authorization_url(&[]))).await;
        assert_eq!(answer.status, 302);
        answer.header("location").unwrap().parse().unwrap()
    };
    assert!(parameter(&answered(SignInAnswer::Approve).await, "code").is_some());
    let denied = answered(SignInAnswer::Deny).await;
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    let down = answered(SignInAnswer::Error("temporarily_unavailable".into())).await;
    assert_eq!(parameter(&down, "error").as_deref(), Some("temporarily_unavailable"));
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_public_client_redeems_its_code_without_a_secret() {
    let bench = Bench::new().await;
    let public = "cxauth-canary-generic-public-client";
    let code = bench.code(&[("client_id", public)]);
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", public),
        ("code", &code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    let tokens = send(bench.post(GENERIC, &fields)).await;
    assert_eq!(bench.whoami(&tokens.text_of("access_token")).await.json["client_id"], public);
    bench.assert_no_violations();
}

/// RFC 6749 §4.1.2: the second use revokes what the first one brought.
#[tokio::test]
async fn a_code_that_comes_twice_takes_its_tokens_with_it() {
    let bench = Bench::new().await;
    let code = bench.code(&[]);
    let tokens = bench.redeem(&code, &[]).await;
    let renewed = bench.refresh(&tokens.text_of("refresh_token"), &[]).await;
    let again = bench.redeem(&code, &[]).await;
    assert_eq!((again.status, again.error()), (400, "invalid_grant"));
    for token in [&tokens, &renewed] {
        assert_eq!(bench.whoami(&token.text_of("access_token")).await.status, 401);
    }
    assert_eq!(bench.refresh(&renewed.text_of("refresh_token"), &[]).await.error(), "invalid_grant");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::CodeReused]);
}

#[tokio::test]
async fn a_code_lives_for_a_minute() {
    let bench = Bench::new().await;
    bench.simulator.freeze();
    let (early, late) = (bench.code(&[]), bench.code(&[]));
    bench.simulator.advance(Duration::from_millis(59_999));
    assert!(bench.redeem(&early, &[]).await.is_ok());
    bench.simulator.advance(Duration::from_millis(1));
    assert_eq!(bench.redeem(&late, &[]).await.error(), "invalid_grant");
    bench.assert_no_violations();
}

#[tokio::test]
async fn a_code_is_bound_to_verifier_redirect_uri_and_client() {
    let bench = Bench::new().await;
    let with = async |changes: &[(&str, &str)]| {
        let code = bench.code(&[]);
        let answer = bench.redeem(&code, changes).await;
        (answer.error().to_owned(), bench.simulator.journal(GENERIC).rules_broken().last().copied())
    };
    let other = "a".repeat(43);
    // An injected code is the attacker's doing, not the client's.
    assert_eq!(with(&[("code_verifier", &other)]).await, ("invalid_grant".into(), None));
    assert_eq!(bench.simulator.journal(GENERIC).counters.pkce_mismatches, 1);
    let elsewhere = "http://127.0.0.1:5001/callback";
    let expected = ("invalid_grant".into(), Some(Rule::RedirectUriDiffers));
    assert_eq!(with(&[("redirect_uri", elsewhere)]).await, expected);
    let missing = |name| ("invalid_request".to_owned(), Some(name));
    assert_eq!(with(&[("redirect_uri", "")]).await, missing(Rule::MissingParameter));
    assert_eq!(with(&[("code_verifier", "")]).await, missing(Rule::MissingParameter));
    assert_eq!(with(&[("code_verifier", "short")]).await, missing(Rule::MalformedParameter));

    bench.simulator.reset_journals();
    let foreign = bench.code(&[("client_id", "cxauth-canary-generic-public-client")]);
    assert_eq!(bench.redeem(&foreign, &[]).await.error(), "invalid_grant");
    assert_eq!(bench.redeem("made-up", &[]).await.error(), "invalid_grant");
    bench.assert_no_violations();
    assert_eq!(bench.redeem("cxauth-canary-code-of-another-server", &[]).await.error(), "invalid_grant");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::TokenAtWrongHost]);
}

/// What an authorization request breaks, and the `error` with which the client gets its user back.
#[tokio::test]
async fn a_wrong_request_goes_back_with_an_error() {
    let plain = [("code_challenge", VERIFIER), ("code_challenge_method", "plain")];
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, Option<Rule>);
    let cases: [Case<'_>; 12] = [
        (&[("response_type", "token")], "unsupported_response_type", Some(Rule::NotTheCodeFlow)),
        (&[("response_type", "code id_token")], "unsupported_response_type", Some(Rule::NotTheCodeFlow)),
        (&[("response_type", "")], "invalid_request", Some(Rule::MissingParameter)),
        (&[("state", "")], "invalid_request", Some(Rule::MissingParameter)),
        (&[("code_challenge", "")], "invalid_request", Some(Rule::PkceMissing)),
        (&plain, "invalid_request", Some(Rule::PkceNotS256)),
        (&[("code_challenge_method", "")], "invalid_request", Some(Rule::PkceNotS256)),
        (&[("code_challenge", "short")], "invalid_request", Some(Rule::MalformedParameter)),
        (&[("response_mode", "fragment")], "invalid_request", None),
        (&[("request", "eyJ")], "request_not_supported", None),
        (&[("scope", "a \"b\"")], "invalid_scope", None),
        (&[("resource", "https://api.example/#part")], "invalid_target", Some(Rule::MalformedParameter)),
    ];
    for (changes, error, rule) in cases {
        let bench = Bench::new().await;
        let answer = send(bench.client.get(bench.authorization_url(changes))).await;
        assert_eq!(answer.status, 302, "{changes:?}");
        let back: Url = answer.header("location").unwrap().parse().unwrap();
        assert!(back.as_str().starts_with(REDIRECT_URI));
        assert_eq!(parameter(&back, "error").as_deref(), Some(error), "{changes:?}");
        assert_eq!(parameter(&back, "code"), None);
        let broken = bench.simulator.journal(GENERIC).rules_broken();
        assert_eq!(broken, rule.into_iter().collect::<Vec<_>>(), "{changes:?}");
    }
}

/// RFC 6749 §4.1.2.1: without a redirect URI that is known to be right nobody is redirected.
#[tokio::test]
async fn a_wrong_client_or_redirect_uri_stays_on_a_page() {
    let bench = Bench::new().await;
    let refused = async |url: &str| {
        let answer = send(bench.client.get(url)).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{url}");
        let broken = bench.simulator.journal(GENERIC).rules_broken();
        bench.simulator.reset_journals();
        broken
    };
    let url = |changes: &[(&str, &str)]| bench.authorization_url(changes);
    assert_eq!(refused(&url(&[("client_id", "nobody")])).await, []);
    assert_eq!(refused(&url(&[("client_id", "")])).await, [Rule::MissingParameter]);
    assert_eq!(refused(&url(&[("redirect_uri", "")])).await, [Rule::MissingParameter]);
    for wrong in [
        "http://127.0.0.1:5000/callback/",
        "http://127.0.0.1:5000/callback?x=1",
        "http://127.0.0.1:5000/Callback",
        "http://127.0.0.1:500000/callback",
        "http://127.0.0.1:/callback",
        "http://localhost:5000/callback",
        "http://127.0.0.1:5000@evil.example/callback",
        "https://client.example:444/callback",
        "https://client.example.evil.example/callback",
    ] {
        assert_eq!(refused(&url(&[("redirect_uri", wrong)])).await, [Rule::UnknownRedirectUri], "{wrong}");
    }
    let secret = url(&[("client_secret", "x")]);
    assert_eq!(refused(&secret).await, [Rule::CredentialsInUri]);
    assert_eq!(refused(&format!("{}&state=again", url(&[]))).await, [Rule::DuplicateParameter]);

    for right in [
        "http://127.0.0.1/callback",
        "http://[::1]:8080/callback",
        "https://client.example/callback",
        "com.example.client:/callback",
    ] {
        let answer = send(bench.client.get(url(&[("redirect_uri", right)]))).await;
        assert_eq!(answer.status, 200, "{right}");
    }
    let posted = send(bench.client.post(url(&[]))).await;
    assert_eq!(posted.status, 405);
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::WrongMethod]);
}

#[tokio::test]
async fn answers_may_lack_or_bend_iss_and_state() {
    let bench = Bench::new().await;
    let issuer = bench.simulator.base(GENERIC);
    let told = |name: &str, form: AnswerParameter| {
        bench.simulator.configure(GENERIC, |settings| match name {
            "iss" => settings.sign_in.iss = form,
            _ => settings.sign_in.state = form,
        });
        let redirected = bench.simulator.sign_in(&bench.authorization_url(&[]), Decision::Approve).unwrap();
        values(&redirected.parse().unwrap(), name)
    };
    let wrong = "https://another.example".to_owned();
    assert_eq!(told("iss", AnswerParameter::Missing), Vec::<String>::new());
    assert_eq!(told("iss", AnswerParameter::Empty), [""]);
    assert_eq!(told("iss", AnswerParameter::TrailingSlash), [format!("{issuer}/")]);
    assert_eq!(told("iss", AnswerParameter::Doubled), [issuer.clone(), wrong.clone()]);
    assert_eq!(told("iss", AnswerParameter::Wrong), ["https://another.example"]);
    assert_eq!(told("iss", AnswerParameter::Right), [issuer]);
    assert_eq!(told("state", AnswerParameter::Missing), Vec::<String>::new());
    assert_eq!(told("state", AnswerParameter::Wrong), ["https://another.example"]);
    assert_eq!(told("state", AnswerParameter::Doubled), ["a state".to_owned(), wrong]);
}

#[tokio::test]
async fn pkce_may_be_refused_or_ignored() {
    let bench = Bench::new().await;
    let pkce = |pkce| bench.simulator.configure(GENERIC, |settings| settings.sign_in.pkce = pkce);
    pkce(Pkce::Refused);
    let back: Url =
        bench.simulator.sign_in(&bench.authorization_url(&[]), Decision::Approve).unwrap().parse().unwrap();
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
    assert_eq!(parameter(&back, "error_description").as_deref(), Some("transform algorithm not supported"));
    bench.assert_no_violations();
    pkce(Pkce::Ignored);
    let code = bench.code(&[]);
    assert!(bench.redeem(&code, &[("code_verifier", &"b".repeat(43))]).await.is_ok());
    bench.assert_no_violations();
}

#[tokio::test]
async fn the_user_may_give_less_than_was_asked_for() {
    let bench = Bench::new().await;
    bench.simulator.configure(GENERIC, |settings| settings.sign_in.granted_scopes = Some(vec!["a".into()]));
    let code = bench.code(&[("scope", "a b")]);
    assert_eq!(bench.redeem(&code, &[]).await.json["scope"], "a");
}

/// RFC 8707.
#[tokio::test]
async fn a_token_is_for_the_resources_that_were_named() {
    let bench = Bench::new().await;
    let api = bench.simulator.api_base(GENERIC);
    let more = "https://files.example/";
    let url =
        format!("{}&resource={}", bench.authorization_url(&[("resource", &api)]), "https://files.example/");
    let code = || {
        let redirected: Url = bench.simulator.sign_in(&url, Decision::Approve).unwrap().parse().unwrap();
        parameter(&redirected, "code").unwrap()
    };
    let both = bench.redeem(&code(), &[]).await;
    let who = bench.whoami(&both.text_of("access_token")).await;
    assert_eq!(who.json["audience"], json!([api, more]));

    let other = bench.redeem(&code(), &[("resource", more)]).await;
    assert_eq!(bench.whoami(&other.text_of("access_token")).await.status, 401);
    // A refresh token keeps what was granted; each access token may be for a part of it (§2.2).
    bench.assert_no_violations();
    let widened = bench.redeem(&code(), &[("resource", "https://third.example/")]).await;
    assert_eq!(widened.error(), "invalid_target");
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::ResourceWidened]);

    bench.simulator.configure(GENERIC, |settings| settings.resources = vec!["https://known.example/".into()]);
    assert_eq!(bench.grant(&[("resource", "https://unknown.example/")]).await.error(), "invalid_target");
    assert!(bench.grant(&[("resource", "https://known.example/")]).await.is_ok());
}

/// RFC 9700 §4.4.1: the client believes to be talking to the second server, the user signs in at the first.
#[tokio::test]
async fn a_server_mixes_itself_up_with_another_one() {
    let honest = Bench::new().await;
    let evil = Bench::with(
        Simulator::builder()
            .configure(GENERIC, |settings| {
                settings.sign_in.relay = Some(Relay {
                    authorization_endpoint: honest.simulator.base(GENERIC) + "/authorize",
                    client_id: Some("cxauth-canary-generic-public-client".into()),
                });
                settings.discovery.issuer = Some(honest.simulator.base(GENERIC));
            })
            .start()
            .await
            .unwrap(),
    );
    let document =
        send(evil.client.get(evil.simulator.base(GENERIC) + "/.well-known/oauth-authorization-server")).await;
    assert_eq!(document.json["issuer"], honest.simulator.base(GENERIC));
    assert_eq!(document.json["token_endpoint"], evil.simulator.token_endpoint(GENERIC));

    let relayed = evil.simulator.sign_in(&evil.authorization_url(&[]), Decision::Approve).unwrap();
    assert!(relayed.starts_with(&honest.simulator.base(GENERIC)));
    let back: Url = honest.simulator.sign_in(&relayed, Decision::Approve).unwrap().parse().unwrap();
    assert_eq!(parameter(&back, "iss"), Some(honest.simulator.base(GENERIC)));
    // A client that does not look sends the honest server's code to the evil one.
    let answer = evil.redeem(&parameter(&back, "code").unwrap(), &[]).await;
    assert_eq!(answer.error(), "invalid_grant");
    assert_eq!(evil.simulator.journal(GENERIC).rules_broken(), [Rule::TokenAtWrongHost]);
    honest.assert_no_violations();
}

#[tokio::test]
async fn faults_meet_the_authorization_endpoint_too() {
    let bench = Bench::new().await;
    let down = Effect::Status { status: 503, headers: vec![], body: String::new() };
    bench.simulator.arm(Fault::new(down).at(Endpoint::Authorization).times(1));
    assert_eq!(send(bench.client.get(bench.authorization_url(&[]))).await.status, 503);
    let code = bench.code(&[]);
    bench.simulator.arm(Fault::new(Effect::Drop).at(Endpoint::Token).times(1).processed());
    let lost = bench.redeeming(&code, &[]).send().await;
    assert!(lost.is_err());
    assert_eq!(bench.simulator.journal(GENERIC).counters.access_tokens_issued, 1);
}

#[tokio::test]
async fn codes_are_in_no_journal() {
    let bench = Bench::new().await;
    let code = bench.code(&[]);
    bench.redeem(&code, &[]).await;
    send(bench.client.get(format!("{}/{code}", bench.simulator.base(GENERIC)))).await;
    assert!(bench.simulator.secrets().contains(&code));
    assert!(!serde_json::to_string(&bench.simulator.snapshot()).unwrap().contains(&code));
    assert_eq!(bench.simulator.journal(GENERIC).rules_broken(), [Rule::CredentialsInUri]);
}

#[tokio::test]
async fn the_ready_connections_work() {
    let bench = Bench::new().await;
    let connections = bench.simulator.further_connections();
    for (name, introspects) in [("authorization-code", true), ("public-authorization-code", false)] {
        let connection = &connections[&format!("generic/{name}")];
        assert_eq!(connection["grant"], "authorization_code");
        assert_eq!(connection["issuer"], bench.simulator.base(GENERIC));
        assert_eq!(connection.get("client_secret").is_some(), introspects);
        assert_eq!(connection.get("introspection_endpoint").is_some(), introspects);
        let changes = ["client_id", "redirect_uri"].map(|name| (name, connection[name].as_str().unwrap()));
        let code = bench.code(&changes);
        let mut fields =
            vec![("grant_type", "authorization_code"), ("code", &code), ("code_verifier", VERIFIER)];
        fields.extend(changes);
        fields.extend(connection["client_secret"].as_str().map(|secret| ("client_secret", secret)));
        let answer: Answer = send(bench.post(GENERIC, &fields)).await;
        assert!(answer.is_ok(), "{name}: {answer:?}");
    }
    let listed =
        send(bench.client.get(format!("{}/_sim/further-connections", bench.simulator.control_base()))).await;
    // Assertions and tokens in it are made for each call.
    assert!(listed.json.as_object().unwrap().keys().eq(connections.keys()));
    assert_eq!(listed.json["generic/authorization-code"], connections["generic/authorization-code"]);
    bench.assert_no_violations();
}

/// RFC 7636 appendix B.
#[tokio::test]
async fn the_challenge_is_the_one_of_the_standard() {
    let bench = Bench::new().await;
    assert_eq!(VERIFIER, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(CHALLENGE, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let code = bench.code(&[]);
    assert!(bench.redeem(&code, &[]).await.is_ok());
    bench.assert_no_violations();
}
