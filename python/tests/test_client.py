"""The client for programs and threads."""

from __future__ import annotations

import gc
import os
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import Simulator, soon

import cxauth


def test_one_token_is_used_until_a_renewal_is_due(simulator: Simulator) -> None:
    with cxauth.Client.from_settings(simulator.connection()) as client:
        token = client.token()
        assert client.token().reveal() == token.reveal()
        assert client.headers() == {"authorization": f"Bearer {token.reveal()}"}
        assert token.headers() == client.headers()
        assert token.generation == 1
        assert token.scopes is None
        now = datetime.now(timezone.utc)
        assert token.expires_at is not None
        assert token.usable_until is not None
        assert now + timedelta(minutes=50) < token.usable_until < token.expires_at < now + timedelta(minutes=70)
    assert simulator.count("token_requests") == 1


def test_headers_are_the_callers_own(simulator: Simulator) -> None:
    client = cxauth.Client.from_settings(simulator.connection("cloudlx"))
    headers = client.headers()
    assert set(headers) == {"authorization", "accept"}
    headers.clear()
    assert len(client.headers()) == 2


def test_the_token_goes_only_where_it_may(simulator: Simulator) -> None:
    client = cxauth.Client.from_settings(simulator.connection())
    with pytest.raises(cxauth.ConfigurationError) as caught:
        client.headers("https://elsewhere.example/")
    assert caught.value.code == "destination_refused"
    assert simulator.count("token_requests") == 0
    url = client.api_url("items")
    assert client.allows(url)
    assert client.headers(url) == client.headers()


def test_a_token_that_is_due_serves_while_it_is_renewed(simulator: Simulator) -> None:
    clock = cxauth.ManualClock()
    client = cxauth.Client.from_settings(simulator.connection(), clock=clock)
    first = client.token()
    simulator.hold()
    pass_time(simulator, clock, 3000)
    assert client.token().reveal() == first.reveal()
    assert client.headers() == first.headers()
    simulator.wait("token_requests", 2)
    simulator.clear()
    soon(lambda: client.token().generation == 2)
    assert client.headers() != first.headers()


def test_it_renews_in_the_background(simulator: Simulator) -> None:
    clock = cxauth.ManualClock()
    renewed = threading.Semaphore(0)
    client = cxauth.Client.from_settings(simulator.connection(), clock=clock, background=True)
    client.on_event(lambda _: renewed.release())
    client.token()
    assert renewed.acquire(timeout=30)
    for _ in range(3):
        client.token()
        pass_time(simulator, clock, 3000)
        assert renewed.acquire(timeout=30)
    assert client.token().generation == 4
    client.close()


def test_an_api_may_refuse_a_token(simulator: Simulator) -> None:
    client = cxauth.Client.from_settings(simulator.connection())
    token = client.token()
    assert not client.refused(token, 403)
    assert not client.refused(token, 401, ['Bearer error="insufficient_scope"'])
    assert client.refused(token, 401, ['Bearer error="invalid_token"'])
    assert client.refused(token, 401), "somebody else was refused with the same token"
    assert client.token().generation == 2
    body = b'{"error": "invalid_token"}'
    assert client.refused(client.token(), 400, (), body) is False, "a token that is new is not the reason"


def test_settings_change_while_it_runs(simulator: Simulator) -> None:
    clock = cxauth.ManualClock()
    client = cxauth.Client.from_settings(simulator.connection(), clock=clock)
    client.token()
    simulator.ask("POST", "secret/generic", {"client_secret": "cxauth-canary-new"})
    pass_time(simulator, clock, 7200)
    with pytest.raises(cxauth.ConfigurationError) as caught:
        client.token()
    assert (caught.value.code, caught.value.server_error) == ("invalid_client", "invalid_client")
    assert client.status.state == "denied"
    client.change(client_secret="cxauth-canary-new")
    assert client.token().generation == 2
    with pytest.raises(cxauth.ConfigurationError):
        client.change(client_secret="other", token_endpoint="http://as.example/token")
    assert client.token().generation == 2


def test_signing_out_forgets_the_token(simulator: Simulator) -> None:
    client = cxauth.Client.from_settings(simulator.connection())
    first = client.token()
    client.sign_out()
    assert client.status.token is None
    assert client.token().reveal() != first.reveal()


