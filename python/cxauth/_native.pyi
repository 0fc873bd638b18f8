# From here on generated from crates/cxauth-bridge by `cargo xtask interface`: do not edit.

from collections.abc import Sequence
from typing import ClassVar, final

# What is written by hand adds its own with `+=`.
__all__ = [
    "parse_challenges",
    "open_connection",
    "platforms",
    "max_answer_bytes",
    "metadata_addresses",
    "read_metadata",
    "max_metadata_bytes",
    "error_codes",
    "open_session",
    "restore_session",
    "snapshot_generation",
    "sign_in_is_answered_by",
    "AcquiredKind",
    "SessionEventKind",
    "Refusal",
    "SessionState",
    "StepKind",
    "SecretSourceKind",
    "FailureKind",
    "Acquired",
    "Challenges",
    "Challenge",
    "Connection",
    "ErrorDetails",
    "SessionEvent",
    "Introspection",
    "Proof",
    "Session",
    "Step",
    "TokenRequest",
    "Token",
]

def parse_challenges(field: str) -> Challenges:
    """Reads one value of the field, strictly: what is malformed holds no challenge."""

def open_connection(json: str) -> Connection:
    """Reads a connection from a JSON object: a platform (or `generic`), the credentials, and any
    setting of the platform's profile.

    Raises `cxauth.AuthError`.
    """

def platforms() -> list[str]:
    """The platforms that cxauth knows."""

def max_answer_bytes() -> int:
    """The longest body of a token endpoint's answer that is read. A driver stops reading after
    one byte more and hands over what it has.
    """

def metadata_addresses(issuer: str) -> list[str]:
    """Where an issuer keeps its metadata (RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4). Try
    one after the other with `GET` and `accept: application/json`, follow no redirect, and
    take the first answer that `read_metadata` takes.

    Raises `cxauth.AuthError`.
    """

def read_metadata(issuer: str, status: int, body: bytes | bytearray) -> str:
    """The settings that a metadata document stands for, as the text of a JSON object.

    Raises `cxauth.AuthError`.
    """

def max_metadata_bytes() -> int:
    """The longest metadata document that is read. A driver stops reading after one byte more and
    hands over what it has.
    """

def error_codes() -> list[str]:
    """Every code that an error may carry, in the order of the glossary."""

def open_session(
    connection: Connection,
    now_ms: float,
    entropy: bytes | bytearray,
    store: bool,
) -> Session:
    """A session without tokens. `entropy` (16 bytes or more of the operating system's) spreads
    renewals and retries over time. With `store` each flight locks the store, reads it before
    it sends, and saves what it brought.
    """

def restore_session(
    connection: Connection,
    now_ms: float,
    entropy: bytes | bytearray,
    store: bool,
    snapshot: str,
) -> Session:
    """A session that goes on from a snapshot. A snapshot of another client, user or server gives
    no tokens.

    Raises `cxauth.AuthError`.
    """

def snapshot_generation(snapshot: str) -> float:
    """The generation of a snapshot: a store never replaces one by an older one.

    Raises `cxauth.AuthError`.
    """

def sign_in_is_answered_by(sign_in: str, redirect: str) -> bool:
    """Whether the redirect carries the state of this sign-in, so that a program with several
    under way finds the right one.

    Raises `cxauth.AuthError`.
    """

