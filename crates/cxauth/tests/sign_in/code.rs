//! The authorization code, with PKCE.

use crate::{
    nothing,
    support::{World, soon},
};
use cxauth::{Action, ErrorCode, SignIn, store::FileStore};
use cxauth_sim::{AnswerParameter, Decision, Effect, Endpoint, Fault, Platform};
use serde_json::json;
use url::Url;

const BACK: &str = "http://127.0.0.1:5000/callback";

/// R01, R09, R13, R52: each kind of client signs in, calls the API, and renews.
#[tokio::test]
async fn a_code_becomes_tokens_that_are_renewed() {
    for way in ["authorization-code", "public-authorization-code", "pushed-authorization-code"] {
        let world = World::new().await;
        let client = world.further(way, &nothing()).build().unwrap();
        assert_eq!(client.token().await.unwrap_err().action(), Action::SignIn, "{way}");
        let authorization = client.begin_sign_in(Some(BACK)).await.unwrap();
        let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
        client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap();
        let token = client.token().await.unwrap();
        assert_eq!(client.get("items?page=1").await.unwrap().status(), 200);
        assert_eq!(world.requests_with("authorization_code"), 1);

        let end = token.expires_at().unwrap().millis_since(token.fresh_until().unwrap());
        world.pass(3600 - u64::try_from(end / 1000).unwrap());
        client.token().await.unwrap();
        client.settle().await;
        assert!(client.token().await.unwrap().generation() > token.generation(), "{way}");
        assert_eq!(world.requests_with("refresh_token"), 1);
        world.assert_no_violations();
    }
}

/// R32, R53, R56: nothing of one sign-in comes again in another.
#[tokio::test]
async fn each_sign_in_has_its_own_state_and_challenge() {
    let world = World::new().await;
    let client = world.further("authorization-code", &nothing()).build().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let authorization = client.begin_sign_in(None).await.unwrap();
        let url = Url::parse(authorization.url()).unwrap();
        for (name, value) in url.query_pairs() {
            match &*name {
                "state" | "code_challenge" => {
                    assert_eq!(value.len(), 43, "32 bytes");
                    assert!(seen.insert(value.into_owned()));
                }
                "code_challenge_method" => assert_eq!(value, "S256"),
                _ => {}
            }
        }
    }
    assert_eq!(seen.len(), 40);
}

#[tokio::test]
async fn what_was_kept_as_text_ends_the_sign_in_in_another_process() {
    let world = World::new().await;
    let make = || world.further("authorization-code", &nothing()).build().unwrap();
    let authorization = make().begin_sign_in(Some(BACK)).await.unwrap();
    let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
    let text = authorization.sign_in().to_text();
    let other = make();
    other.finish_sign_in(SignIn::from_text(text.expose()).unwrap(), &redirect).await.unwrap();
    assert_eq!(other.get("items?page=1").await.unwrap().status(), 200);
    world.assert_no_violations();
}

/// R46, R70, R71: a stranger's redirects are refused, and the person's own still counts, once.
#[tokio::test]
async fn a_redirect_that_answers_another_sign_in_is_refused() {
    let world = World::new().await;
    let client = world.further("authorization-code", &nothing()).build().unwrap();
    let victim = client.begin_sign_in(Some(BACK)).await.unwrap();
    let attacker = client.begin_sign_in(Some(BACK)).await.unwrap();
    let forged = world.sign_in(attacker.url(), Decision::Approve).unwrap();
    let redirect = world.sign_in(victim.url(), Decision::Approve).unwrap();
    let own = redirect.split_once('?').unwrap().1;
    for strange in [
        forged,
        format!("{BACK}?code=cxauth-canary-code"),
        format!("http://127.0.0.1:5000/other?{own}"),
        format!("http://127.0.0.1:5001/callback?{own}"),
        format!("{BACK}?{own}&{own}"),
        format!("{BACK}#access_token=cxauth-canary&{own}"),
        String::new(),
    ] {
        let error = client.finish_sign_in(victim.sign_in().clone(), &strange).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::RedirectRefused, "{strange}");
    }
    assert_eq!(world.requests_with("authorization_code"), 0);
    client.finish_sign_in(victim.sign_in().clone(), &redirect).await.unwrap();
    let error = client.finish_sign_in(victim.sign_in().clone(), &redirect).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::RedirectRefused, "used before");
    assert_eq!(world.requests_with("authorization_code"), 1);
    assert_eq!(world.broken_rules(), [""; 0]);
}

/// R48, R49.
#[tokio::test]
async fn the_issuer_of_a_redirect_is_compared_exactly() {
    for (iss, promised, refused) in [
        (AnswerParameter::Wrong, true, true),
        (AnswerParameter::Missing, true, true),
        (AnswerParameter::Empty, true, true),
        (AnswerParameter::TrailingSlash, true, true),
        (AnswerParameter::Doubled, true, true),
        (AnswerParameter::Wrong, false, true),
        (AnswerParameter::Missing, false, false),
        (AnswerParameter::Right, true, false),
    ] {
        let world = World::new().await;
        world.configure(Platform::Generic, |settings| {
            settings.sign_in.iss = iss;
            settings.sign_in.iss_promised = promised;
        });
        let client = world.further("authorization-code", &nothing()).build().unwrap();
        let authorization = client.begin_sign_in(Some(BACK)).await.unwrap();
        let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
        let result = client.finish_sign_in(authorization.sign_in().clone(), &redirect).await;
        let code = result.err().map(|error| error.code());
        assert_eq!(code, refused.then_some(ErrorCode::RedirectRefused), "{iss:?}, promised: {promised}");
        assert_eq!(world.requests_with("authorization_code"), u64::from(!refused));
        world.assert_no_violations();
    }
}

