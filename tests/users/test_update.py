"""PUT /user_management/users/{id}"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.builders import create_user, event_data
from tests.conftest import Client

USERS = "/user_management/users"
NOW = "2027-01-15T12:00:00.000Z"


def update(client: Client, user: dict[str, Any], **changes: Any) -> httpx.Response:
    return client.put(f"{USERS}/{user['id']}", json=changes)


def test_only_members_that_were_sent_change(client: Client) -> None:
    user = create_user(client, first_name="Ada", last_name="Byron", external_id="crm-1", metadata={"plan": "pro"})
    client.put("/_emulate/clock", json={"now": NOW, "frozen": True}).raise_for_status()
    response = update(client, user, last_name="Lovelace")
    assert response.status_code == 200
    assert response.json() == {**user, "last_name": "Lovelace", "updated_at": NOW}
    assert client.get(f"{USERS}/{user['id']}").json() == response.json()


def test_all_members_may_change_at_once(client: Client) -> None:
    user = create_user(client)
    changes = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "name": "Countess",
        "external_id": "crm-1",
        "metadata": {"plan": "pro"},
        "locale": "en-GB",
    }
    updated = update(client, user, **changes).json()
    assert {name: updated[name] for name in changes} == changes


@pytest.mark.parametrize("name", ["first_name", "last_name", "name", "external_id", "locale"])
def test_null_clears_a_member(client: Client, name: str) -> None:
    user = create_user(client)
    update(client, user, **{name: "en"}).raise_for_status()
    assert update(client, user, **{name: None}).json()[name] is None


def test_change_causes_one_event_with_the_new_user(client: Client) -> None:
    user = create_user(client)
    updated = update(client, user, first_name="Ada", last_name="Lovelace", metadata={"plan": "pro"}).json()
    assert client.event_names() == ["user.created", "user.updated"]
    assert event_data(client, "user.updated") == [updated]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"first_name": "Ada"},
        {"email": "ada@example.com", "email_verified": True},
        {"metadata": {"plan": "pro"}},
        {"external_id": "crm-1"},
        {"last_name": None},
        {"locale": None},
        {"unknown": 1},
    ],
)
def test_update_that_changes_nothing_causes_no_event(client: Client, changes: dict[str, Any]) -> None:
    user = create_user(client, first_name="Ada", metadata={"plan": "pro"}, external_id="crm-1")
    client.advance(60)
    assert update(client, user, **changes).json() == user
    assert client.event_names() == ["user.created"]


def test_missing_user_is_not_found(client: Client) -> None:
    response = client.put(f"{USERS}/user_x", json={"first_name": "Ada"})
    assert response.status_code == 404
    assert response.json()["entity_id"] == "user_x"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": 7}, "first_name"),
        ({"email_verified": "yes"}, "email_verified"),
        ({"metadata": "plan"}, "metadata"),
        ({"email": ""}, "email"),
        ({"password": 7}, "password"),
        ({"password_hash_type": "md5"}, "password_hash_type"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": "x" * 129}, "external_id"),
        ({"external_id": "é"}, "external_id"),
    ],
)
def test_invalid_member_is_refused(client: Client, changes: dict[str, Any], field: str) -> None:
    response = update(client, create_user(client), **changes)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_external_id_of_another_user_is_refused(client: Client) -> None:
    create_user(client, "bob@example.com", external_id="crm-1")
    response = update(client, create_user(client), external_id="crm-1")
    assert response.status_code == 400
    assert response.json()["code"] == "external_id_already_used"


def test_cleared_external_id_is_free_again(client: Client) -> None:
    bob = create_user(client, "bob@example.com", external_id="crm-1")
    update(client, bob, external_id=None).raise_for_status()
    assert update(client, create_user(client), external_id="crm-1").json()["external_id"] == "crm-1"
    assert client.get(f"{USERS}/external_id/crm-1").json()["email"] == "ada@example.com"


@pytest.mark.parametrize("locale", ["en", "pt-BR", "zh-Hant-TW", "es-419", "en_US"])
def test_locale_is_accepted(client: Client, locale: str) -> None:
    assert update(client, create_user(client), locale=locale).json()["locale"] == locale


@pytest.mark.parametrize("locale", ["", "e", "english!", "en-", "12", "en US"])
def test_malformed_locale_is_refused(client: Client, locale: str) -> None:
    response = update(client, create_user(client), locale=locale)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_locale"


def test_refused_update_changes_nothing(client: Client) -> None:
    user = create_user(client)
    assert update(client, user, first_name="Ada", locale="!").status_code == 400
    assert update(client, user, first_name="Ada", password="short").status_code == 400
    assert client.get(f"{USERS}/{user['id']}").json() == user
    assert client.event_names() == ["user.created"]
