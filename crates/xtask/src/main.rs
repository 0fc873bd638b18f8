//! `cargo xtask`: set-up, checks and every test of the project, each part with the minutes that it took.

// A command line tool talks to its user on the standard streams.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod android;
mod bench;
mod bridge;
mod check;
mod interface;
mod kotlin;
mod layers;
mod maven;
mod native;
mod npm;
mod obligations;
mod pack;
mod part;
mod process;
mod python;
mod setup;
mod suite;
mod swift;
mod vectors;
mod workspace;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    part::{Part, run_parts},
    workspace::Workspace,
};

/// Set-up, checks and tests of cxauth
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what builds and tests need; quick when nothing is to do
    Setup,
    /// Check format, lints, dependencies and documentation
    Check,
    /// Set up, check, and run every test in every language
    Test {
        /// Run this part only (may be given again)
        #[arg(long, value_name = "PART")]
        only: Vec<String>,
        /// Name the parts and run none
        #[arg(long)]
        list: bool,
    },
    /// Generate the interface in every language and write it where it is committed
    Interface {
        /// Write nothing; fail when what is committed is stale or a language lacks something
        #[arg(long)]
        check: bool,
    },
    /// Write the page of the standards' obligations and the tests that show them
    Obligations,
    /// Run a folder of scenarios in every language
    Vectors {
        /// The folder of scenarios
        #[arg(long, value_name = "DIR", default_value = "tests/vectors")]
        dir: PathBuf,
        /// In this language only (may be given again)
        #[arg(long = "language", value_name = "LANGUAGE", value_parser = vectors::languages())]
        languages: Vec<String>,
    },
    /// Build the native library for Android, as the folder `jniLibs` of an app
    Android {
        /// The folder to fill, `android/jniLibs` in the target folder by default
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// For this ABI only (may be given again)
        #[arg(long = "abi", value_name = "ABI", value_parser = android::abis())]
        abis: Vec<String>,
    },
    /// Build a package as it is published, into target/packages
    Pack { package: pack::Package },
    /// Measure, next to what people use today
    Bench { benchmark: bench::Benchmark },
    /// Show cxauth at work against the simulator
    Demo,
}

fn main() -> ExitCode {
    let workspace = Workspace::here();
    let demo = [Part::new("demo", "the command against the simulator, on loopback", suite::demo)];
    let passed = match Arguments::parse().verb {
        Verb::Setup => run_parts(&workspace, setup::PARTS),
        Verb::Check => run_parts(&workspace, check::PARTS),
        Verb::Test { list: true, .. } => {
            for part in all_parts() {
                println!("{:<24}{}", part.name, part.about);
            }
            true
        }
        Verb::Test { only, list: false } => match select(&only) {
            Ok(parts) => run_parts(&workspace, &parts),
            Err(name) => {
                eprintln!("error: there is no part `{name}`: see `cargo xtask test --list`");
                false
            }
        },
        Verb::Interface { check } => {
            let run = if check { interface::check } else { interface::write };
            run_parts(&workspace, &[Part::new("interface", "the interface in every language", run)])
        }
        Verb::Obligations => report(obligations::write(&workspace)),
        Verb::Vectors { dir, languages } => vectors::run_and_report(&workspace, &dir, &languages),
        Verb::Android { out, abis } => match android::build(&workspace, out, &abis) {
            Ok(()) => true,
            Err(error) => {
                eprintln!("error: {error:#}");
                false
            }
        },
        Verb::Pack { package } => report(pack::pack(&workspace, package)),
        Verb::Bench { benchmark } => report(bench::run(&workspace, benchmark)),
        Verb::Demo => run_parts(&workspace, &demo),
    };
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(result: anyhow::Result<part::Done>) -> bool {
    if let Err(error) = &result {
        eprintln!("error: {error:#}");
    }
    result.is_ok()
}

fn all_parts() -> Vec<Part> {
    [setup::PARTS, check::PARTS, suite::PARTS].concat()
}

/// The parts of these names, in their usual order; all for no name; the first name that none has as an error.
fn select(names: &[String]) -> Result<Vec<Part>, &str> {
    let parts = all_parts();
    if let Some(unknown) = names.iter().find(|name| parts.iter().all(|part| part.name != **name)) {
        return Err(unknown);
    }
    Ok(parts
        .into_iter()
        .filter(|part| names.is_empty() || names.iter().any(|name| name == part.name))
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn parts_are_selected_by_name_and_run_in_their_order() {
        let names = |parts: Vec<Part>| parts.iter().map(|part| part.name).collect::<Vec<_>>();
        let every = names(select(&[]).unwrap());
        assert_eq!(
            names(select(&["interop".to_owned(), "format".to_owned()]).unwrap()),
            ["format", "interop"]
        );
        assert_eq!(select(&["nothing".to_owned()]).err(), Some("nothing"));
        let mut unique = every.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), every.len());
    }
}
