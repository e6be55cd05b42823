"""Holds recorded answers against the public API's OpenAPI document.

The documents are OpenAPI 3.1, whose schemas are JSON Schema 2020-12, so jsonschema reads them as they are:
`discriminator` only names the branch of a `oneOf` that validation finds anyway.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.conformance.contradictions import CONTRADICTIONS, UNKNOWN_ROUTE, Contradiction
from tests.conformance.recorder import Exchange

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (
    ROOT.parent / "shared" / "openapi" / "workos.yaml",
    ROOT / "tests/conformance/node/node_modules/@workos/openapi-spec/open-api-spec.yaml",
)
NEWEST_OPERATIONS = ROOT / "mockserver" / "core" / "operations.json"
OUR_OWN = re.compile(r"/_emulate(/.*)?|/health|/readyz|/")
DOCUMENT_URI = "urn:openapi"
FORMATS = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "uri": re.compile(r"[a-z][a-z0-9+.-]*:[^\s]+"),
}


def format_checker() -> FormatChecker:
    """The formats of the documents, with timestamps as the API writes them: in UTC, with milliseconds."""
    checker = FormatChecker([])
    for name, pattern in FORMATS.items():
        checker.checks(name)(lambda value, pattern=pattern: not isinstance(value, str) or pattern.fullmatch(value))
    return checker


@dataclass(frozen=True)
class Violation:
    exchange: Exchange
    pointer: str
    reason: str

    def __str__(self) -> str:
        seen = self.exchange
        return f"{seen.method} {seen.path} answers {seen.status}: {self.pointer or '(whole answer)'}: {self.reason}"


@dataclass(frozen=True)
class Operation:
    method: str
    template: str
    responses: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


class Document:
    def __init__(self, content: Mapping[str, Any], contradictions: Sequence[Contradiction] = CONTRADICTIONS) -> None:
        self.content = content
        self.contradictions = contradictions
        self.formats = format_checker()
        self.registry: Registry[Any] = Registry().with_resource(DOCUMENT_URI, DRAFT202012.create_resource(content))
        operations = [
            Operation(method.upper(), template, operation["responses"])
            for template, item in content["paths"].items()
            for method, operation in item.items()
        ]
        # Literal segments win over parameters: /users/external_id/{id} is not /users/{id}/….
        operations.sort(key=lambda operation: operation.template.count("{"))
        self.operations = [(pattern_of(operation.template), operation) for operation in operations]
        self.newest = [
            (method, template, pattern_of(template))
            for method, template, _ in json.loads(NEWEST_OPERATIONS.read_text())
        ]

    def operation_of(self, exchange: Exchange) -> Operation | None:
        return next(
            (
                operation
                for pattern, operation in self.operations
                if operation.method == exchange.method and pattern.fullmatch(exchange.path)
            ),
            None,
        )

    def name_of(self, exchange: Exchange) -> str | None:
        """As this document has it, or else the newest."""
        operation = self.operation_of(exchange)
        return self.newest_name_of(exchange) if operation is None else operation.name

    def newest_name_of(self, exchange: Exchange) -> str | None:
        return next(
            (
                f"{method} {template}"
                for method, template, pattern in self.newest
                if method == exchange.method and pattern.fullmatch(exchange.path)
            ),
            None,
        )

    def is_older_than(self, exchange: Exchange) -> bool:
        """Whether this document lacks an operation that the public API has: only the answer's form is known then."""
        return self.operation_of(exchange) is None and self.newest_name_of(exchange) is not None

    def violations(self, exchange: Exchange) -> list[Violation]:
        if OUR_OWN.fullmatch(exchange.path):
            return []
        operation = self.operation_of(exchange)
        found = [*violations_of_form(exchange), *self.violations_of_operation(exchange, operation)]
        return [] if self.is_known(exchange, operation, found) else found

    def violations_of_operation(self, exchange: Exchange, operation: Operation | None) -> Iterator[Violation]:
        if operation is None:
            if not self.is_older_than(exchange):
                yield Violation(exchange, "", "the document has no such operation")
            return
        response = operation.responses.get(str(exchange.status))
        if response is None:
            documented = ", ".join(operation.responses)
            yield Violation(exchange, "", f"the document has only {documented} for {operation.name}; {shown(exchange)}")
        elif "content" in response:
            yield from self.violations_of_schema(exchange, response["content"]["application/json"]["schema"])
        elif exchange.body:
            yield Violation(exchange, "", f"the document has no content for this; {shown(exchange)}")

    def violations_of_schema(self, exchange: Exchange, schema: Mapping[str, Any]) -> Iterator[Violation]:
        if content_type(exchange) != "application/json":
            yield Violation(
                exchange, "", f"the content type is {content_type(exchange) or 'missing'}, not application/json"
            )
            return
        validator = Draft202012Validator(rebased(schema), registry=self.registry, format_checker=self.formats)
        for error in validator.iter_errors(json_of(exchange)):
            cause = best_match([error])
            assert cause is not None
            yield Violation(exchange, pointer_of(cause), f"{cause.message}; {shown(exchange)}")

    def is_known(self, exchange: Exchange, operation: Operation | None, found: Sequence[Violation]) -> bool:
        """Whether a known contradiction allows this answer; the answer's form is never part of one."""
        name = operation.name if operation else UNKNOWN_ROUTE
        documented = operation is not None and str(exchange.status) in operation.responses
        return (
            bool(found)
            and not list(violations_of_form(exchange))
            and any(
                contradiction.covers(name, exchange.status, documented)
                and not list(self.violations_of_schema(exchange, contradiction.body))
                for contradiction in self.contradictions
            )
        )


