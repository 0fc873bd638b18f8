"""How the command ends: a status, and one line on standard error that says what to do."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxauth.errors import AuthError

NOT_AS_IT_SHOULD_BE = 1
FIX_CONFIGURATION = 2
RETRY = 4
API_REFUSED = 6
API_FAILED = 7
STATUSES = {"fix_configuration": FIX_CONFIGURATION, "sign_in": 3, "retry": RETRY, "report": 5}


class CommandError(Exception):
    """Why the command ends, and with which status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    @classmethod
    def of(cls, error: AuthError, place: str | None = None) -> CommandError:
        """The error, where the cause of it stands, and when to come again."""
        text = f"{place}: {error}" if place else str(error)
        if error.retry_at_ms is not None and error.retry_at_ms > time.time() * 1000:
            text += f" It may be asked again in {int(error.retry_at_ms / 1000 - time.time()) + 1} s."
        return cls(STATUSES.get(error.action, NOT_AS_IT_SHOULD_BE), text)

    def report(self) -> int:
        """Says it, and returns the status."""
        complain(str(self))
        return self.status


def complain(message: str) -> None:
    """One line for the user, whatever is in the text."""
    line = "".join(character if character.isprintable() else " " for character in message)
    print(f"cxauth: {line}", file=sys.stderr)


def forbid_core_dumps() -> None:
    """A core dump would hold every secret of the process. Where the system has no limits, nothing is lost but this."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return
