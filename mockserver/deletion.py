"""Deleting something that much else hangs on."""

from __future__ import annotations

from mockserver.core.environment import Environment
from mockserver.events import service as events
from mockserver.sessions import service as sessions
from mockserver.users.models import User


def delete_user(env: Environment, user: User) -> None:
    """Live sessions end first, with their events; what else belongs to the user goes silently with the row."""
    sessions.revoke_sessions_of(env, user.id)
    env.delete(user)
    events.record(env, "user.deleted", user)
