//! What a server says about itself.

use crate::support::World;
use cxauth::{Connection, ErrorCode, Settings, discover_with};
use cxauth_sim::{DocumentFlaw, Effect, Endpoint, Fault, Platform, RedirectTarget, WellKnown};

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// R61: both places, with and without a path in the issuer.
#[tokio::test]
async fn a_connection_is_made_of_what_the_server_says() {
    for documents in [WellKnown::OauthAuthorizationServer, WellKnown::OpenidConfiguration] {
        for path in ["", "/tenant/one"] {
            let world = World::new().await;
            world.configure(Platform::Generic, |settings| {
                settings.discovery.documents = vec![documents];
                path.clone_into(&mut settings.discovery.issuer_path);
            });
            let issuer = format!("{}{path}", world.base(Platform::Generic));
            let metadata = discover_with(&http(), &issuer).await.unwrap();
            let usual = world.simulator.connection(Platform::Generic);
            let secret = |name: &str| usual[name].as_str().unwrap().to_owned();
            let own = Settings::new("generic")
                .client_id(secret("client_id"))
                .client_secret(secret("client_secret"))
                .redirect_uri("http://127.0.0.1/callback");
            let connection = Connection::new(own.or(metadata.settings())).unwrap();
            assert_eq!(connection.token_endpoint(), Some(&*world.token_endpoint(Platform::Generic)));
            let client = world.of(connection).build().unwrap();
            client.begin_sign_in(None).await.unwrap();
        }
    }
}

/// R33, R61: and nothing of it is kept.
#[tokio::test]
async fn a_bad_document_is_refused() {
    for flaw in [
        DocumentFlaw::OtherIssuer,
        DocumentFlaw::TrailingSlash,
        DocumentFlaw::WithoutIssuer,
        DocumentFlaw::HttpEndpoint,
        DocumentFlaw::EndpointIsNoUrl,
        DocumentFlaw::WithoutTokenEndpoint,
        DocumentFlaw::WrongTypes,
        DocumentFlaw::DuplicateMembers,
        DocumentFlaw::NotJson,
        DocumentFlaw::Huge,
    ] {
        let world = World::new().await;
        let issuer = world.base(Platform::Generic);
        world.configure(Platform::Generic, |settings| settings.discovery.flaw = Some(flaw));
        let error = discover_with(&http(), &issuer).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::MetadataRefused, "{flaw:?}: {error}");
        assert_eq!(world.counters(Platform::Generic).metadata_requests, 2, "both places");
        world.configure(Platform::Generic, |settings| settings.discovery.flaw = None);
        discover_with(&http(), &issuer).await.unwrap();
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let world = World::new().await;
    let redirects = |to| Fault::new(Effect::Redirect { status: 302, to }).at(Endpoint::Metadata).times(100);
    world.arm(redirects(RedirectTarget::SameHost));
    let issuer = world.base(Platform::Generic);
    let error = discover_with(&http(), &issuer).await.unwrap_err();
    assert_eq!((error.code(), error.status()), (ErrorCode::MetadataRefused, Some(302)));
    assert_eq!(world.counters(Platform::Generic).metadata_requests, 2);
    // A client of the program's own may follow: what it brings is nobody's document.
    world.clear_faults();
    world.arm(redirects(RedirectTarget::CrossHost));
    let following = reqwest::Client::builder().no_proxy().build().unwrap();
    let error = discover_with(&following, &issuer).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::MetadataRefused, "{error}");
}

/// R74.
#[tokio::test]
async fn what_is_no_issuer_is_not_asked() {
    for (issuer, code) in [
        ("http://as.example", ErrorCode::InsecureUrl),
        ("https://user:cxauth-canary@as.example", ErrorCode::InsecureUrl),
        ("https://as.example?a=b", ErrorCode::InvalidSetting),
        ("as.example", ErrorCode::InvalidSetting),
    ] {
        let error = cxauth::discover(issuer).await.unwrap_err();
        assert_eq!(error.code(), code, "{issuer}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_matter_of_the_network() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", socket.local_addr().unwrap());
    drop(socket);
    let error = discover_with(&http(), &issuer).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::ServerUnreachable);
}
