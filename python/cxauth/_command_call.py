"""`call`: one API request that carries a token."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cxauth._command_connection import client
from cxauth._command_failure import API_FAILED, API_REFUSED, FIX_CONFIGURATION, RETRY, CommandError
from cxauth._native import send

if TYPE_CHECKING:
    from argparse import Namespace

    from cxauth._native import Answer

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""What a method and the name of a header field are made of (RFC 9110 §5.6.2)."""


def call(arguments: Namespace) -> int:
    """Sends the request and prints the answer."""
    match arguments.words:
        case [method, url]:
            name = None
        case [name, method, url]:
            pass
        case _:
            raise CommandError(FIX_CONFIGURATION, "write `python -m cxauth call NAME METHOD URL`")
    if not TOKEN.fullmatch(method):
        raise CommandError(FIX_CONFIGURATION, "the method is none; write `python -m cxauth call NAME METHOD URL`")
    if "://" in url and not _is_url(url):
        raise CommandError(FIX_CONFIGURATION, "the URL cannot be read; write https://host/path, or a path")
    fields = [_field(field) for field in arguments.header]
    body = None if arguments.data is None else _body(arguments.data, "secret_stdin" in arguments)
    if body is not None and not any(field.lower() == "content-type" for field, _ in fields):
        fields.append(("content-type", _content_type(body)))
    _, own = client(name, arguments)
    with own:
        try:
            answer = send(own, method.upper(), url, fields, body)
            _print(answer, arguments.include)
        except ConnectionError as error:
            raise CommandError(
                RETRY, f"the API did not answer: {error}; check the address and the network, and try again"
            ) from None
    return _verdict(answer)


def _field(field: str) -> tuple[str, str]:
    name, colon, value = (part.strip() for part in field.partition(":"))
    if not colon or not TOKEN.fullmatch(name) or not value.isprintable() or not value.isascii():
        raise CommandError(FIX_CONFIGURATION, "a header field cannot be read; write -H 'Name: value'")
    if name.lower() == "authorization":
        raise CommandError(
            FIX_CONFIGURATION, "cxauth puts the token into Authorization itself; leave this header field out"
        )
    return name, value


def _body(data: str, stdin_is_taken: bool) -> bytes:
    if data in ("-", "@-"):
        if stdin_is_taken:
            raise CommandError(
                FIX_CONFIGURATION,
                "standard input cannot be both the body and a secret; take one of them from a file",
            )
        return sys.stdin.buffer.read()
    if data.startswith("@"):
        try:
            return Path(data[1:]).read_bytes()
        except OSError as error:
            raise CommandError(
                FIX_CONFIGURATION, f"cannot read the body from {data[1:]}: {error.strerror}; correct --data"
            ) from None
    return data.encode()


def _content_type(body: bytes) -> str:
    return "application/json" if body.lstrip()[:1] in (b"{", b"[") else "application/x-www-form-urlencoded"


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.scheme and parts.hostname)
    except ValueError:
        return False


def _print(answer: Answer, with_head: bool) -> None:
    sys.stdout.flush()
    out = sys.stdout.buffer
    if with_head:
        out.write(f"{answer.version} {answer.status} {answer.reason}\n".encode())
        for name, value in answer.headers:
            out.write(name.encode() + b": " + value + b"\n")
        out.write(b"\n")
    while (chunk := answer.read()) is not None:
        out.write(chunk)
        out.flush()


def _verdict(answer: Answer) -> int:
    status = answer.status
    if 200 <= status < 300:
        return 0
    advice = "its answer says why"
    if status == 401:
        advice = "it refuses the token: check the client's permissions and the address"
    elif status == 429:
        advice = "try again later"
    elif status >= 500:
        advice = "try again later, and tell the API's maker if it stays so"
    code = API_FAILED if status >= 500 else API_REFUSED
    raise CommandError(code, f"the API answered {status} {answer.reason}; {advice}")
