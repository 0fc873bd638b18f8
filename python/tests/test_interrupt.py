"""Ctrl-C while a call waits."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Simulator

PROGRAM = """
import json, sys, threading
import cxauth

settings, options = json.loads(sys.argv[1])
if "store" in options:
    options["store"] = cxauth.FileStore(options["store"])
client = cxauth.Client.from_settings(settings, **options)
try:
    client.{call}()
    print("no interrupt", flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
if sys.stdin.readline():
    print(client.token().generation, flush=True)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole groups of processes")


@contextmanager
def program(simulator: Simulator, call: str, **options: object) -> Iterator[subprocess.Popen[str]]:
    """A program that waits for a token that does not come."""
    simulator.hold(times=1)
    arguments = json.dumps([simulator.connection(), options])
    command = [sys.executable, "-c", PROGRAM.format(call=call), arguments]
    with subprocess.Popen(
        command, cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            simulator.wait("token_requests", 1)
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    """What it says next."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("call", ["token", "headers"])
def test_it_ends_the_waiting_and_nothing_else(simulator: Simulator, call: str) -> None:
    with program(simulator, call) as process:
        process.send_signal(signal.SIGINT)
        assert line(process) == "interrupted"
        simulator.ask("POST", "release")
        assert process.communicate("go on\n", timeout=30)[0] == "1\n"
        assert process.returncode == 0
    assert simulator.count("token_requests") == 1


def test_a_program_that_ends_waits_for_no_answer(simulator: Simulator) -> None:
    with program(simulator, "token") as process:
        process.send_signal(signal.SIGINT)
        assert line(process) == "interrupted"
        process.communicate("", timeout=8)
        assert process.returncode == 0


def test_a_program_that_ends_waits_for_what_its_store_keeps(simulator: Simulator, tmp_path: Path) -> None:
    store = tmp_path / "tokens"
    with program(simulator, "token", store=str(store)) as process:
        process.send_signal(signal.SIGINT)
        assert line(process) == "interrupted"
        assert process.stdin is not None
        process.stdin.close()
        assert not store.exists()
        simulator.ask("POST", "release")
        assert process.wait(timeout=30) == 0
    assert store.exists()
