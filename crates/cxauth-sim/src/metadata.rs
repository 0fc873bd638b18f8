//! The documents in which the plain server describes itself (RFC 8414, OpenID Connect Discovery 1.0).

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::journal::Rule;
use crate::platform::{
    AUTHORIZATION_PATH, DEVICE_AUTHORIZATION_PATH, INTROSPECTION_PATH, KEYS_PATH, PUSHED_AUTHORIZATION_PATH,
    REDIRECTED_METADATA_PATH, REVOCATION_PATH,
};
use crate::reply::Reply;
use crate::request::{Authorization, Received};
use crate::server::Server;
use crate::settings::{ClientAuthentication, DocumentFlaw, Grant, Pkce, WellKnown};
use crate::{Verdict, jwt};

/// Judges a question for a document, which everybody may read.
pub(crate) fn judge(server: &mut Server, request: &Received, elsewhere: &str) -> Reply {
    if !matches!(Authorization::of(request), Authorization::Absent) {
        server.violated(Rule::TokenAtWrongPath, "an Authorization header where everybody may read");
    }
    if !matches!(request.method, Method::GET | Method::HEAD) {
        server.violated(Rule::WrongMethod, "a document takes GET");
        return Reply::json(
            StatusCode::METHOD_NOT_ALLOWED,
            &json!({ "error": "method_not_allowed" }),
            Verdict::Refused("method_not_allowed".into()),
        )
        .with_header("allow", "GET");
    }
    if request.path == KEYS_PATH {
        return Reply::json(StatusCode::OK, &json!({ "keys": [jwt::jwk()] }), Verdict::Accepted);
    }
    match document_at(server, &request.path) {
        Some(kind) => flawed(server, described(server, kind), elsewhere),
        None => Reply::json(
            StatusCode::NOT_FOUND,
            &json!({ "error": "not_found" }),
            Verdict::Refused("not_found".into()),
        ),
    }
}

fn document_at(server: &Server, path: &str) -> Option<WellKnown> {
    let discovery = &server.settings.discovery;
    let below = &discovery.issuer_path;
    let kind = if path == REDIRECTED_METADATA_PATH
        || path == format!("/.well-known/oauth-authorization-server{below}")
    {
        WellKnown::OauthAuthorizationServer
    } else if path == format!("{below}/.well-known/openid-configuration")
        || path == format!("/.well-known/openid-configuration{below}")
    {
        WellKnown::OpenidConfiguration
    } else {
        return None;
    };
    discovery.documents.contains(&kind).then_some(kind)
}

/// The document without flaws.
fn described(server: &Server, kind: WellKnown) -> Map<String, Value> {
    let settings = &server.settings;
    let serves = |grant: Grant| settings.grants.contains(&grant);
    let algorithms: Vec<&str> =
        settings.assertions.algorithms.iter().map(|algorithm| algorithm.name()).collect();
    let mut document = Map::new();
    let mut set = |name: &str, value: Value| {
        document.insert(name.into(), value);
    };
    let at = |path: &str| Value::from(format!("{}{path}", server.base));
    set("issuer", server.issuer().into());
    set("token_endpoint", at(server.platform.token_path()));
    set("jwks_uri", at(KEYS_PATH));
    set("grant_types_supported", settings.grants.iter().map(|grant| grant.name()).collect());
    set("token_endpoint_auth_methods_supported", authentication_methods(server));
    if settings.client_authentication.contains(&ClientAuthentication::PrivateKeyJwt) {
        set("token_endpoint_auth_signing_alg_values_supported", json!(algorithms));
    }
    if serves(Grant::AuthorizationCode) {
        set("authorization_endpoint", at(AUTHORIZATION_PATH));
        set("response_types_supported", json!(["code"]));
        set("response_modes_supported", json!(["query"]));
        if settings.sign_in.pkce != Pkce::Ignored {
            set("code_challenge_methods_supported", json!(["S256"]));
        }
        if settings.sign_in.iss_promised {
            set("authorization_response_iss_parameter_supported", true.into());
        }
    } else {
        // RFC 8414 §2: it is there whatever the server serves.
        set("response_types_supported", json!([]));
    }
    if serves(Grant::AuthorizationCode) {
        set("pushed_authorization_request_endpoint", at(PUSHED_AUTHORIZATION_PATH));
        set("require_pushed_authorization_requests", settings.sign_in.require_pushed.into());
    }
    if serves(Grant::DeviceCode) {
        set("device_authorization_endpoint", at(DEVICE_AUTHORIZATION_PATH));
    }
    if settings.dpop.served {
        set("dpop_signing_alg_values_supported", json!(algorithms));
    }
    if !settings.scopes.is_empty() {
        set("scopes_supported", json!(settings.scopes));
    }
    if settings.revocation {
        set("revocation_endpoint", at(REVOCATION_PATH));
        set("revocation_endpoint_auth_methods_supported", authentication_methods(server));
    }
    if settings.introspection {
        set("introspection_endpoint", at(INTROSPECTION_PATH));
        set("introspection_endpoint_auth_methods_supported", authentication_methods(server));
    }
    if kind == WellKnown::OpenidConfiguration {
        set("subject_types_supported", json!(["public"]));
        set("id_token_signing_alg_values_supported", json!(["RS256"]));
    }
    document
}

