"""The recorder: what passes through it is what the server says."""

from __future__ import annotations

import httpx

from tests.conformance.conftest import Environment
from tests.conformance.recorder import Recorder


def test_an_answer_is_passed_on_as_it_came(environment: Environment, recorder: Recorder):
    headers = {"Authorization": f"Bearer {environment.api_key}"}
    through, direct = (
        httpx.get(f"{base}/user_management/users/user_unknown", headers=headers)
        for base in (environment.url, recorder.upstream)
    )

    assert (through.status_code, through.content) == (direct.status_code, direct.content)
    assert set(through.headers) == set(direct.headers)


def test_a_redirect_is_recorded_and_not_followed(environment: Environment):
    query = {
        "client_id": environment.client_id,
        "redirect_uri": "http://localhost:3000/callback",
        "response_type": "code",
        "provider": "authkit",
    }

    response = httpx.get(f"{environment.url}/user_management/authorize", params=query)

    [exchange] = environment.exchanges
    assert response.status_code == exchange.status == 302
    assert response.headers["Location"] == exchange.headers["location"]
    assert "provider=authkit" in exchange.query


def test_a_request_is_recorded_with_its_headers_and_body(environment: Environment):
    user = {"email": "ada@example.com"}
    headers = {"Authorization": f"Bearer {environment.api_key}"}

    httpx.post(f"{environment.url}/user_management/users", json=user, headers=headers).raise_for_status()

    [exchange] = environment.exchanges
    assert (exchange.method, exchange.path, exchange.status) == ("POST", "/user_management/users", 201)
    assert exchange.request_headers["authorization"] == headers["Authorization"]
    assert exchange.request_body == b'{"email":"ada@example.com"}'
