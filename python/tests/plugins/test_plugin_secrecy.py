"""No secret and no token is in anything that prints: each of them is a canary, and everything is searched for it."""

from __future__ import annotations

import base64
import copy
import inspect
import json
import logging
import pickle
import pprint
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from libraries import AIOHTTP, HTTPX, REQUESTS, Library, all_of, every_library
from servers import Answer, Request, closed_port, serve, serve_tls
from waiting import held

import cxauth
from cxauth import _driver_perform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from conftest import Simulator

CANARY = "cxauth-canary"
HERE = str(Path(__file__).parent)


def shown(thing: object) -> str:
    """Everything that a program, a debugger or a report of an error may print of it."""
    parts = [repr(thing), pprint.pformat(thing)]
    try:
        parts.append(repr(vars(thing)))
    except TypeError as error:
        parts.append(str(error))
    for name, value in inspect.getmembers(thing):
        parts.append(f"{name}={value!r}")
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        try:
            parts.append(repr(copied(thing)))
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            parts.append(str(error))
    return "\n".join(parts)


def inside(thing: object, depth: int = 6) -> Iterator[object]:
    """The thing and everything of ours that it holds."""
    yield thing
    if depth == 0:
        return
    names = [name for cls in type(thing).__mro__ for name in getattr(cls, "__slots__", ())]
    held = [getattr(thing, name, None) for name in names if name != "__weakref__"]
    held += list(getattr(thing, "__dict__", {}).values())
    for value in held:
        if type(value).__module__.startswith("cxauth"):
            yield from inside(value, depth - 1)


def told(error: BaseException) -> str:
    """Everything that a traceback may print of it, with the variables of every frame but the test's own."""
    parts = [shown(error)]
    seen: set[int] = set()
    errors: list[BaseException | None] = [error]
    while errors:
        link = errors.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        errors += [link.__cause__, link.__context__]
        for frame, line in traceback.walk_tb(link.__traceback__):
            if not frame.f_code.co_filename.startswith(HERE):
                parts += [f"{frame.f_code.co_filename}:{line} {locals_of(frame)}"]
        parts += traceback.format_exception_only(link)
    return "\n".join(parts)


def locals_of(frame: FrameType) -> str:
    """As the standard library shows them."""
    parts = []
    for name, value in frame.f_locals.items():
        try:
            parts.append(f"{name}={value!r}")
        except Exception:  # noqa: BLE001
            # An object that never came to be.
            parts.append(f"{name}=?")
    return " ".join(parts)


def canaries(settings: dict[str, Any]) -> list[str]:
    """The secrets of a connection, in every form in which they travel."""
    secrets = [settings[name] for name in ("client_secret", "password", "refresh_token") if name in settings]
    return [CANARY, *secrets, *(base64.b64encode(secret.encode()).decode()[:20] for secret in secrets)]


