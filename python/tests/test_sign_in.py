"""Discovery, and signing people in with the clients and from scripts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import traceback
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import trio
from conftest import soon

import cxauth
from cxauth._native import sign_with_pem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Simulator

REDIRECT = "http://127.0.0.1:5000/callback"


def issuer(simulator: Simulator) -> str:
    """The plain server's."""
    name: str = simulator.further("authorization-code")["issuer"]
    return name


def test_a_server_says_where_its_endpoints_are(simulator: Simulator) -> None:
    """RFC 8414 §3, and the issuer is part of it."""
    found = cxauth.discover(issuer(simulator))
    wanted = simulator.further("pushed-authorization-code")
    assert found["platform"] == "generic"
    names = (
        "issuer",
        "token_endpoint",
        "authorization_endpoint",
        "pushed_authorization_request_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "authorization_response_iss_parameter_supported",
    )
    assert {name: dict(found)[name] for name in names} == {name: wanted[name] for name in names}
    mine = {name: simulator.connection()[name] for name in ("client_id", "client_secret", "api_base")}
    assert cxauth.Client(**found, **mine).token().generation == 1


def test_the_same_in_a_task(simulator: Simulator) -> None:
    name = issuer(simulator)
    found = cxauth.discover(name)
    assert asyncio.run(cxauth.discover_async(name)) == found
    assert trio.run(cxauth.discover_async, name) == found


@pytest.mark.parametrize(
    "flaw",
    [
        "other_issuer",
        "trailing_slash",
        "without_issuer",
        "http_endpoint",
        "endpoint_is_no_url",
        "without_token_endpoint",
        "wrong_types",
        "duplicate_members",
        "not_json",
        "huge",
    ],
)
def test_a_bad_document_is_refused(simulator: Simulator, flaw: str) -> None:
    simulator.configure(discovery={"flaw": flaw})
    with pytest.raises(cxauth.ConfigurationError) as caught:
        cxauth.discover(issuer(simulator))
    assert caught.value.code == "metadata_refused"


def test_a_server_that_has_no_document(simulator: Simulator) -> None:
    name = issuer(simulator)
    simulator.configure(discovery={"documents": ["openid_configuration"]})
    assert cxauth.discover(name)["issuer"] == name
    simulator.configure(discovery={"documents": []})
    with pytest.raises(cxauth.ConfigurationError, match="404"):
        cxauth.discover(name)
    with pytest.raises(cxauth.ConfigurationError) as caught:
        cxauth.discover("http://as.example")
    assert caught.value.code == "insecure_url"
    with pytest.raises(TypeError, match="client_id"):
        cxauth.discover(name, client_id="x")  # type: ignore[call-arg]


@pytest.mark.parametrize("way", ["authorization-code", "pushed-authorization-code"])
def test_a_client_signs_somebody_in(simulator: Simulator, way: str) -> None:
    client = cxauth.Client.from_settings(simulator.further(way))
    with pytest.raises(cxauth.SignInRequired):
        client.token()
    authorization = client.begin_sign_in(REDIRECT)
    kept = authorization.sign_in.to_text()
    redirect = simulator.sign_in(authorization.url)
    sign_in = cxauth.SignIn.from_text(kept)
    with pytest.raises(cxauth.SignInRequired) as caught:
        client.finish_sign_in(sign_in, redirect.replace("state=", "state=x"))
    assert caught.value.code == "redirect_refused"
    client.finish_sign_in(sign_in, redirect)
    assert client.token().generation == 1
    assert simulator.count("token_requests") == 1


@pytest.mark.parametrize("way", ["authorization-code", "pushed-authorization-code"])
def test_an_async_client_signs_somebody_in(simulator: Simulator, way: str) -> None:
    async def test() -> None:
        async with cxauth.AsyncClient.from_settings(simulator.further(way)) as client:
            authorization = await client.begin_sign_in(REDIRECT)
            denied = simulator.sign_in(authorization.url, "deny")
            with pytest.raises(cxauth.SignInRequired) as caught:
                await client.finish_sign_in(authorization.sign_in, denied)
            assert caught.value.code == "authorization_refused"
            authorization = await client.begin_sign_in(REDIRECT)
            await client.finish_sign_in(authorization.sign_in, simulator.sign_in(authorization.url))
            assert (await client.token()).generation == 1

    asyncio.run(test())


