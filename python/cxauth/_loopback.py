"""The address of this machine that a browser comes back to. It is open only while somebody signs in (RFC 8252 §7.3)."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

POLL: Final = 0.05
"""How often the listener looks whether it is over, in seconds."""

LONGEST_REQUEST: Final = 10.0
"""How long a browser may take for one request, in seconds. Some open connections that they never use."""


class Loopback:
    """Listens for one answer, and shows the browser a fixed page: nothing of what came is on it."""

    def __init__(self, host: str, port: int, path: str) -> None:
        self._host = f"[{host}]" if ":" in host else host
        self._path = path
        self._is_answer: Callable[[str], bool] = lambda _: False
        self._take: Callable[[str], object] = lambda _: None
        self._lock = Lock()
        self._is_taken = False
        self._over = Event()
        self._error: Exception | None = None
        self._server = _server(self, host, port)
        self._thread = Thread(target=self._server.serve_forever, args=(POLL,), name="cxauth sign-in", daemon=True)

    @property
    def address(self) -> str:
        """Where the browser comes back to."""
        return self._origin + self._path

    def expect(self, is_answer: Callable[[str], bool], take: Callable[[str], object]) -> None:
        """From now on the first address that is the answer is taken. Every other one is refused."""
        self._is_answer, self._take = is_answer, take

    def wait(self, seconds: float) -> bool:
        """Waits until the answer was taken; False when none came in time. Raises what taking it raised."""
        if not self._over.wait(seconds):
            return False
        error, self._error = self._error, None
        if error is not None:
            try:
                raise error
            finally:
                # Its traceback has this frame.
                error = None
        return True

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, host: str | None, target: str) -> tuple[int, bytes]:
        """What a request gets: a status and a page."""
        # A page of another host whose name leads here is refused (DNS rebinding).
        if host != self._origin.removeprefix("http://"):
            return 421, _NOT_HERE
        if target.partition("?")[0] != self._path:
            return 404, _NOT_HERE
        redirect_url = self._origin + target
        try:
            if not self._is_answer(redirect_url):
                return 400, _NOT_HERE
            with self._lock:
                was_taken, self._is_taken = self._is_taken, True
            if was_taken:
                return 400, _NOT_HERE
            self._take(redirect_url)
        except Exception as error:  # noqa: BLE001
            self._error = error
            return 400, _FAILED
        finally:
            # What a traceback would show with the variables of this frame.
            redirect_url = target = ""
        return 200, _SIGNED_IN

    def answered(self) -> None:
        """The browser has its page."""
        if self._is_taken:
            self._over.set()

    @property
    def _origin(self) -> str:
        return f"http://{self._host}:{self._server.server_address[1]}"


def _server(loopback: Loopback, host: str, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = LONGEST_REQUEST

        def do_GET(self) -> None:
            status, page = loopback.answer(self.headers.get("host"), self.path)
            try:
                self.send_response_only(status)
                for name, value in _FIELDS:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)
                self.wfile.flush()
            finally:
                self.close_connection = True
                loopback.answered()

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
            # The address has a code in it.
            pass

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Another program must not listen at the same place (Windows would let it).
        allow_reuse_address = False
        daemon_threads = True
        # A browser may keep a connection open that it never uses.
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            # A browser that leaves early is no matter of the program's.
            pass

    return Server((host, port), Handler)


def _page(title: str, text: str) -> bytes:
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ display: grid; min-height: 90vh; margin: 0; place-items: center; font: 1.1rem/1.5 system-ui, sans-serif; }}
main {{ max-width: 30rem; padding: 2rem; text-align: center; }}
h1 {{ font-size: 1.6rem; }}
</style>
<main>
<h1>{title}</h1>
<p>{text}</p>
</main>
</html>
""".encode()


_SIGNED_IN: Final = _page("You are signed in", "You can close this window and go back to your program.")
_FAILED: Final = _page("You are not signed in", "Your program says why. You can close this window.")
_NOT_HERE: Final = _page(
    "Nothing to see here", "A program waits here for somebody who signs in, and this is not the answer."
)

_FIELDS: Final = (
    ("content-type", "text/html; charset=utf-8"),
    # The address has a code in it: nothing else is loaded or kept, and nobody hears where this was (RFC 9700 §4.2).
    (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("connection", "close"),
)
