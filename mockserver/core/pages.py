"""A refusal as a page, for endpoints that browsers are sent to, and the headers of every page for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape

from mockserver.core.errors import ApiError
from mockserver.core.replies import Reply, html

# The hosted pages look the same; their templates would cost a refusal 50 ms.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="/authkit/static/authkit.css">
</head>
<body>
<main class="card" data-testid="page-error">
<h1>{title}</h1>
<p>{message}</p>
{hint}
{sent}
<p class="small soft">mockserver answered {status} <code>{code}</code></p>
</main>
</body>
</html>
"""

_TITLES = {
    401: "Not for everyone",
    403: "That is not allowed here",
    404: "There is nothing here",
    501: "Not built yet",
}


def error_page(error: ApiError, sent: Iterable[tuple[str, str]] = ()) -> Reply:
    """`sent` are the parameters of the request, as they came."""
    hint = "" if error.hint is None else f'<p class="hint">{escape(error.hint[:1].upper() + error.hint[1:])}.</p>'
    title = _TITLES.get(error.status, "This link can't be followed")
    page = _PAGE.format(
        title=title,
        message=escape(error.message),
        hint=hint,
        sent=_table(sent),
        status=error.status,
        code=escape(error.code or ""),
    )
    reply = html(page, status=error.status)
    return Reply(reply.status, reply.body, reply.content_type, security_headers())


@cache
def security_headers(*, with_script: bool = False) -> tuple[tuple[str, str], ...]:
    """Nothing is loaded from elsewhere or written into the page itself.

    No `form-action`: Chromium applies it to the redirects after a form too, which lead to the app. Without a referrer
    browsers would send `Origin: null` with a form, which can't be told from another site's.
    """
    script = "; script-src 'self'" if with_script else ""
    policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
    return (
        ("content-security-policy", policy + script),
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
    )


def shown_parameters(query: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Every parameter of a query, secrets as `…`."""
    return [(name, "…" if _is_secret(name) else value) for name, values in query.items() for value in values]


def _is_secret(name: str) -> bool:
    return name in ("code", "token", "password", "client_secret") or name.endswith("_token")


def _table(sent: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in sent)
    return f'<table class="sent"><caption>What was sent</caption>{rows}</table>' if rows else ""