fn authentication_methods(server: &Server) -> Value {
    let mut names: Vec<&str> =
        server.settings.client_authentication.iter().map(|way| way.standard_name()).collect();
    names.dedup();
    json!(names)
}

impl ClientAuthentication {
    /// The name in the registry of OpenID Connect and RFC 7591 §2, which knows one kind of HTTP Basic.
    fn standard_name(self) -> &'static str {
        match self {
            ClientAuthentication::None => "none",
            ClientAuthentication::PrivateKeyJwt => "private_key_jwt",
            ClientAuthentication::ClientSecretPost => "client_secret_post",
            ClientAuthentication::ClientSecretBasic | ClientAuthentication::ClientSecretBasicRaw => {
                "client_secret_basic"
            }
        }
    }
}

fn flawed(server: &Server, mut document: Map<String, Value>, elsewhere: &str) -> Reply {
    let Some(flaw) = server.settings.discovery.flaw else {
        return answer(Value::Object(document).to_string().into_bytes(), "application/json");
    };
    let mut set = |name: &str, value: Value| {
        document.insert(name.into(), value);
    };
    match flaw {
        DocumentFlaw::OtherIssuer => set("issuer", elsewhere.into()),
        DocumentFlaw::TrailingSlash => set("issuer", format!("{}/", server.issuer()).into()),
        DocumentFlaw::HttpEndpoint => set("token_endpoint", "http://login.example.com/token".into()),
        DocumentFlaw::ForeignEndpoint => {
            set("token_endpoint", format!("{elsewhere}/redirected/token").into())
        }
        DocumentFlaw::EndpointIsNoUrl => set("token_endpoint", "/token".into()),
        DocumentFlaw::WrongTypes => set("token_endpoint", 443.into()),
        DocumentFlaw::WithoutIssuer => {
            document.remove("issuer");
        }
        DocumentFlaw::WithoutTokenEndpoint => {
            document.remove("token_endpoint");
        }
        DocumentFlaw::Huge => set("padding", "x".repeat(5_000_000).into()),
        DocumentFlaw::DuplicateMembers => {
            let text = Value::Object(document).to_string();
            let again = format!(",\"token_endpoint\":\"{elsewhere}/redirected/token\"}}");
            let doubled = text.strip_suffix('}').map(|open| format!("{open}{again}"));
            return answer(doubled.unwrap_or_default().into_bytes(), "application/json");
        }
        DocumentFlaw::NotJson => {
            return answer(b"<!doctype html><title>Welcome</title><p>Sign in.".to_vec(), "text/html");
        }
    }
    answer(Value::Object(document).to_string().into_bytes(), "application/json")
}

fn answer(body: Vec<u8>, media_type: &str) -> Reply {
    let headers = vec![("content-type".to_owned(), media_type.to_owned())];
    Reply { status: StatusCode::OK.as_u16(), headers, body, verdict: Verdict::Accepted }
}
