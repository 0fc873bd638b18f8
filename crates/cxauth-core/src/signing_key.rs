//! Keys that sign for the client. The core never holds one: it says which key signs what, and the driver does.

use crate::{
    SecretSource,
    json::{Malformed, Value},
    secret,
};
use alloc::string::{String, ToString};

/// A key of the client's: where it is, and how it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    source: SecretSource,
    algorithm: SignatureAlgorithm,
    key_id: Option<String>,
}

/// How a key signs (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// `ES256`: ECDSA on P-256 with SHA-256; the signature is `r` and `s`, 64 bytes, no ASN.1 (RFC 7518 §3.4).
    Es256,
    /// `RS256`: RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// `PS256`: RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// `EdDSA`: Ed25519.
    EdDsa,
}

impl SignatureAlgorithm {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Es256, Self::Rs256, Self::Ps256, Self::EdDsa];

    /// Its name in a JWT's header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

impl SigningKey {
    /// A key whose PEM (PKCS #8) stands in this source; for [`SecretSource::Function`] a function of the program's own signs, by
    /// the name under which it was given to the driver, and the key itself never leaves where it is.
    #[must_use]
    pub fn new(source: SecretSource, algorithm: SignatureAlgorithm) -> Self {
        Self { source, algorithm, key_id: None }
    }

    /// The name of the key in the client's registration (`kid`, RFC 7515 §4.1.4).
    #[must_use]
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Where the key is.
    #[must_use]
    pub fn source(&self) -> &SecretSource {
        &self.source
    }

    /// How it signs.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// `{ "function" | "file" | "env" | "command" | "keychain": …, "algorithm": …, "key_id": … }`.
    pub(crate) fn read(value: Value<'_>) -> Result<Self, Malformed> {
        Self::read_beside(value, |_, _| Ok(false))
    }

    /// The same beside members that `takes` takes.
    pub(crate) fn read_beside<'text>(
        value: Value<'text>,
        mut takes: impl FnMut(&str, Value<'text>) -> Result<bool, Malformed>,
    ) -> Result<Self, Malformed> {
        let object = value.object()?;
        let mut source = None;
        let mut algorithm = SignatureAlgorithm::Es256;
        let mut key_id = None;
        for (name, value) in object.members() {
            match name {
                name if takes(name, value)? => {}
                "algorithm" => {
                    let name = value.text()?;
                    let known = SignatureAlgorithm::ALL.into_iter().find(|known| known.as_str() == name);
                    algorithm = known.ok_or(Malformed)?;
                }
                "key_id" => key_id = Some(value.text()?.to_string()),
                kind if source.is_none() => source = Some(secret::read_source(kind, value)?),
                _ => return Err(Malformed),
            }
        }
        Ok(Self { source: source.ok_or(Malformed)?, algorithm, key_id })
    }
}
