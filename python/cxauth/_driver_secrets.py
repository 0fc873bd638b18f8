"""Reading secrets from where the connection says that they are."""

from __future__ import annotations

import os
import subprocess
from importlib import import_module
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, Final

from cxauth._driver_call import Call, Unusable
from cxauth._driver_outcome import Failed, Secret
from cxauth._native import FailureKind, SecretSourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxauth._driver_outcome import Outcome
    from cxauth._native import Step

LIMIT: Final = 20.0
"""How long reading a secret may take, in seconds: a program that asks a person or a network has to be done by then."""

LONGEST: Final = 64 * 1024
"""More than any secret needs, in bytes."""


def reading(step: Step, functions: Mapping[str, Callable[[], Any]]) -> Call:
    """The call that reads the secret that the step wants. What it says names the place and never the value."""
    place, read = place_of(step)

    def failed(why: str) -> Failed:
        return Failed(FailureKind.Connect, f"{place}: {why}")

    if step.secret_source_kind() == SecretSourceKind.Function:
        function = functions.get(step.secret_source_values()[0], _no_function)
        return Call(function, _given, failed)
    return Call(read, _found, failed)


def place_of(step: Step) -> tuple[str, Callable[[], bytes]]:
    """Where the step's secret is, in words, and what reads it there."""
    kind, values = step.secret_source_kind(), step.secret_source_values()
    place, read = _PLACES.get(kind, _ELSEWHERE)
    name = values[0] if values else ""
    return f"{place} {name}", lambda: read(values)


def found(content: bytes) -> str:
    """The text of a secret that was read. Raises `Unusable`."""
    if len(content) > LONGEST:
        raise Unusable("it is longer than 64 KiB")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise Unusable("it is not UTF-8")
    if text.endswith("\n"):
        text = text[:-1].removesuffix("\r")
    return text


def _environment(values: list[str]) -> bytes:
    text = os.environ.get(values[0])
    if text is None:
        raise Unusable("it is not set")
    return os.fsencode(text)


def _file(values: list[str]) -> bytes:
    try:
        with Path(values[0]).open("rb") as file:
            return file.read(LONGEST + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
    raise Unusable(why)


def _command(values: list[str]) -> bytes:
    # No shell: what stands in the configuration is the program and its arguments, nothing is expanded. Its standard
    # error is the user's; its standard input is empty.
    try:
        process = subprocess.Popen(values, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)  # noqa: S603
    except OSError as error:
        why = error.strerror or type(error).__name__
    else:
        return _output(process)
    raise Unusable(why)


def _output(process: subprocess.Popen[bytes]) -> bytes:
    timer = Timer(LIMIT, process.kill)
    timer.daemon = True
    timer.start()
    try:
        with process.stdout as stream:  # type: ignore[union-attr]
            output = stream.read(LONGEST + 1)
        if len(output) > LONGEST:
            process.kill()
            return output
        status = process.wait()
    finally:
        timer.cancel()
    if status != 0:
        raise Unusable(f"it ended with exit status {status}")
    return output


def _keychain(values: list[str]) -> bytes:
    service, slash, account = values[0].partition("/")
    if not slash:
        raise Unusable("service/account is wanted")
    try:
        keyring = import_module("keyring")
    except ImportError:
        keyring = None
    if keyring is None:
        raise Unusable("reading it takes the package keyring; install that, or use a command that prints the secret")
    text = keyring.get_password(service, account)
    if text is None:
        raise Unusable("there is no such entry")
    return str(text).encode()


def _unknown(values: list[str]) -> bytes:
    raise Unusable("this version of cxauth cannot read it")


def _no_function() -> str:
    raise Unusable("the program gave no function of this name")


def _found(content: bytes) -> Outcome:
    return _given(found(content))


def _given(text: Any) -> Outcome:
    if not isinstance(text, str):
        raise Unusable(f"it returned {type(text).__name__} where text is wanted")
    if not text:
        raise Unusable("it is empty")
    return Secret(text)


_PLACES: Final = {
    SecretSourceKind.Environment: ("environment variable", _environment),
    SecretSourceKind.File: ("file", _file),
    # Its arguments may say more than a log should know.
    SecretSourceKind.Command: ("command", _command),
    SecretSourceKind.Keychain: ("keychain entry", _keychain),
    SecretSourceKind.Function: ("function", _unknown),
}
_ELSEWHERE: Final = ("source", _unknown)
