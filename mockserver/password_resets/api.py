"""/user_management/password_reset"""

from __future__ import annotations

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.routing import get, post
from mockserver.password_resets import service
from mockserver.password_resets.models import PasswordReset


class CreatePasswordReset(Body):
    email: NonEmpty


class SendPasswordReset(Body):
    email: NonEmpty
    password_reset_url: NonEmpty


class ConfirmPasswordReset(Body):
    token: NonEmpty
    new_password: NonEmpty


@post("/user_management/password_reset", status=201)
def create_password_reset(env: Environment, body: CreatePasswordReset) -> PasswordReset:
    return service.create_password_reset(env, body.email)


@get("/user_management/password_reset/{id}")
def get_password_reset(env: Environment, id: str) -> PasswordReset:
    return env.get(PasswordReset, id)


@post("/user_management/password_reset/confirm")
def confirm_password_reset(env: Environment, body: ConfirmPasswordReset) -> JSON:
    return {"user": service.confirm_password_reset(env, body.token, body.new_password).shown()}


@post("/user_management/password_reset/send", status=201)
def send_password_reset(env: Environment, body: SendPasswordReset) -> None:
    """The older path, of Node before 8 and Python before 6: the token goes out by mail only."""
    service.create_password_reset(env, body.email, page_url=body.password_reset_url)
