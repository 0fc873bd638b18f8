"""Tokens for [httpx](https://www.python-httpx.org): `Auth`, for `httpx.Client` and `httpx.AsyncClient`.

It takes httpx: `pip install 'cxauth[httpx]'`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

try:
    import httpx
except ImportError as missing:
    raise ImportError("cxauth.httpx takes httpx: pip install 'cxauth[httpx]'") from missing

from cxauth import _driver_sign_in
from cxauth._driver_api import ATTEMPTS, START, decoded, may_name_an_error
from cxauth._driver_httpx import HttpxSender
from cxauth._driver_plugin import Synchronous
from cxauth._token import Token

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Mapping

    from typing_extensions import Unpack

    from cxauth._connection import Connection
    from cxauth._driver_current import Current
    from cxauth._driver_perform import Sender
    from cxauth._native import Authorization, ManualClock, SignIn
    from cxauth._prompt import DevicePrompt
    from cxauth._settings import Platform, Settings, Signer
    from cxauth.stores import AnyStore

__all__ = ["Auth"]

AUTHORIZATION: Final = "Authorization"


class Auth(Synchronous, httpx.Auth):
    """Puts the token on every request of an `httpx.Client` or an `httpx.AsyncClient`, and keeps it alive.

        import httpx
        import cxauth.httpx

        auth = cxauth.httpx.Auth.cisco_cx_cloud("my-key", cxauth.Environment("CISCO_SECRET"))
        with httpx.Client(auth=auth) as client:
            print(client.get("https://apix.cisco.com/cs/api/v2/inventory/hardware").json())

    Make one for each connection and share it among threads, tasks and clients: one token request is sent for all of
    them. A task that is cancelled while it waits changes nothing for the others.

    The first argument is a platform's id, or a `cxauth.Connection`. The keyword arguments are the connection's
    settings and:

    - `token_client`: an `httpx.Client` or `httpx.AsyncClient` that sends the token requests, instead of one of
      cxauth's own; it must keep no cookies;
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
            token_client: httpx.Client | httpx.AsyncClient | None = None,
            provide: Callable[[], Any] | None = None,
            signers: Mapping[str, Signer] | None = None,
            store: AnyStore | None = None,
            clock: ManualClock | None = None,
            **settings: Unpack[Settings],
        ) -> None: ...

    requires_request_body = False
    requires_response_body = False

    async def atoken(self) -> Token:
        """`token` in a task of asyncio or trio."""
        return Token((await self._current_async(None)).token)

    async def aheaders(self, url: str | None = None) -> dict[str, str]:
        """`headers` in a task of asyncio or trio."""
        return (await self._current_async(url)).headers()

    async def asign_out(self) -> None:
        """`sign_out` in a task of asyncio or trio."""
        await self._driver.sign_out_async()

    async def abegin_sign_in(self, redirect_uri: str | None = None) -> Authorization:
        """`begin_sign_in` in a task of asyncio or trio."""
        return await _driver_sign_in.begin_async(self._driver, redirect_uri)

    async def afinish_sign_in(self, sign_in: SignIn, redirect_url: str) -> None:
        """`finish_sign_in` in a task of asyncio or trio."""
        try:
            await _driver_sign_in.finish_async(self._driver, sign_in, redirect_url)
        finally:
            del redirect_url

    async def asign_in_on_device(self, show: Callable[[DevicePrompt], object]) -> None:
        """`sign_in_on_device` in a task of asyncio or trio, whose end ends the sign-in. `show` may be async."""
        await _driver_sign_in.on_device_async(self._driver, show)

    def _sender(self, token_client: httpx.Client | httpx.AsyncClient | None) -> Sender:
        return HttpxSender(token_client)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """What `httpx.Client` asks for."""
        driver = self._driver
        self._check(_origin(request.url))
        current = driver.fresh() or driver.acquire()
        _put(request, current)
        response = yield request
        may_retry = True
        for _ in range(ATTEMPTS):
            if not self._is_concerned(response, current):
                return
            if _carries(response.request, current):
                start = _peek(response) if _may_name_an_error(response) else b""
                if not (self._is_refused(response, current, start) and may_retry):
                    return
                may_retry = False
            if not _can_be_sent_again(response.request):
                return
            current = driver.acquire()
            _put(response.request, current)
            response = yield response.request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """What `httpx.AsyncClient` asks for."""
        driver = self._driver
        self._check(_origin(request.url))
        current = driver.fresh() or await driver.acquire_async()
        _put(request, current)
        response = yield request
        may_retry = True
        for _ in range(ATTEMPTS):
            if not self._is_concerned(response, current):
                return
            if _carries(response.request, current):
                start = await _peek_async(response) if _may_name_an_error(response) else b""
                if not (self._is_refused(response, current, start) and may_retry):
                    return
                may_retry = False
            if not _can_be_sent_again(response.request):
                return
            current = await driver.acquire_async()
            _put(response.request, current)
            response = yield response.request

    def _is_concerned(self, response: httpx.Response, current: Current) -> bool:
        """Whether the answer may be about the token: a redirect may have led away, or have left the token behind."""
        if response.status_code < 400:
            return False
        request = response.request
        asks = response.status_code == 401 or _carries(request, current)
        return asks and self._allows(_origin(request.url))

    def _is_refused(self, response: httpx.Response, current: Current, start: bytes) -> bool:
        challenges = response.headers.get_list("www-authenticate")
        return self._driver.refused(current.generation, response.status_code, challenges, start)


