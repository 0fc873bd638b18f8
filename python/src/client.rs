//! The clients: tokens from the Rust client, over its own HTTP.

use crate::{
    connection::{self, ConnectionBase},
    delivery::Outcome,
    event, fork,
    functions::{Functions, closed},
    options::Options,
    runtime,
    settings::{Given, as_dict},
    sign_in::{self, Authorization, SignIn},
    token::Current,
};
use cxauth::{AccessToken, Connection, DevicePrompt, Error, ErrorCode, Settings, State};
use cxauth_bridge::{AuthError, Token};
use http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE};
use pyo3::{
    PyTraverseError, PyVisit,
    prelude::*,
    types::{PyDict, PyType},
};
use std::{
    future::Future,
    mem,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
};
use tokio::sync::oneshot;

/// What `cxauth.Client` and `cxauth.AsyncClient` have in common. What takes a secret is native throughout: a frame of Python's
/// would show its arguments in a traceback with locals.
#[pyclass(module = "cxauth._native", frozen, subclass, weakref)]
pub(crate) struct ClientBase {
    number: u64,
    /// As it was opened, with the changes since.
    connection: Mutex<Connection>,
    options: Options,
    functions: Arc<Functions>,
    phase: Mutex<Phase>,
}

/// It is locked by threads that are attached to the interpreter only, and never while Python's code runs: after a fork it is
/// free.
enum Phase {
    Open(Open),
    Closed,
}

/// The client of one process.
struct Open {
    fork: u64,
    client: cxauth::Client,
    current: Option<Arc<Current>>,
}

/// The native half of `cxauth.Client`.
#[pyclass(module = "cxauth._native", extends = ClientBase, frozen, subclass)]
pub(crate) struct SyncClientBase;

/// The native half of `cxauth.AsyncClient`.
#[pyclass(module = "cxauth._native", extends = ClientBase, frozen, subclass)]
pub(crate) struct AsyncClientBase;

