"""A user's metadata is not in the answers of authenticate."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import MAGIC_AUTH, PASSWORD, create_code, create_magic_auth, create_user, enroll_totp, sign_in
from tests.conftest import Client
from tests.organization_builders import add_member, create_organization

pytestmark = pytest.mark.fault("B2")


def create_ada(client: Client) -> dict[str, Any]:
    return create_user(client, password=PASSWORD, metadata={"plan": "pro"}, external_id="crm-1", first_name="Ada")


def assert_same_without_metadata(client: Client, shown: dict[str, Any]) -> None:
    user = client.get(f"/user_management/users/{shown['id']}").json()
    assert user.pop("metadata") == {"plan": "pro"}
    assert shown == user


def test_success_of_each_grant_leaves_it_out(client: Client) -> None:
    user = create_ada(client)
    password = sign_in(client)
    code = client.authenticate("authorization_code", code=create_code(client, user)).json()
    magic = create_magic_auth(client)["code"]
    mailed = client.authenticate(MAGIC_AUTH, email=user["email"], code=magic).json()
    assert_same_without_metadata(client, mailed["user"])
    refreshed = client.authenticate("refresh_token", refresh_token=password["refresh_token"]).json()
    assert_same_without_metadata(client, refreshed["user"])
    assert not any("metadata" in answer["user"] for answer in (password, code))


def test_step_of_the_second_factor_leaves_it_out(client: Client) -> None:
    user = create_ada(client)
    client.change_settings(mfa="required")
    enrolment = client.authenticate("password", email=user["email"], password=PASSWORD).json()
    assert enrolment["code"] == "mfa_enrollment"
    assert_same_without_metadata(client, enrolment["user"])
    enroll_totp(client, user["id"])
    challenge = client.authenticate("password", email=user["email"], password=PASSWORD).json()
    assert challenge["code"] == "mfa_challenge"
    assert_same_without_metadata(client, challenge["user"])


def test_choice_of_an_organization_leaves_it_out(client: Client) -> None:
    user = create_ada(client)
    for name in ("Acme", "Beta"):
        add_member(client, user, create_organization(client, name))
    choice = client.authenticate("password", email=user["email"], password=PASSWORD).json()
    assert choice["code"] == "organization_selection_required"
    assert_same_without_metadata(client, choice["user"])