def test_a_code_is_in_no_traceback(simulator: Simulator) -> None:
    """Not with the variables of every frame of cxauth's either."""
    settings = simulator.further("authorization-code")
    client = cxauth.Client.from_settings(settings)
    kept = client.begin_sign_in(REDIRECT).sign_in

    async def async_client() -> None:
        async with cxauth.AsyncClient.from_settings(settings) as client:
            await client.finish_sign_in(kept, f"{REDIRECT}?state=no&code=canary-code")

    from cxauth.requests import Auth

    plugin = Auth.from_settings(settings)
    acts: list[Callable[[], object]] = [
        lambda: client.finish_sign_in(kept, f"{REDIRECT}?state=no&code=canary-code"),
        lambda: asyncio.run(async_client()),
        lambda: plugin.finish_sign_in(kept, f"{REDIRECT}?state=no&code=canary-code"),
    ]
    for act in acts:
        with pytest.raises(cxauth.SignInRequired) as caught:
            act()
        shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
        locals_of_ours = "".join(line for line in shown.splitlines(keepends=True) if " = " in line)
        assert "canary-code" not in locals_of_ours.replace('code=canary-code")', "")


@pytest.mark.parametrize(
    ("decision", "code"), [("approve", None), ("deny", "authorization_refused"), ("expire", "sign_in_expired")]
)
def test_a_device(simulator: Simulator, decision: str, code: str | None) -> None:
    clock = cxauth.ManualClock()
    client = cxauth.Client.from_settings(simulator.further("device-code"), clock=clock)
    threads = []

    def show(prompt: cxauth.DevicePrompt) -> None:
        threads.append(threading.current_thread())
        simulator.decide_device(prompt.user_code, decision)
        simulator.advance(5)
        clock.advance(5)

    if code is None:
        client.sign_in_on_device(show)
        assert client.token().generation == 1
        assert simulator.count("token_requests") == 1
    else:
        with pytest.raises(cxauth.SignInRequired) as caught:
            client.sign_in_on_device(show)
        assert caught.value.code == code
    assert threads == [threading.current_thread()]


def test_a_device_in_a_task(simulator: Simulator) -> None:
    clock = cxauth.ManualClock()

    async def test() -> None:
        async with cxauth.AsyncClient.from_settings(simulator.further("device-code"), clock=clock) as client:

            async def show(prompt: cxauth.DevicePrompt) -> None:
                simulator.decide_device(prompt.user_code)
                simulator.advance(5)
                clock.advance(5)

            await client.sign_in_on_device(show)
            assert (await client.token()).generation == 1

    asyncio.run(test())


def test_what_ends_a_device_sign_in(simulator: Simulator) -> None:
    """What shows the code fails, or whoever waits is cancelled: nobody asks the server any more."""
    settings = simulator.further("device-code")

    def broken(_: cxauth.DevicePrompt) -> None:
        raise RuntimeError("no screen")

    client = cxauth.Client.from_settings(settings)
    with pytest.raises(RuntimeError, match="no screen"):
        client.sign_in_on_device(broken)

    async def test() -> None:
        async with cxauth.AsyncClient.from_settings(settings) as client:
            with pytest.raises(RuntimeError, match="no screen"):
                await client.sign_in_on_device(broken)
            shown = asyncio.Event()
            task = asyncio.ensure_future(client.sign_in_on_device(lambda _: shown.set()))
            await shown.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    # Closing a client waits for flights: it would not end if one went on.
    asyncio.run(asyncio.wait_for(test(), 30))
    client.close()
    assert simulator.count("token_requests") == 0


