//! Secrets on their way out: the encodings of a request's body and header fields.

use super::Secret;
use crate::json::{Writer, quote};
use alloc::{format, string::String, vec::Vec};
use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use sha2::{Digest as _, Sha256};
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

/// Text of random bytes for `state` and the verifier: 43 characters that stand in an address as they are (RFC 7636 §4.1).
pub(crate) fn random_text(bytes: &[u8]) -> Secret {
    Secret::new(Base64UrlUnpadded::encode_string(bytes))
}

/// The challenge of a verifier (RFC 7636 §4.2, `S256`).
pub(crate) fn challenge(verifier: &Secret) -> String {
    digest(verifier.expose())
}

/// The base64url of a text's SHA-256.
pub(crate) fn digest(text: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(text.as_bytes()))
}

/// The same of a token (RFC 9449 §4.2, `ath`).
pub(crate) fn digest_of(token: &Secret) -> String {
    digest(token.expose())
}

/// What a JWT's signature is about (RFC 7515 §5.1).
pub(crate) fn unsigned(header: &str, claims: &str) -> String {
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    format!("{}.{}", encode(header), encode(claims))
}

/// The JWT: it lets in whoever has it.
pub(crate) fn signed(unsigned: &str, signature: &[u8]) -> Secret {
    Secret::new(format!("{unsigned}.{}", Base64UrlUnpadded::encode_string(signature)))
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
pub(crate) fn is_same(one: &Secret, other: &str) -> bool {
    let (one, other) = (Sha256::digest(one.expose().as_bytes()), Sha256::digest(other.as_bytes()));
    one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other)) == 0
}

fn basic_of(user: &str, password: &str) -> Secret {
    let pair = Zeroizing::new(format!("{user}:{password}"));
    let encoded = Zeroizing::new(Base64::encode_string(pair.as_bytes()));
    Secret::new(format!("Basic {}", *encoded))
}

/// The header field that shows that the client has the key (RFC 9449 §4.1).
pub(crate) fn proof(value: &Secret) -> (&str, &str) {
    ("dpop", value.expose())
}

/// The header field that says who the client is.
pub(crate) fn authorization(value: &Secret) -> (&str, &str) {
    ("authorization", value.expose())
}

/// The query of an authorization request. What stands in it was made for the browser to carry: a challenge, never a verifier.
pub(crate) fn query(fields: &[(&str, Secret)]) -> String {
    let mut serializer = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        serializer.append_pair(name, value.expose());
    }
    serializer.finish()
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

#[cfg(test)]
mod tests {
    use super::{challenge, is_same, random_text};

    /// RFC 7636 appendix B.
    /// R56.
    #[test]
    fn the_challenge_of_the_rfc() {
        let bytes = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105,
            214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = random_text(&bytes);
        assert_eq!(verifier.expose(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(is_same(&verifier, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(
            !is_same(&verifier, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK") && !is_same(&verifier, "")
        );
    }
}
