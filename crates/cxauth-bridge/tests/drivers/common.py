"""What both drivers share: the store, the sources of secrets, and the talk with the test that started them."""

import fcntl
import json
import os
import random
import sys

from cxauth import AuthError
from cxauth._native import SecretSourceKind, open_connection, open_session


class FileStore:
    """The file of `cxauth::store::FileStore`, by the same rules: Rust and Python processes share one."""

    def __init__(self, path):
        self.path = path
        self.held = None

    def lock(self):
        """Waits for the lock. The operating system gives it back when its holder dies."""
        held = os.open(self.path + ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        self.held = held

    def load(self):
        try:
            with open(self.path, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def save(self, snapshot, at=lambda point: None):
        """Writes a new file and puts it in the old one's place, both made durable."""
        new = self.path + ".new"
        if os.path.exists(new):
            os.remove(new)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(snapshot)
            file.flush()
            os.fsync(file.fileno())
        at("written but not in place")
        os.rename(new, self.path)
        directory = os.open(os.path.dirname(self.path), os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def unlock(self):
        os.close(self.held)
        self.held = None


def read_secret(step):
    assert step.secret_source_kind() == SecretSourceKind.File
    with open(step.secret_source_values()[0], encoding="utf-8") as file:
        return file.read().removesuffix("\n")


class Talk:
    """One line in, one line out. The first line in is the setup; each other one is a round's moment."""

    def __init__(self):
        self.setup = json.loads(sys.stdin.readline())
        self.store = FileStore(self.setup["store"])

    def session(self):
        connection = open_connection(json.dumps(self.setup["connection"]))
        entropy = random.Random(self.setup["entropy"]).randbytes(16)
        return open_session(connection, self.setup["now"], entropy, True)

    def rounds(self):
        self.say("up")
        for line in sys.stdin:
            yield float(line)

    def answer(self, tokens):
        """All callers of one process have the same token."""
        (token,) = {(token.generation(), token.value()) for token in tokens}
        self.say(f"token {token[0]:.0f} {token[1]}")

    def answer_error(self, error):
        assert isinstance(error, AuthError), repr(error)
        self.say(f"error {error.code}")

    def at(self, point):
        """A place at which the test may kill this process."""
        if self.setup["traced"]:
            self.say(f"at {point}".replace("StepKind.", ""))
            assert sys.stdin.readline() == "go\n"

    def say(self, line):
        print(line, flush=True)
