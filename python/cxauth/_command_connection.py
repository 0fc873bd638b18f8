"""From a name, flags and the environment to a client for the length of one command."""

from __future__ import annotations

import os
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from cxauth._client import Client
from cxauth._command_configuration import Configuration
from cxauth._command_failure import FIX_CONFIGURATION, CommandError, complain
from cxauth._command_given import SECRETS, from_environment, from_stdin, named, variable, ways_in
from cxauth._connection import Connection
from cxauth._native import FileStore, platforms, read_toml
from cxauth.errors import AuthError

if TYPE_CHECKING:
    from argparse import Namespace

FROM_ENVIRONMENT = ("domain", "base", "client_id", "username", "email", "scopes")
"""The settings without secrets that an environment variable may carry."""
JOINED = ("headers", "api_headers", "parameters")


def client(name: str | None, who: Namespace) -> tuple[Connection, Client]:
    """The connection that a name means, and a client of it.

    The name is that of a connection in the configuration file, or a platform with what the environment says about it.
    Flags are stronger than either.
    """
    below, place = _base(name, who)
    settings = {**below, **_flags(who, below)}
    try:
        connection = Connection.from_settings(settings)
    except AuthError as error:
        raise _incomplete(error, place) from None
    store = FileStore(who.store) if "store" in who else None
    if _is_lone(settings) and store is None:
        # RFC 6749 §6: the server may give a new refresh token and end the old one.
        complain(
            "warning: the server may replace the refresh token, and the new one ends with this run: keep it with "
            "--store PATH"
        )
    return connection, Client(connection, store=store)


def _is_lone(settings: dict[str, Any]) -> bool:
    others = ("client_secret", "password", "api_key")
    return settings.get("grant") == "refresh_token" or (
        "refresh_token" in settings and "grant" not in settings and not any(name in settings for name in others)
    )


def _base(name: str | None, who: Namespace) -> tuple[dict[str, Any], str | None]:
    """The settings that flags are laid over, and where they stand when that is a file.

    A connection of the file takes nothing from the environment but what it names, so that a variable left over from
    other work never changes it.
    """
    configuration = Configuration(getattr(who, "config", None))
    if name is None and "platform" in who:
        return _environment(), None
    name = name or os.environ.get("CXAUTH_PLATFORM")
    if not name:
        raise CommandError(
            FIX_CONFIGURATION,
            "no connection is named: give the name of one in the configuration file, or of a platform; "
            "`python -m cxauth platforms` lists what each needs",
        )
    settings = configuration.connection(name)
    if settings is not None:
        return settings, f"[connections.{name}] of {configuration.path}"
    if name not in platforms():
        raise _unknown(name, configuration)
    return {**_environment(), "platform": name}, None


def _flags(who: Namespace, below: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {
        name: getattr(who, name) for name in ("platform", "domain", "client_id", "username") if name in who
    }
    if "scope" in who:
        given["scopes"] = [scope for words in who.scope for scope in words.split()]
    for pair in getattr(who, "secret_file", []):
        name, path = _named_secret(pair, "--secret-file NAME=PATH")
        given[name] = {"file": path}
    for pair in getattr(who, "secret_command", []):
        name, command = _named_secret(pair, "--secret-command NAME=COMMAND")
        given[name] = {"command": command.split()}
    if "secret_stdin" in who:
        given[named(who.secret_stdin)] = from_stdin(named(who.secret_stdin))
    for pair in getattr(who, "set", []):
        name, equals, value = pair.partition("=")
        if not equals:
            raise CommandError(FIX_CONFIGURATION, "--set takes NAME=VALUE, such as --set token_endpoint=https://…")
        if name in SECRETS:
            raise CommandError(
                FIX_CONFIGURATION,
                f"{name} is a secret, and other users of the machine can read a command line: {ways_in(name)}",
            )
        given[name] = _one_setting(name, value)
        if name in JOINED and isinstance(given[name], dict) and isinstance(below.get(name), dict):
            given[name] = {**below[name], **given[name]}
    return given


def _named_secret(pair: str, form: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    if not value:
        raise CommandError(FIX_CONFIGURATION, f"write {form}, with one of {', '.join(SECRETS)} as NAME")
    return named(name), value


def _one_setting(name: str, value: str) -> object:
    """The setting as the core takes it: the text itself, else what it means in TOML, else a list of words."""
    in_toml: list[object] = []
    with suppress(ValueError):
        in_toml.append(read_toml(f"value = {value}")["value"])
    readings = [value, *in_toml, value.split()]
    return next((reading for reading in readings if _is_of_its_kind(name, reading)), value)


def _is_of_its_kind(name: str, value: object) -> bool:
    try:
        Connection.from_settings({name: value})
    except AuthError as error:
        return error.code != "invalid_setting"
    return True


def _environment() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for setting in FROM_ENVIRONMENT:
        value = os.environ.get(variable(setting))
        if value:
            found[setting] = value.split() if setting == "scopes" else value
    for name in SECRETS:
        source = from_environment(name)
        if source is not None:
            found[name] = source
    return found


def _incomplete(error: AuthError, place: str | None) -> CommandError:
    """An error of the whole connection, with a word on where what is missing goes."""
    if error.code != "missing_setting":
        return CommandError.of(error, place)
    name = str(error).partition("(")[2].partition(")")[0]
    is_secret = name in SECRETS
    if place and is_secret:
        advice = f'add {name} = {{ env = "…" }}, {{ file = "…" }} or {{ command = […] }} to {place}'
    elif place:
        advice = f"add {name} to {place}"
    elif is_secret:
        advice = ways_in(name)
    elif name in FROM_ENVIRONMENT:
        advice = f"give it as a flag (`python -m cxauth token --help`) or set the variable {variable(name)}"
    else:
        advice = f"give --set {name}=VALUE"
    return CommandError(FIX_CONFIGURATION, f"{name} is missing: {advice} [{error.code}]")


def _unknown(name: str, configuration: Configuration) -> CommandError:
    near = get_close_matches(name, [*configuration.connections, *platforms()], n=3)
    if near:
        advice = f"did you mean {' or '.join(f'`{one}`' for one in dict.fromkeys(near))}?"
    else:
        advice = (
            "`python -m cxauth platforms` lists the platforms, and the file's tables [connections.NAME] are the "
            "connections"
        )
    return CommandError(
        FIX_CONFIGURATION,
        f"there is no connection `{name}` in {configuration.path} and no platform of this name; {advice}",
    )
