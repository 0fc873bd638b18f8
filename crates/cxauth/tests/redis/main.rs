//! The store of a fleet, with real servers and real processes: each scenario starts its own Redis or cluster and stops it, and
//! then all of them again with Valkey.
//!
//! Time is handed in, and what is waited for is a condition: nothing here depends on how fast something is.

// A program of its own: the same binary is the fleet's worker.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

mod closed;
mod fleet;
mod late;
mod outage;
mod server;
#[path = "../support/mod.rs"]
mod support;
mod tls;
mod value;
mod worker;

use server::Kind;
use std::env;

fn main() {
    let argument = env::args().nth(1).unwrap_or_default();
    if argument == worker::ARGUMENT {
        return worker::run();
    }
    let scenarios: &[(&str, fn())] = &[
        ("the server is the one that is meant", server::is_what_is_meant),
        ("64 workers in 8 processes renew on a cluster that fails over twice", fleet::on_a_cluster),
        ("64 workers in 8 processes renew 20 times on one server", fleet::on_one_server),
        ("a process that stood still past its lease changes nothing", late::a_paused_holder),
        ("a lost lease loads and saves nothing that another one saved", late::a_lost_lease),
        ("a lease lives as long as its holder works", late::a_long_renewal),
        ("a lease ends with its holder", late::a_killed_holder),
        ("without a server a process renews alone, and hands over when it is back", outage::alone),
        ("without a server refresh tokens for one use are spared", outage::refresh_tokens_are_spared),
        ("without a server nobody renews who is told so", outage::never_alone),
        ("a server that is away is left alone", outage::is_not_hammered),
        ("an outage is an event and a number", outage::is_reported),
        ("a server that lost a write gets it again", outage::a_lost_write),
        (
            "a server that dies before a new set is saved gets it later",
            outage::a_server_that_dies_before_the_save,
        ),
        ("a set counts as saved when a replica has it", outage::replicas),
        ("nothing in the server and nothing on the way to it is a secret", closed::nothing_in_the_clear),
        ("a user with the documented rights, and none else", closed::rights),
        ("a wrong password", closed::a_wrong_password),
        ("settings that cannot be", closed::settings),
        ("over TLS, with certificates for both sides", tls::of_both_sides),
        ("over TLS to a cluster, as a user with a password", tls::cluster),
        ("what is wrong with certificates is said", tls::what_is_wrong_is_said),
        ("what does not open stays, and is no sign-out", value::what_does_not_open),
        ("a key is replaced while the fleet works", value::a_key_is_replaced),
        ("other scopes and other connections have places of their own", value::places),
        ("sets that nobody uses leave by themselves where that is wanted", value::sets_that_leave),
        ("a client that becomes another one leaves the first one's place alone", value::a_changed_identity),
    ];
    let of_each = Kind::ALL.into_iter().flat_map(|kind| {
        scenarios.iter().map(move |(name, scenario)| {
            let chosen = move || {
                kind.choose();
                scenario();
            };
            (format!("{kind:?}: {name}"), chosen)
        })
    });
    support::run_scenarios(of_each, &argument);
}
