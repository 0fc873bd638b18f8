"""Flights and waiting in trio. Only where trio is imported already."""

from __future__ import annotations

from contextlib import suppress
from contextvars import copy_context
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar

import trio

from cxauth._driver_flight import fly_async
from cxauth._driver_threads import begin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Future

    from cxauth._driver import Driver
    from cxauth._driver_flight import Flight
    from cxauth._store import Run

    T = TypeVar("T")


def is_here() -> bool:
    """Whether the caller is a task of trio."""
    try:
        trio.lowlevel.current_task()
    except RuntimeError:
        return False
    return True


class _Trio:
    def launch(self, driver: Driver, flight: Flight) -> None:
        async def lead() -> None:
            # What a system task raises would end all of trio.
            with suppress(Exception):
                await fly_async(driver, flight, self)

        token = trio.lowlevel.current_trio_token()

        def runs() -> bool:
            try:
                token.run_sync_soon(_nothing)
            except trio.RunFinishedError:
                return False
            return True

        flight.blocked_by, flight.led_by = get_ident(), runs
        trio.lowlevel.spawn_system_task(lead, name="cxauth renewal", context=copy_context())

    async def wait(self, flight: Flight, seconds: float) -> None:
        token, woken = trio.lowlevel.current_trio_token(), trio.Event()

        def wake() -> None:
            with suppress(trio.RunFinishedError):
                token.run_sync_soon(woken.set)

        if flight.subscribe(wake):
            try:
                with trio.move_on_after(seconds):
                    await woken.wait()
            finally:
                flight.unsubscribe(wake)

    async def within(self, seconds: float, act: Callable[[], Awaitable[T]], otherwise: T) -> T:
        with trio.move_on_after(seconds):
            return await act()
        return otherwise

    async def away(self, act: Callable[[], T]) -> T:
        token, finished = trio.lowlevel.current_trio_token(), trio.Event()
        future = begin(act)

        def finish(_: Future[T]) -> None:
            with suppress(trio.RunFinishedError):
                token.run_sync_soon(finished.set)

        future.add_done_callback(finish)
        await finished.wait()
        return future.result()

    async def last(self, act: Callable[[], object]) -> None:
        with trio.CancelScope(shield=True):
            await self.away(act)

    def back(self) -> Run:
        token, thread = trio.lowlevel.current_trio_token(), get_ident()

        def run(awaitable: Awaitable[Any], seconds: float, is_last: bool) -> Any:
            async def awaited() -> Any:
                with trio.CancelScope(shield=is_last), trio.fail_after(seconds):
                    return await awaitable

            async def left() -> None:
                # What a system task raises would end all of trio.
                with suppress(Exception):
                    await awaited()

            if get_ident() == thread:
                # The loop itself cannot wait.
                return trio.lowlevel.spawn_system_task(left)
            return trio.from_thread.run(awaited, trio_token=token)

        return run


def _nothing() -> None:
    pass


TRIO = _Trio()
