"""Asking for tokens: what goes to a token endpoint and what does not, and what becomes of each failure."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import anyio
import httpx
import pytest
import requests
from libraries import AIOHTTP, HTTPX, HTTPX_ASYNCIO, HTTPX_TRIO, REQUESTS, Library, every_library
from servers import Answer, Request, closed_port, serve, serve_tls
from waiting import held

import cxauth
from cxauth import _driver_perform, _driver_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Simulator

GRANTED = Answer(200, {"content-type": "application/json"}, b'{"access_token":"given","expires_in":3600}')


def plugin_at(library: Library, endpoint: str, token_client: Any = None, **settings: Any) -> Any:
    settings = {"client_id": "me", "client_secret": "cxauth-canary-secret", **settings}
    return library.plugin(token_endpoint=endpoint, token_client=token_client, **settings)


def failure(library: Library, plugin: Any) -> cxauth.AuthError:
    """The error with which a request for a token ends."""
    caught: list[cxauth.AuthError] = []

    async def test() -> None:
        with pytest.raises(cxauth.AuthError) as raised:
            await library.token(plugin)
        caught.append(raised.value)

    library.run(test)
    return caught[0]


def token(library: Library, plugin: Any) -> str:
    given: list[str] = []

    async def test() -> None:
        given.append((await library.token(plugin)).reveal())

    library.run(test)
    return given[0]


@every_library
def test_nobody_listens(library: Library) -> None:
    error = failure(library, plugin_at(library, f"http://127.0.0.1:{closed_port()}/token"))
    assert (error.code, error.action) == ("server_unreachable", "retry")
    assert "(cannot connect: " in str(error)
    assert "onnection refused" in str(error) or "Connect call failed" in str(error)
    assert error.retry_at is not None


@every_library
def test_no_such_host(library: Library) -> None:
    error = failure(library, plugin_at(library, "https://cxauth-canary.invalid/token"))
    assert error.code == "server_unreachable"
    assert "cannot connect" in str(error)


@every_library
def test_a_certificate_that_nobody_vouches_for(library: Library) -> None:
    with serve_tls() as base:
        error = failure(library, plugin_at(library, f"{base}/token"))
    assert error.code == "server_unreachable", "nothing was sent"
    assert "cannot connect: unable to get local issuer certificate" in str(error)


@every_library
def test_a_server_that_speaks_no_tls(library: Library) -> None:
    with serve(lambda _: GRANTED) as server:
        error = failure(library, plugin_at(library, server.base.replace("http:", "https:") + "/token"))
        assert error.code == "server_unreachable", "nothing was sent"
        assert server.seen == []


@every_library
def test_a_connection_that_breaks(library: Library, simulator: Simulator) -> None:
    faults: list[dict[str, Any]] = [{"effect": "drop"}, {"effect": "truncate", "keep": 5}]
    for fault in faults:
        simulator.arm(endpoints=["token"], times=1, **fault)
        error = failure(library, library.plugin.from_settings(simulator.connection()))
        assert error.code == "interrupted", fault


@every_library
def test_a_server_that_says_nothing(library: Library, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_driver_perform, "LIMIT", 0.3)
    with held(simulator):
        error = failure(library, library.plugin.from_settings(simulator.connection()))
    assert error.code == "timed_out"


@every_library
def test_a_server_that_drips(library: Library, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is always something more, so that no time limit of a single read is ever reached."""
    monkeypatch.setattr(_driver_perform, "LIMIT", 0.5)
    simulator.arm("endless", chunk=1, pause_ms=20, endpoints=["token"])
    error = failure(library, library.plugin.from_settings(simulator.connection()))
    assert error.code == "timed_out"


@every_library
def test_too_many_requests(library: Library, simulator: Simulator) -> None:
    clock = cxauth.ManualClock()
    plugin = library.plugin.from_settings(simulator.connection(), clock=clock)
    simulator.arm("rate_limit", retry_after={"seconds": 30}, endpoints=["token"], times=1)
    for _ in range(2):
        error = failure(library, plugin)
        assert (error.code, error.status) == ("rate_limited", 429)
        assert error.retry_at_ms is not None
        assert 29 <= error.retry_at_ms / 1000 - clock.time() <= 46
    assert simulator.count("token_requests") == 1
    clock.advance(46)
    assert token(library, plugin)


