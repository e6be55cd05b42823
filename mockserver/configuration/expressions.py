"""What stands between the braces of a JWT template: paths with fallbacks, `user.first_name || 'Someone'`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.core.errors import JSON

# What a template can name. None stands for a plain value, FREE for a map whose keys the customer chooses.
FREE = "free"
_TIMES: JSON = {"created_at": None, "updated_at": None}
_DOMAIN: JSON = {
    "object": None,
    "id": None,
    "organization_id": None,
    "domain": None,
    "state": None,
    "verification_strategy": None,
    "verification_token": None,
    "verification_prefix": None,
    **_TIMES,
}
CONTEXT: JSON = {
    "user": {
        "object": None,
        "id": None,
        "email": None,
        "email_verified": None,
        "first_name": None,
        "last_name": None,
        "name": None,
        "profile_picture_url": None,
        "external_id": None,
        "locale": None,
        "metadata": FREE,
        "identities": FREE,
        **_TIMES,
    },
    "organization": {
        "object": None,
        "id": None,
        "name": None,
        "domains": [_DOMAIN],
        "metadata": FREE,
        "external_id": None,
        "stripe_customer_id": None,
        "allow_profiles_outside_organization": None,
        **_TIMES,
    },
    "organization_membership": {
        "object": None,
        "id": None,
        "role": None,
        "roles": [None],
        "custom_attributes": FREE,
        **_TIMES,
    },
}

_TOKEN = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([\w:@/+-]+(?:\.[\w:@/+-]+)*)|(\|\|))\s*""")
_INDEX = re.compile(r"[0-9]{1,6}")


class InvalidTemplate(ValueError):
    """Says what is wrong with a template, in the documented words where there are any."""


@dataclass(frozen=True)
class Path:
    """`user.metadata.tier`, `organization.domains.0.domain`"""

    segments: tuple[str, ...]

    def value(self, context: JSON) -> Any:
        """None for what is not there."""
        value: Any = context
        for segment in self.segments:
            if isinstance(value, dict):
                value = value.get(segment)
            elif isinstance(value, list) and _INDEX.fullmatch(segment) and int(segment) < len(value):
                value = value[int(segment)]
            else:
                return None
        return value


@dataclass(frozen=True)
class Expression:
    """What stands between `{{` and `}}`: the first alternative that is not null counts."""

    alternatives: tuple[Path | str, ...]

    def value(self, context: JSON) -> Any:
        for alternative in self.alternatives:
            value = alternative.value(context) if isinstance(alternative, Path) else alternative
            if value is not None:
                return value
        return None


def parse_expression(source: str) -> Expression:
    """`source` is what stands between the braces. Raises InvalidTemplate."""
    if not source.strip():
        raise InvalidTemplate("Expression cannot be empty")
    alternatives: list[Path | str] = []
    position, wants_value = 0, True
    while position < len(source):
        token = _TOKEN.match(source, position)
        is_operator = token is not None and token[4] is not None
        if token is None or is_operator == wants_value:
            raise InvalidTemplate(f'Invalid expression segment: "{source.strip()}"')
        if not is_operator:
            single, double, path = token[1], token[2], token[3]
            alternatives.append(_path(path) if path is not None else single if single is not None else double)
        position, wants_value = token.end(), is_operator
    if wants_value:
        raise InvalidTemplate(f'Invalid expression segment: "{source.strip()}"')
    return Expression(tuple(alternatives))


def _path(source: str) -> Path:
    segments = tuple(source.split("."))
    _shape(segments)
    return Path(segments)


def _shape(segments: Sequence[str]) -> Any:
    """What CONTEXT has at the path. Raises InvalidTemplate."""
    shape: Any = CONTEXT
    for segment in segments:
        if shape == FREE:
            return None
        if isinstance(shape, dict) and segment in shape:
            shape = shape[segment]
        elif isinstance(shape, list) and _INDEX.fullmatch(segment):
            shape = shape[0]
        else:
            raise InvalidTemplate(f'Invalid path: "{".".join(segments)}"')
    return shape


def names_object(expression: Expression) -> bool:
    """True for whole objects and lists; what a free map holds is not known beforehand."""
    paths = [alternative for alternative in expression.alternatives if isinstance(alternative, Path)]
    return any(_shape(path.segments) is not None for path in paths)
