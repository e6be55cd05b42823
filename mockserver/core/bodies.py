"""Request shapes: bodies and query parameters, decoded fast, with every invalid field reported at once."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import UNSET, Meta

from mockserver.core.errors import JSON, ApiError, RequestInvalid, field_error

PIECE = 1 << 20
"""Bytes: as much as may be decoded without letting others go on."""
_BETWEEN = re.compile(rb"\}\s*,\s*(?=\{)")
_FREED_AT_ONCE = 1000
_BLANK, _OBJECT, _ARRAY = re.compile(rb"\s*"), re.compile(rb"\s*\{"), re.compile(rb"\s*\[")

NonEmpty = Annotated[str, Meta(min_length=1)]


class MalformedBody(ApiError):
    status = 400
    message = "Problems parsing JSON"


class Body(msgspec.Struct, kw_only=True):
    """A JSON (or form) body. Unknown members are ignored; a null counts as absent unless the field allows None."""

    def changes(self) -> dict[str, Any]:
        """The members that were sent, for partial updates: fields that default to UNSET and aren't."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET}


class ControlBody(Body, forbid_unknown_fields=True, kw_only=True):
    """A body of our own calls, where an unknown member is a mistake and not a newer SDK."""


class Parameters(msgspec.Struct, kw_only=True):
    """Query parameters. An empty one counts as left out, but for those of `never_left_out`."""

    never_left_out: ClassVar[frozenset[str]] = frozenset()


S = TypeVar("S", bound=msgspec.Struct)
P = TypeVar("P", bound=Parameters)


def parse_json(raw: bytes) -> JSON:
    """An object. Nothing, `{}` and `null` are all the empty one (SDKs post each of them)."""
    try:
        content = None if _BLANK.fullmatch(raw) else _decoded(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise MalformedBody from None
    if content is None or content == []:
        return {}  # `[]` is how PHP writes an empty object.
    if not isinstance(content, dict):
        raise MalformedBody("The body must be a JSON object.")
    return content


def _decoded(raw: bytes | msgspec.Raw) -> Any:
    """In pieces, since the decoder lets no other thread run meanwhile."""
    view = memoryview(raw)  # nothing is copied
    if view.nbytes <= PIECE:
        return msgspec.json.decode(raw)
    if _OBJECT.match(view):
        return {name: _decoded(part) for name, part in msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).items()}
    if _ARRAY.match(view):
        return _objects(view)
    return msgspec.json.decode(raw)


def _objects(array: memoryview) -> list[Any]:
    """An array that is cut where it can be: only between two of its objects is what comes before an array by itself."""
    objects: list[Any] = []
    opening = _ARRAY.match(array)
    assert opening is not None
    start, size = opening.end(), PIECE
    while (cut := _BETWEEN.search(array, start + size)) is not None:
        try:
            objects += msgspec.json.decode(b"[%s]" % array[start : cut.start() + 1])
        except msgspec.DecodeError:  # the cut is inside an object or a text
            size *= 2
        else:
            start, size = cut.end(), PIECE
    objects += msgspec.json.decode(b"[%s" % array[start:])
    return objects


def dismantle(content: Any) -> None:
    """Frees what nobody needs any more bit by bit, since that too lets no other thread run meanwhile."""
    for part in content.values() if isinstance(content, dict) else ():
        dismantle(part)
    while isinstance(content, list) and content:
        del content[-_FREED_AT_ONCE:]


def parse_form(raw: bytes) -> JSON:
    return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))


def parse_query(raw: str) -> dict[str, list[str]]:
    """Values by name; `a[]=1`, `a[0]=1` and `a=1` all count as `a`."""
    parameters: dict[str, list[str]] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        parameters.setdefault(re.sub(r"\[\d*\]$", "", name), []).append(value)
    return parameters


def decode_body(shape: type[S], content: JSON, *, strict: bool = True) -> S:
    """`strict=False` reads the texts of a form as numbers and booleans too. Raises RequestInvalid."""
    sent = {name: value for name, value in content.items() if value is not None or _takes_null(shape, name)}
    return _convert(shape, sent, strict=strict)


def decode_query(shape: type[P], query: Mapping[str, list[str]]) -> P:
    """Of a repeated single value the last one counts; lists may also be separated by commas. Raises RequestInvalid."""
    lists = _list_fields(shape)
    sent: JSON = {}
    for name, values in query.items():
        if name in lists:
            sent[name] = [part for value in values for part in value.split(",") if part]
        elif values[-1] != "" or name in shape.never_left_out:
            sent[name] = values[-1]
    return _convert(shape, sent, strict=False)


