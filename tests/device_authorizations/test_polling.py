"""A device asks whether it has been approved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import claims, create_user, event_data, list_sessions, state
from tests.conftest import Client
from tests.device_authorizations.builders import DEVICE_CODE, approve, authorize_device, deny, error, poll


def test_poll_before_the_decision_is_told_to_go_on(client: Client) -> None:
    response = poll(client, authorize_device(client))
    assert response.status_code == 400
    text = "The authorization request is still pending as the user hasn't yet completed the user interaction flow."
    assert response.json() == {
        "error": "authorization_pending",
        "error_description": text,
        "code": "authorization_pending",
        "message": text,
    }


def test_polls_at_the_interval_stay_pending(client: Client) -> None:
    client.put("/_emulate/clock", json={"frozen": True}).raise_for_status()
    device = authorize_device(client)
    for _ in range(3):
        assert error(poll(client, device)) == "authorization_pending"
        client.advance(device["interval"])


def test_each_poll_that_comes_too_early_adds_five_seconds_to_the_interval(client: Client) -> None:
    client.put("/_emulate/clock", json={"frozen": True}).raise_for_status()
    device = authorize_device(client)
    answers = []
    for seconds in (0, 4, 9, 15, 14):
        client.advance(seconds)
        answers.append(error(poll(client, device)))
    assert answers == ["authorization_pending", "slow_down", "slow_down", "authorization_pending", "slow_down"]
    assert state(client, "deviceAuthorizations")[0]["interval"] == 20


def test_clock_set_back_does_not_slow_a_device_down(client: Client) -> None:
    client.advance(3600)
    device = authorize_device(client)
    poll(client, device)
    client.delete("/_emulate/clock").raise_for_status()
    assert error(poll(client, device)) == "authorization_pending"


def test_approved_device_is_signed_in(client: Client) -> None:
    user = create_user(client)
    device = authorize_device(client)
    approve(client, device, email=user["email"])
    answer = poll(client, device).json()
    assert (answer["user"]["id"], answer["authentication_method"]) == (user["id"], "Password")
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 300)
    (session,) = list_sessions(client, user["id"])
    assert claims(answer["access_token"])["sid"] == session["id"]
    refreshed = client.authenticate("refresh_token", refresh_token=answer["refresh_token"]).json()
    assert "access_token" in refreshed
    assert "token_type" not in refreshed


def test_decision_is_heard_without_waiting_for_the_interval(client: Client) -> None:
    create_user(client)
    device = authorize_device(client)
    poll(client, device)
    approve(client, device, email="ada@example.com")
    assert poll(client, device).status_code == 200


def test_poll_may_be_a_form_and_names_where_the_user_sits(client: Client) -> None:
    user = create_user(client)
    device = authorize_device(client)
    approve(client, device, email=user["email"])
    form = {"client_id": client.client_id, "grant_type": DEVICE_CODE, "device_code": device["device_code"]}
    form["user_agent"] = "acme-cli/1.0"
    client.keyless.post("/user_management/authenticate", data=form).raise_for_status()
    (session,) = list_sessions(client, user["id"])
    assert session["user_agent"] == "acme-cli/1.0"


def test_device_signs_in_once(client: Client) -> None:
    create_user(client)
    device = authorize_device(client)
    approve(client, device, email="ada@example.com")
    poll(client, device)
    assert error(poll(client, device)) == "invalid_grant"


def test_denied_device_is_told_so(client: Client) -> None:
    device = authorize_device(client)
    deny(client, device)
    assert [error(poll(client, device)) for _ in range(2)] == ["access_denied", "access_denied"]


@pytest.mark.parametrize("is_approved", [False, True])
def test_device_code_expires_after_five_minutes(client: Client, is_approved: bool) -> None:
    create_user(client)
    device = authorize_device(client)
    client.advance(290)
    if is_approved:
        approve(client, device, email="ada@example.com")
    client.advance(10)
    assert error(poll(client, device)) == "expired_token"


def test_unknown_device_code_is_refused(client: Client) -> None:
    assert error(poll(client, {"device_code": "unknown"})) == "invalid_grant"


def test_device_code_of_another_environment_is_refused(client: Client, new_client: Callable[..., Client]) -> None:
    assert error(poll(new_client(), authorize_device(client))) == "invalid_grant"


def test_device_whose_user_is_gone_is_refused(client: Client) -> None:
    user = create_user(client)
    device = authorize_device(client)
    approve(client, device, user_id=user["id"])
    client.delete(f"/user_management/users/{user['id']}").raise_for_status()
    assert error(poll(client, device)) == "invalid_grant"


def test_poll_without_a_device_code_is_refused(client: Client) -> None:
    response = poll(client, {"device_code": ""})
    assert response.json() == {"error": "invalid_request", "error_description": "device_code is required."}


def test_poll_of_an_unknown_client_is_refused(client: Client) -> None:
    response = poll(client, authorize_device(client), client_id="client_unknown")
    assert error(response) == "invalid_client"


def test_sign_in_is_recorded_with_the_method_of_the_browser(client: Client) -> None:
    user = create_user(client)
    device = authorize_device(client)
    approve(client, device, email=user["email"])
    poll(client, device)
    (succeeded,) = event_data(client, "authentication.password_succeeded")
    assert succeeded["user_id"] == user["id"]
    assert client.event_names().count("session.created") == 1
    assert "device_code" not in str(state(client, "events"))
