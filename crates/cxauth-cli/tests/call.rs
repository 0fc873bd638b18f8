//! `cxauth call`: what goes to the API, what comes back, and where the token never goes.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth_sim::{Effect, Endpoint, Fault, Platform, RedirectTarget, Simulator};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread::{self, JoinHandle},
};
use support::World;

#[test]
fn the_answer_comes_out_untouched() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let ended = world.run(&["call", "cloudcx", "GET", "user/page?pageIndex=1&pageSize=25&keywords=si"]);
    let users: Value = serde_json::from_str(ended.succeeded()).unwrap();
    assert_eq!(users["data"]["list"].as_array().unwrap().len(), 25);
    assert!(!ended.stdout.ends_with('\n'));

    let absolute = simulator.api_base(Platform::CloudLx) + "services/7/service";
    let ended = world.run(&["call", "cloudlx", "get", &absolute]);
    assert!(ended.succeeded().contains("Service 7"));
    let ended = world.run(&["call", "cloudcx/api-key", "GET", "/user/page"]);
    assert!(ended.succeeded().contains("Martha 1"));
    let ended = world.run(&["call", "sangoma-cx", "POST", "api/v1/agents/call/", "--data", "{}"]);
    assert!(ended.succeeded().contains("queued"));
    assert_eq!(simulator.violations(), []);
}

#[test]
fn include_prints_the_head_first() {
    let simulator = Simulator::start_blocking().unwrap();
    let ended = World::of(&simulator).run(&["call", "cloudlx", "GET", "services", "-i"]);
    let (head, body) = ended.succeeded().split_once("\n\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\n") && head.contains("content-type: application/json"),
        "{head}"
    );
    assert!(serde_json::from_str::<Value>(body).is_ok(), "{body}");
}

#[test]
fn the_status_says_how_the_api_answered() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let ended = world.run(&["call", "cloudlx", "GET", "nothing/here"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (6, "{\"error\":\"not_found\"}"));
    assert!(ended.stderr.starts_with("cxauth: the API answered 404 Not Found"), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1);

    let broken = Effect::Status { status: 500, headers: Vec::new(), body: "oh".to_owned() };
    let number = simulator.arm(Fault::new(broken).at(Endpoint::Api));
    let ended = world.run(&["call", "cloudlx", "GET", "services"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (7, "oh"), "{ended:?}");
    simulator.clear_fault(number);

    simulator.arm(Fault::new(Effect::Drop).at(Endpoint::Api).times(1));
    world.run(&["call", "cloudlx", "GET", "services"]).says(4, &["the API did not answer"]);
}

#[test]
fn a_refused_token_is_renewed_and_the_request_sent_once_more() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    simulator.arm(Fault::new(Effect::RevokeToken).at(Endpoint::Api).times(1));
    world.run(&["call", "cisco-cx-cloud", "GET", "contracts/coverage"]).succeeded();
    let counters = simulator.journal(Platform::CiscoCxCloud).counters;
    assert_eq!((counters.token_requests, counters.api_requests), (2, 2));

    simulator.arm(Fault::new(Effect::Unauthorized { challenge: None }).at(Endpoint::Api));
    let ended = world.run(&["call", "cisco-cx-cloud", "GET", "contracts/coverage"]);
    assert_eq!(ended.status, 6, "{ended:?}");
    assert!(ended.stderr.contains("401 Unauthorized; it refuses the token"), "{ended:?}");
}

#[test]
fn the_token_goes_nowhere_else() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let elsewhere = simulator.base(Platform::Elsewhere) + "/api/";
    for url in ["https://evil.example/api/", "http://api.example/", &elsewhere, "https://u@127.0.0.1/"] {
        world.run(&["call", "cloudlx", "GET", url]).says(2, &["destination_refused"]);
    }
    world.run(&["call", "cloudlx", "GET", "https://[bad"]).says(2, &["the URL cannot be read"]);
    assert_eq!(simulator.journal(Platform::CloudLx).counters.requests, 0);

    simulator.arm(
        Fault::new(Effect::Redirect { status: 302, to: RedirectTarget::CrossHost })
            .at(Endpoint::Api)
            .times(1),
    );
    world.run(&["call", "generic", "GET", "items"]);
    assert_eq!(simulator.violations(), []);
}

