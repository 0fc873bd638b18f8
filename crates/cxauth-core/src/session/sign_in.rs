//! Signing in: somebody approves in a browser or on another device, and the session goes on with what comes of it.

use super::{
    FlightId, Session, StepResult,
    flight::{DEADLINE, Flight, Phase, Sent},
};
use crate::{
    Action, Answer, Connection, Error, ErrorCode, EventKind, Secret, Timestamp, TokenRequest,
    answer::Granted,
    destination,
    json::{Malformed, Object, Value, Writer},
    request::{self, Purpose},
    secret::wire,
    settings::invalid,
};
use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use url::Url;

/// How long a person may take in the browser: milliseconds.
const PATIENCE: i64 = 3_600_000;
/// How far apart a device asks when the server does not say it (RFC 8628 §3.2): seconds.
const USUAL_INTERVAL: i64 = 5;
/// What `slow_down` adds (RFC 8628 §3.5): seconds.
const SLOWER: i64 = 5;
/// The longest pause that failures lead to: seconds.
const LONGEST_INTERVAL: i64 = 300;
/// The most sign-ins whose state is remembered, so that none is used twice.
const MOST_STATES: usize = 64;

/// A sign-in whose answer the browser will bring: what the redirect is checked with. It is bound to one browser, tab or
/// process: keep it there, use it once, and show it to nobody. [`SignIn::to_text`] is all secret.
#[derive(Clone)]
pub struct SignIn {
    state: Secret,
    /// RFC 7636 §4.1.
    verifier: Secret,
    redirect_uri: String,
    /// Of the connection: the endpoints stay what they were when it began (RFC 9700 §4.4.2).
    identity: String,
    begun_at: i64,
}

