"""Where tokens outlive the process, and where processes agree on who renews them.

    store = cxauth.stores.FileStore("tokens/cisco")
    client = cxauth.Client.cisco_cx_cloud("key", cxauth.Environment("CISCO_SECRET"), store=store)

A store is one place with one lock, for the tokens of one connection. A renewal takes the lock, reads what is there,
asks the server only when that is still needed, makes the new set durable, and gives the lock back: so of many processes
one renews and the others find its result.

| wanted | is |
|---|---|
| the processes of one machine share tokens, in every language | `FileStore` |
| the same for many connections, a file each | `FileStore.in_directory` |
| the machines of a fleet share tokens, in every language | `Redis` |
| a place of your own: a row of a database, a key of a cache | an object as `Store` describes it |
| the same with `async def` | an object as `AsyncStore` describes it |

All of them go with `cxauth.Client` and `cxauth.AsyncClient` and with the plug-ins for HTTP libraries, as `store=`.
"""

from __future__ import annotations

from cxauth._native import FileStore, Redis, StoreLock, generate_keys, snapshot_generation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TypeAlias
else:
    # Importing `typing` takes longer than everything else here.
    Protocol = object

__all__ = [
    "AnyStore",
    "AsyncLock",
    "AsyncStore",
    "FileStore",
    "Lock",
    "Redis",
    "Store",
    "StoreLock",
    "generate_keys",
    "generation",
]


class Store(Protocol):
    """A store of your own. Derive from this class, or write the methods only.

    They are called in threads that may wait, never in an event loop's, and by any number of threads at once. Whatever
    they raise fails the attempt (`store_unavailable`), a later one tries again, and a token that is valid keeps working
    meanwhile. Its text becomes part of the error: keep secrets out of it.

    A store may also have a method `look`, which returns what `Lock.load` would without waiting for the lock. Then who
    has nothing and cannot get the lock does with what is there.
    """

    def lock(self, timeout: float) -> Lock:
        """Takes the lock, or waits for it so many seconds at most, and then raises an exception of any class.

        One holder at a time, in all threads, processes and machines that share the place. A lock must end with its
        holder: one that outlives a dead process stops every other one. A flight holds it for 60 seconds at most.
        """
        ...


class Lock(Protocol):
    """The lock of a `Store`, held until it is given back. It is used by one thread at a time."""

    def load(self) -> str | None:
        """The text that was last saved; None where nothing was ever saved.

        It is all secret. What cannot be read raises, and is never deleted and never None: that would sign people out.
        """
        ...

    def save(self, snapshot: str) -> None:
        """Makes the text durable before it returns: after a crash at any moment the place holds the old one or this.

        It is called more than once under one lock. Raise, and change nothing, where the place holds a text of a later
        `generation`, or where the lock was lost: a late holder must not overwrite what another one saved. A text of
        the same generation is written.

        The text is all secret: its `repr` shows nothing, and it is not to be logged. It grows no longer than 1 MiB.
        """
        ...

    def unlock(self) -> None:
        """Gives the lock back. What it raises is dropped."""
        ...


class AsyncStore(Protocol):
    """A store of your own with async methods, for asyncio and trio.

    They are awaited in the event loop that waits for the token: that of a `cxauth.AsyncClient`, of an
    `httpx.AsyncClient`, of an `aiohttp.ClientSession`. Everything else is as with `Store`, a method `look` included.
    """

    async def lock(self, timeout: float) -> AsyncLock:
        """As `Store.lock`."""
        ...


class AsyncLock(Protocol):
    """The lock of an `AsyncStore`, held until it is given back."""

    async def load(self) -> str | None:
        """As `Lock.load`."""
        ...

    async def save(self, snapshot: str) -> None:
        """As `Lock.save`."""
        ...

    async def unlock(self) -> None:
        """As `Lock.unlock`. Awaited also when the task that waited was cancelled, as long as its event loop runs."""
        ...


AnyStore: TypeAlias = FileStore | Redis | Store | AsyncStore
"""What `store=` takes."""


def generation(snapshot: str) -> int:
    """Which set of tokens the text has: each renewal makes a later one.

    Raises `cxauth.AuthError` for a text that is none of cxauth's.
    """
    return int(snapshot_generation(snapshot))
