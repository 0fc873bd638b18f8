//! Keys as text: a line each, `NAME:KEY`, the key in base64.

use crate::Secret;
use base64::{Engine, alphabet, engine};
use zeroize::Zeroizing;

/// In bytes.
pub(crate) const KEY: usize = 32;

/// With or without padding: people copy keys from many places.
const BASE64: engine::GeneralPurpose = engine::GeneralPurpose::new(
    &alphabet::STANDARD,
    engine::GeneralPurposeConfig::new().with_decode_padding_mode(engine::DecodePaddingMode::Indifferent),
);

/// A key and its name.
pub(crate) type NamedKey = (String, Zeroizing<[u8; KEY]>);

/// The keys of a text, in its order; else what is wrong with it, which names no key's value.
pub(crate) fn read_keys(text: &Secret) -> Result<Vec<NamedKey>, String> {
    let lines = text.expose().split([',', '\n']).map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .enumerate()
        .map(|(index, line)| read_key(line).map_err(|why| format!("key {}: {why}", index + 1)))
        .collect()
}

fn read_key(line: &str) -> Result<NamedKey, &'static str> {
    let (name, value) = line.split_once(':').ok_or("write NAME:KEY")?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.is_empty() || name.len() > 64 || !name.bytes().all(is_name) {
        return Err("its name is 1 to 64 letters, digits, dots, hyphens and underscores of ASCII");
    }
    // The estimate of its length may be one byte too high; a slice that is too long is refused below.
    let mut bytes = Zeroizing::new([0; KEY + 4]);
    match BASE64.decode_slice(value.trim().as_bytes(), &mut *bytes) {
        Ok(KEY) => {}
        _ => return Err("a key is 32 bytes in base64, as `openssl rand -base64 32` prints them"),
    }
    let mut key = Zeroizing::new([0; KEY]);
    key.copy_from_slice(&bytes[..KEY]);
    Ok((name.to_owned(), key))
}

/// Keys made of these bytes, as a text.
pub(crate) fn write_keys<'a>(keys: impl IntoIterator<Item = (&'a str, &'a [u8; KEY])>) -> Secret {
    let mut text = Zeroizing::new(String::with_capacity(512));
    for (name, key) in keys {
        text.push_str(name);
        text.push(':');
        BASE64.encode_string(key, &mut text);
        text.push('\n');
    }
    Secret::new(text.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let text = write_keys([("names", &[1; KEY]), ("2026-11", &[2; KEY])]);
        let keys = read_keys(&text).unwrap();
        assert_eq!(keys.len(), 2);
        assert_eq!((keys[1].0.as_str(), *keys[1].1), ("2026-11", [2; KEY]));
        let unpadded = text.expose().replace('=', "").replace('\n', " , ");
        let unpadded = format!("# the fleet's keys\n\n{unpadded}");
        assert_eq!(read_keys(&Secret::new(unpadded)).unwrap(), keys);
    }

    #[test]
    fn what_is_no_key_is_named_and_not_shown() {
        for text in
            ["canary", "a b:canary", ":canary", "a:canary", &format!("a:{}", "canary".repeat(40)), "ü:"]
        {
            let why = read_keys(&Secret::new(text)).unwrap_err();
            assert!(why.starts_with("key 1: ") && !why.contains("canary"), "{why}");
        }
    }
}
