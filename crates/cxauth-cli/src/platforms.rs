//! `cxauth platforms`: what each platform needs.

use crate::{
    arguments::Output,
    failure::{Failure, Status},
    terminal::Paint,
};
use cxauth::{Connection, Error, Settings};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// A platform, in the words of somebody who sets it up.
struct Platform {
    id: &'static str,
    ways: &'static [Way],
    renewal: &'static str,
    example: &'static str,
}

/// A way in: the settings that it takes, and those that it may have.
struct Way {
    name: &'static str,
    needs: &'static [&'static str],
    may_have: &'static [&'static str],
}

const PLATFORMS: [Platform; 5] = [
    Platform {
        id: "cloudcx",
        ways: &[
            Way {
                name: "password",
                needs: &["domain", "client_id", "username", "password"],
                may_have: &["client_secret"],
            },
            Way {
                name: "email",
                needs: &["domain", "client_id", "email", "password"],
                may_have: &["client_secret"],
            },
            Way { name: "API key", needs: &["domain", "api_key"], may_have: &["header", "prefix"] },
        ],
        renewal: "at 60 to 80 % of its life, by refresh token, else by the password",
        example: "cxauth call cloudcx GET 'user/page?pageIndex=1&pageSize=25'",
    },
    Platform {
        id: "cisco-cx-cloud",
        ways: &[Way { name: "client secret", needs: &["client_id", "client_secret"], may_have: &[] }],
        renewal: "at 60 to 80 % of its life, by the client secret",
        example: "cxauth call cisco-cx-cloud GET customer-info/customer-details",
    },
    Platform {
        id: "sangoma-cx",
        ways: &[Way {
            name: "client secret",
            needs: &["client_id", "client_secret", "scopes"],
            may_have: &[],
        }],
        renewal: "only once it has expired: before, the platform gives the same token again",
        example: "cxauth call sangoma-cx POST api/v1/agents/call/ --data @call.json",
    },
    Platform {
        id: "cloudlx",
        ways: &[Way {
            name: "client secret",
            needs: &["client_id", "client_secret"],
            may_have: &["base", "body"],
        }],
        renewal: "at 60 to 80 % of its life, by refresh token for 7 days, then by the secret",
        example: "cxauth call cloudlx GET services",
    },
    Platform {
        id: "generic",
        ways: &[
            Way {
                name: "client secret",
                needs: &["token_endpoint", "client_id", "client_secret"],
                may_have: &["api_base", "hosts", "scopes"],
            },
            Way {
                name: "password",
                needs: &["token_endpoint", "client_id", "username", "password"],
                may_have: &["client_secret", "api_base", "hosts"],
            },
            Way {
                name: "refresh token",
                needs: &["token_endpoint", "client_id", "refresh_token"],
                may_have: &["api_base", "hosts"],
            },
            Way {
                name: "API key",
                needs: &["api_key"],
                may_have: &["api_base", "hosts", "header", "prefix"],
            },
        ],
        renewal: "at 60 to 80 % of its life, by refresh token, else by the grant",
        example: "cxauth call NAME GET https://api.example/items",
    },
];

/// What stands for the tenant's domain until there is one.
const SOME_DOMAIN: &str = "tenant.example";

/// Prints the list.
pub(crate) fn run(arguments: &Output) -> Result<Status, Failure> {
    let mut out = io::stdout().lock();
    for platform in &PLATFORMS {
        let facts = Facts::of(platform)?;
        if arguments.json {
            writeln!(out, "{}", facts.to_json())?;
        } else {
            facts.write(&mut out, Paint::of_stdout())?;
        }
    }
    if !arguments.json {
        writeln!(
            out,
            "These settings make a table [connections.NAME] in the configuration file, or come as flags and"
        )?;
        writeln!(out, "variables, see `cxauth token --help`. Those in brackets are optional.")?;
    }
    Ok(Status::Success)
}

/// A platform with what its profile says.
struct Facts {
    platform: &'static Platform,
    title: String,
    token_endpoint: Option<String>,
    api_base: Option<String>,
}

impl Facts {
    fn of(platform: &'static Platform) -> Result<Self, Error> {
        let connection = connection(platform, platform.ways[0].needs)?;
        let known = platform.id != "generic";
        let address = |address: &str| known.then(|| address.replace(SOME_DOMAIN, "{domain}"));
        Ok(Self {
            platform,
            title: connection.title(),
            token_endpoint: connection.token_endpoint().and_then(address),
            api_base: connection.api_base().and_then(address),
        })
    }

    fn to_json(&self) -> Value {
        let ways = self
            .platform
            .ways
            .iter()
            .map(|way| json!({ "name": way.name, "needs": way.needs, "may_have": way.may_have }));
        json!({
            "platform": self.platform.id,
            "title": self.title,
            "ways_in": ways.collect::<Vec<_>>(),
            "token_endpoint": self.token_endpoint,
            "api_base": self.api_base,
            "renewal": self.platform.renewal,
            "example": self.platform.example,
        })
    }

    fn write(&self, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        writeln!(out, "{}  {}", paint.strong(&format!("{:18}", self.platform.id)), self.title)?;
        let mut line =
            |name: &str, text: &str| writeln!(out, "  {}{text}", paint.faint(&format!("{name:18}")));
        for way in self.platform.ways {
            let optional = way.may_have.iter().map(|name| format!("[{name}]"));
            let settings: Vec<_> = way.needs.iter().map(|name| (*name).to_owned()).chain(optional).collect();
            line(&format!("by {}", way.name), &settings.join(" "))?;
        }
        if let Some(endpoint) = &self.token_endpoint {
            line("token from", endpoint)?;
        }
        if let Some(base) = &self.api_base {
            line("API at", base)?;
        }
        line("renewed", self.platform.renewal)?;
        line("example", self.platform.example)?;
        writeln!(out)
    }
}

/// A connection with made-up values for these settings.
fn connection(platform: &Platform, settings: &[&str]) -> Result<Connection, Error> {
    let value = |name: &&str| match *name {
        "domain" => Value::from(SOME_DOMAIN),
        "scopes" => json!(["scope"]),
        "token_endpoint" => Value::from("https://as.example/token"),
        _ => Value::from("x"),
    };
    let mut members: Map<_, _> = settings.iter().map(|name| ((*name).to_owned(), value(name))).collect();
    members.insert("platform".to_owned(), platform.id.into());
    Connection::new(Settings::from_json(&Value::Object(members).to_string())?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_platform_of_the_core_is_listed() {
        assert_eq!(PLATFORMS.map(|platform| platform.id), cxauth_core::PLATFORMS);
    }

    #[test]
    fn a_way_in_needs_exactly_what_is_listed() {
        for platform in &PLATFORMS {
            for way in platform.ways {
                let name = format!("{} {}", platform.id, way.name);
                assert!(connection(platform, way.needs).is_ok(), "{name}");
                for left_out in way.needs {
                    let rest: Vec<_> = way.needs.iter().copied().filter(|need| need != left_out).collect();
                    assert!(connection(platform, &rest).is_err(), "{name} without {left_out}");
                }
            }
        }
    }
}
