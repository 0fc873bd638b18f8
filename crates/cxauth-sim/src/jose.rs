//! Signed JWTs of clients (RFC 7515, RFC 7517, RFC 7519), read strictly.

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value, json};

use crate::hash;
use crate::settings::SigningAlgorithm;

/// A JWT in its compact form, taken apart; nothing is verified yet.
pub(crate) struct Jwt {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    pub(crate) algorithm: SigningAlgorithm,
    signed: String,
    signature: Vec<u8>,
}

impl Jwt {
    /// Reads a JWT that is signed with one of these algorithms; the rest is an answer to what is wrong.
    pub(crate) fn read(text: &str, algorithms: &[SigningAlgorithm]) -> Result<Jwt, &'static str> {
        let (signed, signature) = text.rsplit_once('.').ok_or("it is no JWT")?;
        let (header, claims) = signed.split_once('.').ok_or("it is no JWT")?;
        let header = object(header).ok_or("its header is no JSON object in base64url")?;
        let claims = object(claims).ok_or("its claims are no JSON object in base64url")?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "its signature is not in base64url")?;
        let named = header.get("alg").and_then(Value::as_str);
        let algorithm = algorithms.iter().copied().find(|algorithm| Some(algorithm.name()) == named);
        let algorithm = algorithm.ok_or("its alg is not taken")?;
        if header.contains_key("crit") {
            return Err("its crit is not understood");
        }
        let fixed = matches!(algorithm, SigningAlgorithm::Es256 | SigningAlgorithm::EdDsa);
        if fixed && signature.len() != 64 {
            // RFC 7518 §3.4: R and S, not DER.
            return Err("its signature is not 64 bytes long");
        }
        Ok(Jwt { header, claims, algorithm, signed: signed.to_owned(), signature })
    }

    pub(crate) fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str().filter(|text| !text.is_empty())
    }

    /// A NumericDate (RFC 7519 §2) in milliseconds; `Err` when the claim is there and is none.
    pub(crate) fn date_ms(&self, claim: &str) -> Result<Option<i64>, &'static str> {
        let Some(value) = self.claims.get(claim) else { return Ok(None) };
        let whole = value.as_i64().map(|seconds| seconds.saturating_mul(1000));
        #[allow(clippy::cast_possible_truncation)]
        let fraction = || value.as_f64().map(|seconds| (seconds * 1000.0) as i64);
        whole.or_else(fraction).map(Some).ok_or("a date is no number")
    }

    /// Whether one of the keys signed it: the one that `kid` names, or any without a `kid`.
    pub(crate) fn is_signed_by(&self, keys: &[Value]) -> bool {
        let kid = self.header.get("kid");
        let fits = |key: &&Value| kid.is_none() || key.get("kid").is_none() || key.get("kid") == kid;
        keys.iter().filter(fits).any(|key| self.verifies_with(key))
    }

    pub(crate) fn verifies_with(&self, key: &Value) -> bool {
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(key.get(name)?.as_str()?).ok();
        let is = |name: &str, value: &str| key.get(name).and_then(Value::as_str) == Some(value);
        let message = self.signed.as_bytes();
        let verified = match self.algorithm {
            SigningAlgorithm::Es256 if is("kty", "EC") && is("crv", "P-256") => {
                bytes("x").zip(bytes("y")).filter(|(x, y)| x.len() == 32 && y.len() == 32).map(|(x, y)| {
                    let point = [&[4], x.as_slice(), y.as_slice()].concat();
                    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, &self.signature)
                })
            }
            SigningAlgorithm::EdDsa if is("kty", "OKP") && is("crv", "Ed25519") => {
                bytes("x").map(|x| UnparsedPublicKey::new(&ED25519, x).verify(message, &self.signature))
            }
            SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256 if is("kty", "RSA") => {
                let parameters = match self.algorithm {
                    SigningAlgorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
                    _ => &RSA_PKCS1_2048_8192_SHA256,
                };
                let components = bytes("n").zip(bytes("e")).map(|(n, e)| RsaPublicKeyComponents { n, e });
                components.map(|components| components.verify(parameters, message, &self.signature))
            }
            _ => None,
        };
        verified.is_some_and(|verified| verified.is_ok())
    }
}

