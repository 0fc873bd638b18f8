"""Leads the hosts of the examples to this machine, in an interpreter that has this folder on its path."""

import os
import socket
from typing import Any

_ask = socket.getaddrinfo


def _lead(host: Any, port: Any, *arguments: Any, **keywords: Any) -> Any:
    if isinstance(host, bytes):
        host = host.decode()
    if host in os.environ["CXAUTH_TEST_HOSTS"].split():
        host, port = "127.0.0.1", int(os.environ["CXAUTH_TEST_PORT"])
    return _ask(host, port, *arguments, **keywords)


socket.getaddrinfo = _lead
