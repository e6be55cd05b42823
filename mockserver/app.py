"""The application: the only file that knows every part."""

from __future__ import annotations

import inspect

from starlette.applications import Starlette

from mockserver.api_keys import api as api_keys
from mockserver.applications import api as applications
from mockserver.authentication import api as authentication
from mockserver.configuration import api as configuration
from mockserver.connected_accounts import api as connected_accounts
from mockserver.connections import api as connections
from mockserver.control import (
    clock,
    console,
    device_authorizations,
    domains,
    environments,
    help,
    impersonation,
    inbox,
    inbox_pages,
    pages,
    policies,
    settings,
    shortcuts,
    sso_connections,
    state,
)
from mockserver.core.http import Dispatcher
from mockserver.core.routing import endpoints_of
from mockserver.core.server import Server
from mockserver.device_authorizations import api as device_authorization_api
from mockserver.email_changes import api as email_changes
from mockserver.email_verifications import api as email_verifications
from mockserver.events import api as events
from mockserver.factors import api as factors
from mockserver.feature_flags import api as feature_flags
from mockserver.groups import api as groups
from mockserver.hosted import (
    assets,
    authorize,
    devices,
    endings,
    identity_provider,
    one_time_codes,
    passwords,
    second_factor,
    sign_in,
    sign_up,
)
from mockserver.hosted import invitations as invitation_pages
from mockserver.hosted import organizations as organization_pages
from mockserver.identities import api as identities
from mockserver.invitations import api as invitations
from mockserver.magic_auth import api as magic_auth
from mockserver.memberships import api as memberships
from mockserver.organizations import api as organizations
from mockserver.password_resets import api as password_resets
from mockserver.redirect_uris import api as redirect_uris
from mockserver.roles import api as roles
from mockserver.sessions import api as sessions
from mockserver.sso import api as sso
from mockserver.users import api as users

PUBLIC = (
    users,
    authorize,
    authentication,
    device_authorization_api,
    sessions,
    factors,
    magic_auth,
    email_verifications,
    email_changes,
    password_resets,
    redirect_uris,
    events,
    organizations,
    roles,
    memberships,
    invitations,
    groups,
    configuration,
    identities,
    feature_flags,
    api_keys,
    connected_accounts,
    applications,
    connections,
    sso,
)
OURS = (
    assets,
    sign_in,
    sign_up,
    one_time_codes,
    passwords,
    second_factor,
    organization_pages,
    invitation_pages,
    identity_provider,
    devices,
    endings,
    inbox,
    inbox_pages,
    clock,
    environments,
    state,
    settings,
    shortcuts,
    impersonation,
    device_authorizations,
    domains,
    policies,
    sso_connections,
    help,
    console,
    pages,
)

ENDPOINTS = [endpoint for module in (*PUBLIC, *OURS) for endpoint in endpoints_of(module)]


def create_app(server: Server) -> Starlette:
    """Starlette without routes: all paths, those with a line break included, are the dispatcher's, which finds an
    endpoint faster than a list of routes does.
    """
    server.control_calls = [
        {"method": endpoint.method, "path": endpoint.path, "description": inspect.getdoc(endpoint.function) or ""}
        for endpoint in ENDPOINTS
        if endpoint.is_control
    ]
    app = Starlette()
    app.router.redirect_slashes = False
    app.router.default = Dispatcher(server, ENDPOINTS)
    return app
