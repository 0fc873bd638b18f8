"""Connections and the places of secrets."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import re
from collections import OrderedDict
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import get_type_hints

import pytest
from conftest import ROOT

import cxauth
from cxauth import _native

GENERIC = {"token_endpoint": "https://as.example/token", "client_id": "id", "client_secret": "secret"}


def test_each_platform_in_one_line() -> None:
    connections = [
        cxauth.Connection.cloudcx("cx.example.net:9001", "id", "user", "password"),
        cxauth.Connection.cisco_cx_cloud("id", "secret"),
        cxauth.Connection.sangoma_cx("id", "secret", ["cx.agent-calls"]),
        cxauth.Connection.cloudlx("id", "secret"),
        cxauth.Connection(**GENERIC),  # type: ignore[arg-type]
    ]
    assert [connection.platform for connection in connections] == cxauth.platforms()
    for cls in (cxauth.Client, cxauth.AsyncClient):
        clients = [
            cls.cloudcx("cx.example.net:9001", "id", "user", "password"),
            cls.cisco_cx_cloud("id", "secret", timeout=5),
            cls.sangoma_cx("id", "secret", ["cx.agent-calls"], background=False),
            cls.cloudlx("id", "secret", patience=3),
            cls.from_settings(GENERIC, trust_env=False),
        ]
        assert [client.platform for client in clients] == cxauth.platforms()
        assert {type(client) for client in clients} == {cls}


def test_a_subclass_makes_its_own() -> None:
    class Mine(cxauth.Client): ...

    assert type(Mine.cloudlx("id", "secret")) is Mine
    assert repr(Mine.cloudlx("id", "secret")).startswith("<cxauth.Mine cloudlx at ")


def test_it_shows_where_and_not_what() -> None:
    connection = cxauth.Connection.cloudcx("cx.example.net:9001", "id", "user", "hunter2")
    assert repr(connection) == "<cxauth.Connection cloudcx at https://cx.example.net:9001/oauth/token>"
    assert connection.title == "CloudCX"
    assert connection.api_base == "https://cx.example.net:9001/openapi/v2/"
    assert connection.api_url("user/page") == "https://cx.example.net:9001/openapi/v2/user/page"
    assert connection.allows("https://cx.example.net:9001/anything")
    assert not connection.allows("https://cx.example.net/anything")
    with pytest.raises(cxauth.ConfigurationError):
        connection.api_url("https://elsewhere.example/")
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(connection)


def test_settings_come_from_any_mapping() -> None:
    for mapping in (dict, OrderedDict, MappingProxyType):
        connection = cxauth.Connection.from_settings(mapping({**GENERIC, "scopes": ("a", "b"), "grace": None}))
        assert connection.scopes == ["a", "b"]
    with pytest.raises(TypeError):
        cxauth.Connection.from_settings("text")  # type: ignore[arg-type]


def test_functions_are_kept_beside_the_connection() -> None:
    def read() -> str:
        return "secret"

    connection = cxauth.Connection(token_endpoint="https://as.example/token", client_id="id", client_secret=read)
    assert connection.functions == {"client_secret": read}
    assert connection.provide is None
    external = cxauth.Connection(provide=read)
    assert external.native.is_external()
    assert external.provide is read


def test_every_setting_of_the_core_has_a_type() -> None:
    source = (ROOT / "crates" / "cxauth-core" / "src" / "settings.rs").read_text(encoding="utf-8")
    fields = source.partition("pub struct Settings {")[2].partition("}")[0]
    known = set(re.findall(r"pub\(crate\) (\w+):", fields))
    # Not a person's to set: what a profile says about itself, and the first argument.
    known -= {"title", "required", "platform"}
    assert known == set(cxauth.Settings.__annotations__)
    assert cxauth.platforms() == list(get_type_hints(_platform)["platform"].__args__)


def _platform(platform: cxauth.Platform) -> None: ...


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (cxauth.Environment("NAME"), 'Environment("NAME")'),
        (cxauth.File("/run/secrets/as"), 'File("/run/secrets/as")'),
        (cxauth.File(PurePosixPath("/run/secrets/as")), 'File("/run/secrets/as")'),
        (cxauth.Command(["pass", "show", "as"]), 'Command(["pass", ...])'),
        (cxauth.Command(["pass"]), 'Command(["pass"])'),
        (cxauth.Keychain("service/account"), 'Keychain("service/account")'),
    ],
)
def test_a_place_of_a_secret_is_a_value(source: object, text: str) -> None:
    assert repr(source) == text
    for other in (pickle.loads(pickle.dumps(source)), copy.deepcopy(source)):
        assert other == source
        assert hash(other) == hash(source)
    assert source != cxauth.Environment("OTHER")
    assert type(source).__module__ == "cxauth"


def test_places_have_parts() -> None:
    assert cxauth.Environment("NAME").name == "NAME"
    assert cxauth.File("path").path == "path"
    assert cxauth.Command(["a", "b"]).words == ("a", "b")
    assert cxauth.Keychain("a/b").entry == "a/b"
    with pytest.raises(TypeError, match="client_id cannot be a Environment"):
        cxauth.Connection(**{**GENERIC, "client_id": cxauth.Environment("NAME")})  # type: ignore[arg-type]


def test_numbers_cross_as_they_are() -> None:
    assert cxauth.Connection(**GENERIC, grace=30, refresh_lifetime=3600)  # type: ignore[arg-type]
    for wrong in (-1, 1.5, 10**30, True, "3"):
        with pytest.raises(cxauth.ConfigurationError, match="grace"):
            cxauth.Connection(**GENERIC, grace=wrong)  # type: ignore[arg-type]


def test_text_crosses_as_it_is() -> None:
    awkward = 'quote " backslash \\ snow ☃ control \x01'
    connection = cxauth.Connection(**{**GENERIC, "audience": awkward})  # type: ignore[arg-type]
    session = _native.open_session(connection.native, 0.0, bytes(16), store=False)
    body = session.next(0.0, session.acquire(0.0).flight()).request().body()
    assert json.dumps(awkward).encode()[:1] not in body
    assert b"audience=quote+%22+backslash+%5C+snow+%E2%98%83+control+%01" in body


def test_what_stands_in_the_documentation_is_there() -> None:
    for name in cxauth.__all__:
        thing = getattr(cxauth, name)
        assert inspect.getdoc(thing), name
