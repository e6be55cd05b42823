"""Enrolling factors, challenging them, judging codes."""

from __future__ import annotations

import logging
import re

import sqlalchemy as sa

from mockserver.core.clock import later, to_text
from mockserver.core.codes import MAX_ATTEMPTS, Verdict
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, RequestInvalid, field_error
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query, Statement
from mockserver.emails import service as emails
from mockserver.factors import totp
from mockserver.factors.models import Challenge, Factor
from mockserver.factors.totp import STEP

log = logging.getLogger("mockserver.factors")

WINDOW = 1  # steps accepted on either side of the current one
_QR_CODE_CAPACITY = 2953  # bytes

_columns = Factor.table.c
_OF_USER = _columns.user_id == sa.bindparam("user_id")
_ALL_OF_USER = Query(Factor, _OF_USER, order_by=(_columns.created_at, _columns.id))
_LISTING = Listing(Factor, user_id=_OF_USER)
_USE_STEP = Statement(
    sa.update(Factor.table)
    .where(_columns.id == sa.bindparam("factor_id"), _columns.last_used_step < sa.bindparam("step"))
    .values(last_used_step=sa.bindparam("step"))
)


class PreviouslyVerified(ApiError):
    status, code = 422, "authentication_challenge_previously_verified"

    def __init__(self, challenge: Challenge) -> None:
        super().__init__(f"The authentication challenge '{challenge.id}' has already been verified.")


class ChallengeExpired(ApiError):
    """For TOTP too, since its challenges show an `expires_at` as well."""

    status, code = 422, "authentication_challenge_expired"

    def __init__(self, challenge: Challenge) -> None:
        super().__init__(f"The authentication challenge '{challenge.id}' has expired.")


class TooManyAttempts(ApiError):
    status, code = 400, "one_time_code_too_many_attempts"
    message = "Too many wrong codes were tried. Create a new challenge."
    keeps_changes = True


class NoUnusedCode(ApiError):
    """A control error: every code of the window is spent."""

    status, code = 409, "totp_window_spent"


def enroll_totp(
    env: Environment, *, user_id: str | None, issuer: str | None, account: str | None, secret: str | None = None
) -> Factor:
    """`secret` imports one, in base32. A factor counts as enrolled from here on."""
    if secret is not None:
        secret = normal_secret(secret)
    factor = new_totp(env, user_id=user_id, account=account, issuer=issuer, secret=secret)
    if len(factor.uri()) > _QR_CODE_CAPACITY:
        message = "Totp Issuer, Totp User and Totp Secret are together too long for a QR code."
        raise RequestInvalid([field_error("totp_issuer", "totp_issuer_invalid", message)])
    return env.insert(factor)


def new_totp(
    env: Environment,
    *,
    user_id: str | None,
    account: str | None,
    issuer: str | None = None,
    secret: str | None = None,
) -> Factor:
    """Not stored yet."""
    factor = _factor(env, "totp", user_id)
    factor.issuer = issuer or env.settings.product_name
    factor.account = account
    factor.secret = secret or env.codes.totp_secret()
    return factor


def enroll_confirmed_totp(env: Environment, factor: Factor, code: str) -> Factor | None:
    """Stores a new factor whose code somebody has entered. None for a wrong code, and nothing is kept."""
    steps = [step for step in _window(env) if totp.code_of_step(factor.secret or "", step) == code]
    if not steps:
        return None
    factor.last_used_step = steps[0]
    return env.insert(factor)


def enroll_sms(env: Environment, *, user_id: str | None, phone_number: str | None) -> Factor:
    if phone_number is None or not re.fullmatch(r"\+?[0-9 ()\-.]{6,20}", phone_number):
        message = "Phone Number must be a phone number such as +15005550006."
        raise RequestInvalid([field_error("phone_number", "phone_number_invalid", message)])
    factor = _factor(env, "sms", user_id)
    factor.phone_number = phone_number
    return env.insert(factor)


def enroll_generic_otp(env: Environment, *, user_id: str | None) -> Factor:
    return env.insert(_factor(env, "generic_otp", user_id))


def _factor(env: Environment, type: str, user_id: str | None) -> Factor:
    now = env.clock.now()
    return Factor(env.ids.new(Factor.prefix), user_id, type, None, None, None, None, 0, now, now)


