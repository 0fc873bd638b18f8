"""The errors: what they carry and what they are."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import datetime, timezone

import pytest
from conftest import ROOT

import cxauth
from cxauth import _native

CLASSES: dict[str, type[cxauth.AuthError]] = {
    "retry": cxauth.TemporaryError,
    "sign_in": cxauth.SignInRequired,
    "fix_configuration": cxauth.ConfigurationError,
    "report": cxauth.UnexpectedError,
}


def an_error() -> cxauth.AuthError:
    return cxauth.AuthError(
        "why, and what to do", "rate_limited", "retry", 1_700_000_000_500.0, 429, "slow_down", "wait"
    )


def test_the_class_says_what_to_do() -> None:
    for action, cls in CLASSES.items():
        error = cxauth.AuthError("why", "code", action)
        assert type(error) is cls
        assert isinstance(error, cxauth.AuthError)
    assert type(cxauth.AuthError("why", "code", "of a later version")) is cxauth.AuthError
    assert type(cxauth.TemporaryError("why", "code", "report")) is cxauth.TemporaryError


def test_every_action_of_the_glossary_has_a_class() -> None:
    glossary = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## `(\w+)`$", glossary, re.MULTILINE)) == set(CLASSES)
    for code in _native.error_codes():
        assert f"| `{code}` |" in glossary


def test_it_carries_its_parts() -> None:
    error = an_error()
    assert str(error) == "why, and what to do"
    assert (error.code, error.action, error.status) == ("rate_limited", "retry", 429)
    assert (error.server_error, error.server_description) == ("slow_down", "wait")
    assert error.retry_at == datetime(2023, 11, 14, 22, 13, 20, 500_000, timezone.utc)
    assert cxauth.AuthError("why", "code", "retry").retry_at is None


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_a_copy_is_the_same_error(copied: object) -> None:
    assert callable(copied)
    error = an_error()
    other = copied(error)
    assert type(other) is cxauth.TemporaryError
    assert other.args == error.args
    assert vars(other) == vars(error)


def test_the_native_module_raises_it() -> None:
    with pytest.raises(cxauth.ConfigurationError) as caught:
        _native.open_connection("{}")
    assert caught.value.code == "missing_setting"
    with pytest.raises(cxauth.UnexpectedError) as report:
        _native.snapshot_generation("damaged")
    assert report.value.code == "snapshot_damaged"
