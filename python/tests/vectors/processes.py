"""The processes of a scenario, each with a session of its own."""

from __future__ import annotations

import steps
from player import Player, Shared
from reading import Json, ScenarioError


class Processes:
    """Has each step played by its process, which the first step that names it opens."""

    def __init__(
        self, settings: dict[str, Json], epoch: float, start: float, repetition: int, *, has_store: bool
    ) -> None:
        self._settings = settings
        self._epoch = epoch
        self._shared = Shared(repetition, has_store)
        self._players: dict[str | None, Player] = {}
        self._since: dict[str | None, float] = {None: start}
        """The one without a name is as old as the scenario."""

    def perform(self, step: steps.Step) -> Json:
        """Performs one step and returns its outcome. It raises for a mistake in the scenario."""
        if isinstance(step.action, steps.ChangeStore):
            return self._change_store(step.action)
        if isinstance(step.action, steps.End):
            return self._end(step.process)
        if step.process not in self._players:
            since = self._since.pop(step.process, step.at)
            self._players[step.process] = Player(self._settings, self._epoch, since, self._shared)
        return self._players[step.process].perform(step)

    def events(self, process: str | None) -> list[str]:
        """The names of its events since this was last called."""
        player = self._players.get(process)
        return [] if player is None else player.events()

    def wakeup(self, process: str | None) -> float | None:
        """When its background work is next due."""
        player = self._players.get(process)
        return None if player is None else player.wakeup()

    def _end(self, process: str | None) -> None:
        player = self._players.pop(process, None)
        if player is None:
            raise ScenarioError("there is no such process")
        player.end()

    def _change_store(self, change: steps.ChangeStore) -> None:
        store = self._shared.store
        if change.fails is not None:
            store.fail(change.fails)
        if change.loses_lock:
            store.lose_lock()
        if change.held is not None:
            store.hold(change.held)
        if change.replaces_snapshot:
            store.put(change.snapshot)
