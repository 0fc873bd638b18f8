//! Signing in by the system's browser: what listens on loopback, and what comes to it.

use crate::{
    nothing,
    support::{World, soon},
};
use cxauth::{Client, Error, ErrorCode};
use cxauth_sim::{Decision, Platform};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use std::{io, time::Duration};
use tokio::{net::TcpStream, sync::oneshot, task::JoinHandle};
use url::Url;

struct Visit {
    world: World,
    client: Client,
    task: JoinHandle<Result<(), Error>>,
    /// Where the browser was sent.
    url: String,
    http: reqwest::Client,
}

impl Visit {
    async fn begin(changes: &Value) -> Self {
        let world = World::new().await;
        let client = world.further("public-authorization-code", changes).build().unwrap();
        let (open, opened) = oneshot::channel();
        let sign_in = client
            .sign_in_in_browser()
            .within(Duration::from_secs(300))
            .open_with(|url: &str| open.send(url.to_owned()).map_err(|_| io::Error::other("nobody waits")));
        let task = tokio::spawn(sign_in.into_future());
        let url = soon(opened).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { world, client, task, url, http: http.build().unwrap() }
    }

    fn redirect_uri(&self) -> Url {
        let url = Url::parse(&self.url).unwrap();
        let redirect_uri = url.query_pairs().find(|(name, _)| name == "redirect_uri");
        Url::parse(&redirect_uri.unwrap().1).unwrap()
    }

    fn approved(&self) -> String {
        self.world.sign_in(&self.url, Decision::Approve).unwrap()
    }

    async fn get(&self, url: &str) -> reqwest::Response {
        soon(self.http.get(url).send()).await.unwrap()
    }

    async fn is_closed(&self) -> bool {
        let at = self.redirect_uri();
        TcpStream::connect(at.socket_addrs(|| None).unwrap()[0]).await.is_err()
    }
}

/// R66, R69, R76: the literal address, a random port, closed at once; a page that fetches nothing and keeps nothing.
#[tokio::test]
async fn a_person_signs_in_and_the_port_is_closed() {
    let visit = Visit::begin(&nothing()).await;
    let at = visit.redirect_uri();
    assert_eq!((at.scheme(), at.host_str(), at.path()), ("http", Some("127.0.0.1"), "/callback"));
    assert!(at.port().unwrap() > 1023);
    let page = visit.get(&visit.approved()).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()[header::REFERRER_POLICY], "no-referrer");
    assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(page.headers()[header::CONNECTION], "close");
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    let html = page.text().await.unwrap();
    for outside in ["http:", "https:", "src=", "href=", "<script", "url(", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }
    let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, style.as_bytes());
    use base64::Engine;
    assert!(policy.contains(&base64::engine::general_purpose::STANDARD.encode(hash)), "the style's own");
    let client = visit.client.clone();
    assert!({
        soon(visit.task).await.unwrap().unwrap();
        TcpStream::connect(at.socket_addrs(|| None).unwrap()[0]).await.is_err()
    });
    assert_eq!(client.get("items?page=1").await.unwrap().status(), 200);
    visit.world.assert_no_violations();
}

/// R44, R70, R71: what else comes is answered and ends nothing, and no parameter leads anywhere or stands in the page.
#[tokio::test]
async fn strangers_do_not_end_the_sign_in() {
    let visit = Visit::begin(&nothing()).await;
    let at = visit.redirect_uri();
    let approved = visit.approved();
    let query = approved.split_once('?').unwrap().1;
    let port = at.port().unwrap();
    for (strange, status) in [
        (format!("{at}"), StatusCode::BAD_REQUEST),
        (format!("{at}?code=mine&state=guessed"), StatusCode::BAD_REQUEST),
        (format!("{at}?error=access_denied&state=guessed"), StatusCode::BAD_REQUEST),
        (format!("{at}?next=https://evil.example/&redirect=https://evil.example/"), StatusCode::BAD_REQUEST),
        (format!("http://127.0.0.1:{port}/favicon.ico"), StatusCode::NOT_FOUND),
        (format!("http://127.0.0.1:{port}/callback/?{query}"), StatusCode::NOT_FOUND),
        (format!("http://127.0.0.1:{port}/?{query}"), StatusCode::NOT_FOUND),
    ] {
        let answer = visit.get(&strange).await;
        assert_eq!(answer.status(), status, "{strange}");
        assert!(answer.headers().get(header::LOCATION).is_none());
        let html = answer.text().await.unwrap();
        assert!(!html.contains("evil") && !html.contains("mine"), "{html}");
    }
    // Another name for the address, another method.
    let renamed = visit.http.get(&approved).header(header::HOST, "evil.example").send();
    assert_eq!(soon(renamed).await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(soon(visit.http.post(&approved).send()).await.unwrap().status(), StatusCode::NOT_FOUND);
    // Connections that say nothing do not hold it up.
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    }
    assert!(!visit.task.is_finished());
    assert_eq!(visit.get(&approved).await.status(), StatusCode::OK);
    soon(visit.task).await.unwrap().unwrap();
    assert_eq!(visit.world.requests_with("authorization_code"), 1);
    visit.world.assert_no_violations();
}

