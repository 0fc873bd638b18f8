"""The token in service, ready to be put into requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from cxauth._native import Token

NEVER: Final = float("inf")


class Credential(str):
    """A header field's value that is a secret: where a traceback or a log shows variables, it shows nothing.

    It is sent as any other text is.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "<redacted>"


class Current:
    """A token and the header fields that carry it, made once for all requests."""

    __slots__ = ("fresh_until", "generation", "name", "others", "token", "value")

    def __init__(self, token: Token) -> None:
        self.token = token
        self.generation = token.generation()
        # As people write it: HTTP does not tell them apart (RFC 9110 §5.1).
        self.name = token.header_name().title()
        self.value = Credential(token.header_value())
        names, values = token.api_header_names(), token.api_header_values()
        self.others = [field for field in zip(names, values, strict=True) if field[0] != token.header_name()]
        """The other fields that every API request carries. None of them is secret."""
        self.fresh_until = _fresh_until(token)
        """In seconds since 1970."""

    def is_of(self, token: Token) -> bool:
        """Whether it is this token, as fresh as this."""
        return self.generation == token.generation() and self.fresh_until == _fresh_until(token)

    def headers(self) -> dict[str, str]:
        """All fields, as a new dict."""
        return {self.token.header_name(): self.value, **dict(self.others)}

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a token is not pickled")


def _fresh_until(token: Token) -> float:
    until = token.fresh_until_ms()
    return NEVER if until is None else until / 1000
