"""The hosts of the examples, played by the simulator: over TLS, and through a proxy for who asks by one."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import urlsplit

import trustme
from conftest import Simulator

HOSTS = {
    "id.cisco.com": "cisco-cx-cloud",
    "apix.cisco.com": "cisco-cx-cloud",
    "as.example": "generic",
    "api.example": "generic",
}
SECRET = "cxauth-canary-documented"
KEY = base64.b64encode(bytes(32)).decode()


@contextmanager
def internet(simulator: Simulator, folder: Path) -> Iterator[dict[str, str]]:
    """Gives the variables with which a program finds its way there."""
    for platform, name in (("cisco-cx-cloud", "my-key"), ("generic", "my-id")):
        settings = simulator.ask("GET", f"settings/{platform}")
        clients = [*settings["clients"], {"id": name, "secret": SECRET}, {"id": "my-script"}]
        simulator.configure(platform, clients=clients, scopes=["items.read"] if platform == "generic" else [])
    # A server that says who it is, with a person who approves.
    simulator.configure(discovery={"issuer": "https://as.example"}, device={"interval": 1, "approved_after_polls": 1})
    authority = trustme.CA()
    roots = folder / "roots.pem"
    authority.cert_pem.write_to_path(str(roots))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    servers = {host: urlsplit(simulator.addresses["platforms"][platform]["base"]) for host, platform in HOSTS.items()}  # type: ignore[index]

    class Forward(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            server = servers[self.headers["host"].partition(":")[0]]
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            connection = HTTPConnection(str(server.hostname), server.port, timeout=30)
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "date", "server"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = forward  # noqa: N815

        def log_message(self, format: str, *_: Any) -> None: ...  # noqa: A002

    class Connection(BaseRequestHandler):
        def handle(self) -> None:
            # Somebody who takes this for a proxy says first where to go; the host's name in each request says it again.
            if self.request.recv(7, 2) == b"CONNECT":
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    head += self.request.recv(1)
                self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with context.wrap_socket(self.request, server_side=True) as secure:
                Forward(secure, self.client_address, self.server)

    class Server(ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Connection) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        yield {
            "HTTPS_PROXY": f"http://127.0.0.1:{port}",
            "SSL_CERT_FILE": str(roots),
            "REQUESTS_CA_BUNDLE": str(roots),
            "CXAUTH_TEST_HOSTS": " ".join(HOSTS),
            "CXAUTH_TEST_PORT": str(port),
            "CXAUTH_TEST_SERVER": simulator.addresses["platforms"]["generic"]["base"],  # type: ignore[index]
            "CXAUTH_TEST_PERSON": f"{simulator.addresses['control']}/sign-in",
            "CISCO_SECRET": SECRET,
            "AS_SECRET": SECRET,
            "CXAUTH_STORE_KEYS": "\n".join(f"{name}:{KEY}" for name in ("names", "2026-11")),
            "REDIS_PASSWORD": SECRET,
        }
        server.shutdown()