/// The state's name, the token that may be used, why there is none, and when background renewal would next do something, in
/// Unix milliseconds.
type RawStatus = (&'static str, Option<Token>, Option<Py<PyAny>>, Option<f64>);

/// What each kind of client can do.
#[pymethods]
impl ClientBase {
    /// CloudCX: the tenant's domain, with its port if it has one, and a user of it.
    #[classmethod]
    #[pyo3(signature = (domain, client_id, username, password, **options))]
    fn cloudcx<'py>(
        cls: &Bound<'py, PyType>,
        domain: &Bound<'py, PyAny>,
        client_id: &Bound<'py, PyAny>,
        username: &Bound<'py, PyAny>,
        password: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let settings =
            [("domain", domain), ("client_id", client_id), ("username", username), ("password", password)];
        connection::make(cls, "cloudcx", &settings, options)
    }

    /// Cisco CX Cloud: the key and the secret of an API profile.
    #[classmethod]
    #[pyo3(signature = (client_id, client_secret, **options))]
    fn cisco_cx_cloud<'py>(
        cls: &Bound<'py, PyType>,
        client_id: &Bound<'py, PyAny>,
        client_secret: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let settings = [("client_id", client_id), ("client_secret", client_secret)];
        connection::make(cls, "cisco-cx-cloud", &settings, options)
    }

    /// Sangoma CX: the application's credentials, and one scope at least.
    #[classmethod]
    #[pyo3(signature = (client_id, client_secret, scopes, **options))]
    fn sangoma_cx<'py>(
        cls: &Bound<'py, PyType>,
        client_id: &Bound<'py, PyAny>,
        client_secret: &Bound<'py, PyAny>,
        scopes: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let settings = [("client_id", client_id), ("client_secret", client_secret), ("scopes", scopes)];
        connection::make(cls, "sangoma-cx", &settings, options)
    }

    /// CloudLX (Infiny): the credentials of an application of the portal.
    #[classmethod]
    #[pyo3(signature = (client_id, client_secret, **options))]
    fn cloudlx<'py>(
        cls: &Bound<'py, PyType>,
        client_id: &Bound<'py, PyAny>,
        client_secret: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let settings = [("client_id", client_id), ("client_secret", client_secret)];
        connection::make(cls, "cloudlx", &settings, options)
    }

    /// Settings as they stand in a configuration file: a mapping by name, in which a secret is text or a mapping that says
    /// where it is read.
    #[classmethod]
    #[pyo3(signature = (settings, **options))]
    fn from_settings<'py>(
        cls: &Bound<'py, PyType>,
        settings: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keywords = as_dict(settings)?;
        if let Some(options) = options {
            keywords.update(options.as_mapping())?;
        }
        cls.call((), Some(&keywords))
    }

    /// The platform's id.
    #[getter]
    fn platform(&self) -> String {
        self.connection().platform().to_owned()
    }

    /// Whether the token may be sent to this address.
    fn allows(&self, url: &str) -> bool {
        self.connection().allows(url)
    }

    /// The absolute address of an API path, which starts at `api_base` unless it is absolute itself.
    fn api_url(&self, path: &str) -> PyResult<String> {
        Ok(self.connection().api_url(path).map_err(AuthError::from)?)
    }

    /// Gives settings new values: a rotated secret, for instance. A secret that is set anew, even to the same value, has a
    /// server asked again that refused it. Another identity (client, user, scopes, endpoint) forgets the tokens, and leaves those
    /// of the first where they are in a `Redis` and in a file that `FileStore.in_directory` named: there the new one has a place
    /// of its own.
    #[pyo3(signature = (**settings))]
    fn change(&self, py: Python<'_>, settings: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let Given { json, functions, provide } = Given::read(py, None, settings)?;
        let settings = Settings::from_json(&json).map_err(AuthError::from)?;
        let client = self.client(py)?;
        let changed = self.connection().with(settings.clone()).map_err(AuthError::from)?;
        self.functions.extend(&functions, provide)?;
        client.change(settings).map_err(AuthError::from)?;
        *self.connection() = changed;
        Ok(())
    }

    /// Tells that an API refused a token. True: get a token again and send the request once more, once. `www_authenticate`
    /// are the values of that field, `body` is as much of the answer's body as is at hand.
    fn _refused(
        &self,
        py: Python<'_>,
        token: &Bound<'_, Token>,
        status: u16,
        www_authenticate: Vec<String>,
        body: Vec<u8>,
    ) -> PyResult<bool> {
        let mut headers = HeaderMap::new();
        for value in www_authenticate {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.append(WWW_AUTHENTICATE, value);
            }
        }
        let refusal = self.client(py)?.refused(token.get().as_ref(), status, &headers, &body);
        Ok(refusal == cxauth::Refusal::Retry)
    }

    /// Where the connection has the browser come back to.
    #[getter]
    fn _redirect_uri(&self) -> Option<String> {
        self.connection().redirect_uri().map(str::to_owned)
    }

    /// How the session stands.
    fn _status(&self, py: Python<'_>) -> PyResult<RawStatus> {
        let status = self.client(py)?.status();
        let why = status.why.map(|error| PyErr::from(AuthError::from(error)).into_value(py).into_any());
        let next_wakeup = status.next_wakeup.map(|moment| moment.unix_millis() as f64);
        Ok((name(status.state), status.token.map(Token::from), why, next_wakeup))
    }

    /// Calls the function, in a thread of cxauth's, with each event from now on. Returns a number for `_forget`.
    fn _listen(slf: &Bound<'_, Self>, function: Py<PyAny>) -> PyResult<u64> {
        let (py, own) = (slf.py(), slf.get());
        let number = next_number();
        let name = format!("{}{number}", event::PREFIX);
        let client = own.client(py)?;
        let shared = runtime::here(py)?;
        own.functions.belong_to(slf)?;
        own.functions.set(name.clone(), function);
        event::listen(&shared, client.subscribe(), Arc::clone(&own.functions), name);
        Ok(number)
    }

    /// Ends that.
    fn _forget(&self, number: u64) {
        self.functions.remove(&format!("{}{number}", event::PREFIX));
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let connection = slf.get().connection();
        let place =
            connection.token_endpoint().map_or_else(String::new, |endpoint| format!(" at {endpoint}"));
        Ok(format!("<cxauth.{} {}{place}>", slf.get_type().name()?, connection.platform()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.functions.traverse(visit)
    }

    fn __clear__(&self) {
        self.functions.clear();
    }
}

/// For programs and threads that wait.
#[pymethods]
impl SyncClientBase {
    #[new]
    #[pyo3(signature = (platform = None, **options))]
    fn new(
        py: Python<'_>,
        platform: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        Ok(PyClassInitializer::from(ClientBase::new(py, platform, options, false)?).add_subclass(Self))
    }

    /// The header fields that an API request carries, as a new dict: the credential, and the platform's own. With `url`, only
    /// when the token may be sent there.
    ///
    /// While the token is fresh this costs next to nothing. When a renewal is due, the token that is there is handed out and
    /// the renewal goes on by itself; without a token this waits for the renewal.
    #[pyo3(signature = (url = None))]
    fn headers<'py>(slf: &Bound<'py, Self>, url: Option<&str>) -> PyResult<Bound<'py, PyDict>> {
        let (py, client) = (slf.py(), slf.as_super().get());
        client.check(url)?;
        current(slf.as_super())?.headers(py)
    }

    /// A usable token.
    fn _token(slf: &Bound<'_, Self>) -> PyResult<Py<Token>> {
        Ok(current(slf.as_super())?.object(slf.py()))
    }

    /// Forgets the tokens, in memory and in the store, and drops what a renewal under way still brings. Whoever shares the
    /// store drops them at the next renewal. Where the connection has a `revocation_endpoint` (RFC 7009) the server ends them.
    /// The next `token()` starts afresh where the connection can.
    fn sign_out(slf: &Bound<'_, Self>) -> PyResult<()> {
        let client = ClientBase::of_this_process(slf.as_super())?;
        let result = runtime::wait(slf.py(), async move { client.sign_out().await })?;
        Ok(result.map_err(AuthError::from)?)
    }

    /// Prepares a sign-in in a browser (RFC 6749 §4.1 with PKCE, RFC 7636; RFC 9126 where the server has it). Send the browser to
    /// the `url` of what this returns, and keep its `sign_in` where only that browser comes back to. `redirect_uri` takes the
    /// place of the connection's.
    #[pyo3(signature = (redirect_uri = None))]
    fn begin_sign_in(slf: &Bound<'_, Self>, redirect_uri: Option<String>) -> PyResult<Authorization> {
        let (py, client) = (slf.py(), ClientBase::of_this_process(slf.as_super())?);
        let begun = runtime::wait(py, async move { client.begin_sign_in(redirect_uri.as_deref()).await })?;
        Authorization::new(py, &begun.map_err(AuthError::from)?)
    }

    /// Ends a sign-in. `redirect_url` is the whole address that the browser came back to. A sign-in is used once, whatever comes
    /// of it.
    fn finish_sign_in(slf: &Bound<'_, Self>, sign_in: &SignIn, redirect_url: String) -> PyResult<()> {
        let client = ClientBase::of_this_process(slf.as_super())?;
        let sign_in = sign_in.as_native();
        let finished =
            runtime::wait(slf.py(), async move { client.finish_sign_in(sign_in, &redirect_url).await })?;
        Ok(finished.map_err(AuthError::from)?)
    }

    /// Signs in on another device, and has the function shown what the person enters there, in this thread.
    fn _sign_in_on_device(slf: &Bound<'_, Self>, show: &Bound<'_, PyAny>) -> PyResult<()> {
        let (py, client) = (slf.py(), ClientBase::of_this_process(slf.as_super())?);
        let (sender, prompted) = oneshot::channel();
        let signing_in = runtime::spawn(py, async move {
            let show = move |prompt: &DevicePrompt| drop(sender.send(prompt.clone()));
            client.sign_in_on_device(show).await
        })?;
        if let Ok(prompt) = runtime::wait(py, prompted)? {
            show.call1(sign_in::prompt(&prompt))?;
        }
        let signed_in = runtime::wait(py, signing_in)?;
        signed_in.map_or_else(|_| Err(closed()), |result| Ok(result.map_err(AuthError::from)?))
    }

    /// Waits until no renewal is under way and ends background renewal. A client that is closed cannot be used any more.
    fn close(slf: &Bound<'_, Self>) -> PyResult<()> {
        match slf.as_super().get().close() {
            Some(client) => runtime::wait(slf.py(), async move { client.settle().await }),
            None => Ok(()),
        }
    }
}

