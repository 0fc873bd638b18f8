//! Snapshots sealed for a place that others can read.
//!
//! AES-256-GCM-SIV (RFC 8452), because a fleet draws its nonces at random and this mode forgives one drawn twice. What is
//! sealed says which key seals it and its generation, and both are authenticated, together with the name under which it
//! lies: a row that was put in another's place, or given another generation, does not open.
//!
//! ```text
//! "cxs" | format: u8 | length of the key's name: u8 | the key's name | generation: u64, big-endian | nonce: 12 | sealed, tag: 16
//! ```

use super::name::NamingKey;
use crate::{
    ErrorCode, Secret, Snapshot,
    secret::{self, KEY},
};
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"cxs";
const FORMAT: u8 = 1;
/// The key of this name seals nothing.
const NAMES: &str = "names";

/// The keys of a store: one seals, all of them open, and one names.
///
/// They are read from a text, a line each (or divided by commas), `NAME:KEY`, with keys of 32 bytes in base64:
///
/// ```text
/// names:<key>
/// 2026-11:<key>
/// 2026-05:<key>
/// ```
///
/// The first key seals; the others open what they sealed before. So a key is replaced in two steps: put the new one second
/// everywhere, then first; the old one may go when every token was renewed once. The key `names` hides in a shared place whose
/// tokens lie there, and stays: with another one nothing is found again. A store in a place of one's own needs none.
///
/// ```
/// use cxauth::store::StoreKeys;
///
/// let text = StoreKeys::generate("2026-11")?;
/// let keys = StoreKeys::from_text(&text)?;
/// assert_eq!(format!("{keys:?}"), r#"StoreKeys { seals: "2026-11", opens: ["2026-11"], names: true }"#);
/// # Ok::<(), cxauth::store::SealError>(())
/// ```
#[derive(Clone)]
pub struct StoreKeys {
    /// The first one seals.
    keys: Arc<[Key]>,
    names: Option<NamingKey>,
}

struct Key {
    name: String,
    key: RandomizedNonceKey,
}

impl StoreKeys {
    /// The keys that a text holds.
    ///
    /// # Errors
    /// [`SealError::InvalidKeys`]
    pub fn from_text(text: &Secret) -> Result<Self, SealError> {
        let mut keys: Vec<Key> = Vec::new();
        let mut names = None;
        for (name, bytes) in secret::read_keys(text).map_err(SealError::InvalidKeys)? {
            if names.is_some() && name == NAMES || keys.iter().any(|key| key.name == name) {
                return Err(SealError::InvalidKeys(format!("{name}: two keys have this name")));
            }
            if name == NAMES {
                names = Some(NamingKey::new(&bytes));
                continue;
            }
            let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, &*bytes);
            keys.push(Key { name, key: key.map_err(|_| SealError::Unavailable)? });
        }
        if keys.is_empty() {
            return Err(SealError::InvalidKeys("there is no key that seals".to_owned()));
        }
        Ok(Self { keys: keys.into(), names })
    }

    /// The text of new keys: one that names, and one of this name that seals. It is a secret and belongs where secrets are
    /// kept.
    ///
    /// # Errors
    /// [`SealError::InvalidKeys`] when `name` cannot be a key's, [`SealError::Unavailable`].
    pub fn generate(name: &str) -> Result<Secret, SealError> {
        let mut bytes = Zeroizing::new([[0; KEY]; 2]);
        for key in bytes.iter_mut() {
            getrandom::fill(key).map_err(|_| SealError::Unavailable)?;
        }
        let text = secret::write_keys([(NAMES, &bytes[0]), (name, &bytes[1])]);
        Self::from_text(&text).map(|_| text)
    }

    /// The text of new keys under a name that no other key has.
    #[cfg(feature = "keychain")]
    pub(crate) fn generate_unique() -> Result<Secret, SealError> {
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|_| SealError::Unavailable)?;
        Self::generate(&format!("keychain-{:016x}", u64::from_be_bytes(name)))
    }

    /// Whether this was sealed, with whatever key.
    pub(crate) fn is_sealed(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// The name of the key that sealed it.
    pub(crate) fn sealing_key(sealed: &[u8]) -> Result<&str, SealError> {
        Envelope::read(sealed).map(|envelope| envelope.key)
    }

    /// What names the places of a shared store; none when the text had no key `names`.
    pub(crate) fn names(&self) -> Option<&NamingKey> {
        self.names.as_ref()
    }

    /// Seals it for the place of this name, and for no other.
    pub(crate) fn seal(&self, place: &str, snapshot: &Snapshot) -> Result<Vec<u8>, SealError> {
        self.seal_text(place, snapshot.generation(), &snapshot.to_text())
    }

    fn seal_text(&self, place: &str, generation: u64, text: &Secret) -> Result<Vec<u8>, SealError> {
        // There is one: see `from_text`.
        let key = self.keys.first().ok_or(SealError::Unavailable)?;
        let mut sealed = header(&key.name, generation);
        let associated = associated(&sealed, place);
        let mut text = secret::bytes(text);
        let (nonce, tag) = key
            .key
            .seal_in_place_separate_tag(Aad::from(associated), &mut text)
            .map_err(|_| SealError::Unavailable)?;
        sealed.reserve(NONCE_LEN + text.len() + tag.as_ref().len());
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&text);
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens what was sealed for the place of this name.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Snapshot, SealError> {
        let envelope = Envelope::read(sealed)?;
        let key = self.keys.iter().find(|key| key.name == envelope.key);
        let key = key.ok_or_else(|| SealError::UnknownKey(envelope.key.to_owned()))?;
        let mut text = Zeroizing::new(envelope.text.to_vec());
        let text = key
            .key
            .open_in_place(
                Nonce::from(&envelope.nonce),
                Aad::from(associated(envelope.header, place)),
                &mut text,
            )
            .map_err(|_| SealError::Unopened(envelope.key.to_owned()))?;
        let text = std::str::from_utf8(text).map_err(|_| SealError::Damaged)?;
        let snapshot = Snapshot::from_text(text).map_err(|error| match error.code() {
            ErrorCode::SnapshotFromNewerVersion => SealError::NewerFormat,
            _ => SealError::Damaged,
        })?;
        if snapshot.generation() == envelope.generation { Ok(snapshot) } else { Err(SealError::Damaged) }
    }
}

