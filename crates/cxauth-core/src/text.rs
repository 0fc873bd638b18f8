//! Text from outside: hostile until it was escaped and cut.

use alloc::string::String;

/// The most characters of a foreign text that cxauth keeps.
const LONGEST: usize = 512;

/// The text with everything but visible ASCII and the blank escaped, cut to 512 characters (RFC 6749 §5.2 allows no
/// other characters in an error; a terminal or a log must not be steered by a server).
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::new();
    for character in text.chars() {
        let escaped = character.escape_default();
        let keeps = (' '..='~').contains(&character);
        let length = if keeps { 1 } else { escaped.len() };
        if printable.len() + length > LONGEST {
            break;
        }
        if keeps {
            printable.push(character);
        } else {
            printable.extend(escaped);
        }
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn i31_server_text_is_escaped_and_cut() {
        assert_eq!(printable("a\u{1b}[31mb\r\n\u{202e}"), "a\\u{1b}[31mb\\r\\n\\u{202e}");
        assert_eq!(printable("it's \"fine\" \\"), "it's \"fine\" \\");
        assert_eq!(printable(&"x".repeat(5_000_000)).len(), 512);
        assert!(printable(&"\n".repeat(1000)).len() <= 512);
    }
}
