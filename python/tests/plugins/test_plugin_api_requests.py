"""Requests to an API: where the token goes, where it does not, and what follows a refusal."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests
import requests.adapters
from libraries import Library, all_of, every_library
from servers import Answer, Request, serve

import cxauth
import cxauth.httpx
import cxauth.requests

if TYPE_CHECKING:
    from conftest import Simulator


def made(library: Library, simulator: Simulator, name: str = "generic", **changes: Any) -> Any:
    return library.plugin.from_settings(simulator.connection(name, **changes))


def base(simulator: Simulator, platform: str) -> str:
    addresses: Any = simulator.addresses
    found: str = addresses["platforms"][platform]["base"]
    return found


def api(**fault: Any) -> dict[str, Any]:
    return {"endpoints": ["api"], **fault}


@every_library
def test_every_platform(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        for name, path in [
            ("generic", "items"),
            ("generic/password", "items"),
            ("cloudcx", "user/page?pageIndex=1"),
            ("cloudcx/api-key", "user/page"),
            ("cisco-cx-cloud", "inventory/hardware"),
            ("cloudlx", "services"),
        ]:
            plugin = made(library, simulator, name)
            async with library.session(plugin) as (call, _):
                reply = await call("GET", plugin.api_url(path))
            assert reply.status == 200, name

    library.run(test)


@every_library
def test_a_refused_destination_gets_nothing_at_all(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        elsewhere = base(simulator, "elsewhere")
        refused = [f"{elsewhere}/api", "http://api.example/"]
        if library.name != "aiohttp":
            # aiohttp takes the user out of the address before anybody sees it.
            refused.append(simulator.url("items").replace("http://", "http://user@"))
        async with library.session(made(library, simulator)) as (call, _):
            for url in refused:
                with pytest.raises(cxauth.AuthError) as caught:
                    await call("GET", url)
                assert caught.value.code == "destination_refused", url
                assert caught.value.action == "fix_configuration"
        assert simulator.count("requests") == 0
        assert simulator.count("requests", "elsewhere") == 0

    library.run(test)


@every_library
def test_a_request_has_one_credential(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        with serve(lambda _: Answer()) as server:
            plugin = made(library, simulator, hosts=[server.base.removeprefix("http://")])
            async with library.session(plugin) as (call, _):
                await call("GET", server.base, headers={"authorization": "Basic b25lOnR3bw=="})
            token = await library.token(plugin)
            (request,) = server.seen
            assert request.headers["authorization"] == token.headers()["authorization"]

    library.run(test)


@every_library
def test_the_platforms_own_fields_go_along(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        with serve(lambda _: Answer()) as server:
            plugin = made(
                library,
                simulator,
                hosts=[server.base.removeprefix("http://")],
                api_headers={"X-Tenant": "7"},
                header="X-API-Key",
                prefix="",
            )
            async with library.session(plugin) as (call, _):
                await call("GET", server.base, headers={"x-api-key": "mine", "x-tenant": "8"})
            token = await library.token(plugin)
            (request,) = server.seen
            assert request.headers["x-api-key"] == token.reveal()
            assert request.headers["x-tenant"] == "7"
            assert "authorization" not in request.headers

    library.run(test)


@every_library
def test_a_refused_token_is_renewed_once_and_the_request_sent_once_more(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        async with library.session(made(library, simulator)) as (call, _):
            url = simulator.url("items")
            assert (await call("GET", url)).status == 200
            simulator.revoke(access_tokens=True)
            assert (await call("GET", url)).status == 200
            assert simulator.count("token_requests") == 2
            assert simulator.count("api_requests") == 3

    library.run(test)


@every_library
def test_a_request_is_sent_twice_at_most(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        async with library.session(made(library, simulator)) as (call, _):
            simulator.arm("unauthorized", **api())
            assert (await call("GET", simulator.url("items"))).status == 401
            assert simulator.count("api_requests") == 2
            assert simulator.count("token_requests") == 2

    library.run(test)


@every_library
def test_a_request_is_sent_twice_at_most_however_long_it_takes(library: Library, simulator: Simulator) -> None:
    """A minute later a refusal would count as the first one."""
    clock = cxauth.ManualClock()

    def answer(_: Request) -> Answer:
        clock.advance(61)
        return Answer(401)

    async def test() -> None:
        with serve(answer) as server:
            settings = simulator.connection(hosts=[server.base.removeprefix("http://")])
            async with library.session(library.plugin.from_settings(settings, clock=clock)) as (call, _):
                assert (await call("GET", server.base)).status == 401
            assert len(server.seen) == 2

    library.run(test)


@every_library
def test_a_refusal_that_another_token_would_not_change_is_the_callers(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        async with library.session(made(library, simulator)) as (call, _):
            url = simulator.url("items")
            for status, headers in [
                (401, [["www-authenticate", 'Bearer error="insufficient_scope"']]),
                (403, [["www-authenticate", 'Bearer error="insufficient_scope"']]),
                (403, []),
                (500, []),
                (404, [["content-type", "application/json"]]),
            ]:
                simulator.arm("status", status=status, headers=headers, body='{"no":1}', **api(times=1))
                reply = await call("GET", url)
                assert (reply.status, reply.text) == (status, '{"no":1}')
            assert simulator.count("token_requests") == 1
            assert simulator.count("api_requests") == 5

    library.run(test)


@every_library
def test_a_refusal_in_the_body_counts(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        async with library.session(made(library, simulator)) as (call, _):
            url = simulator.url("items")
            assert (await call("GET", url)).status == 200
            body = json.dumps({"error": "invalid_token"})
            simulator.arm(
                "status", status=403, headers=[["content-type", "application/json"]], body=body, **api(times=1)
            )
            assert (await call("GET", url)).status == 200
            assert simulator.count("token_requests") == 2

    library.run(test)


@pytest.mark.parametrize("coding", ["", "gzip", "chunked"])
@pytest.mark.parametrize("length", [20, 8 * 1024, 300_000])
@every_library
def test_a_body_that_was_looked_at_is_whole(library: Library, simulator: Simulator, coding: str, length: int) -> None:
    body = json.dumps({"error": "other", "more": "x" * length}).encode()
    headers = {"content-type": "application/json"}
    if coding == "gzip":
        headers["content-encoding"] = "gzip"
    if coding == "chunked":
        headers["transfer-encoding"] = "chunked"
    sent = gzip.compress(body) if coding == "gzip" else body

    async def test() -> None:
        with serve(lambda _: Answer(403, headers, sent)) as server:
            plugin = made(library, simulator, hosts=[server.base.removeprefix("http://")])
            async with library.session(plugin) as (call, streamed):
                for _ in range(3):
                    reply = await call("GET", server.base)
                    assert (reply.status, reply.text) == (403, body.decode())
                    status, chunks = await streamed(server.base)
                    assert (status, b"".join(chunks)) == (403, body)
            assert simulator.count("token_requests") == 1

    library.run(test)


@pytest.mark.parametrize("coding", ["", "gzip"])
@every_library
def test_a_refusal_in_a_body_that_is_streamed_counts(library: Library, simulator: Simulator, coding: str) -> None:
    """A page is left alone; an error is looked at, coded or not."""
    refusals = iter([Answer(403, {"content-type": "application/json"}, b'{"error":"invalid_token"}')])

    def answer(_: Request) -> Answer:
        refusal = next(refusals, Answer())
        if coding and refusal.body:
            return Answer(refusal.status, {**refusal.headers, "content-encoding": coding}, gzip.compress(refusal.body))
        return refusal

    async def test() -> None:
        with serve(answer) as server:
            plugin = made(library, simulator, hosts=[server.base.removeprefix("http://")])
            async with library.session(plugin) as (_, streamed):
                assert (await streamed(server.base))[0] == 200
            assert len(server.seen) == 2
            assert simulator.count("token_requests") == 2

    library.run(test)


@every_library
def test_an_answer_is_streamed(library: Library, simulator: Simulator) -> None:
    """What comes is handed on as it comes: the simulator's body has no end that anybody could wait for."""

    async def test() -> None:
        simulator.arm("endless", chunk=1000, limit=200_000, **api())
        async with library.session(made(library, simulator)) as (_, streamed):
            with pytest.raises(Exception):  # noqa: B017, PT011
                await streamed(simulator.url("items"))

    library.run(test)


