"""Signing with the client's keys: in this process, or by a function of the user's own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cxauth._driver_call import Call, Unusable
from cxauth._driver_outcome import Failed, Signature
from cxauth._driver_secrets import found, place_of
from cxauth._native import FailureKind, SecretSourceKind, sign_with_pem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cxauth._driver_outcome import Outcome
    from cxauth._native import Step

SIGNER = "signer:"
"""Functions that sign have names that begin so, among all others."""


def signing(step: Step, functions: Mapping[str, Callable[..., Any]]) -> Call:
    """The call that brings the signature. What it says names the key's place and nothing of the key."""
    algorithm, signing_input = step.algorithm() or "", step.signing_input()
    name, read = place_of(step)

    def failed(why: str) -> Failed:
        return Failed(FailureKind.Connect, f"client_key: {name}: {why}")

    if step.secret_source_kind() == SecretSourceKind.Function:
        signer = functions.get(SIGNER + step.secret_source_values()[0])
        if signer is None:
            return Call(_no_signer, _signature, failed)
        return Call(partial(signer, signing_input, algorithm), _signature, failed)

    def sign(content: bytes) -> Outcome:
        try:
            return Signature(sign_with_pem(found(content), algorithm, signing_input))
        except ValueError as error:
            why = str(error)
        finally:
            # What a traceback would show with the variables of this frame.
            content = b""
        raise Unusable(why)

    return Call(read, sign, failed)


def _signature(result: Any) -> Outcome:
    if not isinstance(result, (bytes, bytearray)):
        raise Unusable(f"it returned {type(result).__name__} where bytes are wanted")
    return Signature(bytes(result))


def _no_signer() -> bytes:
    raise Unusable("the program gave no function of this name: give one with `signers`")
