"""What the OpenAPI document says of the public API, without a sentence of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

JSON = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
OF_PARAMETERS = ("name", "in", "required", "style", "explode")
OF_SCHEMAS = {
    *("$ref", "type", "format", "pattern", "enum", "const", "not", "allOf", "anyOf", "oneOf"),
    *("properties", "patternProperties", "additionalProperties", "propertyNames", "required", "maxProperties"),
    *("items", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"),
}
NAMED = ("properties", "patternProperties")


def read(document: Path) -> JSON:
    content: JSON = yaml.load(document.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return content


def operations(content: JSON) -> JSON:
    """By `METHOD /path`: `name`, `parameters`, `body` (a schema, or None) and `answers` (schemas by status)."""
    return {
        f"{method.upper()} {path}": {
            "name": name_of(operation["operationId"]),
            "parameters": [
                {name: parameter[name] for name in OF_PARAMETERS if name in parameter}
                | {"schema": bare(parameter["schema"])}
                for parameter in [*item.get("parameters", []), *operation.get("parameters", [])]
            ],
            "body": _schema(operation.get("requestBody", {})),
            "answers": {status: _schema(response) for status, response in operation.get("responses", {}).items()},
        }
        for path, item in content["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def schemas(content: JSON) -> JSON:
    return {name: bare(schema) for name, schema in content.get("components", {}).get("schemas", {}).items()}


def name_of(operation_id: str) -> str:
    """`UserlandUsersController_list[0]` is one of several documented forms of `UserlandUsersController_list`."""
    return re.sub(r"\[\d+\]$", "", operation_id)


def bare(schema: Any) -> Any:
    """What a schema demands of a value, and nothing that describes it; of a sentence as a value, the first word."""
    if isinstance(schema, list):
        return [bare(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return dict(_demands(schema))


def _demands(schema: JSON) -> Iterator[tuple[str, Any]]:
    for name, value in schema.items():
        if name in NAMED:
            yield name, {member: bare(demanded) for member, demanded in value.items()}
        elif name == "$ref":
            yield name, f"#/schemas/{value.rpartition('/')[2]}"
        elif name == "const" and isinstance(value, str) and " " in value:
            yield "pattern", f"^{re.escape(value.split()[0])} "
        elif name in OF_SCHEMAS:
            yield name, bare(value)


def _schema(described: JSON) -> JSON | None:
    if "content" not in described:
        return None
    schema: JSON = bare(described["content"]["application/json"]["schema"])
    return schema
