"""Many callers and one renewal: in threads, in tasks, and whatever becomes of any of them."""

from __future__ import annotations

import asyncio
import signal
import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest
import trio
from libraries import AIOHTTP, HTTPX, HTTPX_ASYNCIO, HTTPX_TRIO, REQUESTS, Library, all_of, every_library
from waiting import PATIENCE, callers, flights, held, in_thread, until, until_async

import cxauth
import cxauth.aiohttp
import cxauth.httpx
import cxauth.requests
from cxauth._driver import Driver

if TYPE_CHECKING:
    from conftest import Simulator

LIFETIME = 3600


def ctrl_c() -> None:
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


only_async = pytest.mark.parametrize("library", [HTTPX_ASYNCIO, HTTPX_TRIO, AIOHTTP], ids=str)
only_threads = pytest.mark.parametrize("library", [HTTPX, REQUESTS], ids=str)


class World:
    """A plug-in, its clock, and the server that it asks."""

    def __init__(self, simulator: Simulator, plugin: Any, name: str = "generic", **changes: Any) -> None:
        self.simulator = simulator
        self.clock = cxauth.ManualClock()
        self.plugin = plugin.from_settings(simulator.connection(name, **changes), clock=self.clock)
        self.url = simulator.url("items")

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.simulator.advance(seconds)

    @property
    def token_requests(self) -> int:
        return self.simulator.count("token_requests")


@every_library
def test_many_callers_of_an_expired_token_make_one_request(library: Library, simulator: Simulator) -> None:
    count = 64 if library.waits_in_threads else 1000
    world = World(simulator, library.plugin)

    async def test() -> None:
        async with library.session(world.plugin) as (call, _):
            assert (await call("GET", world.url)).status == 200
            world.pass_time(LIFETIME)
            simulator.hold()

            async def release() -> None:
                await until_async(lambda: callers(world.plugin) == count)
                simulator.clear()

            # Only some of them go all the way, because a thousand connections say nothing about cxauth.
            calls = [lambda: call("GET", world.url)] * 64
            tokens = [lambda: library.token(world.plugin)] * (count - 64)
            _, *results = await all_of([release, *calls, *tokens])
        assert [getattr(reply, "status", reply) for reply in results[:64]] == [200] * 64
        assert [getattr(token, "generation", token) for token in results[64:]] == [2] * (count - 64)
        assert world.token_requests == 2

    library.run(test)


@every_library
def test_a_failed_renewal_leaves_nobody_waiting(library: Library, simulator: Simulator) -> None:
    world = World(simulator, library.plugin)

    async def test() -> None:
        simulator.arm("drop", endpoints=["token"], times=1)
        simulator.arm("hold", endpoints=["token"], times=1)

        async def release() -> None:
            await until_async(lambda: callers(world.plugin) == 30 and world.token_requests == 1)
            simulator.clear()

        _, *errors = await all_of([release, *[lambda: library.token(world.plugin)] * 30])
        assert {getattr(error, "code", error) for error in errors} == {"interrupted"}
        assert {type(error) for error in errors} == {cxauth.TemporaryError}
        assert world.token_requests == 1
        # Nothing is sent before its time.
        with pytest.raises(cxauth.TemporaryError):
            await library.token(world.plugin)
        assert world.token_requests == 1
        world.pass_time(10)
        assert (await library.token(world.plugin)).generation == 1

    library.run(test)


@every_library
def test_a_token_that_serves_is_not_waited_for(library: Library, simulator: Simulator) -> None:
    world = World(simulator, library.plugin)

    async def test() -> None:
        async with library.session(world.plugin) as (call, _):
            first = await library.token(world.plugin)
            world.pass_time(LIFETIME * 0.85)
            with held(simulator):
                for _ in range(3):
                    assert (await call("GET", world.url)).status == 200
                await until_async(lambda: world.token_requests == 2)
                assert (await library.token(world.plugin)).reveal() == first.reveal()
                assert flights(world.plugin) == 1
            await until_async(lambda: flights(world.plugin) == 0)
            assert (await library.token(world.plugin)).generation == 2
            assert world.token_requests == 2

    library.run(test)


