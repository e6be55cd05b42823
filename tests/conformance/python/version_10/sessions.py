"""Sessions: refreshed, listed, revoked, logged out of; and their tokens verified by PyJWT."""

from __future__ import annotations

import jwt
from workos import BadRequestError, NotFoundError
from world import SIGN_OUT, World, fetch, raises

from version_10 import client_of, create_user, sign_in


def session_id_of(access_token: str) -> str:
    return jwt.decode(access_token, options={"verify_signature": False})["sid"]


def check_token_verifies_with_the_key_set(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    token = sign_in(client).access_token
    key = jwt.PyJWKClient(client.user_management.get_jwks_url()).get_signing_key_from_jwt(token)
    claims = jwt.decode(token, key, algorithms=["RS256"], issuer=world.issuer)
    assert claims["sub"] == user.id
    assert claims["client_id"] == world.client_id
    assert claims["exp"] - claims["iat"] == 300
    assert claims["auth_time"] <= claims["iat"]
    assert set(claims) == {"iss", "sub", "sid", "jti", "client_id", "exp", "iat", "auth_time"}


def check_key_set_is_typed(world: World) -> None:
    keys = client_of(world).user_management.get_jwks(world.client_id).keys
    assert [(key.alg, key.kty, key.use) for key in keys] == [("RS256", "RSA", "sig")]
    assert keys[0].x_5_c


def check_key_set_of_an_unknown_client_is_not_found(world: World) -> None:
    with raises(NotFoundError):
        client_of(world).user_management.get_jwks("client_unknown")


def check_refresh_rotates(world: World) -> None:
    client = client_of(world)
    create_user(client)
    first = sign_in(client)
    refresh = client.user_management.authenticate_with_refresh_token
    second = refresh(refresh_token=first.refresh_token)
    assert second.refresh_token != first.refresh_token
    assert session_id_of(second.access_token) == session_id_of(first.access_token)
    assert second.authentication_method == "Password"
    assert refresh(refresh_token=first.refresh_token).refresh_token == second.refresh_token, "the 30 seconds' grace"
    world.advance(31)
    with raises(BadRequestError) as refusal:
        refresh(refresh_token=first.refresh_token)
    assert refusal.error.error == "invalid_grant"
    assert refusal.error.error_description == "Refresh token already exchanged."
    assert refresh(refresh_token=second.refresh_token).access_token


def check_unknown_refresh_token_is_refused(world: World) -> None:
    with raises(BadRequestError) as refusal:
        client_of(world).user_management.authenticate_with_refresh_token(refresh_token="unknown")
    assert (refusal.error.error, refusal.error.error_description) == ("invalid_grant", "Invalid refresh token.")


def check_refresh_into_an_unknown_organization_is_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    refresh = client.user_management.authenticate_with_refresh_token
    token = sign_in(client).refresh_token
    with raises(BadRequestError) as refusal:
        refresh(refresh_token=token, organization_id="org_01HXYZ123456789ABCDEFGHIJ")
    assert refusal.error.error == "organization_not_found"
    assert refresh(refresh_token=token).access_token


def check_list_sessions(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    answer = sign_in(client, ip_address="192.0.2.1", user_agent="Mozilla/5.0")
    (session,) = client.user_management.list_sessions(user.id).auto_paging_iter()
    assert session.id == session_id_of(answer.access_token)
    assert (session.user_id, session.ip_address, session.user_agent) == (user.id, "192.0.2.1", "Mozilla/5.0")
    assert (session.auth_method, session.status, session.ended_at) == ("password", "active", None)


def check_sessions_are_paged(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    made = [session_id_of(sign_in(client).access_token) for _ in range(12)]
    listed = client.user_management.list_sessions(user.id, limit=5).auto_paging_iter()
    assert [session.id for session in listed] == made[::-1]


def check_revoked_session_is_over(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    answer, other = sign_in(client), sign_in(client)
    session_id = session_id_of(answer.access_token)
    assert client.user_management.revoke_session(session_id=session_id) is None
    listed = client.user_management.list_sessions(user.id).data
    assert [session.id for session in listed] == [session_id_of(other.access_token)]
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_refresh_token(refresh_token=answer.refresh_token)
    assert refusal.error.error == "invalid_grant"
    with raises(BadRequestError):
        client.user_management.revoke_session(session_id=session_id)


def check_unknown_session_is_not_found(world: World) -> None:
    with raises(NotFoundError) as refusal:
        client_of(world).user_management.revoke_session(session_id="session_unknown")
    assert refusal.error.message == "Session not found: 'session_unknown'."


def check_sessions_of_an_unknown_user_are_not_found(world: World) -> None:
    with raises(NotFoundError):
        client_of(world).user_management.list_sessions("user_unknown")


def check_logout_url_leads_to_the_app(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    session_id = session_id_of(sign_in(client).access_token)
    url = client.user_management.get_logout_url(session_id=session_id, return_to=SIGN_OUT)
    answer = fetch("GET", url)
    assert (answer.status, answer.location) == (302, SIGN_OUT)
    assert client.user_management.list_sessions(user.id).data == []
    again = fetch("GET", url)
    assert (again.status, again.location) == (302, SIGN_OUT), "a stale session id is no error"


def check_logout_goes_to_registered_addresses_only(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    session_id = session_id_of(sign_in(client).access_token)
    url = client.user_management.get_logout_url(session_id=session_id, return_to="https://elsewhere.example.com")
    answer = fetch("GET", url)
    assert "elsewhere" not in answer.headers.get("location", "")
    assert client.user_management.list_sessions(user.id).data == [], "the session ends all the same"
