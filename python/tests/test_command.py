"""`python -m cxauth`, next to the command of the Rust package: the same input, the same outcome."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Simulator

HERE = Path(__file__).parent
RUST = os.environ.get("CXAUTH_COMMAND", str(ROOT / "target" / "debug" / "cxauth"))
PYTHON = [sys.executable, "-m", "cxauth"]


@pytest.fixture
def config(simulator: Simulator, tmp_path: Path) -> Path:
    """A configuration file for the simulator's platforms, and some mistakes."""
    (tmp_path / "secret").write_text(simulator.connection("cloudlx")["client_secret"] + "\n")
    tables = {
        "generic": simulator.connection(),
        "password": simulator.connection("generic/password"),
        "cloudlx": {**simulator.connection("cloudlx"), "client_secret": {"file": "secret"}},
        "key": simulator.connection("cloudcx/api-key"),
        "wrong-secret": {**simulator.connection(), "client_secret": "wrong"},
        "wrong-user": {**simulator.connection("generic/password"), "password": "wrong"},
        "no-secret": {**simulator.connection(), "client_secret": {"env": "CXAUTH_TEST_UNSET"}},
        "incomplete": {"client_id": "id"},
        "unknown": {**simulator.connection(), "no_such_setting": 3},
        "broken-secret": {**simulator.connection(), "client_secret": "two\nlines"},
        "nobody": {**simulator.connection(), "token_endpoint": "http://127.0.0.1:9/token"},
    }
    path = tmp_path / "config.toml"
    path.write_text("".join(_table(name, settings) for name, settings in tables.items()))
    path.chmod(0o600)
    return path


def _table(name: str, settings: Mapping[str, Any]) -> str:
    lines = (f"{key} = {_value(value)}\n" for key, value in settings.items() if value is not None)
    return f"[connections.{name}]\n{''.join(lines)}\n"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value)


def run(
    *arguments: str, config: Path | None = None, stdin: str = "", command: list[str] = PYTHON, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command with nothing of the user's own environment."""
    kept = {
        name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ
    }
    environment = {**kept, "HOME": "/nonexistent", **variables}
    if config is not None:
        environment["CXAUTH_CONFIG"] = str(config)
    return subprocess.run(
        [*command, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment,
        cwd=HERE,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 2),
        (["--version-of-nothing"], 2),
        (["nothing"], 2),
        (["token"], 2),
        (["token", "no-such-connection"], 2),
        (["token", "cisco-cx-cloud"], 2),
        (["token", "incomplete"], 2),
        (["token", "unknown"], 2),
        (["token", "no-secret"], 2),
        (["token", "broken-secret"], 2),
        (["token", "wrong-secret"], 2),
        (["token", "wrong-user"], 3),
        (["token", "nobody"], 4),
        (["token", "generic", "--client-secret=hunter2"], 2),
        (["token", "generic", "--set", "client_secret=hunter2"], 2),
        (["token", "generic", "--set", "nothing"], 2),
        (["token", "generic", "--set", "no_such_setting=3"], 2),
        (["token", "generic", "--set", "grace=soon"], 2),
        (["token", "generic", "--secret-file", "nothing=path"], 2),
        (["token", "generic", "--secret-file", "client_secret"], 2),
        (["token", "generic", "--secret-file", "client_secret=/nonexistent"], 2),
        (["token", "generic", "--secret-stdin", "client_secret"], 2),
        (["token", "generic", "--config", "/nonexistent.toml"], 2),
        (["token", "generic", "superfluous"], 2),
        (["call", "generic"], 2),
        (["call", "generic", "G E T", "items"], 2),
        (["call", "generic", "GET", "https://["], 2),
        (["call", "generic", "GET", "https://elsewhere.example/"], 2),
        (["call", "generic", "GET", "items", "-H", "nothing"], 2),
        (["call", "generic", "GET", "items", "-H", "Authorization: mine"], 2),
        (["call", "generic", "POST", "items", "--data", "@/nonexistent"], 2),
        (["call", "generic", "GET", "no-such-page"], 6),
    ],
)
def test_what_is_wrong_ends_both_alike(config: Path, arguments: list[str], status: int) -> None:
    own = run(*arguments, config=config)
    other = run(*arguments, config=config, command=[RUST])
    assert (own.returncode, other.returncode) == (status, status), own.stderr + other.stderr
    assert own.stdout == other.stdout
    lines = own.stderr.splitlines()
    assert all(line.startswith("cxauth: ") for line in lines), lines
    assert len([line for line in lines if not line.startswith("cxauth: warning:")]) == 1
    assert "hunter2" not in own.stderr
    assert "cxauth-canary" not in own.stderr


