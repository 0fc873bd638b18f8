//! Comparing what came out with what was expected: only the keys that the expectation names.

use serde_json::{Map, Value};

/// Two times closer than this are equal: seconds. The rest is room for the rounding of floats.
const TOLERANCE: f64 = 0.001 + 1e-6;

/// What a value may look like, and how it is compared.
pub(super) enum Shape {
    /// Equal as it stands.
    Exact,
    /// A number, or a range `[low, high]`.
    Number,
    /// An object with these keys.
    Keys(&'static [(&'static str, Shape)]),
    /// An object with any keys: those named are equal.
    Named,
    /// An array of names that must be among those that came out.
    Among,
    /// An array of names that must not be among the `headers` beside it.
    Absent,
    /// An array of challenges, complete.
    Challenges,
    /// An array of addresses, complete, or an object with these keys.
    AddressesOr(&'static Shape),
}

const TOKEN: Shape =
    Shape::Keys(&[("headers", Shape::Named), ("expires_at", Shape::Number), ("scopes", Shape::Exact)]);
const REQUEST: Shape = Shape::Keys(&[
    ("method", Shape::Exact),
    ("url", Shape::Exact),
    ("headers", Shape::Named),
    ("absent_headers", Shape::Absent),
    ("form", Shape::Exact),
    ("json", Shape::Exact),
    ("body", Shape::Exact),
]);
const ERROR: Shape =
    Shape::Keys(&[("action", Shape::Exact), ("code", Shape::Exact), ("server_error", Shape::Exact)]);
const CHALLENGE: Shape =
    Shape::Keys(&[("scheme", Shape::Exact), ("token68", Shape::Exact), ("parameters", Shape::Exact)]);

const PROMPT: Shape = Shape::Keys(&[
    ("user_code", Shape::Exact),
    ("verification_uri", Shape::Exact),
    ("verification_uri_complete", Shape::Exact),
    ("expires_at", Shape::Number),
    ("ask_at", Shape::Number),
]);

/// What a step of a session comes out as.
pub(super) const OUTCOME: Shape = Shape::Keys(&[
    ("token", TOKEN),
    ("lead", Shape::Keys(&[("token", TOKEN), ("request", REQUEST)])),
    ("locked", Shape::Keys(&[("token", TOKEN)])),
    ("follow", Shape::Keys(&[("token", TOKEN)])),
    ("wait", Shape::Keys(&[("until", Shape::Number), ("error", ERROR)])),
    ("error", ERROR),
    ("no_token", Shape::Keys(&[("server_error", Shape::Exact)])),
    ("authorize", Shape::Keys(&[("url", Shape::Exact), ("parameters", Shape::Exact)])),
    ("prompt", PROMPT),
    ("pause", Shape::Keys(&[("until", Shape::Number)])),
]);
/// What a server's metadata comes out as.
pub(super) const METADATA: Shape = Shape::Keys(&[("settings", Shape::Exact), ("error", ERROR)]);
/// Where an issuer keeps it.
pub(super) const ADDRESSES: Shape = Shape::AddressesOr(&Shape::Keys(&[("error", ERROR)]));
/// What an outage comes out as.
pub(super) const OUTAGE: Shape = Shape::Keys(&[("requests", Shape::Number)]);

/// An expectation that says something else than one value.
enum Operator<'value> {
    AnyOf(&'value [Value]),
    Not(&'value Value),
}

fn operator(expected: &Value) -> Option<Operator<'_>> {
    let object = expected.as_object().filter(|object| object.len() == 1)?;
    match (object.get("any_of"), object.get("not")) {
        (Some(Value::Array(options)), _) => Some(Operator::AnyOf(options)),
        (_, Some(not)) => Some(Operator::Not(not)),
        _ => None,
    }
}

/// Whether the expectation can be one of this shape: every key is known.
pub(super) fn check(shape: &Shape, expected: &Value, path: &str) -> Result<(), String> {
    match operator(expected) {
        Some(Operator::AnyOf(options)) => {
            return options.iter().try_for_each(|option| check(shape, option, path));
        }
        Some(Operator::Not(not)) => return check(shape, not, path),
        None => {}
    }
    let wrong = |wanted: &str| Err(format!("{path}: {wanted} is wanted, {expected} stands there"));
    match (shape, expected) {
        (Shape::Keys(keys), Value::Object(object)) => {
            object.iter().try_for_each(|(key, value)| match keys.iter().find(|(known, _)| known == key) {
                Some((_, shape)) => check(shape, value, &format!("{path}.{key}")),
                None => Err(format!("unknown key `{key}` in {path}")),
            })
        }
        (Shape::Challenges, Value::Array(challenges)) => {
            challenges.iter().try_for_each(|challenge| check(&CHALLENGE, challenge, path))
        }
        (Shape::AddressesOr(_), Value::Array(addresses)) if addresses.iter().all(Value::is_string) => Ok(()),
        (Shape::AddressesOr(other), expected @ Value::Object(_)) => check(other, expected, path),
        (Shape::Exact, _) | (Shape::Number | Shape::Keys(_) | Shape::Challenges, Value::Null) => Ok(()),
        (Shape::Number, expected) if range(expected).is_some() => Ok(()),
        (Shape::Number, _) => wrong("a number or a range [low, high]"),
        (Shape::Named, Value::Object(_)) => Ok(()),
        (Shape::Keys(_) | Shape::Named, _) => wrong("an object"),
        (Shape::Among | Shape::Absent, Value::Array(names)) if names.iter().all(Value::is_string) => Ok(()),
        (Shape::Among | Shape::Absent, _) => wrong("an array of names"),
        (Shape::Challenges, _) => wrong("an array of challenges"),
        (Shape::AddressesOr(_), _) => wrong("an array of addresses or an error"),
    }
}

