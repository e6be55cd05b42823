"""A device that waits for its user's approval."""

from __future__ import annotations

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "device_authorizations",
    label="Device authorization",
    key="device_code",
    references={"authorization_code": "authorization_codes.code"},
    unique=[("user_code",)],
)
class DeviceAuthorization(Model):
    """`status` is `pending`, `approved` or `denied`; `user_code` is kept as eight capitals.

    `authorization_code` is what the approval issued, and what the next poll redeems. `interval` is in seconds.
    """

    device_code: str
    user_code: str
    status: str
    interval: int
    last_polled_at: str | None
    authorization_code: str | None
    expires_at: str
    consumed_at: str | None
    created_at: str
    goes_ms: int = 0

    @property
    def dashed_user_code(self) -> str:
        """As people read it."""
        return f"{self.user_code[:4]}-{self.user_code[4:]}"

    def shown(self) -> JSON:
        """What the control plane answers; the API has no such object."""
        return {
            "object": "device_authorization",
            "user_code": self.dashed_user_code,
            "status": self.status,
            "expires_at": self.expires_at,
            "created_at": self.created_at,
        }
