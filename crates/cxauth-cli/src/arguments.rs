//! The command line.

use crate::{
    failure::{Failure, Status as ExitStatus},
    given, time,
};
use clap::{
    Args, CommandFactory, Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};
use std::{path::PathBuf, time::Duration};

const EXAMPLES: &str = "\
Examples:
  cxauth demo                                         # everything at work, on this machine
  cxauth platforms                                    # what each platform needs
  cxauth call cloudcx GET 'user/page?pageIndex=1'     # by [connections.cloudcx] in config.toml
  cxauth sign-in NAME                                 # in the browser, once; tokens are kept and renewed
  TOKEN=$(cxauth token cisco-cx-cloud --client-id ID --secret-file client_secret=PATH)

Exit status: 0 success, 1 not as it should be, 2 fix the configuration, 3 sign in again,
  4 try again later, 5 report it, 6 the API answered 3xx or 4xx, 7 the API answered 5xx";

/// Ends the help of the verbs that take a connection.
macro_rules! with_secrets {
    ($examples:literal) => {
        concat!(
            $examples,
            "\n\n\
Secrets never stand on the command line. They come from the configuration file, from a --secret
flag, or from CXAUTH_CLIENT_SECRET, CXAUTH_PASSWORD, CXAUTH_API_KEY and CXAUTH_REFRESH_TOKEN."
        )
    };
}

const TOKEN_EXAMPLES: &str = with_secrets!(
    "\
Examples:
  cxauth token support                       # by [connections.support] in the configuration file
  cxauth token cloudlx --client-id ID --secret-command 'client_secret=pass show cloudlx' --json
  cxauth token cloudcx/email --config sim.toml | wc -c"
);

const CALL_EXAMPLES: &str = with_secrets!(
    "\
Examples:
  cxauth call support GET 'user/page?pageIndex=1&pageSize=25'
  cxauth call calls POST api/v1/agents/call/ --data @call.json -H 'X-Trace: 1'"
);

const SIGN_IN_EXAMPLES: &str = with_secrets!(
    "\
Examples:
  cxauth sign-in crm                         # opens the browser of this machine
  cxauth sign-in crm --device                # without one: shows a code for another device
  cxauth token crm | wc -c                   # afterwards, as often as you like

The connection is one of the configuration file; `cxauth discover ISSUER` writes most of it.
Register http://127.0.0.1/callback as the client's redirect address, or set redirect_uri to
the one that is registered."
);

const DISCOVER_EXAMPLES: &str = "\
Examples:
  cxauth discover https://as.example --name crm >> ~/.config/cxauth/config.toml
  cxauth discover https://as.example --json | jq -r .token_endpoint";

const STATUS_EXAMPLES: &str = "\
Examples:
  cxauth status
  cxauth status --expiring 30d || mail -s 'tokens end soon' ops@example.com < /dev/null";

/// Access tokens that stay alive, for customer-experience platforms and any OAuth 2.0 server.
#[derive(Parser)]
#[command(name = "cxauth", version, after_help = EXAMPLES, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Show everything at work, against a simulator on this machine
    Demo(Demo),
    /// List the platforms and what each needs
    Platforms(Output),
    /// Get an access token; into a pipe it is printed, on a terminal it is not
    #[command(after_help = TOKEN_EXAMPLES)]
    Token(Token),
    /// Send an API request that carries a token, and print the answer
    #[command(after_help = CALL_EXAMPLES, override_usage = "cxauth call [OPTIONS] [NAME] METHOD URL")]
    Call(Call),
    /// Sign a person in, by the browser or on another device, and keep the tokens
    #[command(after_help = SIGN_IN_EXAMPLES)]
    SignIn(SignIn),
    /// Ask a server for its endpoints, and print them for the configuration file
    #[command(after_help = DISCOVER_EXAMPLES)]
    Discover(Discover),
    /// List the tokens that are kept: for what, how long, where
    #[command(after_help = STATUS_EXAMPLES)]
    Status(Status),
    /// End a connection's tokens at its server, where that is possible, and remove them here
    SignOut(SignOut),
    /// Start the simulator of every platform on loopback, until Ctrl-C
    Sim(Sim),
    /// Run a folder of scenarios against the core
    Vectors {
        /// The folder; tests/vectors/README.md describes the format
        dir: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct Output {
    /// Print JSON, one object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Demo {
    /// Each grant too: code with PKCE, pushed requests, devices, exchange, assertions, signing clients
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Args)]
pub(crate) struct SignIn {
    /// Connection of the configuration file
    pub(crate) name: Option<String>,
    /// Show an address and a code for another device (RFC 8628), and wait
    #[arg(long, conflicts_with = "no_browser")]
    pub(crate) device: bool,
    /// Open no browser: print the address, to be opened on this machine
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// How long the person may take in the browser
    #[arg(long, value_name = "TIME", default_value = "5min", value_parser = time::duration)]
    pub(crate) within: Duration,
    #[command(flatten)]
    pub(crate) who: Who,
}

#[derive(Args)]
pub(crate) struct Discover {
    /// Issuer, as the server writes it: https://…
    pub(crate) issuer: String,
    /// Name of the connection [default: made of the host]
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Args)]
pub(crate) struct Token {
    /// Connection of the configuration file, or platform
    pub(crate) name: Option<String>,
    /// Print the token on a terminal too
    #[arg(long)]
    pub(crate) reveal: bool,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) who: Who,
}

