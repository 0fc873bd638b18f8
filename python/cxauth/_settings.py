"""The types of a connection's settings. Nothing imports this module at run time: it needs `typing`."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, TypeAlias, TypedDict

from cxauth._native import Command, Environment, File, Keychain, ManualClock, Provided
from cxauth.stores import AnyStore

Platform: TypeAlias = Literal["cloudcx", "cisco-cx-cloud", "sangoma-cx", "cloudlx", "generic"]
"""The platforms that cxauth knows; `generic` is any other OAuth 2.0 server."""

Grant: TypeAlias = Literal[
    "client_credentials",
    "password",
    "authorization_code",
    "device_code",
    "token_exchange",
    "jwt_bearer",
    "refresh_token",
    "api_key",
    "external",
]
"""How a token is got (RFC 6749 §1.3)."""

ClientAuthentication: TypeAlias = Literal[
    "none", "client_secret_post", "client_secret_basic", "client_secret_basic_raw", "private_key_jwt"
]
"""How the client proves who it is at the token endpoint (RFC 6749 §2.3)."""

Renewal: TypeAlias = Literal["anytime", "refresh", "only_after_expiry"]
"""When a token is renewed."""

Secret: TypeAlias = (
    str
    | Environment
    | File
    | Command
    | Keychain
    | Callable[[], str]
    | Callable[[], Awaitable[str]]
    | Mapping[str, object]
)
"""A secret: its text, a place where it is read whenever it is needed, or a function that returns it.

A mapping names the place as a configuration file does, such as `{"env": "CISCO_SECRET"}`.
"""

Algorithm: TypeAlias = Literal["ES256", "RS256", "PS256", "EdDSA"]
"""How a key signs (RFC 7518 §3.1, RFC 8037 §3.1)."""

Signer: TypeAlias = Callable[[bytes, Algorithm], bytes] | Callable[[bytes, Algorithm], Awaitable[bytes]]
"""A function that signs: it gets what is to be signed, not hashed yet, and how, and returns the signature.

That of ES256 is 64 bytes, `r` and `s` (RFC 7518 §3.4).
"""

Provider: TypeAlias = Callable[[], str | Provided] | Callable[[], Awaitable[str | Provided]]
"""A function that brings tokens from elsewhere."""


class ClientKey(TypedDict, total=False):
    """A key of the client's: where its PEM is (PKCS #8, not encrypted), or the name of the function that signs."""

    file: str | os.PathLike[str]
    """A file."""
    env: str
    """An environment variable."""
    command: str | Sequence[str]
    """A program that prints it."""
    keychain: str
    """An entry of the system's keychain, `service/account`."""
    function: str
    """One of `signers`: the key stays where it is, in a KMS or a token."""
    algorithm: Algorithm
    """How it signs. ES256 by default."""
    key_id: str
    """The key's name in the client's registration (`kid`, RFC 7515 §4.1.4)."""


