//! What a connection says, as plain data: the same in every language, in the command's configuration file and in a
//! platform's profile.

use crate::{
    Error, ErrorCode, Secret, SecretName, SecretSource,
    dpop::DpopKey,
    json::{Malformed, Object, Value},
    secret,
    signing_key::SigningKey,
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

/// How a token is got (RFC 6749 §1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Grant {
    /// `client_credentials`, RFC 6749 §4.4.
    ClientCredentials,
    /// `password`, RFC 6749 §4.3.
    Password,
    /// `authorization_code`, RFC 6749 §4.1: somebody signs in in a browser, and the refresh token goes on from there.
    AuthorizationCode,
    /// `device_code`, RFC 8628: the same on another device.
    DeviceCode,
    /// `token_exchange`, RFC 8693: a token that the program has for another one.
    TokenExchange,
    /// `jwt_bearer`, RFC 7523 §2.1: an assertion that somebody trusted signed.
    JwtBearer,
    /// `refresh_token` alone, RFC 6749 §6: the sign-in happened elsewhere.
    RefreshToken,
    /// `api_key`: a key that never ends and is sent as it is.
    ApiKey,
    /// `external`: a function of the user's own brings the token and its lifetime.
    External,
}

/// How the client proves who it is at the token endpoint (RFC 6749 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `none`: a public client says its `client_id` and proves nothing.
    None,
    /// `client_secret_post`: both in the body.
    ClientSecretPost,
    /// `client_secret_basic`: HTTP Basic, each part form-encoded first (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// `client_secret_basic_raw`: HTTP Basic with the parts as they are, as `curl --user` sends them.
    ClientSecretBasicRaw,
    /// `private_key_jwt`: an assertion that the client signs with its `client_key` (RFC 7523 §2.2).
    PrivateKeyJwt,
}

/// The encoding of a token request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyEncoding {
    /// `form`, as RFC 6749 has it.
    Form,
    /// `json`, which some platforms take too.
    Json,
}

/// When a token is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Renewal {
    /// `anytime`: early, by running the grant again.
    Anytime,
    /// `refresh`: early, by the refresh token if there is one, else by the grant.
    Refresh,
    /// `only_after_expiry`: the server gives nothing new before.
    OnlyAfterExpiry,
}

/// The settings of a connection or of a platform's profile. Nothing is checked here but the kind of each value;
/// [`crate::Connection::new`] checks that they make sense together.
///
/// ```
/// use cxauth_core::Settings;
/// let settings = Settings::new("sangoma-cx")
///     .client_id("id")
///     .client_secret("secret")
///     .scopes(["cx.agent-calls", "cx.queue-calls"]);
/// let same = Settings::from_json(r#"{ "platform": "sangoma-cx", "client_id": "id", "client_secret": "secret",
///     "scopes": ["cx.agent-calls", "cx.queue-calls"] }"#)?;
/// assert_eq!(settings, same);
/// # Ok::<(), cxauth_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub(crate) title: Option<String>,
    pub(crate) required: Option<Vec<String>>,
    pub(crate) platform: Option<String>,
    pub(crate) domain: Option<String>,
    pub(crate) base: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<SecretSource>,
    pub(crate) client_key: Option<SigningKey>,
    pub(crate) dpop_key: Option<DpopKey>,
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) password: Option<SecretSource>,
    pub(crate) api_key: Option<SecretSource>,
    pub(crate) refresh_token: Option<SecretSource>,
    pub(crate) subject_token: Option<SecretSource>,
    pub(crate) subject_token_type: Option<String>,
    pub(crate) actor_token: Option<SecretSource>,
    pub(crate) actor_token_type: Option<String>,
    pub(crate) requested_token_type: Option<String>,
    pub(crate) assertion: Option<SecretSource>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: Option<String>,
    pub(crate) pushed_authorization_request_endpoint: Option<String>,
    pub(crate) device_authorization_endpoint: Option<String>,
    pub(crate) introspection_endpoint: Option<String>,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) authorization_parameters: Option<Vec<(String, String)>>,
    pub(crate) require_pushed_authorization_requests: Option<bool>,
    pub(crate) authorization_response_iss_parameter_supported: Option<bool>,
    pub(crate) token_endpoint: Option<String>,
    pub(crate) refresh_endpoint: Option<String>,
    pub(crate) revocation_endpoint: Option<String>,
    pub(crate) grant: Option<Grant>,
    pub(crate) client_authentication: Option<ClientAuthentication>,
    pub(crate) body: Option<BodyEncoding>,
    pub(crate) hosts: Option<Vec<String>>,
    pub(crate) api_base: Option<String>,
    pub(crate) headers: Option<Vec<(String, String)>>,
    pub(crate) api_headers: Option<Vec<(String, String)>>,
    pub(crate) parameters: Option<Vec<(String, String)>>,
    pub(crate) resource: Option<Vec<String>>,
    pub(crate) audience: Option<String>,
    pub(crate) renewal: Option<Renewal>,
    pub(crate) refresh_lifetime: Option<i64>,
    pub(crate) rotates: Option<bool>,
    pub(crate) grace: Option<i64>,
    pub(crate) header: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) strict_token_type: Option<bool>,
    pub(crate) keep_password: Option<bool>,
    pub(crate) ask_again: Option<i64>,
}

