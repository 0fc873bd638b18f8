"""Moments: Unix milliseconds inside, `datetime` outside."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime


def moment(unix_ms: float | None) -> datetime | None:
    """The moment in UTC. What lies beyond the calendar is its last moment."""
    if unix_ms is None:
        return None
    from datetime import datetime, timezone

    try:
        return datetime.fromtimestamp(unix_ms / 1000, timezone.utc)
    except (OverflowError, ValueError):
        return datetime.max.replace(tzinfo=timezone.utc)
