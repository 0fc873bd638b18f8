"""The client for asyncio."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from conftest import Simulator, soon

import cxauth

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs it with asyncio's debug mode on, which finds calls from the wrong thread."""
    return asyncio.run(main, debug=True)


def test_a_fresh_token_takes_no_turn_of_the_loop(simulator: Simulator) -> None:
    async def main() -> None:
        async with cxauth.AsyncClient.from_settings(simulator.connection()) as client:
            token = await client.token()
            for call in (client.token(), client.headers()):
                with pytest.raises(StopIteration) as done:
                    call.send(None)
                assert done.value.value is not None
            assert await client.headers() == token.headers() == {"authorization": f"Bearer {token.reveal()}"}

    run(main())
    assert simulator.count("token_requests") == 1


def test_the_token_goes_only_where_it_may(simulator: Simulator) -> None:
    async def main() -> None:
        client = cxauth.AsyncClient.from_settings(simulator.connection())
        with pytest.raises(cxauth.ConfigurationError) as caught:
            await client.headers("https://elsewhere.example/")
        assert caught.value.code == "destination_refused"
        assert await client.headers(client.api_url("items"))

    run(main())


def test_a_task_that_is_cancelled_ends_no_renewal(simulator: Simulator) -> None:
    async def main() -> None:
        client = cxauth.AsyncClient.from_settings(simulator.connection())
        simulator.hold()
        leader = asyncio.create_task(client.token())
        await asyncio.to_thread(simulator.wait, "token_requests", 1)
        follower = asyncio.create_task(client.token())
        impatient = asyncio.create_task(asyncio.wait_for(client.token(), 0.01))
        leader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leader
        with pytest.raises(asyncio.TimeoutError):
            await impatient
        simulator.clear()
        assert (await follower).generation == 1

    run(main())
    assert simulator.count("token_requests") == 1


def test_the_last_one_that_leaves_leaves_a_token_behind(simulator: Simulator) -> None:
    async def main() -> None:
        client = cxauth.AsyncClient.from_settings(simulator.connection())
        simulator.hold()
        only = asyncio.create_task(client.token())
        await asyncio.to_thread(simulator.wait, "token_requests", 1)
        only.cancel()
        simulator.clear()
        await asyncio.to_thread(soon, lambda: client.status.token is not None)
        assert (await client.token()).generation == 1

    run(main())
    assert simulator.count("token_requests") == 1


def test_a_loop_that_is_closed_meanwhile_is_no_trouble(simulator: Simulator) -> None:
    client = cxauth.AsyncClient.from_settings(simulator.connection())
    simulator.hold()

    async def begin() -> None:
        tasks = [asyncio.ensure_future(client.token()) for _ in range(3)]
        await asyncio.to_thread(simulator.wait, "token_requests", 1)
        assert not any(task.done() for task in tasks)

    run(begin())
    simulator.clear()
    soon(lambda: client.status.token is not None)
    assert run(client.token()).generation == 1
    assert simulator.count("token_requests") == 1


def test_an_error_belongs_to_one_task(simulator: Simulator) -> None:
    async def main() -> None:
        client = cxauth.AsyncClient.from_settings(simulator.connection())
        simulator.arm("status", endpoints=["token"], status=503)
        results = await asyncio.gather(*(client.token() for _ in range(50)), return_exceptions=True)
        assert {type(result) for result in results} == {cxauth.TemporaryError}
        assert len({id(result) for result in results}) == 50

    run(main())
    assert simulator.count("token_requests") == 1


def test_functions_may_be_async(simulator: Simulator) -> None:
    settings = simulator.connection()
    secret = settings["client_secret"]
    calls: list[asyncio.AbstractEventLoop] = []

    async def read() -> str:
        await asyncio.sleep(0)
        calls.append(asyncio.get_running_loop())
        return str(secret)

    def read_at_once() -> str:
        calls.append(asyncio.get_running_loop())
        return str(secret)

    async def main() -> None:
        for function in (read, read_at_once, lambda: asyncio.ensure_future(read())):
            client = cxauth.AsyncClient.from_settings({**settings, "client_secret": function})
            assert (await client.token()).generation == 1
        assert calls == [asyncio.get_running_loop()] * 3

    run(main())


def test_a_function_brings_tokens() -> None:
    async def bring() -> cxauth.Provided:
        await asyncio.sleep(0)
        return cxauth.Provided("token", 600)

    async def fail() -> str:
        await asyncio.sleep(0)
        raise LookupError("no session")

    async def main() -> None:
        client = cxauth.AsyncClient(provide=bring, hosts=["api.example"])
        tokens = await asyncio.gather(*(client.token() for _ in range(100)))
        assert {(token.reveal(), token.generation) for token in tokens} == {("token", 1)}
        failing = cxauth.AsyncClient(provide=fail)
        with pytest.raises(cxauth.TemporaryError, match="LookupError: no session"):
            await failing.token()

    run(main())


def test_a_function_outlives_the_task_that_caused_it() -> None:
    async def main() -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def bring() -> str:
            begun.set()
            await go_on.wait()
            return "token"

        client = cxauth.AsyncClient(provide=bring)
        impatient = asyncio.create_task(client.token())
        await begun.wait()
        impatient.cancel()
        gc.collect()
        go_on.set()
        assert (await client.token()).generation == 1

    run(main())


def test_events_are_told_in_the_loop(simulator: Simulator) -> None:
    async def main() -> None:
        client = cxauth.AsyncClient.from_settings(simulator.connection())
        heard: asyncio.Queue[tuple[asyncio.AbstractEventLoop, cxauth.Event]] = asyncio.Queue()
        stop = client.on_event(lambda event: heard.put_nowait((asyncio.get_running_loop(), event)))
        await client.token()
        loop, event = await asyncio.wait_for(heard.get(), 30)
        assert loop is asyncio.get_running_loop()
        assert (event.kind, event.generation) == ("renewed", 1)
        stop()
        assert client.refused(await client.token(), 401)
        await client.token()
        assert heard.empty()

    run(main())


def test_it_signs_out_and_closes(simulator: Simulator) -> None:
    async def main() -> None:
        client = cxauth.AsyncClient.from_settings(simulator.connection())
        await client.token()
        await client.sign_out()
        assert client.status.state == "empty"
        simulator.hold(times=1)
        waiting = asyncio.create_task(client.token())
        await asyncio.to_thread(simulator.wait, "token_requests", 2)
        closing = asyncio.create_task(client.close())
        await asyncio.sleep(0)
        simulator.clear()
        await closing
        assert (await waiting).generation == 2
        await client.close()
        with pytest.raises(RuntimeError, match="closed"):
            await client.token()

    run(main())


def test_settings_change_while_it_runs(simulator: Simulator) -> None:
    async def main() -> None:
        client = cxauth.AsyncClient.from_settings({**simulator.connection(), "client_secret": "wrong"})
        with pytest.raises(cxauth.ConfigurationError):
            await client.token()
        client.change(client_secret=simulator.connection()["client_secret"])
        assert (await client.token()).generation == 1

    run(main())


def test_a_client_that_its_own_function_refers_to_is_collected() -> None:
    class Backend:
        def __init__(self) -> None:
            self.client = cxauth.AsyncClient(provide=self.fetch)

        async def fetch(self) -> str:
            return "token"

    async def main() -> weakref.ref[Backend]:
        backend = Backend()
        await backend.client.token()
        return weakref.ref(backend)

    gone = run(main())
    soon(lambda: (gc.collect(), gone() is None)[1])
