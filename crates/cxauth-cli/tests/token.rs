//! `cxauth token`: who sees the token, and where the connection comes from.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth_sim::{Effect, Endpoint, Fault, Platform, Simulator};
use serde_json::Value;
use std::fs;
use support::{World, set_mode};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn every_way_in_brings_a_token_into_a_pipe() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    for name in simulator.connections().keys() {
        let ended = world.run(&["token", name]);
        let token = ended.succeeded().strip_suffix('\n').unwrap();
        assert!(simulator.secrets().iter().any(|secret| secret == token), "{name}: {token}");
    }
    assert_eq!(simulator.violations(), []);
}

#[test]
fn json_says_what_the_token_is() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let ended = world.run(&["token", "cisco-cx-cloud", "--json"]);
    let line: Value = serde_json::from_str(ended.succeeded()).unwrap();
    assert_eq!(line["platform"], "cisco-cx-cloud");
    assert_eq!(line["header"], "authorization");
    assert_eq!(line["scopes"], serde_json::json!(["customscope"]));
    assert!((3590..=3600).contains(&line["expires_in"].as_i64().unwrap()), "{line}");
    assert!(simulator.secrets().iter().any(|secret| secret == text(&line["access_token"])));
}

#[cfg(unix)]
mod terminal {
    use super::*;
    use support::on_terminal;

    #[test]
    fn a_terminal_shows_no_token() {
        let simulator = Simulator::start_blocking().unwrap();
        let world = World::of(&simulator);
        for name in simulator.connections().keys() {
            for more in [&[][..], &["--json"]] {
                let ended = on_terminal(world.command(&[&["token", name][..], more].concat()));
                assert_eq!((ended.status, ended.stderr.as_str()), (0, ""), "{ended:?}");
                for secret in simulator.secrets() {
                    assert!(!ended.stdout.contains(&secret), "{name}: {ended:?}");
                }
                assert!(ended.stdout.contains("authorization"), "{ended:?}");
            }
        }
    }

    #[test]
    fn reveal_prints_it_on_a_terminal_too() {
        let simulator = Simulator::start_blocking().unwrap();
        let world = World::of(&simulator);
        for more in [&["--reveal"][..], &["--reveal", "--json"]] {
            let ended = on_terminal(world.command(&[&["token", "cloudlx"][..], more].concat()));
            assert!(ended.stdout.contains("cxauth-canary-at-cloudlx"), "{ended:?}");
        }
    }

    #[test]
    fn colours_are_for_terminals_that_want_them() {
        let simulator = Simulator::start_blocking().unwrap();
        let world = World::of(&simulator);
        let seen = |variable: Option<(&str, &str)>| {
            let mut command = world.command(&["token", "cloudlx"]);
            command.env("TERM", "xterm").envs(variable);
            on_terminal(command).stdout
        };
        assert!(seen(None).contains('\u{1b}'));
        assert!(!seen(Some(("NO_COLOR", "1"))).contains('\u{1b}'));
        assert!(!seen(Some(("TERM", "dumb"))).contains('\u{1b}'));
        assert!(seen(None).contains("hidden; --reveal prints it"));
    }
}

#[test]
fn a_platform_takes_its_settings_from_flags_and_variables() {
    let simulator = Simulator::start_blocking().unwrap();
    let connections = simulator.connections();
    let world = World::new();

    let cloudlx = &connections["cloudlx"];
    let base = format!("base={}", text(&cloudlx["base"]));
    let flags = ["token", "cloudlx", "--client-id", text(&cloudlx["client_id"]), "--set", &base];
    let secret = text(&cloudlx["client_secret"]);
    world.run_with(&[("CXAUTH_CLIENT_SECRET", secret)], &flags).succeeded();
    fs::write(world.home.path().join("secret"), format!("{secret}\n")).unwrap();
    for source in ["--secret-file=client_secret=secret", "--secret-command=client_secret=cat secret"] {
        world.run(&[&flags[..], &[source]].concat()).succeeded();
    }
    let from_stdin = [&flags[..], &["--secret-stdin", "client_secret"]].concat();
    world.run_on_input(format!("{secret}\r\n").as_bytes(), &from_stdin).succeeded();

    let cloudcx = &connections["cloudcx"];
    let mut variables = vec![
        ("CXAUTH_PLATFORM", "cloudcx".to_owned()),
        ("CXAUTH_TOKEN_ENDPOINT", "is no variable of ours".to_owned()),
    ];
    for name in ["domain", "client_id", "client_secret", "username", "password"] {
        variables.push((name, text(&cloudcx[name]).to_owned()));
    }
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| match name.strip_prefix("CXAUTH_") {
            Some(_) => ((*name).to_owned(), value),
            None => (format!("CXAUTH_{}", name.to_uppercase()), value),
        })
        .collect();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let endpoint = format!("token_endpoint={}", text(&cloudcx["token_endpoint"]));
    world.run_with(&variables, &["token", "--set", &endpoint]).succeeded();
    assert_eq!(simulator.violations(), []);
}

