"""Tokens in a file that plug-ins, clients and processes share."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from libraries import Library, all_of, every_library
from waiting import held, until

import cxauth
import cxauth.requests
from cxauth import _driver_store

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Simulator


@every_library
def test_every_library_and_the_client_share_one_token(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    """Each of them asks the store before it asks the server."""
    clock, path = cxauth.ManualClock(), tmp_path / "tokens"
    settings = simulator.connection("generic/password")
    client = cxauth.Client.from_settings(settings, store=cxauth.FileStore(path), clock=clock)
    plugin = library.plugin.from_settings(settings, store=cxauth.FileStore(path), clock=clock)

    async def test() -> None:
        first = await library.token(plugin)
        assert client.token().reveal() == first.reveal()
        clock.advance(3600)
        simulator.advance(3600)
        second = client.token()
        tokens = await all_of([lambda: library.token(plugin)] * 20)
        assert {token.reveal() for token in tokens} == {second.reveal()}
        assert simulator.count("token_requests") == 2

        await library.sign_out(plugin)
        assert plugin.status.token is None
        fresh = cxauth.Client.from_settings(settings, store=cxauth.FileStore(path), clock=clock)
        assert fresh.token().generation == 3, "the store was empty"
        assert simulator.count("token_requests") == 3

    library.run(test)


@every_library
def test_a_store_that_somebody_else_holds(
    library: Library, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_driver_store, "LOOK_AFTER", 0.1)
    monkeypatch.setattr(_driver_store, "LOCK_PATIENCE", 0.2)
    monkeypatch.setattr(_driver_store, "SIGN_OUT_PATIENCE", 0.1)
    store = cxauth.FileStore(tmp_path / "tokens")
    plugin = library.plugin.from_settings(simulator.connection(), store=store)
    lock = store.lock()

    async def test() -> None:
        with pytest.raises(cxauth.AuthError) as caught:
            await library.token(plugin)
        assert caught.value.code == "store_unavailable"
        assert str(caught.value).count("The store") == 1, str(caught.value)
        with pytest.raises(cxauth.AuthError) as caught:
            await library.sign_out(plugin)
        assert caught.value.code == "store_unavailable"
        lock.unlock()
        await library.sign_out(plugin)

    library.run(test)
    assert simulator.count("token_requests") == 0


def test_a_program_that_ends_takes_no_renewal_with_it(simulator: Simulator, tmp_path: Path) -> None:
    """With a refresh token that ends when it is used, a lost answer would be a lost sign-in."""
    program = """
import json, sys
import cxauth, cxauth.requests
settings, store = json.loads(sys.argv[1])
clock = cxauth.ManualClock()
auth = cxauth.requests.Auth.from_settings(settings, store=cxauth.FileStore(store), clock=clock)
auth.token()
clock.advance(3600 * 0.85)
print(auth.token().generation, flush=True)
"""
    path = tmp_path / "tokens"
    arguments = json.dumps([simulator.connection("generic/password"), str(path)])
    with held(simulator, skip=1):
        command = [sys.executable, "-c", program, arguments]
        # Elsewhere: the package of the checkout has no native module in it.
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n", "the token that serves is not waited for"
        until(lambda: simulator.count("token_requests") == 2)
        assert process.poll() is None
    assert process.wait(30) == 0
    assert saved(path)["generation"] == 2


def saved(path: Path) -> Any:
    lock = cxauth.FileStore(path).lock()
    try:
        return json.loads(lock.load() or "null")
    finally:
        lock.unlock()
