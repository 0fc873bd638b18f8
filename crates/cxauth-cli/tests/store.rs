//! Tokens that the command keeps between its runs: where, for whom, how long, and how they end.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use cxauth_sim::{Platform, Simulator};
use serde_json::Value;
use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    thread::{self, JoinHandle},
};
use support::{Ended, World, on_terminal, set_mode};

fn files(world: &World) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(world.kept()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn tokens(world: &World) -> PathBuf {
    let mut files = files(world).into_iter().filter(|path| path.extension().unwrap() == "tokens");
    let file = files.next().unwrap();
    assert!(files.next().is_none());
    file
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn token_requests(simulator: &Simulator, platform: Platform) -> u64 {
    simulator.journal(platform).counters.token_requests
}

#[test]
fn runs_share_a_token_that_only_its_owner_can_read() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let first = world.run_keeping(&["token", "cloudlx"]);
    let again = world.run_keeping(&["token", "cloudlx"]);
    assert_eq!(first.succeeded(), again.succeeded());
    world.run_keeping(&["call", "cloudlx", "GET", "services"]).succeeded();
    assert_eq!(token_requests(&simulator, Platform::CloudLx), 1);
    assert_eq!(mode(&world.kept()), 0o700);
    assert!(files(&world).iter().all(|file| mode(file) == 0o600));

    // Another client, user or set of scopes has a token of its own; a platform and a name for the same are the same.
    world.run_keeping(&["token", "cloudlx", "--scope", "a"]).succeeded();
    assert_eq!(token_requests(&simulator, Platform::CloudLx), 2);
    let elsewhere = world.home.path().join("elsewhere/");
    world.run_keeping(&["token", "cloudlx", "--store", elsewhere.to_str().unwrap()]).succeeded();
    assert_eq!(token_requests(&simulator, Platform::CloudLx), 3);
    assert_eq!(mode(&elsewhere), 0o700);
    world.run_keeping(&["token", "cloudlx", "--store", "none"]).succeeded();
    assert_eq!(token_requests(&simulator, Platform::CloudLx), 4);
}

/// Without a keychain: one warning, once, and no question.
#[cfg(not(feature = "keychain"))]
#[test]
fn it_says_once_that_nothing_encrypts_the_tokens() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let run = |arguments: &[&str]| {
        let mut command = world.keeping(&[&["token", "cloudlx"], arguments].concat());
        Ended::of(command.env_remove("CXAUTH_KEYCHAIN").output().unwrap())
    };
    let ended = run(&[]);
    assert_eq!((ended.status, ended.stderr.lines().count()), (0, 1), "{ended:?}");
    for word in
        ["warning", "not encrypted", "--keychain never", "--store none", world.kept().to_str().unwrap()]
    {
        assert!(ended.stderr.contains(word), "no {word} in {ended:?}");
    }
    run(&[]).succeeded();
    run(&["--keychain", "always"]).says(2, &["keychain"]);
    let key = world
        .keeping(&["token", "cloudcx/api-key", "--store", "new/"])
        .env_remove("CXAUTH_KEYCHAIN")
        .output();
    Ended::of(key.unwrap()).succeeded();
    assert!(!world.home.path().join("new").exists(), "a key that never ends is not kept");
}