#[test]
fn flags_are_stronger_than_the_file_and_the_file_is_alone_otherwise() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let scopes = |arguments: &[&str], variables: &[(&str, &str)]| {
        let ended = world.run_with(variables, &[&["token", "sangoma-cx", "--json"], arguments].concat());
        let line: Value = serde_json::from_str(ended.succeeded()).unwrap();
        line["scopes"].as_array().unwrap().len()
    };
    assert_eq!(scopes(&[], &[]), 3);
    assert_eq!(scopes(&["--scope", "cx.agent-calls cx.queue-calls"], &[]), 2);
    assert_eq!(scopes(&["--scope", "cx.agent-calls", "--scope", "cx.queue-calls"], &[]), 2);
    assert_eq!(scopes(&["--set", "scopes=[\"cx.agent-calls\"]"], &[]), 1);
    assert_eq!(scopes(&["--set", "scopes=cx.agent-calls cx.queue-calls"], &[]), 2);
    let left_over =
        [("CXAUTH_SCOPES", "cx.unknown"), ("CXAUTH_CLIENT_SECRET", "wrong"), ("CXAUTH_API_KEY", "key")];
    assert_eq!(scopes(&[], &left_over), 3);
}

#[test]
fn a_connection_names_where_its_secrets_are() {
    let simulator = Simulator::start_blocking().unwrap();
    let cisco = simulator.connection(Platform::CiscoCxCloud);
    let connection = |name: &str, secret: &str| {
        format!(
            "[connections.{name}]\nplatform = \"cisco-cx-cloud\"\ntoken_endpoint = {}\nclient_id = {}\n\
             client_secret = {secret}\n",
            cisco["token_endpoint"], cisco["client_id"]
        )
    };
    let world = World::with_configuration(
        &[
            connection("variable", "{ env = \"MY_SECRET\" }"),
            connection("file", "{ file = \"cisco.secret\" }"),
            connection("home", "{ file = \"~/cisco.secret\" }"),
            connection("program", "{ command = [\"printenv\", \"MY_SECRET\"] }"),
        ]
        .concat(),
    );
    let secret = text(&cisco["client_secret"]);
    fs::write(world.configuration_path().with_file_name("cisco.secret"), secret).unwrap();
    fs::write(world.home.path().join("cisco.secret"), secret).unwrap();
    for name in ["variable", "file", "home", "program"] {
        world.run_with(&[("MY_SECRET", secret)], &["token", name]).succeeded();
    }
}

#[test]
fn the_configuration_file_has_its_place() {
    let simulator = Simulator::start_blocking().unwrap();
    let elsewhere = World::of(&simulator);
    let path = elsewhere.configuration_path();
    let path = path.to_str().unwrap();
    let folder = elsewhere.home.path().join(".config");
    let world = World::new();
    world.run(&["token", "cloudlx", "--config", path]).succeeded();
    world.run_with(&[("CXAUTH_CONFIG", path)], &["token", "cloudlx"]).succeeded();
    world.run_with(&[("XDG_CONFIG_HOME", &folder)], &["token", "cloudlx"]).succeeded();
    world.run_with(&[("CXAUTH_CONFIG", "absent.toml")], &["token", "cloudlx", "--config", path]).succeeded();
    world.run_with(&[("XDG_CONFIG_HOME", ".")], &["token", "cloudlx"]).says(2, &["missing"]);
}

