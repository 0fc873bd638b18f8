//! Debian's packages: installed, or a file of another suite, fetched with the machine's own mirror and keys and without
//! touching its state: the package lists, the sources and the file itself stay in a folder of ours.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::process;

/// The keys of the package debian-archive-keyring, which every Debian has.
const DEBIANS_KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Installs packages of the machine's own suite. `wanted` says what a person does where that is not possible.
pub(super) fn install(packages: &[&str], wanted: &str) -> Result<()> {
    let install = || {
        process::run(
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends"])
                .args(packages)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    if install().is_ok() {
        return Ok(());
    }
    // The machine's lists may be older than the mirror.
    process::run(Command::new("apt-get").arg("update")).with_context(|| wanted.to_owned())?;
    install().with_context(|| wanted.to_owned())
}

/// Fetches `package` in a version that starts with `version`, from the first of `suites` that has it, into `folder`.
/// apt checks the signature of the list and the package's digest.
pub(super) fn download(package: &str, version: &str, suites: &[&str], folder: &Path) -> Result<PathBuf> {
    let archives = archives(&machine_sources(Path::new("/etc/apt"))?);
    if archives.is_empty() {
        bail!("no Debian archive stands in this machine's apt sources");
    }
    let mut failures = Vec::new();
    for suite in suites {
        match download_from(&archives, suite, package, version, &folder.join(suite)) {
            Ok(file) => return Ok(file),
            Err(error) => failures.push(format!("{suite}: {error:#}")),
        }
    }
    bail!("no suite has {package} {version}: {}", failures.join("; "))
}

/// A Debian archive and the keys that sign it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mirror {
    pub(super) address: String,
    pub(super) keyring: PathBuf,
}

/// The Debian archives of the machine that a program other than apt can use.
pub(super) fn mirrors() -> Result<Vec<Mirror>> {
    let mirrors = mirrors_of(&archives(&machine_sources(Path::new("/etc/apt"))?));
    if mirrors.is_empty() {
        bail!("no Debian archive stands in this machine's apt sources");
    }
    Ok(mirrors)
}

fn mirrors_of(archives: &[Stanza]) -> Vec<Mirror> {
    let mirror = |archive: &Stanza| -> Vec<Mirror> {
        // A source may hold its key itself, or name none: then it is Debian's own.
        let keyring = archive.words("Signed-By").next().filter(|word| word.starts_with('/'));
        let keyring = PathBuf::from(keyring.unwrap_or(DEBIANS_KEYS));
        let addresses = archive.words("URIs").filter(|address| address.starts_with("http"));
        addresses.map(|address| Mirror { address: address.to_owned(), keyring: keyring.clone() }).collect()
    };
    archives.iter().flat_map(mirror).collect()
}

fn download_from(
    archives: &[Stanza],
    suite: &str,
    package: &str,
    version: &str,
    folder: &Path,
) -> Result<PathBuf> {
    // apt makes neither folder itself.
    for part in ["state/lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(folder.join(part))?;
    }
    let sources: Vec<_> = archives.iter().map(|archive| archive.for_suite(suite).to_string()).collect();
    fs::write(folder.join("archive.sources"), sources.join("\n"))?;
    fs::write(folder.join("status"), "")?;
    process::run(apt_get(folder).arg("update"))?;
    process::run(apt_get(folder).arg("download").arg(format!("{package}={version}*")))?;
    let prefix = format!("{package}_");
    fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)))
        .context("apt-get downloaded no file")
}

fn apt_get(folder: &Path) -> Command {
    let mut command = Command::new("apt-get");
    command.current_dir(folder);
    for (option, value) in [
        ("Dir::Etc::sourcelist", folder.join("archive.sources")),
        ("Dir::Etc::sourceparts", "-".into()),
        ("Dir::State", folder.join("state")),
        ("Dir::State::status", folder.join("status")),
        ("Dir::Cache", folder.join("cache")),
        // The user _apt, whom root would download as, may not write to a folder in a home.
        ("APT::Sandbox::User", "root".into()),
        ("Acquire::Retries", "3".into()),
    ] {
        command.arg("-o").arg(format!("{option}={}", value.display()));
    }
    command
}

