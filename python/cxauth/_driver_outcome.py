"""How a step of a flight went. None of these prints what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxauth._native import FailureKind, Session


class Outcome(Protocol):
    """What the session is told."""

    def tell(self, session: Session, now_ms: float, flight: int) -> None:
        """Tells it."""


class Done:
    """It is done, and there is nothing more to say."""

    __slots__ = ()

    def tell(self, session: Session, now_ms: float, flight: int) -> None:
        """Tells it."""
        session.done(now_ms, flight)


class Loaded:
    """What a store holds; nothing when it is empty."""

    __slots__ = ("_snapshot",)

    def __init__(self, snapshot: str | None) -> None:
        self._snapshot = snapshot

    def tell(self, session: Session, now_ms: float, flight: int) -> None:
        """Tells it."""
        session.done_loaded(now_ms, flight, self._snapshot)


class Secret:
    """A secret that was read."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def tell(self, session: Session, now_ms: float, flight: int) -> None:
        """Tells it."""
        session.done_secret(now_ms, flight, self._text)


class Signature:
    """What a key made."""

    __slots__ = ("_signature",)

    def __init__(self, signature: bytes) -> None:
        self._signature = signature

    def tell(self, session: Session, now_ms: float, flight: int) -> None:
        """Tells it."""
        session.done_signature(now_ms, flight, self._signature)


class Answer:
    """What a token endpoint, or the user's own function in its place, answered."""

    __slots__ = ("_body", "_names", "_status", "_values")

    def __init__(self, status: int, names: Sequence[str], values: Sequence[str], body: bytes) -> None:
        self._status = status
        self._names = names
        self._values = values
        self._body = body

    def tell(self, session: Session, now_ms: float, flight: int) -> None:
        """Tells it."""
        session.done_answer(now_ms, flight, self._status, self._names, self._values, self._body)


class Failed:
    """It could not be done. There is no secret in the words."""

    __slots__ = ("kind", "why")

    def __init__(self, kind: FailureKind, why: str) -> None:
        self.kind = kind
        self.why = why

    def tell(self, session: Session, now_ms: float, flight: int) -> None:
        """Tells it."""
        session.done_failed_because(now_ms, flight, self.kind, self.why)
