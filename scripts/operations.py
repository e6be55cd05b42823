"""The table of the public API's operations, made from its OpenAPI document.

The server answers 501 with the operation's name for those in the table that it has not; SUPPORTED.md lists them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT.parent / "shared" / "openapi" / "workos.yaml"
TABLE = ROOT / "mockserver" / "core" / "operations.json"
METHODS = ("get", "post", "put", "patch", "delete")


def table_of(document: Path) -> str:
    """The table as JSON: one `[method, path, operation]` a line, by path and then by method."""
    content = yaml.load(document.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    operations = [
        (path, method.upper(), name_of(operation["operationId"]))
        for path, item in content["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    rows = [json.dumps([method, path, name]) for path, method, name in sorted(operations)]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def name_of(operation_id: str) -> str:
    """`UserlandUsersController_list[0]` is one of several documented forms of `UserlandUsersController_list`."""
    return re.sub(r"\[\d+\]$", "", operation_id)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/operations", description=__doc__.splitlines()[0])
    parser.add_argument("document", nargs="?", type=Path, default=DOCUMENT, help="default: %(default)s")
    parser.add_argument(
        "--check", action="store_true", help="fail when the table is not what the document, if there is one, gives"
    )
    arguments = parser.parse_args()
    if not arguments.document.exists():
        if arguments.check:
            return 0
        print(f"No OpenAPI document at {arguments.document}: name one.")
        return 1
    table = table_of(arguments.document)
    if not arguments.check:
        TABLE.write_text(table)
        print(f"{len(json.loads(table))} operations in {TABLE.relative_to(ROOT)}")
    elif not TABLE.exists() or TABLE.read_text() != table:
        print(f"{TABLE.relative_to(ROOT)} is not what {arguments.document.name} gives.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