/// What differs, each with its place; empty when the expectation holds.
pub(super) fn compare(shape: &Shape, expected: &Value, actual: &Value, path: &str) -> Vec<String> {
    match operator(expected) {
        Some(Operator::AnyOf(options)) => {
            let all: Vec<_> =
                options.iter().map(|option| compare(shape, option, actual, path).join("; ")).collect();
            return if all.iter().any(String::is_empty) {
                Vec::new()
            } else {
                vec![format!("{path}: none of any_of holds ({})", all.join(" | "))]
            };
        }
        Some(Operator::Not(not)) => {
            return if compare(shape, not, actual, path).is_empty() {
                vec![format!("{path}: not {not} was expected, {actual} came out")]
            } else {
                Vec::new()
            };
        }
        None => {}
    }
    let differs = || vec![format!("{path}: {expected} was expected, {actual} came out")];
    let when = |holds: bool| if holds { Vec::new() } else { differs() };
    match (shape, expected, actual) {
        (Shape::Keys(keys), Value::Object(expected), Value::Object(actual)) => expected
            .iter()
            .flat_map(|(key, expected)| {
                let path = format!("{path}.{key}");
                let shape = keys.iter().find(|(known, _)| known == key).map(|(_, shape)| shape);
                let came_out = match shape {
                    Some(Shape::Absent) => actual.get("headers"),
                    _ => actual.get(key),
                };
                match (shape, came_out) {
                    (Some(shape), Some(actual)) => compare(shape, expected, actual, &path),
                    (Some(_), None) => vec![format!("{path} was expected, {} came out", names(actual))],
                    (None, _) => vec![format!("unknown key `{key}` at {path}")],
                }
            })
            .collect(),
        (Shape::Named, Value::Object(expected), Value::Object(actual)) => expected
            .iter()
            .flat_map(|(name, expected)| {
                let actual = actual.get(name).unwrap_or(&Value::Null);
                compare(&Shape::Exact, expected, actual, &format!("{path}.{name}"))
            })
            .collect(),
        (Shape::Number, expected, actual) if !expected.is_null() => {
            let holds = range(expected)
                .zip(actual.as_f64())
                .is_some_and(|((low, high), actual)| low - TOLERANCE <= actual && actual <= high + TOLERANCE);
            when(holds)
        }
        (Shape::AddressesOr(other), Value::Object(_), Value::Object(_)) => {
            compare(other, expected, actual, path)
        }
        (Shape::Among, Value::Array(expected), Value::Array(actual)) => {
            when(expected.iter().all(|name| actual.contains(name)))
        }
        (Shape::Absent, Value::Array(expected), Value::Object(headers)) => {
            let expected = expected.iter().filter_map(Value::as_str);
            let found = expected.filter(|name| headers.contains_key(*name));
            found.map(|name| format!("{path}: {name} is there")).collect()
        }
        (Shape::Challenges, Value::Array(expected), Value::Array(actual))
            if expected.len() == actual.len() =>
        {
            let pairs = expected.iter().zip(actual).enumerate();
            pairs.flat_map(|(index, (expected, actual))| challenge(expected, actual, index, path)).collect()
        }
        _ => when(expected == actual),
    }
}

/// No `token68` in the expectation means that there is none.
fn challenge(expected: &Value, actual: &Value, index: usize, path: &str) -> Vec<String> {
    let path = format!("{path}[{index}]");
    let mut differences = compare(&CHALLENGE, expected, actual, &path);
    if operator(expected).is_none() && expected.get("token68").is_none() && actual.get("token68").is_some() {
        differences.push(format!("{path}.token68: none was expected, {} came out", actual["token68"]));
    }
    differences
}

fn range(expected: &Value) -> Option<(f64, f64)> {
    match expected {
        Value::Array(ends) => match &ends[..] {
            [low, high] => Some((low.as_f64()?, high.as_f64()?)),
            _ => None,
        },
        number => number.as_f64().map(|number| (number, number)),
    }
}

fn names(object: &Map<String, Value>) -> String {
    // `no_token` is another name for the wait or the error that stands beside it.
    let named = object.iter().filter(|(name, _)| *name != "no_token");
    named.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}
