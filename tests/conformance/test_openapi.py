"""The validation of recorded answers: that it finds what is wrong, and that known contradictions hide nothing else."""

from __future__ import annotations

import json
from email.message import Message
from typing import Any

import pytest

from tests.conformance.contradictions import CONTRADICTIONS
from tests.conformance.openapi import Document
from tests.conformance.recorder import Exchange

USERS = "/user_management/users"
USER = {
    "object": "user",
    "id": "user_01E4ZCR3C56J083X43JQXF3JK5",
    "email": "ada@example.com",
    "email_verified": True,
    "first_name": None,
    "last_name": None,
    "name": None,
    "profile_picture_url": None,
    "last_sign_in_at": None,
    "external_id": None,
    "metadata": {},
    "locale": None,
    "created_at": "2026-01-15T12:00:00.000Z",
    "updated_at": "2026-01-15T12:00:00.000Z",
}


def test_a_documented_answer_passes(document: Document):
    assert found(document, answer("POST", USERS, 201, USER)) == []


def test_an_answer_without_content_passes(document: Document):
    assert found(document, answer("DELETE", f"{USERS}/user_01", 200)) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email_verified": "yes"}, "/email_verified"),
        ({"email": None}, "/email"),
        ({"object": "person"}, "/object"),
        ({"created_at": "2026-01-15T12:00:00.000000Z"}, "/created_at"),
        ({"updated_at": "2026-01-15T12:00:00.000+00:00"}, "/updated_at"),
        ({"metadata": []}, "/metadata"),
    ],
)
def test_a_wrong_member_is_named(document: Document, change: dict[str, Any], pointer: str):
    [violation] = document.violations(answer("POST", USERS, 201, USER | change))

    assert violation.pointer == pointer
    assert str(violation).startswith(f"POST {USERS} answers 201: {pointer}: ")


def test_a_wrong_member_inside_a_list_is_named(document: Document):
    page = {"object": "list", "data": [USER, USER | {"id": 1}], "list_metadata": {"before": None, "after": None}}

    assert [violation.pointer for violation in document.violations(answer("GET", USERS, 200, page))] == ["/data/1/id"]


def test_a_missing_member_is_named(document: Document):
    without = {name: value for name, value in USER.items() if name != "email_verified"}

    [reason] = found(document, answer("POST", USERS, 201, without))

    assert "'email_verified' is a required property" in reason


def test_an_error_of_another_form_is_found(document: Document):
    assert found(
        document, answer("POST", "/user_management/authenticate", 403, {"code": "unheard_of", "message": "No."})
    )


@pytest.mark.parametrize(("status", "body"), [(200, USER), (202, USER), (418, {"message": "teapot"})])
def test_an_undocumented_status_is_found(document: Document, status: int, body: dict[str, Any]):
    [reason] = found(document, answer("POST", USERS, status, body))

    assert "only 201, 400," in reason


@pytest.mark.parametrize(("method", "path"), [("GET", "/user_management/nowhere"), ("PATCH", USERS)])
def test_an_undocumented_operation_is_found(document: Document, method: str, path: str):
    [reason] = found(document, answer(method, path, 200, {}))

    assert "no such operation is known" in reason


@pytest.mark.fault("B12")
def test_a_member_that_the_sdk_alone_demands_is_missed():
    facts = known_moon({"type": "object"}, {"type": "object", "properties": {}, "required": ["phase"]})

    assert found(Document(facts), answer("GET", "/moons/luna", 200, {"phase": "full"})) == []
    [reason] = found(Document(facts), answer("GET", "/moons/luna", 200, {}))
    assert "'phase' is a required property" in reason


@pytest.mark.fault("B12")
def test_an_answer_that_the_sdk_alone_knows_meets_its_model():
    facts = known_moon(None, {"type": "object", "properties": {"phase": {"type": "string"}}, "required": ["phase"]})

    assert found(Document(facts), answer("GET", "/moons/luna", 200, {"phase": "full"})) == []
    assert found(Document(facts), answer("GET", "/moons/luna", 200, {"phase": 1}))
    assert found(Document(facts), answer("GET", "/moons/luna", 418, {"message": "No."}))


@pytest.mark.fault("B12")
def test_a_refusal_that_the_sdk_alone_knows_has_a_message():
    facts = known_moon({"type": "object"}, None)

    assert found(Document(facts), answer("GET", "/moons/luna", 409, {"message": "No.", "code": "no_moon"})) == []
    assert found(Document(facts), answer("GET", "/moons/luna", 409, {"code": "no_moon"}))


