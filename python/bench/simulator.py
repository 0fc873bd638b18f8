"""The simulator as a token endpoint and an API on loopback."""

from __future__ import annotations

import json
import subprocess
from types import TracebackType
from typing import Any
from urllib.request import Request, urlopen


class Simulator:
    """A process of its own, which ends with the block."""

    def __init__(self, program: str) -> None:
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._process.stdout is None:
            raise RuntimeError("the simulator has no output")
        self._control: str = json.loads(self._process.stdout.readline())["control"]
        # Nothing expires while it is measured, and each library authenticates in its own way.
        both = ["client_secret_post", "client_secret_basic_raw"]
        self._ask("PATCH", "settings/generic", {"access_token_lifetime": 86_400, "client_authentication": both})
        self.settings: dict[str, Any] = self._ask("GET", "connections")["generic"]

    def __enter__(self) -> Simulator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    @property
    def token_endpoint(self) -> str:
        """Where tokens come from."""
        return str(self.settings["token_endpoint"])

    @property
    def resource(self) -> str:
        """Something small of the API."""
        return f"{self.settings['api_base']}items?page=1"

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._control}/{path}", data, {"content-type": "application/json"}, method=method)
        with urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None
