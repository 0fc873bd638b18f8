//! What the tests share: a simulator, a client without habits, and short ways to ask.

#![allow(dead_code)]

pub(crate) mod code;
pub(crate) mod jwt;

use cxauth_sim::{Platform, Simulator};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;

pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
}

/// An answer, read completely.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn text_of(&self, member: &str) -> String {
        self.json[member].as_str().unwrap_or_else(|| panic!("no {member} in {}", self.text)).to_owned()
    }

    pub(crate) fn error(&self) -> &str {
        self.json["error"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.status == StatusCode::OK
    }
}

pub(crate) async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let text = response.text().await.unwrap();
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status, headers, text, json }
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    read(request.send().await.unwrap()).await
}

impl Bench {
    pub(crate) async fn new() -> Bench {
        Bench::with(Simulator::start().await.unwrap())
    }

    pub(crate) fn with(simulator: Simulator) -> Bench {
        let client =
            Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Bench { simulator, client }
    }

    pub(crate) fn post(&self, platform: Platform, fields: &[(&str, &str)]) -> RequestBuilder {
        self.client.post(self.simulator.token_endpoint(platform)).form(fields)
    }

    pub(crate) fn api(&self, platform: Platform, path: &str, token: &str) -> RequestBuilder {
        self.client.get(self.simulator.api_base(platform) + path).bearer_auth(token)
    }

    /// The plain server's client credentials, in the body.
    pub(crate) async fn grant(&self, more: &[(&str, &str)]) -> Answer {
        let connection = self.simulator.connection(Platform::Generic);
        let mut fields = vec![("grant_type", "client_credentials")];
        fields.extend(credentials(&connection));
        fields.extend(more);
        send(self.post(Platform::Generic, &fields)).await
    }

    pub(crate) async fn refresh(&self, refresh_token: &str, more: &[(&str, &str)]) -> Answer {
        let connection = self.simulator.connection(Platform::Generic);
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        fields.extend(credentials(&connection));
        fields.extend(more);
        send(self.post(Platform::Generic, &fields)).await
    }

    pub(crate) async fn whoami(&self, token: &str) -> Answer {
        send(self.api(Platform::Generic, "whoami", token)).await
    }

    pub(crate) fn assert_no_violations(&self) {
        assert_eq!(self.simulator.violations(), []);
    }
}

pub(crate) fn credentials(connection: &Value) -> [(&'static str, &str); 2] {
    ["client_id", "client_secret"].map(|name| (name, connection[name].as_str().unwrap()))
}
