//! The data behind the APIs: enough pages of it to walk through.

use axum::http::Method;
use serde_json::{Map, Value, json};

use crate::Platform;
use crate::tokens::Holder;

/// What is at a path.
pub(crate) struct Resource {
    pub(crate) methods: &'static [Method],
    /// The scope that it takes.
    pub(crate) scope: Option<&'static str>,
    /// The answer, or what is wrong with the query.
    pub(crate) body: Result<Value, &'static str>,
}

impl Resource {
    pub(crate) fn any(body: Value) -> Resource {
        Resource { methods: &[Method::GET, Method::POST], scope: None, body: Ok(body) }
    }

    fn get(body: Result<Value, &'static str>) -> Resource {
        Resource { methods: &[Method::GET], scope: None, body }
    }
}

type Query<'a> = &'a [(String, String)];

/// How many users, customers, services or items there are.
pub(crate) const ROWS: usize = 60;

/// The resource at `path`.
pub(crate) fn find(platform: Platform, path: &str, query: Query<'_>, holder: &Holder) -> Option<Resource> {
    let below = path.strip_prefix(platform.api_path())?;
    match platform {
        Platform::Generic => generic(below, query, holder),
        Platform::CloudCx => (below == "user/page").then(|| Resource::get(users(query))),
        Platform::CiscoCxCloud => cisco(below, query),
        Platform::SangomaCx => sangoma(below),
        Platform::CloudLx => cloudlx(below, query),
        Platform::Elsewhere => None,
    }
}

fn generic(below: &str, query: Query<'_>, holder: &Holder) -> Option<Resource> {
    match below {
        "whoami" => Some(Resource::any(whoami(holder))),
        "items" => Some(Resource::get(items(query))),
        _ => None,
    }
}

fn whoami(holder: &Holder) -> Value {
    let mut body = json!({ "client_id": holder.client, "username": holder.user, "scopes": holder.scopes });
    if !holder.audience.is_empty() {
        body["audience"] = json!(holder.audience);
    }
    if let Some(actor) = &holder.actor {
        body["actor"] = actor.clone();
    }
    if let Some(key) = &holder.key {
        body["key"] = key.clone().into();
    }
    body
}

fn items(query: Query<'_>) -> Result<Value, &'static str> {
    let size = 20;
    let page = number(query, "page")?.unwrap_or(1);
    let items: Vec<Value> =
        rows(page, size).map(|row| json!({ "id": row, "name": format!("Item {row}") })).collect();
    let next = (page * size < ROWS).then_some(page + 1);
    Ok(json!({ "items": items, "page": page, "total": ROWS, "next": next }))
}

/// `user/page?pageIndex=1&pageSize=25&keywords=si`
fn users(query: Query<'_>) -> Result<Value, &'static str> {
    let page = number(query, "pageIndex")?.unwrap_or(1);
    let size = number(query, "pageSize")?.unwrap_or(25);
    let keywords = parameter(query, "keywords").unwrap_or_default();
    let matching: Vec<Value> = (1..=ROWS)
        .map(|row| (row, format!("{} {row}", if row % 2 == 0 { "Simon" } else { "Martha" })))
        .filter(|(_, name)| name.to_lowercase().contains(&keywords.to_lowercase()))
        .map(|(row, name)| json!({ "id": row, "name": name, "email": format!("user{row}@example.com") }))
        .collect();
    let total = matching.len();
    let list: Vec<Value> = matching.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    Ok(json!({ "code": 200, "data": { "pageIndex": page, "pageSize": size, "total": total, "list": list } }))
}

/// `customerId`, `page` and `rows` (both or neither), `fields`, `sort`.
fn cisco(below: &str, query: Query<'_>) -> Option<Resource> {
    const PATHS: [&str; 6] = [
        "customer-info/customer-details",
        "inventory/hardware",
        "inventory/network-elements",
        "contracts/contract-details",
        "contracts/coverage",
        "product-alerts/hardware-eol",
    ];
    PATHS.contains(&below).then(|| Resource::get(cisco_rows(below, query)))
}

fn cisco_rows(below: &str, query: Query<'_>) -> Result<Value, &'static str> {
    let (page, size) = match (number(query, "page")?, number(query, "rows")?) {
        (Some(page), Some(size)) => (page, size),
        (None, None) => (1, ROWS),
        _ => return Err("page_and_rows_go_together"),
    };
    let customer = parameter(query, "customerId");
    let mut matching: Vec<Map<String, Value>> = (1..=ROWS)
        .map(|row| {
            let customer = if below.starts_with("customer-info") { row } else { (row - 1) % 3 + 1 };
            Map::from_iter([
                ("id".to_owned(), json!(row)),
                ("customerId".to_owned(), json!(customer.to_string())),
                ("name".to_owned(), json!(format!("{below} {row}"))),
            ])
        })
        .filter(|item| customer.is_none_or(|customer| item["customerId"] == customer))
        .collect();
    if let Some(by) = parameter(query, "sort") {
        matching.sort_by_key(|item| item.get(by).map(Value::to_string));
    }
    let total = matching.len();
    let mut items: Vec<Map<String, Value>> =
        matching.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    if let Some(fields) = parameter(query, "fields") {
        let wanted: Vec<&str> = fields.split(',').collect();
        items.iter_mut().for_each(|item| item.retain(|name, _| wanted.contains(&name.as_str())));
    }
    Ok(json!({ "totalCount": total, "page": page, "rows": size, "items": items }))
}

fn sangoma(below: &str) -> Option<Resource> {
    let (scope, kind) = match below {
        "api/v1/agents/call/" => ("cx.agent-calls", "agent-call"),
        "api/v1/queues/call/" => ("cx.queue-calls", "queue-call"),
        "api/v1/digital-interactions/agent-bot/" => ("cx.digital-interactions", "digital-interaction"),
        _ => return None,
    };
    let body = json!({ "kind": kind, "status": "queued" });
    Some(Resource { methods: &[Method::POST], scope: Some(scope), body: Ok(body) })
}

/// `services` and `services/{id}/service`
fn cloudlx(below: &str, query: Query<'_>) -> Option<Resource> {
    if below == "services" {
        return Some(Resource::get(services(query)));
    }
    let id = below.strip_prefix("services/")?.strip_suffix("/service")?.parse().ok()?;
    (1..=ROWS).contains(&id).then(|| Resource::get(Ok(json!({ "data": service(id) }))))
}

fn services(query: Query<'_>) -> Result<Value, &'static str> {
    let size = 15;
    let page = number(query, "page")?.unwrap_or(1);
    let data: Vec<Value> = rows(page, size).map(service).collect();
    let pages = ROWS.div_ceil(size);
    Ok(json!({ "data": data, "meta": { "pagination": {
        "total": ROWS, "count": data.len(), "per_page": size, "current_page": page, "total_pages": pages,
    } } }))
}

fn service(id: usize) -> Value {
    json!({ "id": id, "name": format!("Service {id}"), "status": "active" })
}

fn rows(page: usize, size: usize) -> impl Iterator<Item = usize> {
    (1..=ROWS).skip((page - 1).saturating_mul(size)).take(size)
}

fn parameter<'a>(query: Query<'a>, name: &str) -> Option<&'a str> {
    query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// A positive number, counted from one.
fn number(query: Query<'_>, name: &str) -> Result<Option<usize>, &'static str> {
    match parameter(query, name).map(str::parse) {
        None => Ok(None),
        Some(Ok(number)) if number > 0 => Ok(Some(number)),
        Some(_) => Err("not_a_positive_number"),
    }
}
