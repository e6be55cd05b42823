"""/feature-flags, the flags of a user and of an organization, and all of them for the SDKs' runtime clients"""

from __future__ import annotations

from mockserver.core.bodies import Parameters
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.pagination import Page, Pagination
from mockserver.core.routing import delete, get, post, put
from mockserver.feature_flags import runtime, service
from mockserver.feature_flags.models import FeatureFlag
from mockserver.organizations.models import Organization
from mockserver.users.models import User


class RuntimeParameters(Parameters):
    payload_version: runtime.PayloadVersion = "1"


@get("/feature-flags")
def list_flags(env: Environment, query: Pagination) -> Page[FeatureFlag]:
    return service.list_flags(env, query)


@get("/feature-flags/{slug}")
def get_flag(env: Environment, slug: str) -> FeatureFlag:
    return service.get_flag(env, slug)


@put("/feature-flags/{slug}/enable")
def enable_flag(env: Environment, slug: str) -> FeatureFlag:
    return service.switch(env, service.get_flag(env, slug), enabled=True)


@put("/feature-flags/{slug}/disable")
def disable_flag(env: Environment, slug: str) -> FeatureFlag:
    return service.switch(env, service.get_flag(env, slug), enabled=False)


@post("/feature-flags/{slug}/targets/{resource_id}", status=204)
def add_target(env: Environment, slug: str, resource_id: str) -> None:
    service.add_target(env, service.get_flag(env, slug), resource_id)


@delete("/feature-flags/{slug}/targets/{resource_id}", status=204)
def remove_target(env: Environment, slug: str, resource_id: str) -> None:
    service.remove_target(env, service.get_flag(env, slug), resource_id)


@get("/user_management/users/{id}/feature-flags")
def list_flags_of_user(env: Environment, id: str, query: Pagination) -> Page[FeatureFlag]:
    return service.list_flags_of_user(env, env.get(User, id), query)


@get("/organizations/{id}/feature-flags")
def list_flags_of_organization(env: Environment, id: str, query: Pagination) -> Page[FeatureFlag]:
    return service.list_flags_of_organization(env, env.get(Organization, id), query)


@get("/sdk/feature-flags")
def read_runtime_payload(env: Environment, query: RuntimeParameters) -> JSON:
    return runtime.payload(env, query.payload_version)
