//! `cxauth sign-in` and `cxauth discover`: a person signs in once, and the other verbs go on with it.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth_sim::{Decision, DeviceDecision, Platform, Simulator};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
};
use support::{Ended, World};

/// The connections that want a person: `code`, `device`, and `machine`, which wants none.
fn world(simulator: &Simulator) -> World {
    let further = simulator.further_connections();
    let connections = json!({ "connections": {
        "code": further["generic/public-authorization-code"],
        "device": further["generic/device-code"],
        "machine": simulator.connection(Platform::Generic),
    } });
    World::with_configuration(&toml::to_string(&connections).unwrap())
}

/// A run whose output is read while it waits for a person.
struct Run {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    seen: String,
}

impl Run {
    fn begin(world: &World, arguments: &[&str]) -> Self {
        let mut command = world.keeping(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output, seen: String::new() }
    }

    /// The rest of the first line that has this in it.
    fn read_after(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "no {words:?} in {}", self.seen);
            self.seen += &line;
            if let Some((_, rest)) = line.split_once(words) {
                return format!("{words}{}", rest.trim_end());
            }
        }
    }

    fn end(mut self) -> Ended {
        self.output.read_to_string(&mut self.seen).unwrap();
        let mut output = self.child.wait_with_output().unwrap();
        output.stdout = self.seen.into_bytes();
        Ended::of(output)
    }
}

/// What a browser does with an address.
fn visit(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (authority, target) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(stream, "GET /{target} HTTP/1.1\r\nhost: {authority}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn assert_nothing_leaks(simulator: &Simulator, ended: &Ended) {
    for secret in simulator.secrets() {
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains(&secret), "{ended:?}");
    }
}

/// R66, R69, R76.
#[test]
fn a_person_signs_in_by_the_browser_and_the_token_is_kept() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = world(&simulator);
    world.run_keeping(&["token", "code"]).says(3, &["sign_in_required", "Run `cxauth sign-in code`."]);

    let mut run = Run::begin(&world, &["sign-in", "code", "--no-browser"]);
    let url = run.read_after("http://");
    run.read_after("Waiting for at most 5 min");
    let redirect = simulator.sign_in(&url, Decision::Approve).unwrap();
    let page = visit(&redirect);
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("You can close this window."), "{page}");
    let ended = run.end();
    assert!(ended.stdout.contains("signed in") && ended.stdout.contains("`cxauth token code`"), "{ended:?}");
    assert_eq!(ended.status, 0);
    assert_nothing_leaks(&simulator, &ended);

    let token = world.run_keeping(&["token", "code"]).stdout;
    assert!(simulator.secrets().contains(&token.trim().to_owned()));
    let listed = world.run_keeping(&["status"]).stdout;
    assert!(listed.contains("code") && listed.contains("by refresh token"), "{listed}");
    assert_eq!(world.run_keeping(&["call", "code", "GET", "items?page=1"]).status, 0);
    let ended = world.run_keeping(&["sign-out", "code"]);
    assert!(ended.stdout.contains("ended at the server"), "{ended:?}");
    world.run_keeping(&["call", "code", "GET", "items"]).says(3, &["Run `cxauth sign-in code`."]);
    assert_eq!(simulator.violations(), []);
}

/// The browser gets the whole address as one argument: no shell is in between.
#[cfg(unix)]
#[test]
fn the_systems_browser_is_opened_without_a_shell() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = world(&simulator);
    let (browser, opened) = (world.home.path().join("browser"), world.home.path().join("opened"));
    fs::write(&browser, format!("#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > '{}'\n", opened.display()))
        .unwrap();
    support::set_mode(&browser, 0o700);
    let mut command = world.keeping(&["sign-in", "code"]);
    command.env("BROWSER", &browser).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut run = Run { child, output, seen: String::new() };
    let url = run.read_after("http://");
    // The browser is on its own: it may be slower than the line that names the address.
    let arguments = loop {
        match fs::read_to_string(&opened) {
            Ok(text) if text.lines().count() == 2 => break text,
            _ => std::thread::yield_now(),
        }
    };
    assert_eq!(arguments, format!("1\n{url}\n"));
    assert!(url.contains('&'), "what a shell would have taken apart");
    visit(&simulator.sign_in(&url, Decision::Approve).unwrap());
    assert_eq!(run.end().status, 0);
}

#[test]
fn a_person_who_refuses_is_told() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = world(&simulator);
    let mut run = Run::begin(&world, &["sign-in", "code", "--no-browser"]);
    let url = run.read_after("http://");
    visit(&simulator.sign_in(&url, Decision::Deny).unwrap());
    let ended = run.end();
    assert_eq!(ended.status, 3, "{ended:?}");
    assert!(
        ended.stderr.contains("authorization_refused") && !ended.stdout.contains("signed in"),
        "{ended:?}"
    );
}

