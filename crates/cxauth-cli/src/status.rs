//! `cxauth status`: what is held, for how long, and where.

use crate::{
    arguments,
    configuration::Configuration,
    connection,
    failure::{self, Failure, Status, now_millis},
    store::{self, Place},
    terminal::Paint,
    time,
};
use cxauth::{Connection, Held, Session, Snapshot, Timestamp, store::FileStore};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    io::{self, Write},
    time::Duration,
};

/// Prints what is held. With `--expiring`, only what ends soon for good, and the exit status says whether there is any.
pub(crate) fn run(arguments: &arguments::Status) -> Result<Status, Failure> {
    let known = known(arguments)?;
    let place = Place::of(&arguments.who.keep)?;
    let (mut rows, unreadable) = rows(&place, &known, arguments)?;
    if let Some(within) = arguments.expiring {
        rows.retain(|row| row.ends_within(within));
    }
    let mut out = io::stdout().lock();
    if arguments.output.json {
        for row in &rows {
            writeln!(out, "{}", row.to_json())?;
        }
    } else if !rows.is_empty() {
        write_table(&rows, &place.to_string(), &mut out, Paint::of_stdout())?;
    } else if arguments.expiring.is_none() && !unreadable {
        match place {
            Place::Nowhere => writeln!(out, "no tokens are kept")?,
            _ => writeln!(out, "no tokens are kept in {place}")?,
        }
    }
    let alarming = unreadable || arguments.expiring.is_some() && !rows.is_empty();
    Ok(if alarming { Status::NotAsItShouldBe } else { Status::Success })
}

/// A connection that the user has, under its name.
struct Known {
    name: String,
    connection: Connection,
}

/// The connection that is asked for, else all of the configuration file.
fn known(arguments: &arguments::Status) -> Result<Vec<Known>, Failure> {
    let who = &arguments.who;
    if arguments.name.is_some() || who.platform.is_some() {
        let connection = connection::find(arguments.name.as_deref(), who)?;
        let name = arguments.name.clone().unwrap_or_else(|| connection.platform().to_owned());
        return Ok(vec![Known { name, connection }]);
    }
    let configuration = Configuration::load(who.config.as_deref())?;
    let mut known = Vec::new();
    for name in configuration.names() {
        match connection::find(Some(name), who) {
            Ok(connection) => known.push(Known { name: name.to_owned(), connection }),
            // Its tokens are listed all the same, without its name.
            Err(failure) => {
                failure.report();
            }
        }
    }
    Ok(known)
}

/// What is held, and whether something could not be read.
fn rows(place: &Place, known: &[Known], arguments: &arguments::Status) -> Result<(Vec<Row>, bool), Failure> {
    let only_known = arguments.name.is_some() || arguments.who.platform.is_some();
    let keychain = arguments.who.keep.keychain;
    let (mut rows, mut complaints) = (Vec::new(), BTreeSet::new());
    let mut add = |row: Result<Option<Row>, String>| match row {
        Ok(row) => rows.extend(row),
        Err(why) => drop(complaints.insert(why)),
    };
    let files = match place {
        Place::Nowhere => Vec::new(),
        Place::Directory(directory) => FileStore::list(directory)
            .map_err(|error| Failure::new(Status::NotAsItShouldBe, error.to_string()))?,
        Place::File(path) => vec![FileStore::new(path)],
        #[cfg(feature = "redis")]
        Place::Redis { redis, label } => {
            // Only who knows a connection finds its tokens there.
            for known in known {
                let label = label.clone();
                let looked = store::look(&redis.store(&known.connection));
                add(looked.map(|held| Row::of(held?, &[known], label)).map_err(|error| error.to_string()));
            }
            Vec::new()
        }
    };
    for file in files {
        // One set of tokens serves all names that mean the same client, user and scopes.
        let owners: Vec<_> = known.iter().filter(|known| is_of(&file, place, known)).collect();
        if owners.is_empty() && only_known {
            continue;
        }
        let label = file.path().display().to_string();
        let looked = store::look(&store::to_look_into(file, keychain));
        let row = |held: Option<Snapshot>| {
            let held = held?;
            let is_named =
                |known: &&&Known| !matches!(place, Place::File(_)) || held.is_of(&known.connection);
            let owners: Vec<_> = owners.iter().filter(is_named).copied().collect();
            Row::of(held, &owners, label)
        };
        add(looked.map(row).map_err(|error| error.to_string()));
    }
    // A server that does not answer is said once, whatever is kept there.
    complaints.iter().for_each(|why| failure::complain(why));
    Ok((rows, !complaints.is_empty()))
}

/// Whether a file is this connection's, be it for other scopes.
fn is_of(file: &FileStore, place: &Place, known: &Known) -> bool {
    // A file that the user named may be anybody's: its content says whose.
    let Place::Directory(directory) = place else { return true };
    let own = FileStore::in_directory(directory, &known.connection);
    let (own, file) = (own.path().as_os_str(), file.path().as_os_str());
    file.as_encoded_bytes().starts_with(own.as_encoded_bytes())
}

