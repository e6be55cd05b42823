from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import create_user
from tests.conftest import Client
from tests.control.builders import send_code, send_verification


def recipients(client: Client, **parameters: str) -> list[str]:
    messages = client.get("/_emulate/inbox", params=parameters).raise_for_status().json()["data"]
    return [message["to"] for message in messages]


def test_a_message_carries_its_code_as_a_field(client: Client) -> None:
    user = create_user(client)
    message = send_code(client)
    assert {name: message[name] for name in ("object", "kind", "to", "from", "link", "token", "user_id")} == {
        "object": "message",
        "kind": "magic_auth",
        "to": "ada@example.com",
        "from": "access@workos-mail.com",
        "link": None,
        "token": None,
        "user_id": user["id"],
    }
    assert message["code"] in message["text"]
    assert message["code"] in message["html"]


def test_a_reset_mail_carries_link_and_token_as_fields(client: Client) -> None:
    create_user(client)
    reset = client.post("/user_management/password_reset", json={"email": "ada@example.com"}).json()
    message = client.latest_message("ada@example.com")
    assert message["token"] == reset["password_reset_token"]
    assert message["link"] == reset["password_reset_url"]
    assert message["code"] is None


def test_messages_are_listed_oldest_first(client: Client) -> None:
    for address in ("a@example.com", "b@example.com", "c@example.com"):
        send_code(client, address)
    assert recipients(client) == ["a@example.com", "b@example.com", "c@example.com"]


def test_after_leads_to_what_came_later(client: Client) -> None:
    first = send_code(client, "a@example.com")
    send_code(client, "b@example.com")
    assert recipients(client, after=first["id"]) == ["b@example.com"]


def test_after_leads_to_what_came_later_though_the_clock_was_set_back(client: Client) -> None:
    first = send_code(client, "a@example.com")
    client.advance(-3600)
    send_code(client, "b@example.com")
    assert recipients(client, after=first["id"]) == ["b@example.com"]


def test_the_latest_message_is_the_last_that_came_though_the_clock_was_set_back(client: Client) -> None:
    send_code(client, "a@example.com")
    client.advance(-3600)
    send_code(client, "b@example.com")
    assert client.get("/_emulate/inbox/latest").json()["to"] == "b@example.com"


def test_after_a_deleted_message_the_list_goes_on(client: Client) -> None:
    first = send_code(client, "a@example.com")
    send_code(client, "b@example.com")
    client.delete(f"/_emulate/inbox/{first['id']}")
    assert recipients(client, after=first["id"]) == ["b@example.com"]


def test_a_long_inbox_comes_in_pages(client: Client) -> None:
    for number in range(3):
        send_code(client, f"{number}@example.com")
    page = client.get("/_emulate/inbox", params={"limit": 2}).json()
    assert [message["to"] for message in page["data"]] == ["0@example.com", "1@example.com"]
    assert recipients(client, after=page["list_metadata"]["after"]) == ["2@example.com"]


def test_before_leads_back(client: Client) -> None:
    messages = [send_code(client, f"{number}@example.com") for number in range(3)]
    assert recipients(client, before=messages[2]["id"], limit="1") == ["1@example.com"]


def test_the_list_can_be_asked_for_newest_first(client: Client) -> None:
    send_code(client, "a@example.com")
    send_code(client, "b@example.com")
    assert recipients(client, order="desc") == ["b@example.com", "a@example.com"]