@final
class AcquiredKind:
    """What a caller does."""

    Ready: ClassVar[AcquiredKind]
    """Use the token."""
    Lead: ClassVar[AcquiredKind]
    """Lead the flight: perform its steps. With a token the caller itself can go on meanwhile."""
    Follow: ClassVar[AcquiredKind]
    """Somebody else is on it: go on with the token, or wait for the flight's end (at most until
    its deadline) and acquire again.
    """
    Wait: ClassVar[AcquiredKind]
    """Nothing is sent before `until_ms`."""
    Denied: ClassVar[AcquiredKind]
    """Nothing will come before something is changed."""
    Nothing: ClassVar[AcquiredKind]
    """Nothing is to be done; only where nobody asked to do something."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class SessionEventKind:
    """What happened."""

    Renewed: ClassVar[SessionEventKind]
    """A new set of tokens is in service."""
    Waiting: ClassVar[SessionEventKind]
    """A renewal failed, and there is nothing usable."""
    Degraded: ClassVar[SessionEventKind]
    """A renewal or a save failed, and a token still serves."""
    Refused: ClassVar[SessionEventKind]
    """An API refused the token."""
    SignedOut: ClassVar[SessionEventKind]
    """There is no way to a token any more before somebody signs in."""
    Expiring: ClassVar[SessionEventKind]
    """What cannot be renewed before it ends will end in 30, 14, 7 or 1 days."""
    Other: ClassVar[SessionEventKind]
    """Something that this version of the interface has no word for."""
    Nothing: ClassVar[SessionEventKind]
    """Nothing more happened."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class Refusal:
    """What to do with an API's answer."""

    Retry: ClassVar[Refusal]
    """Acquire a token again and send the request once more, once."""
    Leave: ClassVar[Refusal]
    """The answer is the caller's: another token would not change it."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class SessionState:
    """How a session stands."""

    Empty: ClassVar[SessionState]
    """No usable token; the next caller leads a flight."""
    Renewing: ClassVar[SessionState]
    """No usable token; a flight is under way."""
    Fresh: ClassVar[SessionState]
    """A token serves, and nothing is due."""
    Due: ClassVar[SessionState]
    """A token serves; the next caller leads a flight."""
    RenewingEarly: ClassVar[SessionState]
    """A token serves; a flight is under way."""
    Degraded: ClassVar[SessionState]
    """A token serves; its renewal failed and is held back."""
    Waiting: ClassVar[SessionState]
    """No usable token; the renewal is held back."""
    Denied: ClassVar[SessionState]
    """No usable token; nothing will come before something is changed."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class StepKind:
    """What a flight's leader does next."""

    Lock: ClassVar[StepKind]
    """Lock the store, then `done`."""
    Load: ClassVar[StepKind]
    """Read the store under the lock, then `done_loaded`."""
    ReadSecret: ClassVar[StepKind]
    """Read a secret from its source, then `done_secret`."""
    Provide: ClassVar[StepKind]
    """Ask the user's own function for a token, then `done_answer` with a body as of a token
    endpoint.
    """
    Sign: ClassVar[StepKind]
    """Sign the `signing_input` with the key that the secret's source names, by the `algorithm`,
    then `done_signature`.
    """
    Send: ClassVar[StepKind]
    """Send the request as it is and follow no redirect, then `done_answer`."""
    Authorize: ClassVar[StepKind]
    """Send the person to `authorization_url` in the system's browser, keep `sign_in` until the
    browser is back, then `done`.
    """
    Prompt: ClassVar[StepKind]
    """Show the person `user_code` and where to enter it, then `done` at once."""
    Pause: ClassVar[StepKind]
    """Do nothing until `until_ms`, then `done`."""
    Save: ClassVar[StepKind]
    """Make the snapshot durable, then `done`."""
    Unlock: ClassVar[StepKind]
    """Unlock the store, then `done`."""
    Done: ClassVar[StepKind]
    """The flight is over: every caller that waited for it acquires again."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class SecretSourceKind:
    """Where a secret is read."""

    Environment: ClassVar[SecretSourceKind]
    """An environment variable: its name."""
    File: ClassVar[SecretSourceKind]
    """A file: its path. One trailing line break is not part of the secret."""
    Command: ClassVar[SecretSourceKind]
    """A program and its arguments. Its standard output, less one trailing line break, is the
    secret.
    """
    Keychain: ClassVar[SecretSourceKind]
    """An entry of the system's keychain, `service/account`."""
    Function: ClassVar[SecretSourceKind]
    """A function of the program's own: the name under which the driver knows it."""
    Nothing: ClassVar[SecretSourceKind]
    """Nowhere: the step is not `ReadSecret`."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class FailureKind:
    """How a step failed. For a request the difference matters: what may have been processed may
    have spent a refresh token.
    """

    Connect: ClassVar[FailureKind]
    """Nothing was sent; also for every step that is not a request."""
    Timeout: ClassVar[FailureKind]
    """No answer in time."""
    Interrupted: ClassVar[FailureKind]
    """Broken off."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class Acquired:
    """What a caller does, and with what."""

    def kind(self) -> AcquiredKind:
        """What the caller does."""

    def has_token(self) -> bool:
        """Whether a token is there: always when `Ready`, maybe when `Lead` or `Follow`."""

    def token(self) -> Token:
        """The token.

        Raises `cxauth.AuthError`.
        """

    def flight(self) -> int:
        """The flight to lead or to follow; 0 for none."""

    def deadline_ms(self) -> float | None:
        """From when on somebody else may lead another flight; for `Lead` and `Follow`."""

    def until_ms(self) -> float | None:
        """When to acquire again; for `Wait`."""

    def error(self) -> ErrorDetails:
        """Why; for `Wait` and `Denied`.

        Raises `cxauth.AuthError`.
        """

@final
class Challenges:
    """The challenges of one field value."""

    def count(self) -> int:
        """How many there are; 0 when the field is malformed."""

    def at(self, index: int) -> Challenge:
        """One of them, from 0.

        Raises `cxauth.AuthError`.
        """

@final
class Challenge:
    """One challenge."""

    def scheme(self) -> str:
        """The scheme in lower case, such as `bearer`."""

    def token68(self) -> str | None:
        """The one value of schemes like `Negotiate`."""

    def parameter_names(self) -> list[str]:
        """The names of the parameters, in lower case, each once."""

    def parameter_values(self) -> list[str]:
        """Their values, in the same order."""

@final
class Connection:
    """One client at one server, checked."""

    def platform(self) -> str:
        """The platform's id."""

    def title(self) -> str:
        """The platform's name as its maker writes it."""

    def is_external(self) -> bool:
        """Whether it asks the user's own function for tokens, instead of a server (the step
        `Provide`).
        """

    def scopes(self) -> list[str]:
        """The scopes that are asked for."""

    def token_endpoint(self) -> str | None:
        """The token endpoint, if there is one."""

    def api_base(self) -> str | None:
        """Where the API lives, if it is known."""

    def api_url(self, path: str) -> str:
        """The absolute address of an API path, which starts at `Connection.api_base` unless it
        is absolute itself.

        Raises `cxauth.AuthError`.
        """

    def allows(self, url: str) -> bool:
        """Whether the token may be sent to this address."""

    def with_settings(self, json: str) -> Connection:
        """This connection with other values for the settings that the JSON object names, such as
        `scopes`.

        Raises `cxauth.AuthError`.
        """

@final
class ErrorDetails:
    """The same as a value: why somebody waits, is denied, or a flight brought nothing."""

    def code(self) -> str:
        """The stable code, such as `invalid_client`; see `error_codes`."""

    def action(self) -> str:
        """What to do next: `retry`, `sign_in`, `fix_configuration` or `report`."""

    def explanation(self) -> str:
        """What happened and what to do about it, in sentences."""

    def retry_at_ms(self) -> float | None:
        """When the session asks the server again, if it does so by itself."""

    def status(self) -> int | None:
        """The status of the answer that brought the error."""

    def server_error(self) -> str | None:
        """The server's `error` (RFC 6749 §5.2), escaped and cut."""

    def server_description(self) -> str | None:
        """The server's `error_description`, escaped and cut."""

