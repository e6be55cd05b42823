"""A world in which everything that is kept occurs at least once."""

from __future__ import annotations

from typing import Any

from tests.builders import PASSWORD, create_user, enroll_totp, sign_in
from tests.conftest import Client
from tests.device_authorizations.builders import approve, authorize_device
from tests.hosted.browser import Browser
from tests.organization_builders import add_member, create_organization, create_role, send_invitation
from tests.sso_builders import authorize_sso, create_connection, exchange, save_profile
from tests.users.test_password_hashes import KNOWN_ANSWERS


def build(client: Client) -> dict[str, Any]:
    """Answers what one needs to go on in it: tokens, codes and secrets."""
    client.put("/_emulate/clock", json={"now": "2030-01-15T12:00:10.000Z", "frozen": True})
    client.change_settings(product_name="Acme", session_length=86400)
    ada = create_user(client, "Ada@example.com", password=PASSWORD, external_id="crm-1", metadata={"plan": "pro"})
    session = sign_in(client, "ada@example.com", ip_address="203.0.113.7", user_agent="Firefox")
    rotated = client.authenticate("refresh_token", refresh_token=session["refresh_token"]).json()
    for number, (type, hash, _) in enumerate(KNOWN_ANSWERS):
        create_user(client, f"{number}@example.com", password_hash=hash, password_hash_type=type)
    grace = create_user(client, "grace@example.com", password=PASSWORD)
    factor = enroll_totp(client, grace["id"])["authentication_factor"]
    used = client.get(f"/_emulate/totp/{factor['id']}").json()["code"]
    challenge = client.post(f"/auth/factors/{factor['id']}/challenge").json()
    client.post(f"/auth/challenges/{challenge['id']}/verify", json={"code": used}).raise_for_status()
    pending = client.authenticate("password", email="grace@example.com", password=PASSWORD).json()
    alan = create_user(client, "alan@example.com", email_verified=False)
    client.post("/user_management/magic_auth", json={"email": "alan@example.com"}).raise_for_status()
    client.post(f"/user_management/users/{alan['id']}/email_verification/send").raise_for_status()
    client.post(f"/user_management/users/{alan['id']}/email_change/send", json={"new_email": "turing@example.com"})
    reset = client.post("/user_management/password_reset", json={"email": "ada@example.com"}).json()
    code = client.post("/_emulate/codes", json={"email": "ada@example.com"}).json()["code"]
    approve(client, authorize_device(client), email="ada@example.com").raise_for_status()
    client.post("/user_management/redirect_uris", json={"uri": "myapp://callback"}).raise_for_status()
    _build_organization(client, ada)
    sso = _build_sso(client)
    flow = _build_sign_ins(client)
    gone = create_user(client, "gone@example.com")
    client.delete(f"/user_management/users/{gone['id']}").raise_for_status()
    return {
        "ada": ada["id"],
        "grace": grace["id"],
        "gone": gone["id"],
        "refresh_token": rotated["refresh_token"],
        "rotated_token": session["refresh_token"],
        "factor": factor,
        "used_totp": used,
        "pending": pending["pending_authentication_token"],
        "reset_token": reset["password_reset_token"],
        "code": code,
        **sso,
        **flow,
    }


def _build_sso(client: Client) -> dict[str, Any]:
    organization = create_organization(client, "Globex", domain_data=[{"domain": "globex.com", "state": "verified"}])
    connection = create_connection(client, organization, connection_type="GenericOIDC", state="validating")
    profile = save_profile(client, connection, "hank@globex.com", first_name="Hank", groups=["Owners"])
    spent, code = (authorize_sso(client, connection=connection["id"])["code"] for _ in range(2))
    logout = client.post("/sso/logout/authorize", json={"profile_id": profile["id"]}).raise_for_status().json()
    return {
        "connection": connection["id"],
        "sso_code": code,
        "sso_access_token": exchange(client, spent).json()["access_token"],
        "logout_token": logout["logout_token"],
    }