@every_library
def test_a_redirect_is_not_followed(library: Library, simulator: Simulator) -> None:
    for status in (301, 307):
        simulator.arm("redirect", status=status, to="cross_host", endpoints=["token"], times=1)
        error = failure(library, library.plugin.from_settings(simulator.connection()))
        assert error.code == "redirected"
    assert simulator.count("requests", "elsewhere") == 0


@every_library
def test_an_answer_without_an_end(library: Library, simulator: Simulator) -> None:
    faults: list[dict[str, Any]] = [{"effect": "endless", "chunk": 50_000}, {"effect": "huge", "bytes": 100_000}]
    for fault in faults:
        simulator.arm(endpoints=["token"], times=1, **fault)
        error = failure(library, library.plugin.from_settings(simulator.connection()))
        assert error.code == "answer_too_large", fault


@every_library
@pytest.mark.parametrize("length", [0, 20_000_000])
def test_an_answer_that_was_compressed_although_nobody_asked(library: Library, length: int) -> None:
    body = gzip.compress(GRANTED.body[:-1] + b',"more":"' + b" " * length + b'"}')
    with serve(lambda _: Answer(200, {"content-encoding": "gzip"}, body)) as server:
        plugin = plugin_at(library, server.base)
        if length:
            assert failure(library, plugin).code == "answer_too_large"
        else:
            assert token(library, plugin) == "given"
        assert server.seen[0].headers["accept-encoding"] == "identity"


@every_library
def test_what_goes_to_the_token_endpoint_is_nothing_of_the_apis(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API's client has cookies, fields and a password for the host of its own."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    options = {
        HTTPX: {"headers": {"x-mine": "1"}, "cookies": {"mine": "1"}},
        HTTPX_ASYNCIO: {"headers": {"x-mine": "1"}, "cookies": {"mine": "1"}},
        HTTPX_TRIO: {"headers": {"x-mine": "1"}, "cookies": {"mine": "1"}},
        REQUESTS: {"headers": {"x-mine": "1"}, "cookies": requests.sessions.cookiejar_from_dict({"mine": "1"})},  # type: ignore[no-untyped-call]
        AIOHTTP: {"headers": {"x-mine": "1"}, "cookies": {"mine": "1"}, "trust_env": True},
    }[library]

    async def test() -> None:
        with serve(lambda _: GRANTED) as server:
            plugin = plugin_at(
                library,
                f"{server.base}/token",
                client_authentication="client_secret_basic",
                api_base=server.base,
            )
            async with library.session(plugin, **options) as (call, _):
                assert (await call("GET", f"{server.base}/api")).status == 200
            asked, called = server.seen
            assert (asked.path, called.path) == ("/token", "/api")
            assert asked.headers["authorization"].startswith("Basic bWU6")
            assert called.headers["authorization"] == "Bearer given"
            assert called.headers["x-mine"] == "1"
            assert not {"x-mine", "cookie"} & asked.headers.keys()

    library.run(test)


@every_library
def test_a_client_that_is_named_for_token_requests(library: Library) -> None:
    async def test() -> None:
        with serve(lambda _: GRANTED) as server:
            async with library.token_client() as named:
                # Each library has a mapping of this name.
                named.headers["x-mine"] = "1"
                plugin = plugin_at(library, f"{server.base}/token", named)
                assert (await library.token(plugin)).reveal() == "given"
            (asked,) = server.seen
            assert asked.headers["x-mine"] == "1"
            assert asked.headers["content-length"] == str(len(asked.body))

    library.run(test)


def test_a_client_that_waits_may_be_named_where_nobody_waits() -> None:
    """A thread does it."""
    with serve(lambda _: GRANTED) as server, httpx.Client() as named:
        for library in (HTTPX_ASYNCIO, HTTPX_TRIO):
            assert token(library, plugin_at(library, server.base, named)) == "given"


def test_a_client_that_does_not_wait_cannot_be_named_where_somebody_waits() -> None:
    error = failure(HTTPX, plugin_at(HTTPX, "https://as.example/token", httpx.AsyncClient()))
    assert "give an httpx.Client" in str(error)


