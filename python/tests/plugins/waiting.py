"""Waiting for what other threads and tasks do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import anyio

PATIENCE = 30.0


def until(condition: Callable[[], object]) -> None:
    """Waits for it, in a thread."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.002)


async def until_async(condition: Callable[[], object]) -> None:
    """Waits for it, in a task."""
    with anyio.fail_after(PATIENCE):
        while not condition():  # noqa: ASYNC110
            await anyio.sleep(0.002)


def callers(plugin: Any) -> int:
    """How many wait for a renewal."""
    return sum(len(flight._waiters) for flight in list(plugin._driver._state.flights.values()))


def flights(plugin: Any) -> int:
    """How many renewals are under way."""
    return len(plugin._driver._state.flights)


def in_thread(act: Callable[[], Any]) -> Future[Any]:
    """Does it in a thread of its own."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(act())
        except BaseException as error:  # noqa: BLE001
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


@contextmanager
def held(simulator: Any, **fault: Any) -> Iterator[None]:
    """The token endpoint answers nobody until the end of the block."""
    simulator.hold(**fault)
    try:
        yield
    finally:
        simulator.clear()
