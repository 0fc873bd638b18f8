"""Stores of the user's own, in the plug-ins and in the clients."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from libraries import AIOHTTP, HTTPX_ASYNCIO, HTTPX_TRIO, Library, all_of, every_library
from own_stores import AsyncOwn, Own, documented
from waiting import flights, held, until, until_async

import cxauth
import cxauth.requests
import cxauth.stores
from cxauth import _driver_store

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Simulator

in_event_loops = pytest.mark.parametrize("library", [HTTPX_ASYNCIO, HTTPX_TRIO, AIOHTTP], ids=str)


@every_library
def test_a_row_of_a_database_is_a_store(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    """That of the documentation: the plug-ins and both clients share one token by it."""
    clock, settings = cxauth.ManualClock(), simulator.connection("generic/password")
    row = documented()

    def shared(make: Any) -> Any:
        return make.from_settings(settings, store=row(tmp_path / "tokens.db", "one"), clock=clock)

    plugin, client, other = shared(library.plugin), shared(cxauth.Client), shared(cxauth.AsyncClient)

    async def test() -> None:
        first = await library.token(plugin)
        assert (await anyio.to_thread.run_sync(client.token)).reveal() == first.reveal()
        clock.advance(3600)
        simulator.advance(3600)
        tokens = [await anyio.to_thread.run_sync(client.token)]
        tokens += await all_of([lambda: library.token(plugin)] * 10)
        if library.backend == "asyncio":
            tokens.append(await other.token())
        assert {token.generation for token in tokens} == {2}
        assert len({token.reveal() for token in tokens}) == 1
        assert simulator.count("token_requests") == 2
        await library.sign_out(plugin)
        assert not [secret for secret in simulator.secrets() if secret.encode() in whole(tmp_path)]

    library.run(test)


@in_event_loops
def test_async_methods_are_awaited_where_the_token_is(library: Library, simulator: Simulator) -> None:
    store = AsyncOwn()
    plugin = library.plugin.from_settings(simulator.connection(), store=store)

    async def test() -> None:
        assert (await library.token(plugin)).reveal() in (store.text or "")
        await until_async(lambda: not flights(plugin))
        assert store.threads == {threading.get_ident()}
        assert store.asked == ["lock", "load", "save", "unlock"]
        await library.sign_out(plugin)
        await until_async(lambda: not flights(plugin))
        assert store.asked == ["lock", "load", "save", "unlock"] * 2

    library.run(test)


def test_async_methods_are_awaited_in_the_clients_event_loop(simulator: Simulator) -> None:
    store = AsyncOwn()

    async def test() -> None:
        async with cxauth.AsyncClient.from_settings(simulator.connection(), store=store) as client:
            assert (await client.token()).reveal() in (store.text or "")
            assert store.threads == {threading.get_ident()}
            # The token is out as soon as it is saved; its flight unlocks on its own.
            await until_async(lambda: store.asked[-1] == "unlock")
            await client.sign_out()
        assert store.asked == ["lock", "load", "save", "unlock"] * 2
        async with cxauth.AsyncClient.from_settings(simulator.connection(), store=store) as client:
            await client.sign_out()

    asyncio.run(test())


@pytest.mark.parametrize("make", [cxauth.Client, cxauth.requests.Auth])
def test_async_methods_take_an_event_loop(simulator: Simulator, make: Any) -> None:
    with pytest.raises(cxauth.AuthError, match="async methods is for asyncio and trio") as caught:
        make.from_settings(simulator.connection(), store=AsyncOwn()).token()
    assert caught.value.code == "store_unavailable"


@every_library
def test_a_blocking_store_blocks_no_event_loop(library: Library, simulator: Simulator) -> None:
    store = Own()
    plugin = library.plugin.from_settings(simulator.connection(), store=store)

    async def test() -> None:
        await library.token(plugin)
        assert threading.get_ident() not in store.threads

    library.run(test)


def test_the_async_client_calls_a_blocking_store_in_threads(simulator: Simulator) -> None:
    store = Own()

    async def test() -> None:
        async with cxauth.AsyncClient.from_settings(simulator.connection(), store=store) as client:
            await client.token()
        assert threading.get_ident() not in store.threads

    asyncio.run(test())


@pytest.mark.parametrize("make", [cxauth.Client, cxauth.requests.Auth])
def test_a_store_that_fails(simulator: Simulator, make: Any) -> None:
    """The error says what the store said; what it repeats of the tokens stays out of it."""
    store = Own()
    client = make.from_settings(simulator.connection(), store=store)

    def fail(method: str, act: Any) -> None:
        store.fails = {method: act}

    fail("lock", lambda _: raising(OSError("the database is away")))
    with pytest.raises(cxauth.TemporaryError, match=r"OSError: the database is away\)") as caught:
        client.token()
    assert caught.value.code == "store_unavailable"
    assert simulator.count("token_requests") == 0
    assert not store.held.locked()

    saved: list[str] = []

    def repeat(snapshot: str) -> None:
        saved.append(snapshot)
        raise ValueError(f"(values: {snapshot[:200]}")

    clock = cxauth.ManualClock()
    fail("save", repeat)
    events: list[Any] = []
    client = make.from_settings(simulator.connection(), store=store, clock=clock)
    client.on_event(events.append)
    token = client.token().reveal()
    assert token in saved[-1], "a token that came serves, whatever becomes of the save"
    assert repr(saved[-1]) == "<redacted>"
    assert not store.held.locked()
    shown = f"{client.status} {[(event, event.error) for event in events]}"
    assert token not in shown
    assert "(values" not in shown


@pytest.mark.parametrize("make", [cxauth.Client, cxauth.requests.Auth])
def test_what_is_no_text_is_no_snapshot(simulator: Simulator, make: Any) -> None:
    store = Own()
    store.text = b"{}"  # type: ignore[assignment]
    with pytest.raises(cxauth.AuthError, match="came as bytes, neither str nor None"):
        make.from_settings(simulator.connection(), store=store).token()
    assert simulator.count("token_requests") == 0


@pytest.mark.parametrize("make", [cxauth.Client, cxauth.AsyncClient, cxauth.requests.Auth])
def test_what_has_no_lock_is_no_store(make: Any) -> None:
    with pytest.raises(TypeError, match=r"cxauth\.stores\.Store"):
        make(api_key="key", hosts=["api.example"], store="tokens")


@in_event_loops
@pytest.mark.parametrize("kind", [Own, AsyncOwn])
def test_the_lock_goes_back_when_the_event_loop_ends(library: Library, simulator: Simulator, kind: Any) -> None:
    store = kind()
    plugin = library.plugin.from_settings(simulator.connection(), store=store)

    async def begin() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(library.token, plugin)
            await until_async(lambda: simulator.count("token_requests") == 1)
            assert store.held.locked()
            group.cancel_scope.cancel()

    with held(simulator):
        library.run(begin)
        assert not store.held.locked()
        assert store.asked == ["lock", "load", "unlock"]


@every_library
@pytest.mark.parametrize("in_file", [True, False], ids=["file", "row"])
def test_who_cannot_get_the_lock_does_with_what_is_there(
    library: Library, simulator: Simulator, tmp_path: Path, in_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that has just started, while the lock's holder stands still."""
    monkeypatch.setattr(_driver_store, "LOOK_AFTER", 0.1)
    monkeypatch.setattr(_driver_store, "LOCK_PATIENCE", 0.2)
    row = documented()

    def store() -> Any:
        path = tmp_path / "tokens"
        return cxauth.stores.FileStore(path) if in_file else row(path, "one")

    first = cxauth.requests.Auth.from_settings(simulator.connection(), store=store()).token()
    plugin = library.plugin.from_settings(simulator.connection(), store=store())
    lock = store().lock(1)

    async def test() -> None:
        assert (await library.token(plugin)).reveal() == first.reveal()
        await until_async(lambda: not flights(plugin))
        assert plugin.status.token is not None

    library.run(test)
    lock.unlock()
    assert simulator.count("token_requests") == 1


def test_a_client_that_its_own_store_refers_to_is_collected(simulator: Simulator) -> None:
    store: Any = Own()
    store.client = cxauth.Client.from_settings(simulator.connection(), store=store)
    store.client.token()
    gone = weakref.ref(store)
    del store
    until(lambda: (gc.collect(), gone() is None)[1])


def test_generations_are_told_apart(simulator: Simulator) -> None:
    store = Own()
    cxauth.Client.from_settings(simulator.connection(), store=store).token()
    assert store.text is not None
    assert cxauth.stores.generation(store.text) == 1
    with pytest.raises(cxauth.AuthError) as caught:
        cxauth.stores.generation("no snapshot")
    assert "no snapshot" not in str(caught.value)


def test_old_and_new_names_are_the_same_store() -> None:
    assert cxauth.stores.FileStore is cxauth.FileStore


def raising(error: Exception) -> None:
    raise error


def whole(folder: Path) -> bytes:
    """Everything that the files of a folder hold."""
    return b"".join(path.read_bytes() for path in folder.iterdir())