/// One set of tokens.
struct Row {
    connections: Vec<String>,
    platform: String,
    client_id: Option<String>,
    user: Option<String>,
    scopes: Vec<String>,
    has_token: bool,
    expires_at: Option<Timestamp>,
    refreshes: bool,
    refresh_expires_at: Option<Timestamp>,
    /// When what cannot be renewed before it ends will end.
    ends_at: Option<Timestamp>,
    place: String,
}

impl Row {
    /// None when nothing is held: somebody signed out.
    fn of(snapshot: Snapshot, known: &[&Known], place: String) -> Option<Self> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let Held { platform, client_id, user, scopes, has_token, expires_at, .. } = snapshot.held()?;
        let (refreshes, refresh_expires_at) =
            snapshot.held().map(|held| (held.refreshes, held.refresh_expires_at))?;
        let row = Self {
            connections: known.iter().map(|known| known.name.clone()).collect(),
            platform: platform.to_owned(),
            client_id: text(client_id),
            user: text(user),
            scopes: scopes.into_iter().map(str::to_owned).collect(),
            has_token,
            expires_at,
            refreshes,
            refresh_expires_at,
            ends_at: None,
            place,
        };
        let ends_at = known.first().and_then(|known| {
            let now = Timestamp::from_unix_millis(now_millis());
            Session::restore(known.connection.clone(), now, b"status", snapshot).ends_at()
        });
        Some(Self { ends_at, ..row })
    }

    fn ends_within(&self, within: Duration) -> bool {
        let limit = i64::try_from(within.as_secs()).unwrap_or(i64::MAX);
        self.ends_at.is_some_and(|at| seconds_until(at) <= limit)
    }

    fn to_json(&self) -> Value {
        let seconds = |at: Option<Timestamp>| at.map(|at| at.unix_millis().div_euclid(1000));
        json!({
            "connections": self.connections,
            "platform": self.platform,
            "client_id": self.client_id,
            "user": self.user,
            "scopes": self.scopes,
            "token": self.has_token,
            "expires_at": seconds(self.expires_at),
            "expires_in": self.expires_at.map(|at| seconds_until(at).max(0)),
            "refresh_token": self.refreshes,
            "refresh_expires_at": seconds(self.refresh_expires_at),
            "ends_at": seconds(self.ends_at),
            "place": self.place,
        })
    }

    fn cells(&self) -> [String; 5] {
        let left = |at: Option<Timestamp>| {
            at.map_or_else(|| "unknown".to_owned(), |at| time::shown(seconds_until(at)))
        };
        let who = self.user.as_ref().or(self.client_id.as_ref());
        let name = match who {
            _ if !self.connections.is_empty() => self.connections.join(", "),
            Some(who) => format!("({who})"),
            None => "(not configured)".to_owned(),
        };
        let token = if self.has_token { left(self.expires_at) } else { "none".to_owned() };
        let renewed = match (self.ends_at, self.refreshes, self.refresh_expires_at) {
            (Some(_), ..) => "not before it ends".to_owned(),
            (None, true, Some(at)) => format!("by refresh token, {}", time::shown(seconds_until(at))),
            (None, true, None) => "by refresh token".to_owned(),
            (None, false, _) => "by grant".to_owned(),
        };
        let scopes = if self.scopes.is_empty() { "-".to_owned() } else { self.scopes.join(" ") };
        [name, self.platform.clone(), token, renewed, scopes]
    }
}

const HEADINGS: [&str; 5] = ["CONNECTION", "PLATFORM", "TOKEN", "RENEWED", "SCOPES"];

fn write_table(rows: &[Row], place: &str, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
    let cells: Vec<_> = rows.iter().map(Row::cells).collect();
    let widths = HEADINGS.iter().enumerate().map(|(column, heading)| {
        let lengths = cells.iter().map(|row| row[column].chars().count());
        lengths.chain([heading.len()]).max().unwrap_or_default()
    });
    let widths: Vec<_> = widths.collect();
    let line = |cells: [&str; 5]| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    writeln!(out, "{}", paint.faint(&line(HEADINGS)))?;
    for (row, cells) in rows.iter().zip(&cells) {
        let text = line(cells.each_ref().map(String::as_str));
        let ends_soon = row.ends_within(Duration::from_secs(30 * 86_400));
        writeln!(out, "{}", if ends_soon { paint.bad(&text) } else { text })?;
    }
    writeln!(out, "{}", paint.faint(&format!("kept in {place}")))
}

fn seconds_until(at: Timestamp) -> i64 {
    at.unix_millis().saturating_sub(now_millis()).div_euclid(1000)
}
