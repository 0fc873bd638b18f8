"""The secrets that the command is given: where they come from, and what is wrong with them."""

from __future__ import annotations

import os
import sys
from typing import Final

from cxauth._command_failure import FIX_CONFIGURATION, CommandError
from cxauth._native import Environment

SECRETS: Final = ("client_secret", "password", "api_key", "refresh_token")


def ways_in(name: str) -> str:
    """How a secret reaches the command, for a person who tried it another way."""
    return (
        f"set the variable {variable(name)}, or give --secret-file {name}=PATH, --secret-command {name}=COMMAND "
        f"or --secret-stdin {name}"
    )


def variable(setting: str) -> str:
    """The environment variable that carries a setting."""
    return f"CXAUTH_{setting.upper()}"


def named(name: str) -> str:
    """The name of a secret from the command line."""
    if name not in SECRETS:
        raise CommandError(FIX_CONFIGURATION, f"no secret has this name; the names are {', '.join(SECRETS)}")
    return name


def from_environment(name: str) -> Environment | None:
    """A secret from the environment, as a place that is read again when it is needed."""
    value = os.environ.get(variable(name))
    if not value:
        return None
    check(without_line_break(value), f"the variable {variable(name)}")
    return Environment(variable(name))


def from_stdin(name: str) -> str:
    """A secret from standard input, less one line break at its end."""
    if sys.stdin.isatty():
        raise CommandError(
            FIX_CONFIGURATION,
            f"standard input is a terminal, which would show {name}: pipe it into the command, or {ways_in(name)}",
        )
    value = without_line_break(sys.stdin.read())
    if not value:
        raise CommandError(
            FIX_CONFIGURATION,
            f"standard input is empty where --secret-stdin expects {name}; pipe the secret into the command",
        )
    check(value, "standard input")
    return value


def check(value: str, place: str) -> None:
    """Refuses a secret with a line break: it came along by accident, and the server's refusal would not say so."""
    if "\n" in value or "\r" in value:
        raise CommandError(
            FIX_CONFIGURATION, f"the secret from {place} has a line break in it; remove the line break and try again"
        )


def without_line_break(text: str) -> str:
    """Less one line break at its end, as every source of secrets is read."""
    line = text.removesuffix("\n")
    return line.removesuffix("\r") if line != text else text
