"""Paths that SDKs and the official command line call, and neither the OpenAPI document nor the newest SDK describes.

The schemas are those that the callers read; the sources are their published packages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TEXT = {"type": "string", "minLength": 1}
URL_OR_NULL = {
    "type": "object",
    "properties": {"url": {"type": ["string", "null"], "format": "uri"}},
    "required": ["url"],
    "additionalProperties": False,
}


def list_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    members = {"object": {"const": "list"}, "data": {"type": "array", "items": item}}
    return {"type": "object", "properties": members, "required": list(members)}


def _closed(**members: Any) -> Mapping[str, Any]:
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


_TARGETS = {"type": "array", "items": _closed(id=TEXT, enabled={"type": "boolean"})}
_FLAG = {"slug": TEXT, "enabled": {"type": "boolean"}, "default_value": {"type": "boolean"}}
_CONDITION = _closed(target_type=TEXT, operator={"const": "one_of"}, values={"type": "array", "items": TEXT})
_RULE = _closed(
    id=TEXT, kind={"const": "conditions"}, value={"type": "boolean"}, conditions={"type": "array", "items": _CONDITION}
)
_FLAGS = {
    "type": "object",
    "additionalProperties": _closed(**_FLAG, targets=_closed(users=_TARGETS, organizations=_TARGETS)),
}
_FLAGS_WITH_RULES = _closed(
    version={"const": 2},
    flags={
        "type": "object",
        "additionalProperties": _closed(
            **_FLAG, off_value={"type": "boolean"}, rules={"type": "array", "items": _RULE}
        ),
    },
)

# By method and path, the answers by status, or the operation that answers the same.
OLDER_PATHS: Mapping[tuple[str, str], Mapping[str, Any] | str] = {
    # Node 7 and 8, Python 5, Ruby 6, PHP 4, Go 4
    ("GET", "/organizations/{organization_id}/roles"): {"200": list_of({"$ref": "#/schemas/Role"})},
    # The runtime clients of Node 8 to 11, and with payload_version=2 of Python 10
    ("GET", "/sdk/feature-flags"): {"200": {"oneOf": [_FLAGS_WITH_RULES, _FLAGS]}},
    # The official command line 0.14
    ("GET", "/user_management/app_homepage_url"): {"200": URL_OR_NULL},
    ("PUT", "/user_management/app_homepage_url"): {"200": URL_OR_NULL},
    # Node before 8, Python before 6
    ("POST", "/user_management/magic_auth/send"): {"200": None},
    ("POST", "/user_management/password_reset/send"): {"201": None},
    ("POST", "/auth/factors/verify"): "POST /auth/challenges/{id}/verify",
    # Ruby 10
    ("POST", "/oauth2/device_authorization"): "POST /user_management/authorize/device",
    # Clients of OpenID Connect
    ("GET", "/user_management/{client_id}/.well-known/openid-configuration"): {
        "200": {"type": "object", "required": ["issuer", "jwks_uri", "token_endpoint", "authorization_endpoint"]}
    },
}
