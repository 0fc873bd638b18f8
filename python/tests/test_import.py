"""Importing cxauth is light: it brings next to nothing with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cxauth

PROGRAM = """
import os, sys
before = set(sys.modules)
import cxauth
import cxauth.stores
client = cxauth.Client(api_key="key", hosts=["api.example"])
client.headers("https://api.example/")
client.status
print(*sorted(set(sys.modules) - before))
"""


def test_it_imports_nothing_but_itself() -> None:
    # Without site, which may import anything on its own.
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{PROGRAM}"]
    modules = set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    assert "cxauth._native" in modules
    assert {module for module in modules if module.partition(".")[0] != "cxauth"} == {"__future__", "atexit"}


def test_types_are_there_when_they_are_asked_for() -> None:
    assert cxauth.Settings.__name__ == "Settings"
    assert cxauth.Platform
    assert cxauth.Secret
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        cxauth.nothing  # noqa: B018
