//! JSON read member by member, so that a name that stands twice is seen, no number is rounded, and no error text repeats
//! a value; and written without a copy that nobody overwrites.

use crate::Secret;
use alloc::{borrow::Cow, string::String, vec::Vec};
use core::str::{self, FromStr};
use hifijson::{Read as _, SliceLexer, num::Lex as _, str::Lex as _, str::LexAlloc, token::Lex};
use zeroize::Zeroizing;

/// The text is not the JSON that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl From<hifijson::Expect> for Malformed {
    fn from(_: hifijson::Expect) -> Self {
        Self
    }
}

/// The members of one JSON object, in their order, each name once.
pub(crate) struct Object<'text>(Vec<(Cow<'text, str>, Value<'text>)>);

impl<'text> Object<'text> {
    pub(crate) fn parse(text: &'text str) -> Result<Self, Malformed> {
        let mut members = Vec::new();
        one(text, |next, lexer| {
            each(next, b'{', b'}', lexer, |next, lexer| {
                let name = string(next, lexer)?;
                members.push((name, value(colon(lexer)?, lexer)?));
                Ok(())
            })
        })?;
        let mut names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        // RFC 7493 §2.3: two readers may take different ones of two equal names.
        if names.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Malformed);
        }
        Ok(Self(members))
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, Value<'text>)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// The member of this name; a null counts as absent.
    pub(crate) fn member(&self, name: &str) -> Option<Value<'text>> {
        self.members().find(|(member, value)| *member == name && !value.is_null()).map(|(_, value)| value)
    }
}

/// One JSON value as it was written.
#[derive(Clone, Copy)]
pub(crate) struct Value<'text>(&'text str);

impl<'text> Value<'text> {
    pub(crate) const NULL: Self = Self("null");

    pub(crate) fn is_null(self) -> bool {
        self.0 == "null"
    }

    pub(crate) fn text(self) -> Result<String, Malformed> {
        one(self.0, string).map(Cow::into_owned)
    }

    pub(crate) fn secret(self) -> Result<Secret, Malformed> {
        self.text().map(Secret::new)
    }

    /// A number as it was written: no float stands between, so nothing is lost or rounded.
    pub(crate) fn number(self) -> Option<&'text str> {
        self.0.starts_with(|first: char| first == '-' || first.is_ascii_digit()).then_some(self.0)
    }

    pub(crate) fn boolean(self) -> Result<bool, Malformed> {
        self.0.parse().map_err(|_| Malformed)
    }

    pub(crate) fn integer<T: FromStr>(self) -> Result<T, Malformed> {
        self.0.parse().map_err(|_| Malformed)
    }

    pub(crate) fn texts(self) -> Result<Vec<String>, Malformed> {
        let mut texts = Vec::new();
        one(self.0, |next, lexer| {
            each(next, b'[', b']', lexer, |next, lexer| {
                texts.push(string(next, lexer)?.into_owned());
                Ok(())
            })
        })?;
        Ok(texts)
    }

    pub(crate) fn is_array(self) -> bool {
        self.0.starts_with('[')
    }

    pub(crate) fn object(self) -> Result<Object<'text>, Malformed> {
        Object::parse(self.0)
    }
}

/// One JSON object that is being written. Its text is overwritten when it is dropped.
pub(crate) struct Writer(Zeroizing<String>);

impl Writer {
    /// `longest` bytes are enough: no growing leaves a copy behind. A text of `n` bytes takes [`Writer::longest`] of it.
    pub(crate) fn new(longest: usize) -> Self {
        let mut text = String::with_capacity(longest);
        text.push('{');
        Self(Zeroizing::new(text))
    }

    /// What a text of so many bytes takes at most, with its quotes and a comma.
    pub(crate) const fn longest(bytes: usize) -> usize {
        // Six for each: \u001f.
        6 * bytes + 3
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        quote(value, &mut self.0);
    }

    pub(crate) fn texts<'value>(&mut self, name: &str, values: impl IntoIterator<Item = &'value str>) {
        self.name(name);
        self.0.push('[');
        for value in values {
            self.separate();
            quote(value, &mut self.0);
        }
        self.0.push(']');
    }

    /// A number, or a truth value.
    pub(crate) fn plain(&mut self, name: &str, value: impl alloc::string::ToString) {
        self.name(name);
        self.0.push_str(&value.to_string());
    }

    pub(crate) fn object(&mut self, name: &str, members: impl FnOnce(&mut Self)) {
        self.name(name);
        self.0.push('{');
        members(self);
        self.0.push('}');
    }

    pub(crate) fn finish(mut self) -> Zeroizing<String> {
        self.0.push('}');
        self.0
    }

    fn name(&mut self, name: &str) {
        self.separate();
        quote(name, &mut self.0);
        self.0.push(':');
    }

    fn separate(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }
}

