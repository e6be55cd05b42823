"""What `POST /user_management/authenticate` refuses with.

The envelope of each (plain or OAuth) is part of the contract: authentication, sections 2.4 and 2.5.
"""

from __future__ import annotations

from mockserver.core.errors import ApiError, OAuthError


class InvalidRequest(OAuthError):
    status, code = 400, "invalid_request"


class InvalidClient(OAuthError):
    """The text is known for `/sso/token` only, and used here too."""

    status, code = 400, "invalid_client"
    message = "Invalid client ID or secret."


class InvalidCode(OAuthError):
    status, code = 400, "invalid_grant"

    def __init__(self, code: str) -> None:
        super().__init__(f"The code '{code}' has expired or is invalid.")


class CodeChallengeNotFound(ApiError):
    status, code = 400, "code_challenge_not_found"
    message = "A code_verifier was sent, but the authorization had no code_challenge."


class OrganizationNotFound(OAuthError):
    status, code = 400, "organization_not_found"

    def __init__(self, organization_id: str) -> None:
        super().__init__(f"Organization not found: '{organization_id}'.")


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


class MfaEnrollment(StepUp):
    code = "mfa_enrollment"
    message = "The user must enroll in MFA to finish authenticating."
    hint = "the setting mfa is required; set mfa=enrolled or mfa=off to let users without a factor in"


class MfaChallenge(StepUp):
    code = "mfa_challenge"
    message = "The user must complete an MFA challenge to finish authenticating."
    hint = "the user has a factor; ask GET /_emulate/totp/{factor id} for its code, or set mfa=off"
