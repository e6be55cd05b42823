"""Which applications users have authorized, and taking that back."""

from __future__ import annotations

import sqlalchemy as sa

from mockserver.applications.models import AuthorizedApplication, ConnectApplication
from mockserver.core.environment import Environment
from mockserver.core.errors import JSON, NotFound
from mockserver.core.pagination import Listing, Page, Pagination
from mockserver.core.statements import Query
from mockserver.organizations.models import Organization
from mockserver.users.models import User

_applications = ConnectApplication.table.c
_BY_CLIENT_ID = Query(ConnectApplication, _applications.client_id == sa.bindparam("client_id"))
_columns = AuthorizedApplication.table.c
_of_user = _columns.user_id == sa.bindparam("user_id")
_of_organization = _columns.organization_id == sa.bindparam("organization_id")
_LISTING = Listing(AuthorizedApplication, user_id=_of_user, organization_id=_of_organization)
_PAIR = Query(AuthorizedApplication, _of_user, _columns.application_id == sa.bindparam("application_id"))


def list_of_user(env: Environment, user: User, pagination: Pagination) -> JSON:
    page = env.page(_LISTING, pagination, user_id=user.id)
    applications = _applications_of(env, page)
    return page.shown_as(lambda item: item.shown_with(applications[item.application_id]))


def list_of_organization(env: Environment, organization: Organization, pagination: Pagination) -> JSON:
    """Those granted within the organization, each with its user."""
    page = env.page(_LISTING, pagination, organization_id=organization.id)
    applications = _applications_of(env, page)
    return page.shown_as(lambda item: {**item.shown_with(applications[item.application_id]), "user_id": item.user_id})


def _applications_of(env: Environment, page: Page[AuthorizedApplication]) -> dict[str, ConnectApplication]:
    """By id."""
    return env.by_id(ConnectApplication, [item.application_id for item in page.data])


def find_application(env: Environment, id: str) -> ConnectApplication | None:
    """By id or client id."""
    return env.find(ConnectApplication, id) or env.first(_BY_CLIENT_ID, client_id=id)


def revoke(env: Environment, user: User, application_id: str) -> None:
    """Takes an application's id or client id, or the id of the authorization. Raises NotFound."""
    authorized = env.find(AuthorizedApplication, application_id)
    if authorized is None:
        application = find_application(env, application_id)
        authorized = None if application is None else env.first(_PAIR, user_id=user.id, application_id=application.id)
    if authorized is None or authorized.user_id != user.id:
        raise NotFound(AuthorizedApplication.label, application_id)
    env.delete(authorized)
