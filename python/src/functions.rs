//! Functions of the program's own that read secrets, bring tokens, sign and hear of events.
//!
//! They are held here and nowhere else, so that Python's garbage collector finds a client that its own functions refer to.
//! Whoever comes from the runtime looks first whether the client is still there, by a weak reference, and holds it then: what
//! the collector is taking apart must not be called.

use crate::{
    provided::Provided,
    runtime,
    settings::{SECRETS, SIGNER},
};
use cxauth::{Builder, Secret, SignatureAlgorithm};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyRuntimeError, PyTypeError},
    prelude::*,
    types::{PyBytes, PyDict, PyString, PyWeakrefMethods, PyWeakrefReference},
};
use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};
use tokio::sync::oneshot;

/// The name of the function that brings tokens; the others have the name of their setting.
const PROVIDE: &str = "provide";
const GONE: &str = "its client is gone";

/// By their names. Locked by threads that are attached to the interpreter only, and never while Python's code runs.
#[derive(Default)]
pub(crate) struct Functions {
    by_name: Mutex<HashMap<String, Py<PyAny>>>,
    /// Where an `AsyncClient` calls them: the event loop that last waited for a token. None for a `Client`.
    event_loop: Mutex<Option<Py<PyAny>>>,
    /// Tasks of that loop that run a function. The loop itself holds them weakly.
    tasks: Mutex<Vec<Py<PyAny>>>,
    /// The client, weakly. It is there before anything can be called.
    owner: OnceLock<Py<PyWeakrefReference>>,
    pub(crate) is_async: bool,
}

/// What a function is asked for.
#[derive(Clone, Copy)]
enum Wanted {
    Secret,
    Token,
    Signature,
}

/// Which function is called, and with what.
#[derive(Clone)]
struct Question {
    name: Cow<'static, str>,
    wanted: Wanted,
    /// What to sign, and how.
    to_sign: Option<(Vec<u8>, &'static str)>,
}

/// What it brought.
enum Brought {
    Secret(Secret),
    Token(cxauth::Provided),
    Signature(Vec<u8>),
}

impl Functions {
    pub(crate) fn new(is_async: bool) -> Self {
        Self { is_async, ..Self::default() }
    }

    /// Notes whose they are.
    pub(crate) fn belong_to(&self, owner: &Bound<'_, PyAny>) -> PyResult<()> {
        if self.owner.get().is_none() {
            let weak = PyWeakrefReference::new(owner)?.unbind();
            drop(self.owner.set(weak));
        }
        Ok(())
    }

    /// The client, if it is still there. As long as this is held, so are its functions.
    pub(crate) fn owner<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.owner.get()?.bind(py).upgrade()
    }

    /// Takes functions over, in place of those of the same names.
    pub(crate) fn extend(
        &self,
        functions: &Bound<'_, PyDict>,
        provide: Option<Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let mut new =
            provide.map(|function| (PROVIDE.to_owned(), function.unbind())).into_iter().collect::<Vec<_>>();
        for (name, function) in functions {
            new.push((name.extract()?, function.unbind()));
        }
        for (name, function) in new {
            self.set(name, function);
        }
        Ok(())
    }

    pub(crate) fn set(&self, name: String, function: Py<PyAny>) {
        let before = lock(&self.by_name).insert(name, function);
        // Its end may run Python's code: after the lock.
        drop(before);
    }

    pub(crate) fn get(&self, py: Python<'_>, name: &str) -> Option<Py<PyAny>> {
        lock(&self.by_name).get(name).map(|function| function.clone_ref(py))
    }

    pub(crate) fn remove(&self, name: &str) {
        let before = lock(&self.by_name).remove(name);
        drop(before);
    }

    /// The names of those that begin so.
    pub(crate) fn names(&self, prefix: &str) -> Vec<String> {
        lock(&self.by_name).keys().filter(|name| name.starts_with(prefix)).cloned().collect()
    }

    /// Notes where the next functions are called.
    pub(crate) fn set_event_loop(&self, event_loop: &Bound<'_, PyAny>) {
        let before = lock(&self.event_loop).replace(event_loop.clone().unbind());
        drop(before);
    }

