"""What membership calls refuse with (contract: resources, section 5)."""

from __future__ import annotations

from mockserver.core.errors import ApiError


class FilterMissing(ApiError):
    status, code = 400, "missing_user_id_or_organization_id"
    message = "Either user_id or organization_id is required."


class InvalidStatus(ApiError):
    status, code = 400, "invalid_request_parameters"

    def __init__(self, status: str) -> None:
        super().__init__(f"'{status}' is none of active, inactive and pending.")


class MembershipAlreadyExists(ApiError):
    """Not in the OpenAPI document; the code was seen in applications, the status is a guess."""

    status, code = 409, "organization_membership_already_exists"
    message = "The user is already a member of the organization."


class CannotReactivatePending(ApiError):
    status, code = 400, "cannot_reactivate_pending_organization_membership"
    message = (
        "A pending organization membership cannot be reactivated. The user needs to accept the invitation instead."
    )


class CannotDeactivatePending(ApiError):
    status, code = 400, "cannot_deactivate_pending_organization_membership"
    message = "A pending organization membership cannot be deactivated. This membership should be deleted instead."


class InvalidRole(ApiError):
    status, code = 422, "invalid_role"

    def __init__(self, slug: str) -> None:
        super().__init__(f"Role '{slug}' is not a valid role.")


class SubResourceRole(ApiError):
    """A role of another resource type than organizations."""

    status, code = 422, "sub_resource_scoped_role_not_allowed"
    message = "Sub-resource scoped roles are not allowed for this operation."

    def __init__(self, slug: str) -> None:
        super().__init__(role_slug=slug)


class MultipleRolesNotEnabled(ApiError):
    status, code = 422, "multiple_roles_not_enabled"
    message = "Multiple roles are not enabled for this environment."
    hint = "several role_slugs were sent; set multiple_roles=on"
