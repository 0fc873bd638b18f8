"""The steps of a session, as a scenario writes them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

import expectation
from expectation import Shape
from reading import Json, Reader, ScenarioError, is_texts
from store import Operation

from cxauth import _native as bridge


@dataclass(frozen=True)
class Answer:
    """An answer of a token endpoint."""

    status: int
    header_names: list[str]
    header_values: list[str]
    body: bytes

    @classmethod
    def read(cls, value: Json) -> Answer:
        """Reads it from the key `answer`."""
        reader = Reader(value, "`answer`")
        status = reader.status("status")
        headers = reader.array("headers", [])
        body = reader.text("body", "").encode()
        encoded = reader.text_or_none("body_base64")
        reader.end()
        if not all(map(_is_pair, headers)):
            raise ScenarioError("`headers`: an array of names and values is wanted")
        if encoded is not None:
            try:
                body = base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError) as error:
                raise ScenarioError(f"`body_base64`: {error}") from error
        return cls(status, [name for name, _ in headers], [value for _, value in headers], body)


Result = Answer | bridge.FailureKind
"""How a flight's request ended."""


@dataclass(frozen=True)
class Acquire:
    """A caller wants a token."""

    name: str | None = None


@dataclass(frozen=True)
class Peek:
    """The hot path."""


@dataclass(frozen=True)
class Finish:
    """A flight's answer came, or it failed: `answer` and `fail`."""

    result: Result
    of: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Abandon:
    """The leader is gone."""

    of: str | None


@dataclass(frozen=True)
class Refuse:
    """An API refused the token."""

    status: int
    www_authenticate: list[str]
    body: bytes
    of: str | None


@dataclass(frozen=True)
class Wake:
    """The background's turn."""

    name: str | None


@dataclass(frozen=True)
class Outage:
    """Somebody acquires every so many seconds, and each flight ends the same way."""

    until: float
    every: float
    result: Result


@dataclass(frozen=True)
class ChangeSecret:
    """Settings have new values."""

    connection: dict[str, Json]


@dataclass(frozen=True)
class Save:
    """Keep a snapshot."""

    name: str


@dataclass(frozen=True)
class Restart:
    """A new session from a snapshot that was kept, or from a text."""

    of: str | None
    snapshot: str | None


@dataclass(frozen=True)
class Adopt:
    """Another process renewed."""

    of: str


@dataclass(frozen=True)
class SignOut:
    """Forget the tokens and every flight."""

    name: str | None = None


@dataclass(frozen=True)
class SignIn:
    """Somebody signs in."""

    redirect_uri: str | None
    device: bool
    name: str | None


@dataclass(frozen=True)
class Redirect:
    """The browser came back."""

    url: str
    of: str | None
    name: str | None


@dataclass(frozen=True)
class GoOn:
    """A flight that waits for the lock tries again, and a device that pauses looks whether it may ask."""

    of: str | None
    name: str | None


@dataclass(frozen=True)
class GiveUp:
    """It waited long enough."""

    of: str | None
    name: str | None


@dataclass(frozen=True)
class ChangeStore:
    """What happens to the store from outside; None leaves a thing as it is."""

    fails: frozenset[Operation] | None
    held: bool | None
    loses_lock: bool
    replaces_snapshot: bool
    snapshot: str | None


@dataclass(frozen=True)
class End:
    """The process is gone."""


Action = (
    Acquire
    | Peek
    | Finish
    | Abandon
    | Refuse
    | Wake
    | Outage
    | ChangeSecret
    | Save
    | Restart
    | Adopt
    | SignOut
    | SignIn
    | Redirect
    | GoOn
    | GiveUp
    | ChangeStore
    | End
)


@dataclass(frozen=True)
class Expected:
    """One thing that must come out: `expect`, `wakeup` or `events`."""

    key: str
    shape: Shape
    value: Json


@dataclass(frozen=True)
class Step:
    """What a session is given next, and what must come out."""

    at: float
    action: Action
    place: str
    """Where it stands, for the reader of a difference."""
    expected: list[Expected]
    process: str | None = None
    """Whose it is; those that name none are all of one."""
    signs: bool = True
    """Whether the client's key can sign."""

    @classmethod
    def read(cls, index: int, value: Json, *, has_store: bool) -> Step:
        """Reads one of the array `steps`."""
        reader = Reader(value, f"step {index}")
        try:
            at = reader.number("at")
        except ScenarioError as error:
            raise ScenarioError(f"step {index}: {error}") from error
        name = value.get("do")
        place = f"step {index} ({name} at {at:g})"
        try:
            action = reader.choice("do", _ACTIONS)(reader)
            if isinstance(action, ChangeStore):
                # It is nobody's step, and nothing comes out.
                given, process, signs = {}, None, True
            else:
                given = {key: reader.take(key) for key in _EXPECTED if reader.has(key)}
                process = reader.text("session") if reader.has("session") else None
                signs = reader.flag("signs") is not False
            reader.end()
            if _needs_store(action) and not has_store:
                raise ScenarioError("this needs the scenario's key `store`")
            return cls.checked(at, action, place, given, process, signs=signs)
        except ScenarioError as error:
            raise ScenarioError(f"{place}: {error}") from error

    @classmethod
    def checked(
        cls,
        at: float,
        action: Action,
        place: str,
        given: dict[str, Json],
        process: str | None = None,
        *,
        signs: bool = True,
    ) -> Step:
        """Looks for unknown keys in what is expected."""
        shapes = {
            "expect": _shape(action),
            "wakeup": expectation.NUMBER,
            "events": expectation.AMONG,
        }
        for key, value in given.items():
            expectation.check(shapes[key], value, key)
        expected = [Expected(key, shapes[key], given[key]) for key in given]
        return cls(at, action, place, expected, process, signs)


