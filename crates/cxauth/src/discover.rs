//! Asking a server what it says about itself.

use crate::{Error, ErrorCode, Metadata, builder, error::reason};
use http::header::ACCEPT;
use reqwest::{Client, Response};
use std::time::Duration;
use url::Url;

const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Asks an issuer for its metadata (RFC 8414, OpenID Connect Discovery 1.0), checks it, and gives it as settings that a
/// connection is made of. Nothing of it is kept: endpoints do not change under a program that runs.
///
/// ```
/// use cxauth::{Client, Connection, Settings};
/// # use cxauth_sim::{Platform, Simulator};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// # let simulator = Simulator::start().await?;
/// # let issuer = simulator.base(Platform::Generic);
/// let metadata = cxauth::discover(&issuer).await?;
/// let settings = Settings::new("generic").client_id("id").client_secret("secret").or(metadata.settings());
/// let client = Client::new(Connection::new(settings)?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `invalid_setting` and `insecure_url` for what is no issuer, `metadata_refused` for a document that is another issuer's or not
/// as it should be; `server_unreachable`, `timed_out` and `interrupted` of the network.
pub async fn discover(issuer: &str) -> Result<Metadata, Error> {
    let http = builder::plain_http().timeout(TIME_LIMIT).build().map_err(builder::unusable)?;
    discover_with(&http, issuer).await
}

/// [`discover`] with an HTTP client of one's own, for its proxies and certificates. It must follow no redirects.
///
/// # Errors
/// As there.
pub async fn discover_with(http: &Client, issuer: &str) -> Result<Metadata, Error> {
    let mut last = Error::new(ErrorCode::MetadataRefused);
    for address in Metadata::addresses(issuer)? {
        match ask(http, issuer, &address).await {
            Ok(metadata) => return Ok(metadata),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn ask(http: &Client, issuer: &str, address: &str) -> Result<Metadata, Error> {
    let url = Url::parse(address).map_err(|_| Error::new(ErrorCode::InvalidSetting).with_detail("issuer"))?;
    let request = http.get(url.clone()).header(ACCEPT, "application/json");
    let response = request.send().await.map_err(failed)?;
    if *response.url() != url {
        let redirected = "it sends elsewhere, and no redirect is followed";
        return Err(Error::new(ErrorCode::MetadataRefused).with_detail(redirected));
    }
    let status = response.status().as_u16();
    let body = read(response).await.map_err(failed)?;
    Metadata::read(issuer, status, &body)
}

/// At most one byte more than is allowed: the core then knows that it was too much.
async fn read(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let most = Metadata::MAX_BODY + 1;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend(chunk.iter().take(most - body.len()));
        if body.len() == most {
            break;
        }
    }
    Ok(body)
}

fn failed(error: reqwest::Error) -> Error {
    let code = match () {
        () if error.is_connect() => ErrorCode::ServerUnreachable,
        () if error.is_timeout() => ErrorCode::TimedOut,
        () => ErrorCode::Interrupted,
    };
    Error::new(code).with_detail(&reason(&error.without_url()))
}
