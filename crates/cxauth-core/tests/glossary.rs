//! `docs/errors.md` is made from the code. `CXAUTH_WRITE_DOCS=1 cargo test -p cxauth-core --test glossary` writes it anew.
#![allow(clippy::unwrap_used, missing_docs)]

use cxauth_core::{Action, ErrorCode};
use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

fn glossary() -> String {
    let mut page = String::from(
        "# Errors\n\n\
         Every error has a code that never changes its meaning, and one action: what to do next. The codes are the same in \
         every language. This page is made from `crates/cxauth-core/src/error.rs`; a test keeps the two equal.\n\n\
         | action | what it means for the program |\n\
         |---|---|\n\
         | `retry` | Wait until the error's `retry_at`, then ask again; the session sends nothing before. |\n\
         | `sign_in` | A person signs in again. |\n\
         | `fix_configuration` | Somebody corrects the connection, or the client's registration at the server. |\n\
         | `report` | Nothing the user can mend: tell the developers. |\n",
    );
    for action in [Action::FixConfiguration, Action::SignIn, Action::Retry, Action::Report] {
        write!(page, "\n## `{action}`\n\n| code | what happened | what to do |\n|---|---|---|\n").unwrap();
        for code in ErrorCode::ALL.iter().filter(|code| code.action() == action) {
            writeln!(page, "| `{code}` | {} | {} |", code.meaning().trim(), code.advice()).unwrap();
        }
    }
    page + OF_JAVASCRIPT
}

/// What only the npm package says, about what only it has. Its tests see that every code of its own stands here.
const OF_JAVASCRIPT: &str = "
## In JavaScript only

Both ask for `fix_configuration`.

| code | what happened | what to do |
|---|---|---|
| `secret_in_browser` | A client secret or an API key was given in a browser, where whoever opens the page can read it. | \
Let your own backend get the token and hand it to the signed-in page (fetchToken), take a public client, or sign in by an \
authorization code with PKCE. |
| `module_unavailable` | The WebAssembly module could not be loaded. | Serve its file, import from cxauth/inline, or set the \
option wasm; a Content-Security-Policy needs 'wasm-unsafe-eval' in script-src. |
";

#[test]
fn the_page_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md");
    if std::env::var_os("CXAUTH_WRITE_DOCS").is_some() {
        fs::write(&path, glossary()).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), glossary());
}

#[test]
fn codes_are_unique_and_found_by_name() {
    let names: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), ErrorCode::ALL.len());
    for code in ErrorCode::ALL {
        assert_eq!(ErrorCode::from_name(code.as_str()), Some(*code));
    }
}
