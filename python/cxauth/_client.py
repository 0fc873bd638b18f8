"""The client for programs and threads."""

from __future__ import annotations

from cxauth._native import SyncClientBase
from cxauth._prompt import DevicePrompt
from cxauth._status import Event, Status, status_of
from cxauth._token import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typing_extensions import Self


class Client(SyncClientBase):
    """Tokens of one connection, kept alive, for programs and threads.

        client = cxauth.Client.cisco_cx_cloud("key", cxauth.Environment("CISCO_SECRET"))
        requests.get("https://apix.cisco.com/cs/api/v2/inventory/hardware", headers=client.headers())

    Make one for each connection and share it: any number of threads may use it at once, and one token request is sent
    for all of them. Token requests go through an HTTP client of its own, in a thread of its own. Use
    `cxauth.AsyncClient` with asyncio.

    The first argument is a platform's id, or a `cxauth.Connection`. The keyword arguments are the connection's settings
    and:

    - `provide`: a function that brings tokens from elsewhere, as `str` or `cxauth.Provided`;
    - `signers`: functions that sign with the client's keys, by the names that `client_key` calls them;
    - `store`: a `cxauth.stores.FileStore`, a `cxauth.stores.Redis`, or a store of your own (`cxauth.stores.Store`), for
      tokens that other processes and the next run share;
    - `background`: renews before anybody needs it, as long as somebody asks now and then;
    - `patience`: how many seconds a call may wait while nothing may be sent; without it the error says when to come
      again;
    - `timeout`: the seconds that one token request may take, 30 by default and 35 at most;
    - `proxy`: the address of a proxy; `trust_env=False` ignores the proxies of the environment;
    - `root_certificates`: a PEM file, or PEM as bytes, with certificate authorities to trust besides the system's;
    - `clock`: a `cxauth.ManualClock`, for tests.

    Raises `cxauth.ConfigurationError` when the settings do not make sense together. It connects to nothing yet.
    """

    __slots__ = ()

    def token(self) -> Token:
        """A usable token.

        While one is fresh this costs next to nothing. When a renewal is due, the token that is there is handed out and
        the renewal goes on by itself; without a token this waits for the renewal. Ctrl-C ends the waiting and nothing
        else.

        Raises `cxauth.AuthError`, whose class says what to do.
        """
        return Token(self._token())

    def sign_in_on_device(self, show: Callable[[DevicePrompt], object]) -> None:
        """Signs in on another device (RFC 8628), and waits until the person has decided.

        `show` is called once, with what the person enters there. Ctrl-C ends the sign-in.

        Raises `cxauth.AuthError`: with the code `authorization_refused` when the person said no, and
        `sign_in_expired` when nothing was said in time.
        """
        self._sign_in_on_device(
            lambda user_code, place, complete, expires_at: show(DevicePrompt(user_code, place, complete, expires_at))
        )

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

        It is called in a thread of cxauth's, one event after the other, and may take its time. What it raises goes to
        `sys.unraisablehook`.
        """
        number = self._listen(lambda event: function(Event(event)))
        return lambda: self._forget(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
