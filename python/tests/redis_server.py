"""A real Redis, or a Valkey, on loopback."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from conftest import soon


class RedisServer:
    """A server that runs, the keys with which its tokens are sealed, and what lies in it."""

    def __init__(self, port: int, tls_port: int) -> None:
        self.port = port
        self.tls_port = tls_port
        self.url = f"redis://127.0.0.1:{port}"
        names, seals = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
        self.keys = f"names:{names}\n2026-11:{seals}\n"

    def ask(self, *words: str) -> bytes:
        """What the server answers, as it comes."""
        command = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as stream:
            stream.sendall(f"*{len(words)}\r\n{command}*1\r\n$4\r\nQUIT\r\n".encode())
            answer = b""
            while chunk := stream.recv(65536):
                answer += chunk
        return answer.removesuffix(b"+OK\r\n")

    def names(self) -> list[str]:
        """Of all that lies there."""
        return sorted(line for line in self.ask("KEYS", "*").decode().split("\r\n") if line.startswith("cxauth:"))

    def content(self) -> bytes:
        """Everything that lies there, names included."""
        sets = [name for name in self.names() if name.endswith(":set")]
        return b"".join([name.encode() + self.ask("HGETALL", name) for name in sets])

    def _is_up(self) -> bool:
        with suppress(OSError):
            return self.ask("PING") == b"+PONG\r\n"
        return False


@contextmanager
def redis_server(folder: Path, *, tls: bool = False) -> Iterator[RedisServer]:
    """It keeps nothing on the disk. With `tls` the folder has `ca.pem`, `server.pem` and `server.key`."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "there is no redis-server: run `cargo xtask setup`"
    port, tls_port = _free_ports()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    if tls:
        options += [
            "--tls-port",
            str(tls_port),
            "--tls-auth-clients",
            "no",
            "--tls-ca-cert-file",
            str(folder / "ca.pem"),
        ]
        options += ["--tls-cert-file", str(folder / "server.pem"), "--tls-key-file", str(folder / "server.key")]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as process:
        try:
            server = RedisServer(port, tls_port)
            soon(server._is_up)
            yield server
        finally:
            process.kill()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
