"""`token` and `headers`: for a pipe, and for a person what there is to know about them."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from cxauth._command_connection import client

if TYPE_CHECKING:
    from argparse import Namespace

    from cxauth._connection import Connection
    from cxauth._token import Token


def token(arguments: Namespace) -> int:
    """Gets a token and prints what may be seen."""
    connection, own = client(arguments.name, arguments)
    with own:
        got = own.token()
    # A person at a terminal wants to know that it works; a screen, its history and whoever looks on need no token.
    revealed = arguments.reveal or not sys.stdout.isatty()
    if arguments.json:
        print(json.dumps(_as_json(connection, got, revealed)))
    elif revealed:
        print(got.reveal())
    else:
        _describe(connection, got)
    return 0


def headers(arguments: Namespace) -> int:
    """Gets the header fields and prints what may be seen."""
    connection, own = client(arguments.name, arguments)
    with own:
        fields = own.headers(arguments.url)
        got = own.token()
    if arguments.reveal or not sys.stdout.isatty():
        for name, value in fields.items():
            print(f"{name}: {value}")
    else:
        _describe(connection, got)
    return 0


def _as_json(connection: Connection, got: Token, revealed: bool) -> dict[str, object]:
    expires_at = None if got.expires_at is None else int(got.expires_at.timestamp())
    facts: dict[str, object] = {
        "platform": connection.platform,
        "header": got.header_name,
        "scopes": got.scopes,
        "expires_at": expires_at,
        "expires_in": _seconds_left(got),
    }
    if revealed:
        facts["access_token"] = got.reveal()
    return facts


def _describe(connection: Connection, got: Token) -> None:
    expires = "not known; it is used until the API refuses it"
    if got.expires_at is not None:
        expires = f"in {_seconds_left(got)} s, on {got.expires_at:%a, %d %b %Y %H:%M:%S GMT}"
    print(connection.title)
    for name, text in (
        ("token", "hidden; --reveal prints it, and so does a pipe"),
        ("header", got.header_name),
        ("scopes", "none named" if got.scopes is None else " ".join(got.scopes)),
        ("expires", expires),
    ):
        print(f"  {name:10}{text}")


def _seconds_left(got: Token) -> int | None:
    return None if got.expires_at is None else max(0, int(got.expires_at.timestamp() - time.time()))
