"""Plays a session scenario's steps on a session of the bridge."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import TYPE_CHECKING

import connections
import sign_ins
import steps
from reading import Json, ScenarioError, write
from sign_ins import SignIns
from store import Holder, Store, StoreError

from cxauth import AuthError
from cxauth import _native as bridge

if TYPE_CHECKING:
    from collections.abc import Callable

_EVENTS: dict[bridge.SessionEventKind, str] = {
    bridge.SessionEventKind.Renewed: "renewed",
    bridge.SessionEventKind.Waiting: "waiting",
    bridge.SessionEventKind.Degraded: "degraded",
    bridge.SessionEventKind.Refused: "refused",
    bridge.SessionEventKind.SignedOut: "signed_out",
    bridge.SessionEventKind.Expiring: "expiring",
    bridge.SessionEventKind.Other: "other",
}

_SIGNATURE = bytes([1, 2, 3])
"""What the client's key makes of whatever it signs."""

_MOST_STEPS = 64
"""More steps at the store than any flight has between two requests."""


@dataclass
class Shared:
    """What belongs to the scenario and not to one of its processes."""

    repetition: int
    """Each has entropies of its own."""
    has_store: bool
    store: Store = field(default_factory=Store)
    snapshots: dict[str, str] = field(default_factory=dict)
    sign_ins: SignIns = field(default_factory=SignIns)
    opened: int = 0
    """How many processes were opened so far."""

    def open(self) -> int:
        """The number of a process that is opened now."""
        self.opened += 1
        return self.opened


@dataclass
class _Flight:
    """A flight that the scenario can name."""

    number: int | None
    """None for a flight of which nothing can come any more."""
    names: set[str] = field(default_factory=set)
    waits: bool = False
    """For the lock."""
    pauses: bool = False
    """A device, until it may ask."""
    signs_out: bool = False
    signs_in: bool = False
    state: str | None = None
    """The one of a sign-in that went out with its request."""

    def forget(self) -> None:
        """Nothing comes of it any more."""
        self.number, self.waits, self.pauses = None, False, False


