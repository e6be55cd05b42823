"""Signing in, tokens and sessions"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from tests.builders import PASSWORD, create_code, list_sessions, sign_in
from tests.device_authorizations.builders import DEVICE_CODE, approve, authorize_device, error, poll
from tests.organization_builders import add_member, create_organization
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World

AUTHENTICATE = "POST /user_management/authenticate"
AUTHORIZE = "/user_management/authorize"
AUTHORIZE_DEVICE = "POST /user_management/authorize/device"


@case("POST /user_management/authenticate", 200)
@case("GET /sso/jwks/{clientId}", 200)
@case("GET /user_management/users/{id}/sessions", 200)
def test_a_sign_in_gives_a_token_that_the_published_keys_verify(world: World) -> None:
    answer = sign_in(world.client, world.user["email"])
    (key,) = world.client.keyless.get(f"/sso/jwks/{world.client.client_id}").json()["keys"]
    verified = jwt.decode(
        answer["access_token"], jwt.PyJWK(key).key, algorithms=["RS256"], options={"verify_aud": False}
    )
    (session,) = list_sessions(world.client, world.user_id)
    assert (verified["sub"], verified["sid"]) == (world.user_id, session["id"])


@case("POST /user_management/authenticate", 200)
@case("GET /user_management/authorize", 302)
def test_a_browser_brings_back_a_code_that_is_exchanged(world: World) -> None:
    uri = "http://localhost:3000/callback"
    query = {"response_type": "code", "client_id": world.client.client_id, "redirect_uri": uri, "state": "kept"}
    query |= {"provider": "authkit", "login_hint": world.user["email"]}
    sent_back = world.client.keyless.get(AUTHORIZE, params=query)
    assert sent_back.status_code == 302
    returned = parse_qs(urlsplit(sent_back.headers["Location"]).query)
    answer = world.client.authenticate("authorization_code", code=returned["code"][0]).json()
    assert (returned["state"], answer["user"]["id"]) == (["kept"], world.user_id)


@case(AUTHORIZE_DEVICE, 200)
@case("POST /user_management/authenticate", 200)
def test_a_device_is_signed_in_once_it_is_approved(world: World) -> None:
    world.prepare("user")
    device = authorize_device(world.client)
    assert error(poll(world.client, device)) == "authorization_pending"
    approve(world.client, device, user_id=world.user_id).raise_for_status()
    assert poll(world.client, device).json()["user"]["id"] == world.user_id


@case("POST /user_management/sessions/revoke", 200)
def test_a_revoked_session_is_not_listed(world: World) -> None:
    world.client.post("/user_management/sessions/revoke", json={"session_id": world.session_id}).raise_for_status()
    assert list_sessions(world.client, world.user_id) == []


@case("GET /user_management/sessions/logout", 302)
def test_a_visit_to_the_logout_link_ends_the_session(world: World) -> None:
    world.client.change_settings(sign_out_redirects=["https://app.example"])
    sent_on = world.client.keyless.get("/user_management/sessions/logout", params={"session_id": world.session_id})
    assert sent_on.headers["Location"] == "https://app.example"
    assert list_sessions(world.client, world.user_id) == []


def end_session(world: World) -> None:
    world.client.post("/user_management/sessions/revoke", json={"session_id": world.session_id}).raise_for_status()


def grant(grant_type: str, **members: object) -> dict[str, object]:
    return {"client_id": "client", "client_secret": "secret", "grant_type": grant_type, **members}


@refusals(
    refused(AUTHENTICATE, 400, "invalid_client", json=grant("authorization_code", code="unknown")),
    refused(AUTHORIZE_DEVICE, 400, "invalid_client", json={"client_id": "client_unknown"}),
    unknown("GET /sso/jwks/{clientId}"),
    unknown("GET /user_management/users/{id}/sessions"),
    invalid("GET /user_management/users/{id}/sessions", id=World.user_id, query={"limit": "many"}),
    refused("POST /user_management/sessions/revoke", 404, "entity_not_found", json={"session_id": "missing"}),
    refused(
        "POST /user_management/sessions/revoke",
        400,
        "session_already_ended",
        json={"session_id": World.session_id},
        given=end_session,
    ),
    invalid("GET /user_management/sessions/logout"),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)


MAGIC_AUTH = "urn:workos:oauth:grant-type:magic-auth:code"
SELECTION = "urn:workos:oauth:grant-type:organization-selection"
TOTP = "urn:workos:oauth:grant-type:mfa-totp"


@case(AUTHENTICATE, 400)
@pytest.mark.parametrize(
    ("grant_type", "members", "code"),
    [
        ("nonsense", {}, "invalid_request"),
        ("authorization_code", {"code": "unknown"}, "invalid_grant"),
        ("refresh_token", {"refresh_token": "unknown"}, "invalid_grant"),
        (DEVICE_CODE, {"device_code": "unknown"}, "invalid_grant"),
        ("password", {"email": "ada@example.com", "password": "wrong"}, "invalid_credentials"),
        (MAGIC_AUTH, {"email": "ada@example.com", "code": "000000"}, "invalid_one_time_code"),
        (
            SELECTION,
            {"pending_authentication_token": "unknown", "organization_id": "missing"},
            "invalid_pending_authentication_token",
        ),
        (
            TOTP,
            {"pending_authentication_token": "unknown", "authentication_challenge_id": "missing", "code": "000000"},
            "invalid_pending_authentication_token",
        ),
    ],
)
def test_a_wrong_credential_is_refused(world: World, grant_type: str, members: dict[str, str], code: str) -> None:
    world.prepare("user")
    answer = world.client.authenticate(grant_type, **members).json()
    assert code in (answer.get("code"), answer.get("error"))


@case(AUTHORIZE_DEVICE, 403)
def test_a_device_that_nobody_can_approve_at_once_is_refused(world: World) -> None:
    world.client.change_settings(device_approval="immediate", sign_up="closed")
    body = {"client_id": world.client.client_id}
    assert world.client.keyless.post("/user_management/authorize/device", json=body).status_code == 403


@case(AUTHENTICATE, 400)
def test_a_verifier_without_a_challenge_is_refused(world: World) -> None:
    code = create_code(world.client, world.user)
    answer = world.client.authenticate("authorization_code", code=code, code_verifier="v" * 43).json()
    assert answer["code"] == "code_challenge_not_found"


@case(AUTHENTICATE, 422)
def test_a_member_of_a_wrong_type_is_refused(world: World) -> None:
    assert (
        world.client.authenticate("password", email=1, password=PASSWORD).json()["code"] == "invalid_request_parameters"
    )


@case(AUTHENTICATE, 404)
def test_an_unknown_challenge_is_refused(world: World) -> None:
    world.prepare("factor")
    pending = world.client.authenticate("password", email=world.user["email"], password=PASSWORD).json()
    members = {"pending_authentication_token": pending["pending_authentication_token"], "code": "000000"}
    answer = world.client.authenticate(TOTP, authentication_challenge_id="missing", **members).json()
    assert answer["entity_id"] == "missing"


def sign_in_unverified(world: World) -> dict[str, object]:
    world.prepare("user")
    world.client.put(f"/user_management/users/{world.user_id}", json={"email": "new@example.com"}).raise_for_status()
    return {"email": "new@example.com"}


def sign_in_without_factor(world: World) -> None:
    world.client.change_settings(mfa="required")


def sign_in_of_two_organizations(world: World) -> None:
    for name in ("Acme", "Globex"):
        add_member(world.client, world.user, create_organization(world.client, name))


@case(AUTHENTICATE, 403)
@pytest.mark.parametrize(
    ("given", "code"),
    [
        (sign_in_unverified, "email_verification_required"),
        (lambda world: world.prepare("factor"), "mfa_challenge"),
        (sign_in_without_factor, "mfa_enrollment"),
        (sign_in_of_two_organizations, "organization_selection_required"),
    ],
)
def test_a_sign_in_asks_for_what_is_missing(world: World, given: object, code: str) -> None:
    world.prepare("user")
    changed = given(world) or {}  # type: ignore[operator]
    answer = world.client.authenticate(
        "password", **{"email": "ada@example.com", "password": PASSWORD, **changed}
    ).json()
    assert answer["code"] == code
    assert answer["pending_authentication_token"]
