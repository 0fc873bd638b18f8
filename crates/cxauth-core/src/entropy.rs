//! Jitter from the entropy that the caller gave. It spreads requests over time and guards nothing secret.

use alloc::{format, string::String};

/// SplitMix64: small, and well mixed for any seed.
#[derive(Clone, Debug)]
pub(crate) struct Entropy(u64);

impl Entropy {
    pub(crate) fn new(seed: &[u8]) -> Self {
        let mut entropy = Self(0x9e37_79b9_7f4a_7c15);
        for byte in seed {
            entropy.0 ^= u64::from(*byte);
            entropy.0 = entropy.draw();
        }
        entropy
    }

    /// A whole number from 0 to `end`, both included; 0 when `end` is negative.
    pub(crate) fn up_to(&mut self, end: i64) -> i64 {
        let Ok(end) = u64::try_from(end) else { return 0 };
        let drawn = self.draw() % end.saturating_add(1);
        i64::try_from(drawn).unwrap_or(0)
    }

    /// A name that nobody else has: 32 hexadecimal digits.
    pub(crate) fn name(&mut self) -> String {
        format!("{:016x}{:016x}", self.draw(), self.draw())
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