def test_both_know_the_same_platforms() -> None:
    own = run("platforms", "--json")
    other = run("platforms", "--json", command=[RUST])
    assert [json.loads(line) for line in own.stdout.splitlines()] == [
        json.loads(line) for line in other.stdout.splitlines()
    ]
    assert (own.returncode, own.stderr) == (0, "")
    page = run("platforms").stdout
    assert "by client secret  client_id client_secret\n" in page
    assert "python -m cxauth call cloudlx GET services" in page


@pytest.mark.parametrize("name", ["generic", "password", "cloudlx", "key"])
def test_a_pipe_gets_the_token(simulator: Simulator, config: Path, name: str) -> None:
    done = run("token", name, config=config)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\n")
    assert done.stdout.strip() in simulator.secrets()


def test_json_says_what_there_is_to_know(simulator: Simulator, config: Path) -> None:
    facts = json.loads(run("token", "cloudlx", "--json", config=config).stdout)
    other = json.loads(run("token", "cloudlx", "--json", config=config, command=[RUST]).stdout)
    assert facts.keys() == other.keys()
    assert facts["platform"] == "cloudlx"
    assert facts["access_token"] in simulator.secrets()
    assert 3500 < facts["expires_in"] <= 3600


def test_a_terminal_gets_no_token(config: Path) -> None:
    for arguments in (["token", "generic"], ["token", "generic", "--json"], ["headers", "generic"]):
        shown = _on_a_terminal(arguments, config)
        assert "cxauth-canary" not in shown
        assert "authorization" in shown
    assert "cxauth-canary" in _on_a_terminal(["token", "generic", "--reveal"], config)
    assert "cxauth-canary" in _on_a_terminal(["headers", "generic", "--reveal"], config)


