//! What a server says about itself (RFC 8414, OpenID Connect Discovery 1.0).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use cxauth_core::{Connection, ErrorCode, Metadata, Settings};
use serde_json::{Value, json};

const ISSUER: &str = "https://as.example/tenant";

fn document(more: Value) -> Vec<u8> {
    let mut document = json!({
        "issuer": ISSUER,
        "token_endpoint": "https://as.example/tenant/token",
        "authorization_endpoint": "https://login.example/authorize",
        "jwks_uri": "https://as.example/jwks",
        "scopes_supported": ["openid", "read"],
        "authorization_response_iss_parameter_supported": true,
        "mtls_endpoint_aliases": { "token_endpoint": "https://mtls.example/token" },
    });
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    document.to_string().into_bytes()
}

#[test]
fn a_document_becomes_settings() {
    let metadata = Metadata::read(ISSUER, 200, &document(json!({}))).unwrap();
    assert_eq!(metadata.scopes(), ["openid", "read"]);
    let profile: Value = serde_json::from_str(&metadata.to_json()).unwrap();
    let expected = json!({
        "platform": "generic",
        "issuer": ISSUER,
        "token_endpoint": "https://as.example/tenant/token",
        "authorization_endpoint": "https://login.example/authorize",
        "client_authentication": "client_secret_basic",
        "authorization_response_iss_parameter_supported": true,
    });
    assert_eq!(profile, expected);
    let own = Settings::new("generic").client_id("id").client_secret("secret");
    let connection = Connection::new(own.or(metadata.settings())).unwrap();
    assert_eq!(connection.token_endpoint(), Some("https://as.example/tenant/token"));
}

#[test]
fn a_secret_goes_where_the_server_takes_it() {
    for (methods, expected) in [
        (json!(null), json!("client_secret_basic")),
        (json!(["client_secret_basic", "private_key_jwt"]), json!("client_secret_basic")),
        (json!(["client_secret_post", "client_secret_basic"]), Value::Null),
        (json!(["none"]), Value::Null),
    ] {
        let body = document(json!({ "token_endpoint_auth_methods_supported": methods }));
        let metadata = Metadata::read(ISSUER, 200, &body).unwrap();
        let profile: Value = serde_json::from_str(&metadata.to_json()).unwrap();
        assert_eq!(profile["client_authentication"], expected, "{methods}");
    }
}

/// R61, R74.
#[test]
fn another_document_is_refused() {
    let many = vec![b' '; Metadata::MAX_BODY + 1];
    for (status, body) in [
        (404, document(json!({}))),
        (302, document(json!({}))),
        (200, b"<html>".to_vec()),
        (200, b"[]".to_vec()),
        (200, vec![0xff, 0xfe]),
        (200, many),
        (200, document(json!({ "issuer": "https://as.example/tenant/" }))),
        (200, document(json!({ "issuer": "https://AS.example/tenant" }))),
        (200, document(json!({ "issuer": "https://evil.example" }))),
        (200, document(json!({ "issuer": null }))),
        (200, document(json!({ "token_endpoint": null }))),
        (200, document(json!({ "token_endpoint": 7 }))),
        (200, document(json!({ "token_endpoint": "http://as.example/token" }))),
        (200, document(json!({ "token_endpoint": "/token" }))),
        (200, document(json!({ "authorization_endpoint": "http://as.example/authorize" }))),
        (200, document(json!({ "revocation_endpoint": "https://user@as.example/" }))),
        (200, document(json!({ "require_pushed_authorization_requests": "yes" }))),
        (200, document(json!({ "scopes_supported": "openid" }))),
        (200, br#"{"issuer":"https://as.example/tenant","issuer":"https://as.example/tenant"}"#.to_vec()),
    ] {
        let error = Metadata::read(ISSUER, status, &body).unwrap_err();
        assert_eq!(
            error.code(),
            ErrorCode::MetadataRefused,
            "{status} {}",
            String::from_utf8_lossy(&body[..80.min(body.len())])
        );
    }
}

#[test]
fn an_issuer_is_an_address() {
    assert_eq!(
        Metadata::addresses("https://as.example/a/b").unwrap(),
        [
            "https://as.example/.well-known/oauth-authorization-server/a/b",
            "https://as.example/a/b/.well-known/openid-configuration",
        ]
    );
    assert_eq!(
        Metadata::addresses("http://127.0.0.1:8080/").unwrap(),
        [
            "http://127.0.0.1:8080/.well-known/oauth-authorization-server",
            "http://127.0.0.1:8080/.well-known/openid-configuration",
        ]
    );
    for wrong in ["", "as.example", "http://as.example", "https://as.example?a=b", "https://as.example#f"] {
        assert!(Metadata::addresses(wrong).is_err(), "{wrong}");
    }
}
