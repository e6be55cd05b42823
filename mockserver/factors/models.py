"""An authentication factor, and a challenge to prove that one has it."""

from __future__ import annotations

from urllib.parse import quote

from mockserver.core.errors import JSON
from mockserver.core.schema import Model, stored


@stored(
    "authentication_factors",
    label="Authentication Factor",
    prefix="auth_factor",
    references={"user_id": "users.id"},
    indexes=[("user_id", "created_at", "id")],
)
class Factor(Model):
    """`last_used_step` is the 30-second step of the last accepted code: a step is accepted once (RFC 6238, 5.2)."""

    id: str
    user_id: str | None
    type: str
    issuer: str | None
    account: str | None
    secret: str | None
    phone_number: str | None
    last_used_step: int
    created_at: str
    updated_at: str

    def shown(self) -> JSON:
        return self._with_details({"issuer": self.issuer, "user": self.account})

    def shown_at_enrolment(self) -> JSON:
        """With the secret, this one time."""
        import segno  # 20 ms that only an enrolment need pay

        uri = self.uri()
        secrets = {"secret": self.secret, "qr_code": segno.make(uri).png_data_uri(scale=5), "uri": uri}
        return self._with_details({"issuer": self.issuer, "user": self.account, **secrets})

    def uri(self) -> str:
        """For authenticator apps (Google's key URI format)."""
        issuer, account = quote(self.issuer or "", safe=""), quote(self.account or "", safe="@")
        parameters = f"secret={self.secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
        return f"otpauth://totp/{issuer}:{account}?{parameters}"

    def _with_details(self, totp: JSON) -> JSON:
        details: JSON = {}
        if self.type == "totp":
            details["totp"] = totp
        elif self.type == "sms":
            details["sms"] = {"phone_number": self.phone_number}
        user = {} if self.user_id is None else {"user_id": self.user_id}
        return {
            "object": "authentication_factor",
            "id": self.id,
            "type": self.type,
            **user,
            **details,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


@stored(
    "authentication_challenges",
    label="Authentication Challenge",
    prefix="auth_challenge",
    references={"factor_id": "authentication_factors.id"},
    indexes=[("factor_id",)],
)
class Challenge(Model):
    """`code` is set for factors that send one; a TOTP code is computed."""

    id: str
    factor_id: str
    code: str | None
    attempts: int
    expires_at: str
    consumed_at: str | None
    created_at: str
    updated_at: str
    goes_ms: int = 0

    def shown(self) -> JSON:
        return {
            "object": "authentication_challenge",
            "id": self.id,
            "authentication_factor_id": self.factor_id,
            "expires_at": self.expires_at,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    def shown_for(self, factor: Factor) -> JSON:
        """With the code for a `generic_otp` factor: whoever challenges it delivers the code."""
        code = {"code": self.code} if factor.type == "generic_otp" else {}
        return {**self.shown(), **code}
