//! Secrets on their way out: the encodings of a request's body and header fields.

use super::Secret;
use crate::json::{Writer, quote};
use alloc::{format, string::String, vec::Vec};
use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

/// A token behind its prefix: one blank between them, none without a prefix.
pub(crate) fn credential(prefix: &str, token: &Secret) -> Secret {
    // Exactly as long as it becomes, so that no growing leaves a copy behind.
    let mut credential = String::with_capacity(prefix.len() + 1 + token.expose().len());
    credential.push_str(prefix);
    if !prefix.is_empty() {
        credential.push(' ');
    }
    credential.push_str(token.expose());
    Secret::new(credential)
}

/// HTTP Basic as RFC 6749 §2.3.1 has it: each part is form-encoded before they are joined.
pub(crate) fn basic(client_id: &str, client_secret: &Secret) -> Secret {
    let encode =
        |text: &str| Zeroizing::new(form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>());
    basic_of(&encode(client_id), &encode(client_secret.expose()))
}

/// HTTP Basic as RFC 7617 has it.
pub(crate) fn basic_raw(client_id: &str, client_secret: &Secret) -> Secret {
    basic_of(client_id, client_secret.expose())
}

/// What stands behind `Basic` in both forms.
pub(crate) fn basic_credentials(client_id: &str, client_secret: &Secret) -> [Secret; 2] {
    [basic(client_id, client_secret), basic_raw(client_id, client_secret)]
        .map(|field| Secret::new(field.expose().trim_start_matches("Basic ")))
}

/// Whether the text repeats the secret, as it is or as it stands in a request's body. A secret of fewer bytes than `telling`
/// never counts.
pub(crate) fn is_repeated(secret: &Secret, text: &str, telling: usize) -> bool {
    let value = secret.expose();
    let mut quoted = Zeroizing::new(String::with_capacity(Writer::longest(value.len())));
    quote(value, &mut quoted);
    let forms = [value, quoted.trim_matches('"')];
    let texts = [Zeroizing::new(text.into()), form_decoded(text), form_decoded(&text.replace('+', "%2B"))];
    value.len() >= telling && texts.iter().any(|text| forms.iter().any(|form| text.contains(form)))
}

fn form_decoded(text: &str) -> Zeroizing<String> {
    // One value without a name.
    let value = format!("={}", text.replace('&', "%26").replace('=', "%3D"));
    Zeroizing::new(form_urlencoded::parse(value.as_bytes()).map(|(_, value)| value).collect())
}

fn basic_of(user: &str, password: &str) -> Secret {
    let pair = Zeroizing::new(format!("{user}:{password}"));
    let encoded = Zeroizing::new(Base64::encode_string(pair.as_bytes()));
    Secret::new(format!("Basic {}", *encoded))
}

/// The header field that says who the client is.
pub(crate) fn authorization(value: &Secret) -> (&str, &str) {
    ("authorization", value.expose())
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn form(fields: &[(&str, Secret)]) -> Zeroizing<Vec<u8>> {
    // Three bytes for each at most.
    let longest = fields.iter().map(|(name, value)| 3 * (name.len() + value.expose().len()) + 2).sum();
    let mut serializer = form_urlencoded::Serializer::new(String::with_capacity(longest));
    for (name, value) in fields {
        serializer.append_pair(name, value.expose());
    }
    Zeroizing::new(serializer.finish().into_bytes())
}

/// A member of a JSON object.
pub(crate) fn member(object: &mut Writer, name: &str, value: &Secret) {
    object.text(name, value.expose());
}

/// What a secret takes in JSON at most, in bytes.
pub(crate) fn longest(value: &Secret) -> usize {
    Writer::longest(value.expose().len())
}

/// A JSON object of texts. A name that stands more than once (`resource`, RFC 8707 §2) has a list.
pub(crate) fn json(fields: &[(&str, Secret)]) -> Zeroizing<Vec<u8>> {
    let longest = |(name, value): &(&str, Secret)| {
        Writer::longest(name.len()) + Writer::longest(value.expose().len()) + 2
    };
    let mut body = Writer::new(fields.iter().map(longest).sum::<usize>() + 2);
    for (index, (name, value)) in fields.iter().enumerate() {
        if fields.iter().take(index).any(|(earlier, _)| earlier == name) {
            continue;
        }
        let values = fields.iter().filter(|(other, _)| other == name).map(|(_, value)| value.expose());
        if values.clone().count() > 1 {
            body.texts(name, values);
        } else {
            body.text(name, value.expose());
        }
    }
    Zeroizing::new(core::mem::take(&mut *body.finish()).into_bytes())
}