/// The JWK thumbprint (RFC 7638 §3): the members that make the key, sorted, without blanks.
pub(crate) fn thumbprint(key: &Value) -> Option<String> {
    let part = |name: &str| key.get(name).filter(|part| part.is_string());
    let canonical = match key.get("kty")?.as_str()? {
        "EC" => json!({ "crv": part("crv")?, "kty": "EC", "x": part("x")?, "y": part("y")? }),
        "RSA" => json!({ "e": part("e")?, "kty": "RSA", "n": part("n")? }),
        "OKP" => json!({ "crv": part("crv")?, "kty": "OKP", "x": part("x")? }),
        _ => return None,
    };
    // Members are sorted: serde_json keeps them so unless it is told otherwise.
    Some(hash::base64url_sha256(canonical.to_string().as_bytes()))
}

/// Whether a key says more than it should (RFC 7518 §6): a private or a symmetric one.
pub(crate) fn is_private(key: &Value) -> bool {
    ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|part| key.get(part).is_some())
}

fn object(encoded: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    serde_json::from_slice::<UniqueMembers>(&bytes).ok().map(|members| members.0)
}

/// An object in which no member comes twice (RFC 7515 §5.2, RFC 7519 §4).
struct UniqueMembers(Map<String, Value>);

impl<'de> Deserialize<'de> for UniqueMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueVisitor).map(UniqueMembers)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Map<String, Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member came twice"));
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7638 §3.1.
    #[test]
    fn the_thumbprint_is_the_one_of_the_standard() {
        let key = json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB",
            "alg": "RS256",
            "kid": "2011-04-29",
        });
        assert_eq!(thumbprint(&key).as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    }

    /// RFC 9449 §4.1 and §6.1: the example's proof verifies with its own key, whose thumbprint is `jkt`.
    #[test]
    fn the_proof_of_the_standard_verifies() {
        let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
        let jwt = Jwt::read(proof, &[SigningAlgorithm::Es256]).unwrap_or_else(|why| panic!("{why}"));
        let key = &jwt.header["jwk"];
        assert!(jwt.verifies_with(key) && !is_private(key));
        assert_eq!(thumbprint(key).as_deref(), Some("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
        let (signed, _) = proof.rsplit_once('.').unwrap_or_default();
        let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode([1; 64]));
        assert!(Jwt::read(&forged, &[SigningAlgorithm::Es256]).is_ok_and(|jwt| !jwt.verifies_with(key)));
    }

    #[test]
    fn what_is_no_signed_jwt_is_refused() {
        let read = |header: &str, claims: &str, signature: &[u8]| {
            let parts =
                [header.as_bytes(), claims.as_bytes(), signature].map(|part| URL_SAFE_NO_PAD.encode(part));
            Jwt::read(&parts.join("."), &[SigningAlgorithm::Es256]).err()
        };
        assert_eq!(read(r#"{"alg":"ES256"}"#, "{}", &[0; 64]), None);
        assert_eq!(read(r#"{"alg":"none"}"#, "{}", b""), Some("its alg is not taken"));
        assert_eq!(read(r#"{"alg":"HS256"}"#, "{}", &[0; 32]), Some("its alg is not taken"));
        assert_eq!(
            read(r#"{"alg":"ES256","crit":["x"]}"#, "{}", &[0; 64]),
            Some("its crit is not understood")
        );
        assert_eq!(read(r#"{"alg":"ES256"}"#, "{}", &[0; 70]), Some("its signature is not 64 bytes long"));
        let twice = r#"{"a":1,"a":1}"#;
        let wrong = Some("its claims are no JSON object in base64url");
        assert_eq!(read(r#"{"alg":"ES256"}"#, twice, &[0; 64]), wrong);
        assert_eq!(Jwt::read("a.b", &[]).err(), Some("it is no JWT"));
    }
}
