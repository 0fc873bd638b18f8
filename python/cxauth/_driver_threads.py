"""Flights and waiting in synchronous code.

A flight runs in a daemon thread of its own: Ctrl-C, and whatever else ends the caller that began it, ends that caller
only, and a caller whose token still serves goes on with it at once.
"""

from __future__ import annotations

import atexit
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextvars import copy_context
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar
from weakref import WeakSet

from cxauth._driver_flight import fly

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxauth._driver import Driver
    from cxauth._driver_flight import Flight

    T = TypeVar("T")

LANDING: Final = 40.0
"""How long an interpreter that ends waits for what is to be saved, in seconds."""


def launch(driver: Driver, flight: Flight) -> None:
    """Starts the flight.

    Where no thread can be started (in an interpreter that is ending, in WebAssembly) the caller itself leads it.
    """
    thread = _thread(lambda: fly(driver, flight))
    if driver.performer.store is not None:
        _SAVING.add(thread)
    try:
        thread.start()
    except RuntimeError:
        fly(driver, flight)
    finally:
        flight.led_by = thread.is_alive


def wait(flight: Flight, seconds: float) -> None:
    """Waits for the flight's end, so long at most."""
    woken = Event()
    wake = woken.set
    if flight.subscribe(wake):
        try:
            woken.wait(seconds)
        finally:
            flight.unsubscribe(wake)


def begin(act: Callable[[], T]) -> Future[T]:
    """Begins something that may block for longer than anybody waits for it."""
    future: Future[T] = Future()

    def run() -> None:
        # From here on nobody can cancel it.
        future.set_running_or_notify_cancel()
        try:
            result = act()
        except BaseException as error:  # noqa: BLE001
            future.set_exception(error)
        else:
            future.set_result(result)

    try:
        _thread(run).start()
    except RuntimeError:
        run()
    return future


def within(seconds: float, act: Callable[[], T], otherwise: T) -> T:
    """What comes of it, or `otherwise` when that takes longer. It goes on then, and nobody hears of it."""
    future = begin(act)
    try:
        return future.result(seconds)
    except FutureTimeout:
        return otherwise


def _land() -> None:
    """An interpreter that ends waits for renewals that are to be saved.

    Else an answer that a server has given already would be lost, and with it the only refresh token that still works.
    """
    end = monotonic() + LANDING
    for thread in list(_SAVING):
        thread.join(max(0.0, end - monotonic()))


def _thread(act: Callable[[], object]) -> Thread:
    return Thread(target=copy_context().run, args=(act,), name="cxauth renewal", daemon=True)


_SAVING: WeakSet[Thread] = WeakSet()
atexit.register(_land)
