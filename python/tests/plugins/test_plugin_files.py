"""Files of tokens: one for each connection, encrypted where that is wanted, shared by the plug-ins and the clients."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from redis_server import RedisServer, redis_server

import cxauth
import cxauth.requests
import cxauth.stores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Simulator

CLIENTS = pytest.mark.parametrize("make", [cxauth.Client, cxauth.requests.Auth])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


def connection_of(simulator: Simulator, name: str, **settings: Any) -> cxauth.Connection:
    return cxauth.Connection(**simulator.connection(name, **settings))


def in_directory(folder: Path, **options: Any) -> Callable[[cxauth.Connection], cxauth.stores.FileStore]:
    return lambda connection: cxauth.stores.FileStore.in_directory(folder, connection, **options)


@CLIENTS
def test_a_directory_has_a_file_for_each_connection(simulator: Simulator, tmp_path: Path, make: Any) -> None:
    folder = tmp_path / "tokens"
    assert cxauth.stores.FileStore.all_in_directory(folder) == []
    store = in_directory(folder)
    tokens = set()
    for name in ("generic", "cloudlx"):
        connection = connection_of(simulator, name)
        tokens.add(make(connection, store=store(connection)).token().reveal())
        again = connection_of(simulator, name, client_secret="another secret, which shapes no token")
        assert store(again).path == store(connection).path
        assert make(again, store=store(again)).token().reveal() in tokens
    assert len(tokens) == 2
    found = cxauth.stores.FileStore.all_in_directory(folder)
    assert sorted(Path(store.path).name.partition("-")[0] for store in found) == ["cloudlx", "generic"]
    assert all(store.look() for store in found)


@CLIENTS
def test_a_file_is_encrypted_with_keys(simulator: Simulator, tmp_path: Path, make: Any) -> None:
    keys, connection = cxauth.stores.generate_keys("2026-11"), connection_of(simulator, "generic/password")
    store = in_directory(tmp_path, keys=keys)(connection)
    token = make(connection, store=store).token()
    content = Path(store.path).read_bytes()
    assert content.startswith(b"cxs")
    assert not [secret for secret in simulator.secrets() if secret.encode() in content]
    assert make(connection, store=in_directory(tmp_path, keys=keys)(connection)).token().reveal() == token.reveal()
    (found,) = cxauth.stores.FileStore.all_in_directory(tmp_path, keys=keys)
    assert found.look()
    assert simulator.count("token_requests") == 1

    # Without the key, or with another one, it stays where it is, and the error names the key.
    for other in (None, cxauth.stores.generate_keys("other")):
        with pytest.raises(cxauth.AuthError, match="2026-11") as caught:
            make(connection, store=in_directory(tmp_path, keys=other)(connection)).token()
        assert caught.value.code == "store_unavailable"
        assert not [key for key in keys.replace("\n", ":").split(":") if len(key) > 20 and key in str(caught.value)]
    assert Path(store.path).read_bytes() == content

    # A key is replaced: the first one encrypts, all of them open.
    new = cxauth.stores.generate_keys("2027-01")
    (seals,) = (line for line in keys.splitlines() if line.startswith("2026-11:"))
    both = cxauth.stores.FileStore(store.path, keys=new + seals)
    lock = both.lock()
    snapshot = lock.load()
    assert snapshot is not None
    lock.save(snapshot)
    lock.unlock()
    assert cxauth.stores.FileStore(store.path, keys=new).look() == snapshot


@pytest.mark.parametrize(
    "keys", ["cxauth-canary", "", "names:cxauth-canary", b"cxauth-canary", cxauth.Keychain("canary")]
)
def test_keys_that_are_none_are_not_shown(tmp_path: Path, keys: Any) -> None:
    with pytest.raises((cxauth.ConfigurationError, TypeError), match="key") as caught:
        cxauth.stores.FileStore(tmp_path / "tokens", keys=keys)
    assert "canary" not in str(caught.value)
    with pytest.raises(cxauth.ConfigurationError, match="key"):
        cxauth.stores.generate_keys("not a name")


SEALED_BY_KEYCHAIN = """
import sys, cxauth.stores
store = cxauth.stores.FileStore(sys.argv[1], keys=cxauth.Keychain("cxauth-test/tokens"))
try:
    store.prepare_key()
except cxauth.AuthError as error:
    sys.exit(f"{error.code}: {error}")
lock = store.lock()
text = lock.load() or sys.argv[2]
lock.save(text)
lock.unlock()
print(cxauth.stores.generation(store.look()))
"""

SESSION = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 97; exec "$@"'


def test_the_keychain_keeps_the_key(simulator: Simulator, tmp_path: Path) -> None:
    plain = cxauth.stores.FileStore(tmp_path / "plain")
    cxauth.Client(connection_of(simulator, "generic"), store=plain).token()
    path, text = tmp_path / "tokens", plain.look()
    assert text is not None
    run = [sys.executable, "-c", SEALED_BY_KEYCHAIN, str(path), text]
    # What else it has of the desktop whose user runs this would find the wrong keychain.
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    home = {**kept, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    for _ in range(2):
        session = ["dbus-run-session", "--", "sh", "-c", SESSION, "sh", *run]
        done = subprocess.run(session, env=home, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
        assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
        assert path.read_bytes().startswith(b"cxs")
    # Without a keychain nothing is written in the clear instead.
    path.unlink()
    done = subprocess.run(run, env=home, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "store_unavailable" in done.stderr
    assert not path.exists()


@CLIENTS
@pytest.mark.parametrize("kind", ["directory", "redis"])
def test_a_changed_identity_leaves_the_first_ones_place_alone(
    simulator: Simulator, tmp_path: Path, server: RedisServer, make: Any, kind: str
) -> None:
    redis = cxauth.stores.Redis(server.url, server.keys)
    store_of: Any = in_directory(tmp_path / "tokens") if kind == "directory" else lambda _: redis
    one, other = (connection_of(simulator, name) for name in ("sangoma-cx/one-scope", "sangoma-cx"))
    changing = make(one, store=store_of(one))
    first = changing.token().reveal()
    changing.change(scopes=simulator.connection("sangoma-cx")["scopes"])
    second = changing.token().reveal()
    assert first != second
    # Who is the one or the other finds its tokens, a child that was forked included.
    assert make(one, store=store_of(one)).token().reveal() == first, "the first place is as it was"
    assert make(other, store=store_of(other)).token().reveal() == second
    changing.change(client_secret="another secret, which shapes no token")
    assert changing.token().reveal() == second
    child = os.fork()
    if child == 0:
        os._exit(0 if changing.token().reveal() == second else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert simulator.count("token_requests", "sangoma-cx") == 2
    places: Any = server.names() if kind == "redis" else cxauth.stores.FileStore.all_in_directory(tmp_path / "tokens")
    assert len(places) == 2
