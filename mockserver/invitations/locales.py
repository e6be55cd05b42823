"""The languages that an invitation may be asked for in (the OpenAPI document). Our mails are in English."""

from __future__ import annotations

from mockserver.core.errors import RequestInvalid, field_error

_NAMES = (
    "af am ar bg bn bs ca cs da de de-DE el en en-AU en-CA en-GB en-US es es-419 es-ES es-US et fa fi fil fr fr-BE "
    "fr-CA fr-FR fy gl gu ha he hi hr hu hy id is it it-IT ja jv ka kk km kn ko lt lv mk ml mn mr ms my nb ne nl "
    "nl-BE nl-NL nn no pa pl pt pt-BR pt-PT ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh zh-CN zh-HK zh-TW "
    "zu"
)
LOCALES = frozenset(_NAMES.split())


def require_supported(locale: str | None) -> None:
    """Raises RequestInvalid."""
    if locale is not None and locale not in LOCALES:
        raise RequestInvalid([field_error("locale", "locale_invalid", f"Locale '{locale}' is not supported.")])
