from __future__ import annotations

import pytest

from tests.answers import JSON, not_found
from tests.builders import event_data
from tests.conftest import Client
from tests.organization_builders import create_organization
from tests.organizations.builders import THIRTY_DAYS, create_domain, pending, read, verified, verify

ALREADY_VERIFIED = {"code": "domain_already_verified", "message": "Domain is already verified."}


def control(client: Client, domain: JSON, outcome: str) -> JSON:
    """What the control plane answers to `verify` or `fail`."""
    changed: JSON = client.post(f"/_emulate/domains/{domain['id']}/{outcome}").raise_for_status().json()
    return changed


def test_verification_succeeds_at_once(client: Client) -> None:
    domain = create_domain(client, create_organization(client))
    answer = verify(client, domain)
    assert answer == {**domain, "state": "verified", "updated_at": answer["updated_at"]}
    assert read(client, domain) == answer
    assert client.event_names()[-2:] == ["organization_domain.created", "organization_domain.verified"]
    assert event_data(client, "organization_domain.verified") == [answer]


def test_verified_domain_cannot_be_verified_again(client: Client) -> None:
    (domain,) = create_organization(client, **verified())["domains"]
    response = client.post(f"/organization_domains/{domain['id']}/verify")
    assert (response.status_code, response.json()) == (400, ALREADY_VERIFIED)


def test_manual_verification_stays_pending(client: Client) -> None:
    client.change_settings(domain_verification="manual")
    domain = create_domain(client, create_organization(client))
    assert verify(client, domain) == domain
    assert client.event_names()[-1] == "organization_domain.created"


def test_domain_fails_after_thirty_days(client: Client) -> None:
    client.change_settings(domain_verification="manual")
    organization = create_organization(client, **pending("acme.com"))
    (domain,) = organization["domains"]
    client.advance(THIRTY_DAYS - 60)
    assert read(client, domain)["state"] == "pending"
    client.advance(60)
    failed = read(client, domain)
    assert failed["state"] == "failed"
    assert read(client, domain) == failed
    assert event_data(client, "organization_domain.verification_failed") == [
        {"reason": "domain_verification_period_expired", "organization_domain": failed}
    ]


@pytest.mark.parametrize("path", ["/organizations/{}", "/organizations", "/organizations/external_id/acme"])
def test_failure_shows_in_the_organization_too(client: Client, path: str) -> None:
    organization = create_organization(client, **pending("acme.com"), external_id="acme")
    client.advance(THIRTY_DAYS)
    answer = client.get(path.format(organization["id"])).json()
    (shown,) = answer.get("data", [answer])
    assert shown["domains"][0]["state"] == "failed"
    assert client.event_names()[-1] == "organization_domain.verification_failed"


def test_verified_domain_never_fails(client: Client) -> None:
    (domain,) = create_organization(client, **verified())["domains"]
    client.advance(2 * THIRTY_DAYS)
    assert read(client, domain) == domain


def test_failed_domain_may_start_again(client: Client) -> None:
    client.change_settings(domain_verification="manual")
    domain = create_domain(client, create_organization(client))
    client.advance(THIRTY_DAYS)
    again = verify(client, domain)
    assert again == {**domain, "state": "pending", "updated_at": again["updated_at"]}
    assert client.event_names()[-2:] == ["organization_domain.verification_failed", "organization_domain.updated"]
    client.advance(THIRTY_DAYS - 60)
    assert read(client, domain)["state"] == "pending"
    client.advance(60)
    assert read(client, domain)["state"] == "failed"


def test_failed_domain_can_be_verified(client: Client) -> None:
    domain = create_domain(client, create_organization(client))
    client.advance(THIRTY_DAYS)
    assert verify(client, domain)["state"] == "verified"


def test_verification_fails_when_another_organization_was_faster(client: Client) -> None:
    fast = create_domain(client, create_organization(client))
    slow = create_domain(client, create_organization(client, "Other"))
    verify(client, fast)
    failed = verify(client, slow)
    assert failed["state"] == "failed"
    assert event_data(client, "organization_domain.verification_failed") == [
        {"reason": "domain_verified_by_other_organization", "organization_domain": failed}
    ]
    query = {"events": "organization_domain.verification_failed", "organization_id": slow["organization_id"]}
    assert len(client.get("/events", params=query).json()["data"]) == 1


# The control plane


def test_pending_domain_is_verified_by_hand(client: Client) -> None:
    client.change_settings(domain_verification="manual")
    domain = create_domain(client, create_organization(client))
    verify(client, domain)
    answer = control(client, domain, "verify")
    assert answer == {**domain, "state": "verified", "updated_at": answer["updated_at"]}
    assert read(client, domain) == answer
    assert control(client, domain, "verify") == answer
    assert client.event_names()[1:] == ["organization_domain.created", "organization_domain.verified"]


def test_pending_domain_fails_by_hand(client: Client) -> None:
    domain = create_domain(client, create_organization(client))
    answer = control(client, domain, "fail")
    assert answer == {**domain, "state": "failed", "updated_at": answer["updated_at"]}
    assert read(client, domain) == answer
    assert control(client, domain, "fail") == answer
    assert client.event_names()[1:] == ["organization_domain.created", "organization_domain.verification_failed"]


def test_verified_domain_does_not_fail_by_hand(client: Client) -> None:
    (domain,) = create_organization(client, **verified())["domains"]
    response = client.post(f"/_emulate/domains/{domain['id']}/fail")
    assert (response.status_code, response.json()) == (400, ALREADY_VERIFIED)
    assert read(client, domain) == domain


def test_domain_verified_elsewhere_fails_by_hand_too(client: Client) -> None:
    domain = create_domain(client, create_organization(client))
    create_organization(client, "Other", **verified())
    assert control(client, domain, "verify")["state"] == "failed"


@pytest.mark.parametrize("outcome", ["verify", "fail"])
def test_unknown_domain_is_not_found_by_hand(client: Client, outcome: str) -> None:
    response = client.post(f"/_emulate/domains/org_domain_none/{outcome}")
    assert (response.status_code, response.json()) == (404, not_found("Organization Domain", "org_domain_none"))
