"""How long an import takes, and the memory that it leaves, over an interpreter that imports nothing."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

RUNS = 21
MODULES = {
    "cxauth": "cxauth",
    "cxauth, client made": "cxauth; cxauth.Client.cisco_cx_cloud('key', 'secret')",
    "requests alone": "requests",
    "cxauth.requests": "cxauth.requests",
    "httpx alone": "httpx",
    "cxauth.httpx": "cxauth.httpx",
    "aiohttp alone": "aiohttp",
    "cxauth.aiohttp": "cxauth.aiohttp",
    "Authlib (requests)": "authlib.integrations.requests_client",
    "requests-oauthlib": "requests_oauthlib",
    "msal": "msal",
    "google-auth (requests)": "google.oauth2.credentials, google.auth.transport.requests",
    "httpx-auth": "httpx_auth",
}
PROGRAM = """
import time
start = time.perf_counter()
{}
took = time.perf_counter() - start
with open("/proc/self/statm") as statm:
    pages = int(statm.read().split()[1])
print(took, pages)
"""
PAGE = 4096


def report() -> None:
    """The medians of many fresh processes, taken in turn so that the machine's moods hit all of them alike."""
    programs = {"": "pass", **{name: f"import {modules}" for name, modules in MODULES.items()}}
    samples: dict[str, list[tuple[float, int]]] = {name: [] for name in programs}
    for _ in range(RUNS):
        for name, statement in programs.items():
            samples[name].append(_measure(statement))
    bare = median(pages for _, pages in samples.pop(""))
    print(f"{'import':<28}{'ms':>8}{'MB':>8}   over a bare interpreter, median of {RUNS} processes")
    for name, measured in samples.items():
        milliseconds = median(took for took, _ in measured) * 1000
        megabytes = (median(pages for _, pages in measured) - bare) * PAGE / 1e6
        print(f"{name:<28}{milliseconds:>8.1f}{megabytes:>8.1f}", flush=True)
    print()


def _measure(statement: str) -> tuple[float, int]:
    command = [sys.executable, "-I", "-c", PROGRAM.format(statement)]
    took, pages = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(took), int(pages)
