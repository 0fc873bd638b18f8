//! `cargo xtask android`: the native library for Android, laid out as the folder `jniLibs` of an app.

mod library;
mod machine;

use std::{
    fs,
    path::{self, Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use self::{library::Library, machine::Machine};
use crate::{process, workspace::Workspace};

/// The oldest Android that the package runs on: 7.0, as the check of its class files in `bindings/kotlin/pom.xml` has it.
const PLATFORM: u32 = 24;

/// A kind of processor that Android runs on, by Android's name and by Rust's.
#[derive(Debug, PartialEq, Eq)]
struct Abi {
    name: &'static str,
    target: &'static str,
    machine: object::Architecture,
}

/// Those that Google Play delivers to.
const ABIS: &[Abi] = &[
    Abi { name: "arm64-v8a", target: "aarch64-linux-android", machine: object::Architecture::Aarch64 },
    Abi { name: "armeabi-v7a", target: "armv7-linux-androideabi", machine: object::Architecture::Arm },
    Abi { name: "x86_64", target: "x86_64-linux-android", machine: object::Architecture::X86_64 },
    Abi { name: "x86", target: "i686-linux-android", machine: object::Architecture::I386 },
];

impl Abi {
    /// Devices with pages of 16 KiB are 64-bit ones.
    fn is_64_bit(&self) -> bool {
        matches!(self.machine, object::Architecture::Aarch64 | object::Architecture::X86_64)
    }
}

/// The names that `--abi` takes.
pub(crate) fn abis() -> Vec<&'static str> {
    ABIS.iter().map(|abi| abi.name).collect()
}

/// Builds `libcxauth_ffi.so` for these ABIs (for all when none is named) into `out/ABI/`, and checks each of them.
pub(crate) fn build(workspace: &Workspace, out: Option<PathBuf>, names: &[String]) -> Result<()> {
    let abis: Vec<_> =
        ABIS.iter().filter(|abi| names.is_empty() || names.iter().any(|name| name == abi.name)).collect();
    let ndk = Machine::here(&abis)?.ndk_or_what_is_missing(&abis)?;
    let out = out.map_or_else(|| Ok(workspace.target().join("android/jniLibs")), path::absolute)?;
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    process::run(&mut command(workspace, &ndk, &out, &abis))?;
    for abi in abis {
        let file = file(&out, abi);
        let library = Library::read(&file)?;
        library.check(abi).with_context(|| format!("{} is not fit for Android", file.display()))?;
        println!("{:<14}{:>7} KiB  {}", abi.name, library.size() / 1024, file.display());
    }
    Ok(())
}

fn file(out: &Path, abi: &Abi) -> PathBuf {
    out.join(abi.name).join("libcxauth_ffi.so")
}

fn command(workspace: &Workspace, ndk: &Path, out: &Path, abis: &[&Abi]) -> Command {
    let mut command = workspace.cargo(["ndk"]);
    for abi in abis {
        command.args(["--target", abi.name]);
        if abi.is_64_bit() {
            // The default of newer NDKs only.
            let flags = format!("CARGO_TARGET_{}_RUSTFLAGS", abi.target.to_uppercase().replace('-', "_"));
            command.env(flags, "-Clink-arg=-Wl,-z,max-page-size=16384");
        }
    }
    command
        .args(["--platform", &PLATFORM.to_string(), "--output-dir"])
        .arg(out)
        .args(["build", "--release", "--locked", "--package", "cxauth-ffi"])
        .env("ANDROID_NDK_HOME", ndk)
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_builds_each_abi_for_16_kib_pages_and_strips() {
        let workspace = Workspace { root: PathBuf::from("/checkout") };
        let abis: Vec<_> = ABIS.iter().collect();
        let command = command(&workspace, Path::new("/ndk"), Path::new("/out"), &abis);
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        assert_eq!(
            words.join(" "),
            "ndk --target arm64-v8a --target armeabi-v7a --target x86_64 --target x86 --platform 24 --output-dir /out \
             build --release --locked --package cxauth-ffi"
        );
        let variable = |name: &str| {
            let value = command.get_envs().find(|(other, _)| *other == name).and_then(|(_, value)| value);
            value.map(|value| value.to_string_lossy().into_owned())
        };
        let pages = Some("-Clink-arg=-Wl,-z,max-page-size=16384".to_owned());
        assert_eq!(variable("CARGO_TARGET_AARCH64_LINUX_ANDROID_RUSTFLAGS"), pages);
        assert_eq!(variable("CARGO_TARGET_X86_64_LINUX_ANDROID_RUSTFLAGS"), pages);
        assert_eq!(variable("CARGO_TARGET_I686_LINUX_ANDROID_RUSTFLAGS"), None);
        assert_eq!(variable("CARGO_PROFILE_RELEASE_STRIP").as_deref(), Some("symbols"));
        assert_eq!(variable("ANDROID_NDK_HOME").as_deref(), Some("/ndk"));
        assert_eq!(command.get_current_dir(), Some(Path::new("/checkout")));
    }

    #[test]
    fn a_library_lies_where_an_app_looks_for_it() {
        assert_eq!(file(Path::new("/out"), &ABIS[0]), Path::new("/out/arm64-v8a/libcxauth_ffi.so"));
    }
}