macro_rules! setters {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty;)+) => {
        impl Settings {
            $(
                $(#[doc = $doc])+
                #[must_use]
                pub fn $name(mut self, $name: impl Into<$kind>) -> Self {
                    self.$name = Some($name.into());
                    self
                }
            )+
        }
    };
}

setters! {
    /// CloudCX: the tenant's domain, with its port if it has one.
    domain: String;
    /// CloudLX: the address of the portal, if it is not the usual one.
    base: String;
    /// The client's identifier (RFC 6749 §2.2).
    client_id: String;
    /// The client's secret (RFC 6749 §2.3.1).
    client_secret: SecretSource;
    /// The key that the client signs with (RFC 7523 §2.2).
    client_key: SigningKey;
    /// The key that tokens are bound to (RFC 9449).
    dpop_key: DpopKey;
    /// The user's name; the request's field is `username`.
    username: String;
    /// The user's name; the request's field is `email`.
    email: String;
    /// The user's password (RFC 6749 §4.3).
    password: SecretSource;
    /// A key that is sent as it is. Without a `grant` it means the grant `api_key`.
    api_key: SecretSource;
    /// A refresh token to start from (RFC 6749 §6).
    refresh_token: SecretSource;
    /// Grant `token_exchange`: the token that is exchanged (RFC 8693 §2.1).
    /// What a store keeps is known by its connection, not by this secret: where subjects share a store, name each by `username`.
    subject_token: SecretSource;
    /// What kind of token that is. `urn:ietf:params:oauth:token-type:access_token` by default (RFC 8693 §3).
    subject_token_type: String;
    /// Grant `token_exchange`: the token of whoever acts for the subject (RFC 8693 §2.1).
    actor_token: SecretSource;
    /// What kind of token that is. `urn:ietf:params:oauth:token-type:access_token` by default (RFC 8693 §3).
    actor_token_type: String;
    /// What kind of token is wanted (RFC 8693 §2.1).
    requested_token_type: String;
    /// Grant `jwt_bearer`: the signed assertion (RFC 7523 §2.1).
    /// As with `subject_token`, `username` tells subjects apart that share a store.
    assertion: SecretSource;
    /// The authorization server's identifier (RFC 8414 §2), exactly as it writes it: what `iss` in a redirect must be equal to
    /// (RFC 9207 §2.4).
    issuer: String;
    /// Where a person signs in (RFC 6749 §3.1).
    authorization_endpoint: String;
    /// Where an authorization request can be left before the browser goes there (RFC 9126).
    pushed_authorization_request_endpoint: String;
    /// Where a device asks for the code that a person enters elsewhere (RFC 8628 §3.1).
    device_authorization_endpoint: String;
    /// Where the server says what a token is worth (RFC 7662).
    introspection_endpoint: String;
    /// Where the browser comes back to, as it is registered (RFC 6749 §3.1.2).
    redirect_uri: String;
    /// Whether the server takes authorization requests only where they are left first (RFC 9126 §5). They are left there in
    /// any case where the connection has the endpoint.
    require_pushed_authorization_requests: bool;
    /// Whether each redirect says who it is from (RFC 9207 §3); one that does not is refused then.
    authorization_response_iss_parameter_supported: bool;
    /// The token endpoint (RFC 6749 §3.2).
    token_endpoint: String;
    /// The endpoint for refresh requests, if it is another one.
    refresh_endpoint: String;
    /// Where tokens are ended when somebody signs out (RFC 7009).
    revocation_endpoint: String;
    /// How a token is got.
    grant: Grant;
    /// How the client proves who it is.
    client_authentication: ClientAuthentication;
    /// The encoding of token requests.
    body: BodyEncoding;
    /// Where the API lives: relative addresses start here, and its host may see the token.
    api_base: String;
    /// The audience that the token is for.
    audience: String;
    /// When a token is renewed.
    renewal: Renewal;
    /// How long a refresh token lives, in seconds, when the answer does not say it.
    refresh_lifetime: i64;
    /// Whether a refresh token ends when it is used. True by default.
    rotates: bool;
    /// How long a used refresh token still works, in seconds. 0 by default.
    grace: i64;
    /// The header field that carries the token to the API. `authorization` by default.
    header: String;
    /// The word before the token in that field. `Bearer` by default; may be empty.
    prefix: String;
    /// Whether an answer without `token_type` is refused.
    strict_token_type: bool;
    /// Whether the password is kept once a refresh token came.
    keep_password: bool;
    /// After how many seconds a server that refused the client's credentials is asked again. 3600 by default.
    ask_again: i64;
}

