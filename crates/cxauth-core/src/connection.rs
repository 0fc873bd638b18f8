//! One client at one server, checked: a platform's profile under the user's own settings.

use crate::{
    BodyEncoding, ClientAuthentication, Error, ErrorCode, Grant, Renewal, SecretName, SecretSource, Settings,
    Timestamp,
    answer::TokenTypes,
    destination::{self, Destination},
    dpop::DpopKey,
    metadata, platforms, request, secret,
    settings::invalid,
    signing_key::SigningKey,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use url::Url;

/// A connection: which server, who you are, and how tokens are got and used there.
///
/// ```
/// use cxauth_core::Connection;
/// let connection = Connection::from_json(
///     r#"{ "platform": "cisco-cx-cloud", "client_id": "key", "client_secret": { "env": "CX_SECRET" } }"#,
/// )?;
/// assert!(connection.allows("https://apix.cisco.com/cs/api/v2/customer-info/customer-details"));
/// assert!(!connection.allows("https://apix.cisco.com.evil.example/"));
/// # Ok::<(), cxauth_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Connection {
    /// What the user said, for changes on top of it.
    settings: Settings,
    /// What it said once, and what is nowhere in memory any more.
    forgotten: Vec<SecretName>,
    pub(crate) platform: String,
    pub(crate) client_id: Option<String>,
    pub(crate) user: Option<User>,
    pub(crate) secrets: Secrets,
    pub(crate) scopes: Vec<String>,
    pub(crate) client_key: Option<SigningKey>,
    pub(crate) dpop_key: Option<DpopKey>,
    pub(crate) subject_token_type: Option<String>,
    pub(crate) actor_token_type: Option<String>,
    pub(crate) requested_token_type: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: Option<Url>,
    pub(crate) pushed_authorization_request_endpoint: Option<Url>,
    pub(crate) device_authorization_endpoint: Option<Url>,
    pub(crate) introspection_endpoint: Option<Url>,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) authorization_parameters: Vec<(String, String)>,
    pub(crate) names_issuer_in_redirect: bool,
    /// Absent for the grants `api_key` and `external`.
    pub(crate) token_endpoint: Option<Url>,
    pub(crate) refresh_endpoint: Option<Url>,
    pub(crate) revocation_endpoint: Option<Url>,
    pub(crate) grant: Grant,
    pub(crate) client_authentication: ClientAuthentication,
    pub(crate) body: BodyEncoding,
    destinations: Vec<Destination>,
    api_base: Option<Url>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) api_headers: Vec<(String, String)>,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) resource: Vec<String>,
    pub(crate) audience: Option<String>,
    pub(crate) renewal: Renewal,
    pub(crate) refresh_lifetime: Option<i64>,
    pub(crate) rotates: bool,
    /// Milliseconds.
    pub(crate) grace: i64,
    pub(crate) header: String,
    pub(crate) prefix: String,
    pub(crate) strict_token_type: bool,
    pub(crate) keep_password: bool,
    /// Milliseconds.
    pub(crate) ask_again: i64,
}

/// The user of the grant `password`, and the name of the field that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) field: &'static str,
    pub(crate) name: String,
}

#[derive(Clone, Default)]
pub(crate) struct Secrets {
    pub(crate) client_secret: Option<SecretSource>,
    pub(crate) password: Option<SecretSource>,
    pub(crate) api_key: Option<SecretSource>,
    pub(crate) refresh_token: Option<SecretSource>,
    pub(crate) subject_token: Option<SecretSource>,
    pub(crate) actor_token: Option<SecretSource>,
    pub(crate) assertion: Option<SecretSource>,
}

