"""Forks, as gunicorn, Celery's prefork pool and `multiprocessing` make them: of a process with threads at work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import Simulator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no forks")

START = """
import asyncio, json, os, signal, sys, threading, traceback
import cxauth

sys.path.insert(0, sys.argv[1])
from conftest import Simulator

settings, store, addresses = json.loads(sys.argv[2])
simulator = Simulator(addresses)
options = {"store": cxauth.FileStore(store)} if store else {}
client = cxauth.Client.from_settings(settings, **options)


def say(*words):
    # In one go: children write at the same time.
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())


def fork(act):
    # A child of its own that has thirty seconds for its work.
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        signal.alarm(30)
        act()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def join(children):
    for child in children:
        _, status = os.waitpid(child, 0)
        assert status == 0, status


def refuse():
    assert client.refused(client.token(), 401)
"""


def run(simulator: Simulator, program: str, name: str = "generic", store: Path | None = None) -> list[str]:
    """Runs a program that forks; returns the lines that it and its children wrote."""
    arguments = json.dumps([simulator.connection(name), store and str(store), simulator.addresses])
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        START + textwrap.dedent(program),
        str(Path(__file__).parent),
        arguments,
    ]
    here = Path(__file__).parent
    done = subprocess.run(command, cwd=here, stdout=subprocess.PIPE, text=True, timeout=120, check=False)
    assert done.returncode == 0
    return done.stdout.splitlines()


def test_children_use_the_token_that_is_there(simulator: Simulator) -> None:
    lines = run(
        simulator,
        """
        client.token()
        join([fork(lambda: say(client.token().reveal(), client.status.state)) for _ in range(8)])
        say(client.token().reveal(), client.status.state)
        """,
    )
    assert len(lines) == 9
    assert len(set(lines)) == 1
    assert lines[0].endswith(" fresh")
    assert simulator.count("token_requests") == 1


@pytest.mark.parametrize("name", ["generic", "generic/password"])
def test_children_of_a_process_in_mid_renewal_get_tokens(simulator: Simulator, name: str) -> None:
    lines = run(
        simulator,
        """
        refuse()
        simulator.hold(times=1)
        waiting = threading.Thread(target=lambda: say("parent", client.token().generation))
        waiting.start()
        simulator.wait("token_requests", 2)
        join([fork(lambda: say("child", client.token().reveal())) for _ in range(8)])
        assert waiting.is_alive()
        simulator.ask("POST", "release")
        waiting.join()
        """,
        name,
    )
    assert len(set(lines)) == 9
    assert lines[-1] == "parent 2"
    assert simulator.count("token_requests") == 10
    assert simulator.count("reuse_detections") == 0


def test_a_rotating_refresh_token_stays_with_the_parent(simulator: Simulator) -> None:
    run(
        simulator,
        """
        refuse()
        join([fork(client.token) for _ in range(3)])
        client.token()
        """,
        "generic/password",
    )
    grants = [entry["grant"] for entry in simulator.log() if entry["endpoint"] in ("token", "refresh")]
    assert grants == ["password", "password", "password", "password", "refresh_token"]
    assert simulator.count("reuse_detections") == 0


def test_with_a_store_all_of_them_make_one_renewal(simulator: Simulator, tmp_path: Path) -> None:
    lines = run(
        simulator,
        """
        refuse()
        join([fork(lambda: say(client.token().reveal())) for _ in range(8)])
        say(client.token().reveal())
        """,
        "generic/password",
        tmp_path / "tokens",
    )
    assert len(lines) == 9
    assert len(set(lines)) == 1
    assert simulator.count("token_requests") == 2


def test_a_child_has_children_of_its_own(simulator: Simulator) -> None:
    lines = run(
        simulator,
        """
        refuse()

        def child():
            client.token()
            client.sign_out()
            join([fork(lambda: say(client.token().generation)) for _ in range(2)])
            say(client.token().generation)

        join([fork(child)])
        """,
    )
    assert lines == ["3", "3", "3"]


def test_asyncio_in_children(simulator: Simulator) -> None:
    lines = run(
        simulator,
        """
        client = cxauth.AsyncClient.from_settings(settings)
        asyncio.run(client.token())
        events = []

        async def child():
            client.on_event(events.append)
            tokens = await asyncio.gather(*(client.token() for _ in range(50)))
            assert client.refused(tokens[0], 401)
            tokens = await asyncio.gather(*(client.token() for _ in range(50)))
            say(len({token.reveal() for token in tokens}), tokens[0].generation)
            await client.close()

        join([fork(lambda: asyncio.run(child())) for _ in range(4)])
        """,
    )
    assert lines == ["1 2"] * 4
    assert simulator.count("token_requests") == 5


def test_listeners_hear_of_what_happens_in_their_own_process(simulator: Simulator) -> None:
    lines = run(
        simulator,
        """
        client.token()
        heard = threading.Event()
        client.on_event(lambda event: (say(os.getpid() == parent, event.kind), event.kind == "renewed" and heard.set()))
        parent = os.getpid()

        def child():
            refuse()
            client.token()
            assert heard.wait(30)

        join([fork(child)])
        child()
        """,
    )
    assert sorted({line for line in lines if "renewed" in line}) == ["False renewed", "True renewed"]


def test_forks_in_a_storm_of_renewals_never_hang(simulator: Simulator) -> None:
    lines = run(
        simulator,
        """
        over = threading.Event()

        def storm():
            while not over.is_set():
                client.sign_out()
                client.token()

        threads = [threading.Thread(target=storm, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(12):
            join([fork(lambda: say(len(client.headers()))) for _ in range(4)])
        over.set()
        for thread in threads:
            thread.join()
        """,
    )
    assert lines == ["1"] * 48


def test_multiprocessing(simulator: Simulator) -> None:
    lines = run(
        simulator,
        """
        import multiprocessing

        def work(number):
            return client.token().reveal()

        client.token()
        with multiprocessing.get_context("fork").Pool(4) as pool:
            say(len(set(pool.map(work, range(64), chunksize=1))))
        """,
    )
    assert lines == ["1"]
    assert simulator.count("token_requests") == 1
