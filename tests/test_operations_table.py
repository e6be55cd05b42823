"""What is known of the public API: well-formed, and current where the sources lie beside the repository."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = (ROOT.parent / "shared" / "openapi" / "workos.yaml", ROOT / ".venv" / "sdks" / "workos-10")
TABLE = ROOT / "mockserver" / "core" / "operations.json"
FACTS = ROOT / "tests" / "conformance" / "facts.json"
ROWS: list[list[str]] = json.loads(TABLE.read_text())

DOCUMENT = """\
paths:
  /moons/{id}:
    get:
      operationId: Moons_get[1]
      description: Get a moon.
      parameters: [{name: id, in: path, required: true, description: Which., schema: {type: string, example: luna}}]
      responses:
        "200":
          description: The moon.
          content: {application/json: {schema: {$ref: "#/components/schemas/Moon"}}}
        "204": {description: None.}
components:
  schemas:
    Moon:
      description: A moon.
      type: object
      properties: {description: {type: string, description: What it is.}, kind: {const: Must be a moon of some planet}}
      required: [description]
"""
RESOURCE = '''
class Moons:
    def get_moon(self, id: str, *, phase: Phase | str | None = None) -> Moon:
        """Get a moon.

        Raises:
            ConflictError: If a conflict occurs (409).
        """
        params = {"phase": phase}
        return self._client.request(method="get", path=("moons", str(id)), model=Moon, params=params)

    def list_moons(self, *, planet: str, limit: int | None = None) -> SyncPage[Moon]:
        params = {"planet": planet, "limit": limit}
        return self._client.request_page(method="get", path=("moons",), model=Moon, params=params)

class AsyncMoons:
    async def list_moons(self): return await self._client.request(method="get", path=("others",))
'''
MODELS = '''
class Phase(str, Enum):
    """How much of it is seen."""
    FULL = "full"
    NEW = "new"

class Moon:
    """A moon."""
    phase: Phase
    mass: float | None
    seen_at: datetime | None = None
    def from_dict(cls, data):
        return cls(phase=Phase(data["phase"]), mass=data["mass"], seen_at=data.get("seen_at"))
'''


def operations(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "operations.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    """A document, and an environment with an SDK, of another API."""
    document, package = tmp_path / "another.yaml", tmp_path / "lib" / "python3" / "site-packages" / "workos"
    (package / "moons" / "models").mkdir(parents=True)
    (package.parent / "workos-99.0.0.dist-info").mkdir()
    (package / "moons" / "_resource.py").write_text(RESOURCE)
    (package / "moons" / "models" / "moon.py").write_text(MODELS)
    document.write_text(DOCUMENT)
    return document, tmp_path


@pytest.fixture
def facts(sources: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    made: dict[str, Any] = importlib.import_module("operations").facts_of(
        sources[0], sources[1] / "lib" / "python3" / "site-packages" / "workos"
    )
    return made


def test_an_operation_has_a_method_a_path_and_a_name_of_its_own() -> None:
    assert {method for method, _, _ in ROWS} <= {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert all(path.startswith("/") for _, path, _ in ROWS)
    assert len({name for _, _, name in ROWS}) == len({(method, path) for method, path, _ in ROWS}) == len(ROWS)


def test_operations_are_sorted_by_path_and_method() -> None:
    assert sorted(ROWS, key=lambda row: (row[1], row[0])) == ROWS


@pytest.mark.fault("B12")
def test_the_table_has_what_the_facts_have() -> None:
    facts = json.loads(FACTS.read_text())["operations"]
    assert {f"{method} {path}": name for method, path, name in ROWS} == {
        name: operation["name"] for name, operation in facts.items()
    }


@pytest.mark.fault("B12")
def test_the_facts_have_no_sentences() -> None:
    """Five words in a row; values such as `jump cloud scim v2.0` have four."""
    assert re.findall(r"\w+ \w+ \w+ \w+ \w+", FACTS.read_text()) == []


@pytest.mark.skipif(not all(source.exists() for source in SOURCES), reason="the sources are not beside the repository")
def test_table_and_facts_are_what_the_sources_give() -> None:
    result = operations("--check")
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_sources_with_other_operations_make_table_and_facts_stale(sources: tuple[Path, Path]) -> None:
    result = operations(str(sources[0]), "--sdk", str(sources[1]), "--check")
    assert result.returncode == 1
    assert "operations.json is not what another.yaml and workos-99.0.0 give" in result.stdout
    assert "facts.json is not what another.yaml and workos-99.0.0 give" in result.stdout


@pytest.mark.fault("B12")
def test_missing_source_is_named(tmp_path: Path) -> None:
    result = operations("--sdk", str(tmp_path))
    assert (result.returncode, result.stdout) == (1, f"No Python SDK in {tmp_path}: name one.\n")


@pytest.mark.fault("B12")
def test_operation_of_the_document_is_kept_without_what_describes_it(facts: dict[str, Any]) -> None:
    operation = facts["operations"]["GET /moons/{id}"]
    assert operation["name"] == "Moons_get"
    assert operation["answers"] == {"200": {"$ref": "#/schemas/Moon"}, "204": None}
    assert operation["parameters"][0] == {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    properties = {"description": {"type": "string"}, "kind": {"pattern": "^Must "}}
    assert facts["schemas"]["Moon"] == {"type": "object", "properties": properties, "required": ["description"]}


@pytest.mark.fault("B12")
def test_the_sdk_adds_members_refusals_and_its_model_of_the_answer(facts: dict[str, Any]) -> None:
    operation = facts["operations"]["GET /moons/{id}"]
    phase = {"anyOf": [{"$ref": "#/models/Phase"}, {"type": "string"}]}
    assert operation["parameters"][1:] == [{"name": "phase", "in": "query", "required": False, "schema": phase}]
    assert (operation["model"], operation["refusals"]) == ({"$ref": "#/models/Moon"}, ["409"])
    moon = facts["models"]["Moon"]
    assert moon["required"] == ["phase", "mass"]
    assert moon["properties"]["phase"] == {"$ref": "#/models/Phase"}
    assert moon["properties"]["mass"] == {"anyOf": [{"type": "number"}, {"type": "null"}]}
    assert facts["models"]["Phase"] == {"type": "string", "enum": ["full", "new"]}


@pytest.mark.fault("B12")
def test_operation_that_the_sdk_alone_knows_is_named_by_module_and_method(facts: dict[str, Any]) -> None:
    assert list(facts["operations"]) == ["GET /moons/{id}", "GET /moons"]
    operation = facts["operations"]["GET /moons"]
    assert (operation["name"], operation["answers"]) == ("moons.list_moons", {})
    assert [(item["name"], item["required"]) for item in operation["parameters"]] == [
        ("planet", True),
        ("limit", False),
    ]
    assert operation["model"]["properties"]["data"] == {"type": "array", "items": {"$ref": "#/models/Moon"}}
