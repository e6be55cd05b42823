"""Turning what a hosted page shows into HTML that loads nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockserver.core.environment import Environment
from mockserver.core.pages import security_headers
from mockserver.core.replies import Reply, html
from mockserver.core.urls import with_query
from mockserver.hosted.assets import address

if TYPE_CHECKING:
    from jinja2 import Environment as Templates

TEMPLATES = Path(__file__).parent / "templates"
WITH_SCRIPT = ("mfa-enrollment",)

# What a page may leave unsaid.
_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("base", "csrf", "email", "notice", "title", "cancel_url", "own_url"), None),
    **dict.fromkeys(("sign_up_url", "sign_in_url", "forgot_url", "change_url", "resend_url", "password_url"), None),
    **dict.fromkeys(("organization_name", "invitation", "minimum_length", "hint", "code", "link", "testid"), None),
    **dict.fromkeys(("providers", "known_users", "connections", "profiles", "factors", "scopes", "actions"), ()),
    **dict.fromkeys(("can_use_password", "can_use_code", "is_sent", "is_unusable", "is_known", "is_sso"), False),
    "sent": (),
    "errors": {},
    "values": {},
}


def render(template: str, env: Environment, *, status: int = 200, **context: Any) -> Reply:
    """The page. A field named in `errors` keeps what `values` has for it, shows its error and gets the focus."""
    errors = context.get("errors") or {}
    page = templates().get_template(f"{template}.html")
    text = page.render(
        {
            **_DEFAULTS,
            "page": template,
            "status": status,
            "brand": {"name": env.settings.product_name, "logo": env.settings.branding.logo},
            "home": env.authkit_path,
            "inbox_url": _inbox_url(env, context.get("email")),
            "focus": next((field for field in errors if field != "form"), None),
            **context,
        }
    )
    reply = html(text, status=status)
    headers = security_headers(with_script=template in WITH_SCRIPT)
    return Reply(reply.status, reply.body, reply.content_type, headers)


def _inbox_url(env: Environment, email: str | None) -> str:
    """The inbox for people, filtered by the address in question."""
    return with_query("/_emulate/ui/inbox", {"client_id": env.keys.client_id, "to": email})


def in_fours(secret: str) -> str:
    """A secret as people read it out: `ABCD EFGH IJ`."""
    letters = secret.replace(" ", "")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


@cache
def templates() -> Templates:
    from jinja2 import Environment as Templates
    from jinja2 import FileSystemLoader, StrictUndefined

    environment = Templates(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["in_fours"] = in_fours
    environment.globals["address"] = address
    return environment
