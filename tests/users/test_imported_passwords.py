"""Imported hashes of every type sign their user in, and give way to argon2 at the first success."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import argon2
import bcrypt
import pytest

from tests.builders import create_user, sign_in, state
from tests.conftest import Client

USERS = "/user_management/users"
PASSWORD = "pässword, imported"
SALT = b"a salt of 16 byt"


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def bare(content: bytes) -> str:
    return base64_of(content).rstrip("=")


def imported(type: str, password: str = PASSWORD) -> dict[str, str]:
    """The members that import a hash which another tool made of the password."""
    secret = password.encode()
    match type:
        case "bcrypt":
            hash = bcrypt.hashpw(secret, bcrypt.gensalt(4)).decode()
        case "ssha":
            hash = "{SSHA}" + base64_of(hashlib.sha1(secret + SALT).digest() + SALT)
        case "ssha256":
            hash = "{SSHA256}" + base64_of(hashlib.sha256(secret + SALT).digest() + SALT)
        case "scrypt":
            digest = hashlib.scrypt(secret, salt=SALT, n=1024, r=8, p=1, dklen=64)
            hash = f"$scrypt$v=1$n=1024,r=8,p=1,kl=64${bare(SALT)}${bare(digest)}"
        case "pbkdf2":
            digest = hashlib.pbkdf2_hmac("sha512", secret, SALT, 210_000)
            hash = f"$pbkdf2$i=210000,d=sha512${bare(SALT)}${bare(digest)}"
        case _:
            hash = argon2.PasswordHasher(time_cost=1, memory_cost=4096, parallelism=1).hash(password)
    return {"password_hash": hash, "password_hash_type": type}


# The example of the documentation of Firebase, whose password is user1password.
FIREBASE = {
    "password_hash_type": "firebase-scrypt",
    "password_hash": "$firebase-scrypt$v=1$r=8,m=14,ss=Bw,"
    "sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA"
    "$42xEC+ixf3L2lw$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ",
}
OTHERS = ["bcrypt", "ssha", "ssha256", "scrypt", "pbkdf2"]


def kept_type(client: Client) -> str:
    (user,) = state(client, "users")
    return str(user["password_hash_type"])


def fails(client: Client, password: str) -> bool:
    response = client.authenticate("password", email="ada@example.com", password=password)
    return response.status_code == 400 and bool(response.json()["code"] == "invalid_credentials")


@pytest.mark.parametrize("type", [*OTHERS, "argon2"])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_imported_hash_signs_its_user_in(client: Client, type: str, method: str) -> None:
    if method == "POST":
        create_user(client, **imported(type))
    else:
        user = create_user(client, password="the password before")
        client.put(f"{USERS}/{user['id']}", json=imported(type)).raise_for_status()
    assert fails(client, "the password before")
    assert sign_in(client, password=PASSWORD)["authentication_method"] == "Password"


@pytest.mark.parametrize("type", OTHERS)
def test_hash_gives_way_to_argon2_at_the_first_success(client: Client, type: str) -> None:
    create_user(client, **imported(type))
    assert fails(client, "wrong")
    assert kept_type(client) == type
    sign_in(client, password=PASSWORD)
    assert kept_type(client) == "argon2"
    assert sign_in(client, password=PASSWORD)
    assert fails(client, "wrong")


def test_hash_of_firebase_signs_its_user_in(client: Client) -> None:
    create_user(client, **FIREBASE)
    assert fails(client, "user2password")
    assert sign_in(client, password="user1password")
    assert kept_type(client) == "argon2"


def test_imported_argon2_stays_as_it_is(client: Client) -> None:
    members = imported("argon2")
    create_user(client, **members)
    sign_in(client, password=PASSWORD)
    (user,) = state(client, "users")
    assert user["password_hash"] == members["password_hash"]


@pytest.mark.fault("A5")
def test_imported_argon2_may_name_its_parameters_in_any_order_and_be_padded(client: Client) -> None:
    _, id, version, _, salt, digest = imported("argon2")["password_hash"].split("$")
    hash = f"${id}${version}$p=1,t=1,m=4096${salt}==${digest}="
    create_user(client, password_hash=hash, password_hash_type="argon2")
    assert sign_in(client, password=PASSWORD)


@pytest.mark.fault("E5")
def test_hash_of_an_older_version_is_verified_and_made_anew(client: Client) -> None:
    hash = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    user = {"email": "ada@example.com", "email_verified": True, "password_hash": hash, "password_hash_type": "argon2"}
    client.post("/_emulate/seed", json={"users": [user]}).raise_for_status()
    assert fails(client, "wrong")
    assert sign_in(client, password=PASSWORD)
    (kept,) = state(client, "users")
    assert kept["password_hash"].startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert sign_in(client, password=PASSWORD)


@pytest.mark.parametrize("variant", list(argon2.Type))
def test_every_variant_of_argon2_is_taken(client: Client, variant: argon2.Type) -> None:
    hasher = argon2.PasswordHasher(time_cost=3, memory_cost=4096, parallelism=1, type=variant)
    create_user(client, password_hash=hasher.hash(PASSWORD), password_hash_type="argon2")
    assert sign_in(client, password=PASSWORD)


@pytest.mark.parametrize(
    ("members", "is_prefix"),
    [({}, False), ({"password_salt_position": "suffix"}, False), ({"password_salt_position": "prefix"}, True)],
)
def test_ssha256_knows_where_its_salt_was(client: Client, members: dict[str, Any], is_prefix: bool) -> None:
    secret = PASSWORD.encode()
    digest = hashlib.sha256(SALT + secret if is_prefix else secret + SALT).digest()
    hash = "{SSHA256}" + base64_of(digest + SALT)
    create_user(client, password_hash=hash, password_hash_type="ssha256", **members)
    assert sign_in(client, password=PASSWORD)


@pytest.mark.parametrize("type", ["bcrypt", "ssha", "argon2"])
def test_imported_password_need_not_follow_the_policy(client: Client, type: str) -> None:
    create_user(client, **imported(type, "123"))
    assert sign_in(client, password="123")


@pytest.mark.parametrize("type", [*OTHERS, "argon2"])
@pytest.mark.parametrize("password", ["", "\x00", PASSWORD + "\x00x", "x" * 5000])
def test_odd_password_is_only_wrong(client: Client, type: str, password: str) -> None:
    create_user(client, **imported(type))
    response = client.authenticate("password", email="ada@example.com", password=password)
    assert response.status_code == 400


def test_new_password_replaces_an_imported_hash(client: Client) -> None:
    user = create_user(client, **imported("bcrypt"))
    client.put(f"{USERS}/{user['id']}", json={"password": "a new good password"}).raise_for_status()
    assert fails(client, PASSWORD)
    assert sign_in(client, password="a new good password")
