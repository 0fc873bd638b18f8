//! The places of a write at which a test kills the process. They do something with the feature `fault-points` only, which
//! nothing but the tests of this crate turns on.

/// Their names, in the order in which a write comes to them.
const POINTS: [&str; 7] =
    ["before anything", "created", "half written", "written", "durable", "in place", "in place for good"];

/// Kills the process, as `kill -9` does, when the variable `CXAUTH_FAULT_POINT` names this place.
#[cfg(all(unix, feature = "fault-points"))]
pub(super) fn point(name: &str) {
    use rustix::process::{Signal, getpid, kill_process};
    debug_assert!(POINTS.contains(&name));
    if std::env::var("CXAUTH_FAULT_POINT").is_ok_and(|wanted| wanted == name) {
        let _ = kill_process(getpid(), Signal::KILL);
        loop {
            std::thread::park();
        }
    }
}

#[cfg(not(all(unix, feature = "fault-points")))]
pub(super) fn point(name: &str) {
    debug_assert!(POINTS.contains(&name));
}
