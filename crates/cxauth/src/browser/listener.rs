//! The listener on loopback that the browser comes back to (RFC 8252 §7.3, §8.3).

use super::{is_loopback, page};
use crate::{Error, ErrorCode, SignIn};
use bytes::Bytes;
use http::{Method, Request, Response, header::HOST};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use url::{Host, Url};

/// Browsers open connections on suspicion; this many at once and no more.
const MOST_CONNECTIONS: usize = 32;
/// A request's head has to be here by then: real time, as of every HTTP request.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// Codes are long at some servers.
const LONGEST_HEAD: usize = 64 * 1024;
/// `localhost` takes a port that is free for both families.
const TRIES: usize = 8;

/// Open from its making until it is dropped.
pub(super) struct Listener {
    sockets: Vec<TcpListener>,
    /// Host and port, as the browser names them.
    authority: String,
    path: String,
    redirect_uri: String,
}

impl Listener {
    /// At the configured address, with a port of the system's choice where it names none.
    pub(super) async fn bind(configured: Option<&str>) -> Result<Self, Error> {
        let address = Url::parse(configured.unwrap_or("http://127.0.0.1/callback")).ok();
        let address = address.filter(|address| address.scheme() == "http" && is_loopback(address.host()));
        let address = address.ok_or_else(|| {
            invalid("a browser of this machine comes back to http://127.0.0.1/…: say that, or nothing")
        })?;
        let sockets = sockets(&address).await;
        let sockets = sockets.map_err(|error| invalid(&format!("nothing can listen there: {error}")))?;
        let port = sockets.first().and_then(|socket| socket.local_addr().ok()).map_or(0, |at| at.port());
        let authority = format!("{}:{port}", address.host_str().unwrap_or("127.0.0.1"));
        let query = address.query().map_or_else(String::new, |query| format!("?{query}"));
        let redirect_uri = format!("http://{authority}{}{query}", address.path());
        Ok(Self { sockets, authority, path: address.path().to_owned(), redirect_uri })
    }

    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the browser to bring the answer to this sign-in, and gives the address that it came to once it has its page.
    pub(super) async fn answer_to(self, sign_in: &SignIn) -> String {
        let door = Arc::new(Door { authority: self.authority, path: self.path, sign_in: sign_in.clone() });
        let mut visits = JoinSet::new();
        loop {
            let accepts = visits.len() < MOST_CONNECTIONS;
            tokio::select! {
                stream = accept(&self.sockets), if accepts => {
                    visits.spawn(Arc::clone(&door).serve(stream));
                }
                Some(visit) = visits.join_next() => {
                    if let Ok(Some(redirect)) = visit {
                        return redirect;
                    }
                }
            }
        }
    }
}

async fn sockets(address: &Url) -> io::Result<Vec<TcpListener>> {
    let port = address.port().unwrap_or(0);
    let ip: IpAddr = match address.host() {
        Some(Host::Ipv4(ip)) => ip.into(),
        Some(Host::Ipv6(ip)) => ip.into(),
        // A browser takes either family for the name: nobody else may have the port in the other.
        _ => return both_families(port).await,
    };
    Ok(vec![TcpListener::bind(SocketAddr::new(ip, port)).await?])
}

async fn both_families(port: u16) -> io::Result<Vec<TcpListener>> {
    let mut tried = 1;
    loop {
        let one = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        match TcpListener::bind((Ipv6Addr::LOCALHOST, one.local_addr()?.port())).await {
            Ok(other) => return Ok(vec![one, other]),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                if port != 0 || tried == TRIES {
                    return Err(error);
                }
                tried += 1;
            }
            // A machine without IPv6.
            Err(_) => return Ok(vec![one]),
        }
    }
}

async fn accept(sockets: &[TcpListener]) -> TcpStream {
    let each = sockets.iter().map(|socket| {
        Box::pin(async move {
            loop {
                match socket.accept().await {
                    Ok((stream, _)) => return stream,
                    // Of that connection, or for want of files: what is open may end meanwhile.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        })
    });
    futures_util::future::select_all(each).await.0
}

/// What a visitor meets.
struct Door {
    authority: String,
    path: String,
    sign_in: SignIn,
}

impl Door {
    /// Serves one connection, to its end: then the browser has its page.
    async fn serve(self: Arc<Self>, stream: TcpStream) -> Option<String> {
        let brought = OnceLock::new();
        let service = service_fn(|request: Request<Incoming>| {
            let (reply, redirect) = self.answer(&request);
            if let Some(redirect) = redirect {
                let _ = brought.set(redirect);
            }
            async { Ok::<_, Infallible>(reply) }
        });
        // How it ended does not matter: what was brought was brought.
        let _ = http1::Builder::new()
            .keep_alive(false)
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_LIMIT)
            .max_buf_size(LONGEST_HEAD)
            .serve_connection(TokioIo::new(stream), service)
            .await;
        brought.into_inner()
    }

    fn answer<B>(&self, request: &Request<B>) -> (Response<Full<Bytes>>, Option<String>) {
        // Another name for this address is a page that looks for open ports (DNS rebinding).
        let host =
            request.headers().get(HOST).is_some_and(|host| host.as_bytes() == self.authority.as_bytes());
        if !host || request.method() != Method::GET || request.uri().path() != self.path {
            return (page::not_found(), None);
        }
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let redirect = format!("http://{}{target}", self.authority);
        if self.sign_in.is_answered_by(&redirect) {
            (page::arrived(), Some(redirect))
        } else {
            (page::not_the_answer(), None)
        }
    }
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorCode::InvalidSetting).with_detail(&format!("redirect_uri: {why}"))
}