@final
class SessionEvent:
    """One thing that happened, for logs, metrics and pages. It carries no secret."""

    def kind(self) -> SessionEventKind:
        """What happened."""

    def at_ms(self) -> float | None:
        """When."""

    def generation(self) -> float:
        """The generation of the token that it is about; 0 when there is none."""

    def until_ms(self) -> float | None:
        """When what it is about ends; absent when that is unknown or never."""

    def has_error(self) -> bool:
        """Whether it says why."""

    def error(self) -> ErrorDetails:
        """Why.

        Raises `cxauth.AuthError`.
        """

@final
class Introspection:
    """What a server says about a token. Of one that is not active nothing else is known."""

    def is_active(self) -> bool:
        """Whether the token is good at this server."""

    def scopes(self) -> list[str] | None:
        """What it is good for."""

    def client_id(self) -> str | None:
        """Whose client got it."""

    def username(self) -> str | None:
        """Who it stands for, as a person reads it."""

    def subject(self) -> str | None:
        """Who it stands for, as the server knows them."""

    def expires_at_ms(self) -> float | None:
        """When it ends."""

    def json(self) -> str:
        """The whole answer, a JSON object. Where a server repeats a secret in it there is only
        `active`.
        """

@final
class Proof:
    """What the client's key has to sign before a token may go to an API: one proof for each
    request, also when it is sent again.
    """

    def is_needed(self) -> bool:
        """Whether there is anything to sign: a token that is not bound goes without."""

    def key_source_kind(self) -> SecretSourceKind:
        """Where the key is: its PEM (PKCS #8), or the function that signs."""

    def key_source_values(self) -> list[str]:
        """The source's name, path, command with its arguments, entry, or function."""

    def algorithm(self) -> str | None:
        """How the key signs, as of a step `Sign`."""

    def signing_input(self) -> bytes:
        """What to sign; empty when nothing is."""

    def header_value(self, signature: bytes | bytearray) -> str:
        """The value of the field `dpop` of that one request; empty when none is needed."""

@final
class Session:
    """The token lifecycle of one connection and one set of scopes: a machine without a clock,
    I/O or waiting. Any thread may call it.
    """

    def bearer(self, now_ms: float) -> Acquired:
        """The token, if one is usable: `Ready` or `Nothing`. It starts nothing: the hot path."""

    def usable(self, now_ms: float) -> Acquired:
        """The same without asking for it: whoever only looks keeps no background renewal alive."""

    def acquire(self, now_ms: float) -> Acquired:
        """A caller wants a token. A usable token always wins: while there is one, nobody waits
        or is denied.
        """

    def look(self, now_ms: float) -> Acquired:
        """What `Session.acquire` would say, without asking for anything; `Nothing` where it
        would lead.
        """

    def state(self, now_ms: float) -> SessionState:
        """How the session stands."""

    def wake(self, now_ms: float) -> Acquired:
        """The background's turn, at `Session.next_wakeup_ms` or earlier: `Lead`, `Follow` or
        `Nothing`. It does not count as asking, and after one lifetime in which nobody asked
        it stops.
        """

    def next_wakeup_ms(self) -> float | None:
        """When background work is next due; absent for never, or not before somebody asks."""

    def next(self, now_ms: float, flight: int) -> Step:
        """What the flight's leader does next. It says the same until it is told how that went."""

    def done(self, now_ms: float, flight: int) -> None:
        """The step is done: `Lock`, `Save`, `Unlock`."""

    def done_loaded(self, now_ms: float, flight: int, snapshot: str | None) -> None:
        """What the store holds, absent when it is empty: `Load`.

        Raises `cxauth.AuthError`.
        """

    def done_secret(self, now_ms: float, flight: int, secret: str) -> None:
        """The secret: `ReadSecret`."""

    def done_signature(self, now_ms: float, flight: int, signature: bytes | bytearray) -> None:
        """The signature, as the algorithm's RFC has it: `Sign`."""

    def done_answer(
        self,
        now_ms: float,
        flight: int,
        status: int,
        header_names: Sequence[str],
        header_values: Sequence[str],
        body: bytes | bytearray,
    ) -> None:
        """The token endpoint's answer, its body decoded and at most one byte longer than
        `max_answer_bytes`: `Send` and `Provide`.
        """

    def done_failed(self, now_ms: float, flight: int, failure: FailureKind) -> None:
        """The step could not be done: any of them."""

    def done_failed_because(
        self,
        now_ms: float,
        flight: int,
        failure: FailureKind,
        why: str,
    ) -> None:
        """The same with the reason in words, for the error that comes of it. There must be no
        secret in them.
        """

    def abandon(self, now_ms: float, flight: int) -> None:
        """The flight's leader is gone. The next acquire leads another one; an answer that comes
        all the same is taken.
        """

    def refused(
        self,
        now_ms: float,
        generation: float,
        status: int,
        www_authenticate: Sequence[str],
        body_start: bytes | bytearray,
    ) -> Refusal:
        """An API refused the token of this generation. `www_authenticate` are the values of that
        field, `body_start` is as much of the body as the driver has at hand. Nothing is
        started here: the next acquire renews.
        """

    def prove(self, now_ms: float, token: Token, method: str, url: str) -> Proof:
        """What the client's key has to sign before the token may go to this address with this
        method (RFC 9449 §7.1).

        Raises `cxauth.AuthError`.
        """

    def note_nonce(self, url: str, nonce: str) -> None:
        """An API's answer carried this in the field `dpop-nonce`: say so for each one that does,
        before anything else (RFC 9449 §9).
        """

    def allows(self, url: str) -> bool:
        """Whether the token may be sent to this address."""

    def connection(self) -> Connection:
        """The connection as it stands, changes included."""

    def poll_event(self) -> SessionEvent:
        """The oldest event that was not polled yet; of the kind `Nothing` when there is none."""

    def snapshot(self) -> str:
        """The tokens and the back-off as text that is all secret, for a store, another process
        or another tab.
        """

    def adopt(self, now_ms: float, snapshot: str) -> bool:
        """Takes the tokens of a snapshot over when it is newer, and says whether it was.

        Raises `cxauth.AuthError`.
        """

    def change(self, now_ms: float, json: str) -> None:
        """Gives the settings that the JSON object names new values. A secret that is set anew,
        even to the same value, lifts a verdict; another identity forgets the tokens.

        Raises `cxauth.AuthError`.
        """

    def sign_out(self, now_ms: float) -> None:
        """Forgets the tokens and ends every flight; a late answer is dropped."""

    def lead_sign_out(self, now_ms: float) -> int:
        """The same, and the number of a flight that tells who must know: it locks the store,
        revokes the tokens at the server where the connection has a `revocation_endpoint` (RFC
        7009), and saves an empty set, so that every process that shares the store drops its
        own. Nobody follows it; its `Done` says what did not work, and the tokens are
        forgotten in any case.
        """

    def lead_authorization(
        self,
        now_ms: float,
        entropy: bytes | bytearray,
        redirect_uri: str | None,
    ) -> int:
        """The number of a flight that prepares a sign-in in a browser: its step `Authorize` says
        where the person goes and what to keep meanwhile (RFC 6749 §4.1, RFC 7636, RFC 9126).
        `entropy` is 64 bytes of the operating system's, new each time. `redirect_uri` takes
        the place of the connection's, for a listener on loopback whose port nobody knows
        before.

        Raises `cxauth.AuthError`.
        """

    def lead_code(self, now_ms: float, sign_in: str, redirect: str) -> int:
        """The number of the flight that ends a sign-in: `sign_in` is what the step `Authorize`
        said to keep, `redirect` the whole address that the browser came back to. A sign-in is
        used once, whatever comes of it: forget it.

        Raises `cxauth.AuthError`.
        """

    def lead_introspection(self, now_ms: float, token: str) -> int:
        """The number of a flight that asks the server what a token is worth (RFC 7662). Nobody
        follows it.

        Raises `cxauth.AuthError`.
        """

    def take_introspection(self, flight: int) -> Introspection:
        """What the server said to that flight, once; for one whose `Done` came without an error.

        Raises `cxauth.AuthError`.
        """

    def lead_device_sign_in(self, now_ms: float) -> int:
        """The number of a flight that signs in on another device (RFC 8628): its steps `Prompt`
        and `Pause` say what to show and how long to wait.

        Raises `cxauth.AuthError`.
        """

