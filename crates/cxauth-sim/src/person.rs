//! What a person does in a browser, without one.

use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};

use crate::Platform;
use crate::devices::State;
use crate::platform::SIGN_IN_PATH;
use crate::reply::Reply;
use crate::request::Received;
use crate::simulator::{Decision, DeviceDecision, Shared};

const PLATFORM: Platform = Platform::Generic;

/// Opens an authorization URL, signs in as the first user and decides. The redirect's target, or what the
/// page says.
pub(crate) fn sign_in(shared: &Shared, url: &str, decision: Decision) -> Result<String, String> {
    let page = shared.submit(PLATFORM, &opened(shared, url)?);
    let Some(name) = between(&text(&page), "name=\"request\" value=\"", "\"") else {
        return redirect_or_problem(&page);
    };
    let user = shared.world().server(PLATFORM).settings.users.first().cloned();
    let (name_of_user, password) =
        user.map(|user| (user.name, user.password.reveal().to_owned())).unwrap_or_default();
    let fields = [
        ("request", name.as_str()),
        ("username", &name_of_user),
        ("password", &password),
        ("decision", if decision == Decision::Approve { "approve" } else { "deny" }),
    ];
    redirect_or_problem(&shared.submit(PLATFORM, &form(SIGN_IN_PATH, &fields)))
}

/// What a person decides about a device, without the page.
pub(crate) fn decide_device(
    shared: &Shared,
    user_code: Option<&str>,
    decision: DeviceDecision,
) -> Result<(), String> {
    shared.change(|world| {
        let now_ms = world.clock.now_ms();
        let server = world.server(PLATFORM);
        let user = server.settings.users.first().map(|user| user.name.clone()).unwrap_or_default();
        let granted = server.settings.sign_in.granted_scopes.clone();
        let waiting = server.devices.by_user_code(user_code).ok_or("no device waits with this code")?;
        match decision {
            DeviceDecision::SlowDown => waiting.slow_down(),
            DeviceDecision::Expire => waiting.expires_at_ms = waiting.expires_at_ms.min(now_ms),
            DeviceDecision::Approve | DeviceDecision::Deny if waiting.state != State::Pending => {
                return Err("it was decided about this device before".to_owned());
            }
            DeviceDecision::Approve => {
                if let Some(granted) = granted {
                    waiting.scopes.retain(|scope| granted.contains(scope));
                }
                waiting.state = State::Approved { user };
            }
            DeviceDecision::Deny => waiting.state = State::Denied,
        }
        Ok(())
    })
}

fn opened(shared: &Shared, url: &str) -> Result<Received, String> {
    let base = shared.world().server(PLATFORM).base.clone();
    let target = url.strip_prefix(&base).ok_or("the URL is not one of the plain server's")?;
    let uri: Uri = target.parse().map_err(|_| "the URL is malformed")?;
    Ok(Received::new(Method::GET, &uri, HeaderMap::new(), b""))
}

/// What a form on a page sends.
fn form(path: &'static str, fields: &[(&str, &str)]) -> Received {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    Received::new(Method::POST, &Uri::from_static(path), headers, body.finish().as_bytes())
}

fn redirect_or_problem(reply: &Reply) -> Result<String, String> {
    let location = reply.headers.iter().find(|(name, _)| name == "location");
    match location {
        Some((_, location)) => Ok(location.clone()),
        None => Err(between(&text(reply), "role=\"alert\">", "</p>")
            .unwrap_or_else(|| format!("the server answered with status {}", reply.status))),
    }
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

fn between(text: &str, start: &str, end: &str) -> Option<String> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(found, _)| found.to_owned())
}
