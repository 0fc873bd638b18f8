//! Moments, as data. The core has no clock: every moment is an argument.

/// A moment: Unix time in milliseconds, never after the end of the year 9999.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 9999-12-31T23:59:59Z, the last moment that a lifetime reaches.
    pub const MAX: Self = Self(253_402_300_799_000);

    /// The moment `millis` milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        if millis > Self::MAX.0 { Self::MAX } else { Self(millis) }
    }

    /// The same from a float, as foreign languages give it. Not-a-number is 1970.
    #[must_use]
    pub const fn from_unix_millis_f64(millis: f64) -> Self {
        Self::from_unix_millis(millis as i64)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0
    }

    /// The moment `millis` later; earlier when negative.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self::from_unix_millis(self.0.saturating_add(millis))
    }

    /// The moment `seconds` later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_millis(seconds.saturating_mul(1000))
    }

    /// Milliseconds from `earlier` to this moment; negative when it lies before.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn arithmetic_never_wraps() {
        assert_eq!(Timestamp::from_unix_millis(i64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::MAX.plus_seconds(i64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::from_unix_millis_f64(f64::NAN), Timestamp::default());
        assert_eq!(Timestamp::from_unix_millis_f64(f64::INFINITY), Timestamp::MAX);
        let low = Timestamp::from_unix_millis(i64::MIN);
        assert_eq!(low.plus_millis(-1), low);
    }
}
