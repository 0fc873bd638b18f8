//! A driver's process, and the talk with it: a line out, a line in.

use crate::{rust, world::World};
use serde_json::json;
use std::{
    env,
    ffi::OsString,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// Far more than a line ever takes; a process that hangs fails the test.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Rust,
    Threads,
    Tasks,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Rust, Self::Threads, Self::Tasks];

    /// Another kind, so that each goes on from what another one left.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Rust => Self::Threads,
            Self::Threads => Self::Tasks,
            Self::Tasks => Self::Rust,
        }
    }

    fn command(self) -> Command {
        let script = match self {
            Self::Rust => {
                let mut command = Command::new(env::current_exe().unwrap());
                command.arg(rust::ARGUMENT);
                return command;
            }
            Self::Threads => "threads.py",
            Self::Tasks => "tasks.py",
        };
        let mut command = Command::new(from_xtask("CXAUTH_PYTHON"));
        command.env("PYTHONPATH", from_xtask("CXAUTH_PYTHON_MODULE"));
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drivers").join(script));
        command
    }
}

fn from_xtask(variable: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| {
        panic!(
            "{variable} is not set: run `cargo xtask test --only milestone`, which builds the Python module"
        )
    })
}

/// How a process takes part.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    /// How many callers share its session.
    pub(crate) callers: u32,
    /// Whether it stops at every place where it may be killed.
    pub(crate) traced: bool,
}

pub(crate) const USUAL: Part = Part { callers: 4, traced: false };
pub(crate) const TRACED: Part = Part { callers: 1, traced: true };

pub(crate) struct Process {
    kind: Kind,
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
}

/// A token as a process tells it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) generation: u64,
    pub(crate) value: String,
}

impl Process {
    pub(crate) fn start(kind: Kind, world: &World, part: Part) -> Self {
        let mut child = kind.command().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        // It ends with the process's output.
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut process = Self { kind, child, stdin, lines };
        let setup = json!({
            "connection": world.connection,
            "store": world.store,
            "now": world.now,
            "entropy": process.child.id(),
            "callers": part.callers,
            "traced": part.traced,
        });
        process.say(&setup.to_string());
        process
    }

    /// Several, started at once.
    pub(crate) fn start_all<const N: usize>(kinds: [Kind; N], world: &World, part: Part) -> [Self; N] {
        let processes = kinds.map(|kind| Self::start(kind, world, part));
        processes.map(Self::up)
    }

    pub(crate) fn up(self) -> Self {
        assert_eq!(self.hear(), "up");
        self
    }

    pub(crate) fn say(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
    }

    pub(crate) fn hear(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{:?}: {error}", self.kind))
    }

    /// Starts a round: every caller asks for a token.
    pub(crate) fn ask(&mut self, world: &World) {
        self.say(&world.now.to_string());
    }

    pub(crate) fn token(&self) -> Token {
        self.parse(&self.hear())
    }

    pub(crate) fn ask_for_token(&mut self, world: &World) -> Token {
        self.ask(world);
        self.token()
    }

    /// Lets a traced process go on to this place.
    pub(crate) fn go_on_to(&mut self, place: &str) {
        loop {
            let line = self.hear();
            match line.strip_prefix("at ") {
                Some(at) if at == place => return,
                Some(_) => self.say("go"),
                None => panic!("{:?} was never {place}: {line}", self.kind),
            }
        }
    }

    /// Lets a traced process go on to the end of the round.
    pub(crate) fn go_on(&mut self) -> Token {
        loop {
            self.say("go");
            let line = self.hear();
            if !line.starts_with("at ") {
                return self.parse(&line);
            }
        }
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn parse(&self, line: &str) -> Token {
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some("token"), Some(generation), Some(value)) => {
                Token { generation: generation.parse().unwrap(), value: value.to_owned() }
            }
            _ => panic!("{:?} has no token: {line}", self.kind),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Its input ends anyway; one that hangs must not outlive the test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
