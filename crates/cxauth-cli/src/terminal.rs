//! What standard output shows to a person: colours where they can be seen, plain text elsewhere.

use clap::builder::styling::{Ansi256Color, AnsiColor, Style};
use std::{
    env,
    io::{self, IsTerminal},
};

/// Paints words for standard output, or leaves them as they are.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// Colours on a terminal only, and not where `NO_COLOR` or a dumb terminal says otherwise.
    pub(crate) fn of_stdout() -> Self {
        let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self { on: io::stdout().is_terminal() && !unwanted && !dumb }
    }

    pub(crate) fn strong(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.styled(AnsiColor::Green.on_default(), text)
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.styled(AnsiColor::Red.on_default().bold(), text)
    }

    /// Whatever colours the terminal has.
    pub(crate) fn black_on_white(self, text: &str) -> String {
        let (black, white) = (Ansi256Color(16), Ansi256Color(231));
        self.styled(Style::new().fg_color(Some(black.into())).bg_color(Some(white.into())), text)
    }

    pub(crate) fn is_on(self) -> bool {
        self.on
    }

    #[cfg(test)]
    pub(crate) fn off() -> Self {
        Self { on: false }
    }

    fn styled(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
