//! Each grant at work against the plain server: how it begins, what it serves, how it goes on, how it ends.

use super::{
    Found, TIME_LIMIT,
    report::Columns,
    stage::Stage,
    steps::{expect, found, grants, request},
};
use cxauth::{Client, Connection, Secret, SecretSource, Settings, SignatureAlgorithm, SigningKey, Timestamp};
use cxauth_sim::{Decision, DeviceDecision, Platform, signing_keys};
use http::{Method, StatusCode};
use serde_json::Value;
use std::time::Duration;
use tokio::sync::oneshot;

pub(super) const COLUMNS: &Columns =
    &[("grant", 18), ("begins", 22), ("API call", 10), ("renewed by", 15), ("ended", 12)];

const EXCHANGE: &str = "token_exchange";
const BEARER: &str = "jwt_bearer";
const DEVICE: &str = "device_code";
/// Of real time, in which a second of the stage's passes while a person is waited for.
const TICK: Duration = Duration::from_millis(20);

pub(super) struct Shown {
    pub(super) name: &'static str,
    /// The simulator's name of the connection.
    connection: &'static str,
    /// As the simulator counts it.
    grant: &'static str,
    begins: Begins,
}

enum Begins {
    /// By a token request; in these words.
    Alone(&'static str),
    InBrowser,
    OnDevice,
}

pub(super) const SHOWN: [Shown; 9] = [
    shown("Client credentials", "generic", "client_credentials", Begins::Alone("secret")),
    shown(
        "private_key_jwt",
        "generic/private-key-jwt",
        "client_credentials",
        Begins::Alone("ES256 signature"),
    ),
    shown("Password", "generic/password", "password", Begins::Alone("password")),
    shown("Code, PKCE", "generic/authorization-code", "authorization_code", Begins::InBrowser),
    shown("Code, public", "generic/public-authorization-code", "authorization_code", Begins::InBrowser),
    shown("Code, pushed", "generic/pushed-authorization-code", "authorization_code", Begins::InBrowser),
    shown("Device", "generic/device-code", DEVICE, Begins::OnDevice),
    shown("Token exchange", "generic/token-exchange", EXCHANGE, Begins::Alone("another's token")),
    shown("JWT bearer", "generic/jwt-bearer", BEARER, Begins::Alone("assertion")),
];

const fn shown(name: &'static str, connection: &'static str, grant: &'static str, begins: Begins) -> Shown {
    Shown { name, connection, grant, begins }
}

/// Every step of a grant, by its name in JSON.
pub(super) async fn show(stage: &Stage, shown: &Shown) -> Vec<(&'static str, Found)> {
    // Where nobody has signed in, a refresh token is worth no more than the grant (RFC 6749 §4.4.3).
    let has_person = shown.grant == "password" || !matches!(shown.begins, Begins::Alone(_));
    stage.simulator.configure(Platform::Generic, |settings| settings.refresh_tokens = has_person);
    let actor = Actor::enter(stage, shown);
    let mut findings = Vec::new();
    for step in ["sign_in", "api_call", "renewal", "sign_out"] {
        let taken = async {
            let actor = actor.as_ref().map_err(Clone::clone)?;
            match step {
                "sign_in" => actor.begin().await,
                "api_call" => actor.call().await,
                "renewal" => actor.renew().await,
                _ => actor.end().await,
            }
        };
        let found = tokio::time::timeout(TIME_LIMIT, taken).await;
        findings.push((step, found.unwrap_or_else(|_| Err("nothing happened for 15 s".to_owned()))));
        stage.count();
    }
    findings
}

struct Actor<'a> {
    stage: &'a Stage,
    shown: &'a Shown,
    client: Client,
}

impl<'a> Actor<'a> {
    fn enter(stage: &'a Stage, shown: &'a Shown) -> Result<Self, String> {
        let settings = settings(stage, shown.connection).map_err(|error| error.to_string())?;
        let connection = Connection::new(settings).map_err(|error| error.to_string())?;
        let client = Client::builder(connection).no_proxy().clock(stage.clock.clone()).build();
        Ok(Self { stage, shown, client: client.map_err(|error| error.to_string())? })
    }

    async fn begin(&self) -> Found {
        let (short, detail) = match self.shown.begins {
            Begins::Alone(how) => (how, "one token request".to_owned()),
            Begins::InBrowser => self.in_browser().await?,
            Begins::OnDevice => self.on_device().await?,
        };
        self.client.token().await.map_err(|error| error.to_string())?;
        let counted = self.stage.counters(Platform::Generic);
        let polls = if matches!(self.shown.begins, Begins::OnDevice) { 2 } else { 1 };
        expect("token requests with the grant", grants(&counted, self.shown.grant), polls)?;
        expect("tokens", counted.token_requests_accepted, 1)?;
        found(short, detail)
    }

