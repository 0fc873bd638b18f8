"""A store of the user's own, behind the methods that cxauth's have. It is called in threads that may wait."""

from __future__ import annotations

from contextlib import suppress
from threading import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeAlias

    from cxauth.stores import AsyncLock, AsyncStore, Lock, Store

    Run: TypeAlias = Callable[[Awaitable[Any], float, bool], Any]
    """Waits so many seconds at most for what an async method returned, and where it is the last one to be awaited, also
    when everything else was cancelled.
    """

LIMIT = 30.0
"""How long an async method may take, in seconds; `lock` has its own timeout besides."""

WANTED = "store: a FileStore, a Redis or an object as cxauth.stores.Store describes it is wanted"
"""What is said of something else."""

OVERLAP = 12
"""So many characters of a snapshot in an error's text show a part of it."""


class StoreFailed(Exception):  # noqa: N818
    """What a store of the user's own raised, in words. There is no secret in them."""


class Snapshot(str):
    """What is to be saved: where a traceback or a log shows variables, it shows nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<redacted>"


class Adapted:
    """The store."""

    __slots__ = ("_run", "_store")

    def __init__(self, store: Store | AsyncStore, run: Run) -> None:
        self._store = store
        self._run = run

    def lock(self, timeout: float) -> AdaptedLock:
        """Takes the lock, or waits for it so many seconds at most."""
        lock = _call(lambda: self._store.lock(timeout), self._run, timeout + LIMIT)
        return AdaptedLock(lock, self._run)

    def look(self) -> str | None:
        """What it holds, without the lock; nothing where it cannot be looked into."""
        look = getattr(self._store, "look", None)
        return None if look is None else _text(_call(look, self._run, LIMIT))


class AdaptedLock:
    """The store's lock, held until it is given back."""

    __slots__ = ("_lock", "_run")

    def __init__(self, lock: Lock | AsyncLock, run: Run) -> None:
        self._lock = lock
        self._run = run

    def load(self) -> str | None:
        """What the store holds."""
        return _text(_call(self._lock.load, self._run, LIMIT))

    def save(self, snapshot: str) -> None:
        """Makes it durable."""
        kept = Snapshot(snapshot)
        del snapshot
        _call(lambda: self._lock.save(kept), self._run, LIMIT, kept)

    def unlock(self) -> None:
        """Gives the lock back. A lock that cannot be given back ends by itself."""
        with suppress(StoreFailed):
            _call(self._lock.unlock, self._run, LIMIT, is_last=True)


def is_store(value: object) -> bool:
    """Whether it is one, as far as can be seen."""
    return callable(getattr(value, "lock", None))


def refuse(awaitable: Awaitable[Any], seconds: float, is_last: bool) -> Any:
    """Where nobody can wait for it."""
    _close(awaitable)
    raise TypeError("a store with async methods is for asyncio and trio, such as in an AsyncClient")


class InLoop:
    """Waits for it in an event loop of asyncio."""

    __slots__ = ("_loop", "_thread")

    def __init__(self, loop: AbstractEventLoop, thread: int | None = None) -> None:
        self._loop = loop
        self._thread = thread

    def __call__(self, awaitable: Awaitable[Any], seconds: float, is_last: bool) -> Any:
        import asyncio

        if get_ident() == self._thread:
            # The loop itself cannot wait.
            task = self._loop.create_task(_awaited(awaitable))
            _LEFT.add(task)
            task.add_done_callback(_LEFT.discard)
            return None
        coming = _awaited(awaitable)
        try:
            future = asyncio.run_coroutine_threadsafe(coming, self._loop)
        except RuntimeError:
            coming.close()
            _close(awaitable)
            raise
        try:
            return future.result(seconds)
        finally:
            future.cancel()


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _close(awaitable: Awaitable[Any]) -> None:
    """So that nobody is warned of a coroutine that was never awaited."""
    close = getattr(awaitable, "close", None)
    if close is not None:
        close()


def _call(function: Callable[[], Any], run: Run, seconds: float, secret: str = "", *, is_last: bool = False) -> Any:
    try:
        result = function()
        return run(result, seconds, is_last) if hasattr(result, "__await__") else result
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001
        why = _describe(error, secret)
    raise StoreFailed(why)


def _describe(error: BaseException, secret: str) -> str:
    """A database's error may repeat the values of a statement."""
    kind, text = type(error).__name__, str(error)
    shows = any(secret[start : start + OVERLAP] in text for start in range(len(secret) - OVERLAP + 1))
    return f"{kind}: {text}" if text and not shows else kind


def _text(snapshot: object) -> str | None:
    if snapshot is None or isinstance(snapshot, str):
        return snapshot
    raise StoreFailed(f"what it holds came as {type(snapshot).__name__}, neither str nor None")


_LEFT: set[Task[Any]] = set()
