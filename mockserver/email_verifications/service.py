"""Issuing and confirming e-mail verification codes."""

from __future__ import annotations

from mockserver.core.codes import Verdict, codes_of, judge, new_code
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError
from mockserver.email_verifications.models import EmailVerification
from mockserver.emails import service as emails
from mockserver.events import service as events
from mockserver.users import service as users
from mockserver.users.models import User, email_key


class AlreadyVerified(ApiError):
    status, code = 400, "email_already_verified"
    message = "The user email has already been verified."


class PreviouslyVerified(ApiError):
    status, code = 400, "email_previously_verified"
    message = "The user email has already been verified."


class CodeRefused(ApiError):
    """A wrong try is counted, so what it changed is kept."""

    keeps_changes = True


class CodeIncorrect(CodeRefused):
    status, code = 400, "email_verification_code_incorrect"
    message = "Email verification code is incorrect."


class CodeExpired(CodeRefused):
    status, code = 400, "email_verification_code_expired"
    message = "Email verification code has expired."


class CodePreviouslyUsed(CodeRefused):
    status, code = 400, "email_verification_code_previously_used"
    message = "Email verification code has been used before."


class TooManyAttempts(CodeRefused):
    """Not among the documented codes of confirm; the name is that of the authenticate grant."""

    status, code = 400, "one_time_code_too_many_attempts"
    message = "Too many wrong codes were tried. Request a new one."


def issue(env: Environment, user: User) -> EmailVerification:
    """A new code, mailed to the user's address."""
    verification = new_code(env, EmailVerification, user.id, user.email)
    events.record(env, "email_verification.created", verification)
    emails.send(
        env,
        "email_verification",
        user.email,
        user_id=user.id,
        code=verification.code,
        expires_at=verification.expires_at,
    )
    return verification


def send_verification(env: Environment, user: User) -> User:
    """Raises AlreadyVerified."""
    if user.email_verified:
        raise AlreadyVerified
    issue(env, user)
    return user


def redeem(env: Environment, user: User, code: str) -> Verdict:
    """Codes sent to an address that the user has left since don't count."""
    issued = [item for item in codes_of(env, EmailVerification, user.id) if email_key(item.email) == user.email_key]
    verdict, _ = judge(env, issued, code)
    return verdict


def confirm_verification(env: Environment, user: User, code: str) -> User:
    """Raises PreviouslyVerified or one of CodeRefused. Starts no session."""
    verdict = redeem(env, user, code)
    match verdict:
        case Verdict.RIGHT:
            return users.mark_email_verified(env, user)
        case Verdict.USED:
            raise CodePreviouslyUsed
        case Verdict.EXPIRED:
            raise CodeExpired
        case Verdict.TOO_MANY_ATTEMPTS:
            raise TooManyAttempts
        case Verdict.WRONG:
            raise PreviouslyVerified if user.email_verified else CodeIncorrect