/// The text as a JSON string, with its quotes (RFC 8259 §7).
pub(crate) fn quote(text: &str, into: &mut String) {
    into.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => into.extend(['\\', character]),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            '\u{8}' => into.push_str("\\b"),
            '\u{c}' => into.push_str("\\f"),
            '\0'..'\u{20}' => {
                let digit = |value: u32| char::from_digit(value, 16).unwrap_or('0');
                into.push_str("\\u00");
                into.extend([digit(character as u32 / 16), digit(character as u32 % 16)]);
            }
            _ => into.push(character),
        }
    }
    into.push('"');
}

type Lexer<'text> = SliceLexer<'text>;

/// Reads the text as exactly one value.
fn one<'text, T>(
    text: &'text str,
    read: impl FnOnce(u8, &mut Lexer<'text>) -> Result<T, Malformed>,
) -> Result<T, Malformed> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    let read = read(lexer.ws_peek().ok_or(Malformed)?, &mut lexer)?;
    if lexer.ws_peek().is_some() {
        return Err(Malformed);
    }
    Ok(read)
}

/// Reads what stands between the brackets, one after the other.
fn each<'text>(
    next: u8,
    open: u8,
    close: u8,
    lexer: &mut Lexer<'text>,
    read: impl FnMut(u8, &mut Lexer<'text>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    if next != open {
        return Err(Malformed);
    }
    lexer.discarded().seq(close, Lexer::ws_peek, read)
}

fn string<'text>(next: u8, lexer: &mut Lexer<'text>) -> Result<Cow<'text, str>, Malformed> {
    if next != b'"' {
        return Err(Malformed);
    }
    lexer.discarded().str_string().map_err(|_| Malformed)
}

fn colon(lexer: &mut Lexer<'_>) -> Result<u8, Malformed> {
    lexer.expect(Lexer::ws_peek, b':').ok_or(Malformed)?;
    lexer.ws_peek().ok_or(Malformed)
}

/// The next value's text.
fn value<'text>(next: u8, lexer: &mut Lexer<'text>) -> Result<Value<'text>, Malformed> {
    let start = lexer.as_slice();
    skip(next, lexer)?;
    let length = start.len() - lexer.as_slice().len();
    let text = start.get(..length).ok_or(Malformed)?;
    str::from_utf8(text).map(Value).map_err(|_| Malformed)
}

/// Passes over a value, however deep it is: without recursion.
fn skip(mut next: u8, lexer: &mut Lexer<'_>) -> Result<(), Malformed> {
    // What closes the arrays and objects that are open.
    let mut open = Vec::new();
    loop {
        match next {
            b'"' => lexer.discarded().str_ignore().map_err(|_| Malformed)?,
            b'-' | b'0'..=b'9' => lexer.num_ignore().validate().map(drop).map_err(|_| Malformed)?,
            b'[' | b'{' => {
                let close = if next == b'[' { b']' } else { b'}' };
                let inner = lexer.discarded().ws_peek().ok_or(Malformed)?;
                if inner != close {
                    open.push(close);
                    next = item(inner, close, lexer)?;
                    continue;
                }
                lexer.take_next();
            }
            _ => lexer.null_or_bool().map(drop).ok_or(Malformed)?,
        }
        loop {
            let Some(&close) = open.last() else { return Ok(()) };
            let found = lexer.ws_peek().ok_or(Malformed)?;
            lexer.take_next();
            if found == b',' {
                next = item(lexer.ws_peek().ok_or(Malformed)?, close, lexer)?;
                break;
            }
            if found != close {
                return Err(Malformed);
            }
            open.pop();
        }
    }
}

/// Where the item's value starts: in an object behind its name.
fn item(next: u8, close: u8, lexer: &mut Lexer<'_>) -> Result<u8, Malformed> {
    if close == b']' {
        return Ok(next);
    }
    if next != b'"' {
        return Err(Malformed);
    }
    lexer.discarded().str_ignore().map_err(|_| Malformed)?;
    colon(lexer)
}

