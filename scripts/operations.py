"""What is known of the public API: the table of its operations, for the server, and the facts, for its tests.

The sources are the OpenAPI document and the newest Python SDK, which is newer. The server answers 501 with the
operation's name for those in the table that it has not; SUPPORTED.md lists them. The tests hold answers against the
facts, which say what is sent and answered, in which types, and nothing of what the sources tell people about it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import operations_document
import operations_sdk

JSON = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT.parent / "shared" / "openapi" / "workos.yaml"
SDKS = ROOT / ".venv" / "sdks" / "workos-10"
TABLE = ROOT / "mockserver" / "core" / "operations.json"
FACTS = ROOT / "tests" / "conformance" / "facts.json"
# What any operation may answer; the tests know the form.
GENERAL = {"401", "404", "422", "429"}


def facts_of(document: Path, package: Path) -> JSON:
    """`operations` by `METHOD /path`, `schemas` of the document, and `models` of the SDK."""
    content = operations_document.read(document)
    sdk = operations_sdk.Package(package)
    documented, known = operations_document.operations(content), sdk.operations()
    schemas = operations_document.schemas(content)
    by_shape = {shape_of(name): operation for name, operation in known.items()}
    operations = {
        name: operation | newer_of(operation, by_shape.get(shape_of(name)), schemas)
        for name, operation in documented.items()
    }
    shapes = {shape_of(name) for name in documented}
    operations |= {
        name: operation | {"answers": {}} for name, operation in known.items() if shape_of(name) not in shapes
    }
    return {
        "sources": [document.name, operations_sdk.version(package)],
        "operations": operations,
        "schemas": schemas,
        "models": sdk.models(operations),
    }


def newer_of(documented: JSON, known: JSON | None, schemas: JSON) -> JSON:
    """What the SDK knows of an operation and the document does not: its model of the answer, members, refusals."""
    if known is None:
        return {"model": None, "refusals": []}
    taken = {parameter["name"] for parameter in documented["parameters"]} | set(members_of(documented["body"], schemas))
    body = (known["body"] or {"properties": {}})["properties"]
    # Which way to fill a body that has several the SDK's function does not tell.
    members = {name: schema for name, schema in body.items() if name not in taken}
    return {
        "parameters": documented["parameters"]
        + [item for item in known["parameters"] if item["in"] == "query" and item["name"] not in taken],
        "body": with_members(documented["body"], members, schemas),
        "model": known["model"],
        "refusals": sorted(set(known["refusals"]) - documented["answers"].keys() - GENERAL),
    }


def with_members(body: JSON | None, members: JSON, schemas: JSON) -> JSON | None:
    schema = resolved(body, schemas)
    if not members or "properties" not in schema:
        return body
    return schema | {"properties": schema["properties"] | members}


def resolved(schema: JSON | None, schemas: JSON) -> JSON:
    while schema is not None and "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return schema or {}


def members_of(schema: JSON | None, schemas: JSON) -> Iterator[str]:
    schema = resolved(schema, schemas)
    yield from schema.get("properties", {})
    for combined in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(combined, []):
            yield from members_of(part, schemas)


def shape_of(name: str) -> str:
    """The same for names that differ in those of the path's parameters only."""
    return re.sub(r"{[^}]*}", "{}", name)


def table_of(facts: JSON) -> str:
    """The table as JSON: one `[method, path, operation]` a line, by path and then by method."""
    rows = sorted((*name.split(" ")[::-1], operation["name"]) for name, operation in facts["operations"].items())
    return "[\n" + ",\n".join(json.dumps([method, path, name]) for path, method, name in rows) + "\n]\n"


def text_of(facts: JSON) -> str:
    """The facts as JSON: one operation, schema or model a line, by name."""
    sections = [f'"sources": {json.dumps(facts["sources"])}']
    for section in ("operations", "schemas", "models"):
        lines = [f"{json.dumps(name)}: {compact(value)}" for name, value in sorted(facts[section].items())]
        sections.append(f'"{section}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/operations", description=__doc__.splitlines()[0])
    parser.add_argument("document", nargs="?", type=Path, default=DOCUMENT, help="default: %(default)s")
    parser.add_argument("--sdk", type=Path, default=SDKS, help="an environment with the SDK; default: %(default)s")
    parser.add_argument(
        "--check", action="store_true", help="fail when the files are not what the sources, if they are here, give"
    )
    arguments = parser.parse_args()
    package = next(arguments.sdk.glob("lib/python*/site-packages/workos"), None)
    if package is None or not arguments.document.exists():
        if arguments.check:
            return 0
        missing = f"OpenAPI document at {arguments.document}" if package else f"Python SDK in {arguments.sdk}"
        print(f"No {missing}: name one.")
        return 1
    facts = facts_of(arguments.document, package)
    made = {TABLE: table_of(facts), FACTS: text_of(facts)}
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if arguments.check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what {' and '.join(facts['sources'])} give.")
        return 1 if stale else 0
    for path in stale:
        path.write_text(made[path])
    print(f"{len(facts['operations'])} operations, from {' and '.join(facts['sources'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
