"""/user_management/email_verification and a user's verification calls"""

from __future__ import annotations

from mockserver.core.bodies import Body, NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.routing import get, post
from mockserver.email_verifications import service
from mockserver.email_verifications.models import EmailVerification
from mockserver.users.models import User


class ConfirmVerification(Body):
    code: NonEmpty


@get("/user_management/email_verification/{id}")
def get_email_verification(env: Environment, id: str) -> EmailVerification:
    return env.get(EmailVerification, id)


@post("/user_management/users/{id}/email_verification/send")
def send_verification(env: Environment, id: str) -> JSON:
    return {"user": service.send_verification(env, env.get(User, id)).shown()}


@post("/user_management/users/{id}/email_verification/confirm")
def confirm_verification(env: Environment, id: str, body: ConfirmVerification) -> JSON:
    return {"user": service.confirm_verification(env, env.get(User, id), body.code).shown()}