def normal_secret(secret: str) -> str:
    """Base32 as authenticator apps show it, without spaces and in capitals. Raises RequestInvalid."""
    try:
        return totp.normal_secret(secret)
    except totp.InvalidSecret:
        message = "Totp Secret must be base32 text of at least 80 bits."
        raise RequestInvalid([field_error("totp_secret", "totp_secret_invalid", message)]) from None


def factors_of(env: Environment, user_id: str) -> list[Factor]:
    return env.all(_ALL_OF_USER, user_id=user_id)


def list_factors(env: Environment, user_id: str, pagination: Pagination) -> Page[Factor]:
    return env.page(_LISTING, pagination, user_id=user_id)


def challenge_factor(env: Environment, factor: Factor, *, sms_template: str | None = None) -> Challenge:
    """A fresh challenge; for an SMS factor the text message lands in the inbox, as kind `sms`."""
    now = env.clock.now()
    challenge = Challenge(
        id=env.ids.new(Challenge.prefix),
        factor_id=factor.id,
        code=None if factor.type == "totp" else env.codes.six_digits(),
        attempts=0,
        expires_at=later(now, env.settings.lifetimes.authentication_challenge),
        consumed_at=None,
        created_at=now,
        updated_at=now,
    )
    env.insert(challenge)
    if factor.type == "sms" and factor.phone_number is not None and challenge.code is not None:
        text = (sms_template or "Your verification code is {{code}}").replace("{{code}}", challenge.code)
        emails.send_text_message(
            env, factor.phone_number, text, code=challenge.code, user_id=factor.user_id, expires_at=challenge.expires_at
        )
    return challenge


def verify_challenge(env: Environment, challenge: Challenge, code: str) -> bool:
    """Whether the code is right; a wrong one is an answer, not an error."""
    match try_code(env, challenge, code):
        case Verdict.RIGHT:
            return True
        case Verdict.USED:
            raise PreviouslyVerified(challenge)
        case Verdict.EXPIRED:
            raise ChallengeExpired(challenge)
        case Verdict.TOO_MANY_ATTEMPTS:
            raise TooManyAttempts
        case Verdict.WRONG:
            return False


def try_code(env: Environment, challenge: Challenge, code: str) -> Verdict:
    """The right code spends the challenge and, for TOTP, its time step; a wrong one is counted."""
    if challenge.consumed_at is not None:
        return Verdict.USED
    if challenge.expires_at <= env.clock.now():
        return Verdict.EXPIRED
    if challenge.attempts >= MAX_ATTEMPTS:
        return Verdict.TOO_MANY_ATTEMPTS
    factor = env.get(Factor, challenge.factor_id)
    is_right = _totp_matches(env, factor, code) if factor.type == "totp" else challenge.code == code
    if is_right and env.consume(challenge):
        return Verdict.RIGHT
    env.update(challenge, attempts=challenge.attempts + 1)
    return Verdict.WRONG


def _totp_matches(env: Environment, factor: Factor, code: str) -> bool:
    assert factor.secret is not None
    steps = [step for step in _window(env) if totp.code_of_step(factor.secret, step) == code]
    if env.settings.totp_reuse == "allow":
        return bool(steps)
    is_unused = any(env.execute(_USE_STEP, factor_id=factor.id, step=step) for step in steps)
    if steps and not is_unused:
        env.after_commit(
            lambda: log.warning(
                "a TOTP code is refused because it was used before: wait for the next one, "
                "ask GET /_emulate/totp/%s for an unused one, or set totp_reuse=allow",
                factor.id,
            )
        )
    return is_unused


def _window(env: Environment) -> range:
    """The steps whose codes are accepted now."""
    now = env.clock.unix() // STEP
    return range(max(now - WINDOW, 0), now + WINDOW + 1)


def unused_code(env: Environment, factor: Factor) -> tuple[str, str]:
    """A code that would be accepted now, and until when. Raises NoUnusedCode."""
    assert factor.secret is not None
    now = env.clock.unix() // STEP
    for step in (now, now + WINDOW):
        if step > factor.last_used_step or env.settings.totp_reuse == "allow":
            return totp.code_of_step(factor.secret, step), _start_of_step(step + WINDOW + 1)
    raise NoUnusedCode(
        "Every code of the current window has been used. Advance the clock by 30 seconds "
        '(POST /_emulate/clock/advance {"seconds": 30}), or set totp_reuse to allow.',
        retry_at=_start_of_step(factor.last_used_step + 1 - WINDOW),
    )


def _start_of_step(step: int) -> str:
    return to_text(step * STEP * 1000)