#[test]
fn runs_at_the_same_time_send_one_request() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let runs: Vec<_> = (0..8)
        .map(|_| {
            world
                .keeping(&["token", "generic"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let ended: Vec<_> = runs.into_iter().map(|run| Ended::of(run.wait_with_output().unwrap())).collect();
    assert!(ended.iter().all(|one| one.succeeded() == ended[0].stdout), "{ended:?}");
    assert_eq!(token_requests(&simulator, Platform::Generic), 1);
}

#[test]
fn status_lists_what_is_held() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let ended = world.run_keeping(&["status"]);
    assert!(ended.succeeded().starts_with("no tokens are kept in "), "{ended:?}");
    for name in ["cloudlx", "sangoma-cx", "cloudcx/email"] {
        world.run_keeping(&["token", name]).succeeded();
    }
    world.run_keeping(&["token", "cloudlx", "--scope", "a b"]).succeeded();
    let list = world.run_keeping(&["status"]);
    let lines: Vec<_> = list.succeeded().lines().collect();
    assert_eq!(lines.len(), 6, "{list:?}");
    let row = |name: &str| *lines.iter().find(|line| line.starts_with(name)).unwrap();
    assert!(row("CONNECTION").contains("PLATFORM") && row("CONNECTION").contains("SCOPES"));
    assert!(row("cloudlx").contains("59 min") && row("cloudlx").contains("by refresh token"), "{list:?}");
    assert!(row("sangoma-cx").contains("364 d") && row("sangoma-cx").contains("cx.agent-calls"), "{list:?}");
    assert!(row("cloudcx, cloudcx/email").contains("by grant"), "{list:?}");
    assert!(row("(").contains("a b"), "{list:?}");
    assert!(lines[5].ends_with(".local/state/cxauth"), "{list:?}");

    let file = world.home.path().join("one-file");
    let place = ["--store", file.to_str().unwrap()];
    world.run_keeping(&[&["token", "cisco-cx-cloud"], &place[..]].concat()).succeeded();
    let alone = world.run_keeping(&[&["status"], &place[..]].concat());
    assert!(
        alone
            .succeeded()
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("cisco-cx-cloud, cisco-cx-cloud/basic  cisco-cx-cloud "),
        "{alone:?}"
    );

    let json = world.run_keeping(&["status", "sangoma-cx", "--json"]);
    let row: Value = serde_json::from_str(json.succeeded()).unwrap();
    assert_eq!(
        (&row["connections"], &row["platform"]),
        (&serde_json::json!(["sangoma-cx"]), &"sangoma-cx".into())
    );
    assert_eq!(row["ends_at"], row["expires_at"], "Sangoma gives nothing new before");
    assert!((31_535_000..=31_536_000).contains(&row["expires_in"].as_i64().unwrap()), "{row}");
    assert!(row["place"].as_str().unwrap().ends_with(".tokens"));
    let seen = on_terminal(world.keeping(&["status"])).stdout;
    let printed = format!("{}{}{seen}", list.stdout, json.stdout);
    assert!(seen.contains("sangoma-cx"));
    let secrets = simulator.secrets();
    assert!(secrets.iter().all(|secret| !printed.contains(secret)), "{printed}");
    // It asks nobody and changes nothing.
    assert_eq!(token_requests(&simulator, Platform::SangomaCx), 1);
}

#[test]
fn cron_learns_by_the_exit_status_what_ends_soon() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let alarm = |within: &str| world.run_keeping(&["status", "--expiring", within]);
    assert_eq!(alarm("30d").succeeded(), "");
    world.run_keeping(&["token", "sangoma-cx"]).succeeded();
    world.run_keeping(&["token", "cloudlx"]).succeeded();
    assert_eq!(alarm("364d").succeeded(), "", "what renews itself in time is no alarm");
    let ended = alarm("366d");
    assert_eq!((ended.status, ended.stderr.as_str()), (1, ""), "{ended:?}");
    assert!(ended.stdout.contains("sangoma-cx") && !ended.stdout.contains("cloudlx"), "{ended:?}");
    world.run(&["status", "--expiring", "soon"]).says(2, &["30d"]);
    // What cannot be read may end at any time.
    fs::write(tokens_of(&world, "sangoma-cx"), "{").unwrap();
    let ended = alarm("30d");
    assert_eq!((ended.status, ended.stdout.as_str()), (1, ""), "{ended:?}");
    assert!(ended.stderr.contains("damaged"), "{ended:?}");
}

#[test]
fn signing_out_removes_the_tokens() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let token = world.run_keeping(&["token", "cloudlx"]).succeeded().trim().to_owned();
    let file = tokens(&world);
    assert!(fs::read_to_string(&file).unwrap().contains(&token));
    let ended = world.run_keeping(&["sign-out", "cloudlx"]);
    assert!(ended.succeeded().contains("removed from"), "{ended:?}");
    assert!(ended.stdout.contains("ends no tokens") && ended.stdout.contains("59 min"), "{ended:?}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(simulator.secrets().iter().all(|secret| !text.contains(secret)), "{text}");
    assert!(world.run_keeping(&["status"]).succeeded().starts_with("no tokens"));
    assert!(world.run_keeping(&["sign-out", "cloudlx"]).succeeded().contains("no tokens were held"));
    assert_ne!(world.run_keeping(&["token", "cloudlx"]).succeeded().trim(), token, "it starts afresh");
    world.run(&["sign-out", "cloudlx"]).says(2, &["nothing is kept"]);
}

#[test]
fn signing_out_ends_the_tokens_at_the_server() {
    let simulator = Simulator::start_blocking().unwrap();
    for (status, exit) in [("200 OK", 0), ("503 Service Unavailable", 4)] {
        let world = World::of(&simulator);
        let token = world.run_keeping(&["token", "generic"]).succeeded().trim().to_owned();
        let file = tokens(&world);
        let (address, server) = revocations(status);
        let endpoint = format!("revocation_endpoint={address}/revoke");
        let ended = world.run_keeping(&["sign-out", "generic", "--set", &endpoint]);
        assert_eq!(ended.status, exit, "{ended:?}");
        let bodies = server.join().unwrap();
        assert!(bodies[0].contains("token_type_hint=refresh_token"), "{bodies:?}");
        assert!(bodies[1].contains(&format!("token={token}&token_type_hint=access_token")), "{bodies:?}");
        let text = fs::read_to_string(&file).unwrap();
        assert!(simulator.secrets().iter().all(|secret| !text.contains(secret)), "{text}");
        if exit == 0 {
            assert!(ended.succeeded().contains("ended at the server"), "{ended:?}");
        } else {
            ended.says(4, &["removed from", "the server did not end them", "server_unavailable"]);
        }
    }
}

/// A server that takes two revocations (RFC 7009), answers both so, and tells what they were.
fn revocations(status: &'static str) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let answer = |_| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = String::new();
            let whole = |request: &str| {
                let (head, body) = request.split_once("\r\n\r\n")?;
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
                (body.len() == length.parse::<usize>().unwrap()).then(|| body.to_owned())
            };
            let mut piece = [0; 4096];
            let body = loop {
                if let Some(body) = whole(&request) {
                    break body;
                }
                let length = stream.read(&mut piece).unwrap();
                assert!(length > 0 && request.len() < 65536, "{request}");
                request += std::str::from_utf8(&piece[..length]).unwrap();
            };
            assert!(request.starts_with("POST /revoke HTTP/1.1"), "{request}");
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            body
        };
        (0..2).map(answer).collect()
    });
    (address, server)
}

