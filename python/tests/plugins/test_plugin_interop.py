"""Every library against OAuth servers that are not ours, see `tests/interop/README.md`."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from libraries import Library, all_of, every_library

import cxauth

FOLDER = Path(os.environ.get("CXAUTH_INTEROP_DIR", str(Path(__file__).parents[3] / "tests" / "interop")))


class Server:
    """A server in a process of its own, and what it says about itself."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts

    def settings(self, credentials: dict[str, Any], **settings: Any) -> dict[str, Any]:
        return {
            "token_endpoint": self.facts["token_endpoint"],
            "api_base": self.facts["base"],
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
            **settings,
        }

    def sign_in(self, **settings: Any) -> dict[str, Any]:
        """As a user, with a password."""
        user = {name: self.facts[name] for name in ("username", "password")}
        return self.settings(self.facts, client_authentication="client_secret_post", **user, **settings)

    def revoke(self, token: str, credentials: dict[str, Any]) -> None:
        """Has the API refuse the token from now on (RFC 7009)."""
        form = urllib.parse.urlencode({"token": token, **credentials}).encode()
        with urllib.request.urlopen(self.facts["revocation_endpoint"], form) as answer:
            assert answer.status == 200

    @property
    def token_requests(self) -> int:
        with urllib.request.urlopen(f"{self.facts['base']}/count") as answer:
            return int(json.load(answer)["token_requests"])


@contextmanager
def start(program: str, lifetime: int = 60) -> Iterator[Server]:
    """It ends when its standard input closes."""
    process = subprocess.Popen(
        ["node", program],
        cwd=FOLDER,
        env={**os.environ, "CXAUTH_INTEROP_ACCESS_LIFETIME": str(lifetime)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"{program} in {FOLDER} did not start: run `cargo xtask setup`"
        yield Server(json.loads(line))
        process.stdin.close()


@every_library
@pytest.mark.parametrize("authentication", ["basic", "post"])
def test_oidc_provider(library: Library, authentication: str) -> None:
    with start("oidc-provider.mjs") as server:
        clock = cxauth.ManualClock()
        credentials = server.facts[authentication]
        settings = server.settings(
            credentials, scopes=["read"], client_authentication=f"client_secret_{authentication}"
        )
        plugin = library.plugin.from_settings(settings, clock=clock)

        async def test() -> None:
            async with library.session(plugin) as (call, _):
                for count in (1, 2):
                    replies = await all_of([lambda: call("GET", server.facts["api"])] * 20)
                    assert [reply.status for reply in replies] == [200] * 20
                    assert json.loads(replies[0].text)["client"] == credentials["client_id"]
                    assert server.token_requests == count
                    clock.advance(60)
                token = await library.token(plugin)
                assert token.scopes == ("read",)
                server.revoke(token.reveal(), credentials)
                assert (await call("GET", server.facts["api"])).status == 200, "refused, renewed and sent again"
                assert server.token_requests == 4

        library.run(test)


@every_library
def test_oidc_provider_says_what_is_wrong(library: Library) -> None:
    with start("oidc-provider.mjs") as server:
        basic = server.facts["basic"]
        wrong = [
            (server.settings({**basic, "client_secret": "cxauth-canary"}), "invalid_client"),
            (server.settings(basic, scopes=["admin"]), "invalid_scope"),
        ]

        async def test() -> None:
            for settings, code in wrong:
                plugin = library.plugin.from_settings(settings, client_authentication="client_secret_basic")
                before = server.token_requests
                for _ in range(2):
                    with pytest.raises(cxauth.ConfigurationError) as caught:
                        await library.token(plugin)
                    assert caught.value.code == code
                assert server.token_requests == before + 1, "a verdict is not asked again"

        library.run(test)


@every_library
def test_express_oauth_server(library: Library) -> None:
    with start("express-oauth-server.mjs") as server:
        clock = cxauth.ManualClock()
        plugin = library.plugin.from_settings(server.sign_in(), clock=clock)

        async def test() -> None:
            async with library.session(plugin) as (call, _):
                for count in range(1, 4):
                    # Each refresh token works once, and one that came again would end the sign-in.
                    reply = await call("GET", server.facts["api"])
                    assert json.loads(reply.text)["username"] == server.facts["username"]
                    assert server.token_requests == count
                    clock.advance(60)
                token = await library.token(plugin)
                # A refusal without a challenge.
                server.revoke(token.reveal(), {})
                assert (await call("POST", server.facts["api"])).status == 200
                assert server.token_requests == 5
                clock.advance(60)
                await all_of([lambda: library.token(plugin)] * 50)
                assert server.token_requests == 6
                assert (await call("GET", server.facts["api"])).status == 200

        library.run(test)


@every_library
def test_express_oauth_server_says_what_is_wrong(library: Library) -> None:
    with start("express-oauth-server.mjs") as server:

        async def test() -> None:
            async with library.session(library.plugin.from_settings(server.sign_in(scopes=["read"]))) as (call, _):
                assert (await call("GET", server.facts["api"])).status == 200
                assert (await call("POST", server.facts["api"])).status == 403, "another token would not change it"
                assert server.token_requests == 1
            plugin = library.plugin.from_settings({**server.sign_in(), "password": "cxauth-canary"})
            with pytest.raises(cxauth.SignInRequired):
                await library.token(plugin)

        library.run(test)
