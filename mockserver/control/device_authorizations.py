"""Deciding on a device without a browser: by the code that it shows."""

from __future__ import annotations

from mockserver.authentication.device_approval import approve_for
from mockserver.control.shortcuts import named_user
from mockserver.core.bodies import ControlBody
from mockserver.core.environment import Environment
from mockserver.core.requests import of_control
from mockserver.core.routing import post
from mockserver.device_authorizations import service
from mockserver.device_authorizations.models import DeviceAuthorization


class ApproveDevice(ControlBody):
    """The user by `user_id` or `email`; a member of several organizations needs `organization_id`."""

    user_id: str | None = None
    email: str | None = None
    organization_id: str | None = None


@post("/_emulate/device_authorizations/{user_code}/approve", environment=of_control)
def approve_device(env: Environment, user_code: str, body: ApproveDevice) -> DeviceAuthorization:
    """Signs the device in as a user, as if that user had approved it in a browser."""
    device_authorization = service.find_by_user_code(env, user_code)
    return approve_for(env, device_authorization, named_user(env, body.user_id, body.email), body.organization_id)


@post("/_emulate/device_authorizations/{user_code}/deny", environment=of_control)
def deny_device(env: Environment, user_code: str) -> DeviceAuthorization:
    """Refuses the device, as if its user had."""
    return service.deny(env, service.find_by_user_code(env, user_code))