def _build_sign_ins(client: Client) -> dict[str, Any]:
    """One that has ended in the app, one that waits for the password, and one that the app has yet to begin."""
    finished, waiting, invited = Browser(client), Browser(client), Browser(client)
    for browser in (finished, waiting):
        browser.authorize(state="s", login_hint="alan@example.com")
        browser.submit(email="ada@example.com")
    finished.submit(password=PASSWORD)
    invited.open(client.latest_message("ken@acme.com")["link"])
    return {
        "browser": waiting.name,
        "flow": waiting.base.rpartition("/")[2],
        "invited_browser": invited.name,
    }


def _build_organization(client: Client, ada: dict[str, Any]) -> None:
    create_role(client, "admin", "posts:read", "posts:write")
    acme = create_organization(client, external_id="acme", domain_data=[{"domain": "acme.com", "state": "pending"}])
    member = add_member(client, ada, acme, role_slug="admin")
    group = client.post(f"/organizations/{acme['id']}/groups", json={"name": "Engineering"}).raise_for_status().json()
    members = f"/organizations/{acme['id']}/groups/{group['id']}/organization-memberships"
    client.post(members, json={"organization_membership_id": member["id"]}).raise_for_status()
    send_invitation(client, "ken@acme.com", organization_id=acme["id"], inviter_user_id=ada["id"])
    revoked = send_invitation(client, "rob@acme.com")
    client.post(f"/user_management/invitations/{revoked['id']}/revoke").raise_for_status()
    client.put(f"/_emulate/organizations/{acme['id']}/policy", json={"allowed_methods": ["password"]})
    client.post(f"/organizations/{acme['id']}/api_keys", json={"name": "CI"}).raise_for_status()
    client.put("/user_management/jwt_template", json={"content": '{"email": "{{ user.email }}"}'}).raise_for_status()
    client.post("/user_management/cors_origins", json={"origin": "https://app.example.com"}).raise_for_status()
    client.post("/_emulate/seed", json=_ONLY_BY_FIXTURES).raise_for_status()


_ADA = {"email": "ada@example.com", "organization": "Acme"}
_ONLY_BY_FIXTURES = {
    "identities": [
        {"user": "ada@example.com", "email": "ada@example.com", "provider": "GitHubOAuth", "idp_id": "4711"}
    ],
    "featureFlags": [{"slug": "new-nav", "name": "New", "enabled": True, "targets": {"organizations": ["Acme"]}}],
    "connectedAccounts": [{**_ADA, "provider": "github"}],
    "connectApplications": [{"name": "Portal", "organization": "Acme"}],
    "authorizedApplications": [{**_ADA, "application": "Portal"}],
}


def answers(client: Client, world: dict[str, Any]) -> dict[str, Any]:
    """What the API says of the world."""
    users = [world["ada"], world["grace"]]
    paths = [
        "/user_management/users?limit=100",
        f"/user_management/users?limit=3&after={world['gone']}",
        "/user_management/users/external_id/crm-1",
        *[f"/user_management/users/{id}{rest}" for id in users for rest in ("", "/sessions", "/auth_factors")],
        *[f"/user_management/users/{world['ada']}{rest}" for rest in ("/identities", "/feature-flags")],
        *[f"/user_management/users/{world['ada']}{rest}" for rest in ("/data_providers", "/authorized_applications")],
        "/organizations/external_id/acme",
        "/organizations?domains=acme.com",
        f"/user_management/organization_memberships?user_id={world['ada']}",
        "/user_management/invitations",
        "/authorization/roles",
        "/authorization/permissions",
        "/feature-flags",
        "/connections",
        f"/_emulate/sso_connections/{world['connection']}/profiles",
        "/user_management/jwt_template",
        "/user_management/cors_origins",
        "/user_management/redirect_uris",
        "/events?events=user.created&events=session.created&events=magic_auth.created&limit=100",
        "/_emulate/inbox?limit=100",
        "/_emulate/settings",
        "/_emulate/clock",
    ]
    found = {path: client.get(path) for path in paths}
    return {path: (response.status_code, response.json()) for path, response in found.items()}
