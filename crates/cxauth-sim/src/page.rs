//! Pages for people, and redirects for browsers: fixed HTML without script.

use axum::http::StatusCode;

use crate::Verdict;
use crate::authorization::listed;
use crate::reply::Reply;
use crate::settings::Settings;
use crate::sign_ins::Wanted;

const STYLE: &str = "\
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}\
body{display:grid;place-items:center;min-height:100vh;margin:0;background:Canvas;color:CanvasText}\
main{width:min(26rem,calc(100vw - 4rem));padding:2rem;border:1px solid color-mix(in srgb,CanvasText 20%,Canvas);\
border-radius:.75rem}\
h1{font-size:1.25rem;margin:0 0 1rem}p{margin:0 0 1rem}code{overflow-wrap:anywhere}\
label{display:block;margin:0 0 1rem}input{display:block;box-sizing:border-box;width:100%;margin-top:.25rem;\
padding:.5rem .75rem;font:inherit;border:1px solid color-mix(in srgb,CanvasText 40%,Canvas);border-radius:.375rem;\
background:Field;color:FieldText}\
.choice{display:flex;gap:.75rem}button{flex:1;padding:.6rem 1rem;font:inherit;border-radius:.375rem;\
border:1px solid #1d4ed8;background:Canvas;color:CanvasText;cursor:pointer}\
button[value=approve]{background:#1d4ed8;color:#fff}[role=alert]{color:light-dark(#b91c1c,#fca5a5)}\
small{display:block;margin-top:1.5rem;opacity:.7}";

const CHOICE: &str = "\
<div class=\"choice\"><button name=\"decision\" value=\"approve\">Allow</button>\
<button name=\"decision\" value=\"deny\">Refuse</button></div>";

/// The page on which a person signs in and decides. What is needed stands in it already: nobody here is real.
pub(crate) fn sign_in(
    settings: &Settings,
    wanted: &Wanted,
    name: &str,
    user: Option<&str>,
    problem: Option<&str>,
) -> Reply {
    let known = user.and_then(|user| settings.users.iter().find(|known| known.name == user));
    let person = known.or(settings.users.first());
    let user = user.or(person.map(|person| person.name.as_str())).unwrap_or_default();
    let password = person.map_or("", |person| person.password.reveal());
    let body = format!(
        "<h1>Sign in</h1>\
         <p><code>{client}</code> asks for access{scopes}.</p>{alert}\
         <form method=\"post\" action=\"/sign-in\">\
         <input type=\"hidden\" name=\"request\" value=\"{name}\">\
         {credentials}{CHOICE}</form>",
        client = escaped(&wanted.client),
        scopes = match listed(&wanted.scopes).as_str() {
            "" => String::new(),
            scopes => format!(" to <code>{}</code>", escaped(scopes)),
        },
        alert = alert(problem),
        name = escaped(name),
        credentials = credentials(user, password),
    );
    match problem {
        None => html(StatusCode::OK, "Sign in", &body, Verdict::Accepted),
        Some(_) => html(StatusCode::FORBIDDEN, "Sign in", &body, Verdict::Refused("access_denied".into())),
    }
}

/// The page on which a person types a device's code and decides.
pub(crate) fn verification(settings: &Settings, code: &str, problem: Option<&str>) -> Reply {
    let person = settings.users.first();
    let body = format!(
        "<h1>Connect a device</h1>\
         <p>Type the code that the device shows. Allow only what you have started yourself.</p>{alert}\
         <form method=\"post\" action=\"/device\">\
         <label>Code<input name=\"user_code\" autocomplete=\"off\" autocapitalize=\"characters\" value=\"{code}\"></label>\
         {credentials}{CHOICE}</form>",
        alert = alert(problem),
        code = escaped(code),
        credentials = credentials(
            person.map_or("", |person| &person.name),
            person.map_or("", |person| person.password.reveal()),
        ),
    );
    let (status, verdict) = match problem {
        None => (StatusCode::OK, Verdict::Accepted),
        Some(_) => (StatusCode::FORBIDDEN, Verdict::Refused("access_denied".into())),
    };
    html(status, "Connect a device", &body, verdict)
}

/// The page after the decision.
pub(crate) fn verified(approved: bool) -> Reply {
    let (title, what) = match approved {
        true => ("The device is connected", "Go on there; this page may be closed."),
        false => ("The device is refused", "It learns so by itself; this page may be closed."),
    };
    html(StatusCode::OK, title, &format!("<h1>{title}</h1><p>{what}</p>"), Verdict::Accepted)
}

/// Says what is wrong to whoever sits at the browser: nobody may be redirected.
pub(crate) fn problem(status: StatusCode, what: &str) -> Reply {
    let body = format!(
        "<h1>This does not work</h1><p role=\"alert\">{}.</p>\
         <p>Close this page and go back to the application.</p>",
        escaped(what)
    );
    html(status, "This does not work", &body, Verdict::Refused("invalid_request".into()))
}

/// A redirect of a browser; what it leads to is in nobody's cache or history of referrers.
pub(crate) fn redirect(status: StatusCode, location: &str, verdict: Verdict) -> Reply {
    Reply { status: status.as_u16(), headers: Vec::new(), body: Vec::new(), verdict }
        .with_header("location", location)
        .with_header("referrer-policy", "no-referrer")
        .uncached()
}

fn credentials(user: &str, password: &str) -> String {
    format!(
        "<label>User<input name=\"username\" autocomplete=\"off\" value=\"{}\"></label>\
         <label>Password<input name=\"password\" type=\"password\" autocomplete=\"off\" value=\"{}\"></label>",
        escaped(user),
        escaped(password)
    )
}

fn alert(problem: Option<&str>) -> String {
    problem.map_or(String::new(), |problem| format!("<p role=\"alert\">{}.</p>", escaped(problem)))
}

fn html(status: StatusCode, title: &str, body: &str, verdict: Verdict) -> Reply {
    let document = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><main>{body}\
         <small>This is the simulator of cxauth: no account here is real.</small></main></body></html>"
    );
    Reply { status: status.as_u16(), headers: Vec::new(), body: document.into_bytes(), verdict }
        .with_header("content-type", "text/html;charset=UTF-8")
        .with_header(
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        )
        .with_header("referrer-policy", "no-referrer")
        .with_header("x-content-type-options", "nosniff")
        .uncached()
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut safe, character| {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
        safe
    })
}