impl Settings {
    /// Settings for one of the platforms: `cloudcx`, `cisco-cx-cloud`, `sangoma-cx`, `cloudlx`, or `generic`.
    pub fn new(platform: impl Into<String>) -> Self {
        Self { platform: Some(platform.into()), ..Self::default() }
    }

    /// Reads settings from a JSON object.
    ///
    /// # Errors
    /// `settings_unreadable`, `unknown_setting` or `invalid_setting`; no value is repeated in them.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let object = Object::parse(text).map_err(|Malformed| Error::new(ErrorCode::SettingsUnreadable))?;
        let mut settings = Self::default();
        // Every name first, whatever its value: a wrong name is not hidden by a null or by another error.
        if let Some((name, _)) = object.members().find(|(name, _)| !Self::knows(name)) {
            return Err(Error::new(ErrorCode::UnknownSetting).with_detail(name));
        }
        for (name, value) in object.members().filter(|(_, value)| !value.is_null()) {
            settings.read(name, value)?;
        }
        Ok(settings)
    }

    /// The scopes to ask for (RFC 6749 §3.3).
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(collect(scopes));
        self
    }

    /// More hosts that may see the token, each as `host` or `host:port`.
    #[must_use]
    pub fn hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.hosts = Some(collect(hosts));
        self
    }

    /// The resources that the token is for (RFC 8707).
    #[must_use]
    pub fn resource(mut self, resource: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.resource = Some(collect(resource));
        self
    }

    /// One more header field of token requests.
    #[must_use]
    pub fn header_field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.get_or_insert_default().push((name.into(), value.into()));
        self
    }

    /// One more header field of API requests.
    #[must_use]
    pub fn api_header_field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.api_headers.get_or_insert_default().push((name.into(), value.into()));
        self
    }

    /// One more parameter of token requests.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.get_or_insert_default().push((name.into(), value.into()));
        self
    }

    /// One more parameter of authorization requests, such as `prompt` or `login_hint`.
    #[must_use]
    pub fn authorization_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.authorization_parameters.get_or_insert_default().push((name.into(), value.into()));
        self
    }

    /// These settings, and those of `below` where these say nothing. Headers and parameters are joined by name.
    #[must_use]
    pub fn or(self, below: Self) -> Self {
        macro_rules! or {
            ($($field:ident)+) => { Self {
                headers: join(self.headers, below.headers),
                api_headers: join(self.api_headers, below.api_headers),
                parameters: join(self.parameters, below.parameters),
                authorization_parameters: join(self.authorization_parameters, below.authorization_parameters),
                $($field: self.$field.or(below.$field),)+
            } };
        }
        or!(title required platform domain base client_id client_secret client_key dpop_key username email password api_key
            refresh_token subject_token subject_token_type actor_token actor_token_type requested_token_type
            assertion scopes issuer authorization_endpoint pushed_authorization_request_endpoint
            device_authorization_endpoint introspection_endpoint redirect_uri
            require_pushed_authorization_requests authorization_response_iss_parameter_supported
            token_endpoint refresh_endpoint revocation_endpoint grant client_authentication
            body hosts api_base resource audience renewal refresh_lifetime rotates grace header prefix
            strict_token_type keep_password ask_again)
    }

    pub(crate) fn secret(&self, name: SecretName) -> Option<&SecretSource> {
        match name {
            SecretName::ClientSecret => self.client_secret.as_ref(),
            SecretName::Password => self.password.as_ref(),
            SecretName::ApiKey => self.api_key.as_ref(),
            SecretName::RefreshToken => self.refresh_token.as_ref(),
            SecretName::SubjectToken => self.subject_token.as_ref(),
            SecretName::ActorToken => self.actor_token.as_ref(),
            SecretName::Assertion => self.assertion.as_ref(),
        }
    }

    fn knows(name: &str) -> bool {
        !matches!(Self::default().read_value(name, Value::NULL), Err(Wanted::AnotherName))
    }

    fn read(&mut self, name: &str, value: Value<'_>) -> Result<(), Error> {
        self.read_value(name, value).map_err(|wanted| match wanted {
            Wanted::AnotherName => Error::new(ErrorCode::UnknownSetting).with_detail(name),
            Wanted::Value(wanted) => invalid(name, wanted),
        })
    }

    fn read_value(&mut self, name: &str, value: Value<'_>) -> Result<(), Wanted> {
        match name {
            "title" => self.title = text(value)?,
            "required" => self.required = texts(value)?,
            "platform" => self.platform = text(value)?,
            "domain" => self.domain = text(value)?,
            "base" => self.base = text(value)?,
            "client_id" => self.client_id = text(value)?,
            "client_secret" => self.client_secret = source(value)?,
            "client_key" => {
                let key = SigningKey::read(value).map_err(|Malformed| {
                    Wanted::Value(
                        "one of function, file, env, command and keychain with its name, and beside it algorithm \
                         (ES256, RS256, PS256, EdDSA) and key_id",
                    )
                })?;
                self.client_key = Some(key);
            }
            "dpop_key" => {
                let key = DpopKey::read(value).map_err(|Malformed| {
                    Wanted::Value(
                        "one of function, file, env, command and keychain with its name, beside it algorithm, and jwk: \
                         the public key alone",
                    )
                })?;
                self.dpop_key = Some(key);
            }
            "username" => self.username = text(value)?,
            "email" => self.email = text(value)?,
            "password" => self.password = source(value)?,
            "api_key" => self.api_key = source(value)?,
            "refresh_token" => self.refresh_token = source(value)?,
            "subject_token" => self.subject_token = source(value)?,
            "subject_token_type" => self.subject_token_type = text(value)?,
            "actor_token" => self.actor_token = source(value)?,
            "actor_token_type" => self.actor_token_type = text(value)?,
            "requested_token_type" => self.requested_token_type = text(value)?,
            "assertion" => self.assertion = source(value)?,
            "scopes" => self.scopes = texts(value)?,
            "issuer" => self.issuer = text(value)?,
            "authorization_endpoint" => self.authorization_endpoint = text(value)?,
            "pushed_authorization_request_endpoint" => {
                self.pushed_authorization_request_endpoint = text(value)?;
            }
            "device_authorization_endpoint" => self.device_authorization_endpoint = text(value)?,
            "introspection_endpoint" => self.introspection_endpoint = text(value)?,
            "redirect_uri" => self.redirect_uri = text(value)?,
            "authorization_parameters" => self.authorization_parameters = pairs(value)?,
            "require_pushed_authorization_requests" => {
                self.require_pushed_authorization_requests = truth(value)?;
            }
            "authorization_response_iss_parameter_supported" => {
                self.authorization_response_iss_parameter_supported = truth(value)?;
            }
            "token_endpoint" => self.token_endpoint = text(value)?,
            "refresh_endpoint" => self.refresh_endpoint = text(value)?,
            "revocation_endpoint" => self.revocation_endpoint = text(value)?,
            "grant" => {
                self.grant = choice(
                    value,
                    &[
                        ("client_credentials", Grant::ClientCredentials),
                        ("password", Grant::Password),
                        ("authorization_code", Grant::AuthorizationCode),
                        ("device_code", Grant::DeviceCode),
                        ("token_exchange", Grant::TokenExchange),
                        ("jwt_bearer", Grant::JwtBearer),
                        ("refresh_token", Grant::RefreshToken),
                        ("api_key", Grant::ApiKey),
                        ("external", Grant::External),
                    ],
                    "client_credentials, password, authorization_code, device_code, token_exchange, jwt_bearer, \
                     refresh_token, api_key or external",
                )?;
            }
            "client_authentication" => {
                self.client_authentication = choice(
                    value,
                    &[
                        ("none", ClientAuthentication::None),
                        ("client_secret_post", ClientAuthentication::ClientSecretPost),
                        ("client_secret_basic", ClientAuthentication::ClientSecretBasic),
                        ("client_secret_basic_raw", ClientAuthentication::ClientSecretBasicRaw),
                        ("private_key_jwt", ClientAuthentication::PrivateKeyJwt),
                    ],
                    "none, client_secret_post, client_secret_basic, client_secret_basic_raw or private_key_jwt",
                )?;
            }
            "body" => {
                self.body = choice(
                    value,
                    &[("form", BodyEncoding::Form), ("json", BodyEncoding::Json)],
                    "form or json",
                )?;
            }
            "hosts" => self.hosts = texts(value)?,
            "api_base" => self.api_base = text(value)?,
            "headers" => self.headers = pairs(value)?,
            "api_headers" => self.api_headers = pairs(value)?,
            "parameters" => self.parameters = pairs(value)?,
            "resource" => {
                self.resource =
                    if value.is_array() { texts(value)? } else { text(value)?.map(|one| Vec::from([one])) };
            }
            "audience" => self.audience = text(value)?,
            "renewal" => {
                self.renewal = choice(
                    value,
                    &[
                        ("anytime", Renewal::Anytime),
                        ("refresh", Renewal::Refresh),
                        ("only_after_expiry", Renewal::OnlyAfterExpiry),
                    ],
                    "anytime, refresh or only_after_expiry",
                )?;
            }
            "refresh_lifetime" => self.refresh_lifetime = seconds(value)?,
            "rotates" => self.rotates = truth(value)?,
            "grace" => self.grace = seconds(value)?,
            "header" => self.header = text(value)?,
            "prefix" => self.prefix = text(value)?,
            "strict_token_type" => self.strict_token_type = truth(value)?,
            "keep_password" => self.keep_password = truth(value)?,
            "ask_again" => self.ask_again = seconds(value)?,
            _ => return Err(Wanted::AnotherName),
        }
        Ok(())
    }
}

