"""What goes wrong, and what to do about it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime


class AuthError(Exception):
    """There is no token, or it may not be used so. The text says why and what to do; it holds no secret.

    Each error has one of four classes, by what to do next:

        try:
            token = client.token()
        except cxauth.SignInRequired:
            ...  # ask the user to sign in
        except cxauth.TemporaryError as error:
            ...  # try again at error.retry_at

    The codes and their meaning stand in the project's glossary of errors; they are the same in every language.
    """

    code: str
    """Stable, and stands in the glossary of errors."""
    action: str
    """What to do next: `retry`, `sign_in`, `fix_configuration` or `report`."""
    retry_at_ms: float | None
    """When cxauth asks the server again by itself, in Unix milliseconds."""
    status: int | None
    """The status of the answer that brought the error."""
    server_error: str | None
    """The server's `error` (RFC 6749 §5.2), escaped and cut."""
    server_description: str | None
    """The server's `error_description`, escaped and cut."""

    def __new__(
        cls,
        explanation: str,
        code: str,
        action: str,
        retry_at_ms: float | None = None,
        status: int | None = None,
        server_error: str | None = None,
        server_description: str | None = None,
    ) -> AuthError:
        """An error of the class that its action has."""
        return super().__new__(_CLASSES.get(action, cls) if cls is AuthError else cls)

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
        super().__init__(explanation, code, action, retry_at_ms, status, server_error, server_description)
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


class TemporaryError(AuthError):
    """Action `retry`: nobody answers, too many requests, the server is out of order. Try again at `retry_at`."""


class SignInRequired(AuthError):  # noqa: N818
    """Action `sign_in`: what the client had is used up or withdrawn. A person signs in again."""


class ConfigurationError(AuthError):
    """Action `fix_configuration`: a setting, or the client's registration at the server, is wrong."""


class UnexpectedError(AuthError):
    """Action `report`: nothing that a user or an administrator can mend. Report it."""


_CLASSES: dict[str, type[AuthError]] = {
    "retry": TemporaryError,
    "sign_in": SignInRequired,
    "fix_configuration": ConfigurationError,
    "report": UnexpectedError,
}
