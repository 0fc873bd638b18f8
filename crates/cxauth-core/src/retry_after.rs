//! `Retry-After` (RFC 9110 §10.2.3): seconds, or one of the three forms of an HTTP date.

use crate::Timestamp;

/// The longest wait that a server can ask for, in milliseconds.
const LONGEST: i64 = 3_600_000;

/// Milliseconds to wait from `now`; none when the value says nothing.
pub(crate) fn millis(value: &str, now: Timestamp) -> Option<i64> {
    let value = value.trim_ascii();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(
            value.parse::<i64>().map_or(LONGEST, |seconds| seconds.saturating_mul(1000).min(LONGEST)),
        );
    }
    let moment = http_date(value, now)?;
    Some(moment.millis_since(now).clamp(0, LONGEST))
}

/// The three forms of RFC 9110 §5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
/// `Sun Nov  6 08:49:37 1994`.
fn http_date(value: &str, now: Timestamp) -> Option<Timestamp> {
    let mut words = value.split([' ', '-']).filter(|word| !word.is_empty());
    let first = words.next()?;
    let (day, month, year, time);
    if first.ends_with(',') {
        (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
        if words.next()? != "GMT" {
            return None;
        }
    } else {
        (month, day, time, year) = (words.next()?, words.next()?, words.next()?, words.next()?);
    }
    if words.next().is_some() {
        return None;
    }
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
    let day = number(day, 2).filter(|day| (1..=31).contains(day))?;
    let year = match year.len() {
        4 => number(year, 4)?,
        2 => century(number(year, 2)?, now),
        _ => return None,
    };
    let mut parts = time.split(':').map(|part| number(part, 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days_from_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(Timestamp::from_unix_millis(seconds * 1000))
}

fn number(digits: &str, longest: usize) -> Option<i64> {
    let fits = (1..=longest).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { digits.parse().ok() } else { None }
}

/// RFC 9110 §5.6.7: a two-digit year that seems more than 50 years ahead is one of the past century.
fn century(two_digits: i64, now: Timestamp) -> i64 {
    let this_year = 1970 + now.unix_millis() / 31_556_952_000;
    let year = this_year - this_year.rem_euclid(100) + two_digits;
    if year > this_year + 50 { year - 100 } else { year }
}

/// Days of the proleptic Gregorian calendar, counted in years that begin in March so that the leap day is the last.
fn days_from_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, millis};
    use crate::Timestamp;

    #[test]
    fn i15_each_form_is_read_and_capped() {
        // 1994-11-06T08:49:07Z, half a minute before the date of RFC 9110's examples.
        let now = Timestamp::from_unix_millis(784_111_747_000);
        for (value, expected) in [
            ("0", Some(0)),
            (" 120 ", Some(120_000)),
            ("3601", Some(LONGEST)),
            ("99999999999999999999999", Some(LONGEST)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30_000)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30_000)),
            ("Sun Nov  6 08:49:37 1994", Some(30_000)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some(0)),
            ("Tue, 29 Feb 2000 00:00:00 GMT", Some(LONGEST)),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
            ("-5", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
            ("1700000000", Some(LONGEST)),
        ] {
            assert_eq!(millis(value, now), expected, "{value}");
        }
    }

    #[test]
    fn dates_across_leap_years() {
        let at = |value| super::http_date(value, Timestamp::default()).map(Timestamp::unix_millis);
        assert_eq!(at("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(at("Tue, 29 Feb 2000 00:00:00 GMT"), Some(951_782_400_000));
        assert_eq!(at("Sat, 21 Nov 2026 00:00:00 GMT"), Some(1_795_219_200_000));
    }
}
