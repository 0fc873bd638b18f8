"""The connection of a scenario: its settings as JSON, which the bridge reads."""

from __future__ import annotations

from functools import cache

from reading import Json, ScenarioError, write

from cxauth import AuthError
from cxauth import _native as bridge

DEFAULT: dict[str, Json] = {
    "platform": "generic",
    "token_endpoint": "https://as.example/token",
    "grant": "client_credentials",
    "client_authentication": "client_secret_post",
    "client_id": "id",
    "client_secret": "secret",
}
"""What a scenario without `connection` has."""

_JOINED = ("headers", "api_headers", "parameters")


def open_connection(settings: dict[str, Json]) -> bridge.Connection:
    """The connection of these settings, or the bridge's error."""
    return bridge.open_connection(write(settings))


def check(settings: dict[str, Json]) -> None:
    """A name that no connection has is a mistake in the scenario, not in the connection."""
    for name in settings:
        if not _is_known(name):
            raise ScenarioError(f"unknown key `{name}` in `connection`")


def changed(settings: dict[str, Json], changes: dict[str, Json]) -> dict[str, Json]:
    """The settings with new values; null says nothing, headers and parameters are joined by name."""
    result = dict(settings)
    for name, value in changes.items():
        below = result.get(name)
        if name in _JOINED and isinstance(value, dict) and isinstance(below, dict):
            taken = {key.lower() for key in value}
            result[name] = {
                **{key: below[key] for key in below if key.lower() not in taken},
                **value,
            }
        elif value is not None:
            result[name] = value
    return result


@cache
def _is_known(name: str) -> bool:
    try:
        # Alone, so that no other setting's error comes first.
        open_connection({name: ""})
    except AuthError as error:
        return bool(error.code != "unknown_setting")
    return True
