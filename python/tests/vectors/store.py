"""The store that the processes of a scenario share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from reading import ScenarioError

from cxauth import AuthError
from cxauth import _native as bridge


class StoreError(Exception):
    """The store did not do it."""


class Operation(Enum):
    """What a store can fail to do."""

    LOCK = "lock"
    LOAD = "load"
    SAVE = "save"


@dataclass(frozen=True)
class Holder:
    """Who may hold the lock: a flight, by its number in the opening of a process."""

    process: int
    flight: int


_OUTSIDE = Holder(-1, -1)
"""Somebody whom the scenario does not show."""


class Store:
    """One set, as text, and one lock."""

    def __init__(self) -> None:
        self._snapshot: str | None = None
        self._holder: Holder | None = None
        self._fails: frozenset[Operation] = frozenset()

    def lock(self, who: Holder) -> bool:
        """Takes the lock where it is free, and says whether it was."""
        self._attempt(Operation.LOCK)
        if self._holder is not None:
            return False
        self._holder = who
        return True

    def unlock(self, who: Holder) -> None:
        """Gives the lock back. Who lost it has nothing to give."""
        if self._holder == who:
            self._holder = None

    def load(self) -> str | None:
        """What it holds."""
        self._attempt(Operation.LOAD)
        self._generation()
        return self._snapshot

    def save(self, who: Holder, snapshot: str) -> None:
        """Keeps the set in place of one that is older, or that the lock's holder has read."""
        self._attempt(Operation.SAVE)
        stored, generation = self._generation(), bridge.snapshot_generation(snapshot)
        if stored is not None and (stored > generation or (stored == generation and self._holder != who)):
            raise StoreError("a later set is there")
        self._snapshot = snapshot

    def end(self, process: int) -> None:
        """A process is gone, and the lock that one of its flights held is free."""
        if self._holder is not None and self._holder.process == process:
            self._holder = None

    def fail(self, operations: frozenset[Operation]) -> None:
        """From here on these fail, and no others."""
        self._fails = operations

    def lose_lock(self) -> None:
        """Who holds the lock has lost it without knowing."""
        if self._holder is None or self._holder == _OUTSIDE:
            raise ScenarioError("`loses_lock`: no process holds the lock")
        self._holder = None

    def hold(self, held: bool) -> None:
        """Somebody outside takes the lock, or gives it back."""
        if held and self._holder is not None:
            raise ScenarioError("`held`: somebody holds the lock already")
        if not held and self._holder != _OUTSIDE:
            raise ScenarioError("`held`: nobody outside holds the lock")
        self._holder = _OUTSIDE if held else None

    def put(self, snapshot: str | None) -> None:
        """What it holds from here on, whether or not that is a set."""
        self._snapshot = snapshot

    def _attempt(self, operation: Operation) -> None:
        if operation in self._fails:
            raise StoreError(f"{operation.value} fails")

    def _generation(self) -> float | None:
        """That of what it holds, None for nothing. A scenario may have put a text there that is no set."""
        if self._snapshot is None:
            return None
        try:
            return bridge.snapshot_generation(self._snapshot)
        except AuthError as error:
            raise StoreError("what is there cannot be read") from error
