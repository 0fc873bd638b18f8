"""One attempt at a new token: who leads it, and who waits for its end."""

from __future__ import annotations

import os
from threading import RLock
from typing import TYPE_CHECKING

from cxauth._driver_outcome import Failed
from cxauth._native import FailureKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxauth._driver import Driver
    from cxauth._driver_outcome import Outcome
    from cxauth._driver_surroundings import Surroundings
    from cxauth._native import Authorization, StoreLock
    from cxauth._store import AdaptedLock
    from cxauth.errors import AuthError


class Flight:
    """Waiters from any thread and any event loop: each gives a function that has it look again."""

    __slots__ = (
        "_lock",
        "_over",
        "_waiters",
        "adopt",
        "authorization",
        "blocked_by",
        "deadline_ms",
        "is_done",
        "is_left",
        "led_by",
        "lock",
        "number",
        "signs_out",
        "why",
    )

    def __init__(self, number: int, deadline_ms: float) -> None:
        self.number = number
        self.deadline_ms = deadline_ms
        self.led_by: Callable[[], bool] | None = None
        """Whether the leader can still go on; not known yet at first."""
        self.is_left = False
        """Whether its leader is gone, and others wait for a late answer."""
        self.adopt: Callable[[str], None] | None = None
        """Takes over what a store holds, where there is nothing to hand out."""
        self.signs_out = False
        """Whether it brings no token, but tells the store and the server that the tokens are forgotten."""
        self.authorization: Authorization | None = None
        """Where a person signs in, when it prepared that."""
        self.is_done = False
        """Whether it came to its own end."""
        self.why: AuthError | None = None
        """What did not work, then."""
        self.blocked_by: int | None = None
        """The thread whose event loop leads it: while that thread waits, nothing goes on."""
        self.lock: StoreLock | AdaptedLock | None = None
        """The store's lock, while it is held for this flight."""
        # One that a signal's handler may take again in the same thread.
        self._lock = RLock()
        self._over = False
        self._waiters: list[Callable[[], None]] = []

    def is_led(self) -> bool:
        """False when its leader is gone and could not say so."""
        return not self._over and (self.led_by is None or self.led_by())

    def subscribe(self, waiter: Callable[[], None]) -> bool:
        """False when it is over: then nobody will call the waiter."""
        with self._lock:
            if not self._over:
                self._waiters.append(waiter)
            return not self._over

    def unsubscribe(self, waiter: Callable[[], None]) -> None:
        """The waiter waits no more."""
        with self._lock:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def hold(self, lock: StoreLock | AdaptedLock) -> None:
        """Holds the store's lock, as long as the flight is not over."""
        with self._lock:
            if not self._over:
                self.lock = lock
                _HOLDING.add(self)
                return
        lock.unlock()

    def unlock(self) -> None:
        """Gives it back."""
        _HOLDING.discard(self)
        lock, self.lock = self.lock, None
        if lock is not None:
            lock.unlock()

    def wake(self) -> None:
        """Has everybody who waits look again."""
        with self._lock:
            waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter()

    def end(self) -> None:
        """The same, and nobody waits for it any more."""
        self.unlock()
        with self._lock:
            self._over = True
        self.wake()


def fly(driver: Driver, flight: Flight) -> None:
    """Leads the flight, in a thread of its own."""
    try:
        while (step := driver.next(flight)) is not None:
            try:
                outcome = driver.performer.perform(flight, step)
            except Exception as error:  # noqa: BLE001
                outcome = unforeseen(error)
            driver.tell(flight, outcome)
    finally:
        driver.end(flight)


async def fly_async(driver: Driver, flight: Flight, surroundings: Surroundings) -> None:
    """Leads the flight, in a task of its own."""
    try:
        while (step := driver.next(flight)) is not None:
            try:
                outcome = await driver.performer.perform_async(flight, step, surroundings)
            except Exception as error:  # noqa: BLE001
                outcome = unforeseen(error)
            driver.tell(flight, outcome)
    finally:
        await land(driver, flight, surroundings)


async def land(driver: Driver, flight: Flight, surroundings: Surroundings) -> None:
    """The flight's leader, a task, goes."""
    try:
        if flight.lock is not None:
            # A store of the user's own may wait, and its methods may be async.
            await surroundings.last(flight.unlock)
    finally:
        driver.end(flight)


def unforeseen(error: Exception) -> Outcome:
    """Whatever else happens is a failure: if the leader just went, the next one would meet the same without a pause."""
    return Failed(FailureKind.Interrupted, f"cxauth itself failed: {type(error).__name__}")


_HOLDING: set[Flight] = set()


def _let_go() -> None:
    """A child that was forked has the lock's file open too: the parent could not give the lock back before it ends."""
    for flight in _HOLDING:
        flight.lock = None
    _HOLDING.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)
