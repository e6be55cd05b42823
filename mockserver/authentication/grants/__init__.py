"""The grants of `POST /user_management/authenticate`: one file each, found by `grant_type`."""

from __future__ import annotations

from mockserver.authentication.grants.authorization_code import AuthorizationCodeGrant
from mockserver.authentication.grants.device_code import DeviceCodeGrant
from mockserver.authentication.grants.email_verification import EmailVerificationGrant
from mockserver.authentication.grants.grant import Grant
from mockserver.authentication.grants.magic_auth import MagicAuthGrant
from mockserver.authentication.grants.mfa_totp import MfaTotpGrant
from mockserver.authentication.grants.organization_selection import OrganizationSelectionGrant
from mockserver.authentication.grants.password import PasswordGrant
from mockserver.authentication.grants.refresh_token import RefreshTokenGrant

GRANTS: dict[str, type[Grant]] = {
    "password": PasswordGrant,
    "authorization_code": AuthorizationCodeGrant,
    "refresh_token": RefreshTokenGrant,
    "urn:workos:oauth:grant-type:magic-auth:code": MagicAuthGrant,
    "urn:workos:oauth:grant-type:email-verification:code": EmailVerificationGrant,
    "urn:workos:oauth:grant-type:mfa-totp": MfaTotpGrant,
    "urn:workos:oauth:grant-type:organization-selection": OrganizationSelectionGrant,
    "urn:ietf:params:oauth:grant-type:device_code": DeviceCodeGrant,
    # The names of older SDKs.
    "urn:workos:oauth:grant-type:magic-auth": MagicAuthGrant,
    "urn:workos:oauth:grant-type:email-verification": EmailVerificationGrant,
}

NOT_IMPLEMENTED_YET = frozenset(
    {
        "urn:workos:oauth:grant-type:radar-email-challenge:code",
        "urn:workos:oauth:grant-type:radar-sms-challenge:code",
    }
)
