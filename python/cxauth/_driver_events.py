"""Telling the program what happens, in a thread that may take its time."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from cxauth._driver_threads import begin
from cxauth._status import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cxauth._native import SessionEvent

    Listener = Callable[[Event], object]


class Listeners:
    """Functions that want to hear of events."""

    __slots__ = ("_functions",)

    def __init__(self) -> None:
        self._functions: dict[object, Listener] = {}

    def add(self, function: Listener) -> Callable[[], None]:
        """Calls the function with each event from now on; returns a function that ends that."""
        key = object()
        self._functions[key] = function

        def forget() -> None:
            self._functions.pop(key, None)

        return forget

    def __bool__(self) -> bool:
        return bool(self._functions)

    def tell(self, event: Event) -> None:
        """Tells all of them. What one raises is printed, and changes nothing for the others."""
        for function in list(self._functions.values()):
            try:
                function(event)
            except Exception as error:  # noqa: BLE001
                what = (type(error), error, error.__traceback__, threading.current_thread())
                threading.excepthook(threading.ExceptHookArgs(what))


class Teller:
    """Tells listeners of one process what happens, one event after the other."""

    __slots__ = ("_events", "_listeners", "_lock", "_telling")

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        self._events: deque[SessionEvent] = deque()
        self._lock = threading.RLock()
        self._telling = False

    def note(self, events: Iterable[SessionEvent]) -> None:
        """Notes what happened, under the session's lock: so it is in order."""
        if self._listeners:
            self._events.extend(events)

    def deliver(self) -> None:
        """Has a thread tell what was noted, if none does."""
        if not self._events:
            return
        with self._lock:
            telling, self._telling = self._telling, True
        if not telling:
            begin(self._tell)

    def _tell(self) -> None:
        while (event := self._next()) is not None:
            self._listeners.tell(Event(event))

    def _next(self) -> SessionEvent | None:
        with self._lock:
            if self._events:
                return self._events.popleft()
            self._telling = False
            return None
