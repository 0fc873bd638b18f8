//! What a build for Android needs of this machine, and how to get what it lacks.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use super::Abi;
use crate::process;

/// The version whose options we use.
const CARGO_NDK: &str = "4.1.2";
/// The NDK that the message names; any from r27 on will do.
const NDK: &str = "28.2.13676358";

/// What is there.
pub(super) struct Machine {
    /// The NDK's folder.
    ndk: Option<PathBuf>,
    /// What `cargo ndk` says of itself, `cargo-ndk 4.1.2`.
    cargo_ndk: Option<String>,
    /// The targets that Rust's standard library is installed for.
    targets: Vec<&'static str>,
}

impl Machine {
    /// Looks around.
    pub(super) fn here(abis: &[&Abi]) -> Result<Self> {
        let library = process::output(rustc().args(["--print", "sysroot"]))?;
        let library = Path::new(library.trim()).join("lib/rustlib");
        Ok(Self {
            ndk: find_ndk(&|name| env::var_os(name), env::home_dir()),
            cargo_ndk: cargo_ndk(),
            targets: abis
                .iter()
                .map(|abi| abi.target)
                .filter(|target| library.join(target).join("lib").is_dir())
                .collect(),
        })
    }

    /// The NDK when nothing is missing.
    ///
    /// # Errors
    /// Everything that is missing at once, each with the way to get it.
    pub(super) fn ndk_or_what_is_missing(self, abis: &[&Abi]) -> Result<PathBuf> {
        let mut missing = Vec::new();
        if self.ndk.is_none() {
            missing.push(format!(
                "the Android NDK, r27 or later: install it in Android Studio (SDK Manager, SDK Tools, NDK) or with \
                 `sdkmanager \"ndk;{NDK}\"`; where it is in no usual place, set ANDROID_NDK_HOME to its folder"
            ));
        }
        let wanted = format!("`cargo install cargo-ndk --version {CARGO_NDK} --locked`");
        match self.cargo_ndk.as_deref().map(|said| (said, major(said))) {
            None => missing.push(format!("cargo-ndk: {wanted}")),
            Some((_, found)) if found == major(CARGO_NDK) => {}
            Some((said, _)) => missing.push(format!("cargo-ndk {CARGO_NDK} ({said} is there): {wanted}")),
        }
        let targets: Vec<_> =
            abis.iter().map(|abi| abi.target).filter(|target| !self.targets.contains(target)).collect();
        if !targets.is_empty() {
            let targets = targets.join(" ");
            missing.push(format!("Rust's standard library for Android: `rustup target add {targets}`"));
        }
        match self.ndk {
            Some(ndk) if missing.is_empty() => Ok(ndk),
            _ => bail!(
                "cannot build for Android; this machine lacks\n- {}\nThen run `cargo xtask android` again.",
                missing.join("\n- ")
            ),
        }
    }
}

/// Where Android Studio and people put it.
fn find_ndk(variable: &dyn Fn(&str) -> Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    let named = ["ANDROID_NDK_HOME", "ANDROID_NDK_ROOT"].into_iter().filter_map(variable).map(PathBuf::from);
    let software = ["ANDROID_HOME", "ANDROID_SDK_ROOT"].into_iter().filter_map(variable).map(PathBuf::from);
    let usual = ["Android/Sdk", "Library/Android/sdk", "AppData/Local/Android/Sdk"];
    let usual = home.into_iter().flat_map(|home| usual.map(|folder| home.join(folder)));
    let installed = software.chain(usual).filter_map(|folder| latest(&folder.join("ndk")));
    named.chain(installed).find(|folder| version(folder).is_some())
}

/// The one of the highest version of those that stand side by side.
fn latest(folder: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    folders.filter_map(|folder| Some((version(&folder)?, folder))).max().map(|(_, folder)| folder)
}

/// The version that an NDK says it is, `28.2.13676358`.
fn version(ndk: &Path) -> Option<Vec<u32>> {
    let text = fs::read_to_string(ndk.join("source.properties")).ok()?;
    let properties = text.lines().filter_map(|line| line.split_once('='));
    let revision = properties.into_iter().find(|(name, _)| name.trim() == "Pkg.Revision")?.1;
    revision.trim().split('.').map(|part| part.parse().ok()).collect()
}

