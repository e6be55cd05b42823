"""/user_management/redirect_uris"""

from __future__ import annotations

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import delete, get, post
from mockserver.redirect_uris import service
from mockserver.redirect_uris.models import RedirectUri


class RegisterRedirectUri(Body):
    uri: NonEmpty


@post("/user_management/redirect_uris", status=201)
def register_redirect_uri(env: Environment, body: RegisterRedirectUri) -> RedirectUri:
    return service.register(env, body.uri)


@get("/user_management/redirect_uris")
def list_redirect_uris(env: Environment, query: Pagination) -> Page[RedirectUri]:
    return service.list_redirect_uris(env, query)


@delete("/user_management/redirect_uris/{id}", status=204)
def delete_redirect_uri(env: Environment, id: str) -> None:
    service.delete_redirect_uri(env, env.get(RedirectUri, id))