_EXPECTED = ("expect", "wakeup", "events")


def _shape(action: Action) -> Shape:
    if isinstance(action, Outage):
        return expectation.OUTAGE
    return expectation.EXACT if isinstance(action, Refuse) else expectation.OUTCOME


def _needs_store(action: Action) -> bool:
    if isinstance(action, SignOut):
        return action.name is not None
    return isinstance(action, GiveUp | ChangeStore)


def _is_pair(value: Json) -> bool:
    return is_texts(value) and len(value) == 2


def _failure(reader: Reader) -> bridge.FailureKind:
    return reader.choice("failure", _FAILURES)


def _answer(reader: Reader) -> Answer:
    return Answer.read(reader.take("answer"))


def _finish(result: Callable[[Reader], Result]) -> Callable[[Reader], Action]:
    return lambda reader: Finish(result(reader), reader.text_or_none("of"), reader.text_or_none("as"))


def _refuse(reader: Reader) -> Action:
    fields = reader.take_or("www_authenticate", None)
    values = [] if fields is None else [fields] if isinstance(fields, str) else fields
    if not is_texts(values):
        raise ScenarioError("`www_authenticate`: a text or an array of texts is wanted")
    body = reader.text("body", "").encode()
    return Refuse(reader.status("status"), values, body, reader.text_or_none("of"))


def _outage(reader: Reader) -> Action:
    if reader.has("answer") == reader.has("failure"):
        raise ScenarioError("one of the keys `answer` and `failure` is wanted")
    result = _answer(reader) if reader.has("answer") else _failure(reader)
    outage = Outage(reader.number("until"), reader.number("every"), result)
    if outage.every <= 0:
        raise ScenarioError("`every` must be more than 0")
    return outage


def _restart(reader: Reader) -> Action:
    restart = Restart(reader.text_or_none("of"), reader.text_or_none("snapshot"))
    if (restart.of is None) == (restart.snapshot is None):
        raise ScenarioError("one of the keys `of` and `snapshot` is wanted")
    return restart


def _sign_in(reader: Reader) -> Action:
    action = SignIn(reader.text_or_none("redirect_uri"), reader.flag("device") is True, reader.text_or_none("as"))
    if action.device and action.redirect_uri is not None:
        raise ScenarioError("no browser comes back from a `device`: `redirect_uri` is not wanted")
    return action


def _change_store(reader: Reader) -> Action:
    try:
        fails = frozenset(map(Operation, reader.array("fails"))) if reader.has("fails") else None
    except ValueError as error:
        raise ScenarioError(f"`fails`: {error}") from error
    return ChangeStore(
        fails=fails,
        held=reader.flag("held"),
        loses_lock=reader.flag("loses_lock") is True,
        replaces_snapshot=reader.has("snapshot"),
        snapshot=reader.text_or_none("snapshot"),
    )


_FAILURES: dict[str, bridge.FailureKind] = {
    "connect": bridge.FailureKind.Connect,
    "timeout": bridge.FailureKind.Timeout,
    "interrupted": bridge.FailureKind.Interrupted,
}

_ACTIONS: dict[str, Callable[[Reader], Action]] = {
    "acquire": lambda reader: Acquire(reader.text_or_none("as")),
    "peek": lambda _: Peek(),
    "answer": _finish(_answer),
    "fail": _finish(_failure),
    "abandon": lambda reader: Abandon(reader.text_or_none("of")),
    "refuse": _refuse,
    "wake": lambda reader: Wake(reader.text_or_none("as")),
    "outage": _outage,
    "change_secret": lambda reader: ChangeSecret(reader.object("connection")),
    "save": lambda reader: Save(reader.text("as")),
    "restart": _restart,
    "adopt": lambda reader: Adopt(reader.text("of")),
    "sign_out": lambda reader: SignOut(reader.text_or_none("as")),
    "sign_in": _sign_in,
    "redirect": lambda reader: Redirect(reader.text("url"), reader.text_or_none("of"), reader.text_or_none("as")),
    "go_on": lambda reader: GoOn(reader.text_or_none("of"), reader.text_or_none("as")),
    "give_up": lambda reader: GiveUp(reader.text_or_none("of"), reader.text_or_none("as")),
    "store": _change_store,
    "end": lambda _: End(),
}
