"""What the plug-ins for HTTP libraries have in common."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any, Final, NoReturn

from cxauth import _driver_sign_in, _store
from cxauth._connection import Connection
from cxauth._driver import Driver, why
from cxauth._driver_perform import Performer
from cxauth._native import FileStore, Redis, SessionState, redirect_uri
from cxauth._status import Status, status_of
from cxauth._token import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from typing_extensions import Self, Unpack

    from cxauth import _native
    from cxauth._driver_current import Current
    from cxauth._driver_perform import Sender
    from cxauth._native import Authorization, ManualClock, SignIn
    from cxauth._prompt import DevicePrompt
    from cxauth._settings import Platform, Secret, Settings, Signer
    from cxauth._status import Event, State
    from cxauth.errors import AuthError
    from cxauth.stores import AnyStore


class Plugin:
    """Made from a connection or from its settings, and asked like a client.

    An argument of a frame of Python's shows in a traceback with locals. So a frame here that takes a secret forgets it
    before it ends.
    """

    _driver: Driver
    _allowed: dict[str, bool]

    def __init__(
        self,
        platform: Platform | Connection | None = None,
        *,
        token_client: Any = None,
        provide: Callable[[], Any] | None = None,
        signers: Mapping[str, Signer] | None = None,
        store: AnyStore | None = None,
        clock: ManualClock | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        try:
            if not (store is None or isinstance(store, Redis) or _store.is_store(store)):
                store = None
                raise TypeError(_store.WANTED)
            if not isinstance(platform, Connection):
                connection = Connection(platform or "generic", provide=provide, signers=signers, **settings)
            elif settings or provide or signers:
                raise TypeError("give the settings to the connection, not beside it")
            else:
                connection = platform
        finally:
            _forget(settings)
        kept = store._of(connection.native) if isinstance(store, (FileStore, Redis)) else store
        performer = Performer(self._sender(token_client), connection.functions, connection.provide, kept)
        self._driver = Driver(connection, performer, clock.time if clock else time)
        self._allowed = {}

    @classmethod
    def cloudcx(cls, domain: str, client_id: str, username: str, password: Secret, **options: Any) -> Self:
        """CloudCX: the tenant's domain, with its port if it has one, and a user of it."""
        try:
            return cls("cloudcx", domain=domain, client_id=client_id, username=username, password=password, **options)
        finally:
            del password, options

    @classmethod
    def cisco_cx_cloud(cls, client_id: str, client_secret: Secret, **options: Any) -> Self:
        """Cisco CX Cloud: the key and the secret of an API profile."""
        try:
            return cls("cisco-cx-cloud", client_id=client_id, client_secret=client_secret, **options)
        finally:
            del client_secret, options

    @classmethod
    def sangoma_cx(cls, client_id: str, client_secret: Secret, scopes: Sequence[str], **options: Any) -> Self:
        """Sangoma CX: the application's credentials, and one scope at least."""
        try:
            return cls("sangoma-cx", client_id=client_id, client_secret=client_secret, scopes=scopes, **options)
        finally:
            del client_secret, options

    @classmethod
    def cloudlx(cls, client_id: str, client_secret: Secret, **options: Any) -> Self:
        """CloudLX (Infiny): the credentials of an application of the portal."""
        try:
            return cls("cloudlx", client_id=client_id, client_secret=client_secret, **options)
        finally:
            del client_secret, options

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], **options: Any) -> Self:
        """Settings as they stand in a configuration file.

        It is a mapping by name, in which a secret is text or a mapping that says where it is read.
        """
        try:
            return cls(**settings, **options)
        finally:
            del settings, options

    @property
    def platform(self) -> str:
        """The platform's id."""
        return self._driver.connection.platform()

    def allows(self, url: str) -> bool:
        """Whether the token may be sent to this address."""
        return self._driver.allows(url)

    def api_url(self, path: str) -> str:
        """The absolute address of an API path, which starts at `api_base` unless it is absolute itself.

        Raises `cxauth.ConfigurationError` with the code `destination_refused` when the token may not be sent there.
        """
        return self._driver.api_url(path)

    def change(
        self,
        *,
        provide: Callable[[], Any] | None = None,
        signers: Mapping[str, Signer] | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        """Gives settings new values: a rotated secret, for instance.

        A secret that is set anew, even to the same value, has a server asked again that refused it. Another identity
        (client, user, scopes, endpoint) forgets the tokens, and leaves those of the first where they are in a `Redis`
        and in a file that `FileStore.in_directory` named: there the new one has a place of its own.

        Raises `cxauth.AuthError`, and nothing is changed then.
        """
        try:
            self._driver.change({"provide": provide, "signers": signers, **settings})
        finally:
            _forget(settings)
        self._allowed = {}

    def refused(self, token: Token, status: int, www_authenticate: Sequence[str] = (), body: bytes = b"") -> bool:
        """Tells that an API refused a token that was sent by hand. True: get another and send the request once more.

        `www_authenticate` are the values of that header field; `body` is as much of the answer's body as is at hand.
        """
        return self._driver.refused(token.generation, status, www_authenticate, body)

    @property
    def status(self) -> Status:
        """How it stands. Looking starts nothing and does not count as asking."""
        return status_of(self)  # type: ignore[arg-type]

    def on_event(self, function: Callable[[Event], object]) -> Callable[[], None]:
        """Calls the function with each event from now on; returns a function that ends that.

        It is called in a thread of cxauth's, one event after the other, and may take its time. What it raises goes to
        `threading.excepthook`.
        """
        return self._driver.listeners.add(function)

    def _status(self) -> tuple[State, _native.Token | None, AuthError | None, float | None]:
        state, usable, look, next_wakeup = self._driver.status()
        token = usable.token() if usable.has_token() else None
        return _STATES[state], token, why(look), next_wakeup

    @property
    def _redirect_uri(self) -> str | None:
        return redirect_uri(self._driver.connection)

    def _sender(self, token_client: Any) -> Sender:
        raise NotImplementedError

    def _allows(self, origin: str) -> bool:
        """Whether the token may be sent to this origin: the same is asked again and again."""
        allowed = self._allowed
        known = allowed.get(origin)
        if known is None:
            if len(allowed) >= 64:
                allowed.clear()
            known = allowed[origin] = self._driver.allows(origin)
        return known

    def _check(self, origin: str) -> None:
        if not self._allows(origin):
            self._driver.api_url(origin)
            # What cannot even be read as an address.
            self._driver.api_url("data:,")

    def _current(self, url: str | None) -> Current:
        if url is not None:
            self._driver.api_url(url)
        return self._driver.fresh() or self._driver.acquire()

    async def _current_async(self, url: str | None) -> Current:
        if url is not None:
            self._driver.api_url(url)
        return self._driver.fresh() or await self._driver.acquire_async()

    def __repr__(self) -> str:
        cls, connection = type(self), self._driver.connection
        endpoint = connection.token_endpoint()
        place = f" at {endpoint}" if endpoint else ""
        return f"<{cls.__module__}.{cls.__qualname__} {connection.platform()}{place}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        cls = type(self)
        raise TypeError(
            f"{cls.__module__}.{cls.__qualname__} is not pickled: it holds secrets; make one in each process"
        )

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Synchronous(Plugin):
    """For threads."""

    def token(self) -> Token:
        """A usable token.

        While one is fresh this costs next to nothing. When a renewal is due, the token that is there is handed out and
        the renewal goes on by itself; without a token this waits for the renewal. Ctrl-C ends the waiting and nothing
        else.

        Raises `cxauth.AuthError`, whose class says what to do.
        """
        return Token(self._current(None).token)

    def headers(self, url: str | None = None) -> dict[str, str]:
        """The header fields that an API request carries, as a new dict: the credential, and the platform's own.

        With `url`, only when the token may be sent there; else `cxauth.ConfigurationError` with the code
        `destination_refused`.
        """
        return self._current(url).headers()

    def sign_out(self) -> None:
        """Forgets the tokens, in memory and in the store, and drops what a renewal under way still brings.

        Whoever shares the store drops them at the next renewal. Where the connection has a `revocation_endpoint`
        (RFC 7009) the server ends them. The next request starts afresh where the connection can.

        Raises `cxauth.AuthError`; the tokens are forgotten in memory all the same. With the code `store_unavailable`
        the store still has them; any other one says why the server did not end them.
        """
        self._driver.sign_out()

    def begin_sign_in(self, redirect_uri: str | None = None) -> Authorization:
        """Prepares a sign-in in a browser (RFC 6749 §4.1 with PKCE, RFC 7636; RFC 9126 where the server has it).

        Send the browser to the `url` of what this returns, and keep its `sign_in` where only that browser comes back
        to. `redirect_uri` takes the place of the connection's.

        Raises `cxauth.AuthError`.
        """
        return _driver_sign_in.begin(self._driver, redirect_uri)

    def finish_sign_in(self, sign_in: SignIn, redirect_url: str) -> None:
        """Ends a sign-in. `redirect_url` is the whole address that the browser came back to.

        A sign-in is used once, whatever comes of it.

        Raises `cxauth.AuthError`: with the code `redirect_refused` when that is not the answer to this sign-in, and
        `authorization_refused` when the person or the server refused.
        """
        try:
            _driver_sign_in.finish(self._driver, sign_in, redirect_url)
        finally:
            del redirect_url

    def sign_in_on_device(self, show: Callable[[DevicePrompt], object]) -> None:
        """Signs in on another device (RFC 8628), and waits until the person has decided.

        `show` is called once, with what the person enters there. Ctrl-C ends the sign-in.

        Raises `cxauth.AuthError`: with the code `authorization_refused` when the person said no, and
        `sign_in_expired` when nothing was said in time.
        """
        _driver_sign_in.on_device(self._driver, show)


def _forget(arguments: Any) -> None:
    """Empties what a traceback would show with the variables of a frame."""
    arguments.clear()


_STATES: Final[dict[SessionState, State]] = {
    SessionState.Empty: "empty",
    SessionState.Renewing: "renewing",
    SessionState.Fresh: "fresh",
    SessionState.Due: "due",
    SessionState.RenewingEarly: "renewing_early",
    SessionState.Degraded: "degraded",
    SessionState.Waiting: "waiting",
    SessionState.Denied: "denied",
}
