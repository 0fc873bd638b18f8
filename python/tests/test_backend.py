"""The backend route of docs/backend.md, word for word, in an interpreter of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from conftest import ROOT, Simulator
from documentation.internet import SECRET, internet

SESSION = """
def is_signed_in(environ):
    return environ.get("HTTP_COOKIE") == "session=1"
"""
DRIVER = """
import json, sys
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator
import backend

def ask(given):
    environ = {"REQUEST_METHOD": "POST", **given}
    setup_testing_defaults(environ)
    answer = {}
    def start(status, headers, exc_info=None):
        answer.update(status=status, headers=dict(headers))
    parts = validator(backend.token)(environ, start)
    answer["body"] = b"".join(parts).decode()
    parts.close()
    return answer

print(json.dumps([ask(given) for given in json.load(sys.stdin)]))
"""
GOOD = {"HTTP_ORIGIN": "https://app.example", "HTTP_COOKIE": "session=1"}


def ask(simulator: Simulator, folder: Path, *given: dict[str, str]) -> list[dict[str, Any]]:
    """What the route answers to these requests, one after the other."""
    page = (ROOT / "docs" / "backend.md").read_text(encoding="utf-8")
    (route,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (folder / "backend.py").write_text(route)
    (folder / "session.py").write_text(SESSION)
    (folder / "driver.py").write_text(DRIVER)
    path = [str(Path(__file__).parent / "documentation"), *(entry for entry in sys.path if entry)]
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    with internet(simulator, folder) as variables:
        done = subprocess.run(
            [sys.executable, "driver.py"],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            cwd=folder,
            env={**kept, **variables, "PYTHONPATH": os.pathsep.join(path)},
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stdout + done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    for answer in answers:
        assert answer["headers"]["Cache-Control"] == "no-store"
    return answers


def test_a_signed_in_page_gets_the_token_and_nothing_more(simulator: Simulator, tmp_path: Path) -> None:
    answers = ask(simulator, tmp_path, GOOD, GOOD)
    assert [answer["status"] for answer in answers] == ["200 OK", "200 OK"]
    token = json.loads(answers[0]["body"])
    assert set(token) == {"accessToken", "expiresIn"}
    assert 0 < token["expiresIn"] <= 3600
    assert token["accessToken"] == json.loads(answers[1]["body"])["accessToken"]
    assert token["accessToken"] in simulator.ask("GET", "secrets")
    assert simulator.count("token_requests", "cisco-cx-cloud") == 1


def test_nobody_else_gets_it(simulator: Simulator, tmp_path: Path) -> None:
    answers = ask(
        simulator,
        tmp_path,
        {**GOOD, "REQUEST_METHOD": "GET"},
        {"HTTP_COOKIE": "session=1"},
        {**GOOD, "HTTP_ORIGIN": "https://evil.example"},
        {**GOOD, "HTTP_COOKIE": "session=2"},
    )
    assert [(answer["status"][:3], answer["body"]) for answer in answers] == [
        ("403", ""),
        ("403", ""),
        ("403", ""),
        ("401", ""),
    ]
    assert simulator.count("token_requests", "cisco-cx-cloud") == 0


def test_why_there_is_no_token_stays_in_the_backend(simulator: Simulator, tmp_path: Path) -> None:
    simulator.arm("oauth_error", "cisco-cx-cloud", endpoints=["token"], status=401, error="invalid_client")
    (answer,) = ask(simulator, tmp_path, GOOD)
    assert (answer["status"], answer["body"]) == ("503 Service Unavailable", "")
