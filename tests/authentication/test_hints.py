"""A refusal that is stricter than people expect is one log line, which says what relaxes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.authenticator import totp
from tests.builders import MAGIC_AUTH, PASSWORD, challenge_factor, create_user, enroll_totp
from tests.conftest import Client
from tests.sso_builders import create_acme, create_connection


def sign_in_unverified(client: Client) -> None:
    create_user(client, password=PASSWORD, email_verified=False)
    client.authenticate("password", email="ada@example.com", password=PASSWORD)


def sign_in_with_a_factor(client: Client) -> None:
    enroll_totp(client, create_user(client, password=PASSWORD)["id"])
    client.authenticate("password", email="ada@example.com", password=PASSWORD)


def sign_in_without_a_factor(client: Client) -> None:
    client.change_settings(mfa="required")
    create_user(client, password=PASSWORD)
    client.authenticate("password", email="ada@example.com", password=PASSWORD)


def sign_in_beside_a_connection(client: Client) -> None:
    create_connection(client, create_acme(client))
    create_user(client, "ada@acme.test", password=PASSWORD)
    client.authenticate("password", email="ada@acme.test", password=PASSWORD)


def replay_a_code(client: Client) -> None:
    factor = enroll_totp(client, create_user(client)["id"])["authentication_factor"]
    code = totp(client, factor["totp"]["secret"])
    for _ in range(2):
        challenge = challenge_factor(client, factor["id"])
        client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": code})


def send_a_wrong_secret(client: Client) -> None:
    client.authenticate("password", client_secret="sk_test_wrong", email="a", password="b")


def name_an_unknown_client(client: Client) -> None:
    client.authenticate("password", client_id="client_unknown", email="a", password="b")


def authorize_elsewhere(client: Client) -> None:
    query = {"client_id": client.client_id, "redirect_uri": "https://app.example.com", "response_type": "code"}
    client.keyless.get("/user_management/authorize", params=query)


def log_out_elsewhere(client: Client) -> None:
    query = {"session_id": "session_unknown", "return_to": "https://elsewhere.example.com"}
    client.keyless.get("/user_management/sessions/logout", params=query)


def use_a_method_switched_off(client: Client) -> None:
    client.change_settings(methods=["password"])
    client.authenticate(MAGIC_AUTH, email="ada@example.com", code="123456")


def use_passwords_switched_off(client: Client) -> None:
    client.change_settings(methods=["magic_auth"])
    client.authenticate("password", email="ada@example.com", password=PASSWORD)


def sign_up_where_it_is_closed(client: Client) -> None:
    client.change_settings(sign_up="closed")
    client.post("/user_management/magic_auth", json={"email": "ada@example.com"})


@pytest.mark.parametrize(
    ("do", "advice"),
    [
        (sign_in_unverified, "email_verification=off"),
        (sign_in_with_a_factor, "mfa=off"),
        (sign_in_without_a_factor, "mfa=off"),
        (sign_in_beside_a_connection, "policy: { binds_domain: false }"),
        (replay_a_code, "totp_reuse=allow"),
        (send_a_wrong_secret, "--api-key"),
        (name_an_unknown_client, "--client-id"),
        (authorize_elsewhere, "--redirect-uri"),
        (log_out_elsewhere, "sign_out_redirects"),
        (use_a_method_switched_off, "setting methods"),
        (use_passwords_switched_off, "setting methods"),
        (sign_up_where_it_is_closed, "sign_up=open"),
    ],
)
def test_refusal_is_one_line_with_advice(
    client: Client, caplog: pytest.LogCaptureFixture, do: Callable[[Client], None], advice: str
) -> None:
    do(client)
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert advice in line
    assert "\n" not in line


def test_hint_about_a_key_does_not_tell_it(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.authenticate("password", client_secret="sk_test_wrong_and_secret", email="a", password="b")
    assert "sk_test_wrong_and_secret" not in caplog.text
