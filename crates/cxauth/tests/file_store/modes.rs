//! What the kernel is asked for, by `strace`.

use crate::process::{Home, Process, other_under};
use serde_json::json;
use std::{fs, os::unix::fs::PermissionsExt};

pub(crate) fn of_a_write() {
    let home = Home::new();
    let trace = home.write("trace", b"");
    let calls = "trace=open,openat,creat,mkdir,mkdirat,chmod,fchmod,fchmodat,write,fsync,fdatasync,rename,renameat,renameat2,flock";
    let arguments = ["-f", "-qq", "-e", calls, "-o", trace.to_str().unwrap()];
    let store = home.path().join("new/directory/tokens");
    let mut process = Process::start(other_under("strace", &arguments), &json!({ "store": store }));
    assert_eq!(process.ask("save 1"), "saved");
    process.end();

    // The other process has the umask 0: no mode is right by accident.
    let trace = fs::read_to_string(trace).unwrap();
    let lines: Vec<_> = trace.lines().filter(|line| !line.contains(" = -1 ")).collect();
    let one = |what: &str| {
        let found: Vec<_> = lines.iter().enumerate().filter(|(_, line)| line.contains(what)).collect();
        assert_eq!(found.len(), 1, "{what}: {found:?} in\n{trace}");
        (found[0].0, *found[0].1)
    };
    for directory in ["new", "new/directory"] {
        let (_, line) = one(&format!("mkdir(\"{}\"", home.path().join(directory).display()));
        assert!(line.contains(", 0700)"), "{line}");
    }
    let (created, line) = one("\"tokens.new\", O_");
    for wanted in ["O_WRONLY", "O_CREAT", "O_EXCL", "O_NOFOLLOW", "O_CLOEXEC", ", 0600)"] {
        assert!(line.contains(wanted), "no {wanted} in {line}");
    }
    let (locked, line) = one("\"tokens.lock\", O_");
    for wanted in ["O_CREAT", "O_NOFOLLOW", "O_CLOEXEC", ", 0600)"] {
        assert!(line.contains(wanted), "no {wanted} in {line}");
    }
    assert!(!trace.contains("chmod"), "no file is ever open to others and closed later");

    let file = descriptor(lines[created]);
    let after = |from: usize, what: &str| {
        let found = lines.iter().enumerate().skip(from + 1).find(|(_, line)| line.contains(what));
        found.unwrap_or_else(|| panic!("no {what} after line {from} in\n{trace}")).0
    };
    let flock = after(locked, "LOCK_EX");
    assert!(flock < created, "nothing is written without the lock");
    let written = after(created, &format!("write({file}, "));
    let durable = after(written, &format!("fsync({file})"));
    let renamed = after(durable, "rename");
    after(renamed, "fsync(");
    for (name, mode) in [("new", 0o700), ("new/directory", 0o700), ("new/directory/tokens", 0o600)] {
        let found = fs::metadata(home.path().join(name)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(found, mode, "{name}");
    }
}

/// What a call returned.
fn descriptor(line: &str) -> &str {
    line.rsplit_once(" = ").unwrap().1
}
