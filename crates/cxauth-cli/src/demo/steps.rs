//! What each way in has to show. A step looks at what the client got and at what the simulator counted.

use super::{
    Finding, Found,
    stage::Stage,
    ways::{Fault, Renewal, SignIn, Way},
};
use cxauth::{AccessToken, Client, Error, ErrorCode, Timestamp};
use cxauth_sim::{Counters, Effect, Endpoint, RetryAfter};
use http::{Method, StatusCode};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Barrier, task::JoinSet};

const CALLERS: usize = 100;
const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Copy)]
pub(super) enum Step {
    SignIn,
    ApiCall,
    Renewal,
    Fault,
    Callers,
}

impl Step {
    pub(super) const ALL: [Self; 5] =
        [Self::SignIn, Self::ApiCall, Self::Renewal, Self::Fault, Self::Callers];

    /// The name in JSON.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::ApiCall => "api_call",
            Self::Renewal => "renewal",
            Self::Fault => "fault",
            Self::Callers => "callers",
        }
    }

    pub(super) async fn take(self, actor: &Actor<'_>) -> Found {
        match self {
            Self::SignIn => actor.sign_in().await,
            Self::ApiCall => actor.api_call().await,
            Self::Renewal => actor.renewal().await,
            Self::Fault => actor.fault().await,
            Self::Callers => actor.callers().await,
        }
    }
}

/// CloudCX's page speaks of refresh tokens, and shows an answer without one: both are shown.
pub(super) fn prepare(stage: &Stage, way: &Way) {
    let refresh_tokens = way.renewal == Renewal::ByRefreshToken;
    stage.simulator.configure(way.platform, |settings| settings.refresh_tokens = refresh_tokens);
}

/// A client that plays one way in.
pub(super) struct Actor<'a> {
    stage: &'a Stage,
    way: &'a Way,
    client: Client,
}

impl<'a> Actor<'a> {
    pub(super) fn enter(stage: &'a Stage, way: &'a Way) -> Result<Self, String> {
        Ok(Self { stage, way, client: stage.client(way.connection)? })
    }

    async fn sign_in(&self) -> Found {
        let token = self.token().await?;
        let counted = self.counters();
        match self.way.sign_in {
            SignIn::Grant(grant) => {
                expect("token requests with the grant", grants(&counted, grant), 1)?;
                expect("token requests", counted.token_requests_accepted, 1)?;
                let lifetime = self.lifetime(&token)?;
                let how = if grant == "client_credentials" { "client secret" } else { grant };
                found(how, format!("one token request, a token for {lifetime} s"))
            }
            SignIn::Key => {
                expect("token requests", counted.token_requests, 0)?;
                found("API key", "the key is sent as it is; no token request")
            }
        }
    }

    async fn api_call(&self) -> Found {
        let call = &self.way.call;
        let count = self.call().await?;
        expect(call.what, count, call.count)?;
        expect("granted API requests", self.counters().api_requests_accepted, 1)?;
        let short = if count == 1 { call.what.to_owned() } else { format!("{count} {}", call.what) };
        found(short, format!("{} {}: 200", call.method, call.path))
    }

    /// One millisecond before the moment nothing is asked; at the moment one request is, and callers go on meanwhile.
    async fn renewal(&self) -> Found {
        let token = self.token().await?;
        if self.way.renewal == Renewal::Never {
            self.stage.advance(Duration::from_secs(400 * 86_400));
            self.call().await?;
            expect("token requests in 400 days", self.counters().token_requests, 0)?;
            return found("never", "a key does not end: 400 days later it works, without a token request");
        }
        let due = token.fresh_until().ok_or("the token's end is not known")?;
        let lifetime = self.lifetime(&token)?;
        let percent = due.millis_since(self.stage.now()) / (lifetime * 10);
        self.advance_to(due.plus_millis(-1));
        self.token().await?;
        expect("token requests before the time", self.counters().token_requests, 0)?;
        self.stage.advance(Duration::from_millis(1));
        let meanwhile = self.token().await?;
        self.client.settle().await;
        let renewed = self.token().await?;
        let counted = self.counters();
        expect("token requests at the time", counted.token_requests_accepted, 1)?;
        if renewed.generation() <= token.generation() {
            return Err("the token is still the old one".to_owned());
        }
        let early = self.way.renewal != Renewal::AfterExpiry;
        let wanted = if early { 60..=80 } else { 100..=100 };
        if !wanted.contains(&percent) {
            return Err(format!("renewed at {percent} % of the lifetime"));
        }
        expect("the token that callers get meanwhile", meanwhile.generation() == token.generation(), early)?;
        let by_refresh_token = self.way.renewal == Renewal::ByRefreshToken;
        expect("refresh requests", counted.refresh_requests, u64::from(by_refresh_token))?;
        let how = match self.way.renewal {
            Renewal::ByRefreshToken => "by refresh token, while callers went on with the old one",
            Renewal::ByGrant => "by the grant again, while callers went on with the old one",
            _ => "and not a moment earlier: before, the platform gives the same token again",
        };
        found(
            format!("{percent} % of {}", span(lifetime)),
            format!("renewed at {percent} % of {lifetime} s {how}"),
        )
    }

