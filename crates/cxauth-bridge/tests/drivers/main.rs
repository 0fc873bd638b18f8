//! The machine's shape, proven with real processes: a driver in Rust, one with Python's threads and one with its asyncio,
//! each a loop that performs steps, share one store and one server that rotates refresh tokens and revokes the family
//! when one comes twice (RFC 9700 §4.14.2).
//!
//! Time is handed in, and every process is stopped at the place where it is killed: nothing here depends on how fast
//! something is.

// A program of its own: the same binary is the Rust driver.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

mod kill;
mod process;
mod renewal;
mod rust;
mod secret;
mod trouble;
mod world;

use process::Kind::{Rust, Tasks, Threads};
use std::{env, time::Instant};

const MIXED: [process::Kind; 8] = [Rust, Threads, Tasks, Rust, Threads, Tasks, Threads, Tasks];

fn main() {
    if env::args().nth(1).as_deref() == Some(rust::ARGUMENT) {
        return rust::run();
    }
    let wanted = env::args().nth(1).filter(|argument| !argument.starts_with('-')).unwrap_or_default();
    let scenarios: &[(&str, fn())] = &[
        ("8 Rust processes renew 200 times", || renewal::run([Rust; 8], 1.0)),
        ("8 processes with Python threads renew 200 times", || renewal::run([Threads; 8], 1.0)),
        ("8 processes with Python asyncio renew 200 times", || renewal::run([Tasks; 8], 1.0)),
        ("8 processes of all kinds renew 200 times, each time early", || renewal::run(MIXED, 0.9)),
        ("a process is killed at every step of its flight", kill::at_every_step),
        ("a secret changes under a flight", secret::changes_under_a_flight),
        ("a secret changes at the server first", secret::changes_at_the_server_first),
        ("an answer is lost", || trouble::an_answer_is_lost(MIXED)),
        ("a refresh token is revoked", || trouble::the_refresh_token_is_revoked(MIXED)),
        ("the server is out of order", || trouble::an_outage(MIXED)),
    ];
    let mut run = 0;
    for (name, scenario) in scenarios.iter().filter(|(name, _)| name.contains(&wanted)) {
        let start = Instant::now();
        print!("{name} ... ");
        scenario();
        println!("ok ({:.0} s)", start.elapsed().as_secs_f64());
        run += 1;
    }
    assert!(run > 0, "no scenario's name contains {wanted:?}");
}
