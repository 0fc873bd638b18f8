"""The client for asyncio."""

from __future__ import annotations

from cxauth._native import AsyncClientBase
from cxauth._prompt import DevicePrompt
from cxauth._status import Event, Status, status_of
from cxauth._token import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from collections.abc import Callable, Sequence
    from typing import Any

    from typing_extensions import Self

    from cxauth import _native
    from cxauth._native import Authorization, SignIn


class AsyncClient(AsyncClientBase):
    """Tokens of one connection, kept alive, for asyncio.

        async with cxauth.AsyncClient.cisco_cx_cloud("key", cxauth.Environment("CISCO_SECRET")) as client:
            headers = await client.headers()

    Make one for each connection and share it: any number of tasks may use it at once, and one token request is sent for
    all of them. A task that is cancelled while it waits changes nothing for the others. No thread is started for a
    call; all clients of a process share one thread that does their HTTP.

    The arguments are those of `cxauth.Client`. Functions for secrets and for `provide` may be async; they are called in
    the event loop that waits for them.
    """

    __slots__ = ()

    async def token(self) -> Token:
        """A usable token.

        While one is fresh this costs next to nothing. When a renewal is due, the token that is there is handed out and
        the renewal goes on by itself; without a token this waits for the renewal.

        Raises `cxauth.AuthError`, whose class says what to do.
        """
        return Token(await self._native_token())

    async def headers(self, url: str | None = None) -> dict[str, str]:
        """The header fields that an API request carries, as a new dict: the credential, and the platform's own.

        With `url`, only when the token may be sent there; else `cxauth.ConfigurationError` with the code
        `destination_refused`.
        """
        headers = self._fresh_headers(url)
        return Token(await self._native_token()).headers() if headers is None else headers

    async def sign_out(self) -> None:
        """Forgets the tokens, in memory and in the store, and drops what a renewal under way still brings.

        Whoever shares the store drops them at the next renewal. Where the connection has a `revocation_endpoint`
        (RFC 7009) the server ends them. The next `token()` starts afresh where the connection can.

        Raises `cxauth.AuthError`; the tokens are forgotten in memory all the same. With the code `store_unavailable`
        the store still has them; any other one says why the server did not end them.
        """
        await self._sign_out(_running_loop())

    async def begin_sign_in(self, redirect_uri: str | None = None) -> Authorization:
        """Prepares a sign-in in a browser (RFC 6749 §4.1 with PKCE, RFC 7636; RFC 9126 where the server has it).

        Send the browser to the `url` of what this returns, and keep its `sign_in` where only that browser comes back
        to. `redirect_uri` takes the place of the connection's.

        Raises `cxauth.AuthError`.
        """
        return await self._begin_sign_in(_running_loop(), redirect_uri)

    async def finish_sign_in(self, sign_in: SignIn, redirect_url: str) -> None:
        """Ends a sign-in. `redirect_url` is the whole address that the browser came back to.

        A sign-in is used once, whatever comes of it. What is sent goes on when this is cancelled.

        Raises `cxauth.AuthError`: with the code `redirect_refused` when that is not the answer to this sign-in, and
        `authorization_refused` when the person or the server refused.
        """
        try:
            await self._finish_sign_in(_running_loop(), sign_in, redirect_url)
        finally:
            # What a traceback would show with the variables of this frame.
            del redirect_url

    async def sign_in_on_device(self, show: Callable[[DevicePrompt], object]) -> None:
        """Signs in on another device (RFC 8628), and waits until the person has decided.

        `show`, which may be async, is called once, with what the person enters there. A task that is cancelled ends
        the sign-in.

        Raises `cxauth.AuthError`: with the code `authorization_refused` when the person said no, and
        `sign_in_expired` when nothing was said in time.
        """
        from asyncio import FIRST_COMPLETED, wait
        from inspect import isawaitable

        event_loop = _running_loop()
        prompted: Future[DevicePrompt] = event_loop.create_future()

        def note(*prompt: Any) -> None:
            if not prompted.done():
                prompted.set_result(DevicePrompt(*prompt))

        signed_in = self._sign_in_on_device(event_loop, note)
        try:
            await wait((prompted, signed_in), return_when=FIRST_COMPLETED)
            if prompted.done():
                shown = show(prompted.result())
                if isawaitable(shown):
                    await shown
            await signed_in
        finally:
            signed_in.cancel()
            prompted.cancel()

    async def close(self) -> None:
        """Waits until no renewal is under way and ends background renewal.

        A client that is closed cannot be used any more.
        """
        settled = self._close(_running_loop())
        if settled is not None:
            await settled

    def refused(
        self,
        token: Token,
        status: int,
        www_authenticate: Sequence[str] = (),
        body: bytes = b"",
    ) -> bool:
        """Tells that an API refused a token. True: get a token again and send the request once more, once.

        `www_authenticate` are the values of that header field; `body` is as much of the answer's body as is at hand.
        """
        return self._refused(token.native, status, www_authenticate, body)

    @property
    def status(self) -> Status:
        """How it stands. Looking starts nothing and does not count as asking."""
        return status_of(self)

    def on_event(self, function: Callable[[Event], object]) -> Callable[[], None]:
        """Calls the function with each event from now on; returns a function that ends that.

        It is called in the event loop that is running now.
        """
        event_loop = _running_loop()

        def listen(event: _native.SessionEvent) -> None:
            try:
                event_loop.call_soon_threadsafe(function, Event(event))
            except RuntimeError:
                # The loop was closed, and with it whoever listened.
                self._forget(number)

        number = self._listen(listen)
        return lambda: self._forget(number)

    async def _native_token(self) -> _native.Token:
        event_loop = _running_loop()
        token = self._now(event_loop)
        return await self._later(event_loop) if token is None else token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _running_loop() -> AbstractEventLoop:
    from asyncio import get_running_loop

    return get_running_loop()
