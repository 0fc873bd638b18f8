"""What the tests share: a simulator of the platforms, a process of its own for each test that asks for one."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Simulator:
    """The control API of `cxauth-sim`; the crate's documentation lists what it can do."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self.addresses = addresses
        self._control = urlsplit(addresses["control"])

    def connection(self, name: str = "generic", **changes: Any) -> dict[str, Any]:
        """The settings with which a client connects, by a name such as `generic/password`."""
        settings: dict[str, Any] = self.ask("GET", "connections")[name]
        return {**settings, **changes}

    def further(self, way: str, **changes: Any) -> dict[str, Any]:
        """The settings of a way in that asks for more: a person, a key, a token; such as `device-code`."""
        settings: dict[str, Any] = self.ask("GET", "further-connections")[f"generic/{way}"]
        return {**settings, **changes}

    def sign_in(self, url: str, decision: str = "approve") -> str:
        """Goes to an authorization URL as a person in a browser does. Returns where that is sent back to."""
        redirect: str = self.ask("POST", "sign-in", {"url": url, "decision": decision})["redirect"]
        return redirect

    def decide_device(self, user_code: str, decision: str = "approve") -> None:
        """What a person decides about a device: `approve`, `deny`, `slow_down` or `expire`."""
        self.ask("POST", "device", {"user_code": user_code, "decision": decision})

    def pem(self, algorithm: str = "ES256") -> str:
        """The private key of the client that signs."""
        keys: list[dict[str, Any]] = self.ask("GET", "signing-keys")
        (pem,) = (key["pem"] for key in keys if key["algorithm"] == algorithm)
        return str(pem)

    def url(self, path: str, platform: str = "generic") -> str:
        """An address of the platform's API."""
        base: str = self.connection(platform)["api_base"]
        return base + path

    def configure(self, platform: str = "generic", **settings: Any) -> None:
        """Changes how a server behaves."""
        self.ask("PATCH", f"settings/{platform}", settings)

    def arm(self, effect: str, platform: str | None = "generic", **fault: Any) -> None:
        """Arms a fault. What is no member of a fault is one of its effect."""
        about = ("endpoints", "skip", "times", "fraction", "processed")
        members = {name: fault.pop(name) for name in about if name in fault}
        self.ask("POST", "faults", {"platform": platform, **members, "effect": {"kind": effect, **fault}})

    def hold(self, platform: str = "generic", **fault: Any) -> None:
        """Token requests wait until they are released."""
        self.arm("hold", platform, endpoints=["token", "refresh"], **fault)

    def clear(self) -> None:
        """Disarms every fault and answers what is held."""
        self.ask("DELETE", "faults")
        self.ask("POST", "release")

    def advance(self, seconds: float) -> None:
        """Time passes at the servers."""
        self.ask("POST", "clock", {"advance_seconds": seconds})

    def revoke(self, platform: str = "generic", **what: Any) -> None:
        """Ends tokens: `access_tokens=True`, `refresh_tokens=True`, `token=...`."""
        self.ask("POST", f"revoke/{platform}", what)

    def count(self, counter: str, platform: str = "generic") -> int:
        """A counter of the platform's journal, such as `token_requests`."""
        value: int = self.ask("GET", f"journal/{platform}")["counters"][counter]
        return value

    def log(self, platform: str = "generic") -> list[dict[str, Any]]:
        """The requests that came."""
        entries: list[dict[str, Any]] = self.ask("GET", f"journal/{platform}")["log"]
        return entries

    def wait(self, counter: str, at_least: int, platform: str = "generic") -> None:
        """Waits until a counter got so far."""
        self.ask(
            "POST",
            "wait",
            {
                "platform": platform,
                "counter": counter,
                "at_least": at_least,
                "timeout_seconds": 30,
            },
        )

    def violations(self) -> list[dict[str, Any]]:
        """The rules that the client broke: none, with a correct one."""
        broken: list[dict[str, Any]] = self.ask("GET", "violations")
        return broken

    def secrets(self) -> list[str]:
        """Every secret and token that the servers know."""
        known: list[str] = self.ask("GET", "secrets")
        return known

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request to the control API."""
        connection = HTTPConnection(str(self._control.hostname), self._control.port, timeout=60)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/_sim/{path}", text, {"content-type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status < 300, f"{method} {path}: {answer.status} {content.decode()}"
            return json.loads(content) if content else None
        finally:
            connection.close()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """The platforms on loopback. Afterwards no rule may have been broken."""
    program = os.environ.get("CXAUTH_SIM", str(ROOT / "target" / "debug" / "cxauth-sim"))
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        simulator = Simulator(json.loads(process.stdout.readline()))
        try:
            yield simulator
            assert simulator.violations() == []
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers are on loopback, whatever proxy the machine uses."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def soon(holds: Callable[[], object], seconds: float = 30) -> None:
    """Waits until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.005)
