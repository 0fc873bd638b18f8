//! The file store, with real processes, real signals, real disks that are full and a real keychain.
//!
//! What is waited for is a condition and each process is stopped where it is killed: nothing here depends on how fast
//! something is.

// A program of its own: the same binary is the other process.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

mod damage;
mod fleet;
mod holder;
mod keychain;
mod kill;
mod modes;
mod other;
mod process;
#[path = "../support/mod.rs"]
mod support;
mod trouble;

use std::env;

fn main() {
    let argument = env::args().nth(1).unwrap_or_default();
    if argument == process::ARGUMENT {
        return other::run();
    }
    let scenarios: &[(&str, fn())] = &[
        ("8 processes renew 200 times", fleet::renews),
        ("a process is killed at each step of a write", kill::at_each_step),
        ("a process is killed while its request is on the way", kill::between_send_and_save),
        ("modes and order of what a write does, as the kernel sees it", modes::of_a_write),
        ("a holder that stands still", holder::stands_still),
        ("a lock file that is removed", holder::removed_lock_file),
        ("what belongs to others, or lets others in", trouble::foreign),
        ("no permission", trouble::no_permission),
        ("a full disk", trouble::full_disk),
        ("a limit on a file's size", trouble::limited_file),
        ("a read-only disk", trouble::read_only),
        ("truncated, turned over, older, newer", damage::kinds),
        ("the key lies in the keychain", keychain::keeps_the_key),
        ("processes make one key together", keychain::one_key),
        ("a keychain that is not there, or lost its key", keychain::gone),
    ];
    support::run_scenarios(scenarios.iter().copied(), &argument);
}
