"""Tokens for [aiohttp](https://docs.aiohttp.org)'s client, 3.12 or later: `Middleware`.

It takes aiohttp: `pip install 'cxauth[aiohttp]'`.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

try:
    import aiohttp
except ImportError as missing:
    raise ImportError("cxauth.aiohttp takes aiohttp: pip install 'cxauth[aiohttp]'") from missing

from aiohttp.payload import BytesPayload
from yarl import URL

from cxauth import _driver_sign_in
from cxauth._driver_aiohttp import AiohttpSender, Peeked, TokenContent
from cxauth._driver_api import may_name_an_error
from cxauth._driver_plugin import Plugin
from cxauth._token import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
    from typing_extensions import Unpack

    from cxauth._connection import Connection
    from cxauth._driver_current import Current
    from cxauth._driver_perform import Sender
    from cxauth._native import Authorization, ManualClock, SignIn
    from cxauth._prompt import DevicePrompt
    from cxauth._settings import Platform, Settings, Signer
    from cxauth._status import Event
    from cxauth.stores import AnyStore

__all__ = ["Middleware"]

REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))

_redirected: ContextVar[str | None] = ContextVar("cxauth_redirected", default=None)
"""Where the answer to the last request of this task led: aiohttp does not say whether a request follows a redirect."""


class Middleware(Plugin):
    """Puts the token on every request of an `aiohttp.ClientSession`, and keeps it alive.

        import asyncio
        import aiohttp
        import cxauth.aiohttp

        middleware = cxauth.aiohttp.Middleware.cisco_cx_cloud("my-key", cxauth.Environment("CISCO_SECRET"))

        async def main() -> None:
            async with aiohttp.ClientSession(middlewares=[middleware]) as session:
                async with session.get("https://apix.cisco.com/cs/api/v2/inventory/hardware") as answer:
                    print(await answer.json())

        asyncio.run(main())

    Make one for each connection and share it among tasks, sessions and event loops: one token request is sent for all
    of them. A task that is cancelled while it waits changes nothing for the others.

    The first argument is a platform's id, or a `cxauth.Connection`. The keyword arguments are the connection's
    settings and:

    - `token_client`: an `aiohttp.ClientSession` that sends the token requests, instead of one of cxauth's own; it
      must keep no cookies, and belongs to one event loop;
    - `provide`: a function, which may be async, that brings tokens from elsewhere, as `str` or `cxauth.Provided`;
    - `signers`: functions that sign with the client's keys, by name; they may be async;
    - `store`: a `cxauth.stores.FileStore`, a `cxauth.stores.Redis`, or a store of your own, for tokens that other
      processes and the next run share;
    - `clock`: a `cxauth.ManualClock`, for tests.

    Functions for secrets may be async too.

    A request whose first address may not see the token raises `cxauth.ConfigurationError` with the code
    `destination_refused`, and nothing is asked for. Without a token it raises `cxauth.AuthError`, whose class says
    what to do. A refused token is renewed once and the request sent once more, unless its body is a stream. A
    redirect takes the token along only where it may go.
    """

    if TYPE_CHECKING:

        def __init__(
            self,
            platform: Platform | Connection | None = None,
            *,
            token_client: aiohttp.ClientSession | None = None,
            provide: Callable[[], Any] | None = None,
            signers: Mapping[str, Signer] | None = None,
            store: AnyStore | None = None,
            clock: ManualClock | None = None,
            **settings: Unpack[Settings],
        ) -> None: ...

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """What aiohttp asks for: once for each request, and once more for each redirect that it follows."""
        if isinstance(request.body, TokenContent):
            return await handler(request)
        origin = _origin(request.url)
        if self._allows(origin):
            response = await self._send(request, handler)
        else:
            if _redirected.get() != origin:
                self._check(origin)
            # A redirect led away: aiohttp makes each request anew, and this one has no credential.
            _redirected.set(None)
            response = await handler(request)
        if response.status in REDIRECTS:
            _redirected.set(_target(response))
        return response

    async def token(self) -> Token:
        """A usable token.

        While one is fresh this costs next to nothing. When a renewal is due, the token that is there is handed out and
        the renewal goes on by itself; without a token this waits for the renewal.

        Raises `cxauth.AuthError`, whose class says what to do.
        """
        return Token((await self._current_async(None)).token)

    async def headers(self, url: str | None = None) -> dict[str, str]:
        """The header fields that an API request carries, as a new dict: the credential, and the platform's own.

        With `url`, only when the token may be sent there; else `cxauth.ConfigurationError` with the code
        `destination_refused`.
        """
        return (await self._current_async(url)).headers()

    async def sign_out(self) -> None:
        """Forgets the tokens, in memory and in the store, and drops what a renewal under way still brings.

        Whoever shares the store drops them at the next renewal. Where the connection has a `revocation_endpoint`
        (RFC 7009) the server ends them. The next request starts afresh where the connection can.

        Raises `cxauth.AuthError`; the tokens are forgotten in memory all the same. With the code `store_unavailable`
        the store still has them; any other one says why the server did not end them.
        """
        await self._driver.sign_out_async()

    async def begin_sign_in(self, redirect_uri: str | None = None) -> Authorization:
        """Prepares a sign-in in a browser (RFC 6749 §4.1 with PKCE, RFC 7636; RFC 9126 where the server has it).

        Send the browser to the `url` of what this returns, and keep its `sign_in` where only that browser comes back
        to. `redirect_uri` takes the place of the connection's.

        Raises `cxauth.AuthError`.
        """
        return await _driver_sign_in.begin_async(self._driver, redirect_uri)

    async def finish_sign_in(self, sign_in: SignIn, redirect_url: str) -> None:
        """Ends a sign-in. `redirect_url` is the whole address that the browser came back to.

        A sign-in is used once, whatever comes of it.

        Raises `cxauth.AuthError`: with the code `redirect_refused` when that is not the answer to this sign-in, and
        `authorization_refused` when the person or the server refused.
        """
        try:
            await _driver_sign_in.finish_async(self._driver, sign_in, redirect_url)
        finally:
            del redirect_url

    async def sign_in_on_device(self, show: Callable[[DevicePrompt], object]) -> None:
        """Signs in on another device (RFC 8628), and waits until the person has decided.

        `show`, which may be async, is called once, with what the person enters there. A task that is cancelled ends
        the sign-in.

        Raises `cxauth.AuthError`: with the code `authorization_refused` when the person said no, and
        `sign_in_expired` when nothing was said in time.
        """
        await _driver_sign_in.on_device_async(self._driver, show)

    def on_event(self, function: Callable[[Event], object]) -> Callable[[], None]:
        """Calls the function with each event from now on; returns a function that ends that.

        It is called in the event loop that is running now.
        """
        loop = asyncio.get_running_loop()

        def listen(event: Event) -> None:
            try:
                loop.call_soon_threadsafe(function, event)
            except RuntimeError:
                # The loop was closed, and with it whoever listened.
                forget()

        forget = super().on_event(listen)
        return forget

    def _sender(self, token_client: aiohttp.ClientSession | None) -> Sender:
        return AiohttpSender(token_client)

    async def _send(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        driver = self._driver
        current = driver.fresh() or await driver.acquire_async()
        _put(request, current)
        response = await handler(request)
        may_retry = True
        while response.status >= 400:
            start = await _peek(response) if _may_name_an_error(response) else b""
            challenges = response.headers.getall("www-authenticate", [])
            refused = driver.refused(current.generation, response.status, challenges, start)
            if not (refused and may_retry and _can_be_sent_again(request)):
                break
            may_retry = False
            response.release()
            current = await driver.acquire_async()
            _put(request, current)
            response = await handler(request)
        return response


def _origin(url: URL) -> str:
    """Where aiohttp connects to; it has taken user information out of the address."""
    return f"{url.scheme}://{url.raw_authority}/"


def _put(request: ClientRequest, current: Current) -> None:
    """Puts the fields into a request. Each replaces what is there: a request has one credential (RFC 6750 §2)."""
    headers = request.headers
    headers[current.name] = current.value
    for name, value in current.others:
        headers[name] = value


def _can_be_sent_again(request: ClientRequest) -> bool:
    """Whether the body is still there: a stream is not."""
    body = request.body
    if isinstance(body, (bytes, BytesPayload)):
        return True
    # Early versions do not say it.
    return not getattr(body, "consumed", True)


def _may_name_an_error(response: ClientResponse) -> bool:
    return response.status != 401 and may_name_an_error(response.headers.get("content-type"))


async def _peek(response: ClientResponse) -> bytes:
    """The start of the body; the answer is as if nobody had looked."""
    peeked = Peeked(response.content)
    response.content = peeked
    return await peeked.start()


def _target(response: ClientResponse) -> str | None:
    """The origin that a redirect leads to."""
    try:
        return _origin(response.url.join(URL(response.headers.get("location", ""))).origin())
    except ValueError:
        return None