    /// Gives the client's builder a way to each function that may ever be there.
    pub(crate) fn give_to(self: &Arc<Self>, mut builder: Builder) -> Builder {
        for name in SECRETS {
            let functions = Arc::clone(self);
            builder = builder.secret_function(name, move || {
                let functions = Arc::clone(&functions);
                async move {
                    match functions.call(Question::new(name, Wanted::Secret)).await? {
                        Brought::Secret(secret) => Ok(secret),
                        _ => Err("it brought no text".to_owned()),
                    }
                }
            });
        }
        for name in self.names(SIGNER) {
            let functions = Arc::clone(self);
            let signer = name.trim_start_matches(SIGNER).to_owned();
            builder = builder.signer(signer, move |bytes, algorithm: SignatureAlgorithm| {
                let functions = Arc::clone(&functions);
                let question = Question {
                    name: name.clone().into(),
                    wanted: Wanted::Signature,
                    to_sign: Some((bytes, algorithm.as_str())),
                };
                async move {
                    match functions.call(question).await? {
                        Brought::Signature(signature) => Ok(signature),
                        _ => Err("it brought no signature".to_owned()),
                    }
                }
            });
        }
        let functions = Arc::clone(self);
        builder.provide(move || {
            let functions = Arc::clone(&functions);
            async move {
                match functions.call(Question::new(PROVIDE, Wanted::Token)).await? {
                    Brought::Token(provided) => Ok(provided),
                    _ => Err("it brought no token".to_owned()),
                }
            }
        })
    }

    /// Where an `AsyncClient` has async methods awaited.
    pub(crate) fn event_loop(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        lock(&self.event_loop).as_ref().map(|event_loop| event_loop.clone_ref(py))
    }

    async fn call(self: Arc<Self>, question: Question) -> Result<Brought, String> {
        if self.is_async { self.call_in_loop(question).await } else { self.call_in_thread(question).await }
    }

    /// In a thread that may wait as long as the function does.
    async fn call_in_thread(self: Arc<Self>, question: Question) -> Result<Brought, String> {
        let call = tokio::task::spawn_blocking(move || {
            runtime::enter(|py| {
                let _owner = self.owner(py).ok_or(GONE)?;
                let function = self.function(py, &question.name)?;
                let result = question.ask(function.bind(py)).and_then(|value| question.wanted.read(&value));
                result.map_err(|error| describe(py, &error))
            })
        });
        call.await.ok().flatten().unwrap_or_else(ended)
    }

    async fn call_in_loop(self: Arc<Self>, question: Question) -> Result<Brought, String> {
        let (sender, receiver) = oneshot::channel();
        let started = runtime::enter(|py| {
            let _owner = self.owner(py).ok_or(GONE)?;
            let event_loop = self.event_loop(py).ok_or("no event loop has waited for a token yet")?;
            let call = Call {
                functions: Arc::clone(&self),
                question,
                event_loop: event_loop.clone_ref(py),
                reply: Arc::new(Mutex::new(Some(sender))),
            };
            let result = event_loop.call_method1(py, "call_soon_threadsafe", (call,));
            result.map(drop).map_err(|error| describe(py, &error))
        });
        started.unwrap_or_else(ended)?;
        receiver.await.unwrap_or_else(|_| Err("its event loop ended".to_owned()))
    }

    fn function(&self, py: Python<'_>, name: &str) -> Result<Py<PyAny>, String> {
        self.get(py, name).ok_or_else(|| format!("there is no function: give one as {name}="))
    }

    /// For the garbage collector, which is in the interpreter and finds the locks free.
    pub(crate) fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Ok(by_name) = self.by_name.try_lock() {
            by_name.values().try_for_each(|function| visit.call(function))?;
        }
        if let Ok(tasks) = self.tasks.try_lock() {
            tasks.iter().try_for_each(|task| visit.call(task))?;
        }
        match self.event_loop.try_lock() {
            Ok(event_loop) => event_loop.iter().try_for_each(|event_loop| visit.call(event_loop)),
            Err(_) => Ok(()),
        }
    }

    pub(crate) fn clear(&self) {
        let by_name = std::mem::take(&mut *lock(&self.by_name));
        let tasks = std::mem::take(&mut *lock(&self.tasks));
        let event_loop = lock(&self.event_loop).take();
        drop((by_name, tasks, event_loop));
    }
}

type Reply = Arc<Mutex<Option<oneshot::Sender<Result<Brought, String>>>>>;

/// A call of a function, made in the event loop.
#[pyclass(frozen)]
struct Call {
    functions: Arc<Functions>,
    question: Question,
    event_loop: Py<PyAny>,
    reply: Reply,
}

#[pymethods]
impl Call {
    fn __call__(&self, py: Python<'_>) {
        match self.start(py) {
            Ok(None) => {}
            Ok(Some(brought)) => reply(&self.reply, Ok(brought)),
            Err(error) => reply(&self.reply, Err(error)),
        }
    }
}

