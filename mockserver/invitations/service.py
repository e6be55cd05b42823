"""Whether an invitation may be used. None can be made yet, so no token is valid."""

from __future__ import annotations

from typing import NoReturn

from mockserver.core.errors import OAuthError


class InvitationInvalid(OAuthError):
    status, code = 400, "invitation_invalid"

    def __init__(self, token: str) -> None:
        super().__init__(f"The invitation token '{token}' is invalid, expired, revoked or was accepted before.")


def require_valid_invitation(invitation_token: str) -> NoReturn:
    """Raises InvitationInvalid."""
    raise InvitationInvalid(invitation_token)