@every_library
def test_a_body_is_sent_again_and_a_stream_is_not(library: Library, simulator: Simulator) -> None:
    def answer(request: Request) -> Answer:
        return Answer(401 if request.headers["authorization"] == first[0] else 200)

    first = [""]

    async def test() -> None:
        with serve(answer) as server:
            for body, bodies in [
                (b"whole", [b"whole", b"whole"]),
                (iter([b"one", b"two"]), [b"onetwo"]),
            ]:
                server.seen.clear()
                plugin = made(library, simulator, hosts=[server.base.removeprefix("http://")])
                first[0] = (await library.token(plugin)).headers()["authorization"]
                async with library.session(plugin) as (call, _):
                    status = (await call("POST", server.base, content=body)).status
                    assert [request.body for request in server.seen] == bodies
                    assert status == (200 if len(bodies) == 2 else 401), "the refusal is the caller's"
                    assert (await call("POST", server.base, content=b"next")).status == 200

    library.run(test)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@every_library
def test_a_redirect_on_the_same_host_keeps_the_token(library: Library, simulator: Simulator, status: int) -> None:
    async def test() -> None:
        simulator.arm("redirect", status=status, to="same_host", **api(times=1))
        async with library.session(made(library, simulator), follow_redirects=True) as (call, _):
            reply = await call("GET", simulator.url("items"))
            assert reply.status == 200
            assert simulator.count("api_requests") == 2

    library.run(test)


