//! What the documents show is so: configuration that can be used, output that comes out, links that lead somewhere.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::{fs, path::PathBuf};
use support::World;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn blocks<'a>(document: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    document.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn configuration_that_is_shown_can_be_used() {
    for name in ["README.md", "docs/command.md"] {
        let document = document(name);
        let blocks = blocks(&document, "toml");
        assert!(!blocks.is_empty());
        for block in blocks {
            let world = World::with_configuration(block);
            let names =
                block.lines().filter_map(|line| line.strip_prefix("[connections.")?.split(']').next());
            for connection in names {
                // Its settings are fine; its secrets are on another machine.
                let ended = world.run(&["token", connection]);
                ended.says(2, &["secret_unreadable"]);
            }
        }
    }
}

#[test]
fn the_demonstrations_table_looks_as_shown() {
    let document = document("README.md");
    let shown = blocks(&document, "text")[0];
    let ended = World::new().run(&["demo"]);
    // The percentages are drawn anew each time.
    let shape = |line: &str| {
        line.trim_end().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>()
    };
    let printed: Vec<_> = ended.succeeded().lines().map(shape).collect();
    for line in shown.lines() {
        assert!(printed.contains(&shape(line)), "{line}");
    }
}

#[test]
fn links_lead_somewhere() {
    for name in ["README.md", "docs/command.md"] {
        let document = document(name);
        let folder = root().join(name);
        let targets = document.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            let path = target.split('#').next().unwrap();
            assert!(folder.parent().unwrap().join(path).exists(), "{name}: {target}");
        }
    }
}

/// The statuses of the document and of the help are those of the command.
#[test]
fn every_status_is_documented() {
    let document = document("docs/command.md");
    let help = World::new().run(&["--help"]).stdout;
    let help = help.split("Exit status:").nth(1).unwrap();
    for status in 0..=7 {
        assert!(document.contains(&format!("\n| {status} | ")), "{status}");
        assert!(help.contains(&format!(" {status} ")), "{status}");
    }
}
