"""OAuth 2.0 tokens that stay alive, for four customer-experience platforms and any other server.

    import cxauth, requests

    client = cxauth.Client(
        token_endpoint="https://as.example/token",
        client_id="my-id",
        client_secret=cxauth.Environment("AS_SECRET"),
        api_base="https://api.example/v1/",
    )
    requests.get("https://api.example/v1/items", headers=client.headers())

| wanted | is |
|---|---|
| a token, or the header fields that carry it | `Client`, `AsyncClient` |
| the token on every request of an HTTP library | `cxauth.requests.Auth`, `cxauth.httpx.Auth`, `cxauth.aiohttp` |
| a secret that is read when it is needed | `Environment`, `File`, `Command`, `Keychain`, or a function |
| tokens that outlive the process, and that processes share | `FileStore`, `cxauth.stores` |
| tokens from a function of your own | `provide=`, `Provided` |
| what went wrong, and what to do | `AuthError` and its classes |
"""

from cxauth import _fork as _fork
from cxauth._async_client import AsyncClient
from cxauth._client import Client
from cxauth._connection import Connection
from cxauth._native import (
    Command,
    Environment,
    File,
    FileStore,
    Keychain,
    ManualClock,
    Provided,
    platforms,
)
from cxauth._status import Event, Status
from cxauth._token import Token
from cxauth.errors import (
    AuthError,
    ConfigurationError,
    SignInRequired,
    TemporaryError,
    UnexpectedError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cxauth import stores as stores
    from cxauth._settings import Platform as Platform
    from cxauth._settings import Secret as Secret
    from cxauth._settings import Settings as Settings

__all__ = [
    "AsyncClient",
    "AuthError",
    "Client",
    "Command",
    "ConfigurationError",
    "Connection",
    "Environment",
    "Event",
    "File",
    "FileStore",
    "Keychain",
    "ManualClock",
    "Provided",
    "SignInRequired",
    "Status",
    "TemporaryError",
    "Token",
    "UnexpectedError",
    "platforms",
]


def __getattr__(name: str) -> object:
    """Types for annotations, stores and the version: they take modules that programs seldom need."""
    if name in ("Platform", "Secret", "Settings"):
        from cxauth import _settings

        return getattr(_settings, name)
    if name == "stores":
        from importlib import import_module

        return import_module("cxauth.stores")
    if name == "__version__":
        from importlib.metadata import version

        return version("cxauth")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
