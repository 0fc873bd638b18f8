"""Signing people in through the plug-ins, keys that sign, and tokens that are exchanged."""

from __future__ import annotations

import pickle
from threading import Event
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import anyio
import anyio.to_thread
import pytest
from libraries import AIOHTTP, HTTPX_ASYNCIO, HTTPX_TRIO, Library, every_library
from waiting import flights, held, in_thread, until, until_async

import cxauth
from cxauth._native import StepKind, sign_with_pem

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Simulator

REDIRECT = "http://127.0.0.1:5000/callback"

in_tasks = pytest.mark.parametrize("library", [HTTPX_ASYNCIO, HTTPX_TRIO, AIOHTTP], ids=str)


async def ask(library: Library, plugin: Any, method: str, *arguments: Any) -> Any:
    """Calls one of the plug-in's methods as the library has it."""
    if library.waits_in_threads:
        return await anyio.to_thread.run_sync(getattr(plugin, method), *arguments)
    return await getattr(plugin, method if library.name == "aiohttp" else f"a{method}")(*arguments)


@every_library
@pytest.mark.parametrize("way", ["authorization-code", "public-authorization-code", "pushed-authorization-code"])
def test_somebody_signs_in_in_a_browser(library: Library, simulator: Simulator, way: str) -> None:
    """RFC 7636 §4: the challenge goes with the browser, the verifier with the code. RFC 9126 where that is wanted."""
    plugin = library.plugin.from_settings(simulator.further(way))

    async def test() -> None:
        with pytest.raises(cxauth.SignInRequired):
            await library.token(plugin)
        authorization = await ask(library, plugin, "begin_sign_in", REDIRECT)
        query = parse_qs(urlsplit(authorization.url).query)
        assert ("request_uri" in query) == (way == "pushed-authorization-code")
        # As in a server, whose next request may be another process's.
        kept = authorization.sign_in.to_text()
        assert kept not in repr(authorization) + repr(authorization.sign_in)
        sign_in = cxauth.SignIn.from_text(kept)
        redirect = simulator.sign_in(authorization.url)
        assert sign_in.redirect_uri == REDIRECT
        assert sign_in.is_answered_by(redirect)
        assert not sign_in.is_answered_by(REDIRECT + "?state=another")
        await ask(library, plugin, "finish_sign_in", sign_in, redirect)
        assert (await library.token(plugin)).generation == 1
        with pytest.raises(cxauth.AuthError, match="used before") as caught:
            await ask(library, plugin, "finish_sign_in", sign_in, redirect)
        assert caught.value.code == "redirect_refused"
        assert simulator.count("token_requests") == 1, "a code is sent once"

    library.run(test)


@every_library
def test_a_redirect_that_is_not_the_answer(library: Library, simulator: Simulator) -> None:
    """RFC 6749 §10.12, RFC 9207 §2.4, RFC 8252 §8.10: the right one still ends the sign-in afterwards."""
    plugin = library.plugin.from_settings(simulator.further("authorization-code"))

    async def test() -> None:
        authorization = await ask(library, plugin, "begin_sign_in", REDIRECT)
        right = simulator.sign_in(authorization.url)
        issuer = parse_qs(urlsplit(right).query)["iss"][0]
        for wrong in (
            right.replace("state=", "state=x"),
            right.replace("iss=", "iss=x"),
            right.replace("/callback?", "/elsewhere?"),
            right + "&code=another",
            f"{REDIRECT}?code=stolen&iss={issuer}",
        ):
            with pytest.raises(cxauth.SignInRequired) as caught:
                await ask(library, plugin, "finish_sign_in", authorization.sign_in, wrong)
            assert caught.value.code == "redirect_refused"
            assert "stolen" not in str(caught.value)
        assert simulator.count("token_requests") == 0
        await ask(library, plugin, "finish_sign_in", authorization.sign_in, right)
        assert (await library.token(plugin)).generation == 1

    library.run(test)


@every_library
def test_the_person_says_no(library: Library, simulator: Simulator) -> None:
    plugin = library.plugin.from_settings(simulator.further("authorization-code"))

    async def test() -> None:
        authorization = await ask(library, plugin, "begin_sign_in", REDIRECT)
        redirect = simulator.sign_in(authorization.url, "deny")
        with pytest.raises(cxauth.SignInRequired) as caught:
            await ask(library, plugin, "finish_sign_in", authorization.sign_in, redirect)
        assert (caught.value.code, caught.value.server_error) == ("authorization_refused", "access_denied")

    library.run(test)


