//! The settings with which a client connects to a server, as data.

use serde_json::{Map, Value, json};

use crate::Platform;
use crate::platform::{
    AUTHORIZATION_PATH, DEVICE_AUTHORIZATION_PATH, INTROSPECTION_PATH, PUSHED_AUTHORIZATION_PATH,
    REVOCATION_PATH,
};
use crate::server::Server;
use crate::settings::{ClientAuthentication, Grant};
use crate::signing_keys::{self, TRUSTED_ISSUER};
use crate::tokens::{Holder, random_hex};

/// The connection that the first client, the first user and the first grant make.
pub(crate) fn of(server: &Server) -> Value {
    let settings = &server.settings;
    let mut connection = Map::new();
    let mut set = |name: &str, value: Value| connection.insert(name.into(), value);
    set("platform", server.platform.id().into());
    if server.platform == Platform::CloudCx {
        set("domain", server.base.trim_start_matches("http://").into());
    }
    match server.platform {
        Platform::CloudLx => set("base", server.base.clone().into()),
        platform => {
            set("token_endpoint", format!("{}{}", server.base, platform.token_path()).into());
            set("api_base", format!("{}{}", server.base, platform.api_path()).into())
        }
    };
    if let Some(client) = settings.clients.first() {
        set("client_id", client.id.clone().into());
        if let Some(secret) = &client.secret {
            set("client_secret", secret.reveal().into());
        }
    }
    let grant = settings.grants.first().copied().unwrap_or(Grant::ClientCredentials);
    if grant == Grant::Password
        && let Some(user) = settings.users.first()
    {
        let field = settings.user_fields.first().map_or("username", String::as_str);
        set(field, user.name.clone().into());
        set("password", user.password.reveal().into());
    }
    if !settings.scopes.is_empty() {
        set("scopes", settings.scopes.clone().into());
    }
    if server.platform == Platform::Generic {
        let authentication =
            settings.client_authentication.first().copied().unwrap_or(ClientAuthentication::None);
        set("grant", grant.id().into());
        set("client_authentication", json!(authentication));
    }
    Value::Object(connection)
}

/// [`of`], and the other ways in that a platform has.
pub(crate) fn all(server: &Server) -> Vec<(String, Value)> {
    let usual = of(server);
    let platform = server.platform.id();
    let ways = match server.platform {
        Platform::Elsewhere => return Vec::new(),
        Platform::Generic => vec![
            ("basic", with(&usual, json!({ "client_authentication": "client_secret_basic" }))),
            ("password", password(server, &usual)),
        ],
        Platform::CloudCx => vec![
            ("email", email(&usual)),
            ("public-client", public(server, &email(&usual))),
            ("api-key", api_key(server, &usual)),
        ],
        Platform::CiscoCxCloud => {
            vec![("basic", with(&usual, json!({ "client_authentication": "client_secret_basic" })))]
        }
        Platform::SangomaCx => vec![("one-scope", with(&usual, json!({ "scopes": ["cx.agent-calls"] })))],
        Platform::CloudLx => vec![("json", with(&usual, json!({ "body": "json" })))],
    };
    let named = ways.into_iter().map(|(way, connection)| (format!("{platform}/{way}"), connection));
    std::iter::once((platform.to_owned(), usual.clone())).chain(named).collect()
}

/// Ways in that ask for more than settings: a person at a browser, a key, a token of somebody's. What can be
/// made for them is made now.
pub(crate) fn further(server: &mut Server, now_ms: i64) -> Vec<(String, Value)> {
    if server.platform != Platform::Generic {
        return Vec::new();
    }
    let base = server.base.clone();
    let at = |path: &str| format!("{base}{path}");
    let bare = with(
        &of(server),
        json!({
            "grant": Grant::ClientCredentials.id(),
            "issuer": server.issuer(),
            "revocation_endpoint": at(REVOCATION_PATH),
            "introspection_endpoint": at(INTROSPECTION_PATH),
        }),
    );
    let code = with(
        &bare,
        json!({
            "grant": Grant::AuthorizationCode.id(),
            "authorization_endpoint": at(AUTHORIZATION_PATH),
            "authorization_response_iss_parameter_supported": server.settings.sign_in.iss_promised,
            "redirect_uri": "http://127.0.0.1/callback",
        }),
    );
    let pushed = with(
        &code,
        json!({
            "pushed_authorization_request_endpoint": at(PUSHED_AUTHORIZATION_PATH),
            "require_pushed_authorization_requests": true,
        }),
    );
    let device = with(
        &bare,
        json!({
            "grant": Grant::DeviceCode.id(),
            "device_authorization_endpoint": at(DEVICE_AUTHORIZATION_PATH),
        }),
    );
    let exchange = with(
        &bare,
        json!({
            "grant": Grant::TokenExchange.id(),
            "subject_token": subject_token(server, now_ms),
            "subject_token_type": crate::exchange::ACCESS_TOKEN,
        }),
    );
    let bearer =
        with(&bare, json!({ "grant": Grant::JwtBearer.id(), "assertion": assertion(server, now_ms) }));
    let dpop = |connection: &Value| with(connection, json!({ "dpop_key": dpop_key() }));
    let ways = [
        ("authorization-code", code.clone()),
        ("public-authorization-code", without_secret(server, &code)),
        ("pushed-authorization-code", pushed),
        ("device-code", device.clone()),
        ("public-device-code", without_secret(server, &device)),
        ("token-exchange", exchange),
        ("jwt-bearer", bearer),
        ("private-key-jwt", private_key_jwt(server, &bare)),
        ("dpop", dpop(&bare)),
        ("dpop-authorization-code", dpop(&without_secret(server, &code))),
    ];
    let platform = server.platform.id();
    ways.into_iter().map(|(way, connection)| (format!("{platform}/{way}"), connection)).collect()
}

