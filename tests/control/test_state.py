"""A state is a fixture document that loads back to the same answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from mockserver.fixtures.collections import NAMES
from tests.builders import PASSWORD, create_user, sign_in
from tests.conftest import Client
from tests.control import worlds
from tests.control.builders import send_code
from tests.hosted.browser import Browser
from tests.sso_builders import exchange
from tests.users.test_password_hashes import KNOWN_ANSWERS


class Pair(NamedTuple):
    original: Client
    copy: Client
    world: dict[str, Any]
    """What `worlds.build` says of both."""


@pytest.fixture
def pair(new_client: Callable[..., Client]) -> Pair:
    original = new_client()
    world = worlds.build(original)
    return Pair(original, new_client(**original.get("/_emulate/state").json()), world)


def test_an_empty_environment_has_but_settings_and_the_default_role(client: Client) -> None:
    state = client.get("/_emulate/state").json()
    assert [(role["slug"], role["default"]) for role in state.pop("roles")] == [("member", True)]
    assert state == {"settings": client.get("/_emulate/settings").json()}


def test_a_state_holds_every_collection(pair: Pair) -> None:
    assert sorted(pair.original.get("/_emulate/state").json()) == sorted([*NAMES, "settings", "clock"])


def test_the_state_of_a_copy_is_the_same(pair: Pair) -> None:
    assert pair.copy.get("/_emulate/state").json() == pair.original.get("/_emulate/state").json()


def test_a_copy_gives_the_same_answers(pair: Pair) -> None:
    answers = worlds.answers(pair.original, pair.world)
    assert {status for status, _ in answers.values()} == {200}
    assert worlds.answers(pair.copy, pair.world) == answers


def test_a_refresh_token_works_in_the_copy(pair: Pair) -> None:
    answer = pair.copy.authenticate("refresh_token", refresh_token=pair.world["refresh_token"])
    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == pair.world["ada"]


def test_a_refresh_token_that_was_exchanged_long_ago_is_refused_in_the_copy(pair: Pair) -> None:
    pair.copy.advance(31)
    answer = pair.copy.authenticate("refresh_token", refresh_token=pair.world["rotated_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_password_signs_in_to_the_copy(pair: Pair) -> None:
    assert sign_in(pair.copy, "ada@example.com", PASSWORD)["user"]["id"] == pair.world["ada"]


@pytest.mark.parametrize("number", range(len(KNOWN_ANSWERS)))
def test_imported_hashes_sign_in_to_the_copy(pair: Pair, number: int) -> None:
    email = f"{number}@example.com"
    assert sign_in(pair.copy, email, KNOWN_ANSWERS[number][2])["user"]["email"] == email


def test_a_totp_step_that_was_used_is_refused_in_the_copy(pair: Pair) -> None:
    factor = pair.world["factor"]["id"]
    challenge = pair.copy.post(f"/auth/factors/{factor}/challenge").json()
    for code, valid in (
        (pair.world["used_totp"], False),
        (pair.copy.get(f"/_emulate/totp/{factor}").json()["code"], True),
    ):
        answer = pair.copy.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": code})
        assert answer.json()["valid"] is valid


def test_a_sign_in_that_was_begun_is_finished_in_the_copy(pair: Pair) -> None:
    factor = pair.world["factor"]["id"]
    answer = pair.copy.authenticate(
        "urn:workos:oauth:grant-type:mfa-totp",
        code=pair.copy.get(f"/_emulate/totp/{factor}").json()["code"],
        pending_authentication_token=pair.world["pending"],
        authentication_challenge_id=pair.copy.post(f"/auth/factors/{factor}/challenge").json()["id"],
    )
    assert answer.json()["user"]["id"] == pair.world["grace"]


def test_a_mailed_code_works_in_the_copy(pair: Pair) -> None:
    message = pair.copy.get("/_emulate/inbox/latest", params={"kind": "magic_auth"}).json()
    answer = pair.copy.authenticate(
        "urn:workos:oauth:grant-type:magic-auth:code", email="alan@example.com", code=message["code"]
    )
    assert answer.status_code == 200


def test_a_password_reset_works_in_the_copy(pair: Pair) -> None:
    body = {"token": pair.world["reset_token"], "new_password": "new-secure-password"}
    assert pair.copy.post("/user_management/password_reset/confirm", json=body).status_code == 200
    assert sign_in(pair.copy, "ada@example.com", "new-secure-password")


def test_a_sign_in_by_standalone_sso_goes_on_in_the_copy(pair: Pair) -> None:
    bearer = {"Authorization": f"Bearer {pair.world['sso_access_token']}"}
    profile = pair.copy.keyless.get("/sso/profile", headers=bearer).raise_for_status().json()
    assert exchange(pair.copy, pair.world["sso_code"]).json()["profile"] == profile


def test_a_logout_link_is_spent_in_the_copy(pair: Pair) -> None:
    query = {"token": pair.world["logout_token"]}
    assert pair.original.keyless.get("/sso/logout", params=query).status_code == 302
    assert pair.copy.keyless.get("/sso/logout", params=query).status_code == 302
    assert pair.copy.keyless.get("/sso/logout", params=query).status_code == 404


def test_an_authorization_code_works_once_in_the_copy(pair: Pair) -> None:
    answers = [pair.copy.authenticate("authorization_code", code=pair.world["code"]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 400]


def test_a_sign_in_in_a_browser_goes_on_in_the_copy(pair: Pair) -> None:
    browser = Browser(pair.copy)
    browser.name = pair.world["browser"]
    browser.open(f"/authkit/{pair.copy.client_id}/{pair.world['flow']}/sign-in/password")
    browser.submit(password=PASSWORD)
    assert browser.app == {**browser.app, "state": "s"}
    assert browser.exchange()["user"]["id"] == pair.world["ada"]


def test_an_invitation_that_waits_for_the_app_is_offered_in_the_copy(pair: Pair) -> None:
    browser = Browser(pair.copy)
    browser.name = pair.world["invited_browser"]
    assert browser.authorize().name == "invite"


def test_ids_of_the_copy_follow_those_of_the_original(pair: Pair) -> None:
    assert create_user(pair.copy, "new@example.com")["id"] > pair.world["gone"]


def test_a_mail_to_the_copy_is_its_latest_though_the_original_came_from_the_future(
    new_client: Callable[..., Client],
) -> None:
    original = new_client()
    original.advance(86400)
    old = send_code(original)
    original.delete("/_emulate/clock")
    copy = new_client(**original.get("/_emulate/state").json())
    assert send_code(copy)["id"] > old["id"]


def test_the_copy_is_a_world_of_its_own(pair: Pair) -> None:
    pair.copy.delete(f"/user_management/users/{pair.world['ada']}").raise_for_status()
    assert pair.original.get(f"/user_management/users/{pair.world['ada']}").status_code == 200
