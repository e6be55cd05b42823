"""What all grants share."""

from __future__ import annotations

from mockserver.authentication import errors
from mockserver.authentication.service import Device
from mockserver.core.bodies import Body
from mockserver.core.codes import Verdict
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.invitations.service import require_valid_invitation


class Grant(Body, kw_only=True):
    """The members of the body. Subclasses add theirs and what they prove."""

    client_id: str
    client_secret: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None

    def authenticate(self, env: Environment) -> JSON:
        """The answer. Raises the refusals of `authentication/errors.py`."""
        raise NotImplementedError

    def allows_public_client(self) -> bool:
        """Whether a client without a secret may use this grant."""
        return False

    @property
    def device(self) -> Device:
        return Device(self.ip_address, self.user_agent)


def require_invitation(env: Environment, invitation_token: str | None, email: str | None = None) -> None:
    """A token that is sent must be valid, before anything else is looked at."""
    if invitation_token:
        require_valid_invitation(env, invitation_token, email)


def refusal_of(verdict: Verdict, email: str) -> errors.CredentialRefused:
    """The error for a code that was not the right one."""
    match verdict:
        case Verdict.USED:
            return errors.OneTimeCodeUsed()
        case Verdict.EXPIRED:
            return errors.OneTimeCodeExpired(email)
        case Verdict.TOO_MANY_ATTEMPTS:
            return errors.TooManyAttempts()
        case _:
            return errors.InvalidOneTimeCode()
