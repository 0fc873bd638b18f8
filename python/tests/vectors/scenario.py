"""One scenario: reading it, and running it by its kind."""

from __future__ import annotations

from collections.abc import Callable

import connections
import expectation
from expectation import Shape
from player import denied, of_exception
from processes import Processes
from reading import Json, Reader, ScenarioError, parse
from steps import Acquire, Answer, Finish, Step

from cxauth import AuthError
from cxauth import _native as bridge

_ENTROPIES = 16
"""A session scenario must hold for every entropy; it is repeated with this many."""


def run(value: Json) -> None:
    """Runs a scenario; it raises what is wrong with it or what differed."""
    reader = Reader(value, "scenario")
    reader.text("id")
    reader.text_or_none("why")
    kind = reader.text("kind")
    if kind not in _RUN:
        raise ScenarioError(f"`kind`: `{kind}` is none of {', '.join(_RUN)}")
    epoch = reader.number("epoch", 1_700_000_000)
    settings = reader.object("connection", connections.DEFAULT)
    connections.check(settings)
    _RUN[kind](reader, settings, epoch)


def _run_challenge(reader: Reader, settings: dict[str, Json], epoch: float) -> None:
    header = reader.text("header")
    expected = _expected(reader)
    challenges = bridge.parse_challenges(header)
    actual = [_challenge(challenges.at(index)) for index in range(challenges.count())]
    _hold(expectation.CHALLENGES, expected, actual or None)


def _run_destination(reader: Reader, settings: dict[str, Json], epoch: float) -> None:
    url = reader.text("url")
    expected = _expected(reader)
    try:
        allows = connections.open_connection(settings).allows(url)
    except AuthError:
        allows = False
    _hold(expectation.EXACT, expected, allows)


def _run_metadata(reader: Reader, settings: dict[str, Json], epoch: float) -> None:
    issuer = reader.text("issuer")
    addresses = reader.flag("addresses") is True
    if reader.has("answer") == addresses:
        raise ScenarioError("one of the keys `answer` and `addresses` is wanted")
    answer = None if addresses else Answer.read(reader.take("answer"))
    expected = _expected(reader)
    shape = expectation.METADATA
    actual: Json = None
    try:
        if answer is None:
            shape = expectation.ADDRESSES
            actual = bridge.metadata_addresses(issuer)
        else:
            actual = {"settings": parse(bridge.read_metadata(issuer, answer.status, answer.body).encode())}
    except AuthError as error:
        actual = denied(of_exception(error))
    _hold(shape, expected, actual)


def _run_answer(reader: Reader, settings: dict[str, Json], epoch: float) -> None:
    answer = Answer.read(reader.take("answer"))
    given = {"expect": _expected(reader)}
    acquire = Step.checked(0, Acquire(), "answer", {})
    _run_steps([acquire, Step.checked(0, Finish(answer), "answer", given)], settings, epoch)


def _run_session(reader: Reader, settings: dict[str, Json], epoch: float) -> None:
    given = reader.array("steps")
    has_store = reader.flag("store") is True
    reader.end()
    steps = [Step.read(index, step, has_store=has_store) for index, step in enumerate(given)]
    _run_steps(steps, settings, epoch, has_store=has_store)


def _run_steps(steps: list[Step], settings: dict[str, Json], epoch: float, *, has_store: bool = False) -> None:
    for step in steps:
        connections.check(getattr(step.action, "connection", {}))
    start = min(steps[0].at, 0) if steps else 0
    for number in range(_ENTROPIES):
        processes = Processes(settings, epoch, start, number, has_store=has_store)
        for step in steps:
            try:
                _play(step, processes)
            except ScenarioError as error:
                raise ScenarioError(f"{step.place}: {error} (entropy {number})") from error


def _play(step: Step, processes: Processes) -> None:
    outcome = processes.perform(step)
    came_out = {
        "expect": outcome,
        "events": processes.events(step.process),
        "wakeup": processes.wakeup(step.process),
    }
    differences = [
        difference
        for expected in step.expected
        for difference in expectation.compare(expected.shape, expected.value, came_out[expected.key], expected.key)
    ]
    if differences:
        raise ScenarioError("; ".join(differences))


def _expected(reader: Reader) -> Json:
    expected = reader.take("expect")
    reader.end()
    return expected


def _hold(shape: Shape, expected: Json, actual: Json) -> None:
    expectation.check(shape, expected, "expect")
    differences = expectation.compare(shape, expected, actual, "expect")
    if differences:
        raise ScenarioError("; ".join(differences))


def _challenge(challenge: bridge.Challenge) -> Json:
    parameters = dict(zip(challenge.parameter_names(), challenge.parameter_values(), strict=True))
    value: dict[str, Json] = {"scheme": challenge.scheme(), "parameters": parameters}
    if challenge.token68() is not None:
        value["token68"] = challenge.token68()
    return value


_RUN: dict[str, Callable[[Reader, dict[str, Json], float], None]] = {
    "answer": _run_answer,
    "session": _run_session,
    "challenge": _run_challenge,
    "destination": _run_destination,
    "metadata": _run_metadata,
}
