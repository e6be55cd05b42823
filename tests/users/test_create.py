"""POST /user_management/users"""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PASSWORD, create_user, messages
from tests.conftest import Client

USERS = "/user_management/users"


def test_created_user_is_read_back(client: Client) -> None:
    user = create_user(client, "Ada@Example.com", first_name="Ada", metadata={"plan": "pro"})
    assert client.get(f"{USERS}/{user['id']}").json() == user


def test_user_of_an_email_alone_has_every_member(client: Client) -> None:
    response = client.post(USERS, json={"email": "ada@example.com"})
    assert response.status_code == 201
    user = response.json()
    assert user["id"].startswith("user_01")
    assert user == {
        "object": "user",
        "id": user["id"],
        "email": "ada@example.com",
        "email_verified": False,
        "first_name": None,
        "last_name": None,
        "name": None,
        "profile_picture_url": None,
        "last_sign_in_at": None,
        "external_id": None,
        "metadata": {},
        "locale": None,
        "created_at": user["created_at"],
        "updated_at": user["created_at"],
    }


def test_all_members_are_kept(client: Client) -> None:
    members = {
        "email_verified": True,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "name": "Countess of Lovelace",
        "external_id": "crm-1",
        "metadata": {"plan": "pro"},
    }
    user = client.post(USERS, json={"email": "ada@example.com", **members}).json()
    assert {name: user[name] for name in members} == members


def test_name_is_not_derived_from_its_parts(client: Client) -> None:
    assert create_user(client, first_name="Ada", last_name="Lovelace")["name"] is None


def test_creation_causes_one_event_and_no_mail(client: Client) -> None:
    create_user(client, email_verified=False, password=PASSWORD)
    assert client.event_names() == ["user.created"]
    assert messages(client) == []


def test_answer_never_shows_a_password(client: Client) -> None:
    response = client.post(USERS, json={"email": "ada@example.com", "password": PASSWORD})
    assert "password" not in response.text


def test_address_is_kept_as_it_was_sent_but_trimmed(client: Client) -> None:
    assert create_user(client, "  Ada.L@Example.COM ")["email"] == "Ada.L@Example.COM"


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@example.com", "ada@EXAMPLE.com", " ada@example.com "])
def test_taken_address_is_refused_whatever_its_case(client: Client, email: str) -> None:
    create_user(client, "ada@example.com")
    response = client.post(USERS, json={"email": email, "password": PASSWORD})
    assert response.status_code == 400
    assert response.json() == {
        "code": "user_creation_error",
        "message": "Could not create user.",
        "errors": [{"code": "email_not_available", "message": "This email is not available."}],
    }


@pytest.mark.parametrize(
    "email",
    [
        "a@b.co",
        "ada+tag@example.com",
        "o'brien@example.com",
        "ada@sub.example.co.uk",
        "ü@example.com",
        "a@xn--bcher-kva.ch",
    ],
)
def test_unusual_address_is_accepted(client: Client, email: str) -> None:
    assert create_user(client, email)["email"] == email


@pytest.mark.parametrize(
    "email",
    [
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@example.",
        "ada@.com",
        "ada@a..com",
        "ada@b@example.com",
        "a da@example.com",
        "ada@exam ple.com",
        "a\nb@example.com",
        "a\x00b@example.com",
        "Ada <ada@example.com>",
        "a@example.com,b@example.com",
        "x" * 65 + "@example.com",
        "ada@" + "x" * 250 + ".com",
        " ",
    ],
)
def test_malformed_address_is_refused(client: Client, email: str) -> None:
    response = client.post(USERS, json={"email": email})
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_request_parameters"
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == ("email", "invalid_email")


@pytest.mark.parametrize("body", [{}, {"email": ""}, {"email": None}, {"email": 7}, {"email": ["ada@example.com"]}])
def test_address_is_required(client: Client, body: dict[str, Any]) -> None:
    response = client.post(USERS, json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "email_string_required"


@pytest.mark.parametrize("external_id", ["x", "x" * 128, "a/b c?d", "~!@#$%^&*()"])
def test_external_id_of_up_to_128_ascii_characters_is_accepted(client: Client, external_id: str) -> None:
    assert create_user(client, external_id=external_id)["external_id"] == external_id


@pytest.mark.parametrize("external_id", ["", "x" * 129, "é"])
def test_external_id_of_another_form_is_refused(client: Client, external_id: str) -> None:
    response = client.post(USERS, json={"email": "ada@example.com", "external_id": external_id})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["external_id"]


def test_taken_external_id_is_refused(client: Client) -> None:
    create_user(client, "ada@example.com", external_id="crm-1")
    response = client.post(USERS, json={"email": "bob@example.com", "external_id": "crm-1"})
    assert response.status_code == 400
    assert response.json() == {
        "code": "external_id_already_used",
        "message": "The external_id provided has already been assigned to another user.",
    }


def test_external_ids_differ_by_case(client: Client) -> None:
    create_user(client, "ada@example.com", external_id="crm-a")
    assert create_user(client, "bob@example.com", external_id="crm-A")["external_id"] == "crm-A"


def test_many_users_have_no_external_id(client: Client) -> None:
    create_user(client, "ada@example.com", external_id=None)
    assert create_user(client, "bob@example.com", external_id=None)["external_id"] is None
