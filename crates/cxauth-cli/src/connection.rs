//! From a name, flags and the environment to one connection.

use crate::{
    arguments::Who,
    configuration::Configuration,
    failure::Failure,
    given::{self, SECRETS},
};
use cxauth::{Connection, Error, ErrorCode, PLATFORMS, Settings};
use serde_json::{Map, Value, json};
use std::env;

/// The settings without secrets that an environment variable may carry.
const FROM_ENVIRONMENT: [&str; 6] = ["domain", "base", "client_id", "username", "email", "scopes"];

/// The connection that a name means: one of the configuration file, or a platform with what the environment says about
/// it. Flags are stronger than either.
pub(crate) fn find(name: Option<&str>, who: &Who) -> Result<Connection, Failure> {
    let Base { settings: below, place } = Base::find(name, who)?;
    let place = place.as_deref();
    let below = settings(below).map_err(|error| failure_at(place, &error))?;
    let settings = flags(who)?.or(below);
    Connection::new(settings).map_err(|error| incomplete(&error, place))
}

/// The settings that flags are laid over, and where they stand when that is a file.
struct Base {
    settings: Map<String, Value>,
    place: Option<String>,
}

impl Base {
    /// A connection of the file takes nothing from the environment but what it names, so that a variable left over from
    /// other work never changes it.
    fn find(name: Option<&str>, who: &Who) -> Result<Self, Failure> {
        let configuration = Configuration::load(who.config.as_deref())?;
        let from_environment = || env::var("CXAUTH_PLATFORM").ok().filter(|name| !name.is_empty());
        let name = match (name, &who.platform) {
            (Some(name), _) => name.to_owned(),
            (None, Some(_)) => return Ok(Self { settings: environment()?, place: None }),
            (None, None) => from_environment().ok_or_else(|| {
                Failure::configuration(
                    "no connection is named: give the name of one in the configuration file, or of a platform; \
                     `cxauth platforms` lists what each needs",
                )
            })?,
        };
        if let Some(settings) = configuration.connection(&name)? {
            let place = format!("[connections.{name}] of {}", configuration.place());
            return Ok(Self { settings, place: Some(place) });
        }
        if !PLATFORMS.contains(&name.as_str()) {
            return Err(unknown(&name, &configuration));
        }
        let mut settings = environment()?;
        settings.insert("platform".to_owned(), name.into());
        Ok(Self { settings, place: None })
    }
}

fn flags(who: &Who) -> Result<Settings, Failure> {
    let mut given = Map::new();
    let texts = [
        ("platform", &who.platform),
        ("domain", &who.domain),
        ("client_id", &who.client_id),
        ("username", &who.username),
    ];
    for (setting, value) in texts {
        if let Some(value) = value {
            given.insert(setting.to_owned(), value.as_str().into());
        }
    }
    if !who.scope.is_empty() {
        let scopes: Vec<_> = who.scope.iter().flat_map(|scopes| scopes.split_ascii_whitespace()).collect();
        given.insert("scopes".to_owned(), scopes.into());
    }
    for pair in &who.secret_file {
        let (name, path) = named_secret(pair, "--secret-file NAME=PATH")?;
        given.insert(name, json!({ "file": path }));
    }
    for pair in &who.secret_command {
        let (name, command) = named_secret(pair, "--secret-command NAME=COMMAND")?;
        given.insert(name, json!({ "command": command }));
    }
    if let Some(name) = &who.secret_stdin {
        let name = given::named(name)?;
        given.insert(name.to_owned(), given::from_stdin(name)?);
    }
    let mut settings = settings(given)?;
    for pair in &who.set {
        let (name, value) = pair.split_once('=').ok_or_else(|| {
            Failure::configuration("--set takes NAME=VALUE, such as --set token_endpoint=https://…")
        })?;
        if SECRETS.contains(&name) {
            return Err(Failure::configuration(format!(
                "{name} is a secret, and other users of the machine can read a command line: {}",
                given::ways_in(name)
            )));
        }
        settings = one_setting(name, value)?.or(settings);
    }
    Ok(settings)
}