class Player:
    """A session with its flights and tokens by the names that the scenario gives them."""

    def __init__(self, settings: dict[str, Json], epoch: float, start: float, shared: Shared) -> None:
        self._settings = settings
        self._epoch_ms = _millis(epoch)
        self._at = start
        self._shared = shared
        self._process = shared.open()
        self._session: bridge.Session | None = None
        self._error: AuthError | None = None
        self._flights: list[_Flight] = []
        """The latest last."""
        self._tokens: dict[str, float] = {}
        self._handed_out: float | None = None
        self._signs = True
        """Whether the client's key can sign in this step."""
        self._begun = 0
        """How many sign-ins began here: each has entropy of its own."""
        self._open()

    def perform(self, step: steps.Step) -> Json:
        """Performs one step and returns its outcome. It raises for a mistake in the scenario."""
        self._at, self._signs = step.at, step.signs
        return self._perform(step.action)

    def end(self) -> None:
        """The process is gone, and the lock that it held is free."""
        self._shared.store.end(self._process)

    def events(self) -> list[str]:
        """The names of the events since this was last called."""
        names: list[str] = []
        while self._session is not None:
            kind = self._session.poll_event().kind()
            if kind == bridge.SessionEventKind.Nothing:
                break
            names.append(_EVENTS[kind])
        return names

    def wakeup(self) -> float | None:
        """When background work is next due."""
        wakeup_ms = None if self._session is None else self._session.next_wakeup_ms()
        return self._seconds(wakeup_ms)

    @singledispatchmethod
    def _perform(self, action: steps.Action) -> Json:
        raise ScenarioError(f"{action} is no step of a session")

    @_perform.register
    def _(self, action: steps.Acquire) -> Json:
        return self._acquire(action.name)

    @_perform.register
    def _(self, action: steps.Wake) -> Json:
        if self._session is None:
            return None
        return self._acquired(self._session.wake(self._now), action.name)

    @_perform.register
    def _(self, action: steps.Peek) -> Json:
        return None if self._session is None else self._acquired(self._session.bearer(self._now), None)

    @_perform.register
    def _(self, action: steps.Finish) -> Json:
        return self._finish(action)

    @_perform.register
    def _(self, action: steps.GoOn) -> Json:
        flight = self._flight(action.of)
        if flight.pauses:
            return self._done(flight, None, action.name)
        if not flight.waits:
            raise ScenarioError("the flight does not wait for the lock, and does not pause")
        return self._go_on(flight, action.name)

    @_perform.register
    def _(self, action: steps.GiveUp) -> Json:
        return self._done(self._waiting(action.of), bridge.FailureKind.Timeout, action.name)

    @_perform.register
    def _(self, action: steps.Abandon) -> Json:
        flight = self._flight(action.of)
        if self._session is not None and flight.number is not None:
            self._session.abandon(self._now, flight.number)
            self._shared.store.unlock(self._holder(flight.number))
        if flight.waits or flight.pauses:
            # Who waits has sent nothing, and no answer will come.
            flight.forget()
        return None

    @_perform.register
    def _(self, action: steps.Refuse) -> Json:
        generation = self._generation(action.of)
        refusal = self._present().refused(self._now, generation, action.status, action.www_authenticate, action.body)
        return "retry" if refusal == bridge.Refusal.Retry else "leave"

    @_perform.register
    def _(self, action: steps.Outage) -> Json:
        requests = turn = 0
        start = self._at
        while start + turn * action.every < action.until:
            self._at = start + turn * action.every
            outcome = self._acquire(None)
            while outcome is not None and "lead" in outcome:
                requests += 1
                outcome = self._finish(steps.Finish(action.result))
            turn += 1
        return {"requests": requests}

    @_perform.register
    def _(self, action: steps.ChangeSecret) -> Json:
        self._settings = connections.changed(self._settings, action.connection)
        if self._session is None:
            self._open()
        else:
            try:
                self._session.change(self._now, write(action.connection))
            except AuthError as error:
                raise ScenarioError(str(error)) from error
        return None

    @_perform.register
    def _(self, action: steps.Save) -> Json:
        if self._session is not None:
            self._shared.snapshots[action.name] = self._session.snapshot()
        return None

    @_perform.register
    def _(self, action: steps.Restart) -> Json:
        text = self._snapshot(action.of) if action.of is not None else action.snapshot or ""
        process = self._shared.open()
        try:
            connection = connections.open_connection(self._settings)
            entropy = _entropy(self._shared.repetition, process)
            session = bridge.restore_session(connection, self._now, entropy, self._shared.has_store, text)
        except AuthError as error:
            return denied(of_exception(error))
        self.end()
        self._process, self._session = process, session
        for flight in self._flights:
            flight.forget()
        return None

    @_perform.register
    def _(self, action: steps.Adopt) -> Json:
        text = self._snapshot(action.of)
        if self._session is not None:
            try:
                self._session.adopt(self._now, text)
            except AuthError as error:
                raise ScenarioError(str(error)) from error
        return None

    @_perform.register
    def _(self, action: steps.SignOut) -> Json:
        if self._session is None:
            return None
        if not self._shared.has_store:
            self._session.sign_out(self._now)
            return None
        flight = _Flight(self._session.lead_sign_out(self._now), signs_out=True)
        # It has its name also where it is over at once.
        self._note(flight, action.name)
        return self._go_on(flight, None)

    @_perform.register
    def _(self, action: steps.SignIn) -> Json:
        def begin(session: bridge.Session) -> int:
            if action.device:
                return session.lead_device_sign_in(self._now)
            self._begun += 1
            entropy = _entropy(self._shared.repetition, self._process)
            drawn = bytes((entropy[index % 16] + index * 29 + self._begun * 83) % 256 for index in range(64))
            return session.lead_authorization(self._now, drawn, action.redirect_uri)

        return self._sign_in(begin, action.name)

    @_perform.register
    def _(self, action: steps.Redirect) -> Json:
        kept = self._shared.sign_ins.find(action.of)
        url = action.url.replace("{state}", kept.state)
        return self._sign_in(lambda session: session.lead_code(self._now, kept.text, url), action.name)

    def _sign_in(self, begin: Callable[[bridge.Session], int], name: str | None) -> Json:
        """Leads a flight of a sign-in, if one begins."""
        if self._session is None:
            return denied(of_exception(self._error))
        try:
            number = begin(self._session)
        except AuthError as error:
            return denied(of_exception(error))
        return self._go_on(_Flight(number, signs_in=True), name)

    def _open(self) -> None:
        try:
            connection = connections.open_connection(self._settings)
        except AuthError as error:
            self._error = error
        else:
            entropy = _entropy(self._shared.repetition, self._process)
            self._session = bridge.open_session(connection, self._now, entropy, self._shared.has_store)

    def _present(self) -> bridge.Session:
        if self._session is None:
            raise ScenarioError(f"there is no session: {self._error}")
        return self._session

    def _acquire(self, name: str | None) -> Json:
        if self._session is not None:
            return self._acquired(self._session.acquire(self._now), name)
        # A connection that is wrong in itself comes out of the first acquire.
        return denied(of_exception(self._error))

    def _acquired(self, acquired: bridge.Acquired, name: str | None) -> Json:
        kind = acquired.kind()
        token = acquired.token() if acquired.has_token() else None
        if kind == bridge.AcquiredKind.Ready:
            return {"token": self._hand_out(token, name)}
        if kind == bridge.AcquiredKind.Lead:
            return self._go_on(_Flight(acquired.flight()), name)
        if kind == bridge.AcquiredKind.Follow:
            return {"follow": {"token": self._hand_out(token, name)}}
        if kind == bridge.AcquiredKind.Wait:
            return self._wait(acquired.until_ms(), _of_details(acquired.error()))
        if kind == bridge.AcquiredKind.Denied:
            return denied(_of_details(acquired.error()))
        return None

    def _go_on(self, flight: _Flight, name: str | None) -> Json:
        """Performs a flight's steps up to the one that the scenario answers."""
        before = self._newest()
        step, prompt = self._drive(flight)
        if step.kind() != bridge.StepKind.Done:
            return self._under_way(flight, step, prompt, name)
        if flight.signs_in or flight.signs_out:
            return self._errand_over(flight, before, step, name)
        return self._settled(step, name)

    def _drive(self, flight: _Flight) -> tuple[bridge.Step, bridge.Step | None]:
        """Performs what the store and the key are for, and what needs no answer.

        The next step is the scenario's: it answers it, or waits. Beside it is what a person was shown.
        """
        session, number = self._present(), _number(flight)
        prompt: bridge.Step | None = None
        for _ in range(_MOST_STEPS):
            step = session.next(self._now, number)
            if step.kind() == bridge.StepKind.Prompt:
                prompt = step
                session.done(self._now, number)
                continue
            if step.kind() == bridge.StepKind.Sign:
                if self._signs:
                    session.done_signature(self._now, number, _SIGNATURE)
                else:
                    session.done_failed(self._now, number, bridge.FailureKind.Connect)
                continue
            if step.kind() == bridge.StepKind.Authorize:
                session.done(self._now, number)
                last = session.next(self._now, number)
                if last.kind() != bridge.StepKind.Done or last.has_error():
                    raise ScenarioError(f"a step that no scenario has: {last.kind()}")
                return step, None
            try:
                is_done = self._at_store(step, number)
            except StoreError:
                session.done_failed(self._now, number, bridge.FailureKind.Interrupted)
                continue
            if not is_done:
                flight.waits = step.kind() == bridge.StepKind.Lock
                flight.pauses = step.kind() == bridge.StepKind.Pause
                return step, prompt
        raise ScenarioError("the flight comes to no end")

    def _at_store(self, step: bridge.Step, number: int) -> bool:
        """Performs the step where it is one of the store's, and says whether it was done."""
        session, store, who = self._present(), self._shared.store, self._holder(number)
        kind = step.kind()
        if kind == bridge.StepKind.Load:
            session.done_loaded(self._now, number, store.load())
            return True
        if kind == bridge.StepKind.Lock:
            if not store.lock(who):
                return False
        elif kind == bridge.StepKind.Save:
            store.save(who, step.snapshot())
        elif kind == bridge.StepKind.Unlock:
            store.unlock(who)
        elif kind == bridge.StepKind.ReadSecret:
            raise ScenarioError(f"a step that no scenario has: {kind}")
        else:
            return False
        session.done(self._now, number)
        return True

    def _note(self, flight: _Flight, name: str | None) -> None:
        """The flight is the latest one now. Every name that it ever had stays good."""
        if name is not None:
            for other in self._flights:
                other.names.discard(name)
            flight.names.add(name)
        self._flights = [other for other in self._flights if other is not flight]
        self._flights.append(flight)

    def _under_way(self, flight: _Flight, step: bridge.Step, prompt: bridge.Step | None, name: str | None) -> Json:
        """The flight's step is the scenario's."""
        if step.kind() == bridge.StepKind.Authorize:
            outcome, state = sign_ins.authorization(step)
            names = flight.names | ({name} if name is not None else set())
            self._shared.sign_ins.keep(names, step.sign_in(), state or flight.state)
            # The flight is over.
            return {"authorize": outcome}
        self._note(flight, name)
        if flight.pauses:
            until = self._seconds(step.until_ms())
            return {"pause": {"until": until}} if prompt is None else self._prompt(prompt, until)
        usable = self._present().usable(self._now)
        token = self._hand_out(usable.token() if usable.has_token() else None, None)
        if flight.waits:
            return {"locked": {"token": token}}
        request = None
        if step.kind() == bridge.StepKind.Send:
            request, state = sign_ins.request(step.request())
            flight.state = flight.state or state
        return {"lead": {"token": token, "request": request}}

    def _finish(self, action: steps.Finish) -> Json:
        flight = self._flight(action.of)
        if flight.waits or flight.pauses:
            why = "waits for the lock" if flight.waits else "pauses"
            raise ScenarioError(f"the flight {why}, and sent nothing")
        return None if flight.number is None else self._done(flight, action.result, action.name)

    def _prompt(self, prompt: bridge.Step, ask_at: float | None) -> Json:
        return {
            "prompt": {
                "user_code": prompt.user_code(),
                "verification_uri": prompt.verification_uri(),
                "verification_uri_complete": prompt.verification_uri_complete(),
                "expires_at": self._seconds(prompt.until_ms()),
                "ask_at": ask_at,
            }
        }

    def _done(self, flight: _Flight, result: steps.Result | None, name: str | None) -> Json:
        """How the step went that was the scenario's, and what comes of it. A pause has no result."""
        session, number = self._present(), _number(flight)
        before = self._newest()
        if result is None:
            session.done(self._now, number)
        elif isinstance(result, steps.Answer):
            session.done_answer(
                self._now,
                number,
                result.status,
                result.header_names,
                result.header_values,
                result.body,
            )
        else:
            session.done_failed(self._now, number, result)
        step, prompt = self._drive(flight)
        if step.kind() != bridge.StepKind.Done:
            return self._under_way(flight, step, prompt, name)
        if flight.signs_in or flight.signs_out:
            return self._errand_over(flight, before, step, name)
        if not self._brought(flight, before) and not step.has_error():
            # Dropped: neither a token nor an error came of it.
            return None
        return self._settled(step, name)

    def _brought(self, flight: _Flight, before: float) -> bool:
        """Whether a token came since, which goes by the flight's names then."""
        after = self._newest()
        if after == before:
            return False
        self._tokens.update((name, after) for name in flight.names)
        return True

    def _newest(self) -> float:
        """The generation of the newest tokens."""
        return bridge.snapshot_generation(self._present().snapshot())

    def _errand_over(self, flight: _Flight, before: float, step: bridge.Step, name: str | None) -> Json:
        """What comes of a flight that nobody followed."""
        brought = flight.signs_in and self._brought(flight, before)
        if step.has_error():
            return denied(_of_details(step.error()))
        return self._settled(step, name) if brought else None

    def _settled(self, step: bridge.Step, name: str | None) -> Json:
        """What the leader finds when its flight is over."""
        session = self._present()
        usable = session.usable(self._now)
        found = session.look(self._now)
        if usable.has_token():
            return {"token": self._hand_out(usable.token(), name)}
        if found.kind() != bridge.AcquiredKind.Nothing:
            return self._acquired(found, name)
        if not step.has_error():
            return None
        # Where nothing holds back the next attempt, the flight's own error is what its leader hears.
        details = step.error()
        error = _of_details(details)
        if error["action"] == "retry":
            return self._wait(details.retry_at_ms(), error)
        return denied(error)

    def _flight(self, of: str | None) -> _Flight:
        for flight in reversed(self._flights):
            if of is None or of in flight.names:
                return flight
        raise ScenarioError("there is no flight" if of is None else f"`of`: there is no flight {of}")

    def _waiting(self, of: str | None) -> _Flight:
        flight = self._flight(of)
        if not flight.waits:
            raise ScenarioError("the flight does not wait for the lock")
        return flight

    def _holder(self, flight: int) -> Holder:
        return Holder(self._process, flight)

    def _generation(self, of: str | None) -> float:
        generation = self._handed_out if of is None else self._tokens.get(of)
        if generation is None:
            missing = "no token was handed out yet" if of is None else f"`of`: there is no token {of}"
            raise ScenarioError(missing)
        return generation

    def _snapshot(self, of: str) -> str:
        if of not in self._shared.snapshots:
            raise ScenarioError(f"`of`: there is no snapshot {of}")
        return self._shared.snapshots[of]

    def _hand_out(self, token: bridge.Token | None, name: str | None) -> Json:
        if token is None:
            return None
        self._handed_out = token.generation()
        if name is not None:
            self._tokens[name] = token.generation()
        headers = dict(zip(token.api_header_names(), token.api_header_values(), strict=True))
        headers[token.header_name()] = token.header_value()
        expires_at = self._seconds(token.expires_at_ms())
        return {"headers": headers, "expires_at": expires_at, "scopes": token.scopes()}

    def _wait(self, until_ms: float | None, error: dict[str, Json]) -> Json:
        wait = {"until": self._seconds(until_ms), "error": error}
        return {"wait": wait, "no_token": _no_token(error)}

    @property
    def _now(self) -> float:
        return float(self._epoch_ms + _millis(self._at))

    def _seconds(self, moment_ms: float | None) -> float | None:
        return None if moment_ms is None else (moment_ms - self._epoch_ms) / 1000


def _millis(seconds: float) -> int:
    """Half a millisecond goes up, whatever its neighbours."""
    return math.floor(seconds * 1000 + 0.5)


def _entropy(repetition: int, process: int) -> bytes:
    """Any bytes are as good as others, as long as they are not the same twice."""
    return bytes([(repetition * 151 + process * 31 + 7) % 256]) * 16


def _number(flight: _Flight) -> int:
    if flight.number is None:
        raise ScenarioError("the flight is gone")
    return flight.number


def _of_details(error: bridge.ErrorDetails) -> dict[str, Json]:
    return {
        "action": error.action(),
        "code": error.code(),
        "server_error": error.server_error(),
    }


def of_exception(error: AuthError | None) -> dict[str, Json]:
    return {key: getattr(error, key) for key in ("action", "code", "server_error")}


def denied(error: dict[str, Json]) -> Json:
    return {"error": error, "no_token": _no_token(error)}


def _no_token(error: dict[str, Json]) -> dict[str, Json]:
    return {"server_error": error["server_error"]}
