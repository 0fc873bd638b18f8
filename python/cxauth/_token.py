"""The token, as a program sees it."""

from __future__ import annotations

from cxauth._moments import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import NoReturn

    from cxauth import _native


class Token:
    """An access token with what a request needs to carry it. It prints nothing secret and is not pickled."""

    __slots__ = ("native",)

    def __init__(self, native: _native.Token) -> None:
        self.native = native
        """The bridge's token."""

    def reveal(self) -> str:
        """The token's text: a secret."""
        return self.native.value()

    def headers(self) -> dict[str, str]:
        """The header fields that an API request carries: the credential, and the platform's own."""
        native = self.native
        headers = dict(
            zip(native.api_header_names(), native.api_header_values(), strict=True),
        )
        return {**headers, native.header_name(): native.header_value()}

    @property
    def header_name(self) -> str:
        """The name of the header field that carries it, in lower case."""
        return self.native.header_name()

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """What was granted; `None` when neither the answer nor the connection names any scope (RFC 6749 §3.3)."""
        scopes = self.native.scopes()
        return None if scopes is None else tuple(scopes)

    @property
    def expires_at(self) -> datetime | None:
        """When the server ends it; `None` when that is unknown."""
        return moment(self.native.expires_at_ms())

    @property
    def usable_until(self) -> datetime | None:
        """Until when a client hands it out: a little before its end."""
        return moment(self.native.usable_until_ms())

    @property
    def generation(self) -> int:
        """Which token of its client it is. Later ones have higher numbers."""
        return int(self.native.generation())

    def __repr__(self) -> str:
        return f"<cxauth.Token {self.generation}, expires_at={self.expires_at}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a token is not pickled: that would write it somewhere; get one where it is needed")

    def __copy__(self) -> Token:
        return self

    def __deepcopy__(self, memo: object) -> Token:
        return self
