"""Making and redeeming Magic Auth codes."""

from __future__ import annotations

from mockserver.core.codes import Verdict, codes_of, judge, new_code
from mockserver.core.environment import Environment
from mockserver.core.errors import OAuthError
from mockserver.emails import service as emails
from mockserver.events import service as events
from mockserver.invitations.errors import InvitationInvalid
from mockserver.invitations.service import covers, require_valid_invitation
from mockserver.magic_auth.models import MagicAuth
from mockserver.users import service as users
from mockserver.users.models import User, email_key


class MethodNotAllowed(OAuthError):
    status, code = 400, "authentication_method_not_allowed"
    message = "This authentication method is not allowed."
    hint = "the setting methods leaves this method out"


class SignUpNotAllowed(OAuthError):
    status, code = 400, "sign_up_not_allowed"
    message = "Sign-up is not allowed."
    hint = "the setting sign_up is closed and no user has this address; set sign_up=open"


def create_magic_auth(env: Environment, email: str, *, invitation_token: str | None = None) -> MagicAuth:
    """Mails a code; an unknown address becomes an unverified user first."""
    require_magic_auth_allowed(env)
    invitation = require_valid_invitation(env, invitation_token) if invitation_token else None
    if invitation is not None and not covers(invitation, email):
        # The document has no other code here than this one.
        raise InvitationInvalid(f"The invitation cannot be used for '{email}'.")
    users.require_email(email)
    user = users.find_user_by_email(env, email)
    is_new = user is None
    if user is None:
        if env.settings.sign_up == "closed" and invitation is None:
            raise SignUpNotAllowed
        user = users.create_user(env, email=email)
    magic_auth = new_code(env, MagicAuth, user.id, email.strip())
    events.record(env, "magic_auth.created", magic_auth)
    emails.send(
        env,
        "magic_auth",
        magic_auth.email,
        user_id=user.id,
        code=magic_auth.code,
        expires_at=magic_auth.expires_at,
        new_user=is_new,
    )
    return magic_auth


def require_magic_auth_allowed(env: Environment) -> None:
    if "magic_auth" not in env.settings.methods:
        raise MethodNotAllowed


def redeem(env: Environment, user: User, code: str) -> Verdict:
    """Codes sent to an address that the user has left since don't count."""
    issued = [item for item in codes_of(env, MagicAuth, user.id) if email_key(item.email) == user.email_key]
    verdict, _ = judge(env, issued, code)
    return verdict