@every_library
def test_somebody_signs_in_on_another_device(library: Library, simulator: Simulator) -> None:
    """RFC 8628 §3.5: `slow_down` is heeded, and nobody asks before the pause is over."""
    clock = cxauth.ManualClock()
    plugin = library.plugin.from_settings(simulator.further("device-code"), clock=clock)
    shown: list[cxauth.DevicePrompt] = []

    def advance(seconds: float) -> None:
        simulator.advance(seconds)
        clock.advance(seconds)

    def show(prompt: cxauth.DevicePrompt) -> None:
        shown.append(prompt)
        simulator.decide_device(prompt.user_code, "slow_down")
        in_thread(approve)
        advance(5)

    def pauses() -> bool:
        (number,) = plugin._driver._state.flights
        step = plugin._driver.do(lambda session, now: session.next(now, number))
        return bool(step.kind() == StepKind.Pause and step.until_ms() / 1000 > clock.time())

    def approve() -> None:
        simulator.wait("token_requests", 1)
        until(pauses)
        simulator.decide_device(shown[0].user_code)
        advance(10)

    async def test() -> None:
        await ask(library, plugin, "sign_in_on_device", show)
        (prompt,) = shown
        assert prompt.verification_uri_complete == f"{prompt.verification_uri}?user_code={prompt.user_code}"
        assert prompt.expires_at is not None
        assert prompt.user_code not in repr(prompt)
        assert simulator.count("token_requests") == 2
        assert (await library.token(plugin)).generation == 1
        assert flights(plugin) == 0

    library.run(test)


@every_library
@pytest.mark.parametrize(("decision", "code"), [("deny", "authorization_refused"), ("expire", "sign_in_expired")])
def test_nobody_approves_the_device(library: Library, simulator: Simulator, decision: str, code: str) -> None:
    clock = cxauth.ManualClock()
    plugin = library.plugin.from_settings(simulator.further("public-device-code"), clock=clock)

    def show(prompt: cxauth.DevicePrompt) -> None:
        simulator.decide_device(prompt.user_code, decision)
        simulator.advance(5)
        clock.advance(5)

    async def test() -> None:
        with pytest.raises(cxauth.SignInRequired) as caught:
            await ask(library, plugin, "sign_in_on_device", show)
        assert caught.value.code == code
        assert plugin.status.token is None

    library.run(test)


@every_library
def test_what_shows_the_code_fails(library: Library, simulator: Simulator) -> None:
    plugin = library.plugin.from_settings(simulator.further("device-code"))

    def show(_: cxauth.DevicePrompt) -> None:
        raise RuntimeError("no screen")

    async def test() -> None:
        with pytest.raises(RuntimeError, match="no screen"):
            await ask(library, plugin, "sign_in_on_device", show)
        assert flights(plugin) == 0
        assert simulator.count("token_requests") == 0

    library.run(test)


@in_tasks
def test_a_task_that_is_cancelled_ends_its_device_sign_in(library: Library, simulator: Simulator) -> None:
    plugin = library.plugin.from_settings(simulator.further("device-code"))
    is_shown = anyio.Event

    async def test() -> None:
        shown = is_shown()

        async def show(_: cxauth.DevicePrompt) -> None:
            shown.set()

        async with anyio.create_task_group() as group:
            group.start_soon(ask, library, plugin, "sign_in_on_device", show)
            await shown.wait()
            group.cancel_scope.cancel()
        assert flights(plugin) == 0
        with pytest.raises(cxauth.SignInRequired):
            await library.token(plugin)

    library.run(test)