/// A stanza of a deb822 file (sources.list(5)): field names as written, values with their further lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Stanza(BTreeMap<String, String>);

impl Stanza {
    fn words<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0.get(field).map_or("", String::as_str).split_whitespace()
    }

    /// A Debian archive of packages: not its security updates, nor anybody else's packages.
    fn is_archive(&self) -> bool {
        self.words("Types").any(|word| word == "deb")
            && self.words("Components").any(|word| word == "main")
            && self.words("Enabled").all(|word| word != "no")
            && !self.words("Suites").any(|suite| suite.ends_with("-security") || suite.ends_with("/updates"))
    }

    /// The same archive with the same keys and options, for one other suite.
    fn for_suite(&self, suite: &str) -> Self {
        let mut stanza = self.clone();
        for (field, value) in [("Types", "deb"), ("Suites", suite), ("Components", "main")] {
            stanza.0.insert(field.to_owned(), value.to_owned());
        }
        stanza
    }
}

impl std::fmt::Display for Stanza {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|(field, value)| writeln!(formatter, "{field}: {value}"))
    }
}

fn archives(sources: &[Stanza]) -> Vec<Stanza> {
    let mut archives = Vec::new();
    for stanza in sources.iter().filter(|stanza| stanza.is_archive()) {
        // A machine names one archive once for each of its suites.
        let archive = stanza.for_suite("");
        if !archives.contains(&archive) {
            archives.push(archive);
        }
    }
    archives
}

fn machine_sources(etc: &Path) -> Result<Vec<Stanza>> {
    let mut files = vec![etc.join("sources.list")];
    if let Ok(entries) = fs::read_dir(etc.join("sources.list.d")) {
        files.extend(entries.filter_map(Result::ok).map(|entry| entry.path()));
    }
    files.sort();
    let mut sources = Vec::new();
    for file in files.iter().filter(|file| file.is_file()) {
        let parse = match file.extension().and_then(|extension| extension.to_str()) {
            Some("list") => one_line_style,
            Some("sources") => deb822_style,
            _ => continue,
        };
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        sources.extend(parse(&text));
    }
    Ok(sources)
}

/// `deb [option=value …] URI suite component …`, a line each.
fn one_line_style(text: &str) -> Vec<Stanza> {
    text.lines().filter_map(|line| one_line(line.split('#').next().unwrap_or_default().trim())).collect()
}

fn one_line(line: &str) -> Option<Stanza> {
    let (kind, rest) = line.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace();
    let mut fields = BTreeMap::from([
        ("Types".to_owned(), kind.to_owned()),
        ("URIs".to_owned(), words.next()?.to_owned()),
        ("Suites".to_owned(), words.next()?.to_owned()),
        ("Components".to_owned(), words.collect::<Vec<_>>().join(" ")),
    ]);
    for option in options.split_whitespace() {
        let (name, value) = option.split_once('=')?;
        fields.insert(field_name(name).to_owned(), value.replace(',', " "));
    }
    Some(Stanza(fields))
}

/// The deb822 name of a one-line option (sources.list(5), "THE DEB AND DEB-SRC TYPES: OPTIONS"); others have none that
/// a download needs and keep theirs.
fn field_name(option: &str) -> &str {
    match option {
        "arch" => "Architectures",
        "lang" => "Languages",
        "signed-by" => "Signed-By",
        "trusted" => "Trusted",
        "check-valid-until" => "Check-Valid-Until",
        "check-date" => "Check-Date",
        "by-hash" => "By-Hash",
        other => other,
    }
}