@pytest.mark.parametrize("settings", [{}, {"header": "X-API-Key", "prefix": ""}], ids=["bearer", "api-key"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@every_library
def test_a_redirect_to_another_host_drops_the_credential(
    library: Library, simulator: Simulator, status: int, settings: dict[str, str]
) -> None:
    async def test() -> None:
        with (
            serve(lambda _: Answer(401)) as evil,
            serve(lambda _: Answer(status, {"location": f"{evil.base}/taken"})) as server,
        ):
            plugin = made(library, simulator, hosts=[server.base.removeprefix("http://")], **settings)
            async with library.session(plugin, follow_redirects=True) as (call, _):
                reply = await call("POST", server.base, content=b"body")
            assert reply.status == 401
            token = (await library.token(plugin)).reveal()
            name = settings.get("header", "authorization").lower()
            assert token in server.seen[0].headers[name]
            (taken,) = evil.seen
            assert token not in str(taken)
            assert not {"authorization", "x-api-key"} & taken.headers.keys()
        assert simulator.count("token_requests") == 1, "what is said elsewhere is not about the token"

    library.run(test)


@pytest.mark.parametrize("settings", [{}, {"header": "X-API-Key", "prefix": ""}], ids=["bearer", "api-key"])
@every_library
def test_a_redirect_to_another_host_that_may_see_it_brings_the_token_along(
    library: Library, simulator: Simulator, settings: dict[str, str]
) -> None:
    name = settings.get("header", "authorization").lower()

    async def test() -> None:
        with (
            serve(lambda request: Answer(200 if name in request.headers else 401)) as other,
            serve(lambda _: Answer(307, {"location": f"{other.base}/there"})) as server,
        ):
            hosts = [one.base.removeprefix("http://") for one in (server, other)]
            plugin = made(library, simulator, hosts=hosts, **settings)
            async with library.session(plugin, follow_redirects=True) as (call, _):
                reply = await call("POST", server.base, content=b"body")
            assert reply.status == 200
            assert other.seen[-1].body == b"body"
        assert simulator.count("token_requests") == 1

    library.run(test)


@every_library
def test_a_refusal_behind_a_redirect_is_retried(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        async with library.session(made(library, simulator), follow_redirects=True) as (call, _):
            url = simulator.url("items")
            assert (await call("GET", url)).status == 200
            simulator.revoke(access_tokens=True)
            simulator.arm("redirect", status=307, to="same_host", **api(times=1))
            assert (await call("GET", url)).status == 200
            assert simulator.count("token_requests") == 2

    library.run(test)


@every_library
def test_a_redirect_that_is_not_followed_is_the_callers(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        simulator.arm("redirect", status=302, to="cross_host", **api(times=1))
        async with library.session(made(library, simulator)) as (call, _):
            assert (await call("GET", simulator.url("items"))).status == 302
            with pytest.raises(cxauth.AuthError, match="destination_refused"):
                await call("GET", "http://elsewhere.example/")

    library.run(test)


@every_library
def test_many_calls_at_once(library: Library, simulator: Simulator) -> None:
    async def test() -> None:
        async with library.session(made(library, simulator)) as (call, _):
            url = simulator.url("items")
            replies = await all_of([lambda: call("GET", url)] * 64)
            assert [getattr(reply, "status", reply) for reply in replies] == [200] * 64
            assert simulator.count("token_requests") == 1

    library.run(test)


def test_a_layer_below_that_takes_the_credential_off_is_not_met_again_and_again(simulator: Simulator) -> None:
    class Adapter(requests.adapters.HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
            del request.headers["authorization"]
            return super().send(request, *arguments, **options)

    class Transport(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            del request.headers["authorization"]
            return super().handle_request(request)

    with serve(lambda _: Answer(401)) as server:
        settings = simulator.connection(hosts=[server.base.removeprefix("http://")])
        with requests.Session() as session:
            session.mount("http://", Adapter())
            session.auth = cxauth.requests.Auth.from_settings(settings)
            assert session.get(server.base).status_code == 401
        assert len(server.seen) == 2
        auth = cxauth.httpx.Auth.from_settings(settings)
        with httpx.Client(transport=Transport(), auth=auth) as client:
            assert client.get(server.base).status_code == 401
        assert len(server.seen) <= 2 + 11
