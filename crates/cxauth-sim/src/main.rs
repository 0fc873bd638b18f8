//! Starts the simulator, prints its addresses as one line of JSON, and stays until its standard input ends.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use cxauth_sim::{Platform, Simulator};

/// The platforms and a plain OAuth 2.0 server on loopback.
///
/// Prints one line of JSON with every address, and stays until its standard input ends or it is killed.
/// Everything else goes through the control API, whose address is `control` in that line.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port of the plain OAuth 2.0 server; 0 is a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,

    /// The port of the control API; 0 is a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    control_port: u16,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "cxauth-sim: {error}; choose another port or leave it out");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    let simulator = Simulator::builder()
        .port(Platform::Generic, arguments.port)
        .control_port(arguments.control_port)
        .start_blocking()?;
    let mut output = io::stdout();
    writeln!(output, "{}", simulator.addresses())?;
    output.flush()?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
