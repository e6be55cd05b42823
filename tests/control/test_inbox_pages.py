"""The inbox as pages: what they hold without a script, and what their forms do."""

from __future__ import annotations

import re

import pytest

from tests.builders import create_user, messages
from tests.conftest import Client
from tests.control.builders import send_code, send_verification

HTML = {"Accept": "text/html"}


def rows(client: Client, path: str = "/_emulate/ui/inbox", **query: str) -> list[str]:
    """The ids of the mails that a page shows, in its order."""
    page = client.get(path, params=query or None, headers=HTML).raise_for_status().text
    return re.findall(r'data-testid="inbox-row-(\w+)"', page)


def test_the_newest_mail_stands_first(client: Client) -> None:
    sent = [send_code(client)["id"] for _ in range(3)]
    assert rows(client) == sent[::-1]


def test_an_address_and_a_kind_filter_the_page(client: Client) -> None:
    user = create_user(client, email_verified=False)
    send_verification(client, user["id"])
    code, _ = send_code(client), send_code(client, "alan@example.com")
    assert rows(client, to="Ada@example.com", kind="magic_auth") == [code["id"]]
    assert len(rows(client, to="ada@example.com")) == 2
    assert len(rows(client, to="", kind="")) == 3


def test_a_long_inbox_is_paged_by_links_that_keep_the_filter(client: Client) -> None:
    sent = [send_code(client)["id"] for _ in range(51)]
    send_code(client, "alan@example.com")
    page = client.get("/_emulate/ui/inbox", params={"to": "ada@example.com"}, headers=HTML).text
    (older,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert rows(client, older.replace("&amp;", "&")) == sent[:1]
    back = client.get(older.replace("&amp;", "&"), headers=HTML).text
    (newer,) = re.findall(r'rel="prev" href="([^"]+)"', back)
    assert rows(client, newer.replace("&amp;", "&")) == sent[:0:-1]


def test_a_mail_has_a_page_with_text_headers_and_source(client: Client) -> None:
    message = send_code(client)
    page = client.get(f"/_emulate/ui/inbox/{message['id']}", headers=HTML).text
    assert message["text"].splitlines()[0] in page
    assert "Subject: Your sign-" in page
    assert "Content-Type: multipart/alternative" in page


def test_the_html_of_a_mail_runs_nothing_and_is_framed_by_pages_of_this_server_alone(client: Client) -> None:
    message = send_code(client)
    policy = client.get(f"/_emulate/inbox/{message['id']}/html").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert policy.endswith("frame-ancestors 'self'")


def test_a_mail_that_is_gone_is_a_page_that_says_so(client: Client) -> None:
    response = client.get("/_emulate/ui/inbox/message_1", headers=HTML)
    assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_deleting_a_mail_leads_back_to_the_filtered_inbox(client: Client) -> None:
    gone, kept = send_code(client), send_code(client)
    query = {"client_id": client.client_id, "to": "ada@example.com"}
    response = client.post(f"/_emulate/ui/inbox/{gone['id']}/delete", params=query)
    assert response.status_code == 303
    assert response.headers["location"] == f"/_emulate/ui/inbox?client_id={client.client_id}&to=ada%40example.com"
    assert rows(client) == [kept["id"]]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({}, []),
        ({"to": "ADA@example.com"}, ["alan@example.com"]),
        ({"kind": "password_reset"}, ["ada@example.com", "alan@example.com"]),
    ],
)
def test_deleting_all_deletes_what_the_filter_shows(client: Client, query: dict[str, str], left: list[str]) -> None:
    for address in ("ada@example.com", "alan@example.com"):
        send_code(client, address)
    assert client.post("/_emulate/ui/inbox/delete", params=query).status_code == 303
    assert [message["to"] for message in messages(client)] == left


def test_the_call_that_empties_the_inbox_takes_a_filter_too(client: Client) -> None:
    for address in ("ada@example.com", "alan@example.com"):
        send_code(client, address)
    client.delete("/_emulate/inbox", params={"to": "ada@example.com"}).raise_for_status()
    assert [message["to"] for message in messages(client)] == ["alan@example.com"]
    assert client.delete("/_emulate/inbox", params={"kind": "magic_link"}).status_code == 422


@pytest.mark.parametrize("path", ["delete", "{id}/delete"])
def test_pages_of_other_sites_delete_nothing(client: Client, path: str) -> None:
    message = send_code(client)
    headers = {**HTML, "Origin": "https://evil.example.com", "Sec-Fetch-Site": "cross-site"}
    response = client.post(f"/_emulate/ui/inbox/{path.format(**message)}", headers=headers)
    assert response.status_code == 403
    assert "https://evil.example.com" in response.text
    assert rows(client) == [message["id"]]
