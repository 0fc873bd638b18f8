"""Connections: which server, and who you are there."""

from __future__ import annotations

from cxauth._native import ConnectionBase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from typing_extensions import Unpack

    from cxauth._settings import Platform, Settings


class Connection(ConnectionBase):
    """One client at one server, checked: what a client and every plug-in are made from.

    It connects to nothing, and nothing that it prints holds a secret. `None` for a setting is the same as leaving it out.

        connection = cxauth.Connection(
            token_endpoint="https://as.example/token",
            client_id="my-id",
            client_secret=cxauth.Environment("AS_SECRET"),
            api_base="https://api.example/v1/",
        )

    Raises `cxauth.AuthError` with the action `fix_configuration` when the settings do not make sense together.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def __init__(
            self,
            platform: Platform = "generic",
            *,
            provide: Callable[[], Any] | None = None,
            **settings: Unpack[Settings],
        ) -> None: ...