@only_async
def test_a_caller_that_is_cancelled_ends_no_renewal(library: Library, simulator: Simulator) -> None:
    world = World(simulator, library.plugin)

    async def test() -> None:
        with held(simulator):
            async with anyio.create_task_group() as group:
                leader = anyio.CancelScope()

                async def lead() -> None:
                    with leader:
                        await library.token(world.plugin)

                async def follow() -> None:
                    assert (await library.token(world.plugin)).generation == 1

                group.start_soon(lead)
                await until_async(lambda: world.token_requests == 1)
                group.start_soon(follow)
                await until_async(lambda: callers(world.plugin) == 2)
                leader.cancel()
                await until_async(lambda: callers(world.plugin) == 1)
                simulator.clear()
        assert world.token_requests == 1

    library.run(test)


@only_async
def test_what_the_last_one_leaving_asked_for_is_kept(library: Library, simulator: Simulator) -> None:
    world = World(simulator, library.plugin)

    async def test() -> None:
        with held(simulator):
            with anyio.move_on_after(PATIENCE) as scope:
                async with anyio.create_task_group() as group:
                    group.start_soon(library.token, world.plugin)
                    await until_async(lambda: world.token_requests == 1)
                    scope.cancel()
            assert callers(world.plugin) == 0
        await until_async(lambda: world.plugin.status.state == "fresh")
        assert (await library.token(world.plugin)).generation == 1
        assert world.token_requests == 1

    library.run(test)


@every_library
def test_somebody_else_leads_after_the_deadline(library: Library, simulator: Simulator) -> None:
    world = World(simulator, library.plugin)

    async def test() -> None:
        with held(simulator, times=1):
            async with anyio.create_task_group() as group:

                async def get() -> None:
                    assert (await library.token(world.plugin)).generation == 1

                group.start_soon(get)
                await until_async(lambda: callers(world.plugin) == 1 and world.token_requests == 1)
                world.clock.advance(61)
        assert world.token_requests == 2

    library.run(test)


@every_library
def test_signing_out_has_everybody_ask_anew(library: Library, simulator: Simulator) -> None:
    world = World(simulator, library.plugin)

    async def test() -> None:
        with held(simulator, times=1):
            async with anyio.create_task_group() as group:

                async def get() -> None:
                    assert (await library.token(world.plugin)).reveal()

                group.start_soon(get)
                await until_async(lambda: callers(world.plugin) == 1 and world.token_requests == 1)
                await library.sign_out(world.plugin)
        assert world.token_requests == 2
        await library.sign_out(world.plugin)
        assert world.plugin.status.state == "empty"
        assert (await library.token(world.plugin)).reveal()
        assert world.token_requests == 3

    library.run(test)


@only_threads
def test_ctrl_c_ends_one_callers_waiting_and_nothing_else(library: Library, simulator: Simulator) -> None:
    world = World(simulator, library.plugin)

    def interrupt() -> None:
        until(lambda: callers(world.plugin) == 2)
        ctrl_c()

    with held(simulator):
        in_thread(world.plugin.token)
        interrupted = in_thread(interrupt)
        with pytest.raises(KeyboardInterrupt):
            world.plugin.token()
        interrupted.result(PATIENCE)
        follower = in_thread(world.plugin.token)
        until(lambda: callers(world.plugin) == 2)
    assert follower.result(PATIENCE).generation == 1
    assert world.token_requests == 1


