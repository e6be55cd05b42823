"""`urn:ietf:params:oauth:grant-type:device_code`: a device asks whether its user has approved it by now."""

from __future__ import annotations

from mockserver.authentication.grants.authorization_code import redeem
from mockserver.authentication.grants.grant import Grant
from mockserver.core.bodies import NonEmpty
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.device_authorizations import service as device_authorizations


class DeviceCodeGrant(Grant, kw_only=True):
    device_code: NonEmpty

    def allows_public_client(self) -> bool:
        return True

    def authenticate(self, env: Environment) -> JSON:
        """`token_type` and `expires_in` are documented for this grant alone."""
        code = device_authorizations.redeem(env, self.device_code)
        answer = redeem(env, code, self.device)
        return {**answer, "token_type": "Bearer", "expires_in": env.settings.lifetimes.access_token}
