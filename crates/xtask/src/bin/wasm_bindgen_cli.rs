//! wasm-bindgen's generator of JavaScript, in exactly the version that the bridge's macros have: any other refuses the
//! module.

use std::path::PathBuf;

use clap::Parser;
use wasm_bindgen_cli_support::Bindgen;

/// Generates JavaScript around a WebAssembly module.
#[derive(Parser)]
struct Arguments {
    /// The module that `cargo build --target wasm32-unknown-unknown` made
    module: PathBuf,
    /// The folder that the JavaScript goes to
    #[arg(long)]
    out_dir: PathBuf,
    /// Keep the functions' names, for a look at what takes room
    #[arg(long)]
    keep_names: bool,
    /// For a page or a bundler with a loader of its own (`web`), or for Node (`nodejs`)
    #[arg(long, default_value = "web")]
    target: Target,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Target {
    Web,
    Nodejs,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&arguments.module).typescript(true).keep_debug(arguments.keep_names);
    match arguments.target {
        Target::Web => bindgen.web(true)?,
        Target::Nodejs => bindgen.nodejs(true)?,
    };
    bindgen.generate(&arguments.out_dir)
}