def test_an_error_says_what_to_do(simulator: Simulator) -> None:
    simulator.arm("rate_limit", endpoints=["token"], retry_after={"seconds": 30})
    client = cxauth.Client.from_settings(simulator.connection())
    with pytest.raises(cxauth.TemporaryError) as caught:
        client.token()
    error = caught.value
    assert (error.code, error.action, error.status) == ("rate_limited", "retry", 429)
    assert error.retry_at is not None
    assert timedelta(seconds=25) < error.retry_at - datetime.now(timezone.utc) < timedelta(seconds=60)
    status = client.status
    assert (status.state, status.token) == ("waiting", None)
    assert isinstance(status.error, cxauth.TemporaryError)
    assert simulator.count("token_requests") == 1


def test_patience_waits_until_it_may_ask_again(simulator: Simulator) -> None:
    clock = cxauth.ManualClock()
    simulator.arm("rate_limit", endpoints=["token"], times=1, retry_after={"seconds": 30})
    client = cxauth.Client.from_settings(simulator.connection(), clock=clock, patience=60)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.token)
        soon(lambda: client.status.state == "waiting")
        clock.advance(59)
        assert waiting.result(30).generation == 1
    assert simulator.count("token_requests") == 2


def test_events_are_told_until_nobody_listens(simulator: Simulator) -> None:
    clock = cxauth.ManualClock()
    client = cxauth.Client.from_settings(simulator.connection(), clock=clock)
    events: list[cxauth.Event] = []
    stop = client.on_event(events.append)
    client.token()
    soon(lambda: len(events) == 1)
    assert (events[0].kind, events[0].generation, events[0].error) == ("renewed", 1, None)
    assert events[0].at is not None
    simulator.arm("status", endpoints=["token", "refresh"], status=503)
    pass_time(simulator, clock, 3000)
    client.token()
    soon(lambda: len(events) == 2)
    assert (events[1].kind, events[1].generation) == ("degraded", 1)
    assert isinstance(events[1].error, cxauth.TemporaryError)
    stop()
    simulator.clear()
    pass_time(simulator, clock, 3600)
    heard = threading.Event()
    client.on_event(lambda _: heard.set())
    client.token()
    assert heard.wait(30)
    assert len(events) == 2


def test_a_listener_may_use_the_client_and_may_fail(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda report: reported.append(report.exc_value))
    client = cxauth.Client.from_settings(simulator.connection())
    seen: list[cxauth.Token] = []

    def listen(event: cxauth.Event) -> None:
        seen.append(client.token())
        raise KeyError(event.kind)

    client.on_event(listen)
    client.token()
    soon(lambda: len(reported) == 1)
    assert repr(reported[0]) == "KeyError('renewed')"
    assert [token.generation for token in seen] == [1]


def test_a_client_that_is_closed_says_so(simulator: Simulator) -> None:
    client = cxauth.Client.from_settings(simulator.connection())
    simulator.hold(times=1)
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(client.token)
        simulator.wait("token_requests", 1)
        closing = pool.submit(client.close)
        simulator.clear()
        closing.result(30)
        assert waiting.result(30).generation == 1
    client.close()
    uses: list[Callable[[], object]] = [client.token, client.headers, client.sign_out, lambda: client.status]
    for use in uses:
        with pytest.raises(RuntimeError, match="closed"):
            use()


def test_a_connection_serves_any_number_of_clients(simulator: Simulator) -> None:
    connection = cxauth.Connection.from_settings(simulator.connection())
    first, second = cxauth.Client(connection), cxauth.Client(connection)
    assert first.token().reveal() != second.token().reveal()
    with pytest.raises(TypeError, match="client_id"):
        cxauth.Client(connection, client_id="other")


