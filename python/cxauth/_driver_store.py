"""A flight's steps with a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxauth._driver_outcome import Done, Failed, Loaded
from cxauth._native import FailureKind, StepKind
from cxauth.errors import AuthError

if TYPE_CHECKING:
    from cxauth._driver_flight import Flight
    from cxauth._driver_outcome import Outcome
    from cxauth._native import FileStore, Step

LOCK_PATIENCE: Final = 20.0
"""How long a flight waits for the lock, in seconds.

With the time limit of a request it stays below the flight's deadline.
"""

SIGN_OUT_PATIENCE: Final = 40.0
"""How long signing out waits for it, in seconds: longer than a renewal that is under way may take."""


def perform(store: FileStore, flight: Flight, step: Step) -> Outcome:
    """Performs `Lock`, `Load`, `Save` and `Unlock`. It may block."""
    kind = step.kind()
    try:
        if kind == StepKind.Lock:
            flight.hold(store.lock(SIGN_OUT_PATIENCE if flight.signs_out else LOCK_PATIENCE))
            return Done()
        if kind == StepKind.Unlock:
            # Before anybody is told so: the next flight may want it at once.
            flight.unlock()
            return Done()
        if flight.lock is None:
            return Failed(FailureKind.Connect, "the lock was given back")
        if kind == StepKind.Load:
            return Loaded(flight.lock.load())
        flight.lock.save(step.snapshot())
        return Done()
    except AuthError as error:
        why = str(error)
    return Failed(FailureKind.Connect, _detail(why))


def _detail(explanation: str) -> str:
    """What an error says of its own, without the sentences that every error of its code has."""
    return explanation.partition("(")[2].rpartition(")")[0] or explanation
