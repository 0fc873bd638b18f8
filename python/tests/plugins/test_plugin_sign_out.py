"""Signing out where others must learn of it: the server, and whoever shares the store."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import anyio
import pytest
from libraries import AIOHTTP, HTTPX_ASYNCIO, HTTPX_TRIO, Library, every_library
from servers import Answer, serve
from waiting import flights, until_async

import cxauth

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Simulator
    from servers import Request, Server


@every_library
def test_the_server_ends_the_tokens(library: Library, simulator: Simulator) -> None:
    """RFC 7009 §2.1: the refresh token first, with which another access token could be got."""
    with serve(lambda _: Answer()) as server:
        endpoint = f"{server.base}/revoke"
        settings = simulator.connection("generic/password", revocation_endpoint=endpoint, keep_password=True)
        plugin = library.plugin.from_settings(settings)

        async def test() -> None:
            token = (await library.token(plugin)).reveal()
            await library.sign_out(plugin)
            assert [request.path for request in server.seen] == ["/revoke"] * 2
            refresh, access = revoked(server)
            assert (refresh["token_type_hint"], access["token_type_hint"]) == ("refresh_token", "access_token")
            assert access["token"] == token
            assert {refresh["token"], token} <= set(simulator.secrets())
            assert plugin.status.state == "empty"
            await library.sign_out(plugin)
            assert len(server.seen) == 2, "there was nothing left to end"
            assert (await library.token(plugin)).generation == 2

        library.run(test)


@every_library
def test_a_server_that_does_not_end_them(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    """The tokens are forgotten all the same, and whoever signed out hears of it."""
    path = tmp_path / "tokens"
    with serve(lambda _: Answer(503)) as server:
        settings = simulator.connection("generic/password", revocation_endpoint=f"{server.base}/revoke")
        plugin = library.plugin.from_settings(settings, store=cxauth.FileStore(path))

        async def test() -> None:
            await library.token(plugin)
            with pytest.raises(cxauth.TemporaryError) as caught:
                await library.sign_out(plugin)
            assert caught.value.code == "server_unavailable"
            assert caught.value.status == 503
            assert plugin.status.token is None
            assert len(server.seen) == 2, "one that fails keeps nobody from the other"
            assert_empty(path, simulator)

        library.run(test)


@every_library
def test_whoever_shares_the_store_drops_the_tokens(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    path, clock = tmp_path / "tokens", cxauth.ManualClock()
    settings = simulator.connection("generic/password")
    one, other = (library.plugin.from_settings(settings, store=cxauth.FileStore(path), clock=clock) for _ in range(2))

    async def test() -> None:
        first = await library.token(one)
        assert (await library.token(other)).reveal() == first.reveal()
        await library.sign_out(one)
        assert_empty(path, simulator)
        clock.advance(3600 * 0.85)
        simulator.advance(3600 * 0.85)
        assert (await library.token(other)).reveal() == first.reveal(), "what serves is not waited for"
        await until_async(lambda: not flights(other))
        assert other.status.token is None
        with pytest.raises(cxauth.SignInRequired):
            await library.token(other)
        assert simulator.count("token_requests") == 1, "what was signed out is not used again"

    library.run(test)


@pytest.mark.parametrize("library", [HTTPX_ASYNCIO, HTTPX_TRIO, AIOHTTP], ids=str)
def test_it_goes_on_when_its_caller_is_cancelled(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    path, answers = tmp_path / "tokens", Event()

    def answer(_: Request) -> Answer:
        assert answers.wait(30)
        return Answer()

    with serve(answer) as server:
        settings = simulator.connection("generic/password", revocation_endpoint=f"{server.base}/revoke")
        plugin = library.plugin.from_settings(settings, store=cxauth.FileStore(path))

        async def test() -> None:
            await library.token(plugin)
            async with anyio.create_task_group() as group:
                group.start_soon(library.sign_out, plugin)
                await until_async(lambda: server.seen)
                group.cancel_scope.cancel()
            assert plugin.status.token is None
            answers.set()
            await until_async(lambda: not flights(plugin))
            assert len(server.seen) == 2
            assert_empty(path, simulator)

        library.run(test)


def revoked(server: Server) -> list[dict[str, str]]:
    """What was to be revoked."""
    return [{name: values[0] for name, values in parse_qs(request.body.decode()).items()} for request in server.seen]


def assert_empty(path: Path, simulator: Simulator) -> None:
    """The store has a set, and no token is in it."""
    text = path.read_text()
    assert '"generation":1' in text
    assert not [secret for secret in simulator.secrets() if secret in text]
