"""`refresh_token`: the next access token of a session. No new session, no event, no stamp on the user."""

from __future__ import annotations

from mockserver.authentication import service
from mockserver.authentication.errors import OrganizationNotFound
from mockserver.authentication.grants.grant import Grant
from mockserver.core.bodies import NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.sessions import service as sessions
from mockserver.users.models import User


class RefreshTokenGrant(Grant, kw_only=True):
    refresh_token: NonEmpty
    organization_id: str | None = None

    def allows_public_client(self) -> bool:
        return True

    def authenticate(self, env: Environment) -> JSON:
        session, refresh_token = sessions.exchange_refresh_token(env, self.refresh_token)
        if self.organization_id:
            # No organizations exist yet, so none can be switched to. The refusal takes the exchange back.
            raise OrganizationNotFound(self.organization_id)
        return service.answer(env, env.get(User, session.user_id), session, refresh_token)