@in_tasks
def test_a_code_that_is_sent_outlives_its_caller(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    """It works once: were its answer lost, the person would have to sign in again."""
    settings = simulator.further("authorization-code")
    plugin = library.plugin.from_settings(settings, store=cxauth.FileStore(tmp_path / "tokens"))

    async def test() -> None:
        authorization = await ask(library, plugin, "begin_sign_in", REDIRECT)
        redirect = simulator.sign_in(authorization.url)
        with held(simulator):
            async with anyio.create_task_group() as group:
                group.start_soon(ask, library, plugin, "finish_sign_in", authorization.sign_in, redirect)
                await until_async(lambda: simulator.count("token_requests") == 1)
                group.cancel_scope.cancel()
        await until_async(lambda: not flights(plugin))
        assert (await library.token(plugin)).generation == 1
        assert (tmp_path / "tokens").exists()

    library.run(test)


@every_library
def test_a_key_in_a_file_signs_for_the_client(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    """RFC 7523 §2.2."""
    key = tmp_path / "key.pem"
    for algorithm, key_id in (("ES256", "cxauth-sim-es256"), ("EdDSA", "cxauth-sim-eddsa")):
        key.write_text(simulator.pem(algorithm))
        settings = simulator.further(
            "private-key-jwt", client_key={"file": key, "algorithm": algorithm, "key_id": key_id}
        )
        plugin = library.plugin.from_settings(settings)

        async def test(plugin: Any = plugin) -> None:
            assert (await library.token(plugin)).generation == 1

        library.run(test)


@every_library
def test_a_key_that_does_not_do(library: Library, simulator: Simulator, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----\n")
    settings = simulator.further("private-key-jwt", client_key={"file": str(key), "algorithm": "ES256"})
    plugin = library.plugin.from_settings(settings)

    async def test() -> None:
        with pytest.raises(cxauth.ConfigurationError, match="PKCS #8") as caught:
            await library.token(plugin)
        assert caught.value.code == "secret_unreadable"
        assert str(key) in str(caught.value)
        assert "canary" not in str(caught.value)

    library.run(test)


@every_library
def test_a_function_signs_for_the_client(library: Library, simulator: Simulator) -> None:
    """As a KMS does, whose key never leaves it."""
    pem, asked = simulator.pem(), []

    def sign(signing_input: bytes, algorithm: str) -> bytes:
        asked.append(algorithm)
        return sign_with_pem(pem, algorithm, signing_input)

    async def sign_async(signing_input: bytes, algorithm: str) -> bytes:
        return sign(signing_input, algorithm)

    for signer in (sign, sign_async):
        settings = simulator.further("private-key-jwt")
        plugin = library.plugin.from_settings(settings, signers={"cxauth-sim-es256": signer})

        async def test(plugin: Any = plugin) -> None:
            assert (await library.token(plugin)).generation == 1

        library.run(test)
    assert asked == ["ES256", "ES256"]


@every_library
def test_a_signer_that_fails_or_is_missing(library: Library, simulator: Simulator) -> None:
    def broken(*_: object) -> bytes:
        raise OSError("the KMS is down")

    def wrong(*_: object) -> str:
        return "text"

    cases: list[tuple[dict[str, Any], str]] = [
        ({"cxauth-sim-es256": broken}, "the KMS is down"),
        ({"cxauth-sim-es256": wrong}, "str where bytes are wanted"),
        ({}, "signers"),
    ]
    for signers, words in cases:
        plugin = library.plugin.from_settings(simulator.further("private-key-jwt"), signers=signers)

        async def test(plugin: Any = plugin, words: str = words) -> None:
            with pytest.raises(cxauth.AuthError, match=words) as caught:
                await library.token(plugin)
            assert caught.value.code == "secret_unreadable"

        library.run(test)
    with pytest.raises(TypeError, match="signers cannot be a int"):
        library.plugin.from_settings(simulator.further("private-key-jwt"), signers={"kms": 1})


@every_library
@pytest.mark.parametrize("way", ["token-exchange", "jwt-bearer"])
def test_a_token_or_an_assertion_is_exchanged(library: Library, simulator: Simulator, way: str) -> None:
    """RFC 8693, RFC 7523 §2.1: what is exchanged is read when it is needed, like every secret."""
    settings = simulator.further(way)
    name = "subject_token" if way == "token-exchange" else "assertion"
    secret, read = settings.pop(name), Event()

    def bring() -> str:
        read.set()
        return str(secret)

    plugin = library.plugin.from_settings({**settings, name: bring})

    async def test() -> None:
        assert not read.is_set()
        assert (await library.token(plugin)).generation == 1
        assert read.is_set()

    library.run(test)


def test_what_is_kept_is_not_pickled(simulator: Simulator) -> None:
    plugin = HTTPX_ASYNCIO.plugin.from_settings(simulator.further("authorization-code"))
    authorization = plugin.begin_sign_in(REDIRECT)
    for kept in (authorization, authorization.sign_in):
        with pytest.raises(TypeError, match="to_text"):
            pickle.dumps(kept)
    with pytest.raises(cxauth.SignInRequired) as caught:
        cxauth.SignIn.from_text("{}")
    assert caught.value.code == "redirect_refused"
