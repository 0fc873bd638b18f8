"""No secret is in anything that prints: each secret is a canary, and everything is searched for it."""

from __future__ import annotations

import asyncio
import copy
import inspect
import io
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Simulator

import cxauth
from cxauth import _fork, _native

CANARY = "cxauth-canary"
PACKAGE = str(Path(cxauth.__file__).parent)
SECRETS = ("client_secret", "password", "api_key", "refresh_token")


def shown(thing: object) -> str:
    """Everything that a program, a debugger or a report of an error may print of it."""
    parts = [repr(thing), str(thing), format(thing), f"{thing!a}", pprint.pformat(thing)]
    try:
        parts.append(repr(vars(thing)))
    except TypeError as error:
        parts.append(str(error))
    # What a debugger shows: attributes and properties, but nothing that has to be called.
    parts += [f"{name}={value!r}" for name, value in inspect.getmembers(thing)]
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        try:
            parts.append(repr(copied(thing)))
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            parts.append(str(error))
    return "\n".join(parts)


def told(error: BaseException) -> str:
    """Everything that a traceback may print of it, the local variables of our own frames among them."""
    parts = [shown(error)]
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    seen: list[traceback.TracebackException] = []
    while report is not None and report not in seen:
        seen.append(report)
        parts += report.format_exception_only()
        parts += [repr(frame.locals) for frame in report.stack if frame.filename.startswith(PACKAGE)]
        report = report.__cause__ or report.__context__  # type: ignore[assignment]
    return "\n".join(parts)


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from."""
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def failures(make: Callable[..., object]) -> Iterator[BaseException]:
    """The errors of a constructor or of another function that takes settings."""
    calls: list[dict[str, object]] = [
        {"token_endpoint": "http://as.example/token"},
        {"token_endpoint": f"https://{CANARY}@as.example/token"},
        {"no_such_setting": f"{CANARY}-value"},
        {"client_id": ["wrong"]},
        {"client_id": object()},
        {"grace": float("nan")},
        {"parameters": {"client_secret": f"{CANARY}-parameter"}},
        {"headers": {"authorization": f"{CANARY}-header"}},
        {"hosts": [f"https://user:{CANARY}@host/"]},
    ]
    for name in SECRETS:
        calls += [{name: f"{CANARY}\n{name}"}, {name: {"env": CANARY, "file": CANARY}}, {name: 3}]
    base: dict[str, object] = {"token_endpoint": "https://as.example/token", "client_id": "id"}
    for call in calls:
        try:
            make(**{**base, **{name: f"{CANARY}-{name}" for name in SECRETS}, **call})
        except (cxauth.AuthError, TypeError, ValueError) as error:
            yield error


@pytest.mark.parametrize("cls", [cxauth.Connection, cxauth.Client, cxauth.AsyncClient])
def test_no_constructor_tells_what_it_was_given(cls: Any) -> None:
    errors = list(failures(cls))
    errors += failures(lambda **settings: cls.from_settings(settings))
    assert len(errors) > 30
    for error in errors:
        assert CANARY not in told(error), repr(error)
    calls: list[Callable[[], object]] = [
        lambda: cls.cloudcx("cx.example.net/path", "id", "user", f"{CANARY}-password"),
        lambda: cls.cloudcx(3, "id", "user", f"{CANARY}-password"),
        lambda: cls.sangoma_cx("id", f"{CANARY}-secret", []),
        lambda: cls.sangoma_cx("id", f"{CANARY}-secret", "scope"),
        lambda: cls.cloudlx(3, f"{CANARY}-secret"),
    ]
    for call in calls:
        with pytest.raises((cxauth.AuthError, TypeError)) as caught:
            call()
        assert CANARY not in told(caught.value), repr(caught.value)


def test_no_option_tells_what_it_was_given() -> None:
    for options in (
        {"proxy": f"http://user:{CANARY}@[broken"},
        {"root_certificates": CANARY.encode()},
        {"timeout": CANARY},
        {"store": CANARY},
    ):
        with pytest.raises((cxauth.AuthError, TypeError)) as caught:
            cxauth.Client(api_key=f"{CANARY}-key", **options)  # pyright: ignore[reportArgumentType]
        assert CANARY not in told(caught.value)
    client = cxauth.Client(
        token_endpoint="http://127.0.0.1:9/token",
        client_id="id",
        client_secret=f"{CANARY}-secret",
        proxy=f"http://user:{CANARY}@127.0.0.1:9",
    )
    assert CANARY not in shown(client)
    with pytest.raises(cxauth.TemporaryError) as error:
        client.token()
    assert CANARY not in told(error.value)


def test_no_change_tells_what_it_was_given() -> None:
    client = cxauth.Client(api_key=f"{CANARY}-key")
    errors = list(failures(client.change))
    assert len(errors) > 10
    for error in errors:
        assert CANARY not in told(error), repr(error)


def test_what_is_public_prints_no_secret(simulator: Simulator, tmp_path: Path) -> None:
    settings = simulator.connection("generic/password")
    assert CANARY in str(settings), "the simulator's secrets are canaries"
    heard: list[cxauth.Event] = []
    with cxauth.Client.from_settings(settings, store=cxauth.FileStore(tmp_path / "tokens")) as client:
        stop = client.on_event(heard.append)
        token = client.token()
        assert CANARY in token.reveal(), "tokens are canaries too"
        connection = cxauth.Connection.from_settings(settings)
        now = 1_700_000_000_000.0
        session = _native.open_session(connection.native, now, bytes(16), store=False)
        acquired = session.acquire(now)
        step = session.next(now, acquired.flight())
        things = [
            client,
            token,
            token.native,
            client.status,
            heard,
            connection,
            connection.native,
            session,
            acquired,
            step,
            step.request(),
            _fork.inherit(session, connection, now),
            cxauth.Provided(f"{CANARY}-token", 60, ["read"]),
            cxauth.FileStore(tmp_path / "tokens"),
            cxauth.FileStore(tmp_path / "other").lock(),
            cxauth.Command(["pass", f"{CANARY}-argument"]),
            cxauth.AsyncClient(connection),
            stop,
        ]
        for thing in things:
            # The words of a command are its user's to see, its repr is everybody's.
            text = repr(thing) if isinstance(thing, cxauth.Command) else shown(thing)
            assert CANARY not in text, type(thing)


def test_a_token_is_not_pickled() -> None:
    token = cxauth.Client(api_key=f"{CANARY}-key").token()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="get one where it is needed"):
            pickle.dumps({"token": token}, protocol)
    assert copy.copy(token) is token
    assert copy.deepcopy([token])[0] is token


@pytest.mark.parametrize(
    "fault",
    [
        {"effect": "oauth_error", "error": "invalid_client", "status": 401},
        {"effect": "oauth_error", "error": "invalid_grant"},
        {"effect": "status", "status": 503, "body": "out of order"},
        {"effect": "rate_limit", "retry_after": {"seconds": 1}},
        {"effect": "redirect", "status": 302, "to": "cross_host"},
        {"effect": "drop"},
        {"effect": "malformed", "form": "header_injection"},
        {"effect": "malformed", "form": "duplicate_members"},
        {"effect": "malformed", "form": "wrong_types"},
        {"effect": "truncate", "keep": 40},
    ],
)
@pytest.mark.parametrize("name", ["generic", "generic/password", "cloudlx"])
def test_no_failure_tells_a_secret(simulator: Simulator, name: str, fault: dict[str, Any]) -> None:
    simulator.arm(platform=name.partition("/")[0], endpoints=["token"], **fault)
    client = cxauth.Client.from_settings(simulator.connection(name))
    with pytest.raises(cxauth.AuthError) as caught:
        client.token()
    assert CANARY not in told(caught.value)
    assert len(list(chain(caught.value))) == 1
    assert CANARY not in shown(client.status)


def test_asyncio_prints_no_secret(simulator: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    output = io.StringIO()

    async def main() -> None:
        client = cxauth.AsyncClient.from_settings(simulator.connection())
        simulator.hold(times=1)
        task = asyncio.create_task(client.headers())
        await asyncio.to_thread(simulator.wait, "token_requests", 1)
        print(task, task.get_stack(), asyncio.all_tasks(), file=output)
        simulator.ask("POST", "release")
        while not task.done():
            loop = asyncio.get_running_loop()
            print(loop, vars(loop) if hasattr(loop, "__dict__") else "", file=output)
            await asyncio.sleep(0)
        token = asyncio.create_task(client.token())
        await token
        print(token, client, file=output)
        simulator.arm("status", endpoints=["token"], status=503)
        await client.sign_out()
        with pytest.raises(cxauth.TemporaryError) as caught:
            await client.token()
        print(told(caught.value), file=output)

    asyncio.run(main(), debug=True)
    assert "Task" in output.getvalue()
    assert CANARY not in output.getvalue()
    assert CANARY not in caplog.text


def test_the_search_finds_what_it_looks_for() -> None:
    class Leaky:
        def __init__(self) -> None:
            self.secret = CANARY

    assert CANARY in shown(Leaky())
    assert CANARY in told(ValueError(CANARY))
    cause = ValueError("wrapped")
    cause.__cause__ = ValueError(CANARY)
    assert CANARY in told(cause)
