"""Sign-ins: what a scenario keeps of them while somebody is in the browser, and names for what was drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from reading import Json, ScenarioError, parse

from cxauth import _native as bridge

_RANDOM = re.compile(r"[A-Za-z0-9._~-]{43}")
_DRAWN = {
    "state": _RANDOM,
    "code_challenge": _RANDOM,
    "code_verifier": _RANDOM,
    "client_assertion": re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII),
}
"""What is drawn from the entropy, by the name of the field that carries it, and how it looks."""


@dataclass(frozen=True)
class Kept:
    """What is kept of one, and the state that went out with it."""

    names: frozenset[str]
    text: str
    state: str


@dataclass
class SignIns:
    """Those that came out as `authorize`. They belong to the scenario: another process may go on."""

    _kept: list[Kept] = field(default_factory=list)
    """The latest last."""

    def keep(self, names: set[str], text: str, state: str | None) -> None:
        """Keeps what a program would keep, for the redirect with the state that went out."""
        if state is None:
            raise ScenarioError("no state went out with the sign-in")
        if not bridge.sign_in_is_answered_by(text, f"https://app.example/?state={state}"):
            raise ScenarioError("the state that went out is not the one of what is to be kept")
        self._kept.append(Kept(frozenset(names), text, state))

    def find(self, of: str | None) -> Kept:
        """The latest one, or that of a name."""
        for kept in reversed(self._kept):
            if of is None or of in kept.names:
                return kept
        raise ScenarioError("there is no sign-in" if of is None else f"`of`: there is no sign-in {of}")


def authorization(step: bridge.Step) -> tuple[Json, str | None]:
    """Where the browser goes, and the state if the address carries it."""
    url = urlsplit(step.authorization_url() or "")
    parameters, state = _named(_form(url.query))
    return {"url": url._replace(query="").geturl(), "parameters": parameters}, state


def request(sent: bridge.TokenRequest) -> tuple[Json, str | None]:
    """The request, with names for what was drawn, and the state if it carries one."""
    headers = dict(zip(sent.header_names(), sent.header_values(), strict=True))
    body = bytes(sent.body())
    value: dict[str, Json] = {
        "method": sent.method(),
        "url": sent.url(),
        "headers": headers,
        "body": body.decode(errors="replace"),
    }
    content_type, state = headers.get("content-type"), None
    if content_type == "application/x-www-form-urlencoded":
        value["form"], state = _named(_form(value["body"]))
    elif content_type == "application/json":
        value["json"], state = _named(_json(body))
    return value, state


def _named(sent: Json) -> tuple[Json, str | None]:
    """Puts a name in the place of each value that was drawn and looks as it should."""
    if not isinstance(sent, dict):
        return sent, None
    fields = dict(sent)
    for name, look in _DRAWN.items():
        value = fields.get(name)
        if isinstance(value, str) and look.fullmatch(value):
            fields[name] = f"{{{name}}}"
    state = sent.get("state")
    return fields, state if isinstance(state, str) else None


def _json(body: bytes) -> Json:
    try:
        return parse(body)
    except ValueError:
        return None


def _form(body: str) -> Json:
    """A field that stands twice comes out as an array, which no expectation of one text equals."""
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
