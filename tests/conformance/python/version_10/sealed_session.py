"""The sealed session cookie: sealed by the SDK, verified with our keys, refreshed with our tokens."""

from __future__ import annotations

from cryptography.fernet import Fernet
from workos import WorkOSClient
from workos.session import AuthenticateWithSessionCookieFailureReason as Reason
from workos.session import seal_session_from_auth_response
from world import SIGN_OUT, World, fetch, raises

from version_10 import client_of, create_user, sign_in

COOKIE_PASSWORD = Fernet.generate_key().decode()


def seal(client: WorkOSClient) -> str:
    """Signs in and answers the value of the cookie `wos-session`."""
    answer = sign_in(client)
    return seal_session_from_auth_response(
        access_token=answer.access_token,
        refresh_token=answer.refresh_token,
        user=answer.user.to_dict(),
        cookie_password=COOKIE_PASSWORD,
    )


def check_session_cookie_authenticates(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    sealed = seal(client)
    cookie = client.user_management.authenticate_with_session_cookie(
        session_data=sealed, cookie_password=COOKIE_PASSWORD
    )
    assert cookie.authenticated
    assert cookie.user["id"] == user.id
    assert (cookie.organization_id, cookie.role, cookie.permissions) == (None, None, None)
    sessions = client.user_management.list_sessions(user.id).data
    assert [session.id for session in sessions] == [cookie.session_id]


def check_issuer_is_the_environment(world: World) -> None:
    client = client_of(world, jwt_issuer=world.issuer)
    create_user(client)
    session = client.user_management.load_sealed_session(session_data=seal(client), cookie_password=COOKIE_PASSWORD)
    assert session.authenticate().authenticated


def check_tampered_cookie_is_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    sealed = seal(client)
    tampered = sealed[:50] + ("A" if sealed[50] != "A" else "B") + sealed[51:]
    session = client.user_management.load_sealed_session(session_data=tampered, cookie_password=COOKIE_PASSWORD)
    assert session.authenticate().reason is Reason.INVALID_SESSION_COOKIE
    assert session.refresh().reason is Reason.INVALID_SESSION_COOKIE


def check_wrong_cookie_password_is_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    another = Fernet.generate_key().decode()
    session = client.user_management.load_sealed_session(session_data=seal(client), cookie_password=another)
    assert session.authenticate().reason is Reason.INVALID_SESSION_COOKIE


def check_missing_cookie_is_told(world: World) -> None:
    session = client_of(world).user_management.load_sealed_session(session_data="", cookie_password=COOKIE_PASSWORD)
    assert session.authenticate().reason is Reason.NO_SESSION_COOKIE_PROVIDED


def check_refresh_renews_the_cookie(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    sealed = seal(client)
    session = client.user_management.load_sealed_session(session_data=sealed, cookie_password=COOKIE_PASSWORD)
    before = session.authenticate()
    refreshed = session.refresh()
    assert refreshed.authenticated
    assert refreshed.session_id == before.session_id
    assert refreshed.user["id"] == user.id
    assert refreshed.sealed_session != sealed
    renewed = client.user_management.load_sealed_session(
        session_data=refreshed.sealed_session, cookie_password=COOKIE_PASSWORD
    )
    assert renewed.authenticate().session_id == before.session_id


def check_expired_token_is_refreshed(world: World) -> None:
    client = client_of(world)
    create_user(client)
    world.advance(-3600)
    sealed = seal(client)
    world.advance(3600)
    session = client.user_management.load_sealed_session(session_data=sealed, cookie_password=COOKIE_PASSWORD)
    assert session.authenticate().reason is Reason.INVALID_JWT
    assert session.refresh().authenticated
    assert session.authenticate().authenticated


def check_token_verifies_when_the_clock_is_ahead(world: World) -> None:
    client = client_of(world)
    create_user(client)
    world.advance(86400)
    session = client.user_management.load_sealed_session(session_data=seal(client), cookie_password=COOKIE_PASSWORD)
    assert session.authenticate().authenticated


def check_token_of_another_environment_is_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    sealed = seal(client)
    with World(world.url) as other:
        foreign = client_of(other, jwt_issuer=other.issuer)
        session = foreign.user_management.load_sealed_session(session_data=sealed, cookie_password=COOKIE_PASSWORD)
        assert session.authenticate().reason is Reason.INVALID_JWT
        assert "invalid_grant" in session.refresh().reason


def check_refresh_of_a_revoked_session_is_refused(world: World) -> None:
    client = client_of(world)
    create_user(client)
    session = client.user_management.load_sealed_session(session_data=seal(client), cookie_password=COOKIE_PASSWORD)
    client.user_management.revoke_session(session_id=session.authenticate().session_id)
    refused = session.refresh()
    assert not refused.authenticated
    assert "invalid_grant" in refused.reason
    assert session.authenticate().authenticated, "the access token is stateless until it expires"


def check_logout_url_ends_the_session(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    session = client.user_management.load_sealed_session(session_data=seal(client), cookie_password=COOKIE_PASSWORD)
    answer = fetch("GET", session.get_logout_url(return_to=SIGN_OUT))
    assert (answer.status, answer.location) == (302, SIGN_OUT)
    assert client.user_management.list_sessions(user.id).data == []
    assert not session.refresh().authenticated


def check_logout_url_needs_a_session(world: World) -> None:
    session = client_of(world).user_management.load_sealed_session(
        session_data="nothing", cookie_password=COOKIE_PASSWORD
    )
    with raises(ValueError):
        session.get_logout_url()
