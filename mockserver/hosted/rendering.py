"""Turning what a hosted page shows into HTML that loads nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockserver.core.environment import Environment
from mockserver.core.pages import security_headers
from mockserver.core.replies import Reply, html
from mockserver.core.urls import with_query
from mockserver.hosted.assets import address

if TYPE_CHECKING:
    from jinja2 import Environment as Templates
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
WITH_SCRIPT = ("mfa-enrollment",)

# What a page may leave unsaid.
_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("base", "csrf", "email", "notice", "title", "cancel_url", "decline_url", "own_url"), None),
    **dict.fromkeys(("sign_up_url", "sign_in_url", "forgot_url", "change_url", "resend_url", "password_url"), None),
    **dict.fromkeys(("organization_name", "invitation", "minimum_length", "hint", "link", "testid"), None),
    **dict.fromkeys(("providers", "known_users", "connections", "profiles", "factors", "scopes", "actions"), ()),
    **dict.fromkeys(("can_use_password", "can_use_code", "is_sent", "is_unusable", "is_known", "is_sso"), False),
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
            "inbox_url": _inbox_url(env.keys.client_id, context.get("email")),
            "csrf_input": _csrf_input(context.get("csrf")),
            "focus": next((field for field in errors if field != "form"), None),
            **context,
        }
    )
    reply = html(text, status=status)
    headers = security_headers(with_script=template in WITH_SCRIPT)
    return Reply(reply.status, reply.body, reply.content_type, headers)


@lru_cache(maxsize=256)
def _inbox_url(client_id: str, email: str | None) -> str:
    """The inbox for people, filtered by the address in question."""
    return with_query("/_emulate/ui/inbox", {"client_id": client_id, "to": email})


def in_fours(secret: str) -> str:
    """A secret as people read it out: `ABCD EFGH IJ`."""
    letters = secret.replace(" ", "")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _csrf_input(csrf: str | None) -> Markup | None:
    """What every form of the page carries; ready-made, since there are several."""
    from markupsafe import Markup, escape

    return None if csrf is None else Markup(f'<input type="hidden" name="csrf" value="{escape(csrf)}">')


def provider_choice(providers: Sequence[Mapping[str, str]]) -> Markup:
    """The buttons, made once for each choice of providers: they are most of a page."""
    return _provider_choice(tuple((provider["slug"], provider["name"]) for provider in providers))


@lru_cache(maxsize=64)
def _provider_choice(providers: tuple[tuple[str, str], ...]) -> Markup:
    from markupsafe import Markup

    template = templates().get_template("provider-choice.html")
    return Markup(template.render(providers=[{"slug": slug, "name": name} for slug, name in providers]))


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
    environment.globals |= {"address": address, "provider_choice": provider_choice}
    return environment
