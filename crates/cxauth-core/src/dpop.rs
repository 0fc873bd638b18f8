//! Demonstrating proof of possession (RFC 9449): tokens that are worth nothing without the client's key.

use crate::{
    AccessToken, Error, ErrorCode, Secret, SignatureAlgorithm, SigningKey, Timestamp,
    json::{Malformed, Object, Value, Writer},
    secret::wire,
};
use alloc::string::{String, ToString};
use core::fmt;
use url::Url;

/// The longest nonce that is taken from a server, in bytes.
const LONGEST_NONCE: usize = 1024;

/// The key that tokens are bound to, with its public half, which goes into each proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DpopKey {
    key: SigningKey,
    jwk: PublicKey,
}

/// The members of a public JWK that make its thumbprint, in their order (RFC 7638 §3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
struct PublicKey([(&'static str, String); 4], usize);

impl DpopKey {
    /// A key, and its public half as a JWK (RFC 7517), which goes into each proof: `kty` `EC` with `crv` `P-256` for ES256, `OKP`
    /// with `Ed25519` for EdDSA, `RSA` for RS256 and PS256.
    ///
    /// ```
    /// use cxauth_core::{DpopKey, SecretSource, SignatureAlgorithm, SigningKey};
    /// let key = SigningKey::new(SecretSource::Function("kms".into()), SignatureAlgorithm::Es256);
    /// let key = DpopKey::new(key, r#"{ "kty": "EC", "crv": "P-256", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
    ///     "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA" }"#)?;
    /// assert_eq!(key.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    /// # Ok::<(), cxauth_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `invalid_setting` when that is no public key, or none for the key's algorithm.
    pub fn new(key: SigningKey, public_jwk: &str) -> Result<Self, Error> {
        let jwk = Object::parse(public_jwk).and_then(|jwk| PublicKey::of(&jwk));
        jwk.and_then(|jwk| Self::of(key, jwk)).map_err(|Malformed| {
            let why = "dpop_key: jwk is the public key alone, of the kind that the algorithm wants";
            Error::new(ErrorCode::InvalidSetting).with_detail(why)
        })
    }

    /// Where the key is, and how it signs.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The public key's thumbprint (RFC 7638), by which a server knows it (`jkt`).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        wire::digest(&self.jwk.to_json())
    }

    /// As [`SigningKey::read`], and beside it `jwk`.
    pub(crate) fn read(value: Value<'_>) -> Result<Self, Malformed> {
        let mut jwk = None;
        let key = SigningKey::read_beside(value, |name, value| match name {
            "jwk" if jwk.is_none() => {
                jwk = Some(PublicKey::read(value)?);
                Ok(true)
            }
            _ => Ok(false),
        })?;
        Self::of(key, jwk.ok_or(Malformed)?)
    }

    fn of(key: SigningKey, jwk: PublicKey) -> Result<Self, Malformed> {
        let fits = match key.algorithm() {
            SignatureAlgorithm::Es256 => jwk.has("kty", "EC") && jwk.has("crv", "P-256"),
            SignatureAlgorithm::Rs256 | SignatureAlgorithm::Ps256 => jwk.has("kty", "RSA"),
            SignatureAlgorithm::EdDsa => jwk.has("kty", "OKP") && jwk.has("crv", "Ed25519"),
        };
        if fits { Ok(Self { key, jwk }) } else { Err(Malformed) }
    }

    /// What is signed for one request (RFC 9449 §4.2). `token` is absent at the token endpoint.
    pub(crate) fn proof(&self, request: &Request<'_>, name: &str, now: Timestamp) -> String {
        let mut header = Writer::new(self.jwk.longest() + 80);
        header.text("typ", "dpop+jwt");
        header.text("alg", self.key.algorithm().as_str());
        header.object("jwk", |header| self.jwk.write(header));
        let address = bare(request.url);
        let nonce = request.nonce.unwrap_or_default();
        let mut claims = Writer::new(
            Writer::longest(request.method.len() + address.len() + nonce.len() + name.len()) + 200,
        );
        claims.text("jti", name);
        claims.text("htm", request.method);
        claims.text("htu", &address);
        claims.plain("iat", now.unix_millis().div_euclid(1000));
        if let Some(token) = request.token {
            claims.text("ath", &wire::digest_of(token));
        }
        if let Some(nonce) = request.nonce {
            claims.text("nonce", nonce);
        }
        wire::unsigned(&header.finish(), &claims.finish())
    }
}

/// The request that a proof is for.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: &'a Url,
    pub(crate) token: Option<&'a Secret>,
    pub(crate) nonce: Option<&'a str>,
}

/// What the client's key has to sign before a bound token may go to an API; each request needs one of its own
/// (RFC 9449 §7.1).
#[derive(Clone)]
pub struct Proof {
    key: SigningKey,
    unsigned: String,
}

impl Proof {
    pub(crate) fn new(
        key: &DpopKey,
        token: &AccessToken,
        request: (&str, &Url),
        nonce: Option<&str>,
        name: &str,
        now: Timestamp,
    ) -> Self {
        let request = Request { method: request.0, url: request.1, token: Some(token.secret()), nonce };
        Self { key: key.key.clone(), unsigned: key.proof(&request, name, now) }
    }

    /// Which key signs, and how.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// What it signs.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.unsigned.as_bytes()
    }

    /// The value of the field `dpop` of that one request.
    #[must_use]
    pub fn header_value(&self, signature: &[u8]) -> Secret {
        wire::signed(&self.unsigned, signature)
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Proof").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A nonce that a server wants to see in the next proof (RFC 9449 §8): visible characters, and not too many.
pub(crate) fn nonce(value: &str) -> Option<String> {
    let fits = |byte: u8| (0x21..=0x7e).contains(&byte) && byte != b'"' && byte != b'\\';
    let is_nonce = !value.is_empty() && value.len() <= LONGEST_NONCE && value.bytes().all(fits);
    is_nonce.then(|| value.to_string())
}

/// RFC 9449 §4.2: without query and fragment.
fn bare(url: &Url) -> String {
    url.as_str().split(['?', '#']).next().unwrap_or_default().to_string()
}

impl PublicKey {
    fn read(value: Value<'_>) -> Result<Self, Malformed> {
        Self::of(&value.object()?)
    }

    fn of(object: &Object<'_>) -> Result<Self, Malformed> {
        let member = |name: &'static str| -> Result<_, Malformed> {
            Ok((name, object.member(name).ok_or(Malformed)?.text()?))
        };
        // RFC 9449 §4.2: the private half is nobody's business.
        if ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|name| object.member(name).is_some()) {
            return Err(Malformed);
        }
        let none = || ("", String::new());
        let kind = object.member("kty").ok_or(Malformed)?.text()?;
        Ok(match kind.as_str() {
            "EC" => Self([member("crv")?, member("kty")?, member("x")?, member("y")?], 4),
            "OKP" => Self([member("crv")?, member("kty")?, member("x")?, none()], 3),
            "RSA" => Self([member("e")?, member("kty")?, member("n")?, none()], 3),
            _ => return Err(Malformed),
        })
    }

    fn members(&self) -> impl Iterator<Item = &(&'static str, String)> {
        self.0.iter().take(self.1)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.members().any(|(other, its)| *other == name && its == value)
    }

    fn write(&self, text: &mut Writer) {
        for (name, value) in self.members() {
            text.text(name, value);
        }
    }

    fn longest(&self) -> usize {
        self.members().map(|(_, value)| Writer::longest(value.len()) + 10).sum()
    }

    fn to_json(&self) -> String {
        let mut text = Writer::new(self.longest() + 10);
        self.write(&mut text);
        text.finish().to_string()
    }
}
