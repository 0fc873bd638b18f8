//! What the tests share: the built command in a world of its own.

#![allow(dead_code)]

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// A home without configuration, and an environment without variables of ours.
pub(crate) struct World {
    pub(crate) home: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { home: TempDir::new().unwrap() }
    }

    /// A world with a configuration file in the usual place, which only its owner can read.
    pub(crate) fn with_configuration(text: &str) -> Self {
        let world = Self::new();
        let path = world.configuration_path();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        set_mode(&path, 0o600);
        world
    }

    /// A world whose configuration is what `cxauth sim` prints for this simulator.
    pub(crate) fn of(simulator: &cxauth_sim::Simulator) -> Self {
        let connections = serde_json::json!({ "connections": simulator.connections() });
        Self::with_configuration(&toml::to_string(&connections).unwrap())
    }

    pub(crate) fn configuration_path(&self) -> PathBuf {
        self.home.path().join(".config/cxauth/config.toml")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cxauth"));
        command.args(arguments).current_dir(self.home.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CXAUTH_") {
                command.env_remove(name);
            }
        }
        for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "NO_COLOR"] {
            command.env_remove(name);
        }
        // A test that wants tokens kept between runs says so.
        command.env("HOME", self.home.path()).env("CXAUTH_STORE", "none").env("CXAUTH_KEYCHAIN", "never");
        command
    }

    /// The same with tokens kept where the command keeps them by itself.
    pub(crate) fn keeping(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.env_remove("CXAUTH_STORE");
        command
    }

    pub(crate) fn run_keeping(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.keeping(arguments).output().unwrap())
    }

    /// Where that is.
    pub(crate) fn kept(&self) -> PathBuf {
        self.home.path().join(".local/state/cxauth")
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    pub(crate) fn run_with(&self, variables: &[(&str, impl AsRef<OsStr>)], arguments: &[&str]) -> Ended {
        let mut command = self.command(arguments);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        Ended::of(command.output().unwrap())
    }

    pub(crate) fn run_on_input(&self, input: &[u8], arguments: &[&str]) -> Ended {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Ended::of(child.wait_with_output().unwrap())
    }
}

impl Ended {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It ended with this status and one line that says all of these words, and printed nothing else.
    #[track_caller]
    pub(crate) fn says(&self, status: i32, words: &[&str]) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        assert!(self.stderr.starts_with("cxauth: "), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {self:?}");
        }
    }

    /// It ended well and complained about nothing.
    #[track_caller]
    pub(crate) fn succeeded(&self) -> &str {
        assert_eq!((self.status, self.stderr.as_str()), (0, ""), "{self:?}");
        &self.stdout
    }
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_path: &std::path::Path, _mode: u32) {}

/// An address on loopback where nobody listens.
pub(crate) fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Runs the command with its output on a terminal, and returns what a person sees there.
#[cfg(unix)]
pub(crate) fn on_terminal(mut command: Command) -> Ended {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use std::{fs::File, io::Read};

    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap();
    let terminal = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    command.stdout(Stdio::from(terminal)).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The command's own copy of the terminal has to be the last one, so that reading ends with it.
    drop(command);
    let mut seen = Vec::new();
    let mut controller = File::from(controller);
    let mut piece = [0; 4096];
    // Linux ends reading with an error when the last one has left the terminal.
    while let Ok(length @ 1..) = controller.read(&mut piece) {
        seen.extend_from_slice(&piece[..length]);
    }
    let mut stderr = Vec::new();
    child.stderr.take().unwrap().read_to_end(&mut stderr).unwrap();
    Ended::of(Output { status: child.wait().unwrap(), stdout: seen, stderr })
}
