"""Processes that share a store, each with a plug-in and a clock of its own: one of them renews, all have the token.

The server's refresh tokens end when they are used, and a second use ends the whole sign-in.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from redis_server import redis_server
from waiting import in_thread

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Simulator

ROUNDS = 10
PAIRS = [("requests", "httpx"), ("asyncio", "aiohttp"), ("trio", "requests")]
LIFETIME = 3600

PROGRAM = """
import json, sys
import anyio, anyio.to_thread
import cxauth
import cxauth.aiohttp, cxauth.httpx, cxauth.requests
from own_stores import documented

library, settings, kind, place, *_ = json.loads(sys.argv[1])
stores = {
    "file": lambda: cxauth.stores.FileStore(place),
    "redis": lambda: cxauth.stores.Redis(*place),
    "row": lambda: documented()(place, "one"),
}
store = stores[kind]()
make = {"requests": cxauth.requests.Auth, "aiohttp": cxauth.aiohttp.Middleware}.get(library, cxauth.httpx.Auth)
clock = cxauth.ManualClock()
plugin = make.from_settings(settings, store=store, clock=clock)


async def main():
    while seconds := await anyio.to_thread.run_sync(sys.stdin.readline):
        clock.advance(float(seconds))
        if library == "aiohttp":
            token = await plugin.token()
        elif library in ("asyncio", "trio"):
            token = await plugin.atoken()
        else:
            token = await anyio.to_thread.run_sync(plugin.token)
        print(token.generation, token.reveal(), flush=True)


anyio.run(main, backend="trio" if library == "trio" else "asyncio")
"""


class Process:
    """A program with a plug-in."""

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments

    def __enter__(self) -> Process:
        tests = [str(ROOT / "python" / "tests"), *(entry for entry in sys.path if entry)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, json.dumps(self.arguments)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(tests)},
            # Elsewhere: the package of the checkout has no native module in it.
            cwd=self.arguments[-1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, seconds: float) -> tuple[int, str]:
        """So many seconds pass; then the generation and the text of the token."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline().split()
        assert line, f"the process with {self.arguments[0]} ended"
        return int(line[0]), line[1]


@pytest.mark.parametrize("kind", ["file", "redis", "row"])
@pytest.mark.parametrize(
    "libraries", [("requests", "httpx"), ("asyncio", "aiohttp"), ("trio", "requests")], ids="+".join
)
def test_one_token_request_a_round(simulator: Simulator, tmp_path: Path, libraries: tuple[str, str], kind: str) -> None:
    simulator.configure(rotation="rotate", reuse_detection=True, grace=0, access_token_lifetime=LIFETIME)
    settings = simulator.connection("generic/password")
    with ExitStack() as running:
        place: Any = str(tmp_path / "tokens")
        if kind == "redis":
            server = running.enter_context(redis_server(tmp_path))
            place = [server.url, server.keys]
        arguments = settings, kind, place, str(tmp_path)
        processes = [running.enter_context(Process(library, *arguments)) for library in libraries]
        passed = 0
        for number in range(1, ROUNDS + 1):
            asked = [in_thread(partial(process.ask, passed)) for process in processes]
            answers = {answer.result(60) for answer in asked}
            assert len(answers) == 1, "both have the same token"
            assert [generation for generation, _ in answers] == [number]
            assert simulator.count("token_requests") == number
            passed = LIFETIME
            simulator.advance(passed)
    assert simulator.count("families_revoked") == 0
