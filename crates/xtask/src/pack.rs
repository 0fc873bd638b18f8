//! `cargo xtask pack`: the packages as they are published, in `target/packages`.

use anyhow::Result;

use crate::{kotlin, npm, part::Done, python, swift, workspace::Workspace};

/// A package.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Package {
    /// The wheel and the source distribution for Python
    Python,
    /// The tarball for Node, browsers and workers
    Npm,
    /// The jars for the JVM and Android, as a Maven repository
    Kotlin,
    /// The Swift package with its library for Linux
    Swift,
    /// The library of the Swift package for Apple's platforms, on a Mac
    Xcframework,
}

/// Makes it and says where it lies.
pub(crate) fn pack(workspace: &Workspace, package: Package) -> Result<Done> {
    let files = match package {
        Package::Python => {
            let packages = python::pack(workspace)?;
            vec![packages.wheel, packages.source]
        }
        Package::Npm => vec![npm::pack(workspace)?],
        Package::Kotlin => kotlin::pack(workspace)?,
        Package::Swift => vec![swift::pack(workspace)?],
        Package::Xcframework => vec![swift::pack_xcframework(workspace)?],
    };
    for file in files {
        println!("{}", file.display());
    }
    Ok(Done::Passed)
}
