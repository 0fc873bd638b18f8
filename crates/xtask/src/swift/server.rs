//! Programs that serve on loopback while a test runs: they print a line of JSON, and end with their standard input.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use serde_json::Value;

/// One of them, at work until it is dropped.
pub(super) struct Server {
    program: Child,
    /// What it printed.
    pub(super) facts: Value,
}

impl Server {
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut program = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {name}"))?;
        let output = program.stdout.take().with_context(|| format!("{name} has no output"))?;
        // From here on it is ended, whatever its line says.
        let mut server = Self { program, facts: Value::Null };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        server.facts = serde_json::from_str(&line).with_context(|| format!("{name} printed no JSON"))?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.program.stdin.take());
        let _ = self.program.wait();
    }
}