    async fn fault(&self) -> Found {
        match self.way.fault {
            Fault::TokenRevoked => self.token_revoked().await,
            Fault::ServerErrorTwice => self.server_error_twice().await,
            Fault::KeyRefusedOnce => self.key_refused_once().await,
            Fault::RateLimited => self.rate_limited().await,
            Fault::AnswerLost => self.answer_lost().await,
            Fault::RotationLost => self.rotation_lost().await,
        }
    }

    async fn token_revoked(&self) -> Found {
        self.stage.simulator.revoke_access_tokens(self.way.platform);
        self.call().await?;
        let counted = self.counters();
        expect("refused API requests", counted.api_requests_refused, 1)?;
        expect("granted API requests", counted.api_requests_accepted, 1)?;
        expect("token requests", counted.token_requests_accepted, 1)?;
        found("token revoked", "the API refused it: one renewal, the request sent once more, 200")
    }

    /// The valid token serves while its renewal fails.
    async fn server_error_twice(&self) -> Found {
        let token = self.token().await?;
        let error = Effect::Status { status: 503, headers: Vec::new(), body: String::new() };
        self.arm(cxauth_sim::Fault::new(error).at(Endpoint::Token).times(2));
        self.advance_to(token.fresh_until().ok_or("the token's end is not known")?);
        // More than the back-off of 1 s and of 2 s, each with up to half of it on top.
        for pause in [Duration::ZERO, 2 * SECOND, 4 * SECOND] {
            self.stage.advance(pause);
            self.call().await?;
            self.client.settle().await;
        }
        let counted = self.counters();
        expect("failed token requests", counted.requests_faulted, 2)?;
        expect("granted token requests", counted.token_requests_accepted, 1)?;
        expect("granted API requests", counted.api_requests_accepted, 3)?;
        if self.token().await?.generation() <= token.generation() {
            return Err("the token is still the old one".to_owned());
        }
        found("503 twice", "the renewal failed twice with 503: the valid token served, no caller noticed")
    }

    async fn key_refused_once(&self) -> Found {
        self.arm(cxauth_sim::Fault::new(Effect::Unauthorized { challenge: None }).at(Endpoint::Api).times(1));
        let status = self.status().await?;
        expect("the caller's answer", status, StatusCode::UNAUTHORIZED)?;
        expect("API requests", self.counters().api_requests, 1)?;
        self.call().await?;
        expect("token requests", self.counters().token_requests, 0)?;
        found("401 once", "no other key would help: the 401 is the caller's, nothing goes in circles")
    }

    async fn rate_limited(&self) -> Found {
        self.let_expire().await?;
        let limit = Effect::RateLimit { status: 429, retry_after: RetryAfter::Seconds(30) };
        self.arm(cxauth_sim::Fault::new(limit).at(Endpoint::Token).times(1));
        let error = self.no_token().await?;
        expect("the error", error.code(), ErrorCode::RateLimited)?;
        let until = error.retry_at().ok_or("the error does not say when to come again")?;
        let wait = until.millis_since(self.stage.now());
        if wait < 30_000 {
            return Err(format!("Retry-After: 30 became a wait of {wait} ms"));
        }
        self.advance_to(until.plus_millis(-1));
        self.no_token().await?;
        expect("token requests before the time", self.counters().token_requests, 1)?;
        self.advance_to(until);
        self.call().await?;
        expect("token requests", self.counters().token_requests, 2)?;
        found(
            "429, wait 30 s",
            format!("Retry-After: 30 was honoured: nothing sent for {} s, then signed in", wait / 1000),
        )
    }

    async fn answer_lost(&self) -> Found {
        self.let_expire().await?;
        self.arm(cxauth_sim::Fault::new(Effect::Drop).at(Endpoint::Token).times(1).processed());
        let error = self.no_token().await?;
        expect("the error", error.code(), ErrorCode::Interrupted)?;
        self.advance_to(error.retry_at().ok_or("the error does not say when to come again")?);
        self.call().await?;
        let counted = self.counters();
        expect("token requests", counted.token_requests, 2)?;
        expect("API requests", counted.api_requests_accepted, 1)?;
        found("answer lost", "the connection broke behind the request: asked again after the back-off")
    }

