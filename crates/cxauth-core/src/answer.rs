//! Reading what a token endpoint answered (RFC 6749 §5).

use crate::{
    Error, ErrorCode, Secret,
    json::{Malformed, Object, Value},
    retry_after, secret,
    time::Timestamp,
};
use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use zeroize::Zeroizing;

/// In place of what a server says with a secret in it.
const WITHHELD: &str = "(withheld, because it repeats a secret)";
/// What is shorter than this many bytes is in many a text by chance: `secret` stands in `secret_expired`. A code is one word
/// that programs compare, so that it takes more to withhold it than a description.
const TELLING_IN_CODE: usize = 8;
const TELLING_IN_DESCRIPTION: usize = 4;

/// A token endpoint's answer as the driver received it.
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// The longest body that is read, in bytes. A driver stops after one byte more and hands over what it has; the
    /// answer then counts as too large.
    pub const MAX_BODY: usize = 64 * 1024;

    /// An answer of this status, these header fields and this body (decoded: no transfer or content coding is left).
    pub fn new(
        status: u16,
        headers: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            status,
            headers: headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            body: Zeroizing::new(body.into()),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// How many milliseconds the server asks to wait (RFC 9110 §10.2.3), at most an hour.
    pub(crate) fn retry_after(&self, now: Timestamp) -> Option<i64> {
        let (_, value) = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
        retry_after::millis(value, now)
    }

    /// The token that the answer grants, or why there is none.
    pub(crate) fn read(&self, token_types: TokenTypes, secrets: &[Secret]) -> Result<Granted, Error> {
        self.check(secrets)?.granted(token_types).map_err(|Malformed| self.malformed())
    }

    /// What the server wants to see in the next proof (RFC 9449 §8).
    pub(crate) fn nonce(&self) -> Option<&str> {
        let field = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("dpop-nonce"));
        field.map(|(_, value)| value.as_str())
    }

    /// What a pushed authorization request got (RFC 9126 §2.2).
    pub(crate) fn read_pushed(&self, secrets: &[Secret]) -> Result<String, Error> {
        self.check(secrets)?.text("request_uri").ok().flatten().ok_or_else(|| self.malformed())
    }

    /// What a device is given (RFC 8628 §3.2).
    pub(crate) fn read_device(&self, secrets: &[Secret]) -> Result<DeviceCode, Error> {
        self.check(secrets)?.device_code().map_err(|Malformed| self.malformed())
    }

    /// What the server says about a token (RFC 7662 §2.2).
    pub(crate) fn read_introspection(&self, secrets: &[Secret]) -> Result<Told, Error> {
        let told = match self.check(secrets)? {
            Members::Json(object) => {
                Told::read(&object, core::str::from_utf8(&self.body).unwrap_or_default())
            }
            Members::Form(_) => Err(Malformed),
        };
        let mut told = told.map_err(|Malformed| self.malformed())?;
        if secrets.iter().any(|secret| secret::wire::is_repeated(secret, &told.text, TELLING_IN_DESCRIPTION))
        {
            told.text = format!(r#"{{"active":{}}}"#, told.active);
        }
        Ok(told)
    }

    fn malformed(&self) -> Error {
        Error::new(ErrorCode::AnswerMalformed).with_status(self.status)
    }

    /// The members of an answer that is a success, or why it is none. What the server says to that is left out where it
    /// repeats one of the secrets.
    fn check(&self, secrets: &[Secret]) -> Result<Members<'_>, Error> {
        let report = if self.body.len() > Self::MAX_BODY {
            Err(ErrorCode::AnswerTooLarge)
        } else {
            Members::parse(&self.body)
                .and_then(|members| members.report())
                .map_err(|Malformed| ErrorCode::AnswerMalformed)
        };
        let (error, description) = match &report {
            Ok(Some((error, description))) => (Some(error.as_str()), description.as_deref()),
            _ => (None, None),
        };
        let told = |text, telling| {
            let is_repeated = |secret| secret::wire::is_repeated(secret, text, telling);
            if secrets.iter().any(is_repeated) { WITHHELD } else { text }
        };
        let refused = |code| {
            let error = error.map(|error| told(error, TELLING_IN_CODE));
            let description = description.map(|description| told(description, TELLING_IN_DESCRIPTION));
            Err(Error::new(code).with_status(self.status).with_server_text(error, description))
        };
        // The status first: what a gateway in trouble says about the client is not a verdict.
        match self.status {
            200..=299 => {}
            300..=399 => return refused(ErrorCode::Redirected),
            404 => return refused(ErrorCode::EndpointNotFound),
            429 => return refused(ErrorCode::RateLimited),
            408 | 425 | 500..=599 => return refused(ErrorCode::ServerUnavailable),
            _ => {}
        }
        match (error, report.as_ref().err()) {
            (Some("invalid_client"), _) => refused(ErrorCode::InvalidClient),
            (Some("unauthorized_client"), _) => refused(ErrorCode::UnauthorizedClient),
            (Some("unsupported_grant_type"), _) => refused(ErrorCode::UnsupportedGrantType),
            (Some("invalid_scope"), _) => refused(ErrorCode::InvalidScope),
            (Some("invalid_grant"), _) => refused(ErrorCode::InvalidGrant),
            (Some("invalid_request"), _) => refused(ErrorCode::InvalidRequest),
            _ if self.status == 401 => refused(ErrorCode::Unauthorized),
            (Some("temporarily_unavailable"), _) => refused(ErrorCode::ServerUnavailable),
            (Some(_), _) => refused(ErrorCode::RequestRefused),
            (None, Some(code)) => refused(*code),
            (None, None) if (200..=299).contains(&self.status) => {
                Members::parse(&self.body).or_else(|Malformed| refused(ErrorCode::AnswerMalformed))
            }
            (None, None) => refused(ErrorCode::RequestRefused),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Which types of token are taken.
#[derive(Clone, Copy)]
pub(crate) struct TokenTypes {
    /// An answer without `token_type` is refused.
    pub(crate) strict: bool,
    /// Tokens that are bound to a key, too.
    pub(crate) bound: bool,
}

/// What a successful answer grants (RFC 6749 §5.1).
pub(crate) struct Granted {
    /// To the client's key (RFC 9449 §5).
    pub(crate) is_bound: bool,
    pub(crate) access_token: Secret,
    /// Seconds; absent when the server told none.
    pub(crate) expires_in: Option<i64>,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) refresh_expires_in: Option<i64>,
    /// Absent: as asked (RFC 6749 §3.3).
    pub(crate) scopes: Option<Vec<String>>,
}

/// What a server says about a token (RFC 7662 §2.2).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) active: bool,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) client_id: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) subject: Option<String>,
    /// Unix time in seconds.
    pub(crate) expires_at: Option<i64>,
    pub(crate) text: String,
}

