"""`refresh_token`: the next access token of a session. No new session, no event, no stamp on the user."""

from __future__ import annotations

from mockserver.authentication import service
from mockserver.authentication.errors import OrganizationNotFound, RefreshNeedsMfa
from mockserver.authentication.grants.grant import Grant
from mockserver.authentication.organizations import policy_refusal, require_active_member
from mockserver.core.bodies import NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.factors import service as factors
from mockserver.organizations.models import Organization
from mockserver.policies import service as policies
from mockserver.sessions import service as sessions
from mockserver.sessions.models import Session
from mockserver.users.models import User


class RefreshTokenGrant(Grant, kw_only=True):
    refresh_token: NonEmpty
    organization_id: str | None = None

    def allows_public_client(self) -> bool:
        return True

    def authenticate(self, env: Environment) -> JSON:
        session, refresh_token = sessions.exchange_refresh_token(env, self.refresh_token)
        user = env.get(User, session.user_id)
        organization_id = self.organization_id or sessions.organization_of_refresh(env, session)
        # A refusal takes the exchange back.
        if self.organization_id and self.organization_id != session.organization_id:
            require_switch_allowed(env, user, session, self.organization_id)
        elif organization_id is not None:
            require_active_member(env, user, organization_id)
        session = sessions.switch_organization(env, session, organization_id)
        return service.answer(env, user, session, refresh_token)


def require_switch_allowed(env: Environment, user: User, session: Session, organization_id: str) -> None:
    """Raises OrganizationNotFound, OrganizationMembershipNotFound, SsoRequired, MethodsRequired, RefreshNeedsMfa."""
    if env.find(Organization, organization_id) is None:
        raise OrganizationNotFound(organization_id)
    require_active_member(env, user, organization_id)
    policy = policies.policy_of(env, organization_id)
    refusal = policy_refusal(env, policy, user, session.method, session.connection_id)
    if refusal is not None:
        raise refusal
    if policy.mfa_required and service.needs_second_factor(session.method) and not factors.factors_of(env, user.id):
        raise RefreshNeedsMfa