@final
class Step:
    """What a flight's leader does next, and with what."""

    def kind(self) -> StepKind:
        """What the leader does."""

    def secret_name(self) -> str | None:
        """Which secret to read, such as `client_secret`; for `ReadSecret`."""

    def secret_source_kind(self) -> SecretSourceKind:
        """Where to read it; for `Sign`, where the key is: its PEM (PKCS #8), or the function
        that signs.
        """

    def secret_source_values(self) -> list[str]:
        """The source's name, path, command with its arguments, entry, or function."""

    def algorithm(self) -> str | None:
        """How the key signs: `ES256` (64 bytes, `r` and `s`; RFC 7518 §3.4), `RS256`, `PS256` or
        `EdDSA`; for `Sign`.
        """

    def signing_input(self) -> bytes:
        """What to sign; for `Sign`.

        Raises `cxauth.AuthError`.
        """

    def request(self) -> TokenRequest:
        """What to send; for `Send`.

        Raises `cxauth.AuthError`.
        """

    def authorization_url(self) -> str | None:
        """Where the person signs in; for `Authorize`."""

    def sign_in(self) -> str:
        """What to keep until the browser is back, and to give to `Session.lead_code` then: text
        that is all secret; for `Authorize`.

        Raises `cxauth.AuthError`.
        """

    def user_code(self) -> str | None:
        """What the person enters on another device; for `Prompt`."""

    def verification_uri(self) -> str | None:
        """Where the person enters it; for `Prompt`."""

    def verification_uri_complete(self) -> str | None:
        """The same with the code in it, for a QR code; for `Prompt`, where the server has it."""

    def until_ms(self) -> float | None:
        """Until when the code of `Prompt` works, and until when `Pause` does nothing."""

    def snapshot(self) -> str:
        """What to save: text that is all secret; for `Save`.

        Raises `cxauth.AuthError`.
        """

    def has_error(self) -> bool:
        """Whether the flight is over and brought nothing."""

    def error(self) -> ErrorDetails:
        """Why it brought nothing; for `Done`, where `Step.has_error` says so.

        Raises `cxauth.AuthError`.
        """

@final
class TokenRequest:
    """A request to a token endpoint. It carries secrets and prints none."""

    def method(self) -> str:
        """`POST`, always (RFC 6749 §3.2)."""

    def url(self) -> str:
        """The token endpoint. No secret is in it (RFC 6749 §2.3.1)."""

    def header_names(self) -> list[str]:
        """The names of the header fields, in lower case."""

    def header_values(self) -> list[str]:
        """Their values, in the same order. That of `authorization` is a secret."""

    def body(self) -> bytes:
        """The body: a secret."""