impl Told {
    fn read(object: &Object<'_>, text: &str) -> Result<Self, Malformed> {
        let told = |name: &str| object.member(name).filter(|value| !value.is_null());
        let name = |name: &str| told(name).map(Value::text).transpose();
        let active = told("active").ok_or(Malformed)?.boolean()?;
        // Of a token that is not good nothing else is believed.
        let good = |value: Option<String>| value.filter(|_| active);
        Ok(Self {
            active,
            scopes: good(name("scope")?)
                .map(|scope| scope.split_ascii_whitespace().map(ToString::to_string).collect()),
            client_id: good(name("client_id")?),
            username: good(name("username")?),
            subject: good(name("sub")?),
            expires_at: told("exp")
                .filter(|_| active)
                .map(|value| value.number().ok_or(Malformed))
                .transpose()?
                .map(seconds_of_number)
                .transpose()?,
            text: text.to_string(),
        })
    }
}

/// What a device is given (RFC 8628 §3.2).
pub(crate) struct DeviceCode {
    pub(crate) device_code: Secret,
    pub(crate) user_code: String,
    pub(crate) verification_uri: String,
    pub(crate) verification_uri_complete: Option<String>,
    /// Seconds.
    pub(crate) expires_in: i64,
    /// Seconds; absent when the server told none.
    pub(crate) interval: Option<i64>,
}

/// The `error` of an answer and its description.
type Report = Option<(String, Option<String>)>;

enum Members<'body> {
    Json(Object<'body>),
    Form(Vec<(Cow<'body, str>, Cow<'body, str>)>),
}

