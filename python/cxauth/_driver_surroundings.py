"""What asynchronous code runs in: asyncio or trio."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from threading import get_ident
from typing import TYPE_CHECKING, Protocol, TypeVar

from cxauth._driver_flight import fly_async
from cxauth._driver_threads import begin
from cxauth._store import InLoop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cxauth._driver import Driver
    from cxauth._driver_flight import Flight
    from cxauth._store import Run

    T = TypeVar("T")


class Surroundings(Protocol):
    """Tasks, waiting and time limits."""

    def launch(self, driver: Driver, flight: Flight) -> None:
        """Starts the flight in a task of its own, which no caller's end ends."""

    async def wait(self, flight: Flight, seconds: float) -> None:
        """Waits for the flight's end, so long at most."""

    async def within(self, seconds: float, act: Callable[[], Awaitable[T]], otherwise: T) -> T:
        """What comes of it, or `otherwise` when that takes longer. It is cancelled then."""
        ...

    async def away(self, act: Callable[[], T]) -> T:
        """Does something that blocks in a thread of its own."""
        ...

    async def last(self, act: Callable[[], object]) -> None:
        """The same in a task that may have been cancelled."""

    def back(self) -> Run:
        """From such a thread: waits for what is awaitable, here."""
        ...


def here() -> Surroundings:
    """What the caller runs in."""
    if "trio" in sys.modules:
        from cxauth import _driver_trio

        if _driver_trio.is_here():
            return _driver_trio.TRIO
    return ASYNCIO


class _Asyncio:
    def launch(self, driver: Driver, flight: Flight) -> None:
        loop = asyncio.get_running_loop()
        task = loop.create_task(fly_async(driver, flight, self), name="cxauth renewal")
        # The loop itself keeps no task alive.
        _FLYING.add(task)
        task.add_done_callback(_FLYING.discard)
        # A task that is cancelled before it began never gets to its own end.
        task.add_done_callback(lambda _: driver.end(flight))
        flight.blocked_by = get_ident()
        flight.led_by = lambda: loop.is_running() and not task.done()

    async def wait(self, flight: Flight, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        woken = loop.create_future()

        def wake() -> None:
            # Nobody waits in a loop that is closed.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_set, woken)

        if flight.subscribe(wake):
            try:
                await asyncio.wait([woken], timeout=seconds)
            finally:
                flight.unsubscribe(wake)

    async def within(self, seconds: float, act: Callable[[], Awaitable[T]], otherwise: T) -> T:
        # In a task of its own: what cancels itself is told from what is cancelled with the flight.
        task = asyncio.ensure_future(act())
        try:
            await asyncio.wait([task], timeout=seconds)
            return otherwise if not task.done() or task.cancelled() else task.result()
        finally:
            task.cancel()

    async def away(self, act: Callable[[], T]) -> T:
        return await asyncio.wrap_future(begin(act))

    async def last(self, act: Callable[[], object]) -> None:
        # A cancellation is told once; here it was.
        await self.away(act)

    def back(self) -> Run:
        return InLoop(asyncio.get_running_loop(), get_ident())


def _set(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)


_FLYING: set[asyncio.Task[None]] = set()
ASYNCIO = _Asyncio()
