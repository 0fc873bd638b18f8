//! `cargo xtask pack`: the packages as they are published, in `target/packages`.

use anyhow::Result;

use crate::{npm, part::Done, python, workspace::Workspace};

/// A package.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Package {
    /// The wheel and the source distribution for Python
    Python,
    /// The tarball for Node, browsers and workers
    Npm,
}

/// Makes it and says where it lies.
pub(crate) fn pack(workspace: &Workspace, package: Package) -> Result<Done> {
    let files = match package {
        Package::Python => {
            let packages = python::pack(workspace)?;
            vec![packages.wheel, packages.source]
        }
        Package::Npm => vec![npm::pack(workspace)?],
    };
    for file in files {
        println!("{}", file.display());
    }
    Ok(Done::Passed)
}
