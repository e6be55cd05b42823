"""The authorization URL and the codes it leads to: with the secret, with PKCE, and from a public client."""

from __future__ import annotations

from urllib.parse import urlsplit

from workos import BadRequestError, ConflictError, create_public_client
from world import World, fetch, raises

from version_10 import ADA, client_of, create_user

CALLBACK = "http://localhost:3000/callback"
APP = "myapp://callback"


def code_for(world: World, **options: str) -> str:
    """What the app receives after a sign-in on the hosted pages."""
    url = client_of(world).user_management.get_authorization_url(
        **{"provider": "authkit", "redirect_uri": CALLBACK, **options}
    )
    return fetch("GET", url).parameters["code"]


def check_authorization_url_leads_back_with_a_code(world: World) -> None:
    client = client_of(world)
    user = create_user(client)
    url = client.user_management.get_authorization_url(provider="authkit", redirect_uri=CALLBACK, state="dj1kUXc")
    answer = fetch("GET", url)
    assert answer.status == 302
    assert answer.location.startswith(f"{CALLBACK}?")
    assert answer.parameters["state"] == "dj1kUXc"
    signed_in = client.user_management.authenticate_with_code(code=answer.parameters["code"])
    assert signed_in.user.id == user.id
    assert signed_in.access_token


def check_login_hint_names_the_user(world: World) -> None:
    client = client_of(world)
    create_user(client)
    code = code_for(world, login_hint="grace@example.com")
    user = client.user_management.authenticate_with_code(code=code).user
    assert (user.email, user.email_verified) == ("grace@example.com", True)


def check_used_code_is_refused(world: World) -> None:
    client = client_of(world)
    code = code_for(world)
    client.user_management.authenticate_with_code(code=code)
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_code(code=code)
    assert refusal.error.error == "invalid_grant"
    assert refusal.error.error_description == f"The code '{code}' has expired or is invalid."


def check_expired_code_is_refused(world: World) -> None:
    code = code_for(world)
    world.advance(601)
    with raises(BadRequestError) as refusal:
        client_of(world).user_management.authenticate_with_code(code=code)
    assert refusal.error.error == "invalid_grant"


def check_code_of_another_environment_is_refused(world: World) -> None:
    with World(world.url) as other, raises(BadRequestError) as refusal:
        client_of(other).user_management.authenticate_with_code(code=code_for(world))
    assert refusal.error.error == "invalid_grant"


def check_public_client_with_pkce(world: World) -> None:
    user = create_user(client_of(world))
    client_of(world).user_management.create_redirect_uri(uri=APP)
    public = create_public_client(client_id=world.client_id, base_url=world.url)
    request = public.user_management.get_authorization_url_with_pkce(provider="authkit", redirect_uri=APP)
    answer = fetch("GET", request["url"])
    assert urlsplit(answer.location).scheme == "myapp"
    assert answer.parameters["state"] == request["state"]
    signed_in = public.user_management.authenticate_with_code_pkce(
        code=answer.parameters["code"], code_verifier=request["code_verifier"]
    )
    assert signed_in.user.id == user.id
    refreshed = public.user_management.authenticate_with_refresh_token(refresh_token=signed_in.refresh_token)
    assert refreshed.refresh_token != signed_in.refresh_token


def check_secret_and_verifier_together(world: World) -> None:
    client = client_of(world)
    request = client.user_management.get_authorization_url_with_pkce(provider="authkit", redirect_uri=CALLBACK)
    code = fetch("GET", request["url"]).parameters["code"]
    signed_in = client.user_management.authenticate_with_code(code=code, code_verifier=request["code_verifier"])
    assert signed_in.access_token


def check_wrong_verifier_is_refused(world: World) -> None:
    public = create_public_client(client_id=world.client_id, base_url=world.url)
    request = public.user_management.get_authorization_url_with_pkce(provider="authkit", redirect_uri=CALLBACK)
    code = fetch("GET", request["url"]).parameters["code"]
    with raises(BadRequestError) as refusal:
        public.user_management.authenticate_with_code_pkce(
            code=code, code_verifier=public.pkce.generate_code_verifier()
        )
    assert refusal.error.error == "invalid_grant"


def check_verifier_is_required_after_a_challenge(world: World) -> None:
    client = client_of(world)
    request = client.user_management.get_authorization_url_with_pkce(provider="authkit", redirect_uri=CALLBACK)
    code = fetch("GET", request["url"]).parameters["code"]
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_code(code=code)
    assert refusal.error.error == "invalid_request"


def check_verifier_without_challenge_is_refused(world: World) -> None:
    client = client_of(world)
    with raises(BadRequestError) as refusal:
        client.user_management.authenticate_with_code(
            code=code_for(world), code_verifier=client.pkce.generate_code_verifier()
        )
    assert refusal.error.code == "code_challenge_not_found"


def check_public_client_needs_a_verifier(world: World) -> None:
    public = create_public_client(client_id=world.client_id, base_url=world.url)
    with raises(BadRequestError) as refusal:
        public.user_management.authenticate_with_code(code=code_for(world))
    assert refusal.error.error in {"invalid_request", "invalid_client"}


def check_social_provider_is_the_method(world: World) -> None:
    code = code_for(world, provider="GoogleOAuth", login_hint=ADA)
    answer = client_of(world).user_management.authenticate_with_code(code=code)
    assert answer.authentication_method == "GoogleOAuth"


def check_unregistered_redirect_uri_gets_no_redirect(world: World) -> None:
    url = client_of(world).user_management.get_authorization_url(
        provider="authkit", redirect_uri="https://elsewhere.example.com/callback"
    )
    answer = fetch("GET", url)
    assert "elsewhere" not in answer.headers.get("location", "")
    assert answer.status >= 400 or answer.location == "https://error.workos.com/sso/redirect-uri-invalid"


def check_url_without_selector_leads_back_with_an_error(world: World) -> None:
    url = client_of(world).user_management.get_authorization_url(redirect_uri=CALLBACK, state="s")
    answer = fetch("GET", url)
    assert answer.location.startswith(f"{CALLBACK}?")
    assert (answer.parameters["error"], answer.parameters["state"]) == ("invalid_connection_selector", "s")


def check_redirect_uris_are_listed_and_deleted(world: World) -> None:
    client = client_of(world)
    first, second = (client.user_management.create_redirect_uri(uri=uri) for uri in (CALLBACK, APP))
    assert (first.default, second.default) == (True, False)
    assert [uri.uri for uri in client.user_management.list_redirect_uris(order="asc").data] == [CALLBACK, APP]
    client.user_management.delete_redirect_uris(second.id)
    assert [uri.id for uri in client.user_management.list_redirect_uris().data] == [first.id]
    with raises(ConflictError) as refusal:
        client.user_management.delete_redirect_uris(first.id)
    assert refusal.error.message == "Cannot delete the default redirect URI."
