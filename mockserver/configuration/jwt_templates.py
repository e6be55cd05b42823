"""JWT templates: JSON whose values may hold `{{ path || 'literal' }}` (docs: authkit/jwt-templates).

The language resembles Liquid and is none: there are paths, fallbacks and literals, and nothing else.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mockserver.configuration.expressions import Expression, InvalidTemplate, names_object, parse_expression
from mockserver.core.errors import JSON

__all__ = ["RESERVED", "InvalidTemplate", "Template", "compile_template"]

RESERVED = ("iss", "sub", "exp", "iat", "nbf", "jti")
DEEPEST = 32

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"-?(?:0|[1-9][0-9]{0,300})(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_PLAIN = re.compile(r'(?:[^"\\{\x00-\x1f]|\\.|\{(?!\{))+')
_STOP = re.compile(r"\}\}|\{\{|'|\"")


@dataclass(frozen=True)
class Text:
    """A JSON string with expressions in it."""

    parts: tuple[str | Expression, ...]

    def value(self, context: JSON) -> Any:
        """The value itself where the text is a single expression, else all of it as text."""
        (first, *others) = self.parts
        if isinstance(first, Expression) and not others:
            return first.value(context)
        return "".join(_as_text(part.value(context) if isinstance(part, Expression) else part) for part in self.parts)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Template:
    def __init__(self, members: JSON) -> None:
        self._members = members

    def render(self, context: JSON) -> JSON:
        """The claims. `context` has `user`, `organization` and `organization_membership`, the latter two perhaps None.

        Strings are trimmed, and claims that are null are left out.
        """
        claims = {name: _rendered(value, context) for name, value in self._members.items()}
        return {name: value for name, value in claims.items() if value is not None}


def _rendered(value: Any, context: JSON) -> Any:
    match value:
        case dict():
            return {name: _rendered(member, context) for name, member in value.items()}
        case list():
            return [_rendered(member, context) for member in value]
        case Text() | Expression():
            value = value.value(context)
    return value.strip() if isinstance(value, str) else value


class _Parser:
    """Reads JSON with expressions in its values, by recursive descent."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0

    def parse(self) -> Any:
        value = self._value(0)
        self._skip_space()
        if self._position != len(self._source):
            raise self._unexpected()
        return value

    def _value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise InvalidTemplate("Template parse error: nested too deeply")
        self._skip_space()
        if self._is_at("{{"):
            return self._expression(in_text=False)
        if self._take("{"):
            return self._object(depth + 1)
        if self._take("["):
            return self._list(depth + 1)
        if self._take('"'):
            return self._text()
        return self._scalar()

    def _object(self, depth: int) -> JSON:
        members: JSON = {}
        self._skip_space()
        if self._take("}"):
            return members
        while True:
            self._skip_space()
            self._require('"')
            name = self._text()
            if isinstance(name, Text):
                raise InvalidTemplate("Template parse error: a key cannot contain an expression")
            self._skip_space()
            self._require(":")
            members[name] = self._value(depth)
            self._skip_space()
            if self._take("}"):
                return members
            self._require(",")

    def _list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        self._skip_space()
        if self._take("]"):
            return items
        while True:
            items.append(self._value(depth))
            self._skip_space()
            if self._take("]"):
                return items
            self._require(",")

    def _text(self) -> str | Text:
        """From behind the opening quote."""
        parts: list[str | Expression] = []
        while not self._take('"'):
            if self._is_at("{{"):
                parts.append(self._expression(in_text=True))
                continue
            plain = _PLAIN.match(self._source, self._position)
            if plain is None:
                raise self._unexpected()
            parts.append(_unescaped(plain[0]))
            self._position = plain.end()
        if any(isinstance(part, Expression) for part in parts):
            return Text(tuple(parts))
        return "".join(part for part in parts if isinstance(part, str))

    def _scalar(self) -> Any:
        scalar = _SCALAR.match(self._source, self._position)
        if scalar is None:
            raise self._unexpected()
        value = json.loads(scalar[0])
        if isinstance(value, float) and not math.isfinite(value):
            raise self._unexpected()
        self._position = scalar.end()
        return value

    def _expression(self, *, in_text: bool) -> Expression:
        start = self._position + 2
        end = self._end_of_expression(start)
        source = self._source[start:end]
        if in_text and "\\" in source:
            source = _unescaped(re.sub(r'(?<!\\)"', r"\"", source))
        expression = parse_expression(source)
        if in_text and names_object(expression):
            raise InvalidTemplate("String encapsulated expression cannot contain object reference")
        self._position = end + 2
        return expression

    def _end_of_expression(self, position: int) -> int:
        """Where its `}}` stands, which literals may hold too."""
        while True:
            stop = _STOP.search(self._source, position)
            if stop is None or stop[0] == "{{":
                raise InvalidTemplate("Template parse error: missing '}}'")
            if stop[0] == "}}":
                return stop.start()
            position = self._source.find(stop[0], stop.end()) + 1
            if position == 0:
                raise InvalidTemplate("Template parse error: missing '}}'")

    def _skip_space(self) -> None:
        space = _SPACE.match(self._source, self._position)
        assert space is not None
        self._position = space.end()

    def _is_at(self, text: str) -> bool:
        return self._source.startswith(text, self._position)

    def _take(self, text: str) -> bool:
        if not self._is_at(text):
            return False
        self._position += len(text)
        return True

    def _require(self, text: str) -> None:
        if not self._take(text):
            raise self._unexpected()

    def _unexpected(self) -> InvalidTemplate:
        rest = self._source[self._position :]
        what = f"'{rest[0]}' at position {self._position}" if rest else "end"
        return InvalidTemplate(f"Template parse error: unexpected {what}")


def _unescaped(text: str) -> str:
    """The content of a JSON string. Raises InvalidTemplate."""
    if "\\" not in text:
        return text
    try:
        value: str = json.loads(f'"{text}"', strict=False)
        value.encode()
    except ValueError:
        raise InvalidTemplate("Template parse error: invalid escape sequence") from None
    return value


@lru_cache(maxsize=256)
def compile_template(content: str) -> Template:
    """Raises InvalidTemplate."""
    members = _Parser(content).parse()
    if not isinstance(members, dict) or not members:
        raise InvalidTemplate("Template must render to an object with at least one explicitly defined top-level key")
    for name in members:
        if name in RESERVED:
            raise InvalidTemplate(f'Keys reserved (iss, sub, exp, etc.): "{name}"')
    return Template(members)
