"""Many callers at once: one token request, and none of them fails."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import Simulator

import cxauth

THREADS = 64
TASKS = 1000


@pytest.mark.parametrize("way", ["generic", "generic/password"])
def test_64_threads_on_one_expired_token(simulator: Simulator, way: str) -> None:
    clock = cxauth.ManualClock()
    client = cxauth.Client.from_settings(simulator.connection(way), clock=clock)
    for number in range(1, 4):
        simulator.hold()
        with ThreadPoolExecutor(THREADS) as pool:
            asking = [pool.submit(client.headers) for _ in range(THREADS)]
            simulator.wait("token_requests", number)
            simulator.clear()
            tokens = {call.result(60)["authorization"] for call in asking}
        assert len(tokens) == 1
        assert simulator.count("token_requests") == number
        simulator.advance(7200)
        clock.advance(7200)
    assert simulator.count("reuse_detections") == 0


@pytest.mark.parametrize("way", ["generic", "generic/password"])
def test_1000_tasks_on_one_expired_token(simulator: Simulator, way: str) -> None:
    clock = cxauth.ManualClock()

    async def main() -> None:
        async with cxauth.AsyncClient.from_settings(simulator.connection(way), clock=clock) as client:
            for number in range(1, 4):
                simulator.hold()
                asking = [asyncio.create_task(client.headers()) for _ in range(TASKS)]
                await asyncio.to_thread(simulator.wait, "token_requests", number)
                threads = _threads()
                simulator.clear()
                tokens = {headers["authorization"] for headers in await asyncio.gather(*asking)}
                assert len(tokens) == 1
                assert simulator.count("token_requests") == number
                assert threads < 10, "no thread for each call"
                simulator.advance(7200)
                clock.advance(7200)

    asyncio.run(main())
    assert simulator.count("reuse_detections") == 0


def _threads() -> int:
    """Those of the native module too, where the system tells."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()


def test_a_failure_reaches_everybody_once(simulator: Simulator) -> None:
    simulator.hold(times=1)
    simulator.arm("drop", endpoints=["token"], times=1)
    client = cxauth.Client.from_settings(simulator.connection())
    with ThreadPoolExecutor(THREADS) as pool:
        asking = [pool.submit(client.token) for _ in range(THREADS)]
        simulator.wait("token_requests", 1)
        simulator.ask("POST", "release")
        errors = [call.exception(60) for call in asking]
    assert {type(error) for error in errors} == {cxauth.TemporaryError}
    assert len({id(error) for error in errors}) == THREADS, "an error with a traceback belongs to one thread"
    assert simulator.count("token_requests") == 1


def test_threads_with_event_loops_of_their_own_share_a_client(simulator: Simulator) -> None:
    client = cxauth.AsyncClient.from_settings(simulator.connection())
    simulator.hold()

    async def ask() -> list[cxauth.Token]:
        return await asyncio.gather(*(client.token() for _ in range(20)))

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(asyncio.run, ask()) for _ in range(8)]
        simulator.wait("token_requests", 1)
        simulator.clear()
        tokens = {token.reveal() for call in asking for token in call.result(60)}
    assert len(tokens) == simulator.count("token_requests") == 1