def test_secrets_are_read_where_they_stand(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = simulator.connection()
    secret = settings.pop("client_secret")
    file = tmp_path / "secret"
    file.write_text(f"{secret}\n")
    monkeypatch.setenv("CXAUTH_TEST_SECRET", secret)
    sources: list[cxauth.Secret] = [
        secret,
        cxauth.Environment("CXAUTH_TEST_SECRET"),
        cxauth.File(file),
        cxauth.File(str(file)),
        cxauth.Command([sys.executable, "-c", "import os; print(os.environ['CXAUTH_TEST_SECRET'])"]),
        {"env": "CXAUTH_TEST_SECRET"},
        {"file": str(file)},
        lambda: secret,
    ]
    for source in sources:
        assert cxauth.Client.from_settings({**settings, "client_secret": source}).token().generation == 1


def test_a_secret_that_cannot_be_read_is_named(simulator: Simulator) -> None:
    def fails() -> str:
        raise OSError("the vault is sealed")

    async def waits() -> str:
        raise AssertionError

    settings = simulator.connection()
    cases: list[tuple[cxauth.Secret, str]] = [
        (cxauth.Environment("CXAUTH_TEST_UNSET"), "environment variable CXAUTH_TEST_UNSET: it is not set"),
        (cxauth.File("/nonexistent/secret"), "file /nonexistent/secret"),
        (cxauth.Command(["false"]), "command false"),
        (fails, "function client_secret: OSError: the vault is sealed"),
        (waits, "takes an AsyncClient"),
        (lambda: 3, "it returned int, not str"),  # type: ignore[list-item]
    ]
    for source, why in cases:
        settings["client_secret"] = source
        with pytest.raises(cxauth.ConfigurationError) as caught:
            cxauth.Client.from_settings(settings).token()
        assert caught.value.code == "secret_unreadable"
        assert why in str(caught.value)
    assert simulator.count("token_requests") == 0


def test_a_function_brings_tokens() -> None:
    clock = cxauth.ManualClock()
    brought: list[cxauth.Provided | str] = [cxauth.Provided("one", 600, ["read"]), "two"]
    client = cxauth.Client(provide=lambda: brought.pop(0), hosts=["api.example"], clock=clock)
    first = client.token()
    assert (first.reveal(), first.scopes) == ("one", ("read",))
    clock.advance(600)
    second = client.token()
    assert (second.reveal(), second.expires_at, second.scopes) == ("two", None, None)
    assert client.headers("https://api.example/") == {"authorization": "Bearer two"}


def test_a_function_that_brings_nothing_is_an_error() -> None:
    def fails() -> str:
        raise LookupError("no session")

    for function, why in ((fails, "LookupError: no session"), (lambda: None, "it returned NoneType")):
        client = cxauth.Client(provide=function)  # type: ignore[arg-type]
        with pytest.raises(cxauth.TemporaryError) as caught:
            client.token()
        assert (caught.value.code, why in str(caught.value)) == ("interrupted", True)


def test_an_api_key_needs_no_server() -> None:
    client = cxauth.Client(api_key="cxauth-canary-key", header="X-API-Key", prefix="", hosts=["api.example"])
    assert client.headers("https://api.example/items") == {"x-api-key": "cxauth-canary-key"}


def test_a_store_is_shared_with_other_clients(simulator: Simulator, tmp_path: Path) -> None:
    path = tmp_path / "tokens" / "generic"
    tokens = {
        cxauth.Client.from_settings(simulator.connection(), store=cxauth.FileStore(path)).token().reveal()
        for _ in range(3)
    }
    assert len(tokens) == simulator.count("token_requests") == 1
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)
        with pytest.raises(cxauth.TemporaryError) as caught:
            cxauth.Client.from_settings(simulator.connection(), store=cxauth.FileStore(path)).token()
        assert caught.value.code == "store_unavailable"


def test_a_store_is_a_lock_and_a_snapshot(tmp_path: Path) -> None:
    store = cxauth.FileStore(tmp_path / "tokens")
    lock = store.lock()
    assert lock.load() is None
    with pytest.raises(cxauth.TemporaryError, match="another process holds the lock"):
        store.lock(timeout=0)
    lock.unlock()
    with pytest.raises(RuntimeError, match="given back"):
        lock.load()
    store.lock(timeout=0).unlock()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"timeout": -1}, ValueError),
        ({"timeout": "soon"}, TypeError),
        ({"patience": float("nan")}, ValueError),
        ({"store": "tokens"}, TypeError),
        ({"clock": 3}, TypeError),
        ({"proxy": 3}, TypeError),
        ({"proxy": "http://[broken"}, cxauth.ConfigurationError),
        ({"root_certificates": b"no certificate"}, cxauth.ConfigurationError),
        ({"root_certificates": "/nonexistent.pem"}, OSError),
        ({"provide": 3}, TypeError),
        ({"no_such_setting": 3}, cxauth.ConfigurationError),
        ({"client_id": object()}, TypeError),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(options: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error, match=None if error is OSError else next(iter(options))):
        cxauth.Client("cisco-cx-cloud", **{"client_id": "id", "client_secret": "secret", **options})  # type: ignore[arg-type]


def test_a_client_that_its_own_function_refers_to_is_collected() -> None:
    class Backend:
        def __init__(self) -> None:
            self.client = cxauth.Client(provide=self.fetch)
            self.client.on_event(self.hear)

        def fetch(self) -> str:
            return "token"

        def hear(self, event: cxauth.Event) -> None: ...

    backend = Backend()
    backend.client.token()
    gone = weakref.ref(backend)
    del backend
    soon(lambda: (gc.collect(), gone() is None)[1])


def pass_time(simulator: Simulator, clock: cxauth.ManualClock, seconds: float) -> None:
    """Time passes for the servers and for the client."""
    simulator.advance(seconds)
    clock.advance(seconds)