/// R85.
#[test]
fn a_person_signs_in_on_another_device() {
    let simulator = Simulator::start_blocking().unwrap();
    simulator.configure(Platform::Generic, |settings| settings.device.interval = Some(1));
    let world = world(&simulator);
    let mut run = Run::begin(&world, &["sign-in", "device"]);
    assert!(run.read_after("http://").ends_with("/device"));
    let code = run.read_after("and enter the code  ");
    let code = code.rsplit(' ').next().unwrap();
    simulator.decide_device(Some(code), DeviceDecision::Approve).unwrap();
    let ended = run.end();
    assert!(ended.stdout.contains("signed in") && !ended.stdout.contains('▀'), "{ended:?}");
    assert_nothing_leaks(&simulator, &ended);
    assert_eq!(world.run_keeping(&["call", "device", "GET", "items?page=1"]).status, 0);
    assert_eq!(simulator.violations(), []);
}

#[cfg(unix)]
#[test]
fn a_terminal_shows_a_qr_code() {
    let simulator = Simulator::start_blocking().unwrap();
    simulator.configure(Platform::Generic, |settings| {
        settings.device.interval = Some(1);
        settings.device.approved_after_polls = Some(0);
    });
    let world = world(&simulator);
    let mut command = world.keeping(&["sign-in", "device", "--device"]);
    command.env("TERM", "xterm");
    let ended = support::on_terminal(command);
    assert_eq!(ended.status, 0, "{ended:?}");
    let rows = ended.stdout.lines().filter(|line| line.contains("\u{1b}[38;5;16m\u{1b}[48;5;231m"));
    assert!(rows.count() > 10, "{ended:?}");
}

#[test]
fn what_cannot_sign_in_says_what_to_do() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = world(&simulator);
    let says = |arguments: &[&str], words: &[&str]| world.run_keeping(arguments).says(2, words);
    says(&["sign-in", "machine"], &["authorization_endpoint", "cxauth discover"]);
    says(&["sign-in", "machine", "--device"], &["device_authorization_endpoint", "cxauth discover"]);
    says(&["sign-in", "device", "--no-browser"], &["cxauth sign-in device --device"]);
    says(&["sign-in", "code", "--store", "none"], &["forgotten at once", "--store"]);
    says(&["sign-in", "code", "--device", "--no-browser"], &["--no-browser"]);
    world.run_keeping(&["sign-in"]).says(2, &["no connection is named"]);
}

/// R61.
#[test]
fn a_servers_profile_is_a_connection_but_for_who_one_is() {
    let simulator = Simulator::start_blocking().unwrap();
    let issuer = simulator.base(Platform::Generic);
    let world = World::new();
    let ended = world.run(&["discover", &issuer, "--name", "crm"]);
    let profile = ended.succeeded();
    let toml: toml::Table = toml::from_str(profile).unwrap();
    let said = &toml["connections"]["crm"];
    assert_eq!(said["token_endpoint"].as_str(), Some(&*simulator.token_endpoint(Platform::Generic)));
    assert_eq!(said["grant"].as_str(), Some("authorization_code"));
    let json: Value = serde_json::from_str(world.run(&["discover", &issuer, "--json"]).succeeded()).unwrap();
    assert_eq!(json["issuer"], issuer);

    let world = World::with_configuration(profile);
    world.run_keeping(&["token", "crm"]).says(2, &["client_id is missing", "[connections.crm]"]);
    let client = simulator.further_connections()["generic/authorization-code"]["client_id"].clone();
    let flag = ["--client-id", client.as_str().unwrap()];
    world.run_keeping(&["token", "crm", flag[0], flag[1]]).says(3, &["cxauth sign-in crm"]);

    let default = World::new().run(&["discover", &issuer]);
    assert!(default.succeeded().contains("[connections.127-0-0-1]"), "{default:?}");
}

#[test]
fn an_issuer_that_is_none_says_so() {
    let world = World::new();
    world.run(&["discover", "as.example"]).says(2, &["cxauth discover https://as.example"]);
    world.run(&["discover", "http://as.example"]).says(2, &["insecure_url"]);
    world.run(&["discover", &support::nobody()]).says(4, &["server_unreachable"]);
    let simulator = Simulator::start_blocking().unwrap();
    let other = format!("{}/other", simulator.base(Platform::Generic));
    world.run(&["discover", &other]).says(2, &["metadata_refused"]);
}
