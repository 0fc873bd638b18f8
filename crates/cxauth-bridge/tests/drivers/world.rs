//! The strict server, the store, the file with the client's secret, and the time.

use cxauth_sim::{Counters, Grant, Platform, Simulator};
use serde_json::{Value, json};
use std::{fs, path::PathBuf, time::Duration};
use tempfile::TempDir;

/// How long an access token lives, in seconds.
pub(crate) const LIFETIME: u64 = 3600;

pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) connection: Value,
    pub(crate) store: PathBuf,
    /// Unix time in milliseconds.
    pub(crate) now: u64,
    secret: PathBuf,
    _directory: TempDir,
}

impl World {
    /// Where this grant brings the first refresh token, and another one when that is lost.
    pub(crate) fn new(grant: Grant) -> Self {
        let simulator = Simulator::builder()
            .configure(Platform::Generic, |settings| settings.access_token_lifetime = LIFETIME)
            .start_blocking()
            .unwrap();
        simulator.freeze();
        let settings = simulator.settings(Platform::Generic);
        assert!(settings.reuse_detection && settings.grace == 0, "the server is strict");
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        let mut connection = simulator.connection(Platform::Generic);
        fs::write(file("client"), connection["client_secret"].as_str().unwrap()).unwrap();
        connection["client_secret"] = json!({ "file": file("client") });
        if grant == Grant::Password {
            let user = settings.users.first().unwrap();
            fs::write(file("password"), user.password.reveal()).unwrap();
            connection["grant"] = "password".into();
            connection["username"] = user.name.as_str().into();
            connection["password"] = json!({ "file": file("password") });
        }
        Self {
            connection,
            store: file("tokens"),
            now: simulator.clock().now_ms.unsigned_abs(),
            secret: file("client"),
            simulator,
            _directory: directory,
        }
    }

    /// Time goes on, for the server and for the drivers.
    pub(crate) fn pass(&mut self, seconds: u64) {
        self.simulator.advance(Duration::from_secs(seconds));
        self.now += seconds * 1000;
    }

    pub(crate) fn change_secret_at_the_server(&self, secret: &str) {
        self.simulator.change_secret(Platform::Generic, secret, Duration::ZERO);
        self.pass_a_moment();
    }

    pub(crate) fn change_secret_in_the_file(&self, secret: &str) {
        fs::write(&self.secret, format!("{secret}\n")).unwrap();
    }

    pub(crate) fn counters(&self) -> Counters {
        assert_eq!(self.simulator.violations(), []);
        self.simulator.journal(Platform::Generic).counters
    }

    /// A secret without overlap is good to the end of the millisecond.
    fn pass_a_moment(&self) {
        self.simulator.advance(Duration::from_millis(1));
    }
}
