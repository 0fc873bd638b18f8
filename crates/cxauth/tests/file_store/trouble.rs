//! Disks and directories that refuse, seen by a user who is not root.

use crate::{
    fleet::{LIFETIME, World},
    process::{Home, Process, does, other, other_under, unprivileged},
};
use rustix::process::getuid;
use serde_json::json;
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[track_caller]
fn refuses(home: &Home, kind: &str, named: &str) {
    for what in ["load", "save 5"] {
        let answer = does(other(), &home.tokens(), what);
        assert!(answer.starts_with(&format!("{kind}: ")) && answer.contains(named), "{what}: {answer}");
        assert!(!answer.contains("canary"), "{answer}");
    }
}

pub(crate) fn foreign() {
    let saved = || {
        let home = Home::new();
        assert_eq!(does(other(), &home.tokens(), "save 1"), "saved");
        home
    };
    let content = |home: &Home| fs::read_to_string(home.tokens()).unwrap();

    for mode in [0o640, 0o604, 0o620, 0o602, 0o700 | 0o001] {
        let home = saved();
        set_mode(&home.tokens(), mode);
        refuses(&home, "Exposed", "tokens");
        assert!(content(&home).contains("canary-a0"), "nothing was written");
    }
    let home = saved();
    set_mode(&home.path().join("tokens.lock"), 0o666);
    refuses(&home, "Exposed", "tokens.lock");
    for mode in [0o770, 0o703, 0o777, 0o1777] {
        let home = saved();
        set_mode(home.path(), mode);
        refuses(&home, "ExposedDirectory", home.path().to_str().unwrap());
    }

    // A link in the place of the file, of the lock and of the new file: what it points to is neither read nor written.
    for name in ["tokens", "tokens.lock"] {
        let home = saved();
        let target = home.write("target", b"not ours");
        fs::remove_file(home.path().join(name)).unwrap();
        symlink(&target, home.path().join(name)).unwrap();
        refuses(&home, "Io", name);
        assert_eq!(fs::read_to_string(&target).unwrap(), "not ours");
    }
    let home = saved();
    let target = home.write("target", b"not ours");
    symlink(&target, home.path().join("tokens.new")).unwrap();
    assert_eq!(does(other(), &home.tokens(), "save 2"), "saved");
    assert_eq!(fs::read_to_string(&target).unwrap(), "not ours");
    assert!(home.tokens().symlink_metadata().unwrap().is_file());

    // A pipe holds nobody up, a directory is no file.
    let home = saved();
    fs::remove_file(home.tokens()).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, home.tokens(), 0o600.into()).unwrap();
    home.give(&home.tokens());
    refuses(&home, "Exposed", "tokens");
    let home = saved();
    fs::remove_file(home.tokens()).unwrap();
    fs::create_dir(home.tokens()).unwrap();
    home.give(&home.tokens());
    refuses(&home, "Exposed", "tokens");

    assert!(getuid().is_root(), "files of another owner can be made by root only: run these tests as root");
    for name in ["tokens", "tokens.lock"] {
        let home = saved();
        std::os::unix::fs::chown(home.path().join(name), Some(0), Some(0)).unwrap();
        // So that opening it is not what fails.
        set_mode(&home.path().join(name), 0o666);
        refuses(&home, "Exposed", name);
    }
    let home = saved();
    std::os::unix::fs::chown(home.path(), Some(0), Some(0)).unwrap();
    set_mode(home.path(), 0o755);
    refuses(&home, "ExposedDirectory", home.path().to_str().unwrap());
    // And root takes no user's file for its own.
    let home = saved();
    let store = cxauth::store::FileStore::new(home.tokens());
    assert!(matches!(store.load(), Err(cxauth::store::StoreError::ExposedDirectory { .. })));
}

pub(crate) fn no_permission() {
    let home = Home::new();
    assert_eq!(does(other(), &home.tokens(), "save 1"), "saved");
    set_mode(home.path(), 0o500);
    assert_eq!(does(other(), &home.tokens(), "load"), "generation 1");
    let answer = does(other(), &home.tokens(), "save 2");
    assert!(answer.starts_with("Io: ") && answer.contains("Permission denied"), "{answer}");
    assert_eq!(does(other(), &home.tokens(), "look"), "generation 1");
    set_mode(home.path(), 0o000);
    let answer = does(other(), &home.tokens(), "load");
    assert!(answer.starts_with("Io: ") && answer.contains(home.path().to_str().unwrap()), "{answer}");
    set_mode(home.path(), 0o700);
    let answer = does(other(), &home.path().join("tokens.lock/under/a/file"), "load");
    assert!(answer.starts_with("Io: "), "{answer}");
    assert_eq!(does(other(), &home.tokens(), "save 2"), "saved");
}

