"""Holds recorded answers against what is known of the public API: facts.json, which `scripts/operations` makes.

Its schemas are JSON Schema 2020-12. Where it has a schema of the OpenAPI document and a model of the newest Python SDK,
an answer must meet both: the SDK is newer, and fails on an answer that its model does not fit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.conformance.contradictions import CONTRADICTIONS, REFUSAL, UNKNOWN_ROUTE, Contradiction
from tests.conformance.older_paths import OLDER_PATHS
from tests.conformance.recorder import Exchange

FACTS = Path(__file__).with_name("facts.json")
OUR_OWN = re.compile(r"/_emulate(/.*)?|/health|/readyz|/")
FACTS_URI = "urn:facts"
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
    """`answers` are the document's, by status, with None for one without content; `model` is the SDK's of a success."""

    method: str
    template: str
    answers: Mapping[str, Any]
    model: Any = None
    refusals: Sequence[str] = ()

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def is_newer(self) -> bool:
        """Than the document, which knows the status of each answer; the SDK knows those of refusals."""
        return not self.answers


class Document:
    def __init__(self, facts: Mapping[str, Any], contradictions: Sequence[Contradiction] = CONTRADICTIONS) -> None:
        self.facts = facts
        self.contradictions = contradictions
        self.formats = format_checker()
        resource = DRAFT202012.create_resource(with_conditions(facts))
        self.registry: Registry[Any] = Registry().with_resource(FACTS_URI, resource)
        operations = [
            Operation(*name.split(" "), known["answers"], known["model"], known["refusals"])
            for name, known in facts["operations"].items()
        ]
        # Literal segments win over parameters: /users/external_id/{id} is not /users/{id}/….
        operations.sort(key=lambda operation: operation.template.count("{"))
        self.operations = [(pattern_of(operation.template), operation) for operation in operations]
        self.older = [
            (pattern_of(template), Operation(method, template, self._answers(answers)))
            for (method, template), answers in OLDER_PATHS.items()
        ]

    def _answers(self, known: Mapping[str, Any] | str) -> Mapping[str, Any]:
        if not isinstance(known, str):
            return known
        answers: Mapping[str, Any] = self.facts["operations"].get(known, {}).get("answers", {})
        return answers

    def operation_of(self, exchange: Exchange) -> Operation | None:
        return next(
            (
                operation
                for pattern, operation in (*self.operations, *self.older)
                if operation.method == exchange.method and pattern.fullmatch(exchange.path)
            ),
            None,
        )

    def name_of(self, exchange: Exchange) -> str | None:
        operation = self.operation_of(exchange)
        return None if operation is None else operation.name

    def violations(self, exchange: Exchange) -> list[Violation]:
        if OUR_OWN.fullmatch(exchange.path):
            return []
        operation = self.operation_of(exchange)
        found = [*violations_of_form(exchange), *self.violations_of_operation(exchange, operation)]
        return [] if self.is_known(exchange, operation, found) else found

    def violations_of_operation(self, exchange: Exchange, operation: Operation | None) -> Iterator[Violation]:
        """What the SDK's model says is of interest where the document says nothing against an answer."""
        if operation is None:
            yield Violation(exchange, "", "no such operation is known")
            return
        found = list(self.violations_of_status(exchange, operation))
        if not found and exchange.status < 300 and operation.model is not None:
            found = list(self.violations_of_schema(exchange, operation.model))
        yield from found

    def violations_of_status(self, exchange: Exchange, operation: Operation) -> Iterator[Violation]:
        status = str(exchange.status)
        if status in operation.answers:
            yield from self.violations_of_content(exchange, operation.answers[status])
        elif status in operation.refusals:
            yield from self.violations_of_schema(exchange, REFUSAL)
        elif not (operation.is_newer and exchange.status < 300):
            known = ", ".join([*operation.answers, *operation.refusals])
            yield Violation(exchange, "", f"only {known} are known of {operation.name}; {shown(exchange)}")

    def violations_of_content(self, exchange: Exchange, schema: Mapping[str, Any] | None) -> Iterator[Violation]:
        if schema is not None:
            yield from self.violations_of_schema(exchange, schema)
        elif exchange.body:
            yield Violation(exchange, "", f"no content is known of this; {shown(exchange)}")

    def violations_of_schema(self, exchange: Exchange, schema: Mapping[str, Any]) -> Iterator[Violation]:
        if content_type(exchange) != "application/json":
            yield Violation(
                exchange, "", f"the content type is {content_type(exchange) or 'missing'}, not application/json"
            )
            return
        validator = Draft202012Validator(
            rebased(with_conditions(schema)), registry=self.registry, format_checker=self.formats
        )
        for error in validator.iter_errors(json_of(exchange)):
            cause = best_match([error])
            assert cause is not None
            yield Violation(exchange, pointer_of(cause), f"{cause.message}; {shown(exchange)}")

    def is_known(self, exchange: Exchange, operation: Operation | None, found: Sequence[Violation]) -> bool:
        """Whether a known contradiction allows this answer; the answer's form is never part of one."""
        name = operation.name if operation else UNKNOWN_ROUTE
        documented = operation is not None and str(exchange.status) in operation.answers
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


def load() -> Document:
    return Document(json.loads(FACTS.read_text()))


def as_openapi(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as an OpenAPI document, for tools that read those."""
    paths: dict[str, dict[str, Any]] = {}
    for name, known in facts["operations"].items():
        method, path = name.split(" ")
        body = {} if known["body"] is None else {"requestBody": {"content": content_of(known["body"])}}
        answers = {
            status: {"description": ""} if schema is None else {"description": "", "content": content_of(schema)}
            for status, schema in known["answers"].items()
        }
        operation = {"operationId": name, "parameters": known["parameters"], **body, "responses": answers}
        paths.setdefault(path, {})[method.lower()] = operation
    info = {"title": "facts", "version": "1"}
    return {
        "openapi": "3.1.0",
        "info": info,
        "paths": paths,
        "schemas": facts["schemas"],
        "models": facts["models"],
    }


def content_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def with_conditions(schema: Any) -> Any:
    """A discriminator, as JSON Schema says it: its member has one of the values, and each demands its own schema."""
    if isinstance(schema, list):
        return [with_conditions(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if not isinstance(schema.get("discriminator"), dict):
        return {key: with_conditions(value) for key, value in schema.items()}
    member, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
    return {
        "properties": {member: {"enum": list(mapping)}},
        "required": [member],
        "allOf": [
            {"if": {"properties": {member: {"const": value}}}, "then": {"$ref": reference}}
            for value, reference in mapping.items()
        ],
    }


def pattern_of(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(template)))


def rebased(schema: Any) -> Any:
    """A part of the facts whose references still find their targets when it stands alone."""
    if isinstance(schema, dict):
        return {
            key: FACTS_URI + value if key == "$ref" and isinstance(value, str) else rebased(value)
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