fn cargo_ndk() -> Option<String> {
    let output = process::cargo().args(["ndk", "--version"]).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// `4` of `cargo-ndk 4.1.2`.
fn major(version: &str) -> Option<&str> {
    version.split_whitespace().last()?.split('.').next()
}

fn rustc() -> Command {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{super::ABIS, *};

    fn complete() -> Machine {
        Machine {
            ndk: Some(PathBuf::from("/ndk")),
            cargo_ndk: Some("cargo-ndk 4.0.4".to_owned()),
            targets: ABIS.iter().map(|abi| abi.target).collect(),
        }
    }

    fn missing(machine: Machine) -> String {
        let abis: Vec<_> = ABIS.iter().collect();
        machine.ndk_or_what_is_missing(&abis).unwrap_err().to_string()
    }

    #[test]
    fn a_machine_that_has_all_builds() {
        let abis: Vec<_> = ABIS.iter().collect();
        assert_eq!(complete().ndk_or_what_is_missing(&abis).unwrap(), Path::new("/ndk"));
    }

    #[test]
    fn everything_that_is_missing_is_told_at_once_with_the_way_to_get_it() {
        assert_eq!(
            missing(Machine { ndk: None, cargo_ndk: None, targets: Vec::new() }),
            "cannot build for Android; this machine lacks\n\
             - the Android NDK, r27 or later: install it in Android Studio (SDK Manager, SDK Tools, NDK) or with \
             `sdkmanager \"ndk;28.2.13676358\"`; where it is in no usual place, set ANDROID_NDK_HOME to its folder\n\
             - cargo-ndk: `cargo install cargo-ndk --version 4.1.2 --locked`\n\
             - Rust's standard library for Android: `rustup target add aarch64-linux-android armv7-linux-androideabi \
             x86_64-linux-android i686-linux-android`\n\
             Then run `cargo xtask android` again."
        );
    }

    #[test]
    fn only_what_is_missing_is_told() {
        let without_ndk = missing(Machine { ndk: None, ..complete() });
        assert!(
            without_ndk.contains("NDK")
                && !without_ndk.contains("cargo-ndk")
                && !without_ndk.contains("rustup")
        );
        let without_target =
            missing(Machine { targets: vec![ABIS[0].target, ABIS[1].target, ABIS[2].target], ..complete() });
        assert!(without_target.contains("`rustup target add i686-linux-android`"), "{without_target}");
        let older = missing(Machine { cargo_ndk: Some("cargo-ndk 3.5.4".to_owned()), ..complete() });
        assert!(older.contains("cargo-ndk 4.1.2 (cargo-ndk 3.5.4 is there): `cargo install"), "{older}");
        let abis = [&ABIS[0]];
        let machine = Machine { targets: vec![ABIS[0].target], ..complete() };
        assert!(machine.ndk_or_what_is_missing(&abis).is_ok());
    }

    #[test]
    fn the_ndk_is_found_where_it_is_named_or_usual_and_the_latest_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let put = |folder: &str, revision: &str| {
            let folder = home.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::write(
                folder.join("source.properties"),
                format!("Pkg.Desc = Android NDK\nPkg.Revision = {revision}\n"),
            )
            .unwrap();
            folder
        };
        let here = || Some(home.path().to_owned());
        assert_eq!(find_ndk(&|_| None, here()), None);
        put("Android/Sdk/ndk/9.9.9", "9.9.9");
        let latest = put("Android/Sdk/ndk/28.2.13676358", "28.2.13676358");
        fs::create_dir_all(home.path().join("Android/Sdk/ndk/99.0.0")).unwrap();
        assert_eq!(find_ndk(&|_| None, here()), Some(latest));
        let own = put("own", "27.0.12077973");
        let named = |name: &str| (name == "ANDROID_NDK_HOME").then(|| own.clone().into_os_string());
        assert_eq!(find_ndk(&named, here()), Some(own.clone()));
        let software = put("sdk/ndk/27.1.1", "27.1.1");
        let root = home.path().join("sdk").into_os_string();
        assert_eq!(find_ndk(&|name| (name == "ANDROID_HOME").then(|| root.clone()), here()), Some(software));
    }
}
