"""A flight's steps with a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from cxauth._driver_outcome import Done, Failed, Loaded
from cxauth._native import FailureKind, FileStore, RedisStore, StepKind
from cxauth._store import Adapted, StoreFailed
from cxauth.errors import AuthError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxauth._driver_flight import Flight
    from cxauth._driver_outcome import Outcome
    from cxauth._native import Step
    from cxauth._store import Run
    from cxauth.stores import AsyncStore, Store

    Kept: TypeAlias = FileStore | RedisStore | Adapted

LOCK_PATIENCE: Final = 20.0
"""How long a flight waits for the lock, in seconds.

With the time limit of a request it stays below the flight's deadline.
"""

LOOK_AFTER: Final = 1.0
"""After so many seconds without the lock a flight looks what the store holds: more than most renewals take."""

SIGN_OUT_PATIENCE: Final = 40.0
"""How long signing out waits for it, in seconds: longer than a renewal that is under way may take."""


def as_kept(store: FileStore | RedisStore | Store | AsyncStore, run: Run) -> Kept:
    """The store as the steps use it; `run` waits for what async methods return."""
    return store if isinstance(store, (FileStore, RedisStore)) else Adapted(store, run)


def perform(store: Kept, flight: Flight, step: Step) -> Outcome:
    """Performs `Lock`, `Load`, `Save` and `Unlock`. It may block."""
    kind = step.kind()
    try:
        if kind == StepKind.Lock:
            return _lock(store, flight)
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
        why = _detail(str(error))
    except StoreFailed as error:
        why = str(error)
    return Failed(FailureKind.Connect, why)


def _lock(store: Kept, flight: Flight) -> Outcome:
    patience = SIGN_OUT_PATIENCE if flight.signs_out else LOCK_PATIENCE
    if flight.adopt is None:
        flight.hold(store.lock(patience))
        return Done()
    for so_long in (LOOK_AFTER, patience - LOOK_AFTER):
        try:
            flight.hold(store.lock(so_long))
        except (AuthError, StoreFailed) as error:
            trouble = error
            _look(store, flight.adopt)
        else:
            return Done()
    raise trouble


def _look(store: Kept, adopt: Callable[[str], None]) -> None:
    """Who has nothing to hand out does with what the store holds, whoever has its lock and for how long."""
    try:
        snapshot = store.look()
    except (AuthError, StoreFailed):
        # It is read again under the lock, and said there.
        return
    if snapshot is not None:
        adopt(snapshot)


def _detail(explanation: str) -> str:
    """What an error says of its own, without the sentences that every error of its code has."""
    return explanation.partition("(")[2].rpartition(")")[0] or explanation