#[test]
fn what_cannot_be_sent() {
    let world = World::new();
    let call = |more: &[&str]| world.run(&[&["call", "cloudlx", "GET", "services"], more].concat());
    call(&["-H", "no colon"]).says(2, &["-H 'Name: value'"]);
    call(&["-H", "bad name: x"]).says(2, &["-H 'Name: value'"]);
    let ended = call(&["-H", "Authorization: Bearer cxauth-canary-mine"]);
    ended.says(2, &["Authorization itself"]);
    assert!(!ended.stderr.contains("canary"));
    call(&["--data", "@absent"]).says(2, &["absent", "--data"]);
    call(&["--data", "-", "--secret-stdin", "client_secret"]).says(2, &["both"]);
    world.run(&["call", "cloudlx", "G T", "services"]).says(2, &["METHOD"]);
    world.run(&["call", "cloudlx"]).says(2, &["METHOD"]);
    world.run(&["call", "GET", "services"]).says(2, &["no connection is named"]);
}

/// An API that answers one request, and tells what it got.
struct Api {
    base: String,
    request: JoinHandle<(String, Vec<u8>)>,
}

impl Api {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let request = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                assert_ne!(reader.read_line(&mut head).unwrap(), 0);
            }
            let length = head.to_lowercase();
            let length =
                length.split("content-length: ").nth(1).map_or("0", |rest| rest.lines().next().unwrap());
            let mut body = vec![0; length.parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\x00\xff\r\n").unwrap();
            (head, body)
        });
        Self { base, request }
    }

    /// Sends a request with an API key, and returns the head and the body that arrived.
    fn receives(self, input: &[u8], arguments: &[&str]) -> (String, Vec<u8>) {
        let world = World::with_configuration(&format!(
            "[connections.key]\napi_base = \"{}\"\napi_key = {{ env = \"MY_KEY\" }}\n",
            self.base
        ));
        fs::write(world.home.path().join("body"), b"from a file\n").unwrap();
        let mut command = world.command(&[&["call", "key"], arguments].concat());
        command.env("MY_KEY", "cxauth-canary-key").stdin(std::process::Stdio::piped());
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        // A command that reads no input may have closed it.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), &b"\x00\xff\r\n"[..]));
        self.request.join().unwrap()
    }
}

#[test]
fn header_fields_and_bodies_arrive_as_they_are() {
    let (head, body) =
        Api::start().receives(b"", &["PUT", "a?b=c", "-H", "X-One: 1", "-H", "X-Two:2", "-d", "{\"é\": 1}"]);
    assert!(head.starts_with("PUT /a?b=c HTTP/1.1\r\n"), "{head}");
    let lower = head.to_lowercase();
    for line in ["x-one: 1\r\n", "x-two: 2\r\n", "content-type: application/json\r\n"] {
        assert!(lower.contains(line), "{head}");
    }
    assert!(head.contains("Bearer cxauth-canary-key\r\n"), "{head}");
    assert_eq!(body, "{\"é\": 1}".as_bytes());

    let (head, body) = Api::start().receives(b"", &["POST", "a", "--data", "@body"]);
    assert_eq!(body, b"from a file\n");
    assert!(head.to_lowercase().contains("content-type: application/x-www-form-urlencoded\r\n"), "{head}");

    let (head, body) =
        Api::start().receives(b"\x00\xffbytes", &["POST", "a", "--data", "-", "-H", "Content-Type: x/y"]);
    assert_eq!(body, b"\x00\xffbytes");
    assert!(head.to_lowercase().contains("content-type: x/y\r\n"), "{head}");
    assert_eq!(Api::start().receives(b"[1]", &["POST", "a", "--data", "@-"]).1, b"[1]");

    let (head, body) = Api::start().receives(b"", &["DELETE", "a"]);
    assert!(body.is_empty() && !head.to_lowercase().contains("content-type"), "{head}");
}
