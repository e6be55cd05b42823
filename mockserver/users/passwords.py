"""Passwords: the policy for new ones, imported hashes, and whether one is right."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache, partial
from typing import Any

from argon2 import PasswordHasher

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError
from mockserver.users import password_hashes, password_policy
from mockserver.users.models import Password, User


class PasswordTooWeak(ApiError):
    """400, not 422; the codes of `errors` are from a live probe (contract: authentication, section 8.6)."""

    status, code = 400, "password_strength_error"
    message = "Password does not meet strength requirements."
    hint = (
        "the password policy refused a password; the setting password_policy relaxes it (or --set password_policy=off)"
    )


class InvalidPasswordHash(ApiError):
    status, code = 400, "invalid_password_hash"


class PasswordAndHash(ApiError):
    status, code = 400, "password_and_password_hash_provided"


class PasswordAndHashType(ApiError):
    status, code = 400, "password_and_password_hash_type_provided"


class SaltPositionWithoutHash(ApiError):
    status, code = 400, "password_salt_position_requires_password_hash"


@cache
def _hasher(profile: str) -> PasswordHasher:
    """`fast` takes a tenth of a millisecond, for a mock protects nobody; `rfc9106` is that document's second choice."""
    if profile == "rfc9106":
        return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def violations(env: Environment, password: str) -> list[JSON]:
    """What the policy holds against a password, as elements of `errors`; empty for a good one."""
    policy = env.settings.password_policy
    if policy == "off":
        return []
    length, score = policy.minimum_length, policy.minimum_score
    judge = partial(password_policy.violations, password, minimum_length=length, minimum_score=score)
    if score == 0 or password_policy.is_quick(password):
        return judge()
    return env.derived(("violations", password, length, score), judge)


@dataclass(frozen=True)
class GivenPassword:
    """What a request says of a password: the plain one, or a hash to import."""

    password: str | None = None
    password_hash: str | None = None
    password_hash_type: str | None = None
    password_salt_position: str | None = None


def take_given(attributes: dict[str, Any]) -> GivenPassword:
    """Takes the members that speak of a password out of a request's attributes."""
    return GivenPassword(**{field.name: attributes.pop(field.name, None) for field in fields(GivenPassword)})


def require_acceptable(env: Environment, given: GivenPassword) -> None:
    """Raises the first error of the combination, of the hash, or of the policy. Imported hashes skip the policy."""
    if given.password is not None and given.password_hash is not None:
        raise PasswordAndHash
    if given.password is not None and given.password_hash_type is not None:
        raise PasswordAndHashType
    if given.password_salt_position is not None and given.password_hash_type != "ssha256":
        raise SaltPositionWithoutHash
    if (given.password_hash is None) != (given.password_hash_type is None):
        missing = "password_hash" if given.password_hash is None else "password_hash_type"
        raise InvalidPasswordHash(f"{missing} is missing: password_hash and password_hash_type go together.")
    if given.password_hash is not None and given.password_hash_type is not None:
        try:
            password_hashes.check(given.password_hash_type, given.password_hash)
        except password_hashes.InvalidPasswordHash as error:
            raise InvalidPasswordHash(str(error)) from None
    if given.password is not None:
        require_strong(env, given.password)


def require_strong(env: Environment, password: str) -> None:
    errors = violations(env, password)
    if errors:
        raise PasswordTooWeak(errors=errors)


def store_password(env: Environment, user: User, password: str) -> None:
    env.db.replace(Password(user.id, "argon2", _hashed(env, password), None))


def _hashed(env: Environment, password: str) -> str:
    profile = env.server.argon2
    make = partial(_hasher(profile).hash, password)
    return make() if profile == "fast" else env.derived(("hash", profile, password), make)


def store_given(env: Environment, user: User, given: GivenPassword) -> bool:
    """False when nothing was given."""
    if given.password is not None:
        store_password(env, user, given.password)
    elif given.password_hash is not None and given.password_hash_type is not None:
        position = given.password_salt_position
        env.db.replace(Password(user.id, given.password_hash_type, given.password_hash, position))
    else:
        return False
    return True


def has_password(env: Environment, user: User) -> bool:
    return env.find(Password, user.id) is not None


def is_right(env: Environment, user: User, password: str) -> bool:
    """Whether it is the user's password. One that proves an imported hash of another kind, or one of our own with
    other parameters than today's, is hashed anew; imported argon2 stays as it is."""
    stored = env.find(Password, user.id)
    if stored is None or not _fits(env, stored, password):
        return False
    if stored.type != "argon2" or (
        password_hashes.is_own(stored.hash) and _hasher(env.server.argon2).check_needs_rehash(stored.hash)
    ):
        store_password(env, user, password)
    return True


def _fits(env: Environment, stored: Password, password: str) -> bool:
    try:
        hash = password_hashes.parse(stored.type, stored.hash, stored.salt_position)
    except password_hashes.InvalidPasswordHash:
        return False  # Imported by an older version with wider bounds: it would take hours.
    if hash.is_quick:
        return hash.fits(password)
    return env.derived(("fits", stored.type, stored.hash, password), partial(hash.fits, password))
