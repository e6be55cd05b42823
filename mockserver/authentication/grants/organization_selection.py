"""`urn:workos:oauth:grant-type:organization-selection`: the step after `organization_selection_required`."""

from __future__ import annotations

from mockserver.authentication import service
from mockserver.authentication.errors import InvalidOrganizationId
from mockserver.authentication.grants.grant import Grant
from mockserver.core.bodies import NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.organizations.models import Organization
from mockserver.users.models import User


class OrganizationSelectionGrant(Grant, kw_only=True):
    pending_authentication_token: NonEmpty
    organization_id: NonEmpty

    def authenticate(self, env: Environment) -> JSON:
        """A choice of an organization that isn't the user's takes everything back, so the pending token survives it.

        What its policy demands is a step: a new token is in the answer.
        """
        pending = service.find_pending(env, self.pending_authentication_token)
        if env.find(Organization, self.organization_id) is None:
            raise InvalidOrganizationId(self.organization_id)
        user = env.get(User, pending.user_id)
        return service.complete(
            env, service.resumed(env, pending, user, self.device, organization_id=self.organization_id)
        )
