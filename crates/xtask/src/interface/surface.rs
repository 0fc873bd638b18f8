//! What a language's users have of the interface, compared with what the bridge defines.

use std::collections::BTreeMap;

use super::model::{Failure, Function, Interface};

/// Each item by its name in the language, members as `Type.member`, and how it is declared.
pub(super) type Surface = BTreeMap<String, String>;

/// How a language names and declares what the bridge defines.
pub(super) struct Style {
    /// Of a function, a method or a parameter.
    pub(super) function: fn(&str) -> String,
    /// Of an enum's variant.
    pub(super) variant: fn(&str) -> String,
    pub(super) signature: fn(&Function) -> String,
    /// The error's name and its declaration.
    pub(super) failure: fn(&Failure) -> (String, String),
    /// Where else an item may come from, as a part of a sentence.
    pub(super) besides: &'static str,
}

/// Where nothing is written by hand.
pub(super) const NOWHERE: &str = "which the bridge has not";

/// What the language must have.
pub(super) fn expected(interface: &Interface, style: &Style) -> Surface {
    let mut surface = Surface::new();
    for function in &interface.functions {
        surface.insert((style.function)(&function.name), (style.signature)(function));
    }
    for class in &interface.classes {
        surface.insert(class.name.clone(), "class".to_owned());
        for method in &class.methods {
            let name = format!("{}.{}", class.name, (style.function)(&method.name));
            surface.insert(name, (style.signature)(method));
        }
    }
    for enumeration in &interface.enumerations {
        surface.insert(enumeration.name.clone(), "enum".to_owned());
        for (variant, _) in &enumeration.variants {
            let name = format!("{}.{}", enumeration.name, (style.variant)(variant));
            surface.insert(name, "variant".to_owned());
        }
    }
    surface.extend(interface.failures.iter().map(style.failure));
    surface
}

/// What the language lacks, has otherwise, and has besides.
pub(super) fn gaps(language: &str, besides: &str, expected: &Surface, found: &Surface) -> Vec<String> {
    let missing = without(expected, found);
    let missing = missing.into_keys().map(|name| format!("{language} lacks {name}"));
    let otherwise = expected.iter().filter_map(|(name, declared)| match found.get(name) {
        Some(otherwise) if otherwise != declared => {
            Some(format!("{language} has {name} as `{otherwise}` instead of `{declared}`"))
        }
        _ => None,
    });
    let besides = without(found, expected)
        .into_iter()
        .map(|(name, declared)| format!("{language} has {name} (`{declared}`), {besides}"));
    missing.chain(otherwise).chain(besides).collect()
}

/// The items of the one that the other has not; a type stands for its members.
fn without(one: &Surface, other: &Surface) -> Surface {
    let is_only_here = |name: &str| one.contains_key(name) && !other.contains_key(name);
    let owner_is = |name: &str| name.split_once('.').is_some_and(|(owner, _)| is_only_here(owner));
    let only_here = one.iter().filter(|(name, _)| is_only_here(name) && !owner_is(name));
    only_here.map(|(name, declared)| (name.clone(), declared.clone())).collect()
}

/// What a script found in a loaded module: an item a line, its name, a tab, and how it is declared. An error is given with
/// all that an exception has; what counts is which parts of the bridge's it has.
pub(super) fn introspected(lines: &str, interface: &Interface) -> Surface {
    let items = lines.lines().filter_map(|line| line.split_once('\t'));
    items
        .map(|(name, declared)| {
            let failure = interface.failures.iter().find(|failure| failure.name == name);
            let parts =
                failure.map(|failure| failure.parts_among(|part| declared.split(',').any(|own| own == part)));
            (name.to_owned(), parts.unwrap_or_else(|| declared.to_owned()))
        })
        .collect()
}

/// `next_wakeup_ms` as `nextWakeupMs`.
pub(super) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |start, word| {
        let (initial, rest) = word.split_at(word.len().min(1));
        start + &initial.to_uppercase() + rest
    })
}

/// `SignedOut` as `signedOut`.
pub(super) fn lower_camel(name: &str) -> String {
    let (initial, rest) = name.split_at(name.len().min(1));
    initial.to_lowercase() + rest
}

/// `SignedOut` as `SIGNED_OUT`.
pub(super) fn shouted(name: &str) -> String {
    let mut shouted = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !shouted.is_empty() {
            shouted.push('_');
        }
        shouted.extend(character.to_uppercase());
    }
    shouted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surface(items: &[(&str, &str)]) -> Surface {
        items.iter().map(|(name, declared)| ((*name).to_owned(), (*declared).to_owned())).collect()
    }

    #[test]
    fn each_kind_of_gap_names_the_language_and_the_item() {
        let expected =
            surface(&[("a", "()"), ("B", "class"), ("B.c", "(d)"), ("D", "enum"), ("D.e", "variant")]);
        assert!(gaps("Kotlin", NOWHERE, &expected, &expected).is_empty());
        let found = surface(&[("B", "class"), ("B.c", "(e)"), ("f", "()"), ("F", "class"), ("F.g", "()")]);
        assert_eq!(
            gaps("Kotlin", NOWHERE, &expected, &found),
            [
                "Kotlin lacks D",
                "Kotlin lacks a",
                "Kotlin has B.c as `(e)` instead of `(d)`",
                "Kotlin has F (`class`), which the bridge has not",
                "Kotlin has f (`()`), which the bridge has not",
            ]
        );
    }

    #[test]
    fn names_are_written_as_the_languages_write_them() {
        assert_eq!(camel("next_wakeup_ms"), "nextWakeupMs");
        assert_eq!(camel("token68"), "token68");
        assert_eq!(lower_camel("SignedOut"), "signedOut");
        assert_eq!(shouted("SignedOut"), "SIGNED_OUT");
    }
}
