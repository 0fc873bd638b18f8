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
| somebody who signs in | `sign_in`; `Client.begin_sign_in`, `Client.sign_in_on_device` |
| a server's endpoints, from the server | `discover`, `discover_async` |
| tokens that outlive the process, and that processes share | `FileStore`, `cxauth.stores` |
| tokens from a function of your own | `provide=`, `Provided` |
| what went wrong, and what to do | `AuthError` and its classes |
"""

from cxauth import _fork as _fork
from cxauth._async_client import AsyncClient
from cxauth._client import Client
from cxauth._connection import Connection
from cxauth._native import (
    Authorization,
    Command,
    Environment,
    File,
    FileStore,
    Keychain,
    ManualClock,
    Provided,
    SignIn,
    platforms,
)
from cxauth._prompt import DevicePrompt
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
    from cxauth._discover import ServerMetadata as ServerMetadata
    from cxauth._discover import discover as discover
    from cxauth._discover import discover_async as discover_async
    from cxauth._settings import ClientKey as ClientKey
    from cxauth._settings import Platform as Platform
    from cxauth._settings import Secret as Secret
    from cxauth._settings import Settings as Settings
    from cxauth._settings import Signer as Signer
    from cxauth._sign_in import sign_in as sign_in

__all__ = [
    "AsyncClient",
    "AuthError",
    "Authorization",
    "Client",
    "Command",
    "ConfigurationError",
    "Connection",
    "DevicePrompt",
    "Environment",
    "Event",
    "File",
    "FileStore",
    "Keychain",
    "ManualClock",
    "Provided",
    "SignIn",
    "SignInRequired",
    "Status",
    "TemporaryError",
    "Token",
    "UnexpectedError",
    "discover",
    "discover_async",
    "platforms",
    "sign_in",
]


def __getattr__(name: str) -> object:
    """Types for annotations, signing in, stores and the version: they take modules that programs seldom need."""
    if name in ("ClientKey", "Platform", "Secret", "Settings", "Signer"):
        from cxauth import _settings

        return getattr(_settings, name)
    if name in ("discover", "discover_async", "ServerMetadata"):
        from cxauth import _discover

        return getattr(_discover, name)
    if name == "sign_in":
        from cxauth import _sign_in

        return _sign_in.sign_in
    if name == "stores":
        from importlib import import_module

        return import_module("cxauth.stores")
    if name == "__version__":
        from importlib.metadata import version

        return version("cxauth")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
