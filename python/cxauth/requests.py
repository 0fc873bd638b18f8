"""Tokens for [requests](https://requests.readthedocs.io): `Auth`.

It takes requests: `pip install 'cxauth[requests]'`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

try:
    import requests
except ImportError as missing:
    raise ImportError("cxauth.requests takes requests: pip install 'cxauth[requests]'") from missing

from requests.auth import AuthBase
from requests.cookies import extract_cookies_to_jar  # pyright: ignore[reportUnknownVariableType]

from cxauth._driver_api import may_name_an_error
from cxauth._driver_plugin import Synchronous
from cxauth._driver_requests import RequestsSender, peek

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Unpack

    from cxauth._connection import Connection
    from cxauth._driver import Driver
    from cxauth._driver_current import Current
    from cxauth._driver_perform import Sender
    from cxauth._native import ManualClock
    from cxauth._settings import Platform, Settings, Signer
    from cxauth.stores import FileStore, Redis, Store

__all__ = ["Auth"]

DRAINED: Final = 64 * 1024
"""So much of a refusal is read to keep its connection, in bytes. A longer one closes it."""


class Auth(Synchronous, AuthBase):
    """Puts the token on every request of a `requests.Session`, and keeps it alive.

        import requests
        import cxauth.requests

        session = requests.Session()
        session.auth = cxauth.requests.Auth.cisco_cx_cloud("my-key", cxauth.Environment("CISCO_SECRET"))
        print(session.get("https://apix.cisco.com/cs/api/v2/inventory/hardware").json())

    Make one for each connection and share it among threads and sessions: one token request is sent for all of them.
    Ctrl-C ends the waiting of one of them and nothing else.

    The first argument is a platform's id, or a `cxauth.Connection`. The keyword arguments are the connection's
    settings and:

    - `token_client`: a `requests.Session` that sends the token requests, instead of one of cxauth's own; it must keep
      no cookies;
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
            token_client: requests.Session | None = None,
            provide: Callable[[], Any] | None = None,
            signers: Mapping[str, Signer] | None = None,
            store: FileStore | Redis | Store | None = None,
            clock: ManualClock | None = None,
            **settings: Unpack[Settings],
        ) -> None: ...

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        """What requests asks for."""
        driver = self._driver
        self._check(_origin(r.url))
        current = driver.fresh() or driver.acquire()
        _put(r, current)
        answered = _Exchange(driver, self._allows, current, _position(r)).answered
        r.hooks["response"].append(answered)
        return r

    def _sender(self, token_client: requests.Session | None) -> Sender:
        return RequestsSender(token_client)


class _Exchange:
    """A request with the credential on it, those that it is redirected to, and their answers."""

    __slots__ = ("_allows", "_current", "_driver", "_position")

    def __init__(self, driver: Driver, allows: Callable[[str], bool], current: Current, position: int | None) -> None:
        self._driver = driver
        self._allows = allows
        self._current = current
        self._position = position

    def answered(self, response: requests.Response, *_: Any, **options: Any) -> requests.Response:
        """What requests calls before it follows a redirect or reads the body."""
        request = response.request
        may_retry = may_put = True
        while self._is_concerned(response):
            if self._is_on(request):
                if not (self._is_refused(response) and may_retry):
                    break
                may_retry = False
            elif not may_put:
                # Something below takes it off each time.
                break
            may_put = False
            if not self._can_be_sent_again(request):
                break
            self._current = self._driver.acquire()
            _put(request, self._current)
            response = _send_again(request, response, options)
        if response.is_redirect and self._is_on(request):
            # Requests makes the next request of this one, and knows no other credential than `Authorization`.
            target = urljoin(response.url, response.headers["location"])
            if not self._allows(_origin(target)):
                del request.headers[self._current.name]
        return response

    def _is_concerned(self, response: requests.Response) -> bool:
        """Whether the answer may be about the token: a redirect may have led away, or have left the token behind."""
        if response.status_code < 400:
            return False
        request = response.request
        asks = response.status_code == 401 or self._is_on(request)
        return asks and self._allows(_origin(request.url))

    def _is_on(self, request: requests.PreparedRequest) -> bool:
        return request.headers.get(self._current.name) == self._current.value

    def _is_refused(self, response: requests.Response) -> bool:
        status, start = response.status_code, b""
        if status != 401 and may_name_an_error(response.headers.get("content-type")):
            start = peek(response)
        challenges = response.raw.headers.getlist("www-authenticate")
        return self._driver.refused(self._current.generation, status, challenges, start)

    def _can_be_sent_again(self, request: requests.PreparedRequest) -> bool:
        """Whether the body is still there: a stream is not."""
        body: Any = request.body
        if body is None or isinstance(body, (bytes, str)):
            return True
        if self._position is None:
            return False
        body.seek(self._position)
        return True


def _send_again(
    request: requests.PreparedRequest, refusal: requests.Response, options: dict[str, Any]
) -> requests.Response:
    """The same request once more, over the connection of the answer, as the authentications of requests' own do it."""
    _drain(refusal)
    changed: Any = request
    extract_cookies_to_jar(changed._cookies, request, refusal.raw)  # type: ignore[no-untyped-call]
    changed.prepare_cookies(changed._cookies)
    start = perf_counter()
    response: requests.Response = refusal.connection.send(request, **options)
    response.elapsed = timedelta(seconds=perf_counter() - start)
    response.history.append(refusal)
    return response


def _drain(refusal: requests.Response) -> None:
    length = refusal.headers.get("content-length", "")
    if length.isdecimal() and int(length) <= DRAINED:
        with suppress(requests.RequestException):
            _ = refusal.content
    refusal.close()


def _origin(url: str | None) -> str:
    """Where requests connects to, with user information if there is any: then it is refused."""
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}/"


def _put(request: requests.PreparedRequest, current: Current) -> None:
    """Puts the fields into a request. Each replaces what is there: a request has one credential (RFC 6750 §2)."""
    headers = request.headers
    headers[current.name] = current.value
    for name, value in current.others:
        headers[name] = value


def _position(request: requests.PreparedRequest) -> int | None:
    """Where a body that is a file begins."""
    body: Any = request.body
    try:
        return int(body.tell())
    except (AttributeError, OSError):
        return None
