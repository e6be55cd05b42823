"""The guide's steps, each short."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import jwt
from authenticator import code_at, wrong_code_at
from cryptography.fernet import Fernet
from workos import WorkOSClient
from workos.exceptions import BadRequestException, NotFoundException
from workos.session import Session
from workos.types.user_management.session import AuthenticateWithSessionCookieFailureReason as Reason
from workos.user_management import UserManagement
from world import PASSWORD, SIGN_OUT, World, fetch, raises

from version_5 import ADA, authorization_error, client_of, create_user, sign_in

CALLBACK = "http://localhost:3000/callback"
COOKIE_PASSWORD = Fernet.generate_key().decode()


def check_create_user(world: World) -> None:
    users = client_of(world).user_management
    user = users.create_user(email=ADA, password=PASSWORD, first_name="Ada", last_name="Lovelace")
    assert user.id.startswith("user_")
    assert (user.email, user.first_name, user.last_name, user.email_verified) == (ADA, "Ada", "Lovelace", False)
    assert users.get_user(user.id).created_at == user.created_at


def check_sign_in_after_verification_through_the_inbox(world: World) -> None:
    client = client_of(world)
    create_user(client, email_verified=False)
    with raises(authorization_error("email_verification_required")) as step:
        sign_in(client)
    assert (step.error.response.status_code, step.error.code) == (403, "email_verification_required")
    answer = client.user_management.authenticate_with_email_verification(
        code=world.message(ADA, "email_verification")["code"],
        pending_authentication_token=step.error.response_json["pending_authentication_token"],
    )
    assert answer.user.email_verified
    assert answer.authentication_method == "Password"
    assert sign_in(client).user.id == answer.user.id


def check_wrong_password_is_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    with raises(BadRequestException) as refusal:
        sign_in(client, password="another-password")
    assert (refusal.error.code, refusal.error.message) == (
        "invalid_credentials",
        f"Invalid credentials for '{ADA}'.",
    )


def seal(client: WorkOSClient) -> str:
    return Session.seal_data(sign_in(client).model_dump(), COOKIE_PASSWORD)


def check_sealed_session(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    session = client.user_management.load_sealed_session(sealed_session=seal(client), cookie_password=COOKIE_PASSWORD)
    authenticated = session.authenticate()
    assert authenticated.authenticated
    assert authenticated.user.id == user.id
    assert authenticated.organization_id is None
    refreshed = session.refresh()
    assert refreshed.authenticated, refreshed
    assert refreshed.session_id == authenticated.session_id
    answer = fetch("GET", session.get_logout_url(return_to=SIGN_OUT))
    assert (answer.status, answer.location) == (302, SIGN_OUT)
    refused = session.refresh()
    assert not refused.authenticated
    assert "invalid_grant" in refused.reason


def check_tampered_cookie_and_wrong_cookie_password_are_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    sealed = seal(client)
    for cookie, password in ((sealed[:-10], COOKIE_PASSWORD), (sealed, Fernet.generate_key().decode())):
        session = client.user_management.load_sealed_session(sealed_session=cookie, cookie_password=password)
        assert session.authenticate().reason is Reason.INVALID_SESSION_COOKIE


def check_magic_auth(world: World) -> None:
    users = client_of(world).user_management
    sent = users.create_magic_auth(email=ADA)
    assert world.message(ADA, "magic_auth")["code"] == sent.code
    answer = users.authenticate_with_magic_auth(code=sent.code, email=ADA)
    assert (answer.user.id, answer.user.email_verified) == (sent.user_id, True)
    assert answer.authentication_method == "MagicAuth"
    with raises(BadRequestException) as refusal:
        users.authenticate_with_magic_auth(code=sent.code, email=ADA)
    assert refusal.error.code == "one_time_code_previously_used"


def check_invalid_invitation_is_refused(world: World) -> None:
    with raises(BadRequestException) as refusal:
        client_of(world).user_management.create_magic_auth(email=ADA, invitation_token="no-such-token")
    assert refusal.error.error == "invitation_invalid"


def check_authorization_url_and_code(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    url = client.user_management.get_authorization_url(provider="authkit", redirect_uri=CALLBACK, state="dj1kUXc")
    answer = fetch("GET", url)
    assert answer.location.startswith(f"{CALLBACK}?")
    assert answer.parameters["state"] == "dj1kUXc"
    signed_in = client.user_management.authenticate_with_code(
        code=answer.parameters["code"], session={"seal_session": True, "cookie_password": COOKIE_PASSWORD}
    )
    assert signed_in.user.id == user.id
    session = client.user_management.load_sealed_session(
        sealed_session=signed_in.sealed_session, cookie_password=COOKIE_PASSWORD
    )
    assert session.authenticate().authenticated
    with raises(BadRequestException) as refusal:
        client.user_management.authenticate_with_code(code=answer.parameters["code"])
    assert refusal.error.error == "invalid_grant"


def check_code_verifier(world: World) -> None:
    users = client_of(world).user_management
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    url = users.get_authorization_url(provider="authkit", redirect_uri=CALLBACK, code_challenge=challenge)
    with raises(BadRequestException) as refusal:
        users.authenticate_with_code(code=fetch("GET", url).parameters["code"], code_verifier="w" * 43)
    assert refusal.error.error == "invalid_grant"
    assert users.authenticate_with_code(code=fetch("GET", url).parameters["code"], code_verifier=verifier).access_token


def check_refresh_rotates(world: World) -> None:
    client = client_of(world)
    create_user(client)
    first = sign_in(client)
    refresh = client.user_management.authenticate_with_refresh_token
    second = refresh(refresh_token=first.refresh_token)
    assert second.refresh_token != first.refresh_token
    world.advance(31)
    with raises(BadRequestException) as refusal:
        refresh(refresh_token=first.refresh_token)
    assert refusal.error.error == "invalid_grant"


def check_totp(world: World) -> None:
    client = client_of(world)
    world.freeze()
    user = create_user(client)
    enrolled = client.user_management.enroll_auth_factor(
        user_id=user.id, type="totp", totp_issuer="My App", totp_user=ADA
    )
    factor = enrolled.authentication_factor
    assert factor.totp.qr_code.startswith("data:image/png;base64,")
    (listed,) = client.user_management.list_auth_factors(user_id=user.id)
    assert (listed.id, listed.totp.issuer) == (factor.id, "My App")

    code = code_at(factor.totp.secret, world.now())
    with raises(BadRequestException) as refusal:
        answer_challenge(client, wrong_code_at(factor.totp.secret, world.now()))
    assert refusal.error.code == "invalid_one_time_code"
    assert answer_challenge(client, code).user.id == user.id
    with raises(BadRequestException):
        answer_challenge(client, code)
    world.advance(30)
    assert answer_challenge(client, code_at(factor.totp.secret, world.now())).user.id == user.id


def answer_challenge(client: WorkOSClient, code: str) -> Any:
    """Signs in with the password and this code."""
    with raises(authorization_error("mfa_challenge")) as step:
        sign_in(client)
    assert step.error.code == "mfa_challenge"
    factor_id = step.error.response_json["authentication_factors"][0]["id"]
    return client.user_management.authenticate_with_totp(
        code=code,
        pending_authentication_token=step.error.response_json["pending_authentication_token"],
        authentication_challenge_id=client.mfa.challenge_factor(authentication_factor_id=factor_id).id,
    )


def check_challenge_is_verified(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    enrolled = client.user_management.enroll_auth_factor(user_id=user.id, type="totp")
    secret, challenge = enrolled.authentication_factor.totp.secret, enrolled.authentication_challenge.id
    verify = client.mfa.verify_challenge
    wrong = wrong_code_at(secret, world.now())
    assert not verify(authentication_challenge_id=challenge, code=wrong).valid
    assert verify(authentication_challenge_id=challenge, code=code_at(secret, world.now())).valid


def check_email_verification(world: World) -> None:
    client = client_of(world)
    user = create_user(client, email_verified=False)
    assert client.user_management.send_verification_email(user_id=user.id).id == user.id
    code = world.message(ADA, "email_verification")["code"]
    with raises(BadRequestException) as refusal:
        client.user_management.verify_email(user_id=user.id, code="000000" if code != "000000" else "111111")
    assert refusal.error.code == "email_verification_code_incorrect"
    assert client.user_management.verify_email(user_id=user.id, code=code).email_verified


def check_password_reset(world: World) -> None:
    client = client_of(world)
    create_user(client)
    reset = client.user_management.create_password_reset(email=ADA)
    assert world.message(ADA, "password_reset")["link"] == reset.password_reset_url
    token = reset.password_reset_token
    client.user_management.reset_password(token=token, new_password="new-secure-password")
    assert sign_in(client, password="new-secure-password").user.email == ADA
    with raises(NotFoundException) as refusal:
        client.user_management.reset_password(token=token, new_password="new-secure-password")
    assert refusal.error.code == "password_reset_token_not_found"


def check_users_are_listed_and_paged(world: World) -> None:
    users = client_of(world).user_management
    made = [users.create_user(email=f"user-{number}@example.com").id for number in range(25)]
    assert [user.id for user in users.list_users()] == made[::-1]
    assert [user.id for user in users.list_users(email="user-7@example.com", limit=10)] == [made[7]]
    assert list(users.list_users(organization_id="org_01HXYZ123456789ABCDEFGHIJ", limit=10)) == []


def check_update_and_delete_user(world: World) -> None:
    client = client_of(world)
    user = create_user(client, email_verified=False)
    changed = client.user_management.update_user(
        user_id=user.id, first_name="Ada", last_name="King", email_verified=True
    )
    assert (changed.first_name, changed.last_name, changed.email_verified) == ("Ada", "King", True)
    client.user_management.delete_user(user.id)
    with raises(NotFoundException) as refusal:
        client.user_management.get_user(user.id)
    assert refusal.error.code == "entity_not_found"


def session_id_of(access_token: str) -> str:
    return jwt.decode(access_token, options={"verify_signature": False})["sid"]


def check_token_verifies_with_the_key_set(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    token = sign_in(client).access_token
    key = jwt.PyJWKClient(client.user_management.get_jwks_url()).get_signing_key_from_jwt(token)
    assert jwt.decode(token, key, algorithms=["RS256"], issuer=world.issuer)["sub"] == user.id


def check_logout_url_ends_the_session(world: World) -> None:
    client = client_of(world)
    create_user(client)
    answer = sign_in(client)
    url = client.user_management.get_logout_url(session_id_of(answer.access_token), SIGN_OUT)
    redirect = fetch("GET", url)
    assert (redirect.status, redirect.location) == (302, SIGN_OUT)
    with raises(BadRequestException) as refusal:
        client.user_management.authenticate_with_refresh_token(refresh_token=answer.refresh_token)
    assert refusal.error.error == "invalid_grant"


if hasattr(UserManagement, "list_sessions"):  # 5.20 can't list and revoke sessions

    def check_sessions_are_listed_and_revoked(world: World) -> None:
        client = client_of(world)
        user = create_user(client)
        answer = sign_in(client, ip_address="192.0.2.1", user_agent="Mozilla/5.0")
        (session,) = client.user_management.list_sessions(user_id=user.id)
        assert session.id == session_id_of(answer.access_token)
        assert (session.ip_address, session.auth_method) == ("192.0.2.1", "password")
        client.user_management.revoke_session(session_id=session.id)
        assert list(client.user_management.list_sessions(user_id=user.id)) == []


def check_roles_of_an_organization_are_listed(world: World) -> None:
    organizations = client_of(world).organizations
    organization = organizations.create_organization(name="Acme")
    assert [role.slug for role in organizations.list_organization_roles(organization.id).data] == ["member"]
