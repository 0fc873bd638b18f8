//! What a library for Android must be: of the right kind, for pages of 16 KiB, stripped, and with our symbols.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use object::{Object, ObjectSegment, ObjectSymbol};

use super::Abi;

/// Google Play wants it for 64-bit apps, and devices with such pages refuse what is aligned to less.
const PAGE: u64 = 16 * 1024;

/// What the Kotlin package asks for first.
const SYMBOL: &str = "ffi_cxauth_bridge_uniffi_contract_version";

/// A built library.
pub(super) struct Library(Vec<u8>);

impl Library {
    pub(super) fn read(file: &Path) -> Result<Self> {
        Ok(Self(fs::read(file).with_context(|| format!("cargo-ndk built no {}", file.display()))?))
    }

    /// In bytes.
    pub(super) fn size(&self) -> usize {
        self.0.len()
    }

    /// Fails with what is wrong with it.
    pub(super) fn check(&self, abi: &Abi) -> Result<()> {
        let file = object::File::parse(&*self.0).context("it is no library")?;
        if file.architecture() != abi.machine {
            bail!("it is for {:?}, and {} is {:?}", file.architecture(), abi.name, abi.machine);
        }
        let alignment = file.segments().map(|segment| segment.align()).min().unwrap_or_default();
        if abi.is_64_bit() && alignment < PAGE {
            bail!(
                "its segments are aligned to {alignment} bytes, and pages may have {PAGE}: use NDK r27 or later"
            );
        }
        if file.symbols().next().is_some() {
            bail!("its symbols are not stripped");
        }
        if !file.dynamic_symbols().any(|symbol| symbol.is_definition() && symbol.name() == Ok(SYMBOL)) {
            bail!("it does not export {SYMBOL}");
        }
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::process::Command;

    use super::{super::ABIS, *};

    /// A library of this machine's that exports one symbol.
    fn compile(symbol: &str, flags: &[&str]) -> Library {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("library.rs");
        fs::write(&source, format!("#[unsafe(no_mangle)]\npub extern \"C\" fn {symbol}() {{}}\n")).unwrap();
        let file = folder.path().join("library.so");
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let status = Command::new(rustc)
            .args(["--edition=2024", "--crate-type=cdylib", "-o"])
            .arg(&file)
            .args(flags)
            .arg(source)
            .status();
        assert!(status.unwrap().success());
        Library::read(&file).unwrap()
    }

    fn check(library: &Library, abi: &str) -> String {
        let abi = ABIS.iter().find(|other| other.name == abi).unwrap();
        library.check(abi).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_not_fit_for_android_is_found() {
        let (pages, strip) = ("-Clink-arg=-Wl,-z,max-page-size=16384", "-Cstrip=symbols");
        assert_eq!(check(&compile(SYMBOL, &[pages, strip]), "x86_64"), "");
        assert!(check(&compile(SYMBOL, &[pages, strip]), "arm64-v8a").contains("for X86_64"));
        assert!(
            check(&compile(SYMBOL, &[strip, "-Clink-arg=-Wl,-z,max-page-size=4096"]), "x86_64")
                .contains("aligned to 4096")
        );
        assert!(check(&compile(SYMBOL, &[pages]), "x86_64").contains("not stripped"));
        assert!(check(&compile("other", &[pages, strip]), "x86_64").contains("does not export"));
        assert!(check(&Library(b"no library".to_vec()), "x86_64").contains("no library"));
        assert!(Library::read(Path::new("/nowhere/libcxauth_ffi.so")).is_err());
    }
}
