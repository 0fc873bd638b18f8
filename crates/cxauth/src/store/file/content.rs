//! What stands in the file: a snapshot as text with a checksum, or sealed.
//!
//! The text is the snapshot's JSON object with one member more, `sha256`, as its last: the digest of the object without it.
//! So whoever knows snapshots can read it, and a bit that the disk turned over is no token that a server refuses.

use super::keys::Keys;
use crate::{
    ErrorCode, Snapshot, secret,
    store::{SealError, StoreError, StoreKeys},
};
use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use std::{fmt::Write, path::Path};
use zeroize::Zeroizing;

const BEFORE_DIGEST: &[u8] = br#","sha256":""#;
const AFTER_DIGEST: &[u8] = br#""}"#;

pub(super) fn write(path: &Path, snapshot: &Snapshot, keys: &Keys) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let sealed = |source| StoreError::Sealed { path: path.to_path_buf(), source };
    match keys.to_seal(path)? {
        Some(keys) => keys.seal(&name(path), snapshot).map(Zeroizing::new).map_err(sealed),
        None => Ok(with_digest(secret::bytes(&snapshot.to_text()))),
    }
}

pub(super) fn read(path: &Path, bytes: &[u8], keys: &Keys) -> Result<Snapshot, StoreError> {
    let damaged = || StoreError::Damaged { path: path.to_path_buf(), aside: None };
    let newer = || StoreError::NewerFormat { path: path.to_path_buf() };
    if StoreKeys::is_sealed(bytes) {
        let sealed = |source| StoreError::Sealed { path: path.to_path_buf(), source };
        let Some(with) = keys.to_open(path)? else {
            let key = StoreKeys::sealing_key(bytes).map_err(|_| damaged())?;
            return Err(sealed(SealError::UnknownKey(key.to_owned())));
        };
        return with.open(&name(path), bytes).map_err(|error| match error {
            SealError::NewerFormat => newer(),
            SealError::NotSealed | SealError::Damaged => damaged(),
            // No other key has the name of one that cxauth made: what was sealed is not what it was.
            SealError::Unopened(_) if keys.are_unique() => damaged(),
            error => sealed(error),
        });
    }
    let text = without_digest(bytes).ok_or_else(damaged)?;
    let text = std::str::from_utf8(&text).map_err(|_| damaged())?;
    Snapshot::from_text(text).map_err(|error| match error.code() {
        ErrorCode::SnapshotFromNewerVersion => newer(),
        _ => damaged(),
    })
}

/// What is sealed opens under this file's name only.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn with_digest(mut text: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    let digest = hexadecimal(&text);
    let mut whole = Zeroizing::new(Vec::with_capacity(text.len() + 128));
    text.pop();
    whole.extend_from_slice(&text);
    whole.extend_from_slice(BEFORE_DIGEST);
    whole.extend_from_slice(digest.as_bytes());
    whole.extend_from_slice(AFTER_DIGEST);
    whole
}

/// The text, if its digest is right. What an older cxauth or another language wrote has none.
fn without_digest(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let parts = bytes.strip_suffix(AFTER_DIGEST).and_then(|rest| {
        let (rest, digest) = rest.split_at_checked(rest.len().checked_sub(2 * SHA256_OUTPUT_LEN)?)?;
        Some((rest.strip_suffix(BEFORE_DIGEST)?, digest))
    });
    let Some((members, expected)) = parts else { return Some(Zeroizing::new(bytes.to_vec())) };
    let mut text = Zeroizing::new(Vec::with_capacity(members.len() + 1));
    text.extend_from_slice(members);
    text.push(b'}');
    (hexadecimal(&text).as_bytes() == expected).then_some(text)
}

fn hexadecimal(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEXT: &str = r#"{"cxauth":1,"generation":7,"identity":"x","saved_at":1,"refresh":{"token":"cxauth-canary-r","expires_at":null}}"#;

    fn file(keys: &Keys) -> Zeroizing<Vec<u8>> {
        write(Path::new("d/tokens"), &Snapshot::from_text(TEXT).unwrap(), keys).unwrap()
    }

    /// Whatever bit the disk turns over: the file is refused, or it says what it said.
    #[test]
    fn every_bit_of_the_text_counts() {
        let whole = file(&Keys::default());
        for bit in 0..whole.len() * 8 {
            let mut changed = whole.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            match read(Path::new("d/tokens"), &changed, &Keys::default()) {
                Ok(snapshot) => {
                    assert_eq!(snapshot.to_text(), Snapshot::from_text(TEXT).unwrap().to_text(), "bit {bit}");
                }
                Err(error) => assert!(
                    matches!(error, StoreError::Damaged { .. } | StoreError::NewerFormat { .. }),
                    "bit {bit}: {error}"
                ),
            }
        }
        for length in 0..whole.len() {
            assert!(read(Path::new("d/tokens"), &whole[..length], &Keys::default()).is_err());
        }
    }

    #[test]
    fn what_has_no_checksum_is_read() {
        let snapshot = read(Path::new("tokens"), TEXT.as_bytes(), &Keys::default()).unwrap();
        assert_eq!(snapshot.generation(), 7);
        let json: serde_json::Value = serde_json::from_slice(&file(&Keys::default())).unwrap();
        assert_eq!(json["generation"], 7, "and who knows no checksum reads what has one");
    }

    #[test]
    fn a_sealed_file_opens_with_its_key_and_under_its_name_only() {
        let keys = |name: &str| {
            let keys = StoreKeys::from_text(&StoreKeys::generate(name).unwrap()).unwrap();
            Keys::Given(std::sync::Arc::new(keys))
        };
        let (mine, other) = (keys("mine"), keys("other"));
        let sealed = file(&mine);
        assert!(!String::from_utf8_lossy(&sealed).contains("canary"));
        assert_eq!(read(Path::new("e/tokens"), &sealed, &mine).unwrap().generation(), 7);
        let refused = |path: &str, keys: &Keys| read(Path::new(path), &sealed, keys).unwrap_err();
        assert!(matches!(refused("d/tokens", &other), StoreError::Sealed { .. }));
        assert!(matches!(refused("d/others", &mine), StoreError::Sealed { .. }));
        let without = refused("d/tokens", &Keys::default());
        assert!(without.to_string().contains("\"mine\""), "{without}");
        // A file of before is read with a key too, and sealed when it is written next.
        assert_eq!(read(Path::new("d/tokens"), TEXT.as_bytes(), &mine).unwrap().generation(), 7);
    }
}
