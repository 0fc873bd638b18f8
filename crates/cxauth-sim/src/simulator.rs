//! All servers together: starting them, steering them, asking them.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::clock::{Clock, milliseconds};
use crate::fault::Faults;
use crate::journal::{Journal, Violation};
use crate::server::Server;
use crate::settings::{PreviousSecret, Secret, Settings};
use crate::{ArmedFault, ClockReading, Fault, Platform, connection, control, listen};

/// The platforms on loopback, each on a port of its own. Dropping it closes every port and connection.
///
/// It dereferences to [`Controls`].
#[derive(Debug)]
pub struct Simulator {
    controls: Controls,
    tasks: Vec<AbortHandle>,
    runtime: Option<Runtime>,
}

impl Simulator {
    /// Starts every server on a free port, in the caller's runtime.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> io::Result<Simulator> {
        Simulator::builder().start().await
    }

    /// Starts every server on a free port, in a runtime of its own: for code that is not async, or that
    /// blocks its own runtime.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start_blocking() -> io::Result<Simulator> {
        Simulator::builder().start_blocking()
    }

    /// Chooses ports and settings first.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The controls, to be cloned and moved where they are needed.
    pub fn controls(&self) -> &Controls {
        &self.controls
    }
}

impl Deref for Simulator {
    type Target = Controls;

    fn deref(&self) -> &Controls {
        &self.controls
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Ports and settings of a [`Simulator`] that is not started yet.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    ports: BTreeMap<Platform, u16>,
    control_port: u16,
    settings: BTreeMap<Platform, Settings>,
}

impl Builder {
    /// The port of one server; 0, the default, is a free one.
    pub fn port(mut self, platform: Platform, port: u16) -> Self {
        self.ports.insert(platform, port);
        self
    }

    /// The port of the control API; 0, the default, is a free one.
    pub fn control_port(mut self, port: u16) -> Self {
        self.control_port = port;
        self
    }

    /// Changes the settings with which one server starts.
    pub fn configure(mut self, platform: Platform, change: impl FnOnce(&mut Settings)) -> Self {
        change(self.settings.entry(platform).or_insert_with(|| Settings::of(platform)));
        self
    }

    /// Starts in the caller's runtime.
    ///
    /// # Errors
    /// When a port cannot be bound.
    pub async fn start(self) -> io::Result<Simulator> {
        self.start_on(&Handle::current())
    }

    /// Starts in a runtime of its own.
    ///
    /// # Errors
    /// When a port cannot be bound or no thread can be started.
    pub fn start_blocking(self) -> io::Result<Simulator> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("cxauth-sim")
            .enable_all()
            .build()?;
        let mut simulator = self.start_on(runtime.handle())?;
        simulator.runtime = Some(runtime);
        Ok(simulator)
    }

    fn start_on(mut self, runtime: &Handle) -> io::Result<Simulator> {
        let clock = Clock::default();
        let mut servers = Vec::new();
        let mut listeners = Vec::new();
        for platform in Platform::ALL {
            let (listener, base) = bind(self.ports.get(&platform).copied().unwrap_or(0))?;
            let mut settings = self.settings.remove(&platform).unwrap_or_else(|| Settings::of(platform));
            if settings.activated_from_ms == 0 {
                settings.activated_from_ms = clock.now_ms();
            }
            servers.push(Server::new(platform, settings, base));
            listeners.push((platform, listener));
        }
        let (control_listener, control_base) = bind(self.control_port)?;
        let shared = Arc::new(Shared {
            world: Mutex::new(World { clock, servers, faults: Faults::default() }),
            control_base,
            changed: watch::Sender::new(0),
            released: watch::Sender::new(0),
        });
        let controls = Controls { shared };
        let mut tasks: Vec<AbortHandle> = listeners
            .into_iter()
            .map(|(platform, listener)| {
                let shared = Arc::clone(&controls.shared);
                runtime.spawn(listen::listen(listener, platform, shared)).abort_handle()
            })
            .collect();
        tasks.push(runtime.spawn(control::serve(control_listener, controls.clone())).abort_handle());
        Ok(Simulator { controls, tasks, runtime: None })
    }
}

