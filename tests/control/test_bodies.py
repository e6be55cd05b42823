from __future__ import annotations

import pytest

from tests.conftest import Client


def test_json_that_curl_calls_a_form_is_read_as_json(client: Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.put("/_emulate/clock", content='{"frozen": true}', headers=form)
    assert answer.json()["frozen"] is True


@pytest.mark.parametrize(
    ("path", "body", "known"),
    [
        ("clock/advance", {"seconds": 1, "minutes": 10}, "seconds"),
        ("environments", {"fixture": {}}, "name, api_key, client_id, fixtures"),
        ("reset", {"too": "empty"}, "to"),
    ],
)
def test_unknown_member_of_a_control_call_is_refused(
    client: Client, path: str, body: dict[str, object], known: str
) -> None:
    response = client.post(f"/_emulate/{path}", json=body)
    wrong = list(body)[-1]
    assert response.status_code == 422
    message = f"'{wrong}' is not known here; expected {known}."
    assert response.json()["errors"] == [{"field": wrong, "code": "unknown_member", "message": message}]


def test_wrong_choice_is_answered_with_the_right_ones(client: Client) -> None:
    (error,) = client.post("/_emulate/reset", json={"to": "emtpy"}).json()["errors"]
    assert error["message"] == "To is invalid: expected 'fixtures' or 'empty'."


def test_unknown_control_call_names_the_list_of_calls(client: Client) -> None:
    assert client.get("/_emulate/clokc").json() == {"message": "Not Found. GET /_emulate lists the calls."}
