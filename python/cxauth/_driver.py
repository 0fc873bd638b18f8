"""One session, shared by everybody who needs its token, in whatever threads and event loops they are.

The machine stands behind a lock that is held for its calls only, never while anything is sent or waited for. Beside it
lies the token in service, which the hot path reads without that lock.
"""

from __future__ import annotations

import os
from math import inf
from threading import RLock, get_ident
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cxauth import _driver_threads, _fork
from cxauth._driver_current import Current
from cxauth._driver_events import Listeners, Teller
from cxauth._driver_flight import Flight
from cxauth._driver_outcome import Failed
from cxauth._driver_surroundings import here
from cxauth._native import (
    AcquiredKind,
    FailureKind,
    Refusal,
    SessionEventKind,
    SessionState,
    StepKind,
    change_session,
    fork_session,
    open_session,
)
from cxauth.errors import AuthError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from cxauth import _native
    from cxauth._connection import Connection
    from cxauth._driver_outcome import Outcome
    from cxauth._driver_perform import Performer
    from cxauth._native import Acquired, ErrorDetails, Session, SessionEvent, Step

    T = TypeVar("T")
    Why: TypeAlias = tuple[str, str, str]
    """What an error says when nobody knows more: its explanation, code and action."""

SET_BACK: Final = 1.0
"""A clock that is this many seconds behind was set back: then the session has to know."""

LOOK_AGAIN: Final = 1.0
"""Whoever waits looks so often, in seconds, whether the flight still has a leader."""