impl SignIn {
    /// Reads the text that [`SignIn::to_text`] gave.
    ///
    /// # Errors
    /// `redirect_refused`.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let read = || -> Result<_, Malformed> {
            let object = Object::parse(text)?;
            let member = |name| object.member(name).ok_or(Malformed);
            Ok(Self {
                state: member("state")?.secret()?,
                verifier: member("verifier")?.secret()?,
                redirect_uri: member("redirect_uri")?.text()?,
                identity: member("identity")?.text()?,
                begun_at: member("begun_at").and_then(Value::integer)?,
            })
        };
        read().map_err(|Malformed| refused("what was kept of the sign-in cannot be read"))
    }

    /// The text to keep until the browser comes back, such as in the tab's `sessionStorage` or in a server's session.
    #[must_use]
    pub fn to_text(&self) -> Secret {
        let longest = |text: &str| Writer::longest(text.len()) + 20;
        let mut text = Writer::new(longest(&self.redirect_uri) + longest(&self.identity) + 200);
        wire::member(&mut text, "state", &self.state);
        wire::member(&mut text, "verifier", &self.verifier);
        text.text("redirect_uri", &self.redirect_uri);
        text.text("identity", &self.identity);
        text.plain("begun_at", self.begun_at);
        Secret::from(text.finish())
    }

    /// Where the browser will come back to.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Whether this redirect carries the state of this sign-in, so that a program with several under way finds the right one.
    #[must_use]
    pub fn is_answered_by(&self, redirect: &str) -> bool {
        Redirect::parse(redirect)
            .and_then(|redirect| redirect.once("state").ok().flatten())
            .is_some_and(|state| wire::is_same(&self.state, &state))
    }

    /// The code that the redirect brings, when it is the answer to this sign-in (RFC 6749 §4.1.2, RFC 9207 §2.4).
    fn code(&self, redirect: &str, connection: &Connection) -> Result<Secret, Error> {
        let redirect = Redirect::parse(redirect).ok_or_else(|| refused("it is no address"))?;
        if !redirect.is_at(&self.redirect_uri) {
            return Err(refused("it came to another address"));
        }
        let once = |name| redirect.once(name).map_err(|Malformed| refused("a parameter stands twice"));
        let state = once("state")?.ok_or_else(|| refused("it carries no state"))?;
        if !wire::is_same(&self.state, &state) {
            return Err(refused("it carries another state"));
        }
        match (once("iss")?, &connection.issuer) {
            (Some(from), Some(issuer)) if from != *issuer => {
                return Err(refused("it is from another issuer"));
            }
            (None, Some(_)) if connection.names_issuer_in_redirect => {
                return Err(refused("it does not say its issuer"));
            }
            _ => {}
        }
        if redirect.carries_token() {
            return Err(refused("it carries a token, which is not what was asked for"));
        }
        if let Some(error) = once("error")?.filter(|error| !error.is_empty()) {
            let description = once("error_description")?;
            let code = match error.as_str() {
                "unauthorized_client" => ErrorCode::UnauthorizedClient,
                "invalid_scope" => ErrorCode::InvalidScope,
                "invalid_request" | "unsupported_response_type" => ErrorCode::InvalidRequest,
                "server_error" | "temporarily_unavailable" => ErrorCode::ServerUnavailable,
                _ => ErrorCode::AuthorizationRefused,
            };
            return Err(Error::new(code).with_server_text(Some(&error), description.as_deref()));
        }
        let code = once("code")?.filter(|code| !code.is_empty());
        code.map(Secret::new).ok_or_else(|| refused("it carries no code"))
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SignIn").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// Where a person signs in, and what the answer is checked with.
#[derive(Clone)]
pub struct Authorization {
    url: String,
    sign_in: SignIn,
}

impl Authorization {
    /// Open this in the system's browser, or send the page there; never in a view of the program's own (RFC 8252 §8.12).
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Keep this until the browser comes back, and give it to [`Session::lead_code`] with the address that it came back to.
    #[must_use]
    pub fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authorization").field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
}

/// What a person enters on another device (RFC 8628 §3.3).
#[derive(Clone)]
pub struct DevicePrompt {
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_at: Timestamp,
}

impl DevicePrompt {
    /// What the person enters. Show it as it is.
    #[must_use]
    pub fn user_code(&self) -> &str {
        &self.user_code
    }

    /// Where the person enters it.
    #[must_use]
    pub fn verification_uri(&self) -> &str {
        &self.verification_uri
    }

    /// The same with the code in it, for a QR code; the person still compares the code (RFC 8628 §3.3.1).
    #[must_use]
    pub fn verification_uri_complete(&self) -> Option<&str> {
        self.verification_uri_complete.as_deref()
    }

    /// Until when.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for DevicePrompt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DevicePrompt")
            .field("verification_uri", &self.verification_uri)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What a flight that signs in has so far.
pub(super) struct SigningIn {
    way: Way,
    granted: Option<Granted>,
}

enum Way {
    /// To the address that the browser goes to; with the server's name of the request once it was left there (RFC 9126 §2.2).
    Authorize {
        sign_in: SignIn,
        request_uri: Option<String>,
    },
    Code {
        sign_in: SignIn,
        code: Secret,
    },
    Device(Option<Device>),
}

struct Device {
    device_code: Secret,
    prompt: DevicePrompt,
    /// Seconds.
    interval: i64,
    ask_at: Timestamp,
}

impl SigningIn {
    /// A late answer is still worth taking.
    pub(super) fn shift(&mut self, step: i64) {
        if let Way::Device(Some(device)) = &mut self.way {
            device.ask_at = device.ask_at.plus_millis(step);
            device.prompt.expires_at = device.prompt.expires_at.plus_millis(step);
        }
    }

    pub(super) fn prompt(&self) -> Option<&DevicePrompt> {
        match &self.way {
            Way::Device(Some(device)) => Some(&device.prompt),
            _ => None,
        }
    }

    /// Whether what is sent next goes to the token endpoint.
    pub(super) fn asks_for_token(&self) -> bool {
        matches!(self.way, Way::Code { .. } | Way::Device(Some(_)))
    }

    pub(super) fn ask_at(&self) -> Option<Timestamp> {
        match &self.way {
            Way::Device(Some(device)) => Some(device.ask_at.min(device.prompt.expires_at)),
            _ => None,
        }
    }
}

impl Session {
    /// Leads a flight that prepares a sign-in in a browser: its step [`crate::Step::Authorize`] says where the person goes and
    /// what to keep meanwhile (RFC 6749 §4.1.1, with PKCE as RFC 7636 has it; RFC 9126 where the server takes requests first).
    /// `entropy` is the operating system's, new each time: state and verifier are made of it. `redirect_uri` takes the place of
    /// the connection's, for a listener on loopback whose port nobody knows before.
    ///
    /// # Errors
    /// `missing_setting` and `invalid_setting`, as of a connection.
    pub fn lead_authorization(
        &mut self,
        now: Timestamp,
        entropy: &[u8; 64],
        redirect_uri: Option<&str>,
    ) -> Result<FlightId, Error> {
        let missing = |name: &str| Error::new(ErrorCode::MissingSetting).with_detail(name);
        let connection = &self.connection;
        if connection.authorization_endpoint.is_none() {
            return Err(missing("authorization_endpoint"));
        }
        if connection.client_id.is_none() {
            return Err(missing("client_id"));
        }
        let redirect_uri = redirect_uri.or(connection.redirect_uri.as_deref());
        let redirect_uri = redirect_uri.ok_or_else(|| missing("redirect_uri"))?;
        check_redirect_uri(redirect_uri)?;
        let (state, verifier) = entropy.split_at(32);
        let sign_in = SignIn {
            state: wire::random_text(state),
            verifier: wire::random_text(verifier),
            redirect_uri: redirect_uri.to_string(),
            identity: whole_identity(connection),
            begun_at: now.unix_millis(),
        };
        let pushes = connection.pushed_authorization_request_endpoint.is_some();
        let way = Way::Authorize { sign_in, request_uri: None };
        Ok(self.lead_sign_in(now, way, if pushes { Phase::Send } else { Phase::Authorize }))
    }

    /// Leads the flight that ends a sign-in: the browser came back to this address, `redirect`, with everything behind it. The
    /// redirect is checked here, and a sign-in is used once, whatever comes of it.
    ///
    /// # Errors
    /// `redirect_refused` when it is not the answer to this sign-in, `authorization_refused` and others when it says that the
    /// person or the server refused, `sign_in_expired` after an hour.
    pub fn lead_code(&mut self, now: Timestamp, sign_in: SignIn, redirect: &str) -> Result<FlightId, Error> {
        let now = self.tick(now);
        if self.used_states.iter().any(|used| *used == sign_in.state) {
            return Err(refused("it was used before"));
        }
        if sign_in.identity != whole_identity(&self.connection) {
            return Err(refused("the connection was changed meanwhile"));
        }
        let code = sign_in.code(redirect, &self.connection);
        // A stranger's redirect does not end the sign-in of the person who is still in the browser.
        if !matches!(&code, Err(error) if error.code() == ErrorCode::RedirectRefused) {
            if self.used_states.len() >= MOST_STATES {
                self.used_states.pop_front();
            }
            self.used_states.push_back(sign_in.state.clone());
        }
        let code = code?;
        if now.unix_millis() - sign_in.begun_at > PATIENCE {
            return Err(Error::new(ErrorCode::SignInExpired));
        }
        Ok(self.lead_sign_in(now, Way::Code { sign_in, code }, Phase::Send))
    }

    /// Leads a flight that signs in on another device (RFC 8628): [`crate::Step::Prompt`] says what to show, and
    /// [`crate::Step::Pause`] how long to wait before the server is asked again.
    ///
    /// # Errors
    /// `missing_setting`.
    pub fn lead_device_sign_in(&mut self, now: Timestamp) -> Result<FlightId, Error> {
        if self.connection.device_authorization_endpoint.is_none() {
            return Err(Error::new(ErrorCode::MissingSetting).with_detail("device_authorization_endpoint"));
        }
        Ok(self.lead_sign_in(now, Way::Device(None), Phase::Send))
    }

    fn lead_sign_in(&mut self, now: Timestamp, way: Way, phase: Phase) -> FlightId {
        let now = self.tick(now);
        let mut flight = self.new_flight(now);
        // Nobody follows it while a person is at it.
        flight.settled = true;
        flight.sign_in = Some(SigningIn { way, granted: None });
        flight.phase = phase;
        if phase == Phase::Send {
            self.ask_for_secret(&mut flight);
        }
        let id = flight.id;
        self.put_flight(flight);
        id
    }

    /// Where a flight that signs in stands, and how its step went.
    pub(super) fn signing_in(&mut self, now: Timestamp, flight: &mut Flight, result: StepResult) {
        match (flight.phase, result) {
            (Phase::ReadSecret(name), StepResult::Secret(secret)) if !secret.is_empty() => {
                flight.secrets.push((name, secret));
                flight.phase = Phase::Send;
            }
            (Phase::ReadSecret(name), _) => {
                self.end_sign_in(
                    flight,
                    Some(Error::new(ErrorCode::SecretUnreadable).with_detail(name.as_str())),
                );
            }
            (Phase::Send, StepResult::Answer(answer)) => self.sign_in_answered(now, flight, &answer),
            (Phase::Send, StepResult::Failed(failure)) => {
                let error = Error::new(failure.code());
                self.try_sign_in_later(now, flight, error, None);
            }
            (Phase::Authorize, _) => self.end_sign_in(flight, None),
            (Phase::Prompt, _) => flight.phase = Phase::Pause,
            (Phase::Pause, _) => self.pause_over(now, flight),
            (Phase::Lock, StepResult::Done) => {
                flight.locked = true;
                flight.phase = Phase::Load;
            }
            (Phase::Load, StepResult::Loaded(snapshot)) => {
                let stored = snapshot.map_or(0, |snapshot| snapshot.generation());
                self.holdings.generation = self.holdings.generation.max(stored);
                flight.base = self.holdings.generation;
                self.take_granted(now, flight);
            }
            (Phase::Lock | Phase::Load, _) => self.sign_in_unsaved(now, flight),
            _ => {}
        }
    }

    /// The leader is gone: what came already serves.
    pub(super) fn leave_sign_in(&mut self, now: Timestamp, flight: &mut Flight) {
        let came = flight.sign_in.as_ref().is_some_and(|sign_in| sign_in.granted.is_some());
        flight.locked = false;
        if came {
            self.sign_in_unsaved(now, flight);
        }
        flight.phase = Phase::Done;
    }

    /// The request that is due (RFC 9126 §2.1, RFC 6749 §4.1.3, RFC 8628 §3.1 and §3.4).
    pub(super) fn sign_in_request(&mut self, now: Timestamp, flight: &mut Flight) -> Option<TokenRequest> {
        let connection = &self.connection;
        let credential = flight.credential();
        let request = match &flight.sign_in.as_ref()?.way {
            Way::Authorize { sign_in, .. } => request::pushed_authorization(
                connection,
                &sign_in.redirect_uri,
                &sign_in.state,
                &wire::challenge(&sign_in.verifier),
                credential,
            ),
            Way::Code { sign_in, code } => {
                let (verifier, redirect_uri) = (&sign_in.verifier, sign_in.redirect_uri.as_str());
                let purpose = Purpose::Code { code, verifier, redirect_uri };
                request::build(connection, &purpose, credential)
                    .map(|request| request.with_proof(flight.proof.as_ref()))
            }
            Way::Device(None) => request::device_authorization(connection, credential),
            Way::Device(Some(device)) => {
                request::build(connection, &Purpose::Device(&device.device_code), credential)
                    .map(|request| request.with_proof(flight.proof.as_ref()))
            }
        };
        flight.sent.get_or_insert_with(|| Sent::of_sign_in(now));
        request
    }

    /// Where the browser goes.
    pub(super) fn authorization(&self, flight: &Flight) -> Option<Authorization> {
        let Way::Authorize { sign_in, request_uri } = &flight.sign_in.as_ref()?.way else { return None };
        let url = request::authorization_url(
            &self.connection,
            &sign_in.redirect_uri,
            &sign_in.state,
            &wire::challenge(&sign_in.verifier),
            request_uri.as_deref(),
        )?;
        Some(Authorization { url, sign_in: sign_in.clone() })
    }

    pub(super) fn end_sign_in(&mut self, flight: &mut Flight, why: Option<Error>) {
        flight.sign_in = Some(SigningIn { way: Way::Device(None), granted: None });
        flight.secrets.clear();
        flight.why = why;
        flight.settled = true;
        flight.phase = if flight.locked { Phase::Unlock } else { Phase::Done };
    }

    fn sign_in_answered(&mut self, now: Timestamp, flight: &mut Flight, answer: &Answer) {
        let asks_for_token = flight.asks_for_token();
        let mut secrets = self.secrets_of(flight);
        let token_types = self.connection.token_types();
        let sent_at = flight.sent.as_ref().map_or(now, |sent| sent.at);
        let error = match flight.sign_in.as_mut().map(|sign_in| &mut sign_in.way) {
            Some(Way::Authorize { request_uri, .. }) => match answer.read_pushed(&secrets) {
                Ok(named) => {
                    *request_uri = Some(named);
                    flight.sent = None;
                    flight.secrets.clear();
                    return flight.phase = Phase::Authorize;
                }
                Err(error) => error,
            },
            Some(Way::Device(device @ None)) => match answer.read_device(&secrets) {
                Ok(code) if !is_web_address(&code.verification_uri) => {
                    return self.end_sign_in(flight, Some(Error::new(ErrorCode::AnswerMalformed)));
                }
                Ok(code) => {
                    let interval = code.interval.unwrap_or(USUAL_INTERVAL);
                    *device = Some(Device {
                        device_code: code.device_code,
                        prompt: DevicePrompt {
                            user_code: code.user_code,
                            verification_uri: code.verification_uri,
                            verification_uri_complete: code
                                .verification_uri_complete
                                .filter(|address| is_web_address(address)),
                            expires_at: sent_at.plus_seconds(code.expires_in),
                        },
                        interval,
                        ask_at: now.plus_seconds(interval),
                    });
                    flight.sent = None;
                    return flight.phase = Phase::Prompt;
                }
                Err(error) => error,
            },
            Some(Way::Code { sign_in, code }) => {
                secrets.extend([code.clone(), sign_in.verifier.clone(), sign_in.state.clone()]);
                match answer.read(token_types, &secrets) {
                    Ok(granted) => {
                        self.answers_with_nonce(flight, answer, None);
                        return self.granted(now, flight, granted);
                    }
                    Err(error) => error,
                }
            }
            Some(Way::Device(Some(device))) => {
                secrets.push(device.device_code.clone());
                match answer.read(token_types, &secrets) {
                    Ok(granted) => {
                        self.answers_with_nonce(flight, answer, None);
                        return self.granted(now, flight, granted);
                    }
                    Err(error) => error,
                }
            }
            None => return,
        };
        if asks_for_token && self.answers_with_nonce(flight, answer, Some(&error)) {
            flight.sent = None;
            return flight.phase = Phase::Send;
        }
        self.try_sign_in_later(now, flight, error, answer.retry_after(now));
    }

    /// A device asks again until the person has decided or the code has ended (RFC 8628 §3.5). Everything else is over: a code
    /// is sent once (RFC 6749 §4.1.2), and a person is there to begin anew.
    fn try_sign_in_later(
        &mut self,
        now: Timestamp,
        flight: &mut Flight,
        error: Error,
        retry_after: Option<i64>,
    ) {
        let Some(SigningIn { way: Way::Device(Some(device)), .. }) = &mut flight.sign_in else {
            return self.end_sign_in(flight, Some(error));
        };
        let is_verdict = |status: u16| (400..=499).contains(&status) && status != 404 && status != 429;
        match error.server_error().filter(|_| error.status().is_some_and(is_verdict)) {
            Some("authorization_pending") => {}
            Some("slow_down") => device.interval = device.interval.saturating_add(SLOWER),
            Some("access_denied") => {
                return self.end_sign_in(flight, Some(error.with_code(ErrorCode::AuthorizationRefused)));
            }
            Some("expired_token") => {
                return self.end_sign_in(flight, Some(error.with_code(ErrorCode::SignInExpired)));
            }
            _ if error.action() == Action::Retry && error.code() != ErrorCode::RequestRefused => {
                device.interval = device.interval.saturating_mul(2).clamp(1, LONGEST_INTERVAL);
            }
            _ => return self.end_sign_in(flight, Some(error)),
        }
        let pause = device.interval.saturating_mul(1000).max(retry_after.unwrap_or(0));
        device.ask_at = now.plus_millis(pause);
        flight.sent = None;
        flight.phase = Phase::Pause;
    }

    fn pause_over(&mut self, now: Timestamp, flight: &mut Flight) {
        let Some(SigningIn { way: Way::Device(Some(device)), .. }) = &flight.sign_in else { return };
        if now >= device.prompt.expires_at {
            self.end_sign_in(flight, Some(Error::new(ErrorCode::SignInExpired)));
        } else if now >= device.ask_at {
            flight.phase = Phase::Send;
        }
    }

    /// The server said yes. From here on others wait for it.
    fn granted(&mut self, now: Timestamp, flight: &mut Flight, granted: Granted) {
        flight.sign_in = Some(SigningIn { way: Way::Device(None), granted: Some(granted) });
        flight.settled = false;
        flight.deadline = now.plus_millis(DEADLINE);
        if self.uses_store() {
            flight.phase = Phase::Lock;
        } else {
            self.take_granted(now, flight);
        }
    }

    fn take_granted(&mut self, now: Timestamp, flight: &mut Flight) {
        if let Some(granted) = flight.sign_in.take().and_then(|sign_in| sign_in.granted) {
            self.start_from = false;
            flight.signed_in = true;
            flight.base = self.holdings.generation;
            // What the session had was another sign-in's, perhaps another person's: nothing of it goes into the new set. Until
            // that is saved it serves.
            let (access, refresh) = (self.holdings.access.take(), self.holdings.refresh.take());
            self.accept(now, flight, granted);
            if flight.is_pending() {
                (self.holdings.access, self.holdings.refresh) = (access, refresh);
            }
        }
    }

    /// The store does not do: the set serves from memory, and is saved when the store does again.
    fn sign_in_unsaved(&mut self, now: Timestamp, flight: &mut Flight) {
        let locked = core::mem::take(&mut flight.locked);
        self.take_granted(now, flight);
        flight.locked = locked;
        flight.phase = if locked { Phase::Unlock } else { Phase::Done };
        self.unsaved = self.uses_store();
        let error = Error::new(ErrorCode::StoreUnavailable);
        let error = self.back_off.fail(now, error, None, &mut self.entropy);
        self.emit(now, EventKind::Degraded, error.retry_at(), Some(error));
    }
}

/// An address that the browser came back to.
struct Redirect<'address> {
    url: Url,
    fragment: &'address str,
}

impl<'address> Redirect<'address> {
    fn parse(address: &'address str) -> Option<Self> {
        let fragment = address.split_once('#').map_or("", |(_, fragment)| fragment);
        Url::parse(address).ok().map(|url| Self { url, fragment })
    }

    /// RFC 8252 §8.10, RFC 9700 §2.1: exactly where it was to come to, with everything that stood there.
    fn is_at(&self, redirect_uri: &str) -> bool {
        let Ok(expected) = Url::parse(redirect_uri) else { return false };
        let own: Vec<_> = pairs(expected.query().unwrap_or("")).collect();
        front(self.url.as_str()) == front(expected.as_str())
            && own.into_iter().all(|pair| self.parameters().any(|other| other == pair))
    }

    fn parameters(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        pairs(self.url.query().unwrap_or(""))
    }

    /// RFC 6749 §3.1: no parameter stands twice.
    fn once(&self, name: &str) -> Result<Option<String>, Malformed> {
        let mut values =
            self.parameters().filter(|(other, _)| other == name).map(|(_, value)| value.into_owned());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Malformed),
            (value, None) => Ok(value),
        }
    }

    /// The implicit grant's answer, which is never asked for (RFC 9700 §2.1.2).
    fn carries_token(&self) -> bool {
        pairs(self.fragment).chain(self.parameters()).any(|(name, _)| name == "access_token")
    }
}

fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(query.as_bytes())
}

fn front(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or("")
}

/// https, http on loopback, or a scheme of the program's own, which has a dot in it (RFC 8252 §7).
fn check_redirect_uri(address: &str) -> Result<(), Error> {
    let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
    if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") {
        return destination::endpoint("redirect_uri", address).map(|_| ());
    }
    let is_own = scheme.contains('.') && Url::parse(address).is_ok() && !address.contains('#');
    if is_own {
        Ok(())
    } else {
        Err(invalid("redirect_uri", "https, http on loopback, or a scheme with a dot in it"))
    }
}

/// What a person is shown must be an address of the web, not a program's.
fn is_web_address(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
}

/// The connection's identity and every place that a sign-in goes to.
fn whole_identity(connection: &Connection) -> String {
    let endpoint = connection.authorization_endpoint.as_ref().map_or("", Url::as_str);
    let issuer = connection.issuer.as_deref().unwrap_or("");
    format!("{}\n{endpoint}\n{issuer}", connection.identity())
}

fn refused(detail: &str) -> Error {
    Error::new(ErrorCode::RedirectRefused).with_detail(detail)
}
