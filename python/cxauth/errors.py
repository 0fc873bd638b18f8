"""What goes wrong, and what to do about it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime


class AuthError(Exception):
    """There is no token, or it may not be used so. The text says why and what to do; it holds no secret.

    `code` is stable and stands in the glossary of errors. `action` is what to do next: `retry`, `sign_in`,
    `fix_configuration` or `report`.
    """

    code: str
    action: str
    retry_at_ms: float | None
    status: int | None
    server_error: str | None
    server_description: str | None

    def __init__(
        self,
        explanation: str,
        code: str,
        action: str,
        retry_at_ms: float | None = None,
        status: int | None = None,
        server_error: str | None = None,
        server_description: str | None = None,
    ) -> None:
        super().__init__(
            explanation, code, action, retry_at_ms, status, server_error, server_description
        )
        self.code = code
        self.action = action
        self.retry_at_ms = retry_at_ms
        self.status = status
        self.server_error = server_error
        self.server_description = server_description

    def __str__(self) -> str:
        return str(self.args[0])

    @property
    def retry_at(self) -> datetime | None:
        """When cxauth asks the server again by itself; a time before that is in vain."""
        from datetime import datetime, timezone

        if self.retry_at_ms is None:
            return None
        return datetime.fromtimestamp(self.retry_at_ms / 1000, timezone.utc)
