"""/user_management/jwt_template, /user_management/cors_origins and /user_management/app_homepage_url"""

from __future__ import annotations

from typing import Any

from mockserver.configuration import cors_origins, homepage, service
from mockserver.configuration.models import CorsOrigin, JwtTemplate
from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import get, post, put


class PutJwtTemplate(Body):
    content: NonEmpty


class CreateCorsOrigin(Body):
    """`origin` is of any type here: the refusal of a wrong one has a form of its own."""

    origin: Any = None


class PutAppHomepageUrl(Body):
    url: NonEmpty


@get("/user_management/jwt_template")
def get_jwt_template(env: Environment) -> JwtTemplate:
    return service.get_jwt_template(env)


@put("/user_management/jwt_template")
def put_jwt_template(env: Environment, body: PutJwtTemplate) -> JwtTemplate:
    return service.put_jwt_template(env, body.content)


@post("/user_management/cors_origins", status=201)
def create_cors_origin(env: Environment, body: CreateCorsOrigin) -> CorsOrigin:
    return cors_origins.create_cors_origin(env, body.origin)


@get("/user_management/cors_origins")
def list_cors_origins(env: Environment, query: Pagination) -> Page[CorsOrigin]:
    return cors_origins.list_cors_origins(env, query)


@get("/user_management/app_homepage_url")
def get_app_homepage_url(env: Environment) -> JSON:
    return homepage.get_app_homepage_url(env)


@put("/user_management/app_homepage_url")
def put_app_homepage_url(env: Environment, body: PutAppHomepageUrl) -> JSON:
    return homepage.put_app_homepage_url(env, body.url)