@only_threads
def test_where_no_thread_can_be_started_the_caller_leads(
    library: Library, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(simulator, library.plugin)
    start = threading.Thread.start

    def cannot(self: threading.Thread) -> None:
        if self.name == "cxauth renewal":
            raise RuntimeError("can't start new thread")
        start(self)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", cannot)
        assert world.plugin.token().generation == 1
        world.pass_time(LIFETIME)
        with held(simulator, times=1):

            def follow() -> Any:
                until(lambda: world.token_requests == 2)
                return world.plugin.token()

            def interrupt() -> None:
                until(lambda: callers(world.plugin) == 1)
                ctrl_c()

            follower, interrupted = in_thread(follow), in_thread(interrupt)
            # The leader is gone, says so, and the follower leads.
            with pytest.raises(KeyboardInterrupt):
                world.plugin.token()
            interrupted.result(PATIENCE)
            assert follower.result(PATIENCE).generation == 2
    assert world.token_requests == 3


def test_threads_and_event_loops_share_one_renewal(simulator: Simulator) -> None:
    """Two loops of asyncio, one of trio, and plain threads: one of them leads, all get the token."""
    world = World(simulator, cxauth.httpx.Auth)

    async def some() -> list[Any]:
        return await all_of([world.plugin.atoken] * 20)

    with held(simulator):
        runs = [
            in_thread(lambda: asyncio.run(some())),
            in_thread(lambda: asyncio.run(some())),
            in_thread(lambda: trio.run(some)),
            *(in_thread(lambda: [world.plugin.token()]) for _ in range(20)),
        ]
        until(lambda: callers(world.plugin) == 80)
    tokens = [token for run in runs for token in run.result(PATIENCE)]
    assert {token.generation for token in tokens} == {1}
    assert len(tokens) == 80
    assert world.token_requests == 1


def test_two_event_loops_share_one_middleware(simulator: Simulator) -> None:
    world = World(simulator, cxauth.aiohttp.Middleware)

    async def some() -> list[Any]:
        async with AIOHTTP.session(world.plugin) as (call, _):
            return await all_of([lambda: call("GET", world.url)] * 50)

    with held(simulator):
        runs = [in_thread(lambda: asyncio.run(some())) for _ in range(2)]
        until(lambda: callers(world.plugin) == 100)
    assert [reply.status for run in runs for reply in run.result(PATIENCE)] == [200] * 100
    assert world.token_requests == 1


@pytest.mark.parametrize("run", [asyncio.run, trio.run], ids=["asyncio", "trio"])
def test_an_event_loop_that_ends_leaves_the_renewal_to_others(simulator: Simulator, run: Any) -> None:
    world = World(simulator, cxauth.httpx.Auth)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(world.plugin.atoken)
            await until_async(lambda: world.token_requests == 1 and callers(world.plugin) == 2)
            group.cancel_scope.cancel()

    with held(simulator, times=1):

        def follow() -> Any:
            until(lambda: world.token_requests == 1)
            return world.plugin.token()

        follower = in_thread(follow)
        run(main) if run is trio.run else run(main())
        assert follower.result(PATIENCE).generation == 1
    assert world.token_requests == 2


def test_an_event_loop_that_is_closed_in_the_middle_leaves_the_renewal_to_others(simulator: Simulator) -> None:
    """Nobody cancels its tasks: they just never go on."""
    world = World(simulator, cxauth.httpx.Auth)
    loop = asyncio.new_event_loop()
    with held(simulator, times=1):
        waiting = loop.create_task(world.plugin.atoken())
        loop.run_until_complete(until_async(lambda: world.token_requests == 1))
        follower = in_thread(world.plugin.token)
        assert follower.result(PATIENCE).generation == 1
        loop.stop()
        loop.run_forever()
        waiting.cancel()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
        loop.close()
    assert world.token_requests == 2


def test_a_refresh_token_that_may_be_spent_is_left_to_a_late_answer(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who led is gone. For ten seconds nobody leads, and nobody asks again and again."""
    world = World(simulator, cxauth.httpx.Auth, "generic/password")
    # The password is dropped when a refresh token comes, which is the only way to a token then.
    world.plugin.token()
    world.pass_time(LIFETIME)
    asked = []
    do = Driver._do

    def counted(self: Driver, *arguments: Any) -> Any:
        asked.append(arguments)
        return do(self, *arguments)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(world.plugin.atoken)
            await until_async(lambda: world.token_requests == 2)
            group.cancel_scope.cancel()

    with held(simulator, times=1):
        asyncio.run(main())
        monkeypatch.setattr(Driver, "_do", counted)
        followers = [in_thread(world.plugin.token) for _ in range(10)]
        until(lambda: callers(world.plugin) == 10)
        assert len(asked) < 60
        world.clock.advance(11)
        assert {follower.result(PATIENCE).generation for follower in followers} == {2}
    assert world.token_requests == 3


def test_a_task_that_is_cancelled_before_it_began_leaves_the_renewal_to_others(simulator: Simulator) -> None:
    world = World(simulator, cxauth.httpx.Auth)

    async def main() -> None:
        task = asyncio.ensure_future(world.plugin.atoken())
        await asyncio.sleep(0)
        assert flights(world.plugin) == 1
        for other in asyncio.all_tasks() - {asyncio.current_task()}:
            other.cancel()
        await asyncio.wait([task])

    asyncio.run(main())
    assert flights(world.plugin) == 0
    assert world.plugin.token().generation == 1


def test_synchronous_code_in_the_loop_that_leads_does_not_wait_for_itself(simulator: Simulator) -> None:
    world = World(simulator, cxauth.httpx.Auth)

    async def main() -> None:
        with held(simulator, times=1):
            task = asyncio.ensure_future(world.plugin.atoken())
            await until_async(lambda: world.token_requests == 1)
            assert world.plugin.token().generation == 1
        assert (await task).reveal()

    asyncio.run(main())


def test_a_clock_that_is_set_back_makes_a_renewal_due(simulator: Simulator) -> None:
    world = World(simulator, cxauth.httpx.Auth)
    world.plugin.token()
    world.clock.advance(1000)
    world.plugin.token()
    assert world.token_requests == 1
    world.clock.set(world.clock.time() - 500)
    world.plugin.token()
    until(lambda: world.token_requests == 2 and flights(world.plugin) == 0)
    world.plugin.token()
    assert world.plugin._driver.fresh() is not None, "from here on the new time counts"


@every_library
def test_events_and_status(library: Library, simulator: Simulator) -> None:
    world = World(simulator, library.plugin)
    heard: list[cxauth.Event] = []

    async def test() -> None:
        forget = world.plugin.on_event(heard.append)
        assert world.plugin.status.state == "empty"
        await library.token(world.plugin)
        await until_async(lambda: len(heard) == 1)
        assert (heard[0].kind, heard[0].generation) == ("renewed", 1)
        status = world.plugin.status
        assert (status.state, status.error) == ("fresh", None)
        assert status.token is not None
        assert status.token.generation == 1
        assert status.next_wakeup is not None
        simulator.arm("oauth_error", status=401, error="invalid_client", endpoints=["token", "refresh"])
        world.pass_time(LIFETIME)
        with pytest.raises(cxauth.ConfigurationError):
            await library.token(world.plugin)
        status = world.plugin.status
        assert (status.state, status.token) == ("denied", None)
        assert status.error is not None
        assert status.error.code == "invalid_client"
        await until_async(lambda: len(heard) == 2)
        assert heard[1].kind == "waiting"
        assert heard[1].error is not None
        forget()
        simulator.clear()
        world.plugin.change(client_secret=simulator.connection()["client_secret"])
        assert (await library.token(world.plugin)).generation == 2
        assert len(heard) == 2

    library.run(test)


def test_a_listener_that_raises_changes_nothing_for_the_others(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(simulator, cxauth.requests.Auth)
    printed: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", printed.append)
    heard: list[str] = []

    def raises(_: cxauth.Event) -> None:
        raise ValueError("mine")

    world.plugin.on_event(raises)
    world.plugin.on_event(lambda event: heard.append(event.kind))
    world.plugin.token()
    until(lambda: heard == ["renewed"])
    assert [str(one.exc_value) for one in printed] == ["mine"]
