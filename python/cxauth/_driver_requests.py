"""Token requests over requests."""

from __future__ import annotations

import io
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import requests
from urllib3 import HTTPResponse
from urllib3.exceptions import TimeoutError as Urllib3Timeout

from cxauth._driver_api import START, decoded
from cxauth._driver_transfer import CONNECT_LIMIT, READ_LIMIT, Body, failed, fields

if TYPE_CHECKING:
    from cxauth._driver_outcome import Outcome
    from cxauth._driver_surroundings import Surroundings
    from cxauth._native import TokenRequest

CHUNK: Final = 16 * 1024


class RequestsSender:
    """Sends each token request with a session of its own, or with the one that the user names.

    Its own has no hooks, no cookies, and no connection that the server may have closed already.
    """

    __slots__ = ("_named",)

    def __init__(self, named: requests.Session | None) -> None:
        self._named = named

    def send(self, request: TokenRequest) -> Outcome:
        """Sends it."""
        content = _Content(request.body())
        try:
            with ExitStack() as stack:
                session = self._named or stack.enter_context(_Session())
                response = session.request(
                    request.method(),
                    request.url(),
                    data=content,
                    headers=fields(request),
                    # None would have requests look for a password of its own for this host, in ~/.netrc.
                    auth=_as_it_is,
                    timeout=(CONNECT_LIMIT, READ_LIMIT),
                    allow_redirects=False,
                    stream=True,
                )
                stack.callback(response.close)
                # An answer that breaks off is an error: urllib3 says so by itself from its version 2 on.
                response.raw.enforce_content_length = True
                body = Body(response.headers.get("content-encoding", ""))
                if _is_read(response):
                    body = Body("")
                    body.take(response.content)
                for chunk in response.raw.stream(CHUNK, decode_content=False):
                    if not body.take(chunk):
                        break
                return body.answer(response.status_code, response.headers.items())
        except Exception as error:  # noqa: BLE001
            slow = isinstance(error, (requests.Timeout, Urllib3Timeout))
            return failed(error, begun=content.begun, slow=slow)

    async def send_async(self, request: TokenRequest, surroundings: Surroundings) -> Outcome:
        """Requests knows threads only."""
        return await surroundings.away(lambda: self.send(request))


class _Content(io.BytesIO):
    """The body of a request, which knows whether any of it was sent."""

    begun = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.begun = True
        return super().read(size)


class _Session(requests.Session):
    """Requests reads the whole body of a redirect, even of one that it does not follow."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None is one."""
        return None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def peek(response: requests.Response) -> bytes:
    """The start of the body; the answer is as if nobody had looked."""
    if _is_read(response):
        return response.content[:START]
    raw = response.raw
    peeked = _Peeked(raw)
    response.raw = HTTPResponse(
        body=peeked,  # type: ignore[arg-type]
        headers=raw.headers,
        status=raw.status,
        version=raw.version,
        reason=raw.reason,
        preload_content=False,
        # Where requests looks for cookies.
        original_response=getattr(raw, "_original_response", None),
        request_method=response.request.method,
    )
    return decoded(peeked.start, raw.headers.get("content-encoding"))


class _Peeked:
    """A body of which the start was read, as a file."""

    def __init__(self, raw: HTTPResponse) -> None:
        self._raw = raw
        self._failed: Exception | None = None
        try:
            self.start = raw.read(START, decode_content=False)
        except Exception as error:  # noqa: BLE001
            # Whoever reads the body hears of it.
            self.start, self._failed = b"", error
        self._rest = io.BytesIO(self.start)

    @property
    def closed(self) -> bool:
        return self._rest.closed

    def read(self, size: int | None = None) -> bytes:
        if content := self._rest.read(size):
            return content
        if self._failed is not None:
            raise self._failed
        return self._raw.read(size, decode_content=False)

    def close(self) -> None:
        self._rest.close()
        self._raw.close()
        self._raw.release_conn()


def _is_read(response: requests.Response) -> bool:
    """A hook of the user's may have read it."""
    return bool(getattr(response, "_content_consumed", False))