def _convert(shape: type[S], sent: JSON, *, strict: bool) -> S:
    try:
        return msgspec.convert(sent, shape, strict=strict)
    except (msgspec.ValidationError, RecursionError):
        raise RequestInvalid(list(_field_errors(shape, sent, strict=strict))) from None


def _field_errors(shape: type[S], sent: JSON, *, strict: bool, prefix: str = "") -> typing.Iterator[JSON]:
    """`prefix` is where the object stands: `domain_data.0.` for the first one of a list."""
    for field in msgspec.structs.fields(shape):
        place = f"{prefix}{field.encode_name}"
        if field.encode_name in sent:
            yield from _value_errors(place, field.type, sent[field.encode_name], strict=strict)
        elif field.required:
            yield expected(place, _kind(field.type), detail="it is missing")
    if shape.__struct_config__.forbid_unknown_fields:
        for name in sent.keys() - set(shape.__struct_encode_fields__):
            known = ", ".join(shape.__struct_encode_fields__)
            yield field_error(f"{prefix}{name}", "unknown_member", f"'{name}' is not known here; expected {known}.")


def _value_errors(place: str, hint: Any, value: Any, *, strict: bool) -> typing.Iterator[JSON]:
    """Of an object or a list, what is wrong inside it."""
    try:
        msgspec.convert(value, hint, strict=strict)
    except (msgspec.ValidationError, RecursionError) as error:
        kind, option = _kind(hint), _only_option(hint)
        if kind == "array" and isinstance(value, list):
            for index, element in enumerate(value):
                yield from _value_errors(f"{place}.{index}", typing.get_args(option)[0], element, strict=strict)
        elif _is_struct(option) and isinstance(value, dict):
            yield from _field_errors(option, value, strict=strict, prefix=f"{place}.")
        else:
            yield expected(place, kind, detail=_choices(hint) or str(error))


def expected(field: str, kind: str, *, detail: str = "it has the wrong type") -> JSON:
    """The element of `errors` for a missing or ill-typed field; inside a list, one such as `domain_data.0.state`.

    The code pattern `<field>_string_required` and its text are from recorded answers (contract: authentication,
    section 1.6); the other kinds follow it by analogy.
    """
    name = [part for part in field.split(".") if not part.isdecimal()][-1]
    title = name.replace("_", " ").title()
    if kind == "string":
        return field_error(field, f"{name}_string_required", f"{title} must be a non-empty string.")
    if kind in ("boolean", "object", "array"):
        article = "a" if kind == "boolean" else "an"
        return field_error(field, f"{name}_{kind}_required", f"{title} must be {article} {kind}.")
    return field_error(field, f"{name}_invalid", f"{title} is invalid: {detail.partition(' - at')[0]}.")


def _choices(hint: Any) -> str:
    """What a field of a few texts takes, or ""."""
    values = [
        repr(value)
        for option in _options(hint)
        if typing.get_origin(option) is typing.Literal
        for value in typing.get_args(option)
    ]
    return f"expected {' or '.join(values)}" if values else ""


def _kind(hint: Any) -> str:
    base = _only_option(hint)
    if typing.get_origin(base) is Annotated:
        base = typing.get_args(base)[0]
    names: dict[Any, str] = {str: "string", bool: "boolean", dict: "object", list: "array"}
    return "object" if _is_struct(base) else names.get(typing.get_origin(base) or base, "value")


def _only_option(hint: Any) -> Any:
    """The type that a member has unless it is null or absent; None when there are several."""
    options = [option for option in _options(hint) if option not in (type(None), msgspec.UnsetType)]
    return options[0] if len(options) == 1 else None


def _is_struct(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _options(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return (hint,)


@cache
def required_fields(shape: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(field.encode_name for field in msgspec.structs.fields(shape) if field.required)


@cache
def _nullable_fields(shape: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(f.encode_name for f in msgspec.structs.fields(shape) if type(None) in _options(f.type))


@cache
def _list_fields(shape: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(
        f.encode_name
        for f in msgspec.structs.fields(shape)
        if any(typing.get_origin(option) is list for option in _options(f.type))
    )


def _takes_null(shape: type[msgspec.Struct], name: str) -> bool:
    return name in _nullable_fields(shape)
