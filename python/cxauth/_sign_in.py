"""Signing in from a script: in the system's browser, which comes back to this machine, or on another device."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from cxauth._client import Client
from cxauth._loopback import Loopback
from cxauth.errors import AuthError, ConfigurationError, SignInRequired

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Unpack

    from cxauth._connection import Connection
    from cxauth._prompt import DevicePrompt
    from cxauth._settings import ClientSettings, Platform

PATIENCE: Final = 300.0
"""How long the person may take in the browser, in seconds."""


def sign_in(
    platform: Platform | Connection | Client | None = None,
    *,
    device: bool = False,
    again: bool = False,
    open_browser: Callable[[str], object] | None = None,
    show: Callable[[DevicePrompt], object] | None = None,
    patience_of_person: float = PATIENCE,
    **options: Unpack[ClientSettings],
) -> Client:
    """A client with somebody signed in, for scripts.

        client = cxauth.sign_in(
            **cxauth.discover("https://as.example"),
            grant="authorization_code",
            client_id="my-id",
            scopes=["items.read"],
            store=cxauth.FileStore("tokens.json"),
        )

    The first argument is a platform's id, a `cxauth.Connection` or a `cxauth.Client`; without a client, the keyword
    arguments are those of `cxauth.Client`. Where the client can go on with what its store has, nobody is asked. Else
    this opens the system's browser (RFC 8252), and listens for its return at a port of 127.0.0.1 that is open only
    meanwhile. Register `http://127.0.0.1/callback` at the server as the address to come back to, or give another one on
    127.0.0.1 or [::1] as `redirect_uri`.

    - `device`: signs in on another device (RFC 8628): for machines without a browser;
    - `again`: asks the person in any case;
    - `open_browser`: opens an address, instead of `webbrowser.open`; when it returns False the address is printed;
    - `show`: shows what is entered on the other device, instead of a line on standard error;
    - `patience_of_person`: how many seconds the person may take in the browser.

    Raises `cxauth.AuthError`: with the code `authorization_refused` when the person said no, and `sign_in_expired` when
    nobody came back in time. Ctrl-C ends it.
    """
    try:
        if isinstance(platform, Client):
            if options:
                raise TypeError("give the settings to the client, not beside it")
            client = platform
        else:
            client = Client(platform, **options)
    finally:
        # What a traceback would show with the variables of this frame.
        cast("dict[str, Any]", options).clear()
    if not again and _goes_on(client):
        return client
    if device:
        client.sign_in_on_device(show or _show)
    else:
        _in_browser(client, open_browser or _open, patience_of_person)
    return client


def _goes_on(client: Client) -> bool:
    try:
        client.token()
    except SignInRequired:
        return False
    return True


def _in_browser(client: Client, open_browser: Callable[[str], object], patience: float) -> None:
    host, port, path = _place(client._redirect_uri)
    with Loopback(host, port, path) as loopback:
        authorization = client.begin_sign_in(loopback.address)
        kept = authorization.sign_in
        loopback.expect(kept.is_answered_by, lambda redirect_url: client.finish_sign_in(kept, redirect_url))
        if open_browser(authorization.url) is False:
            sys.stderr.write(f"Open this address in a browser of this machine:\n{authorization.url}\n")
        if not loopback.wait(patience):
            raise AuthError("nobody came back from the browser in time: sign in again", "sign_in_expired", "sign_in")


def _place(redirect_uri: str | None) -> tuple[str, int, str]:
    """Where to listen: the host, the port (0 is any) and the path that the connection has, if it has one."""
    parts = urlsplit(redirect_uri or "http://127.0.0.1/callback")
    # Not `localhost`: other programs, and other machines, may answer to that name (RFC 8252 §8.3).
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "::1") or parts.query or parts.fragment:
        raise ConfigurationError(
            "redirect_uri: an address such as http://127.0.0.1/callback is wanted, where this program can listen; for "
            "any other one use begin_sign_in and finish_sign_in",
            "invalid_setting",
            "fix_configuration",
        )
    return str(parts.hostname), parts.port or 0, parts.path or "/"


def _open(url: str) -> bool:
    from webbrowser import open as open_in_browser

    return open_in_browser(url)


def _show(prompt: DevicePrompt) -> None:
    sys.stderr.write(f"Open {prompt.verification_uri} on any device and enter {prompt.user_code}\n")