/// The pairs above, and those below whose name does not stand above: one more header does not undo the profile's.
fn join(
    above: Option<Vec<(String, String)>>,
    below: Option<Vec<(String, String)>>,
) -> Option<Vec<(String, String)>> {
    let (Some(mut joined), Some(below)) = (above.clone(), below.clone()) else { return above.or(below) };
    for (name, value) in below {
        if !joined.iter().any(|(taken, _)| taken.eq_ignore_ascii_case(&name)) {
            joined.push((name, value));
        }
    }
    Some(joined)
}

pub(crate) fn invalid(name: &str, wanted: &str) -> Error {
    Error::new(ErrorCode::InvalidSetting).with_detail(&alloc::format!("{name}: {wanted}"))
}

/// What should have stood there.
enum Wanted {
    AnotherName,
    Value(&'static str),
}

fn collect(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

fn text(value: Value<'_>) -> Result<Option<String>, Wanted> {
    value.text().map(Some).map_err(|Malformed| Wanted::Value("a text"))
}

fn texts(value: Value<'_>) -> Result<Option<Vec<String>>, Wanted> {
    value.texts().map(Some).map_err(|Malformed| Wanted::Value("a list of texts"))
}

fn truth(value: Value<'_>) -> Result<Option<bool>, Wanted> {
    value.boolean().map(Some).map_err(|Malformed| Wanted::Value("true or false"))
}

/// Whole seconds, 0 or more; a float without a fraction is whole too.
fn seconds(value: Value<'_>) -> Result<Option<i64>, Wanted> {
    let wanted = Wanted::Value("a number of whole seconds, 0 or more");
    match value.integer() {
        Ok(seconds) if seconds >= 0 => Ok(Some(seconds)),
        _ => Err(wanted),
    }
}

fn pairs(value: Value<'_>) -> Result<Option<Vec<(String, String)>>, Wanted> {
    let read = || -> Result<_, Malformed> {
        let object = value.object()?;
        object.members().map(|(name, value)| Ok((name.to_string(), value.text()?))).collect()
    };
    read().map(Some).map_err(|Malformed| Wanted::Value("names with a text each"))
}

fn choice<Choice: Copy>(
    value: Value<'_>,
    choices: &[(&str, Choice)],
    wanted: &'static str,
) -> Result<Option<Choice>, Wanted> {
    let text = value.text().map_err(|Malformed| Wanted::Value(wanted))?;
    let choice = choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice);
    choice.map(Some).ok_or(Wanted::Value(wanted))
}

/// A text, or an object with one member that says where the secret is read.
fn source(value: Value<'_>) -> Result<Option<SecretSource>, Wanted> {
    if let Ok(text) = value.text() {
        return Ok(Some(SecretSource::Value(Secret::new(text))));
    }
    let read = || -> Result<_, Malformed> {
        let object = value.object()?;
        let mut members = object.members();
        let (Some((kind, value)), None) = (members.next(), members.next()) else { return Err(Malformed) };
        secret::read_source(kind, value)
    };
    read().map(Some).map_err(|Malformed| {
        Wanted::Value("a text, or one of env, file, command, keychain and function with its name")
    })
}
