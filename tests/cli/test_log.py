"""The log: what was asked and mailed, why something was refused, and no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mockserver.testing import MockServer
from tests.builders import PASSWORD, create_user, sign_in
from tests.cli.process import Process, serving


@pytest.fixture(scope="module")
def plain() -> Iterator[Process]:
    with serving() as process:
        yield process


@pytest.fixture(scope="module")
def quiet() -> Iterator[Process]:
    with serving("--log-level", "warning") as process:
        yield process


def lines(log: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in log.splitlines()]


def test_each_request_is_a_json_line(plain: Process) -> None:
    with plain.client() as client:
        client.get("/user_management/users/user_of_the_log")
    log = plain.wait_for_log(lambda log: "user_of_the_log" in log)
    (line,) = [line for line in lines(log) if "user_of_the_log" in line["message"]]
    assert sorted(line) == ["level", "logger", "message", "time"]
    assert line["message"].startswith("GET /user_management/users/user_of_the_log 404 ")
    assert (line["level"], line["logger"]) == ("info", "mockserver.requests")


def test_the_line_of_a_refusal_has_its_code_and_the_first_wrong_field(plain: Process) -> None:
    with plain.client() as client:
        client.authenticate("password", email="nobody@example.com", password="wrong-password")
        client.post("/user_management/users", json={"first_name": "Ada"})
        client.post("/_emulate/reset", json={"a secret": "that is no name"})
    log = plain.wait_for_log(lambda log: "/_emulate/reset 4" in log)
    refused = [line["message"].rpartition(" ms")[0].rpartition(" ")[0] for line in lines(log)]
    assert "POST /user_management/authenticate 400 invalid_credentials" in refused
    assert "POST /user_management/users 422 invalid_request_parameters email" in refused
    assert "POST /_emulate/reset 422 invalid_request_parameters" in refused


def test_a_mailed_code_is_shown_with_its_address(plain: Process) -> None:
    with plain.client() as client:
        client.post("/user_management/magic_auth", json={"email": "code@example.com"}).raise_for_status()
        code = client.latest_message("code@example.com")["code"]
    plain.wait_for_log(lambda log: f"mail magic_auth to code@example.com: {code}" in log)


def test_a_mailed_link_is_shown(plain: Process) -> None:
    with plain.client() as client:
        create_user(client, "reset@example.com")
        client.post("/user_management/password_reset", json={"email": "reset@example.com"}).raise_for_status()
        link = client.latest_message("reset@example.com")["link"]
    plain.wait_for_log(lambda log: f"mail password_reset to reset@example.com: {link}" in log)


def test_an_unknown_key_is_explained_without_showing_it(plain: Process) -> None:
    key = "sk_test_which_nobody_knows"
    httpx.get(f"{plain.start['url']}/user_management/users", headers={"Authorization": f"Bearer {key}"})
    log = plain.wait_for_log(lambda log: "no environment has the API key" in log)
    assert "start with --api-key" in log
    assert key not in log


def test_a_refused_password_names_the_setting_that_relaxes_it(plain: Process) -> None:
    with plain.client() as client:
        client.post("/user_management/users", json={"email": "weak@example.com", "password": "hunter2"})
    log = plain.wait_for_log(lambda log: "--set password_policy=off" in log)
    assert "hunter2" not in log


def test_a_refused_redirect_says_how_to_register_it(plain: Process) -> None:
    query = {
        "client_id": "client_default",
        "redirect_uri": "myapp://cb",
        "response_type": "code",
        "provider": "authkit",
    }
    httpx.get(f"{plain.start['url']}/user_management/authorize", params=query)
    plain.wait_for_log(lambda log: "register 'myapp://cb' with --redirect-uri" in log)


def test_an_unverified_address_names_the_setting_that_lets_it_pass(plain: Process) -> None:
    with plain.client() as client:
        create_user(client, "unverified@example.com", password=PASSWORD, email_verified=False)
        assert client.authenticate("password", email="unverified@example.com", password=PASSWORD).status_code == 403
    plain.wait_for_log(lambda log: "email_verification" in log and "answers 403" in log)


def test_a_wrong_client_secret_is_explained(plain: Process) -> None:
    body = {"client_id": "client_default", "client_secret": "sk_test_wrong_secret", "grant_type": "refresh_token"}
    httpx.post(f"{plain.start['url']}/user_management/authenticate", json={**body, "refresh_token": "x"})
    log = plain.wait_for_log(lambda log: "/user_management/authenticate answers" in log)
    assert "sk_test_wrong_secret" not in log


def test_keys_passwords_and_tokens_stay_out_of_the_log(plain: Process) -> None:
    with plain.client() as client:
        create_user(client, "secrets@example.com", password="correct-horse-battery")
        session = sign_in(client, "secrets@example.com", "correct-horse-battery")
        refreshed = client.authenticate("refresh_token", refresh_token=session["refresh_token"]).json()
        client.get("/user_management/users/the_last_line")
    log = plain.wait_for_log(lambda log: "the_last_line" in log)
    secrets = [session["access_token"], session["refresh_token"], refreshed["refresh_token"], "correct-horse-battery"]
    assert [secret for secret in (*secrets, "sk_test_default") if secret in log] == []


def test_at_level_warning_only_refusals_are_logged(quiet: Process) -> None:
    with quiet.client() as client:
        create_user(client)
        client.post("/user_management/users", json={"email": "weak@example.com", "password": "pw"})
    log = quiet.wait_for_log(lambda log: "password_policy" in log)
    assert [line["level"] for line in lines(log)] == ["warning"]


def test_fixtures_that_were_not_loaded_are_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "fixtures.yaml"
    file.write_text("users: []")
    with MockServer(data=tmp_path / "data"):
        pass
    with serving("--data", tmp_path / "data", "--fixtures", file) as process:
        log = process.log()
    assert [line["message"] for line in lines(log)] == [
        "the data directory holds an environment already, so the fixtures were not loaded"
    ]
