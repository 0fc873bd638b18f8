"""Comparing what came out with what was expected: only the keys that the expectation names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from reading import Json, ScenarioError, is_number, is_texts, write

_TOLERANCE = 0.001 + 1e-6
"""Two times closer than this are equal: seconds. The rest is room for the rounding of floats."""


class Kind(Enum):
    """What a value may look like, and how it is compared."""

    EXACT = auto()
    """Equal as it stands."""
    NUMBER = auto()
    """A number, or a range `[low, high]`."""
    KEYS = auto()
    """An object with the shape's keys."""
    NAMED = auto()
    """An object with any keys: those named are equal."""
    AMONG = auto()
    """An array of names that must be among those that came out."""
    ABSENT = auto()
    """An array of names that must not be among the `headers` beside it."""
    CHALLENGES = auto()
    """An array of challenges, complete."""
    ADDRESSES = auto()
    """An array of addresses, complete, or an error."""


@dataclass(frozen=True)
class Shape:
    """A kind, and for an object its keys."""

    kind: Kind
    keys: Mapping[str, Shape] = field(default_factory=dict)


EXACT = Shape(Kind.EXACT)
NUMBER = Shape(Kind.NUMBER)
AMONG = Shape(Kind.AMONG)
CHALLENGES = Shape(Kind.CHALLENGES)
_NAMED = Shape(Kind.NAMED)
_ABSENT = Shape(Kind.ABSENT)


def _keys(**keys: Shape) -> Shape:
    return Shape(Kind.KEYS, keys)


_TOKEN = _keys(headers=_NAMED, expires_at=NUMBER, scopes=EXACT)
_REQUEST = _keys(
    method=EXACT,
    url=EXACT,
    headers=_NAMED,
    absent_headers=_ABSENT,
    form=EXACT,
    json=EXACT,
    body=EXACT,
)
_ERROR = _keys(action=EXACT, code=EXACT, server_error=EXACT)
_CHALLENGE = _keys(scheme=EXACT, token68=EXACT, parameters=EXACT)

OUTCOME = _keys(
    token=_TOKEN,
    lead=_keys(token=_TOKEN, request=_REQUEST),
    follow=_keys(token=_TOKEN),
    locked=_keys(token=_TOKEN),
    wait=_keys(until=NUMBER, error=_ERROR),
    error=_ERROR,
    no_token=_keys(server_error=EXACT),
    authorize=_keys(url=EXACT, parameters=EXACT),
    prompt=_keys(
        user_code=EXACT,
        verification_uri=EXACT,
        verification_uri_complete=EXACT,
        expires_at=NUMBER,
        ask_at=NUMBER,
    ),
    pause=_keys(until=NUMBER),
)
"""What a step of a session comes out as."""

OUTAGE = _keys(requests=NUMBER)
"""What an outage comes out as."""


METADATA = _keys(settings=EXACT, error=_ERROR)
"""What a server's metadata comes out as."""

ADDRESSES = Shape(Kind.ADDRESSES, {"error": _ERROR})
"""Where an issuer keeps it."""


def check(shape: Shape, expected: Json, path: str) -> None:
    """Raises unless the expectation can be one of this shape: every key is known."""
    options = _any_of(expected)
    if options is not None:
        for option in options:
            check(shape, option, path)
    elif _is_not(expected):
        check(shape, expected["not"], path)
    elif shape.kind in (Kind.KEYS, Kind.ADDRESSES) and isinstance(expected, dict):
        for key, value in expected.items():
            if key not in shape.keys:
                raise ScenarioError(f"unknown key `{key}` in {path}")
            check(shape.keys[key], value, f"{path}.{key}")
    elif shape.kind is Kind.CHALLENGES and isinstance(expected, list):
        for challenge in expected:
            check(_CHALLENGE, challenge, path)
    else:
        wanted, fits = _WANTED[shape.kind]
        if not fits(expected):
            raise ScenarioError(f"{path}: {wanted} is wanted, {write(expected)} stands there")


