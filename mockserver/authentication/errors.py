"""What `POST /user_management/authenticate` refuses with.

The envelope of each (plain or OAuth) is part of the contract: authentication, sections 2.4 and 2.5.
"""

from __future__ import annotations

from typing import Any

from mockserver.core.errors import ApiError, OAuthError


class InvalidRequest(OAuthError):
    status, code = 400, "invalid_request"


class InvalidClient(OAuthError):
    """The text is known for `/sso/token` only, and used here too."""

    status, code = 400, "invalid_client"
    message = "Invalid client ID or secret."


class UnknownClient(InvalidClient):
    """The text of the device endpoint, which takes no secret."""

    message = "Unknown client"


class InvalidCode(OAuthError):
    status, code = 400, "invalid_grant"

    def __init__(self, code: str) -> None:
        super().__init__(f"The code '{code}' has expired or is invalid.")


class InvitationTokenNotTaken(ApiError):
    """The sign-in with AuthKit has asked for the invitation already (observed: workos-ruby 337)."""

    status = 422
    message = "`invite_token` cannot be specified for an AuthKit authorization code."


class SignInDenied(OAuthError):
    """A profile of standalone SSO whom AuthKit doesn't let in, which its own sign-in tells the app at the callback."""

    status, code = 403, "access_denied"
    keeps_changes = True


class CodeChallengeNotFound(ApiError):
    status, code = 400, "code_challenge_not_found"
    message = "A code_verifier was sent, but the authorization had no code_challenge."


class OrganizationNotFound(OAuthError):
    status, code = 400, "organization_not_found"

    def __init__(self, organization_id: str) -> None:
        super().__init__(f"Organization not found: '{organization_id}'.")


class OrganizationMembershipNotFound(OAuthError):
    status, code = 400, "organization_membership_not_found"

    def __init__(self, user_id: str, organization_id: str) -> None:
        super().__init__(f"The user '{user_id}' is not an active member of the organization '{organization_id}'.")


class InvalidOrganizationId(ApiError):
    status, code = 400, "invalid_organization_id"

    def __init__(self, organization_id: str) -> None:
        super().__init__(f"The organization_id '{organization_id}' is invalid.")


class PolicyRefusal(OAuthError):
    """The credential was right, but an organization's policy wants another method.

    Without a policy of its own, one with an active connection wants SSO of its verified domains' users.
    """

    status = 400
    keeps_changes = True

    def __init__(self, organization_id: str, **extra: Any) -> None:
        super().__init__(**extra)
        self.hint = (
            f"the policy of {organization_id}, or having an active connection and no policy, forbids this method; "
            f"set one with PUT /_emulate/organizations/{organization_id}/policy, "
            "or in fixtures with 'policy: { binds_domain: false }'"
        )


class SsoRequired(PolicyRefusal):
    code = "sso_required"
    message = "User must authenticate using one of the matching connections."


class MethodsRequired(PolicyRefusal):
    code = "organization_authentication_methods_required"
    message = "User must authenticate using one of the methods allowed by the organization."


class RefreshNeedsMfa(OAuthError):
    """`mfa_enrollment` in the OAuth shape: what a refresh into an organization that demands MFA answers."""

    status, code = 400, "mfa_enrollment"
    message = "The user must enroll in MFA to finish authenticating."


class CredentialRefused(ApiError):
    """A wrong credential: its `authentication.*_failed` event and counted try are kept."""

    status = 400
    keeps_changes = True


class InvalidCredentials(CredentialRefused):
    code = "invalid_credentials"

    def __init__(self, email: str) -> None:
        super().__init__(f"Invalid credentials for '{email}'.")


class InvalidOneTimeCode(CredentialRefused):
    code = "invalid_one_time_code"
    message = "Invalid one-time code."


class OneTimeCodeUsed(CredentialRefused):
    code = "one_time_code_previously_used"
    message = "The one-time code has already been used."


class OneTimeCodeExpired(CredentialRefused):
    code = "one_time_code_expired"

    def __init__(self, email: str) -> None:
        super().__init__(f"One-time code for '{email}' has expired.")


class TooManyAttempts(CredentialRefused):
    code = "one_time_code_too_many_attempts"
    message = "Too many wrong codes were tried. Request a new one."


class UserMismatch(CredentialRefused):
    code = "user_mismatch"
    message = "The authentication challenge belongs to a factor of another user."


class InvalidPendingToken(ApiError):
    status, code = 400, "invalid_pending_authentication_token"

    def __init__(self, token: str) -> None:
        super().__init__(f"The pending_authentication_token '{token}' has expired or is invalid.")


class StepUp(ApiError):
    """The credential was right and more is needed: what the step created (a code, a mail, a token) is kept."""

    status = 403
    keeps_changes = True


class EmailVerificationRequired(StepUp):
    code = "email_verification_required"
    message = "Email ownership must be verified before authentication."
    hint = (
        "the address is not verified; enter the code from the inbox (GET /_emulate/inbox/latest), "
        "create users with email_verified, or set email_verification=off"
    )


class OrganizationSelectionRequired(StepUp):
    code = "organization_selection_required"
    message = "The user must choose an organization to finish their authentication."


class MfaEnrollment(StepUp):
    code = "mfa_enrollment"
    message = "The user must enroll in MFA to finish authenticating."
    hint = "the setting mfa is required; set mfa=enrolled or mfa=off to let users without a factor in"


class MfaChallenge(StepUp):
    code = "mfa_challenge"
    message = "The user must complete an MFA challenge to finish authenticating."
    hint = "the user has a factor; ask GET /_emulate/totp/{factor id} for its code, or set mfa=off"
