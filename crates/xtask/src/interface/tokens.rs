//! Words and marks of a source in Kotlin, Swift or TypeScript, without its comments.

/// A word, a number, a literal, or one mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// Without the grave accents that Kotlin and Swift put around a name.
    pub(super) text: &'a str,
    /// Where it starts in the source.
    pub(super) start: usize,
    /// In how many pairs of `()`, `[]` and `{}` it stands; those themselves stand outside.
    pub(super) depth: usize,
}

/// The tokens of a source.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    while let Some(first) = source[start..].chars().next() {
        let rest = &source[start..];
        let length = length(rest, first);
        let text = rest[..length].trim_matches('`');
        if [")", "]", "}"].contains(&text) {
            depth = depth.saturating_sub(1);
        }
        if !(first.is_whitespace() || is_comment(rest)) {
            found.push(Token { text, start, depth });
        }
        if ["(", "[", "{"].contains(&text) {
            depth += 1;
        }
        start += length;
    }
    found
}

/// The position of the next token of one of these texts that stands as deep as the one at `start`; where that is not
/// found, the end of what stands as deep.
pub(super) fn find(tokens: &[Token<'_>], start: usize, texts: &[&str]) -> usize {
    let Some(depth) = tokens.get(start).map(|token| token.depth) else { return tokens.len() };
    let found = tokens[start..]
        .iter()
        .position(|token| token.depth < depth || token.depth == depth && texts.contains(&token.text));
    found.map_or(tokens.len(), |index| start + index)
}

/// What stands in the braces that follow the token at `start`.
pub(super) fn body<'a, 'b>(tokens: &'b [Token<'a>], start: usize) -> &'b [Token<'a>] {
    let open = find(tokens, start, &["{"]);
    let first = (open + 1).min(tokens.len());
    let end = tokens[first..].iter().position(|token| token.text == "}" && token.depth == tokens[open].depth);
    &tokens[first..end.map_or(tokens.len(), |index| first + index)]
}

/// The texts with nothing between them.
pub(super) fn text(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect()
}

fn is_comment(rest: &str) -> bool {
    rest.starts_with("//") || rest.starts_with("/*")
}

/// The length of what stands first, which is never 0.
fn length(rest: &str, first: char) -> usize {
    let until = |end: &str| rest.find(end).map_or(rest.len(), |index| index + end.len());
    match first {
        '/' if rest.starts_with("//") => until("\n"),
        '/' if rest.starts_with("/*") => until("*/"),
        '"' if rest.starts_with("\"\"\"") => rest[3..].find("\"\"\"").map_or(rest.len(), |index| index + 6),
        '"' | '\'' | '`' => quoted(rest, first),
        _ if is_of_a_word(first) => rest.find(|other| !is_of_a_word(other)).unwrap_or(rest.len()),
        _ => first.len_utf8(),
    }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return index + 1,
            _ => {}
        }
    }
    rest.len()
}

fn is_of_a_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source).iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_and_marks_without_comments() {
        let source = "fun `a`(b: Int) // it's {\n/* \" } */ = \"x\\\"}\" + 'c' + \"\"\"\n\"{\n\"\"\"";
        assert_eq!(
            texts(source),
            [
                "fun",
                "a",
                "(",
                "b",
                ":",
                "Int",
                ")",
                "=",
                "\"x\\\"}\"",
                "+",
                "'c'",
                "+",
                "\"\"\"\n\"{\n\"\"\""
            ]
        );
    }

    #[test]
    fn brackets_stand_outside_of_what_they_hold() {
        let depths: Vec<_> = tokens("a { b(c) } d )").iter().map(|token| token.depth).collect();
        assert_eq!(depths, [0, 0, 1, 1, 2, 1, 0, 0, 0]);
    }

    #[test]
    fn what_never_ends_ends_with_the_source() {
        for source in ["/* a", "// a", "\"a", "\"\"\"a", "`a", "'\\", "é"] {
            assert!(texts(source).len() <= 1);
        }
    }
}