/// `Field: value` lines, further lines of a value indented, stanzas divided by empty lines.
fn deb822_style(text: &str) -> Vec<Stanza> {
    let mut stanzas = vec![Stanza::default()];
    let mut field = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some(stanza) = stanzas.last_mut() else { break };
        if line.trim().is_empty() {
            stanzas.push(Stanza::default());
        } else if line.starts_with([' ', '\t']) {
            if let Some(value) = stanza.0.get_mut(&field) {
                value.push('\n');
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            field = name.to_owned();
            stanza.0.insert(field.clone(), value.trim().to_owned());
        }
    }
    stanzas.retain(|stanza| !stanza.0.is_empty());
    stanzas
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn texts(sources: &[Stanza]) -> Vec<String> {
        archives(sources).iter().map(|archive| archive.for_suite("other").to_string()).collect()
    }

    #[test]
    fn deb822_sources_give_the_archive_and_its_keys() {
        let sources = deb822_style(
            "Types: deb\n# a comment\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\n\
             Components: main contrib\nSigned-By: /usr/share/keyrings/archive.gpg\n\n\n\
             Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\nComponents: main\n",
        );
        assert_eq!(sources.len(), 2);
        assert_eq!(
            texts(&sources),
            ["Components: main\nSigned-By: /usr/share/keyrings/archive.gpg\nSuites: other\nTypes: deb\n\
              URIs: http://mirror.example/debian\n"]
        );
    }

    #[test]
    fn a_key_within_the_source_keeps_its_lines() {
        let text = "Types: deb\nURIs: http://mirror.example/debian\nSuites: sid\nComponents: main\nSigned-By:\n \
                    -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n";
        let key = deb822_style(text).remove(0).0.remove("Signed-By").unwrap();
        assert_eq!(key, "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc");
    }

    #[test]
    fn one_line_sources_give_the_same() {
        let sources = one_line_style(
            "# deb http://old.example/debian sid main\n\
             deb [arch=amd64,arm64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # note\n\
             deb [ arch=amd64,arm64 signed-by=/k.gpg ] http://mirror.example/debian bookworm-updates main contrib\n\
             deb-src http://mirror.example/debian bookworm main\n\
             deb http://security.example bookworm-security main\n\
             deb http://packages.example/tool stable-tool tool\n",
        );
        assert_eq!(
            texts(&sources),
            ["Architectures: amd64 arm64\nComponents: main\nSigned-By: /k.gpg\nSuites: other\nTypes: deb\n\
              URIs: http://mirror.example/debian\n"]
        );
    }

    #[test]
    fn a_disabled_or_broken_source_is_none() {
        let disabled =
            "Enabled: no\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: sid\nComponents: main\n";
        assert_eq!(texts(&deb822_style(disabled)), [""; 0]);
        assert_eq!(one_line_style("deb\ndeb [arch=amd64 http://mirror.example sid main\n\n"), []);
    }

    #[test]
    fn archives_are_mirrors_with_their_keys() {
        let sources = deb822_style(
            "Types: deb\nURIs: http://one.example/debian https://two.example/debian\nSuites: sid\nComponents: main\n\
             Signed-By: /usr/share/keyrings/archive.gpg\n\n\
             Types: deb\nURIs: cdrom:[disk]/ http://three.example/debian\nSuites: sid\nComponents: main\n\
             Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n abc\n",
        );
        let mirrors = mirrors_of(&archives(&sources));
        let found: Vec<_> = mirrors
            .iter()
            .map(|mirror| (mirror.address.as_str(), mirror.keyring.to_str().unwrap()))
            .collect();
        assert_eq!(
            found,
            [
                ("http://one.example/debian", "/usr/share/keyrings/archive.gpg"),
                ("https://two.example/debian", "/usr/share/keyrings/archive.gpg"),
                ("http://three.example/debian", DEBIANS_KEYS),
            ]
        );
    }

    #[test]
    fn sources_are_read_from_both_places() {
        let etc = tempfile::tempdir().unwrap();
        fs::create_dir(etc.path().join("sources.list.d")).unwrap();
        fs::write(etc.path().join("sources.list"), "deb http://one.example/debian sid main\n").unwrap();
        let sources = "Types: deb\nURIs: http://two.example/debian\nSuites: sid\nComponents: main\n";
        fs::write(etc.path().join("sources.list.d/two.sources"), sources).unwrap();
        fs::write(etc.path().join("sources.list.d/three.sources.disabled"), sources).unwrap();
        let found = machine_sources(etc.path()).unwrap();
        let uris: Vec<_> = found.iter().flat_map(|stanza| stanza.words("URIs")).collect();
        assert_eq!(uris, ["http://one.example/debian", "http://two.example/debian"]);
    }
}
