//! `cxauth discover`: a server's endpoints, for the configuration file.

use crate::{
    arguments, client,
    failure::{Failure, Status},
};
use cxauth::Metadata;
use serde_json::{Map, Value};
use std::io::{self, Write};
use url::Url;

/// Asks the server and prints what it says.
pub(crate) fn run(arguments: &arguments::Discover) -> Result<Status, Failure> {
    let issuer = &arguments.issuer;
    if !issuer.contains("://") {
        let issuer = issuer.escape_default();
        return Err(Failure::configuration(format!(
            "an issuer is an address, such as `cxauth discover https://{issuer}`"
        )));
    }
    let metadata = client::runtime()?.block_on(cxauth::discover(issuer))?;
    let mut out = io::stdout().lock();
    if arguments.output.json {
        writeln!(out, "{}", metadata.to_json())?;
    } else {
        let name = arguments.name.clone().unwrap_or_else(|| name_of(issuer));
        write!(out, "{}", profile(&name, issuer, &metadata)?)?;
    }
    Ok(Status::Success)
}

/// A table of the configuration file, with what is still to be said as comments.
fn profile(name: &str, issuer: &str, metadata: &Metadata) -> Result<String, Failure> {
    let unreadable = || Failure::new(Status::Report, "the profile cannot be written as TOML; report it");
    let settings: Map<String, Value> = serde_json::from_str(&metadata.to_json()).map_err(|_| unreadable())?;
    let has = |name: &str| settings.contains_key(name);
    let key = toml_key(name);
    let mut text = format!("# What {issuer} says about itself.\n[connections.{key}]\n");
    text += &toml::to_string(&settings).map_err(|_| unreadable())?;
    let (grant, others) = match (has("authorization_endpoint"), has("device_authorization_endpoint")) {
        (true, true) => ("authorization_code", "device_code, client_credentials, …"),
        (true, false) => ("authorization_code", "client_credentials, …"),
        (false, true) => ("device_code", "client_credentials, …"),
        (false, false) => ("client_credentials", "token_exchange, jwt_bearer, …"),
    };
    text += &format!("grant = \"{grant}\"  # or {others}\n\n# Yours to say:\n# client_id = \"…\"\n");
    text += "# client_secret = { file = \"…\" }     # or env, command, keychain; a public client has none,\n";
    text += "#                                    # and says client_authentication = \"none\"\n";
    text += "# api_base = \"https://…/\"             # the API whose requests carry the token\n";
    if has("authorization_endpoint") {
        text += "# redirect_uri = \"http://127.0.0.1/callback\"   # as it is registered; without a port any is taken\n";
    }
    let scopes = metadata.scopes();
    if scopes.is_empty() {
        text += "# scopes = [\"…\"]\n";
    } else {
        let scopes = toml::Value::from(scopes.to_vec()).to_string();
        text += &format!("# scopes = {scopes}   # those that it names: ask for few\n");
    }
    Ok(text)
}

/// A name that needs no quotes: the host's.
fn name_of(issuer: &str) -> String {
    let host = Url::parse(issuer).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let name: String = host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    name.trim_matches('-').to_owned()
}

fn toml_key(name: &str) -> String {
    let bare =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if bare { name.to_owned() } else { toml::Value::from(name).to_string() }
}
