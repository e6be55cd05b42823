from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from tests.builders import PASSWORD, claims, create_code, create_user, enroll_totp, event_data, list_sessions
from tests.conftest import Client
from tests.sso_builders import sign_in_by_code

# The example of RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def refusal(code: str) -> dict[str, str]:
    return {"error": "invalid_grant", "error_description": f"The code '{code}' has expired or is invalid."}


def test_code_signs_its_user_in(client: Client) -> None:
    user = create_user(client)
    response = client.authenticate("authorization_code", code=create_code(client, user))
    assert response.status_code == 200
    assert set(response.json()) == {"user", "access_token", "refresh_token", "authentication_method"}
    assert response.json()["user"]["id"] == user["id"]
    assert response.json()["user"]["last_sign_in_at"] is not None


def test_unknown_code_is_refused(client: Client) -> None:
    response = client.authenticate("authorization_code", code="01UNKNOWN")
    assert response.status_code == 400
    assert response.json() == refusal("01UNKNOWN")


def test_used_code_is_refused(client: Client) -> None:
    user = create_user(client)
    code = create_code(client, user)
    client.authenticate("authorization_code", code=code)
    response = client.authenticate("authorization_code", code=code)
    assert response.status_code == 400
    assert response.json() == refusal(code)
    assert len(list_sessions(client, user["id"])) == 1


@pytest.mark.parametrize(("seconds", "status"), [(590, 200), (600, 400)])
def test_code_is_valid_for_ten_minutes(client: Client, seconds: int, status: int) -> None:
    code = create_code(client, create_user(client))
    client.advance(seconds)
    response = client.authenticate("authorization_code", code=code)
    assert response.status_code == status
    if status == 400:
        assert response.json() == refusal(code)


def test_verifier_of_the_rfc_matches_its_challenge(client: Client) -> None:
    code = create_code(client, create_user(client), code_challenge=CHALLENGE)
    assert client.authenticate("authorization_code", code=code, code_verifier=VERIFIER).status_code == 200


def test_padded_challenge_matches_too(client: Client) -> None:
    verifier = "x" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    code = create_code(client, create_user(client), code_challenge=challenge)
    assert client.authenticate("authorization_code", code=code, code_verifier=verifier).status_code == 200


def test_wrong_verifier_is_refused_and_does_not_spend_the_code(client: Client) -> None:
    code = create_code(client, create_user(client), code_challenge=CHALLENGE)
    response = client.authenticate("authorization_code", code=code, code_verifier=VERIFIER[::-1])
    assert response.status_code == 400
    assert response.json() == refusal(code)
    assert client.authenticate("authorization_code", code=code, code_verifier=VERIFIER).status_code == 200


def test_challenge_itself_is_no_verifier(client: Client) -> None:
    code = create_code(client, create_user(client), code_challenge=CHALLENGE)
    response = client.authenticate("authorization_code", code=code, code_verifier=CHALLENGE)
    assert response.json() == refusal(code)


def test_verifier_is_required_where_a_challenge_is_stored(client: Client) -> None:
    code = create_code(client, create_user(client), code_challenge=CHALLENGE)
    response = client.authenticate("authorization_code", code=code)
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_request", "error_description": "code_verifier is required."}


def test_verifier_without_a_stored_challenge_is_refused(client: Client) -> None:
    code = create_code(client, create_user(client))
    response = client.authenticate("authorization_code", code=code, code_verifier=VERIFIER)
    assert response.status_code == 400
    assert response.json()["code"] == "code_challenge_not_found"
    assert response.json()["message"]


