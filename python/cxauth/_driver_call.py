"""Calls of functions that may fail, block, or be asynchronous: those that read secrets and bring tokens."""

from __future__ import annotations

import asyncio
from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cxauth._driver_outcome import Failed, Outcome
    from cxauth._driver_surroundings import Surroundings


class Unusable(Exception):  # noqa: N818
    """What came cannot be used. The text says why and holds no secret."""


class Call:
    """A function, what its result means, and what it means when it fails."""

    __slots__ = ("_function", "_understand", "failed")

    def __init__(
        self,
        function: Callable[[], Any],
        understand: Callable[[Any], Outcome],
        failed: Callable[[str], Failed],
    ) -> None:
        self._function = function
        self._understand = understand
        self.failed = failed

    def run(self) -> Outcome:
        """Calls it in this thread; an asynchronous one in an event loop of its own."""
        result = _caught(self._function)
        if isawaitable(result):
            coming = result
            result = _caught(lambda: asyncio.run(_awaited(coming)))
        return self._understood(result)

    async def run_async(self, surroundings: Surroundings) -> Outcome:
        """Calls it in this task, when it is asynchronous, else in a thread."""
        if iscoroutinefunction(self._function):
            result: Any = self._function()
        else:
            result = await surroundings.away(lambda: _caught(self._function))
        if isawaitable(result):
            try:
                result = await result
            except (Exception, SystemExit) as error:  # noqa: BLE001
                result = _Raised(error)
        return self._understood(result)

    def _understood(self, result: Any) -> Outcome:
        if not isinstance(result, _Raised):
            result = _caught(lambda: self._understand(result))
        return self.failed(result.why) if isinstance(result, _Raised) else result


class _Raised:
    """What a function raised, in words: nothing of the frames that it went through is kept."""

    __slots__ = ("why",)

    def __init__(self, error: BaseException) -> None:
        if isinstance(error, Unusable):
            self.why = str(error)
        else:
            text = str(error)
            self.why = f"{type(error).__name__}: {text}" if text else type(error).__name__


def _caught(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001
        # A function that exits, or cancels itself, has failed.
        return _Raised(error)


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable
