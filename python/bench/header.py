"""What it costs to put a token that is fresh into a request's header fields."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from timeit import Timer
from types import MappingProxyType

import httpx
import msal
import requests
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from google.oauth2.credentials import Credentials
from httpx_auth import OAuth2ClientCredentials
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session
from simulator import Simulator

import cxauth

ROUNDS = 7


def report(simulator: Simulator) -> None:
    """The best of several rounds: what disturbs only ever adds."""
    print(f"{'cached header':<28}{'µs':>8}   best of {ROUNDS} rounds")
    for name, function in _functions(simulator).items():
        function()
        timer = Timer(function)
        number, _ = timer.autorange()
        print(f"{name:<28}{min(timer.repeat(ROUNDS, number)) / number * 1e6:>8.2f}", flush=True)
    print()


def _functions(simulator: Simulator) -> dict[str, Callable[[], object]]:
    client = cxauth.Client.from_settings(simulator.settings)
    return {
        "cxauth": client.headers,
        "a check written by hand": _by_hand(client.token().reveal()),
        "Authlib": _authlib(simulator),
        "requests-oauthlib": _requests_oauthlib(simulator),
        "msal": _msal(),
        "google-auth": _google_auth(),
        "httpx-auth": _httpx_auth(simulator),
    }


def _by_hand(token: str) -> Callable[[], object]:
    expires_at = time.time() + 3600

    def headers() -> dict[str, str]:
        if time.time() > expires_at:
            raise RuntimeError
        return {"authorization": f"Bearer {token}"}

    return headers


def _authlib(simulator: Simulator) -> Callable[[], object]:
    settings = simulator.settings
    session = AuthlibSession(
        settings["client_id"], settings["client_secret"], token_endpoint_auth_method="client_secret_post"
    )
    session.fetch_token(simulator.token_endpoint, grant_type="client_credentials")
    request = requests.Request("GET", simulator.resource).prepare()
    return lambda: session.token_auth(request)


def _requests_oauthlib(simulator: Simulator) -> Callable[[], object]:
    settings = simulator.settings
    client = BackendApplicationClient(settings["client_id"])
    session = OAuth2Session(client=client)
    form = {name: settings[name] for name in ("client_id", "client_secret")}
    form["grant_type"] = "client_credentials"
    session.token = requests.post(simulator.token_endpoint, form, timeout=10).json()
    return lambda: client.add_token(simulator.resource.replace("http:", "https:"), headers={})


class _Canned:
    """The identity provider that msal asks at its start, and the token endpoint, without a network."""

    status_code = 200
    headers: Mapping[str, str] = MappingProxyType({})
    text = json.dumps(
        {
            "authorization_endpoint": "https://as.example/authorize",
            "token_endpoint": "https://as.example/token",
            "issuer": "https://as.example/tenant",
            "access_token": "token",
            "token_type": "Bearer",
            "expires_in": 86_400,
        }
    )

    def get(self, *_: object, **__: object) -> _Canned:
        return self

    post = get

    def raise_for_status(self) -> None: ...

    def close(self) -> None: ...


def _msal() -> Callable[[], object]:
    application = msal.ConfidentialClientApplication(
        "id", client_credential="secret", oidc_authority="https://as.example/tenant", http_client=_Canned()
    )
    return lambda: application.acquire_token_for_client(["scope"])


def _google_auth() -> Callable[[], object]:
    expiry = (datetime.now(timezone.utc) + timedelta(hours=1)).replace(tzinfo=None)
    credentials = Credentials("token", expiry=expiry)
    return lambda: credentials.before_request(None, "GET", "https://api.example/", {})


def _httpx_auth(simulator: Simulator) -> Callable[[], object]:
    settings = simulator.settings
    auth = OAuth2ClientCredentials(
        simulator.token_endpoint, settings["client_id"], settings["client_secret"], client=httpx.Client()
    )
    request = httpx.Request("GET", simulator.resource)
    return lambda: next(auth.sync_auth_flow(request))