impl fmt::Debug for StoreKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.keys.iter().map(|key| key.name.as_str()).collect();
        formatter
            .debug_struct("StoreKeys")
            .field("seals", &names.first().copied().unwrap_or_default())
            .field("opens", &names)
            .field("names", &self.names.is_some())
            .finish()
    }
}

/// What can be read without a key.
struct Envelope<'a> {
    header: &'a [u8],
    key: &'a str,
    generation: u64,
    nonce: [u8; NONCE_LEN],
    text: &'a [u8],
}

impl<'a> Envelope<'a> {
    fn read(sealed: &'a [u8]) -> Result<Self, SealError> {
        let rest = sealed.strip_prefix(MAGIC).ok_or(SealError::NotSealed)?;
        let (&format, rest) = rest.split_first().ok_or(SealError::NotSealed)?;
        if format > FORMAT {
            return Err(SealError::NewerFormat);
        }
        Self::read_rest(sealed, rest).ok_or(SealError::NotSealed)
    }

    fn read_rest(sealed: &'a [u8], rest: &'a [u8]) -> Option<Self> {
        let (&length, rest) = rest.split_first()?;
        let (key, rest) = rest.split_at_checked(length.into())?;
        let (generation, rest) = rest.split_first_chunk()?;
        let header = &sealed[..sealed.len() - rest.len()];
        let (nonce, text) = rest.split_first_chunk()?;
        let key = std::str::from_utf8(key).ok()?;
        Some(Self { header, key, generation: u64::from_be_bytes(*generation), nonce: *nonce, text })
    }
}

fn header(key: &str, generation: u64) -> Vec<u8> {
    // A key's name has at most 64 bytes: see `secret::read_keys`.
    let length = u8::try_from(key.len()).unwrap_or(u8::MAX);
    [MAGIC, &[FORMAT, length], key.as_bytes(), &generation.to_be_bytes()].concat()
}

/// The header tells its own length, so no two pairs give the same bytes.
fn associated(header: &[u8], place: &str) -> Vec<u8> {
    [header, place.as_bytes()].concat()
}

/// Why something could not be sealed or opened. It holds names of keys, never a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// The text of the keys cannot be understood.
    InvalidKeys(String),
    /// It was sealed with a key, named here, that is not among the keys.
    UnknownKey(String),
    /// It does not open with the key of this name: the key has another value there, or what was sealed was changed or moved.
    Unopened(String),
    /// It was never sealed.
    NotSealed,
    /// It was sealed by a newer cxauth.
    NewerFormat,
    /// It opens, and is no snapshot.
    Damaged,
    /// The system gives no random numbers.
    Unavailable,
}

