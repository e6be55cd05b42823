"""What a JWT template renders to."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.configuration.jwt_templates import InvalidTemplate, compile_template

CONTEXT: dict[str, Any] = {
    "user": {
        "id": "user_1",
        "email": "ada@example.com",
        "email_verified": True,
        "first_name": "Ada",
        "last_name": None,
        "external_id": "  padded ",
        "metadata": {"language": "es", "empty": ""},
        "identities": {"GoogleOAuth": "1088", "GitHubOAuth": None},
    },
    "organization": {
        "id": "org_1",
        "metadata": {},
        "domains": [{"domain": "acme.com"}, {"domain": "example.com"}],
    },
    "organization_membership": {
        "role": "admin",
        "roles": ["admin", "member"],
        "custom_attributes": {"level": 3, "manager": {"email": "bob@acme.com"}},
    },
}


@pytest.mark.parametrize(
    ("value", "rendered"),
    [
        # A single expression keeps its type.
        ("{{ user.email }}", "ada@example.com"),
        ("{{user.email}}", "ada@example.com"),
        ("{{ user.email_verified }}", True),
        ('"{{ user.email_verified }}"', True),
        ('" {{ user.email_verified }}"', "true"),
        ("{{ user.metadata }}", {"language": "es", "empty": ""}),
        ("{{ organization_membership.roles }}", ["admin", "member"]),
        ("{{ organization_membership.roles.0 }}", "admin"),
        ("{{ organization_membership.custom_attributes.level }}", 3),
        ("{{ organization_membership.custom_attributes.manager.email }}", "bob@acme.com"),
        ("{{ organization.domains.1.domain }}", "example.com"),
        ("{{ user.identities.GoogleOAuth }}", "1088"),
        # Fallbacks: null and what is missing give way, an empty text does not.
        ("{{ user.last_name || 'Unknown' }}", "Unknown"),
        ('{{ user.last_name || "Unknown" }}', "Unknown"),
        ("{{ user.last_name || user.metadata.nickname || user.email }}", "ada@example.com"),
        ("{{ user.metadata.empty || 'full' }}", ""),
        ("{{ user.first_name || 'Someone' }}", "Ada"),
        ("{{ user.identities.GitHubOAuth || 'none' }}", "none"),
        ("{{ organization.domains.7.domain || 'none' }}", "none"),
        ("{{ 'a }} || b' }}", "a }} || b"),
        ("{{ '' }}", ""),
        # Text with expressions in it is put together; null is nothing in it.
        ('"{{ user.first_name }} {{ user.email }}"', "Ada ada@example.com"),
        ('"{{ user.first_name }}{{ user.last_name }}!"', "Ada!"),
        ("\"{{ user.first_name || 'Someone' }} {{ user.last_name || 'Unknown' }}\"", "Ada Unknown"),
        ('"{{ user.last_name || \\"O\'Hara\\" }}, {{ user.id }}"', "O'Hara, user_1"),
        ('"level {{ organization_membership.custom_attributes.level }}"', "level 3"),
        ('"m: {{ organization_membership.custom_attributes.manager }}"', 'm: {"email":"bob@acme.com"}'),
        # Texts are trimmed.
        ('"{{ user.first_name }} {{ user.last_name }}"', "Ada"),
        ("{{ user.external_id }}", "padded"),
        ('"  plain  "', "plain"),
        # The rest is JSON.
        (
            '{"a": [1, -2.5e1, true, null, "{{ user.last_name }}"], "b": {}}',
            {"a": [1, -25.0, True, None, None], "b": {}},
        ),
        ('"\\u00e9 \\"quoted\\" {single}"', 'é "quoted" {single}'),
        ('{"a": {"b": {{ user.id }}}}', {"a": {"b": "user_1"}}),
    ],
)
def test_value_renders_to(value: str, rendered: Any) -> None:
    assert compile_template(f'{{"claim": {value}}}').render(CONTEXT) == {"claim": rendered}


@pytest.mark.parametrize(
    "value", ["{{ user.last_name }}", '"{{ user.last_name }}"', "null", "{{ user.metadata.a || user.metadata.b }}"]
)
def test_claim_that_is_null_is_left_out(value: str) -> None:
    assert compile_template(f'{{"claim": {value}, "kept": 1}}').render(CONTEXT) == {"kept": 1}


def test_sign_in_without_an_organization_has_null_for_it() -> None:
    template = compile_template(
        '{"org": {{ organization.id }}, "role": {{ organization_membership.role || \'none\' }},'
        ' "tier": "tier: {{ organization.metadata.tier }}", "all": {{ organization }}}'
    )
    context = {**CONTEXT, "organization": None, "organization_membership": None}
    assert template.render(context) == {"role": "none", "tier": "tier:"}


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    with pytest.raises(InvalidTemplate, match="nested too deeply"):
        compile_template('{"a": ' + "[" * 5000 + "]" * 5000 + "}")


@settings(max_examples=100)
@given(st.text())
def test_no_text_is_more_than_an_invalid_template(text: str) -> None:
    with suppress(InvalidTemplate):
        compile_template(text)


WORDS = (
    r"""{ } {{ }} [ ] " ' : , || \ \u d800 1 - . e999 null true a user user.email user.metadata.a "a": é {{user.id}}"""
)
PIECES = st.sampled_from([*WORDS.split(), " ", "9" * 400, "organization.domains.0"])


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_arrangement_of_the_language_is_more_than_an_invalid_template(text: str) -> None:
    for content in (text, f'{{"a": {text}}}', f'{{"a": "{text}"}}'):
        try:
            template = compile_template(content)
        except InvalidTemplate:
            continue
        json.dumps(template.render(CONTEXT)).encode()


SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text().filter(lambda text: "{{" not in text)
VALUES = st.recursive(SCALARS | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=10)


def trimmed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: trimmed(member) for name, member in value.items()}
    if isinstance(value, list):
        return [trimmed(member) for member in value]
    return value.strip() if isinstance(value, str) else value


@settings(max_examples=100)
@given(VALUES, st.booleans())
def test_json_without_expressions_renders_to_itself(value: Any, escape: bool) -> None:
    template = compile_template(json.dumps({"kept": 1, "value": value}, ensure_ascii=escape))
    expected = {"kept": 1, "value": trimmed(value)}
    assert template.render({}) == {name: member for name, member in expected.items() if member is not None}
