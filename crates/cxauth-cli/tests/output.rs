//! What the command prints when all is well, and to whom.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read},
    process::Stdio,
};
use support::World;

#[test]
fn help_fits_a_screen_and_shows_examples() {
    let world = World::new();
    for arguments in [
        &["--help"][..],
        &["token", "--help"],
        &["call", "--help"],
        &["sim", "--help"],
        &["demo", "--help"],
        &["status", "--help"],
        &["sign-out", "--help"],
    ] {
        let ended = world.run(arguments);
        let help = ended.succeeded();
        assert!(help.lines().count() <= 48, "{} lines", help.lines().count());
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
    let help = world.run(&["--help"]);
    assert!(help.stdout.lines().count() <= 40);
    for word in [
        "demo",
        "platforms",
        "token",
        "call",
        "status",
        "sign-out",
        "sim",
        "vectors",
        "Examples",
        "Exit status",
    ] {
        assert!(help.stdout.contains(word), "{word}");
    }
    assert!(!help.stdout.contains('\u{1b}'));
}

#[test]
fn the_command_alone_shows_its_help() {
    let ended = World::new().run(&[]);
    assert_eq!((ended.status, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("Usage: cxauth"));
}

#[test]
fn platforms_lists_each_with_what_it_needs() {
    let world = World::new();
    let ended = world.run(&["platforms"]);
    let list = ended.succeeded();
    for id in cxauth_core::PLATFORMS {
        assert!(list.lines().any(|line| line.starts_with(id)), "{id}");
    }
    assert!(list.lines().all(|line| line.chars().count() <= 100), "{list}");
    assert!(!list.contains('\u{1b}'));

    let ended = world.run(&["platforms", "--json"]);
    let lines: Vec<Value> =
        ended.succeeded().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<_> = lines.iter().map(|line| line["platform"].as_str().unwrap()).collect();
    assert_eq!(ids, cxauth_core::PLATFORMS);
    assert_eq!(lines[1]["token_endpoint"], "https://id.cisco.com/oauth2/default/v1/token");
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let world = World::new();
    for arguments in [&["platforms"][..], &["--help"], &["demo", "--json"]] {
        let mut command = world.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(stderr, "", "{arguments:?}");
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn sim_serves_until_it_is_interrupted() {
    use rustix::process::{Pid, Signal, kill_process};

    for (signal, arguments) in [(Signal::INT, &["sim"][..]), (Signal::TERM, &["sim", "--json"])] {
        let world = World::new();
        let mut child = world.command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        let is_last = |line: &str| line.starts_with('{') || line.contains("sangoma-cx/one-scope");
        while !text.lines().last().is_some_and(is_last) {
            assert_ne!(output.read_line(&mut text).unwrap(), 0, "{text}");
        }
        let connections: Value = if text.starts_with('{') {
            serde_json::from_str(&text).unwrap()
        } else {
            toml::from_str(&text).unwrap()
        };
        let base = connections["connections"]["cloudlx"]["base"].as_str().unwrap();
        let address = base.strip_prefix("http://").unwrap();
        assert!(std::net::TcpStream::connect(address).is_ok());
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        assert!(std::net::TcpStream::connect(address).is_err());
    }
}

#[test]
fn sim_says_when_a_port_is_taken() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    if taken.local_addr().unwrap().port() <= 65_000 {
        World::new().run(&["sim", "--port", &port]).says(2, &["cannot listen", "--port"]);
    }
}
