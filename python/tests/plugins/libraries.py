"""The HTTP libraries and the ways to use them, each behind the same few functions: one test is a test of all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import anyio
import anyio.to_thread
import httpx
import pytest
import requests

import cxauth.aiohttp
import cxauth.httpx
import cxauth.requests


@dataclass
class Reply:
    """What came of a request."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Call(Protocol):
    """Sends a request from a task; where the library knows threads only, in one of its own."""

    async def __call__(self, method: str, url: str, **options: Any) -> Reply: ...


class Streamed(Protocol):
    """Sends a request and reads its answer in pieces."""

    async def __call__(self, url: str) -> tuple[int, list[bytes]]: ...


@dataclass(frozen=True)
class Library:
    """One library in one way of use."""

    name: str
    plugin: Any
    """The class of the plug-in."""
    session: Callable[..., AbstractAsyncContextManager[tuple[Call, Streamed]]]
    """A client of the library with the plug-in, and with options of the library's own."""
    token_client: Callable[[], AbstractAsyncContextManager[Any]]
    """A client that may be named for token requests."""
    backend: str = "asyncio"
    waits_in_threads: bool = False

    def run(self, test: Callable[[], Awaitable[None]]) -> None:
        """Runs a test in the event loop that it takes, and not for ever."""

        async def within_a_minute() -> None:
            anyio.to_thread.current_default_thread_limiter().total_tokens = 200
            with anyio.fail_after(60):
                await test()

        anyio.run(within_a_minute, backend=self.backend)

    async def token(self, plugin: Any) -> Any:
        """The plug-in's token."""
        if self.waits_in_threads:
            return await anyio.to_thread.run_sync(plugin.token)
        return await (plugin.token() if self.name == "aiohttp" else plugin.atoken())

    async def headers(self, plugin: Any) -> Any:
        """The plug-in's header fields."""
        if self.waits_in_threads:
            return await anyio.to_thread.run_sync(plugin.headers)
        return await (plugin.headers() if self.name == "aiohttp" else plugin.aheaders())

    async def sign_out(self, plugin: Any) -> None:
        """Has the plug-in forget its tokens."""
        if self.waits_in_threads:
            await anyio.to_thread.run_sync(plugin.sign_out)
        else:
            await (plugin.sign_out() if self.name == "aiohttp" else plugin.asign_out())

    def __str__(self) -> str:
        return self.name


async def all_of(acts: Iterable[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """Does all of it at once. Results and errors are in the same order."""
    acts = list(acts)
    results: list[Any] = [None] * len(acts)

    async def one(index: int, act: Callable[[], Awaitable[Any]]) -> None:
        try:
            results[index] = await act()
        except Exception as error:  # noqa: BLE001
            results[index] = error

    async with anyio.create_task_group() as group:
        for index, act in enumerate(acts):
            group.start_soon(one, index, act)
    return results


@asynccontextmanager
async def _httpx(plugin: Any, **options: Any) -> AsyncIterator[tuple[Call, Streamed]]:
    with httpx.Client(auth=plugin, timeout=30, **options) as client:

        async def call(method: str, url: str, **options: Any) -> Reply:
            def send() -> Reply:
                answer = client.request(method, url, **_as_httpx(options))
                return Reply(answer.status_code, answer.text, answer.headers)

            return await anyio.to_thread.run_sync(send)

        async def streamed(url: str) -> tuple[int, list[bytes]]:
            def send() -> tuple[int, list[bytes]]:
                with client.stream("GET", url) as answer:
                    return answer.status_code, list(answer.iter_bytes())

            return await anyio.to_thread.run_sync(send)

        yield call, streamed


@asynccontextmanager
async def _httpx_async(plugin: Any, **options: Any) -> AsyncIterator[tuple[Call, Streamed]]:
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(auth=plugin, timeout=60, limits=limits, **options) as client:

        async def call(method: str, url: str, **options: Any) -> Reply:
            if hasattr(options.get("content"), "__next__"):
                options["content"] = _as_async(options["content"])
            answer = await client.request(method, url, **_as_httpx(options))
            return Reply(answer.status_code, answer.text, answer.headers)

        async def streamed(url: str) -> tuple[int, list[bytes]]:
            async with client.stream("GET", url) as answer:
                return answer.status_code, [chunk async for chunk in answer.aiter_bytes()]

        yield call, streamed


@asynccontextmanager
async def _requests(plugin: Any, **options: Any) -> AsyncIterator[tuple[Call, Streamed]]:
    with requests.Session() as session:
        session.auth = plugin
        follow = options.pop("follow_redirects", False)
        for name, value in options.items():
            setattr(session, name, value)

        async def call(method: str, url: str, **options: Any) -> Reply:
            def send() -> Reply:
                answer = session.request(method, url, timeout=30, allow_redirects=follow, **_as_requests(options))
                return Reply(answer.status_code, answer.text, answer.headers)

            return await anyio.to_thread.run_sync(send)

        async def streamed(url: str) -> tuple[int, list[bytes]]:
            def send() -> tuple[int, list[bytes]]:
                with session.get(url, stream=True, timeout=30) as answer:
                    return answer.status_code, list(answer.iter_content(1000))

            return await anyio.to_thread.run_sync(send)

        yield call, streamed


@asynccontextmanager
async def _aiohttp(plugin: Any, **options: Any) -> AsyncIterator[tuple[Call, Streamed]]:
    follow = options.pop("follow_redirects", False)
    async with aiohttp.ClientSession(middlewares=[plugin], **options) as session:

        async def call(method: str, url: str, **options: Any) -> Reply:
            if hasattr(options.get("content"), "__next__"):
                options["content"] = _as_async(options["content"])
            async with session.request(method, url, allow_redirects=follow, **_as_requests(options)) as answer:
                return Reply(answer.status, await answer.text(), answer.headers)

        async def streamed(url: str) -> tuple[int, list[bytes]]:
            async with session.get(url) as answer:
                return answer.status, [chunk async for chunk in answer.content.iter_any()]

        yield call, streamed


def _as_httpx(options: dict[str, Any]) -> dict[str, Any]:
    return options


def _as_requests(options: dict[str, Any]) -> dict[str, Any]:
    if "content" in options:
        options["data"] = options.pop("content")
    return options


async def _as_async(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


@asynccontextmanager
async def _httpx_client() -> AsyncIterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


@asynccontextmanager
async def _requests_session() -> AsyncIterator[requests.Session]:
    with requests.Session() as session:
        yield session


HTTPX = Library("httpx", cxauth.httpx.Auth, _httpx, _httpx_client, waits_in_threads=True)
HTTPX_ASYNCIO = Library("httpx-asyncio", cxauth.httpx.Auth, _httpx_async, httpx.AsyncClient)
HTTPX_TRIO = Library("httpx-trio", cxauth.httpx.Auth, _httpx_async, httpx.AsyncClient, backend="trio")
REQUESTS = Library("requests", cxauth.requests.Auth, _requests, _requests_session, waits_in_threads=True)
AIOHTTP = Library("aiohttp", cxauth.aiohttp.Middleware, _aiohttp, aiohttp.ClientSession)

ALL = [HTTPX, HTTPX_ASYNCIO, HTTPX_TRIO, REQUESTS, AIOHTTP]

every_library = pytest.mark.parametrize("library", ALL, ids=str)
"""One test for every library and every way to use it."""