def _origin(url: httpx.URL) -> str:
    """Where httpx connects to. An address with user information is refused."""
    user = "user@" if url.userinfo else ""
    return f"{url.scheme}://{user}{url.netloc.decode('ascii')}/"


def _put(request: httpx.Request, current: Current) -> None:
    """Puts the fields into a request. Each replaces what is there: a request has one credential (RFC 6750 §2)."""
    headers = request.headers
    if current.name == AUTHORIZATION:
        headers[AUTHORIZATION] = current.value
    else:
        _put_elsewhere(headers, current)
    for name, value in current.others:
        headers[name] = value


def _put_elsewhere(headers: httpx.Headers, current: Current) -> None:
    """Puts the credential into a field such as `X-API-Key`, and has httpx take it for `Authorization`.

    A redirect to another origin drops the field of that name, and no other one. Httpx compares the names by which
    fields are looked up, and sends the names as they are written; it prints `[secure]` for the same reason.
    """
    name = current.name.encode()
    fields = headers._list  # pyright: ignore[reportPrivateUsage]
    fields[:] = [field for field in fields if field[0].lower() != name.lower()]
    fields.append((name, AUTHORIZATION.lower().encode(), current.value.encode()))


def _carries(request: httpx.Request, current: Current) -> bool:
    value = current.value.encode()
    return any(value == sent for _, sent in request.headers.raw)


def _can_be_sent_again(request: httpx.Request) -> bool:
    """Whether the body is still there: a stream is not."""
    stream = request.stream
    if isinstance(stream, httpx.ByteStream):
        return True
    # A form with files: httpx goes back to where each file begins.
    parts: Any = getattr(stream, "fields", None)
    return parts is not None and all(_is_still_there(part) for part in parts)


def _is_still_there(part: Any) -> bool:
    file = getattr(part, "file", b"")
    return isinstance(file, (bytes, str)) or (hasattr(file, "seekable") and bool(file.seekable()))


def _may_name_an_error(response: httpx.Response) -> bool:
    return response.status_code != 401 and may_name_an_error(response.headers.get("content-type"))


def _peek(response: httpx.Response) -> bytes:
    """The start of the body; the answer is as if nobody had looked."""
    if response.is_stream_consumed:
        return response.content[:START]
    peeked = _Peeked(cast("httpx.SyncByteStream", response.stream))
    response.stream = peeked
    return decoded(peeked.start(), response.headers.get("content-encoding"))


async def _peek_async(response: httpx.Response) -> bytes:
    if response.is_stream_consumed:
        return response.content[:START]
    peeked = _PeekedAsync(cast("httpx.AsyncByteStream", response.stream))
    response.stream = peeked
    return decoded(await peeked.start(), response.headers.get("content-encoding"))


class _Peeked(httpx.SyncByteStream):
    """A stream of which the start was read."""

    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self._stream = stream
        self._chunks = iter(stream)
        self._read: list[bytes] = []
        self._failed: Exception | None = None

    def start(self) -> bytes:
        length = 0
        try:
            while length < START and (chunk := next(self._chunks, None)) is not None:
                self._read.append(chunk)
                length += len(chunk)
        except Exception as error:  # noqa: BLE001
            # Whoever reads the body hears of it.
            self._failed = error
        return b"".join(self._read)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._read
        if self._failed is not None:
            raise self._failed
        yield from self._chunks

    def close(self) -> None:
        self._stream.close()


class _PeekedAsync(httpx.AsyncByteStream):
    """The same for asynchronous code."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream
        self._chunks = aiter(stream)
        self._read: list[bytes] = []
        self._failed: Exception | None = None

    async def start(self) -> bytes:
        length = 0
        try:
            async for chunk in self._chunks:
                self._read.append(chunk)
                length += len(chunk)
                if length >= START:
                    break
        except Exception as error:  # noqa: BLE001
            # Whoever reads the body hears of it.
            self._failed = error
        return b"".join(self._read)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._read:
            yield chunk
        if self._failed is not None:
            raise self._failed
        async for chunk in self._chunks:
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
