"""What a person is shown who signs in on another device."""

from __future__ import annotations

from cxauth._moments import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime


class DevicePrompt:
    """What somebody enters on another device, and where (RFC 8628 §3.3)."""

    __slots__ = ("expires_at", "user_code", "verification_uri", "verification_uri_complete")

    user_code: str
    """What the person enters. Show it as it is."""
    verification_uri: str
    """Where the person enters it."""
    verification_uri_complete: str | None
    """The same with the code in it, for a QR code. The person still compares the code (RFC 8628 §3.3.1)."""
    expires_at: datetime | None
    """Until when the code works."""

    def __init__(
        self,
        user_code: str,
        verification_uri: str,
        verification_uri_complete: str | None,
        expires_at_ms: float | None,
    ) -> None:
        self.user_code = user_code
        self.verification_uri = verification_uri
        self.verification_uri_complete = verification_uri_complete
        self.expires_at = moment(expires_at_ms)

    def __repr__(self) -> str:
        # Whoever has the code sees who signs in with it: it belongs on the screen, not into a log.
        return f"<cxauth.DevicePrompt at {self.verification_uri}, expires_at={self.expires_at}>"
