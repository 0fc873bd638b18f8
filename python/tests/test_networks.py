"""Proxies and certificates of token requests."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Simulator
from documentation.internet import SECRET, internet

import cxauth


def test_a_company_has_a_proxy_and_an_authority_of_its_own(simulator: Simulator, tmp_path: Path) -> None:
    with internet(simulator, tmp_path) as variables:
        proxy, roots = variables["HTTPS_PROXY"], variables["SSL_CERT_FILE"]

        def token(**options: object) -> cxauth.Token:
            return cxauth.Client.cisco_cx_cloud("my-key", SECRET, **options).token()  # type: ignore[arg-type]

        assert token(proxy=proxy, root_certificates=roots).generation == 1
        assert token(proxy=proxy, root_certificates=Path(roots)).generation == 1
        assert token(proxy=proxy, root_certificates=Path(roots).read_bytes()).generation == 1
        with pytest.raises(cxauth.TemporaryError) as caught:
            token(proxy=proxy)
        assert caught.value.code == "server_unreachable"
        assert "certificate" in str(caught.value)
    assert simulator.count("token_requests", "cisco-cx-cloud") == 3


def test_the_proxies_of_the_environment_can_be_ignored(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(cxauth.TemporaryError):
        cxauth.Client.from_settings(simulator.connection()).token()
    assert cxauth.Client.from_settings(simulator.connection(), trust_env=False).token().generation == 1


def test_a_silent_server_costs_no_more_than_the_time_limit(simulator: Simulator) -> None:
    simulator.hold()
    with pytest.raises(cxauth.TemporaryError) as caught:
        cxauth.Client.from_settings(simulator.connection(), timeout=0.1).token()
    assert caught.value.code == "timed_out"
