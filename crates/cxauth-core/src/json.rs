//! JSON read member by member, so that a name that stands twice is seen, and no error text repeats a value.

use alloc::{borrow::Cow, collections::BTreeSet, string::String, vec::Vec};
use core::fmt;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The text is not the JSON that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The members of one JSON object, in their order, each name once.
pub(crate) struct Object<'text>(Vec<(String, &'text RawValue)>);

impl<'text> Object<'text> {
    pub(crate) fn parse(text: &'text str) -> Result<Self, Malformed> {
        serde_json::from_str(text).map_err(|_| Malformed)
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, Value<'text>)> {
        self.0.iter().map(|(name, raw)| (name.as_str(), Value(raw.get())))
    }

    /// The member of this name; a null counts as absent.
    pub(crate) fn member(&self, name: &str) -> Option<Value<'text>> {
        self.members().find(|(member, value)| *member == name && !value.is_null()).map(|(_, value)| value)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut names = BTreeSet::new();
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    // RFC 7493 §2.3: two readers may take different ones of two equal names.
                    if !names.insert(name.clone()) {
                        return Err(serde::de::Error::custom("a name stands twice"));
                    }
                    members.push((name, value));
                }
                Ok(Object(members))
            }
        }

        deserializer.deserialize_map(Members)
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
        serde_json::from_str::<Cow<'text, str>>(self.0).map(Cow::into_owned).map_err(|_| Malformed)
    }

    /// A number as it was written: no float stands between, so nothing is lost or rounded.
    pub(crate) fn number(self) -> Option<&'text str> {
        self.0.starts_with(|first: char| first == '-' || first.is_ascii_digit()).then_some(self.0)
    }

    pub(crate) fn boolean(self) -> Result<bool, Malformed> {
        serde_json::from_str(self.0).map_err(|_| Malformed)
    }

    pub(crate) fn integer(self) -> Result<i64, Malformed> {
        serde_json::from_str(self.0).map_err(|_| Malformed)
    }

    pub(crate) fn texts(self) -> Result<Vec<String>, Malformed> {
        serde_json::from_str(self.0).map_err(|_| Malformed)
    }

    pub(crate) fn is_array(self) -> bool {
        self.0.starts_with('[')
    }

    pub(crate) fn object(self) -> Result<Object<'text>, Malformed> {
        Object::parse(self.0)
    }
}