def test_a_hook_of_a_client_that_is_named_may_read_the_answer() -> None:
    def read(response: httpx.Response) -> None:
        response.read()

    async def read_async(response: httpx.Response) -> None:
        await response.aread()

    def read_requests(response: requests.Response, *_: Any, **__: Any) -> None:
        assert response.content

    with serve(lambda _: GRANTED) as server:
        named = httpx.Client(event_hooks={"response": [read]})
        assert token(HTTPX, plugin_at(HTTPX, server.base, named)) == "given"
        async_named = httpx.AsyncClient(event_hooks={"response": [read_async]})
        assert token(HTTPX_ASYNCIO, plugin_at(HTTPX_ASYNCIO, server.base, async_named)) == "given"
        session = requests.Session()
        session.hooks["response"].append(read_requests)
        assert token(REQUESTS, plugin_at(REQUESTS, server.base, session)) == "given"


def test_a_session_of_aiohttp_may_be_its_own_token_client() -> None:
    """Its middleware does not wait for itself."""

    async def test() -> None:
        with serve(lambda _: GRANTED) as server:
            async with aiohttp.ClientSession() as session:
                plugin = plugin_at(AIOHTTP, f"{server.base}/token", session, api_base=server.base)
                async with session.get(server.base, middlewares=[plugin]) as answer:
                    assert answer.status == 200
                session._middlewares = [plugin]
                await plugin.sign_out()
                async with session.get(server.base) as answer:
                    assert answer.status == 200
            assert [request.method for request in server.seen] == ["POST", "GET"] * 2

    AIOHTTP.run(test)


@every_library
def test_the_environments_proxy_is_used_as_the_library_uses_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(lambda _: GRANTED) as server, serve(lambda _: GRANTED) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base)
        assert token(library, plugin_at(library, f"{server.base}/token")) == "given"
        through = [request.path for request in proxy.seen]
        assert through == ([] if library is AIOHTTP else [f"{server.base}/token"])


def answers(secret: str) -> Callable[[Request], Answer]:
    def answer(request: Request) -> Answer:
        right = f"client_secret={secret}" in request.body.decode()
        return GRANTED if right else Answer(401, {}, b'{"error":"invalid_client"}')

    return answer


