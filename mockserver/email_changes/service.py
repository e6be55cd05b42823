"""Moving a user to a new address once its owner has confirmed the code mailed there."""

from __future__ import annotations

from itertools import takewhile

from mockserver.core.codes import Verdict, codes_of, judge, new_code
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.email_changes.models import EmailChange
from mockserver.emails import service as emails
from mockserver.users import service as users
from mockserver.users.models import User, email_key


class InvalidNewEmail(ApiError):
    status, code = 422, "invalid_email"


class ChangeNotNeeded(ApiError):
    status, code = 409, "email_change_not_needed"
    message = "The user already has this email."


class NewEmailNotAvailable(ApiError):
    status, code = 409, "email_not_available"
    message = "This email is not available."


class NoPendingChange(ApiError):
    status, code = 409, "no_pending_email_change"
    message = "The user has no pending email change."


class CodeRefused(ApiError):
    """A wrong try is counted, so what it changed is kept."""

    keeps_changes = True


class CodeIncorrect(CodeRefused):
    status, code = 400, "email_change_code_incorrect"
    message = "Email change code is incorrect."


class CodeExpired(CodeRefused):
    status, code = 400, "email_change_code_expired"
    message = "Email change code has expired."


class CodePreviouslyUsed(CodeRefused):
    status, code = 409, "email_change_code_previously_used"
    message = "Email change code has been used before."


class TooManyAttempts(CodeRefused):
    status, code = 429, "email_change_too_many_attempts"
    message = "Too many wrong codes were tried. Request a new one."


def send_change(env: Environment, user: User, new_email: str) -> EmailChange:
    """Mails a code to the new address, which takes the place of any other that was pending."""
    if not users.is_email(new_email):
        raise InvalidNewEmail(f"'{new_email}' is not an email address.")
    if email_key(new_email) == user.email_key:
        raise ChangeNotNeeded
    _require_available(env, user, new_email)
    change = new_code(env, EmailChange, user.id, new_email.strip())
    emails.send(env, "email_change", change.email, user_id=user.id, code=change.code, expires_at=change.expires_at)
    return change


def confirm_change(env: Environment, user: User, code: str) -> User:
    """The user with the new, verified address. Raises NoPendingChange or one of CodeRefused.

    Of several codes sent to the newest address each will do, and the first that is confirmed ends them all.
    """
    changes = codes_of(env, EmailChange, user.id)
    unconfirmed = list(takewhile(lambda change: change.consumed_at is None, changes))
    if not unconfirmed:
        raise CodePreviouslyUsed if any(change.code == code for change in changes) else NoPendingChange
    new_email = unconfirmed[0].email
    verdict, _ = judge(env, [change for change in unconfirmed if email_key(change.email) == email_key(new_email)], code)
    match verdict:
        case Verdict.RIGHT:
            _require_available(env, user, new_email)
            for change in unconfirmed:
                env.consume(change)
            return users.update_user(env, user, email=new_email, email_verified=True)
        case Verdict.USED:
            raise CodePreviouslyUsed
        case Verdict.EXPIRED:
            raise CodeExpired
        case Verdict.TOO_MANY_ATTEMPTS:
            raise TooManyAttempts
        case Verdict.WRONG:
            raise CodeIncorrect


def _require_available(env: Environment, user: User, email: str) -> None:
    owner = users.find_user_by_email(env, email)
    if owner is not None and owner.id != user.id:
        raise NewEmailNotAvailable
