//! Sign-in on another device.

use serde::{Deserialize, Serialize};

/// How the device grant behaves (RFC 8628), see [`crate::Settings::device`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// The seconds between polls that the answer asks for; none: it says nothing, and 5 count (§3.2).
    pub interval: Option<u64>,
    /// How long a device code lives.
    pub lifetime: u64,
    /// Whether the answer has a `verification_uri_complete`.
    pub complete_uri: bool,
    /// After how many polls the first user says yes by himself; none: only at the page, or by
    /// [`crate::Controls::decide_device`].
    pub approved_after_polls: Option<u64>,
}

impl Default for Device {
    fn default() -> Self {
        Device { interval: Some(5), lifetime: 600, complete_uri: true, approved_after_polls: None }
    }
}