/// The first of [`crate::signing_keys`], by a function that is named like it.
fn dpop_key() -> Option<Value> {
    let key = signing_keys::signing_keys().first()?;
    let part = |name: &str| key.public_jwk[name].clone();
    Some(json!({
        "function": part("kid"),
        "algorithm": key.algorithm,
        "jwk": { "kty": part("kty"), "crv": part("crv"), "x": part("x"), "y": part("y") },
    }))
}

/// An access token of the first user's, to be exchanged.
fn subject_token(server: &mut Server, now_ms: i64) -> String {
    let holder = Holder {
        client: server.settings.clients.first().map_or(String::new(), |client| client.id.clone()),
        user: server.settings.users.first().map(|user| user.name.clone()),
        ..Holder::default()
    };
    let origin = server.origin();
    server.tokens.grant(&server.settings, holder, None, &origin, now_ms).access_token
}

/// What the trusted issuer says about the first user, for as long as that may last.
fn assertion(server: &Server, now_ms: i64) -> Option<String> {
    let now = now_ms.div_euclid(1000);
    let lifetime = i64::try_from(server.settings.assertions.max_lifetime).unwrap_or(i64::MAX);
    signing_keys::sign(&json!({
        "iss": TRUSTED_ISSUER,
        "sub": server.settings.users.first().map(|user| &user.name),
        "aud": server.issuer(),
        "iat": now,
        "exp": now.saturating_add(lifetime),
        "jti": random_hex(),
    }))
}

/// The public client, on its own.
fn without_secret(server: &Server, connection: &Value) -> Value {
    with(
        &public(server, connection),
        json!({ "client_authentication": "none", "introspection_endpoint": null }),
    )
}

/// The client that signs, with a function that is named like its key; [`crate::signing_keys`] has that.
fn private_key_jwt(server: &Server, connection: &Value) -> Value {
    let key = signing_keys::signing_keys().first();
    let client = server.settings.clients.iter().find(|client| !client.keys.is_empty());
    with(
        connection,
        json!({
            "client_id": client.map(|client| &client.id),
            "client_secret": null,
            "client_authentication": ClientAuthentication::PrivateKeyJwt,
            "client_key": key.map(|key| json!({
                "function": key.public_jwk["kid"],
                "algorithm": key.algorithm,
                "key_id": key.public_jwk["kid"],
            })),
        }),
    )
}

/// Changes members; null removes one.
fn with(connection: &Value, changes: Value) -> Value {
    let mut connection = connection.clone();
    if let (Some(members), Value::Object(changes)) = (connection.as_object_mut(), changes) {
        members.extend(changes);
        members.retain(|_, value| !value.is_null());
    }
    connection
}

fn password(server: &Server, usual: &Value) -> Value {
    let user = server.settings.users.first();
    with(
        usual,
        json!({
            "grant": "password",
            "username": user.map(|user| &user.name),
            "password": user.map(|user| &user.password),
        }),
    )
}

/// The older page's dialect.
fn email(usual: &Value) -> Value {
    with(usual, json!({ "email": usual["username"], "username": null }))
}

fn public(server: &Server, usual: &Value) -> Value {
    let client = server.settings.clients.iter().find(|client| !client.is_confidential());
    with(usual, json!({ "client_id": client.map(|client| &client.id), "client_secret": null }))
}

fn api_key(server: &Server, usual: &Value) -> Value {
    json!({
        "platform": usual["platform"],
        "domain": usual["domain"],
        "token_endpoint": usual["token_endpoint"],
        "api_base": usual["api_base"],
        "api_key": server.settings.api_keys.first(),
    })
}