#[test]
fn a_damaged_file_is_put_aside_and_said() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    world.run_keeping(&["token", "cloudlx"]).succeeded();
    let file = tokens(&world);
    fs::write(&file, "half of").unwrap();
    world.run_keeping(&["token", "cloudlx"]).says(4, &["store_unavailable", "damaged-1"]);
    let aside = file.with_extension("tokens.damaged-1");
    assert_eq!(fs::read_to_string(aside).unwrap(), "half of");
    world.run_keeping(&["token", "cloudlx"]).succeeded();
    set_mode(&file, 0o644);
    world.run_keeping(&["token", "cloudlx"]).says(4, &["store_unavailable", "mode to 600"]);
}

#[cfg(not(feature = "redis"))]
#[test]
fn a_shared_store_needs_its_feature() {
    World::new().run(&["status", "--store", "redis://localhost"]).says(2, &["feature `redis`"]);
}

#[cfg(feature = "redis")]
#[test]
fn a_shared_store_wants_its_keys_and_no_password_on_the_command_line() {
    let world = World::new();
    let with = |variables: &[(&str, &str)], url: &str| world.run_with(variables, &["status", "--store", url]);
    with(&[], "redis://localhost").says(2, &["CXAUTH_STORE_KEYS"]);
    let keys = [("CXAUTH_STORE_KEYS", "names:cxauth-canary")];
    with(&keys, "redis://user:secret@localhost").says(2, &["CXAUTH_STORE_PASSWORD"]);
    let ended = with(&keys, "redis://localhost");
    ended.says(2, &["key 1"]);
    assert!(!ended.stderr.contains("canary"));
}

/// A Redis of the test's own, ended with it.
#[cfg(feature = "redis")]
struct Redis {
    server: std::process::Child,
    url: String,
    _folder: tempfile::TempDir,
}

#[cfg(feature = "redis")]
impl Redis {
    /// On a socket: no port can be taken by somebody else meanwhile.
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("redis");
        let program = ["redis-server", "valkey-server"].into_iter().find(|name| {
            let version = std::process::Command::new(name).arg("--version").stdout(Stdio::null()).status();
            version.is_ok_and(|status| status.success())
        });
        let server =
            std::process::Command::new(program.expect("run `cargo xtask setup`, which installs a Redis"))
                .args(["--port", "0", "--save", "", "--unixsocket"])
                .arg(&socket)
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
        let limit = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            assert!(std::time::Instant::now() < limit, "the server does not start");
            thread::yield_now();
        }
        Self { server, url: format!("redis+unix://{}", socket.display()), _folder: folder }
    }
}