def _on_a_terminal(arguments: list[str], config: Path) -> str:
    own, other = pty.openpty()
    environment = {**os.environ, "CXAUTH_CONFIG": str(config)}
    with subprocess.Popen([*PYTHON, *arguments], stdout=other, env=environment, cwd=HERE) as process:
        os.close(other)
        shown = b""
        while True:
            try:
                part = os.read(own, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
        assert process.wait(60) == 0
    os.close(own)
    return shown.decode()


def test_headers_are_lines(config: Path) -> None:
    lines = run("headers", "cloudlx", config=config).stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["authorization", "accept"]
    refused = run("headers", "cloudlx", "--url", "https://elsewhere.example/", config=config)
    assert (refused.returncode, refused.stdout) == (2, "")


def test_settings_come_from_flags_and_variables(simulator: Simulator, tmp_path: Path) -> None:
    settings = simulator.connection()
    secret = tmp_path / "secret"
    secret.write_text(settings["client_secret"])
    flags = ["token", "--platform", "generic", "--client-id", settings["client_id"]]
    flags += ["--set", f"token_endpoint={settings['token_endpoint']}", "--set", "hosts=api.example other.example:8080"]
    assert run(*flags, "--secret-file", f"client_secret={secret}").returncode == 0
    assert run(*flags, "--secret-command", f"client_secret=cat {secret}").returncode == 0
    assert run(*flags, "--secret-stdin", "client_secret", stdin=settings["client_secret"] + "\n").returncode == 0
    variables = {"CXAUTH_CLIENT_SECRET": settings["client_secret"], "CXAUTH_PLATFORM": "generic"}
    assert run(*flags, **variables).returncode == 0
    assert run("token", *flags[3:], **variables).returncode == 0
    toml = ["--set", 'parameters={ tenant = "one" }', "--set", "grace=30", "--set", "rotates=false"]
    assert run(*flags, *toml, "--secret-file", f"client_secret={secret}").returncode == 0
    assert "tenant" in simulator.log()[-1]["field_names"]


def test_runs_share_a_store(simulator: Simulator, config: Path, tmp_path: Path) -> None:
    runs = [run("token", "password", "--store", str(tmp_path / "tokens"), config=config) for _ in range(3)]
    other = run("token", "password", "--store", str(tmp_path / "tokens"), config=config, command=[RUST])
    assert len({done.stdout for done in [*runs, other]}) == simulator.count("token_requests") == 1


def test_an_api_call_prints_the_answer(simulator: Simulator, config: Path) -> None:
    own = run("call", "generic", "GET", "items?page=1", config=config)
    other = run("call", "generic", "GET", "items?page=1", config=config, command=[RUST])
    assert (own.returncode, own.stdout) == (0, other.stdout)
    assert json.loads(own.stdout)
    with_head = run("call", "generic", "get", "items", "--include", config=config).stdout
    assert with_head.startswith("HTTP/1.1 200 OK\n")
    assert "\ncontent-type: application/json" in with_head
    simulator.arm("unauthorized", endpoints=["api"], times=1)
    again = run("call", "generic", "GET", "items", config=config)
    assert again.returncode == 0, "a refused token is renewed once"
    simulator.arm("status", endpoints=["api"], status=503, body="out of order")
    failed = run("call", "generic", "GET", "items", config=config)
    assert (failed.returncode, failed.stdout) == (7, "out of order")


def test_an_api_call_has_a_body(simulator: Simulator, config: Path, tmp_path: Path) -> None:
    file = tmp_path / "call.json"
    file.write_text('{"agent": "100"}')
    for data, stdin in (('{"a": 1}', ""), ("a=1", ""), (f"@{file}", ""), ("-", "[1]")):
        done = run("call", "generic", "POST", "items", "-d", data, "-H", "X-Trace: 1", config=config, stdin=stdin)
        other = run(
            "call",
            "generic",
            "POST",
            "items",
            "-d",
            data,
            "-H",
            "X-Trace: 1",
            config=config,
            stdin=stdin,
            command=[RUST],
        )
        assert done.returncode == other.returncode
        own_request, other_request = [entry for entry in simulator.log() if entry["endpoint"] == "api"][-2:]
        assert sorted(own_request["header_names"]) == sorted(other_request["header_names"])
        assert own_request["field_names"] == other_request["field_names"]


def test_a_secret_that_others_can_read_is_warned_of(config: Path) -> None:
    config.chmod(0o644)
    done = run("token", "generic", config=config)
    assert done.returncode == 0
    assert done.stderr.startswith("cxauth: warning: client_secret stands as text in ")


def test_what_is_no_configuration_file_is_said(tmp_path: Path) -> None:
    for text, why in (
        ("[connections.a\n", "line 1, is not TOML"),
        ("\n\na = = 3", "line 3, is not TOML"),
        ("connections = 3", "`connections`"),
        ("[connection.a]", "`connection`"),
        ("[connections]\na = 3", "`a` among the connections"),
    ):
        path = tmp_path / "config.toml"
        path.write_text(text)
        own, other = (run("token", "a", config=path, command=command) for command in (PYTHON, [RUST]))
        assert (own.returncode, other.returncode) == (2, 2)
        assert why in own.stderr


def test_a_reader_that_stops_reading_is_no_failure(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    shell = f"{' '.join(PYTHON)} platforms 2>{errors} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, cwd=HERE, check=False)
    assert (done.returncode, errors.read_text()) == (0, "")
