"""Bodies of refusals, whole, and the walk through a list."""

from __future__ import annotations

from typing import Any

from tests.conftest import Client

JSON = dict[str, Any]


def not_found(label: str, id: str) -> JSON:
    return {"code": "entity_not_found", "message": f"{label} not found: '{id}'.", "entity_id": id}


def invalid(field: str, code: str, message: str) -> JSON:
    """A 422 that names one field."""
    errors = [{"field": field, "code": code, "message": message}]
    return {"code": "invalid_request_parameters", "message": "Validation failed.", "errors": errors}


def required(field: str) -> JSON:
    """A 422 for a text that is missing or empty."""
    title = field.replace("_", " ").title()
    return invalid(field, f"{field}_string_required", f"{title} must be a non-empty string.")


def ids(client: Client, path: str, **query: Any) -> list[str]:
    """The ids on the page."""
    response = client.get(path, params=query).raise_for_status()
    return [item["id"] for item in response.json()["data"]]


def walk(client: Client, path: str, cursor: str, **query: Any) -> list[str]:
    """The ids of all pages of two, found by following `after` or `before`."""
    found: list[str] = []
    following: JSON = {}
    while True:
        page = client.get(path, params={"limit": 2, **query, **following}).raise_for_status().json()
        found += [item["id"] for item in page["data"]]
        if page["list_metadata"][cursor] is None:
            return found
        following = {cursor: page["list_metadata"][cursor]}


def assert_pages(client: Client, path: str, expected: list[str], **query: Any) -> None:
    """That the list has these objects, oldest first, and pages forward and backward in all orders."""
    newest_first = expected[::-1]
    assert walk(client, path, "after", order="asc", **query) == expected
    assert walk(client, path, "after", order="desc", **query) == newest_first
    assert walk(client, path, "after", **query) == newest_first
    assert walk(client, path, "before", order="normal", **query) == newest_first
    for order, wanted in (("asc", expected), ("desc", newest_first)):
        before_last = ids(client, path, order=order, before=wanted[-1], limit=2, **query)
        assert before_last == wanted[-3:-1]
    for parameters in ({"limit": 0}, {"limit": 101}, {"limit": "x"}, {"order": "up"}):
        assert client.get(path, params={**query, **parameters}).status_code == 422
