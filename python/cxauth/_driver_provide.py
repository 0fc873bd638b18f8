"""Tokens that a function of the user's own brings (the grant `external`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxauth._driver_call import Call, Unusable
from cxauth._driver_outcome import Answer, Failed
from cxauth._native import FailureKind, Provided

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxauth._driver_outcome import Outcome


def providing(function: Callable[[], Any] | None) -> Call:
    """The call that brings a token."""
    return Call(function or _no_function, _provided, _failed)


def _provided(result: Any) -> Outcome:
    provided = Provided(result) if isinstance(result, str) else result
    if not isinstance(provided, Provided):
        raise Unusable(f"it returned {type(result).__name__}, neither cxauth.Provided nor str")
    return Answer(200, ["content-type"], ["application/json"], provided._answer())


def _no_function() -> str:
    raise Unusable("the grant external takes a function: give one with `provide`")


def _failed(why: str) -> Failed:
    return Failed(FailureKind.Interrupted, f"the function that provides tokens: {why}")
