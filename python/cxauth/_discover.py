"""What a server says about itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

from cxauth import _native
from cxauth._driver_surroundings import here

if TYPE_CHECKING:
    from typing import Literal

    from typing_extensions import Required, Unpack

    from cxauth._settings import Way


class ServerMetadata(TypedDict, total=False):
    """What a server says about itself: settings of a connection, to be given together with one's own."""

    platform: Required[Literal["generic"]]
    """It is a server of no platform that cxauth knows."""
    issuer: Required[str]
    """The server's identifier (RFC 8414 §2)."""
    token_endpoint: Required[str]
    """The token endpoint (RFC 6749 §3.2)."""
    authorization_endpoint: str
    """Where a person signs in (RFC 6749 §3.1)."""
    pushed_authorization_request_endpoint: str
    """Where an authorization request is left before the browser goes there (RFC 9126)."""
    device_authorization_endpoint: str
    """Where a device asks for the code that a person enters elsewhere (RFC 8628 §3.1)."""
    revocation_endpoint: str
    """Where tokens are ended (RFC 7009)."""
    introspection_endpoint: str
    """Where the server says what a token is worth (RFC 7662)."""
    client_authentication: Literal["client_secret_basic"]
    """How the client proves who it is, where the server takes a secret in no other way than that."""
    require_pushed_authorization_requests: bool
    """Whether authorization requests are taken only where they were left first (RFC 9126 §5)."""
    authorization_response_iss_parameter_supported: bool
    """Whether each redirect says who it is from (RFC 9207 §3)."""


def discover(issuer: str, **way: Unpack[Way]) -> ServerMetadata:
    """Asks a server what it says about itself (RFC 8414, OpenID Connect Discovery 1.0).

        client = cxauth.Client(
            **cxauth.discover("https://as.example"),
            client_id="my-id",
            client_secret=cxauth.Environment("AS_SECRET"),
        )

    What comes is checked, and nothing of a bad document is taken. No redirect is followed. The keyword arguments say
    how to get there, as those of `cxauth.Client` do: `timeout`, `proxy`, `trust_env` and `root_certificates`.

    Raises `cxauth.AuthError`: with the code `metadata_refused` when what came is not this issuer's or not as it must
    be.
    """
    found: Any = json.loads(_native.discover(issuer, **way))
    return found  # type: ignore[no-any-return]


async def discover_async(issuer: str, **way: Unpack[Way]) -> ServerMetadata:
    """`discover` in a task of asyncio or trio."""
    return await here().away(lambda: discover(issuer, **way))
