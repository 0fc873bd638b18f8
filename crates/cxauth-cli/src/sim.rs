//! `cxauth sim`: the simulator, for as long as somebody wants it.

use crate::{
    arguments,
    failure::{Failure, Status},
};
use cxauth_sim::{Platform, Simulator};
use serde_json::json;
use std::io::{self, Write};

/// Serves until Ctrl-C.
pub(crate) fn run(arguments: &arguments::Sim) -> Result<Status, Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new(Status::NotAsItShouldBe, format!("cannot start: {error}")))?;
    runtime.block_on(async {
        // Listening for the signal comes first: whoever reads the addresses may stop the simulator at once.
        let stopped = stopped().map_err(|error| {
            Failure::new(Status::NotAsItShouldBe, format!("cannot listen for Ctrl-C: {error}"))
        })?;
        let simulator = start(arguments.port).await?;
        let mut out = io::stdout();
        if arguments.output.json {
            let mut line = simulator.addresses();
            line["connections"] = json!(simulator.connections());
            writeln!(out, "{line}")?;
        } else {
            out.write_all(configuration_file(&simulator)?.as_bytes())?;
        }
        out.flush()?;
        stopped.await;
        Ok(Status::Success)
    })
}

async fn start(port: u16) -> Result<Simulator, Failure> {
    let mut builder = Simulator::builder().control_port(port);
    if port != 0 {
        for (platform, port) in Platform::ALL.into_iter().zip(port + 1..) {
            builder = builder.port(platform, port);
        }
    }
    builder.start().await.map_err(|error| {
        Failure::configuration(format!(
            "cannot listen on 127.0.0.1: {error}; choose another --port, or leave it out for free ones"
        ))
    })
}

/// The addresses and the connections, as a configuration file that can be used at once.
fn configuration_file(simulator: &Simulator) -> Result<String, Failure> {
    let connections =
        toml::to_string(&json!({ "connections": simulator.connections() })).map_err(|error| {
            Failure::new(Status::NotAsItShouldBe, format!("cannot show the connections: {error}"))
        })?;
    let mut text = format!(
        "# Every platform on this machine, until Ctrl-C. These lines are a configuration file: save them, then\n\
         #   CXAUTH_CONFIG=sim.toml cxauth call cloudcx GET user/page\n\
         # Faults, clock and journals are at {}/_sim\n",
        simulator.control_base()
    );
    for platform in Platform::ALL {
        text += &format!("#   {:15} {}\n", platform.id(), simulator.base(platform));
    }
    Ok(text + "\n" + &connections)
}

#[cfg(unix)]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler nobody can ask politely.
        let _ = tokio::signal::ctrl_c().await;
    })
}
