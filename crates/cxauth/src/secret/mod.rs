//! The one module that opens secrets.

use crate::Secret;
use std::io::{self, Write};

/// Writes the value itself, into a store.
pub(crate) fn write(secret: &Secret, into: &mut impl Write) -> io::Result<()> {
    into.write_all(secret.expose().as_bytes())
}
