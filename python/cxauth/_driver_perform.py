"""Performing a flight's steps: asking a token endpoint, reading secrets, calling the user's own functions, storing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from cxauth import _driver_provide, _driver_secrets, _driver_signing, _driver_store, _driver_threads, _store
from cxauth._driver_outcome import Done, Failed
from cxauth._native import FailureKind, FileStore, RedisStore, StepKind, authorization_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxauth._driver_call import Call
    from cxauth._driver_flight import Flight
    from cxauth._driver_outcome import Outcome
    from cxauth._driver_surroundings import Surroundings
    from cxauth._native import Connection, Step, TokenRequest
    from cxauth._store import Run
    from cxauth.stores import AsyncStore, Store

LIMIT: Final = 35.0
"""How long a token request may take in all, in seconds.

With the wait for a store's lock it stays below the 60 seconds of a flight's deadline.
"""


class Sender(Protocol):
    """Sends token requests with one HTTP library, and says how that went: it raises nothing but cancellations."""

    def send(self, request: TokenRequest) -> Outcome:
        """Sends it in synchronous code."""
        ...

    async def send_async(self, request: TokenRequest, surroundings: Surroundings) -> Outcome:
        """Sends it in a task of asyncio or trio."""
        ...


class Performer:
    """Performs steps, and says how they went: it raises nothing but cancellations."""

    __slots__ = ("_functions", "_provide", "_sender", "store")

    def __init__(
        self,
        sender: Sender,
        functions: Mapping[str, Callable[[], Any]],
        provide: Callable[[], Any] | None,
        store: FileStore | RedisStore | Store | AsyncStore | None,
    ) -> None:
        self._sender = sender
        self._functions = dict(functions)
        self._provide = provide
        self.store = store

    def learn(self, functions: Mapping[str, Callable[[], Any]], provide: Callable[[], Any] | None) -> None:
        """Functions were added or replaced."""
        self._functions = {**self._functions, **functions}
        self._provide = provide or self._provide

    def move_to(self, connection: Connection) -> None:
        """From now on tokens of this connection are kept: in a place of their own where the store has one for each."""
        if isinstance(self.store, (FileStore, RedisStore)):
            self.store = self.store._of(connection)

    def perform(self, flight: Flight, step: Step) -> Outcome:
        """Performs it in a thread that is waited for no longer than its time."""
        kind = step.kind()
        if kind == StepKind.Send:
            request = step.request()
            return _driver_threads.within(LIMIT, lambda: self._sender.send(request), _SLOW)
        if kind == StepKind.Provide:
            return _driver_threads.within(LIMIT, self._providing().run, _SLOW)
        if kind in (StepKind.ReadSecret, StepKind.Sign):
            call = self._reading(step)
            nothing: Outcome = call.failed(_NOTHING)
            return _driver_threads.within(_driver_secrets.LIMIT, call.run, nothing)
        if kind == StepKind.Authorize:
            return _authorized(flight, step)
        return self._keep(flight, step, _store.refuse)

    async def perform_async(self, flight: Flight, step: Step, surroundings: Surroundings) -> Outcome:
        """Performs it in this task; what blocks does so in a thread."""
        kind, within = step.kind(), surroundings.within
        if kind == StepKind.Send:
            request = step.request()
            return await within(LIMIT, lambda: self._sender.send_async(request, surroundings), _SLOW)
        if kind == StepKind.Provide:
            call = self._providing()
            return await within(LIMIT, lambda: call.run_async(surroundings), _SLOW)
        if kind in (StepKind.ReadSecret, StepKind.Sign):
            call = self._reading(step)
            nothing: Outcome = call.failed(_NOTHING)
            return await within(_driver_secrets.LIMIT, lambda: call.run_async(surroundings), nothing)
        if kind == StepKind.Authorize:
            return _authorized(flight, step)
        back = surroundings.back()
        return await surroundings.away(lambda: self._keep(flight, step, back))

    def _providing(self) -> Call:
        return _driver_provide.providing(self._provide)

    def _reading(self, step: Step) -> Call:
        if step.kind() == StepKind.Sign:
            return _driver_signing.signing(step, self._functions)
        return _driver_secrets.reading(step, self._functions)

    def _keep(self, flight: Flight, step: Step, run: Run) -> Outcome:
        if self.store is None:
            return _NO_STORE
        return _driver_store.perform(_driver_store.as_kept(self.store, run), flight, step)


def _authorized(flight: Flight, step: Step) -> Outcome:
    flight.authorization = authorization_of(step)
    return Done()


_SLOW: Final[Outcome] = Failed(FailureKind.Timeout, f"no answer within {LIMIT:.0f} seconds")
_NOTHING: Final = f"nothing came within {_driver_secrets.LIMIT:.0f} seconds"
_NO_STORE: Final[Outcome] = Failed(FailureKind.Connect, "there is no store")
