"""`urn:workos:oauth:grant-type:magic-auth:code`: the code from a Magic Auth mail."""

from __future__ import annotations

from mockserver.authentication import service
from mockserver.authentication.errors import InvalidRequest
from mockserver.authentication.grants.grant import Grant, refusal_of, require_invitation
from mockserver.core.bodies import NonEmpty
from mockserver.core.codes import Verdict
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.magic_auth import service as magic_auth
from mockserver.users import service as users
from mockserver.users.models import User


class MagicAuthGrant(Grant, kw_only=True):
    """`user_id` stands in the place of the address in PHP SDK 4; whether production takes it is uncertain."""

    code: NonEmpty
    email: str | None = None
    user_id: str | None = None
    invitation_token: str | None = None

    def authenticate(self, env: Environment) -> JSON:
        email = self._address(env)
        require_invitation(env, self.invitation_token, email)
        user = sign_in(env, email, self.code, self.device)
        proof = service.Proof(user, "MagicAuth", self.device, proves_email=True, invitation_token=self.invitation_token)
        return service.complete(env, proof)

    def _address(self, env: Environment) -> str:
        """Raises InvalidRequest, NotFound."""
        if self.email:
            return self.email
        if not self.user_id:
            raise InvalidRequest("email is required.")
        return env.get(User, self.user_id).email


def sign_in(env: Environment, email: str, code: str, device: service.Device) -> User:
    """Raises CredentialRefused."""
    magic_auth.require_magic_auth_allowed(env)
    user = users.find_user_by_email(env, email)
    verdict = Verdict.WRONG if user is None else magic_auth.redeem(env, user, code)
    if user is None or verdict is not Verdict.RIGHT:
        raise service.refuse(env, "magic_auth", refusal_of(verdict, email), device, user=user, email=email)
    service.record_success(env, "magic_auth", user, device)
    return user
