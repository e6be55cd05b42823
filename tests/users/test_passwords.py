"""Passwords of create and update: the policy, and which members go together."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import PASSWORD, create_user, sign_in, state
from tests.conftest import Client

USERS = "/user_management/users"
BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
SSHA256 = "{SSHA256}x1tymSTVjozxQ2PtT46ysrzhZxbcskK0o2f8hEFx7fAQQmhtDSEkJA=="


def call(client: Client, method: str, **members: Any) -> httpx.Response:
    """Creates a user, or updates one, with the members."""
    if method == "POST":
        return client.post(USERS, json={"email": "ada@example.com", **members})
    return client.put(f"{USERS}/{create_user(client)['id']}", json=members)


both = pytest.mark.parametrize("method", ["POST", "PUT"])


@both
def test_user_signs_in_with_the_password(client: Client, method: str) -> None:
    call(client, method, password=PASSWORD, email_verified=True).raise_for_status()
    assert sign_in(client)["user"]["email"] == "ada@example.com"


def test_new_password_replaces_the_old_one(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    client.put(f"{USERS}/{user['id']}", json={"password": "another-good-password"}).raise_for_status()
    assert sign_in(client, password="another-good-password")
    response = client.authenticate("password", email=user["email"], password=PASSWORD)
    assert response.json()["code"] == "invalid_credentials"


def test_new_password_causes_an_update_event_that_does_not_show_it(client: Client) -> None:
    call(client, "PUT", password=PASSWORD).raise_for_status()
    assert client.event_names() == ["user.created", "user.updated"]
    assert PASSWORD not in str(state(client, "events"))


def test_user_without_a_password_cannot_sign_in_with_one(client: Client) -> None:
    create_user(client)
    for password in (PASSWORD, ""):
        assert client.authenticate("password", email="ada@example.com", password=password).status_code == 400


@both
def test_weak_password_is_refused_with_every_reason(client: Client, method: str) -> None:
    response = call(client, method, password="12345")
    assert response.status_code == 400
    answer = response.json()
    assert answer["code"] == "password_strength_error"
    assert answer["message"] == "Password does not meet strength requirements."
    too_short, too_weak = answer["errors"]
    assert too_short == {
        "code": "password_too_short",
        "minimum_length": 10,
        "message": "Password must be 10 or more characters.",
    }
    assert too_weak["code"] == "password_too_weak"
    assert too_weak["suggestions"]


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("secure-password", []),
        ("xK7#mQ2!p", ["password_too_short"]),
        ("xK7#mQ2!pZ", []),
        ("password123", ["password_too_weak"]),
        ("aaaaaaaaaaaa", ["password_too_weak"]),
        ("", ["password_too_short", "password_too_weak"]),
        ("\U0001f600\u00e9\u4f60\u597d \x00 correct horse", []),
        ("correct horse battery staple " * 200, []),
    ],
)
def test_policy_wants_ten_characters_that_are_hard_to_guess(client: Client, password: str, codes: list[str]) -> None:
    response = call(client, "POST", password=password)
    assert [error["code"] for error in response.json().get("errors", [])] == codes
    assert response.status_code == (400 if codes else 201)


@pytest.mark.parametrize("password", ["", "1", "12345"])
def test_policy_may_be_off(client: Client, password: str) -> None:
    client.change_settings(password_policy="off")
    assert call(client, "POST", password=password).status_code == 201


def test_setting_changes_the_numbers_of_the_policy(client: Client) -> None:
    client.change_settings(password_policy={"minimum_length": 4, "minimum_score": 0})
    (error,) = call(client, "POST", password="123").json()["errors"]
    assert error["minimum_length"] == 4
    assert call(client, "POST", password="1234").status_code == 201


@both
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"password": PASSWORD, "password_hash": BCRYPT}, "password_and_password_hash_provided"),
        (
            {"password": PASSWORD, "password_hash": BCRYPT, "password_hash_type": "bcrypt"},
            "password_and_password_hash_provided",
        ),
        ({"password": PASSWORD, "password_hash_type": "bcrypt"}, "password_and_password_hash_type_provided"),
        ({"password_salt_position": "prefix"}, "password_salt_position_requires_password_hash"),
        ({"password": PASSWORD, "password_salt_position": "prefix"}, "password_salt_position_requires_password_hash"),
        (
            {"password_hash": BCRYPT, "password_hash_type": "bcrypt", "password_salt_position": "suffix"},
            "password_salt_position_requires_password_hash",
        ),
        ({"password_hash": BCRYPT}, "invalid_password_hash"),
        ({"password_hash_type": "bcrypt"}, "invalid_password_hash"),
        ({"password_hash": "secret", "password_hash_type": "bcrypt"}, "invalid_password_hash"),
        ({"password_hash": "", "password_hash_type": "bcrypt"}, "invalid_password_hash"),
        ({"password_hash": BCRYPT, "password_hash_type": "argon2"}, "invalid_password_hash"),
        ({"password_hash": BCRYPT + "\n", "password_hash_type": "bcrypt"}, "invalid_password_hash"),
    ],
)
def test_members_that_do_not_go_together_are_refused(
    client: Client, method: str, members: dict[str, str], code: str
) -> None:
    response = call(client, method, **members)
    assert response.status_code == 400
    assert response.json()["code"] == code
    assert response.json()["message"]


@both
@pytest.mark.parametrize(
    "members", [{"password_hash_type": "md5"}, {"password_hash_type": "BCRYPT"}, {"password_salt_position": "middle"}]
)
def test_unknown_type_or_position_is_a_validation_error(client: Client, method: str, members: dict[str, str]) -> None:
    response = call(client, method, password_hash=SSHA256, **members)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == list(members)


def test_refused_password_creates_no_user(client: Client) -> None:
    call(client, "POST", password="short")
    assert client.get(USERS).json()["data"] == []
    assert client.event_names() == []