@every_library
def test_nothing_that_a_plug_in_holds_prints_a_secret(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        plugin = library.plugin.from_settings(simulator.connection("generic/password", client_id="me"))
        simulator.configure(clients=[{"id": "me", "secret": f"{CANARY}-generic-secret/+%3A &=:~", "previous": []}])
        for when in ("before", "with a token"):
            found = list(inside(plugin))
            assert len(found) > 5
            secrets = [CANARY]
            if when != "before":
                secrets.append((await library.token(plugin)).reveal())
                found = list(inside(plugin))
                assert any(type(thing).__name__ == "Current" for thing in found)
            for thing in found:
                if type(thing).__name__ == "Credential":
                    # Text that is sent, with methods that tell it: only what prints it by itself does not.
                    assert repr(thing) == "<redacted>"
                    continue
                text = shown(thing)
                assert not [secret for secret in secrets if secret in text], f"{when}: {thing!r}"
            if when == "before":
                await library.token(plugin)
        assert repr(plugin).startswith(f"<cxauth.{library.name.partition('-')[0]}.")
        assert await library.headers(plugin) == (await library.token(plugin)).headers()
        assert "Bearer" not in repr(await library.headers(plugin))
        assert copy.copy(plugin) is plugin
        with pytest.raises(TypeError, match="make one in each process"):
            pickle.dumps(plugin)

    library.run(test)


def failing(simulator: Simulator) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Names of failures, settings that lead there, and the fault to arm."""
    settings = simulator.connection("generic/password")
    port = closed_port()
    yield "refused", {**settings, "token_endpoint": f"http://127.0.0.1:{port}/token"}, {}
    yield "dropped", settings, {"effect": "drop"}
    yield "truncated", settings, {"effect": "truncate", "keep": 10}
    yield "redirected", settings, {"effect": "redirect", "status": 307, "to": "cross_host"}
    yield "out of order", settings, {"effect": "status", "status": 503, "body": "<html>"}
    yield "malformed", settings, {"effect": "malformed", "form": "header_injection"}


@every_library
def test_no_failure_tells_what_was_sent(
    library: Library, simulator: Simulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)

    async def check(settings: dict[str, Any], name: str) -> None:
        plugin = library.plugin.from_settings(settings)
        heard: list[cxauth.Event] = []
        forget = plugin.on_event(heard.append)
        async with library.session(plugin) as (call, _):
            errors = await all_of(
                [lambda: library.token(plugin), lambda: call("GET", plugin.api_url("items"), headers={"x": "1"})]
            )
        forget()
        for error in errors:
            assert isinstance(error, cxauth.AuthError), name
            assert error.__cause__ is None
            text = told(error) + shown(plugin.status) + "".join(map(shown, heard))
            for secret in canaries(settings):
                assert secret not in text, f"{name}: {error!r}"

    async def test() -> None:
        for name, settings, fault in failing(simulator):
            if fault:
                simulator.arm(endpoints=["token"], **fault)
            await check(settings, name)
            simulator.clear()
        settings = simulator.connection("generic/password")
        with serve_tls() as base:
            await check({**settings, "token_endpoint": f"{base}/token"}, "TLS")
        with serve(echo) as server:
            await check({**settings, "token_endpoint": f"{server.base}/token"}, "echo")
        monkeypatch.setattr(_driver_perform, "LIMIT", 0.2)
        with held(simulator):
            await check(settings, "timeout")

    library.run(test)
    for record in caplog.records:
        assert CANARY not in record.getMessage(), record


def echo(request: Request) -> Answer:
    """Repeats what it got, as the description of an error."""
    body = json.dumps({"error": "invalid_request", "error_description": request.body.decode()})
    return Answer(400, {"content-type": "application/json"}, body.encode())


@every_library
def test_an_api_that_fails_does_not_tell_the_token(library: Library, simulator: Simulator) -> None:
    """As far as it depends on cxauth: its own frames, and its own objects in other frames."""

    async def test() -> None:
        plugin = library.plugin.from_settings(simulator.connection())
        token = (await library.token(plugin)).reveal()
        simulator.arm("drop", endpoints=["api"])
        async with library.session(plugin) as (call, _):
            (error,) = await all_of([lambda: call("GET", simulator.url("items"))])
        assert isinstance(error, Exception)
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        ours = [frame for frame in frames if "cxauth" in Path(frame.f_code.co_filename).parts]
        assert token not in repr([frame.f_locals for frame in ours])

    library.run(test)


@pytest.mark.parametrize("library", [HTTPX, REQUESTS, AIOHTTP], ids=str)
def test_no_argument_shows_in_a_traceback(library: Library) -> None:
    secret = f"{CANARY}-secret"
    plugin = library.plugin(token_endpoint="https://as.example/token", client_id="me", client_secret=secret)
    cls = library.plugin
    acts: list[Callable[[], Any]] = [
        lambda: cls(token_endpoint="http://as.example/token", client_id="me", client_secret=secret),
        lambda: cls("no-such-platform", client_secret=secret),
        lambda: cls(client_sekret=secret),
        lambda: cls(cxauth.Connection(api_key=secret), client_secret=secret),
        lambda: cls.cloudcx("cx.example.net/path", "me", "user", secret),
        lambda: cls.cisco_cx_cloud("me", secret, hosts=["https://api.example/"]),
        lambda: cls.sangoma_cx("me", secret, 3),
        lambda: cls.cloudlx("me", secret, no_such_option=secret),
        lambda: cls.from_settings({"client_secret": secret, "token_endpoint": "http://as.example/"}),
        lambda: plugin.change(client_secret=secret, hosts=["https://api.example/"]),
        lambda: plugin.change(client_sekret=secret),
        lambda: plugin.change(client_secret=secret, token_endpoint="http://as.example/"),
    ]
    for act in acts:
        with pytest.raises((cxauth.AuthError, TypeError)) as caught:
            act()
        assert CANARY not in told(caught.value), repr(caught.value)