impl fmt::Display for SealError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidKeys(why) => write!(formatter, "the store's keys: {why}"),
            Self::UnknownKey(name) => {
                write!(
                    formatter,
                    "sealed with the key {name:?}, which is missing here; add it to the store's keys"
                )
            }
            Self::Unopened(name) => write!(
                formatter,
                "does not open with the key {name:?}: give that key its old value, or, if the stored value was changed, \
                 remove it and sign in again"
            ),
            Self::NotSealed => formatter.write_str("not sealed by cxauth; give the store a place of its own"),
            Self::NewerFormat => formatter.write_str(ErrorCode::SnapshotFromNewerVersion.advice()),
            Self::Damaged => formatter.write_str(ErrorCode::SnapshotDamaged.advice()),
            Self::Unavailable => formatter.write_str("the system gives no random numbers"),
        }
    }
}

impl std::error::Error for SealError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn keys(names: &[(&str, u8)]) -> StoreKeys {
        let keys: Vec<_> = names.iter().map(|(name, byte)| (*name, [*byte; KEY])).collect();
        let text = secret::write_keys(keys.iter().map(|(name, key)| (*name, key)));
        StoreKeys::from_text(&text).unwrap()
    }

    fn snapshot(generation: u64) -> Snapshot {
        let text = format!(
            r#"{{"cxauth":1,"generation":{generation},"identity":"x","saved_at":1,
            "refresh":{{"token":"cxauth-canary-r","expires_at":null}}}}"#
        );
        Snapshot::from_text(&text).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_and_shows_nothing() {
        let keys = keys(&[("a", 1)]);
        let sealed = keys.seal("place", &snapshot(7)).unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
        let opened = keys.open("place", &sealed).unwrap();
        assert_eq!(opened.to_text(), snapshot(7).to_text());
        assert_ne!(keys.seal("place", &snapshot(7)).unwrap(), sealed, "a nonce of its own");
    }

    #[test]
    fn every_bit_counts() {
        let keys = keys(&[("a", 1)]);
        let sealed = keys.seal("place", &snapshot(7)).unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(keys.open("place", &changed).is_err(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(keys.open("place", &sealed[..length]).is_err(), "length {length}");
        }
        assert!(keys.open("place", &[&sealed[..], b"x"].concat()).is_err());
    }

    #[test]
    fn it_opens_only_in_its_place() {
        let keys = keys(&[("a", 1)]);
        let sealed = keys.seal("place", &snapshot(7)).unwrap();
        assert_eq!(keys.open("other", &sealed).unwrap_err(), SealError::Unopened("a".into()));
    }

    #[test]
    fn a_key_is_replaced_in_two_steps() {
        let (old, both) = (keys(&[("old", 1)]), keys(&[("old", 1), ("new", 2)]));
        let (turned, new) = (keys(&[("new", 2), ("old", 1)]), keys(&[("new", 2)]));
        let before = old.seal("place", &snapshot(1)).unwrap();
        let after = turned.seal("place", &snapshot(2)).unwrap();
        assert_eq!(turned.open("place", &before).unwrap().generation(), 1);
        assert_eq!(both.open("place", &after).unwrap().generation(), 2);
        assert_eq!(new.open("place", &after).unwrap().generation(), 2);
        assert_eq!(new.open("place", &before).unwrap_err(), SealError::UnknownKey("old".into()));
        assert_eq!(old.open("place", &after).unwrap_err(), SealError::UnknownKey("new".into()));
        let wrong = keys(&[("old", 9)]);
        assert_eq!(wrong.open("place", &before).unwrap_err(), SealError::Unopened("old".into()));
    }

    #[test]
    fn what_is_newer_or_something_else_is_told_apart() {
        let keys = keys(&[("a", 1)]);
        let mut newer = keys.seal("place", &snapshot(1)).unwrap();
        newer[3] = FORMAT + 1;
        assert_eq!(keys.open("place", &newer).unwrap_err(), SealError::NewerFormat);
        let later = keys.seal_text("place", 1, &Secret::new(r#"{"cxauth":99}"#)).unwrap();
        assert_eq!(keys.open("place", &later).unwrap_err(), SealError::NewerFormat);
        let another = keys.seal_text("place", 2, &snapshot(1).to_text()).unwrap();
        assert_eq!(keys.open("place", &another).unwrap_err(), SealError::Damaged);
        assert_eq!(keys.open("place", b"{}").unwrap_err(), SealError::NotSealed);
        assert_eq!(keys.open("place", b"").unwrap_err(), SealError::NotSealed);
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        let text = |text: &str| StoreKeys::from_text(&Secret::new(text)).unwrap_err().to_string();
        assert!(text("").contains("no key that seals"));
        assert!(text("a:short").contains("key 1"));
        let generated = StoreKeys::generate("a").unwrap();
        let twice = format!("{0}{0}", generated.expose());
        assert!(text(&twice).contains("names: two keys"));
        assert!(StoreKeys::generate("a b").is_err());
        assert_ne!(StoreKeys::generate("a").unwrap(), generated);
    }
}
