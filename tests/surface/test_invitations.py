"""/user_management/invitations"""

from __future__ import annotations

from tests.organization_builders import send_invitation
from tests.surface.cases import Refusal, case, invalid, refusals, refused, unknown
from tests.surface.world import World

INVITATIONS = "/user_management/invitations"


@case("POST /user_management/invitations", 201)
@case("GET /user_management/invitations/{id}", 200)
@case("GET /user_management/invitations/by_token/{token}", 200)
def test_an_invitation_is_sent_and_found_by_its_token(world: World) -> None:
    members = {"organization_id": world.organization_id, "role_slug": world.role, "inviter_user_id": world.user_id}
    invitation = send_invitation(world.client, "cem@acme.example", expires_in_days=3, **members)
    assert members.items() <= invitation.items()
    assert world.client.get(f"{INVITATIONS}/{invitation['id']}").json() == invitation
    assert world.client.get(f"{INVITATIONS}/by_token/{invitation['token']}").json() == invitation


@case("GET /user_management/invitations", 200)
def test_invitations_are_found_by_address_and_organization(world: World) -> None:
    world.prepare("invitation_id")
    send_invitation(world.client, "dora@globex.example")
    for query in ({"email": "CEM@acme.example"}, {"organization_id": world.organization_id}):
        assert world.client.get(INVITATIONS, params=query).json()["data"] == [world.invitation]


@case("POST /user_management/invitations/{id}/accept", 200)
def test_whoever_accepts_becomes_a_member(world: World) -> None:
    accepted = world.made(f"{INVITATIONS}/{world.invitation_id}/accept")
    assert accepted["state"] == "accepted"
    assert world.client.get(f"{INVITATIONS}/{world.invitation_id}").json() == accepted
    query = {"user_id": accepted["accepted_user_id"], "organization_id": world.organization_id}
    (membership,) = world.client.get("/user_management/organization_memberships", params=query).json()["data"]
    assert membership["status"] == "active"


@case("POST /user_management/invitations/{id}/resend", 200)
def test_an_invitation_is_mailed_again(world: World) -> None:
    again = world.made(f"{INVITATIONS}/{world.invitation_id}/resend")
    assert again["token"] == world.invitation["token"]
    assert len(world.client.get("/_emulate/inbox", params={"to": "cem@acme.example"}).json()["data"]) == 2


@case("POST /user_management/invitations/{id}/revoke", 200)
def test_an_invitation_is_revoked(world: World) -> None:
    revoked = world.made(f"{INVITATIONS}/{world.invitation_id}/revoke")
    assert revoked["state"] == "revoked"
    assert world.client.get(f"{INVITATIONS}/{world.invitation_id}").json() == revoked


CEM = {"email": "cem@acme.example", "organization_id": World.organization_id}
ADA = {"email": "ada@example.com"}


@refusals(
    invalid(f"POST {INVITATIONS}", json={}),
    invalid(f"POST {INVITATIONS}", json={"email": "nobody"}),
    refused(f"POST {INVITATIONS}", 404, "entity_not_found", json={**CEM, "organization_id": "missing"}),
    refused(f"POST {INVITATIONS}", 404, "entity_not_found", json={**CEM, "inviter_user_id": "missing"}),
    refused(f"POST {INVITATIONS}", 400, "email_already_invited_to_organization", json=CEM, given=World.invitation),
    refused(f"POST {INVITATIONS}", 400, "user_already_exists", json=ADA, given=World.user),
    refused(
        f"POST {INVITATIONS}",
        400,
        "email_already_invited",
        json={"email": "new@example.com"},
        given=lambda world: send_invitation(world.client, "new@example.com"),
    ),
    refused(
        f"POST {INVITATIONS}",
        400,
        "user_already_organization_member",
        json={**ADA, "organization_id": World.organization_id},
        given=World.membership_id,
    ),
    refused(f"POST {INVITATIONS}", 400, "expires_in_days_too_short", json={**CEM, "expires_in_days": 0}),
    refused(f"POST {INVITATIONS}", 400, "expires_in_days_too_long", json={**CEM, "expires_in_days": 31}),
    refused(f"POST {INVITATIONS}", 400, "invalid_role", json={**CEM, "role_slug": "unknown"}),
    invalid(f"GET {INVITATIONS}", query={"limit": 0}),
    unknown(f"GET {INVITATIONS}/{{id}}"),
    unknown(f"GET {INVITATIONS}/by_token/{{token}}"),
    unknown(f"POST {INVITATIONS}/{{id}}/accept"),
    unknown(f"POST {INVITATIONS}/{{id}}/resend"),
    unknown(f"POST {INVITATIONS}/{{id}}/revoke"),
    refused(f"POST {INVITATIONS}/{{id}}/accept", 400, "invite_not_pending", id=World.revoked_invitation_id),
    refused(f"POST {INVITATIONS}/{{id}}/accept", 400, "invite_has_accepted_user_id", id=World.accepted_invitation_id),
    refused(f"POST {INVITATIONS}/{{id}}/resend", 400, "invite_expired", id=World.expired_invitation_id),
    refused(f"POST {INVITATIONS}/{{id}}/resend", 400, "invite_revoked", id=World.revoked_invitation_id),
    refused(f"POST {INVITATIONS}/{{id}}/resend", 400, "invite_accepted", id=World.accepted_invitation_id),
    refused(f"POST {INVITATIONS}/{{id}}/revoke", 400, "invite_not_pending", id=World.accepted_invitation_id),
)
def test_it_is_refused(refusal: Refusal, world: World) -> None:
    refusal.check(world)