#[test]
fn the_status_says_what_to_do() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let refused = |error: &str| {
        simulator.clear_faults();
        simulator.arm(Fault::new(Effect::OauthError {
            status: 400,
            error: error.to_owned(),
            description: "no \u{1b}[31mway\nat all".to_owned(),
        }));
    };
    refused("invalid_client");
    world.run(&["token", "cloudlx"]).says(2, &["[invalid_client]", "\\u{1b}[31mway\\nat all"]);
    refused("invalid_grant");
    world.run(&["token", "cloudcx"]).says(3, &["[invalid_grant]", "Sign in again"]);
    refused("temporarily_unavailable");
    world.run(&["token", "cloudlx"]).says(4, &["[server_unavailable]", "asked again in"]);
    refused("invalid_request");
    world.run(&["token", "cloudlx"]).says(5, &["[invalid_request]", "Report it"]);
}

#[test]
fn a_store_keeps_the_token_for_the_next_run() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    set_mode(world.home.path(), 0o700);
    let store = world.home.path().join("tokens/cloudlx");
    let arguments = ["token", "cloudlx", "--store", store.to_str().unwrap()];
    let first = world.run(&arguments);
    let second = world.run(&arguments);
    assert_eq!(first.succeeded(), second.succeeded());
    assert_eq!(simulator.journal(Platform::CloudLx).counters.token_requests, 1);
}

#[test]
fn a_lone_refresh_token_needs_a_store() {
    let simulator = Simulator::start_blocking().unwrap();
    let generic = simulator.connection(Platform::Generic);
    let world = World::with_configuration(&format!(
        "[connections.lone]\ngrant = \"refresh_token\"\ntoken_endpoint = {}\napi_base = {}\nclient_id = {}\n\
         client_secret = {}\nrefresh_token = {{ env = \"MY_TOKEN\" }}\n",
        generic["token_endpoint"], generic["api_base"], generic["client_id"], generic["client_secret"]
    ));
    World::of(&simulator).run(&["token", "generic"]).succeeded();
    let refresh_token =
        simulator.secrets().into_iter().find(|secret| secret.contains("-rt-generic-")).unwrap();
    let variables = [("MY_TOKEN", &refresh_token)];
    set_mode(world.home.path(), 0o700);
    let store = world.home.path().join("tokens");
    let with_store = ["token", "lone", "--store", store.to_str().unwrap()];
    world.run_with(&variables, &with_store).succeeded();
    // The configured one is spent; its successor is in the store.
    simulator.revoke_access_tokens(Platform::Generic);
    let call = [&["call", "lone", "GET", "whoami"], &with_store[2..]].concat();
    world.run_with(&variables, &call).succeeded();
    let counters = simulator.journal(Platform::Generic).counters;
    assert_eq!((counters.refresh_requests, counters.reuse_detections), (2, 0));

    let ended = world.run_with(&variables, &["token", "lone"]);
    assert_eq!(ended.status, 3, "{ended:?}");
    assert!(
        ended.stderr.starts_with("cxauth: warning: the server may replace the refresh token"),
        "{ended:?}"
    );
}

/// While the token request is under way the process's arguments hold no secret, and it leaves no core dump.
#[cfg(target_os = "linux")]
#[test]
fn a_process_list_shows_no_secret() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let connection = simulator.connection(Platform::CloudLx);
    fs::write(world.home.path().join("secret"), text(&connection["client_secret"])).unwrap();
    simulator.arm(Fault::new(Effect::Hold).at(Endpoint::Token));
    let base = format!("base={}", text(&connection["base"]));
    let id = text(&connection["client_id"]);
    let arguments =
        ["token", "cloudlx", "--set", &base, "--client-id", id, "--secret-file", "client_secret=secret"];
    let mut child = world.command(&arguments).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let limit = std::time::Duration::from_secs(20);
    let asked = |journal: &cxauth_sim::Journal| journal.counters.token_requests == 1;
    assert!(simulator.wait_until_blocking(Platform::CloudLx, limit, asked));

    let process = format!("/proc/{}", child.id());
    let line = String::from_utf8_lossy(&fs::read(format!("{process}/cmdline")).unwrap()).into_owned();
    assert!(line.contains("secret-file"), "{line}");
    assert!(simulator.secrets().iter().all(|secret| !line.contains(secret)), "{line}");
    let limits = fs::read_to_string(format!("{process}/limits")).unwrap();
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(cores.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{cores}");

    simulator.release();
    assert!(child.wait().unwrap().success());
}
