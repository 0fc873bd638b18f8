//! A QR code made of characters, two rows of it in one line.

use crate::terminal::Paint;
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};

/// Wider ones do not fit beside what a terminal shows otherwise.
const WIDEST: usize = 60;

/// The code of a text; none when it would be too wide.
pub(crate) fn lines(text: &str, paint: Paint) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    if code.width() > WIDEST {
        return None;
    }
    let mut image = code.render::<Dense1x2>();
    // A camera wants dark on light. Without colours the terminal is taken for a dark one.
    if !paint.is_on() {
        image.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark);
    }
    Some(image.quiet_zone(true).build().lines().map(|line| paint.black_on_white(line)).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_code_is_as_wide_as_it_is_high() {
        let lines = lines("https://as.example/device?user_code=BCDF-GHJK", Paint::off()).unwrap();
        let width = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width), "{lines:?}");
        assert_eq!(lines.len(), width.div_ceil(2));
    }

    #[test]
    fn a_long_text_has_none() {
        assert!(super::lines(&"a".repeat(400), Paint::off()).is_none());
    }
}
