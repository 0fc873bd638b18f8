//! Every wrong input: one line that says what to do, the status for it, and no secret.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use support::{World, nobody, set_mode};

const CANARY: &str = "cxauth-canary-of-this-test";

#[test]
fn a_word_that_the_command_does_not_know() {
    let world = World::new();
    world.run(&["platform"]).says(2, &["'platform'", "'platforms'"]);
    world.run(&["demo", "--jsno"]).says(2, &["--jsno", "--json"]);
    world.run(&["token", "cloudcx", "too", "many"]).says(2, &["one word too many", "cxauth token --help"]);
    world.run(&["sim", "--port", "70000"]).says(2, &["--port"]);
    world.run(&["vectors"]).says(2, &["<DIR>"]);
}

#[test]
fn no_connection_is_named() {
    World::new().run(&["token"]).says(2, &["no connection is named", "cxauth platforms"]);
}

#[test]
fn an_unknown_name_brings_near_ones() {
    let world = World::with_configuration("[connections.support-eu]\nplatform = \"cloudcx\"\n");
    world.run(&["token", "suport-eu"]).says(2, &["`suport-eu`", "did you mean `support-eu`?"]);
    world.run(&["token", "clodcx"]).says(2, &["did you mean `cloudcx`"]);
    world.run(&["token", "qqq"]).says(2, &["`cxauth platforms`", "[connections.NAME]"]);
    world.run(&["token", "--platform", "sangoma"]).says(2, &["unknown_platform", "sangoma-cx"]);
    world.run_with(&[("CXAUTH_PLATFORM", "clodcx")], &["token"]).says(2, &["did you mean `cloudcx`"]);
}

#[test]
fn a_missing_setting() {
    let world = World::with_configuration(
        "[connections.inventory]\nplatform = \"cisco-cx-cloud\"\nclient_id = \"id\"\n",
    );
    let missing = world.run(&["token", "inventory"]);
    missing.says(2, &["client_secret is missing", "{ env = ", "[connections.inventory]", "config.toml"]);
    let missing = world.run(&["token", "cisco-cx-cloud", "--client-id", "id"]);
    missing
        .says(2, &["client_secret is missing", "CXAUTH_CLIENT_SECRET", "--secret-file client_secret=PATH"]);
    let missing =
        world.run(&["token", "cloudcx", "--domain", "cx.example", "--client-id", "id", "--username", "si"]);
    missing.says(2, &["password is missing", "CXAUTH_PASSWORD"]);
    world
        .run(&["token", "cloudcx"])
        .says(2, &["missing_setting", "domain is missing", "cxauth token --help"]);
    world.run(&["token", "cisco-cx-cloud"]).says(2, &["client_id is missing", "CXAUTH_CLIENT_ID"]);
    world.run(&["token", "generic"]).says(2, &["token_endpoint is missing", "--set token_endpoint="]);
}

#[test]
fn a_configuration_that_cannot_be_read() {
    let world = World::new();
    let absent = [("CXAUTH_CONFIG", "absent.toml")];
    world.run_with(&absent, &["token", "cloudcx"]).says(2, &["absent.toml", "cannot read"]);
    world.run(&["token", "cloudcx", "--config", "."]).says(2, &["cannot read the configuration file ."]);
    fs::write(world.home.path().join("latin1.toml"), b"# caf\xe9\n").unwrap();
    world.run(&["token", "cloudcx", "--config", "latin1.toml"]).says(2, &["latin1.toml", "UTF-8"]);
}

#[test]
fn broken_toml_says_the_line_and_repeats_nothing() {
    for line in [
        format!("client_secret = \"{CANARY}"),
        format!("client_secret = {CANARY}"),
        CANARY.to_owned(),
        format!("client_secret = \"{CANARY}\\q\""),
        format!("client_secret = \"a\" \"{CANARY}\""),
    ] {
        let world = World::with_configuration(&format!("[connections.a]\nplatform = \"cloudlx\"\n{line}\n"));
        let ended = world.run(&["token", "a"]);
        ended.says(2, &["config.toml, line 3, is not TOML"]);
        assert!(!ended.stderr.contains(CANARY), "{ended:?}");
    }
}

#[test]
fn a_configuration_with_other_tables() {
    let world = World::with_configuration("[connection.a]\nplatform = \"cloudlx\"\n");
    world.run(&["token", "a"]).says(2, &["`connection`", "[connections.NAME]"]);
    let world = World::with_configuration("[connections]\na = 1\n");
    world.run(&["token", "a"]).says(2, &["`a`", "[connections.a]"]);
}

