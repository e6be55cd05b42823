"""/user_management/magic_auth"""

from __future__ import annotations

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.routing import get, post
from mockserver.magic_auth import service
from mockserver.magic_auth.models import MagicAuth


class CreateMagicAuth(Body):
    email: NonEmpty
    invitation_token: str | None = None


class SendMagicAuth(Body):
    email: NonEmpty


@post("/user_management/magic_auth", status=201)
def create_magic_auth(env: Environment, body: CreateMagicAuth) -> MagicAuth:
    return service.create_magic_auth(env, body.email, invitation_token=body.invitation_token)


@get("/user_management/magic_auth/{id}")
def get_magic_auth(env: Environment, id: str) -> MagicAuth:
    return env.get(MagicAuth, id)


@post("/user_management/magic_auth/send")
def send_magic_auth(env: Environment, body: SendMagicAuth) -> None:
    """The older path, of Node before 8 and Python before 6: the code goes out by mail only."""
    service.create_magic_auth(env, body.email)
