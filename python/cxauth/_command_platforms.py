"""`platforms`: what each platform needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cxauth._connection import Connection

if TYPE_CHECKING:
    from argparse import Namespace


class Way(NamedTuple):
    """A way in: the settings that it takes, and those that it may have."""

    name: str
    needs: tuple[str, ...]
    may_have: tuple[str, ...] = ()


class Platform(NamedTuple):
    """A platform, in the words of somebody who sets it up."""

    name: str
    ways: tuple[Way, ...]
    renewal: str
    example: str


PLATFORMS = (
    Platform(
        "cloudcx",
        (
            Way("password", ("domain", "client_id", "username", "password"), ("client_secret",)),
            Way("email", ("domain", "client_id", "email", "password"), ("client_secret",)),
            Way("API key", ("domain", "api_key"), ("header", "prefix")),
        ),
        "at 60 to 80 % of its life, by refresh token, else by the password",
        "cxauth call cloudcx GET 'user/page?pageIndex=1&pageSize=25'",
    ),
    Platform(
        "cisco-cx-cloud",
        (Way("client secret", ("client_id", "client_secret")),),
        "at 60 to 80 % of its life, by the client secret",
        "cxauth call cisco-cx-cloud GET customer-info/customer-details",
    ),
    Platform(
        "sangoma-cx",
        (Way("client secret", ("client_id", "client_secret", "scopes")),),
        "only once it has expired: before, the platform gives the same token again",
        "cxauth call sangoma-cx POST api/v1/agents/call/ --data @call.json",
    ),
    Platform(
        "cloudlx",
        (Way("client secret", ("client_id", "client_secret"), ("base", "body")),),
        "at 60 to 80 % of its life, by refresh token for 7 days, then by the secret",
        "cxauth call cloudlx GET services",
    ),
    Platform(
        "generic",
        (
            Way("client secret", ("token_endpoint", "client_id", "client_secret"), ("api_base", "hosts", "scopes")),
            Way(
                "password",
                ("token_endpoint", "client_id", "username", "password"),
                ("client_secret", "api_base", "hosts"),
            ),
            Way("refresh token", ("token_endpoint", "client_id", "refresh_token"), ("api_base", "hosts")),
            Way("API key", ("api_key",), ("api_base", "hosts", "header", "prefix")),
        ),
        "at 60 to 80 % of its life, by refresh token, else by the grant",
        "cxauth call NAME GET https://api.example/items",
    ),
)

SOME_DOMAIN = "tenant.example"
"""What stands for the tenant's domain until there is one."""


def platforms(arguments: Namespace) -> int:
    """Prints the list."""
    for platform in PLATFORMS:
        facts = _facts(platform)
        if arguments.json:
            print(json.dumps(facts))
        else:
            _describe(platform, facts)
    if not arguments.json:
        print("These settings make a table [connections.NAME] in the configuration file, or come as flags and")
        print("variables, see `python -m cxauth token --help`. Those in brackets are optional.")
    return 0


def _facts(platform: Platform) -> dict[str, Any]:
    made_up: dict[str, Any] = {"domain": SOME_DOMAIN, "scopes": ["scope"], "token_endpoint": "https://as.example/token"}
    settings = {name: made_up.get(name, "x") for name in platform.ways[0].needs}
    connection = Connection.from_settings({**settings, "platform": platform.name})
    known = platform.name != "generic"

    def address(address: str | None) -> str | None:
        return address.replace(SOME_DOMAIN, "{domain}") if address and known else None

    return {
        "platform": platform.name,
        "title": connection.title,
        "ways_in": [way._asdict() for way in platform.ways],
        "token_endpoint": address(connection.token_endpoint),
        "api_base": address(connection.api_base),
        "renewal": platform.renewal,
        "example": platform.example,
    }


def _describe(platform: Platform, facts: dict[str, Any]) -> None:
    print(f"{platform.name:18}  {facts['title']}")
    lines = [(f"by {way.name}", _settings(way)) for way in platform.ways]
    lines += [
        (name, facts[key]) for name, key in (("token from", "token_endpoint"), ("API at", "api_base")) if facts[key]
    ]
    lines += [("renewed", platform.renewal), ("example", f"python -m {platform.example}")]
    for name, text in lines:
        print(f"  {name:18}{text}")
    print()


def _settings(way: Way) -> str:
    return " ".join([*way.needs, *(f"[{name}]" for name in way.may_have)])
