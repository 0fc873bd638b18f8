"""Connections: which server, and who you are there."""

from cxauth._native import ConnectionBase


class Connection(ConnectionBase):
    """One client at one server, checked: what a client and every plug-in are made from.

    The first argument is the platform's id; without one it is `generic`, which is any other OAuth 2.0 server. It
    connects to nothing, and nothing that it prints holds a secret. `None` for a setting is the same as leaving it out.

        connection = cxauth.Connection(
            token_endpoint="https://as.example/token",
            client_id="my-id",
            client_secret=cxauth.Environment("AS_SECRET"),
            api_base="https://api.example/v1/",
        )

    Raises `cxauth.AuthError` with the action `fix_configuration` when the settings do not make sense together.
    """

    __slots__ = ()