#[cfg(feature = "redis")]
impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[cfg(feature = "redis")]
#[test]
fn a_shared_store_takes_certificates_from_files() {
    let world = World::new();
    let keys = format!("names:{0},a:{0}", "A".repeat(43) + "=");
    let with = |url: &str, set: &[(&str, &str)]| {
        let variables = [&[("CXAUTH_STORE_KEYS", keys.as_str())], set].concat();
        world.run_with(&variables, &["status", "--store", url])
    };
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("ca.pem");
    fs::write(&pem, "-----BEGIN CERTIFICATE-----").unwrap();
    let pem = pem.to_str().unwrap();
    let (root, certificate, key) =
        ("CXAUTH_STORE_ROOT_CERTIFICATE", "CXAUTH_STORE_CLIENT_CERTIFICATE", "CXAUTH_STORE_CLIENT_KEY");
    with("rediss://localhost", &[(root, "nowhere.pem")]).says(2, &["nowhere.pem", root]);
    with("rediss://localhost", &[(root, pem)]).says(2, &["PEM is wanted"]);
    with("redis://localhost", &[(root, pem)]).says(2, &["rediss://"]);
    with("rediss://localhost", &[(certificate, pem)]).says(2, &[certificate, key, "both"]);
    with("rediss://localhost", &[(certificate, pem), (key, pem)]).says(2, &["PEM is wanted"]);
}

#[cfg(feature = "redis")]
#[test]
fn machines_share_a_token_by_redis() {
    let simulator = Simulator::start_blocking().unwrap();
    let redis = Redis::start();
    let url = redis.url.clone();
    let key = |byte: u8| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [byte; 32]);
    let keys = format!("names:{},2026-11:{}", key(1), key(2));
    let variables = [("CXAUTH_STORE_KEYS", keys.as_str()), ("CXAUTH_STORE", url.as_str())];
    // Two homes, as on two machines.
    let worlds = [World::of(&simulator), World::of(&simulator)];
    let first = worlds[0].run_with(&variables, &["token", "generic"]);
    let second = worlds[1].run_with(&variables, &["token", "generic"]);
    assert_eq!(first.succeeded(), second.succeeded());
    assert_eq!(token_requests(&simulator, Platform::Generic), 1);
    assert!(!worlds[0].kept().exists(), "nothing lies on the machine");
    let list = worlds[1].run_with(&variables, &["status"]);
    assert!(list.succeeded().contains("generic") && list.stdout.contains("redis+unix://"), "{list:?}");
    worlds[0].run_with(&variables, &["sign-out", "generic"]).succeeded();
    assert!(worlds[1].run_with(&variables, &["status"]).succeeded().starts_with("no tokens"));
    drop(redis);
    worlds[1].run_with(&variables, &["status"]).says(1, &["unreachable"]);
}

/// In a D-Bus session with a keychain that is open, and then where there is none.
#[cfg(all(feature = "keychain", target_os = "linux"))]
#[test]
fn the_keychain_encrypts_the_tokens_where_there_is_one() {
    let simulator = Simulator::start_blocking().unwrap();
    let world = World::of(&simulator);
    let script =
        "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 97
                  \"$@\" && \"$@\"";
    let mut command = std::process::Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_cxauth"), "token", "cloudlx"]);
    let template = world.keeping(&[]);
    command.current_dir(world.home.path()).stdin(Stdio::null());
    for (name, value) in template.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env_remove("CXAUTH_KEYCHAIN").env_remove("DISPLAY").env("XDG_RUNTIME_DIR", world.home.path());
    let ended = Ended::of(command.output().unwrap());
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert_eq!((ended.status, lines.len()), (0, 2), "{ended:?}");
    assert_eq!(lines[0], lines[1]);
    assert!(!ended.stderr.contains("cxauth:"), "{ended:?}");
    assert!(fs::read(tokens(&world)).unwrap().starts_with(b"cxs"), "it is sealed");

    // Without the session: it says whose key is missing, and writes nothing in the clear.
    let mut headless = world.keeping(&["token", "cloudlx"]);
    headless.env_remove("CXAUTH_KEYCHAIN").env_remove("DBUS_SESSION_BUS_ADDRESS");
    let ended = Ended::of(headless.env("XDG_RUNTIME_DIR", world.home.path()).output().unwrap());
    ended.says(4, &["keychain", "store_unavailable"]);
    assert!(fs::read(tokens(&world)).unwrap().starts_with(b"cxs"));
    assert_eq!(token_requests(&simulator, Platform::CloudLx), 1);
}

fn tokens_of(world: &World, platform: &str) -> PathBuf {
    let is_of = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(platform) && name.ends_with(".tokens")
    };
    files(world).into_iter().find(is_of).unwrap()
}
