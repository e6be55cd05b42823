"""Each supported operation has a case of success, and each refusal that the document has a case or a reason."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from mockserver.app import ENDPOINTS
from scripts.supported import shape_of
from tests.conformance.openapi import Document, Operation
from tests.surface.cases import Refusal

FOLDER = Path(__file__).parent
SUPPORTED = {shape_of(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}

# Why a client can't cause an answer that the document has. "*": of any operation.
UNREACHABLE = {
    ("*", 403): "Keys with fewer rights than all don't exist here.",
    ("*", 429): "There are no quotas.",
    ("DELETE /user_management/users/{id}", 409): "Nothing here manages users from outside.",
    ("POST /user_management/users", 404): "The call names no other object.",
    ("GET /authorization/permissions", 404): "The call names no object.",
    ("POST /authorization/permissions", 404): "Resource types are not kept: any slug of one will do.",
    ("POST /authorization/roles", 404): "Resource types are not kept: any slug of one will do.",
    ("PATCH /authorization/roles/{slug}", 400): "What is wrong with a member is answered by 422.",
    ("POST /authorization/roles/{slug}/permissions", 400): "A role of the environment may grant any permission.",
    ("PUT /authorization/roles/{slug}/permissions", 400): "A role of the environment may grant any permission.",
    ("POST /sso/token", 404): "The call names no object: an unknown code is answered by 400.",
    ("GET /sso/profile", 404): "A token goes with its profile, and is answered by 401 then.",
    ("GET /feature-flags", 400): "What is wrong with the parameters is answered by 422.",
    ("GET /feature-flags", 404): "The call names no object.",
    ("POST /user_management/invitations/{id}/resend", 422): "The call takes no parameters.",
    ("PUT /user_management/organization_memberships/{id}/deactivate", 422): "The call takes no parameters.",
    ("PUT /user_management/organization_memberships/{id}/reactivate", 422): "The call takes no parameters.",
}


def modules() -> list[ModuleType]:
    return [importlib.import_module(f"tests.surface.{path.stem}") for path in sorted(FOLDER.glob("test_*.py"))]


def cases() -> set[tuple[str, int]]:
    """Operation and status of each case and each refusal of this folder."""
    return {
        case
        for module in modules()
        for function in vars(module).values()
        if isinstance(function, FunctionType)
        for mark in getattr(function, "pytestmark", [])
        for case in cases_of(mark)
    }


def cases_of(mark: pytest.Mark) -> Iterator[tuple[str, int]]:
    if mark.name == "case":
        yield mark.args
    for row in mark.args[1] if mark.name == "parametrize" else ():
        if isinstance(row, Refusal):
            yield row.operation, row.status
        for decorator in getattr(row, "marks", ()):
            yield from cases_of(decorator.mark)


@pytest.fixture(scope="module")
def supported(document: Document) -> list[Operation]:
    operations = [operation for _, operation in document.operations]
    return [operation for operation in operations if shape_of(operation.method, operation.template) in SUPPORTED]


def test_each_supported_operation_has_a_case_of_success(supported: list[Operation]) -> None:
    proved = {operation for operation, status in cases() if status < 400}
    assert [operation.name for operation in supported if operation.name not in proved] == []


def test_each_documented_refusal_has_a_case_or_a_reason(supported: list[Operation]) -> None:
    documented = {(item.name, int(status)) for item in supported for status in item.answers if status.startswith("4")}
    excused = {case for case in documented if case in UNREACHABLE or ("*", case[1]) in UNREACHABLE}
    assert documented - cases() - excused == set()


def test_no_reason_is_given_for_what_has_a_case(supported: list[Operation]) -> None:
    assert UNREACHABLE.keys() & cases() == set()