    async fn in_browser(&self) -> Result<(&'static str, String), String> {
        let back = Some("http://127.0.0.1:5000/callback");
        let authorization = self.client.begin_sign_in(back).await.map_err(|error| error.to_string())?;
        let redirect = self.stage.simulator.sign_in(authorization.url(), Decision::Approve)?;
        let finished = self.client.finish_sign_in(authorization.sign_in().clone(), &redirect).await;
        finished.map_err(|error| error.to_string())?;
        let counted = self.stage.counters(Platform::Generic);
        let is_pushed = self.shown.connection.contains("pushed");
        expect("pushed requests", counted.pushed_authorization_requests, u64::from(is_pushed))?;
        let way = if is_pushed { "pushed, then browser" } else { "browser, S256" };
        Ok((way, "the redirect's state and issuer were checked, the code was exchanged once".to_owned()))
    }

    /// The first question comes too early for the person, the second is answered.
    async fn on_device(&self) -> Result<(&'static str, String), String> {
        let (show, shown) = oneshot::channel();
        let signing = self.client.sign_in_on_device(|prompt| {
            let _ = show.send(prompt.user_code().to_owned());
        });
        let person = async {
            let code = shown.await.map_err(|_| "no code was shown".to_owned())?;
            let simulator = &self.stage.simulator;
            self.stage.advance(Duration::from_secs(5));
            simulator.wait_until(Platform::Generic, |journal| journal.counters.token_requests == 1).await;
            simulator.decide_device(Some(&code), DeviceDecision::Approve)?;
            // The first answer may still be on its way, and the five seconds count from its arrival.
            while self.stage.counters(Platform::Generic).token_requests < 2 {
                self.stage.advance(Duration::from_secs(1));
                tokio::time::sleep(TICK).await;
            }
            Ok::<_, String>(())
        };
        let (signed_in, decided) = tokio::join!(signing, person);
        decided?;
        signed_in.map_err(|error| error.to_string())?;
        Ok(("code on a device", "asked every 5 s until the person had entered the code".to_owned()))
    }

    async fn call(&self) -> Found {
        let (status, _) = request(&self.client, Method::GET, "items?page=1").await?;
        expect("the API's answer", status, StatusCode::OK)?;
        expect("granted API requests", self.stage.counters(Platform::Generic).api_requests_accepted, 1)?;
        found("200", "GET items: 200")
    }

    async fn renew(&self) -> Found {
        let token = self.client.token().await.map_err(|error| error.to_string())?;
        let due = token.fresh_until().ok_or("the token's end is not known")?;
        self.advance_to(due);
        if self.shown.grant == BEARER {
            // One works once: a program would read a new one from its issuer.
            let fresh = settings(self.stage, self.shown.connection).map_err(|error| error.to_string())?;
            self.client.change(fresh).map_err(|error| error.to_string())?;
        }
        self.client.token().await.map_err(|error| error.to_string())?;
        self.client.settle().await;
        let renewed = self.client.token().await.map_err(|error| error.to_string())?;
        let counted = self.stage.counters(Platform::Generic);
        expect("token requests", counted.token_requests_accepted, 1)?;
        if renewed.generation() <= token.generation() {
            return Err("the token is still the old one".to_owned());
        }
        if counted.refresh_requests == 1 {
            return found("refresh token", "early, by the refresh token; the server rotated it");
        }
        expect("token requests with the grant", grants(&counted, self.shown.grant), 1)?;
        found("the grant", "early, by the grant again")
    }

    async fn end(&self) -> Found {
        self.client.sign_out().await.map_err(|error| error.to_string())?;
        let counted = self.stage.counters(Platform::Generic);
        if counted.revocation_requests == 0 {
            return Err("the server was not told".to_owned());
        }
        found("revoked", "signed out: the server ended the tokens (RFC 7009)")
    }

    fn advance_to(&self, moment: Timestamp) {
        let millis = moment.millis_since(self.stage.now());
        self.stage.advance(Duration::from_millis(millis.try_into().unwrap_or(0)));
    }
}

/// The simulator's connection, with what signs for it and where tokens are ended.
fn settings(stage: &Stage, name: &str) -> Result<Settings, cxauth::Error> {
    let further = stage.simulator.further_connections();
    let mut connection = further.get(name).cloned();
    let revocation = further.get("generic/jwt-bearer").map(|ready| ready["revocation_endpoint"].clone());
    let connection = connection.get_or_insert_with(|| {
        let mut connection = stage.simulator.connections().remove(name).unwrap_or_default();
        connection["revocation_endpoint"] = revocation.unwrap_or(Value::Null);
        connection
    });
    let settings = Settings::from_json(&connection.to_string())?;
    Ok(match signing_keys().first().filter(|_| name.ends_with("private-key-jwt")) {
        Some(key) => {
            let pem = SecretSource::Value(Secret::new(key.pem.reveal()));
            let kid = key.public_jwk["kid"].as_str().unwrap_or_default();
            settings.client_key(SigningKey::new(pem, SignatureAlgorithm::Es256).key_id(kid))
        }
        None => settings,
    })
}