impl Connection {
    /// Checks the settings and puts the platform's profile under them.
    ///
    /// # Errors
    /// Every error has the action `fix_configuration` and names the setting.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Self::without(settings, Vec::new())
    }

    /// The same when some secrets were there once and are forgotten by now: they do not have to be there.
    fn without(settings: Settings, forgotten: Vec<SecretName>) -> Result<Self, Error> {
        let platform = settings.platform.clone().unwrap_or_else(|| "generic".to_string());
        let merged = settings.clone().or(platforms::profile(&platform)?);
        let grant = grant(&settings, &merged, &forgotten);
        let asks_server = !matches!(grant, Grant::ApiKey | Grant::External);
        require(&merged, asks_server)?;
        let places = Places::of(&merged)?;
        let client_authentication =
            merged.client_authentication.unwrap_or(match (&merged.client_secret, grant) {
                (None, _) if merged.client_key.is_some() => ClientAuthentication::PrivateKeyJwt,
                (Some(_), _) | (None, Grant::ClientCredentials) => ClientAuthentication::ClientSecretPost,
                (None, _) => ClientAuthentication::None,
            });
        let api_base =
            merged.api_base.as_deref().map(|base| places.endpoint("api_base", base)).transpose()?;
        let mut destinations: Vec<_> = api_base.as_ref().and_then(Destination::of).into_iter().collect();
        for host in merged.hosts.iter().flatten() {
            destinations.push(Destination::parse(host)?);
        }
        let endpoint = |setting: &str, address: &Option<String>| {
            address
                .as_deref()
                .filter(|_| asks_server)
                .map(|address| places.endpoint(setting, address))
                .transpose()
        };
        let token_endpoint = endpoint("token_endpoint", &merged.token_endpoint)?;
        let refresh_endpoint =
            endpoint("refresh_endpoint", &merged.refresh_endpoint)?.or_else(|| token_endpoint.clone());
        let revocation_endpoint = endpoint("revocation_endpoint", &merged.revocation_endpoint)?;
        let authorization_endpoint = endpoint("authorization_endpoint", &merged.authorization_endpoint)?;
        let pushed_authorization_request_endpoint =
            endpoint("pushed_authorization_request_endpoint", &merged.pushed_authorization_request_endpoint)?;
        let device_authorization_endpoint =
            endpoint("device_authorization_endpoint", &merged.device_authorization_endpoint)?;
        let introspection_endpoint = endpoint("introspection_endpoint", &merged.introspection_endpoint)?;
        if merged.require_pushed_authorization_requests == Some(true)
            && pushed_authorization_request_endpoint.is_none()
        {
            return Err(
                Error::new(ErrorCode::MissingSetting).with_detail("pushed_authorization_request_endpoint")
            );
        }
        if let Some(issuer) = &merged.issuer {
            metadata::issuer(issuer)?;
        }
        let user = match (merged.username, merged.email) {
            (Some(_), Some(_)) => return Err(invalid("email", "give username or email, not both")),
            (Some(name), None) => Some(User { field: "username", name }),
            (None, Some(name)) => Some(User { field: "email", name }),
            (None, None) => None,
        };
        let connection = Self {
            settings,
            forgotten,
            platform,
            client_id: merged.client_id,
            user,
            secrets: Secrets {
                client_secret: merged.client_secret,
                password: merged.password,
                api_key: merged.api_key,
                refresh_token: merged.refresh_token,
                subject_token: merged.subject_token,
                actor_token: merged.actor_token,
                assertion: merged.assertion,
            },
            client_key: merged.client_key,
            dpop_key: merged.dpop_key.filter(|_| asks_server),
            subject_token_type: merged.subject_token_type,
            actor_token_type: merged.actor_token_type,
            requested_token_type: merged.requested_token_type,
            issuer: merged.issuer,
            authorization_endpoint,
            pushed_authorization_request_endpoint,
            device_authorization_endpoint,
            introspection_endpoint,
            redirect_uri: merged.redirect_uri,
            authorization_parameters: merged.authorization_parameters.unwrap_or_default(),
            names_issuer_in_redirect: merged.authorization_response_iss_parameter_supported.unwrap_or(false),
            scopes: merged.scopes.unwrap_or_default(),
            token_endpoint,
            refresh_endpoint,
            revocation_endpoint,
            grant,
            client_authentication,
            body: merged.body.unwrap_or(BodyEncoding::Form),
            destinations,
            api_base,
            headers: lower_case(merged.headers),
            api_headers: lower_case(merged.api_headers),
            parameters: merged.parameters.unwrap_or_default(),
            resource: merged.resource.unwrap_or_default(),
            audience: merged.audience,
            renewal: merged.renewal.unwrap_or(Renewal::Refresh),
            refresh_lifetime: merged.refresh_lifetime,
            rotates: merged.rotates.unwrap_or(true),
            grace: merged.grace.unwrap_or(0).saturating_mul(1000),
            header: merged
                .header
                .map_or_else(|| "authorization".to_string(), |name| name.to_ascii_lowercase()),
            prefix: merged.prefix.unwrap_or_else(|| "Bearer".to_string()),
            strict_token_type: merged.strict_token_type.unwrap_or(false),
            keep_password: merged.keep_password.unwrap_or(false),
            ask_again: merged.ask_again.unwrap_or(3600).saturating_mul(1000),
        };
        connection.check()?;
        Ok(connection)
    }

    /// The same from a JSON object, as it stands in a scenario or comes from another language.
    ///
    /// # Errors
    /// As [`Settings::from_json`] and [`Connection::new`].
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Self::new(Settings::from_json(text)?)
    }

    /// This connection with other values for the settings that `changes` names.
    ///
    /// # Errors
    /// As [`Connection::new`].
    pub fn with(&self, changes: Settings) -> Result<Self, Error> {
        let forgotten =
            self.forgotten.iter().copied().filter(|name| changes.secret(*name).is_none()).collect();
        Self::without(changes.or(self.settings.clone()), forgotten)
    }

    /// Whether the token may be sent to this address: a host of `api_base` or `hosts`, exactly, with its port; https,
    /// or http on loopback; without user information. Addresses are read by the WHATWG rules.
    #[must_use]
    pub fn allows(&self, url: &str) -> bool {
        destination::secure(url)
            .is_some_and(|url| self.destinations.iter().any(|destination| destination.is_of(&url)))
    }

    /// The absolute address of an API path: a relative one starts at `api_base`, and a slash before it changes nothing.
    ///
    /// # Errors
    /// `missing_setting` without an `api_base`, `destination_refused` when the result may not see the token.
    pub fn api_url(&self, path: &str) -> Result<String, Error> {
        let url = match Url::parse(path) {
            Ok(url) => url,
            Err(_) => {
                let base = self
                    .api_base
                    .as_ref()
                    .ok_or_else(|| Error::new(ErrorCode::MissingSetting).with_detail("api_base"))?;
                let separator = if base.path().ends_with('/') { "" } else { "/" };
                Url::parse(&format!("{base}{separator}{}", path.trim_start_matches('/')))
                    .map_err(|_| Error::new(ErrorCode::DestinationRefused))?
            }
        };
        if self.allows(url.as_str()) {
            Ok(url.into())
        } else {
            Err(Error::new(ErrorCode::DestinationRefused).with_detail(url.host_str().unwrap_or("no host")))
        }
    }

    /// The platform's id, `generic` when none was named.
    #[must_use]
    pub fn platform(&self) -> &str {
        &self.platform
    }

    /// The platform's name as its maker writes it.
    #[must_use]
    pub fn title(&self) -> String {
        let profile = platforms::profile(&self.platform).ok();
        profile.and_then(|profile| profile.title).unwrap_or_else(|| self.platform.clone())
    }

    /// How a token is got.
    #[must_use]
    pub fn grant(&self) -> Grant {
        self.grant
    }

    /// The scopes that are asked for.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Who the program is at the server, when it has a name there.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The user of the grant `password`.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_ref().map(|user| user.name.as_str())
    }

    /// The services that the token is for (RFC 8707 §2).
    #[must_use]
    pub fn resources(&self) -> &[String] {
        &self.resource
    }

    /// The audience that is asked for, at servers that know this parameter.
    #[must_use]
    pub fn audience(&self) -> Option<&str> {
        self.audience.as_deref()
    }

    /// Where tokens are ended when somebody signs out (RFC 7009); none where the server cannot do that.
    #[must_use]
    pub fn revocation_endpoint(&self) -> Option<&str> {
        self.revocation_endpoint.as_ref().map(Url::as_str)
    }

    /// Where the server says what a token is worth (RFC 7662), if it is known.
    #[must_use]
    pub fn introspection_endpoint(&self) -> Option<&str> {
        self.introspection_endpoint.as_ref().map(Url::as_str)
    }

    /// Where a person signs in in a browser, if it is known.
    #[must_use]
    pub fn authorization_endpoint(&self) -> Option<&str> {
        self.authorization_endpoint.as_ref().map(Url::as_str)
    }

    /// Where a person signs in on another device, if it is known.
    #[must_use]
    pub fn device_authorization_endpoint(&self) -> Option<&str> {
        self.device_authorization_endpoint.as_ref().map(Url::as_str)
    }

    /// Where the browser comes back to, if it is settled beforehand.
    #[must_use]
    pub fn redirect_uri(&self) -> Option<&str> {
        self.redirect_uri.as_deref()
    }

    /// The token endpoint; none for the grants `api_key` and `external`.
    #[must_use]
    pub fn token_endpoint(&self) -> Option<&str> {
        self.token_endpoint.as_ref().map(Url::as_str)
    }

    /// The key that tokens are bound to, if they are (RFC 9449).
    #[must_use]
    pub fn dpop_key(&self) -> Option<&DpopKey> {
        self.dpop_key.as_ref()
    }

    /// Where the API lives, if it is known.
    #[must_use]
    pub fn api_base(&self) -> Option<&str> {
        self.api_base.as_ref().map(Url::as_str)
    }

    /// Everything that makes a token another token: no secret is in it, because a new secret does not orphan a token.
    pub(crate) fn identity(&self) -> String {
        let mut scopes = self.scopes.clone();
        scopes.sort();
        let user = self.user.as_ref().map_or("", |user| user.name.as_str());
        let endpoint = self.token_endpoint.as_ref().map_or("", Url::as_str);
        let parts: [&str; 7] = [
            &self.platform,
            endpoint,
            self.client_id.as_deref().unwrap_or(""),
            user,
            &scopes.join(" "),
            &self.resource.join(" "),
            self.audience.as_deref().unwrap_or(""),
        ];
        let identity = parts.join("\n");
        match &self.dpop_key {
            // A token that is bound to another key is worth nothing here.
            Some(key) => format!("{identity}\n{}", key.thumbprint()),
            None => identity,
        }
    }

    /// When a refresh token ends that was issued at this moment: as the answer told (in seconds), else as the profile says.
    pub(crate) fn refresh_expires_at(&self, issued_at: Timestamp, told: Option<i64>) -> Option<Timestamp> {
        told.or(self.refresh_lifetime).map(|seconds| issued_at.plus_seconds(seconds))
    }

    pub(crate) fn token_types(&self) -> TokenTypes {
        TokenTypes { strict: self.strict_token_type, bound: self.dpop_key.is_some() }
    }

    /// Whether the client secret goes into its requests.
    pub(crate) fn proves_by_secret(&self) -> bool {
        !matches!(
            self.client_authentication,
            ClientAuthentication::None | ClientAuthentication::PrivateKeyJwt
        )
    }

    fn had(&self, name: SecretName) -> bool {
        self.has_secret(name) || self.has_forgotten(name)
    }

    pub(crate) fn has_forgotten(&self, name: SecretName) -> bool {
        self.forgotten.contains(&name)
    }

    pub(crate) fn has_secret(&self, name: SecretName) -> bool {
        self.source(name).is_some()
    }

    pub(crate) fn source(&self, name: SecretName) -> Option<&SecretSource> {
        match name {
            SecretName::ClientSecret => self.secrets.client_secret.as_ref(),
            SecretName::Password => self.secrets.password.as_ref(),
            SecretName::ApiKey => self.secrets.api_key.as_ref(),
            SecretName::RefreshToken => self.secrets.refresh_token.as_ref(),
            SecretName::SubjectToken => self.secrets.subject_token.as_ref(),
            SecretName::ActorToken => self.secrets.actor_token.as_ref(),
            SecretName::Assertion => self.secrets.assertion.as_ref(),
        }
    }

    /// Forgets a secret that was given as a value, so that it is nowhere in memory any more.
    pub(crate) fn forget(&mut self, name: SecretName) {
        let (kept, said) = match name {
            SecretName::Password => (&mut self.secrets.password, &mut self.settings.password),
            SecretName::RefreshToken => (&mut self.secrets.refresh_token, &mut self.settings.refresh_token),
            SecretName::ClientSecret => (&mut self.secrets.client_secret, &mut self.settings.client_secret),
            SecretName::ApiKey => (&mut self.secrets.api_key, &mut self.settings.api_key),
            SecretName::SubjectToken => (&mut self.secrets.subject_token, &mut self.settings.subject_token),
            SecretName::ActorToken => (&mut self.secrets.actor_token, &mut self.settings.actor_token),
            SecretName::Assertion => (&mut self.secrets.assertion, &mut self.settings.assertion),
        };
        if kept.as_ref().is_some_and(|source| !source.is_readable_again()) {
            *kept = None;
            *said = None;
            self.forgotten.push(name);
        }
    }

    fn check(&self) -> Result<(), Error> {
        let missing = |name: &str| Err(Error::new(ErrorCode::MissingSetting).with_detail(name));
        match self.grant {
            Grant::ApiKey => {
                if self.secrets.api_key.is_none() {
                    return missing("api_key");
                }
            }
            Grant::External => {}
            _ => {
                if self.token_endpoint.is_none() {
                    return missing("token_endpoint");
                }
                if self.client_id.is_none() {
                    return missing("client_id");
                }
                if self.proves_by_secret() && self.secrets.client_secret.is_none() {
                    return missing("client_secret");
                }
                let signs = self.client_authentication == ClientAuthentication::PrivateKeyJwt;
                if signs && self.client_key.is_none() {
                    return missing("client_key");
                }
            }
        }
        if self.grant == Grant::Password {
            // A refresh token to start from stands in for them.
            let starts = self.had(SecretName::RefreshToken);
            if self.user.is_none() && !starts {
                return missing("username");
            }
            if !self.had(SecretName::Password) && !starts {
                return missing("password");
            }
        }
        match self.grant {
            Grant::AuthorizationCode if self.authorization_endpoint.is_none() => {
                return missing("authorization_endpoint");
            }
            Grant::DeviceCode if self.device_authorization_endpoint.is_none() => {
                return missing("device_authorization_endpoint");
            }
            Grant::TokenExchange if !self.has_secret(SecretName::SubjectToken) => {
                return missing("subject_token");
            }
            Grant::JwtBearer if !self.has_secret(SecretName::Assertion) => return missing("assertion"),
            _ => {}
        }
        if self.grant == Grant::RefreshToken && !self.had(SecretName::RefreshToken) {
            return missing("refresh_token");
        }
        for name in SecretName::ALL {
            if let Some(value) = self.source(name).and_then(SecretSource::value)
                && value.is_empty()
            {
                return Err(invalid(name.as_str(), "a text that is not empty"));
            }
        }
        if let Some(key) = self.secrets.api_key.as_ref().and_then(SecretSource::value)
            && !key.is_token()
        {
            return Err(invalid(
                "api_key",
                "visible ASCII characters without blanks; is a line break in it?",
            ));
        }
        if let Some(token) = self.secrets.refresh_token.as_ref().and_then(SecretSource::value)
            && !token.is_token()
        {
            return Err(invalid(
                "refresh_token",
                "visible ASCII characters without blanks; is a line break in it?",
            ));
        }
        if self.client_authentication == ClientAuthentication::ClientSecretBasicRaw
            && self.client_id.as_ref().is_some_and(|id| id.contains(':'))
        {
            // RFC 7617 §2: the first colon ends the user-id.
            return Err(invalid(
                "client_id",
                "no colon with client_secret_basic_raw; client_secret_basic encodes it",
            ));
        }
        self.check_fields()
    }

    fn check_fields(&self) -> Result<(), Error> {
        let reserved = |name: &str| Err(Error::new(ErrorCode::ReservedParameter).with_detail(name));
        for (index, (name, _)) in self.parameters.iter().enumerate() {
            if name.is_empty() {
                return Err(invalid("parameters", "names that are not empty"));
            }
            // RFC 6749 §3.2: no parameter stands twice.
            let twice = self.parameters.iter().take(index).any(|(earlier, _)| earlier == name);
            if twice || request::RESERVED.contains(&name.as_str()) {
                return reserved(name);
            }
        }
        for (index, (name, _)) in self.authorization_parameters.iter().enumerate() {
            let twice = self.authorization_parameters.iter().take(index).any(|(earlier, _)| earlier == name);
            let ours = request::RESERVED.iter().chain(&request::RESERVED_IN_AUTHORIZATION);
            if name.is_empty() || twice || ours.into_iter().any(|ours| ours == name) {
                return reserved(name);
            }
        }
        let basic = matches!(
            self.client_authentication,
            ClientAuthentication::ClientSecretBasic | ClientAuthentication::ClientSecretBasicRaw
        );
        for fields in [&self.headers, &self.api_headers] {
            for (index, (name, _)) in fields.iter().enumerate() {
                if fields.iter().take(index).any(|(earlier, _)| earlier == name) {
                    return Err(invalid(name, "a header field that stands once"));
                }
            }
        }
        for (name, value) in &self.headers {
            check_header("headers", name, value)?;
            // RFC 6749 §2.3: not more than one way to authenticate in a request.
            if name == "content-type" || (basic && name == "authorization") {
                return reserved(name);
            }
        }
        for (name, value) in &self.api_headers {
            check_header("api_headers", name, value)?;
            if *name == self.header {
                return reserved(name);
            }
        }
        check_header("header", &self.header, "x")?;
        if !self.prefix.is_empty() && !secret::is_token_text(&self.prefix) {
            return Err(invalid("prefix", "one word of visible ASCII characters, or nothing"));
        }
        for scope in &self.scopes {
            // RFC 6749 §3.3: a scope token holds no blank, quote or backslash.
            if !secret::is_token_text(scope) || scope.contains(['"', '\\']) {
                return Err(invalid("scopes", "a list of scopes, each without blanks"));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("platform", &self.platform)
            .field("grant", &self.grant)
            .field("token_endpoint", &self.token_endpoint())
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// The places that a profile's addresses name as `{domain}` and `{base}`.
struct Places {
    domain: Option<String>,
    base: Option<String>,
}

impl Places {
    fn of(settings: &Settings) -> Result<Self, Error> {
        if let Some(domain) = &settings.domain
            && destination::authority(domain).is_none()
        {
            return Err(invalid(
                "domain",
                "the host alone, with its port if it has one, such as cx.example.net:9001",
            ));
        }
        if let Some(base) = &settings.base {
            let url = destination::endpoint("base", base)?;
            if url.query().is_some() {
                return Err(invalid("base", "an address without a query"));
            }
        }
        Ok(Self {
            domain: settings.domain.clone(),
            base: settings.base.as_ref().map(|base| base.trim_end_matches('/').to_string()),
        })
    }

    fn endpoint(&self, setting: &str, template: &str) -> Result<Url, Error> {
        let mut address = template.to_string();
        if let Some(domain) = &self.domain {
            address = address.replace("{domain}", domain);
        }
        if let Some(base) = &self.base {
            address = address.replace("{base}", base);
        }
        destination::endpoint(setting, &address)
    }
}

/// What the profile says must be there, unless no server is asked for tokens.
fn require(settings: &Settings, asks_server: bool) -> Result<(), Error> {
    let is_own =
        |address: &Option<String>| address.as_ref().is_some_and(|address| !address.contains("{domain}"));
    for name in settings.required.iter().flatten() {
        let there = match name.as_str() {
            "domain" => {
                let endpoint_is_own = !asks_server || is_own(&settings.token_endpoint);
                settings.domain.is_some() || (endpoint_is_own && is_own(&settings.api_base))
            }
            "client_id" => settings.client_id.is_some() || !asks_server,
            "client_secret" => {
                let without = matches!(
                    settings.client_authentication,
                    Some(ClientAuthentication::None | ClientAuthentication::PrivateKeyJwt)
                );
                settings.client_secret.is_some() || without || !asks_server
            }
            "scopes" => settings.scopes.as_ref().is_some_and(|scopes| !scopes.is_empty()) || !asks_server,
            _ => true,
        };
        if !there {
            return Err(Error::new(ErrorCode::MissingSetting).with_detail(name));
        }
    }
    Ok(())
}

/// The grant that the user set, or the one that fits what was given: an API key is a platform's second way in.
fn grant(said: &Settings, merged: &Settings, forgotten: &[SecretName]) -> Grant {
    let had = |name| merged.secret(name).is_some() || forgotten.contains(&name);
    match (said.grant, merged.grant) {
        (Some(grant), _) => grant,
        (None, _) if merged.api_key.is_some() => Grant::ApiKey,
        (None, Some(grant)) => grant,
        (None, None) if had(SecretName::Password) => Grant::Password,
        (None, None) if had(SecretName::RefreshToken) && is_public(merged) => Grant::RefreshToken,
        (None, None) => Grant::ClientCredentials,
    }
}

/// Nothing is there by which the client could prove who it is.
fn is_public(settings: &Settings) -> bool {
    settings.client_secret.is_none() && settings.client_key.is_none()
}

fn check_header(setting: &str, name: &str, value: &str) -> Result<(), Error> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let is_value = |byte: u8| (0x20..=0x7e).contains(&byte);
    if name.is_empty() || !name.bytes().all(is_name) || !value.bytes().all(is_value) {
        return Err(invalid(setting, "names and values of header fields, in visible ASCII characters"));
    }
    if ["host", "content-length", "transfer-encoding", "connection"].contains(&name) {
        return Err(Error::new(ErrorCode::ReservedParameter).with_detail(name));
    }
    Ok(())
}

fn lower_case(headers: Option<Vec<(String, String)>>) -> Vec<(String, String)> {
    headers.into_iter().flatten().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()
}
