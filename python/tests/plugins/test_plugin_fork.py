"""A process that forks, as gunicorn and Celery's prefork pool do."""

from __future__ import annotations

import json
import os
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests
from waiting import PATIENCE, callers, held, in_thread, until

import cxauth
import cxauth.httpx
import cxauth.requests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Simulator

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no forks"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def in_child(act: Callable[[], Any]) -> Callable[[], Any]:
    """Does it in a child; returns a function that waits for what comes of it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            result = ["done", act()]
        except BaseException:  # noqa: BLE001
            result = ["failed", traceback.format_exc()]
        os.write(write, json.dumps(result).encode())
        os._exit(0)
    os.close(write)

    def result_of() -> Any:
        with os.fdopen(read) as pipe:
            outcome, result = json.loads(pipe.read())
        os.waitpid(child, 0)
        assert outcome == "done", result
        return result

    return result_of


def made(simulator: Simulator, **options: Any) -> tuple[cxauth.ManualClock, Any]:
    clock = cxauth.ManualClock()
    return clock, cxauth.requests.Auth.from_settings(simulator.connection(), clock=clock, **options)


def test_a_child_goes_on_with_its_parents_token(simulator: Simulator) -> None:
    clock, auth = made(simulator)
    token = auth.token().reveal()
    children = [in_child(lambda: auth.token().reveal()) for _ in range(3)]
    assert [child() for child in children] == [token] * 3
    assert simulator.count("token_requests") == 1

    def later() -> list[Any]:
        clock.advance(3600)
        with requests.Session() as session:
            session.auth = auth
            status = session.get(simulator.url("items")).status_code
        return [status, auth.token().reveal(), auth.status.next_wakeup.timestamp()]

    children = [in_child(later) for _ in range(3)]
    results = [child() for child in children]
    assert [result[0] for result in results] == [200] * 3
    assert len({result[1] for result in results} | {token}) == 4, "each of them renews by itself"
    assert len({result[2] for result in results}) == 3, "and at a time of its own"
    assert auth.token().reveal() == token


def test_a_child_waits_for_no_renewal_of_its_parents(simulator: Simulator) -> None:
    _, auth = made(simulator)
    with held(simulator, times=1):
        leader = in_thread(auth.token)
        until(lambda: simulator.count("token_requests") == 1 and callers(auth) == 1)
        assert in_child(lambda: auth.token().generation)() == 1
    assert leader.result(PATIENCE).generation == 1
    assert simulator.count("token_requests") == 2


def test_a_child_meets_no_lock_that_is_held(simulator: Simulator) -> None:
    clock, auth = made(simulator)
    auth.token()
    holds, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with auth._driver._state.lock, auth._driver._state.teller._lock:
            holds.set()
            may_go.wait(PATIENCE)

    holder = in_thread(hold)
    holds.wait(PATIENCE)

    def renew() -> int:
        clock.advance(3600)
        with ThreadPoolExecutor(8) as pool:
            (generation,) = {token.generation for token in pool.map(lambda _: auth.token(), range(32))}
        return int(generation)

    try:
        assert in_child(renew)() == 2
    finally:
        may_go.set()
        holder.result(PATIENCE)
    assert simulator.count("token_requests") == 2


def test_what_was_changed_before_the_fork_is_changed_in_the_child(simulator: Simulator) -> None:
    clock, auth = made(simulator)
    auth.token()
    simulator.ask("POST", "secret/generic", {"client_secret": "cxauth-canary-new"})
    auth.change(client_secret=lambda: "cxauth-canary-new")

    def renew() -> int:
        clock.advance(3600)
        return int(auth.token().generation)

    assert in_child(renew)() == 2


def test_children_with_a_store_share_one_renewal(simulator: Simulator, tmp_path: Path) -> None:
    clock, auth = made(simulator, store=cxauth.FileStore(tmp_path / "tokens"))
    auth.token()

    def renew() -> str:
        clock.advance(3600)
        return str(auth.token().reveal())

    children = [in_child(renew) for _ in range(4)]
    assert len({child() for child in children}) == 1
    assert simulator.count("token_requests") == 2


def test_a_child_does_not_keep_the_lock_of_its_parents_store(simulator: Simulator, tmp_path: Path) -> None:
    _, auth = made(simulator, store=cxauth.FileStore(tmp_path / "tokens"))
    read, write = os.pipe()
    with held(simulator, times=1):
        leader = in_thread(auth.token)
        until(lambda: simulator.count("token_requests") == 1)
        # It lives on, and has the file of the lock open as its parent had.
        child = in_child(lambda: os.read(read, 1).decode())
    assert leader.result(PATIENCE).generation == 1
    cxauth.FileStore(tmp_path / "tokens").lock(PATIENCE).unlock()
    os.write(write, b"x")
    assert child() == "x"


def test_a_lock_is_its_takers_whoever_was_forked_meanwhile(tmp_path: Path) -> None:
    """A child has the file of the lock open too, wherever in its parent it was when that forked."""
    store = cxauth.FileStore(tmp_path / "tokens")
    lock = store.lock(PATIENCE)
    read, write = os.pipe()

    def live_on() -> str:
        os.close(write)
        return os.read(read, 1).decode()

    child = in_child(live_on)
    lock.unlock()
    lock = store.lock(0)
    in_child(lock.unlock)()
    with pytest.raises(cxauth.AuthError, match="another process"):
        store.lock(0)
    lock.unlock()
    store.lock(0).unlock()
    os.write(write, b"x")
    assert child() == "x"


def test_a_pool_of_children_with_httpx(simulator: Simulator) -> None:
    auth = cxauth.httpx.Auth.from_settings(simulator.connection())

    def work() -> list[int]:
        with httpx.Client(auth=auth) as client:
            return [client.get(simulator.url("items")).status_code for _ in range(3)]

    children = [in_child(work) for _ in range(4)]
    assert [child() for child in children] == [[200] * 3] * 4
    assert simulator.count("token_requests") == 4