@pytest.mark.parametrize(
    ("method", "auth_method", "event"),
    [
        ("Password", "password", "authentication.password_succeeded"),
        ("MagicAuth", "magic_code", "authentication.magic_auth_succeeded"),
        ("Passkey", "passkey", "authentication.passkey_succeeded"),
        ("GoogleOAuth", "oauth", "authentication.oauth_succeeded"),
        ("GitHubOAuth", "oauth", "authentication.oauth_succeeded"),
    ],
)
def test_method_of_the_code_is_that_of_session_and_event(
    client: Client, method: str, auth_method: str, event: str
) -> None:
    user = create_user(client)
    code = create_code(client, user, authentication_method=method)
    answer = client.authenticate("authorization_code", code=code, ip_address="192.0.2.1").json()
    assert answer["authentication_method"] == method
    (session,) = list_sessions(client, user["id"])
    assert (session["auth_method"], session["ip_address"]) == (auth_method, "192.0.2.1")
    assert client.event_names() == ["user.created", event, "session.created"]


def test_code_vouches_for_address_and_second_factor(client: Client) -> None:
    user = create_user(client, email_verified=False, password=PASSWORD)
    enroll_totp(client, user["id"])
    client.change_settings(mfa="required")
    answer = client.authenticate("authorization_code", code=create_code(client, user)).json()
    assert answer["user"]["email_verified"] is True


def impersonated(client: Client, user: dict[str, Any], **impersonator: Any) -> dict[str, Any]:
    code = create_code(client, user, impersonator={"email": "admin@example.com", **impersonator})
    answer: dict[str, Any] = client.authenticate("authorization_code", code=code).raise_for_status().json()
    return answer


@pytest.mark.parametrize("reason", ["Ticket 7", None])
def test_impersonated_session_names_its_impersonator_everywhere(client: Client, reason: str | None) -> None:
    user = create_user(client)
    answer = impersonated(client, user, reason=reason)
    impersonator = {"email": "admin@example.com", "reason": reason}
    assert answer["authentication_method"] == "Impersonation"
    assert answer["impersonator"] == impersonator
    assert claims(answer["access_token"])["act"] == {"sub": "admin@example.com"}
    (session,) = list_sessions(client, user["id"])
    assert (session["auth_method"], session["impersonator"]) == ("impersonation", impersonator)
    assert event_data(client, "session.created") == [session]


def test_impersonation_is_no_authentication_event(client: Client) -> None:
    impersonated(client, create_user(client))
    assert client.event_names() == ["user.created", "session.created"]


def test_impersonator_is_asked_for_nothing_that_only_the_user_can_do(client: Client) -> None:
    user = create_user(client, email_verified=False)
    enroll_totp(client, user["id"])
    assert impersonated(client, user)["user"]["email_verified"] is False
    assert client.event_names() == ["user.created", "session.created"]


def test_refresh_of_an_impersonated_session_still_says_so(client: Client) -> None:
    token = impersonated(client, create_user(client))["refresh_token"]
    answer = client.authenticate("refresh_token", refresh_token=token).json()
    assert answer["impersonator"] == {"email": "admin@example.com", "reason": None}
    assert claims(answer["access_token"])["act"] == {"sub": "admin@example.com"}


def test_invalid_invitation_token_is_refused_and_spends_nothing(client: Client) -> None:
    code = create_code(client, create_user(client))
    response = client.authenticate("authorization_code", code=code, invitation_token="unknown")
    assert response.status_code == 400
    assert response.json()["error"] == "invitation_invalid"
    assert client.authenticate("authorization_code", code=code).status_code == 200


def test_tokens_of_the_provider_are_in_the_answer_where_the_setting_says_so(client: Client) -> None:
    client.change_settings(oauth_tokens="on")
    answer = sign_in_by_code(client, provider="GoogleOAuth", provider_scopes="email,calendar").json()
    tokens = answer["oauth_tokens"]
    assert (tokens["provider"], tokens["scopes"]) == ("GoogleOAuth", ["email", "calendar"])
    assert "oauth_tokens" not in sign_in_by_code(client, provider="authkit").json()


def test_tokens_of_the_provider_are_kept_back_otherwise(client: Client) -> None:
    assert "oauth_tokens" not in sign_in_by_code(client, provider="GoogleOAuth").json()
