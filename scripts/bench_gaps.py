"""How long one call keeps all others waiting: the longest answer to `GET /health` while it runs."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench_tools import PASSWORD, Client, Process, Sizes, Table, mock_server, request_for

LIMIT = 50  # ms
LARGEST_BODY = 63 << 20
MAILS = 100_000
MEMBERS = 10_000
USERS = 10_000
KEEP_ALL = {"mails_kept": 0, "events_kept": 0}
CREDENTIALS = {"client_id": "client_default", "client_secret": "sk_test_default", "grant_type": "password"}


SALT, DIGEST = "c2FsdHNhbHRzYWx0c2FsdA", base64.b64encode(bytes(32)).decode().rstrip("=")
# Each kind at the most that an import may ask for.
HASHES = {
    "bcrypt": "$2b$15$" + "a" * 21 + "u" + "b" * 30 + "e",
    "scrypt": f"$scrypt$v=1$n=131072,r=8,p=4,kl=32${SALT}${DIGEST}",
    "firebase-scrypt": f"$firebase-scrypt$hash={DIGEST}$salt={SALT}$sk={DIGEST}$ss=Bw==$r=15$m=17",
    "pbkdf2": f"$pbkdf2$i=1000000,d=sha512${SALT}${DIGEST}",
    "argon2": f"$argon2id$v=19$m=262144,t=5,p=8${SALT}${DIGEST}",
}
# What zxcvbn takes longest for: many substitutions, sequences, repeats, words, keyboard walks, years.
WORST_PASSWORDS = {
    "substitutions": "a" * 32 + "4@8({[<369!1|0$5+7%2" * 2,
    "substitutions alone": "4@8({[<369!1|0$5+7%2" * 6,
    "repeats": "abcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabc",
    "digits": "1920192119221923192419251926192719281929193019311932193319341935193619",
    "words": "correcthorsebatterystaplepasswordmonkeydragonlettermeinsunshineprincess",
    "32 characters": "p@$5w0rd!1|l0v3y0u4@8({[<369!$%2",
}


class _Bench:
    """A running server, its connection for the calls, and where the figures go."""

    def __init__(self, table: Table, server: Process) -> None:
        self._table, self.server = table, server
        self._client = Client(server.port)

    def measure(self, name: str, request: bytes) -> None:
        """Sends it while another connection asks for the server's health again and again."""
        with _probed(self.server) as longest:
            self._client.send(request)
            status, body = self._client.answer()
        if status >= 500:
            raise RuntimeError(f"{name} was answered {status}: {body[:300].decode(errors='replace')}")
        self._table.add(f"longest gap: {name} ({status})", longest(), "ms", LIMIT)

    def call(self, name: str, method: str, path: str, content: Any = None, key: str = "sk_test_default") -> None:
        self.measure(name, request_for(method, path, content, api_key=key))


def gaps(table: Table, _: Sizes) -> None:
    """The largest is what is asked for, whatever the sizes."""
    with mock_server("--log-level", "error") as server:
        bench = _Bench(table, server)
        for kind, text in HASHES.items():
            _import(server, kind, text)
            bench.measure(f"sign-in with {kind}", _sign_in(f"{kind}@example.com"))
        for number, (name, password) in enumerate(WORST_PASSWORDS.items()):
            user = {"email": f"worst-{number}@example.com", "password": password}
            bench.call(f"password of {name}", "POST", "/user_management/users", user)
        body = {"email": "body@example.com", "metadata": {f"key-{number}": "x" * 500 for number in range(1800)}}
        bench.call("a body of 1 MiB", "POST", "/user_management/users", body)
        _large_environment(bench)
        _deletions(bench)
    with mock_server("--log-level", "error", "--argon2", "rfc9106") as server:
        bench = _Bench(table, server)
        user = {"email": "ada@example.com", "password": PASSWORD}
        bench.call("new password, --argon2 rfc9106", "POST", "/user_management/users", user)
        bench.measure("sign-in, --argon2 rfc9106", _sign_in("ada@example.com"))


