"""Token requests over httpx."""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING, Final

import httpx

from cxauth._driver_outcome import Failed
from cxauth._driver_transfer import CONNECT_LIMIT, READ_LIMIT, Body, failed, fields
from cxauth._native import FailureKind

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterator

    from cxauth._driver_outcome import Outcome
    from cxauth._driver_surroundings import Surroundings
    from cxauth._native import TokenRequest

_TIMEOUT: Final = httpx.Timeout(READ_LIMIT, connect=CONNECT_LIMIT)


class HttpxSender:
    """Sends each token request with a client of its own, or with the one that the user names.

    Its own has no hooks, no cookies, and no connection that the server may have closed already.
    """

    __slots__ = ("_named", "_trust")

    def __init__(self, named: httpx.Client | httpx.AsyncClient | None) -> None:
        self._named = named
        self._trust: ssl.SSLContext | None = None

    def send(self, request: TokenRequest) -> Outcome:
        """Sends it in synchronous code."""
        if isinstance(self._named, httpx.AsyncClient):
            return _ASYNC_ONLY
        sent = _Sent(request)
        try:
            with ExitStack() as stack:
                client = self._named or stack.enter_context(httpx.Client(verify=self._trusted(), timeout=_TIMEOUT))
                built = sent.built(client, sent.chunks())
                response = client.send(built, stream=True, auth=None, follow_redirects=False)
                stack.callback(response.close)
                body = Body(_coding(response))
                for chunk in [response.content] if _is_read(response) else response.iter_raw():
                    if not body.take(chunk):
                        break
                return body.answer(response.status_code, response.headers.multi_items())
        except Exception as error:  # noqa: BLE001
            return sent.failed(error)

    async def send_async(self, request: TokenRequest, surroundings: Surroundings) -> Outcome:
        """Sends it in a task of asyncio or trio."""
        named = self._named
        if isinstance(named, httpx.Client):
            return await surroundings.away(lambda: self.send(request))
        sent = _Sent(request)
        try:
            async with AsyncExitStack() as stack:
                client = named
                if client is None:
                    trusted = await surroundings.away(self._trusted)
                    client = httpx.AsyncClient(verify=trusted, timeout=_TIMEOUT)
                    await stack.enter_async_context(client)
                built = sent.built(client, sent.chunks_async())
                response = await client.send(built, stream=True, auth=None, follow_redirects=False)
                stack.push_async_callback(response.aclose)
                body = Body(_coding(response))
                if _is_read(response):
                    body.take(response.content)
                else:
                    async for chunk in response.aiter_raw():
                        if not body.take(chunk):
                            break
                return body.answer(response.status_code, response.headers.multi_items())
        except Exception as error:  # noqa: BLE001
            return sent.failed(error)

    def _trusted(self) -> ssl.SSLContext:
        """Reading the authorities' certificates takes longer than all else: once is enough."""
        if self._trust is None:
            self._trust = httpx.create_ssl_context()
        return self._trust


class _Sent:
    """A request on its way."""

    __slots__ = ("_begun", "_request")

    def __init__(self, request: TokenRequest) -> None:
        self._request = request
        self._begun = False

    def built(
        self,
        client: httpx.Client | httpx.AsyncClient,
        content: Iterator[bytes] | AsyncIterator[bytes],
    ) -> httpx.Request:
        headers = fields(self._request)
        # Else it would go out in chunks, which not every server takes.
        headers["content-length"] = str(len(self._request.body()))
        return client.build_request(self._request.method(), self._request.url(), headers=headers, content=content)

    def chunks(self) -> Iterator[bytes]:
        self._begun = True
        yield self._request.body()

    async def chunks_async(self) -> AsyncIterator[bytes]:
        self._begun = True
        yield self._request.body()

    def failed(self, error: Exception) -> Failed:
        slow = isinstance(error, httpx.TimeoutException)
        return failed(error, begun=self._begun, slow=slow)


def _is_read(response: httpx.Response) -> bool:
    """A hook of the user's client may have read the answer."""
    return response.is_stream_consumed


def _coding(response: httpx.Response) -> str:
    # What was read was decoded.
    return "" if _is_read(response) else response.headers.get("content-encoding", "")


_ASYNC_ONLY: Final = Failed(
    FailureKind.Connect,
    "`token_client` is an httpx.AsyncClient, and synchronous code asks for a token: give an httpx.Client",
)