/// R69.
#[tokio::test]
async fn the_other_family_and_a_path_of_ones_own() {
    for (configured, host) in
        [("http://[::1]/back/here", "[::1]"), ("http://localhost/back/here", "localhost")]
    {
        let visit = Visit::begin(&json!({ "redirect_uri": configured })).await;
        let at = visit.redirect_uri();
        assert_eq!((at.host_str(), at.path()), (Some(host), "/back/here"));
        let redirect = visit.world.sign_in(&visit.url, Decision::Approve);
        // The simulator may know the literal of one family only; then the answer is made by hand.
        let redirect = redirect.unwrap_or_else(|_| {
            let url = Url::parse(&visit.url).unwrap();
            let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
            format!("{at}?code=c&state={state}&iss={}", visit.world.base(Platform::Generic))
        });
        assert_eq!(visit.get(&redirect).await.status(), StatusCode::OK, "{configured}");
        let _ = soon(visit.task).await.unwrap();
        assert!(TcpStream::connect(at.socket_addrs(|| None).unwrap()[0]).await.is_err());
    }
}

#[tokio::test]
async fn a_person_who_refuses_ends_it() {
    let visit = Visit::begin(&nothing()).await;
    let denied = visit.world.sign_in(&visit.url, Decision::Deny).unwrap();
    assert_eq!(visit.get(&denied).await.status(), StatusCode::OK);
    let error = soon(visit.task).await.unwrap().unwrap_err();
    assert_eq!(error.code(), ErrorCode::AuthorizationRefused);
}

/// R69: closed when the time is over, and when nobody waits any more.
#[tokio::test]
async fn the_port_is_closed_when_the_time_is_over_or_nobody_waits() {
    let visit = Visit::begin(&nothing()).await;
    visit.world.pass(299);
    assert_eq!(visit.get(visit.redirect_uri().as_str()).await.status(), StatusCode::BAD_REQUEST);
    visit.world.pass(1);
    let at = visit.redirect_uri().socket_addrs(|| None).unwrap()[0];
    assert_eq!(soon(visit.task).await.unwrap().unwrap_err().code(), ErrorCode::SignInExpired);
    assert!(TcpStream::connect(at).await.is_err());

    let mut visit = Visit::begin(&nothing()).await;
    visit.task.abort();
    assert!((&mut visit.task).await.unwrap_err().is_cancelled());
    assert!(visit.is_closed().await);
}

#[tokio::test]
async fn a_browser_that_does_not_open_and_an_address_that_is_not_here_are_told() {
    let world = World::new().await;
    let client = world.further("public-authorization-code", &nothing()).build().unwrap();
    let failing = client.sign_in_in_browser().open_with(|_: &str| Err(io::Error::other("no display")));
    let error = soon(failing.into_future()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidSetting);
    assert!(error.detail().unwrap().contains("no display"));
    for elsewhere in ["https://app.example/callback", "https://127.0.0.1/callback", "com.example.app:/back"] {
        let changes = json!({ "redirect_uri": elsewhere });
        let client = world.further("public-authorization-code", &changes).build().unwrap();
        let error = client.sign_in_in_browser().open_with(|_: &str| Ok(())).await.unwrap_err();
        assert!(error.detail().unwrap().starts_with("redirect_uri: "), "{error}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let changes = json!({ "redirect_uri": format!("http://{}/callback", taken.local_addr().unwrap()) });
    let client = world.further("public-authorization-code", &changes).build().unwrap();
    let error = client.sign_in_in_browser().open_with(|_: &str| Ok(())).await.unwrap_err();
    assert!(error.detail().unwrap().contains("nothing can listen there"), "{error}");
}
