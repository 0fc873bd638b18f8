//! Another process, and the talk with it: a line out, a line in.

use rustix::process::{Pid, Signal, getuid, kill_process, kill_process_group};
use serde_json::{Value, json};
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    os::unix::{
        fs::{PermissionsExt, chown},
        process::{CommandExt, ExitStatusExt},
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        LazyLock,
        mpsc::{Receiver, channel},
    },
    thread,
    time::Duration,
};
use tempfile::TempDir;

pub(crate) const ARGUMENT: &str = "other";
/// Far more than a line ever takes; a process that hangs fails the test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
/// As on every Debian.
const NOBODY: u32 = 65534;

/// A directory of the user that the other processes run as.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.give(home.path());
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn tokens(&self) -> PathBuf {
        self.path().join("tokens")
    }

    /// Makes it the unprivileged user's.
    pub(crate) fn give(&self, path: &Path) {
        if getuid().is_root() {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    /// The names in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A file of the unprivileged user's, mode 0600.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        self.give(&path);
        path
    }
}

/// This program, where the unprivileged user can read it.
static PROGRAM: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir().unwrap();
    let program = folder.path().join("other");
    fs::copy(env::current_exe().unwrap(), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, program)
});

/// A command of the unprivileged user's: root may do everything, which proves nothing.
pub(crate) fn unprivileged(program: &Path) -> Command {
    if !getuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={NOBODY}")).arg(format!("--regid={NOBODY}"));
    command.args(["--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--"]).arg(program);
    command
}

/// The command that makes the other process.
pub(crate) fn other() -> Command {
    let mut command = unprivileged(&PROGRAM.1);
    command.arg(ARGUMENT);
    command
}

/// The same under another program, which comes with its arguments.
pub(crate) fn other_under(program: &str, arguments: &[&str]) -> Command {
    let mut command = unprivileged(Path::new(program));
    command.args(arguments).arg(&PROGRAM.1).arg(ARGUMENT);
    command
}

pub(crate) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Process {
    pub(crate) fn start(mut command: Command, setup: &Value) -> Self {
        // With a group of its own, what it starts ends with it: a D-Bus session and its keychain.
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        // It ends with the process's output.
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut process = Self { child, stdin, lines };
        process.say(&setup.to_string());
        process
    }

    pub(crate) fn say(&mut self, line: &str) {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    pub(crate) fn hear(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap()
    }

    pub(crate) fn ask(&mut self, line: &str) -> String {
        self.say(line);
        self.hear()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Says nothing for as long as a lock is tried for ten times.
    pub(crate) fn stays_silent(&self) -> bool {
        self.lines.recv_timeout(Duration::from_millis(250)).is_err()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it was killed by a signal, and says which.
    pub(crate) fn killed(mut self) -> Option<i32> {
        self.child.wait().unwrap().signal()
    }

    /// Lets it end, and waits for that.
    pub(crate) fn end(mut self) {
        self.stdin = None;
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

/// A process that does one thing with a store and tells how it went.
pub(crate) fn does(command: Command, store: &Path, what: &str) -> String {
    does_with(command, json!({ "store": store }), what)
}

pub(crate) fn does_with(command: Command, setup: Value, what: &str) -> String {
    let mut process = Process::start(command, &setup);
    let heard = process.ask(what);
    process.end();
    heard
}
