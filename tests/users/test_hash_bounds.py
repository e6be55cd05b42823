"""No hash is taken at import that could not be derived at sign-in, or not in a few seconds."""

from __future__ import annotations

import base64

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mockserver.users.password_hashes import InvalidPasswordHash, check, is_own, parse, verify
from tests.builders import create_user, state
from tests.conftest import Client

DIGEST = base64.b64encode(b"d" * 32).decode().rstrip("=")
SALT = base64.b64encode(b"some salt").decode()


def bcrypt(cost: int) -> str:
    return f"$2b${cost:02}$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"


def scrypt(n: int, r: int, p: int, salt: str = SALT) -> str:
    return f"$scrypt$n={n},r={r},p={p},kl=32${salt}${DIGEST}"


def firebase(m: int, r: int) -> str:
    return f"$firebase-scrypt$r={r},m={m},ss=Bw,sk={DIGEST}${SALT}${DIGEST}"


def argon2(m: int, t: int, p: int) -> str:
    return f"$argon2id$v=19$m={m},t={t},p={p}${SALT}${DIGEST}"


REFUSED = [
    pytest.param("bcrypt", bcrypt(16), "bcrypt must be a number from 4 to 15, found '16'", id="bcrypt-16"),
    pytest.param("bcrypt", bcrypt(31), "bcrypt must be a number from 4 to 15, found '31'", id="bcrypt-31"),
    pytest.param("scrypt", scrypt(2, 1_000_000, 16), "more than 256 MiB", id="scrypt-r"),
    pytest.param("scrypt", scrypt(2, 2**17, 17), "p must be a number from 1 to 16", id="scrypt-p"),
    pytest.param("scrypt", scrypt(262_144, 8, 16), "n·r·p must be at most 4194304, found 33554432", id="scrypt-work"),
    pytest.param("scrypt", scrypt(524_288, 8, 1), "more than 256 MiB", id="scrypt-memory"),
    pytest.param("firebase-scrypt", firebase(18, 9), "more than 256 MiB", id="firebase-memory"),
    pytest.param("firebase-scrypt", firebase(1, 2**31), "more than 256 MiB", id="firebase-r"),
    pytest.param("argon2", argon2(64, 1, 1), "m must be a number from 4096 to 262144", id="argon2-memory"),
]


@pytest.mark.fault("A4a")
@pytest.mark.fault("A5")
@pytest.mark.parametrize(("type", "text", "reason"), REFUSED)
def test_hash_that_takes_too_long_is_refused_with_the_bound(client: Client, type: str, text: str, reason: str) -> None:
    members = {"password_hash": text, "password_hash_type": type}
    user = create_user(client)
    answers = [
        client.post("/user_management/users", json={"email": "bob@example.com", **members}),
        client.put(f"/user_management/users/{user['id']}", json=members),
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert [answer.json()["code"] for answer in answers] == ["invalid_password_hash"] * 2
    assert all(reason in answer.json()["message"] for answer in answers)


@pytest.mark.fault("A4a")
@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("bcrypt", bcrypt(16)),
        ("scrypt", scrypt(2, 1_000_000, 16)),
        ("argon2", argon2(64, 4_000_000_000, 1)),
        ("argon2", argon2(64, 2, 1)),
        ("argon2", f"$argon2id$v=19$m=64,t=1,p=1$c2FsdA${DIGEST}"),
    ],
)
def test_fixtures_and_states_are_held_to_the_same_bounds(client: Client, type: str, text: str) -> None:
    user = {"email": "ada@example.com", "password_hash": text, "password_hash_type": type}
    response = client.post("/_emulate/seed", json={"users": [user]})
    assert response.status_code == 422
    assert "password_hash" in response.json()["message"]
    assert state(client, "users") == []


@pytest.mark.fault("A5")
@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("bcrypt", bcrypt(4)),
        ("scrypt", scrypt(2, 1, 1)),
        ("scrypt", scrypt(2**15, 1, 1)),
        ("scrypt", scrypt(2, 2**12, 1)),
        ("scrypt", scrypt(2, 2**8, 16)),
        ("scrypt", scrypt(256, 8, 1, salt="")),
        ("firebase-scrypt", firebase(1, 1)),
        ("firebase-scrypt", firebase(15, 1)),
        ("pbkdf2", f"$pbkdf2$i=210000,d=sha512$${DIGEST}"),
        ("argon2", argon2(4096, 1, 1)),
        ("argon2", argon2(4096, 1, 8)),
        ("argon2", argon2(4096, 5, 8).replace("argon2id", "argon2i")),
    ],
)
def test_hash_at_an_extreme_is_derived(type: str, text: str) -> None:
    check(type, text)
    assert not verify(type, text, "wrong")


@st.composite
def hashes(draw: st.DrawFn) -> tuple[str, str]:
    def number(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    kind = draw(st.sampled_from(["bcrypt", "scrypt", "firebase-scrypt", "argon2", "ssha"]))
    salt = base64.b64encode(draw(st.binary(max_size=24))).decode()
    match kind:
        case "bcrypt":
            text = bcrypt(number(3, 6))
        case "scrypt":
            text = scrypt(2 ** number(0, 32), number(0, 40), number(0, 20), salt)
        case "firebase-scrypt":
            text = firebase(number(0, 33), number(0, 2000))
        case "argon2":
            text = argon2(4096 + number(-1, 1), number(0, 2), number(0, 9)).replace(SALT, salt)
        case _:
            text = "{SSHA}" + salt
    return kind, text


@pytest.mark.fault("A5")
@settings(max_examples=100)
@given(hashes(), st.text(max_size=80))
@example(("scrypt", scrypt(2, 1_000_000, 16)), "")
def test_whatever_is_accepted_can_be_derived(hash: tuple[str, str], password: str) -> None:
    type, text = hash
    try:
        check(type, text)
    except InvalidPasswordHash:
        return
    assume(parse(type, text).is_quick)
    assert verify(type, text, password) in (True, False)


@pytest.mark.fault("E5")
@pytest.mark.parametrize("memory", [64, 1024])
def test_own_hashes_of_today_and_before_are_known(memory: int) -> None:
    assert is_own(argon2(memory, 1, 1))


@pytest.mark.parametrize("text", ["", "secret", argon2(128, 1, 1), argon2(1024, 2, 1), argon2(64, 1, 2), bcrypt(4)])
def test_other_hashes_are_not_taken_for_our_own(text: str) -> None:
    assert not is_own(text)