#[cfg(test)]
mod tests {
    use super::{Object, Value, Writer, quote};
    use alloc::{
        string::{String, ToString},
        vec::Vec,
    };
    use proptest::prelude::*;

    /// As another reader of the same RFC has it, less what the two may differ in: names that stand twice.
    fn other(text: &str) -> Option<Vec<(String, String)>> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        Some(value.as_object()?.iter().map(|(name, value)| (name.clone(), value.to_string())).collect())
    }

    fn ours(text: &str) -> Option<Vec<(String, String)>> {
        let object = Object::parse(text).ok()?;
        let mut members: Vec<_> = object
            .members()
            .map(|(name, Value(value))| {
                let value: serde_json::Value = serde_json::from_str(value).expect("a value of its own");
                (name.to_string(), value.to_string())
            })
            .collect();
        members.sort();
        Some(members)
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "[]",
            "1",
            "{}x",
            "{} {}",
            "{,}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{"a":1 "b":2}"#,
            r#"{"a":01}"#,
            r#"{"a":1.}"#,
            r#"{"a":-}"#,
            r#"{"a":+1}"#,
            r#"{"a":.5}"#,
            r#"{"a":1e}"#,
            r#"{"a":0x1}"#,
            r#"{"a":nul}"#,
            r#"{"a":nulll}"#,
            r#"{"a":True}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":[1}"#,
            r#"{"a":{"b":1]}"#,
            r#"{"a":{1:2}}"#,
            r#"{"a":{"b"}}"#,
            r#"{"a":"\x"}"#,
            r#"{"a":"\u12"}"#,
            "{\"a\":\"\n\"}",
            r#"{"a":"}"#,
            r#"{a:1}"#,
            r#"{'a':1}"#,
            r#"{"a":1}]"#,
            r#"{"a":[[}]}"#,
            "\u{feff}{}",
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"\ud800":1}"#,
        ] {
            assert_eq!(ours(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_json_is_read() {
        let text = " { \"a\" : [ ] , \"b\":{ }, \"c\":[ {\"x\":[null,true , false]},-0.5e+1],\t\"\\u00e9\":\"\\ud83d\\ude00\"}\r\n";
        assert_eq!(ours(text), other(text));
        let object = Object::parse(r#"{"text":"a\nb","no":null,"texts":["x","\"y\""],"n":12,"truth":true}"#)
            .unwrap_or_else(|_| unreachable!());
        let member = |name| object.member(name).expect("it is there");
        assert_eq!(member("text").text().as_deref(), Ok("a\nb"));
        assert_eq!(member("texts").texts(), Ok(Vec::from(["x".to_string(), "\"y\"".to_string()])));
        assert_eq!(
            (member("n").integer(), member("n").number(), member("truth").boolean()),
            (Ok(12), Some("12"), Ok(true))
        );
        assert!(
            member("n").integer::<u8>().is_ok()
                && member("n").text().is_err()
                && member("n").boolean().is_err()
        );
        assert!(object.member("no").is_none() && object.member("other").is_none());
    }

    #[test]
    fn a_writer_is_read_again() {
        let mut writer = Writer::new(0);
        writer.text("a\"", "\u{1f}\u{0}\\");
        writer.plain("n", -5);
        writer.object("o", |inner| inner.plain("t", true));
        writer.texts("l", ["x", "y"]);
        writer.texts("none", []);
        assert_eq!(
            *writer.finish(),
            r#"{"a\"":"\u001f\u0000\\","n":-5,"o":{"t":true},"l":["x","y"],"none":[]}"#
        );
    }

    proptest! {
        #[test]
        fn two_readers_agree(text in r#"(\{|\}|\[|\]|,|:|"a"|"b"|"c"|"\\u00e9"|1|-2\.5|0|1e9|null|true|false|x| ){0,12}"#) {
            let text = alloc::format!("{{\"m\":{text}}}");
            let (ours, mut other) = (ours(&text), other(&text));
            if let Some(other) = &mut other {
                other.sort();
            }
            // A name that stands twice is refused here alone.
            if ours.is_some() || other.is_none() {
                prop_assert_eq!(ours, other);
            }
        }

        #[test]
        fn a_quoted_text_is_read_again(text in "\\PC*|[\\x00-\\x7f]*") {
            let mut quoted = String::new();
            quote(&text, &mut quoted);
            prop_assert_eq!(&quoted, &serde_json::to_string(&text).unwrap_or_default());
            prop_assert_eq!(Value(&quoted).text(), Ok(text));
        }
    }
}