fn bind(port: u16) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let base = format!("http://{}", listener.local_addr()?);
    Ok((listener, base))
}

/// Everything that a test or a demonstration does to the servers while they run.
#[derive(Clone)]
pub struct Controls {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Controls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Controls").field("control_base", &self.shared.control_base).finish()
    }
}

/// What a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// The client may.
    Approve,
    /// It may not.
    Deny,
}

/// What becomes of a device that waits (RFC 8628 §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeviceDecision {
    /// The first user says yes.
    Approve,
    /// He says no.
    Deny,
    /// The next poll is answered with `slow_down`; from then on polls must come 5 s further apart.
    SlowDown,
    /// The device code is over.
    Expire,
}

/// What all servers were asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// The simulator's clock.
    pub clock: ClockReading,
    /// The journals, by the platforms' names.
    pub platforms: BTreeMap<Platform, Journal>,
}

/// Addresses.
impl Controls {
    /// `http://127.0.0.1:PORT` of a server.
    pub fn base(&self, platform: Platform) -> String {
        self.shared.read(platform, |server| server.base.clone())
    }

    /// The token endpoint's URL.
    pub fn token_endpoint(&self, platform: Platform) -> String {
        self.base(platform) + platform.token_path()
    }

    /// The URL of the separate endpoint for refresh tokens, where there is one.
    pub fn refresh_endpoint(&self, platform: Platform) -> Option<String> {
        platform.refresh_path().map(|path| self.base(platform) + path)
    }

    /// The URL below which the API lives; ends with a slash.
    pub fn api_base(&self, platform: Platform) -> String {
        self.base(platform) + platform.api_path()
    }

    /// Who the plain server says it is (RFC 8414 §2): what a client discovers it by.
    pub fn issuer(&self) -> String {
        self.shared.read(Platform::Generic, Server::issuer)
    }

    /// `http://127.0.0.1:PORT` of the control API.
    pub fn control_base(&self) -> &str {
        &self.shared.control_base
    }

    /// All addresses, as the control API and the binary print them.
    pub fn addresses(&self) -> Value {
        let of_platform = |platform: Platform| {
            let addresses = json!({
                "base": self.base(platform),
                "token_endpoint": self.token_endpoint(platform),
                "refresh_endpoint": self.refresh_endpoint(platform),
                "api_base": self.api_base(platform),
                "issuer": (platform == Platform::Generic).then(|| self.issuer()),
            });
            (platform.id(), addresses)
        };
        let platforms: BTreeMap<_, _> = Platform::ALL.into_iter().map(of_platform).collect();
        json!({ "control": format!("{}/_sim", self.control_base()), "platforms": platforms })
    }

    /// The settings with which a client connects to a server, secrets included.
    pub fn connection(&self, platform: Platform) -> Value {
        self.shared.read(platform, connection::of)
    }

    /// Connections that ask for more than settings: a person at a browser ([`Controls::sign_in`]), a key
    /// ([`crate::signing_keys`]), somebody's token. Named like those of [`Controls::connections`]:
    /// `generic/authorization-code`. Tokens to exchange and assertions in them are made for each call; an
    /// assertion works once.
    pub fn further_connections(&self) -> BTreeMap<String, Value> {
        self.shared.change(|world| {
            let now_ms = world.clock.now_ms();
            world.servers.iter_mut().flat_map(|server| connection::further(server, now_ms)).collect()
        })
    }

    /// [`Controls::connection`] of every platform under its name, and the other ways in under
    /// `platform/way`: `cloudcx/api-key`, `cloudlx/json` and so on.
    pub fn connections(&self) -> BTreeMap<String, Value> {
        let world = self.shared.world();
        world.servers.iter().flat_map(connection::all).collect()
    }
}

