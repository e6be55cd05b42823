"""What invitation calls refuse with (contract: resources, section 7)."""

from __future__ import annotations

from mockserver.core.errors import ApiError, OAuthError


class AlreadyInvitedToOrganization(ApiError):
    status, code = 400, "email_already_invited_to_organization"
    message = "The email has already been invited to the organization."


class AlreadyMember(ApiError):
    status, code = 400, "user_already_organization_member"
    message = "The user is already a member of the organization."


class AlreadyInvited(ApiError):
    status, code = 400, "email_already_invited"
    message = "The email has already been invited."


class UserAlreadyExists(ApiError):
    status, code = 400, "user_already_exists"
    message = "A user with this email already exists."


class ExpiresTooSoon(ApiError):
    status, code = 400, "expires_in_days_too_short"
    message = "expires_in_days must be at least 1."


class ExpiresTooLate(ApiError):
    status, code = 400, "expires_in_days_too_long"
    message = "expires_in_days must be at most 30."


class InvalidRole(ApiError):
    """400 here, while memberships answer 422."""

    status, code = 400, "invalid_role"

    def __init__(self, slug: str) -> None:
        super().__init__(f"Role '{slug}' is not a valid role.")


class NotPending(ApiError):
    status, code = 400, "invite_not_pending"
    message = "Invite is not pending."


class HasAcceptedUser(ApiError):
    status, code = 400, "invite_has_accepted_user_id"
    message = "Invite is not pending."


class Expired(ApiError):
    status, code = 400, "invite_expired"
    message = "Invite has expired."


class Revoked(ApiError):
    status, code = 400, "invite_revoked"
    message = "Invite has been revoked."


class Accepted(ApiError):
    status, code = 400, "invite_accepted"
    message = "Invite has already been accepted."


# By state; the texts are recorded at a resend, and used wherever such an invitation is refused.
ENDED: dict[str, type[ApiError]] = {"expired": Expired, "revoked": Revoked, "accepted": Accepted}


class InvitationInvalid(OAuthError):
    """At sign-in, and on the page that its mail leads to: an unknown, expired, revoked or accepted token."""

    status, code = 400, "invitation_invalid"


class CannotBeUsedForEmail(OAuthError):
    status, code = 400, "invitation_cannot_be_used_for_email"

    def __init__(self, email: str) -> None:
        super().__init__(f"The invitation cannot be used for '{email}'.")
