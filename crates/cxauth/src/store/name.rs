//! Names for the places of a shared store: the same for everybody whose token is the same, and telling nothing.

use crate::{Connection, secret::KEY};
use aws_lc_rs::hmac;
use std::fmt::Write;

/// Everything that makes a token another token. No secret is in it: a new secret does not orphan a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    platform: String,
    issuer: Option<String>,
    client: Option<String>,
    subject: Option<String>,
    scopes: Vec<String>,
    resources: Vec<String>,
    audience: Option<String>,
}

impl Identity {
    pub(crate) fn of(connection: &Connection) -> Self {
        let identity = Self {
            platform: connection.platform().to_owned(),
            issuer: connection.token_endpoint().map(str::to_owned),
            client: connection.client_id().map(str::to_owned),
            subject: connection.user().map(str::to_owned),
            scopes: Vec::new(),
            resources: connection.resources().to_vec(),
            audience: connection.audience().map(str::to_owned),
        };
        identity.with_scopes(connection.scopes())
    }

    /// The same but for the scopes, whose order does not count.
    pub(crate) fn with_scopes(&self, scopes: &[String]) -> Self {
        let mut scopes = scopes.to_vec();
        scopes.sort_unstable();
        scopes.dedup();
        Self { scopes, ..self.clone() }
    }

    fn feed(&self, into: &mut hmac::Context) {
        let list = |into: &mut hmac::Context, values: &[&str]| {
            // Lengths go first, so that no value can reach into the next.
            into.update(&(values.len() as u64).to_be_bytes());
            for value in values {
                into.update(&(value.len() as u64).to_be_bytes());
                into.update(value.as_bytes());
            }
        };
        list(into, &[&self.platform]);
        for value in [&self.issuer, &self.client, &self.subject, &self.audience] {
            list(into, value.as_deref().as_slice());
        }
        for values in [&self.scopes, &self.resources] {
            list(into, &values.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

/// A file's name for a connection's tokens, without an ending. In a place of one's own it need not be kept from others.
pub(crate) fn file_name(connection: &Connection) -> String {
    let hash = NamingKey::new(&[0; KEY]).name(&Identity::of(connection));
    format!("{}-{}", connection.platform(), &hash[..32])
}

/// Makes names that nobody without it can guess or compare with those of another store.
#[derive(Clone)]
pub(crate) struct NamingKey(hmac::Key);

impl NamingKey {
    pub(crate) fn new(key: &[u8; KEY]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// 64 hexadecimal digits.
    pub(crate) fn name(&self, identity: &Identity) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"cxauth token 1\n");
        identity.feed(&mut context);
        context.sign().as_ref().iter().fold(String::with_capacity(64), |mut name, byte| {
            // Writing into a string cannot fail.
            let _ = write!(name, "{byte:02x}");
            name
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::Settings;
    use std::collections::HashSet;

    fn settings() -> Settings {
        Settings::new("generic")
            .token_endpoint("https://as.example/token")
            .client_id("id")
            .client_secret("secret")
            .scopes(["a", "b"])
    }

    fn name(settings: Settings) -> String {
        NamingKey::new(&[1; KEY]).name(&Identity::of(&Connection::new(settings).unwrap()))
    }

    #[test]
    fn whatever_shapes_the_token_shapes_the_name() {
        let user = |name: &str| settings().username(name).password("p");
        let others = [
            settings(),
            settings().token_endpoint("https://as.example/token2"),
            settings().client_id("id2"),
            settings().scopes(["a"]),
            settings().scopes(["ab"]),
            settings().audience("a"),
            settings().audience("b"),
            settings().resource(["https://api.example/"]),
            user("u"),
            user("v"),
            Settings::new("cloudlx").client_id("id").client_secret("secret"),
        ];
        let names: HashSet<_> = others.iter().cloned().map(name).collect();
        assert_eq!(names.len(), others.len());
        assert!(names.iter().all(|name| name.len() == 64));
    }

    #[test]
    fn nothing_else_does() {
        let one = name(settings());
        assert_eq!(name(settings().client_secret("another secret")), one);
        assert_eq!(name(settings().scopes(["b", "a"])), one);
        assert_eq!(name(settings().api_base("https://api.example/")), one);
        let other = NamingKey::new(&[2; KEY]).name(&Identity::of(&Connection::new(settings()).unwrap()));
        assert_ne!(other, one);
    }

    #[test]
    fn other_scopes_name_what_a_connection_of_these_scopes_names() {
        let key = NamingKey::new(&[1; KEY]);
        let identity = Identity::of(&Connection::new(settings()).unwrap());
        let other = identity.with_scopes(&["z".to_owned(), "c".to_owned()]);
        assert_eq!(key.name(&other), name(settings().scopes(["c", "z"])));
    }
}