def _large_environment(bench: _Bench) -> None:
    """The largest seed, state, reset and deletion of an environment."""
    server = bench.server
    fixtures: dict[str, Any] = {"settings": KEEP_ALL}
    key = server.send("POST", "/_emulate/environments", {"name": "large", "fixtures": fixtures})["api_key"]
    largest = _users_of(LARGEST_BODY)
    bench.measure("seed of 63 MiB without a key", _seed(largest, "sk_none"))
    bench.measure("seed of 63 MiB", _seed(largest, key))
    bench.call("reset of it", "POST", "/_emulate/reset", {}, key)
    users = [{"email": f"user-{number}@example.com"} for number in range(USERS)]
    bench.call(f"seed of {USERS:,} users", "POST", "/_emulate/seed", {"users": users}, key)
    passwords = [{"email": f"password-{number}@example.com", "password": PASSWORD} for number in range(2000)]
    bench.call("seed of 2,000 passwords", "POST", "/_emulate/seed", {"users": passwords}, key)
    for start in range(0, MAILS, 20_000):
        mails = [_mail(number) for number in range(start, start + 20_000)]
        server.send("POST", "/_emulate/seed", {"messages": mails}, api_key=key)
    bench.call(f"state with {MAILS:,} mails", "GET", "/_emulate/state", key=key)
    bench.call(f"deletion of {MAILS:,} mails", "DELETE", "/_emulate/inbox", key=key)
    other = {"name": "other", "fixtures": {"users": users}}
    bench.call(f"environment with {USERS:,} users", "POST", "/_emulate/environments", other)
    bench.call("deletion of that environment", "DELETE", "/_emulate/environments/other")


def _deletions(bench: _Bench) -> None:
    """Of an organization with many members, and of a user in many organizations."""
    for what, path in (("organization", "/organizations"), ("user", "/user_management/users")):
        key = bench.server.send("POST", "/_emulate/environments", {"fixtures": _crowd(what)})["api_key"]
        found = bench.server.send("GET", f"{path}?limit=1&order=asc", api_key=key)["data"][0]["id"]
        bench.call(f"deletion of the {what} of {MEMBERS:,} memberships", "DELETE", f"{path}/{found}", key=key)


def _crowd(what: str) -> dict[str, Any]:
    many, ada = range(MEMBERS), [{"email": "ada@example.com"}]
    if what == "user":
        return {"users": ada, "organizations": [{"name": f"Of {number}", "memberships": ada} for number in many]}
    users = [{"email": f"user-{number}@example.com"} for number in many]
    return {"users": users, "organizations": [{"name": "Acme", "memberships": users}]}


@contextmanager
def _probed(server: Process) -> Iterator[Callable[[], float]]:
    found = [0.0]
    is_over = threading.Event()
    client, request = Client(server.port), request_for("GET", "/health")

    def probe() -> None:
        while not is_over.is_set():
            started = time.perf_counter()
            client.call(request)
            found[0] = max(found[0], (time.perf_counter() - started) * 1e3)
            time.sleep(0.001)

    thread = threading.Thread(target=probe)
    thread.start()
    try:
        yield lambda: found[0]
    finally:
        is_over.set()
        thread.join()


def _import(server: Process, kind: str, text: str) -> None:
    """A hash whose password nobody knows: it is derived all the same."""
    user = {"email": f"{kind}@example.com", "email_verified": True, "password_hash": text, "password_hash_type": kind}
    server.send("POST", "/user_management/users", user)


def _sign_in(email: str) -> bytes:
    credentials = {**CREDENTIALS, "email": email, "password": PASSWORD}
    return request_for("POST", "/user_management/authenticate", credentials)


def _users_of(size: int) -> bytes:
    """A fixture document of about so many bytes."""
    row = {"email": "user-0000000@example.com", "first_name": "Ada", "metadata": {"note": "x" * 580}}
    each = len(json.dumps(row)) + 2
    users = [{**row, "email": f"user-{number:07}@example.com"} for number in range(size // each - 1)]
    return json.dumps({"users": users}).encode()


def _mail(number: int) -> dict[str, Any]:
    return {
        "kind": "magic_auth",
        "to": f"user-{number}@example.com",
        "from": "no-reply@example.com",
        "subject": "Your code",
        "text": f"Your code is 123456. {'x' * 200}",
        "html": f"<p>123456</p>{'x' * 1000}",
        "code": "123456",
    }


def _seed(body: bytes, key: str) -> bytes:
    head = f"POST /_emulate/seed HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n"
    return f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
