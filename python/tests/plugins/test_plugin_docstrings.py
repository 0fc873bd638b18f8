"""The examples in docstrings run, word for word; those of the documentation's pages have a test of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conftest import Simulator
from documentation.internet import SECRET, internet
from libraries import AIOHTTP, HTTPX, REQUESTS, Library


@pytest.mark.parametrize("library", [HTTPX, REQUESTS, AIOHTTP], ids=str)
def test_the_example_of_a_plug_in(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    found = re.search(r"\n\n((?:        .*\n|\n)+)\n    \S", library.plugin.__doc__)
    assert found is not None
    program = tmp_path / "example.py"
    program.write_text(textwrap.dedent(found[1]))
    folder = Path(__file__).parents[1] / "documentation"
    with internet(simulator, tmp_path) as variables:
        path = os.pathsep.join([str(folder), *(entry for entry in sys.path if entry)])
        done = subprocess.run(
            [sys.executable, str(program)],
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], **variables, "PYTHONPATH": path},
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "inventory/hardware 1" in done.stdout
    assert SECRET not in done.stdout
    assert simulator.count("api_requests_accepted", "cisco-cx-cloud") == 1