/// How a server behaves.
impl Controls {
    /// The settings now.
    pub fn settings(&self, platform: Platform) -> Settings {
        self.shared.read(platform, |server| server.settings.clone())
    }

    /// Changes the settings; tokens that are out keep what they were given.
    pub fn configure(&self, platform: Platform, change: impl FnOnce(&mut Settings)) {
        self.shared.change(|world| change(&mut world.server(platform).settings));
    }

    /// Gives the first client a new secret; the old one works for another while.
    pub fn change_secret(&self, platform: Platform, secret: impl Into<String>, overlap: Duration) {
        let secret = Secret::new(secret);
        self.shared.change(|world| {
            let valid_until_ms = world.clock.now_ms().saturating_add(milliseconds(overlap));
            let Some(client) = world.server(platform).settings.clients.first_mut() else { return };
            if let Some(old) = client.secret.replace(secret) {
                client.previous.push(PreviousSecret { secret: old, valid_until_ms });
            }
        });
    }

    /// Sets a client up afresh: the activation delay counts from now.
    pub fn associate(&self, platform: Platform) {
        self.shared.change(|world| {
            let now_ms = world.clock.now_ms();
            world.server(platform).settings.activated_from_ms = now_ms;
        });
    }

    /// Revokes every access token that is out.
    pub fn revoke_access_tokens(&self, platform: Platform) {
        self.shared.change(|world| world.server(platform).tokens.revoke_access());
    }

    /// Revokes every refresh token that is out.
    pub fn revoke_refresh_tokens(&self, platform: Platform) {
        self.shared.change(|world| world.server(platform).tokens.revoke_refresh());
    }

    /// Revokes one access token; tells whether it was alive until then.
    pub fn revoke_token(&self, platform: Platform, token: &str) -> bool {
        self.shared.change(|world| world.server(platform).tokens.revoke(token))
    }

    /// Every secret, token and code that the servers know, for leak scans. All of them are made up, and all but
    /// JWTs contain `cxauth-canary-`.
    pub fn secrets(&self) -> Vec<String> {
        let world = self.shared.world();
        world.servers.iter().flat_map(Server::secrets).collect()
    }
}

/// People.
impl Controls {
    /// Does what a person does in a browser with the plain server's authorization URL: signs in as the first
    /// user and decides. Answers with the URL that the browser is redirected to.
    ///
    /// Faults are not in the way. With [`crate::Relay`] the answer is the other server's authorization URL.
    ///
    /// # Errors
    /// What the page says when there is no redirect, as text.
    pub fn sign_in(&self, authorization_url: &str, decision: Decision) -> Result<String, String> {
        crate::person::sign_in(&self.shared, authorization_url, decision)
    }

    /// Decides about the device with this user code, or about the latest one.
    ///
    /// # Errors
    /// When no device waits with this code, or it was decided about it before.
    pub fn decide_device(&self, user_code: Option<&str>, decision: DeviceDecision) -> Result<(), String> {
        crate::person::decide_device(&self.shared, user_code, decision)
    }
}

/// Faults.
impl Controls {
    /// Arms a fault; the number clears it.
    pub fn arm(&self, fault: Fault) -> u64 {
        self.shared.change(|world| world.faults.arm(fault))
    }

    /// The faults that still wait for requests.
    pub fn faults(&self) -> Vec<ArmedFault> {
        self.shared.world().faults.list()
    }

    /// Clears one fault.
    pub fn clear_fault(&self, number: u64) {
        self.shared.change(|world| world.faults.clear(Some(number)));
    }

    /// Clears all faults, and releases what they hold.
    pub fn clear_faults(&self) {
        self.shared.change(|world| world.faults.clear(None));
        self.release();
    }

    /// Lets every held answer go.
    pub fn release(&self) {
        self.shared.released.send_modify(|times| *times += 1);
    }
}

