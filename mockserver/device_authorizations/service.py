"""From a device's request to the poll that signs it in (contract: authentication, section 9)."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.authentication.models import AuthorizationCode
from mockserver.core.clock import later
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError, OAuthError
from mockserver.core.statements import Query
from mockserver.core.urls import with_query
from mockserver.device_authorizations.models import DeviceAuthorization

INTERVAL = 5  # seconds between two polls, and what `slow_down` adds to them

_BY_USER_CODE = Query(DeviceAuthorization, DeviceAuthorization.table.c.user_code == sa.bindparam("user_code"))


class UnknownUserCode(ApiError):
    status, code = 404, "user_code_not_found"

    def __init__(self, user_code: str) -> None:
        super().__init__(f"No device shows the code '{user_code}'. Check it, and enter it again.")


class UserCodeExpired(ApiError):
    status, code = 400, "user_code_expired"
    message = "This code has expired. Start the sign-in on the device again, and enter its new code."
    hint = "the setting lifetimes.device_code says how long a code is valid"


class UserCodeUsed(ApiError):
    status, code = 400, "user_code_previously_used"
    message = "This code has been approved or denied already. Start the sign-in on the device again for a new one."


class PollRefused(OAuthError):
    """The polling helper of Go's SDK v10 goes on only where it reads a plain `code`, which the documents don't have.

    So `code` and `message` stand beside `error`; all other SDKs look at `error` first.
    """

    status = 400

    def body(self) -> JSON:
        return {**super().body(), "code": self.code, "message": self.message}


class AuthorizationPending(PollRefused):
    code = "authorization_pending"
    message = "The authorization request is still pending as the user hasn't yet completed the user interaction flow."
    keeps_changes = True


class SlowDown(PollRefused):
    code = "slow_down"
    keeps_changes = True

    def __init__(self, interval: int) -> None:
        super().__init__(f"The client is polling too frequently. Wait {interval} seconds between requests.")


class AccessDenied(PollRefused):
    code = "access_denied"
    message = "The user declined the authorization request."


class DeviceCodeExpired(PollRefused):
    code = "expired_token"
    message = "The device code has expired."


class InvalidDeviceCode(PollRefused):
    code = "invalid_grant"
    message = "The device code is invalid or has already been used."


def create_device_authorization(env: Environment) -> DeviceAuthorization:
    now = env.clock.now()
    return env.insert(
        DeviceAuthorization(
            device_code=env.codes.token(64),
            user_code=env.codes.user_code(),
            status="pending",
            interval=INTERVAL,
            last_polled_at=None,
            authorization_code=None,
            expires_at=later(now, env.settings.lifetimes.device_code),
            consumed_at=None,
            created_at=now,
        )
    )


def answer(env: Environment, device_authorization: DeviceAuthorization) -> JSON:
    """What the device is told: the code to poll with, and the code and address to show."""
    user_code = device_authorization.dashed_user_code
    verification_uri = f"{env.authkit_url}/device"
    return {
        "device_code": device_authorization.device_code,
        "user_code": user_code,
        "verification_uri": verification_uri,
        "verification_uri_complete": with_query(verification_uri, {"user_code": user_code}),
        "expires_in": env.settings.lifetimes.device_code,
        "interval": device_authorization.interval,
    }


def normal_user_code(text: str) -> str:
    """As it is kept: people type small letters, leave the dash out, or put a blank in its place."""
    return "".join(character for character in text.upper() if character.isalnum())


def find_by_user_code(env: Environment, user_code: str) -> DeviceAuthorization:
    """One that waits for a decision. Raises UnknownUserCode, UserCodeExpired, UserCodeUsed."""
    found = env.first(_BY_USER_CODE, user_code=normal_user_code(user_code))
    if found is None:
        raise UnknownUserCode(user_code)
    _require_undecided(env, found)
    return found


def approve(
    env: Environment, device_authorization: DeviceAuthorization, authorization_code: AuthorizationCode
) -> DeviceAuthorization:
    """The next poll signs in whom the code is for. Raises UserCodeExpired, UserCodeUsed."""
    _require_undecided(env, device_authorization)
    return env.update(device_authorization, status="approved", authorization_code=authorization_code.code)


def deny(env: Environment, device_authorization: DeviceAuthorization) -> DeviceAuthorization:
    """Raises UserCodeExpired, UserCodeUsed."""
    _require_undecided(env, device_authorization)
    return env.update(device_authorization, status="denied")


def _require_undecided(env: Environment, device_authorization: DeviceAuthorization) -> None:
    if device_authorization.status != "pending":
        raise UserCodeUsed
    if device_authorization.expires_at <= env.clock.now():
        raise UserCodeExpired


def redeem(env: Environment, device_code: str) -> AuthorizationCode:
    """The code of an approval, once. Raises PollRefused for whatever else a poll meets.

    Whoever is gone has taken code and device authorization along.
    """
    found = env.find(DeviceAuthorization, device_code)
    if found is None or found.consumed_at is not None:
        raise InvalidDeviceCode
    if found.status == "denied":
        raise AccessDenied
    if found.expires_at <= env.clock.now():
        raise DeviceCodeExpired
    if found.authorization_code is None:
        raise _still_pending(env, found)
    if not env.consume(found):
        raise InvalidDeviceCode
    return env.get(AuthorizationCode, found.authorization_code)


def _still_pending(env: Environment, device_authorization: DeviceAuthorization) -> PollRefused:
    """Notes the poll. RFC 8628, section 3.5: `slow_down` is a kind of pending, so what is decided is never delayed."""
    now, last, interval = env.clock.now(), device_authorization.last_polled_at, device_authorization.interval
    if last is not None and last <= now < later(last, interval):
        env.update(device_authorization, last_polled_at=now, interval=interval + INTERVAL)
        return SlowDown(interval + INTERVAL)
    env.update(device_authorization, last_polled_at=now)
    return AuthorizationPending()
