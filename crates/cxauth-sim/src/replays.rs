//! What works once: the identifiers of assertions and proofs (RFC 7523 §3, RFC 9449 §11.1).

use std::collections::HashSet;

#[derive(Default)]
pub(crate) struct Replays {
    seen: HashSet<(&'static str, String, String)>,
}

impl Replays {
    /// Remembers an identifier of somebody's; false when it was there before.
    pub(crate) fn first_time(&mut self, kind: &'static str, whose: &str, id: &str) -> bool {
        self.seen.insert((kind, whose.to_owned(), id.to_owned()))
    }
}