impl Call {
    /// What a plain function brought; none for one that goes on as a task.
    fn start(&self, py: Python<'_>) -> Result<Option<Brought>, String> {
        let _owner = self.functions.owner(py).ok_or(GONE)?;
        let function = self.functions.function(py, &self.question.name)?;
        let started = self.question.ask(function.bind(py)).and_then(|value| {
            if !value.hasattr("__await__")? {
                return self.question.wanted.read(&value).map(Some);
            }
            let event_loop = PyDict::new(py);
            event_loop.set_item("loop", &self.event_loop)?;
            let task = py.import("asyncio")?.call_method("ensure_future", (value,), Some(&event_loop))?;
            let end = CallEnd {
                functions: Arc::clone(&self.functions),
                wanted: self.question.wanted,
                reply: Arc::clone(&self.reply),
            };
            lock(&self.functions.tasks).push(task.clone().unbind());
            task.call_method1("add_done_callback", (end,))?;
            Ok(None)
        });
        started.map_err(|error| describe(py, &error))
    }
}

/// What the task of an async function calls at its end.
#[pyclass(frozen)]
struct CallEnd {
    functions: Arc<Functions>,
    wanted: Wanted,
    reply: Reply,
}

#[pymethods]
impl CallEnd {
    fn __call__(&self, task: &Bound<'_, PyAny>) {
        let mut tasks = lock(&self.functions.tasks);
        let own = tasks.iter().position(|running| running.is(task)).map(|index| tasks.swap_remove(index));
        drop(tasks);
        drop(own);
        let result = task.call_method0("result").and_then(|value| self.wanted.read(&value));
        reply(&self.reply, result.map_err(|error| describe(task.py(), &error)));
    }
}

fn reply(reply: &Reply, result: Result<Brought, String>) {
    if let Some(sender) = lock(reply).take() {
        // Who asked may have gone.
        let _ = sender.send(result);
    }
}

impl Question {
    fn new(name: &'static str, wanted: Wanted) -> Self {
        Self { name: name.into(), wanted, to_sign: None }
    }

    fn ask<'py>(&self, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match &self.to_sign {
            Some((bytes, algorithm)) => function.call1((PyBytes::new(function.py(), bytes), *algorithm)),
            None => function.call0(),
        }
    }
}

impl Wanted {
    fn read(self, value: &Bound<'_, PyAny>) -> PyResult<Brought> {
        if value.hasattr("__await__")? {
            // Closed, so that nobody is warned of a coroutine that was never awaited.
            let _ = value.call_method0("close");
            return Err(PyTypeError::new_err("a function that is awaited takes an AsyncClient"));
        }
        match (self, value.cast::<PyString>(), value.cast::<Provided>()) {
            (Self::Secret, Ok(text), _) => Ok(Brought::Secret(Secret::new(text.to_cow()?))),
            (Self::Token, Ok(text), _) => {
                Ok(Brought::Token(cxauth::Provided::new(text.to_cow()?.into_owned())))
            }
            (Self::Token, _, Ok(provided)) => Ok(Brought::Token(provided.get().as_native())),
            (Self::Signature, ..) => value.extract().map(Brought::Signature).map_err(|_| {
                PyTypeError::new_err(format!("it returned {} where bytes are wanted", kind(value)))
            }),
            (Self::Secret, ..) => Err(PyTypeError::new_err(format!("it returned {}, not str", kind(value)))),
            (Self::Token, ..) => Err(PyTypeError::new_err(format!(
                "it returned {}, neither cxauth.Provided nor str",
                kind(value)
            ))),
        }
    }
}

fn kind(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "something".to_owned(), |name| name.to_string())
}

/// The error's kind and text, which becomes part of cxauth's.
fn describe(py: Python<'_>, error: &PyErr) -> String {
    let kind = error.get_type(py).name().map_or_else(|_| "an error".to_owned(), |name| name.to_string());
    match error.value(py).str() {
        Ok(text) if text.len().is_ok_and(|length| length > 0) => format!("{kind}: {text}"),
        _ => kind,
    }
}

fn ended<T>() -> Result<T, String> {
    Err("the interpreter is shutting down".to_owned())
}

/// Calls a function of the program's own about something that happened, and lets the interpreter report what it raises.
pub(crate) fn notify<'py>(function: &Bound<'py, PyAny>, event: &Bound<'py, PyAny>) {
    if let Err(error) = function.call1((event,)) {
        error.write_unraisable(function.py(), Some(function));
    }
}

/// Ends a wait for something that can never come.
pub(crate) fn closed() -> PyErr {
    PyRuntimeError::new_err("this client is closed")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
