"""The app's homepage, as the official command line reads and sets it (`config homepage-url set`, `seed`, installer).

Undocumented. That the answer names it as `url` is known from what that command line reads.
"""

from __future__ import annotations

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, RequestInvalid, field_error
from mockserver.core.urls import InvalidUri, require_address
from mockserver.settings import settings_from


def get_app_homepage_url(env: Environment) -> JSON:
    return {"url": env.settings.app_homepage_url}


def put_app_homepage_url(env: Environment, url: str) -> JSON:
    """Changes the setting. Raises RequestInvalid."""
    try:
        require_address(url)
    except InvalidUri as error:
        raise RequestInvalid([field_error("url", "url_invalid", str(error))]) from None
    env.change_settings(settings_from({"app_homepage_url": url}, base=env.settings))
    return get_app_homepage_url(env)
