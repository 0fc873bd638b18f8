"""Leads the hosts of the examples to this machine, in an interpreter that has this folder on its path.

The browser there is one whose person approves.
"""

import json
import os
import socket
import threading
import urllib.request
import webbrowser
from typing import Any

_ask = socket.getaddrinfo


def _lead(host: Any, port: Any, *arguments: Any, **keywords: Any) -> Any:
    if isinstance(host, bytes):
        host = host.decode()
    if host in os.environ["CXAUTH_TEST_HOSTS"].split():
        host, port = "127.0.0.1", int(os.environ["CXAUTH_TEST_PORT"])
    return _ask(host, port, *arguments, **keywords)


def _approve(url: str) -> None:
    # The simulator's person knows the server by its own address.
    url = url.replace("https://as.example", os.environ["CXAUTH_TEST_SERVER"], 1)
    request = urllib.request.Request(
        os.environ["CXAUTH_TEST_PERSON"], json.dumps({"url": url}).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        redirect = json.load(answer)["redirect"]
    urllib.request.urlopen(redirect).close()


def _open(url: str, new: int = 0, autoraise: bool = True) -> bool:
    threading.Thread(target=_approve, args=(url,), daemon=True).start()
    return True


socket.getaddrinfo = _lead
webbrowser.open = _open
