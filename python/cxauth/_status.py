"""How a client stands, and what happens to it."""

from __future__ import annotations

from cxauth._moments import moment
from cxauth._native import SessionEventKind
from cxauth._token import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from cxauth import _native
    from cxauth.errors import AuthError

    State = Literal["empty", "renewing", "fresh", "due", "renewing_early", "degraded", "waiting", "denied"]
    """How a client stands."""
    EventKind = Literal["renewed", "waiting", "degraded", "refused", "signed_out", "expiring", "other"]
    """What happened."""


class Status:
    """How a client stands at one moment."""

    __slots__ = ("error", "next_wakeup", "state", "token")

    def __init__(
        self,
        state: State,
        token: Token | None,
        error: AuthError | None,
        next_wakeup: datetime | None,
    ) -> None:
        self.state: State = state
        """`empty`, `renewing`, `fresh`, `due`, `renewing_early`, `degraded`, `waiting` or `denied`.

        A token serves in `fresh`, `due`, `renewing_early` and `degraded`.
        """
        self.token: Token | None = token
        """The token that may be used."""
        self.error: AuthError | None = error
        """Why there is none and none is on its way, when it was tried."""
        self.next_wakeup: datetime | None = next_wakeup
        """When background renewal would next do something; `None` for never, or not before somebody asks."""

    def __repr__(self) -> str:
        return f"<cxauth.Status {self.state}, token={self.token!r}, error={self.error!r}>"


class Event:
    """One thing that happened to a client's token, for logs and metrics. It carries no secret."""

    __slots__ = ("at", "error", "generation", "kind", "until")

    def __init__(self, native: _native.SessionEvent) -> None:
        self.kind: EventKind = _KINDS.get(native.kind(), "other")
        """What happened.

        `renewed` (a new token is in service), `waiting` (a renewal failed, nothing is usable), `degraded` (a renewal
        or a save failed, a token still serves), `refused` (by an API), `signed_out`, `expiring` (what cannot be renewed
        before it ends will end in 30, 14, 7 or 1 days), `other`.
        """
        self.at: datetime | None = moment(native.at_ms())
        """When."""
        self.until: datetime | None = moment(native.until_ms())
        """When what it is about ends; `None` when that is unknown or never."""
        self.generation: int = int(native.generation())
        """Which token it is about; 0 when there is none."""
        self.error: AuthError | None = _error(native.error()) if native.has_error() else None
        """Why."""

    def __repr__(self) -> str:
        reason = f": {self.error}" if self.error else ""
        return f"<cxauth.Event {self.kind}, generation={self.generation}, until={self.until}{reason}>"


def status_of(client: _native.ClientBase) -> Status:
    """How the client stands now."""
    state, token, error, next_wakeup = client._status()
    return Status(state, None if token is None else Token(token), error, moment(next_wakeup))


_KINDS: dict[SessionEventKind, EventKind] = {
    SessionEventKind.Renewed: "renewed",
    SessionEventKind.Waiting: "waiting",
    SessionEventKind.Degraded: "degraded",
    SessionEventKind.Refused: "refused",
    SessionEventKind.SignedOut: "signed_out",
    SessionEventKind.Expiring: "expiring",
}


def _error(details: _native.ErrorDetails) -> AuthError:
    from cxauth.errors import AuthError

    return AuthError(
        details.explanation(),
        details.code(),
        details.action(),
        details.retry_at_ms(),
        details.status(),
        details.server_error(),
        details.server_description(),
    )
