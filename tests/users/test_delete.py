"""DELETE /user_management/users/{id}"""

from __future__ import annotations

import pytest

from tests.builders import PASSWORD, create_user, event_data
from tests.conftest import Client

USERS = "/user_management/users"


def test_deletion_answers_200_without_a_body(client: Client) -> None:
    response = client.delete(f"{USERS}/{create_user(client)['id']}")
    assert response.status_code == 200
    assert response.content == b""
    assert "content-type" not in response.headers


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_deleted_user_is_not_found(client: Client, method: str) -> None:
    user = create_user(client, external_id="crm-1")
    client.delete(f"{USERS}/{user['id']}").raise_for_status()
    assert client.request(method, f"{USERS}/{user['id']}").status_code == 404
    assert client.get(f"{USERS}/external_id/crm-1").status_code == 404
    assert client.get(USERS).json()["data"] == []


def test_deletion_causes_an_event_with_the_last_state(client: Client) -> None:
    user = create_user(client)
    client.delete(f"{USERS}/{user['id']}").raise_for_status()
    assert client.event_names() == ["user.created", "user.deleted"]
    assert event_data(client, "user.deleted") == [user]


def test_address_and_external_id_of_a_deleted_user_are_free(client: Client) -> None:
    user = create_user(client, external_id="crm-1")
    client.delete(f"{USERS}/{user['id']}").raise_for_status()
    again = create_user(client, external_id="crm-1")
    assert again["id"] != user["id"]


def test_deleted_user_cannot_sign_in(client: Client) -> None:
    user = create_user(client, password=PASSWORD)
    client.delete(f"{USERS}/{user['id']}").raise_for_status()
    response = client.authenticate("password", email=user["email"], password=PASSWORD)
    assert response.json()["code"] == "invalid_credentials"


def test_deleting_a_missing_user_names_it(client: Client) -> None:
    response = client.delete(f"{USERS}/user_x")
    assert response.status_code == 404
    assert response.json()["message"] == "User not found: 'user_x'."
