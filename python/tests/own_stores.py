"""Stores of the user's own: that of the documentation, and others with faults on demand."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import anyio
from anyio.lowlevel import checkpoint
from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable


def documented() -> Any:
    """The class `Row` of the documentation, word for word, which keeps tokens in a row of a database."""
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    (example,) = (block for block in page.split("```python\n") if "class Row:" in block)
    classes = example.partition("```")[0].partition("client = ")[0]
    names: dict[str, Any] = {}
    exec(classes, names)
    return names["Row"]


class Own:
    """A store in memory that notes what it was asked, and in which threads."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.held = threading.Lock()
        self.asked: list[str] = []
        self.threads: set[int] = set()
        self.fails: dict[str, Callable[[Any], object]] = {}

    def lock(self, timeout: float) -> OwnLock:
        self.note("lock", timeout)
        if not self.held.acquire(timeout=timeout):
            raise TimeoutError("somebody else has it")
        return OwnLock(self)

    def note(self, method: str, argument: object = None) -> None:
        self.asked.append(method)
        self.threads.add(threading.get_ident())
        if method in self.fails:
            self.fails[method](argument)


class OwnLock:
    def __init__(self, store: Own) -> None:
        self.store = store

    def load(self) -> str | None:
        self.store.note("load")
        return self.store.text

    def save(self, snapshot: str) -> None:
        self.store.note("save", snapshot)
        self.store.text = snapshot

    def unlock(self) -> None:
        self.store.held.release()
        self.store.note("unlock")


class AsyncOwn(Own):
    """The same with async methods."""

    async def lock(self, timeout: float) -> AsyncOwnLock:  # type: ignore[override]
        self.note("lock", timeout)
        with anyio.fail_after(timeout):
            while not self.held.acquire(blocking=False):
                await anyio.sleep(0.002)
        return AsyncOwnLock(self)


class AsyncOwnLock:
    def __init__(self, store: AsyncOwn) -> None:
        self.lock = OwnLock(store)

    async def load(self) -> str | None:
        await checkpoint()
        return self.lock.load()

    async def save(self, snapshot: str) -> None:
        await checkpoint()
        self.lock.save(snapshot)

    async def unlock(self) -> None:
        await checkpoint()
        self.lock.unlock()
