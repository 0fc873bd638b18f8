//! `WWW-Authenticate` (RFC 9110 §11.6.1), read strictly: what is malformed says nothing.

use alloc::{string::String, vec::Vec};

/// One challenge of a `WWW-Authenticate` field.
///
/// ```
/// let challenges = cxauth_core::Challenge::parse(r#"Basic realm="a, b", Bearer error="invalid_token""#).unwrap();
/// assert_eq!(challenges.len(), 2);
/// assert_eq!(challenges[1].scheme(), "bearer");
/// assert_eq!(challenges[1].parameter("error"), Some("invalid_token"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    scheme: String,
    token68: Option<String>,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The challenges of one field value; none when it is malformed or holds no challenge.
    #[must_use]
    pub fn parse(field: &str) -> Option<Vec<Self>> {
        let challenges = Reader { rest: field }.challenges()?;
        Some(challenges).filter(|challenges| !challenges.is_empty())
    }

    /// The scheme in lower case, such as `bearer`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The one value of schemes like `Negotiate`.
    #[must_use]
    pub fn token68(&self) -> Option<&str> {
        self.token68.as_deref()
    }

    /// Names (in lower case) and values, each name once: of two equal names the last stays.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of the parameter of this name (in lower case).
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters().find(|(parameter, _)| *parameter == name).map(|(_, value)| value)
    }

    fn set(&mut self, name: &str, value: String) {
        let name = name.to_ascii_lowercase();
        self.parameters.retain(|(earlier, _)| *earlier != name);
        self.parameters.push((name, value));
    }
}

struct Reader<'field> {
    rest: &'field str,
}

impl<'field> Reader<'field> {
    fn challenges(mut self) -> Option<Vec<Challenge>> {
        let mut challenges: Vec<Challenge> = Vec::new();
        // Whether a parameter that stands alone between commas can belong to the challenge before it.
        let mut open = false;
        self.eat_blanks();
        while !self.rest.is_empty() {
            if self.eat(',') {
                self.eat_blanks();
                continue;
            }
            let name = self.token()?;
            if open && let Some(value) = self.equals_value()? {
                challenges.last_mut()?.set(name, value);
            } else {
                let mut challenge =
                    Challenge { scheme: name.to_ascii_lowercase(), token68: None, parameters: Vec::new() };
                let blank = self.eat_spaces();
                open = blank && self.first_value(&mut challenge)?;
                challenges.push(challenge);
            }
            self.eat_blanks();
            if !self.rest.is_empty() && !self.rest.starts_with(',') {
                return None;
            }
        }
        Some(challenges)
    }

    /// What stands behind a scheme and its blank: a token68, a parameter or nothing. Returns whether parameters may
    /// follow.
    fn first_value(&mut self, challenge: &mut Challenge) -> Option<bool> {
        if self.rest.is_empty() || self.rest.starts_with(',') {
            return Some(true);
        }
        if let Some(token68) = self.token68() {
            challenge.token68 = Some(token68.into());
            return Some(false);
        }
        let name = self.token()?;
        let value = self.equals_value()??;
        challenge.set(name, value);
        Some(true)
    }

    /// A token68, when one stands here alone up to the next comma or the end.
    fn token68(&mut self) -> Option<&'field str> {
        let is_token68 = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        let text = self.rest.bytes().take_while(|byte| is_token68(*byte)).count();
        let padding = self.rest.bytes().skip(text).take_while(|byte| *byte == b'=').count();
        let (token68, rest) = self.rest.split_at_checked(text + padding)?;
        let after = rest.trim_start_matches([' ', '\t']);
        if text == 0 || !(after.is_empty() || after.starts_with(',')) {
            return None;
        }
        self.rest = rest;
        Some(token68)
    }

    /// `= value` with optional blanks around the sign; `Some(None)` when there is no sign, `None` when it is malformed.
    #[expect(clippy::option_option, reason = "absent and malformed are different things here")]
    fn equals_value(&mut self) -> Option<Option<String>> {
        let before = self.rest;
        self.eat_blanks();
        if !self.eat('=') {
            self.rest = before;
            return Some(None);
        }
        self.eat_blanks();
        let value = if self.eat('"') { self.quoted()? } else { self.token()?.into() };
        Some(Some(value))
    }

    /// A quoted string behind its opening quote (RFC 9110 §5.6.4).
    fn quoted(&mut self) -> Option<String> {
        let is_text = |character: char| character == '\t' || (character >= ' ' && character != '\u{7f}');
        let mut value = String::new();
        let mut characters = self.rest.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => value.push(characters.next().filter(|character| is_text(*character))?),
                character if is_text(character) => value.push(character),
                _ => return None,
            }
        }
        self.rest = characters.as_str();
        Some(value)
    }

    /// A token (RFC 9110 §5.6.2).
    fn token(&mut self) -> Option<&'field str> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let length = self.rest.bytes().take_while(|byte| is_token(*byte)).count();
        let (token, rest) = self.rest.split_at_checked(length).filter(|(token, _)| !token.is_empty())?;
        self.rest = rest;
        Some(token)
    }

    fn eat(&mut self, character: char) -> bool {
        let rest = self.rest.strip_prefix(character);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn eat_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// The blanks between a scheme and what follows are spaces only (RFC 9110 §11.3).
    fn eat_spaces(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(' ');
        let eaten = rest.len() < self.rest.len();
        self.rest = rest;
        eaten
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Challenge;

    #[test]
    fn challenges_as_rfc_9110_writes_them() {
        let field = r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple""#;
        let challenges = Challenge::parse(field).unwrap();
        assert_eq!(challenges.len(), 2);
        assert_eq!(challenges[0].parameter("title"), Some("Login to \"apps\""));
        assert_eq!(challenges[1].scheme(), "basic");
    }

    #[test]
    fn token68_and_its_look_alikes() {
        let token68 = |field| Challenge::parse(field).unwrap()[0].token68().map(alloc::string::String::from);
        assert_eq!(token68("Negotiate YWJj=="), Some("YWJj==".into()));
        assert_eq!(token68("Bearer a="), Some("a=".into()));
        assert_eq!(token68("Bearer a=b"), None);
        assert_eq!(Challenge::parse("Negotiate abc, Bearer").unwrap().len(), 2);
        assert!(Challenge::parse("Negotiate abc, a=b").is_none());
    }

    #[test]
    fn empty_elements_are_allowed_and_empty_fields_are_not() {
        assert_eq!(
            Challenge::parse(", ,Bearer error=x , ,realm=y,").unwrap()[0].parameter("realm"),
            Some("y")
        );
        assert_eq!(Challenge::parse("Basic, Bearer").unwrap().len(), 2);
        for malformed in [
            "",
            ",",
            "=",
            "Bearer error",
            "Bearer error=\"x",
            "Bearer a=b c=d",
            "Bearer, a=b",
            "\"x\"",
            "Bearer a=\"x\" y",
            "Bearer\ta=b",
            "Bearer a==b",
        ] {
            // `Bearer error` is a token68, the one that looks wrong and is not.
            assert_eq!(Challenge::parse(malformed).is_none(), malformed != "Bearer error", "{malformed}");
        }
    }
}
