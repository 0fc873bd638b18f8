//! The Swift package as it is published, and a program that knows nothing but it and its documentation.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{FOLDER, STRICT, lay_out, server::Server};
use crate::{
    native::{self, Profile},
    part::Done,
    process, python,
    setup::Swift,
    workspace::Workspace,
};

/// What of the checkout's folder is in it.
const CONTENTS: &[&str] = &["Package.swift", "README.md", ".swift-format", "Sources", "Tests"];
const LICENCES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];

/// Makes the package for Linux on this processor, sources and library, in `target/packages/swift`: a folder and the same as
/// a tarball, which is returned. Its name is the package's for SwiftPM.
pub(crate) fn pack(workspace: &Workspace) -> Result<PathBuf> {
    if !cfg!(target_os = "linux") {
        bail!("this packs the library for Linux on Linux; on a Mac there is `cargo xtask pack xcframework`");
    }
    let archive = native::build(workspace, Profile::Release)?.archive;
    let folder = workspace.target().join("packages/swift");
    let package = folder.join("cxauth");
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    for name in CONTENTS {
        copy(&workspace.path(FOLDER).join(name), &package.join(name))?;
    }
    for name in LICENCES {
        copy(&workspace.path(name), &package.join(name))?;
    }
    lay_out(&archive, &package.join("lib"))?;
    let name = format!("cxauth-swift-{}-linux-{}.tar.gz", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    let tarball = folder.join(name);
    process::run(Command::new("tar").arg("-czf").arg(&tarball).arg("-C").arg(&folder).arg("cxauth"))?;
    Ok(tarball)
}

/// The tarball where nothing else is: a new package depends on it, the examples of its README run word for word, and those
/// of the documentation compile.
pub(crate) fn test_package(workspace: &Workspace) -> Result<Done> {
    let tarball = pack(workspace)?;
    let simulator = Server::start(&mut Command::new(python::simulator(workspace)?))?;
    let scratch = workspace.scratch("swift-package")?;
    process::run(Command::new("tar").arg("-xzf").arg(tarball).arg("-C").arg(&scratch))?;
    let example = scratch.join("example");
    let readme = blocks(&fs::read_to_string(scratch.join("cxauth/README.md"))?);
    let [manifest, program] = readme.as_slice() else {
        bail!("the README has {} blocks of Swift, not a manifest and a program", readme.len());
    };
    write(&example.join("Package.swift"), manifest)?;
    write(&example.join("Sources/Example/main.swift"), program)?;
    write(&example.join("connection.json"), &connection(&simulator, "generic")?.to_string())?;

    let swift = Swift::find(workspace)?;
    let run = |verb: &str, flags: &[&str]| {
        let mut command = swift.command(workspace, &example, &[], "swift");
        command.arg(verb).args(flags).env("PKG_CONFIG_PATH", scratch.join("cxauth/lib/pkgconfig"));
        command
    };
    let output = process::output(&mut run("run", STRICT))?;
    println!("{output}");
    for wanted in ["200", "Item 21", "empty"] {
        if !output.contains(wanted) {
            bail!("the README's example printed no `{wanted}`");
        }
    }
    let mut documentation = Vec::new();
    for page in ["README.md", "docs/swift.md"] {
        let found = blocks(&fs::read_to_string(workspace.path(page))?);
        if found.is_empty() {
            bail!("{page} has no Swift");
        }
        documentation.extend(found);
    }
    // In place of the program: each block is the inside of a function that has a client at hand.
    fs::remove_file(example.join("Sources/Example/main.swift"))?;
    for (number, block) in documentation.iter().enumerate() {
        write(&example.join(format!("Sources/Example/Block{number}.swift")), &as_function(block, number))?;
    }
    write(
        &example.join("Sources/Example/Example.swift"),
        "@main struct Example { static func main() {} }\n",
    )?;
    // An example need not use all that it makes.
    process::run(&mut run("build", &["-Xswiftc", "-suppress-warnings"]))?;
    println!("{} blocks of the documentation compile", documentation.len());
    Ok(Done::Passed)
}

/// The blocks of Swift in a page.
fn blocks(page: &str) -> Vec<String> {
    let starts = page.split("```swift\n").skip(1);
    starts.filter_map(|rest| rest.split_once("\n```")).map(|(block, _)| format!("{block}\n")).collect()
}

/// A block that may import, and may use `cx`.
fn as_function(block: &str, number: usize) -> String {
    let (imports, body): (Vec<_>, Vec<_>) = block.lines().partition(|line| line.starts_with("import "));
    format!(
        "import Cxauth\nimport Foundation\n#if canImport(FoundationNetworking)\nimport FoundationNetworking\n#endif\n\
         {}\n\nfunc block{number}(cx: CxClient) async throws {{\n{}\n}}\n",
        imports.join("\n"),
        body.join("\n")
    )
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// A connection of the simulator's, by its name.
fn connection(simulator: &Server, name: &str) -> Result<Value> {
    let control = simulator.facts["control"].as_str().and_then(|address| address.strip_prefix("http://"));
    let (host, path) =
        control.and_then(|address| address.split_once('/')).context("the simulator named no address")?;
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET /{path}/connections HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").context("the simulator gave no answer")?;
    let connections: Value = serde_json::from_str(body).context("the simulator's answer is no JSON")?;
    connections.get(name).cloned().with_context(|| format!("the simulator has no connection {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_swift_are_found() {
        let page = "# A\n\n```swift\nlet a = 1\n\nlet b = 2\n```\n\n```sh\nswift build\n```\n\n```swift\nlet c = 3\n```\n";
        assert_eq!(blocks(page), ["let a = 1\n\nlet b = 2\n", "let c = 3\n"]);
    }

    #[test]
    fn a_block_keeps_its_imports_outside_the_function() {
        let text = as_function("import Security\n\nlet token = try await cx.token()\n", 3);
        assert!(
            text.contains("#endif\nimport Security\n\nfunc block3(cx: CxClient) async throws {\n\nlet token")
        );
    }
}