def compare(shape: Shape, expected: Json, actual: Json, path: str) -> list[str]:
    """What differs, each with its place; empty when the expectation holds."""
    options = _any_of(expected)
    if options is not None:
        tried = [compare(shape, option, actual, path) for option in options]
        if not all(tried):
            return []
        return [f"{path}: none of any_of holds ({' | '.join(map('; '.join, tried))})"]
    if _is_not(expected):
        if compare(shape, expected["not"], actual, path):
            return []
        return [f"{path}: not {write(expected['not'])} was expected, {write(actual)} came out"]
    if isinstance(expected, dict) and isinstance(actual, dict):
        if shape.kind in (Kind.KEYS, Kind.ADDRESSES):
            return _compare_keys(shape, expected, actual, path)
        if shape.kind is Kind.NAMED:
            named = ((name, value, actual.get(name)) for name, value in expected.items())
            return [
                difference
                for name, value, came_out in named
                for difference in compare(EXACT, value, came_out, f"{path}.{name}")
            ]
    if shape.kind is Kind.ABSENT and isinstance(actual, dict):
        return [f"{path}: {name} is there" for name in expected if name in actual]
    if (
        shape.kind is Kind.CHALLENGES
        and isinstance(expected, list)
        and isinstance(actual, list)
        and len(expected) == len(actual)
    ):
        return [
            difference
            for index, pair in enumerate(zip(expected, actual, strict=True))
            for difference in _compare_challenge(*pair, f"{path}[{index}]")
        ]
    if _holds(shape, expected, actual):
        return []
    return [f"{path}: {write(expected)} was expected, {write(actual)} came out"]


def _compare_keys(shape: Shape, expected: Json, actual: Json, path: str) -> list[str]:
    differences: list[str] = []
    for key, value in expected.items():
        inner = shape.keys[key]
        source = "headers" if inner.kind is Kind.ABSENT else key
        if source in actual:
            differences += compare(inner, value, actual[source], f"{path}.{key}")
        else:
            differences.append(f"{path}.{key} was expected, {_names(actual)} came out")
    return differences


def _compare_challenge(expected: Json, actual: Json, path: str) -> list[str]:
    """No `token68` in the expectation means that there is none."""
    differences = compare(_CHALLENGE, expected, actual, path)
    says_all = isinstance(expected, dict) and _any_of(expected) is None and not _is_not(expected)
    if says_all and "token68" in actual and "token68" not in expected:
        came_out = write(actual["token68"])
        differences.append(f"{path}.token68: none was expected, {came_out} came out")
    return differences


def _holds(shape: Shape, expected: Json, actual: Json) -> bool:
    if shape.kind is Kind.NUMBER and expected is not None:
        ends = _range(expected)
        if ends is None or not is_number(actual):
            return False
        return bool(ends[0] - _TOLERANCE <= actual <= ends[1] + _TOLERANCE)
    if shape.kind is Kind.AMONG and isinstance(actual, list) and isinstance(expected, list):
        return all(name in actual for name in expected)
    return _same(expected, actual)


def _same(one: Json, other: Json) -> bool:
    """Equal as JSON: to Python, true, 1 and 1.0 are equal."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _any_of(expected: Json) -> list[Json] | None:
    if isinstance(expected, dict) and len(expected) == 1:
        options = expected.get("any_of")
        return options if isinstance(options, list) else None
    return None


def _is_not(expected: Json) -> bool:
    return isinstance(expected, dict) and expected.keys() == {"not"}


def _range(expected: Json) -> tuple[float, float] | None:
    ends = expected if isinstance(expected, list) else [expected, expected]
    return (ends[0], ends[1]) if len(ends) == 2 and all(map(is_number, ends)) else None


def _names(outcome: dict[str, Json]) -> str:
    # `no_token` is another name for the wait or the error that stands beside it.
    named = (f"{name} {write(value)}" for name, value in outcome.items() if name != "no_token")
    return ", ".join(named)


_WANTED: dict[Kind, tuple[str, Callable[[Json], bool]]] = {
    Kind.EXACT: ("a value", lambda _: True),
    Kind.NUMBER: (
        "a number or a range [low, high]",
        lambda value: value is None or _range(value) is not None,
    ),
    Kind.KEYS: ("an object", lambda value: value is None),
    Kind.NAMED: ("an object", lambda value: isinstance(value, dict)),
    Kind.AMONG: ("an array of names", is_texts),
    Kind.ABSENT: ("an array of names", is_texts),
    Kind.CHALLENGES: ("an array of challenges", lambda value: value is None),
    Kind.ADDRESSES: ("an array of addresses or an error", is_texts),
}
"""What may stand there where no key tells."""
