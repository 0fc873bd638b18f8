"""Tokens that a fleet shares in a Redis, by the plug-ins and the clients."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import pytest
import trustme
from libraries import Library, all_of, every_library
from redis_server import RedisServer, redis_server
from servers import closed_port
from waiting import held, in_thread, until

import cxauth
import cxauth.requests
import cxauth.stores
from cxauth import _driver_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Simulator


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


@every_library
def test_the_plug_ins_and_the_clients_share_one_token(
    library: Library, simulator: Simulator, server: RedisServer
) -> None:
    clock, settings = cxauth.ManualClock(), simulator.connection("generic/password", keep_password=True)

    def shared(make: Any) -> Any:
        redis = cxauth.stores.Redis(server.url, server.keys)
        return make.from_settings(settings, store=redis, clock=clock)

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
        held = server.content()
        assert b"generation" in held
        assert not [secret for secret in simulator.secrets() if secret.encode() in held]

        await library.sign_out(plugin)
        clock.advance(3600 * 0.85)
        simulator.advance(3600 * 0.85)
        assert (await anyio.to_thread.run_sync(client.token)).generation == 2, "it serves while the renewal goes on"
        await anyio.to_thread.run_sync(lambda: until(lambda: client.status.state == "fresh"))
        assert (await anyio.to_thread.run_sync(client.token)).generation == 3
        assert simulator.count("token_requests") == 3

    library.run(test)


def test_one_object_serves_many_connections(simulator: Simulator, server: RedisServer) -> None:
    redis = cxauth.stores.Redis(server.url, server.keys, prefix="cxauth:of-a-test")
    names = ("generic", "cloudlx")
    tokens = {cxauth.requests.Auth.from_settings(simulator.connection(name), store=redis).token() for name in names}
    tokens |= {cxauth.Client.from_settings(simulator.connection(name), store=redis).token() for name in names}
    assert len({token.reveal() for token in tokens}) == 2
    sets = [name for name in server.names() if name.endswith(":set")]
    assert len(sets) == 2
    assert all(name.startswith("cxauth:of-a-test:v1:{") for name in sets)


@pytest.mark.parametrize("make", [cxauth.Client, cxauth.requests.Auth])
def test_a_child_gives_nothing_of_its_parents_back(simulator: Simulator, server: RedisServer, make: Any) -> None:
    """It has connections of its own, and its parent's lock stays its parent's."""
    client = make.from_settings(simulator.connection(), store=cxauth.stores.Redis(server.url, server.keys))
    with held(simulator):
        waiting = in_thread(client.token)
        until(lambda: simulator.count("token_requests") == 1)
        (lease,) = (name for name in server.names() if name.endswith(":lease"))
        child = os.fork()
        if child == 0:
            # Its own token comes when the parent's renewal is over.
            os._exit(0 if client.token().generation == 1 else 1)
        assert server.ask("EXISTS", lease) == b":1\r\n"
    assert waiting.result(60).generation == 1
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert simulator.count("token_requests") == 1, "the child has what the parent's renewal brought"


def test_without_a_server_the_error_says_which(
    simulator: Simulator, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_driver_store, "LOOK_AFTER", 0.1)
    monkeypatch.setattr(_driver_store, "LOCK_PATIENCE", 0.2)
    url = f"redis://127.0.0.1:{closed_port()}"
    redis = cxauth.stores.Redis(url, server.keys, username="user", password="cxauth-canary", alone_after=None)
    auth = cxauth.requests.Auth.from_settings(simulator.connection(), store=redis)
    with pytest.raises(cxauth.TemporaryError, match="unreachable") as caught:
        auth.token()
    assert caught.value.code == "store_unavailable"
    assert url.removeprefix("redis://") in str(caught.value)
    assert "canary" not in str(caught.value)
    assert simulator.count("token_requests") == 0


def test_without_a_server_a_process_renews_on_its_own(simulator: Simulator, server: RedisServer) -> None:
    redis = cxauth.stores.Redis(f"redis://127.0.0.1:{closed_port()}", server.keys, alone_after=0)
    auth = cxauth.requests.Auth.from_settings(simulator.connection(), store=redis)
    client = cxauth.Client.from_settings(simulator.connection(), store=redis)
    assert auth.token().reveal() == client.token().reveal()
    assert simulator.count("token_requests") == 1, "once for all of its sessions"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"url": "http://localhost"}, "address"),
        ({"url": "redis://user:cxauth-canary@redis.example"}, "in the clear"),
        ({"keys": "names:cxauth-canary"}, "key 1"),
        ({"keys": ""}, "key"),
        ({"prefix": "{}"}, "prefix"),
        ({"root_certificate": b"cxauth-canary"}, "certificates"),
        ({"client_key": b"cxauth-canary"}, "client_certificate"),
        ({"keep": 60 * 60}, "one day"),
    ],
)
def test_what_makes_no_sense_is_said_at_once(server: RedisServer, options: dict[str, Any], says: str) -> None:
    with pytest.raises(cxauth.ConfigurationError, match=says) as caught:
        cxauth.stores.Redis(**{"url": server.url, "keys": server.keys, **options})
    assert "canary" not in str(caught.value)


def test_sets_that_nobody_uses_leave_where_that_is_wanted(simulator: Simulator, server: RedisServer) -> None:
    settings = simulator.connection("cloudlx")

    def left(keep: float | None) -> int:
        """How long the set stays that a client saves, in seconds; -1: for ever."""
        redis = cxauth.stores.Redis(server.url, server.keys, keep=keep)
        client = cxauth.Client.from_settings(settings, store=redis)
        client.token()
        (name,) = server.names()
        ttl = int(server.ask("TTL", name).strip(b":\r\n"))
        client.sign_out()
        return ttl

    day = 24 * 60 * 60
    assert left(None) == -1
    assert 30 * day < left(30 * day) <= 60 * day, "after the end of its token"
    assert left(None) == -1


def test_over_tls_with_an_authority_of_ones_own(simulator: Simulator, tmp_path: Path) -> None:
    authority, folder = trustme.CA(), tmp_path / "redis"
    folder.mkdir()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    certificate.cert_chain_pems[0].write_to_path(folder / "server.pem")
    with redis_server(folder, tls=True) as server:
        url = f"rediss://127.0.0.1:{server.tls_port}"

        def token(make: Any, url: str, root: Any) -> str:
            redis = cxauth.stores.Redis(url, server.keys, root_certificate=root, alone_after=None)
            return str(make.from_settings(simulator.connection(), store=redis).token().reveal())

        first = token(cxauth.Client, url, str(folder / "ca.pem"))
        assert token(cxauth.requests.Auth, url, authority.cert_pem.bytes()) == first
        for wrong, root, says in [
            (url, None, "root_certificate"),
            (url, trustme.CA().cert_pem.bytes(), "root_certificate"),
            (url.replace("127.0.0.1", "localhost"), authority.cert_pem.bytes(), "host name"),
        ]:
            for make in (cxauth.Client, cxauth.requests.Auth):
                with pytest.raises(cxauth.AuthError, match=says) as caught:
                    token(make, wrong, root)
                assert caught.value.code == "store_unavailable"
    assert simulator.count("token_requests") == 1


def test_no_secret_is_shown(server: RedisServer) -> None:
    redis = cxauth.stores.Redis(
        "rediss://user@redis.example:6380", server.keys, password="cxauth-canary", lease=5, replicas=1, timeout=1
    )
    assert "redis.example:6380" in repr(redis)
    assert "canary" not in repr(redis)
    assert not [key for key in server.keys.replace("\n", ":").split(":") if len(key) > 20 and key in repr(redis)]
    with pytest.raises(TypeError, match="password: text is wanted"):
        cxauth.stores.Redis(server.url, server.keys, password=b"cxauth-canary")  # type: ignore[arg-type]
