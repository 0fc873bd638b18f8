//! Listeners and connections: each request is read, noted, met by faults, judged and answered.

use std::net::TcpListener as StdTcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::fault::{Plan, Waits};
use crate::journal::{LogEntry, Rule};
use crate::reply::Reply;
use crate::request::{Authorization, Received};
use crate::settings::Grant;
use crate::simulator::{Shared, World};
use crate::wire::{self, Context, Dropped};
use crate::{
    Endpoint, Platform, Verdict, api, authorization, device_authorization, metadata, pushed, token_endpoint,
    token_services,
};

/// Bodies of requests are read up to here.
const BODY_LIMIT: usize = 1 << 20;

/// Accepts connections until the task is dropped, and every connection with it.
pub(crate) async fn listen(listener: StdTcpListener, platform: Platform, shared: Arc<Shared>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors: let connections end before the next try.
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&shared), platform, request));
            // A connection that a fault or the client breaks off is no news.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl std::fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("dropped by a fault")
    }
}

impl std::error::Error for Dropped {}

async fn answer(
    shared: Arc<Shared>,
    platform: Platform,
    request: Request<Incoming>,
) -> Result<Response<Body>, Dropped> {
    let (head, body) = request.into_parts();
    // A body that never came whole was no request: nothing is judged.
    let body = axum::body::to_bytes(Body::new(body), BODY_LIMIT).await.map_err(|_| Dropped)?;
    let received = Received::new(head.method, &head.uri, head.headers, &body);
    let from_browser = received.headers.contains_key(header::ORIGIN);
    if from_browser && received.is_preflight() && shared.note_preflight(platform) {
        return Ok(wire::preflight(&received.headers));
    }

    let endpoint = received.endpoint(platform);
    // Counted before the request shows in the journal: who sees it there may release it at once.
    let releases = shared.releases();
    let (number, plan) = shared.arrive(platform, endpoint, &received);
    shared.wait(&plan.before, releases).await;
    let processed = plan.takes.as_ref().is_none_or(|(_, processed)| *processed);
    let reply = if processed {
        Some(shared.process(platform, endpoint, &received, number, &plan))
    } else {
        shared.leave_unprocessed(platform, number);
        None
    };
    shared.wait(&plan.after, releases).await;

    let answer = match (&plan.takes, reply) {
        (Some((effect, _)), _) => {
            let (elsewhere, now_ms) = shared.elsewhere_and_now();
            let context = Context { endpoint, uri: &head.uri, elsewhere: &elsewhere, now_ms };
            wire::taken(effect, &context)
        }
        (None, Some(reply)) => Ok(wire::edited(reply, &plan.edits)),
        (None, None) => Err(Dropped),
    };
    let cors = shared.finish(platform, number, answer.as_ref().ok().map(|answer| answer.status().as_u16()));
    answer.map(|mut answer| {
        if from_browser && cors {
            wire::readable_by_browsers(&mut answer);
        }
        answer
    })
}

impl Received {
    fn is_preflight(&self) -> bool {
        self.method == Method::OPTIONS && self.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// The values that might be secrets of another server.
    fn presented(&self) -> Vec<String> {
        let mut values: Vec<String> = self.query.iter().map(|(_, value)| value.clone()).collect();
        if let Ok(fields) = &self.fields {
            values.extend(fields.pairs.iter().map(|(_, value)| value.clone()));
        }
        // Any header may carry a key or a token, bare or after a scheme.
        for value in self.headers.values().filter_map(|value| value.to_str().ok()) {
            values.extend(value.rsplit_once(' ').map(|(_, rest)| rest.to_owned()));
            values.push(value.to_owned());
        }
        if let Authorization::Basic { password, .. } = Authorization::of(self) {
            values.push(password);
        }
        values
    }
}

impl Shared {
    /// Whether the server answers preflights at all.
    fn note_preflight(&self, platform: Platform) -> bool {
        self.change(|world| {
            let server = world.server(platform);
            if server.settings.cors {
                server.journal.counters.preflights += 1;
            }
            server.settings.cors
        })
    }

    /// Asks the faults what becomes of a request, and notes it.
    fn arrive(&self, platform: Platform, endpoint: Endpoint, received: &Received) -> (u64, Plan) {
        let plan = self.change(|world| world.faults.plan(platform, endpoint));
        (self.note(platform, endpoint, received, &plan), plan)
    }

    /// A request that came by no connection: what a person does at a page, without a browser.
    pub(crate) fn submit(&self, platform: Platform, received: &Received) -> Reply {
        let endpoint = received.endpoint(platform);
        let plan = Plan::default();
        let number = self.note(platform, endpoint, received, &plan);
        let reply = self.process(platform, endpoint, received, number, &plan);
        self.finish(platform, number, Some(reply.status));
        reply
    }