@final
class Token:
    """An access token with what a request needs to carry it. It prints nothing secret."""

    def value(self) -> str:
        """The token's text: a secret."""

    def is_bound(self) -> bool:
        """Whether it is bound to the client's key: each request needs a proof beside it, see
        `Session.prove`.
        """

    def header_name(self) -> str:
        """The name of the header field that carries it, in lower case."""

    def header_value(self) -> str:
        """That field's value, such as `Bearer …`: a secret."""

    def api_header_names(self) -> list[str]:
        """The names of the other fields that every API request carries, in lower case."""

    def api_header_values(self) -> list[str]:
        """Their values, in the same order. None of them is secret."""

    def scopes(self) -> list[str] | None:
        """What was granted; absent when neither the answer nor the connection names any scope
        (RFC 6749 §3.3).
        """

    def generation(self) -> float:
        """Which token of its session it is, for `Session.refused`. Later ones have higher
        numbers.
        """

    def expires_at_ms(self) -> float | None:
        """When the server ends it; absent when that is unknown."""

    def usable_until_ms(self) -> float | None:
        """Until when a session hands it out: a little before its end."""

    def fresh_until_ms(self) -> float | None:
        """Until when it can be used without asking the session: from then on a renewal is due."""

# Until here generated.

# What follows is written by hand.

import os
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Mapping
from typing import Any

from typing_extensions import Self, Unpack, disjoint_base

from cxauth._connection import Connection as PublicConnection
from cxauth._settings import ClientOptions, ClientSettings, ConnectionSettings, Platform, Provider, Secret, Way
from cxauth._status import State
from cxauth.errors import AuthError

__all__ += [
    "before_fork",
    "after_fork_in_parent",
    "forked",
    "fork_session",
    "authorization_of",
    "change_session",
    "discover",
    "generate_keys",
    "read_toml",
    "redirect_uri",
    "send",
    "sign_with_pem",
    "Answer",
    "AsyncClientBase",
    "Authorization",
    "ClientBase",
    "Command",
    "ConnectionBase",
    "Environment",
    "File",
    "FileStore",
    "Keychain",
    "ManualClock",
    "Provided",
    "Redis",
    "RedisStore",
    "SignIn",
    "StoreLock",
    "SyncClientBase",
]

def before_fork() -> None:
    """A fork is about to happen: brings the runtime's thread to a place where it holds no lock."""

def after_fork_in_parent() -> None:
    """The fork is over: the runtime's thread goes on."""

def forked() -> None:
    """This process is a child that was just forked: what other threads were at work on is out of bounds from now on."""

def fork_session(
    session: Session, connection: Connection, now_ms: float, entropy: bytes | bytearray, store: bool
) -> Session:
    """The session of a process that was just forked, going on from the parent's."""

def change_session(
    session: Session, connection: Connection, now_ms: float, settings: dict[str, Any]
) -> tuple[Connection, dict[str, Callable[..., Any]], Callable[[], Any] | None]:
    """Gives the settings of a session new values.

    Returns the connection with which another session would be opened then, and the functions among the values: those that
    read secrets and sign, by their names, and the one that brings tokens.

    Raises `cxauth.AuthError`.
    """

def redirect_uri(connection: Connection) -> str | None:
    """Where the connection has the browser come back to."""

def authorization_of(step: Step) -> Authorization:
    """What the step `Authorize` says."""

def sign_with_pem(pem: str, algorithm: str, signing_input: bytes | bytearray) -> bytes:
    """The signature of the key in the PEM (PKCS #8), as RFC 7518 §3 has it.

    Raises `ValueError`, which says nothing of the key.
    """

def discover(issuer: str, **options: Unpack[Way]) -> str:
    """What the issuer's metadata says: settings of a connection, as the text of a JSON object.

    Raises `cxauth.AuthError`.
    """

def read_toml(text: str) -> dict[str, Any]:
    """The document as dicts and lists. The error, a `ValueError`, names the line and repeats nothing of it."""

def send(
    client: SyncClientBase, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes | None
) -> Answer:
    """Sends a request with the token on it. A relative address starts at `api_base`. What refuses the token is sent once
    more with another one, and redirects are followed without carrying the token away.

    Raises `cxauth.AuthError`, or `ConnectionError` when the API does not answer.
    """

@final
class Answer:
    """An API's answer. Its body is read bit by bit."""

    @property
    def status(self) -> int:
        """The status code."""

    @property
    def reason(self) -> str:
        """What the status code means."""

    @property
    def version(self) -> str:
        """The version of HTTP, such as `HTTP/1.1`."""

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        """The header fields, names in lower case, each as often as it came."""

    def read(self) -> bytes | None:
        """The next part of the body; none at its end. Raises `ConnectionError` when it cannot be read."""

@final
class Environment:
    """A secret that stands in an environment variable.

    It is read each time a renewal needs it, never earlier.
    """

    def __new__(cls, name: str) -> Self: ...
    @property
    def name(self) -> str:
        """The variable's name."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[str]: ...

@final
class File:
    """A secret that stands in a file. One line break at its end is not part of it.

    It is read each time a renewal needs it, never earlier, so that a secret that was replaced is seen.
    """

    def __new__(cls, path: str | os.PathLike[str]) -> Self: ...
    @property
    def path(self) -> str:
        """The file's path."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[str]: ...

