"""The settings of an environment, read and changed while it runs."""

from __future__ import annotations

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, ApiError
from mockserver.core.requests import of_control
from mockserver.core.routing import get, patch
from mockserver.settings import InvalidSetting, settings_from


class SettingRefused(ApiError):
    status, code = 422, "invalid_setting"


@get("/_emulate/settings", environment=of_control)
def get_settings(env: Environment) -> JSON:
    """Every setting with its value."""
    return env.settings.to_json()


@patch("/_emulate/settings", environment=of_control)
def change_settings(env: Environment, content: JSON) -> JSON:
    """Changes the settings named; the others stay."""
    try:
        env.change_settings(settings_from(content, base=env.settings))
    except InvalidSetting as error:
        raise SettingRefused(str(error)) from None
    return env.settings.to_json()
