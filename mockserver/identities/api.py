"""/user_management/users/{id}/identities"""

from __future__ import annotations

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.routing import get
from mockserver.identities import service
from mockserver.users.models import User


@get("/user_management/users/{id}/identities")
def list_identities(env: Environment, id: str) -> list[JSON]:
    """A bare array."""
    return [identity.shown() for identity in service.identities_of(env, env.get(User, id))]