def test_an_unknown_order_is_refused(client: Client) -> None:
    response = client.get("/_emulate/inbox", params={"order": "sideways"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "order"


def test_messages_are_found_by_address_whatever_its_case(client: Client) -> None:
    send_code(client, "Ada@Example.com")
    send_code(client, "alan@example.com")
    assert recipients(client, to="aDA@example.COM") == ["Ada@Example.com"]


def test_messages_are_found_by_kind(client: Client) -> None:
    user = create_user(client, email_verified=False)
    send_code(client)
    send_verification(client, user["id"])
    messages = client.get("/_emulate/inbox", params={"kind": "email_verification"}).json()["data"]
    assert [message["kind"] for message in messages] == ["email_verification"]


def test_an_unknown_kind_is_refused_and_the_kinds_are_named(client: Client) -> None:
    response = client.get("/_emulate/inbox", params={"kind": "magic_link"})
    assert response.status_code == 422
    assert "magic_auth" in response.json()["errors"][0]["message"]


def test_the_latest_message_is_the_newest_match(client: Client) -> None:
    old = send_code(client)
    new = send_code(client)
    send_code(client, "alan@example.com")
    latest = client.get("/_emulate/inbox/latest", params={"to": "ADA@example.com", "kind": "magic_auth"}).json()
    assert latest["id"] == new["id"] != old["id"]


def test_without_a_match_latest_says_what_did_arrive(client: Client) -> None:
    message = send_code(client, "alan@example.com")
    response = client.get("/_emulate/inbox/latest", params={"to": "ada@example.com"})
    assert response.status_code == 404
    assert response.json() == {
        "code": "message_not_found",
        "message": "No message to 'ada@example.com' has arrived.",
        "arrived": [{"id": message["id"], "kind": "magic_auth", "to": "alan@example.com"}],
    }


def test_a_message_is_read_by_its_id(client: Client) -> None:
    message = send_code(client)
    assert client.get(f"/_emulate/inbox/{message['id']}").json() == message


def test_an_unknown_message_is_not_found(client: Client) -> None:
    for path in ("", "/html", "/raw"):
        assert client.get(f"/_emulate/inbox/message_1{path}").status_code == 404
    assert client.delete("/_emulate/inbox/message_1").status_code == 404


def test_the_html_part_is_a_page(client: Client) -> None:
    message = send_code(client)
    response = client.get(f"/_emulate/inbox/{message['id']}/html")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text == message["html"]


@pytest.mark.fault("E10")
def test_the_html_part_stays_when_what_it_was_made_of_is_changed_or_deleted(client: Client) -> None:
    organization = client.post("/organizations", json={"name": "Engines"}).raise_for_status().json()
    invitation = {"email": "ada@example.com", "organization_id": organization["id"]}
    client.post("/user_management/invitations", json=invitation).raise_for_status()
    before = client.latest_message("ada@example.com")
    client.change_settings(product_name="Acme")
    client.delete(f"/organizations/{organization['id']}").raise_for_status()
    assert client.latest_message("ada@example.com") == before
    assert "Engines" in before["html"]


@pytest.mark.fault("E10")
def test_the_html_part_that_a_document_gives_is_kept(new_client: Callable[..., Client]) -> None:
    message = send_code(new_client())
    copy = new_client(messages=[{**message, "html": "<p>Ada</p>"}])
    assert copy.latest_message("ada@example.com") == {**message, "html": "<p>Ada</p>"}


@pytest.mark.fault("E10")
@pytest.mark.parametrize("values", [{}, {"product": 1}])
def test_values_that_make_no_html_are_refused_when_they_are_loaded(client: Client, values: dict[str, Any]) -> None:
    message = {**send_code(client), "html_values": values}
    response = client.post("/_emulate/seed", json={"messages": [message]})
    assert response.status_code == 422
    assert "messages[0].html_values: no HTML can be made of them" in response.json()["message"]


def test_the_raw_message_is_one_that_mail_programs_read(client: Client) -> None:
    message = send_code(client, "jürgen@example.com")
    response = client.get(f"/_emulate/inbox/{message['id']}/raw")
    parsed = email.message_from_bytes(response.content, policy=email.policy.default)
    assert response.headers["content-type"] == "message/rfc822"
    assert parsed["Message-ID"] == f"<{message['id']}@workos-mail.com>"
    assert (parsed["To"], parsed["From"], parsed["Subject"]) == (message["to"], message["from"], message["subject"])
    assert parsed.get_body(["plain"]).get_content().splitlines() == message["text"].splitlines()
    assert parsed.get_body(["html"]).get_content().splitlines() == message["html"].splitlines()


def test_a_deleted_message_is_gone_and_the_others_stay(client: Client) -> None:
    gone = send_code(client, "a@example.com")
    send_code(client, "b@example.com")
    assert client.delete(f"/_emulate/inbox/{gone['id']}").status_code == 204
    assert recipients(client) == ["b@example.com"]


def test_an_emptied_inbox_has_no_messages(client: Client) -> None:
    send_code(client)
    assert client.delete("/_emulate/inbox").status_code == 204
    assert recipients(client) == []


def test_a_kind_that_is_switched_off_is_not_sent(client: Client) -> None:
    client.change_settings(emails={"magic_auth": False})
    create_user(client)
    client.post("/user_management/magic_auth", json={"email": "ada@example.com"}).raise_for_status()
    assert recipients(client) == []


def test_environments_have_inboxes_of_their_own(new_client: Callable[..., Client]) -> None:
    one, other = new_client(), new_client()
    send_code(one)
    assert recipients(other) == []
