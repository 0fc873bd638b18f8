"""Signing somebody in: flights in which a person takes part, and that nobody else waits for."""

from __future__ import annotations

import os
from inspect import isawaitable
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

from cxauth import _driver_threads
from cxauth._driver_flight import land, unforeseen
from cxauth._driver_outcome import Done
from cxauth._driver_surroundings import here
from cxauth._native import StepKind
from cxauth._prompt import DevicePrompt
from cxauth.errors import AuthError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxauth._driver import Driver
    from cxauth._driver_flight import Flight
    from cxauth._native import Authorization, Session, SignIn, Step

LOOK_AGAIN: Final = 0.25
"""Whoever pauses looks so often, in seconds, whether it is time: the clock may be one that is moved by hand."""


def begin(driver: Driver, redirect_uri: str | None) -> Authorization:
    """Where the person goes, in synchronous code."""
    return _authorization(driver.run(lambda session, now: _authorize(session, now, redirect_uri), BROKEN_OFF))


async def begin_async(driver: Driver, redirect_uri: str | None) -> Authorization:
    """The same in a task of asyncio or trio."""
    flight = await driver.run_async(lambda session, now: _authorize(session, now, redirect_uri), BROKEN_OFF)
    return _authorization(flight)


def finish(driver: Driver, sign_in: SignIn, redirect_url: str) -> None:
    """The browser is back, in synchronous code. What is sent then goes on whatever becomes of the caller."""
    try:
        driver.run(lambda session, now: session.lead_code(now, sign_in.to_text(), redirect_url), BROKEN_OFF)
    finally:
        # What a traceback would show with the variables of this frame.
        redirect_url = ""


async def finish_async(driver: Driver, sign_in: SignIn, redirect_url: str) -> None:
    """The same in a task of asyncio or trio."""
    try:
        await driver.run_async(lambda session, now: session.lead_code(now, sign_in.to_text(), redirect_url), BROKEN_OFF)
    finally:
        redirect_url = ""


def on_device(driver: Driver, show: Callable[[DevicePrompt], object]) -> None:
    """Signs in on another device. The caller itself waits for the person: with it the sign-in ends."""
    flight = _lead_device(driver)
    try:
        while (step := driver.next(flight)) is not None:
            kind = step.kind()
            if kind == StepKind.Prompt:
                show(_prompt(step))
                outcome: Any = Done()
            elif kind == StepKind.Pause:
                _driver_threads.wait(flight, _left(driver, step))
                outcome = Done()
            else:
                try:
                    outcome = driver.performer.perform(flight, step)
                except Exception as error:  # noqa: BLE001
                    outcome = unforeseen(error)
            driver.tell(flight, outcome)
    finally:
        driver.end(flight)
    driver.explain(flight, BROKEN_OFF)


async def on_device_async(driver: Driver, show: Callable[[DevicePrompt], object]) -> None:
    """The same in a task of asyncio or trio, where showing it may be asynchronous."""
    surroundings = here()
    flight = _lead_device(driver)
    flight.blocked_by = get_ident()
    try:
        while (step := driver.next(flight)) is not None:
            kind = step.kind()
            if kind == StepKind.Prompt:
                shown = show(_prompt(step))
                if isawaitable(shown):
                    await shown
                outcome: Any = Done()
            elif kind == StepKind.Pause:
                await surroundings.wait(flight, _left(driver, step))
                outcome = Done()
            else:
                try:
                    outcome = await driver.performer.perform_async(flight, step, surroundings)
                except Exception as error:  # noqa: BLE001
                    outcome = unforeseen(error)
            driver.tell(flight, outcome)
    finally:
        await land(driver, flight, surroundings)
    driver.explain(flight, BROKEN_OFF)


def _authorize(session: Session, now: float, redirect_uri: str | None) -> int:
    return session.lead_authorization(now, os.urandom(64), redirect_uri)


def _lead_device(driver: Driver) -> Flight:
    return driver.begin(lambda session, now: session.lead_device_sign_in(now))


def _authorization(flight: Flight) -> Authorization:
    authorization, flight.authorization = flight.authorization, None
    if authorization is None:
        raise AuthError(*BROKEN_OFF)
    return authorization


def _prompt(step: Step) -> DevicePrompt:
    return DevicePrompt(
        step.user_code() or "",
        step.verification_uri() or "",
        step.verification_uri_complete(),
        step.until_ms(),
    )


def _left(driver: Driver, step: Step) -> float:
    """How long to pause before the next look at the clock, in seconds."""
    return max(0.0, min((step.until_ms() or 0.0) / 1000 - driver.now(), LOOK_AGAIN))


BROKEN_OFF: Final = ("signing in was broken off: begin anew", "interrupted", "retry")