/// For asyncio.
#[pymethods]
impl AsyncClientBase {
    #[new]
    #[pyo3(signature = (platform = None, **options))]
    fn new(
        py: Python<'_>,
        platform: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        Ok(PyClassInitializer::from(ClientBase::new(py, platform, options, true)?).add_subclass(Self))
    }

    /// The token, if there is one without waiting. Where a renewal is due it is started.
    fn _now(slf: &Bound<'_, Self>, event_loop: &Bound<'_, PyAny>) -> PyResult<Option<Py<Token>>> {
        let (py, client) = (slf.py(), slf.as_super().get());
        if let Some(current) = client.fresh() {
            return Ok(Some(current.object(py)));
        }
        client.functions.set_event_loop(event_loop);
        let current = at_once(slf.as_super())?;
        Ok(current.map(|current| current.object(py)))
    }

    /// The header fields, if there is a fresh token.
    #[pyo3(signature = (url = None))]
    fn _fresh_headers<'py>(
        slf: &Bound<'py, Self>,
        url: Option<&str>,
    ) -> PyResult<Option<Bound<'py, PyDict>>> {
        let client = slf.as_super().get();
        client.check(url)?;
        client.fresh().map(|current| current.headers(slf.py())).transpose()
    }

    /// A future of this event loop that a token completes.
    fn _later<'py>(slf: &Bound<'py, Self>, event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let client = slf.as_super().get().client(slf.py())?;
        promise(event_loop, async move { Outcome::of_token(client.token().await) })
    }

    /// A future that signing out completes.
    fn _sign_out<'py>(slf: &Bound<'py, Self>, event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let client = ClientBase::of_this_process(slf.as_super())?;
        slf.as_super().get().functions.set_event_loop(event_loop);
        promise(event_loop, async move { Outcome::of_nothing(client.sign_out().await) })
    }

    /// A future that an authorization completes.
    fn _begin_sign_in<'py>(
        slf: &Bound<'py, Self>,
        event_loop: &Bound<'py, PyAny>,
        redirect_uri: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let client = slf.as_super().get().to_await(slf.as_super(), event_loop)?;
        promise(event_loop, async move {
            Outcome::of_authorization(client.begin_sign_in(redirect_uri.as_deref()).await)
        })
    }

    /// A future that the sign-in's end completes.
    fn _finish_sign_in<'py>(
        slf: &Bound<'py, Self>,
        event_loop: &Bound<'py, PyAny>,
        sign_in: &SignIn,
        redirect_url: String,
    ) -> PyResult<Bound<'py, PyAny>> {
        let client = slf.as_super().get().to_await(slf.as_super(), event_loop)?;
        let sign_in = sign_in.as_native();
        promise(event_loop, async move {
            Outcome::of_nothing(client.finish_sign_in(sign_in, &redirect_url).await)
        })
    }

    /// The same for one on another device. The function is called in the event loop with what the person enters there.
    fn _sign_in_on_device<'py>(
        slf: &Bound<'py, Self>,
        event_loop: &Bound<'py, PyAny>,
        show: Py<PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let client = slf.as_super().get().to_await(slf.as_super(), event_loop)?;
        let to_loop = event_loop.clone().unbind();
        promise(event_loop, async move {
            let show = move |prompt: &DevicePrompt| {
                runtime::enter(|py| {
                    let (user_code, at, complete, expires_at) = sign_in::prompt(prompt);
                    // A loop that was closed meanwhile has nobody who waits.
                    drop(to_loop.call_method1(
                        py,
                        "call_soon_threadsafe",
                        (show, user_code, at, complete, expires_at),
                    ));
                });
            };
            Outcome::of_nothing(client.sign_in_on_device(show).await)
        })
    }

    /// Closes the client, and returns a future that is completed when no renewal is under way; none when it was closed.
    fn _close<'py>(
        slf: &Bound<'py, Self>,
        event_loop: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(client) = slf.as_super().get().close() else { return Ok(None) };
        let settled = async move {
            client.settle().await;
            Outcome::Nothing
        };
        promise(event_loop, settled).map(Some)
    }
}