@pytest.mark.fault("B12")
def test_a_model_is_chosen_by_its_discriminator():
    mapping = {"full": "#/models/Full", "new": "#/models/New"}
    facts = known_moon(None, {"discriminator": {"propertyName": "phase", "mapping": mapping}})
    facts["models"] = {"Full": {"required": ["seen_at"]}, "New": {}}

    assert found(Document(facts), answer("GET", "/moons/luna", 200, {"phase": "new"})) == []
    assert found(Document(facts), answer("GET", "/moons/luna", 200, {"phase": "full"}))
    assert found(Document(facts), answer("GET", "/moons/luna", 200, {"phase": "eclipsed"}))


@pytest.mark.fault("B12")
def test_an_event_that_the_sdk_does_not_know_is_found(document: Document):
    event = {
        "object": "event",
        "id": "event_01",
        "event": "user.abducted",
        "data": {},
        "created_at": USER["created_at"],
    }
    page = {"object": "list", "data": [event], "list_metadata": {"after": None}}

    assert found(document, answer("GET", "/events", 200, page))


def test_a_literal_path_is_not_taken_for_a_parameter(document: Document):
    operation = document.operation_of(answer("GET", f"{USERS}/external_id/ada", 200, USER))

    assert operation is not None
    assert operation.template == f"{USERS}/external_id/{{external_id}}"


def test_content_where_none_is_documented_is_found(document: Document):
    assert found(document, answer("POST", "/user_management/sessions/revoke", 200, {"success": True}))


def test_missing_content_is_found(document: Document):
    assert found(document, answer("POST", USERS, 201))


def test_another_content_type_is_found(document: Document):
    assert found(document, answer("POST", USERS, 201, USER, content_type="text/plain"))


def test_a_json_content_type_without_a_body_is_found(document: Document):
    assert found(document, answer("DELETE", f"{USERS}/user_01", 200, content_type="application/json"))


def test_a_missing_request_id_is_found(document: Document):
    assert found(document, answer("POST", USERS, 201, USER, request_id=""))


@pytest.mark.parametrize("body", [[], "Not Found"])
def test_an_error_that_is_no_object_is_found(document: Document, body: Any):
    assert found(document, answer("GET", f"{USERS}/user_01", 404, body))


def test_our_own_paths_are_not_checked(document: Document):
    for path in ("/", "/health", "/readyz", "/_emulate/inbox/wait"):
        assert found(document, answer("GET", path, 200, {"anything": "goes"})) == []


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", USERS, 401, {"message": "Unauthorized"}),
        ("GET", "/directories", 501, {"code": "emulator_not_implemented", "message": "Not yet.", "operation": "list"}),
        ("GET", "/nowhere", 404, {"message": "Cannot GET /nowhere", "error": "Not Found"}),
    ],
)
def test_a_known_contradiction_passes_as_it_is_and_with_no_other_member(
    document: Document, method: str, path: str, status: int, body: dict[str, Any]
):
    assert found(document, answer(method, path, status, body)) == []
    assert found(document, answer(method, path, status, body | {"password": "secure-password"}))
    assert found(document, answer(method, path, status, body, request_id=""))


def test_a_contradiction_of_one_operation_does_not_cover_another(document: Document):
    body = {"code": "sign_out_redirect_not_allowed", "message": "No."}

    assert found(document, answer("GET", "/user_management/sessions/logout", 400, body)) == []
    assert found(document, answer("GET", USERS, 400, body))


def test_a_general_contradiction_does_not_cover_what_the_document_describes(document: Document):
    body = {"code": "idempotency_error", "message": "Another body."}

    assert found(document, answer("POST", USERS, 409, body)) == []
    assert found(document, answer("POST", "/user_management/users/user_01/email_change/send", 409, body))


def test_contradictions_are_narrow_and_explained():
    for contradiction in CONTRADICTIONS:
        assert contradiction.body["additionalProperties"] is False
        assert len(contradiction.reason) > 20
        assert len(contradiction.source) > 20


def answer(
    method: str,
    path: str,
    status: int,
    body: Any = None,
    *,
    content_type: str | None = None,
    request_id: str = "5f4d2b9c-8d0e-4d5b-9f5e-3c9b1f6a7e21",
) -> Exchange:
    """An exchange as the recorder makes them; an answer with a body is JSON unless `content_type` says otherwise."""
    headers = Message()
    headers["X-Request-ID"] = request_id
    if body is not None or content_type:
        headers["Content-Type"] = content_type or "application/json; charset=utf-8"
    content = b"" if body is None else json.dumps(body).encode()
    return Exchange(method, path, "", Message(), b"", status, headers, content)


def known_moon(schema: Any, model: Any) -> dict[str, Any]:
    """Facts of one operation, with the schema that a document has of its answer and the model that an SDK has."""
    operation = {"answers": {} if schema is None else {"200": schema}, "model": model, "refusals": ["409"]}
    return {"operations": {"GET /moons/{id}": operation}, "schemas": {}, "models": {}}


def found(document: Document, exchange: Exchange) -> list[str]:
    return [str(violation) for violation in document.violations(exchange)]
