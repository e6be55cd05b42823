"""`password`: e-mail address and password."""

from __future__ import annotations

from mockserver.authentication import service
from mockserver.authentication.errors import InvalidCredentials
from mockserver.authentication.grants.grant import Grant, require_invitation
from mockserver.core.bodies import NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.password_resets.service import require_password_allowed
from mockserver.users import passwords
from mockserver.users import service as users
from mockserver.users.models import User


class PasswordGrant(Grant, kw_only=True):
    email: NonEmpty
    password: NonEmpty
    invitation_token: str | None = None

    def authenticate(self, env: Environment) -> JSON:
        require_invitation(env, self.invitation_token, self.email)
        user = sign_in(env, self.email, self.password, self.device)
        return service.complete(
            env, service.Proof(user, "Password", self.device, invitation_token=self.invitation_token)
        )


def sign_in(env: Environment, email: str, password: str, device: service.Device) -> User:
    """One answer for an unknown address, a user without a password and a wrong one. Raises InvalidCredentials."""
    require_password_allowed(env)
    user = users.find_user_by_email(env, email)
    if user is None or not passwords.is_right(env, user, password):
        raise service.refuse(env, "password", InvalidCredentials(email), device, user=user, email=email)
    service.record_success(env, "password", user, device)
    return user