class Driver:
    """Has the session's steps performed, and its callers wait for that."""

    __slots__ = ("_clock", "_connection", "_state", "_states", "listeners", "performer")

    def __init__(self, connection: Connection, performer: Performer, clock: Callable[[], float]) -> None:
        self.performer = performer
        self.listeners = Listeners()
        self._clock = clock
        # As it stands, changes included, with all that a new session needs: the session itself forgets some of it.
        self._connection = connection.native
        now = clock()
        session = open_session(self._connection, now * 1000, os.urandom(32), performer.store is not None)
        self._state = _State(_fork.generation(), session, now, self.listeners)
        self._states = {self._state.fork: self._state}

    def fresh(self) -> Current | None:
        """The hot path: the token in service while nothing is due."""
        state = self._state
        current = state.current
        now = self._clock()
        if current is not None and state.seen - SET_BACK <= now < current.fresh_until:
            state.seen = now
            return current
        return None

    def acquire(self) -> Current:
        """A usable token, in synchronous code. One caller leads, the others wait for the flight's end and look again.

        Raises `cxauth.AuthError` when there is none and none is on its way.
        """
        while True:
            current = self.fresh() or self._ask(_driver_threads.launch)
            if isinstance(current, Current):
                return current
            if current.blocked_by == get_ident():
                # Synchronous code in a task of the event loop that leads: nothing would go on while it waits.
                self.end(current)
            else:
                _driver_threads.wait(current, self._patience(current))

    async def acquire_async(self) -> Current:
        """The same in a task of asyncio or trio."""
        surroundings = here()
        while True:
            current = self.fresh() or self._ask(surroundings.launch)
            if isinstance(current, Current):
                return current
            await surroundings.wait(current, self._patience(current))

    def refused(self, generation: float, status: int, www_authenticate: Sequence[str], body_start: bytes) -> bool:
        """Whether a request that an API refused is worth another token and another try."""
        refusal = self.do(lambda session, now: session.refused(now, generation, status, www_authenticate, body_start))
        return refusal == Refusal.Retry

    @property
    def connection(self) -> _native.Connection:
        """As it stands, changes included."""
        return self._connection

    def allows(self, url: str) -> bool:
        """Whether the token may be sent to this address."""
        return self._connection.allows(url)

    def api_url(self, path: str) -> str:
        """The absolute address of an API path. Raises `cxauth.AuthError` when the token may not be sent there."""
        return self._connection.api_url(path)

    def status(self) -> tuple[SessionState, Acquired, Acquired, float | None]:
        """How the session stands, what may be used, what whoever asks would hear, and when something is next due."""
        return self.do(
            lambda session, now: (
                session.state(now),
                session.usable(now),
                session.look(now),
                session.next_wakeup_ms(),
            )
        )

    def change(self, settings: dict[str, Any]) -> None:
        """Gives settings new values. Raises `cxauth.AuthError`, and nothing is changed then."""

        def act(session: Session, now: float) -> tuple[_native.Connection, Any, Any]:
            changed = change_session(session, self._connection, now, settings)
            # No flight can begin meanwhile: another connection's tokens have another place.
            self.performer.move_to(changed[0])
            return changed

        try:
            self._connection, functions, provide = self.do(act)
        finally:
            settings.clear()
        self.performer.learn(functions, provide)
        self.wake()

    def sign_out(self) -> None:
        """Forgets the tokens at once, and tells the store and the server, in synchronous code.

        That goes on whatever becomes of the caller. Raises `cxauth.AuthError` when one of them was not told.
        """
        self.run(_lead_sign_out, _BROKEN_OFF, signs_out=True)

    async def sign_out_async(self) -> None:
        """The same in a task of asyncio or trio."""
        await self.run_async(_lead_sign_out, _BROKEN_OFF, signs_out=True)

    def run(self, lead: Callable[[Session, float], int], broken_off: Why, *, signs_out: bool = False) -> Flight:
        """Has a flight of its own led to its end, in synchronous code. That goes on whatever becomes of the caller.

        Raises `cxauth.AuthError` when it did not work, of `broken_off` when nobody knows.
        """
        flight = self._launch(lead, signs_out, _driver_threads.launch)
        while flight.is_led():
            _driver_threads.wait(flight, LOOK_AGAIN)
        self.explain(flight, broken_off)
        return flight

    async def run_async(
        self, lead: Callable[[Session, float], int], broken_off: Why, *, signs_out: bool = False
    ) -> Flight:
        """The same in a task of asyncio or trio."""
        surroundings = here()
        flight = self._launch(lead, signs_out, surroundings.launch)
        while flight.is_led():
            await surroundings.wait(flight, LOOK_AGAIN)
        self.explain(flight, broken_off)
        return flight

    def begin(self, lead: Callable[[Session, float], int]) -> Flight:
        """A flight to lead that nobody follows yet."""
        state = self._here()
        try:
            with state.lock:
                number = self._do(state, lead)
                flight = state.flights[number] = Flight(number, inf)
        finally:
            state.teller.deliver()
        return flight

    def explain(self, flight: Flight, broken_off: Why) -> None:
        """Raises why it did not wholly work, if it did not."""
        if flight.is_done and flight.why is None:
            return
        try:
            raise flight.why or AuthError(*broken_off)
        finally:
            # Its traceback has this frame, and the frame has the flight.
            flight.why = None

    def now(self) -> float:
        """The moment, in Unix seconds."""
        return self._clock()

    def do(self, act: Callable[[Session, float], T]) -> T:
        """Does something with the session, shows the token that is in service then, and tells what happened."""
        state = self._here()
        try:
            with state.lock:
                return self._do(state, act)
        finally:
            state.teller.deliver()

    def next(self, flight: Flight) -> Step | None:
        """What the flight's leader does next; nothing when it is over."""
        step = self.do(lambda session, now: session.next(now, flight.number))
        if step.kind() != StepKind.Done:
            return step
        flight.is_done, flight.why = True, _error(step.error()) if step.has_error() else None
        return None

    def tell(self, flight: Flight, outcome: Outcome) -> None:
        """How the step went."""

        def act(session: Session, now: float) -> bool:
            try:
                outcome.tell(session, now, flight.number)
            except Exception:  # noqa: BLE001
                # What Python holds cannot always cross, such as half of a surrogate pair.
                _UNREADABLE.tell(session, now, flight.number)
            return session.look(now).kind() == AcquiredKind.Ready

        if self.do(act):
            # Whoever waits need not wait for the store's lock to be given back.
            flight.wake()

    def end(self, flight: Flight) -> None:
        """The flight's leader goes: at the flight's end, or before it."""
        state = self._here()
        with state.lock:
            if state.flights.get(flight.number) is not flight:
                return
            del state.flights[flight.number]
        # Of an ended flight it does nothing.
        self._abandon(flight.number)
        flight.end()

    def wake(self) -> None:
        """Has everybody who waits look again."""
        state = self._here()
        with state.lock:
            flights = list(state.flights.values())
        for flight in flights:
            flight.wake()

    def _ask(self, launch: Callable[[Driver, Flight], None]) -> Current | Flight:
        """A token, or the flight to wait for."""
        state = self._here()
        while True:
            led: Flight | None = None
            try:
                with state.lock:
                    acquired = self._do(state, lambda session, now: session.acquire(now))
                    if acquired.kind() == AcquiredKind.Lead:
                        led = state.begin(acquired)
                        if not acquired.has_token():
                            led.adopt = self._adopt
                    flight = state.flights.get(acquired.flight())
                state.teller.deliver()
                if led is not None:
                    launch(self, led)
            except BaseException:
                if led is not None and not led.is_led():
                    self.end(led)
                raise
            if acquired.has_token():
                return state.carry(acquired)
            if acquired.flight() == 0:
                raise _error(acquired.error())
            if flight is not None and flight.is_led():
                return flight
            # Its leader is gone, and could not say so because its event loop was closed. Or it said so: a refresh token
            # that may be spent is left to a late answer for a while, and nobody leads.
            if flight is not None:
                self.end(flight)
            if (flight := self._left_alone(acquired)) is not None:
                return flight

    def _launch(
        self, lead: Callable[[Session, float], int], signs_out: bool, launch: Callable[[Driver, Flight], None]
    ) -> Flight:
        """The flight, under way. Nobody else waits for it."""
        flight = self.begin(lead)
        flight.signs_out = signs_out
        # Whoever waits for a token that will not come.
        self.wake()
        try:
            launch(self, flight)
        except BaseException:
            if not flight.is_led():
                self.end(flight)
            raise
        return flight

    def _left_alone(self, acquired: Acquired) -> Flight | None:
        """The flight, if it is waited for although nobody leads it."""
        state, number = self._here(), acquired.flight()
        with state.lock:
            self._do(state, lambda session, now: session.abandon(now, number))
            again = self._do(state, lambda session, now: session.look(now))
            if again.flight() != number or number in state.flights:
                return None
            flight = state.begin(again)
            flight.is_left = True
            return flight

    def _adopt(self, snapshot: str) -> None:
        """Takes over what a store holds, if it is later than what is here."""
        try:
            adopted = self.do(lambda session, now: session.adopt(now, snapshot))
        except AuthError:
            # It is read again under the lock, and said there.
            adopted = False
        finally:
            # What a traceback would show with the variables of this frame.
            snapshot = ""
        if adopted:
            self.wake()

    def _abandon(self, number: int) -> None:
        self.do(lambda session, now: session.abandon(now, number))

    def _patience(self, flight: Flight) -> float:
        """How long to wait before the next look at whether the flight has a leader, in seconds."""
        until_deadline = flight.deadline_ms / 1000 - self._clock()
        return max(0.0, min(until_deadline, LOOK_AGAIN))

    def _here(self) -> _State:
        """What this process has. After a fork that is something new: no lock and no flight of the parent's."""
        state, fork = self._state, _fork.generation()
        if state.fork != fork:
            now = self._clock()
            has_store = self.performer.store is not None
            session = fork_session(state.session, self._connection, now * 1000, os.urandom(32), has_store)
            # Of threads that find it out at once, one is first.
            state = self._state = self._states.setdefault(fork, _State(fork, session, now, self.listeners))
        return state

    def _do(self, state: _State, act: Callable[[Session, float], T]) -> T:
        now = state.tell(self._clock())
        try:
            return act(state.session, now)
        finally:
            state.show(now)


