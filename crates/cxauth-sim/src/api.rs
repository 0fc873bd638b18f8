//! The protected APIs: who may see them (RFC 6750), and what they say.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::dpop::{self, Side};
use crate::journal::Rule;
use crate::judge::Judge;
use crate::platform::REDIRECTED_API_PATH;
use crate::reply::Reply;
use crate::request::{Authorization, Received};
use crate::resources::{self, Resource};
use crate::server::Server;
use crate::token_endpoint::missing_accept;
use crate::tokens::Holder;
use crate::{Platform, Verdict};

/// Judges an API request, and answers it when its token is right.
pub(crate) fn judge(server: &mut Server, request: &Received, now_ms: i64) -> Reply {
    let reply = answer(server, request, now_ms).unwrap_or_else(|refusal| refusal);
    Judge::new(server, request, now_ms).renew_nonce(Side::Api, reply)
}

fn answer(server: &mut Server, request: &Received, now_ms: i64) -> Result<Reply, Reply> {
    if let Some(refusal) = missing_accept(server, request) {
        return Err(refusal);
    }
    let holder = identify(server, request, now_ms)?;
    if server.is_activating(now_ms) {
        let body = json!({ "error": "forbidden", "message": "The key is not associated with a profile yet" });
        return Err(Reply::json(StatusCode::FORBIDDEN, &body, Verdict::Refused("not_active".into())));
    }
    if is_over_rate(server, now_ms) {
        return Err(gateway_refusal("ERR_403_DEVELOPER_OVER_QPS"));
    }
    let resource = match request.path.as_str() {
        REDIRECTED_API_PATH => Resource::any(json!({ "redirected": true })),
        path => resources::find(server.platform, path, &request.query, &holder)
            .ok_or_else(|| plain_refusal(StatusCode::NOT_FOUND, "not_found"))?,
    };
    if !resource.methods.contains(&request.method) {
        return Err(plain_refusal(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"));
    }
    if let Some(scope) = resource.scope
        && !holder.scopes.contains(scope)
    {
        return Err(Reply::challenge(
            StatusCode::FORBIDDEN,
            Some("insufficient_scope"),
            "The token lacks the scope",
            Some(scope),
        ));
    }
    match resource.body {
        Ok(body) => Ok(Reply::json(StatusCode::OK, &body, Verdict::Accepted)),
        Err(what) => Err(plain_refusal(StatusCode::BAD_REQUEST, what)),
    }
}

/// Who asks: by an access token (RFC 6750 §2.1) or by an API key.
fn identify(server: &mut Server, request: &Received, now_ms: i64) -> Result<Holder, Reply> {
    if request.query.iter().any(|(name, _)| name == "access_token" || name == "client_secret") {
        return broken(server, Rule::CredentialsInUri, "a token or a secret in the query");
    }
    if request.field("access_token").is_some() {
        return broken(server, Rule::TokenInBody, "access_token in the body");
    }
    let authorization = Authorization::of(request);
    if matches!(authorization, Authorization::Several) {
        return broken(server, Rule::SeveralAuthorizationHeaders, "several Authorization headers");
    }
    if has_api_key(server, request) {
        return Ok(Holder { client: "api-key".into(), ..Holder::default() });
    }
    let (token, proved) = match authorization {
        Authorization::Bearer(token) => (token, false),
        Authorization::Dpop(token) => (token, true),
        Authorization::Absent if server.settings.dpop.required => {
            return Err(dpop::challenge(server, "invalid_token", "A token is needed"));
        }
        Authorization::Absent => {
            return Err(Reply::challenge(StatusCode::UNAUTHORIZED, None, "", None));
        }
        Authorization::Basic { .. } => {
            return broken(server, Rule::CredentialsAtApi, "HTTP Basic at the API");
        }
        Authorization::Malformed | Authorization::Other | Authorization::Several => {
            return broken(
                server,
                Rule::MalformedAuthorization,
                "an Authorization header that is not Bearer",
            );
        }
    };
    let known = server.tokens.access(&token).filter(|known| known.works(now_ms));
    match known.map(|known| known.holder.clone()) {
        Some(holder) if is_for_this_api(server, &holder) => {
            check_binding(server, request, &holder, proved.then_some(token.as_str()), now_ms)?;
            Ok(holder)
        }
        _ if proved => Err(dpop::challenge(server, "invalid_token", "The access token is not valid")),
        _ => Err(invalid_token()),
    }
}

/// RFC 9449 §7: a bound token comes with a proof of its key, and only a bound one does.
fn check_binding(
    server: &mut Server,
    request: &Received,
    holder: &Holder,
    presented_as_bound: Option<&str>,
    now_ms: i64,
) -> Result<(), Reply> {
    let refused = |server: &mut Server, rule, detail: &str| {
        server.violated(rule, detail);
        Err(dpop::challenge(server, "invalid_token", "The access token is not valid here"))
    };
    match (&holder.key, presented_as_bound) {
        (None, None) => Ok(()),
        (None, Some(_)) => refused(server, Rule::BearerTokenAsBound, "a bearer token with the scheme DPoP"),
        (Some(_), None) => refused(server, Rule::BoundTokenAsBearer, "a bound token with the scheme Bearer"),
        (Some(key), Some(token)) => {
            let proved = Judge::new(server, request, now_ms).proof(Side::Api, Some(token));
            match proved.map_err(|problem| problem.at_api(server))? {
                Some(proved) if proved == *key => Ok(()),
                Some(_) => refused(server, Rule::WrongKey, "a proof of another key than the token's"),
                None => refused(server, Rule::ProofMissing, "a bound token without a proof"),
            }
        }
    }
}

/// RFC 8707 §2: a token for another resource has no business here.
fn is_for_this_api(server: &Server, holder: &Holder) -> bool {
    let api = format!("{}{}", server.base, server.platform.api_path());
    holder.audience.is_empty()
        || holder.audience.iter().any(|resource| api.starts_with(resource.trim_end_matches('/')))
}

/// A refusal of the token itself (RFC 6750 §3.1).
pub(crate) fn invalid_token() -> Reply {
    Reply::challenge(StatusCode::UNAUTHORIZED, Some("invalid_token"), "The access token is not valid", None)
}

/// The refusal of Cisco's gateway: a 403 that is about the rate, not about a permission.
pub(crate) fn gateway_refusal(code: &str) -> Reply {
    Reply {
        status: StatusCode::FORBIDDEN.as_u16(),
        headers: vec![
            ("content-type".into(), "text/xml".into()),
            ("x-mashery-error-code".into(), code.into()),
            ("x-error-detail-header".into(), code.into()),
        ],
        body: format!("<h1>{code}</h1>").into_bytes(),
        verdict: Verdict::Refused(code.into()),
    }
}

fn has_api_key(server: &Server, request: &Received) -> bool {
    let settings = &server.settings;
    let Some(value) = request.header(&settings.api_key_header) else { return false };
    let presented = match settings.api_key_prefix.as_str() {
        "" => Some(value),
        prefix => value.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(' ')),
    };
    settings.api_keys.iter().any(|key| Some(key.reveal()) == presented)
}

fn is_over_rate(server: &mut Server, now_ms: i64) -> bool {
    let second = now_ms.div_euclid(1000);
    if server.queries.0 != second {
        server.queries = (second, 0);
    }
    server.queries.1 += 1;
    server.settings.max_queries_per_second.is_some_and(|limit| server.queries.1 > limit)
}

fn broken<T>(server: &mut Server, rule: Rule, detail: &str) -> Result<T, Reply> {
    server.violated(rule, detail);
    Err(Reply::challenge(StatusCode::BAD_REQUEST, Some("invalid_request"), "The request is malformed", None))
}

fn plain_refusal(status: StatusCode, code: &str) -> Reply {
    Reply::json(status, &json!({ "error": code }), Verdict::Refused(code.into()))
}

/// A host that is nobody's: it takes what it gets, and everything secret is a violation.
pub(crate) fn judge_elsewhere(server: &mut Server, request: &Received) -> Reply {
    if request.path == Platform::Elsewhere.token_path() {
        server.violated(Rule::FollowedRedirect, "a redirected token request arrived");
    }
    if !matches!(Authorization::of(request), Authorization::Absent) {
        server.violated(Rule::TokenAtWrongHost, "an Authorization header");
    }
    let body: Value = json!({
        "access_token": "cxauth-canary-elsewhere-token", "token_type": "Bearer", "expires_in": 3600,
    });
    Reply::json(StatusCode::OK, &body, Verdict::Accepted)
}

/// A path where nothing is.
pub(crate) fn judge_other(server: &mut Server, request: &Received) -> Reply {
    if request.path == crate::platform::REDIRECTED_TOKEN_PATH {
        server.violated(Rule::FollowedRedirect, "a redirected token request arrived");
    }
    if !matches!(Authorization::of(request), Authorization::Absent) {
        server.violated(Rule::TokenAtWrongPath, "an Authorization header where nothing is");
    }
    plain_refusal(StatusCode::NOT_FOUND, "not_found")
}
