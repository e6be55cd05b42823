"""Connections and standalone SSO"""

from __future__ import annotations

from tests.sso_builders import CALLBACK, authorize_sso, exchange
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown, without_key
from tests.surface.world import World

TOKEN = "POST /sso/token"
LOGOUT = "POST /sso/logout/authorize"


@case("GET /connections", 200)
@case("GET /connections/{id}", 200)
def test_a_connection_is_read_and_found_by_everything(world: World) -> None:
    connection = world.client.get(f"/connections/{world.connection_id}").json()
    assert connection == world.connection
    for query in (
        {"organization_id": world.organization_id},
        {"connection_type": "GenericOIDC"},
        {"domain": "acme.example"},
        {"search": "acme"},
    ):
        assert world.client.get("/connections", params=query).json()["data"] == [connection]


@case("DELETE /connections/{id}", 204)
def test_a_deleted_connection_is_gone(world: World) -> None:
    world.client.delete(f"/connections/{world.connection_id}").raise_for_status()
    assert world.client.get("/connections").json()["data"] == []


@case("GET /sso/authorize", 302)
@case("POST /sso/token", 200)
@case("GET /sso/profile", 200)
def test_a_profile_is_read_with_its_token(world: World) -> None:
    world.prepare("profile_id")
    code = authorize_sso(world.client, connection=world.connection_id)["code"]
    answer = exchange(world.client, code).json()
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert world.client.get("/sso/profile", headers=bearer).json() == answer["profile"]
    assert answer["profile"]["id"] == world.profile_id


@case("POST /sso/token", 200)
def test_a_provider_returns_its_tokens(world: World) -> None:
    world.client.change_settings(oauth_tokens="on")
    code = authorize_sso(world.client, provider="GoogleOAuth")["code"]
    assert exchange(world.client, code).json()["oauth_tokens"]["provider"] == "GoogleOAuth"


@case("POST /sso/logout/authorize", 200)
@case("GET /sso/logout", 302)
def test_a_profile_is_logged_out(world: World) -> None:
    token = world.made("/sso/logout/authorize", profile_id=world.profile_id)["logout_token"]
    assert world.client.keyless.get("/sso/logout", params={"token": token}).status_code == 302
    assert world.client.keyless.get("/sso/logout", params={"token": token}).status_code == 404


@refusals(
    without_key("GET /connections"),
    invalid("GET /connections", query={"connection_type": "Okta"}),
    unknown("GET /connections/{id}"),
    unknown("DELETE /connections/{id}"),
    refused("GET /sso/authorize", 400, "invalid_request"),
    refused("GET /sso/authorize", 400, "invalid_client", query={"client_id": "missing", "redirect_uri": CALLBACK}),
    refused(TOKEN, 400, "invalid_client", json={"grant_type": "authorization_code", "code": "missing"}),
    refused("GET /sso/profile", 401, "Unauthorized"),
    refused(LOGOUT, 400, "connection_invalid", json={"profile_id": World.saml_profile_id}),
    refused(LOGOUT, 404, "entity_not_found", json={"profile_id": "prof_missing"}),
    invalid(LOGOUT, json={}),
    refused("GET /sso/logout", 404, "entity_not_found", query={"token": "missing"}),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)


@case("POST /sso/token", 400)
@case("POST /sso/token", 422)
def test_a_code_is_exchanged_once_and_must_be_sent(world: World) -> None:
    code = authorize_sso(world.client, connection=world.connection_id)["code"]
    assert exchange(world.client, code).status_code == 200
    assert exchange(world.client, code).json()["error"] == "invalid_grant"
    assert exchange(world.client, code, grant_type="password").json()["error"] == "unsupported_grant_type"
    assert exchange(world.client, "").status_code == 422