impl<'body> Members<'body> {
    /// The content type is not trusted: platforms send JSON under every name.
    fn parse(body: &'body [u8]) -> Result<Self, Malformed> {
        let text = core::str::from_utf8(body).map_err(|_| Malformed)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_ascii();
        if text.starts_with('{') {
            return Object::parse(text).map(Self::Json);
        }
        if text.is_empty() || text.starts_with(['<', '[', '"']) {
            return Err(Malformed);
        }
        let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            if fields.iter().any(|(earlier, _)| *earlier == name) {
                return Err(Malformed);
            }
            fields.push((name, value));
        }
        Ok(Self::Form(fields))
    }

    fn report(&self) -> Result<Report, Malformed> {
        let Some(error) = self.text("error")? else { return Ok(None) };
        // A description is for people: a wrong one does not change what the error means.
        Ok(Some((error, self.text("error_description").unwrap_or(None))))
    }

    fn granted(&self, token_types: TokenTypes) -> Result<Granted, Malformed> {
        let is_bound = match self.text("token_type")? {
            Some(token_type) if token_type.eq_ignore_ascii_case("bearer") => false,
            Some(token_type) if token_types.bound && token_type.eq_ignore_ascii_case("dpop") => true,
            None if !token_types.strict => false,
            // RFC 6749 §7.1: a token of unknown type is not used.
            _ => return Err(Malformed),
        };
        Ok(Granted {
            is_bound,
            access_token: self.token("access_token")?.ok_or(Malformed)?,
            expires_in: self.lifetime("expires_in")?,
            refresh_token: self.token("refresh_token")?,
            refresh_expires_in: match self.lifetime("refresh_expires_in")? {
                Some(seconds) => Some(seconds),
                None => self.lifetime("refresh_token_expires_in")?,
            },
            scopes: self.scopes()?,
        })
    }

    fn device_code(&self) -> Result<DeviceCode, Malformed> {
        let verification_uri = match self.text("verification_uri")? {
            Some(address) => address,
            // As Google has it still.
            None => self.text("verification_url")?.ok_or(Malformed)?,
        };
        Ok(DeviceCode {
            device_code: self.text("device_code")?.map(Secret::new).ok_or(Malformed)?,
            user_code: self.text("user_code")?.ok_or(Malformed)?,
            verification_uri,
            verification_uri_complete: self.text("verification_uri_complete")?,
            expires_in: self.lifetime("expires_in")?.ok_or(Malformed)?,
            interval: self.lifetime("interval")?,
        })
    }

    /// A text member; null and empty count as absent.
    fn text(&self, name: &str) -> Result<Option<String>, Malformed> {
        let text = match self {
            Self::Json(object) => object.member(name).map(Value::text).transpose()?,
            Self::Form(fields) => field(fields, name).map(ToString::to_string),
        };
        Ok(text.filter(|text| !text.is_empty()))
    }

    fn token(&self, name: &str) -> Result<Option<Secret>, Malformed> {
        match self.text(name)? {
            Some(token) if !secret::is_token_text(&token) => Err(Malformed),
            token => Ok(token.map(Secret::new)),
        }
    }

    fn lifetime(&self, name: &str) -> Result<Option<i64>, Malformed> {
        let seconds = match self {
            Self::Json(object) => match object.member(name) {
                None => None,
                Some(value) => Some(match value.number() {
                    Some(number) => seconds_of_number(number)?,
                    None => seconds_of_text(&value.text()?)?,
                }),
            },
            Self::Form(fields) => field(fields, name).map(seconds_of_text).transpose()?,
        };
        Ok(seconds.filter(|seconds| *seconds > 0))
    }

    /// Texts or one text, split at blanks; none when nothing is in it.
    fn scopes(&self) -> Result<Option<Vec<String>>, Malformed> {
        let texts = match self {
            Self::Json(object) => match object.member("scope") {
                None => return Ok(None),
                Some(value) if value.is_array() => value.texts()?,
                Some(value) => Vec::from([value.text()?]),
            },
            Self::Form(fields) => match field(fields, "scope") {
                None => return Ok(None),
                Some(text) => Vec::from([text.to_string()]),
            },
        };
        let scopes: Vec<String> =
            texts.iter().flat_map(|text| text.split_ascii_whitespace()).map(ToString::to_string).collect();
        Ok(Some(scopes).filter(|scopes| !scopes.is_empty()))
    }
}

fn field<'fields>(fields: &'fields [(Cow<'_, str>, Cow<'_, str>)], name: &str) -> Option<&'fields str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_ref())
}

/// Whole seconds of a JSON number, fractions floored, huge ones cut. Digit by digit: no float rounds 0.99… up to a second.
fn seconds_of_number(number: &str) -> Result<i64, Malformed> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (is_negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.bytes().chain(fraction.bytes());
    if is_negative && digits.clone().any(|digit| digit != b'0') {
        return Err(Malformed);
    }
    let cut = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    let point = exponent.parse().unwrap_or(cut).saturating_add_unsigned(whole.len() as u64);
    // So many zeros more make the most of any other digit.
    let length =
        usize::try_from(point).unwrap_or(if point < 0 { 0 } else { usize::MAX }).min(number.len() + 20);
    Ok(digits.chain(core::iter::repeat(b'0')).take(length).fold(0_i64, |seconds, digit| {
        seconds.saturating_mul(10).saturating_add(i64::from(digit.saturating_sub(b'0')))
    }))
}

/// The same of a decimal text: digits, and perhaps a fraction.
fn seconds_of_text(text: &str) -> Result<i64, Malformed> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && digits(fraction) { seconds_of_number(whole) } else { Err(Malformed) }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, seconds_of_number, seconds_of_text};

    #[test]
    fn numbers_are_floored_and_cut() {
        for (number, seconds) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0e5", 0),
            ("3600", 3600),
            ("3599.999", 3599),
            ("0.99999999999999999999", 0),
            ("3.6e3", 3600),
            ("3.6E+3", 3600),
            ("36000000e-4", 3600),
            ("1e-400", 0),
            ("0e999999999999999999999", 0),
            ("9223372036854775807", i64::MAX),
            ("9223372036854775808", i64::MAX),
            ("1e19", i64::MAX),
            ("1e99999999999999999999", i64::MAX),
            ("1e-99999999999999999999", 0),
            ("0.00000000000000000000001e30", 10_000_000),
        ] {
            assert_eq!(seconds_of_number(number), Ok(seconds), "{number}");
        }
        for number in ["-1", "-0.5", "-1e-9"] {
            assert_eq!(seconds_of_number(number), Err(Malformed), "{number}");
        }
        assert_eq!((seconds_of_text("86400"), seconds_of_text("10.5")), (Ok(86_400), Ok(10)));
        for text in ["", "-5", "+5", "1e3", ".5", "5.", "0x10", " 5"] {
            assert_eq!(seconds_of_text(text), Err(Malformed), "{text:?}");
        }
    }
}