fn named_secret(pair: &str, form: &str) -> Result<(String, String), Failure> {
    let (name, value) = pair.split_once('=').filter(|(_, value)| !value.is_empty()).ok_or_else(|| {
        Failure::configuration(format!("write {form}, with one of {} as NAME", SECRETS.join(", ")))
    })?;
    Ok((given::named(name)?.to_owned(), value.to_owned()))
}

/// The setting as the core takes it: the text itself, else what it means in TOML, else a list of words.
fn one_setting(name: &str, value: &str) -> Result<Settings, Error> {
    let as_text = settings(Map::from_iter([(name.to_owned(), value.into())]));
    let in_toml = toml::from_str::<Map<String, Value>>(&format!("value = {value}")).ok();
    let meant = in_toml.and_then(|mut table| table.remove("value"));
    let words: Vec<_> = value.split_ascii_whitespace().collect();
    let other_readings = meant.into_iter().chain([words.into()]);
    match as_text {
        Err(error) if error.code() == ErrorCode::InvalidSetting => other_readings
            .map(|value| settings(Map::from_iter([(name.to_owned(), value)])))
            .find(Result::is_ok)
            .unwrap_or(Err(error)),
        as_text => as_text,
    }
}

fn environment() -> Result<Map<String, Value>, Failure> {
    let mut found = Map::new();
    for setting in FROM_ENVIRONMENT {
        if let Ok(value) = env::var(given::variable(setting))
            && !value.is_empty()
        {
            let value = if setting == "scopes" {
                value.split_ascii_whitespace().collect::<Vec<_>>().into()
            } else {
                value.into()
            };
            found.insert(setting.to_owned(), value);
        }
    }
    for name in SECRETS {
        if let Some(source) = given::from_environment(name)? {
            found.insert(name.to_owned(), source);
        }
    }
    Ok(found)
}

fn settings(members: Map<String, Value>) -> Result<Settings, Error> {
    Settings::from_json(&Value::Object(members).to_string())
}

/// An error of the whole connection, with a word on where what is missing goes.
fn incomplete(error: &Error, place: Option<&str>) -> Failure {
    let missing = error.detail().filter(|_| error.code() == ErrorCode::MissingSetting);
    let Some(name) = missing else { return failure_at(place, error) };
    let is_secret = SECRETS.contains(&name);
    let sentence = match place {
        None if is_secret => format!("{name} is missing: {}", given::ways_in(name)),
        None if FROM_ENVIRONMENT.contains(&name) => {
            format!(
                "{name} is missing: give it as a flag (`cxauth token --help`) or set the variable {}",
                given::variable(name)
            )
        }
        None => format!("{name} is missing: give --set {name}=VALUE"),
        Some(place) if is_secret => format!(
            "{name} is missing: add {name} = {{ env = \"…\" }}, {{ file = \"…\" }} or {{ command = […] }} to {place}"
        ),
        Some(place) => format!("{name} is missing: add {name} to {place}"),
    };
    Failure::configuration(format!("{sentence} [{}]", error.code()))
}

fn failure_at(place: Option<&str>, error: &Error) -> Failure {
    match place {
        Some(place) => Failure::at(place, error),
        None => error.clone().into(),
    }
}

fn unknown(name: &str, configuration: &Configuration) -> Failure {
    const SIMILAR: f64 = 0.75;
    let mut near: Vec<_> = configuration
        .names()
        .chain(PLATFORMS)
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(similarity, _)| *similarity > SIMILAR)
        .collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.dedup_by_key(|(_, known)| *known);
    let near: Vec<_> = near.iter().take(3).map(|(_, known)| format!("`{known}`")).collect();
    let advice = if near.is_empty() {
        "`cxauth platforms` lists the platforms, and the file's tables [connections.NAME] are the connections"
            .to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    Failure::configuration(format!(
        "there is no connection `{}` in {} and no platform of this name; {advice}",
        name.escape_default(),
        configuration.place()
    ))
}
