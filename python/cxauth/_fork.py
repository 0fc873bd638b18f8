"""Forks: gunicorn, Celery's prefork pool and `multiprocessing` copy a process with its memory and one of its threads.

What other threads were at work on stays as it was for ever in the child: a lock that is held is never given back, a
renewal that is under way never ends. So the child makes everything anew, and takes from its parent only what it can
without waiting: the access token.
"""

from __future__ import annotations

import os

from cxauth import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cxauth._connection import Connection

_generation = [0]


def generation() -> int:
    """How many forks lie between the program's start and this process.

    Whoever keeps state that a child must not use notes this number beside it, and compares.
    """
    return _generation[0]


def inherit(session: _native.Session, connection: Connection, now_ms: float, *, store: bool = False) -> _native.Session:
    """A session for this process, which was forked, that goes on from its parent's.

    The access token goes along. A refresh token that ends when it is used stays with the parent, unless a store keeps
    the two in step or the connection has no other way to a token. A session that the parent was in when it forked
    is not waited for: the new one then starts without tokens.

    `connection` is the one that the parent's session was opened with, later changes included.
    """
    return _native.fork_session(session, connection.native, now_ms, os.urandom(32), store)


def _in_child() -> None:
    _generation[0] += 1
    _native.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_native.before_fork,
        after_in_parent=_native.after_fork_in_parent,
        after_in_child=_in_child,
    )