@final
class Command:
    """A secret that a program prints. One line break at its end is not part of it.

    No shell runs the program: the first word is its name, the others are its arguments. It runs each time a renewal
    needs the secret, for 20 seconds at most.
    """

    def __new__(cls, words: Sequence[str]) -> Self: ...
    @property
    def words(self) -> tuple[str, ...]:
        """The program and its arguments."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[list[str]]: ...

@final
class Keychain:
    """A secret that stands in the system's keychain, as `service/account`."""

    def __new__(cls, entry: str) -> Self: ...
    @property
    def entry(self) -> str:
        """Service and account, with a slash between them."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[str]: ...

@disjoint_base
class ConnectionBase:
    """The native half of `cxauth.Connection`."""

    def __new__(cls, platform: Platform = "generic", **settings: Unpack[ConnectionSettings]) -> Self: ...
    @classmethod
    def cloudcx(cls, domain: str, client_id: str, username: str, password: Secret) -> Self:
        """CloudCX: the tenant's domain, with its port if it has one, and a user of it."""

    @classmethod
    def cisco_cx_cloud(cls, client_id: str, client_secret: Secret) -> Self:
        """Cisco CX Cloud: the key and the secret of an API profile."""

    @classmethod
    def sangoma_cx(cls, client_id: str, client_secret: Secret, scopes: Sequence[str]) -> Self:
        """Sangoma CX: the application's credentials, and one scope at least."""

    @classmethod
    def cloudlx(cls, client_id: str, client_secret: Secret) -> Self:
        """CloudLX (Infiny): the credentials of an application of the portal."""

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> Self:
        """Settings as they stand in a configuration file: a mapping by name, in which a secret is text or a mapping
        that says where it is read.
        """

    @property
    def native(self) -> Connection:
        """The bridge's connection."""

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """Functions that read secrets, by the setting's name, and those that sign."""

    @property
    def provide(self) -> Provider | None:
        """The function that brings tokens from elsewhere."""

    @property
    def platform(self) -> str:
        """The platform's id."""

    @property
    def title(self) -> str:
        """The platform's name as its maker writes it."""

    @property
    def scopes(self) -> list[str]:
        """The scopes that are asked for."""

    @property
    def token_endpoint(self) -> str | None:
        """The token endpoint, if there is one."""

    @property
    def api_base(self) -> str | None:
        """Where the API lives, if it is known."""

    def api_url(self, path: str) -> str:
        """The absolute address of an API path, which starts at `api_base` unless it is absolute itself.

        Raises `cxauth.AuthError`.
        """

    def allows(self, url: str) -> bool:
        """Whether the token may be sent to this address."""

@final
class Provided:
    """A token that came from elsewhere: from your backend, for instance.

    `expires_in` is how many seconds it still lives; without it the token is used until an API refuses it. `scopes` are
    what it is good for, where that is known.
    """

    def __new__(cls, token: str, expires_in: float | None = None, scopes: Sequence[str] | None = None) -> Self: ...
    def _answer(self) -> bytes:
        """What a token endpoint would have answered: JSON that is all secret."""

@final
class ManualClock:
    """A clock that is moved by hand, for tests: hours pass at once. It starts at the system's time.

    Given to a client as `clock=`, it decides lifetimes and back-off; the time limits of single requests follow the real
    one. `now` is Unix time in seconds.
    """

    def __new__(cls, now: float | None = None) -> Self: ...
    def time(self) -> float:
        """The moment that it shows, as Unix time in seconds."""

    def advance(self, seconds: float) -> None:
        """Moves it forward by so many seconds; whoever slept for less wakes up."""

    def set(self, now: float) -> None:
        """Sets it to a moment, also back: Unix time in seconds."""

@final
class FileStore:
    """Keeps tokens in a file that only its owner can read, for other processes and for the next run.

    All processes that name the same file share one token and one renewal, whatever languages they are written in. The
    file must lie on a disk of this machine. One file belongs to one connection; `in_directory` finds one for each.

    - `path`: the file;
    - `keys`: what encrypts the file: a text with a line for each key, `NAME:32 bytes in base64`, such as
      `cxauth.stores.generate_keys` makes, of which the first one encrypts and all of them open, or a `cxauth.Keychain`: a
      key in that entry of the system's keychain, made when there is none. Without keys the tokens stand there as text. A
      file of before is read, and encrypted at the next save.

    Raises `cxauth.ConfigurationError` for keys that are none.
    """

    def __new__(cls, path: str | os.PathLike[str], *, keys: str | Keychain | None = None) -> Self: ...
    @classmethod
    def in_directory(
        cls, directory: str | os.PathLike[str], connection: PublicConnection, *, keys: str | Keychain | None = None
    ) -> Self:
        """A store in a file of its own for each connection, in this directory.

            connection = cxauth.Connection.cisco_cx_cloud("my-key", cxauth.Environment("CISCO_SECRET"))
            store = cxauth.stores.FileStore.in_directory("/var/lib/app/tokens", connection)
            client = cxauth.Client(connection, store=store)

        The file's name comes from all that shapes the tokens (platform, token endpoint, client, user, scopes, audience),
        and says nothing but the platform. A new secret is no new name, and a client whose connection becomes another one
        goes to that one's file. The command and Rust programs find the same file.

        Raises `cxauth.ConfigurationError` for keys that are none.
        """

    @classmethod
    def all_in_directory(cls, directory: str | os.PathLike[str], *, keys: str | Keychain | None = None) -> list[Self]:
        """The stores in this directory that `in_directory` named, those of other scopes among them.

        There is none when there is no such directory.

        Raises `cxauth.AuthError`.
        """

    def _of(self, connection: Connection) -> FileStore: ...
    def prepare_key(self) -> None:
        """Reads the key that encrypts the file, and makes it in the keychain if there is none.

        So a program finds out whether that works, and chooses otherwise if it does not.

        Raises `cxauth.AuthError`.
        """

    @property
    def path(self) -> str:
        """The file."""

    def look(self) -> str | None:
        """What the file holds, without the lock: text that is all secret; absent when there is none. A whole set is seen,
        never half of one.

        Raises `cxauth.AuthError`.
        """

    def lock(self, timeout: float = 20.0) -> StoreLock:
        """Takes the lock, or waits for it so many seconds at most. The operating system gives it back when its holder dies.

        Raises `cxauth.AuthError`.
        """