class Settings(TypedDict, total=False):
    """What a connection says: who you are, and any setting of the platform's profile."""

    domain: str | None
    """CloudCX: the tenant's domain, with its port if it has one."""
    base: str | None
    """CloudLX: the address of the portal, if it is not the usual one."""
    client_id: str | None
    """The client's identifier (RFC 6749 §2.2)."""
    client_secret: Secret | None
    """The client's secret (RFC 6749 §2.3.1)."""
    client_key: ClientKey | Mapping[str, object] | None
    """The key that the client signs with instead of sending a secret (`private_key_jwt`, RFC 7523 §2.2)."""
    dpop_key: Mapping[str, object] | None
    """The key that tokens are bound to (RFC 9449)."""
    username: str | None
    """The user's name; the request's field is `username`."""
    email: str | None
    """The user's name; the request's field is `email`."""
    password: Secret | None
    """The user's password (RFC 6749 §4.3)."""
    api_key: Secret | None
    """A key that is sent as it is. Without a `grant` it means the grant `api_key`."""
    refresh_token: Secret | None
    """A refresh token to start from (RFC 6749 §6)."""
    subject_token: Secret | None
    """Grant `token_exchange`: the token that is exchanged (RFC 8693 §2.1)."""
    subject_token_type: str | None
    """What kind of token that is. `urn:ietf:params:oauth:token-type:access_token` by default (RFC 8693 §3)."""
    actor_token: Secret | None
    """Grant `token_exchange`: the token of whoever acts for the subject (RFC 8693 §2.1)."""
    actor_token_type: str | None
    """What kind of token that is. `urn:ietf:params:oauth:token-type:access_token` by default (RFC 8693 §3)."""
    requested_token_type: str | None
    """What kind of token is wanted (RFC 8693 §2.1)."""
    assertion: Secret | None
    """Grant `jwt_bearer`: the signed assertion (RFC 7523 §2.1)."""
    scopes: Sequence[str] | None
    """The scopes to ask for (RFC 6749 §3.3)."""
    issuer: str | None
    """The server's identifier, exactly as it writes it (RFC 8414 §2): what a redirect says must be equal (RFC 9207)."""
    authorization_endpoint: str | None
    """Where a person signs in (RFC 6749 §3.1)."""
    pushed_authorization_request_endpoint: str | None
    """Where an authorization request is left before the browser goes there (RFC 9126)."""
    require_pushed_authorization_requests: bool | None
    """Whether the server takes authorization requests only where they were left first (RFC 9126 §5)."""
    authorization_response_iss_parameter_supported: bool | None
    """Whether each redirect says who it is from (RFC 9207 §3); one that does not is refused then."""
    authorization_parameters: Mapping[str, str] | None
    """More parameters of authorization requests, such as `prompt` or `login_hint`."""
    device_authorization_endpoint: str | None
    """Where a device asks for the code that a person enters elsewhere (RFC 8628 §3.1)."""
    introspection_endpoint: str | None
    """Where the server says what a token is worth (RFC 7662)."""
    redirect_uri: str | None
    """Where the browser comes back to, as it is registered (RFC 6749 §3.1.2)."""
    token_endpoint: str | None
    """The token endpoint (RFC 6749 §3.2)."""
    refresh_endpoint: str | None
    """The endpoint for refresh requests, if it is another one."""
    revocation_endpoint: str | None
    """Where tokens are ended when somebody signs out (RFC 7009)."""
    grant: Grant | None
    """How a token is got."""
    client_authentication: ClientAuthentication | None
    """How the client proves who it is."""
    body: Literal["form", "json"] | None
    """The encoding of token requests."""
    hosts: Sequence[str] | None
    """More hosts that may see the token, each as `host` or `host:port`."""
    api_base: str | None
    """Where the API lives: relative addresses start here, and its host may see the token."""
    headers: Mapping[str, str] | None
    """More header fields of token requests."""
    api_headers: Mapping[str, str] | None
    """More header fields of API requests."""
    parameters: Mapping[str, str] | None
    """More parameters of token requests."""
    resource: str | Sequence[str] | None
    """The resources that the token is for (RFC 8707)."""
    audience: str | None
    """The audience that the token is for."""
    renewal: Renewal | None
    """When a token is renewed."""
    refresh_lifetime: int | None
    """How long a refresh token lives, in seconds, when the answer does not say it."""
    rotates: bool | None
    """Whether a refresh token ends when it is used. True by default."""
    grace: int | None
    """How long a used refresh token still works, in seconds. 0 by default."""
    header: str | None
    """The header field that carries the token to the API. `authorization` by default."""
    prefix: str | None
    """The word before the token in that field. `Bearer` by default; may be empty."""
    strict_token_type: bool | None
    """Whether an answer without `token_type` is refused."""
    keep_password: bool | None
    """Whether the password is kept once a refresh token came."""
    ask_again: int | None
    """After how many seconds a server that refused the client's credentials is asked again. 3600 by default."""


class ConnectionSettings(Settings, total=False):
    """What a connection is made of."""

    provide: Provider | None
    """A function that brings tokens from elsewhere; it means the grant `external`."""
    signers: Mapping[str, Signer] | None
    """Functions that sign, by the names that `client_key` calls them."""


class Way(TypedDict, total=False):
    """How the server is reached."""

    timeout: float | None
    """The seconds that one request may take: 30 by default."""
    proxy: str | None
    """The address of a proxy."""
    trust_env: bool | None
    """Whether the environment's proxies are used. True by default."""
    root_certificates: str | os.PathLike[str] | bytes | None
    """A PEM file, or PEM as bytes, with certificate authorities to trust besides the system's."""


class ClientOptions(TypedDict, total=False):
    """What a client is made of besides its connection."""

    store: AnyStore | None
    """Where tokens outlive the process, and processes agree on who renews."""
    background: bool | None
    """Renews before anybody needs it, until nobody asks for one lifetime. Off by default."""
    patience: float | None
    """How many seconds a call may wait while nothing may be sent. By default the error says when to come again."""
    timeout: float | None
    """The seconds that one token request may take: 30 by default, 35 at most."""
    proxy: str | None
    """The address of a proxy for token requests."""
    trust_env: bool | None
    """Whether the environment's proxies are used. True by default."""
    root_certificates: str | os.PathLike[str] | bytes | None
    """A PEM file, or PEM as bytes, with certificate authorities to trust besides the system's."""
    clock: ManualClock | None
    """A clock for tests."""


class ClientSettings(ConnectionSettings, ClientOptions, total=False):
    """What a client is made of."""