def test_the_clients_sign_with_keys(simulator: Simulator, tmp_path: Path) -> None:
    """RFC 7523 §2.2: with a PEM, and by functions as of a KMS."""
    key, pem = tmp_path / "key.pem", simulator.pem()
    key.write_text(pem)
    in_file = simulator.further("private-key-jwt", client_key={"file": key, "algorithm": "ES256"})
    assert cxauth.Client.from_settings(in_file).token().generation == 1

    def sign(signing_input: bytes, algorithm: str) -> bytes:
        return sign_with_pem(pem, algorithm, signing_input)

    async def sign_async(signing_input: bytes, algorithm: str) -> bytes:
        return sign(signing_input, algorithm)

    settings = simulator.further("private-key-jwt")
    client = cxauth.Client(**settings, signers={"cxauth-sim-es256": sign})
    assert client.token().generation == 1
    client = cxauth.Client(cxauth.Connection(**settings, signers={"cxauth-sim-es256": sign}))
    assert client.token().generation == 1

    async def test() -> None:
        for signer in (sign, sign_async):
            async with cxauth.AsyncClient(**settings, signers={"cxauth-sim-es256": signer}) as client:
                assert (await client.token()).generation == 1

    asyncio.run(test())
    with pytest.raises(cxauth.ConfigurationError, match="signer"):
        cxauth.Client.from_settings(settings).token()


@pytest.mark.parametrize("way", ["token-exchange", "jwt-bearer"])
def test_the_clients_exchange(simulator: Simulator, way: str) -> None:
    settings = simulator.further(way)
    name = "subject_token" if way == "token-exchange" else "assertion"
    secret = settings.pop(name)
    client = cxauth.Client.from_settings({**settings, name: lambda: secret})
    assert client.token().generation == 1


class Browser:
    """Somebody who approves, and whose browser goes where it is sent."""

    def __init__(self, simulator: Simulator, decision: str = "approve") -> None:
        self.simulator, self.decision = simulator, decision
        self.pages: list[tuple[int, dict[str, str], str]] = []
        self.redirect = ""

    def __call__(self, url: str) -> None:
        threading.Thread(target=self.browse, args=(url,), daemon=True).start()

    def browse(self, url: str) -> None:
        self.redirect = self.simulator.sign_in(url, self.decision)
        self.pages.append(get(self.redirect))


def get(url: str, host: str | None = None) -> tuple[int, dict[str, str], str]:
    """What a browser gets there."""
    parts = urlsplit(url)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    connection.request("GET", f"{parts.path}?{parts.query}", headers={} if host is None else {"host": host})
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, headers, answer.read().decode()


def is_open(address: str) -> bool:
    parts = urlsplit(address)
    with contextlib.closing(socket.socket()) as tried:
        return tried.connect_ex((str(parts.hostname), parts.port or 0)) == 0


def test_a_script_signs_in(simulator: Simulator, tmp_path: Path) -> None:
    """RFC 8252 §7.3: at a port of 127.0.0.1 that is open only meanwhile. The next run asks nobody."""
    settings = {**simulator.further("authorization-code"), "store": cxauth.FileStore(tmp_path / "tokens")}
    browser = Browser(simulator)
    client = cxauth.sign_in(**settings, open_browser=browser)
    assert client.token().generation == 1
    soon(lambda: browser.pages)
    ((status, headers, page),) = browser.pages
    assert (status, "You are signed in" in page) == (200, True)
    assert_gives_nothing_away(headers, page, browser.redirect)
    assert urlsplit(browser.redirect).hostname == "127.0.0.1"
    assert not is_open(browser.redirect)

    def nobody(_: str) -> None:
        raise AssertionError("somebody was asked")

    assert cxauth.sign_in(**settings, open_browser=nobody).token().reveal() == client.token().reveal()
    again = Browser(simulator)
    cxauth.sign_in(client, again=True, open_browser=again)
    assert client.token().generation == 2


