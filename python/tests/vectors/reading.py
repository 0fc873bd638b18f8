"""Reading the objects of a scenario: every key is known, every value is of the kind that is wanted."""

from __future__ import annotations

import json
import math
from typing import Any, TypeVar

Json = Any
"""What a JSON text holds."""

Value = TypeVar("Value")

_KINDS: dict[type[Any], str] = {str: "a text", list: "an array", dict: "an object", bool: "true or false"}


class ScenarioError(Exception):
    """What is wrong with a scenario itself, or what differed when it ran."""


def parse(text: bytes) -> Json:
    """Reads a JSON text (RFC 8259), without what Python's reader allows beyond it."""
    value = json.loads(text.decode(), parse_int=_integer, parse_float=_float, parse_constant=_constant)
    # Half of a surrogate pair is no text that a session could be given.
    write(value).encode()
    return value


def write(value: Json) -> str:
    """The value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def is_number(value: Json) -> bool:
    """Whether it is a number; to Python, true and false are numbers too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_texts(value: Json) -> bool:
    """Whether it is an array of texts."""
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


class Reader:
    """Takes the keys out of an object; those that nobody took are unknown."""

    def __init__(self, value: Json, what: str) -> None:
        if not isinstance(value, dict):
            raise ScenarioError(f"{what}: an object is wanted, {write(value)} stands there")
        self._rest: dict[str, Json] = dict(value)

    def end(self) -> None:
        """Nothing else may stand there."""
        for key in self._rest:
            raise ScenarioError(f"unknown key `{key}`")

    def take(self, key: str) -> Json:
        """The value of a key that must be there."""
        if key not in self._rest:
            raise ScenarioError(f"the key `{key}` is missing")
        return self._rest.pop(key)

    def take_or(self, key: str, default: Json) -> Json:
        """The value of a key that may be absent."""
        return self._rest.pop(key, default)

    def has(self, key: str) -> bool:
        """Whether the key stands there, with whatever value."""
        return key in self._rest

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        return _of(str, key, self._take(key, default))

    def text_or_none(self, key: str) -> str | None:
        """A text, or nothing."""
        value = self.take_or(key, None)
        return None if value is None else _of(str, key, value)

    def array(self, key: str, default: list[Json] | None = None) -> list[Json]:
        """An array; without a default it must be there."""
        return _of(list, key, self._take(key, default))

    def object(self, key: str, default: dict[str, Json] | None = None) -> dict[str, Json]:
        """An object; without a default it must be there."""
        return _of(dict, key, self._take(key, default))

    def number(self, key: str, default: float | None = None) -> float:
        """A number; without a default it must be there."""
        value = self._take(key, default)
        if not is_number(value):
            raise ScenarioError(f"`{key}`: a number is wanted, {write(value)} stands there")
        return float(value)

    def flag(self, key: str) -> bool | None:
        """True or false; None where the key is absent."""
        return _of(bool, key, self.take(key)) if self.has(key) else None

    def status(self, key: str) -> int:
        """A status (RFC 9110 §15)."""
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 0xFFFF:
            raise ScenarioError(f"`{key}`: a status is wanted, {write(value)} stands there")
        return value

    def choice(self, key: str, choices: dict[str, Value]) -> Value:
        """One of a few names."""
        name = self.text(key)
        if name not in choices:
            raise ScenarioError(f"`{key}`: `{name}` is none of {', '.join(choices)}")
        return choices[name]

    def _take(self, key: str, default: Json) -> Json:
        return self.take(key) if default is None else self.take_or(key, default)


def _of(kind: type[Value], key: str, value: Json) -> Value:
    if not isinstance(value, kind):
        raise ScenarioError(f"`{key}`: {_KINDS[kind]} is wanted, {write(value)} stands there")
    return value


def _integer(text: str) -> int | float:
    return int(text) if len(text) < len(str(1 << 63)) else _float(text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number


def _constant(name: str) -> Json:
    raise ValueError(f"{name} is no number")