class _State:
    """What one process has of a session."""

    __slots__ = ("current", "flights", "fork", "lock", "seen", "session", "teller", "told")

    def __init__(self, fork: int, session: Session, now: float, listeners: Listeners) -> None:
        self.fork = fork
        self.session = session
        # One that a signal's handler may take again in the same thread.
        self.lock = RLock()
        self.flights: dict[int, Flight] = {}
        self.teller = Teller(listeners)
        self.current: Current | None = None
        # The latest moment at which the hot path gave the token out: it counts as asking, and shows that the clock was
        # set back. Up to `told` the session knows it.
        self.seen = self.told = now

    def begin(self, acquired: Acquired) -> Flight:
        """A flight to lead or to wait for. Those that were left to a late answer are over with it."""
        for number in [number for number, flight in self.flights.items() if flight.is_left]:
            del self.flights[number]
        flight = Flight(acquired.flight(), acquired.deadline_ms() or 0.0)
        self.flights[flight.number] = flight
        return flight

    def tell(self, now: float) -> float:
        """Tells the session when the hot path was last used, and returns the moment in milliseconds."""
        seen = self.seen
        if seen > self.told:
            self.session.bearer(seen * 1000)
            self.told = seen
        if now < seen:
            # Set back: from here on the new time counts.
            self.seen = self.told = now
        return now * 1000

    def show(self, now_ms: float) -> None:
        """Shows the token that is in service, and notes what happened."""
        session = self.session
        # While a renewal or a save is due, whoever asks has to find that out.
        is_fresh = session.state(now_ms) == SessionState.Fresh
        self.current = self.carry(session.look(now_ms)) if is_fresh else None
        events: list[SessionEvent] = []
        while (event := session.poll_event()).kind() != SessionEventKind.Nothing:
            events.append(event)
        self.teller.note(events)

    def carry(self, acquired: Acquired) -> Current:
        """The token, ready to be put into requests."""
        token, current = acquired.token(), self.current
        return current if current is not None and current.is_of(token) else Current(token)


def why(acquired: Acquired) -> AuthError | None:
    """Why there is no token and none is on its way."""
    return _error(acquired.error()) if acquired.kind() in (AcquiredKind.Wait, AcquiredKind.Denied) else None


def _lead_sign_out(session: Session, now: float) -> int:
    return session.lead_sign_out(now)


def _error(details: ErrorDetails) -> AuthError:
    """The exception of these details."""
    return AuthError(
        details.explanation(),
        details.code(),
        details.action(),
        details.retry_at_ms(),
        details.status(),
        details.server_error(),
        details.server_description(),
    )


_UNREADABLE: Final = Failed(FailureKind.Interrupted, "what came is not text")
_BROKEN_OFF: Final = (
    "signing out was broken off: the store and the server may still have the tokens; sign out again",
    "store_unavailable",
    "retry",
)
