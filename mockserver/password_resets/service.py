"""Requesting and confirming password resets."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import ApiError, NotFound, RequestInvalid, field_error
from mockserver.core.statements import Query
from mockserver.core.urls import InvalidUri, require_address, with_query
from mockserver.emails import service as emails
from mockserver.events import service as events
from mockserver.password_resets.models import PasswordReset
from mockserver.sessions import service as sessions
from mockserver.users import passwords
from mockserver.users import service as users
from mockserver.users.models import User, email_key

_BY_TOKEN = Query(PasswordReset, PasswordReset.table.c.token == sa.bindparam("token"))


class PasswordAuthDisabled(ApiError):
    status, code = 403, "email_password_auth_disabled"
    message = "Email and password authentication is disabled."
    hint = "the setting methods leaves out password"


class ResetTokenNotFound(ApiError):
    """For an unknown, used or expired token alike (recorded: contract authentication, section 8.3)."""

    status, code = 404, "password_reset_token_not_found"

    def __init__(self, token: str) -> None:
        super().__init__(f"Could not locate user with provided token: '{token}'")


class ResetPasswordTooWeak(ApiError):
    status, code = 400, "password_reset_error"
    message = passwords.PasswordTooWeak.message
    hint = passwords.PasswordTooWeak.hint


def _require_page(url: str) -> None:
    try:
        require_address(url)
    except InvalidUri as error:
        raise RequestInvalid([field_error("password_reset_url", "password_reset_url_invalid", str(error))]) from None


def create_password_reset(env: Environment, email: str, *, page_url: str | None = None) -> PasswordReset:
    """Mails a link to `page_url` or the setting `password_reset_url`.

    Raises NotFound for an address that no user has, and RequestInvalid for a page that nobody can be sent to.
    """
    require_password_allowed(env)
    if page_url is not None:
        _require_page(page_url)
    user = users.find_user_by_email(env, email)
    if user is None:
        raise NotFound(User.label, email)
    page = page_url or env.settings.password_reset_url or page_of_ours(env)
    token = env.codes.token()
    now = env.clock.now()
    reset = env.insert(
        PasswordReset(
            id=env.ids.new(PasswordReset.prefix),
            user_id=user.id,
            email=user.email,
            token=token,
            url=with_query(page, {"token": token}),
            expires_at=later(now, env.settings.lifetimes.password_reset),
            consumed_at=None,
            created_at=now,
        )
    )
    events.record(env, "password_reset.created", reset)
    emails.send(
        env,
        "password_reset",
        user.email,
        user_id=user.id,
        link=reset.url,
        token=reset.token,
        expires_at=reset.expires_at,
    )
    return reset


def page_of_ours(env: Environment) -> str:
    """Where a link leads unless the app has a page for it."""
    return f"{env.authkit_url}/reset-password"


def find_usable(env: Environment, token: str) -> PasswordReset | None:
    """None for an unknown, used or expired token."""
    reset = env.first(_BY_TOKEN, token=token)
    if reset is None or reset.expires_at <= env.clock.now() or reset.consumed_at is not None:
        return None
    return reset


def confirm_password_reset(env: Environment, token: str, new_password: str) -> User:
    """Sets the password, proves the address it was mailed to, ends every session of the user. Signs nobody in."""
    require_password_allowed(env)
    reset = find_usable(env, token)
    if reset is None:
        raise ResetTokenNotFound(token)
    errors = passwords.violations(env, new_password)
    if errors:
        raise ResetPasswordTooWeak(errors=errors)
    if not env.consume(reset):
        raise ResetTokenNotFound(token)
    user = env.get(User, reset.user_id)
    passwords.store_password(env, user, new_password)
    user = env.update(user, email_verified=user.email_verified or email_key(reset.email) == user.email_key)
    events.record(env, "password_reset.succeeded", reset)
    sessions.revoke_sessions_of(env, user.id)
    events.record(env, "user.updated", user)
    return user


def require_password_allowed(env: Environment) -> None:
    if "password" not in env.settings.methods:
        raise PasswordAuthDisabled
