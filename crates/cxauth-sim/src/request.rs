//! Strict reading of a request, with code of the simulator's own.

use std::fmt;

use axum::http::{HeaderMap, Method, header};
use base64::Engine;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::settings::BodyEncoding;
use crate::{Endpoint, Platform};

/// A request, read completely before anything is judged.
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) fields: Result<Fields, BodyProblem>,
}

/// The body's fields, in order and as often as they came.
pub(crate) struct Fields {
    pub(crate) encoding: BodyEncoding,
    pub(crate) pairs: Vec<(String, String)>,
}

#[derive(Clone, Copy)]
pub(crate) enum BodyProblem {
    ContentType,
    Malformed(&'static str),
}

impl Received {
    pub(crate) fn new(method: Method, uri: &axum::http::Uri, headers: HeaderMap, body: &[u8]) -> Self {
        let fields = read_fields(&headers, body);
        let query = uri
            .query()
            .map(|query| form_urlencoded::parse(query.as_bytes()).into_owned().collect())
            .unwrap_or_default();
        Received { method, path: uri.path().to_owned(), query, headers, fields }
    }

    /// The values of a field; an empty one counts as absent (RFC 6749 §3.2).
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let fields = self.fields.as_ref().ok()?;
        let mut found = fields.pairs.iter().filter(|(key, value)| key == name && !value.is_empty());
        found.next().map(|(_, value)| value.as_str())
    }

    /// All values of a field that may come several times.
    pub(crate) fn fields(&self, name: &str) -> Vec<&str> {
        self.fields.as_ref().map_or(Vec::new(), |fields| values(&fields.pairs, name))
    }

    pub(crate) fn duplicate_field(&self, repeatable: &[&str]) -> Option<&str> {
        duplicate(&self.fields.as_ref().ok()?.pairs, repeatable)
    }

    pub(crate) fn header_count(&self, name: header::HeaderName) -> usize {
        self.headers.get_all(name).iter().count()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What the request asks of this platform.
    pub(crate) fn endpoint(&self, platform: Platform) -> Endpoint {
        if self.path == crate::platform::REDIRECTED_API_PATH {
            Endpoint::Api
        } else if Some(self.path.as_str()) == platform.refresh_path() {
            Endpoint::Refresh
        } else if self.path == platform.token_path() {
            match self.field("grant_type") {
                Some("refresh_token") => Endpoint::Refresh,
                _ => Endpoint::Token,
            }
        } else if self.path.starts_with(platform.api_path()) {
            Endpoint::Api
        } else if platform == Platform::Generic {
            crate::platform::plain_endpoint(&self.path)
        } else {
            Endpoint::Other
        }
    }
}

/// The values of a parameter that are not empty.
pub(crate) fn values<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let found = pairs.iter().filter(|(key, value)| key == name && !value.is_empty());
    found.map(|(_, value)| value.as_str()).collect()
}

/// The first name that comes again although it must not.
pub(crate) fn duplicate<'a>(pairs: &'a [(String, String)], repeatable: &[&str]) -> Option<&'a str> {
    let repeated = |(at, (name, _)): &(usize, &(String, String))| {
        !repeatable.contains(&name.as_str()) && pairs.iter().take(*at).any(|(earlier, _)| earlier == name)
    };
    pairs.iter().enumerate().find(repeated).map(|(_, (name, _))| name.as_str())
}

/// The one `Authorization` header, taken apart.
pub(crate) enum Authorization {
    Absent,
    Several,
    Malformed,
    Basic {
        user: String,
        password: String,
    },
    Bearer(String),
    /// A token that is bound to a key (RFC 9449 §7.1).
    Dpop(String),
    Other,
}

impl Authorization {
    pub(crate) fn of(request: &Received) -> Authorization {
        let mut values = request.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return match request.header_count(header::AUTHORIZATION) {
                0 => Authorization::Absent,
                _ => Authorization::Several,
            };
        };
        let Ok(value) = value.to_str() else { return Authorization::Malformed };
        let Some((scheme, rest)) = value.split_once(' ') else { return Authorization::Malformed };
        if scheme.eq_ignore_ascii_case("basic") {
            basic(rest).unwrap_or(Authorization::Malformed)
        } else if scheme.eq_ignore_ascii_case("bearer") {
            if is_b64token(rest) { Authorization::Bearer(rest.to_owned()) } else { Authorization::Malformed }
        } else if scheme.eq_ignore_ascii_case("dpop") {
            if is_b64token(rest) { Authorization::Dpop(rest.to_owned()) } else { Authorization::Malformed }
        } else {
            Authorization::Other
        }
    }
}

fn basic(encoded: &str) -> Option<Authorization> {
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(Authorization::Basic { user: user.to_owned(), password: password.to_owned() })
}

/// The grammar of a bearer token (RFC 6750 §2.1).
pub(crate) fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        })
}

/// Undoes form encoding of one value; none when it is not form-encoded.
pub(crate) fn form_decoded(text: &str) -> Option<String> {
    if !is_form_encoded(text.as_bytes()) || text.contains(['&', '=']) {
        return None;
    }
    form_urlencoded::parse(format!("v={text}").as_bytes()).next().map(|(_, value)| value.into_owned())
}

/// Form encoding leaves only these bytes as they are; a parser that forgives the rest would hide a client's
/// mistake.
fn is_form_encoded(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'%' => {
                bytes.next().is_some_and(u8::is_ascii_hexdigit)
                    && bytes.next().is_some_and(u8::is_ascii_hexdigit)
            }
            byte => byte.is_ascii_graphic(),
        };
        if !fine {
            return false;
        }
    }
    true
}

fn read_fields(headers: &HeaderMap, body: &[u8]) -> Result<Fields, BodyProblem> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(media_type), None) = (types.next(), types.next()) else { return Err(BodyProblem::ContentType) };
    let media_type = media_type.to_str().map_err(|_| BodyProblem::ContentType)?;
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Ok(Fields { encoding: BodyEncoding::Form, pairs: read_form(body)? })
    } else if essence.eq_ignore_ascii_case("application/json") {
        Ok(Fields { encoding: BodyEncoding::Json, pairs: read_json(body)? })
    } else {
        Err(BodyProblem::ContentType)
    }
}

fn read_form(body: &[u8]) -> Result<Vec<(String, String)>, BodyProblem> {
    if !is_form_encoded(body) {
        return Err(BodyProblem::Malformed("a byte that form encoding escapes"));
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    if pairs.iter().any(|(name, value)| name.contains('\u{fffd}') || value.contains('\u{fffd}')) {
        return Err(BodyProblem::Malformed("a value that is not UTF-8"));
    }
    Ok(pairs)
}

fn read_json(body: &[u8]) -> Result<Vec<(String, String)>, BodyProblem> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let pairs = deserializer
        .deserialize_map(Pairs)
        .map_err(|_| BodyProblem::Malformed("not a JSON object whose members are texts"))?;
    deserializer.end().map_err(|_| BodyProblem::Malformed("something after the JSON object"))?;
    Ok(pairs)
}

/// Keeps every member: a map would hide that one came twice.
struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(String, String)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}
