//! `cxauth call`: one API request that carries a token.

use crate::{
    arguments, client, connection,
    failure::{Failure, Status},
    sign_in,
};
use cxauth::RequestError;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use reqwest::Response;
use std::{
    fs,
    io::{self, Read, Write},
};
use url::Url;

/// Sends the request and prints the answer.
pub(crate) fn run(arguments: &arguments::Call) -> Result<Status, Failure> {
    let (name, method, url) = match arguments.words.as_slice() {
        [name, method, url] => (Some(name.as_str()), method, url),
        [method, url] => (None, method, url),
        _ => return Err(Failure::configuration("write `cxauth call NAME METHOD URL`")),
    };
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes())
        .map_err(|_| Failure::configuration("the method is none; write `cxauth call NAME METHOD URL`"))?;
    if url.contains("://") && Url::parse(url).is_err() {
        return Err(Failure::configuration("the URL cannot be read; write https://host/path, or a path"));
    }
    let mut headers = headers(&arguments.header)?;
    let body = arguments.data.as_deref().map(|data| body(data, arguments)).transpose()?;
    if let Some(body) = &body
        && !headers.contains_key(header::CONTENT_TYPE)
    {
        headers.insert(header::CONTENT_TYPE, content_type(body));
    }
    let connection = connection::find(name, &arguments.who)?;
    let grant = connection.grant();
    client::runtime()?.block_on(async {
        let client = client::of(connection, &arguments.who).await?;
        let mut request = client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.map_err(|error| match error {
            RequestError::Token(error) => sign_in::hint(error, grant, name),
            error => error.into(),
        })?;
        let status = response.status();
        print(response, arguments.include).await?;
        client.settle().await;
        verdict(status)
    })
}

fn headers(fields: &[String]) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for field in fields {
        let parsed = field.split_once(':').and_then(|(name, value)| {
            let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
            Some((name, HeaderValue::from_str(value.trim()).ok()?))
        });
        let Some((name, value)) = parsed else {
            return Err(Failure::configuration("a header field cannot be read; write -H 'Name: value'"));
        };
        if name == header::AUTHORIZATION {
            return Err(Failure::configuration(
                "cxauth puts the token into Authorization itself; leave this header field out",
            ));
        }
        headers.append(name, value);
    }
    Ok(headers)
}

fn body(data: &str, arguments: &arguments::Call) -> Result<Vec<u8>, Failure> {
    let unreadable = |place: &str, error: &io::Error| {
        Failure::configuration(format!("cannot read the body from {place}: {error}; correct --data"))
    };
    match (data, data.strip_prefix('@')) {
        ("-" | "@-", _) if arguments.who.secret_stdin.is_some() => Err(Failure::configuration(
            "standard input cannot be both the body and a secret; take one of them from a file",
        )),
        ("-" | "@-", _) => {
            let mut body = Vec::new();
            io::stdin().read_to_end(&mut body).map_err(|error| unreadable("standard input", &error))?;
            Ok(body)
        }
        (_, Some(path)) => fs::read(path).map_err(|error| unreadable(path, &error)),
        (text, None) => Ok(text.as_bytes().to_vec()),
    }
}

fn content_type(body: &[u8]) -> HeaderValue {
    HeaderValue::from_static(match body.trim_ascii_start().first() {
        Some(b'{' | b'[') => "application/json",
        _ => "application/x-www-form-urlencoded",
    })
}

async fn print(mut response: Response, with_head: bool) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if with_head {
        writeln!(out, "{:?} {}", response.version(), response.status())?;
        for (name, value) in response.headers() {
            write!(out, "{name}: ")?;
            out.write_all(value.as_bytes())?;
            writeln!(out)?;
        }
        writeln!(out)?;
    }
    while let Some(chunk) = response.chunk().await.map_err(RequestError::from)? {
        out.write_all(&chunk)?;
    }
    Ok(out.flush()?)
}

fn verdict(status: StatusCode) -> Result<Status, Failure> {
    let advice = match status.as_u16() {
        200..=299 => return Ok(Status::Success),
        401 => "it refuses the token: check the client's permissions and the address",
        429 => "try again later",
        500.. => "try again later, and tell the API's maker if it stays so",
        _ => "its answer says why",
    };
    let verdict = if status.is_server_error() { Status::ApiFailed } else { Status::ApiRefused };
    Err(Failure::new(verdict, format!("the API answered {status}; {advice}")))
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Token(error) => error.into(),
            RequestError::Http(_) => Self::new(
                Status::Retry,
                format!("the API did not answer: {error}; check the address and the network, and try again"),
            ),
        }
    }
}
