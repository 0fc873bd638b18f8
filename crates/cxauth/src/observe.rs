//! What happened, for logs and metrics: by kind and platform, never by anything that could tell a credential.

use crate::{Event, EventKind};

pub(crate) fn observe(platform: &str, event: &Event) {
    count(platform, event);
    let kind = event.kind.as_str();
    let until = event.until.map(crate::Timestamp::unix_millis);
    match (&event.error, event.kind) {
        (None, EventKind::Renewed) => {
            tracing::info!(target: "cxauth", platform, event = kind, generation = event.generation, until);
        }
        (None, _) => {
            tracing::warn!(target: "cxauth", platform, event = kind, generation = event.generation, until);
        }
        (Some(error), _) => tracing::warn!(
            target: "cxauth", platform, event = kind, generation = event.generation, until,
            code = error.code().as_str(), action = error.action().as_str(), "{error}"
        ),
    }
}

/// A shared store stopped answering: until it does again, processes do not agree on who renews.
#[cfg(feature = "redis")]
pub(crate) fn store_away(store: &str, why: &str) {
    tracing::warn!(target: "cxauth", event = "store_unreachable", store, why);
    metrics::counter!("cxauth_store_unreachable_total", "store" => store.to_owned()).increment(1);
    metrics::gauge!("cxauth_store_up", "store" => store.to_owned()).set(0.0);
}

/// It answers again.
#[cfg(feature = "redis")]
pub(crate) fn store_back(store: &str) {
    tracing::info!(target: "cxauth", event = "store_reachable", store);
    metrics::gauge!("cxauth_store_up", "store" => store.to_owned()).set(1.0);
}

fn count(platform: &str, event: &Event) {
    let name = match event.kind {
        EventKind::Renewed => "cxauth_renewed_total",
        EventKind::Waiting => "cxauth_waiting_total",
        EventKind::Degraded => "cxauth_degraded_total",
        EventKind::Refused => "cxauth_refused_total",
        EventKind::SignedOut => "cxauth_signed_out_total",
        EventKind::Expiring => "cxauth_expiring_total",
        _ => return,
    };
    metrics::counter!(name, "platform" => platform.to_owned()).increment(1);
    if let (EventKind::Renewed | EventKind::Expiring, Some(until)) = (event.kind, event.until) {
        let seconds = until.unix_millis() as f64 / 1000.0;
        metrics::gauge!("cxauth_expiry_timestamp_seconds", "platform" => platform.to_owned()).set(seconds);
    }
}
