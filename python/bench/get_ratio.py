"""How many requests a second an HTTP library sends with cxauth, against the same library with a constant header."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from statistics import median

import aiohttp
import httpx
import requests
from simulator import Simulator

import cxauth
import cxauth.aiohttp
import cxauth.httpx
import cxauth.requests

PAIRS = 25
REQUESTS = 60

Batch = Callable[[], None]


def report(simulator: Simulator) -> None:
    """Pairs of short batches in turn: what a machine does meanwhile hits both halves of a pair."""
    print(f"{'GETs over loopback':<28}{'constant':>10}{'cxauth':>10}{'ratio':>8}   median of {PAIRS} pairs")
    headers = cxauth.Client.from_settings(simulator.settings).headers()
    with requests.Session() as plain, requests.Session() as with_token:
        with_token.auth = cxauth.requests.Auth.from_settings(simulator.settings)
        _row(
            "requests",
            _each(lambda: plain.get(simulator.resource, headers=headers)),
            _each(lambda: with_token.get(simulator.resource)),
        )
    auth = cxauth.httpx.Auth.from_settings(simulator.settings)
    with httpx.Client() as plain_client, httpx.Client(auth=auth) as client:
        _row(
            "httpx",
            _each(lambda: plain_client.get(simulator.resource, headers=headers)),
            _each(lambda: client.get(simulator.resource)),
        )
    asyncio.run(_async_rows(simulator, headers))


async def _async_rows(simulator: Simulator, headers: dict[str, str]) -> None:
    url = simulator.resource
    auth = cxauth.httpx.Auth.from_settings(simulator.settings)
    async with httpx.AsyncClient() as plain, httpx.AsyncClient(auth=auth) as client:

        async def constant() -> None:
            await plain.get(url, headers=headers)

        async def through() -> None:
            await client.get(url)

        await _async_row("httpx, async", constant, through)
    middleware = cxauth.aiohttp.Middleware.from_settings(simulator.settings)
    async with aiohttp.ClientSession() as plain_session, aiohttp.ClientSession(middlewares=[middleware]) as session:

        async def constant_aiohttp() -> None:
            async with plain_session.get(url, headers=headers) as answer:
                await answer.read()

        async def through_aiohttp() -> None:
            async with session.get(url) as answer:
                await answer.read()

        await _async_row("aiohttp", constant_aiohttp, through_aiohttp)


def _each(get: Callable[[], object]) -> Batch:
    def batch() -> None:
        for _ in range(REQUESTS):
            get()

    return batch


def _row(name: str, constant: Batch, through: Batch) -> None:
    for warm_up in (constant, through):
        warm_up()
    pairs = []
    for number in range(PAIRS):
        first, second = (constant, through) if number % 2 else (through, constant)
        took = {batch: _timed(batch) for batch in (first, second)}
        pairs.append((took[constant], took[through]))
    _print(name, pairs)


async def _async_row(name: str, constant: Callable[[], object], through: Callable[[], object]) -> None:
    async def batch(get: Callable[[], object]) -> float:
        start = time.perf_counter()
        for _ in range(REQUESTS):
            await get()  # type: ignore[misc]
        return time.perf_counter() - start

    await batch(constant)
    await batch(through)
    pairs = []
    for number in range(PAIRS):
        order = (constant, through) if number % 2 else (through, constant)
        took = {get: await batch(get) for get in order}
        pairs.append((took[constant], took[through]))
    _print(name, pairs)


def _timed(batch: Batch) -> float:
    start = time.perf_counter()
    batch()
    return time.perf_counter() - start


def _print(name: str, pairs: list[tuple[float, float]]) -> None:
    constant, through = (REQUESTS / median(times) for times in zip(*pairs, strict=True))
    ratio = median(one / other for one, other in pairs)
    print(f"{name:<28}{constant:>10.0f}{through:>10.0f}{ratio:>8.3f}", flush=True)