    /// Notes a request as pending.
    fn note(&self, platform: Platform, endpoint: Endpoint, received: &Received, plan: &Plan) -> u64 {
        self.change(|world| {
            let at_ms = world.clock.now_ms();
            let path_has_secret = world.path_has_secret(&received.path);
            let misdirected = world.has_foreign_secret(platform, received);
            let server = world.server(platform);
            server.requests += 1;
            let number = server.requests;
            let counters = &mut server.journal.counters;
            counters.requests += 1;
            counters.requests_faulted += u64::from(!plan.numbers.is_empty());
            match endpoint {
                Endpoint::Token | Endpoint::Refresh => {
                    let grant = grant(received).map_or("other", Grant::id);
                    counters.token_requests += 1;
                    *counters.token_requests_by_grant.entry(grant.to_owned()).or_default() += 1;
                    counters.refresh_requests += u64::from(endpoint == Endpoint::Refresh);
                }
                Endpoint::Api => counters.api_requests += 1,
                Endpoint::Metadata => counters.metadata_requests += 1,
                Endpoint::Authorization => counters.authorization_requests += 1,
                Endpoint::PushedAuthorization => counters.pushed_authorization_requests += 1,
                Endpoint::DeviceAuthorization => counters.device_authorization_requests += 1,
                Endpoint::Verification => counters.verification_requests += 1,
                Endpoint::Revocation => counters.revocation_requests += 1,
                Endpoint::Introspection => counters.introspection_requests += 1,
                Endpoint::Other => {}
            }
            if path_has_secret {
                server.journal.violated(number, Rule::CredentialsInUri, "a secret in the path");
            }
            if misdirected {
                server.journal.violated(number, Rule::TokenAtWrongHost, "a secret of another server");
            }
            server.journal.push(LogEntry {
                number,
                at_ms,
                method: received.method.as_str().chars().take(20).collect(),
                path: if path_has_secret { "(withheld)".into() } else { received.path.clone() },
                endpoint,
                header_names: received.headers.iter().map(|(name, _)| shown(name.as_str())).collect(),
                query_names: received.query.iter().map(|(name, _)| shown(name)).collect(),
                field_names: received
                    .fields
                    .iter()
                    .flat_map(|fields| fields.pairs.iter().map(|(name, _)| shown(name)))
                    .collect(),
                grant: grant(received).map(|grant| grant.id().into()),
                verdict: Verdict::Pending,
                status: None,
                faults: plan.numbers.clone(),
            });
            number
        })
    }

    async fn wait(&self, waits: &Waits, releases: u64) {
        if waits.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(waits.delay_ms)).await;
        }
        if waits.hold {
            self.released_after(releases).await;
        }
    }

    fn process(
        &self,
        platform: Platform,
        endpoint: Endpoint,
        received: &Received,
        number: u64,
        plan: &Plan,
    ) -> Reply {
        self.change(|world| {
            let now_ms = world.clock.now_ms();
            let elsewhere = world.server(Platform::Elsewhere).base.clone();
            let server = world.server(platform);
            if plan.revoke_token
                && let Authorization::Bearer(token) | Authorization::Dpop(token) = Authorization::of(received)
            {
                server.tokens.revoke(&token);
            }
            server.judging = number;
            let reply = match endpoint {
                _ if platform == Platform::Elsewhere => api::judge_elsewhere(server, received),
                Endpoint::Token | Endpoint::Refresh => token_endpoint::judge(server, received, now_ms),
                Endpoint::Api => api::judge(server, received, now_ms),
                Endpoint::Metadata => metadata::judge(server, received, &elsewhere),
                Endpoint::Authorization => authorization::judge(server, received, now_ms),
                Endpoint::PushedAuthorization => pushed::judge(server, received, now_ms),
                Endpoint::DeviceAuthorization => device_authorization::judge(server, received, now_ms),
                Endpoint::Verification => device_authorization::judge_page(server, received, now_ms),
                Endpoint::Revocation => token_services::judge_revocation(server, received, now_ms),
                Endpoint::Introspection => token_services::judge_introspection(server, received, now_ms),
                Endpoint::Other => api::judge_other(server, received),
            };
            let counters = &mut server.journal.counters;
            match (endpoint, &reply.verdict) {
                (Endpoint::Api, Verdict::Accepted) => counters.api_requests_accepted += 1,
                (Endpoint::Api, Verdict::Refused(_)) => counters.api_requests_refused += 1,
                (Endpoint::Token | Endpoint::Refresh, Verdict::Accepted) => {
                    counters.token_requests_accepted += 1;
                }
                (Endpoint::Token | Endpoint::Refresh, Verdict::Refused(_)) => {
                    counters.token_requests_refused += 1;
                }
                _ => {}
            }
            if let Some(entry) = server.journal.entry(number) {
                entry.verdict = reply.verdict.clone();
            }
            reply
        })
    }

    fn leave_unprocessed(&self, platform: Platform, number: u64) {
        self.change(|world| {
            let server = world.server(platform);
            server.journal.counters.requests_not_processed += 1;
            if let Some(entry) = server.journal.entry(number) {
                entry.verdict = Verdict::NotProcessed;
            }
        });
    }

    /// Notes what is sent, and tells whether browsers may read it.
    fn finish(&self, platform: Platform, number: u64, status: Option<u16>) -> bool {
        self.change(|world| {
            let server = world.server(platform);
            if let Some(entry) = server.journal.entry(number) {
                entry.status = status;
            }
            server.settings.cors
        })
    }

    fn elsewhere_and_now(&self) -> (String, i64) {
        let mut world = self.world();
        (world.server(Platform::Elsewhere).base.clone(), world.clock.now_ms())
    }
}

impl World {
    fn path_has_secret(&self, path: &str) -> bool {
        path.contains("cxauth-canary-")
            || path
                .split('/')
                .any(|part| !part.is_empty() && self.servers.iter().any(|server| server.knows(part)))
    }

    /// Whether a request carries what belongs to another server, and not to this one as well.
    fn has_foreign_secret(&self, platform: Platform, received: &Received) -> bool {
        received.presented().iter().any(|value| {
            let mut owners = self.servers.iter().filter(|server| server.knows(value)).peekable();
            owners.peek().is_some() && owners.all(|server| server.platform != platform)
        })
    }
}

fn grant(received: &Received) -> Option<Grant> {
    received.field("grant_type").and_then(Grant::from_name)
}

/// A name as the log shows it: a broken client may put a secret where a name belongs.
fn shown(name: &str) -> String {
    let harmless = name.len() <= 40 && !name.contains("cxauth-canary-");
    if harmless { name.to_owned() } else { "(withheld)".to_owned() }
}