@final
class StoreLock:
    """The lock of a store, held until it is given back."""

    def load(self) -> str | None:
        """The snapshot that the store holds: text that is all secret; absent when there is none.

        Raises `cxauth.AuthError`.
        """

    def save(self, snapshot: str) -> None:
        """Makes the snapshot durable.

        Raises `cxauth.AuthError`.
        """

    def unlock(self) -> None:
        """Gives the lock back."""

@final
class Redis:
    """A Redis, a Valkey or a cluster of either, for the tokens of a fleet.

        redis = cxauth.stores.Redis(
            "rediss://cxauth@redis.example:6380",
            keys=os.environ["CXAUTH_STORE_KEYS"],
            password=os.environ["REDIS_PASSWORD"],
        )
        client = cxauth.Client.cisco_cx_cloud("key", cxauth.Environment("CISCO_SECRET"), store=redis)

    All processes of all machines that name the same server and have the same keys share one token and one renewal,
    whatever languages they are written in. One object serves any number of connections. It connects to nothing before
    the first renewal, and a child that was forked makes connections of its own.

    - `url`: `redis://HOST:PORT/DATABASE`, `rediss://` for TLS, `redis+cluster://HOST:PORT,HOST:PORT` and
      `rediss+cluster://` for a cluster, `redis+unix:///PATH`;
    - `keys`: a text with a line for each key that seals what is stored, `NAME:32 bytes in base64`, and one of the
      name `names`; the same in every process;
    - `username` and `password`: whom it lets in;
    - `prefix`: what the names of all keys begin with;
    - `root_certificate`: trusts this certificate authority instead of the system's (PEM, as bytes or in a file);
    - `client_certificate` and `client_key`: shows this certificate (PEM, as bytes or in files);
    - `plain`: sends the password without TLS, where the network itself is safe;
    - `timeout`: how long connecting and each answer may take, in seconds;
    - `lease`: how long the lock of a process that died keeps the others out, in seconds;
    - `replicas`: a set counts as saved when so many replicas have it;
    - `keep`: how long a set stays after it was saved, and after the end of the last token in it where that is known, in
      seconds, one day at least; None: for ever. Take longer than any refresh token is good for unused;
    - `alone_after`: how long the server may be unreachable, in seconds, before this process renews on its own; None:
      it never does.

    Raises `cxauth.ConfigurationError` when that does not make sense together.
    """

    def __new__(
        cls,
        url: str,
        keys: str,
        *,
        username: str | None = None,
        password: str | None = None,
        prefix: str = "cxauth",
        root_certificate: str | os.PathLike[str] | bytes | None = None,
        client_certificate: str | os.PathLike[str] | bytes | None = None,
        client_key: str | os.PathLike[str] | bytes | None = None,
        plain: bool = False,
        timeout: float = 2.0,
        lease: float = 15.0,
        replicas: int = 0,
        keep: float | None = None,
        alone_after: float | None = 10.0,
    ) -> Self: ...
    def _of(self, connection: Connection) -> RedisStore: ...

@final
class RedisStore:
    """The tokens of one connection in a Redis."""

    def look(self) -> str | None:
        """What lies there, without the lock: text that is all secret; absent when there is nothing.

        Raises `cxauth.AuthError`.
        """

    def lock(self, timeout: float) -> StoreLock:
        """Takes the lock, or waits for it so many seconds at most. It ends with its holder.

        Raises `cxauth.AuthError`.
        """

    def _of(self, connection: Connection) -> RedisStore: ...

