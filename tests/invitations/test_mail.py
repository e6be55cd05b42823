from __future__ import annotations

import pytest

from tests.answers import JSON
from tests.builders import create_user, messages
from tests.conftest import Client
from tests.invitations.builders import invite
from tests.organization_builders import send_invitation


def test_mail_carries_the_link_and_the_token(client: Client) -> None:
    invitation = send_invitation(client, "Ada@example.com")
    (mail,) = messages(client, to="ada@example.com")
    base = f"{str(client.base_url).rstrip('/')}/authkit/{client.client_id}"
    link = f"{base}/invite?invitation_token={invitation['token']}"
    assert invitation["accept_invitation_url"] == link
    assert mail == {
        **mail,
        "kind": "invitation",
        "to": "Ada@example.com",
        "subject": "You have been invited to Mockserver",
        "code": None,
        "link": link,
        "token": invitation["token"],
        "user_id": None,
        "expires_at": invitation["expires_at"],
    }
    assert link in mail["text"]
    assert link in mail["html"]
    assert "expires in 7 days" in mail["text"]


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({"first_name": "Grace", "last_name": "Hopper"}, "Grace Hopper"),
        ({"first_name": "Grace"}, "Grace"),
        ({}, "grace@example.com"),
    ],
)
def test_mail_names_organization_and_inviter(client: Client, attributes: JSON, name: str) -> None:
    inviter = create_user(client, "grace@example.com", **attributes)
    invite(client, inviter_user_id=inviter["id"])
    mail = client.latest_message("ada@example.com")
    assert mail["subject"] == f"{name} has invited you to join Acme"
    assert f"{name} has invited you to join Acme on Mockserver." in mail["text"]


def test_mail_to_a_user_names_the_user(client: Client) -> None:
    user = create_user(client)
    invite(client)
    assert client.latest_message("ada@example.com")["user_id"] == user["id"]


@pytest.mark.parametrize(
    ("setting", "start"),
    [
        ("https://app.example.com/join", "https://app.example.com/join?invitation_token="),
        ("https://app.example.com/join?from=mail", "https://app.example.com/join?from=mail&invitation_token="),
    ],
)
def test_link_leads_to_the_page_of_the_setting(client: Client, setting: str, start: str) -> None:
    client.change_settings(invitation_url=setting)
    invitation = invite(client)
    assert invitation["accept_invitation_url"] == start + invitation["token"]
    assert client.latest_message("ada@example.com")["link"] == start + invitation["token"]


def test_mail_can_be_switched_off(client: Client) -> None:
    client.change_settings(emails={"invitation": False})
    assert invite(client)["state"] == "pending"
    assert messages(client) == []
