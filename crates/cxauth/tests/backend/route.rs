use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use cxauth::{Client, Clock, SystemClock};
use serde_json::json;

/// Knows by the cookie who is signed in.
type IsSignedIn = fn(&HeaderMap) -> bool;

/// `POST /token`, for pages of this origin.
pub fn routes(client: Client, is_signed_in: IsSignedIn) -> Router {
    Router::new().route("/token", post(token)).with_state((client, is_signed_in))
}

async fn token(State((client, is_signed_in)): State<(Client, IsSignedIn)>, headers: HeaderMap) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    if headers.get(header::ORIGIN).is_none_or(|origin| origin != "https://app.example") {
        return (StatusCode::FORBIDDEN, no_store).into_response();
    }
    if !is_signed_in(&headers) {
        return (StatusCode::UNAUTHORIZED, no_store).into_response();
    }
    match client.token().await {
        Ok(token) => {
            let expires_in = token.expires_at().map(|end| end.millis_since(SystemClock.now()) / 1000);
            let answer = json!({ "accessToken": token.secret().expose(), "expiresIn": expires_in });
            (no_store, Json(answer)).into_response()
        }
        Err(error) => {
            tracing::error!("{error}");
            (StatusCode::SERVICE_UNAVAILABLE, no_store).into_response()
        }
    }
}
