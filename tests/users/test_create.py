from __future__ import annotations

from tests.builders import PASSWORD, create_user
from tests.conftest import Client


def test_created_user_is_read_back(client: Client) -> None:
    user = create_user(client, "Ada@Example.com", first_name="Ada", metadata={"plan": "pro"})
    assert client.get(f"/user_management/users/{user['id']}").json() == user


def test_taken_address_is_refused_whatever_its_case(client: Client) -> None:
    create_user(client, "ada@example.com")
    response = client.post("/user_management/users", json={"email": "ADA@example.com", "password": PASSWORD})
    assert response.status_code == 400
    assert response.json() == {
        "code": "user_creation_error",
        "message": "Could not create user.",
        "errors": [{"code": "email_not_available", "message": "This email is not available."}],
    }
