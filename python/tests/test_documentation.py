"""The examples of the documentation run, word for word, over TLS."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Simulator
from documentation.internet import SECRET, internet

PAGES = [ROOT / "README.md", ROOT / "docs" / "python.md", ROOT / "python" / "README.md"]
INTERPRETER = os.environ.get("CXAUTH_PYTHON", sys.executable)
"""One with the wheel in it, where the wheel is tested."""


def examples() -> list[object]:
    """What stands between "```python" and "```", by page and line."""
    found: list[object] = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            line = text.count("\n", 0, block.start()) + 2
            found.append(pytest.param(block[1], id=f"{page.relative_to(ROOT)}:{line}"))
    return found


@pytest.mark.parametrize("example", examples())
def test_an_example_runs(simulator: Simulator, tmp_path: Path, example: str) -> None:
    program = tmp_path / "example.py"
    program.write_text(example)
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    path = [str(Path(__file__).parent / "documentation"), *(entry for entry in sys.path if entry)]
    with internet(simulator, tmp_path) as variables:
        done = subprocess.run(
            [INTERPRETER, str(program)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**kept, **variables, "PYTHONPATH": os.pathsep.join(path)},
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert not re.search(r"^[345]\d\d$", done.stdout, re.MULTILINE), "the API refused it"


def test_there_are_examples() -> None:
    assert len(examples()) > 10