#[derive(Args)]
pub(crate) struct Call {
    /// Connection or platform; the method; a path of the API, or a URL
    #[arg(value_name = "[NAME] METHOD URL", num_args = 2..=3, required = true)]
    pub(crate) words: Vec<String>,
    /// Header field of the request
    #[arg(short = 'H', long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<String>,
    /// Body of the request: text, @FILE, or - for standard input
    #[arg(short, long, allow_hyphen_values = true)]
    pub(crate) data: Option<String>,
    /// Print the status line and the header fields before the answer's body
    #[arg(short, long)]
    pub(crate) include: bool,
    #[command(flatten)]
    pub(crate) who: Who,
}

#[derive(Args)]
pub(crate) struct Status {
    /// Only those of this connection or platform
    pub(crate) name: Option<String>,
    /// Only what ends so soon and cannot be renewed before; exit status 1 if there is any
    #[arg(long, value_name = "TIME", value_parser = time::duration)]
    pub(crate) expiring: Option<Duration>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) who: Who,
}

#[derive(Args)]
pub(crate) struct SignOut {
    /// Connection of the configuration file, or platform
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) who: Who,
}

#[derive(Args)]
pub(crate) struct Sim {
    /// The control API's port; the platforms follow on the next ones. 0: free ports
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=65_000))]
    pub(crate) port: u16,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Who asks whom, where the configuration file does not say it all.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Who {
    /// Configuration file [default: ~/.config/cxauth/config.toml]
    #[arg(long, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,
    /// Platform, see `cxauth platforms`
    #[arg(long, value_name = "ID")]
    pub(crate) platform: Option<String>,
    /// CloudCX: the tenant's domain
    #[arg(long)]
    pub(crate) domain: Option<String>,
    /// Client's identifier
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// User's name
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Scopes to ask for, blank-separated or one by one
    #[arg(long)]
    pub(crate) scope: Vec<String>,
    /// Any other setting that is no secret
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Read a secret (client_secret, password, api_key, refresh_token, subject_token, actor_token, assertion) from a file
    #[arg(long, value_name = "NAME=PATH")]
    pub(crate) secret_file: Vec<String>,
    /// Read a secret from a program's output
    #[arg(long, value_name = "NAME=COMMAND")]
    pub(crate) secret_command: Vec<String>,
    /// Read a secret from standard input
    #[arg(long, value_name = "NAME")]
    pub(crate) secret_stdin: Option<String>,
    #[command(flatten)]
    pub(crate) keep: Keep,
}

/// Where tokens are kept for the next run.
#[derive(Args)]
pub(crate) struct Keep {
    /// Directory, file or redis://… that keeps tokens, or none [default: ~/.local/state/cxauth]
    #[arg(long, value_name = "PLACE", env = "CXAUTH_STORE", hide_env = true)]
    pub(crate) store: Option<String>,
    /// Encrypt kept tokens by the keychain: auto (where there is one), always, never
    #[arg(
        long,
        value_name = "WHEN",
        env = "CXAUTH_KEYCHAIN",
        hide_env = true,
        default_value = "auto",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) keychain: Keychain,
}

/// When the keychain is used. The command's help says what each means.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Keychain {
    Auto,
    Always,
    Never,
}

/// Reads the command line.
pub(crate) fn parse() -> Result<Arguments, Failure> {
    Arguments::try_parse().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Ok(()) => Failure::silent(ExitStatus::Success),
            Err(error) => error.into(),
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // With standard error closed there is nobody to help.
            let _ = error.print();
            Failure::silent(ExitStatus::FixConfiguration)
        }
        _ => Failure::configuration(sentence(&error)),
    })
}

/// What is wrong in one line. What was typed is not repeated where it may be a secret.
fn sentence(error: &clap::Error) -> String {
    let typed = error.get(ContextKind::InvalidArg).map(ToString::to_string);
    match (error.kind(), typed) {
        (ErrorKind::UnknownArgument, Some(flag)) if flag.starts_with('-') => unknown_flag(error, &flag),
        (ErrorKind::UnknownArgument | ErrorKind::TooManyValues, _) => {
            format!("there is one word too many on the command line; {}", help())
        }
        _ => {
            let text = error.render().to_string();
            let what: Vec<_> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
            let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
            let advice = tip.map_or_else(help, str::to_owned);
            format!("{}; {advice}", what.join(" ").trim_start_matches("error: "))
        }
    }
}

fn unknown_flag(error: &clap::Error, flag: &str) -> String {
    let flag = flag.split('=').next().unwrap_or(flag);
    let secret =
        given::SECRETS.into_iter().find(|name| flag.trim_start_matches('-').replace('-', "_") == *name);
    if let Some(name) = secret {
        return format!(
            "there is no {flag}, because other users of the machine can read a command line: {}",
            given::ways_in(name)
        );
    }
    match error.get(ContextKind::SuggestedArg) {
        Some(similar) => format!("there is no {flag}; did you mean {similar}?"),
        None => format!("there is no {flag}; {}", help()),
    }
}

/// Where to look it up: the help of the verb that was typed, if one was.
fn help() -> String {
    let command = Arguments::command();
    let verb = std::env::args().nth(1).filter(|verb| command.find_subcommand(verb).is_some());
    match verb {
        Some(verb) => format!("see `cxauth {verb} --help`"),
        None => "see `cxauth --help`".to_owned(),
    }
}