#[tokio::test]
async fn a_person_who_refuses_is_told_so() {
    let world = World::new().await;
    let client = world.further("authorization-code", &nothing()).build().unwrap();
    let authorization = client.begin_sign_in(Some(BACK)).await.unwrap();
    let redirect = world.sign_in(authorization.url(), Decision::Deny).unwrap();
    let error = client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap_err();
    assert_eq!((error.code(), error.action()), (ErrorCode::AuthorizationRefused, Action::SignIn));
    assert_eq!(error.server_error(), Some("access_denied"));
    assert_eq!(world.requests_with("authorization_code"), 0);
}

#[tokio::test]
async fn a_person_has_an_hour() {
    let world = World::new().await;
    let client = world.further("authorization-code", &nothing()).build().unwrap();
    let authorization = client.begin_sign_in(Some(BACK)).await.unwrap();
    let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
    world.pass(3601);
    let error = client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::SignInExpired);
    assert_eq!(world.requests_with("authorization_code"), 0);
}

/// R11: an answer that is lost does not have the code sent again.
#[tokio::test]
async fn a_code_is_sent_once() {
    let world = World::new().await;
    let client = world.further("authorization-code", &nothing()).build().unwrap();
    let authorization = client.begin_sign_in(Some(BACK)).await.unwrap();
    let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
    world.arm(Fault::new(Effect::Drop).at(Endpoint::Token).times(1).processed());
    let error = client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Interrupted);
    assert_eq!(client.token().await.unwrap_err().action(), Action::SignIn);
    assert_eq!(world.counters(Platform::Generic).token_requests, 1);
    world.assert_no_violations();
}

/// The code was sent: whoever waited may leave, and the tokens are kept all the same.
#[tokio::test]
async fn a_caller_that_leaves_does_not_lose_the_code() {
    let world = World::new().await;
    let client = world.further("authorization-code", &nothing()).build().unwrap();
    let authorization = client.begin_sign_in(Some(BACK)).await.unwrap();
    let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
    world.arm(Fault::new(Effect::Hold).at(Endpoint::Token).times(1));
    let (leaving, sign_in) = (client.clone(), authorization.sign_in().clone());
    let caller = tokio::spawn(async move { leaving.finish_sign_in(sign_in, &redirect).await });
    world.wait_until(Platform::Generic, |journal| journal.counters.token_requests == 1).await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    world.release();
    soon(client.settle()).await;
    assert_eq!(client.get("items?page=1").await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_server_that_refuses_the_pushed_request_is_told() {
    let world = World::new().await;
    let wrong = json!({ "client_secret": "cxauth-canary-wrong" });
    let client = world.further("pushed-authorization-code", &wrong).build().unwrap();
    let error = client.begin_sign_in(Some(BACK)).await.unwrap_err();
    assert_eq!((error.code(), error.action()), (ErrorCode::InvalidClient, Action::FixConfiguration));
    assert_eq!(world.counters(Platform::Generic).pushed_authorization_requests, 1);
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let world = World::new().await;
    for (missing, way) in
        [("authorization_endpoint", "authorization-code"), ("redirect_uri", "authorization-code")]
    {
        let changes = json!({ missing: null, "grant": "authorization_code" });
        let Ok(client) = std::panic::catch_unwind(|| world.further(way, &changes).build().unwrap()) else {
            continue;
        };
        let error = client.begin_sign_in(None).await.unwrap_err();
        assert_eq!((error.code(), error.detail()), (ErrorCode::MissingSetting, Some(missing)));
    }
}

/// The tokens are in the store before the sign-in is over, and another process goes on with them.
#[tokio::test]
async fn another_process_finds_the_tokens() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let make = || {
        let store = FileStore::new(directory.path().join("tokens"));
        world.further("authorization-code", &nothing()).store(store).build().unwrap()
    };
    let client = make();
    let authorization = client.begin_sign_in(Some(BACK)).await.unwrap();
    let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
    client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap();
    let other = make();
    let token = other.token().await.unwrap();
    assert_eq!(token.secret(), client.token().await.unwrap().secret());
    world.pass(3600);
    assert_eq!(other.get("items?page=1").await.unwrap().status(), 200);
    other.settle().await;
    assert_eq!(client.get("items?page=1").await.unwrap().status(), 200);
    assert_eq!(world.requests_with("refresh_token"), 1, "one renewal for both");
    world.assert_no_violations();
}

/// Signed out, the server ends what the sign-in brought, and a person is needed again.
#[tokio::test]
async fn signing_out_ends_the_sign_in() {
    let world = World::new().await;
    let client = world.further("authorization-code", &nothing()).build().unwrap();
    let authorization = client.begin_sign_in(Some(BACK)).await.unwrap();
    let redirect = world.sign_in(authorization.url(), Decision::Approve).unwrap();
    client.finish_sign_in(authorization.sign_in().clone(), &redirect).await.unwrap();
    client.sign_out().await.unwrap();
    assert!(world.counters(Platform::Generic).revocation_requests > 0);
    assert_eq!(client.token().await.unwrap_err().action(), Action::SignIn);
    world.assert_no_violations();
}