#[test]
fn a_setting_that_is_wrong() {
    let world = World::with_configuration("[connections.a]\nplatform = \"cloudlx\"\nclient_ids = \"x\"\n");
    world.run(&["token", "a"]).says(2, &["unknown_setting", "client_ids", "[connections.a]"]);
    let cisco = ["token", "cisco-cx-cloud", "--client-id", "id"];
    let with =
        |more: &[&str]| World::new().run_with(&[("CXAUTH_CLIENT_SECRET", CANARY)], &[&cisco, more].concat());
    with(&["--set", "nonsense=1"]).says(2, &["unknown_setting", "nonsense"]);
    with(&["--set", "nonsense"]).says(2, &["NAME=VALUE"]);
    with(&["--set", "grace=soon"]).says(2, &["invalid_setting", "grace"]);
    with(&["--set", "token_endpoint=nowhere"]).says(2, &["invalid_setting", "token_endpoint"]);
    with(&["--set", "token_endpoint=http://as.example/token"]).says(2, &["insecure_url", "https"]);
    with(&["--set", "token_endpoint=https://user@as.example/token"]).says(2, &["insecure_url"]);
    let world = World::with_configuration(
        "[connections.a]\nplatform = \"cloudlx\"\nbase = \"http://portal.example\"\nclient_id = \"id\"\nclient_secret = \"x\"\n",
    );
    world.run(&["token", "a"]).says(2, &["insecure_url", "base", "[connections.a]"]);
}

#[test]
fn a_secret_on_the_command_line() {
    let world = World::new();
    for arguments in [
        &["token", "cloudlx", "--set", &format!("client_secret={CANARY}")][..],
        &["token", "cloudlx", &format!("--client-secret={CANARY}")],
        &["token", "cloudlx", "--client-secret", CANARY],
    ] {
        let ended = world.run(arguments);
        ended.says(
            2,
            &["can read a command line", "CXAUTH_CLIENT_SECRET", "--secret-file client_secret=PATH"],
        );
        assert!(!ended.stderr.contains(CANARY), "{ended:?}");
    }
    let ended = world.run(&["token", "cloudlx", CANARY]);
    assert!(!ended.stderr.contains(CANARY), "{ended:?}");
    world.run(&["token", "cloudlx", "--secret-file", "secret=x"]).says(2, &["client_secret, password"]);
    world.run(&["token", "cloudlx", "--secret-file", "client_secret"]).says(2, &["NAME=PATH"]);
}

#[test]
fn a_secret_with_a_line_break() {
    let cisco = ["token", "cisco-cx-cloud", "--client-id", "id"];
    let with_break = format!("{CANARY}\n\n");
    let ended = World::new().run_with(&[("CXAUTH_CLIENT_SECRET", &with_break)], &cisco);
    ended.says(2, &["line break", "CXAUTH_CLIENT_SECRET"]);
    assert!(!ended.stderr.contains(CANARY));
    let world = World::with_configuration(&format!(
        "[connections.a]\nplatform = \"cloudlx\"\nclient_id = \"id\"\nclient_secret = \"\"\"\n{CANARY}\n\"\"\"\n"
    ));
    let ended = world.run(&["token", "a"]);
    ended.says(2, &["line break", "client_secret in [connections.a]"]);
    assert!(!ended.stderr.contains(CANARY));
    let from_stdin = [&cisco[..], &["--secret-stdin", "client_secret"]].concat();
    World::new().run_on_input(b"one\ntwo\n", &from_stdin).says(2, &["line break", "standard input"]);
    World::new().run_on_input(b"", &from_stdin).says(2, &["standard input is empty"]);
}

#[test]
fn a_secret_whose_source_is_not_there() {
    let cisco = ["token", "cisco-cx-cloud", "--client-id", "id"];
    let with = |more: &[&str]| World::new().run(&[&cisco, more].concat());
    with(&["--secret-file", "client_secret=absent"]).says(2, &["secret_unreadable", "absent"]);
    with(&["--secret-command", "client_secret=/absent/program"]).says(2, &["secret_unreadable"]);
    with(&["--secret-command", "client_secret=false"]).says(2, &["secret_unreadable"]);
    let world = World::with_configuration(
        "[connections.a]\nplatform = \"cloudlx\"\nclient_id = \"id\"\nclient_secret = { env = \"UNSET_HERE\" }\n",
    );
    world.run(&["token", "a"]).says(2, &["secret_unreadable", "UNSET_HERE"]);
}

#[test]
fn a_server_that_is_not_there() {
    let world = World::with_configuration(&format!(
        "[connections.a]\nplatform = \"cloudlx\"\nbase = \"{}\"\nclient_id = \"id\"\nclient_secret = \"{CANARY}\"\n",
        nobody()
    ));
    let ended = world.run(&["token", "a"]);
    ended.says(4, &["server_unreachable"]);
    assert!(!ended.stderr.contains(CANARY));
    world.run(&["call", "a", "GET", "services"]).says(4, &["server_unreachable"]);
}

#[cfg(unix)]
#[test]
fn a_configuration_that_others_can_read_brings_a_warning() {
    let world = World::with_configuration(&format!(
        "[connections.a]\nplatform = \"cloudlx\"\nclient_secret = \"{CANARY}\"\n",
    ));
    set_mode(&world.configuration_path(), 0o644);
    let ended = world.run(&["token", "a"]);
    let warning = ended.stderr.lines().next().unwrap();
    assert!(
        warning.contains("warning: client_secret stands as text") && warning.contains("chmod 600"),
        "{ended:?}"
    );
    assert_eq!(ended.stderr.lines().count(), 2, "{ended:?}");
    assert!(!ended.stderr.contains(CANARY), "{ended:?}");
}
