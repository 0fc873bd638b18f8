//! One server: its settings, its tokens, its journal.

use crate::Platform;
use crate::clock::milliseconds;
use crate::devices::Devices;
use crate::dpop::Nonces;
use crate::journal::{Journal, Rule};
use crate::replays::Replays;
use crate::settings::{Client, Secret, Settings};
use crate::sign_ins::SignIns;
use crate::tokens::{Origin, Tokens};

pub(crate) struct Server {
    pub(crate) platform: Platform,
    pub(crate) settings: Settings,
    pub(crate) tokens: Tokens,
    pub(crate) sign_ins: SignIns,
    pub(crate) devices: Devices,
    pub(crate) replays: Replays,
    pub(crate) nonces: Nonces,
    pub(crate) journal: Journal,
    /// `http://127.0.0.1:PORT`
    pub(crate) base: String,
    /// Requests so far; goes on when the journal is cleared.
    pub(crate) requests: u64,
    /// The request that is being judged.
    pub(crate) judging: u64,
    /// The second that the gateway counts in, and how many queries it has seen.
    pub(crate) queries: (i64, u64),
}

impl Server {
    pub(crate) fn new(platform: Platform, settings: Settings, base: String) -> Self {
        Server {
            platform,
            settings,
            tokens: Tokens::default(),
            sign_ins: SignIns::default(),
            devices: Devices::default(),
            replays: Replays::default(),
            nonces: Nonces::default(),
            journal: Journal::new(platform),
            base,
            requests: 0,
            judging: 0,
            queries: (0, 0),
        }
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin { platform: self.platform.id(), base: self.base.clone() }
    }

    /// Who the server says it is (RFC 8414 §2).
    pub(crate) fn issuer(&self) -> String {
        let discovery = &self.settings.discovery;
        discovery.issuer.clone().unwrap_or_else(|| format!("{}{}", self.base, discovery.issuer_path))
    }

    /// Every secret, token and code, for leak scans.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        let configured = self.configured_secrets().map(|secret| secret.reveal().to_owned());
        configured
            .chain(self.tokens.values().chain(self.sign_ins.values()).chain(self.devices.values()).cloned())
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.settings.clients.iter().find(|client| client.id == id)
    }

    /// Whether a value is one of this server's secrets or tokens.
    pub(crate) fn knows(&self, value: &str) -> bool {
        self.tokens.knows(value)
            || self.sign_ins.knows(value)
            || self.devices.knows(value)
            || self.configured_secrets().any(|secret| secret.reveal() == value)
    }

    pub(crate) fn configured_secrets(&self) -> impl Iterator<Item = &Secret> {
        let settings = &self.settings;
        let of_clients = settings
            .clients
            .iter()
            .flat_map(|client| client.secret.iter().chain(client.previous.iter().map(|old| &old.secret)));
        of_clients.chain(settings.users.iter().map(|user| &user.password)).chain(&settings.api_keys)
    }

    /// Notes a broken rule for the request that is being judged.
    pub(crate) fn violated(&mut self, rule: Rule, detail: impl Into<String>) {
        self.journal.violated(self.judging, rule, detail);
    }

    /// Cisco: up to ten minutes after a key was associated, well-formed requests are refused.
    pub(crate) fn is_activating(&self, now_ms: i64) -> bool {
        let delay = milliseconds(std::time::Duration::from_secs(self.settings.activation_delay));
        now_ms < self.settings.activated_from_ms.saturating_add(delay)
    }
}