@final
class SignIn:
    """A sign-in whose answer the browser will bring. It is bound to one browser: keep it where only that one comes back to,
    such as in a server's session, use it once, and show it to nobody.

    It prints nothing of itself and is not pickled: `to_text` is what is kept.
    """

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Reads what `to_text` gave.

        Raises `cxauth.AuthError` with the code `redirect_refused` for anything else.
        """

    def to_text(self) -> str:
        """The text to keep until the browser is back: all of it is secret."""

    @property
    def redirect_uri(self) -> str:
        """Where the browser comes back to."""

    def is_answered_by(self, redirect_url: str) -> bool:
        """Whether this address carries the state of this sign-in, so that a program with several under way finds the right
        one.
        """

    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object) -> Self: ...

@final
class Authorization:
    """Where somebody signs in, and what the answer is checked with."""

    @property
    def url(self) -> str:
        """The address to open in the system's browser, or to send the browser to. Never show it in a view of the program's
        own (RFC 8252 §8.12).
        """

    @property
    def sign_in(self) -> SignIn:
        """What to keep until the browser is back."""

def generate_keys(name: str) -> str:
    """The text of new keys, for `keys`: one that encrypts, under this name, and one that names places in a Redis.

    It is a secret: keep it where you keep client secrets.

    Raises `cxauth.ConfigurationError` for a name that no key can have.
    """

@disjoint_base
class ClientBase:
    """What `cxauth.Client` and `cxauth.AsyncClient` have in common."""

    @classmethod
    def cloudcx(
        cls, domain: str, client_id: str, username: str, password: Secret, **options: Unpack[ClientOptions]
    ) -> Self:
        """CloudCX: the tenant's domain, with its port if it has one, and a user of it."""

    @classmethod
    def cisco_cx_cloud(cls, client_id: str, client_secret: Secret, **options: Unpack[ClientOptions]) -> Self:
        """Cisco CX Cloud: the key and the secret of an API profile."""

    @classmethod
    def sangoma_cx(
        cls, client_id: str, client_secret: Secret, scopes: Sequence[str], **options: Unpack[ClientOptions]
    ) -> Self:
        """Sangoma CX: the application's credentials, and one scope at least."""

    @classmethod
    def cloudlx(cls, client_id: str, client_secret: Secret, **options: Unpack[ClientOptions]) -> Self:
        """CloudLX (Infiny): the credentials of an application of the portal."""

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], **options: Unpack[ClientOptions]) -> Self:
        """Settings as they stand in a configuration file: a mapping by name, in which a secret is text or a mapping
        that says where it is read.
        """

    @property
    def platform(self) -> str:
        """The platform's id."""

    def allows(self, url: str) -> bool:
        """Whether the token may be sent to this address."""

    def api_url(self, path: str) -> str:
        """The absolute address of an API path, which starts at `api_base` unless it is absolute itself.

        Raises `cxauth.AuthError`.
        """

    def change(self, **settings: Unpack[ConnectionSettings]) -> None:
        """Gives settings new values: a rotated secret, for instance. A secret that is set anew, even to the same value,
        has a server asked again that refused it. Another identity (client, user, scopes, endpoint) forgets the tokens,
        and leaves those of the first where they are in a `Redis` and in a file that `FileStore.in_directory` named: there
        the new one has a place of its own.

        Raises `cxauth.AuthError`; nothing is changed then.
        """

    @property
    def _redirect_uri(self) -> str | None: ...
    def _refused(self, token: Token, status: int, www_authenticate: Sequence[str], body: bytes | bytearray) -> bool: ...
    def _status(self) -> tuple[State, Token | None, AuthError | None, float | None]: ...
    def _listen(self, function: Callable[[SessionEvent], object]) -> int: ...
    def _forget(self, number: int) -> None: ...

class SyncClientBase(ClientBase):
    """The native half of `cxauth.Client`."""

    def __new__(
        cls, platform: Platform | PublicConnection | None = None, **options: Unpack[ClientSettings]
    ) -> Self: ...
    def headers(self, url: str | None = None) -> dict[str, str]:
        """The header fields that an API request carries, as a new dict: the credential, and the platform's own. With
        `url`, only when the token may be sent there; else `cxauth.ConfigurationError` with the code
        `destination_refused`.

        While the token is fresh this costs next to nothing. When a renewal is due, the token that is there is handed out
        and the renewal goes on by itself; without a token this waits for the renewal.

        Raises `cxauth.AuthError`, whose class says what to do.
        """

    def sign_out(self) -> None:
        """Forgets the tokens, in memory and in the store, and drops what a renewal under way still brings.

        Whoever shares the store drops them at the next renewal. Where the connection has a `revocation_endpoint`
        (RFC 7009) the server ends them. The next `token()` starts afresh where the connection can.

        Raises `cxauth.AuthError`; the tokens are forgotten in memory all the same. With the code `store_unavailable`
        the store still has them; any other one says why the server did not end them.
        """

    def begin_sign_in(self, redirect_uri: str | None = None) -> Authorization:
        """Prepares a sign-in in a browser (RFC 6749 §4.1 with PKCE, RFC 7636; RFC 9126 where the server has it).

        Send the browser to the `url` of what this returns, and keep its `sign_in` where only that browser comes back to.
        `redirect_uri` takes the place of the connection's.

        Raises `cxauth.AuthError`.
        """

    def finish_sign_in(self, sign_in: SignIn, redirect_url: str) -> None:
        """Ends a sign-in. `redirect_url` is the whole address that the browser came back to.

        A sign-in is used once, whatever comes of it. Ctrl-C ends the waiting and nothing else.

        Raises `cxauth.AuthError`: with the code `redirect_refused` when that is not the answer to this sign-in, and
        `authorization_refused` when the person or the server refused.
        """

    def close(self) -> None:
        """Waits until no renewal is under way and ends background renewal. A client that is closed cannot be used any
        more.
        """

    def _token(self) -> Token: ...
    def _sign_in_on_device(self, show: Callable[[str, str, str | None, float], object]) -> None: ...

class AsyncClientBase(ClientBase):
    """The native half of `cxauth.AsyncClient`."""

    def __new__(
        cls, platform: Platform | PublicConnection | None = None, **options: Unpack[ClientSettings]
    ) -> Self: ...
    def _begin_sign_in(self, event_loop: AbstractEventLoop, redirect_uri: str | None) -> Future[Authorization]: ...
    def _finish_sign_in(self, event_loop: AbstractEventLoop, sign_in: SignIn, redirect_url: str) -> Future[None]: ...
    def _sign_in_on_device(
        self, event_loop: AbstractEventLoop, show: Callable[[str, str, str | None, float], object]
    ) -> Future[None]: ...
    def _now(self, event_loop: AbstractEventLoop) -> Token | None: ...
    def _later(self, event_loop: AbstractEventLoop) -> Future[Token]: ...
    def _fresh_headers(self, url: str | None = None) -> dict[str, str] | None: ...
    def _sign_out(self, event_loop: AbstractEventLoop) -> Future[None]: ...
    def _close(self, event_loop: AbstractEventLoop) -> Future[None] | None: ...
