"""A user's e-mail change calls"""

from __future__ import annotations

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.routing import post
from mockserver.email_changes import service
from mockserver.email_changes.models import EmailChange
from mockserver.users.models import User


class SendEmailChange(Body):
    new_email: NonEmpty


class ConfirmEmailChange(Body):
    code: NonEmpty


def _shown(user: User, change: EmailChange) -> JSON:
    return {
        "object": "email_change",
        "user": user.shown(),
        "new_email": change.email,
        "expires_at": change.expires_at,
        "created_at": change.created_at,
    }


@post("/user_management/users/{id}/email_change/send")
def send_email_change(env: Environment, id: str, body: SendEmailChange) -> JSON:
    user = env.get(User, id)
    return _shown(user, service.send_change(env, user, body.new_email))


@post("/user_management/users/{id}/email_change/confirm")
def confirm_email_change(env: Environment, id: str, body: ConfirmEmailChange) -> JSON:
    user = service.confirm_change(env, env.get(User, id), body.code)
    return {"object": "email_change_confirmation", "user": user.shown()}
