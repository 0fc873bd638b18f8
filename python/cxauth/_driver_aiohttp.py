"""Token requests over aiohttp."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

import aiohttp
from aiohttp.base_protocol import BaseProtocol
from aiohttp.payload import BytesPayload

from cxauth._driver_api import START
from cxauth._driver_outcome import Failed
from cxauth._driver_transfer import CONNECT_LIMIT, READ_LIMIT, Body, failed, fields
from cxauth._native import FailureKind

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

    from cxauth._driver_outcome import Outcome
    from cxauth._driver_surroundings import Surroundings
    from cxauth._native import TokenRequest

_TIMEOUT: Final = aiohttp.ClientTimeout(total=READ_LIMIT, connect=CONNECT_LIMIT)


class AiohttpSender:
    """Sends each token request with a session of its own, or with the one that the user names.

    Its own has no middlewares, no cookies, and no connection that the server may have closed already.
    """

    __slots__ = ("_named",)

    def __init__(self, named: aiohttp.ClientSession | None) -> None:
        self._named = named

    def send(self, request: TokenRequest) -> Outcome:
        """Aiohttp knows tasks only."""
        return Failed(FailureKind.Connect, "aiohttp takes a task of asyncio")

    async def send_async(self, request: TokenRequest, surroundings: Surroundings) -> Outcome:
        """Sends it."""
        content = TokenContent(request.body())
        try:
            async with AsyncExitStack() as stack:
                session = self._named
                if session is None:
                    session = await stack.enter_async_context(_session())
                response = await stack.enter_async_context(
                    session.request(
                        request.method(),
                        request.url(),
                        data=content,
                        headers=fields(request),
                        allow_redirects=False,
                        raise_for_status=False,
                        auto_decompress=False,
                    )
                )
                body = Body(response.headers.get("content-encoding", ""))
                async for chunk in response.content.iter_any():
                    if not body.take(chunk):
                        # The rest is not read, so that the connection cannot be used again.
                        response.close()
                        break
                return body.answer(response.status, response.headers.items())
        except Exception as error:  # noqa: BLE001
            return failed(error, begun=content.begun, slow=isinstance(error, asyncio.TimeoutError))


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=_TIMEOUT,
    )


class TokenContent(BytesPayload):
    """The body of a request, which knows whether any of it was sent."""

    begun = False

    async def write(self, writer: AbstractStreamWriter) -> None:
        self.begun = True
        await super().write(writer)

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        self.begun = True
        await super().write_with_length(writer, content_length)


class Peeked(aiohttp.StreamReader):
    """A body of which the start was read, as if nobody had looked."""

    def __init__(self, rest: aiohttp.StreamReader) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(_NoProtocol(loop), 2**16, loop=loop)
        self._rest = rest
        self._failed: Exception | None = None

    async def start(self) -> bytes:
        """The start."""
        chunks: list[bytes] = []
        length = 0
        try:
            while length < START and (chunk := await self._rest.readany()):
                chunks.append(chunk)
                length += len(chunk)
        except Exception as error:  # noqa: BLE001
            # Whoever reads the body hears of it.
            self._failed = error
        start = b"".join(chunks)
        self.feed_data(start)
        return start

    async def _wait(self, func_name: str) -> None:
        """Whoever reads waits here for more of the body."""
        if self._failed is not None:
            raise self._failed
        if chunk := await self._rest.readany():
            self.feed_data(chunk)
        else:
            self.feed_eof()


class _NoProtocol(BaseProtocol):
    """What is not read yet is held back where it comes from."""

    def pause_reading(self, *_: object, **__: object) -> None:
        pass

    def resume_reading(self, *_: object, **__: object) -> None:
        pass
