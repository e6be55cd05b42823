from __future__ import annotations

from tests.builders import claims, create_code
from tests.conftest import Client
from tests.organization_builders import add_member, create_member, create_organization


def test_impersonator_stays_one_over_the_choice_of_an_organization(client: Client) -> None:
    acme, beta = create_organization(client, "Acme"), create_organization(client, "Beta")
    user = create_member(client, acme)
    add_member(client, user, beta)
    code = create_code(client, user, impersonator={"email": "support@example.com", "reason": "ticket 7"})
    token = client.authenticate("authorization_code", code=code).json()["pending_authentication_token"]
    answer = client.authenticate(
        "urn:workos:oauth:grant-type:organization-selection",
        pending_authentication_token=token,
        organization_id=beta["id"],
    ).json()
    assert answer["impersonator"] == {"email": "support@example.com", "reason": "ticket 7"}
    assert claims(answer["access_token"])["act"] == {"sub": "support@example.com"}


def test_impersonator_switches_into_an_organization_that_demands_mfa(client: Client) -> None:
    acme, strict = create_organization(client, "Acme"), create_organization(client, "Strict")
    user = create_member(client, acme)
    code = create_code(client, user, impersonator={"email": "support@example.com"})
    answer = client.authenticate("authorization_code", code=code).json()
    add_member(client, user, strict)
    path = f"/_emulate/organizations/{strict['id']}/policy"
    client.put(path, json={"mfa_required": True}).raise_for_status()
    token = answer["refresh_token"]
    switched = client.authenticate("refresh_token", refresh_token=token, organization_id=strict["id"])
    assert switched.json()["organization_id"] == strict["id"]
