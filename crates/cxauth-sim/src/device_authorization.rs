//! The device grant (RFC 8628): the device's two requests, and the page for the person.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use crate::devices::{DEVICE_CODE_PREFIX, Pace, State};
use crate::journal::Rule;
use crate::judge::{Judge, bad_request};
use crate::platform::VERIFICATION_PATH;
use crate::reply::Reply;
use crate::request::Received;
use crate::server::Server;
use crate::settings::{Client, Grant};
use crate::tokens::{Holder, Issued, seconds};
use crate::{Verdict, page};

/// Judges a device authorization request (§3.1).
pub(crate) fn judge(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    Judge::new(server, request, now_ms).device_authorization().unwrap_or_else(|refusal| refusal)
}

/// Judges what a browser does at the verification page (§3.3).
pub(crate) fn judge_page(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    Judge::new(server, request, now_ms).verification()
}

impl Judge<'_> {
    fn device_authorization(&mut self) -> Result<Reply, Reply> {
        self.check_shape(&["resource"])?;
        let client = self.authenticate()?;
        if !self.server.settings.grants.contains(&Grant::DeviceCode) {
            return Err(bad_request("unauthorized_client", "The device grant is not served here"));
        }
        let asked = self.asked()?;
        let scopes = asked.scopes.unwrap_or_else(|| self.default_scopes());
        let settings = self.server.settings.device.clone();
        let expires_at_ms = self.now_ms.saturating_add(seconds(settings.lifetime));
        let interval = settings.interval.unwrap_or(5);
        let (device_code, user_code) =
            self.server.devices.begin(client.id, scopes, asked.resources, interval, expires_at_ms);
        let verification_uri = format!("{}{VERIFICATION_PATH}", self.server.base);
        let mut body = Map::new();
        body.insert("device_code".into(), device_code.into());
        body.insert("user_code".into(), user_code.clone().into());
        if settings.complete_uri {
            let complete = format!("{verification_uri}?user_code={user_code}");
            body.insert("verification_uri_complete".into(), complete.into());
        }
        body.insert("verification_uri".into(), verification_uri.into());
        body.insert("expires_in".into(), settings.lifetime.into());
        if let Some(interval) = settings.interval {
            body.insert("interval".into(), interval.into());
        }
        Ok(Reply::json(StatusCode::OK, &Value::Object(body), Verdict::Accepted).uncached())
    }

    /// The token request with a device code, again and again (§3.4, §3.5).
    pub(crate) fn poll(&mut self, client: &Client) -> Result<Issued, Reply> {
        let value = self.required("device_code")?;
        let arrived_ms =
            self.server.journal.entry(self.server.judging).map_or(self.now_ms, |entry| entry.at_ms);
        let approved_after = self.server.settings.device.approved_after_polls;
        let first_user = self.server.settings.users.first().map(|user| user.name.clone());
        let Some(waiting) = self.server.devices.find(&value).filter(|waiting| waiting.client == client.id)
        else {
            if value.starts_with(DEVICE_CODE_PREFIX) && !self.server.devices.knows(&value) {
                self.server.violated(Rule::TokenAtWrongHost, "a device code of another server");
            }
            return Err(bad_request("invalid_grant", "The device code is unknown"));
        };
        let pace = waiting.poll(arrived_ms);
        if waiting.state == State::Pending
            && approved_after.is_some_and(|polls| waiting.polls() > polls)
            && let Some(user) = first_user
        {
            waiting.state = State::Approved { user };
        }
        let (expired, state) = (self.now_ms >= waiting.expires_at_ms, waiting.state.clone());
        let holder = |user| Holder {
            client: client.id.clone(),
            user: Some(user),
            scopes: waiting.scopes.clone(),
            audience: waiting.resources.clone(),
            ..Holder::default()
        };
        match (pace, state) {
            (_, State::Redeemed) => Err(bad_request("invalid_grant", "The device code was used before")),
            _ if expired => Err(bad_request("expired_token", "The device code has expired")),
            (_, State::Denied) => Err(bad_request("access_denied", "The user said no")),
            (Pace::TooEarly, _) => {
                self.server.violated(Rule::PolledTooEarly, "a poll before the interval was over");
                Err(bad_request("slow_down", "Poll less often"))
            }
            (Pace::ToldToSlowDown, _) => Err(bad_request("slow_down", "Poll less often")),
            (Pace::Fine, State::Pending) => {
                Err(bad_request("authorization_pending", "Nobody has decided yet"))
            }
            (Pace::Fine, State::Approved { user }) => {
                let holder = holder(user);
                waiting.state = State::Redeemed;
                Ok(self.tokens_for(holder, Grant::DeviceCode))
            }
        }
    }

    fn verification(&mut self) -> Reply {
        if self.request.method == Method::POST {
            return self.verified();
        }
        let code = self.request.query.iter().find(|(name, _)| name == "user_code");
        page::verification(&self.server.settings, code.map_or("", |(_, code)| code), None)
    }

    /// What is wrong with the form is a person's mistake.
    fn verified(&mut self) -> Reply {
        let field = |name: &str| self.request.field(name).unwrap_or_default();
        let (code, user, password) = (field("user_code"), field("username"), field("password"));
        let again = |problem| page::verification(&self.server.settings, code, Some(problem));
        let users = &self.server.settings.users;
        if !users.iter().any(|known| known.name == user && known.password.reveal() == password) {
            return again("The user or the password is wrong");
        }
        let approved = field("decision") == "approve";
        let now_ms = self.now_ms;
        let granted = self.server.settings.sign_in.granted_scopes.clone();
        let waiting = self.server.devices.by_user_code(Some(code));
        let Some(waiting) =
            waiting.filter(|waiting| waiting.state == State::Pending && now_ms < waiting.expires_at_ms)
        else {
            return page::verification(
                &self.server.settings,
                code,
                Some("The code is wrong, too old, or was used before"),
            );
        };
        if let Some(granted) = granted {
            waiting.scopes.retain(|scope| granted.contains(scope));
        }
        waiting.state = if approved { State::Approved { user: user.to_owned() } } else { State::Denied };
        page::verified(approved)
    }
}
