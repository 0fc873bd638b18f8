"""What an API's answer may say about the token that was sent."""

from __future__ import annotations

import zlib
from typing import Final

ATTEMPTS: Final = 10
"""How often one request is sent at most, where redirects leave the token behind and it may be put on again."""

START: Final = 8 * 1024
"""So much of a body is looked at for a refusal, in bytes."""


def may_name_an_error(content_type: str | None) -> bool:
    """A page or a file is not read before its caller does."""
    if content_type is None:
        return True
    content_type = content_type.lower()
    return "json" in content_type or "form-urlencoded" in content_type


def decoded(start: bytes, content_encoding: str | None) -> bytes:
    """The start of a body; nothing when it is coded in a way that the standard library cannot read."""
    coding = (content_encoding or "identity").strip().lower()
    if coding == "identity":
        return start
    if coding not in ("gzip", "x-gzip", "deflate"):
        return b""
    try:
        # Finds out by itself which of the two it is.
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(start, START)
    except zlib.error:
        return b""
