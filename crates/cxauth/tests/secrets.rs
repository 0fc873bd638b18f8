//! Where secrets come from, and how they change while a client runs.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth::{Action, Client, Connection, ErrorCode, Settings};
use cxauth_sim::{Platform, Secret};
use serde_json::{Value, json};
use std::{fs, time::Duration};
use support::{World, soon};

const GENERIC: Platform = Platform::Generic;

/// A client whose secret is read from this source, at a server that knows this secret.
fn client(world: &World, source: Value, secret: &str) -> Client {
    world.configure(GENERIC, |settings| settings.clients[0].secret = Some(Secret::new(secret)));
    let mut settings = world.simulator.connection(GENERIC);
    settings["client_secret"] = source;
    world.of(Connection::from_json(&settings.to_string()).unwrap()).build().unwrap()
}

#[tokio::test]
async fn one_line_break_at_the_end_is_not_part_of_a_secret() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    for (text, secret) in [
        ("hunter2\n", "hunter2"),
        ("hunter2\r\n", "hunter2"),
        ("hunter2", "hunter2"),
        ("hunter2\n\n", "hunter2\n"),
        (" hunter2 ", " hunter2 "),
    ] {
        fs::write(&path, text).unwrap();
        let client = client(&world, json!({ "file": path }), secret);
        assert!(client.token().await.is_ok(), "{text:?}");
    }
}

#[tokio::test]
async fn secrets_come_from_the_environment_and_from_programs() {
    let world = World::new().await;
    // A variable that every test has.
    let from_environment = client(&world, json!({ "env": "CARGO_PKG_NAME" }), "cxauth");
    assert!(from_environment.token().await.is_ok());
    let unexpanded = "$HOME; `id` *";
    let from_program = client(&world, json!({ "command": ["printf", "%s\\n", unexpanded] }), unexpanded);
    assert!(from_program.token().await.is_ok(), "there is no shell");
    world.assert_no_violations();
}