    /// The server may have rotated: the refresh token counts as spent, and the grant takes its place.
    async fn rotation_lost(&self) -> Found {
        let token = self.token().await?;
        self.arm(cxauth_sim::Fault::new(Effect::Drop).at(Endpoint::Refresh).times(1).processed());
        self.advance_to(token.fresh_until().ok_or("the token's end is not known")?);
        for pause in [Duration::ZERO, 2 * SECOND] {
            self.stage.advance(pause);
            self.call().await?;
            self.client.settle().await;
        }
        let counted = self.counters();
        expect("refresh requests", counted.refresh_requests, 1)?;
        expect("token requests with the grant", grants(&counted, "client_credentials"), 1)?;
        expect("reused refresh tokens", counted.reuse_detections, 0)?;
        expect("granted API requests", counted.api_requests_accepted, 2)?;
        found(
            "rotation lost",
            "the answer with the new refresh token was lost: the spent one is not sent again",
        )
    }

    /// All at once, with no usable token; the one answer is held until the request is under way.
    async fn callers(&self) -> Found {
        let requests = match self.way.sign_in {
            SignIn::Key => 0,
            SignIn::Grant(_) => {
                self.let_expire().await?;
                self.arm(
                    cxauth_sim::Fault::new(Effect::Hold).at(Endpoint::Token).at(Endpoint::Refresh).times(1),
                );
                1
            }
        };
        let start = Arc::new(Barrier::new(CALLERS + 1));
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let (client, start) = (self.client.clone(), Arc::clone(&start));
            let (method, path) = (self.way.call.method.clone(), self.way.call.path);
            callers.spawn(async move {
                start.wait().await;
                request(&client, method, path).await
            });
        }
        start.wait().await;
        let simulator = &self.stage.simulator;
        simulator.wait_until(self.way.platform, |journal| journal.counters.token_requests >= requests).await;
        simulator.release();
        for result in callers.join_all().await {
            expect("a caller's answer", result?.0, StatusCode::OK)?;
        }
        let counted = self.counters();
        expect("token requests", counted.token_requests, requests)?;
        expect("granted API requests", counted.api_requests_accepted, CALLERS as u64)?;
        let noun = if requests == 1 { "request" } else { "requests" };
        found(
            format!("{requests} {noun}"),
            format!("{CALLERS} callers at once: {requests} token {noun}, {CALLERS} answers"),
        )
    }
}

/// What the steps are made of.
impl Actor<'_> {
    async fn token(&self) -> Result<AccessToken, String> {
        self.client.token().await.map_err(|error| error.to_string())
    }

    async fn no_token(&self) -> Result<Error, String> {
        match self.client.token().await {
            Ok(_) => Err("there is a token where none was expected".to_owned()),
            Err(error) => Ok(error),
        }
    }

    /// Makes the way's API call, and counts what it brought.
    async fn call(&self) -> Result<usize, String> {
        let call = &self.way.call;
        let (status, body) = request(&self.client, call.method.clone(), call.path).await?;
        expect("the API's answer", status, StatusCode::OK)?;
        match body.pointer(call.pointer) {
            Some(Value::Array(list)) => Ok(list.len()),
            Some(_) => Ok(1),
            None => Err(format!("the API's answer has no {}", call.pointer)),
        }
    }

    async fn status(&self) -> Result<StatusCode, String> {
        Ok(request(&self.client, self.way.call.method.clone(), self.way.call.path).await?.0)
    }

    async fn let_expire(&self) -> Result<(), String> {
        let end = self.token().await?.expires_at().ok_or("the token's end is not known")?;
        self.client.settle().await;
        self.advance_to(end.plus_seconds(1));
        Ok(())
    }

    fn advance_to(&self, moment: Timestamp) {
        let millis = moment.millis_since(self.stage.now());
        self.stage.advance(Duration::from_millis(millis.try_into().unwrap_or(0)));
    }

    fn arm(&self, fault: cxauth_sim::Fault) {
        self.stage.simulator.arm(fault.on(self.way.platform));
    }

    fn counters(&self) -> Counters {
        self.stage.counters(self.way.platform)
    }

    /// In seconds, from now.
    fn lifetime(&self, token: &AccessToken) -> Result<i64, String> {
        let end = token.expires_at().ok_or("the token's end is not known")?;
        Ok(end.millis_since(self.stage.now()) / 1000)
    }
}

pub(super) async fn request(
    client: &Client,
    method: Method,
    path: &str,
) -> Result<(StatusCode, Value), String> {
    let answer = client.request(method, path).send().await.map_err(|error| error.to_string())?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(|error| error.without_url().to_string())?;
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

pub(super) fn grants(counted: &Counters, grant: &str) -> u64 {
    counted.token_requests_by_grant.get(grant).copied().unwrap_or(0)
}

pub(super) fn found(short: impl Into<String>, detail: impl Into<String>) -> Found {
    Ok(Finding { short: short.into(), detail: detail.into() })
}

pub(super) fn expect<T: PartialEq + std::fmt::Debug>(what: &str, is: T, should_be: T) -> Result<(), String> {
    if is == should_be { Ok(()) } else { Err(format!("{what}: {is:?} where {should_be:?} was expected")) }
}

fn span(seconds: i64) -> String {
    if seconds % 86_400 == 0 { format!("{} d", seconds / 86_400) } else { format!("{seconds} s") }
}