def assert_gives_nothing_away(headers: dict[str, str], page: str, redirect: str) -> None:
    """RFC 9700 §4.2: the address has a code in it."""
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "http" not in page
    assert "src=" not in page
    for value in parse_qs(urlsplit(redirect).query)["state"]:
        assert value not in page


def test_a_script_whose_person_says_no(simulator: Simulator) -> None:
    browser = Browser(simulator, "deny")
    with pytest.raises(cxauth.SignInRequired) as caught:
        cxauth.sign_in(**simulator.further("authorization-code"), open_browser=browser)
    assert caught.value.code == "authorization_refused"
    soon(lambda: browser.pages)
    assert "You are not signed in" in browser.pages[0][2]
    assert not is_open(browser.redirect)


def test_what_else_comes_to_the_script(simulator: Simulator) -> None:
    """R44, R70, R71: whatever is not the answer gets a fixed page, and the person still signs in."""
    strangers: list[tuple[int, dict[str, str], str]] = []

    class Attacked(Browser):
        def browse(self, url: str) -> None:
            back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
            idle = socket.create_connection(("127.0.0.1", urlsplit(back).port or 0))
            for address in (
                back,
                back + "?code=stolen&state=guessed",
                back + "?next=https://evil.example/&redirect=https://evil.example/",
                back.replace("/callback", "/favicon.ico"),
            ):
                strangers.append(get(address))
            strangers.append(get(back, host="evil.example"))
            super().browse(url)
            idle.close()

    browser = Attacked(simulator)
    client = cxauth.sign_in(**simulator.further("authorization-code"), open_browser=browser)
    assert client.token().generation == 1
    assert [status for status, _, _ in strangers] == [400, 400, 400, 404, 421]
    for _, headers, page in strangers:
        assert "location" not in headers
        assert not [word for word in ("evil", "stolen", "guessed") if word in page]


def test_a_script_waits_no_longer_than_it_may(simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    settings, addresses = simulator.further("authorization-code"), []

    def none(url: str) -> bool:
        addresses.append(parse_qs(urlsplit(url).query)["redirect_uri"][0])
        return False

    with pytest.raises(cxauth.SignInRequired) as caught:
        cxauth.sign_in(**settings, open_browser=none, patience_of_person=0.01)
    assert caught.value.code == "sign_in_expired"
    assert "Open this address" in capsys.readouterr().err
    assert not is_open(addresses[0])
    with pytest.raises(cxauth.ConfigurationError, match=r"127\.0\.0\.1"):
        cxauth.sign_in(**simulator.further("authorization-code", redirect_uri="http://localhost/callback"))
    with pytest.raises(TypeError, match="give the settings to the client"):
        cxauth.sign_in(cxauth.Client.from_settings(settings), client_id="x")


def test_a_script_on_a_machine_with_ipv6(simulator: Simulator) -> None:
    """RFC 8252 §7.3: the literal of the connection's own address counts."""
    browser = Browser(simulator)
    settings: dict[str, Any] = simulator.further("authorization-code", redirect_uri="http://[::1]/callback")
    assert cxauth.sign_in(**settings, open_browser=browser).token().generation == 1
    assert urlsplit(browser.redirect).hostname == "::1"


def test_a_script_without_a_browser(simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    clock = cxauth.ManualClock()
    client = cxauth.Client.from_settings(simulator.further("device-code"), clock=clock)

    def approve() -> None:
        simulator.wait("device_authorization_requests", 1)
        soon(lambda: decide(None))
        while client.status.token is None:
            simulator.advance(5)
            clock.advance(5)

    def decide(user_code: str | None) -> bool:
        with contextlib.suppress(AssertionError):
            simulator.ask("POST", "device", {"user_code": user_code, "decision": "approve"})
            return True
        return False

    simulator.configure(device={"interval": 1})
    thread = threading.Thread(target=approve, daemon=True)
    thread.start()
    assert cxauth.sign_in(client, device=True) is client
    assert "on any device and enter" in capsys.readouterr().err
    thread.join(30)