#[tokio::test]
async fn secrets_come_from_functions_of_the_program() {
    let world = World::new().await;
    let mut settings = world.simulator.connection(GENERIC);
    let correct = settings["client_secret"].as_str().unwrap().to_owned();
    settings["client_secret"] = json!({ "function": "vault" });
    let connection = || Connection::from_json(&settings.to_string()).unwrap();
    let client = world
        .of(connection())
        .secret_function("vault", move || {
            let secret = correct.clone();
            async move { Ok::<_, String>(cxauth::Secret::new(secret)) }
        })
        .build()
        .unwrap();
    assert!(client.token().await.is_ok());

    let failures: [(cxauth::Builder, &str); 3] = [
        (world.of(connection()), "function vault: the program gave no function of this name"),
        (
            world
                .of(connection())
                .secret_function("vault", || async { Err::<cxauth::Secret, _>("it is sealed") }),
            "function vault: it is sealed",
        ),
        (
            world.of(connection()).secret_function("vault", || async {
                Err::<cxauth::Secret, String>("nothing".parse::<u8>().unwrap().to_string())
            }),
            "function vault: it panicked",
        ),
    ];
    for (builder, wanted) in failures {
        let error = builder.build().unwrap().token().await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::SecretUnreadable);
        assert!(error.to_string().contains(wanted), "{error}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_never_shown() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let failing = "echo cxauth-canary-output; exit 3";
    let cases = [
        (json!({ "env": "CXAUTH_NOT_SET" }), "environment variable CXAUTH_NOT_SET: it is not set"),
        (json!({ "file": "/no/such/file" }), "file /no/such/file: No such file or directory"),
        (json!({ "file": file("empty", b"\n") }), "empty: it is empty"),
        (json!({ "file": file("binary", b"cxauth-canary\xff") }), "binary: it is not UTF-8"),
        (json!({ "file": file("long", &[b'x'; 70_000]) }), "long: it is longer than 64 KiB"),
        (json!({ "file": "/dev/zero" }), "file /dev/zero: it is longer than 64 KiB"),
        (json!({ "command": ["sh", "-c", failing] }), "command sh: it ended with exit status: 3"),
        (json!({ "command": ["/no/such/program"] }), "command /no/such/program: No such file or directory"),
        (json!({ "command": ["yes"] }), "command yes: it is longer than 64 KiB"),
    ];
    for (source, wanted) in cases {
        let client = client(&world, source, "secret");
        let error = soon(client.token()).await.unwrap_err();
        assert_eq!((error.code(), error.action()), (ErrorCode::SecretUnreadable, Action::FixConfiguration));
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    assert_eq!(world.counters(GENERIC).token_requests, 0);
}

#[cfg(not(feature = "keychain"))]
#[tokio::test]
async fn without_the_feature_the_keychain_says_what_to_do() {
    let world = World::new().await;
    let client = client(&world, json!({ "keychain": "service/account" }), "secret");
    let error = client.token().await.unwrap_err();
    assert!(error.to_string().contains("keychain entry service/account"), "{error}");
    assert!(error.to_string().contains("feature"), "{error}");
}

#[cfg(feature = "keychain")]
#[tokio::test]
async fn secrets_come_from_the_keychain() {
    let world = World::new().await;
    let nowhere = client(&world, json!({ "keychain": "cxauth-canary-service/account" }), "secret");
    assert_eq!(soon(nowhere.token()).await.unwrap_err().code(), ErrorCode::SecretUnreadable);
    keyring_core::set_default_store(keyring_core::mock::Store::new().unwrap());
    keyring_core::Entry::new("service", "account").unwrap().set_password("hunter2").unwrap();
    let client = client(&world, json!({ "keychain": "service/account" }), "hunter2");
    assert!(client.token().await.is_ok());
}

/// One API call a minute, for two hours, while the secret changes with an overlap of ten minutes.
async fn calls_while_the_secret_changes(world: &World, client: &Client, mut change: impl FnMut(&str)) {
    for minute in 0..120 {
        if minute % 30 == 10 {
            world.change_secret(GENERIC, format!("cxauth-canary-new-{minute}"), Duration::from_secs(600));
        }
        if minute % 30 == 15 {
            change(&format!("cxauth-canary-new-{}", minute - 5));
        }
        assert_eq!(client.get("items").await.unwrap().status(), 200, "minute {minute}");
        client.settle().await;
        world.pass(60);
    }
    assert!(world.counters(GENERIC).token_requests > 15);
    assert_eq!(world.counters(GENERIC).token_requests_refused, 0);
    world.assert_no_violations();
}

#[tokio::test]
async fn i34_no_call_fails_while_a_secret_is_changed_by_hand() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| {
        settings.access_token_lifetime = 300;
        settings.refresh_tokens = false;
    });
    let client = world.client("generic");
    calls_while_the_secret_changes(&world, &client, |secret| {
        client.change(Settings::default().client_secret(secret)).unwrap();
    })
    .await;
}

#[tokio::test]
async fn i34_no_call_fails_while_a_secret_file_is_replaced() {
    let world = World::new().await;
    world.configure(GENERIC, |settings| {
        settings.access_token_lifetime = 300;
        settings.refresh_tokens = false;
    });
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    fs::write(&path, "cxauth-canary-first").unwrap();
    let client = client(&world, json!({ "file": path }), "cxauth-canary-first");
    calls_while_the_secret_changes(&world, &client, |secret| fs::write(&path, secret).unwrap()).await;
}

#[tokio::test]
async fn i19_a_refused_secret_is_read_again_before_anybody_is_told() {
    let world = World::new().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    fs::write(&path, "cxauth-canary-old").unwrap();
    let client = client(&world, json!({ "file": path }), "cxauth-canary-new");
    let error = client.token().await.unwrap_err();
    assert_eq!((error.code(), error.action()), (ErrorCode::InvalidClient, Action::FixConfiguration));
    assert_eq!(world.counters(GENERIC).token_requests, 1);
    // Somebody mends it and says so; or an hour goes by.
    fs::write(&path, "cxauth-canary-new").unwrap();
    assert!(client.token().await.is_err());
    world.pass(3601);
    assert!(client.token().await.is_ok());
}
