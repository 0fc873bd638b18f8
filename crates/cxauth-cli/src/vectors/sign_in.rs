//! Sign-ins: what a scenario keeps of them while their person is in the browser, and the names of what was drawn for them.

use crate::secret;
use cxauth_core::{Authorization, Error, SignIn};
use serde_json::{Map, Value, json};
use url::Url;

/// What is drawn from the entropy, by the name of the field that carries it.
const DRAWN: [&str; 4] = ["state", "code_challenge", "code_verifier", "client_assertion"];

/// The sign-ins that came out as `authorize`, the latest last. They belong to the scenario: another process may go on.
#[derive(Default)]
pub(super) struct SignIns(Vec<Kept>);

struct Kept {
    names: Vec<String>,
    state: String,
    text: String,
}

impl SignIns {
    /// Keeps what a program would keep. The error: no redirect with the state that went out would be its answer.
    pub(super) fn keep(&mut self, names: Vec<String>, state: String, sign_in: &SignIn) -> Result<(), String> {
        if !sign_in.is_answered_by(&format!("https://app.example/?state={state}")) {
            return Err("the state that went out is not the one of what is to be kept".to_string());
        }
        self.0.push(Kept { names, state, text: secret::sign_in_text(sign_in) });
        Ok(())
    }

    /// What was kept, and the address with its state in it. The outer error is a mistake in the scenario.
    pub(super) fn answered(
        &self,
        of: Option<&str>,
        url: &str,
    ) -> Result<(Result<SignIn, Error>, String), String> {
        let found = match of {
            Some(of) => self.0.iter().rev().find(|kept| kept.names.iter().any(|name| name == of)),
            None => self.0.last(),
        };
        let kept = found.ok_or_else(|| match of {
            Some(of) => format!("`of`: there is no sign-in {of}"),
            None => "there is no sign-in".to_string(),
        })?;
        Ok((SignIn::from_text(&kept.text), url.replace("{state}", &kept.state)))
    }
}

/// Where the browser goes: the outcome, and the state if the address carries it.
pub(super) fn authorize(authorization: &Authorization) -> Result<(Value, Option<String>), String> {
    let mut url = Url::parse(authorization.url()).map_err(|error| format!("no address: {error}"))?;
    let mut parameters = super::outcome::form(url.query().unwrap_or_default().as_bytes());
    let state = name_drawn(&mut parameters);
    url.set_query(None);
    Ok((json!({ "authorize": { "url": url.as_str(), "parameters": parameters } }), state))
}

/// Puts a name in the place of each value that was drawn and looks as it should. Returns the state, if one is there.
pub(super) fn name_drawn(fields: &mut Value) -> Option<String> {
    let fields = fields.as_object_mut()?;
    let state = fields.get("state").and_then(Value::as_str).map(str::to_string);
    DRAWN.iter().for_each(|name| name_one(fields, name));
    state
}

fn name_one(fields: &mut Map<String, Value>, name: &str) {
    if let Some(value) = fields.get_mut(name)
        && let Some(text) = value.as_str()
        && (if name == "client_assertion" { is_assertion(text) } else { is_random(text) })
    {
        *value = format!("{{{name}}}").into();
    }
}

/// 32 bytes as RFC 7636 §4.1 recommends them, in RFC 3986's unreserved characters.
fn is_random(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

fn is_assertion(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    text.split('.').count() == 3 && text.split('.').all(is_part)
}
