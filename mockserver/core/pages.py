"""A refusal as a page, for endpoints that browsers are sent to."""

from __future__ import annotations

from html import escape

from mockserver.core.errors import ApiError
from mockserver.core.replies import Reply, html

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif;
  color: CanvasText; background: color-mix(in srgb, CanvasText 5%, Canvas); }}
main {{ box-sizing: border-box; width: min(32rem, calc(100vw - 2rem)); padding: 2rem; border-radius: 12px;
  background: Canvas; border: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); overflow-wrap: anywhere; }}
h1 {{ margin: 0 0 .5rem; font-size: 1.25rem; }}
p {{ margin: .5rem 0; }}
.small {{ font-size: .875rem; color: color-mix(in srgb, CanvasText 65%, Canvas); }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{message}</p>
{hint}
<p class="small">mockserver answered {status} <code>{code}</code></p>
</main>
</body>
</html>
"""


_TITLES = {401: "Not for everyone", 403: "Not from another site", 404: "There is nothing here", 501: "Not built yet"}


def error_page(error: ApiError) -> Reply:
    hint = "" if error.hint is None else f"<p>{escape(error.hint[:1].upper() + error.hint[1:])}.</p>"
    title = _TITLES.get(error.status, "This link can't be followed")
    page = _PAGE.format(
        title=title, message=escape(error.message), hint=hint, status=error.status, code=escape(error.code or "")
    )
    return html(page, status=error.status)
