//! The configuration file: named connections, as tables of TOML.

use crate::{
    failure::{self, Failure},
    given::{self, SECRETS},
};
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

/// The connections of a configuration file; none where there is no file.
pub(crate) struct Configuration {
    /// None when the system names no home.
    path: Option<PathBuf>,
    connections: BTreeMap<String, Map<String, Value>>,
}

impl Configuration {
    /// Reads the file that the flag or `CXAUTH_CONFIG` names, which must be there, or the one in the usual place.
    pub(crate) fn load(flag: Option<&Path>) -> Result<Self, Failure> {
        let named = flag.map(Path::to_owned).or_else(|| variable("CXAUTH_CONFIG"));
        let must_exist = named.is_some();
        let Some(path) = named.or_else(usual_place) else {
            return Ok(Self { path: None, connections: BTreeMap::new() });
        };
        let connections = match fs::read_to_string(&path) {
            Ok(text) => read(&text).map_err(|what| {
                Failure::configuration(format!("the configuration file {}{what}", path.display()))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => BTreeMap::new(),
            Err(error) => {
                return Err(Failure::configuration(format!(
                    "cannot read the configuration file {}: {error}; correct its path or its permissions",
                    path.display()
                )));
            }
        };
        Ok(Self { path: Some(path), connections })
    }

    /// The names of the connections.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.connections.keys().map(String::as_str)
    }

    /// What messages call the file.
    pub(crate) fn place(&self) -> String {
        self.path
            .as_ref()
            .map_or_else(|| "the configuration file".to_owned(), |path| path.display().to_string())
    }

    /// The settings of a connection, with paths of secrets made absolute. Warns of a secret that others can read.
    pub(crate) fn connection(&self, name: &str) -> Result<Option<Map<String, Value>>, Failure> {
        let Some(settings) = self.connections.get(name) else { return Ok(None) };
        let mut settings = settings.clone();
        for secret in SECRETS {
            match settings.get_mut(secret) {
                Some(Value::String(text)) => {
                    given::check(text, &format!("{secret} in [connections.{name}] of {}", self.place()))?;
                    self.warn_if_readable_by_others(secret);
                }
                Some(Value::Object(source)) => self.make_absolute(source),
                _ => {}
            }
        }
        if let Some(Value::Object(key)) = settings.get_mut("client_key") {
            self.make_absolute(key);
        }
        Ok(Some(settings))
    }

    /// A relative path starts where the configuration file is, `~/` at the user's home.
    fn make_absolute(&self, source: &mut Map<String, Value>) {
        let Some(Value::String(file)) = source.get_mut("file") else { return };
        let absolute = match (file.strip_prefix("~/"), &self.path) {
            (Some(below), _) => env::home_dir().map(|home| home.join(below)),
            (None, Some(path)) => path.parent().map(|folder| folder.join(file.as_str())),
            (None, None) => None,
        };
        if let Some(absolute) = absolute.as_deref().and_then(Path::to_str) {
            *file = absolute.to_owned();
        }
    }

    #[cfg(unix)]
    fn warn_if_readable_by_others(&self, secret: &str) {
        use std::os::unix::fs::MetadataExt;
        let mode = self.path.as_ref().and_then(|path| fs::metadata(path).ok()).map_or(0, |data| data.mode());
        if mode & 0o077 != 0 {
            let place = self.place();
            failure::complain(&format!(
                "warning: {secret} stands as text in {place}, which others can read: run `chmod 600 {place}`, \
                 or write {secret} = {{ env = \"…\" }}, {{ file = \"…\" }} or {{ command = […] }}"
            ));
        }
    }

    /// Elsewhere a file's mode does not say who can read it.
    #[cfg(not(unix))]
    fn warn_if_readable_by_others(&self, _secret: &str) {}
}

/// What is wrong, to be read after the file's name. It repeats nothing from the file but names: the rest may be secret.
fn read(text: &str) -> Result<BTreeMap<String, Map<String, Value>>, String> {
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        format!(", line {line}, is not TOML: {}", error.message())
    })?;
    let mut connections = BTreeMap::new();
    for (name, value) in table {
        let ("connections", toml::Value::Table(table)) = (name.as_str(), value) else {
            return Err(format!(
                " has `{name}` where only tables [connections.NAME] are expected; rename it"
            ));
        };
        for (name, value) in table {
            let Ok(Value::Object(settings)) = serde_json::to_value(value) else {
                return Err(format!(
                    " has `{name}` among the connections, which is no table; write [connections.{name}]"
                ));
            };
            connections.insert(name, settings);
        }
    }
    Ok(connections)
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn usual_place() -> Option<PathBuf> {
    let folder = variable("XDG_CONFIG_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".config")))?;
    Some(folder.join("cxauth").join("config.toml"))
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