/// Time.
impl Controls {
    /// What the simulator's clock shows.
    pub fn clock(&self) -> ClockReading {
        self.shared.world().clock.reading()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.shared.change(|world| world.clock.advance_ms(milliseconds(by)));
    }

    /// Moves the clock back.
    pub fn step_back(&self, by: Duration) {
        self.shared.change(|world| world.clock.advance_ms(-milliseconds(by)));
    }

    /// Stops the clock; only [`Controls::advance`] and [`Controls::step_back`] move it then.
    pub fn freeze(&self) {
        self.shared.change(|world| world.clock.freeze());
    }

    /// Lets the clock go on from where it stands.
    pub fn resume(&self) {
        self.shared.change(|world| world.clock.resume());
    }
}

/// What was asked.
impl Controls {
    /// The journal of one server.
    pub fn journal(&self, platform: Platform) -> Journal {
        self.shared.read(platform, |server| server.journal.clone())
    }

    /// The journals of all servers.
    pub fn snapshot(&self) -> Snapshot {
        let world = self.shared.world();
        let platforms = world.servers.iter().map(|server| (server.platform, server.journal.clone()));
        Snapshot { clock: world.clock.reading(), platforms: platforms.collect() }
    }

    /// Every broken rule at every server: empty with a correct client.
    pub fn violations(&self) -> Vec<(Platform, Violation)> {
        let world = self.shared.world();
        let of_server = |server: &Server| {
            let platform = server.platform;
            server.journal.violations.clone().into_iter().map(move |violation| (platform, violation))
        };
        world.servers.iter().flat_map(of_server).collect()
    }

    /// Empties the journals; tokens, settings and faults stay.
    pub fn reset_journals(&self) {
        self.shared.change(|world| {
            for server in &mut world.servers {
                server.journal = Journal::new(server.platform);
            }
        });
    }

    /// Waits until a journal fulfils a condition. It has no time limit of its own.
    pub async fn wait_until(&self, platform: Platform, mut condition: impl FnMut(&Journal) -> bool) {
        let mut changes = self.shared.changed.subscribe();
        while !self.shared.read(platform, |server| condition(&server.journal)) {
            // The sender lives as long as `self`.
            let _ = changes.changed().await;
        }
    }

    /// The same for code that is not async; false when the time limit passed first.
    pub fn wait_until_blocking(
        &self,
        platform: Platform,
        limit: Duration,
        condition: impl FnMut(&Journal) -> bool,
    ) -> bool {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else {
            return false;
        };
        let waiting = async { tokio::time::timeout(limit, self.wait_until(platform, condition)).await };
        runtime.block_on(waiting).is_ok()
    }
}

/// The state behind all listeners.
pub(crate) struct Shared {
    world: Mutex<World>,
    control_base: String,
    changed: watch::Sender<u64>,
    released: watch::Sender<u64>,
}

pub(crate) struct World {
    pub(crate) clock: Clock,
    /// One for each platform, in the order of [`Platform::ALL`].
    pub(crate) servers: Vec<Server>,
    pub(crate) faults: Faults,
}

impl World {
    pub(crate) fn server(&mut self, platform: Platform) -> &mut Server {
        &mut self.servers[platform as usize]
    }
}

impl Shared {
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes whoever waits for a change.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let outcome = change(&mut self.world());
        self.changed.send_modify(|times| *times += 1);
        outcome
    }

    fn read<T>(&self, platform: Platform, read: impl FnOnce(&Server) -> T) -> T {
        read(&self.world().servers[platform as usize])
    }

    /// How many times held answers were released so far.
    pub(crate) fn releases(&self) -> u64 {
        *self.released.borrow()
    }

    /// Waits for the first release after the given number of them.
    pub(crate) async fn released_after(&self, releases: u64) {
        let _ = self.released.subscribe().wait_for(|now| *now > releases).await;
    }
}
