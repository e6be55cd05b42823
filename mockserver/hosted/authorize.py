"""The two authorize endpoints: a browser is led to the pages, a program gets its code at once."""

from __future__ import annotations

from mockserver.authentication.authorize import AuthorizeQuery, of_client_id
from mockserver.authorization_sessions import authorize as pages
from mockserver.authorization_sessions import standalone_sso
from mockserver.authorization_sessions.browser_names import cookie_name
from mockserver.core.environment import Environment
from mockserver.core.replies import Reply, redirect
from mockserver.core.requests import Request
from mockserver.core.routing import get
from mockserver.hosted.browsers import follow, visitor_of
from mockserver.sso import service as sso
from mockserver.sso.service import SsoQuery


@get("/user_management/authorize", environment=of_client_id, is_page=True)
def start_authorization(env: Environment, request: Request, query: AuthorizeQuery) -> Reply:
    if not _sees_pages(env, request):
        return redirect(pages.answer_at_once(env, query, request.cookie(cookie_name(env))))
    visitor = visitor_of(env, request)
    return follow(env, visitor, pages.start(env, query, visitor), status=302)


@get("/sso/authorize", environment=of_client_id, is_page=True)
def start_single_sign_on(env: Environment, request: Request, query: SsoQuery) -> Reply:
    if not _sees_pages(env, request):
        return redirect(sso.authorize(env, query))
    visitor = visitor_of(env, request)
    return follow(env, visitor, standalone_sso.start(env, query, visitor), status=302)


def _sees_pages(env: Environment, request: Request) -> bool:
    """Every browser that navigates names HTML in `Accept`; fetch and the like don't."""
    setting = env.settings.authkit_pages
    return setting == "always" or (setting == "negotiate" and request.accepts_html)