def violations_of_form(exchange: Exchange) -> Iterator[Violation]:
    """What every answer owes the SDKs, documented or not: they read these before they look at a body."""
    if not exchange.headers.get("X-Request-ID"):
        yield Violation(exchange, "", "X-Request-ID is missing")
    is_json = content_type(exchange) == "application/json"
    if exchange.status >= 400 and not (is_json and isinstance(json_of(exchange), dict)):
        yield Violation(exchange, "", f"an error must be a JSON object; {shown(exchange)}")
    if exchange.status < 300 and is_json != bool(exchange.body):
        yield Violation(
            exchange, "", f"a body goes with content type application/json, none without; {shown(exchange)}"
        )


def load(cache: Path) -> Document:
    """The first document there is. `cache` is a folder for its JSON form, which loads 50 times faster than YAML."""
    source = next((path for path in DOCUMENTS if path.exists()), None)
    assert source, f"No OpenAPI document; 'scripts/install-sdks' installs {DOCUMENTS[-1]}."
    text = source.read_bytes()
    parsed = cache / f"{hashlib.sha256(text).hexdigest()}.json"
    if not parsed.exists():
        content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        partial = parsed.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(content))
        partial.replace(parsed)
    return Document(json.loads(parsed.read_text()))


def pattern_of(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(template)))


def rebased(schema: Any) -> Any:
    """A part of the document whose references still find their targets when it stands alone."""
    if isinstance(schema, dict):
        return {
            key: DOCUMENT_URI + value if key == "$ref" and isinstance(value, str) else rebased(value)
            for key, value in schema.items()
        }
    return [rebased(item) for item in schema] if isinstance(schema, list) else schema


def content_type(exchange: Exchange) -> str:
    return (exchange.headers.get("Content-Type") or "").partition(";")[0]


def json_of(exchange: Exchange) -> Any:
    """The body's value, or None where it is not JSON."""
    try:
        return json.loads(exchange.body)
    except ValueError:
        return None


def pointer_of(error: ValidationError) -> str:
    return "".join(f"/{member}" for member in error.absolute_path)


def shown(exchange: Exchange) -> str:
    return f"the answer is {exchange.body.decode(errors='replace')[:300] or 'empty'}"
