//! The `cxauth` command: tokens and API calls from a shell, the simulator, a demonstration, and the scenarios.

mod arguments;
mod call;
mod client;
mod configuration;
mod connection;
mod demo;
mod discover;
mod failure;
mod given;
mod platforms;
mod qr;
mod secret;
mod sign_in;
mod sign_out;
mod sim;
mod status;
mod store;
mod terminal;
mod time;
mod token;
mod vectors;

use crate::{
    arguments::{Arguments, Verb},
    failure::{Failure, Status},
};
use std::{io, process::ExitCode};

fn main() -> ExitCode {
    forbid_core_dumps();
    let status = arguments::parse().and_then(run).unwrap_or_else(Failure::report);
    ExitCode::from(status as u8)
}

fn run(arguments: Arguments) -> Result<Status, Failure> {
    match arguments.verb {
        Verb::Demo(arguments) => demo::run(&arguments),
        Verb::Platforms(arguments) => platforms::run(&arguments),
        Verb::Token(arguments) => token::run(&arguments),
        Verb::Call(arguments) => call::run(&arguments),
        Verb::SignIn(arguments) => sign_in::run(arguments),
        Verb::Discover(arguments) => discover::run(&arguments),
        Verb::Status(arguments) => status::run(&arguments),
        Verb::SignOut(arguments) => sign_out::run(&arguments),
        Verb::Sim(arguments) => sim::run(&arguments),
        Verb::Vectors { dir } => {
            let summary = vectors::run(&dir, &mut io::stdout().lock())?;
            Ok(if summary.is_success() { Status::Success } else { Status::NotAsItShouldBe })
        }
    }
}

/// A core dump would hold every secret of the process. Where the system refuses, nothing is lost but this protection.
fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
