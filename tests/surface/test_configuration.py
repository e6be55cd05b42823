"""Redirect URIs, CORS origins and the JWT template"""

from __future__ import annotations

from tests.builders import claims, sign_in
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown, without_key
from tests.surface.world import World

REDIRECT_URIS = "/user_management/redirect_uris"
CORS_ORIGINS = "/user_management/cors_origins"
JWT_TEMPLATE = "/user_management/jwt_template"


@case("POST /user_management/redirect_uris", 201)
@case("GET /user_management/redirect_uris", 200)
@case("DELETE /user_management/redirect_uris/{id}", 204)
def test_a_redirect_uri_is_registered_and_deleted(world: World) -> None:
    world.prepare("redirect_uri_id")
    made = world.made(REDIRECT_URIS, uri="https://*.app.example/callback")
    assert world.client.get(REDIRECT_URIS).json()["data"][0] == made
    world.client.delete(f"{REDIRECT_URIS}/{made['id']}").raise_for_status()
    assert [item["id"] for item in world.client.get(REDIRECT_URIS).json()["data"]] == [world.redirect_uri_id]


@case("POST /user_management/cors_origins", 201)
@case("GET /user_management/cors_origins", 200)
def test_a_cors_origin_is_registered(world: World) -> None:
    made = world.made(CORS_ORIGINS, origin="https://app.example")
    assert world.client.get(CORS_ORIGINS).json()["data"] == [made]


@case("PUT /user_management/jwt_template", 200)
@case("GET /user_management/jwt_template", 200)
def test_a_jwt_template_adds_claims(world: World) -> None:
    template = world.client.put(JWT_TEMPLATE, json={"content": '{"mail": "{{ user.email }}"}'}).json()
    assert world.client.get(JWT_TEMPLATE).json() == template
    assert claims(sign_in(world.client, world.user["email"])["access_token"])["mail"] == world.user["email"]


def register_origin(world: World) -> None:
    world.made(CORS_ORIGINS, origin="https://app.example")


@refusals(
    without_key(f"POST {REDIRECT_URIS}"),
    without_key(f"GET {REDIRECT_URIS}"),
    without_key(f"DELETE {REDIRECT_URIS}/{{id}}"),
    invalid(f"POST {REDIRECT_URIS}", json={"uri": "no uri"}),
    refused(f"POST {REDIRECT_URIS}", 422, json={"uri": "https://app.example/callback"}, given=World.redirect_uri_id),
    unknown(f"DELETE {REDIRECT_URIS}/{{id}}"),
    refused(f"DELETE {REDIRECT_URIS}/{{id}}", 409, id=World.redirect_uri_id),
    without_key(f"GET {CORS_ORIGINS}"),
    refused(f"POST {CORS_ORIGINS}", 422, json={"origin": "https://app.example/path"}),
    refused(
        f"POST {CORS_ORIGINS}",
        409,
        "duplicate_cors_origin",
        json={"origin": "https://app.example"},
        given=register_origin,
    ),
    refused(f"GET {JWT_TEMPLATE}", 404, "entity_not_found"),
    invalid(f"PUT {JWT_TEMPLATE}", json={"content": "{{ nonsense"}),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)


@case("POST /user_management/redirect_uris", 400)
def test_a_body_that_is_no_json_is_refused(world: World) -> None:
    assert world.client.post(REDIRECT_URIS, content="{").json() == {"message": "Problems parsing JSON"}
