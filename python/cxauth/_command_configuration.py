"""The configuration file: named connections, as tables of TOML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from cxauth._command_failure import FIX_CONFIGURATION, CommandError, complain
from cxauth._command_given import SECRETS, check
from cxauth._native import read_toml


class Configuration:
    """The connections of a configuration file; none where there is no file."""

    def __init__(self, flag: str | None) -> None:
        """Reads the file that the flag or `CXAUTH_CONFIG` names, which must be there, or the one in the usual place."""
        named = flag or os.environ.get("CXAUTH_CONFIG")
        self.path = Path(named) if named else _usual_place()
        self.connections: dict[str, dict[str, Any]] = {}
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            if not named:
                return
            raise self._unreadable("there is no such file") from None
        except OSError as error:
            raise self._unreadable(error.strerror or "it cannot be read") from None
        except UnicodeDecodeError:
            raise self._unreadable("it is not UTF-8") from None
        self._read(text)

    def connection(self, name: str) -> dict[str, Any] | None:
        """The settings of a connection, with paths of secrets made absolute. Warns of a secret that others can read."""
        settings = self.connections.get(name)
        if settings is None:
            return None
        settings = dict(settings)
        for secret in SECRETS:
            value = settings.get(secret)
            if isinstance(value, str):
                check(value, f"{secret} in [connections.{name}] of {self.path}")
                self._warn_if_readable_by_others(secret)
            elif isinstance(value, dict):
                settings[secret] = self._made_absolute(cast("dict[str, Any]", value))
        return settings

    def _made_absolute(self, source: dict[str, Any]) -> dict[str, Any]:
        """A relative path starts where the configuration file is, `~/` at the user's home."""
        file = source.get("file")
        if not isinstance(file, str):
            return source
        return {**source, "file": str(Path.home() / file[2:] if file.startswith("~/") else self.path.parent / file)}

    def _read(self, text: str) -> None:
        try:
            document = read_toml(text)
        except ValueError as error:
            raise CommandError(FIX_CONFIGURATION, f"the configuration file {self.path}, {error}") from None
        for name, tables in document.items():
            if name != "connections" or not isinstance(tables, dict):
                raise CommandError(
                    FIX_CONFIGURATION,
                    f"the configuration file {self.path} has `{name}` where only tables [connections.NAME] are "
                    "expected; rename it",
                )
            for connection, settings in cast("dict[str, Any]", tables).items():
                if not isinstance(settings, dict):
                    raise CommandError(
                        FIX_CONFIGURATION,
                        f"the configuration file {self.path} has `{connection}` among the connections, which is no "
                        f"table; write [connections.{connection}]",
                    )
                self.connections[connection] = cast("dict[str, Any]", settings)

    def _warn_if_readable_by_others(self, secret: str) -> None:
        # Elsewhere a file's mode does not say who can read it.
        if os.name == "posix" and self.path.stat().st_mode & 0o077:
            complain(
                f"warning: {secret} stands as text in {self.path}, which others can read: run `chmod 600 {self.path}`, "
                f'or write {secret} = {{ env = "…" }}, {{ file = "…" }} or {{ command = […] }}'
            )

    def _unreadable(self, why: str) -> CommandError:
        return CommandError(
            FIX_CONFIGURATION,
            f"cannot read the configuration file {self.path}: {why}; correct its path or its permissions",
        )


def _usual_place() -> Path:
    folder = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return (folder if folder.is_absolute() else Path.home() / ".config") / "cxauth" / "config.toml"
