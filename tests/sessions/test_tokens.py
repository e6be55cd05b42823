"""Access tokens, verified the way an app does it: with the published keys and its own clock."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import jwt
import pytest
from cryptography import x509

from tests.builders import PASSWORD, claims, create_user, sign_in
from tests.conftest import Client


def signed_in(client: Client) -> dict[str, Any]:
    create_user(client, password=PASSWORD)
    return sign_in(client)


def keys(client: Client) -> dict[str, Any]:
    response = client.keyless.get(f"/sso/jwks/{client.client_id}").raise_for_status()
    content: dict[str, Any] = response.json()
    return content


def verified(client: Client, token: str) -> dict[str, Any]:
    key = jwt.PyJWKSet.from_dict(keys(client))[jwt.get_unverified_header(token)["kid"]]
    content: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"])
    return content


def test_header_names_algorithm_type_and_key(client: Client) -> None:
    token = signed_in(client)["access_token"]
    (key,) = keys(client)["keys"]
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": key["kid"]}
    assert key["kid"].startswith("sso_oidc_key_pair_")


def test_token_verifies_by_the_published_keys(client: Client) -> None:
    answer = signed_in(client)
    assert verified(client, answer["access_token"])["sub"] == answer["user"]["id"]


def test_token_verifies_by_the_jwks_client_of_pyjwt(client: Client) -> None:
    token = signed_in(client)["access_token"]
    key = jwt.PyJWKClient(f"{client.base_url}/sso/jwks/{client.client_id}").get_signing_key_from_jwt(token)
    assert jwt.decode(token, key, algorithms=["RS256"])["client_id"] == client.client_id


def test_changed_token_does_not_verify(client: Client) -> None:
    header, _, signature = signed_in(client)["access_token"].split(".")
    payload = base64.urlsafe_b64encode(b'{"sub":"user_other"}').rstrip(b"=").decode()
    with pytest.raises(jwt.InvalidSignatureError):
        verified(client, f"{header}.{payload}.{signature}")


def test_claims_are_those_of_production(client: Client) -> None:
    answer = signed_in(client)
    content = claims(answer["access_token"])
    assert set(content) == {"iss", "sub", "sid", "jti", "client_id", "exp", "iat", "auth_time"}
    assert content["iss"] == f"{client.base_url}/user_management/{client.client_id}".replace("127.0.0.1", "localhost")
    assert content["sub"] == answer["user"]["id"]
    assert content["sid"].startswith("session_")
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", content["jti"])
    assert content["client_id"] == client.client_id
    assert {type(content[name]) for name in ("exp", "iat", "auth_time")} == {int}


def test_token_lives_five_minutes(client: Client) -> None:
    content = claims(signed_in(client)["access_token"])
    assert content["exp"] - content["iat"] == 300


def test_setting_changes_how_long_a_token_lives(client: Client) -> None:
    client.change_settings(lifetimes={"access_token": 3600})
    content = claims(signed_in(client)["access_token"])
    assert content["exp"] - content["iat"] == 3600


def test_setting_changes_the_issuer_of_token_and_discovery(client: Client) -> None:
    client.change_settings(jwt_issuer="https://api.workos.com")
    assert claims(signed_in(client)["access_token"])["iss"] == "https://api.workos.com"
    discovery = client.get(f"/user_management/{client.client_id}/.well-known/openid-configuration").json()
    assert discovery["issuer"] == "https://api.workos.com"


def test_auth_time_is_that_of_the_sign_in_also_after_a_refresh(client: Client) -> None:
    before = signed_in(client)
    client.advance(120)
    after = client.authenticate("refresh_token", refresh_token=before["refresh_token"]).json()
    old, new = claims(before["access_token"]), claims(after["access_token"])
    assert new["auth_time"] == old["auth_time"]
    assert 0 <= old["iat"] - old["auth_time"] <= 1
    assert new["exp"] >= old["exp"] + 120


def test_token_made_with_the_clock_ahead_verifies_now(client: Client) -> None:
    create_user(client, password=PASSWORD)
    client.advance(7 * 86400)
    content = verified(client, sign_in(client)["access_token"])
    assert content["exp"] - content["iat"] >= 7 * 86400


def test_token_made_with_the_clock_back_is_born_expired(client: Client) -> None:
    create_user(client, password=PASSWORD)
    client.advance(-3600)
    token = sign_in(client)["access_token"]
    with pytest.raises(jwt.ExpiredSignatureError):
        verified(client, token)


def test_token_of_a_revoked_session_verifies_until_it_expires(client: Client) -> None:
    token = signed_in(client)["access_token"]
    session_id = claims(token)["sid"]
    client.post("/user_management/sessions/revoke", json={"session_id": session_id}).raise_for_status()
    assert verified(client, token)["sid"] == session_id


def test_key_has_the_eight_members_that_typed_sdks_need(client: Client) -> None:
    (key,) = keys(client)["keys"]
    assert set(key) == {"alg", "kty", "use", "n", "e", "kid", "x5c", "x5t#S256"}
    assert (key["alg"], key["kty"], key["use"], key["e"]) == ("RS256", "RSA", "sig", "AQAB")


def test_certificate_belongs_to_the_key(client: Client) -> None:
    (key,) = keys(client)["keys"]
    der = base64.b64decode(key["x5c"][0])
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    assert key["x5t#S256"] == thumbprint
    public_key = x509.load_der_x509_certificate(der).public_key()
    assert public_key == jwt.PyJWK(key).key


def test_keys_of_an_unknown_client_are_not_found(client: Client) -> None:
    response = client.keyless.get("/sso/jwks/client_unknown")
    assert response.status_code == 404
    assert "client_unknown" in response.json()["message"]


def test_discovery_leads_to_the_keys(client: Client) -> None:
    url = f"/user_management/{client.client_id}/.well-known/openid-configuration"
    discovery = client.keyless.get(url).raise_for_status().json()
    base = discovery["issuer"].removesuffix(f"/user_management/{client.client_id}")
    assert discovery["authorization_endpoint"] == f"{base}/user_management/authorize"
    assert discovery["token_endpoint"] == f"{base}/user_management/authenticate"
    assert client.keyless.get(discovery["jwks_uri"]).json() == keys(client)


def test_discovery_of_an_unknown_client_is_not_found(client: Client) -> None:
    path = "/user_management/client_unknown/.well-known/openid-configuration"
    assert client.keyless.get(path).status_code == 404