/// A small disk of its own, where the machine lets us mount one.
struct Disk(PathBuf);

impl Disk {
    fn at(home: &Home) -> Option<Self> {
        let path = home.path().join("disk");
        fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=16k,mode=700", "tmpfs"])
            .arg(&path)
            .stderr(std::process::Stdio::null());
        let mounted = mount.status();
        if !mounted.is_ok_and(|status| status.success()) {
            return None;
        }
        home.give(&path);
        Some(Self(path))
    }

    fn remount(&self, how: &str) {
        let mut command = Command::new("mount");
        assert!(command.args(["-o", how]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

pub(crate) fn full_disk() {
    let mut world = World::new("generic/password");
    let Some(disk) = Disk::at(&world.home) else {
        println!("  no disk can be mounted here: see the scenario of a limited file");
        return limited_file();
    };
    let store = disk.0.join("tokens");
    let mut setup = world.setup();
    setup["store"] = json!(store);
    let mut process = Process::start(other(), &setup);
    assert!(process.ask(&world.question()).starts_with("token 1 "));
    let filler = disk.0.join("filler");
    let mut fill = unprivileged(Path::new("dd"));
    fill.args(["if=/dev/zero", "bs=1k"]).arg(format!("of={}", filler.display()));
    assert!(!fill.stderr(std::process::Stdio::null()).status().unwrap().success(), "the disk is full");

    let answer = does(other(), &store, "save 9");
    assert!(answer.starts_with("Io: ") && answer.contains("No space left"), "{answer}");
    assert!(!disk.0.join("tokens.new").exists(), "a full disk does not stay full because of it");
    assert_eq!(does(other(), &store, "load"), "generation 1", "the old set");

    // Early: the token serves. Late: nobody sends the refresh token, because its successor could not be kept.
    world.pass(LIFETIME * 9 / 10);
    assert!(process.ask(&world.question()).starts_with("token 1 "));
    world.pass(LIFETIME);
    let answer = process.ask(&world.question());
    assert!(answer.starts_with("error store_unavailable: ") && answer.contains("No space left"), "{answer}");
    assert_eq!(world.counters().refresh_requests, 0);

    fs::remove_file(filler).unwrap();
    world.pass(600);
    assert!(process.ask(&world.question()).starts_with("token 2 "));
    let counters = world.counters();
    assert_eq!((counters.refresh_requests, counters.families_revoked), (1, 0));
    process.end();
}

/// As a full disk, where nothing can be mounted: a file that may not grow.
pub(crate) fn limited_file() {
    let home = Home::new();
    assert_eq!(does(other(), &home.tokens(), "save 1"), "saved");
    let limited = || other_under("env", &["--ignore-signal=XFSZ", "prlimit", "--fsize=100:100"]);
    let answer = does(limited(), &home.tokens(), "save 2");
    assert!(answer.starts_with("Io: ") && answer.contains("File too large"), "{answer}");
    assert_eq!(home.names(), ["tokens", "tokens.lock"]);
    assert_eq!(does(other(), &home.tokens(), "load"), "generation 1");
}

pub(crate) fn read_only() {
    let mut world = World::new("generic/password");
    let Some(disk) = Disk::at(&world.home) else {
        println!("  no disk can be mounted here: see the scenario without permission");
        return no_permission();
    };
    let store = disk.0.join("tokens");
    let mut setup = world.setup();
    setup["store"] = json!(store);
    setup["lock_patience"] = json!(200);
    let token = Process::start(other(), &setup).ask(&world.question());
    assert!(token.starts_with("token 1 "));
    disk.remount("remount,ro");
    assert_eq!(does(other(), &store, "look"), "generation 1");
    let answer = does(other(), &store, "save 2");
    assert!(answer.starts_with("Io: ") && answer.contains("Read-only"), "{answer}");

    // A process that starts now finds the token and serves it to its end.
    let mut process = Process::start(other(), &setup);
    assert_eq!(process.ask(&world.question()), token);
    world.pass(LIFETIME);
    let answer = process.ask(&world.question());
    assert!(answer.starts_with("error store_unavailable: ") && answer.contains("Read-only"), "{answer}");
    assert_eq!(world.counters().refresh_requests, 0);
    disk.remount("remount,rw");
    world.pass(600);
    assert!(process.ask(&world.question()).starts_with("token 2 "));
    assert_eq!(world.counters().families_revoked, 0);
    process.end();
}
