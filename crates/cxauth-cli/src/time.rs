//! Spans of time, as people write and read them.

use std::time::Duration;

const UNITS: [(&str, u64); 5] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)];

/// `30d`, `2w`, `12h`, `90min`, `600s`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || "write it as 30d, 2w, 12h, 90min or 600s".to_owned();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit.trim()).ok_or_else(wanted)?;
    let number: u64 = number.parse().map_err(|_| wanted())?;
    number.checked_mul(*seconds).map(Duration::from_secs).ok_or_else(wanted)
}

/// In the largest unit that tells at least two of it, rounded down: nobody counts on more than is left.
pub(crate) fn shown(seconds: i64) -> String {
    let Ok(seconds @ 1..) = u64::try_from(seconds) else { return "ended".to_owned() };
    let unit = UNITS[1..].iter().find(|(_, unit)| seconds >= 2 * unit);
    let (name, unit) = unit.unwrap_or(&("s", 1));
    format!("{} {name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_people_write_is_read() {
        for (text, seconds) in
            [("30d", 2_592_000), ("2w", 1_209_600), ("12 h", 43_200), ("90min", 5400), ("0s", 0)]
        {
            assert_eq!(duration(text).unwrap().as_secs(), seconds, "{text}");
        }
        for text in ["", "d", "30", "-1d", "1.5d", "30 days", "99999999999999999999d", "30000000000000000w"] {
            assert!(duration(text).unwrap_err().contains("30d"), "{text}");
        }
    }

    #[test]
    fn what_is_left_is_shown_in_one_unit() {
        let cases =
            [(-5, "ended"), (0, "ended"), (1, "1 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min")];
        let longer = [(7200, "2 h"), (172_799, "47 h"), (172_800, "2 d"), (31_536_000, "365 d")];
        for (seconds, text) in cases.into_iter().chain(longer) {
            assert_eq!(shown(seconds), text);
        }
    }
}