impl ClientBase {
    /// The client of this process, for what uses it in other ways.
    pub(crate) fn of_this_process(object: &Bound<'_, Self>) -> PyResult<cxauth::Client> {
        object.get().functions.belong_to(object)?;
        object.get().client(object.py())
    }

    /// The same for a task of this event loop, in which its functions are called.
    fn to_await(&self, object: &Bound<'_, Self>, event_loop: &Bound<'_, PyAny>) -> PyResult<cxauth::Client> {
        self.functions.set_event_loop(event_loop);
        Self::of_this_process(object)
    }

    fn new(
        py: Python<'_>,
        platform: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
        is_async: bool,
    ) -> PyResult<Self> {
        let keywords = options.map_or_else(|| Ok(PyDict::new(py)), |options| options.copy())?;
        let functions = Arc::new(Functions::new(is_async));
        let options = Options::take(&keywords, &functions)?;
        let connection = match platform.map(|platform| platform.cast::<ConnectionBase>()) {
            Some(Ok(connection)) => {
                connection::no_settings(&keywords)?;
                connection.get().give_to(py, &functions)?
            }
            _ => {
                let platform =
                    platform.map_or(Ok("generic".to_owned()), |platform| platform.extract::<String>())?;
                let Given { json, functions: given, provide } =
                    Given::read(py, Some(&platform), Some(&keywords))?;
                functions.extend(&given, provide)?;
                Connection::from_json(&json).map_err(AuthError::from)?
            }
        };
        let number = next_number();
        let client = build(py, connection.clone(), &options, &functions, None, number)?;
        let open = Open { fork: fork::generation(), client, current: None };
        Ok(Self {
            number,
            connection: Mutex::new(connection),
            options,
            functions,
            phase: Mutex::new(Phase::Open(open)),
        })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `destination_refused` where the token may not be sent.
    fn check(&self, url: Option<&str>) -> PyResult<()> {
        match url {
            Some(url) if !self.allows(url) => {
                Err(AuthError::from(Error::new(ErrorCode::DestinationRefused)).into())
            }
            _ => Ok(()),
        }
    }

    /// The token in service while nothing is due: the hot path.
    fn fresh(&self) -> Option<Arc<Current>> {
        let phase = self.lock();
        let Phase::Open(Open { fork, client, current: Some(current) }) = &*phase else { return None };
        (*fork == fork::generation() && client.is_fresh(&current.token)).then(|| Arc::clone(current))
    }

    /// Makes Python's objects of a token, once.
    fn keep(&self, py: Python<'_>, token: AccessToken) -> PyResult<Arc<Current>> {
        let new = Arc::new(Current::new(py, token)?);
        let before = match &mut *self.lock() {
            Phase::Open(open) => open.current.replace(Arc::clone(&new)),
            Phase::Closed => None,
        };
        // Its end is Python's code: after the lock.
        drop(before);
        Ok(new)
    }

    /// The client of this process. After a fork it is a new one that goes on from the parent's.
    fn client(&self, py: Python<'_>) -> PyResult<cxauth::Client> {
        let parent = match &*self.lock() {
            Phase::Open(open) if open.fork == fork::generation() => return Ok(open.client.clone()),
            Phase::Open(open) => open.client.clone(),
            Phase::Closed => return Err(closed()),
        };
        let client =
            build(py, self.connection().clone(), &self.options, &self.functions, Some(&parent), self.number);
        // Nothing of the parent's may be dropped here: it might wait for a lock that nobody gives back.
        mem::forget(parent);
        let open = Open { fork: fork::generation(), client: client?, current: None };
        let client = open.client.clone();
        let before = mem::replace(&mut *self.lock(), Phase::Open(open));
        mem::forget(before);
        self.listen_again(py, &client)?;
        Ok(client)
    }

    /// The child hears of what happens in the child.
    fn listen_again(&self, py: Python<'_>, client: &cxauth::Client) -> PyResult<()> {
        let shared = runtime::here(py)?;
        for name in self.functions.names(event::PREFIX) {
            event::listen(&shared, client.subscribe(), Arc::clone(&self.functions), name);
        }
        Ok(())
    }

    /// The client, for the last time.
    fn close(&self) -> Option<cxauth::Client> {
        for name in self.functions.names(event::PREFIX) {
            self.functions.remove(&name);
        }
        let before = mem::replace(&mut *self.lock(), Phase::Closed);
        match before {
            Phase::Open(open) if open.fork == fork::generation() => Some(open.client),
            before => {
                mem::forget(before);
                None
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ClientBase {
    fn drop(&mut self) {
        let phase = mem::replace(self.phase.get_mut().unwrap_or_else(PoisonError::into_inner), Phase::Closed);
        match phase {
            Phase::Open(open) if open.fork != fork::generation() => mem::forget(open),
            Phase::Open(_) if self.options.has_store() => {
                if let Some(shared) = runtime::if_here() {
                    shared.release(self.number);
                }
            }
            _ => {}
        }
    }
}

/// A usable token, waited for where there is none.
fn current(object: &Bound<'_, ClientBase>) -> PyResult<Arc<Current>> {
    let (py, own) = (object.py(), object.get());
    if let Some(current) = own.fresh() {
        return Ok(current);
    }
    if let Some(current) = at_once(object)? {
        return Ok(current);
    }
    let client = own.client(py)?;
    let token = runtime::wait(py, async move { client.token().await })?;
    own.keep(py, token.map_err(AuthError::from)?)
}

/// A usable token, if there is one without waiting. Where a renewal is due it is started.
fn at_once(object: &Bound<'_, ClientBase>) -> PyResult<Option<Arc<Current>>> {
    let (py, own) = (object.py(), object.get());
    own.functions.belong_to(object)?;
    let client = own.client(py)?;
    let shared = runtime::here(py)?;
    let entered = shared.handle.enter();
    let polled = pin!(client.token()).poll(&mut Context::from_waker(Waker::noop()));
    drop(entered);
    match polled {
        Poll::Ready(token) => own.keep(py, token.map_err(AuthError::from)?).map(Some),
        Poll::Pending => Ok(None),
    }
}

fn build(
    py: Python<'_>,
    connection: Connection,
    options: &Options,
    functions: &Arc<Functions>,
    parent: Option<&cxauth::Client>,
    number: u64,
) -> PyResult<cxauth::Client> {
    let builder = cxauth::Client::builder(connection.clone());
    let mut builder = functions.give_to(options.give_to(builder, &connection, functions)?);
    if let Some(parent) = parent {
        builder = builder.fork_of(parent);
    }
    let shared = if options.background || options.has_store() { Some(runtime::here(py)?) } else { None };
    let _entered = shared.as_ref().map(|shared| shared.handle.enter());
    let client = builder.build().map_err(AuthError::from)?;
    if let Some(shared) = shared.filter(|_| options.has_store()) {
        shared.keep(number, &client);
    }
    Ok(client)
}

/// A future of the event loop's that the outcome completes. When it is cancelled, the other one is dropped.
fn promise<'py>(
    event_loop: &Bound<'py, PyAny>,
    outcome: impl Future<Output = Outcome> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>> {
    let py = event_loop.py();
    let future = event_loop.call_method0("create_future")?;
    let shared = runtime::here(py)?;
    let (to_loop, to_future) = (event_loop.clone().unbind(), future.clone().unbind());
    let task = shared.handle.spawn({
        let shared = Arc::clone(&shared);
        async move {
            let outcome = outcome.await;
            shared.deliver(to_loop, to_future, outcome);
        }
    });
    future.call_method1("add_done_callback", (Abandon(task.abort_handle()),))?;
    Ok(future)
}

/// What a future calls when it is done, also because nobody waits for it any more.
#[pyclass(frozen)]
struct Abandon(tokio::task::AbortHandle);

#[pymethods]
impl Abandon {
    fn __call__(&self, _future: &Bound<'_, PyAny>) {
        self.0.abort();
    }
}

fn name(state: State) -> &'static str {
    match state {
        State::Empty => "empty",
        State::Renewing => "renewing",
        State::Fresh => "fresh",
        State::Due => "due",
        State::RenewingEarly => "renewing_early",
        State::Degraded => "degraded",
        State::Waiting => "waiting",
        State::Denied => "denied",
    }
}

fn next_number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}
