"""The hosted pages: none is built yet, and each says which setting leads around it."""

from __future__ import annotations

from mockserver.core.errors import ApiError
from mockserver.core.requests import of_none
from mockserver.core.routing import get


class PageNotBuilt(ApiError):
    status, code = 501, "emulator_not_implemented"

    def __init__(self, page: str, setting: str) -> None:
        super().__init__(f"AuthKit's {page} page is not built yet.", operation=page)
        self.hint = f"point the link at a page of your own app with the setting {setting}"


@get("/reset-password", environment=of_none, is_page=True)
def reset_password_page() -> None:
    raise PageNotBuilt("reset-password", "password_reset_url")


@get("/invite", environment=of_none, is_page=True)
def invitation_page() -> None:
    raise PageNotBuilt("invite", "invitation_url")
