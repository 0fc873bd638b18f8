"""What sending a token request has in common, whatever library does it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from cxauth._driver_outcome import Answer, Failed
from cxauth._native import FailureKind, max_answer_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cxauth._native import TokenRequest

CONNECT_LIMIT: Final = 10.0
"""How long connecting may take, in seconds."""

READ_LIMIT: Final = 30.0
"""How long the server may be silent, in seconds."""


def fields(request: TokenRequest) -> dict[str, str]:
    """The request's header fields."""
    named = dict(zip(request.header_names(), request.header_values(), strict=True))
    # What arrives is what is counted: nothing small is to unfold into something large.
    named["accept-encoding"] = "identity"
    return named


class Body:
    """An answer's body as it arrives.

    It is decoded, and at most one byte longer than is allowed: the core then knows that it was too much.
    """

    __slots__ = ("_content", "_decoder", "_most")

    def __init__(self, content_encoding: str) -> None:
        self._most = max_answer_bytes() + 1
        self._content = bytearray()
        coded = content_encoding.strip().lower() in ("gzip", "x-gzip", "deflate")
        # Finds out by itself which of the two it is.
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 32) if coded else None

    def take(self, chunk: bytes) -> bool:
        """Takes some of it; false when no more is wanted. Raises `zlib.error`."""
        room = self._most - len(self._content)
        if self._decoder is not None:
            chunk = self._decoder.decompress(chunk, room)
        self._content += chunk[:room]
        return len(self._content) < self._most

    def answer(self, status: int, fields: Iterable[tuple[str, str]]) -> Answer:
        """The whole answer."""
        names: list[str] = []
        values: list[str] = []
        for name, value in fields:
            # No field that matters here has anything else in it.
            if value.isascii():
                names.append(name)
                values.append(value)
        return Answer(status, names, values, bytes(self._content))


def failed(error: BaseException, *, begun: bool, slow: bool) -> Failed:
    """Why there is no answer. Nobody can have processed a request whose body was not begun."""
    if slow:
        kind, why = FailureKind.Timeout, "no answer in time"
    else:
        kind, why = FailureKind.Interrupted, f"broken off: {_reason(error)}"
    if not begun:
        kind, why = FailureKind.Connect, "cannot connect" + (" in time" if slow else f": {_reason(error)}")
    return Failed(kind, why)


def _reason(error: BaseException) -> str:
    """In words of the operating system's and of TLS: what a library says may name a proxy with its password."""
    reason = type(error).__name__
    for cause in _causes(error):
        words: object = getattr(cause, "verify_message", None) or getattr(cause, "strerror", None)
        if isinstance(cause, OSError) and isinstance(words, str):
            reason = words
    return reason


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what lies behind it, the deepest last."""
    causes = [error]
    for cause in causes:
        group: tuple[object, ...] = getattr(cause, "exceptions", ())
        behind = (*cause.args, *group, getattr(cause, "reason", None), cause.__context__, cause.__cause__)
        for other in behind:
            if isinstance(other, BaseException) and not any(other is known for known in causes):
                causes.append(other)
    return causes