def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A secret, from everywhere."""
    monkeypatch.setenv("CXAUTH_TEST_SECRET", "found")
    path = tmp_path / "secret"
    path.write_bytes(b"found\r\n")

    async def asynchronous() -> str:
        await anyio.lowlevel.checkpoint()
        return "found"

    yield cxauth.Environment("CXAUTH_TEST_SECRET")
    yield cxauth.File(path)
    yield cxauth.Command([sys.executable, "-c", "print('found')"])
    yield lambda: "found"
    yield asynchronous
    # It does not look like one that is awaited.
    yield partial(lambda function: function(), asynchronous)


@every_library
def test_secrets_are_read_where_they_are(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(answers("found")) as server:
        for source in sources(tmp_path, monkeypatch):
            assert token(library, plugin_at(library, server.base, client_secret=source)) == "given"


def unreadable(tmp_path: Path) -> list[tuple[Any, str]]:
    long, empty, binary = tmp_path / "long", tmp_path / "empty", tmp_path / "binary"
    long.write_bytes(b"cxauth-canary-" * 10_000)
    empty.write_bytes(b"\n")
    binary.write_bytes(b"\xff\xfe")

    def raises() -> str:
        raise LookupError("the vault is closed")

    def leaves() -> str:
        sys.exit(3)

    return [
        (cxauth.Environment("CXAUTH_NOT_SET"), "environment variable CXAUTH_NOT_SET: it is not set"),
        (cxauth.File(tmp_path / "none"), "No such file or directory"),
        (cxauth.File(long), "it is longer than 64 KiB"),
        (cxauth.File(empty), "it is empty"),
        (cxauth.File(binary), "it is not UTF-8"),
        (cxauth.Command(["cxauth-no-such-program", "cxauth-canary-argument"]), "No such file or directory"),
        (cxauth.Command([sys.executable, "-c", "raise SystemExit(3)"]), "it ended with exit status 3"),
        (cxauth.Command([sys.executable, "-c", "while True: print('x' * 10000)"]), "it is longer than 64 KiB"),
        (cxauth.Keychain("service/account"), "install that, or use a command"),
        (raises, "function client_secret: LookupError: the vault is closed"),
        (leaves, "function client_secret: SystemExit: 3"),
        (lambda: None, "it returned NoneType where text is wanted"),
    ]


@every_library
def test_secrets_that_cannot_be_read(library: Library, tmp_path: Path) -> None:
    for source, why in unreadable(tmp_path):
        plugin = plugin_at(library, "https://as.example/token", client_secret=source)
        error = failure(library, plugin)
        assert (error.code, error.action) == ("secret_unreadable", "fix_configuration")
        assert why in str(error)
        assert "cxauth-canary" not in str(error)


@every_library
def test_a_secret_that_never_comes(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_driver_secrets, "LIMIT", 0.2)
    never = threading.Event()
    plugin = plugin_at(library, "https://as.example/token", client_secret=lambda: str(never.wait(60)))
    assert failure(library, plugin).code == "secret_unreadable"
    never.set()


@pytest.mark.parametrize("library", [HTTPX, HTTPX_ASYNCIO, REQUESTS, AIOHTTP], ids=str)
def test_a_function_that_cancels_itself_fails(library: Library) -> None:
    """And does not pass for a caller that was cancelled, after which the next one would lead, and so on for ever."""

    async def cancels() -> str:
        raise asyncio.CancelledError

    plugin = plugin_at(library, "https://as.example/token", client_secret=cancels)
    assert failure(library, plugin).code == "secret_unreadable"


@every_library
def test_tokens_from_elsewhere(library: Library) -> None:
    async def asynchronous() -> cxauth.Provided:
        await anyio.lowlevel.checkpoint()
        return cxauth.Provided("given", expires_in=60, scopes=["read"])

    for provide in (lambda: "given", lambda: cxauth.Provided("given", 60, ["read"]), asynchronous):
        plugin = library.plugin(provide=provide, hosts=["api.example"])
        assert token(library, plugin) == "given"


@every_library
def test_tokens_that_do_not_come_from_elsewhere(library: Library) -> None:
    def raises() -> str:
        raise ConnectionError("the backend is down")

    for provide, why in [
        (raises, "ConnectionError: the backend is down"),
        (lambda: 7, "it returned int, neither cxauth.Provided nor str"),
        (lambda: "half of a pair: \ud800", "the function that provides tokens"),
    ]:
        error = failure(library, library.plugin(provide=provide))
        assert error.code == "interrupted"
        assert why in str(error)
    error = failure(library, library.plugin(grant="external"))
    assert "give one with `provide`" in str(error)


@every_library
def test_another_secret_lifts_a_verdict(library: Library) -> None:
    with serve(answers("right")) as server:
        plugin = plugin_at(library, server.base)
        assert failure(library, plugin).code == "invalid_client"
        plugin.change(client_secret=lambda: "right")
        assert token(library, plugin) == "given"
        assert len(server.seen) == 2
        with pytest.raises(cxauth.ConfigurationError, match="unknown_setting"):
            plugin.change(client_sekret="right")
        plugin.change(hosts=["api.example"])
        assert plugin.allows("https://api.example/")


@every_library
def test_what_nobody_foresaw_is_a_failure_like_any_other(library: Library) -> None:
    """And no reason to try again at once, and again."""
    sent: list[object] = []

    class Sender:
        def send(self, request: object) -> None:
            sent.append(request)
            raise ZeroDivisionError

        async def send_async(self, request: object, _: object) -> None:
            self.send(request)

    plugin = plugin_at(library, "https://as.example/token")
    plugin._driver.performer._sender = Sender()
    for _ in range(3):
        error = failure(library, plugin)
        assert error.code == "interrupted"
        assert "ZeroDivisionError" in str(error)
    assert len(sent) == 1


@every_library
def test_text_that_no_server_could_have_sent(library: Library) -> None:
    def answer(_: Request) -> Answer:
        return Answer(400, {"x-odd": "caf\xe9"}, json.dumps({"error": "invalid_scope"}).encode())

    with serve(answer) as server:
        assert failure(library, plugin_at(library, server.base)).code == "invalid_scope"
